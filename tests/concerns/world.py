"""Two programmes of one cluster each, the second a decoy; the store as a server opens it; who reads and who writes."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from dashboard.access import EVERYTHING, Action, Grant, Object, Reader, Scope, reading, scope_for, writing
from dashboard.audit import Actor
from dashboard.concerns.commands import ConcernBook
from dashboard.concerns.departures import Departures
from dashboard.db import Base, Session, Store
from dashboard.models import AuditEvent, Cluster, Concern, ConcernStep, School
from dashboard.vocabulary import Role, StepKind, StepOutcome
from tests import builders as put
from tests.visitors import account

TODAY: Final = date(2017, 3, 1)
SECRET: Final = "Nobody answers letters"
"""What somebody writes, which must stand in no event."""


@dataclass(frozen=True)
class World:
    """The numbers and addresses of what stands in the store."""

    store: Store
    """The whole of it."""
    walled: Store
    """As a server opens it."""
    river: int
    mill: int
    weir: int
    mill_school: int
    ford_school: int
    weir_school: int
    director: Reader
    """Of the River programme, with an account."""
    coordinator: Reader
    """Of Mill Cluster."""
    stranger: Reader
    """Coordinator of the decoy."""

    def raised(self, **said: Any) -> int:
        """A concern about Ford School, raised by the coordinator on the day of the test."""
        with writing(self.walled, self.scope(self.coordinator)) as session:
            given = {"cluster": "mill-cluster", "summary": SECRET, "school": "ford-school", **said}
            return book(session, self.coordinator).raise_concern(**given)

    def scope(self, reader: Reader, thing: Object = Object.CONCERNS) -> Scope:
        return scope_for(reader, Action.EDIT, thing)

    def concern(self, number: int) -> Concern:
        with self.store.reading() as session:
            row = session.get_one(Concern, number)
            session.expunge_all()
            return row

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
        river, hill = put.programme(session, "River"), put.programme(session, "Hill")
        mill, weir = put.cluster(session, "Mill Cluster", under=river), put.cluster(session, "Weir Cluster", under=hill)
        mine, ford = (put.school(session, name, within=mill) for name in ("Mill School", "Ford School"))
        decoy = put.school(session, "Weir School", within=weir)
        put.put(session, Concern(
            cluster_id=weir.id, school_id=decoy.id, rule="low_attendance", summary="Decoy worries",
            raised_as="director",
            raised_on=TODAY - timedelta(300), review_on=TODAY - timedelta(200),
        ))  # fmt: skip
        step = ConcernStep(concern_id=1, kind=StepKind.OTHER, taken_on=TODAY, outcome=StepOutcome.AGREED)
        put.put(session, step)
        accounts = {
            Role.DIRECTOR: account(session, Role.DIRECTOR, programme=river).id,
            Role.COORDINATOR: account(session, Role.COORDINATOR, cluster=mill).id,
        }
        return World(
            store, walled, river.id, mill.id, weir.id, mine.id, ford.id, decoy.id,
            Reader("D", (Grant(Role.DIRECTOR, programme_id=river.id),), accounts[Role.DIRECTOR], "director"),
            Reader("C", (Grant(Role.COORDINATOR, cluster_id=mill.id),), accounts[Role.COORDINATOR], "coordinator"),
            Reader("S", (Grant(Role.COORDINATOR, cluster_id=weir.id),), None, "coordinator"),
        )  # fmt: skip


def book(session: Session, reader: Reader, today: date = TODAY) -> ConcernBook:
    """What a reader may write."""
    return ConcernBook(session, Actor.of(reader, "203.0.113.9"), scope_for(reader, Action.EDIT, Object.CONCERNS), today)


def departures(session: Session, reader: Reader, today: date = TODAY) -> Departures:
    """What a reader may decide."""
    concerns, exits = (scope_for(reader, Action.EDIT, thing) for thing in (Object.CONCERNS, Object.EXITS))
    return Departures(session, Actor.of(reader, "203.0.113.9"), concerns, exits, today)


def of(session: Session, model: type[Cluster | School], slug: str) -> Any:
    return session.scalars(sa.select(model).where(model.slug == slug)).one()
