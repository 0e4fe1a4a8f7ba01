"""Batches remember what they did and can be undone, without touching anybody else's rows."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.changes import Changes, Outcome, UndoRefused, undo_batch
from dashboard.db import Base, Store, now_utc
from dashboard.models import (
    Account,
    AccountGrant,
    Appointment,
    BatchChange,
    Benchmark,
    CellLine,
    Cluster,
    ImportBatch,
    Meeting,
    Membership,
    OpenBook,
    Person,
    Plan,
    School,
    SchoolAlias,
    SchoolMark,
    ScreenLink,
    Target,
)
from dashboard.vocabulary import Mark, MeetingKind, PersonRole, Phase, Provenance, Role, TargetStatus
from tests.uploads import BOOKKEEPING


def run(store: Store, work: Callable[[Changes], None], provenance: Provenance = Provenance.RECORDED) -> int:
    """One batch that does `work`; its number."""
    with store.writing() as session:
        changes = Changes(session, ImportBatch(kind="schools", file_name="a.csv", provenance=provenance))
        work(changes)
        changes.finish()
        return changes.batch.id


def undo(store: Store, batch_id: int) -> None:
    with store.writing() as session:
        undo_batch(session, batch_id)


def contents(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but for the record of the batches themselves."""
    with store.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(sa.select(table).order_by(table.c.id))]
            for table in Base.metadata.sorted_tables
            if table.name not in BOOKKEEPING
        }


def one(session: Session, model: type[Any], **where: Any) -> Any:
    return session.scalars(sa.select(model).filter_by(**where)).one()


@pytest.fixture
def decoys(store: Store) -> Store:
    """A store in which an earlier batch and a person by hand left rows in most tables."""

    def work(changes: Changes) -> None:
        session = changes.session
        cluster, school = Cluster(slug="decoy", name="Decoy"), School(slug="decoy", name="Decoy", urn=1)
        person = Person(name="A Colleague")
        for row in (cluster, school, person):
            changes.add(row)
        session.flush()
        changes.add(Membership(cluster_id=cluster.id, school_id=school.id, joined=date(2015, 9, 1)))
        changes.add(Appointment(person_id=person.id, role=PersonRole.TEACHER, year_groups=[5, 6]))
        changes.add(
            Benchmark(
                cluster_id=cluster.id,
                school_label="Decoy",
                year=2016,
                measure="m",
                position=1,
                value=Decimal("1.125"),
                unit="%",
            )
        )
        plan, meeting = Plan(cluster_id=cluster.id, year=2016), _meeting(cluster.id)
        changes.add(plan)
        changes.add(meeting)
        session.flush()
        changes.add(SchoolMark(meeting_id=meeting.id, school_id=school.id, mark=Mark.PRESENT))
        changes.add(_target(plan))

    run(store, work)
    with store.writing() as session:
        session.add(School(slug="by-hand", name="By hand"))
    return store


def _meeting(cluster_id: int) -> Meeting:
    return Meeting(
        cluster_id=cluster_id,
        held_on=date(2016, 10, 4),
        year=2016,
        kind=MeetingKind.CLUSTER,
        starts_at=time(13, 30),
        in_school_time=True,
    )


def _target(plan: Plan) -> Target:
    return Target(
        plan_id=plan.id,
        cluster_id=plan.cluster_id,
        year=2016,
        position=1,
        code="T1",
        title="A target",
        due=date(2017, 3, 1),
        own_status=TargetStatus.IN_PROGRESS,
        cell_target=(CellLine(True, "First"), CellLine(False, "Second")),
    )


def test_added_rows_are_stamped_and_recorded(store: Store) -> None:
    batch_id = run(store, lambda changes: changes.add(School(slug="a", name="A")), Provenance.ILLUSTRATIVE)
    with store.reading() as session:
        school = one(session, School)
        assert (school.batch_id, school.illustrative) == (batch_id, True)
        change = one(session, BatchChange)
        assert (change.batch_id, change.table_name, change.row_id) == (batch_id, "school", school.id)
        assert change.before is None


def test_recorded_rows_are_not_illustrative(store: Store) -> None:
    run(store, lambda changes: changes.add(School(slug="a", name="A")))
    with store.reading() as session:
        assert one(session, School).illustrative is False


def test_an_edit_that_changes_nothing_is_unchanged_and_leaves_no_record(decoys: Store) -> None:
    before, outcomes = contents(decoys), []

    def work(changes: Changes) -> None:
        school = one(changes.session, School, slug="decoy")
        outcomes.append(changes.edit(school, name="Decoy", urn=1, phase=None))

    batch_id = run(decoys, work, Provenance.ILLUSTRATIVE)
    assert outcomes == [Outcome.UNCHANGED]
    assert contents(decoys) == before
    with decoys.reading() as session:
        assert session.scalars(sa.select(BatchChange).where(BatchChange.batch_id == batch_id)).all() == []


def test_an_edit_records_only_what_it_changed(decoys: Store) -> None:
    def work(changes: Changes) -> None:
        school = one(changes.session, School, slug="decoy")
        assert changes.edit(school, name="Other", urn=1) == Outcome.CHANGED

    batch_id = run(decoys, work)
    with decoys.reading() as session:
        assert one(session, School, slug="decoy").name == "Other"
        assert one(session, BatchChange, batch_id=batch_id).before == {"name": "Decoy"}


def test_undoing_takes_added_rows_away_and_nothing_else(decoys: Store) -> None:
    before = contents(decoys)

    def work(changes: Changes) -> None:
        cluster, school = Cluster(slug="a", name="A"), School(slug="a", name="A")
        changes.add(cluster)
        changes.add(school)
        changes.session.flush()
        changes.add(Membership(cluster_id=cluster.id, school_id=school.id))
        meeting = _meeting(cluster.id)
        changes.add(meeting)
        changes.session.flush()
        changes.add(SchoolMark(meeting_id=meeting.id, school_id=school.id, mark=Mark.ABSENT))

    batch_id = run(decoys, work)
    assert contents(decoys) != before
    undo(decoys, batch_id)
    assert contents(decoys) == before
    with decoys.reading() as session:
        assert session.get_one(ImportBatch, batch_id).undone_at is not None
        others = sa.select(sa.func.count(ImportBatch.id)).where(ImportBatch.undone_at.is_not(None))
        assert session.scalar(others) == 1


EDITS: list[tuple[type[Base], dict[str, Any]]] = [
    (School, {"name": "B", "phase": Phase.JUNIOR, "latitude": 51.5, "closed": date(2017, 8, 31)}),
    (Membership, {"joined": None, "left": date(2017, 1, 1)}),
    (Membership, {"joined": date(2016, 1, 1)}),
    (
        Meeting,
        {"held_on": date(2016, 10, 11), "starts_at": None, "in_school_time": False, "kind": MeetingKind.TRAINING},
    ),
    (SchoolMark, {"mark": Mark.APOLOGIES, "note": "Late train"}),
    (Benchmark, {"value": Decimal("2.5"), "unit": "£"}),
    (Benchmark, {"value": None}),
    (Appointment, {"year_groups": [1], "starts": date(2016, 9, 1)}),
    (Appointment, {"year_groups": None, "role": PersonRole.GOVERNOR}),
    (Target, {"own_status": None, "due": None, "cell_target": (CellLine(False, "Other"),)}),
    (Target, {"own_status": TargetStatus.STALLED, "cell_target": None, "cell_impact": (CellLine(True, "New"),)}),
]


@pytest.mark.parametrize(("model", "values"), EDITS)
def test_undoing_puts_back_what_stood_there(decoys: Store, model: type[Base], values: dict[str, Any]) -> None:
    before = contents(decoys)

    def work(changes: Changes) -> None:
        row = changes.session.scalars(sa.select(model).order_by(model.__table__.c.id)).first()
        assert row is not None
        assert changes.edit(row, **values) == Outcome.CHANGED

    batch_id = run(decoys, work, Provenance.ILLUSTRATIVE)
    assert contents(decoys) != before
    undo(decoys, batch_id)
    assert contents(decoys) == before


def test_a_moment_is_put_back(store: Store) -> None:
    when = datetime(2016, 10, 4, 12, 30, tzinfo=UTC)
    with store.writing() as session:
        cluster, school = Cluster(slug="a", name="A"), School(slug="a", name="A")
        session.add_all([cluster, school])
        session.flush()
        session.add(SchoolAlias(school_id=school.id, cluster_id=cluster.id, alias="a", confirmed_at=when))
    before = contents(store)
    batch_id = run(store, lambda changes: _edit_alias(changes, datetime(2020, 1, 1, tzinfo=UTC)))
    undo(store, batch_id)
    assert contents(store) == before


def _edit_alias(changes: Changes, confirmed_at: datetime) -> None:
    changes.edit(one(changes.session, SchoolAlias), confirmed_at=confirmed_at)


def test_a_row_edited_twice_in_one_batch_goes_back_to_the_start(decoys: Store) -> None:
    before = contents(decoys)

    def work(changes: Changes) -> None:
        school = one(changes.session, School, slug="decoy")
        changes.edit(school, name="Second", urn=2)
        changes.edit(school, name="Third")

    undo(decoys, run(decoys, work))
    assert contents(decoys) == before


def test_a_row_added_and_edited_in_one_batch_goes(decoys: Store) -> None:
    before = contents(decoys)

    def work(changes: Changes) -> None:
        school = School(slug="a", name="A")
        changes.add(school)
        changes.session.flush()
        changes.edit(school, name="B")

    undo(decoys, run(decoys, work))
    assert contents(decoys) == before


def test_a_row_that_was_pointed_at_a_new_one_lets_go_of_it(decoys: Store) -> None:
    before = contents(decoys)

    def work(changes: Changes) -> None:
        school = School(slug="a", name="A")
        changes.add(school)
        changes.session.flush()
        changes.edit(one(changes.session, Membership), school_id=school.id)

    undo(decoys, run(decoys, work))
    assert contents(decoys) == before


def test_swapped_addresses_can_be_put_back(decoys: Store) -> None:
    before = contents(decoys)

    def work(changes: Changes) -> None:
        first, second = one(changes.session, School, slug="decoy"), one(changes.session, School, slug="by-hand")
        changes.edit(first, slug="gone")
        changes.session.flush()
        changes.edit(second, slug="decoy")

    undo(decoys, run(decoys, work))
    assert contents(decoys) == before


def test_removed_rows_come_back_as_they_were(decoys: Store) -> None:
    before = contents(decoys)

    def work(changes: Changes) -> None:
        for model in (SchoolMark, Meeting, Target, Plan, Benchmark, Membership, Appointment, Person):
            changes.remove(one(changes.session, model))
            changes.session.flush()

    batch_id = run(decoys, work)
    assert contents(decoys)["target"] == contents(decoys)["meeting"] == []
    undo(decoys, batch_id)
    assert contents(decoys) == before


def test_an_unknown_or_undone_batch_is_refused(decoys: Store) -> None:
    with pytest.raises(UndoRefused, match="there is no batch 99"):
        undo(decoys, 99)
    batch_id = run(decoys, lambda changes: changes.add(School(slug="a", name="A")))
    undo(decoys, batch_id)
    with pytest.raises(UndoRefused, match=f"batch {batch_id} was undone already, on "):
        undo(decoys, batch_id)


def test_a_batch_whose_rows_were_changed_later_is_refused_until_that_is_undone(decoys: Store) -> None:
    first = run(decoys, lambda changes: changes.add(School(slug="a", name="A")))
    second = run(decoys, lambda changes: _rename(changes, "B"))
    before = contents(decoys)
    with pytest.raises(UndoRefused, match=f"batch {second} changed the same rows later"):
        undo(decoys, first)
    assert contents(decoys) == before
    undo(decoys, second)
    undo(decoys, first)
    with decoys.reading() as session:
        assert session.scalars(sa.select(School).where(School.slug == "a")).all() == []


def _rename(changes: Changes, name: str) -> None:
    changes.edit(one(changes.session, School, slug="a"), name=name)


def test_a_batch_that_later_rows_rest_upon_is_refused(decoys: Store) -> None:
    first = run(decoys, lambda changes: changes.add(School(slug="a", name="A")))

    def rest_upon_it(changes: Changes) -> None:
        school, cluster = one(changes.session, School, slug="a"), one(changes.session, Cluster)
        changes.add(Membership(cluster_id=cluster.id, school_id=school.id))

    second = run(decoys, rest_upon_it)
    before = contents(decoys)
    with pytest.raises(UndoRefused, match=f"later entries rest on batch {first}"):
        undo(decoys, first)
    assert contents(decoys) == before
    undo(decoys, second)
    undo(decoys, first)


@pytest.mark.parametrize("what", ["role", "screen link", "open book"])
def test_no_role_link_or_consent_goes_with_the_place_it_is_for(store: Store, what: str) -> None:
    """It would go without an event of its own."""

    def places(changes: Changes) -> None:
        changes.add(Cluster(slug="new", name="New"))
        changes.add(School(slug="a", name="A"))

    batch = run(store, places)
    with store.writing() as session:
        cluster, school = one(session, Cluster, slug="new"), one(session, School, slug="a")
        account = Account(email="one@example.org", fs_uniquifier="x")
        account.grants.append(AccountGrant(role=Role.COORDINATOR, cluster_id=cluster.id))
        rests = {
            "role": account,
            "screen link": ScreenLink(cluster_id=cluster.id, token_sha256="x", expires_at=now_utc()),
            "open book": OpenBook(cluster_id=cluster.id, school_id=school.id, agreed_on=date(2016, 9, 1)),
        }
        session.add(rests[what])
    before = contents(store)
    with pytest.raises(UndoRefused, match=f"rest on batch {batch}, or roles or screen links do"):
        undo(store, batch)
    assert contents(store) == before


def test_a_batch_without_a_record_of_its_rows_is_refused(store: Store) -> None:
    with store.writing() as session:
        batch = ImportBatch(kind="generate", file_name="generated", added=1)
        session.add(batch)
        session.flush()
        session.add(School(slug="a", name="A", batch_id=batch.id))
    before = contents(store)
    with pytest.raises(UndoRefused, match="kept no record of its rows"):
        undo(store, 1)
    assert contents(store) == before


def test_undoing_an_earlier_batch_leaves_a_later_one_alone(decoys: Store) -> None:
    first = run(decoys, lambda changes: changes.add(School(slug="a", name="A")))
    second = run(decoys, lambda changes: changes.add(School(slug="b", name="B")))
    undo(decoys, first)
    with decoys.reading() as session:
        assert one(session, School, slug="b").batch_id == second
