"""The Leamington tables as the sample brings them in, a decoy cluster beside them, and who reads and writes."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Action, Grant, Object, Reader, Scope, reading, scope_for, writing
from dashboard.audit import Actor
from dashboard.benchmarks.checks import Contradiction, find_contradictions
from dashboard.benchmarks.commands import AnswerBook, AnswerSaid, NameBook
from dashboard.benchmarks.queries import load_figures
from dashboard.db import Base, Store
from dashboard.intake.files import SourceFile
from dashboard.models import AuditEvent, Benchmark, Cluster, School
from dashboard.settings import PROJECT_ROOT
from dashboard.vocabulary import FigureAnswer, Role
from tests import builders as put
from tests.uploads import brought
from tests.visitors import account

DATA: Final = PROJECT_ROOT / "data"
SLUG: Final = "leamington-north-cluster"
YEAR: Final = AcademicYear(2009)
TODAY: Final = date(2026, 9, 7)
MAPPING: Final[dict[str, Any]] = json.loads((DATA / "leamington-benchmarks.mapping.json").read_text(encoding="utf-8"))
TABLES: Final = ("income", "schools")


@dataclass(frozen=True)
class World:
    """What stands in the store."""

    store: Store
    """The whole of it."""
    walled: Store
    """As a server opens it."""
    cluster: int
    decoy: int
    schools: dict[str, int]
    """The members of both clusters by slug."""
    coordinator: Reader
    director: Reader
    stranger: Reader
    """Coordinator of the decoy."""

    def head(self, slug: str) -> Reader:
        """The headteacher of a school."""
        return Reader("H", (Grant(Role.HEADTEACHER, school_id=self.schools[slug]),), None, "headteacher")

    def found(self, scope: Scope = EVERYTHING) -> list[Contradiction]:
        """What contradicts in the Leamington tables."""
        with reading(self.walled, scope) as session:
            return find_contradictions(load_figures(session, scope, TODAY, cluster_id=self.cluster, year=YEAR))

    def answer(self, slug: str, found: Contradiction, said: AnswerSaid, reader: Reader | None = None) -> None:
        who = reader or self.head(slug)
        scope = scope_for(who, Action.EDIT, Object.OPEN_BOOK)
        with writing(self.walled, scope) as session:
            book = AnswerBook(session, Actor.of(who, "203.0.113.9"), scope, TODAY)
            book.answer(self.cluster, self.schools[slug], YEAR, found.key, said)

    def confirm(self, name: str, school: str | None, reader: Reader | None = None) -> int:
        who = reader or self.coordinator
        scope = scope_for(who, Action.EDIT, Object.OPEN_FIGURES)
        with writing(self.walled, scope) as session:
            return NameBook(session, Actor.of(who, "203.0.113.9"), scope).confirm(self.cluster, name, school)

    def take_back(self, name: str) -> int:
        scope = scope_for(self.coordinator, Action.EDIT, Object.OPEN_FIGURES)
        with writing(self.walled, scope) as session:
            return NameBook(session, Actor.of(self.coordinator, "203.0.113.9"), scope).take_back(self.cluster, name)

    def open(self, *slugs: str, on: date = date(2009, 10, 1), figures: bool = True) -> None:
        """Lay the books of schools open."""
        with self.store.writing() as session:
            cluster = session.get_one(Cluster, self.cluster)
            for slug in slugs:
                book = put.open_book(session, cluster, session.get_one(School, self.schools[slug]), on)
                book.covers_figures = figures

    def rows(self, model: type[Base]) -> list[Any]:
        """All rows of a table, past every wall."""
        with self.store.reading() as session:
            found = list(session.scalars(sa.select(model).order_by(sa.literal_column("id"))))
            session.expunge_all()
            return found

    def events(self) -> list[AuditEvent]:
        """The events about figures, names and decisions; not those of the files."""
        return [each for each in self.rows(AuditEvent) if each.object_kind != "batch"]

    def school_of(self, label: str) -> set[int | None]:
        """Under which schools the figures of a printed name stand."""
        return {row.school_id for row in self.rows(Benchmark) if row.school_label == label}


def bring_table(store: Store, name: str, mapping: dict[str, Any] | None = None) -> int:
    """Bring one of the two tables in; gives how many rows were added."""
    path = DATA / f"leamington-benchmarks-{name}.csv"
    file = SourceFile(path.name, path.read_bytes())
    return brought(store, "benchmarks", file, cluster=SLUG, mapping=MAPPING if mapping is None else mapping).added


def make_world(store: Store, walled: Store) -> World:
    lines = (DATA / "schools.csv").read_text(encoding="utf-8").splitlines()
    schools = "\n".join([lines[0], *(line for line in lines if "Leamington (North) Cluster" in line)])
    brought(store, "schools", f"{schools}\n", create_missing=True)
    for name in TABLES:
        bring_table(store, name)
    with store.writing() as session:
        cluster = session.scalars(sa.select(Cluster).where(Cluster.slug == SLUG)).one()
        under = put.programme(session, "Leamington")
        cluster.programme_id = under.id
        decoy = put.cluster(session, "Decoy Cluster", under=put.programme(session, "Hill"))
        put.school(session, "Decoy School", within=decoy)
        for position, (measure, value) in enumerate((("Grant", 1), ("Gifts", 1), ("TOTAL INCOME", 777)), start=1):
            row = Benchmark(cluster_id=decoy.id, school_label="Decoy School", year=2009, measure=measure, unit="pounds")
            row.position, row.value = position, Decimal(value)
            put.put(session, row)
        numbers = dict(session.execute(sa.select(School.slug, School.id)).all())
        coordinator = account(session, Role.COORDINATOR, cluster=cluster).id
        director = account(session, Role.DIRECTOR, programme=under).id
        return World(
            store, walled, cluster.id, decoy.id, numbers,
            Reader("C", (Grant(Role.COORDINATOR, cluster_id=cluster.id),), coordinator, "coordinator"),
            Reader("D", (Grant(Role.DIRECTOR, programme_id=under.id),), director, "director"),
            Reader("S", (Grant(Role.COORDINATOR, cluster_id=decoy.id),), None, "coordinator"),
        )  # fmt: skip


STANDS: Final = AnswerSaid(FigureAnswer.STANDS)
