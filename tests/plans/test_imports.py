import io
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
import sqlalchemy as sa
from docx.oxml import parse_xml

from dashboard.academic_year import AcademicYear
from dashboard.changes import UndoRefused
from dashboard.db import Store
from dashboard.intake.files import SourceFile
from dashboard.models import CellLine, Criterion, CriterionSchool, Evidence, ImportBatch, Target
from dashboard.vocabulary import CriterionState
from tests.uploads import (
    MILL,
    assert_idempotent_and_undoable,
    bring,
    brought,
    docx_file,
    everything,
    problems,
    undo,
    xlsx_file,
)

ROOT = Path(__file__).parents[2]
PLANS = (ROOT / "data" / "cogs-plan.docx", ROOT.parent / "shared" / "data" / "seed" / "cogs_development_plan.docx")
"""The sample's, retold; and the document itself, where it lies beside the checkout."""

HEADINGS = (
    "Target",
    "Links to Aims",
    "Success Criteria",
    "Organisation/Expenditure",
    "Monitoring/Personnel",
    "Evaluation/Evidence",
    "Impact",
    "NEXT STEPS / Future targets",
)
ARTS = (
    "* ARTS-SEPT19\nPut on an exhibition",
    "* Work together\n* Smooth transition",
    "* Every school hangs a picture (met)\n* Visitors from ten families – (Not met)\n* A second show",
    "£50 from each school",
    "* Arts lead",
    "* Held in May\n* Photographs taken",
    "* Pupils are proud of it",
    "* Do it again",
)
SHIFTED = (
    "* MATHS-JAN20",
    "* Work together.",
    "* QX, ZZ + YY\n* Resources",
    "A grant",
    "* Science lead",
    "*",
    "*",
    "*",
)
CSV_HEAD = "target,code,criteria,evaluation,impact,next_steps,due,owner,status\n"


def criteria(store: Store) -> list[tuple[str, str]]:
    rows = sorted(everything(store)["criterion"], key=lambda row: (row["target_id"], row["position"]))
    return [(row["text"], row["state"]) for row in rows]


def test_a_document(two_clusters: Store) -> None:
    file = docx_file([["Agenda"], ["Minutes"]], [HEADINGS, ARTS, SHIFTED])
    result = assert_idempotent_and_undoable(two_clusters, "plan", file, cluster=MILL)
    assert (result.rows_read, result.added) == (2, 2)
    brought(two_clusters, "plan", file, cluster=MILL)
    stored = everything(two_clusters)
    arts, maths = stored["target"]
    assert (arts["code"], arts["title"], arts["year"], arts["position"]) == (
        "ARTS-SEPT19",
        "Put on an exhibition",
        2019,
        1,
    )
    assert (maths["code"], maths["title"], maths["year"], maths["position"]) == ("MATHS-JAN20", "MATHS-JAN20", 2019, 2)
    assert arts["cell_target"] == (CellLine(True, "ARTS-SEPT19"), CellLine(False, "Put on an exhibition"))
    assert arts["cell_criteria"][1] == CellLine(True, "Visitors from ten families")
    assert maths["cell_impact"] is None
    assert criteria(two_clusters) == [
        ("Every school hangs a picture", "met"),
        ("Visitors from ten families", "not_met"),
        ("A second show", "no_evidence"),
        ("QX, ZZ + YY", "no_evidence"),
        ("Resources", "no_evidence"),
    ]
    assert [row["text"] for row in stored["evidence"]] == ["Held in May", "Photographs taken"]
    assert [row["text"] for row in stored["aim"]] == ["Work together", "Smooth transition"]
    assert len(stored["target_aim"]) == 3


def test_what_a_reader_would_stumble_over_is_a_warning(two_clusters: Store) -> None:
    activity = (*ARTS[:6], "*", ARTS[7])
    result = brought(
        two_clusters, "plan", docx_file([HEADINGS, ARTS, SHIFTED, ("* MUSIC", *activity[1:])]), cluster=MILL
    )
    found = [(each.row, each.column, each.problem.partition(": ")[2]) for each in result.warnings if each.row]
    assert found == [
        (3, "Target", "the target cell holds only a code; what is to be reached?"),
        (3, "Success Criteria", "no measurable criterion in the cell, only names or headings"),
        (3, "Success Criteria", "the cells look shifted; see whether this text belongs in another column"),
        (3, "Evaluation/Evidence", "the cell Evaluation/Evidence is empty; what was done, and what shows it?"),
        (3, "Impact", "the cell Impact is empty"),
        (3, "NEXT STEPS / Future targets", "the cell Next Steps/Future Targets is empty"),
        (4, "Target", "the target cell holds only a code; what is to be reached?"),
        (4, "Impact", "there is evidence but no impact: activity without impact"),
    ]


def test_the_same_in_a_csv_file_and_a_workbook(two_clusters: Store) -> None:
    rows: list[list[Any]] = [
        [*HEADINGS, "code", "due", "owner", "status"],
        ["Put on an exhibition", "- Work together", "One show (met)\nA second show", "", "Arts lead", "", "", "",
         "ARTS", date(2020, 5, 1), "Arts lead", "In progress"],
    ]  # fmt: skip
    year = AcademicYear(2019)
    result = assert_idempotent_and_undoable(two_clusters, "plan", xlsx_file(rows), cluster=MILL, year=year)
    assert result.added == 1
    brought(two_clusters, "plan", xlsx_file(rows), cluster=MILL, year=year)
    (target,) = everything(two_clusters)["target"]
    assert (target["title"], target["due"], target["owner"], target["own_status"]) == (
        "Put on an exhibition",
        date(2020, 5, 1),
        "Arts lead",
        "in_progress",
    )
    assert target["cell_aims"] == (CellLine(True, "Work together"),)
    assert criteria(two_clusters) == [("One show", "met"), ("A second show", "no_evidence")]
    file = CSV_HEAD + 'Put on an exhibition,ARTS,"One show\nA second show",,,,,,\n'
    result = brought(two_clusters, "plan", file, cluster=MILL, year=year)
    assert (result.changed, result.unchanged) == (0, 1)


def test_criteria_keep_their_state_and_ticks_when_a_plan_comes_again(two_clusters: Store) -> None:
    file = CSV_HEAD + '"Go on",ARTS-SEPT19,"One (met)\nTwo\nThree","Seen\nHeard",,,,,\n'
    brought(two_clusters, "plan", file, cluster=MILL)
    with two_clusters.writing() as session:
        one = session.query(Criterion).filter_by(text="One").one()
        school_id = everything(two_clusters)["school"][0]["id"]
        session.add(CriterionSchool(criterion_id=one.id, school_id=school_id, state=CriterionState.MET))
        session.add(Evidence(target_id=one.target_id, position=9, text="Entered by hand", criterion_id=one.id))
    before = everything(two_clusters)
    again = CSV_HEAD + '"Go on",ARTS-SEPT19,"New\nThree\nOne\nTwo, but more","Seen\nFelt",,,,,\n'
    result = assert_idempotent_and_undoable(two_clusters, "plan", again, cluster=MILL)
    assert result.changed == 1
    brought(two_clusters, "plan", again, cluster=MILL)
    assert [text for text, _ in criteria(two_clusters)] == ["New", "Three", "One", "Two, but more"]
    assert dict(criteria(two_clusters))["One"] == "met"
    assert everything(two_clusters)["criterion_school"] == before["criterion_school"]
    assert {row["text"] for row in everything(two_clusters)["evidence"]} == {"Seen", "Felt", "Entered by hand"}


def test_a_criterion_that_is_gone_goes_with_its_ticks_and_comes_back_when_undone(two_clusters: Store) -> None:
    file = CSV_HEAD + '"Go on",ARTS-SEPT19,"One\nTwo",,,,,,\n'
    brought(two_clusters, "plan", file, cluster=MILL)
    with two_clusters.writing() as session:
        two = session.query(Criterion).filter_by(text="Two").one()
        school_id = everything(two_clusters)["school"][0]["id"]
        session.add(CriterionSchool(criterion_id=two.id, school_id=school_id, state=CriterionState.MET))
        session.add(Evidence(target_id=two.target_id, position=9, text="By hand", criterion_id=two.id))
    before = everything(two_clusters)
    result = brought(two_clusters, "plan", file.replace("\nTwo", ""), cluster=MILL)
    assert criteria(two_clusters) == [("One", "no_evidence")]
    assert everything(two_clusters)["criterion_school"] == []
    undo(two_clusters, result.batch)
    assert everything(two_clusters) == before


def test_a_cell_that_is_emptied_is_emptied_and_a_column_that_is_missing_stays(two_clusters: Store) -> None:
    brought(two_clusters, "plan", CSV_HEAD + "Go on,ARTS-SEPT19,One,Seen,Better,More,,,\n", cluster=MILL)
    result = brought(two_clusters, "plan", "target,code,impact\nGo on,ARTS-SEPT19,\n", cluster=MILL)
    assert result.changed == 1
    (target,) = everything(two_clusters)["target"]
    assert target["cell_impact"] is None
    assert target["cell_next_steps"] == (CellLine(False, "More"),)
    assert "there is no column “Success Criteria”; what is stored for it stays" in [
        each.problem for each in result.warnings
    ]


def test_the_year_is_the_one_asked_for_or_of_the_code_or_the_clusters_latest_or_this_one(two_clusters: Store) -> None:
    def year_of(code: str, **options: Any) -> int:
        brought(two_clusters, "plan", f"target,code\nGo on,{code}\n", cluster=MILL, **options)
        return int(everything(two_clusters)["target"][-1]["year"])

    today = date(2022, 3, 1)
    file = "target,code\nGo on,A-ONE\n"
    result = bring(two_clusters, "plan", file, cluster=MILL, today=today, dry_run=True)
    assert "it was taken for 2021-22" in " ".join(each.problem for each in result.warnings)
    brought(two_clusters, "attendance", "school,2018-10-05\nFord School,P\n", cluster=MILL)
    brought(two_clusters, "attendance", "school,2020-10-05\nWeir School,P\n", cluster="weir-cluster")
    assert year_of("A-ONE", today=today) == 2018
    assert year_of("A-SEPT19") == 2019
    assert year_of("A-JAN21") == 2020
    assert year_of("A-JAN21", year=AcademicYear(2016)) == 2016


def test_a_target_without_a_code_or_twice_is_refused(two_clusters: Store) -> None:
    before = everything(two_clusters)
    file = docx_file([HEADINGS, ("Put on an exhibition", *ARTS[1:]), ARTS, ARTS])
    result = bring(two_clusters, "plan", file, cluster=MILL)
    assert [(row, column) for row, column, _ in problems(result)] == [(2, "Target"), (4, "Target")]
    assert everything(two_clusters) == before
    file_ = CSV_HEAD + "Go on,ARTS,,,,,soon,,done\n"
    assert problems(bring(two_clusters, "plan", file_, cluster=MILL)) == [(2, "due", "soon"), (2, "status", "done")]


def test_a_document_without_a_plan_is_refused(two_clusters: Store) -> None:
    result = bring(two_clusters, "plan", docx_file([["Agenda", "Who"], ["Minutes", "Chair"]]), cluster=MILL)
    assert "no table in this document has the headings of a plan" in result.errors[0].problem
    result = bring(two_clusters, "plan", docx_file([HEADINGS, ARTS]), cluster=MILL, mapping={"table": 2})
    assert "there is no table 2" in result.errors[0].problem


def test_a_mapping_picks_another_table(two_clusters: Store) -> None:
    file = docx_file([HEADINGS, ARTS], [["What", "Impact"], ["SPORT-SEPT19", "Fit"]])
    mapping = {"table": 2, "columns": {"What": "target"}}
    brought(two_clusters, "plan", file, cluster=MILL, mapping=mapping)
    assert [row["code"] for row in everything(two_clusters)["target"]] == ["SPORT-SEPT19"]


@pytest.mark.parametrize("path", [path for path in PLANS if path.exists()], ids=lambda path: path.stem)
def test_a_real_plan(store: Store, path: Path) -> None:
    file = SourceFile(path.name, path.read_bytes())
    result = assert_idempotent_and_undoable(store, "plan", file, cluster="cogs-cluster", create_missing=True)
    assert (result.rows_read, result.added) == (5, 5)
    warned = [each.problem for each in result.warnings]
    science = [sentence for sentence in warned if sentence.startswith("SCIENCE-SEPT19")]
    assert not [sentence for sentence in warned if sentence.startswith("PRIMARYARTS")]
    for part in ("shifted", "Evaluation/Evidence is empty", "Impact is empty", "Next Steps/Future Targets is empty"):
        assert [sentence for sentence in science if part in sentence]
    brought(store, "plan", file, cluster="cogs-cluster", create_missing=True)
    stored = everything(store)
    assert {row["year"] for row in stored["target"]} == {2019}
    assert [row["code"].partition("-")[0] for row in stored["target"]] == [
        "PRIMARYARTS",
        "PARLIAMENT",
        "INSET",
        "SCIENCE",
        "GOVERNORS",
    ]


# Documents as people keep them


def table_of(*rows: tuple[str, ...]) -> tuple[Any, Any]:
    """A document with one table, to be changed before it is brought in."""
    document = docx.Document(io.BytesIO(docx_file(list(rows)).data))
    return document, document.tables[0]


def as_file(document: Any) -> SourceFile:
    out = io.BytesIO()
    document.save(out)
    return SourceFile("plan.docx", out.getvalue())


def cells_of(store: Store, code: str) -> dict[str, Any]:
    (row,) = [row for row in everything(store)["target"] if row["code"] == code]
    return {name.removeprefix("cell_"): value for name, value in row.items() if name.startswith("cell_")}


def told(result: Any) -> str:
    return " / ".join(str(each) for each in (*result.errors, *result.warnings))


def test_an_empty_first_heading_holds_the_targets(two_clusters: Store) -> None:
    bare = ("", *HEADINGS[1:])
    result = brought(two_clusters, "plan", docx_file([bare, ARTS]), cluster=MILL)
    assert (result.added, "the first column has no heading; it was read as Target" in told(result)) == (1, True)
    rows = [bare, tuple(text.replace("* ", "- ") for text in ARTS)]
    again = brought(two_clusters, "plan", xlsx_file(rows), cluster=MILL)
    assert (again.added, again.changed) == (0, 0)


def test_other_headings_are_said_in_a_mapping(two_clusters: Store) -> None:
    others = ("What", "Why", "Done when", "How", "Who", "Seen", "Impact", "Then")
    file = docx_file([others, ARTS])
    assert "table 1 has “What”, “Why”" in told(bring(two_clusters, "plan", file, cluster=MILL))
    words = ("target", "aims", "criteria", "organisation", "personnel", "evaluation", "impact", "next_steps")
    mapping = {"columns": dict(zip(others, words, strict=True))}
    brought(two_clusters, "plan", file, cluster=MILL, mapping=mapping)
    assert cells_of(two_clusters, "ARTS-SEPT19")["next_steps"] == (CellLine(True, "Do it again"),)
    (batch,) = batches(two_clusters)
    assert batch["mapping"] == mapping


def batches(store: Store) -> list[dict[str, Any]]:
    with store.reading() as session:
        chosen = sa.select(ImportBatch.__table__).where(ImportBatch.kind == "plan")
        return [dict(row) for row in session.execute(chosen).mappings()]


def test_empty_rows_and_headings_that_stand_again_make_no_targets(two_clusters: Store) -> None:
    empty = ("", "*", "", "", "*", "", "", "")
    band = ("Spring", *[""] * 7)
    document, table = table_of(HEADINGS, empty, ARTS, HEADINGS, empty, SHIFTED, band)
    table.rows[6].cells[0].merge(table.rows[6].cells[7])
    result = brought(two_clusters, "plan", as_file(document), cluster=MILL)
    assert (result.rows_read, result.added) == (2, 2)
    assert "“Spring” stands across the whole table and was passed over" in told(result)
    file = CSV_HEAD + "Go on,ARTS,One,,,,,,\n,,,,,,,,\n - ,,,,,,,,\n"
    result = brought(two_clusters, "plan", file, cluster="weir-cluster")
    assert (result.rows_read, result.added) == (1, 1)
    nothing = brought(two_clusters, "plan", docx_file([HEADINGS, empty]), cluster=MILL)
    assert (nothing.added, nothing.batch, "there is no target to store" in told(nothing)) == (0, None, True)


def test_merged_cells_are_read_once_and_a_merged_target_goes_on(two_clusters: Store) -> None:
    second = ("", "* Another aim", "* Every parent comes", "", "", "* Heard in June", "", "* Then rest")
    document, table = table_of(HEADINGS, ARTS, second, ("* MUSIC-SEPT19\nSing", *[""] * 7))
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(1, 3).merge(table.cell(1, 4))
    table.cell(2, 6).merge(table.cell(3, 6))
    result = brought(two_clusters, "plan", as_file(document), cluster=MILL)
    assert (result.rows_read, result.added) == (2, 2)
    arts = cells_of(two_clusters, "ARTS-SEPT19")
    assert arts["aims"] == tuple(CellLine(True, text) for text in ("Work together", "Smooth transition", "Another aim"))
    assert arts["next_steps"] == (CellLine(True, "Do it again"), CellLine(True, "Then rest"))
    assert (len(arts["organisation"]), arts["personnel"]) == (2, None), "the text of a merged cell stands once"
    assert "its text counts for the target above alone" in told(result)


def test_every_table_with_the_headings_is_read_and_the_one_beside_gives_the_dates(two_clusters: Store) -> None:
    beside = [
        ("Code", "Due", "Owner", "Status", "Reason", "Next review"),
        ("ARTS-SEPT19", "1 May 2020", "Arts lead", "In progress", "Work has begun", ""),
        ("MATHS-JAN20", "", "", "stalled", "", "2020-03-01"),
        ("GONE", "", "", "", "", ""),
    ]
    file = docx_file([HEADINGS, ARTS], [("Agenda", "Who"), ("Minutes", "Chair")], [HEADINGS, SHIFTED], beside)
    result = brought(two_clusters, "plan", file, cluster=MILL)
    assert (result.rows_read, result.added) == (2, 2)
    arts, maths = everything(two_clusters)["target"]
    assert (arts["due"], arts["owner"], arts["own_status"]) == (date(2020, 5, 1), "Arts lead", "in_progress")
    assert (arts["own_status_reason"], maths["review_on"]) == ("Work has begun", date(2020, 3, 1))
    assert (maths["own_status"], maths["own_status_reason"]) == ("stalled", None)
    assert "MATHS-JAN20: no reason is given for the status" in told(result)
    assert "ARTS-SEPT19: no reason" not in told(result)
    assert "table 2 has not the headings of a plan and was passed over" in told(result)
    assert "there is no target “GONE” in the plan above" in told(result)
    wrong = bring(
        two_clusters, "plan", docx_file([HEADINGS, ARTS], [beside[0], ("ARTS-SEPT19", "soon", *[""] * 4)]), cluster=MILL
    )
    assert problems(wrong) == [(2, "Due", "soon")]
    assert "table 2: “soon” is not a date" in told(wrong)


def test_text_in_tables_within_cells_links_and_tracked_changes(two_clusters: Store) -> None:
    document, table = table_of(HEADINGS, ARTS)
    inner = table.cell(1, 5).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Seen by parents", "- typed bullet"
    paragraph = table.cell(1, 6).paragraphs[0]._p
    for markup in (
        '<w:hyperlink {0}><w:r><w:t xml:space="preserve"> of their work</w:t></w:r></w:hyperlink>',
        '<w:ins {0}><w:r><w:t xml:space="preserve"> and</w:t><w:noBreakHyphen/></w:r></w:ins>',
        "<w:del {0}><w:r><w:delText> not</w:delText></w:r></w:del>",
        "<w:moveFrom {0}><w:r><w:t> moved away</w:t></w:r></w:moveFrom>",
        '<w:smartTag {0}><w:r><w:t xml:space="preserve"> voices</w:t></w:r></w:smartTag>',
    ):
        paragraph.append(
            parse_xml(markup.format('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'))
        )
    brought(two_clusters, "plan", as_file(document), cluster=MILL)
    cells = cells_of(two_clusters, "ARTS-SEPT19")
    assert cells["evaluation"][2:] == (CellLine(False, "Seen by parents"), CellLine(True, "typed bullet"))
    assert cells["impact"] == (CellLine(True, "Pupils are proud of it of their work and- voices"),)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("A/B", "has a slash"),
        ("A\\B", "has a slash"),
        ("Bring-In", "is the name of a page of the plan"),
        ("..", "is no code"),
    ],
)
def test_a_code_that_cannot_be_an_address_is_refused_with_its_row(two_clusters: Store, code: str, words: str) -> None:
    result = bring(two_clusters, "plan", f"target,code\nGo on,FINE\nGo on,{code}\n", cluster=MILL)
    assert problems(result) == [(3, "code", code)]
    assert words in told(result)


def test_a_target_without_a_code_is_offered_one_and_a_row_without_a_target_told(two_clusters: Store) -> None:
    lost = ("", "", "* One more", *[""] * 5)
    file = docx_file([HEADINGS, ("To put on an exhibition", *ARTS[1:]), lost])
    result = bring(two_clusters, "plan", file, cluster=MILL, year=AcademicYear(2020))
    assert "put one such as PUT-EXHIBITION-SEPT20 in the first line of the cell" in told(result)
    assert "row 3, column “Target”: this row says something, but names no target" in told(result)


def test_the_date_of_a_plan_is_that_of_its_title(two_clusters: Store) -> None:
    for written, dated in (("Plan 13/3/20", date(2020, 3, 13)), ("Minutes of 1 May 2020", None), ("Plan 1/1/99", None)):
        document, _ = table_of(HEADINGS, ARTS)
        document.add_paragraph(written)
        with taken_away(two_clusters, as_file(document)) as stored:
            assert [row["dated"] for row in stored["plan"]] == [dated], written


@contextmanager
def taken_away(store: Store, file: SourceFile) -> Generator[dict[str, list[dict[str, Any]]]]:
    result = brought(store, "plan", file, cluster=MILL)
    yield everything(store)
    undo(store, result.batch)


def test_what_was_changed_by_hand_since_is_not_undone(two_clusters: Store) -> None:
    brought(two_clusters, "plan", CSV_HEAD + '"Go on",ARTS-SEPT19,One,Seen,,,,,\n', cluster=MILL)
    result = brought(two_clusters, "plan", CSV_HEAD + '"Go on",ARTS-SEPT19,One,Seen,Better,,,,\n', cluster=MILL)
    with two_clusters.writing() as session:
        session.query(Target).filter_by(code="ARTS-SEPT19").one().version += 1
    with pytest.raises(UndoRefused, match="changed by hand since"):
        undo(two_clusters, result.batch)


def test_the_year_of_the_code_is_held_against_the_year_asked_for(two_clusters: Store) -> None:
    result = brought(two_clusters, "plan", "target,code,year\nGo on,A-SEPT19,2020-21\n", cluster=MILL)
    assert "A-SEPT19: the code reads like 2019-20, and the plan is that of 2020-21" in told(result)
    wrong = bring(two_clusters, "plan", "target,code,year\nGo on,B,2020-21\n", cluster=MILL, year=AcademicYear(2019))
    assert problems(wrong) == [(2, "year", "2020-21")]


# The templates that lie beside the checkout

TEMPLATES = ROOT.parent / "shared" / "data" / "plans"
NO_HEADINGS = "no table in this document has the headings of a plan"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param(name, words, id=name)
        for name, words in (
            ("dfe_leadership_weekly_agenda.docx", (NO_HEADINGS, "table 2 has “Agenda Item”")),
            ("dfe_review_school_communications.docx", (NO_HEADINGS, "“Who we communicate with:”")),
            ("dfe_safeguarding_planner_template.docx", (NO_HEADINGS, "table 1 has one without words, “Action(s)”")),
            ("dfe_share_progress_with_staff_template.docx", (NO_HEADINGS, "“We found (impact)”")),
            ("dfe_safeguarding_planner_template.odt", ("save it as a Word document (.docx)",)),
            ("nif_2018_annex_b_extract.txt", ("this is running text, not a table",)),
            ("nif_2019_annex_b_extract.txt", ("this is running text, not a table",)),
        )
        if (TEMPLATES / name).exists()
    ],
)
def test_what_is_no_plan_is_declined_with_a_reason(two_clusters: Store, name: str, words: tuple[str, ...]) -> None:
    before = everything(two_clusters)
    result = bring(two_clusters, "plan", SourceFile(name, (TEMPLATES / name).read_bytes()), cluster=MILL)
    (error,) = result.errors
    assert [each for each in words if each not in error.problem] == []
    assert everything(two_clusters) == before


def test_a_planner_by_term_is_read_with_a_mapping_and_asks_for_codes(two_clusters: Store) -> None:
    """As the one of the Department: no heading over the terms, several items in a cell. Its terms are no targets until
    somebody gives them a code; then each is one.
    """
    head, columns = ("", "Action(s)", "Action owner", "Date"), {
        "": "target", "Action(s)": "organisation", "Action owner": "owner", "Date": "due",
    }  # fmt: skip
    rows = [("Autumn term\nFirst Half\nUpdate the policy", "", "", ""), ("Spring term", "Train staff", "Lead", "")]
    assert NO_HEADINGS in told(bring(two_clusters, "plan", docx_file([head, *rows]), cluster=MILL))
    options: dict[str, Any] = {"cluster": MILL, "mapping": {"columns": columns}, "year": AcademicYear(2019)}
    result = bring(two_clusters, "plan", docx_file([head, *rows]), **options)
    assert "put one such as AUTUMN-TERM-SEPT19" in told(result)
    assert "put one such as SPRING-TERM-SEPT19" in told(result)
    coded = [(f"{code}\n{row[0]}", *row[1:]) for code, row in zip(("AUTUMN", "SPRING"), rows, strict=True)]
    assert brought(two_clusters, "plan", docx_file([head, *coded]), **options).added == 2
    assert everything(two_clusters)["target"][1]["owner"] == "Lead"


def test_a_table_of_empty_rows_is_no_plan_with_targets(two_clusters: Store) -> None:
    """As the template for sharing progress: three headings, empty rows."""
    head = ("We discovered\n(identified issues)", "We did or are doing\n(action)", "We found\n(impact)")
    columns = {
        "We discovered (identified issues)": "target", "We did or are doing (action)": "organisation",
        "We found (impact)": "impact",
    }  # fmt: skip
    file = docx_file([head, *[("\n\n\n", "", "")] * 5])
    result = brought(two_clusters, "plan", file, cluster=MILL, mapping={"columns": columns})
    assert (result.rows_read, result.added, result.batch) == (0, 0, None)
