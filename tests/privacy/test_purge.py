"""What is kept no longer goes: a dry run does the same as the real one, and no figure changes by it."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.audit import Actor
from dashboard.changes import Changes
from dashboard.db import Store
from dashboard.engagement.commands import Register
from dashboard.models import (
    NAMELESS,
    Account,
    Appointment,
    ApprovalRequest,
    AuditEvent,
    BatchChange,
    Cluster,
    Concern,
    ConcernStep,
    FeedLink,
    ImportBatch,
    LifecycleEvent,
    LifecycleReason,
    Meeting,
    Person,
    PersonMark,
    School,
    SchoolMark,
    ScreenLink,
    Target,
    WorkgroupLine,
    WorkgroupReturn,
)
from dashboard.privacy.commands import PrivacyBook
from dashboard.privacy.due import find_due
from dashboard.privacy.queries import load_taken_out
from dashboard.privacy.rules import Kept
from dashboard.vocabulary import Attempt, EventKind, Mark, RequestState
from tests import builders as put
from tests.builders import EXAMPLES, taken_back
from tests.privacy.world import EMAIL, NAME, OTHER, TODAY, WHEN, World, make_world, reports
from tests.uploads import everything

KEEPER = Actor("administrator", "10.0.0.1", 41)
LATE = date(2099, 1, 1)
"""A day on which everything with a date is past it."""


@pytest.fixture
def world(store: Store) -> World:
    return make_world(store)


def purge(store: Store, today: date = TODAY, *, dry_run: bool = False) -> dict[Kept, int]:
    with store.writing() as session:
        return PrivacyBook(session, KEEPER).purge(today, dry_run=dry_run)


def events(store: Store) -> list[AuditEvent]:
    with store.reading() as session:
        return list(session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)))


@pytest.mark.parametrize("today", [TODAY, date(2017, 12, 31), date(2018, 9, 1), LATE])
def test_case_60_the_dry_run_is_the_real_run(store: Store, world: World, today: date) -> None:
    with store.writing() as session:
        session.get_one(Account, world.account).active = False
        session.execute(sa.update(Concern).values(closed_on=date(2017, 8, 3)))
        session.execute(sa.update(FeedLink).values(revoked_at=WHEN))
    before, told = everything(store), len(events(store))
    with store.reading() as session:
        due = find_due(session, today)
    tried = purge(store, today, dry_run=True)
    assert everything(store) == before
    assert len(events(store)) == told
    assert purge(store, today) == tried
    assert {kept: number for kept, number in tried.items() if kept not in {Kept.MARKS, Kept.IMPORTS}} == {
        kept: number for kept in Kept if (number := sum(each.kept is kept for each in due))
    }
    assert tried[Kept.CONTACTS] >= 1
    assert purge(store, today) == {}


def test_a_purge_changes_no_figure(store: Store, world: World) -> None:
    before = reports(store)
    assert json.dumps(before).count('"attended"') > 2
    assert purge(store, LATE)[Kept.CONTACTS] == 3
    assert reports(store) == before


def test_the_sabbatical_of_somebody_who_is_taken_out_does_not_become_the_schools(store: Store, world: World) -> None:
    with store.writing() as session:
        row = LifecycleEvent(cluster_id=world.mill, school_id=world.school, person_id=world.person)
        row.kind, row.happened_on, row.ends_on = EventKind.SABBATICAL, date(2016, 10, 1), date(2016, 10, 31)
        session.add(row)
    before = reports(store)
    assert before[0]["engagement"]["expected"] == 4
    purge(store)
    assert reports(store) == before
    with store.reading() as session:
        [event] = session.scalars(sa.select(LifecycleEvent).where(LifecycleEvent.happened_on == date(2016, 10, 1)))
        assert (event.person_id, event.of_a_person) == (None, True)


def test_the_person_is_gone_with_name_and_roles_and_the_marks_are_nobodys(store: Store, world: World) -> None:
    assert purge(store) == {Kept.CONTACTS: 1, Kept.MARKS: 4}
    with store.reading() as session:
        assert session.get(Person, world.person) is None
        assert session.scalar(sa.select(sa.func.count(PersonMark.id))) == 12
        holders = session.execute(
            sa.select(Person.name, Person.purpose, PersonMark.note).join(PersonMark).where(Person.purpose == NAMELESS)
        ).all()
        assert [tuple(row) for row in holders] == [("(name removed) 1", NAMELESS, None)] * 4
        assert session.scalars(sa.select(Appointment.id).where(Appointment.person_id == world.person)).all() == []


def test_everybody_else_stays_as_they_are(store: Store, world: World) -> None:
    with store.reading() as session:
        before = [tuple(row) for row in session.execute(others(world))]
    purge(store)
    with store.reading() as session:
        assert [tuple(row) for row in session.execute(others(world))] == before
        note = session.scalar(sa.select(PersonMark.note).where(PersonMark.person_id == world.namesake))
        assert note == f"{NAME} came late"
        assert session.get_one(Account, world.account).name == NAME


def others(world: World) -> sa.Select[Any]:
    return sa.select(*Person.__table__.columns).where(
        Person.id != world.person, Person.purpose.is_distinct_from(NAMELESS)
    )


def test_what_happened_stays_without_the_person_and_the_reason(store: Store, world: World) -> None:
    purge(store)
    with store.reading() as session:
        mine, theirs = session.scalars(sa.select(LifecycleEvent).order_by(LifecycleEvent.id))
        assert (mine.person_id, mine.replaced_by_person_id) == (None, world.other)
        assert (mine.kind, mine.happened_on, mine.school_id) == (theirs.kind, date(2017, 1, 9), world.school)
        assert (theirs.person_id, theirs.replaced_by_person_id) == (world.other, None)
        reasons = session.execute(sa.select(LifecycleReason.event_id, LifecycleReason.reason)).all()
        assert [tuple(row) for row in reasons] == [(theirs.id, "OM was ill")]
        taken_over = session.scalars(sa.select(Appointment).where(Appointment.person_id == world.other)).all()
        assert [(each.role, each.replaced_by_id) for each in taken_over] == [
            ("headteacher", None),
            ("subject_lead", None),
        ]


def test_lines_of_returns_go_from_every_version_and_whoever_took_over_stays(store: Store, world: World) -> None:
    def lines(session: Session) -> list[tuple[Any, ...]]:
        of = sa.select(WorkgroupLine.cluster_id, WorkgroupLine.person_id, WorkgroupLine.replaces_id)
        return [tuple(row) for row in session.execute(of.order_by(WorkgroupLine.id))]

    with store.reading() as session:
        assert lines(session)[:4] == [
            (world.mill, world.person, world.other),
            (world.mill, world.other, None),
            (world.mill, world.other, world.person),
            (world.mill, world.person, None),
        ]
    purge(store)
    with store.reading() as session:
        assert lines(session) == [
            (world.mill, world.other, None),
            (world.mill, world.other, None),
            (world.decoy, world.namesake, None),
            (world.decoy, world.namesake, None),
        ]
        sent = sa.select(WorkgroupReturn.cluster_id, WorkgroupReturn.version).order_by(WorkgroupReturn.id)
        assert [tuple(row) for row in session.execute(sent)] == [
            (world.mill, 1), (world.mill, 2), (world.decoy, 1), (world.decoy, 2),
        ]  # fmt: skip


def test_a_concern_goes_three_years_after_it_was_closed_with_its_steps_and_what_imports_kept(
    store: Store, world: World
) -> None:
    closed, last = date(2017, 9, 1), date(2020, 8, 31)
    with store.writing() as session:
        first, second = session.scalars(sa.select(Concern).order_by(Concern.id))
        first.closed_on = closed
        batch = put.put(session, ImportBatch(kind="concerns", file_name="a.csv", created_at=WHEN))
        for step in session.scalars(sa.select(ConcernStep)):
            for table, row_id in (("concern", step.concern_id), ("concern_step", step.id), ("meeting", first.id)):
                change = BatchChange(batch_id=batch.id, table_name=table, row_id=row_id, before={"summary": "Nobody"})
                session.add(change)
        kept = (second.id, second.summary)
    assert Kept.CONCERNS not in purge(store, last)
    assert purge(store, last + timedelta(days=1))[Kept.CONCERNS] == 1
    with store.reading() as session:
        assert [tuple(row) for row in session.execute(sa.select(Concern.id, Concern.summary))] == [kept]
        assert session.scalars(sa.select(ConcernStep.concern_id)).all() == [kept[0]]
        left = session.execute(sa.select(BatchChange.table_name, BatchChange.row_id).order_by(BatchChange.id)).all()
        assert ("concern", kept[0]) in left
        assert sorted(table for table, _ in left) == ["concern", "concern_step", "meeting", "meeting"]
    assert Kept.CONCERNS not in purge(store, LATE)


def test_a_request_loses_its_words_six_years_after_it_was_decided_and_keeps_what_money_rests_on(
    store: Store, world: World
) -> None:
    decided, last = date(2017, 9, 1), date(2023, 8, 31)
    with store.writing() as session:
        first, second = session.scalars(sa.select(ApprovalRequest).order_by(ApprovalRequest.id))
        first.state, first.decided_on, first.reason = RequestState.APPROVED, decided, "She drives"
        first.amount = first.granted = 4_500
        first.candidate = "Somebody’s School"
        batch = put.put(session, ImportBatch(kind="requests", file_name="a.csv", created_at=WHEN))
        for row_id in (first.id, second.id):
            change = BatchChange(batch_id=batch.id, table_name="approval_request", row_id=row_id)
            change.before = {"summary": "Nobody drives"}
            session.add(change)
        number, kept = first.id, second.id
    assert Kept.REQUESTS not in purge(store, last)
    assert purge(store, last + timedelta(days=1))[Kept.REQUESTS] == 1
    with store.reading() as session:
        row, other = session.get_one(ApprovalRequest, number), session.get_one(ApprovalRequest, kept)
        assert (row.summary, row.reason, row.candidate) == ("(words removed)", None, None)
        assert (row.amount, row.granted, row.state, row.decided_on) == (4_500, 4_500, RequestState.APPROVED, decided)
        assert other.summary == "Nobody drives twice"
        records = session.execute(
            sa.select(BatchChange.row_id, BatchChange.before).where(BatchChange.table_name == "approval_request")
        )
        assert dict(tuple(record) for record in records) == {number: {}, kept: {"summary": "Nobody drives"}}
    assert Kept.REQUESTS not in purge(store, LATE)


def test_who_owns_a_target_is_nobody_in_the_own_clusters_alone(store: Store, world: World) -> None:
    purge(store)
    with store.reading() as session:
        owners = session.execute(sa.select(Target.cluster_id, Target.owner).order_by(Target.id)).all()
    assert [tuple(row) for row in owners] == [
        (world.mill, "(name removed)"),
        (world.mill, "(name removed), arts lead"),
        (world.decoy, "zq"),
        (world.decoy, f"{NAME}, arts lead"),
    ]


def test_initials_that_a_colleague_of_the_cluster_shares_stay(store: Store, world: World) -> None:
    with store.writing() as session:
        session.get_one(Person, world.other).initials = "Zq"
    purge(store)
    with store.reading() as session:
        assert session.scalar(sa.select(Target.owner).order_by(Target.id).limit(1)) == "zq"


def test_the_audit_holds_counts_and_nobody(store: Store, world: World) -> None:
    counts = purge(store)
    event = events(store)[-1]
    assert (event.action, event.object_kind, event.object_key) == ("purge", "personal data", None)
    assert (event.actor, event.actor_id, event.origin, event.outcome) == ("administrator", 41, "10.0.0.1", Attempt.DONE)
    assert event.after == {"contacts": 1, "marks of people": 4} == counts
    with store.reading() as session:
        assert audit.find_faults(session) == []
        (told,) = load_taken_out(session)
    assert (told.what, told.counts, told.reason, told.actor) == ("purge", counts, None, "administrator")


def test_events_of_another_kind_are_not_told_as_purges(store: Store, world: World) -> None:
    with store.writing() as session:
        audit.record(session, KEEPER, "purge", "cache")
    purge(store)
    with store.reading() as session:
        assert [told.number for told in load_taken_out(session)] == [2]


def test_a_day_on_which_nothing_is_due_leaves_no_event(store: Store, world: World) -> None:
    assert purge(store, date(2017, 7, 1)) == {}
    assert events(store) == []


def test_two_people_of_one_school_are_two_nobodies_and_a_third_meeting_needs_no_more(
    store: Store, world: World
) -> None:
    with store.writing() as session:
        session.get_one(Person, world.other).delete_after = None
    assert purge(store)[Kept.MARKS] == 8
    assert purge(store, LATE)[Kept.MARKS] == 4  # the decoy's, at other meetings: the first holder takes them
    with store.reading() as session:
        names = session.scalars(sa.select(Person.name).where(Person.purpose == NAMELESS).order_by(Person.id)).all()
        assert names == ["(name removed) 1", "(name removed) 2"]


def test_accounts_go_with_everything_on_them_and_links_keep_without_their_maker(store: Store, world: World) -> None:
    with store.writing() as session:
        session.get_one(Account, world.account).active = False
    purge(store, date(2018, 9, 1))
    stored = everything(store)
    assert [row["id"] for row in stored["account"]] == [world.administrator]
    for table, column in (("account_grant", "account_id"), ("passkey", "user_id")):
        assert [row[column] for row in stored[table]] == [world.administrator], table
    assert stored["web_session"] == stored["screen_link"] == stored["set_up_link"] == stored["open_register"] == []
    assert [row["account_id"] for row in stored["feed_link"]] == [world.administrator]
    assert [row["raised_by_id"] for row in stored["concern"]] == [None, world.administrator]
    assert [row["raised_as"] for row in stored["concern"]] == ["coordinator"] * 2
    for column in ("asked_by_id", "decided_by_id"):
        assert [row[column] for row in stored["approval_request"]] == [None, world.administrator]
    assert [row["returned_by_id"] for row in stored["workgroup_return"]] == [None, None, *[world.administrator] * 2]


def test_a_link_that_is_still_open_outlives_its_maker(store: Store, world: World) -> None:
    with store.writing() as session:
        session.get_one(Account, world.account).active = False
        for link in session.scalars(sa.select(ScreenLink)):
            link.expires_at = datetime(2020, 1, 1, tzinfo=UTC)
    purge(store, date(2018, 9, 1))
    assert [row["created_by_id"] for row in everything(store)["screen_link"]] == [None, world.administrator]


def test_names_leave_the_names_of_files_and_mappings_of_the_own_cluster(store: Store, world: World) -> None:
    with store.writing() as session:
        for cluster in ("mill-cluster", "decoy-cluster", None):
            batch = ImportBatch(kind="attendance", file_name="zebedee_QUILL-register.csv", cluster=cluster)
            batch.mapping = {"defaults": {"person": NAME}, "aliases": {f"{NAME} School": EMAIL}}
            batch.source = f"sent by {NAME}"
            session.add(batch)
    assert purge(store)[Kept.IMPORTS] == 2
    with store.reading() as session:
        first, decoy, last = session.scalars(sa.select(ImportBatch).order_by(ImportBatch.id))
        assert first.file_name == last.file_name == "(name removed)-register.csv"
        removed = "(name removed)"
        assert first.mapping == {"defaults": {"person": removed}, "aliases": {f"{removed} School": removed}}
        assert first.source == "sent by (name removed)"
        assert (decoy.file_name, decoy.source) == ("zebedee_QUILL-register.csv", f"sent by {NAME}")


def test_a_person_whom_an_import_took_out_again_leaves_its_record_after_90_days(store: Store, world: World) -> None:
    when = datetime(2017, 6, 1, 12, tzinfo=UTC)
    with store.writing() as session:
        batch = ImportBatch(kind="workgroup", file_name="a.csv", created_at=when)
        put.put(session, batch)
        gone = ("person", "workgroup_line", "lifecycle_reason", "concern", "concern_step")
        for table, row_id in (*((table, 999) for table in gone), ("person", world.unknown), ("school", 999)):
            before = {"id": row_id, "name": OTHER}
            session.add(BatchChange(batch_id=batch.id, table_name=table, row_id=row_id, before=before))
    assert Kept.IMPORTS not in purge(store, date(2017, 8, 30))
    assert purge(store, date(2017, 8, 31))[Kept.IMPORTS] == 5
    with store.reading() as session:
        kept = [bool(each) for each in session.scalars(sa.select(BatchChange.before).order_by(BatchChange.id))]
    assert kept == [*[False] * 5, True, True]


MARKS = st.sampled_from((Mark.PRESENT, Mark.SUBSTITUTE, Mark.APOLOGIES, Mark.ABSENT, Mark.NOT_EXPECTED))
REGISTERS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 3), MARKS), max_size=20)
"""Marks as (meeting, school, person, mark)."""


@given(first=REGISTERS, second=REGISTERS, leavers=st.sets(st.integers(0, 3)))
@EXAMPLES
def test_the_marks_of_schools_are_the_same_now_and_after_the_next_register(
    store: Store, first: list[Any], second: list[Any], leavers: set[int]
) -> None:
    """A later register about the people who stayed rolls up as if those who left were still known by name."""
    later = [row for row in second if row[2] not in leavers]
    with taken_back(store) as session:
        _register(session, first)
        before = _school_marks(session)
        _register(session, later)
        expected = _school_marks(session)
    with taken_back(store) as session:
        _register(session, first)
        _take_out(session, leavers)
        assert _school_marks(session) == before
        _register(session, later)
        assert _school_marks(session) == expected


def _register(session: Session, rows: list[Any]) -> None:
    cluster = session.query(Cluster).filter_by(slug="mill-cluster").one_or_none() or put.cluster(session)
    schools = [
        session.query(School).filter_by(slug=slug).one_or_none() or put.school(session, slug.title(), within=cluster)
        for slug in ("ford", "weir")
    ]
    changes = Changes(session, ImportBatch(kind="attendance", file_name="register.csv"))
    register = Register(changes, cluster)
    for meeting, school, person, said in rows:
        held, _ = register.hold_meeting(date(2016, 10, 4) + timedelta(days=meeting))
        register.record_person_mark(held, schools[school], f"Colleague {person}", said)
    changes.finish()


def _take_out(session: Session, leavers: set[int]) -> None:
    for person in session.scalars(sa.select(Person).where(Person.name.in_([f"Colleague {each}" for each in leavers]))):
        person.delete_after = date(2017, 1, 1)
    session.flush()
    PrivacyBook(session, KEEPER).purge(date(2017, 1, 2))
    left = session.scalars(sa.select(Person.name).where(Person.name.like("Colleague%"))).all()
    assert not {f"Colleague {each}" for each in leavers} & set(left)


def _school_marks(session: Session) -> list[Any]:
    rows = session.execute(
        sa.select(School.slug, Meeting.held_on, SchoolMark.mark)
        .join(SchoolMark, SchoolMark.school_id == School.id)
        .join(Meeting, Meeting.id == SchoolMark.meeting_id)
        .order_by(School.slug, Meeting.held_on)
    )
    return [tuple(row) for row in rows]
