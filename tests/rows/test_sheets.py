"""What a sheet of rows adds up to, and what it is in a file."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.directory.queries import ClusterFacts
from dashboard.directory.view import View
from dashboard.rules import DEFAULT_RULES
from dashboard.ui.rows import Column, Kind, Sheet, Table, amounts, counts, provenance, rows_at, to_the_penny

MILL = ClusterFacts(1, "mill-cluster", "Mill Cluster", None, None, None, whole=True, rules=DEFAULT_RULES)
VIEW = View(EVERYTHING, date(2017, 3, 1), AcademicYear(2016), (), cluster=MILL)
HEADS = (Column("what", "What"), *amounts(spent="Spent"), *counts(lines="Lines"), Column("time", "Time", Kind.MINUTES))


def row(what: str, spent: int, lines: int = 1, time: int | None = None, **more: Any) -> dict[str, Any]:
    return {"what": what, "spent": spent, "lines": lines, "time": time, **more}


TABLE = Table("Held by the lead school", HEADS, [row("A", 100), row("A", -30, 2), row("B", 5, time=90)], "lead", "what")


def test_the_foot_is_the_sum_of_each_column_and_of_its_groups() -> None:
    assert TABLE.foot == {"spent": 75, "lines": 4, "time": 90}
    assert [(name, sums) for name, _, sums in TABLE.groups] == [
        ("A", {"spent": 70, "lines": 3, "time": 0}),
        ("B", {"spent": 5, "lines": 1, "time": 90}),
    ]
    assert TABLE.name("spent") == "lead-spent"
    assert replace(TABLE, key="").name("spent") == "spent"


def test_a_foot_counts_rows_that_are_not_here_and_then_there_are_no_groups() -> None:
    some = replace(TABLE, sums={"spent": 1_000, "lines": 9, "time": 0}, found=9)
    assert some.foot["spent"] == 1_000
    assert [sums for _, _, sums in some.groups] == [None]


def test_one_group_needs_no_sum_of_its_own() -> None:
    assert [sums for _, _, sums in replace(TABLE, rows=TABLE.rows[:2]).groups] == [None]


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        (Kind.WORDS, "a", "a"), (Kind.COUNT, 1234, "1,234"), (Kind.PENCE, -123456, "−£1,234.56"),
        (Kind.MINUTES, 90, "1 hour 30 minutes"), (Kind.COUNT, None, "–"),
    ],
)  # fmt: skip
def test_cells_are_told_as_people_read_them(kind: Kind, value: Any, told: str) -> None:
    assert Column("x", "X", kind).told(value) == told


def test_pounds_have_their_pence_where_a_ledger_has_them() -> None:
    assert [to_the_penny(pence) for pence in (0, 5, 100, -100)] == ["£0.00", "£0.05", "£1.00", "−£1.00"]


def test_a_file_has_every_row_no_sum_and_says_what_is_made_up() -> None:
    other = Table("Held by the schools", HEADS, [row("C", 250, figures="illustrative")], "schools")
    frame = Sheet("Money", "So much.", [TABLE, other]).frame()
    assert list(frame.columns) == ["Of", "What", "Spent", "Lines", "Time", "Figures"]
    assert frame.to_numpy().tolist() == [
        ["Held by the lead school", "A", Decimal("1.00"), 1, None, "real"],
        ["Held by the lead school", "A", Decimal("-0.30"), 2, None, "real"],
        ["Held by the lead school", "B", Decimal("0.05"), 1, 90, "real"],
        ["Held by the schools", "C", Decimal("2.50"), 1, None, "illustrative"],
    ]
    assert list(Sheet("Money", "", [TABLE]).frame().columns) == ["What", "Spent", "Lines", "Time"]


@pytest.mark.parametrize(
    ("figures", "made_up"),
    [(("real",), (False, False)), (("real", "illustrative"), (True, False)), (("illustrative",), (True, True)),
     (("2 of 3 entries illustrative",), (True, False)), ((), (False, False))],
)  # fmt: skip
def test_a_sheet_says_whether_it_is_made_up(figures: tuple[str, ...], made_up: tuple[bool, bool]) -> None:
    assert Sheet("x", "", [Table("x", HEADS, [row("A", 1, figures=each) for each in figures])]).made_up == made_up


def test_provenance_counts_entries() -> None:
    assert [provenance(made, 3) for made in (0, 2, 3)] == ["real", "2 of 3 entries illustrative", "illustrative"]


def test_an_address_says_the_year_what_is_chosen_and_the_foot() -> None:
    assert rows_at(VIEW, "money", "lead_held-left", pot="lead_held", part=None) == (
        "/cluster/mill-cluster/rows/money?year=2016-17&pot=lead_held#lead_held-left"
    )
    assert rows_at(VIEW, "attendance", year="2015-16") == "/cluster/mill-cluster/rows/attendance?year=2015-16"
    assert rows_at(replace(VIEW, cluster=None), "money") == ""
