"""From settings to a running server: the first start, the second, and the ones that cannot be."""

import errno
import os
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dashboard.access import whole_store
from dashboard.cli import run
from dashboard.db import Store
from dashboard.directory.queries import holds_any_cluster
from dashboard.serving import prepare, serve
from dashboard.settings import Settings
from tests.conftest import NewStore


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What waitress was asked to serve; it serves nothing here."""
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr("dashboard.serving.waitress.serve", lambda _app, **how: asked.append(how))
    return asked


def test_the_first_start_loads_the_sample_and_the_second_leaves_it(new_store: NewStore, served: list[Any]) -> None:
    told: list[str] = []
    settings = Settings(database_url=new_store(), port=8123)
    serve(settings, told.append)
    assert "loading the sample" in told[0]
    assert "http://127.0.0.1:8123/" in told[-1]
    serve(settings, told.append)
    assert sum("loading the sample" in line for line in told) == 1
    assert [(how["host"], how["port"]) for how in served] == [("127.0.0.1", 8123)] * 2
    store = whole_store(settings.database_url)
    with store.reading() as session:
        assert holds_any_cluster(session)
    store.close()


def test_an_address_that_others_can_reach_is_warned_of(new_sqlite: NewStore, served: list[Any]) -> None:
    told: list[str] = []
    serve(Settings(database_url=new_sqlite(), host="0.0.0.0"), told.append)  # noqa: S104
    assert any("cross the network for all to read" in line for line in told)
    assert served[0]["host"] == "0.0.0.0"  # noqa: S104


HTTPS = "https://clusters.example.org"


@pytest.mark.parametrize("url", [HTTPS, "HTTPS://clusters.example.org/"])
def test_https_without_a_proxy_that_says_so_is_refused_with_what_to_set(
    new_sqlite: NewStore, served: list[Any], url: str
) -> None:
    """The server speaks no TLS: its cookies would not be Secure, and nobody would notice."""
    told: list[str] = []
    with pytest.raises(SystemExit) as stopped:
        serve(Settings(database_url=new_sqlite(), public_url=url), told.append)
    assert stopped.value.code == 2
    assert len(told) == 1
    assert told[0].startswith("PUBLIC_URL begins with https://, so a proxy stands before this server. Set TRUSTED_PROX")
    assert served == []


def test_https_with_a_proxy_is_served_without_a_warning(new_sqlite: NewStore, served: list[Any]) -> None:
    told: list[str] = []
    serve(Settings(database_url=new_sqlite(), public_url=HTTPS, trusted_proxies=1), told.append)
    assert len(served) == 1
    assert not any("Warning" in line for line in told)
    assert told[-1].startswith(f"Schools Cluster Dashboard: {HTTPS}/")


def test_http_needs_no_proxy(new_sqlite: NewStore, served: list[Any]) -> None:
    serve(Settings(database_url=new_sqlite(), public_url="http://clusters.example.org"), lambda _line: None)
    assert len(served) == 1


# The secret.


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the secret, not made yet."""
    monkeypatch.setattr("dashboard.settings.PROJECT_ROOT", tmp_path)
    return tmp_path / "instance"


@pytest.mark.parametrize("secret", ["x", "x" * 31, " " * 40])
def test_a_secret_that_is_too_short_is_refused(new_sqlite: NewStore, served: list[Any], secret: str) -> None:
    told: list[str] = []
    with pytest.raises(SystemExit) as stopped:
        serve(Settings(database_url=new_sqlite(), secret_key=secret), told.append)
    assert stopped.value.code == 2
    assert told == ["SECRET_KEY is too short: set 32 random characters or more, or leave it out and one is made."]
    assert served == []
    assert Settings(secret_key="x" * 32).secret == "x" * 32


@pytest.mark.parametrize("kept", ["", "\n", "x" * 31])
def test_a_kept_secret_that_is_not_whole_is_refused(
    new_sqlite: NewStore, served: list[Any], instance: Path, kept: str
) -> None:
    """As one that was being written when the computer stopped."""
    instance.mkdir()
    (instance / "secret.key").write_text(kept)
    told: list[str] = []
    with pytest.raises(SystemExit) as stopped:
        serve(Settings(database_url=new_sqlite()), told.append)
    assert stopped.value.code == 2
    assert len(told) == 1
    assert told[0].startswith(f"{instance / 'secret.key'} holds no whole secret")
    assert (instance / "secret.key").read_text() == kept
    assert served == []


def test_a_secret_is_made_once_for_its_owner_alone_and_nothing_else_is_left(instance: Path) -> None:
    made = Settings().secret
    assert len(made) == 64
    assert Settings().secret == made
    assert [path.name for path in instance.iterdir()] == ["secret.key"]
    if os.name == "posix":
        assert (instance / "secret.key").stat().st_mode & 0o777 == 0o600


def test_two_first_starts_at_once_have_one_secret(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both, make = threading.Barrier(8), secrets.token_urlsafe

    def slow(length: int) -> str:
        both.wait(10)  # every one of them has seen that there is none
        return make(length)

    monkeypatch.setattr("dashboard.settings.secrets.token_urlsafe", slow)
    with ThreadPoolExecutor(8) as pool:
        found = [each.result() for each in [pool.submit(lambda: Settings().secret) for _ in range(8)]]
    assert len(set(found)) == 1
    assert [path.name for path in instance.iterdir()] == ["secret.key"]


def test_a_start_that_dies_while_it_writes_leaves_no_secret(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("dashboard.settings.os.fsync", dies)
        with pytest.raises(OSError, match="No space"):
            _ = Settings().secret
    assert list(instance.iterdir()) == []
    assert len(Settings().secret) == 64


def test_a_file_system_without_links_will_do(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_paths: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert Settings().secret == Settings().secret
    assert [path.name for path in instance.iterdir()] == ["secret.key"]


def test_a_port_that_is_taken_is_said_in_a_sentence(new_sqlite: NewStore, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not a real one: waitress leaves sockets open when it cannot bind, and that would be this test's fault.
    def refuse(*_app: object, **_how: object) -> None:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    monkeypatch.setattr("dashboard.serving.waitress.serve", refuse)
    told: list[str] = []
    with pytest.raises(SystemExit) as stopped:
        serve(Settings(database_url=new_sqlite(), port=8123), told.append)
    assert stopped.value.code == 2
    assert told[-1] == "Cannot serve on 127.0.0.1:8123: Address already in use. Set PORT to choose another port."


def test_a_store_that_cannot_be_reached_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    for words in (["report", "--overview"], ["check"], ["serve"]):
        with pytest.raises(SystemExit) as stopped:
            run(words)
        assert stopped.value.code == 2
        assert "The store cannot be reached" in capsys.readouterr().err


def test_nothing_but_a_new_store_is_filled(store: Store) -> None:
    prepare(store, lambda _line: None)
    told: list[str] = []
    prepare(store, told.append)
    assert told == []
