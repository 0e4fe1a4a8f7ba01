from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.db import Store
from dashboard.directory.view import view_cluster
from dashboard.intake.files import SourceFile
from dashboard.marks import roll_up
from dashboard.reports.cluster import report_cluster
from dashboard.vocabulary import Mark
from tests.uploads import (
    MILL,
    assert_idempotent_and_undoable,
    bring,
    brought,
    everything,
    problems,
    xlsx_file,
)

SHARED = Path(__file__).parents[2].parent / "shared"

MATRIX = (
    "school,2016-10-05,12/01/2017,9 March 2017\n"
    "Mill Primary School,P,✓,S\n"
    "St Joseph's School,A,,n/a\n"
    "The Ford School,N,x,\n"
)
LONG = (
    "cluster,school,date,kind,mark,note\n"
    "Mill Cluster,Mill Primary School,2016-10-05,cluster,present,\n"
    "Mill Cluster,The Ford School,2016-10-05,cluster,apologies,Sent papers\n"
    "Mill Cluster,The Ford School,2016-10-05,steering group,present,\n"
    "Weir Cluster,St Joseph's School,2016-10-05,,present,\n"
    "Weir Cluster,Weir School,2016-11-05,,,\n"
)


def marks(store: Store) -> dict[tuple[str, str], str]:
    """School and day → mark."""
    stored = everything(store)
    schools = {row["id"]: row["slug"] for row in stored["school"]}
    meetings = {row["id"]: row["held_on"].isoformat() for row in stored["meeting"]}
    return {(schools[row["school_id"]], meetings[row["meeting_id"]]): row["mark"] for row in stored["school_mark"]}


def test_a_matrix(two_clusters: Store) -> None:
    result = assert_idempotent_and_undoable(two_clusters, "attendance", MATRIX, cluster=MILL)
    assert (result.rows_read, result.added, result.warnings) == (3, 7, ())
    brought(two_clusters, "attendance", MATRIX, cluster=MILL)
    assert marks(two_clusters) == {
        ("mill-primary-school", "2016-10-05"): "present",
        ("mill-primary-school", "2017-01-12"): "present",
        ("mill-primary-school", "2017-03-09"): "substitute",
        ("st-josephs-school", "2016-10-05"): "apologies",
        ("st-josephs-school", "2017-03-09"): "not_expected",
        ("ford-school", "2016-10-05"): "absent",
        ("ford-school", "2017-01-12"): "present",
    }
    meetings = everything(two_clusters)["meeting"]
    assert [(row["kind"], row["year"]) for row in meetings] == [("cluster", 2016)] * 3


def test_the_long_form(two_clusters: Store) -> None:
    result = assert_idempotent_and_undoable(two_clusters, "attendance", LONG)
    assert result.added == 4
    brought(two_clusters, "attendance", LONG)
    stored = everything(two_clusters)
    assert len(stored["meeting"]) == 4
    assert [row["note"] for row in stored["school_mark"]] == [None, "Sent papers", None, None]


def test_a_blank_never_overwrites_a_mark_and_another_mark_does(two_clusters: Store) -> None:
    brought(two_clusters, "attendance", "school,2016-10-05\nMill Primary School,P\nFord School,P\n", cluster=MILL)
    file = "school,2016-10-05\nMill Primary School,\nFord School,A\n"
    result = assert_idempotent_and_undoable(two_clusters, "attendance", file, cluster=MILL)
    assert (result.added, result.changed, result.unchanged) == (0, 1, 0)
    brought(two_clusters, "attendance", file, cluster=MILL)
    assert marks(two_clusters) == {
        ("mill-primary-school", "2016-10-05"): "present",
        ("ford-school", "2016-10-05"): "apologies",
    }


def test_a_blank_column_is_a_meeting_unless_it_is_still_to_come(two_clusters: Store) -> None:
    file = "school,2016-10-05,2016-12-05\nMill Primary School,,\nFord School,,\n"
    result = brought(two_clusters, "attendance", file, cluster=MILL, today=date(2016, 11, 1))
    assert (result.added, result.changed, result.unchanged) == (0, 0, 0)
    assert [row["held_on"] for row in everything(two_clusters)["meeting"]] == [date(2016, 10, 5)]
    assert [(each.column, each.row) for each in result.warnings] == [("2016-12-05", 1)]


def test_the_first_column_that_is_no_date_names_the_school(two_clusters: Store) -> None:
    for heading in ("Board member", "", "Member"):
        file = f"{heading},2016-10-05\nMill Primary School,P\n"
        brought(two_clusters, "attendance", file, cluster=MILL)
    file = "No,Name of school,2016-10-05\n1,Ford School,P\n"
    brought(two_clusters, "attendance", file, cluster=MILL, mapping={"columns": {"Name of school": "school"}})
    assert set(marks(two_clusters)) == {("mill-primary-school", "2016-10-05"), ("ford-school", "2016-10-05")}


def test_a_workbook_with_real_dates_and_its_own_key(two_clusters: Store) -> None:
    rows = [
        ["Register", None, None],
        ["Member", datetime(2016, 10, 5), "Jan", "Total"],
        ["Mill Primary School", "A", 1, 2],
        ["Ford School", 1, None, 1],
    ]
    mapping: dict[str, Any] = {
        "sheet": "Attendance",
        "header_row": 2,
        "marks": {"A": "absent"},
        "columns": {"Jan": "2017-01-12"},
    }
    file = xlsx_file(rows, "Attendance")
    result = brought(two_clusters, "attendance", file, cluster=MILL, mapping=mapping)
    assert [each.column for each in result.warnings] == ["Total"]
    assert marks(two_clusters) == {
        ("mill-primary-school", "2016-10-05"): "absent",
        ("mill-primary-school", "2017-01-12"): "present",
        ("ford-school", "2016-10-05"): "present",
    }


def test_people_roll_up_to_their_school(two_clusters: Store) -> None:
    file = (
        "school,person,2016-10-05,2016-11-05,2016-12-05\n"
        "Ford School,Science lead,A,A,\n"
        "Ford School,Deputy,P,N,\n"
        "Mill Primary School,Science lead,S,,\n"
        "Mill Primary School,Head,N,,\n"
    )
    result = assert_idempotent_and_undoable(two_clusters, "attendance", file, cluster=MILL)
    assert result.added == 6
    brought(two_clusters, "attendance", file, cluster=MILL)
    assert marks(two_clusters) == {
        ("ford-school", "2016-10-05"): "present",
        ("ford-school", "2016-11-05"): "apologies",
        ("mill-primary-school", "2016-10-05"): "substitute",
    }
    later = "school,person,2016-11-05\nFord School,Deputy,P\n"
    result = assert_idempotent_and_undoable(two_clusters, "attendance", later, cluster=MILL)
    assert result.changed == 1
    assert len(everything(two_clusters)["person"]) == 4


def test_roll_up() -> None:
    assert roll_up([Mark.ABSENT, Mark.SUBSTITUTE, Mark.APOLOGIES]) is Mark.SUBSTITUTE
    assert roll_up([Mark.NOT_EXPECTED, Mark.ABSENT]) is Mark.ABSENT
    assert roll_up([]) is Mark.NOT_RECORDED


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("school,2016-10-05\nFord School,P\nThe ford school,A\n", [(3, "school", "The ford school")]),
        ("school,2016-10-05,05/10/2016\nFord School,P,P\n", [(1, "05/10/2016", None)]),
        ("school,2016-10-05\n,P\n", [(2, "school", None)]),
        ("school,2016-10-05\nFord School,late\n", [(2, "2016-10-05", "late")]),
        ("school,2016-10-05\nWeir School,P\n", [(2, "school", "Weir School")]),
        ("school,2017-10-05\nFord School,P\n", [(1, "2017-10-05", "2017-10-05")]),
        ("school,date,mark\nFord School,2017-10-05,P\n", [(2, "date", "2017-10-05")]),
        ("school,date,mark\nFord School,05/10/16,P\n", [(2, "date", "05/10/16")]),
        (
            "school,date,mark,kind\nFord School,2016-10-05,P,\nFord School,2016-10-05,A,cluster\nFord School,,?,tea\n",
            [(3, "school", "Ford School"), (4, "date", None), (4, "mark", "?"), (4, "kind", "tea")],
        ),
        ("school,mark\nFord School,P\n", [(1, "date", None)]),
        ("school,05/10/16\nFord School,P\n", [(1, "05/10/16", "05/10/16")]),
    ],
)
def test_a_register_that_cannot_be_read_is_refused(
    two_clusters: Store, file: str, expected: list[tuple[int, str, str | None]]
) -> None:
    before = everything(two_clusters)
    result = bring(two_clusters, "attendance", file, cluster=MILL, year=AcademicYear(2016))
    assert sorted(problems(result), key=str) == sorted(expected, key=str)
    assert everything(two_clusters) == before


def test_create_missing_makes_the_cluster_and_its_members(two_clusters: Store) -> None:
    file = "school,2016-10-05\nHill School,P\nFord School,P\nTower School,A\n"
    brought(two_clusters, "schools", "name\nTower School\n")
    result = assert_idempotent_and_undoable(
        two_clusters, "attendance", file, cluster="hill-and-dale", create_missing=True
    )
    assert [each.value for each in result.warnings] == ["Ford School"]
    brought(two_clusters, "attendance", file, cluster="hill-and-dale", create_missing=True)
    stored = everything(two_clusters)
    assert stored["cluster"][-1]["name"] == "Hill And Dale"
    # A school of the Mill Cluster keeps its place: only the name is shared. One that stood alone has joined.
    assert [row["slug"] for row in stored["school"][-3:]] == ["tower-school", "hill-school", "ford-school-2"]
    assert stored["membership"][-1]["joined"] is None


BOARD_DAYS = ("2021-02-03", "2021-10-13", "2022-09-28", "2023-09-20", "2025-09-17")
BOARD = (
    "PPPP ", "PPPPP", "PPPP ", "PP   ", "P    ", "PPPPP", "P    ", "PPAP ", "PPPPP", "PP   ",
    "PP   ", "PP   ", "  PAP", "  PA ", "  PPP", "  PPP", "  PP ", "  PPP", "    P", "    P",
)  # fmt: skip
"""A real board's register without its names: a row for each member, a letter for each day."""


def board_file() -> SourceFile:
    rows = [f"Member {number},{','.join(row).replace(' ', '')}" for number, row in enumerate(BOARD, start=1)]
    return SourceFile("board.csv", "\n".join([f"Board member,{','.join(BOARD_DAYS)}", *rows]).encode())


def files_of_the_board() -> list[SourceFile]:
    """The register above, and the published one itself where it lies beside the checkout."""
    real = SHARED / "data" / "attendance" / "ofsted_board_attendance_matrix_derived.csv"
    return [board_file(), *([SourceFile(real.name, real.read_bytes())] if real.exists() else [])]


@pytest.mark.parametrize("file", files_of_the_board(), ids=lambda file: file.name)
def test_the_register_of_a_board_gives_for_each_member_what_a_hand_count_gives(store: Store, file: SourceFile) -> None:
    result = assert_idempotent_and_undoable(store, "attendance", file, cluster="a-board", create_missing=True)
    assert (result.rows_read, result.added) == (20, 55)
    brought(store, "attendance", file, cluster="a-board", create_missing=True)
    stored = everything(store)
    assert (len(stored["meeting"]), len(stored["school"])) == (5, 20)
    assert [row["name"] for row in stored["cluster"]] == ["A Board"]
    counts = {row["name"]: Counter[str]() for row in stored["school"]}
    for year in (2020, 2021, 2022, 2023, 2025):
        with store.reading() as session:
            view = view_cluster(session, EVERYTHING, "a-board", year=AcademicYear(year), as_of=date(2026, 1, 1))
            assert view is not None
            told = report_cluster(session, view)["engagement"]
        assert (told["meetings_held"], len(told["schools"])) == (1, 20)
        for school in told["schools"]:
            for figure in ("attended", "apologies", "not_recorded"):
                counts[school["name"]][figure] += school[figure]
    names = [row["name"] for row in stored["school"]]
    for name, row in zip(names, BOARD, strict=True):
        by_hand = {"attended": row.count("P"), "apologies": row.count("A"), "not_recorded": row.count(" ")}
        assert dict(counts[name]) == by_hand, name


TIMES = (
    "cluster,school,date,kind,in school time,mark\n"
    "Mill Cluster,Mill Primary School,2016-10-05,cluster,after school,present\n"
    "Mill Cluster,The Ford School,2016-10-05,cluster,,apologies\n"
    "Mill Cluster,The Ford School,2017-01-12,,yes,present\n"
    "Weir Cluster,Weir School,2016-10-05,,,present\n"
)


def times(store: Store) -> list[tuple[str, bool | None]]:
    told = [(row["held_on"].isoformat(), row["in_school_time"]) for row in everything(store)["meeting"]]
    return sorted(told, key=str)


def test_whether_a_meeting_was_in_school_time(two_clusters: Store) -> None:
    assert_idempotent_and_undoable(two_clusters, "attendance", TIMES)
    bring(two_clusters, "attendance", TIMES)
    assert times(two_clusters) == [("2016-10-05", False), ("2016-10-05", None), ("2017-01-12", True)]


def test_a_later_file_may_say_it_and_a_blank_says_nothing(two_clusters: Store) -> None:
    bring(two_clusters, "attendance", TIMES.replace("after school", ""))
    result = bring(two_clusters, "attendance", TIMES)
    assert (result.added, result.changed) == (0, 1)
    again = bring(two_clusters, "attendance", TIMES.replace("after school", ""))
    assert (again.added, again.changed) == (0, 0)
    assert ("2016-10-05", False) in times(two_clusters)


def test_rows_that_contradict_one_another_about_the_time_are_refused(two_clusters: Store) -> None:
    result = bring(two_clusters, "attendance", TIMES.replace(",cluster,,apologies", ",cluster,in school,apologies"))
    assert [(each.row, each.problem) for each in result.errors] == [
        (3, "an earlier row says that the meeting of 2016-10-05 was after school; it can be one only")
    ]
    [word] = bring(two_clusters, "attendance", TIMES.replace("after school", "lunch")).errors
    assert (word.row, word.column, word.value) == (2, "in school time", "lunch")
    assert "in school" in word.problem
