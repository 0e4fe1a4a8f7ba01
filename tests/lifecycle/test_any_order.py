"""Whatever is told in whatever order: memberships never overlap, and the denominators are those of a plain recount."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dashboard.access import EVERYTHING
from dashboard.db import Store
from dashboard.directory.lifecycle import ByHand, EventRefused, Lifecycle
from dashboard.directory.queries import cluster_years
from dashboard.engagement.queries import load_attendance_by_school
from dashboard.models import LifecycleEvent, Meeting, Membership, School
from dashboard.vocabulary import EventKind, Mark
from tests import builders as put
from tests.builders import EXAMPLES, taken_back
from tests.lifecycle.conftest import cluster_of, settle

TODAY = date(2017, 7, 1)
FIRST = date(2016, 9, 5)
HELD = tuple(FIRST + timedelta(14 * number) for number in range(8))

DAYS = st.integers(0, 120).map(lambda number: FIRST + timedelta(number))
LATER = st.none() | DAYS
SCHOOLS = st.integers(0, 3)
STEPS = st.tuples(
    st.sampled_from(("join", "leave", "replace", "close", "sabbatical", "colleague", "back", "correct", "take back")),
    SCHOOLS,
    SCHOOLS,
    DAYS,
    LATER,
    LATER,
)
TELLING = st.lists(STEPS, min_size=1, max_size=14)


def do(session: Session, cluster_id: int, schools: list[School], step: tuple[Any, ...]) -> bool:
    """One step, as behind a form; whether it was accepted. `which` also chooses among the events there are."""
    what, which, other, on, until, review = step
    life = Lifecycle(ByHand(session), cluster_of(session, cluster_id), TODAY)
    school, newcomer = schools[which], schools[other]
    told = session.scalars(sa.select(LifecycleEvent).order_by(LifecycleEvent.id)).all()
    event = told[(which + 4 * other) % len(told)] if told else None
    try:
        if what in ("back", "correct", "take back"):
            if event is None:
                return False
            if what == "back":
                life.come_back(event, on)
            elif what == "correct":
                life.putting_right.correct(event, on, until=until, review=review)
            else:
                life.putting_right.take_back(event)
        elif what == "join":
            life.join(school, on)
        elif what == "leave":
            life.leave(school, on)
        elif what == "replace":
            life.replace(school, newcomer, on)
        elif what == "close":
            life.close(school, on, until=until)
        else:
            person = "Somebody" if what == "colleague" else None
            life.begin_sabbatical(school, on, until=until, review=review, person=person)
    except EventRefused:
        return False
    session.flush()
    return True


def recount(session: Session, cluster_id: int) -> dict[int, int]:
    """How many meetings each school was expected at: a member on the day, and neither on sabbatical nor closed."""
    spells = session.scalars(sa.select(Membership).where(Membership.cluster_id == cluster_id)).all()
    events = session.scalars(sa.select(LifecycleEvent).where(LifecycleEvent.cluster_id == cluster_id)).all()
    counts: dict[int, int] = {}
    for held in session.scalars(sa.select(Meeting.held_on).where(Meeting.cluster_id == cluster_id)):
        for spell in spells:
            if not (spell.joined or date.min) <= held <= (spell.left or date.max):
                continue
            away = any(
                each.school_id == spell.school_id and each.kind in (EventKind.SABBATICAL, EventKind.CLOSED)
                and each.person_id is None and each.happened_on <= held <= (each.ends_on or date.max)
                for each in events
            )  # fmt: skip
            counts[spell.school_id] = counts.get(spell.school_id, 0) + (not away)
    return {school: count for school, count in counts.items() if count}


@EXAMPLES
@given(telling=TELLING)
def test_any_sequence_of_accepted_events(store: Store, telling: list[tuple[Any, ...]]) -> None:
    with taken_back(store) as session:
        at = settle(session)
        newcomer = put.school(session, "New School")
        schools = [session.get_one(School, number) for number in (at.ford, at.weir, at.lock, newcomer.id)]
        for number in (at.mill, at.decoy):
            for day in HELD:
                held = put.meeting(session, cluster_of(session, number), day)
                for each in schools:
                    put.mark(session, held, each, Mark.PRESENT)
        for step in telling:
            before = _everything(session)
            if not do(session, at.mill, schools, step):
                session.flush()
                assert _everything(session) == before, "what is refused changes nothing"
        _check_memberships(session, at.mill)
        years = cluster_years(EVERYTHING, TODAY, year=None)
        frame = load_attendance_by_school(session, EVERYTHING, years, TODAY)
        mine = frame[frame["cluster_id"] == at.mill]
        counted = {row.school_id: row.expected for row in mine.itertuples() if row.expected}
        assert counted == recount(session, at.mill)


def _everything(session: Session) -> list[tuple[Any, ...]]:
    spells = session.execute(sa.select(Membership.__table__).order_by(Membership.id))
    events = session.execute(sa.select(LifecycleEvent.__table__).order_by(LifecycleEvent.id))
    return [tuple(row) for row in (*spells, *events)]


def _check_memberships(session: Session, cluster_id: int) -> None:
    spells = session.scalars(sa.select(Membership).where(Membership.cluster_id == cluster_id)).all()
    for one in spells:
        assert (one.joined or date.min) <= (one.left or date.max)
        for other in spells:
            if one is not other and one.school_id == other.school_id:
                apart = (one.left or date.max) < (other.joined or date.min)
                assert apart or (other.left or date.max) < (one.joined or date.min)
