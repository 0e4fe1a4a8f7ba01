"""Two programmes of one cluster each, the second a decoy with the same aims; who keeps the first and who looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Action, Grant, Object, Reader, Scope, reading, scope_for, writing
from dashboard.audit import COMMAND_LINE, Actor
from dashboard.db import Base, Session, Store
from dashboard.directory.lifecycle import ByHand
from dashboard.models import Aim, AimWording, AuditEvent, CellLine, Cluster, Target, TargetAim
from dashboard.plans.commands import PlanBook, TargetText
from dashboard.plans.commands.aims import AimBook
from dashboard.plans.commands.next_year import NextYear
from dashboard.vocabulary import PlanCell, Role
from tests import builders as put
from tests.visitors import account

TODAY: Final = date(2020, 3, 13)
YEAR: Final = AcademicYear(2019)
SMOOTH: Final = "Make the move to secondary school smoother by planning it together."
SMOOTHER: Final = "Planning together makes moves to the secondary school smoother for families"
LEARN: Final = "Learn from one another"


@dataclass(frozen=True)
class World:
    """The numbers and addresses of what stands in the store."""

    store: Store
    walled: Store
    mill: int
    weir: int
    coordinator: Reader
    director: Reader
    headteacher: Reader
    neighbour: Reader
    decoy_aim: int
    decoy_draft: int

    def scope(self, reader: Reader | None = None, action: Action = Action.EDIT) -> Scope:
        return scope_for(reader or self.coordinator, action, Object.PLAN)

    def plan(self, *rows: tuple[str, Sequence[str], Sequence[str]], owner: str | None = None) -> None:
        """Targets by code, aims and next steps, as a form or a file brings them."""
        with writing(self.store, EVERYTHING) as session:
            put_plan(session, session.get_one(Cluster, self.mill), rows, owner=owner)

    def aims(self, session: Session, reader: Reader | None = None) -> AimBook:
        who = reader or self.coordinator
        return AimBook(session, Actor.of(who, "203.0.113.9"), self.scope(who), TODAY)

    def next_year(self, session: Session, reader: Reader | None = None, year: AcademicYear = YEAR) -> NextYear:
        who = reader or self.coordinator
        return NextYear(session, Actor.of(who, "203.0.113.9"), self.scope(who), TODAY, "mill-cluster", year)

    def rows(self, model: type[Base]) -> list[Any]:
        """All rows of a table, past every wall."""
        with reading(self.walled, EVERYTHING) as session:
            found = list(session.scalars(sa.select(model).order_by(sa.literal_column("id"))))
            session.expunge_all()
            return found

    def of_mill(self) -> list[Aim]:
        return sorted((aim for aim in self.rows(Aim) if aim.cluster_id == self.mill), key=lambda aim: aim.position)

    def aim(self, text: str) -> int:
        return next(aim.id for aim in self.of_mill() if aim.text == text)

    def target(self, code: str) -> Target:
        return next(row for row in self.rows(Target) if row.code == code and row.cluster_id == self.mill)

    def served(self) -> dict[str, set[str]]:
        """The words of the aims that each target serves."""
        with reading(self.walled, EVERYTHING) as session:
            return served_by(session, self.mill)

    def wordings(self) -> list[tuple[str, str | None, str | None]]:
        return [(row.wording, row.confirmed_by, row.declined_by) for row in self.rows(AimWording)]

    def events(self) -> list[AuditEvent]:
        return self.rows(AuditEvent)


def served_by(session: Session, cluster_id: int) -> dict[str, set[str]]:
    """The words of the aims that each target of a cluster serves, by its code."""
    found: dict[str, set[str]] = {
        code: set() for code in session.scalars(sa.select(Target.code).where(Target.cluster_id == cluster_id))
    }
    links = sa.select(Target.code, Aim.text).join(TargetAim, TargetAim.target_id == Target.id)
    for code, text in session.execute(links.join(Aim, Aim.id == TargetAim.aim_id).where(Aim.cluster_id == cluster_id)):
        found[code].add(text)
    return found


def put_plan(
    session: Session, of: Cluster, rows: Sequence[tuple[str, Sequence[str], Sequence[str]]], *, owner: str | None = None
) -> list[Any]:
    book = PlanBook(ByHand(session), of, COMMAND_LINE, TODAY)
    return [
        book.put_target(YEAR, TargetText(code, f"The {code}", {
            PlanCell.AIMS: tuple(CellLine(True, text) for text in aims),
            PlanCell.NEXT_STEPS: tuple(CellLine(True, text) for text in steps),
        }, owner=owner))
        for code, aims, steps in rows
    ]  # fmt: skip


def make_world(store: Store, walled: Store) -> World:
    with store.writing() as session:
        river, hill = put.programme(session, "River"), put.programme(session, "Hill")
        mill, weir = put.cluster(session, "Mill Cluster", under=river), put.cluster(session, "Weir Cluster", under=hill)
        ford, lock = put.school(session, "Ford School", within=mill), put.school(session, "Lock School", within=weir)
        put_plan(session, weir, [("DECOY-SEPT19", [SMOOTH, SMOOTHER], ["Decoy step"])])
        decoy = put.target(session, weir, "DECOY-SEPT20", year=2020, draft=True)
        decoy_aim = session.scalars(sa.select(sa.func.min(Aim.id))).one()
        coordinator = account(session, Role.COORDINATOR, cluster=mill).id
        return World(
            store, walled, mill.id, weir.id,
            Reader("C", (Grant(Role.COORDINATOR, cluster_id=mill.id),), coordinator, "coordinator"),
            Reader("D", (Grant(Role.DIRECTOR, programme_id=river.id),), None, "director"),
            Reader("H", (Grant(Role.HEADTEACHER, school_id=ford.id),), None, "headteacher"),
            Reader("N", (Grant(Role.HEADTEACHER, school_id=lock.id),), None, "headteacher"),
            decoy_aim, decoy.id,
        )  # fmt: skip
