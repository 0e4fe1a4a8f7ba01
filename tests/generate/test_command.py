"""The command `generate`: prints what it made, refuses with exit code 2."""

import json

import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner

from dashboard.access import whole_store
from dashboard.cli.generate import register
from dashboard.models import School
from tests.conftest import NewStore

SIZES = ["--clusters", "2", "--schools", "7", "--years", "1"]


@pytest.fixture
def command(new_store: NewStore, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setenv("DATABASE_URL", new_store())
    app = typer.Typer()
    register(app)
    return app


def test_it_prints_the_counts_as_json_and_then_refuses(command: typer.Typer) -> None:
    done = CliRunner().invoke(command, [*SIZES, "--json"])
    assert done.exit_code == 0, done.output
    printed = json.loads(done.stdout)
    assert printed["stored"] is True
    assert (printed["rows"]["cluster"], printed["rows"]["school"]) == (2, 7)
    assert "2 of 2 clusters" in done.stderr

    again = CliRunner().invoke(command, SIZES)
    assert again.exit_code == 2
    assert again.stdout == ""
    assert "the store has clusters already" in again.stderr


def test_it_says_in_words_what_it_made(command: typer.Typer) -> None:
    done = CliRunner().invoke(command, SIZES)
    assert "illustrative rows" in done.stdout
    assert "school: 7" in done.stdout


def test_it_refuses_sizes_that_make_no_sense(command: typer.Typer) -> None:
    done = CliRunner().invoke(command, ["--clusters", "9", "--schools", "7"])
    assert done.exit_code == 2
    assert "too few" in done.stderr


def test_it_migrates_a_store_without_a_schema(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"sqlite:///{tmp_path}/new.sqlite"
    monkeypatch.setenv("DATABASE_URL", address)
    app = typer.Typer()
    register(app)
    assert CliRunner().invoke(app, SIZES).exit_code == 0
    store = whole_store(address)
    with store.reading() as session:
        assert session.scalar(sa.select(sa.func.count(School.id))) == 7
    store.close()
