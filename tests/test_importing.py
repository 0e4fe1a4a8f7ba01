import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from dashboard import migrations
from dashboard.access import whole_store
from dashboard.cli.imports import register
from dashboard.db import Store
from dashboard.importing import IMPORTERS, SampleRefused, load_sample
from tests.uploads import everything

DATA = Path(__file__).parents[1] / "data"

SCHOOLS = "name,cluster\nMill School,Mill Cluster\nFord School,Mill Cluster\n"
REGISTER = "school,2016-10-05\nMill School,P\nFord School,A\n"


@pytest.fixture
def run(new_store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the command line on a store of its own, in a folder with two files."""
    monkeypatch.setenv("DATABASE_URL", new_store())
    monkeypatch.chdir(tmp_path)
    Path("schools.csv").write_text(SCHOOLS, encoding="utf-8")
    Path("register.csv").write_text(REGISTER, encoding="utf-8")
    app = typer.Typer()
    register(app)
    app.command("other")(lambda: None)  # with one command alone, typer drops its name

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["import", *words], catch_exceptions=False)

    return run


def test_a_file_comes_in_and_goes_again(run: Any) -> None:
    done = run("schools", "schools.csv", "--create-missing")
    assert (done.exit_code, done.stdout) == (0, "schools: 2 rows read; 2 added, 0 changed, 0 unchanged (batch 1)\n")
    done = run("attendance", "register.csv", "--cluster", "mill-cluster", "--year", "2016-17", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "kind": "attendance",
        "batch": 2,
        "stored": True,
        "rows_read": 2,
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "errors": [],
        "warnings": [],
    }
    refused = run("undo", "1")
    assert refused.exit_code == 2
    assert "later entries rest on batch 1" in refused.stderr
    assert json.loads(run("undo", "2", "--json").stdout)["undone"] is True
    assert run("undo", "1").stdout == "batch 1 (schools, schools.csv) was undone\n"
    again = run("undo", "1", "--json")
    assert again.exit_code == 2
    assert json.loads(again.stdout)["undone"] is False


def test_a_dry_run(run: Any) -> None:
    done = run("schools", "schools.csv", "--create-missing", "--dry-run")
    assert done.exit_code == 0
    assert done.stdout == "schools: 2 rows read; 2 added, 0 changed, 0 unchanged (dry run: nothing was stored)\n"
    assert json.loads(run("schools", "schools.csv", "--create-missing", "--json").stdout)["added"] == 2


def test_a_refusal_is_said_on_standard_error(run: Any) -> None:
    refused = run("schools", "schools.csv", "--json")
    assert refused.exit_code == 2
    assert json.loads(refused.stdout)["errors"][0] == {
        "row": 2,
        "column": "cluster",
        "value": "Mill Cluster",
        "problem": "there is no cluster “Mill Cluster”",
    }
    assert "Nothing was stored.\nrow 2, column “cluster”: there is no cluster “Mill Cluster”\n" in refused.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("schools", "nothing.csv"), "“nothing.csv” cannot be read: no such file or directory"),
        (("schools", "."), "“.” cannot be read"),
        (("pupils", "schools.csv"), "there is no kind of file “pupils”; known are schools, clusters"),
        (("schools", "schools.csv", "--year", "2016"), "“2016” is not an academic year"),
        (("schools", "schools.csv", "--mapping", "no.json"), "the mapping “no.json” cannot be read"),
        (("schools", "schools.csv", "--mapping", "schools.csv"), "the mapping is not JSON"),
        (("undo", "one"), "“one” is not the number of a batch"),
        (("undo", "99"), "there is no batch 99"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run: Any, words: tuple[str, ...], sentence: str) -> None:
    refused = run(*words)
    assert refused.exit_code == 2
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_store_without_a_schema_gets_it(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{(tmp_path / 'empty.sqlite').as_posix()}")
    done = run("schools", "schools.csv", "--create-missing")
    assert done.exit_code == 0, done.stderr
    assert "added" in done.stdout


def test_a_store_with_an_older_schema_is_refused(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"sqlite:///{(tmp_path / 'older.sqlite').as_posix()}"
    older = whole_store(address)
    migrations.upgrade(older, "001")
    older.close()
    monkeypatch.setenv("DATABASE_URL", address)
    refused = run("schools", "schools.csv")
    assert refused.exit_code == 2
    assert "upgrade" in refused.stderr


def test_every_kind_has_its_importer() -> None:
    assert {kind: importer.kind for kind, importer in IMPORTERS.items()} == {kind: kind for kind in IMPORTERS}
    kinds = {
        "schools", "clusters", "attendance", "allocations", "spend", "plan", "benchmarks", "workgroup", "concerns",
        "events", "requests", "contributions", "grants", "stages", "working-groups", "self-evaluation",
        "collaboration-notes",
    }  # fmt: skip
    assert set(IMPORTERS) == kinds


def test_the_sample_comes_in_like_any_file(store: Store) -> None:
    said: list[str] = []
    results = load_sample(store, DATA, said.append)
    assert len(said) == len(results)
    assert all(result.added or result.changed for result in results)
    once = everything(store)
    assert len(once["cluster"]) == 7
    assert {len(once[table]) > 0 for table in ("school_mark", "ledger_line", "target", "benchmark")} == {True}
    assert all(not result.added and not result.changed for result in load_sample(store, DATA, said.append))
    assert everything(store) == once


def test_a_sample_that_cannot_be_stored_says_why(store: Store, tmp_path: Path) -> None:
    with pytest.raises(SampleRefused, match=r"sample\.json cannot be used"):
        load_sample(store, tmp_path, print)
    entry = {"kind": "schools", "file": "schools.csv", "provenance": "recorded", "source": None}
    (tmp_path / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    (tmp_path / "sample.json").write_text(json.dumps([entry]), encoding="utf-8")
    with pytest.raises(SampleRefused, match=r"schools\.csv: row 2, column “cluster”: there is no cluster"):
        load_sample(store, tmp_path, print)
    (tmp_path / "sample.json").write_text(json.dumps([{**entry, "kind": "pupils"}]), encoding="utf-8")
    with pytest.raises(SampleRefused, match="no kind of file “pupils”"):
        load_sample(store, tmp_path, print)
