"""Mill Cluster with three schools, and a decoy with a group, an outcome, a project and children of its own."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from dashboard.access import EVERYTHING, Action, Grant, Object, Reader, Scope, reading, scope_for, writing
from dashboard.audit import Actor
from dashboard.db import Base, Store
from dashboard.models import (
    AuditEvent,
    GroupOutcome,
    Participation,
    Project,
    ProjectStep,
    WorkingGroup,
    WorkingGroupSchool,
)
from dashboard.vocabulary import GroupStatus, Role
from dashboard.working_groups import checks
from dashboard.working_groups.checks import GroupSaid, ProjectSaid
from dashboard.working_groups.commands import GroupBook
from tests import builders as put

TODAY: Final = date(2017, 3, 1)
SECRET: Final = "What nobody may read in the audit"


@dataclass(frozen=True)
class World:
    """The numbers of what stands in the store."""

    store: Store
    walled: Store
    mill: int
    ford: int
    lock: int
    weir: int
    decoy_group: int
    decoy_outcome: int
    decoy_project: int
    decoy_school: int
    decoy_target: int
    target: int
    draft: int
    coordinator: Reader
    steering: Reader
    head: Reader
    """Of Ford School."""

    def write(self, do: Any, reader: Reader | None = None, *, cluster: str = "mill-cluster") -> Any:
        """What a command gives to a reader; to the coordinator unless another one is named."""
        who = reader or self.coordinator
        scope = scope_for(who, Action.EDIT, Object.WORKING_GROUPS)
        with writing(self.walled, scope) as session:
            return do(GroupBook(session, Actor.of(who, "203.0.113.9"), scope, cluster, TODAY))

    def add(self, name: str = "Numeracy", **said: Any) -> int:
        return self.write(lambda book: book.add_group(GroupSaid(name, **{"status": GroupStatus.AT_WORK, **said})))

    def add_project(self, name: str = "Stars", **said: Any) -> int:
        return self.write(lambda book: book.add_project(ProjectSaid(name, **said)))

    def record(self, project: int, counts: dict[tuple[int, str], int | None] | dict[tuple[int, str], int]) -> Any:
        """What becomes of children that are noted by somebody who saw what stood there."""
        return self.write(lambda book: book.record_children(project, counts, self.sign_of_children(project)))

    def sign_of_group(self, number: int) -> str:
        schools = [row for row in self.rows(WorkingGroupSchool) if row.working_group_id == number]
        return checks.sign_of_group(self._row(WorkingGroup, number), schools)

    def sign_of_outcome(self, number: int) -> str:
        return checks.sign_of_outcome(self._row(GroupOutcome, number))

    def sign_of_project(self, number: int) -> str:
        steps = [row for row in self.rows(ProjectStep) if row.project_id == number]
        return checks.sign_of_project(self._row(Project, number), steps)

    def sign_of_children(self, project: int) -> str:
        return checks.sign_of_children(row for row in self.rows(Participation) if row.project_id == project)

    def _row(self, model: type[Base], number: int) -> Any:
        return next(row for row in self.rows(model) if row.id == number)

    def read(self, query: Any, reader: Reader, *more: Any) -> Any:
        """What a query gives to a reader of Mill Cluster."""
        scope = self.scope(reader)
        with reading(self.walled, scope) as session:
            return query(session, scope, self.mill, *more)

    def scope(self, reader: Reader) -> Scope:
        return scope_for(reader, Action.SEE, Object.WORKING_GROUPS)

    def rows(self, model: type[Base]) -> list[Any]:
        """All rows of a table, past every wall."""
        with reading(self.walled, EVERYTHING) as session:
            found = list(session.scalars(sa.select(model).order_by(sa.literal_column("id"))))
            session.expunge_all()
            return found

    def events(self) -> list[AuditEvent]:
        return self.rows(AuditEvent)


def make_world(store: Store, walled: Store) -> World:
    with store.writing() as session:
        mill, decoy = put.cluster(session, "Mill Cluster"), put.cluster(session, "Decoy Cluster")
        ford, lock, weir = (
            put.school(session, name, within=mill) for name in ("Ford School", "Lock School", "Weir School")
        )
        other = put.school(session, "Decoy School", within=decoy)
        made = put.working_groups(session, decoy, (other,))
        target, draft = put.target(session, mill, "READING"), put.target(session, mill, "NEXT", draft=True, year=2017)
        return World(
            store, walled, mill.id, ford.id, lock.id, weir.id, made["group_id"], made["outcome_id"],
            made["project_id"], other.id, put.target(session, decoy, "DECOY").id, target.id, draft.id,
            Reader("C", (Grant(Role.COORDINATOR, cluster_id=mill.id),), None, "coordinator"),
            Reader("S", (Grant(Role.STEERING, cluster_id=mill.id),), None, "steering"),
            Reader("H", (Grant(Role.HEADTEACHER, school_id=ford.id),), None, "headteacher"),
        )  # fmt: skip
