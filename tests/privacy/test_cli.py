"""The commands `personal-data`: what they print, what they refuse, and that lists name nobody."""

import json
from collections.abc import Generator
from pathlib import Path

import pytest
import sqlalchemy as sa
import typer
from click.testing import Result
from typer.testing import CliRunner

from dashboard.access import whole_store
from dashboard.cli.privacy import register
from dashboard.db import Store
from dashboard.models import AuditEvent
from tests.conftest import NewStore
from tests.privacy.world import EMAIL, NAME, OTHER, World, make_world, reports
from tests.uploads import everything


@pytest.fixture
def store(new_store: NewStore, monkeypatch: pytest.MonkeyPatch) -> Generator[Store]:
    url = new_store()
    monkeypatch.setenv("DATABASE_URL", url)
    opened = whole_store(url)
    yield opened
    opened.close()


@pytest.fixture
def world(store: Store) -> World:
    return make_world(store)


def run(*arguments: str) -> Result:
    app = typer.Typer()
    app.command("other")(lambda: None)  # with one command alone, typer would leave its name out
    register(app)
    return CliRunner().invoke(app, ["personal-data", *arguments])


def done(*arguments: str) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


def test_due_lists_numbers_and_nobody(store: Store, world: World) -> None:
    told = json.loads(done("due", "--json"))
    assert told["counts"]["contacts"] == 3
    assert told["unknown"] == [world.unknown]
    assert told["due"][0] == {"rule": "contacts", "number": world.person, "since": "2017-07-31"}
    text = done("due")
    assert f"contacts {world.person}: was kept until 31 July 2017" in text
    assert f"contact-{world.unknown}: nobody knows until when" in text
    assert not [word for word in (NAME, OTHER, EMAIL, "Una") if word.lower() in (text + str(told)).lower()]


def test_a_dry_run_says_what_the_purge_then_does(store: Store, world: World) -> None:
    before, figures = everything(store), reports(store)
    dry = json.loads(done("purge", "--dry-run", "--json"))
    assert everything(store) == before
    real = json.loads(done("purge", "--json"))
    assert dry["counts"] == real["counts"]
    assert (dry["dry_run"], dry["stored"], real["dry_run"], real["stored"]) == (True, False, False, True)
    assert reports(store) == figures
    assert json.loads(done("purge", "--json")) == {"dry_run": False, "stored": False, "counts": {}}
    assert done("purge", "--dry-run") == "Nothing is past its date. (dry run: nothing was taken out)\n"
    assert "Nothing is past its date." in done("due")


def test_the_log_lists_purges_and_erasures_the_newest_first(store: Store, world: World) -> None:
    done("erase", EMAIL, "--reason", "asked for it")
    done("purge")
    text = done("log")
    assert [line.split(" ", 2)[2].split(" by ")[0] for line in text.splitlines()] == [
        "purge",
        f"erasure of account {world.account}",
        f"erasure of contact {world.person}",
    ]
    assert "(asked for it)" in text
    told = json.loads(done("log", "--json"))
    assert (told[0]["what"], told[0]["actor"], told[0]["counts"]["contacts"]) == ("purge", "command line", 2)
    assert NAME not in text + str(told)


def test_an_export_is_a_file_that_only_its_owner_reads(store: Store, world: World, tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text("older", encoding="utf-8")
    file.chmod(0o644)
    assert f"contact-{world.person}" in done("export", EMAIL.upper(), "--to", str(file))
    assert json.loads(file.read_text(encoding="utf-8"))["contact"]["name"] == NAME
    assert file.stat().st_mode & 0o077 == 0
    with store.reading() as session:
        assert session.scalars(sa.select(AuditEvent.action)).all() == ["export personal data"] * 2


def test_an_export_of_a_contact_without_an_account_is_one_event(store: Store, world: World, tmp_path: Path) -> None:
    done("export", f"contact-{world.unknown}", "--to", str(tmp_path / "one.json"))
    with store.reading() as session:
        assert session.execute(
            sa.select(AuditEvent.object_kind, AuditEvent.object_key).order_by(AuditEvent.id)
        ).all() == [("contact", str(world.unknown))]


def test_an_export_that_cannot_be_written_is_refused_and_not_written_down(
    store: Store, world: World, tmp_path: Path
) -> None:
    mode = tmp_path.stat().st_mode
    for path in (tmp_path / "nowhere" / "one.json", tmp_path):
        assert "cannot be written" in refused("export", EMAIL, "--to", str(path))
    assert tmp_path.stat().st_mode == mode
    with store.reading() as session:
        assert session.scalars(sa.select(AuditEvent)).all() == []


def test_an_erasure_says_what_went(store: Store, world: World) -> None:
    assert done("erase", f"contact-{world.unknown}") == f"contact-{world.unknown} is erased: contacts: 1\n"
    with store.writing() as session:
        session.execute(sa.text("UPDATE meeting SET note = :note WHERE id = 1"), {"note": f"thanks to {NAME}"})
    told = json.loads(done("erase", EMAIL, "--json"))
    assert (told["erased"], told["counts"]["accounts"]) == (f"contact-{world.person}", 1)
    assert "meeting 1, note" in told["texts_that_hold_the_name"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("erase", "nobody@example.org"), "Nothing was stored. Nobody is held under “nobody@example.org”"),
        (("erase", "1"), "say contact-1 or account-1."),
        (("erase", "admin@example.org"), "This is the last administrator. Make another one first.\n"),
        (("erase", EMAIL, "--reason", f"{NAME} asked"), "Leave the person out of the reason"),
        (("export", "999", "--to", "never.json"), "Nobody is held under the number 999."),
    ],
)
def test_what_is_refused_leaves_everything_as_it_is(
    store: Store, world: World, arguments: tuple[str, ...], words: str
) -> None:
    before = everything(store)
    assert words in refused(*arguments)
    assert everything(store) == before
    assert not Path("never.json").exists()
