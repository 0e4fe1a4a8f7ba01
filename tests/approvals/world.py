"""Two programmes of one cluster each, the second a decoy with a decided request; who asks and who decides."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from dashboard.access import EVERYTHING, Action, Grant, Object, Reader, Scope, reading, scope_for, writing
from dashboard.approvals.checks import Asked, Verdict
from dashboard.approvals.commands import RequestBook
from dashboard.audit import Actor
from dashboard.db import Base, Session, Store
from dashboard.models import ApprovalRequest, AuditEvent
from dashboard.vocabulary import RequestKind, RequestState, Role
from tests import builders as put
from tests.visitors import account

TODAY: Final = date(2017, 3, 1)
SECRET: Final = "The old minibus broke down"
"""What somebody writes, which must stand in no event."""
TRAVEL: Final = Asked(RequestKind.TRAVEL, SECRET, 4_500, "ford-school")


@dataclass(frozen=True)
class World:
    """The numbers and addresses of what stands in the store."""

    store: Store
    walled: Store
    mill: int
    ford: int
    lock: int
    decoy: int
    """The number of the decoy's request."""
    coordinator: Reader
    advisor: Reader
    director: Reader
    bursar: Reader

    def scope(self, reader: Reader, thing: Object = Object.REQUESTS) -> Scope:
        return scope_for(reader, Action.EDIT, thing)

    def asked(self, said: Asked = TRAVEL, *, today: date = TODAY) -> int:
        """A request of the coordinator."""
        with writing(self.walled, self.scope(self.coordinator)) as session:
            return book(session, self.coordinator, Object.REQUESTS, today).ask("mill-cluster", said)

    def decided(self, number: int, said: Verdict, *, today: date = TODAY) -> None:
        with writing(self.walled, self.scope(self.advisor, Object.APPROVALS)) as session:
            book(session, self.advisor, Object.APPROVALS, today).decide(number, said)

    def request(self, number: int) -> ApprovalRequest:
        return next(row for row in self.rows(ApprovalRequest) if row.id == number)

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
        ford, lock = (put.school(session, name, within=mill) for name in ("Ford School", "Lock School"))
        put.school(session, "Weir School", within=weir)
        decoy = put.put(session, ApprovalRequest(
            cluster_id=weir.id, kind=RequestKind.TRAVEL, summary="Decoy coach", amount=9_900, asked_as="coordinator",
            asked_on=date(2016, 5, 1), state=RequestState.APPROVED, granted=9_900, decided_on=date(2016, 5, 2),
            decided_as="advisor", reason="Decoy reason about a minibus",
        ))  # fmt: skip
        accounts = {
            Role.COORDINATOR: account(session, Role.COORDINATOR, cluster=mill).id,
            Role.ADVISOR: account(session, Role.ADVISOR, programme=river).id,
            Role.DIRECTOR: account(session, Role.DIRECTOR, programme=river).id,
        }
        return World(
            store, walled, mill.id, ford.id, lock.id, decoy.id,
            Reader("C", (Grant(Role.COORDINATOR, cluster_id=mill.id),), accounts[Role.COORDINATOR], "coordinator"),
            Reader("A", (Grant(Role.ADVISOR, programme_id=river.id),), accounts[Role.ADVISOR], "advisor"),
            Reader("D", (Grant(Role.DIRECTOR, programme_id=river.id),), accounts[Role.DIRECTOR], "director"),
            Reader("B", (Grant(Role.BURSAR, cluster_id=mill.id),), None, "bursar"),
        )  # fmt: skip


def book(session: Session, reader: Reader, thing: Object, today: date = TODAY) -> RequestBook:
    """What a reader may write."""
    return RequestBook(session, Actor.of(reader, "203.0.113.9"), scope_for(reader, Action.EDIT, thing), today)
