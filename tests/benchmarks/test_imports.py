from decimal import Decimal
from typing import Any

import pytest

from dashboard.academic_year import AcademicYear
from dashboard.db import Store
from tests.uploads import MILL, add_two_clusters, assert_idempotent_and_undoable, bring, brought, everything, problems

WIDE = ',Mill Primary School,Ford Sch,Netham\nGrant income,3007,"1,250.5",3983\nCleaning,,87.5,\n'
DECLARED: dict[str, Any] = {
    "defaults": {"year": "2009-10", "unit": "pounds per pupil"},
    "aliases": {"Ford Sch": "100003"},
}
LONG = (
    "school,year,measure,value,unit\n"
    "Mill Primary School,2009-10,Pupils,231,count\n"
    "The Ford School,2009-10,Pupils,,count\n"
)


@pytest.fixture
def two_clusters(store: Store) -> Store:
    add_two_clusters(store)
    return store


def figures(store: Store) -> list[tuple[Any, ...]]:
    return [
        (row["measure"], row["position"], row["school_label"], row["school_id"] is not None, row["value"], row["unit"])
        for row in everything(store)["benchmark"]
    ]


def test_measures_down_and_schools_across(two_clusters: Store) -> None:
    result = assert_idempotent_and_undoable(two_clusters, "benchmarks", WIDE, cluster=MILL, mapping=DECLARED)
    assert (result.rows_read, result.added) == (2, 6)
    assert [(each.row, each.column) for each in result.warnings] == [(1, "Netham")]
    brought(two_clusters, "benchmarks", WIDE, cluster=MILL, mapping=DECLARED)
    unit = "pounds per pupil"
    assert figures(two_clusters) == [
        ("Grant income", 1, "Mill Primary School", True, Decimal(3007), unit),
        ("Grant income", 1, "Ford Sch", True, Decimal("1250.5"), unit),
        ("Grant income", 1, "Netham", False, Decimal(3983), unit),
        ("Cleaning", 2, "Mill Primary School", True, None, unit),
        ("Cleaning", 2, "Ford Sch", True, Decimal("87.5"), unit),
        ("Cleaning", 2, "Netham", False, None, unit),
    ]


def test_one_row_for_each_figure(two_clusters: Store) -> None:
    result = assert_idempotent_and_undoable(two_clusters, "benchmarks", LONG, cluster=MILL)
    assert result.added == 2
    brought(two_clusters, "benchmarks", LONG, cluster=MILL)
    assert [row[4] for row in figures(two_clusters)] == [Decimal(231), None]
    changed = assert_idempotent_and_undoable(two_clusters, "benchmarks", LONG.replace("231", "232.5"), cluster=MILL)
    assert changed.changed == 1


def test_a_blank_never_overwrites_and_a_label_takes_its_school_once_it_is_known(two_clusters: Store) -> None:
    brought(two_clusters, "benchmarks", WIDE, cluster=MILL, mapping={**DECLARED, "aliases": {}})
    result = brought(two_clusters, "benchmarks", WIDE.replace("3007", ""), cluster=MILL, mapping=DECLARED)
    assert (result.changed, result.unchanged) == (2, 4)
    assert figures(two_clusters)[0][4] == 3007
    assert figures(two_clusters)[1][3]


def test_the_unit_and_the_year_must_be_said(two_clusters: Store) -> None:
    result = bring(two_clusters, "benchmarks", WIDE, cluster=MILL)
    assert ["say the unit" in result.errors[0].problem, "say the year" in result.errors[1].problem] == [True, True]
    result = bring(two_clusters, "benchmarks", WIDE, cluster=MILL, mapping=DECLARED, year=AcademicYear(2010))
    assert problems(result) == [(2, "year", "2009-10"), (3, "year", "2009-10")]
    brought(
        two_clusters, "benchmarks", WIDE, cluster=MILL, mapping={"defaults": {"unit": "£"}}, year=AcademicYear(2010)
    )


def test_figures_that_cannot_be_read_are_refused(two_clusters: Store) -> None:
    result = bring(two_clusters, "benchmarks", WIDE.replace("3983", "NA"), cluster=MILL, mapping=DECLARED)
    assert problems(result) == [(2, "Netham", "NA")]
    twice = LONG + "Mill Primary School,2009-10,Pupils,230,count\n"
    assert problems(bring(two_clusters, "benchmarks", twice, cluster=MILL)) == [(4, "school", "Mill Primary School")]


def test_more_than_three_places_are_rounded_and_said(two_clusters: Store) -> None:
    result = brought(two_clusters, "benchmarks", LONG.replace("231", "33.33333"), cluster=MILL)
    assert "1 figure rounded to three places" in result.warnings[0].problem
    assert figures(two_clusters)[0][4] == Decimal("33.333")
