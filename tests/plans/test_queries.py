"""How far plans are: against slow answers on drawn worlds, and status by status."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.db import Store
from dashboard.directory.queries import cluster_years
from dashboard.plans.queries import load_criteria, load_targets
from dashboard.vocabulary import CriterionState, PlanCell, TargetStatus
from tests import builders as put
from tests.builders import AS_OF, CHOSEN_YEARS, EXAMPLES, MOMENTS, YEAR, DrawnWorld, taken_back, worlds
from tests.slow_answers import SlowAnswers, records

MET, NOT_MET, NO_EVIDENCE = CriterionState.MET, CriterionState.NOT_MET, CriterionState.NO_EVIDENCE
PAST, TODAY, FUTURE = date(2017, 2, 28), AS_OF, date(2017, 3, 2)


@EXAMPLES
@given(drawn=worlds(), as_of=MOMENTS, year=CHOSEN_YEARS)
def test_plans_in_any_world(shared_store: Store, drawn: DrawnWorld, as_of: date, year: int | None) -> None:
    with taken_back(shared_store) as session:
        world = put.build(session, drawn)
        slow, scope = SlowAnswers.of(session), world.scope
        years = cluster_years(scope, as_of, year=AcademicYear(year) if year is not None else None)
        pairs = slow.cluster_years(scope.cluster_ids, as_of, year)
        targets = slow.load_targets(pairs, as_of)
        assert records(load_targets(session, scope, years, as_of), targets) == targets
        criteria = slow.load_criteria(pairs)
        assert records(load_criteria(session, scope, years), criteria) == criteria


def only_target(session: Session) -> dict[str, Any]:
    years = cluster_years(EVERYTHING, AS_OF, year=AcademicYear(YEAR))
    (row,) = records(load_targets(session, EVERYTHING, years, AS_OF))
    return row


@pytest.mark.parametrize(
    ("own", "criteria", "evidence", "due", "status"),
    [
        (None, (), (), None, "not_started"),
        (None, (NO_EVIDENCE, NOT_MET), (), None, "not_started"),
        (None, (MET, NOT_MET), (), None, "not_started"),
        (None, (MET,), (), None, "achieved"),
        (None, (MET, MET), (), PAST, "achieved"),
        (None, (MET, MET), (PAST,), PAST, "achieved"),
        (None, (MET, NO_EVIDENCE), (PAST,), None, "in_progress"),
        (None, (), (None,), None, "in_progress"),
        (None, (NOT_MET,), (PAST,), PAST, "in_progress"),
        (None, (), (), PAST, "stalled"),
        (None, (MET, NOT_MET), (), PAST, "stalled"),
        (None, (), (), TODAY, "not_started"),
        (None, (), (), FUTURE, "not_started"),
        (TargetStatus.STALLED, (MET,), (PAST,), None, "stalled"),
        (TargetStatus.NOT_STARTED, (MET,), (PAST,), PAST, "not_started"),
        (TargetStatus.ACHIEVED, (NOT_MET,), (), PAST, "achieved"),
        (TargetStatus.IN_PROGRESS, (), (), PAST, "in_progress"),
    ],
)
def test_the_status_of_a_target(
    shared_store: Store,
    own: TargetStatus | None,
    criteria: Sequence[CriterionState],
    evidence: Sequence[date | None],
    due: date | None,
    status: str,
) -> None:
    with taken_back(shared_store) as session:
        put.target(session, put.cluster(session), own=own, criteria=criteria, evidence_on=evidence, due=due)
        assert only_target(session)["status"] is TargetStatus(status)


def test_what_is_counted_of_a_target(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        put.target(
            session, put.cluster(session), criteria=(MET, MET, NOT_MET, NO_EVIDENCE, NO_EVIDENCE, NO_EVIDENCE),
            evidence_on=(None, date(2016, 10, 1), date(2016, 11, 1)), cells=(PlanCell.TARGET, PlanCell.EVALUATION),
        )  # fmt: skip
        row = only_target(session)
        assert (row["criteria"], row["met"], row["not_met"], row["no_evidence"]) == (6, 2, 1, 3)
        assert (row["evidence"], row["last_evidence"]) == (3, date(2016, 11, 1))
        assert (row["cells_filled"], row["has_impact"]) == (2, False)


def test_evidence_is_not_impact_and_impact_is_not_evidence(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.target(session, mill, "T1", evidence_on=(AS_OF,))
        put.target(session, mill, "T2", cells=(PlanCell.IMPACT,), position=2)
        years = cluster_years(EVERYTHING, AS_OF, year=None)
        frame = load_targets(session, EVERYTHING, years, AS_OF)
        assert list(frame["has_impact"]) == [False, True]
        assert list(frame["evidence"]) == [1, 0]


def test_all_eight_cells_filled(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        put.target(session, put.cluster(session), cells=tuple(PlanCell))
        assert (only_target(session)["cells_filled"], only_target(session)["has_impact"]) == (8, True)


def test_targets_and_criteria_stand_in_the_order_of_the_plan(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.target(session, mill, "Second", position=2, criteria=(MET, NOT_MET))
        put.target(session, mill, "First", position=1, criteria=(NO_EVIDENCE,))
        years = cluster_years(EVERYTHING, AS_OF, year=None)
        assert list(load_targets(session, EVERYTHING, years, AS_OF)["code"]) == ["First", "Second"]
        frame = load_criteria(session, EVERYTHING, years)
        assert list(frame["code"]) == ["First", "Second", "Second"]
        assert list(frame["state"]) == [NO_EVIDENCE, MET, NOT_MET]


def test_a_plan_of_another_year_is_left_out(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.target(session, mill, "Old", year=YEAR - 1, criteria=(MET,))
        put.target(session, mill, "New", criteria=(MET, NOT_MET))
        (row,) = records(load_targets(session, EVERYTHING, cluster_years(EVERYTHING, AS_OF, year=None), AS_OF))
        assert (row["code"], row["criteria"], row["met"]) == ("New", 2, 1)
