"""Mill Cluster with four schools, and a decoy with answers and a note of its own."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Action, Grant, Object, Reader, reading, scope_for, writing
from dashboard.audit import Actor
from dashboard.db import Base, Store
from dashboard.evaluation.checks import AreaSaid, seen_as, sign_of_note
from dashboard.evaluation.commands import EvaluationBook, NoteBook
from dashboard.models import AuditEvent, CollaborationNote, Project, SelfEvaluation
from dashboard.vocabulary import Role, SelfAnswer
from tests import builders as put

TODAY: Final = date(2017, 3, 1)
YEAR: Final = AcademicYear(2016)
SECRET: Final = "What nobody may read in the audit"
WELL, SO_SO, IMPROVE = SelfAnswer.WORKS_WELL, SelfAnswer.SO_SO, SelfAnswer.WANT_TO_IMPROVE
NOTHING_YET: Final = seen_as(())


@dataclass(frozen=True)
class World:
    """The numbers of what stands in the store."""

    store: Store
    walled: Store
    mill: int
    schools: dict[str, int]
    """ford, lock, weir and dam, by name."""
    project: int
    decoy_project: int
    decoy_note: int
    coordinator: Reader
    head: Reader
    """Of Ford School."""

    def scope(self, reader: Reader, action: Action = Action.EDIT) -> Any:
        return scope_for(reader, action, Object.EVALUATION)

    def answer(
        self,
        *said: tuple[str, SelfAnswer | None] | tuple[str, SelfAnswer | None, str],
        school: str = "ford-school",
        seen: str | None = None,
        reader: Reader | None = None,
        cluster: str = "mill-cluster",
        year: AcademicYear = YEAR,
        today: date = TODAY,
    ) -> Any:
        """What a school's answers come to; by its headteacher unless another reader is named."""
        who = reader or self.head
        with writing(self.walled, self.scope(who)) as session:
            book = EvaluationBook(session, Actor.of(who, "203.0.113.9"), self.scope(who), today)
            return book.answer(
                cluster, school, year, [AreaSaid(*each) for each in said], self.seen(school) if seen is None else seen
            )

    def seen(self, school: str, year: AcademicYear = YEAR) -> str:
        """The sign of what a school says now."""
        number = self.schools.get(school.removesuffix("-school"))
        rows = [row for row in self.rows(SelfEvaluation) if (row.school_id, row.year) == (number, year.start)]
        return seen_as((row.area, row.answer, row.note) for row in rows)

    def sign_of_note(self, number: int) -> str:
        return sign_of_note(next(row for row in self.rows(CollaborationNote) if row.id == number))

    def write(self, do: Any, reader: Reader | None = None, *, cluster: str = "mill-cluster") -> Any:
        """What a command on notes gives to a reader; to the coordinator unless another one is named."""
        who = reader or self.coordinator
        with writing(self.walled, self.scope(who)) as session:
            return do(NoteBook(session, Actor.of(who, "203.0.113.9"), self.scope(who), cluster, TODAY))

    def read(self, query: Any, reader: Reader, *more: Any) -> Any:
        """What a query gives to a reader of Mill Cluster."""
        scope = self.scope(reader, Action.SEE)
        with reading(self.walled, scope) as session:
            return query(session, scope, self.mill, *more)

    def kept(self) -> dict[tuple[str, str], str]:
        """School and area → the answer, of Mill Cluster."""
        names = {number: name for name, number in self.schools.items()}
        rows = [row for row in self.rows(SelfEvaluation) if row.cluster_id == self.mill]
        return {(names[row.school_id], row.area): str(row.answer) for row in rows}

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
        schools = {
            name: put.school(session, f"{name.capitalize()} School", within=mill)
            for name in ("ford", "lock", "weir", "dam")
        }
        other = put.school(session, "Decoy School", within=decoy)
        put.membership(session, decoy, schools["ford"])
        for area in ("Writing", "Decoy area"):
            put.self_evaluation(session, decoy, other, area, IMPROVE)
        return World(
            store, walled, mill.id, {name: row.id for name, row in schools.items()},
            put.put(session, Project(cluster_id=mill.id, name="Stars")).id,
            put.put(session, Project(cluster_id=decoy.id, name="Decoy project")).id,
            put.note(session, decoy, "decoy tag").id,
            Reader("C", (Grant(Role.COORDINATOR, cluster_id=mill.id),), None, "coordinator"),
            Reader("H", (Grant(Role.HEADTEACHER, school_id=schools["ford"].id),), None, "headteacher"),
        )  # fmt: skip
