"""Two programmes of one cluster each, the second a decoy with a paid levy of its own; who keeps the accounts."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Action, Grant, Object, Reader, Scope, reading, scope_for, writing
from dashboard.audit import Actor
from dashboard.contributions.checks import Agreed, Figures
from dashboard.contributions.commands import ContributionBook
from dashboard.db import Base, Session, Store
from dashboard.models import Allocation, AuditEvent, Contribution, OutsideMoney
from dashboard.vocabulary import (
    ContributionKind,
    ContributionState,
    OutsideKind,
    OutsideState,
    Part,
    Pot,
    Role,
)
from tests import builders as put

TODAY: Final = date(2017, 3, 1)
YEAR: Final = AcademicYear(2016)
SECRET: Final = "For the poster that nobody saw"
BOTH: Final = ("ford-school", "lock-school")
LEVY: Final = Agreed(YEAR, ContributionKind.LEVY, BOTH, Figures(5_000, 0, None, SECRET, date(2017, 2, 1)))


@dataclass(frozen=True)
class World:
    """The numbers and addresses of what stands in the store."""

    store: Store
    walled: Store
    mill: int
    ford: int
    lock: int
    decoy: int
    """The number of the decoy's contribution, a paid levy."""
    decoy_outside: int
    coordinator: Reader
    bursar: Reader
    advisor: Reader
    head: Reader
    """Of Ford School."""

    def write(self, do: Any, reader: Reader | None = None, *, today: date = TODAY) -> Any:
        """What a command gives to a reader; to the coordinator unless another one is named."""
        who = reader or self.coordinator
        with writing(self.walled, scope_of(who)) as session:
            return do(book(session, who, today))

    def agreed(self, said: Agreed = LEVY) -> list[int]:
        return self.write(lambda book: book.agree("mill-cluster", said))

    def rows(self, model: type[Base]) -> list[Any]:
        """All rows of a table, past every wall."""
        with reading(self.walled, EVERYTHING) as session:
            found = list(session.scalars(sa.select(model).order_by(sa.literal_column("id"))))
            session.expunge_all()
            return found

    def one(self, number: int) -> Contribution:
        return next(row for row in self.rows(Contribution) if row.id == number)

    def allocated(self) -> list[tuple[Any, ...]]:
        """Of Mill Cluster: the allocations by number of the contribution."""
        return [
            (row.contribution_id, row.school_id, row.year, row.pot, row.part, row.amount)
            for row in self.rows(Allocation)
            if row.cluster_id == self.mill
        ]

    def events(self) -> list[AuditEvent]:
        return self.rows(AuditEvent)


def make_world(store: Store, walled: Store) -> World:
    with store.writing() as session:
        river, hill = put.programme(session, "River"), put.programme(session, "Hill")
        mill, weir = put.cluster(session, "Mill Cluster", under=river), put.cluster(session, "Weir Cluster", under=hill)
        ford, lock = (put.school(session, name, within=mill) for name in ("Ford School", "Lock School"))
        other = put.school(session, "Weir School", within=weir)
        put.allocation(session, mill, 100_000)
        put.allocation(session, mill, 7_700, part=Part.LEVY, to=ford)
        decoy = Contribution(cluster_id=weir.id, school_id=other.id, year=2016, kind=ContributionKind.LEVY)
        decoy.amount, decoy.state, decoy.paid_on = 9_900, ContributionState.PAID, date(2016, 10, 1)
        put.put(session, decoy)
        put.allocation(session, weir, 9_900, part=Part.LEVY, to=other).contribution_id = decoy.id
        outside = OutsideMoney(cluster_id=weir.id, year=2016, kind=OutsideKind.GRANT, party="Decoy Trust")
        outside.state, outside.won = OutsideState.WON, 88_800
        put.put(session, outside)
        return World(
            store, walled, mill.id, ford.id, lock.id, decoy.id, outside.id,
            Reader("C", (Grant(Role.COORDINATOR, cluster_id=mill.id),), None, "coordinator"),
            Reader("B", (Grant(Role.BURSAR, cluster_id=mill.id),), None, "bursar"),
            Reader("A", (Grant(Role.ADVISOR, programme_id=river.id),), None, "advisor"),
            Reader("H", (Grant(Role.HEADTEACHER, school_id=ford.id),), None, "headteacher"),
        )  # fmt: skip


def scope_of(reader: Reader, action: Action = Action.EDIT) -> Scope:
    return scope_for(reader, action, Object.LEDGER)


def book(session: Session, reader: Reader, today: date = TODAY) -> ContributionBook:
    """What a reader may write."""
    return ContributionBook(session, Actor.of(reader, "203.0.113.9"), scope_of(reader), today)


LEVY_POT: Final = (Pot.LEAD_HELD, Part.LEVY)
