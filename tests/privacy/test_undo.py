"""Undoing an import after somebody was taken out brings nobody back: it goes on without them, or is refused."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.audit import COMMAND_LINE
from dashboard.changes import UndoRefused
from dashboard.db import Store
from dashboard.models import (
    NAMELESS,
    Account,
    Aim,
    AimWording,
    Appointment,
    ApprovalRequest,
    BatchChange,
    Cluster,
    Concern,
    ImportBatch,
    LifecycleEvent,
    LifecycleReason,
    Person,
    PersonMark,
    PlanChange,
    School,
    SchoolAlias,
    SchoolMark,
    Target,
    TargetAim,
    WorkgroupLine,
    WorkgroupReturn,
)
from dashboard.privacy.commands import PrivacyBook
from dashboard.privacy.rules import Kept
from dashboard.privacy.subjects import Subject
from dashboard.vocabulary import EventKind, Mark, PersonRole, RequestKind
from tests import builders as put
from tests.uploads import MILL, add_two_clusters, brought, everything, undo
from tests.writes import writing

NAME = "Zebedee Quill"
REGISTER = (
    "school,person,date,mark,note\n"
    f"Mill Primary School,{NAME},2017-03-12,P,{NAME} was late\n"
    "Mill Primary School,Ottoline Marsh,2017-03-12,A,\n"
    "The Ford School,Ottoline Marsh,2017-03-12,N,\n"
)


@pytest.fixture
def brought_in(store: Store) -> int:
    """The batch of a register that named two people."""
    add_two_clusters(store)
    batch = brought(store, "attendance", REGISTER, cluster=MILL).batch
    assert batch is not None
    return batch


def number(session: Session, name: str = NAME) -> int:
    return session.scalars(sa.select(Person.id).where(Person.name == name).order_by(Person.id)).first() or 0


def erase(store: Store, person_id: int) -> dict[Kept, int]:
    with store.writing() as session:
        return dict(PrivacyBook(session, COMMAND_LINE).erase(Subject(person_id)).counts)


def person(store: Store, name: str = NAME) -> int:
    with store.reading() as session:
        return number(session, name)


def change(store: Store, row_id: int, table: type[Any] = Person, **values: Any) -> int:
    """A batch that changed columns of a row."""
    with writing(store) as changes:
        changes.edit(changes.session.get_one(table, row_id), **values)
        return changes.batch.id


def records(store: Store, table: str) -> list[tuple[Any, Any]]:
    with store.reading() as session:
        rows = sa.select(BatchChange.before, BatchChange.after).where(BatchChange.table_name == table)
        return [tuple(row) for row in session.execute(rows.order_by(BatchChange.id))]


def test_a_register_that_added_somebody_is_undone_without_bringing_them_back(store: Store, brought_in: int) -> None:
    assert erase(store, person(store)) == {Kept.CONTACTS: 1, Kept.MARKS: 1, Kept.IMPORTS: 1}
    undo(store, brought_in)
    stored = everything(store)
    assert stored["meeting"] == stored["school_mark"] == stored["person_mark"] == []
    assert [row["name"] for row in stored["person"]] == ["(name removed) 1"]
    assert NAME not in str(stored)


def test_undoing_takes_nobody_else_out_who_got_the_number_since(store: Store, brought_in: int) -> None:
    """SQLite gives the highest number again once its row is gone."""
    last = person(store, "Ottoline Marsh")
    with store.writing() as session:  # both rows of this name, so that the highest number is free
        gone = list(session.scalars(sa.select(Person.id).where(Person.name == "Ottoline Marsh")))
        for each in gone:
            PrivacyBook(session, COMMAND_LINE).erase(Subject(each))
        for name in ("New Colleague", "Newer Colleague"):
            put.put(session, Person(name=name))
    assert last in gone
    undo(store, brought_in)
    with store.reading() as session:
        assert set(session.scalars(sa.select(Person.name).where(Person.purpose.is_distinct_from(NAMELESS)))) == {
            "New Colleague",
            "Newer Colleague",
        }


def test_a_batch_that_changed_somebody_is_refused_in_a_sentence(store: Store, brought_in: int) -> None:
    row_id = person(store)
    later = change(store, row_id, name="Zeb Quill-Marsh", work_email="zeb@mill.example.org")
    erase(store, row_id)
    before = everything(store)
    assert records(store, "person")[-1] == ({}, {})
    with pytest.raises(UndoRefused, match=f"a row of person that batch {later} changed is no longer there"):
        undo(store, later)
    assert everything(store) == before
    assert "Quill" not in str(everything(store) | {"records": records(store, "person")})


def test_a_batch_that_took_somebody_out_is_refused_once_its_record_is_emptied(store: Store, brought_in: int) -> None:
    with writing(store) as changes:
        made = Person(name="Una Kerr", work_email="una@example.org")
        changes.add(made)
        changes.session.flush()
        changes.remove(made)
        batch = changes.batch.id
        changes.session.flush()
    with store.writing() as session:
        for each in session.scalars(sa.select(ImportBatch)):
            each.created_at = datetime(2017, 1, 1, tzinfo=UTC)
        session.flush()
        assert PrivacyBook(session, COMMAND_LINE).purge(date(2017, 9, 1)) == {Kept.IMPORTS: 1}
    assert "Una" not in str(records(store, "person"))
    with pytest.raises(UndoRefused, match=f"a row of person that batch {batch} changed is no longer there"):
        undo(store, batch)
    assert person(store, "Una Kerr") == 0


def test_a_role_that_an_import_changed_or_took_out_does_not_come_back(store: Store, brought_in: int) -> None:
    row_id = person(store)
    with writing(store) as changes:
        kept, left = (Appointment(person_id=row_id, role=role) for role in (PersonRole.MENTOR, PersonRole.TEACHER))
        changes.add(kept)
        changes.add(left)
    changed = change(store, kept_id(store, PersonRole.MENTOR), Appointment, ends=date(2017, 1, 1))
    with writing(store) as changes:
        changes.remove(changes.session.get_one(Appointment, kept_id(store, PersonRole.TEACHER)))
        removed = changes.batch.id
    erase(store, row_id)
    assert records(store, "appointment") == [(None, None), ({}, {}), ({}, None)]
    for batch in (changed, removed):
        with pytest.raises(UndoRefused, match=f"a row of appointment that batch {batch} changed is no longer there"):
            undo(store, batch)
    assert everything(store)["appointment"] == []


def kept_id(store: Store, role: PersonRole) -> int:
    with store.reading() as session:
        return session.scalars(sa.select(Appointment.id).where(Appointment.role == role)).one()


def test_a_note_about_somebody_leaves_the_record_and_the_mark_can_still_be_undone(
    store: Store, brought_in: int
) -> None:
    row_id = person(store)
    with store.reading() as session:
        mark_id = session.scalars(sa.select(PersonMark.id).where(PersonMark.person_id == row_id)).one()
    batch = change(store, mark_id, PersonMark, mark=Mark.ABSENT, note=f"{NAME} rang")
    erase(store, row_id)
    assert records(store, "person_mark")[-1] == ({"mark": "present", "note": None}, {"mark": "absent", "note": None})
    undo(store, batch)
    with store.reading() as session:
        restored = session.get_one(PersonMark, mark_id)
        assert (restored.mark, restored.note) == (Mark.PRESENT, None)


def test_a_mark_that_an_import_took_out_does_not_come_back(store: Store, brought_in: int) -> None:
    row_id = person(store)
    with writing(store) as changes:
        changes.remove(changes.session.scalars(sa.select(PersonMark).where(PersonMark.person_id == row_id)).one())
        batch = changes.batch.id
    erase(store, row_id)
    with pytest.raises(UndoRefused, match=f"a row of person_mark that batch {batch} changed is no longer there"):
        undo(store, batch)


def happened(store: Store, who: int, replaced_by: int | None = None, reason: str | None = None) -> tuple[int, int]:
    """What a batch brought: an event, and why it happened; the number of the event and of the batch."""
    with writing(store) as changes:
        cluster = changes.session.scalars(sa.select(Cluster).where(Cluster.slug == MILL)).one()
        event = LifecycleEvent(cluster_id=cluster.id, kind=EventKind.HANDOVER, happened_on=date(2017, 1, 9))
        event.person_id, event.replaced_by_person_id = who, replaced_by
        changes.add(event)
        changes.session.flush()
        if reason is not None:
            changes.add(LifecycleReason(event_id=event.id, cluster_id=cluster.id, reason=reason))
        return event.id, changes.batch.id


def swap(store: Store, event_id: int, who: int, replaced_by: int | None, reason: str) -> int:
    """A batch that makes an event another's, and says why anew."""
    with writing(store) as changes:
        changes.edit(
            changes.session.get_one(LifecycleEvent, event_id), person_id=who, replaced_by_person_id=replaced_by
        )
        why = changes.session.scalars(sa.select(LifecycleReason).where(LifecycleReason.event_id == event_id)).one()
        changes.edit(why, reason=reason)
        return changes.batch.id


def take_out(store: Store, event_id: int) -> int:
    """A batch that takes an event out, and why it happened first."""
    with writing(store) as changes:
        for why in changes.session.scalars(sa.select(LifecycleReason).where(LifecycleReason.event_id == event_id)):
            changes.remove(why)
        changes.session.flush()
        changes.remove(changes.session.get_one(LifecycleEvent, event_id))
        return changes.batch.id


def told(store: Store) -> list[tuple[Any, ...]]:
    """What happened to whom, who came, and why."""
    with store.reading() as session:
        columns = (LifecycleEvent.person_id, LifecycleEvent.replaced_by_person_id, LifecycleReason.reason)
        rows = sa.select(*columns).outerjoin(LifecycleReason).order_by(LifecycleEvent.id)
        return [tuple(row) for row in session.execute(rows)]


def test_what_happened_comes_back_without_the_person_and_the_reason(store: Store, brought_in: int) -> None:
    row_id, other = person(store), person(store, "Ottoline Marsh")
    event_id, _ = happened(store, other, row_id, "moved")
    swapped = swap(store, event_id, row_id, other, "was ill")
    removed = take_out(store, event_id)
    erase(store, row_id)
    assert "was ill" not in str(records(store, "lifecycle_reason") + records(store, "lifecycle_event"))
    undo(store, removed)
    assert told(store) == [(None, other, None)]
    undo(store, swapped)
    assert told(store) == [(other, None, None)]


def test_the_reason_that_an_import_gave_goes_and_the_import_can_be_undone(store: Store, brought_in: int) -> None:
    row_id = person(store)
    event_id, batch = happened(store, row_id, None, "was ill")
    later = swap(store, event_id, row_id, None, "was very ill")
    assert erase(store, row_id)[Kept.IMPORTS] == 3  # that the register added the person; the reason, twice
    assert records(store, "lifecycle_reason") == []
    assert told(store) == [(None, None, None)]
    with store.writing() as session:  # the number of the reason is free on SQLite: somebody else's takes it
        other = put.put(session, Person(name="Una Kerr")).id
        cluster_id = session.scalars(sa.select(Cluster.id).where(Cluster.slug == MILL)).one()
        event = LifecycleEvent(cluster_id=cluster_id, kind=EventKind.HANDOVER, happened_on=date(2017, 2, 9))
        event.person_id = other
        put.put(session, event)
        put.put(session, LifecycleReason(event_id=event.id, cluster_id=cluster_id, reason="moved away"))
    undo(store, later)
    undo(store, batch)
    assert told(store) == [(other, None, "moved away")]


def test_an_earlier_reason_goes_where_the_event_is_anothers_by_now_and_theirs_stays(
    store: Store, brought_in: int
) -> None:
    row_id, other = person(store), person(store, "Ottoline Marsh")
    event_id, batch = happened(store, row_id, other, "was ill")
    swapped = swap(store, event_id, other, None, "moved away")
    erase(store, row_id)
    assert told(store) == [(other, None, "moved away")]
    assert records(store, "lifecycle_reason") == [(None, None)], "that the batch added the reason, and no word of it"
    undo(store, swapped)
    assert told(store) == [(None, other, "moved away")]
    undo(store, batch)
    assert told(store) == []
    with store.reading() as session:
        assert session.scalars(sa.select(LifecycleReason.id)).all() == []


def test_the_owner_that_a_plan_named_before_is_nobody_too(store: Store, brought_in: int) -> None:
    for owner in (NAME, "Arts lead"):
        plan = f"target,aims,code,owner\nArts,Reading,ARTS-SEPT16,{owner}\n"
        batch = brought(store, "plan", plan, cluster=MILL).batch
    erase(store, person(store))
    assert NAME not in str(records(store, "target"))
    undo(store, batch)
    with store.reading() as session:
        assert session.scalars(sa.select(Target.owner)).all() == ["(name removed)"]


def test_the_owner_that_a_plan_named_where_nobody_stood_is_nobody_too(store: Store, brought_in: int) -> None:
    for owner in ("", NAME):
        brought(store, "plan", f"target,aims,code,owner\nArts,Reading,ARTS-SEPT16,{owner}\n", cluster=MILL)
    assert ({"owner": None}, {"owner": NAME}) in records(store, "target")
    assert erase(store, person(store))[Kept.IMPORTS] == 2  # the register added the person, the plan named the owner
    assert ({"owner": None}, {"owner": "(name removed)"}) in records(store, "target")
    with store.reading() as session:
        told = session.execute(sa.select(PlanChange.before, PlanChange.after).where(PlanChange.kind == "owner"))
        assert [tuple(row) for row in told] == [(None, "(name removed)")]


@pytest.fixture
def confirmed(store: Store, brought_in: int) -> dict[str, int]:
    """A name of a school and a wording of an aim, in a cluster where the person goes by initials too."""
    with store.writing() as session:
        session.get_one(Person, number(session)).initials = "ZQ"
        cluster = session.scalars(sa.select(Cluster).where(Cluster.slug == MILL)).one()
        school = session.scalars(sa.select(School).order_by(School.id)).first()
        assert school is not None
        alias = put.put(session, SchoolAlias(school_id=school.id, cluster_id=cluster.id, alias="The Mill"))
        aim = put.put(session, Aim(cluster_id=cluster.id, position=9, text="Reading"))
        wording = put.put(session, AimWording(aim_id=aim.id, wording="To read"))
        return {"school_alias": alias.id, "aim_wording": wording.id}


@pytest.mark.parametrize("table", [SchoolAlias, AimWording])
def test_who_confirmed_a_name_leaves_the_records_of_imports(
    store: Store, confirmed: dict[str, int], table: type[Any]
) -> None:
    name = table.__tablename__
    for who in ("zq", NAME, "Somebody Else"):
        change(store, confirmed[name], table, confirmed_by=who)
    with writing(store) as changes:
        changes.remove(changes.session.get_one(table, confirmed[name]))
    erase(store, person(store))
    told = [[said and said["confirmed_by"] for said in record] for record in records(store, name)]
    gone = "(name removed)"
    assert told == [[None, gone], [gone, gone], [gone, "Somebody Else"], ["Somebody Else", None]]


def test_a_row_that_is_gone_belongs_to_the_cluster_of_its_record_or_else_of_its_import(store: Store) -> None:
    add_two_clusters(store)
    with store.writing() as session:
        mine, other = session.scalars(sa.select(Cluster).order_by(Cluster.slug == MILL, Cluster.id).limit(2)).all()[
            ::-1
        ]
        who = put.put(session, Person(name=NAME, initials="ZQ"))
        put.put(session, Appointment(person_id=who.id, role=PersonRole.MENTOR, cluster_id=mine.id))
        for slug, said in (
            (None, {"cluster_id": mine.id}),
            (None, {"cluster_id": other.id}),
            (mine.slug, {}),
            (other.slug, {}),
            (None, {}),
            (other.slug, {"cluster_id": mine.id}),
        ):
            batch = put.put(session, ImportBatch(kind="plan", file_name="a.csv", cluster=slug))
            before = {"owner": "ZQ", **said}
            session.add(BatchChange(batch_id=batch.id, table_name="target", row_id=999, before=before))
    erase(store, person(store))
    left = [before["owner"] == "ZQ" for before, _ in records(store, "target")]
    assert left == [False, True, False, True, False, False]


def test_a_record_is_not_counted_or_changed_where_it_names_somebody_else(store: Store, brought_in: int) -> None:
    for owner in ("", "Arts lead", "Ottoline Marsh"):
        brought(store, "plan", f"target,aims,code,owner\nArts,Reading,ARTS-SEPT16,{owner}\n", cluster=MILL)
    before = records(store, "target")
    assert erase(store, person(store))[Kept.IMPORTS] == 1  # the register, which added the person
    assert records(store, "target") == before


def test_the_register_can_be_brought_in_again_and_adds_to_no_figure(store: Store, brought_in: int) -> None:
    with store.reading() as session:
        before = [each.mark for each in session.scalars(sa.select(SchoolMark).order_by(SchoolMark.id))]
    erase(store, person(store))
    again = brought(store, "attendance", REGISTER.replace(",P,", ",N,"), cluster=MILL)
    assert again.added == 1  # the mark of somebody who is not known any more
    with store.reading() as session:
        assert [each.mark for each in session.scalars(sa.select(SchoolMark).order_by(SchoolMark.id))] == before


def test_a_target_that_an_import_took_out_comes_back_without_its_owner(store: Store, brought_in: int) -> None:
    plan = f"target,aims,code,owner\nArts,Reading,ARTS-SEPT16,{NAME}\n"
    brought(store, "plan", plan, cluster=MILL)
    with writing(store) as changes:
        for link in changes.session.scalars(sa.select(TargetAim)):
            changes.remove(link)
        changes.session.flush()
        changes.remove(changes.session.scalars(sa.select(Target)).one())
        batch = changes.batch.id
    erase(store, person(store))
    undo(store, batch)
    with store.reading() as session:
        assert session.scalars(sa.select(Target.owner)).all() == ["(name removed)"]


def test_a_record_that_tells_of_two_who_left_is_emptied_and_counted_once(store: Store, brought_in: int) -> None:
    event_id, _ = happened(store, person(store), None, "was ill")
    swap(store, event_id, person(store, "Ottoline Marsh"), None, "took it over")
    with store.writing() as session:
        for row in session.scalars(sa.select(Person)):
            row.delete_after = date(2017, 1, 1)
        session.flush()
        counts = PrivacyBook(session, COMMAND_LINE).purge(date(2017, 9, 1))
    # Three were added, one event was changed; one reason was added and changed.
    assert counts == {Kept.CONTACTS: 3, Kept.MARKS: 3, Kept.IMPORTS: 6}
    assert records(store, "lifecycle_event")[-1] == ({"person_id": None}, {"person_id": None})
    assert records(store, "lifecycle_reason") == []


def test_how_another_was_replaced_comes_back_with_its_reason_and_without_the_one_who_came(
    store: Store, brought_in: int
) -> None:
    row_id, other = person(store), person(store, "Ottoline Marsh")
    event_id, _ = happened(store, other, row_id, "moved away")
    batch = take_out(store, event_id)
    erase(store, row_id)
    undo(store, batch)
    assert told(store) == [(other, None, "moved away")]


def returned(store: Store, *people: tuple[int, int | None]) -> int:
    """A batch that brings a return with a line for each: who, and from whom the person takes over."""
    with writing(store) as changes:
        cluster = changes.session.scalars(sa.select(Cluster).where(Cluster.slug == MILL)).one()
        school = changes.session.scalars(sa.select(School).order_by(School.id)).first()
        assert school is not None
        when = datetime(2016, 9, 9, 15, tzinfo=UTC)
        sent = WorkgroupReturn(cluster_id=cluster.id, year=2016, version=1, received_at=when)
        changes.add(sent)
        changes.session.flush()
        for who, replaces in people:
            line = WorkgroupLine(return_id=sent.id, cluster_id=cluster.id, school_id=school.id, person_id=who)
            line.roles, line.year_groups, line.replaces_id = ["mentor"], [], replaces
            changes.add(line)
        return changes.batch.id


def lines(store: Store) -> list[tuple[int, int | None]]:
    with store.reading() as session:
        rows = sa.select(WorkgroupLine.person_id, WorkgroupLine.replaces_id).order_by(WorkgroupLine.id)
        return [(who, replaces) for who, replaces in session.execute(rows)]


def test_a_return_that_named_somebody_is_undone_without_them(store: Store, brought_in: int) -> None:
    row_id, other = person(store), person(store, "Ottoline Marsh")
    batch = returned(store, (row_id, None), (other, row_id))
    erase(store, row_id)
    assert lines(store) == [(other, None)]
    assert len(records(store, "workgroup_line")) == 1
    undo(store, batch)
    assert lines(store) == []


def test_a_line_that_an_import_changed_or_took_out_does_not_come_back(store: Store, brought_in: int) -> None:
    row_id, other = person(store), person(store, "Ottoline Marsh")
    returned(store, (row_id, None), (other, None))
    with store.reading() as session:
        mine, theirs = session.scalars(sa.select(WorkgroupLine.id).order_by(WorkgroupLine.id))
    another = change(store, theirs, WorkgroupLine, replaces_id=row_id)
    with writing(store) as changes:
        changes.remove(changes.session.get_one(WorkgroupLine, mine))
        removed = changes.batch.id
    with writing(store) as changes:
        changes.remove(changes.session.get_one(WorkgroupLine, theirs))
        last = changes.batch.id
    erase(store, row_id)
    told = records(store, "workgroup_line")
    assert told[2:4] == [({"replaces_id": None}, {"replaces_id": None}), ({}, None)]
    assert row_id not in {said.get("replaces_id") for row in told for said in row if said}
    undo(store, last)
    assert lines(store) == [(other, None)]
    undo(store, another)
    with pytest.raises(UndoRefused, match=f"a row of workgroup_line that batch {removed} changed is no longer there"):
        undo(store, removed)
    assert lines(store) == [(other, None)]


def test_a_line_that_an_import_changed_and_that_was_the_persons_is_gone_for_good(store: Store, brought_in: int) -> None:
    row_id = person(store)
    returned(store, (row_id, None))
    with store.reading() as session:
        mine = session.scalars(sa.select(WorkgroupLine.id)).one()
    batch = change(store, mine, WorkgroupLine, starts=date(2017, 1, 9))
    erase(store, row_id)
    assert records(store, "workgroup_line") == [({}, {})]
    with pytest.raises(UndoRefused, match=f"a row of workgroup_line that batch {batch} changed is no longer there"):
        undo(store, batch)


def test_a_concern_comes_back_without_the_account_that_raised_it(store: Store, brought_in: int) -> None:
    """And a return without the account that sent it: the database would refuse a number of nobody."""
    returned(store)
    with store.writing() as session:
        account = put.put(session, Account(email="una@example.org", fs_uniquifier="una")).id
        other = put.put(session, Account(email="ada@example.org", fs_uniquifier="ada")).id
        cluster_id = session.scalars(sa.select(Cluster.id).where(Cluster.slug == MILL)).one()
        for who in (account, other):
            concern = Concern(cluster_id=cluster_id, summary="Nobody came", raised_on=date(2017, 1, 9))
            concern.raised_by_id, concern.raised_as = who, "coordinator"
            put.put(session, concern)
            asked = ApprovalRequest(cluster_id=cluster_id, kind=RequestKind.TRAVEL, summary="A coach", asked_as="c")
            asked.asked_on, asked.asked_by_id, asked.decided_by_id = date(2017, 1, 9), who, account
            put.put(session, asked)
        session.execute(sa.update(WorkgroupReturn).values(returned_by_id=account))
    with writing(store) as changes:
        for table in (Concern, ApprovalRequest, WorkgroupReturn):
            for row in changes.session.scalars(sa.select(table).order_by(table.id)):
                changes.remove(row)
        batch = changes.batch.id
    with store.writing() as session:
        assert PrivacyBook(session, COMMAND_LINE).erase(Subject(None, account)).counts[Kept.IMPORTS] == 4
    undo(store, batch)
    with store.reading() as session:
        assert session.scalars(sa.select(Concern.raised_by_id).order_by(Concern.id)).all() == [None, other]
        assert session.scalars(sa.select(WorkgroupReturn.returned_by_id)).all() == [None]
        asked = sa.select(ApprovalRequest.asked_by_id, ApprovalRequest.decided_by_id).order_by(ApprovalRequest.id)
        assert [tuple(row) for row in session.execute(asked)] == [(None, None), (other, None)]


def test_a_mark_that_an_import_gave_to_another_stays_theirs(store: Store, brought_in: int) -> None:
    row_id = person(store)
    with store.writing() as session:
        third = put.put(session, Person(name="Una Kerr")).id
    with store.reading() as session:
        mark_id = session.scalars(sa.select(PersonMark.id).where(PersonMark.person_id == row_id)).one()
    batch = change(store, mark_id, PersonMark, person_id=third)
    erase(store, row_id)
    undo(store, batch)
    with store.reading() as session:
        assert session.get_one(PersonMark, mark_id).person_id == third
