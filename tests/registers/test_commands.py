"""Writing a register: what is written, what is left alone, who may not."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.access import NOTHING, Scope, wall
from dashboard.changes import Outcome, UndoRefused, undo_batch
from dashboard.db import Store, now_utc
from dashboard.models import Appointment, AuditEvent, ImportBatch, Meeting, OpenRegister, Person, School, SchoolMark
from dashboard.registers.commands import (
    FORGOTTEN_AFTER,
    NoSuchRegister,
    NotTaken,
    StandsOtherwise,
    Taking,
    follow,
    note_open,
)
from dashboard.registers.queries import find_state
from dashboard.vocabulary import EventKind, Mark
from tests import builders as put
from tests.registers.hall import ACTOR, DAY, Hall, event, furnish, marks, person, ticks
from tests.writes import writing

P, S, A, N = Mark.PRESENT, Mark.SUBSTITUTE, Mark.APOLOGIES, Mark.ABSENT


@pytest.fixture
def hall(store: Store) -> Hall:
    with store.writing() as session:
        return furnish(session)


@contextmanager
def taking(store: Store, hall: Hall, today: date = DAY) -> Generator[Taking]:
    """The register as the coordinator of Mill Cluster takes it: behind the wall, in a transaction of its own."""
    with store.writing(wall(hall.scope)) as session:
        yield Taking(session, ACTOR, hall.scope, hall.meeting, today)


def mark(store: Store, hall: Hall, school_id: int, wanted: Mark | None, was: Mark | None = None) -> Outcome:
    with taking(store, hall) as register:
        return register.mark_school(school_id, wanted, was)


def tick(
    store: Store, hall: Hall, person_id: int, wanted: Mark | None, was: Mark | None = None, school: Mark | None = None
) -> Outcome:
    with taking(store, hall) as register:
        return register.mark_person(hall.ford, person_id, wanted, was, school)


def standing(store: Store, hall: Hall) -> dict[int, Mark]:
    with store.reading() as session:
        return marks(session, hall.meeting)


def told(store: Store) -> list[tuple[str, str | None, Any, Any]]:
    with store.reading() as session:
        rows = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id))
        return [(row.action, row.object_key, row.before, row.after) for row in rows]


# One tap.


def test_a_tap_is_written_and_told_once(store: Store, hall: Hall) -> None:
    assert mark(store, hall, hall.ford, P) is Outcome.CHANGED
    assert standing(store, hall) == {hall.ford: P}
    assert told(store) == [
        ("take register", f"meeting {hall.meeting}, school {hall.ford}", {"mark": None}, {"mark": "present"})
    ]


def test_the_same_tap_sent_again_is_done_and_not_told_again(store: Store, hall: Hall) -> None:
    mark(store, hall, hall.ford, P)
    assert mark(store, hall, hall.ford, P) is Outcome.UNCHANGED
    assert len(told(store)) == 1


def test_what_stands_otherwise_is_left_alone(store: Store, hall: Hall) -> None:
    mark(store, hall, hall.ford, P)
    for wanted, was in ((N, None), (N, A), (None, N)):
        with pytest.raises(StandsOtherwise):
            mark(store, hall, hall.ford, wanted, was)
    assert standing(store, hall) == {hall.ford: P}
    assert len(told(store)) == 1
    assert mark(store, hall, hall.ford, N, P) is Outcome.CHANGED
    assert standing(store, hall) == {hall.ford: N}


def test_undo_takes_the_mark_out_again(store: Store, hall: Hall) -> None:
    mark(store, hall, hall.ford, A)
    assert mark(store, hall, hall.ford, None, A) is Outcome.CHANGED
    assert standing(store, hall) == {hall.ford: Mark.NOT_RECORDED}, "the row stays: an import may name it"
    assert mark(store, hall, hall.ford, None, A) is Outcome.UNCHANGED
    assert mark(store, hall, hall.ford, P, None) is Outcome.CHANGED, "not recorded is as no row"


def test_a_mark_of_the_sample_becomes_real_and_is_no_longer_of_its_file(store: Store, hall: Hall) -> None:
    with store.writing() as session:
        batch = put.put(session, ImportBatch(kind="register", file_name="sample.csv"))
        row = put.mark(session, session.get_one(Meeting, hall.meeting), session.get_one(School, hall.ford), N)
        row.illustrative, row.batch_id = True, batch.id
    mark(store, hall, hall.ford, P, N)
    with store.reading() as session:
        row = session.scalars(sa.select(SchoolMark)).one()
        assert (row.mark, row.illustrative, row.batch_id) == (P, False, None)


# Who is expected.


@pytest.mark.parametrize(
    ("joined", "left", "expected"),
    [
        (DAY, None, True),
        (None, DAY, True),
        (DAY, DAY, True),
        (DAY + timedelta(days=1), None, False),
        (None, DAY - timedelta(days=1), False),
    ],
)
def test_a_school_gets_a_mark_on_the_days_of_its_membership(
    store: Store, hall: Hall, joined: date | None, left: date | None, expected: bool
) -> None:
    with store.writing() as session:
        late = put.school(session, "Late School")
        put.membership(session, session.get_one(put.Cluster, hall.mill), late, joined, left)
        number = late.id
    if expected:
        assert mark(store, hall, number, P) is Outcome.CHANGED
    else:
        with pytest.raises(NotTaken, match="Late School is not expected on 8 March 2017"):
            mark(store, hall, number, P)
        assert standing(store, hall) == {}


@pytest.mark.parametrize("kind", [EventKind.SABBATICAL, EventKind.CLOSED])
@pytest.mark.parametrize(
    ("begins", "ends", "away"),
    [
        (DAY, None, True),
        (DAY, DAY, True),
        (date(2017, 1, 1), DAY, True),
        (date(2017, 1, 1), DAY - timedelta(days=1), False),
        (DAY + timedelta(days=1), None, False),
    ],
)
def test_a_school_that_is_away_gets_none(
    store: Store, hall: Hall, kind: EventKind, begins: date, ends: date | None, away: bool
) -> None:
    with store.writing() as session:
        event(session, hall.mill, hall.ford, begins, ends, kind=kind)
    if away:
        with pytest.raises(NotTaken):
            mark(store, hall, hall.ford, P)
        assert standing(store, hall) == {}
    else:
        assert mark(store, hall, hall.ford, P) is Outcome.CHANGED


def test_leave_of_a_person_and_events_of_other_clusters_or_kinds_are_no_reason(store: Store, hall: Hall) -> None:
    with store.writing() as session:
        ann = person(session, "Ann Example", (hall.mill, hall.ford))
        event(session, hall.mill, hall.ford, DAY, person_id=ann)
        event(session, hall.decoy, hall.ford, DAY)
        event(session, hall.mill, hall.ford, DAY, kind=EventKind.FEDERATED)
    assert mark(store, hall, hall.ford, P) is Outcome.CHANGED


def test_of_another_cluster_nothing_is_there(store: Store, hall: Hall) -> None:
    with pytest.raises(NoSuchRegister), store.writing() as session:
        Taking(session, ACTOR, hall.scope, hall.decoy_meeting, DAY)
    with pytest.raises(NoSuchRegister):
        mark(store, hall, hall.decoy_school, P)
    for scope in (NOTHING, Scope(school_ids=frozenset({hall.ford}))):
        with pytest.raises(NoSuchRegister), store.writing() as session:
            Taking(session, ACTOR, scope, hall.meeting, DAY)
    with store.reading() as session:
        assert marks(session, hall.meeting) == marks(session, hall.decoy_meeting) == {}


def test_a_register_opens_on_the_day_of_its_meeting(store: Store, hall: Hall) -> None:
    with pytest.raises(NotTaken, match="opens on 8 March 2017"), taking(store, hall, DAY - timedelta(days=1)):
        pass
    with taking(store, hall, DAY + timedelta(days=400)) as register:
        assert register.mark_school(hall.ford, P, None) is Outcome.CHANGED


# People.


@pytest.mark.parametrize(
    ("standing_mark", "marks_of_people", "then"),
    [
        (None, [P], P),
        (None, [P, None], P),
        (None, [N, P], P),
        (N, [P, N], P),
        (None, [S, N], S),
        (A, [S, None], S),
        (None, [N, None], None),
        (P, [N, None], P),
        (None, [N, N], N),
        (P, [N, N], N),
        (S, [N], S),
        (A, [N], A),
        (None, [], None),
        (N, [None, None], N),
        (P, [None], P),
    ],
)
def test_a_school_follows_its_people(
    standing_mark: Mark | None, marks_of_people: list[Mark | None], then: Mark | None
) -> None:
    assert follow(standing_mark, marks_of_people) is then


def test_in_a_job_share_either_stands_for_the_school(store: Store, hall: Hall) -> None:
    with store.writing() as session:
        ann, bea = (person(session, name, (hall.mill, hall.ford)) for name in ("Ann Example", "Bea Sample"))
    assert tick(store, hall, ann, N) is Outcome.CHANGED
    assert standing(store, hall) == {}, "her colleague may still have come"
    assert tick(store, hall, bea, P) is Outcome.CHANGED
    assert standing(store, hall) == {hall.ford: P}
    assert tick(store, hall, bea, N, P, school=P) is Outcome.CHANGED
    assert standing(store, hall) == {hall.ford: N}
    key = f"meeting {hall.meeting}, school {hall.ford}, person {bea}"
    assert told(store)[-1] == (
        "take register", key, {"person": "present", "mark": "present"}, {"person": "absent", "mark": "absent"},
    )  # fmt: skip


def test_a_tick_does_not_overwrite_what_somebody_said_of_the_school(store: Store, hall: Hall) -> None:
    with store.writing() as session:
        ann = person(session, "Ann Example", (hall.mill, hall.ford))
    mark(store, hall, hall.ford, N)
    with pytest.raises(StandsOtherwise):
        tick(store, hall, ann, P)
    with store.reading() as session:
        assert (marks(session, hall.meeting), ticks(session, hall.meeting)) == ({hall.ford: N}, {})
    assert tick(store, hall, ann, P, school=N) is Outcome.CHANGED
    assert tick(store, hall, ann, P, school=N) is Outcome.UNCHANGED
    with pytest.raises(StandsOtherwise):
        tick(store, hall, ann, N, school=P)
    assert tick(store, hall, ann, None, P, school=P) is Outcome.CHANGED
    assert standing(store, hall) == {hall.ford: P}, "nobody’s word says nothing of the school"


def test_only_people_of_the_school_are_ticked(store: Store, hall: Hall) -> None:
    yesterday, tomorrow = DAY - timedelta(days=1), DAY + timedelta(days=1)
    with store.writing() as session:
        strangers = [
            person(session, "Cat Other", (hall.mill, hall.weir)),
            person(session, "Dan Decoy", (hall.decoy, hall.ford)),
            person(session, "Eve Gone", (hall.mill, hall.ford), ends=yesterday),
            person(session, "Flo Later", (hall.mill, hall.ford), starts=tomorrow),
            person(session, "Gil Away", (hall.mill, hall.ford)),
        ]
        event(session, hall.mill, None, DAY, person_id=strangers[-1])
        edges = [
            person(session, "Hal Last", (hall.mill, hall.ford), ends=DAY),
            person(session, "Ida First", (hall.mill, hall.ford), starts=DAY),
        ]
    for each in strangers:
        with pytest.raises(NoSuchRegister):
            tick(store, hall, each, P)
    for each in edges:
        assert tick(store, hall, each, P, school=P if each != edges[0] else None) is Outcome.CHANGED
    with store.reading() as session:
        assert ticks(session, hall.meeting) == dict.fromkeys(edges, P)


def test_a_substitute_is_added_by_name_and_comes_once(store: Store, hall: Hall) -> None:
    with store.writing() as session:
        ann = person(session, "Ann Example", (hall.mill, hall.ford))
    tick(store, hall, ann, N)
    for _ in range(2):  # as when the answer was lost
        with taking(store, hall) as register:
            register.add_colleague(hall.ford, "  Jo   Newcomer ", substitute=True, school_was=N)
    assert standing(store, hall) == {hall.ford: S}
    with store.reading() as session:
        jo = session.scalars(sa.select(Person).where(Person.name == "Jo Newcomer")).one()
        assert ticks(session, hall.meeting) == {ann: N, jo.id: S}
        assert jo.purpose == "register of meetings"
        assert session.scalars(sa.select(Appointment.person_id)).all() == [ann]
    assert "Newcomer" not in repr(told(store))


def test_a_colleague_is_expected_from_then_on(store: Store, hall: Hall) -> None:
    with taking(store, hall) as register:
        assert register.add_colleague(hall.ford, "Jo Newcomer", substitute=False, school_was=None) is Outcome.ADDED
    assert standing(store, hall) == {hall.ford: P}
    with store.reading() as session:
        row = session.scalars(sa.select(Appointment)).one()
        assert (row.cluster_id, row.school_id, row.starts, row.ends) == (hall.mill, hall.ford, DAY, None)


def test_a_known_colleague_is_not_made_twice(store: Store, hall: Hall) -> None:
    with store.writing() as session:
        ann = person(session, "Ann Example", (hall.mill, hall.ford))
        person(session, "Ann Example", (hall.decoy, hall.decoy_school))
    with taking(store, hall) as register:
        register.add_colleague(hall.ford, "ann example", substitute=False, school_was=None)
    with store.reading() as session:
        assert ticks(session, hall.meeting) == {ann: P}
        assert session.scalar(sa.select(sa.func.count(Appointment.id))) == 2


def test_a_colleague_needs_a_name_and_overwrites_nothing(store: Store, hall: Hall) -> None:
    mark(store, hall, hall.ford, A)
    for name in ("", "  ", "x" * 201):
        with pytest.raises(NotTaken), taking(store, hall) as register:
            register.add_colleague(hall.ford, name, substitute=True, school_was=A)
    with pytest.raises(StandsOtherwise), taking(store, hall) as register:
        register.add_colleague(hall.ford, "Jo Newcomer", substitute=True, school_was=None)
    with store.reading() as session:
        assert session.scalars(sa.select(Person.id)).all() == []
    assert standing(store, hall) == {hall.ford: A}


# Notes and the meeting.


def test_a_note_is_kept_beside_the_mark_and_quoted_nowhere(store: Store, hall: Hall) -> None:
    def note(text: str | None, was: str | None = None) -> Outcome:
        with taking(store, hall) as register:
            return register.note_school(hall.ford, text, was)

    assert note(" Snow on the road \r\n") is Outcome.CHANGED
    assert note("Snow on the road") is Outcome.UNCHANGED
    with pytest.raises(StandsOtherwise):
        note("Something else")
    mark(store, hall, hall.ford, A)
    assert note("x" * 500, "Snow on the road") is Outcome.CHANGED
    with pytest.raises(NotTaken, match="501 letters"):
        note("x" * 501, "x" * 500)
    assert note("", "x" * 500) is Outcome.CHANGED
    with store.reading() as session:
        row = session.scalars(sa.select(SchoolMark)).one()
        assert (row.mark, row.note) == (A, None)
    assert "Snow" not in repr(told(store))


NOTHING_SAID: dict[str, Any] = dict.fromkeys(("starts_at", "ends_at", "in_school_time", "headcount", "note"))


def test_a_meeting_is_described_and_no_other_description_overwritten(store: Store, hall: Hall) -> None:
    def describe(wanted: dict[str, Any], was: dict[str, Any]) -> Outcome:
        with taking(store, hall) as register:
            return register.describe(NOTHING_SAID | wanted, NOTHING_SAID | was)

    after_school = {"starts_at": time(16), "ends_at": time(17, 30), "in_school_time": False}
    assert describe(after_school, {}) is Outcome.CHANGED
    assert describe(after_school, {}) is Outcome.UNCHANGED
    assert describe(after_school | {"headcount": 25, "note": "Two names"}, after_school) is Outcome.CHANGED
    with pytest.raises(StandsOtherwise):
        describe(after_school | {"headcount": 20, "note": "Two names"}, after_school | {"note": "Two names"})
    with pytest.raises(NotTaken, match="end before it starts"):
        describe({"starts_at": time(16), "ends_at": time(16)}, after_school)
    with store.reading() as session:
        row = session.get_one(Meeting, hall.meeting)
        assert (row.starts_at, row.ends_at, row.in_school_time) == (time(16), time(17, 30), False)
        assert (row.headcount, row.note) == (25, "Two names")
    assert [each[1] for each in told(store)] == [f"meeting {hall.meeting}"] * 2
    assert "Two names" not in repr(told(store))


# Two at once.


def test_of_two_who_tap_at_the_same_moment_one_is_told(store: Store, hall: Hall) -> None:
    ready, outcomes = threading.Barrier(2), []

    def go(wanted: Mark) -> None:
        ready.wait()
        try:
            outcomes.append((wanted, mark(store, hall, hall.ford, wanted)))
        except StandsOtherwise:
            outcomes.append((wanted, "told"))

    both = [threading.Thread(target=go, args=(wanted,)) for wanted in (P, N)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    written = [wanted for wanted, outcome in outcomes if outcome is Outcome.CHANGED]
    assert len(outcomes) == 2
    assert standing(store, hall) == {hall.ford: written[0]}
    assert len(written) == 1


def test_pages_that_have_it_open_are_counted_and_forgotten(store: Store, hall: Hall) -> None:
    now = now_utc()

    def say(page: str, *, seconds: int = 0, leaves: bool = False) -> None:
        with store.writing(wall(hall.scope)) as session:
            note_open(session, hall.scope, hall.meeting, page, None, now + timedelta(seconds=seconds), leaves=leaves)

    def others(page: str, seconds: int = 0) -> int:
        with store.reading(wall(hall.scope)) as session:
            since = now + timedelta(seconds=seconds) - FORGOTTEN_AFTER
            found = find_state(session, hall.scope, hall.meeting, page, since)
            assert found is not None
            return found.others

    say("one")
    assert others("one") == 0
    say("two")
    say("two", seconds=10)
    assert (others("one"), others("two"), others("three")) == (1, 1, 2)
    assert others("one", seconds=40) == 1
    assert others("one", seconds=41) == 0
    say("one", seconds=41)
    with store.reading() as session:
        assert session.scalars(sa.select(OpenRegister.page)).all() == ["one"], "what is over is taken out"
    say("one", seconds=42, leaves=True)
    assert others("two") == 0
    with pytest.raises(NoSuchRegister), store.writing() as session:
        note_open(session, hall.scope, hall.decoy_meeting, "one", None, now)


# Undoing the file that brought a mark which somebody changed since.


def brought_in(store: Store, hall: Hall) -> int:
    """A batch with the absence of two schools."""
    with writing(store) as changes:
        for school_id in (hall.ford, hall.weir):
            changes.add(SchoolMark(meeting_id=hall.meeting, school_id=school_id, mark=N))
        return changes.batch.id


def test_a_file_whose_mark_somebody_changed_is_not_undone(store: Store, hall: Hall) -> None:
    batch = brought_in(store, hall)
    mark(store, hall, hall.ford, P, N)
    with pytest.raises(UndoRefused, match=f"one entry was changed by hand since batch {batch}"), store.writing() as s:
        undo_batch(s, batch)
    assert standing(store, hall) == {hall.ford: P, hall.weir: N}


def test_a_file_that_nobody_touched_is_undone(store: Store, hall: Hall) -> None:
    batch = brought_in(store, hall)
    mark(store, hall, hall.ford, N)  # what stands already
    with store.writing() as session:
        undo_batch(session, batch)
    assert standing(store, hall) == {}
