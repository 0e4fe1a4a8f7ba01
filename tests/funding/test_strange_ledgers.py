"""Ledgers of other people: days and suppliers that got lost, credits, padded cells, other headings."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dashboard.academic_year import AcademicYear
from dashboard.db import Store
from dashboard.intake.files import SourceFile
from dashboard.intake.mapping import Mapping
from dashboard.settings import PROJECT_ROOT
from tests.uploads import MILL, assert_idempotent_and_undoable, bring, brought, everything, problems, undo, xlsx_file

LEDGERS = PROJECT_ROOT.parent / "shared" / "data" / "ledgers"
MAPPINGS = PROJECT_ROOT / "data" / "mappings"


@dataclass(frozen=True)
class Ledger:
    file: str
    mapping: str
    amount: str
    year: int | None
    """The academic year in which all of it lies; none where it lies in two."""
    rows: int
    pounds: str
    undated: int = 0
    anonymous: int = 0


REAL = (
    Ledger(
        "oxford_expenditure_over_500_apr-jun-2014.csv", "council-ledger-undated.json", "Amount", 2013, 3836,
        "14165887.28", undated=3836, anonymous=81,
    ),
    Ledger(
        "oxford_expenditure_over_500_jan-mar-2015.csv", "council-ledger-by-service.json", "Amount", 2014, 3864,
        "13880574.57", anonymous=75,
    ),
    Ledger(
        "oxford_expenditure_over_500_oct-dec-2016.csv", "council-ledger-by-category.json", "Amount", 2016, 3847,
        "18748991.21", anonymous=1,
    ),
    Ledger("wolfson_360giving_schools_2014.csv", "grant-list.json", "Amount Disbursed", None, 59, "1253445.00"),
)  # fmt: skip


def mapping(name: str) -> dict[str, Any]:
    return Mapping.from_json((MAPPINGS / name).read_bytes()).model_dump(exclude_defaults=True)


def plain_sum(content: bytes, column: str) -> Decimal:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return sum((Decimal(row[column].strip().replace(",", "")) for row in rows), Decimal())


@pytest.mark.skipif(not LEDGERS.is_dir(), reason="the published ledgers are not beside the project")
@pytest.mark.parametrize("ledger", REAL, ids=[each.file for each in REAL])
def test_a_published_ledger_comes_in_whole(two_clusters: Store, ledger: Ledger) -> None:
    content = (LEDGERS / ledger.file).read_bytes()
    file = SourceFile(ledger.file, content)
    year = AcademicYear(ledger.year) if ledger.year is not None else None
    options: dict[str, Any] = {"cluster": MILL, "year": year, "mapping": mapping(ledger.mapping)}
    result = brought(two_clusters, "spend", file, **options)
    lines = everything(two_clusters)["ledger_line"]
    assert (result.rows_read, result.added, len(lines)) == (ledger.rows, ledger.rows, ledger.rows)
    assert plain_sum(content, ledger.amount) == Decimal(ledger.pounds)
    assert sum(line["amount"] for line in lines) == Decimal(ledger.pounds) * 100
    assert sum(line["spent_on"] is None for line in lines) == ledger.undated
    assert sum(line["supplier"] is None for line in lines) == ledger.anonymous
    told = [each for each in result.warnings if each.row is not None]
    assert len(told) == ledger.undated + ledger.anonymous
    assert len(result.warnings) - len(told) == bool(ledger.undated) + bool(ledger.anonymous)
    if ledger.year is not None:
        assert {line["year"] for line in lines} == {ledger.year}
    again = brought(two_clusters, "spend", file, **options)
    assert (again.added, again.changed, again.unchanged) == (0, 0, ledger.rows)


UNDATED = (
    "Body,Paid Date,Trans No,Amount,Supplier Name\r\n"
    "Town,00:00:00,46_1,1500,BOOKS LTD   \r\n"
    "Town,00:00:00,1031433 - 5,-0.01,Redacted personal data\r\n"
    'Town,00:00:00,46_2,"1,234.50","Long\nand Short"\r\n'
    "Town,00:00:00,46_1,1500,BOOKS LTD   \r\n"
    "Town,01/05/2014,46_3,7,\r\n"
)
"""The quirks of the published files, in five rows; the first and the fourth are two equal lines."""
HOW: dict[str, Any] = {
    "defaults": {"pot": "lead_held", "part": "other"},
    "ignore": ["Body"],
    "blank": ["00:00:00", "redacted  Personal data"],
}


def test_days_that_are_lost_are_kept_in_the_year_that_was_said_and_told_row_by_row(two_clusters: Store) -> None:
    options: dict[str, Any] = {"cluster": MILL, "year": AcademicYear(2013), "mapping": HOW}
    result = assert_idempotent_and_undoable(two_clusters, "spend", UNDATED, **options)
    assert (result.rows_read, result.added) == (5, 5)
    no_day = "no usable date; kept in 2013-14 without a day"
    nobody = "no usable supplier; kept without one"
    days = "row 2 (“00:00:00”), row 3 (“00:00:00”), row 4 (“00:00:00”) and 1 more"
    assert [(each.row, each.column, each.value, each.problem) for each in result.warnings] == [
        (None, "Paid Date", None, f"4 rows have {no_day}: {days}"),
        *((row, "Paid Date", "00:00:00", no_day) for row in (2, 3, 4, 5)),
        (None, "Supplier Name", None, f"2 rows have {nobody}: row 3 (“Redacted personal data”), row 6"),
        (3, "Supplier Name", "Redacted personal data", nobody),
        (6, "Supplier Name", None, nobody),
    ]
    brought(two_clusters, "spend", UNDATED, **options)
    rows = everything(two_clusters)["ledger_line"]
    columns = ("spent_on", "year", "supplier", "reference", "amount", "occurrence")
    assert [tuple(row[column] for column in columns) for row in rows] == [
        (None, 2013, "BOOKS LTD", "46_1", 1500_00, 1),
        (None, 2013, None, "1031433 - 5", -1, 1),
        (None, 2013, "Long\nand Short", "46_2", 1234_50, 1),
        (None, 2013, "BOOKS LTD", "46_1", 1500_00, 2),
        (date(2014, 5, 1), 2013, None, "46_3", 7_00, 1),
    ]  # fmt: skip


def test_without_the_year_nothing_is_stored_and_the_way_out_is_named(two_clusters: Store) -> None:
    result = bring(two_clusters, "spend", UNDATED, cluster=MILL, mapping=HOW)
    assert problems(result) == [(None, "Paid Date", None), *((row, "Paid Date", "00:00:00") for row in (2, 3, 4, 5))]
    assert "with --year, such as --year 2016-17; the lines are then kept" in result.errors[0].problem
    assert everything(two_clusters)["ledger_line"] == []


def test_without_the_text_that_means_nothing_the_way_out_names_it(two_clusters: Store) -> None:
    how = {**HOW, "blank": []}
    result = bring(two_clusters, "spend", UNDATED, cluster=MILL, mapping=how, year=AcademicYear(2013))
    assert problems(result)[:2] == [(None, "Paid Date", None), (2, "Paid Date", "00:00:00")]
    assert "list “00:00:00” in the mapping's “blank”" in result.errors[0].problem
    assert "--year" not in result.errors[0].problem


def test_without_any_option_all_that_is_missing_is_said_at_once(two_clusters: Store) -> None:
    result = bring(two_clusters, "spend", UNDATED, cluster=MILL)
    assert problems(result) == [(None, "Paid Date", None), (1, "pot", None)]
    lost, pot = (each.problem for each in result.errors)
    assert lost.startswith("4 rows have no usable date: row 2 (“00:00:00”)")
    assert "--year 2016-17 and list “00:00:00” in the mapping's “blank”" in lost
    assert "there is no column for pot" in pot


def test_a_slip_in_one_date_is_a_slip_and_no_lost_day(two_clusters: Store) -> None:
    file = UNDATED.replace("01/05/2014", "31/06/2014")
    result = bring(two_clusters, "spend", file, cluster=MILL, year=AcademicYear(2013), mapping=HOW)
    assert problems(result) == [(6, "Paid Date", "31/06/2014")]


def test_two_undated_years_are_other_lines_and_a_row_may_say_its_own_year(two_clusters: Store) -> None:
    file = "date,year,pot,part,amount,supplier\n,2013-14,lead_held,A,1,X\n,2014-15,lead_held,A,1,X\n"
    result = assert_idempotent_and_undoable(two_clusters, "spend", file, cluster=MILL)
    assert result.added == 2
    wrong = file + "2016-10-05,2014-15,lead_held,A,1,X\n"
    assert problems(bring(two_clusters, "spend", wrong, cluster=MILL)) == [(4, "date", "2016-10-05")]
    result = bring(two_clusters, "spend", file, cluster=MILL, year=AcademicYear(2013))
    assert problems(result) == [(3, "year", "2014-15")]


def test_a_school_that_claims_its_release_money_needs_no_supplier(two_clusters: Store) -> None:
    file = "school,date,pot,part,amount,supplier\nFord School,2016-10-05,school_held,release,95,\n"
    assert brought(two_clusters, "spend", file, cluster=MILL).warnings == ()


def test_what_a_line_paid_for_may_be_said_and_changed(two_clusters: Store) -> None:
    file = "date,pot,part,amount,purpose\n2016-10-05,lead_held,B,400,CPD session\n"
    assert_idempotent_and_undoable(two_clusters, "spend", file, cluster=MILL)
    brought(two_clusters, "spend", file, cluster=MILL)
    assert everything(two_clusters)["ledger_line"][0]["purpose"] == "cpd_session"
    result = brought(two_clusters, "spend", file.replace("CPD session", "travel"), cluster=MILL)
    assert (result.added, result.changed) == (0, 1)
    wrong = bring(two_clusters, "spend", file.replace("CPD session", "cake"), cluster=MILL)
    assert problems(wrong) == [(2, "purpose", "cake")]


def test_a_text_that_means_nothing_is_nothing_in_every_column_and_in_workbooks(two_clusters: Store) -> None:
    rows = [["date", "pot", "part", "amount", "vat"], ["n.k.", "lead_held", "N.K.", 12.5, "n.k."]]
    how = {"blank": ["n.k."], "defaults": {"part": "A"}}
    brought(two_clusters, "spend", xlsx_file(rows), cluster=MILL, year=AcademicYear(2016), mapping=how)
    (line,) = everything(two_clusters)["ledger_line"]
    assert (line["spent_on"], line["part"], line["amount"], line["vat"]) == (None, "A", 1250, 0)
    register = "school,2016-10-05\nFord School,n.k.\nMill Primary School,P\n"
    brought(two_clusters, "attendance", register, cluster=MILL, mapping={"blank": ["n.k."]})
    assert [row["mark"] for row in everything(two_clusters)["school_mark"]].count("present") == 1


def test_after_an_undo_the_second_of_two_equal_lines_is_known_again(two_clusters: Store) -> None:
    one = "date,pot,part,amount\n2016-10-05,lead_held,A,1\n"
    first = brought(two_clusters, "spend", one, cluster=MILL)
    two = brought(two_clusters, "spend", one + "2016-10-05,lead_held,A,1\n", cluster=MILL)
    assert (two.added, two.unchanged) == (1, 1)
    undo(two_clusters, first.batch)
    assert brought(two_clusters, "spend", one, cluster=MILL).unchanged == 1
    again = brought(two_clusters, "spend", one + "2016-10-05,lead_held,A,1\n", cluster=MILL)
    assert (again.added, again.unchanged) == (1, 1)
