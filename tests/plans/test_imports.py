from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.academic_year import AcademicYear
from dashboard.changes import UndoRefused
from dashboard.db import Store
from dashboard.intake.files import SourceFile
from dashboard.models import CellLine, Criterion, CriterionSchool, Evidence, Target
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


def test_what_was_changed_by_hand_since_is_not_undone(two_clusters: Store) -> None:
    brought(two_clusters, "plan", CSV_HEAD + '"Go on",ARTS-SEPT19,One,Seen,,,,,\n', cluster=MILL)
    result = brought(two_clusters, "plan", CSV_HEAD + '"Go on",ARTS-SEPT19,One,Seen,Better,,,,\n', cluster=MILL)
    with two_clusters.writing() as session:
        session.query(Target).filter_by(code="ARTS-SEPT19").one().version += 1
    with pytest.raises(UndoRefused, match="changed by hand since"):
        undo(two_clusters, result.batch)
