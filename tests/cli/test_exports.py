"""The command `export`: what it writes, what it says, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from dashboard.cli import papers
from dashboard.cli.exports import register as register_exports
from dashboard.cli.imports import register as register_imports
from tests.conftest import NewStore

SCHOOLS = "name,cluster\nMill School,Mill Cluster\nFord School,Mill Cluster\n"
SPEND = (
    "school,date,pot,part,amount,supplier\n"
    ",2016-10-05,lead_held,A,100.5,Books Ltd\n"
    "Ford School,2015-10-05,school_held,release,95,\n"
)

Run = Callable[..., Result]


@pytest.fixture
def run(new_store: NewStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command line on a store with a small ledger, in a folder of its own."""
    monkeypatch.setenv("DATABASE_URL", new_store())
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    register_imports(app)
    register_exports(app, papers.write)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words), catch_exceptions=False)

    Path("schools.csv").write_text(SCHOOLS, encoding="utf-8")
    Path("spend.csv").write_text(SPEND, encoding="utf-8")
    assert run("import", "schools", "schools.csv", "--create-missing").exit_code == 0
    assert run("import", "spend", "spend.csv", "--cluster", "mill-cluster").exit_code == 0
    return run


def test_the_ending_chooses_the_form_and_each_comes_in_again(run: Run) -> None:
    for name in ("out.csv", "out.XLSX"):
        done = run("export", "spend", "--year", "all", "--to", name)
        assert (done.exit_code, done.stdout, done.stderr) == (0, f"spend: 2 rows written to {name}\n", "")
        again = run("import", "spend", name)
        assert again.stdout == "spend: 2 rows read; 0 added, 0 changed, 2 unchanged\n"
    done = run("export", "spend", "--cluster", "mill-cluster", "--to", "out.json", "--json")
    assert json.loads(done.stdout) == {"kind": "spend", "file": "out.json", "rows": 1}
    (line,) = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert (line["cluster"], line["amount"], line["supplier"]) == ("Mill Cluster", "100.50", "Books Ltd")


def test_a_year_may_be_chosen(run: Run) -> None:
    done = run("export", "spend", "--year", "2015-16", "--to", "out.csv")
    assert done.stdout == "spend: 1 row written to out.csv\n"
    assert "Ford School,2015-10-05,school_held,release" in Path("out.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("cakes", "--to", "out.csv"), "There is no kind of file “cakes”; known are spend, allocations, plan."),
        (("spend", "--to", "out.doc"), "“.doc” is no form of spend; name the file .csv, .xlsx, .json."),
        (("spend", "--to", "out"), "A name without an ending is no form of spend; name the file .csv, .xlsx, .json."),
        (("spend", "--to", "out.csv", "--cluster", "nowhere"), "There is no cluster “nowhere”."),
        (("spend", "--to", "out.csv", "--year", "2016"), "“2016” is not an academic year; write it like 2016-17"),
        (("spend", "--to", "no/out.csv"), "“no/out.csv” cannot be written: no such file or directory."),
    ],
)
def test_what_cannot_be_written_is_refused(run: Run, words: tuple[str, ...], sentence: str) -> None:
    done = run("export", *words)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"Nothing was written. {sentence}\n")
    assert not list(Path().glob("out*"))


def test_notes_about_single_rows_are_cut_short_for_people(run: Run) -> None:
    rows = "".join(f",2016-10-{day:02d},lead_held,A,1,\n" for day in range(1, 29))
    Path("long.csv").write_text(SPEND.splitlines()[0] + "\n" + rows, encoding="utf-8")
    done = run("import", "spend", "long.csv", "--cluster", "mill-cluster", "--dry-run")
    notes = done.stderr.splitlines()
    assert len(notes) == 22
    assert notes[0].startswith("note: column “supplier”: 28 rows have no usable supplier")
    assert notes[-1] == "note: … and 8 more about single rows; --json lists them all"
    told = json.loads(run("import", "spend", "long.csv", "--cluster", "mill-cluster", "--dry-run", "--json").stdout)
    assert len(told["warnings"]) == 29


def test_a_plan_goes_to_word_and_to_tables_and_each_comes_in_again(run: Run) -> None:
    Path("plan.csv").write_text(
        "target,code,impact\nSing together,SONG-SEPT19,=1+1\nRead,READ-SEPT18,\n", encoding="utf-8"
    )
    assert run("import", "plan", "plan.csv", "--cluster", "mill-cluster").exit_code == 0
    for name in ("out.docx", "out.csv", "out.xlsx"):
        done = run("export", "plan", "--cluster", "mill-cluster", "--year", "2019-20", "--to", name)
        assert (done.exit_code, done.stdout) == (0, f"plan: 1 row written to {name}\n")
        again = run("import", "plan", name, "--cluster", "mill-cluster", "--year", "2019-20")
        assert again.stdout == "plan: 1 row read; 0 added, 0 changed, 1 unchanged\n"
    assert "'=1+1" in Path("out.csv").read_text(encoding="utf-8"), "no formula"
    done = run("export", "plan", "--year", "all", "--to", "out.docx")
    assert (done.exit_code, "A document holds one plan, and these are more" in done.stderr) == (2, True)
    done = run("export", "plan", "--year", "2011-12", "--to", "out.docx")
    assert (done.exit_code, "there is none for this year" in done.stderr) == (2, True)
    done = run("export", "plan", "--year", "all", "--to", "out.json")
    assert [row["code"] for row in json.loads(Path("out.json").read_text(encoding="utf-8"))] == [
        "READ-SEPT18",
        "SONG-SEPT19",
    ]


def test_a_report_is_written_as_pdf_of_one_cluster(run: Run) -> None:
    done = run("export", "report", "--cluster", "mill-cluster", "--to", "out.pdf")
    assert (done.exit_code, done.stdout) == (0, "report: 3 rows written to out.pdf\n")
    assert Path("out.pdf").read_bytes().startswith(b"%PDF-")
    for words, why in (
        (("--cluster", "mill-cluster", "--to", "out.csv"), "“.csv” is no form of report; name the file .pdf."),
        (("--cluster", "mill-cluster", "--to", "out"), "A name without an ending is no form of report"),
        (("--to", "out.pdf"), "A report is of one cluster and one year"),
        (("--cluster", "mill-cluster", "--year", "all", "--to", "out.pdf"), "A report is of one cluster and one year"),
        (("--cluster", "nowhere", "--to", "out.pdf"), "There is no cluster “nowhere”."),
    ):
        done = run("export", "report", *words)
        assert (done.exit_code, why in done.stderr) == (2, True), done.stderr
