"""The overview: the same numbers as each cluster's own report."""

import json
from datetime import date
from typing import Any

from hypothesis import given
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.db import Store
from dashboard.generate import generate
from dashboard.reports.cluster import report_cluster
from dashboard.reports.overview import load_overview, report_overview
from tests import builders as put
from tests.builders import AS_OF, CHOSEN_YEARS, EXAMPLES, MOMENTS, DrawnWorld, look_at, taken_back, worlds
from tests.reports.test_cluster import briefly


def overview(session: Session, *, year: int | None = None, as_of: date = AS_OF) -> dict[str, Any]:
    chosen = AcademicYear(year) if year is not None else None
    return report_overview(load_overview(session, EVERYTHING, year=chosen, as_of=as_of), year=chosen, as_of=as_of)


def shortened(report: dict[str, Any]) -> dict[str, Any]:
    """A cluster's report, as far as the overview repeats it."""
    parts = (report["engagement"], report["funding"], report["plan"])
    return {
        "cluster": report["cluster"],
        "name": report["name"],
        "year": report["year"],
        "schools": len(report["engagement"]["schools"]),
        "rate": report["engagement"]["rate"],
        "expected": report["engagement"]["expected"],
        "spent_share": report["funding"]["spent_share"],
        "allocated": report["funding"]["allocated"],
        "spent": report["funding"]["spent"],
        "progress": report["plan"]["progress"],
        "criteria_met": report["plan"]["criteria_met"],
        "criteria_total": report["plan"]["criteria_total"],
        # What a careful reader would ask needs the words of the plan, which the overview does not load.
        "flags": in_order([briefly(flag) for part in parts for flag in part["flags"] if "cell" not in flag["figure"]]),
    }


def in_order(flags: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(flags, key=lambda flag: list(flag.values()))


def agree(session: Session, year: int | None, as_of: date) -> None:
    for row in overview(session, year=year, as_of=as_of)["clusters"]:
        report = report_cluster(session, look_at(session, row["cluster"], year=year, as_of=as_of))
        assert row | {"flags": in_order(row["flags"])} == shortened(report)


@EXAMPLES
@given(drawn=worlds(), as_of=MOMENTS, year=CHOSEN_YEARS)
def test_the_overview_says_what_each_cluster_says(
    shared_store: Store, drawn: DrawnWorld, as_of: date, year: int | None
) -> None:
    with taken_back(shared_store) as session:
        put.build(session, drawn)
        agree(session, year, as_of)
        assert len(overview(session, year=year, as_of=as_of)["clusters"]) == 3


def test_the_overview_says_what_each_cluster_says_of_generated_data(store: Store) -> None:
    today = date(2026, 2, 12)
    generate(store, clusters=5, schools=30, years=2, seed=11, today=today, report=lambda _line: None)
    with store.reading() as session:
        for year in (None, 2024, 2025):
            agree(session, year, today)


def test_a_cluster_without_data_is_looked_at_in_this_year_and_has_no_rates(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        put.cluster(session)
        told = overview(session)
        assert told == {
            "year": None,
            "as_of": "2017-03-01",
            "clusters": [
                {
                    "cluster": "mill-cluster", "name": "Mill Cluster", "year": "2016-17", "schools": 0, "rate": None,
                    "expected": 0, "spent_share": None, "allocated": "0.00", "spent": "0.00", "progress": None,
                    "criteria_met": 0, "criteria_total": 0, "flags": [],
                }
            ],
        }  # fmt: skip


def test_a_cluster_without_data_still_has_its_schools(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.school(session, within=mill)
        put.school(session, "Weir School", within=mill)
        (row,) = overview(session)["clusters"]
        assert row["schools"] == len(report_cluster(session, look_at(session, row["cluster"]))["engagement"]["schools"])


def test_each_cluster_stands_at_its_own_latest_year(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        put.allocation(session, put.cluster(session, "Alder"), 100, year=2014)
        birch = put.cluster(session, "Birch")
        put.allocation(session, birch, 200, year=2016)
        put.allocation(session, birch, 300, year=2017)
        told = [(row["cluster"], row["year"], row["allocated"]) for row in overview(session)["clusters"]]
        assert told == [("alder", "2014-15", "1.00"), ("birch", "2016-17", "2.00")]


def test_an_empty_store_has_an_empty_overview(store: Store) -> None:
    with store.reading() as session:
        assert json.loads(json.dumps(overview(session, year=2016))) == {
            "year": "2016-17", "as_of": "2017-03-01", "clusters": []
        }  # fmt: skip


def test_the_most_pressing_flag_comes_first(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.register(session, mill, put.school(session, within=mill), "P P NN")
        put.line(session, mill, 100)
        put.target(session, mill)
        (row,) = overview(session)["clusters"]
        severities = [flag["severity"] for flag in row["flags"]]
        assert severities == sorted(severities, key=["act", "look", "info"].index)
        assert set(severities) == {"act", "look", "info"}
