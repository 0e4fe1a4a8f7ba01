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
    Aim,
    AimWording,
    Appointment,
    BatchChange,
    Cluster,
    ImportBatch,
    LifecycleEvent,
    Person,
    PersonMark,
    School,
    SchoolAlias,
    SchoolMark,
    Target,
    TargetAim,
)
from dashboard.privacy.commands import PrivacyBook
from dashboard.privacy.rules import NAMELESS, Kept
from dashboard.privacy.subjects import Subject
from dashboard.vocabulary import EventKind, Mark, PersonRole
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


def test_what_happened_comes_back_without_the_person_and_the_reason(store: Store, brought_in: int) -> None:
    row_id, other = person(store), person(store, "Ottoline Marsh")
    with writing(store) as changes:
        cluster = changes.session.scalars(sa.select(Cluster).where(Cluster.slug == MILL)).one()
        event = LifecycleEvent(cluster_id=cluster.id, kind=EventKind.HANDOVER, happened_on=date(2017, 1, 9))
        event.person_id, event.replaced_by_person_id, event.reason = other, row_id, "moved"
        changes.add(event)
        changes.session.flush()
        event_id = event.id
    swapped = change(store, event_id, LifecycleEvent, person_id=row_id, replaced_by_person_id=other, reason="was ill")
    with writing(store) as changes:
        changes.remove(changes.session.get_one(LifecycleEvent, event_id))
        removed = changes.batch.id
    erase(store, row_id)
    undo(store, removed)
    undo(store, swapped)
    with store.reading() as session:
        back = session.get_one(LifecycleEvent, event_id)
        assert (back.person_id, back.replaced_by_person_id) == (other, None)
        assert "ill" not in str(records(store, "lifecycle_event"))


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
    assert records(store, "target")[-1] == ({"owner": None}, {"owner": NAME})
    assert erase(store, person(store))[Kept.IMPORTS] == 2  # the register added the person, the plan named the owner
    assert records(store, "target")[-1] == ({"owner": None}, {"owner": "(name removed)"})


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
    with writing(store) as changes:
        cluster = changes.session.scalars(sa.select(Cluster).where(Cluster.slug == MILL)).one()
        event = LifecycleEvent(cluster_id=cluster.id, kind=EventKind.HANDOVER, happened_on=date(2017, 1, 9))
        event.person_id = person(store)
        changes.add(event)
        changes.session.flush()
        event_id = event.id
    change(store, event_id, LifecycleEvent, person_id=person(store, "Ottoline Marsh"), reason="took it over")
    with store.writing() as session:
        for row in session.scalars(sa.select(Person)):
            row.delete_after = date(2017, 1, 1)
        session.flush()
        counts = PrivacyBook(session, COMMAND_LINE).purge(date(2017, 9, 1))
    assert counts == {Kept.CONTACTS: 3, Kept.MARKS: 3, Kept.IMPORTS: 4}  # three were added, one event was changed
    assert records(store, "lifecycle_event")[-1] == (
        {"person_id": None, "reason": None},
        {"person_id": None, "reason": None},
    )


def test_how_another_was_replaced_comes_back_with_its_reason_and_without_the_one_who_came(
    store: Store, brought_in: int
) -> None:
    row_id, other = person(store), person(store, "Ottoline Marsh")
    with writing(store) as changes:
        cluster = changes.session.scalars(sa.select(Cluster).where(Cluster.slug == MILL)).one()
        event = LifecycleEvent(cluster_id=cluster.id, kind=EventKind.HANDOVER, happened_on=date(2017, 1, 9))
        event.person_id, event.replaced_by_person_id, event.reason = other, row_id, "moved away"
        changes.add(event)
        changes.session.flush()
        event_id = event.id
    with writing(store) as changes:
        changes.remove(changes.session.get_one(LifecycleEvent, event_id))
        batch = changes.batch.id
    erase(store, row_id)
    undo(store, batch)
    with store.reading() as session:
        back = session.get_one(LifecycleEvent, event_id)
        assert (back.person_id, back.replaced_by_person_id, back.reason) == (other, None, "moved away")


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
