"""The report of one cluster, in the contract's words and numbers."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.db import Store
from dashboard.directory.view import View
from dashboard.models import Cluster
from dashboard.reports.cluster import report_cluster
from dashboard.vocabulary import CriterionState, LineState, Mark, Part, PlanCell, Pot
from tests import builders as put
from tests.builders import AS_OF, EXAMPLES, YEAR, DrawnWorld, look_at, taken_back, worlds


def report(session: Session, *, year: int | None = None, as_of: date = AS_OF) -> dict[str, Any]:
    return report_cluster(session, look_at(session, "mill-cluster", year=year, as_of=as_of))


def fill(session: Session) -> None:
    mill = put.cluster(session)
    ford, weir = put.school(session, within=mill), put.school(session, "Weir School", within=mill)
    days = [date(2016, 10, 4), date(2016, 11, 8), date(2016, 12, 6)]
    for day, first, second in zip(days, "PSP", "NAN", strict=True):
        held = put.meeting(session, mill, day)
        letters = {"P": Mark.PRESENT, "S": Mark.SUBSTITUTE, "A": Mark.APOLOGIES, "N": Mark.ABSENT}
        put.mark(session, held, ford, letters[first])
        put.mark(session, held, weir, letters[second])
    put.meeting(session, mill, date(2017, 6, 1))
    put.carried(session, mill, 5_050)
    put.allocation(session, mill, 100_000)
    put.line(session, mill, 40_025)
    put.line(session, mill, 1_000, LineState.APPROVED)
    put.allocation(session, mill, 50_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=ford)
    put.line(session, mill, 60_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=ford)
    states = (CriterionState.MET, CriterionState.NOT_MET, CriterionState.NO_EVIDENCE)
    put.target(session, mill, "A", title="Reading", criteria=states, evidence_on=(None,), cells=(PlanCell.TARGET,))


def flag(rule: str, severity: str, message: str, subject: str) -> dict[str, str]:
    return {"rule": rule, "severity": severity, "message": message, "subject": subject}


WEIR_FLAGS = [
    flag("low_attendance", "act", "Weir School came to 0 of 3 meetings", "weir-school"),
    flag(
        "no_recent_attendance", "look", "Weir School missed the last three meetings at which it was expected",
        "weir-school",
    ),
]  # fmt: skip


def briefly(told: Any) -> Any:
    """A report whose flags say no more than they do in the overview."""
    if isinstance(told, list):
        return [briefly(each) for each in told]
    if isinstance(told, dict):
        left_out = {"statement", "figure", "rows"} if "rule" in told else set()
        return {name: briefly(value) for name, value in told.items() if name not in left_out}
    return told


WHOLE: Mapping[str, Any] = {
    "cluster": "mill-cluster",
    "name": "Mill Cluster",
    "year": "2016-17",
    "as_of": "2017-03-01",
    "engagement": {
        "meetings_held": 3,
        "expected": 6,
        "attended": 3,
        "not_recorded": 0,
        "rate": 0.5,
        "flags": [
            *WEIR_FLAGS,
            flag(
                "cluster_size", "look", "Mill Cluster has two schools on record; groups of 3 to 12 have lasted best",
                "mill-cluster",
            ),
        ],
        "schools": [
            {
                "school": "ford-school", "name": "Ford School", "expected": 3, "attended": 3, "substitute": 1,
                "apologies": 0, "absent": 0, "not_recorded": 0, "rate": 1.0, "last_attended": "2016-12-06",
                "flags": [],
            },
            {
                "school": "weir-school", "name": "Weir School", "expected": 3, "attended": 0, "substitute": 0,
                "apologies": 1, "absent": 2, "not_recorded": 0, "rate": 0.0, "last_attended": None,
                "flags": WEIR_FLAGS,
            },
        ],
    },
    "funding": {
        "pots": [
            {
                "pot": "lead_held", "part": "A", "brought_forward": "50.50", "allocated": "1000.00",
                "committed": "10.00", "spent": "400.25", "remaining": "640.25",
            },
            {
                "pot": "school_held", "part": "release", "brought_forward": "0.00", "allocated": "500.00",
                "committed": "0.00", "spent": "600.00", "remaining": "-100.00",
            },
        ],
        "allocated": "1000.00",
        "spent": "400.25",
        "remaining": "640.25",
        "spent_share": 40_025 / 105_050,
        "flags": [
            flag("overspent", "act", "Release money, held by the schools, is overspent by £100", "release"),
            flag(
                "half_day_over_limit",
                "look",
                "Ford School: one half day of cover cost more than £100, £500 above it",
                "ford-school",
            ),
            flag(
                "uninvoiced", "look", "Part A: one line, £10, promised and not invoiced, since 1 November 2016", "A"
            ),
        ],
    },
    "plan": {
        "targets": [
            {
                "code": "A", "title": "Reading", "status": "in_progress",
                "criteria": {"total": 3, "met": 1, "not_met": 1, "no_evidence": 1},
                "cells_filled": 1, "cells_total": 8,
            }
        ],
        "criteria_met": 1,
        "criteria_total": 3,
        "progress": 1 / 3,
        "flags": [
            flag(
                "activity_without_impact",
                "info",
                "A (“Reading”) has evidence of what was done, but its impact is empty",
                "A",
            ),
            flag("empty_cell", "info", "A: the cell Next Steps/Future Targets is empty", "A"),
        ],
    },
}  # fmt: skip


def test_the_whole_report(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        fill(session)
        assert briefly(report(session)) == WHOLE


def test_each_flag_brings_its_rule_its_figure_and_its_rows(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        fill(session)
        told = report(session)
    of_weir = told["engagement"]["schools"][1]["flags"]
    assert of_weir[0]["rule"] == "low_attendance"
    assert of_weir[0]["figure"] == {"attended": 0, "expected": 3, "at_most": 2, "of_at_least": 3}
    assert [(row["mark"], row["kind"]) for row in of_weir[0]["rows"]] == [
        ("absent", "cluster"), ("apologies", "cluster"), ("absent", "cluster"),
    ]  # fmt: skip
    assert [row["meeting"] for row in of_weir[1]["rows"]] == [row["meeting"] for row in of_weir[0]["rows"]]
    every = [flag for part in ("engagement", "funding", "plan") for flag in told[part]["flags"]]
    assert {flag["rule"] for flag in every} >= {"cluster_size", "overspent", "activity_without_impact"}
    for flag in every:
        assert set(flag) == {"rule", "severity", "message", "subject", "statement", "figure", "rows"}
        assert flag["statement"].endswith("."), flag
        assert "(" in flag["statement"], flag
        assert all((flag["figure"], flag["rows"])), flag
    assert json.loads(json.dumps(told)) == told


def test_nothing_can_be_said_of_a_cluster_without_data(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        put.cluster(session)
        told = report(session)
        assert told["year"] == "2016-17"
        assert told["engagement"] == {
            "meetings_held": 0, "expected": 0, "attended": 0, "not_recorded": 0, "rate": None, "flags": [],
            "schools": [],
        }  # fmt: skip
        assert told["funding"] == {
            "pots": [], "allocated": "0.00", "spent": "0.00", "remaining": "0.00", "spent_share": None, "flags": []
        }  # fmt: skip
        assert told["plan"] == {"targets": [], "criteria_met": 0, "criteria_total": 0, "progress": None, "flags": []}


def test_a_rate_that_is_not_known_is_null_beside_one_that_is(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        fill(session)
        late = put.school(session, "Yew School")
        put.membership(session, session.query(Cluster).one(), late, date(2017, 1, 10))
        schools = report(session)["engagement"]["schools"]
        assert [each["rate"] for each in schools] == [1.0, 0.0, None]


@pytest.mark.parametrize(
    ("year", "shown", "allocated"),
    [(None, "2016-17", "1000.00"), (YEAR - 1, "2015-16", "0.00"), (2017, "2017-18", "0.00")],
)
def test_the_year_that_is_asked_for(shared_store: Store, year: int | None, shown: str, allocated: str) -> None:
    with taken_back(shared_store) as session:
        fill(session)
        told = report(session, year=year)
        assert (told["year"], told["funding"]["allocated"]) == (shown, allocated)


def test_a_report_needs_a_cluster(store: Store) -> None:
    with store.reading() as session, pytest.raises(ValueError, match="needs a view of a cluster"):
        report_cluster(session, View(EVERYTHING, AS_OF, AcademicYear(YEAR), ()))


@EXAMPLES
@given(drawn=worlds())
def test_every_report_is_json_as_the_standard_has_it(shared_store: Store, drawn: DrawnWorld) -> None:
    with taken_back(shared_store) as session:
        for each in put.build(session, drawn).clusters:
            told = report_cluster(session, look_at(session, each.slug))
            assert json.loads(json.dumps(told, allow_nan=False)) == told
