"""What the money was spent on: against slow answers on drawn ledgers, beside a decoy, and equal to the pots."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope
from dashboard.db import Store
from dashboard.directory.queries import cluster_years, load_rule_sets
from dashboard.funding.queries import (
    load_aims_of_targets,
    load_by_school,
    load_by_target,
    load_by_use,
    load_contributions,
    load_course,
    load_given,
    load_meeting_costs,
    load_outside,
    load_pots,
)
from dashboard.models import LedgerLine
from dashboard.vocabulary import (
    ContributionKind,
    ContributionState,
    LineState,
    Mark,
    OutsideKind,
    OutsideState,
    Part,
    Pot,
)
from tests import builders as put
from tests.builders import AS_OF, EXAMPLES, YEAR, taken_back
from tests.funding.ledgers import LINES, DrawnLine, Ledgers, build
from tests.slow_answers import Answer, in_any_order

SPENT, COMMITTED = ("invoiced", "paid"), ("approved", "committed")
ENDS = [date(2016, 10, 30), date(2017, 2, 28), date(2017, 8, 31)]


def years(scope: Scope) -> Any:
    return cluster_years(scope, AS_OF, year=AcademicYear(YEAR))


def counting(ledgers: Ledgers, scope: Scope) -> list[LedgerLine]:
    """The lines of the year that count and that a scope may see."""
    lines = []
    for line in ledgers.lines:
        whole = line.cluster_id in scope.cluster_ids
        total = line.cluster_id == ledgers.clusters[0].id and bool(scope.school_ids)
        own = line.school_id in scope.school_ids
        if (
            line.year == YEAR
            and line.state in (*SPENT, *COMMITTED)
            and (whole or (total and (own if line.pot == Pot.SCHOOL_HELD else True)))
        ):
            lines.append(line)
    return lines


def grouped(lines: Iterable[LedgerLine], key: Callable[[LedgerLine], Answer]) -> list[Answer]:
    groups: dict[str, Answer] = {}
    for line in lines:
        named = {"cluster_id": line.cluster_id, **key(line)}
        row = groups.setdefault(str(named), {**named, "committed": 0, "spent": 0, "illustrative": 0, "lines": 0})
        row["committed"] += line.amount if line.state in COMMITTED else 0
        row["spent"] += line.amount if line.state in SPENT else 0
        row["illustrative"] += int(line.illustrative)
        row["lines"] += 1
    return list(groups.values())


def rows(frame: pd.DataFrame) -> list[Answer]:
    found: list[Answer] = frame.to_dict("records")
    return found


def same(frame: pd.DataFrame, slow: list[Answer]) -> None:
    """The same rows, whatever their order; of the columns those of the slow answer."""
    assert len(frame) == len(slow)
    if slow:
        told = [{name: row[name] for name in slow[0]} for row in rows(frame)]
        assert in_any_order(told) == in_any_order(slow)


@EXAMPLES
@given(drawn=LINES)
def test_spending_of_any_ledger(shared_store: Store, drawn: list[DrawnLine]) -> None:
    with taken_back(shared_store) as session:
        ledgers = build(session, drawn)
        one_school = Scope(school_ids=frozenset({ledgers.own_school.id}))
        for scope, whole in ((ledgers.scope, True), (one_school, False)):
            chosen, lines = years(scope), counting(ledgers, scope)
            uses = load_by_use(session, scope, chosen)
            same(uses, grouped(lines, lambda line: {
                "pot": line.pot, "part": line.part, "use_code": line.use_code, "purpose": line.purpose}))  # fmt: skip
            targets = load_by_target(session, scope, chosen)
            same(targets, grouped(lines, lambda line: {"pot": line.pot, "target_id": line.target_id}))
            by_school = [line for line in lines if whole or line.school_id in scope.school_ids]
            schools = load_by_school(session, scope, chosen)
            same(schools, grouped(by_school, lambda line: {"pot": line.pot, "school_id": line.school_id}))
            course = load_course(session, scope, chosen, ENDS)
            held = [line for line in lines if line.pot == Pot.LEAD_HELD]
            same(course, grouped(held, lambda line, whole=whole: {"day": told_day(line, whole)}))
            pots = load_pots(session, scope, chosen, load_rule_sets(session))
            for frame in (uses, targets, *([schools] if whole else [])):
                for name in ("spent", "committed"):
                    assert _by_pot(frame, name) == _by_pot(pots, name), "the sums of the pots, to the penny"


def told_day(line: LedgerLine, whole: bool) -> date | None:
    if line.spent_on is None or whole:
        return line.spent_on
    return next((end for end in ENDS if line.spent_on <= end), ENDS[-1])


def _by_pot(frame: pd.DataFrame, name: str) -> dict[tuple[int, str], int]:
    sums: dict[tuple[int, str], int] = {}
    for row in rows(frame):
        key = row["cluster_id"], str(row["pot"])
        sums[key] = sums.get(key, 0) + row[name]
    return {key: amount for key, amount in sums.items() if amount}


@EXAMPLES
@given(drawn=LINES)
def test_what_meetings_cost_in_any_ledger(shared_store: Store, drawn: list[DrawnLine]) -> None:
    with taken_back(shared_store) as session:
        ledgers = build(session, drawn)
        frame = load_meeting_costs(session, ledgers.scope, years(ledgers.scope), AS_OF)
        expected = []
        for number in (0, 1):
            for meeting, present, marks in zip(ledgers.meetings[number], (2, 0), (2, 1), strict=True):
                lines = [
                    line for line in ledgers.lines
                    if line.meeting_id == meeting.id and line.state in (*SPENT, *COMMITTED)
                ]  # fmt: skip
                costs = grouped(lines, lambda line: {"pot": line.pot}) or [
                    {"cluster_id": meeting.cluster_id, "pot": None, "committed": None, "spent": None, "lines": 0}
                ]
                for cost in costs:
                    cost.pop("illustrative", None)
                    expected.append({"meeting_id": meeting.id, "present": present, "marks": marks, **cost})
        same(frame, [{key: row[key] for key in expected[0]} for row in expected])
        one_school = Scope(school_ids=frozenset({ledgers.own_school.id}))
        assert load_meeting_costs(session, one_school, years(one_school), AS_OF).empty


def test_a_meeting_of_the_future_and_a_school_that_was_not_expected_are_not_counted(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        ford, stranger = put.school(session, within=mill), put.school(session, "Stranger")
        held, coming = put.meeting(session, mill, date(2016, 10, 5)), put.meeting(session, mill, date(2017, 6, 1))
        for each in (ford, stranger):
            put.mark(session, held, each, Mark.PRESENT)
        put.line(session, mill, 900, at=held, year=YEAR + 1)
        put.line(session, mill, 900, at=coming)
        scope = Scope(cluster_ids=frozenset({mill.id}))
        (row,) = rows(load_meeting_costs(session, scope, years(scope), AS_OF))
        assert (row["meeting_id"], row["present"], row["spent"], row["lines"]) == (held.id, 1, 900, 1)


def test_the_aims_of_targets_are_those_of_the_own_cluster(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        ledgers = build(session, [])
        scope = Scope(cluster_ids=frozenset({ledgers.clusters[0].id}))
        (row,) = rows(load_aims_of_targets(session, scope, years(scope)))
        assert (row["target_id"], row["position"]) == (ledgers.targets[0][0].id, 1)
        assert row["text"] == "Aim 1 of Alder Cluster"


@pytest.fixture
def both_sides(shared_store: Store) -> Any:
    with taken_back(shared_store) as session:
        ledgers = build(session, [])
        for number, cluster in enumerate(ledgers.clusters):
            ford, shared = ledgers.schools[number]
            fill_inputs(session, cluster, ford, shared)
        yield session, ledgers


def fill_inputs(session: Session, cluster: Any, ford: Any, shared: Any) -> None:
    put.contribution(session, cluster, ford, ContributionKind.LEVY, 5_000)
    paid = put.contribution(session, cluster, shared, ContributionKind.LEVY, 5_000)
    put.contribution(session, cluster, shared, ContributionKind.LEVY, 700, state=ContributionState.AGREED)
    put.contribution(session, cluster, ford, ContributionKind.TIME_IN_KIND, minutes=90, illustrative=True)
    put.contribution(session, cluster, ford, ContributionKind.CASH, state=ContributionState.AGREED)
    put.contribution(session, cluster, ford, ContributionKind.CASH, 99, year=YEAR - 1)
    put.allocation(session, cluster, 5_000, part=Part.LEVY).contribution_id = paid.id
    put.allocation(session, cluster, 100_000)
    put.allocation(session, cluster, 20_000)
    put.allocation(session, cluster, 50_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=ford)
    put.outside(session, cluster, "A fund", asked=9_000, won=8_000, received=None)
    put.outside(session, cluster, "Children in need", OutsideKind.CHARITY, OutsideState.RAISED, won=4_000)
    put.outside(session, cluster, "Last year’s fund", year=YEAR - 1)
    session.flush()


def test_contributions_by_kind_and_state(both_sides: tuple[Session, Ledgers]) -> None:
    session, ledgers = both_sides
    scope = Scope(cluster_ids=frozenset({ledgers.clusters[0].id}))
    told = [
        (
            row["kind"],
            row["state"],
            row["amount"],
            row["minutes"],
            row["without_figure"],
            row["illustrative"],
            row["rows"],
        )
        for row in rows(load_contributions(session, scope, years(scope)))
    ]
    assert told == [
        ("levy", "agreed", 700, 0, 0, 0, 1),
        ("levy", "paid", 10_000, 0, 0, 0, 2),
        ("cash", "agreed", 0, 0, 1, 0, 1),
        ("time_in_kind", "paid", 0, 90, 0, 1, 1),
    ]
    own = Scope(school_ids=frozenset({ledgers.own_school.id}))
    assert {row["amount"] for row in rows(load_contributions(session, own, years(own)))} == {5_000, 0}


def test_what_was_given_leaves_out_what_schools_paid_in(both_sides: tuple[Session, Ledgers]) -> None:
    session, ledgers = both_sides
    scope = Scope(cluster_ids=frozenset({ledgers.clusters[0].id}))
    told = [
        (row["pot"], row["part"], row["amount"], row["rows"]) for row in rows(load_given(session, scope, years(scope)))
    ]
    assert told == [("lead_held", "A", 120_000, 2), ("school_held", "release", 50_000, 1)]
    own = Scope(school_ids=frozenset({ledgers.own_school.id}))
    assert load_given(session, own, years(own)).empty


def test_money_from_elsewhere_is_told_as_it_was_entered(both_sides: tuple[Session, Ledgers]) -> None:
    session, ledgers = both_sides
    scope = Scope(cluster_ids=frozenset({ledgers.clusters[0].id}))
    told = [(row["party"], row["state"], row["asked"], row["won"], row["received"])
            for row in rows(load_outside(session, scope, years(scope)))]  # fmt: skip
    assert told == [("A fund", "won", 9_000, 8_000, None), ("Children in need", "raised", None, 4_000, None)]
    own = Scope(school_ids=frozenset({ledgers.own_school.id}))
    assert load_outside(session, own, years(own)).empty


def test_a_request_and_a_withdrawn_line_are_in_no_sum(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        for state in LineState:
            put.line(session, mill, 100, state)
        scope = Scope(cluster_ids=frozenset({mill.id}))
        (row,) = rows(load_by_use(session, scope, years(scope)))
        assert (row["spent"], row["committed"], row["lines"]) == (200, 200, 4)
