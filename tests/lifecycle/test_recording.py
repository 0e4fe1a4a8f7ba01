"""What each command does to memberships, roles and trusts, worked out by hand; and what contradicts."""

from collections.abc import Callable, Generator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.changes import Outcome
from dashboard.db import Store
from dashboard.directory.lifecycle import ByHand, EventRefused, Lifecycle
from dashboard.models import (
    Appointment,
    ImportBatch,
    LifecycleEvent,
    Person,
    PersonMark,
    School,
    SchoolAgreement,
    SchoolMark,
    Trust,
    TrustMembership,
)
from dashboard.vocabulary import EventKind, Mark
from tests import builders as put
from tests.builders import taken_back
from tests.lifecycle.conftest import JOINED, Places, cluster_of, members, settle

TODAY = date(2017, 3, 1)
NEW_YEAR = date(2017, 1, 1)
Spell = tuple[str, date | None, date | None]
FORD: Spell = ("ford-school", JOINED, None)
WEIR: Spell = ("weir-school", JOINED, None)
LOCK: Spell = ("lock-school", None, None)
DAYS = {number: date(2017, 1, number) for number in range(1, 32)}


class World:
    """The Mill Cluster with its lifecycle, which is loaded anew for every command, as behind every form."""

    def __init__(self, session: Session, places: Places) -> None:
        self.session, self.at = session, places
        self.ford, self.weir, self.lock = (session.get_one(School, n) for n in (places.ford, places.weir, places.lock))
        self.new = put.school(session, "New School")

    @property
    def life(self) -> Lifecycle:
        self.session.flush()
        return Lifecycle(ByHand(self.session), cluster_of(self.session, self.at.mill), TODAY)

    def members(self) -> set[Spell]:
        self.session.flush()
        return members(self.session, self.at.mill)

    def events(self) -> list[tuple[EventKind, date, date | None]]:
        self.session.flush()
        rows = self.session.execute(sa.select(LifecycleEvent).order_by(LifecycleEvent.id)).scalars()
        return [(row.kind, row.happened_on, row.ends_on) for row in rows]

    def last(self) -> LifecycleEvent:
        return self.session.scalars(sa.select(LifecycleEvent).order_by(LifecycleEvent.id.desc())).first()  # type: ignore[return-value]

    def roles(self) -> set[tuple[str, str, date | None, date | None, str | None]]:
        """School, colleague, first and last day, who took over."""
        self.session.flush()
        heirs = sa.orm.aliased(Person)
        rows = self.session.execute(
            sa.select(School.slug, Person.name, Appointment.starts, Appointment.ends, heirs.name)
            .join(Person, Person.id == Appointment.person_id)
            .join(School, School.id == Appointment.school_id)
            .outerjoin(heirs, heirs.id == Appointment.replaced_by_id)
        )
        return {tuple(row) for row in rows}


@pytest.fixture
def world(store: Store) -> Generator[World]:
    with taken_back(store) as session:
        yield World(session, settle(session))


Act = Callable[[World], Any]
TABLE: list[tuple[str, Act, set[Spell]]] = [
    ("joins", lambda w: w.life.join(w.new, DAYS[9]), {FORD, WEIR, LOCK, ("new-school", DAYS[9], None)}),
    ("leaves", lambda w: w.life.leave(w.ford, DAYS[9]), {("ford-school", JOINED, DAYS[9]), WEIR, LOCK}),
    (
        "leaves, joined nobody knows when",
        lambda w: w.life.leave(w.lock, DAYS[9]),
        {FORD, WEIR, ("lock-school", None, DAYS[9])},
    ),
    (
        "leaves on the day it joined",
        lambda w: w.life.leave(w.ford, JOINED),
        {("ford-school", JOINED, JOINED), WEIR, LOCK},
    ),
    (
        "is replaced",
        lambda w: w.life.replace(w.ford, w.new, DAYS[9]),
        {("ford-school", JOINED, DAYS[9]), WEIR, LOCK, ("new-school", DAYS[10], None)},
    ),
    (
        "is replaced, with days between",
        lambda w: w.life.replace(w.ford, w.new, DAYS[9], joins=DAYS[20]),
        {("ford-school", JOINED, DAYS[9]), WEIR, LOCK, ("new-school", DAYS[20], None)},
    ),
    ("closes for good", lambda w: w.life.close(w.ford, DAYS[9]), {("ford-school", JOINED, DAYS[8]), WEIR, LOCK}),
    ("closes for a time", lambda w: w.life.close(w.ford, DAYS[9], until=DAYS[12]), {FORD, WEIR, LOCK}),
    ("is on sabbatical", lambda w: w.life.begin_sabbatical(w.ford, DAYS[9], review=DAYS[12]), {FORD, WEIR, LOCK}),
    ("joins a trust", lambda w: w.life.join_trust(w.ford, DAYS[9], trust="River Trust"), {FORD, WEIR, LOCK}),
    ("signs", lambda w: w.life.sign_agreement(w.ford, DAYS[9]), {FORD, WEIR, LOCK}),
    ("hands over", lambda w: w.life.hand_over(w.ford, "A", "B", DAYS[9]), {FORD, WEIR, LOCK}),
    ("shares", lambda w: w.life.share_role(w.ford, "A", DAYS[9]), {FORD, WEIR, LOCK}),
    ("arranges a substitute", lambda w: w.life.arrange_substitute(w.ford, "A", DAYS[9]), {FORD, WEIR, LOCK}),
    ("disengages", lambda w: w.life.note(EventKind.DISENGAGED, w.ford, DAYS[9]), {FORD, WEIR, LOCK}),
    ("passes a gate", lambda w: w.life.note(EventKind.STAGE_GATE, None, DAYS[9]), {FORD, WEIR, LOCK}),
]


@pytest.mark.parametrize(("act", "after"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_memberships_after_each_event_after_it_again_and_after_it_was_taken_back(
    world: World, act: Act, after: set[Spell]
) -> None:
    recorded = act(world)
    assert recorded.outcome is Outcome.ADDED
    assert world.members() == after
    told = world.events()
    again = act(world)
    assert (again.outcome, world.members(), world.events()) == (Outcome.UNCHANGED, after, told)
    for event in (world.session.get_one(LifecycleEvent, number) for number in _numbers(world)):
        world.life.putting_right.take_back(event)
    assert world.members() == {FORD, WEIR, LOCK}
    assert world.events() == []
    assert {row[2:4] for row in world.roles()} <= {(None, None)}
    assert world.session.scalars(sa.select(SchoolAgreement.id)).all() == []
    assert world.session.scalars(sa.select(TrustMembership.id)).all() == []


def _numbers(world: World) -> list[int]:
    return list(world.session.scalars(sa.select(LifecycleEvent.id).order_by(LifecycleEvent.id.desc())))


def test_a_school_comes_back_and_what_was_open_ends_the_day_before(world: World) -> None:
    world.life.begin_sabbatical(world.ford, DAYS[2], review=DAYS[20])
    world.life.leave(world.ford, DAYS[9])
    world.life.join(world.ford, DAYS[20])
    assert world.members() == {("ford-school", JOINED, DAYS[9]), ("ford-school", DAYS[20], None), WEIR, LOCK}
    assert world.events()[0] == (EventKind.SABBATICAL, DAYS[2], DAYS[19])


def test_one_that_left_before_is_replaced_later(world: World) -> None:
    world.life.leave(world.ford, DAYS[9])
    world.life.replace(world.ford, world.new, DAYS[20])
    assert world.members() == {("ford-school", JOINED, DAYS[9]), WEIR, LOCK, ("new-school", DAYS[21], None)}


def test_two_events_of_one_leaving_both_keep_the_school_out(world: World) -> None:
    world.life.leave(world.ford, DAYS[9])
    dropped = world.last()
    world.life.replace(world.ford, world.new, DAYS[9])
    world.life.putting_right.take_back(dropped)
    assert ("ford-school", JOINED, DAYS[9]) in world.members()
    world.life.putting_right.take_back(world.last())
    assert FORD in world.members()
    assert ("new-school", DAYS[10], None) in world.members(), "the newcomer stays: its joining is an event of its own"


def test_a_list_of_schools_said_so_before(world: World) -> None:
    """The event alone is added; and taking it back leaves the membership that came with the list."""
    batch = put.put(world.session, _batch())
    spell = put.membership(world.session, cluster_of(world.session, world.at.mill), world.new, DAYS[9], DAYS[20])
    spell.batch_id = batch.id
    assert world.life.join(world.new, DAYS[9]).outcome is Outcome.ADDED
    assert world.life.leave(world.new, DAYS[20]).outcome is Outcome.ADDED
    assert ("new-school", DAYS[9], DAYS[20]) in world.members()
    joined = world.session.scalars(sa.select(LifecycleEvent).where(LifecycleEvent.kind == EventKind.JOINED)).one()
    world.life.putting_right.take_back(joined)
    assert ("new-school", DAYS[9], DAYS[20]) in world.members()


def test_a_mark_that_was_taken_out_of_a_register_keeps_nothing_from_being_taken_back(world: World) -> None:
    held = put.meeting(world.session, cluster_of(world.session, world.at.mill), DAYS[12])
    world.life.join(world.new, DAYS[9])
    world.life.arrange_substitute(world.new, "A", DAYS[9])
    person = world.session.scalars(sa.select(Person).where(Person.name == "A")).one()
    of_school = {"meeting_id": held.id, "school_id": world.new.id, "mark": Mark.ABSENT}
    rows = PersonMark(**of_school, person_id=person.id), SchoolMark(**of_school)
    world.session.add_all(rows)
    for number, row in zip(_numbers(world), rows, strict=True):
        event = world.session.get_one(LifecycleEvent, number)
        with pytest.raises(EventRefused, match="stands in registers or other events"):
            world.life.putting_right.take_back(event)
        row.mark = Mark.NOT_RECORDED
        world.life.putting_right.take_back(event)
    assert (world.members(), world.events()) == ({FORD, WEIR, LOCK}, [])


def _batch() -> ImportBatch:
    return ImportBatch(kind="schools", file_name="schools.csv")


# ------------------------------------------------------------------------------------------------ colleagues, trusts
def test_a_handover_with_overlap_and_one_after_it(world: World) -> None:
    world.life.hand_over(world.ford, "A", "B", DAYS[9], last=DAYS[20])
    world.life.hand_over(world.ford, "B", "C", DAYS[25])
    world.life.induct(world.ford, "B", DAYS[12])
    assert world.roles() == {
        ("ford-school", "A", None, DAYS[20], "B"), ("ford-school", "B", DAYS[9], DAYS[24], "C"),
        ("ford-school", "C", DAYS[25], None, None),
    }  # fmt: skip
    assert world.events() == [
        (EventKind.HANDOVER, DAYS[9], DAYS[20]),
        (EventKind.HANDOVER, DAYS[25], None),
        (EventKind.INDUCTED, DAYS[12], None),
    ]
    first = world.session.scalars(sa.select(LifecycleEvent).order_by(LifecycleEvent.id)).first()
    with pytest.raises(EventRefused, match="stands in registers or other events"):
        world.life.putting_right.take_back(first)  # type: ignore[arg-type]


def test_a_colleague_of_the_register_is_the_same_person(world: World) -> None:
    held = put.meeting(world.session, cluster_of(world.session, world.at.mill), DAYS[3])
    known = put.person(world.session, "Ada Brook")
    mark = PersonMark(meeting_id=held.id, school_id=world.ford.id, person_id=known.id, mark=Mark.PRESENT)
    put.put(world.session, mark)
    world.life.hand_over(world.ford, "ada  brook", "B", DAYS[9])
    assert world.session.scalars(sa.select(sa.func.count(Person.id))).one() == 2
    assert ("ford-school", "Ada Brook", None, DAYS[8], "B") in world.roles()


def test_a_colleague_is_away_and_the_school_is_not(world: World) -> None:
    world.life.begin_sabbatical(world.ford, DAYS[2], review=DAYS[20], person="A")
    world.life.begin_sabbatical(world.ford, DAYS[3], review=DAYS[20], person="B")
    world.life.begin_sabbatical(world.ford, DAYS[4], review=DAYS[20])
    with pytest.raises(EventRefused, match="this colleague of Ford School is on sabbatical already"):
        world.life.begin_sabbatical(world.ford, DAYS[9], until=DAYS[12], person="A")
    assert len(world.events()) == 3


def test_the_time_in_a_trust(world: World) -> None:
    world.life.join_trust(world.ford, DAYS[9], trust="River Trust")
    with pytest.raises(EventRefused, match="Ford School is in River Trust; record first that it left it"):
        world.life.join_trust(world.ford, DAYS[20], trust="Hill Trust")
    world.life.leave_trust(world.ford, DAYS[19])
    world.life.join_trust(world.ford, DAYS[20], trust="Hill Trust")
    rows = world.session.execute(
        sa.select(Trust.name, TrustMembership.joined, TrustMembership.left).join(Trust).order_by(Trust.id)
    )
    assert [tuple(row) for row in rows] == [("River Trust", DAYS[9], DAYS[19]), ("Hill Trust", DAYS[20], None)]
    assert world.members() == {FORD, WEIR, LOCK}
    with pytest.raises(EventRefused, match="Weir School is in no trust or federation"):
        world.life.leave_trust(world.weir, DAYS[9])


# --------------------------------------------------------------------------------------------------- contradictions
def _away(w: World) -> None:
    w.life.begin_sabbatical(w.ford, DAYS[9], until=DAYS[20])


def _gone(w: World) -> None:
    w.life.leave(w.ford, DAYS[9])


REFUSED: list[tuple[str, Act | None, Act, str]] = [
    (
        "joins twice",
        None,
        lambda w: w.life.join(w.ford, DAYS[9]),
        "member of Mill Cluster already, since 1 September 2015",
    ),
    ("joins without a known start", None, lambda w: w.life.join(w.lock, DAYS[9]), "since a day that nobody wrote down"),
    ("joins before a later time", None, lambda w: w.life.join(w.ford, date(2015, 8, 1)), "is a member"),
    ("leaves before joining", None, lambda w: w.life.leave(w.ford, date(2015, 8, 31)), "it joined on 1 September 2015"),
    ("leaves and never joined", None, lambda w: w.life.leave(w.new, DAYS[9]), "it never joined"),
    ("leaves twice", _gone, lambda w: w.life.leave(w.ford, DAYS[8]), "leaves on 9 January 2017 already"),
    ("leaves after it left", _gone, lambda w: w.life.leave(w.ford, DAYS[10]), "it left on 9 January 2017"),
    ("leaves before its sabbatical", _away, lambda w: w.life.leave(w.ford, DAYS[8]), "something else is written down"),
    ("closes before its sabbatical", _away, lambda w: w.life.close(w.ford, DAYS[9]), "something else is written down"),
    ("is replaced by itself", None, lambda w: w.life.replace(w.ford, w.ford, DAYS[9]), "by itself"),
    ("is replaced by a member", None, lambda w: w.life.replace(w.ford, w.weir, DAYS[9]), "is a member"),
    (
        "is replaced by a second",
        lambda w: w.life.replace(w.ford, w.new, DAYS[9]),
        lambda w: w.life.replace(w.ford, w.weir, DAYS[9]),
        "by another school",
    ),
    ("closes on the day it joined", None, lambda w: w.life.close(w.ford, JOINED), "was no member"),
    (
        "closes again",
        lambda w: w.life.close(w.ford, DAYS[9]),
        lambda w: w.life.close(w.ford, DAYS[9], until=DAYS[12]),
        "closed for good since 9 January 2017",
    ),
    (
        "two sabbaticals at once",
        _away,
        lambda w: w.life.begin_sabbatical(w.ford, DAYS[20], until=DAYS[25]),
        "on sabbatical already, from 9 January 2017 until 20 January 2017",
    ),
    (
        "an open one over a later one",
        _away,
        lambda w: w.life.begin_sabbatical(w.ford, DAYS[2], review=DAYS[3]),
        "two at once",
    ),
    ("closed while on sabbatical", _away, lambda w: w.life.close(w.ford, DAYS[20], until=DAYS[21]), "two at once"),
    ("no end and no review", None, lambda w: w.life.begin_sabbatical(w.ford, DAYS[9]), "for a set period"),
    (
        "review before the start",
        None,
        lambda w: w.life.begin_sabbatical(w.ford, DAYS[9], review=DAYS[8]),
        "before the start",
    ),
    (
        "reviewed before the start",
        None,
        lambda w: w.life.begin_sabbatical(w.ford, DAYS[9], until=DAYS[12], reviewed=DAYS[8]),
        "cannot have been reviewed",
    ),
    (
        "a century off",
        None,
        lambda w: w.life.begin_sabbatical(w.ford, date(1917, 1, 9), until=DAYS[9]),
        "check the year",
    ),
    ("an end a century off", None, lambda w: w.life.close(w.ford, DAYS[9], until=date(2117, 1, 9)), "check the year"),
    ("of a school that had left", _gone, lambda w: w.life.sign_agreement(w.ford, DAYS[10]), "it left on"),
    (
        "of a colleague of a school that had left",
        _gone,
        lambda w: w.life.hand_over(w.ford, "A", "B", DAYS[10]),
        "it left on",
    ),
    ("hands over to themselves", None, lambda w: w.life.hand_over(w.ford, "A", " a ", DAYS[9]), "to themselves"),
    (
        "hands over twice",
        lambda w: w.life.hand_over(w.ford, "A", "B", DAYS[9]),
        lambda w: w.life.hand_over(w.ford, "A", "C", DAYS[9]),
        "to somebody else on 9 January 2017 already",
    ),
    (
        "hands over after the role ended",
        lambda w: w.life.hand_over(w.ford, "A", "B", DAYS[9]),
        lambda w: w.life.hand_over(w.ford, "A", "C", DAYS[20]),
        "held the role until 8 January 2017",
    ),
    (
        "hands over before the role began",
        lambda w: w.life.hand_over(w.ford, "A", "B", DAYS[9]),
        lambda w: w.life.hand_over(w.ford, "B", "C", DAYS[9]),
        "since 9 January 2017; it cannot end before",
    ),
    (
        "to whom has the role",
        lambda w: w.life.share_role(w.ford, "B", DAYS[2]),
        lambda w: w.life.hand_over(w.ford, "A", "B", DAYS[9]),
        "holds this role at Ford School already",
    ),
    (
        "shares twice",
        lambda w: w.life.share_role(w.ford, "B", DAYS[2]),
        lambda w: w.life.share_role(w.ford, "B", DAYS[9]),
        "holds this role at Ford School since 2 January 2017",
    ),
    ("an unknown colleague", None, lambda w: w.life.induct(w.ford, "A", DAYS[9]), "nobody called “A” is known"),
    (
        "a school where the cluster is meant",
        None,
        lambda w: w.life.note(EventKind.JOINED, w.ford, DAYS[9]),
        "more than a date",
    ),
    (
        "disengaged without a school",
        None,
        lambda w: w.life.note(EventKind.DISENGAGED, None, DAYS[9]),
        "say which school",
    ),
    ("back before it went", _away, lambda w: w.life.come_back(w.last(), DAYS[8]), "it would end"),
    (
        "back from a closure for good",
        lambda w: w.life.close(w.ford, DAYS[9]),
        lambda w: w.life.come_back(w.last(), DAYS[20]),
        "closed for good",
    ),
    ("reviewed before it began", _away, lambda w: w.life.review(w.last(), DAYS[8]), "it was not reviewed before"),
    ("reviewed again before", _away, lambda w: w.life.review(w.last(), DAYS[12], again=DAYS[12]), "after this one"),
    ("a leaving is reviewed", _gone, lambda w: w.life.review(w.last(), DAYS[12]), "an event of this kind"),
]


@pytest.mark.parametrize(("before", "act", "sentence"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_contradictions(world: World, before: Act | None, act: Act, sentence: str) -> None:
    if before is not None:
        before(world)
    stood = world.members(), world.events()
    with pytest.raises(EventRefused) as refusal:
        act(world)
    assert sentence in str(refusal.value)
    assert (world.members(), world.events()) == stood


# ------------------------------------------------------------------------------------------------------ putting right
def correct(world: World, on: date, **more: Any) -> Outcome:
    return world.life.putting_right.correct(world.last(), on, **more)


def test_the_day_of_joining_moves_with_the_membership(world: World) -> None:
    world.life.join(world.new, DAYS[9])
    assert correct(world, DAYS[5]) is Outcome.CHANGED
    assert ("new-school", DAYS[5], None) in world.members()
    assert world.events() == [(EventKind.JOINED, DAYS[5], None)]
    world.life.leave(world.new, DAYS[12])
    joined = world.session.scalars(sa.select(LifecycleEvent).where(LifecycleEvent.kind == EventKind.JOINED)).one()
    for day, sentence in ((DAYS[13], "left on 12 January"), (DAYS[12], None), (DAYS[5], None)):
        if sentence is None:
            world.life.putting_right.correct(joined, day)
            continue
        with pytest.raises(EventRefused, match=sentence):
            world.life.putting_right.correct(joined, day)


def test_the_day_of_leaving_moves_with_the_membership(world: World) -> None:
    world.life.leave(world.ford, DAYS[9])
    left = world.last()
    assert correct(world, DAYS[12]) is Outcome.CHANGED
    assert ("ford-school", JOINED, DAYS[12]) in world.members()
    with pytest.raises(EventRefused, match="it cannot have left before"):
        correct(world, date(2015, 8, 31))
    world.life.join(world.ford, DAYS[20])
    with pytest.raises(EventRefused, match="joined again before"):
        world.life.putting_right.correct(left, DAYS[20])
    with pytest.raises(EventRefused, match="was a member on 12 January 2017 before"):
        correct(world, DAYS[12])
    with pytest.raises(EventRefused, match="joined again later"):
        world.life.putting_right.take_back(left)


def test_a_closure_for_good_moves_with_the_membership(world: World) -> None:
    world.life.close(world.ford, DAYS[9])
    correct(world, DAYS[12])
    assert ("ford-school", JOINED, DAYS[11]) in world.members()
    with pytest.raises(EventRefused, match="one day alone"):
        correct(world, DAYS[12], until=DAYS[20])


def test_a_time_away_is_put_right_whole(world: World) -> None:
    _away(world)
    correct(world, DAYS[10], review=DAYS[11])
    assert world.events() == [(EventKind.SABBATICAL, DAYS[10], None)]
    with pytest.raises(EventRefused, match="for a set period"):
        correct(world, DAYS[10])
    world.life.close(world.weir, DAYS[9], until=DAYS[12])
    with pytest.raises(EventRefused, match="say until when"):
        correct(world, DAYS[10])
    correct(world, DAYS[10], until=DAYS[11])
    assert world.events()[1] == (EventKind.CLOSED, DAYS[10], DAYS[11])


def test_a_handover_is_taken_back_and_written_anew(world: World) -> None:
    world.life.hand_over(world.ford, "A", "B", DAYS[9])
    with pytest.raises(EventRefused, match="take it back and record it anew"):
        correct(world, DAYS[10])
    world.life.putting_right.take_back(world.last())
    assert world.roles() == {("ford-school", "A", None, None, None)}


@pytest.mark.parametrize("rests", ["a mark", "an event"])
def test_a_joining_on_which_something_rests_stays(world: World, rests: str) -> None:
    world.life.join(world.new, DAYS[9])
    joined = world.last()
    if rests == "a mark":
        held = put.meeting(world.session, cluster_of(world.session, world.at.mill), DAYS[12])
        put.mark(world.session, held, world.new, Mark.ABSENT)
    else:
        world.life.sign_agreement(world.new, DAYS[12])
    with pytest.raises(EventRefused, match="take those back first, or record that it left"):
        world.life.putting_right.take_back(joined)
    assert ("new-school", DAYS[9], None) in world.members()
