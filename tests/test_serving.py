"""From settings to a running server: the first start, the second, and the ones that cannot be."""

import errno
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
