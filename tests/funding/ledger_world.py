"""Two clusters with a ledger each, the second a decoy; the store as a server opens it; who reads and who writes."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from dashboard.access import EVERYTHING, Action, Grant, Object, Reader, Scope, reading, scope_for, writing
from dashboard.audit import Actor
from dashboard.db import Base, Session, Store
from dashboard.funding.commands import LedgerBook
from dashboard.funding.entry import LineSaid
from dashboard.models import ApprovalRequest, AuditEvent, LedgerLine, School
from dashboard.vocabulary import Part, Pot, RequestKind, RequestState, Role
from tests import builders as put

TODAY: Final = date(2017, 3, 1)
SECRET: Final = "Cover for somebody ill"
"""What somebody writes, which must stand in no event."""
PDF: Final = b"%PDF-1.7\n1 0 obj"


@dataclass(frozen=True)
class World:
    """The numbers and addresses of what stands in the store."""

    store: Store
    """The whole of it."""
    walled: Store
    """As a server opens it."""
    mill: int
    weir: int
    ford_school: int
    lock_school: int
    weir_school: int
    meeting: int
    target: int
    request: int
    other_meeting: int
    other_target: int
    other_line: int
    """Of the decoy."""
    director: Reader
    bursar: Reader
    """Of Mill Cluster."""
    headteacher: Reader
    """Of Ford School."""
    stranger: Reader
    """The bursar of the decoy."""

    def scope(self, reader: Reader, action: Action = Action.EDIT) -> Scope:
        return scope_for(reader, action, Object.LEDGER)

    def recorded(
        self, by: Reader | None = None, *, today: date = TODAY, cluster: str = "mill-cluster", **said: Any
    ) -> int:
        """A line that the bursar, or somebody else, recorded."""
        reader = by or self.bursar
        with writing(self.walled, self.scope(reader)) as session:
            return book(session, reader, today).record(cluster, line(**said))

    def rows(self, model: type[Base]) -> list[Any]:
        """All rows of a table, past every wall."""
        with reading(self.walled, EVERYTHING) as session:
            found = list(session.scalars(sa.select(model).order_by(sa.literal_column("id"))))
            session.expunge_all()
            return found

    def line(self, number: int) -> LedgerLine:
        return next(row for row in self.rows(LedgerLine) if row.id == number)

    def events(self) -> list[AuditEvent]:
        return self.rows(AuditEvent)


def line(**said: Any) -> LineSaid:
    """A paid line of £52.00 and VAT of £10.40 from Part B."""
    given: dict[str, Any] = {
        "spent_on": date(2017, 2, 1), "pot": Pot.LEAD_HELD, "part": Part.B, "amount": 52_00, "vat": 10_40,
        "supplier": "Books Ltd", "description": SECRET, "reference": "INV 7",
    }  # fmt: skip
    return LineSaid(**{**given, **said})


def release(**said: Any) -> LineSaid:
    """A half day that Ford School pays from its release money."""
    given: dict[str, Any] = {
        "pot": Pot.SCHOOL_HELD, "part": Part.RELEASE, "school": "ford-school", "amount": 95_00, "vat": 0,
    }  # fmt: skip
    return line(**{**given, **said})


def book(session: Session, reader: Reader, today: date = TODAY) -> LedgerBook:
    """What a reader may write."""
    actor = Actor.of(reader, "203.0.113.9")
    return LedgerBook(session, actor, scope_for(reader, Action.EDIT, Object.LEDGER), today)


def make_world(store: Store, walled: Store) -> World:
    with store.writing() as session:
        river, hill = put.programme(session, "River"), put.programme(session, "Hill")
        mill, weir = put.cluster(session, "Mill Cluster", under=river), put.cluster(session, "Weir Cluster", under=hill)
        ford, lock = (put.school(session, name, within=mill) for name in ("Ford School", "Lock School"))
        decoy = put.school(session, "Weir School", within=weir)
        late = put.put(session, School(slug="late-school", name="Late School"))
        put.membership(session, mill, late, joined=date(2017, 2, 15))
        asked = ApprovalRequest(cluster_id=mill.id, kind=RequestKind.EXTRA_TIME, summary="Two more hours")
        asked.asked_on, asked.asked_as, asked.state = date(2017, 1, 9), "coordinator", RequestState.APPROVED
        put.put(session, asked)
        theirs = put.line(session, weir, 1_234_56)
        theirs.supplier = "Decoy Supplies"
        return World(
            store, walled, mill.id, weir.id, ford.id, lock.id, decoy.id,
            put.meeting(session, mill, date(2017, 2, 1)).id, put.target(session, mill, "READING").id, asked.id,
            put.meeting(session, weir, date(2017, 2, 1)).id, put.target(session, weir, "DECOY").id, theirs.id,
            Reader("D", (Grant(Role.DIRECTOR, programme_id=river.id),), None, "director"),
            Reader("B", (Grant(Role.BURSAR, cluster_id=mill.id),), None, "bursar"),
            Reader("H", (Grant(Role.HEADTEACHER, school_id=ford.id),), None, "headteacher"),
            Reader("S", (Grant(Role.BURSAR, cluster_id=weir.id),), None, "bursar"),
        )  # fmt: skip
