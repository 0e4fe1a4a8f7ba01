"""The overview's three columns of the plan: what each cluster is told by, and the orders one may ask for."""

from datetime import date, timedelta
from typing import Any, Final

import pytest
from sqlalchemy.orm import Session

from dashboard.access import EVERYTHING, Grant, Reader
from dashboard.db import Store
from dashboard.reports.overview import load_overview, report_overview
from dashboard.screens import director
from dashboard.screens.visit import Visit
from dashboard.ui.theme import Look
from dashboard.vocabulary import CriterionState, Role, TargetStatus
from tests import builders as put
from tests.builders import AS_OF, taken_back

MET, NOT_MET = CriterionState.MET, CriterionState.NOT_MET
PAST: Final = date(2017, 2, 1)


def fill(session: Session) -> None:
    """Each cluster is called by what is known of its plan."""
    half = put.cluster(session, "Half")
    put.target(session, half, "A", criteria=(MET, NOT_MET), evidence_on=(date(2017, 2, 18), None), due=PAST)
    put.target(session, half, "B", evidence_on=(date(2016, 10, 1),), position=2, due=PAST, own=TargetStatus.ACHIEVED)
    put.target(session, half, "C", evidence_on=(AS_OF,), position=3, due=PAST, draft=True)
    late = put.cluster(session, "Late")
    for position in (1, 2):
        put.target(session, late, f"T{position}", criteria=(NOT_MET,), position=position, due=PAST)
    put.target(session, put.cluster(session, "Old"), criteria=(MET,), evidence_on=(date(2016, 9, 2),))
    put.target(session, put.cluster(session, "Undated"), evidence_on=(None,))
    put.allocation(session, put.cluster(session, "Without"), 100)


def grid(session: Session, **choices: str) -> list[dict[str, Any]]:
    reader = Reader("A director", (Grant(Role.DIRECTOR),))
    page = director.build(session, Visit(reader, EVERYTHING, AS_OF, "/", choices, Look()))
    found: list[dict[str, Any]] = next(
        each.rowData for each in page.content[-4].children if getattr(each, "id", None) == director.GRID_ID
    )
    return found


def test_what_each_cluster_is_told_by(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        fill(session)
        rows = {row["name"]: row for row in grid(session)}
    told = {
        name: (row["plan_words"], row["overdue"], row["overdue_words"], row["evidence_words"])
        for name, row in rows.items()
    }
    assert told == {
        "Half": ("1 of 2 met", 1, "1 of 2", "11 days"),
        "Late": ("0 of 2 met", 2, "2 of 2", "no evidence"),
        "Old": ("1 of 1 met", 0, "none", "180 days"),
        "Undated": ("no criteria", 0, "none", "not dated"),
        "Without": ("no plan", None, "no plan", "no plan"),
    }
    # What the grid sorts by: no evidence presses most, then evidence without a day, then the oldest; no plan is apart.
    days = [rows[name]["evidence"] for name in ("Late", "Undated", "Old", "Half")]
    assert days == sorted(days, reverse=True)
    assert days[2:] == [180, 11]
    assert rows["Without"]["evidence"] is None


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("progress", ["Late", "Half", "Old", "Undated", "Without"]),
        ("overdue", ["Late", "Half", "Undated", "Old", "Without"]),
        ("evidence", ["Late", "Undated", "Old", "Half", "Without"]),
    ],
)
def test_the_orders_one_may_ask_for(shared_store: Store, sort: str, names: list[str]) -> None:
    with taken_back(shared_store) as session:
        fill(session)
        assert [row["name"] for row in grid(session, sort=sort)] == names
        assert [row["name"] for row in grid(session, sort="nothing")] == [row["name"] for row in grid(session)]


def test_the_report_says_no_more_than_its_contract_names(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        fill(session)
        told = report_overview(load_overview(session, EVERYTHING, year=None, as_of=AS_OF), year=None, as_of=AS_OF)
    assert {name for row in told["clusters"] for name in row} == {
        "cluster", "name", "year", "schools", "rate", "expected", "spent_share", "allocated", "spent", "progress",
        "criteria_met", "criteria_total", "flags",
    }  # fmt: skip


def test_evidence_of_yesterday_and_of_days_to_come(shared_store: Store) -> None:
    ahead = {"Yesterday": -1, "Tomorrow": 1, "Later": 2}
    with taken_back(shared_store) as session:
        for name, days in ahead.items():
            put.target(session, put.cluster(session, name), evidence_on=(AS_OF + timedelta(days=days),))
        told = {row["name"]: row["evidence_words"] for row in grid(session)}
    assert told == {"Yesterday": "1 day", "Tomorrow": "in 1 day", "Later": "in 2 days"}
