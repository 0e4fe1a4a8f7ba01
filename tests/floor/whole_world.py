"""A row of everything, in three clusters: what is behind the walls, and whose each row is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.db import Base, Store
from dashboard.models import (
    Aim,
    AimWording,
    Appointment,
    BatchChange,
    Cluster,
    ClusterStage,
    Criterion,
    CriterionSchool,
    ImportBatch,
    LeadSchool,
    LifecycleEvent,
    Meeting,
    OpenBook,
    Person,
    PersonMark,
    Programme,
    School,
    SchoolAgreement,
    SchoolAlias,
    Stage,
    Target,
    TargetAim,
    Trust,
    TrustMembership,
)
from dashboard.vocabulary import CriterionState, EventKind, Mark, PersonRole, Pot
from tests import builders as put
from tests.builders import YEAR

Ids = dict[str, set[int]]
"""Table → the numbers of rows."""
_DAY = date(2016, 10, 5)


@dataclass
class Whole:
    """The world, and which rows each of its parts brought: "mill", "mill ford" (a school within it), …"""

    brought: dict[str, Ids] = field(default_factory=dict)
    clusters: dict[str, int] = field(default_factory=dict)
    schools: dict[str, int] = field(default_factory=dict)
    river: int = 0
    """The programme of all clusters but the decoy."""

    def rows(self, *parts: str) -> Ids:
        """The rows of every part whose name begins with one of these words."""
        found: Ids = {}
        for part, ids in self.brought.items():
            if part.startswith(parts):
                for table, numbers in ids.items():
                    found.setdefault(table, set()).update(numbers)
        return found


def ids_of(session: Session) -> Ids:
    """The numbers of all rows that a session sees."""
    return {
        table.name: set(session.scalars(sa.select(table.c.id)))
        for table in Base.metadata.sorted_tables
        if "id" in table.c
    }


def build(store: Store) -> Whole:
    """Two clusters under one programme and a decoy under another, with two schools each."""
    whole = Whole()
    with store.writing() as session:
        river, decoy = put.programme(session, "River"), put.programme(session, "Decoy")
        whole.river = river.id
        for name, under in (("mill", river), ("weir", river), ("decoy", decoy)):
            _note(session, whole, name, lambda name=name, under=under: _cluster(session, whole, name, under))
            for school in ("ford", "lake"):
                part = f"{name} {school}"
                _note(session, whole, part, lambda part=part, name=name: _school(session, whole, part, name))
    return whole


def _note(session: Session, whole: Whole, part: str, make: Callable[[], None]) -> None:
    before = ids_of(session)
    make()
    session.flush()
    whole.brought[part] = {table: ids - before[table] for table, ids in ids_of(session).items()}


def _cluster(session: Session, whole: Whole, name: str, under: Programme) -> None:
    made = put.cluster(session, name, under=under)
    whole.clusters[name] = made.id
    stage = put.put(session, Stage(programme_id=under.id, position=made.id, name=name))
    put.put(session, ClusterStage(cluster_id=made.id, stage_id=stage.id))
    put.put(session, LifecycleEvent(cluster_id=made.id, kind=EventKind.STAGE_GATE, happened_on=_DAY))
    put.meeting(session, made, _DAY)
    put.allocation(session, made, 1000)
    put.carried(session, made, 50)
    put.line(session, made, 100)
    target = put.target(session, made, name, criteria=(CriterionState.MET,), evidence_on=(None,))
    aim = put.put(session, Aim(cluster_id=made.id, position=1, text=name))
    put.put(session, AimWording(aim_id=aim.id, wording=name))
    put.put(session, TargetAim(target_id=target.id, aim_id=aim.id))
    put.benchmark(session, made, measure="Whole")
    batch = put.put(session, ImportBatch(kind="schools", file_name="a.csv", cluster=made.slug))
    put.put(session, BatchChange(batch_id=batch.id, table_name="cluster", row_id=made.id))


def _school(session: Session, whole: Whole, part: str, name: str) -> None:
    of = session.get_one(Cluster, whole.clusters[name])
    made = put.school(session, part, within=of)
    whole.schools[part] = made.id
    _history(session, of, made)
    _people(session, of, made)
    put.allocation(session, of, 500, pot=Pot.SCHOOL_HELD, to=made)
    put.carried(session, of, 5, pot=Pot.SCHOOL_HELD, to=made)
    put.line(session, of, 10, pot=Pot.SCHOOL_HELD, by=made)
    printed = put.benchmark(session, of, measure=part)
    printed.school_id = made.id


def _history(session: Session, of: Cluster, made: School) -> None:
    trust = put.put(session, Trust(slug=made.slug, name=made.name))
    put.put(session, TrustMembership(trust_id=trust.id, school_id=made.id))
    put.put(session, LeadSchool(cluster_id=of.id, school_id=made.id))
    put.put(session, OpenBook(cluster_id=of.id, school_id=made.id, agreed_on=_DAY))
    put.put(session, SchoolAgreement(cluster_id=of.id, school_id=made.id, signed_on=_DAY))
    put.put(session, SchoolAlias(cluster_id=of.id, school_id=made.id, alias=f"{made.name}'s"))
    put.put(
        session,
        LifecycleEvent(
            cluster_id=of.id, school_id=made.id, kind=EventKind.SABBATICAL, happened_on=_DAY, sensitive=True
        ),
    )


def _people(session: Session, of: Cluster, made: School) -> None:
    person = put.put(session, Person(name="A Colleague"))
    put.put(session, Appointment(person_id=person.id, role=PersonRole.TEACHER, cluster_id=of.id, school_id=made.id))
    held = session.query(Meeting).filter_by(cluster_id=of.id).one()
    put.mark(session, held, made, Mark.PRESENT)
    put.put(session, PersonMark(meeting_id=held.id, school_id=made.id, person_id=person.id, mark=Mark.PRESENT))
    criterion = session.query(Criterion).join(Target).filter(Target.cluster_id == of.id, Target.year == YEAR).one()
    put.put(session, CriterionSchool(criterion_id=criterion.id, school_id=made.id, state=CriterionState.MET))
