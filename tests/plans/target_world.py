"""A plan of two clusters, the second a decoy; the store as a server opens it; who reads the plan and who keeps it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Action, Grant, Object, Reader, Scope, reading, scope_for, writing
from dashboard.audit import COMMAND_LINE, Actor
from dashboard.db import Base, Session, Store
from dashboard.directory.lifecycle import ByHand
from dashboard.models import AuditEvent, Cluster, Criterion, Evidence, Target
from dashboard.plans.cell_text import read_lines
from dashboard.plans.commands import PlanBook, TargetsByHand, TargetText
from dashboard.vocabulary import ContributionKind, ContributionState, LineState, PlanCell, Pot, Role
from tests import builders as put

TODAY: Final = date(2017, 3, 1)
YEAR: Final = AcademicYear(2016)
ARTS: Final = "ARTS-SEPT16"
SECRET: Final = "Seen with a private matter of somebody"
"""What somebody writes, which must stand in no event."""
PNG: Final = b"\x89PNG\r\n\x1a\n and so on"
CELLS: Final = {
    PlanCell.TARGET: f"- {ARTS}\nPut on an exhibition",
    PlanCell.AIMS: "- Work together",
    PlanCell.CRITERIA: "- An exhibition is open to families\n- Two meetings held (1 of 2)\n"
    "- Every school hangs a picture (each school)",
    PlanCell.ORGANISATION: "£50 from each school",
    PlanCell.PERSONNEL: "- Arts lead",
    PlanCell.EVALUATION: "- First meeting held (4 October 2016; criterion 2)\n- Families were told",
    PlanCell.NEXT_STEPS: "- Do it again",
}
Result = TypeVar("Result")


@dataclass(frozen=True)
class World:
    """The numbers of what stands in the store."""

    store: Store
    """The whole of it."""
    walled: Store
    """As a server opens it."""
    mill: int
    target: int
    criteria: list[int]
    evidence: list[int]
    """The dated piece, then the other."""
    schools: list[int]
    """Ford, Lock and Weir School of Mill Cluster."""
    meetings: list[int]
    other_target: int
    other_evidence: int
    other_school: int
    other_meeting: int
    """Of the decoy."""
    coordinator: Reader
    headteacher: Reader
    """Of Ford School."""
    neighbour: Reader
    """The headteacher of the school of the decoy next door."""
    stranger: Reader
    """The coordinator of the decoy."""

    def scope(self, reader: Reader, action: Action = Action.EDIT) -> Scope:
        return scope_for(reader, action, Object.PLAN)

    def do(self, deed: Callable[[TargetsByHand], Result], by: Reader | None = None, today: date = TODAY) -> Result:
        """Something that the coordinator, or somebody else, does to a plan."""
        reader = by or self.coordinator
        with writing(self.walled, self.scope(reader)) as session:
            return deed(TargetsByHand(session, Actor.of(reader, "here"), self.scope(reader), today))

    def rows(self, model: type[Base]) -> list[Any]:
        """All rows of a table, past every wall."""
        with reading(self.walled, EVERYTHING) as session:
            found = list(session.scalars(sa.select(model).order_by(sa.literal_column("id"))))
            session.expunge_all()
            return found

    def row(self, model: type[Base], number: int) -> Any:
        return next(row for row in self.rows(model) if row.id == number)

    def now(self) -> Target:
        """The target as it stands."""
        return self.row(Target, self.target)

    @property
    def version(self) -> int:
        return self.now().version

    def cell(self, cell: PlanCell) -> list[str]:
        return [line.text for line in getattr(self.now(), f"cell_{cell}") or ()]

    def events(self) -> list[AuditEvent]:
        return self.rows(AuditEvent)


def make_world(store: Store, walled: Store) -> World:
    with store.writing() as session:
        return _fill(session, store, walled)


def _fill(session: Session, store: Store, walled: Store) -> World:
    under = put.programme(session)
    mill, decoy = put.cluster(session, under=under), put.cluster(session, "Weir Cluster", under=put.programme(session))
    schools = [put.school(session, name, within=mill) for name in ("Ford School", "Lock School", "Weir School")]
    gone = put.school(session, "Gone School")
    put.membership(session, mill, gone, None, date(2015, 7, 1))
    other = put.school(session, "Decoy School", within=decoy)
    made = {}
    for each in (mill, decoy):
        book = PlanBook(ByHand(session), each, COMMAND_LINE, date(2016, 9, 20))
        cells = {cell: read_lines(text) for cell, text in CELLS.items()}
        made[each.id], _ = book.put_target(YEAR, TargetText(ARTS, "Put on an exhibition", cells, date(2017, 2, 10)))
    held = [put.meeting(session, mill, date(2016, 10, day)) for day in (4, 11)]
    elsewhere = put.meeting(session, decoy, date(2016, 10, 4))
    _money(session, mill, made[mill.id], [each.id for each in schools])
    session.flush()
    return World(
        store, walled, mill.id, made[mill.id].id, _ids(session, Criterion, made[mill.id]),
        _ids(session, Evidence, made[mill.id]), [each.id for each in schools], [each.id for each in held],
        made[decoy.id].id, _ids(session, Evidence, made[decoy.id])[0], other.id, elsewhere.id,
        Reader("C", (Grant(Role.COORDINATOR, cluster_id=mill.id),), None, "coordinator"),
        Reader("H", (Grant(Role.HEADTEACHER, school_id=schools[0].id),), None, "headteacher"),
        Reader("N", (Grant(Role.HEADTEACHER, school_id=other.id),), None, "headteacher"),
        Reader("S", (Grant(Role.COORDINATOR, cluster_id=decoy.id),), None, "coordinator"),
    )  # fmt: skip


def _ids(session: Session, table: type[Criterion | Evidence], of: Target) -> list[int]:
    return list(session.scalars(sa.select(table.id).where(table.target_id == of.id).order_by(table.position)))


def _money(session: Session, mill: Cluster, target: Target, schools: list[int]) -> None:
    """A levy of £50 each, of which one is paid and one is waived; three hours; something without a figure; lines of the
    pot and of two schools; a grant.
    """
    ford, lock, weir = (session.get_one(put.School, number) for number in schools)
    paid, agreed, waived = ContributionState.PAID, ContributionState.AGREED, ContributionState.WAIVED
    given = [
        put.contribution(session, mill, member, ContributionKind.LEVY, 5_000, state=state)
        for member, state in ((ford, paid), (lock, agreed), (weir, waived))
    ]
    given.append(put.contribution(session, mill, ford, ContributionKind.TIME_IN_KIND, minutes=180))
    given.append(put.contribution(session, mill, lock, ContributionKind.CASH, state=agreed))
    for each in given:
        each.target_id = target.id
    put.line(session, mill, 12_345, for_=target)
    put.line(session, mill, 1_000, LineState.COMMITTED, for_=target)
    put.line(session, mill, 9_999)
    for member in (ford, lock):
        put.line(session, mill, 4_000, pot=Pot.SCHOOL_HELD, by=member, for_=target)
    grant = put.outside(session, mill, "Polar Fund", asked=40_000, won=30_000, received=10_050)
    grant.target_id = target.id
