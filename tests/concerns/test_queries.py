"""What is read of concerns: ages counted by hand, the last step of each, counts against a slow answer."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dashboard.access import EVERYTHING, NOTHING, Scope, reading
from dashboard.concerns import queries
from dashboard.concerns.queries import load_concerns, load_members_on, load_open_counts, load_steps, load_tried
from dashboard.db import Store
from dashboard.models import Cluster, Concern, ConcernStep, LeadSchool
from dashboard.vocabulary import ConcernDecision, StepKind, StepOutcome
from tests import builders as put
from tests.accounts.places import statements
from tests.builders import AS_OF, EXAMPLES, taken_back
from tests.concerns.world import World

VISIT, OTHER = StepKind.VISITED_THE_HEAD, StepKind.OTHER


def concern(session: Session, of: Cluster, days: int, **said: object) -> Concern:
    """One that was raised so many days ago."""
    row = Concern(cluster_id=of.id, summary=f"{days} days", raised_on=AS_OF - timedelta(days), raised_as="coordinator")
    for name, value in said.items():
        setattr(row, name, value)
    return put.put(session, row)


def step(session: Session, of: Concern, day: date, kind: StepKind = VISIT, **said: object) -> ConcernStep:
    row = ConcernStep(concern_id=of.id, kind=kind, taken_on=day)
    for name, value in said.items():
        setattr(row, name, value)
    return put.put(session, row)


def test_open_concerns_come_by_age_with_their_last_step(store: Store) -> None:
    with taken_back(store) as session:
        mill, weir = put.cluster(session, "Mill Cluster"), put.cluster(session, "Weir Cluster")
        ford = put.school(session, within=mill)
        new = concern(session, mill, 5, school_id=ford.id, review_on=AS_OF)
        old = concern(session, weir, 94, review_on=AS_OF - timedelta(12))
        concern(session, mill, 200, closed_on=AS_OF, decision=ConcernDecision.SETTLED)
        step(session, old, date(2017, 2, 1), OTHER)
        step(session, old, date(2017, 2, 20), outcome=StepOutcome.HEAD_CAME)
        step(session, old, date(2017, 1, 1), OTHER)
        rows = load_concerns(session, EVERYTHING, AS_OF)
        assert [(row.concern_id, row.cluster, row.school, (AS_OF - row.raised_on).days) for row in rows] == [
            (old.id, "weir-cluster", None, 94), (new.id, "mill-cluster", "ford-school", 5),
        ]  # fmt: skip
        assert [(row.steps, row.last_kind, row.last_on, row.last_outcome) for row in rows] == [
            (3, VISIT, date(2017, 2, 20), StepOutcome.HEAD_CAME), (0, None, None, None),
        ]  # fmt: skip
        assert {(row.found, row.overdue) for row in rows} == {(2, 1)}, "a review of today is not overdue"


def test_of_two_steps_of_a_day_the_one_noted_later_is_the_last(store: Store) -> None:
    with taken_back(store) as session:
        row = concern(session, put.cluster(session), 1)
        step(session, row, AS_OF, OTHER)
        step(session, row, AS_OF, VISIT)
        assert [each.last_kind for each in load_concerns(session, EVERYTHING, AS_OF)] == [VISIT]


def test_closed_ones_come_by_the_day_they_were_closed_and_have_no_overdue_review(store: Store) -> None:
    with taken_back(store) as session:
        mill = put.cluster(session)
        days = [date(2017, 1, 5), date(2017, 2, 5), date(2017, 1, 5)]
        made = [concern(session, mill, 90, closed_on=each, review_on=date(2016, 12, 1)) for each in days]
        rows = load_concerns(session, EVERYTHING, AS_OF, closed=True)
        assert [row.concern_id for row in rows] == [made[1].id, made[2].id, made[0].id]
        assert {(row.found, row.overdue) for row in rows} == {(3, 0)}
        assert load_concerns(session, EVERYTHING, AS_OF) == []


def test_a_page_holds_so_many_and_the_next_goes_on_with_the_same_totals(store: Store) -> None:
    with taken_back(store) as session:
        mill, weir = put.cluster(session, "Mill Cluster"), put.cluster(session, "Weir Cluster")
        for days in range(5):
            concern(session, mill, days, review_on=AS_OF - timedelta(1))
        concern(session, weir, 50)
        pages = [
            load_concerns(session, EVERYTHING, AS_OF, cluster="mill-cluster", most=2, skip=skip) for skip in (0, 2, 4)
        ]
        assert [[(AS_OF - row.raised_on).days for row in page] for page in pages] == [[4, 3], [2, 1], [0]]
        assert {(row.found, row.overdue) for page in pages for row in page} == {(5, 5)}
        assert load_concerns(session, EVERYTHING, AS_OF, cluster="nowhere") == []


@pytest.mark.parametrize("clusters", [2, 12])
def test_a_list_is_one_statement_and_the_counts_another_however_many_there_are(store: Store, clusters: int) -> None:
    with store.writing() as session:
        for number in range(clusters):
            row = concern(session, put.cluster(session, f"Cluster {number}"), number)
            step(session, row, AS_OF)
    with store.reading() as session, statements(store) as sent:
        assert len(load_concerns(session, EVERYTHING, AS_OF)) == clusters
        assert len(load_open_counts(session, EVERYTHING, AS_OF)) == clusters
    assert len(sent) == 2


def test_the_clusters_with_their_open_concerns(store: Store) -> None:
    with taken_back(store) as session:
        mill, weir = put.cluster(session, "Mill Cluster"), put.cluster(session, "Weir Cluster")
        put.cluster(session, "Quiet Cluster")
        concern(session, weir, 30, review_on=AS_OF - timedelta(1))
        concern(session, weir, 40, review_on=AS_OF)
        concern(session, weir, 90, closed_on=AS_OF, review_on=AS_OF - timedelta(1))
        concern(session, mill, 90, closed_on=AS_OF)
        counts = load_open_counts(session, EVERYTHING, AS_OF)
        assert [(row.cluster, row.open, row.oldest_days(AS_OF), row.overdue) for row in counts] == [
            ("mill-cluster", 0, None, 0), ("weir-cluster", 2, 40, 1),
        ]  # fmt: skip


def test_steps_come_in_the_order_in_which_they_were_taken(store: Store) -> None:
    with taken_back(store) as session:
        row = concern(session, put.cluster(session), 9)
        late, early = step(session, row, AS_OF), step(session, row, date(2017, 1, 2))
        assert [each.step_id for each in load_steps(session, EVERYTHING, row.id)] == [early.id, late.id]


def test_the_members_of_a_day_and_which_of_them_leads(store: Store) -> None:
    with taken_back(store) as session:
        mill = put.cluster(session)
        for name, joined, left in (
            ("Always", None, None), ("Gone", None, AS_OF - timedelta(1)), ("Last Day", None, AS_OF),
            ("First Day", AS_OF, None), ("Later", AS_OF + timedelta(1), None),
        ):  # fmt: skip
            put.membership(session, mill, put.school(session, name), joined, left)
        members = {each.name: each.school_id for each in load_members_on(session, EVERYTHING, mill.id, AS_OF)}
        assert list(members) == ["Always", "First Day", "Last Day"]
        put.put(session, LeadSchool(cluster_id=mill.id, school_id=members["Always"], ends=AS_OF))
        put.put(session, LeadSchool(cluster_id=mill.id, school_id=members["Last Day"], ends=AS_OF - timedelta(1)))
        put.put(session, LeadSchool(cluster_id=mill.id, school_id=members["First Day"], starts=AS_OF + timedelta(9)))
        leads = [each.name for each in load_members_on(session, EVERYTHING, mill.id, AS_OF) if each.leads]
        assert leads == ["Always", "First Day"]


# What was tried, against an answer that looks at every row


@dataclass(frozen=True)
class Drawn:
    """A concern with its steps; in the decoy or not."""

    hidden: bool
    rule: str | None
    age: int
    review: int | None
    closed: bool
    steps: tuple[tuple[StepKind, StepOutcome, int], ...]


RULES = st.sampled_from((None, "low_attendance", "turnover"))
DRAWN = st.lists(
    st.builds(
        Drawn,
        hidden=st.booleans(),
        rule=RULES,
        age=st.integers(0, 5),
        review=st.one_of(st.none(), st.integers(-2, 2)),
        closed=st.booleans(),
        steps=st.lists(
            st.tuples(st.sampled_from((VISIT, OTHER)), st.sampled_from(tuple(StepOutcome)[:3]), st.integers(0, 3)),
            max_size=4,
        ).map(tuple),
    ),
    max_size=6,
)


def fill(session: Session, drawn: list[Drawn]) -> tuple[Scope, dict[int, Drawn]]:
    mill, decoy = put.cluster(session, "Mill Cluster"), put.cluster(session, "Decoy Cluster")
    made = {}
    for each in drawn:
        row = concern(session, decoy if each.hidden else mill, each.age, rule=each.rule)
        row.review_on = None if each.review is None else AS_OF + timedelta(each.review)
        row.closed_on = AS_OF if each.closed else None
        for kind, outcome, days in each.steps:
            step(session, row, AS_OF - timedelta(days), kind, outcome=outcome)
        made[row.id] = each
    return Scope(cluster_ids=frozenset({mill.id})), made


@EXAMPLES
@given(drawn=DRAWN, rule=RULES)
def test_what_was_tried_is_counted_as_a_slow_answer_counts_it(
    store: Store, drawn: list[Drawn], rule: str | None
) -> None:
    seen = [each for each in drawn if not each.hidden]
    same = [taken for each in seen if rule and each.rule == rule for taken in each.steps]
    steps = same or [taken for each in seen for taken in each.steps]
    with taken_back(store) as session:
        scope, _ = fill(session, drawn)
        tried = load_tried(session, scope, rule)
    assert {each.kind: each.taken for each in tried} == Counter(kind for kind, _, _ in steps)
    assert {(each.kind, outcome): number for each in tried for outcome, number in each.outcomes} == Counter(
        (kind, outcome) for kind, outcome, _ in steps
    )
    assert [each.taken for each in tried] == sorted((each.taken for each in tried), reverse=True)
    assert {each.same_rule for each in tried} == ({bool(same)} if steps else set())


@EXAMPLES
@given(drawn=DRAWN, closed=st.booleans())
def test_lists_and_counts_are_as_a_slow_answer_has_them(store: Store, drawn: list[Drawn], closed: bool) -> None:
    with taken_back(store) as session:
        scope, made = fill(session, drawn)
        rows = load_concerns(session, scope, AS_OF, closed=closed)
        counts = load_open_counts(session, scope, AS_OF)
    mine = {number: each for number, each in made.items() if not each.hidden}
    listed = [number for number, each in mine.items() if each.closed == closed]
    late = {number for number, each in mine.items() if not each.closed and each.review is not None and each.review < 0}
    assert [row.concern_id for row in rows] == sorted(listed, key=lambda n: -n if closed else (-mine[n].age, n))
    for row in rows:
        steps = mine[row.concern_id].steps
        assert row.steps == len(steps)
        assert row.found == len(listed)
        assert row.overdue == (0 if closed else len(late))
        if steps:
            days = min(days for _, _, days in steps)
            kind, outcome, _ = [each for each in steps if each[2] == days][-1]
            assert (row.last_kind, row.last_on, row.last_outcome) == (kind, AS_OF - timedelta(days), outcome)
    ages = [each.age for each in mine.values() if not each.closed]
    expected = [(len(ages), max(ages, default=None), len(late))] if mine else []
    assert [(each.open, each.oldest_days(AS_OF), each.overdue) for each in counts] == expected


# Behind the wall


def test_behind_the_wall_there_is_nothing_of_another_cluster(world: World) -> None:
    for reader, seen in ((world.coordinator, set()), (world.stranger, {1})):
        scope = world.scope(reader)
        with reading(world.walled, scope) as session:
            assert {row.concern_id for row in load_concerns(session, scope, AS_OF)} == seen
            past_the_scope = set(session.scalars(sa.select(Concern.id)))
            steps = len(session.scalars(sa.select(ConcernStep.id)).all())
        if world.store.is_postgresql:
            assert (past_the_scope, steps) == (seen, len(seen))
    with reading(world.walled, Scope(school_ids=frozenset({world.weir_school}))) as session:
        assert (session.scalars(sa.select(Concern.id)).all() == []) == world.store.is_postgresql
        assert load_concerns(session, Scope(school_ids=frozenset({world.weir_school})), AS_OF) == []
        assert queries.find_concern(session, NOTHING, 1) is None
