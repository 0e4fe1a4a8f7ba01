"""The plan in `report SLUG --json`, held to the contract: its shape, its words, and figures worked out by hand."""

from datetime import date
from typing import Any, Final

from dashboard.db import Store
from dashboard.models.plans import CellLine
from dashboard.reports.cluster import report_cluster
from dashboard.vocabulary import CriterionState, PlanCell, TargetStatus
from tests import builders as put
from tests.builders import look_at, taken_back

MET, NOT_MET, NO_EVIDENCE = CriterionState.MET, CriterionState.NOT_MET, CriterionState.NO_EVIDENCE
AS_OF: Final = date(2017, 3, 1)
FOUR: Final = (PlanCell.TARGET, PlanCell.AIMS, PlanCell.CRITERIA, PlanCell.EVALUATION)

SHAPE: Final = {
    "targets": [
        {
            "code": str, "title": str, "status": {"not_started", "in_progress", "achieved", "stalled"},
            "criteria": {"total": int, "met": int, "not_met": int, "no_evidence": int},
            "cells_filled": int, "cells_total": int,
        }
    ],
    "criteria_met": int,
    "criteria_total": int,
    "progress": (float, type(None)),
    "flags": [{"rule": str, "severity": {"info", "look", "act"}, "message": str, "subject": str}],
}  # fmt: skip
"""As the contract prints it. A flag may say more than these four of itself."""


def fits(told: Any, shape: Any, *, of_a_flag: bool = False) -> None:
    if isinstance(shape, dict):
        assert set(told) >= set(shape) if of_a_flag else set(told) == set(shape)
        for name, each in shape.items():
            fits(told[name], each, of_a_flag=name == "flags")
    elif isinstance(shape, list):
        for each in told:
            fits(each, shape[0], of_a_flag=of_a_flag)
    elif isinstance(shape, set):
        assert told in shape
    else:
        assert isinstance(told, shape), (told, shape)
        assert not isinstance(told, bool)


def test_the_plan_of_a_report(shared_store: Store) -> None:
    """Six targets, one of each way to a status, beside a draft, another year and another cluster."""
    with taken_back(shared_store) as session:
        mill, decoy = put.cluster(session), put.cluster(session, "Decoy Cluster")
        put.target(session, mill, "A", title="Reading", criteria=(MET, MET), cells=tuple(PlanCell), position=1)
        put.target(
            session, mill, "B", criteria=(MET, NOT_MET, NO_EVIDENCE), evidence_on=(None, AS_OF), cells=FOUR, position=2
        )
        put.target(session, mill, "C", criteria=(NO_EVIDENCE,), due=date(2017, 2, 28), position=3)
        put.target(session, mill, "D", due=date(2017, 6, 3), position=4)
        put.target(session, mill, "E", criteria=(MET,), own=TargetStatus.STALLED, due=AS_OF, position=5)
        late = put.target(
            session, mill, "F", criteria=(NOT_MET,), evidence_on=(None,), due=date(2017, 1, 9), position=6
        )
        late.cell_impact = (CellLine(True, "Pupils ask more"),)
        put.target(session, mill, "G", criteria=(MET, NO_EVIDENCE), evidence_on=(AS_OF,), position=7, draft=True)
        put.target(session, mill, "H", criteria=(MET,), year=2015)
        put.target(session, decoy, "Z", criteria=(MET,), evidence_on=(AS_OF,))
        session.flush()
        plan = report_cluster(session, look_at(session, "mill-cluster", year=2016, as_of=AS_OF))["plan"]
        nothing = report_cluster(session, look_at(session, "mill-cluster", year=2010, as_of=AS_OF))["plan"]
    fits(plan, SHAPE)
    fits(nothing, SHAPE)
    told = [
        (each["code"], each["status"], *each["criteria"].values(), each["cells_filled"], each["cells_total"])
        for each in plan["targets"]
    ]
    # Code, status, criteria in all, met, not met, without evidence, cells filled, of all.
    assert told == [
        ("A", "achieved", 2, 2, 0, 0, 8, 8),
        ("B", "in_progress", 3, 1, 1, 1, 4, 8),
        ("C", "stalled", 1, 0, 0, 1, 0, 8),
        ("D", "not_started", 0, 0, 0, 0, 0, 8),
        ("E", "stalled", 1, 1, 0, 0, 0, 8),
        ("F", "in_progress", 1, 0, 1, 0, 1, 8),
    ]
    assert (plan["criteria_met"], plan["criteria_total"], plan["progress"]) == (4, 8, 0.5)
    assert plan["targets"][0]["title"] == "Reading"
    assert (nothing["targets"], nothing["criteria_total"], nothing["progress"], nothing["flags"]) == ([], 0, None, [])


def test_the_flags_of_a_plan_name_their_target(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.target(session, mill, "C", title="C", criteria=(NO_EVIDENCE,), due=date(2017, 2, 28), position=1)
        put.target(session, mill, "D", title="Sums", due=date(2017, 6, 3), position=2)
        put.target(session, mill, "F", title="F", criteria=(MET, NOT_MET), evidence_on=(AS_OF,), position=3)
        put.target(session, mill, "G", title="G", position=4, due=date(2017, 1, 1), draft=True)
        flags = report_cluster(session, look_at(session, "mill-cluster", as_of=AS_OF))["plan"]["flags"]
    assert {tuple(flag[name] for name in ("rule", "severity", "message", "subject")) for flag in flags} >= {
        ("overdue", "act", "C was due on 28 February 2017 and has no evidence", "C"),
        ("no_evidence", "look", "D (“Sums”) has no evidence yet; it is due on 3 June 2017", "D"),
        ("no_measurable_criterion", "look", "D (“Sums”) has no success criterion to measure it by", "D"),
        ("activity_without_impact", "info", "F has evidence of what was done, but its impact is empty", "F"),
    }
    assert {flag["subject"] for flag in flags} == {"C", "D", "F"}


def test_a_plan_without_criteria_has_no_progress(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        put.target(session, put.cluster(session), "D")
        plan = report_cluster(session, look_at(session, "mill-cluster", as_of=AS_OF))["plan"]
    assert (plan["criteria_met"], plan["criteria_total"], plan["progress"]) == (0, 0, None)
