"""A programme of three stages with a cluster of four schools, one of which left, and a decoy beside it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from dashboard.access import EVERYTHING, Action, Grant, Object, Reader, Scope, reading, scope_for, writing
from dashboard.audit import Actor
from dashboard.db import Base, Session, Store
from dashboard.models import AuditEvent, ChecklistTick, ClusterStage, Cohort, SchoolCommitment, Stage
from dashboard.stages.commands import StageBook
from dashboard.vocabulary import Checklist, Commitment, Role, TickState
from tests import builders as put
from tests.visitors import account

TODAY: Final = date(2017, 3, 1)
"""In the second year."""


@dataclass(frozen=True)
class World:
    """The numbers of what stands in the store."""

    store: Store
    walled: Store
    mill: int
    weir: int
    stages: dict[str, int]
    """Of the cluster's programme by name, and "decoy" of the other one."""
    schools: dict[str, int]
    coordinator: Reader
    advisor: Reader

    def head_of(self, school: str) -> Reader:
        return Reader("H", (Grant(Role.HEADTEACHER, school_id=self.schools[school]),), None, "headteacher")

    def scope(self, reader: Reader, action: Action = Action.SEE) -> Scope:
        return scope_for(reader, action, Object.STAGES)

    def write(self, do: Any, reader: Reader | None = None, *, cluster: int | None = None, today: date = TODAY) -> Any:
        """What a book gives that a reader opens for the cluster, behind the wall."""
        who = reader or self.coordinator
        scope = self.scope(who, Action.EDIT)
        with writing(self.walled, scope) as session:
            return do(StageBook(session, Actor.of(who, "203.0.113.9"), scope, cluster or self.mill, today))

    def rows(self, model: type[Base]) -> list[Any]:
        """All rows of a table, past every wall."""
        with reading(self.walled, EVERYTHING) as session:
            found = list(session.scalars(sa.select(model).order_by(sa.literal_column("id"))))
            session.expunge_all()
            return found

    def events(self) -> list[tuple[str, str]]:
        return [(each.action, each.object_kind) for each in self.rows(AuditEvent)]


def stage(session: Session, under: int, position: int, name: str, first: int | None, last: int | None) -> int:
    row = Stage(programme_id=under, position=position, name=name, first_programme_year=first, last_programme_year=last)
    return put.put(session, row).id


def make_world(
    store: Store, walled: Store, *, starts: date = date(2015, 9, 1), ends: date = date(2017, 8, 31)
) -> World:
    with store.writing() as session:
        river, hill = put.programme(session, "River"), put.programme(session, "Hill")
        mill, weir = put.cluster(session, "Mill Cluster", under=river), put.cluster(session, "Weir Cluster", under=hill)
        mill.starts, mill.ends = starts, ends
        stages = {
            "One": stage(session, river.id, 1, "One", 1, 1), "Two": stage(session, river.id, 2, "Two", 2, 3),
            "Three": stage(session, river.id, 3, "Three", 2, None), "decoy": stage(session, hill.id, 1, "Decoy", 1, 1),
        }  # fmt: skip
        schools = {name: put.school(session, f"{name} School", within=mill).id for name in ("Ford", "Lock", "Mill")}
        gone = put.school(session, "Gone School")
        put.membership(session, mill, gone, left=date(2016, 7, 31))
        decoy = put.school(session, "Decoy School", within=weir)
        schools |= {"Gone": gone.id, "Decoy": decoy.id}
        said = SchoolCommitment(cluster_id=weir.id, school_id=decoy.id, answer=Commitment.LEAVES, said_on=TODAY)
        tick = ChecklistTick(
            cluster_id=weir.id, checklist=Checklist.STAGE_GATE, stage_id=stages["decoy"], item="report"
        )
        said.said_as = tick.said_as = "coordinator"
        tick.state, tick.note = TickState.DONE, "Decoy note"
        put.put(session, said)
        put.put(session, tick)
        put.put(session, ClusterStage(cluster_id=weir.id, stage_id=stages["decoy"], starts=date(2001, 1, 1)))
        weir.cohort_id = put.put(session, Cohort(programme_id=hill.id, name="2016", starts=date(2016, 9, 1))).id
        keeps, advises = (
            account(session, Role.COORDINATOR, cluster=mill),
            account(session, Role.ADVISOR, programme=river),
        )
        return World(
            store, walled, mill.id, weir.id, stages, schools,
            Reader("C", (Grant(Role.COORDINATOR, cluster_id=mill.id),), keeps.id, "coordinator"),
            Reader("A", (Grant(Role.ADVISOR, programme_id=river.id),), advises.id, "advisor"),
        )  # fmt: skip
