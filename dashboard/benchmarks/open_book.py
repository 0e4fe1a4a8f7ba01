"""Consent to an open book (1.11): a school lays its attendance, and the figures brought in (1.7), open to the schools
of its cluster that do the same.

Schools that agreed while an open book was of attendance alone have agreed to that: their figures are open once they say
so, to the schools that said so too.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard import audit
from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, open_to
from dashboard.audit import Actor
from dashboard.changes import Outcome
from dashboard.directory.expected import belongs, covers
from dashboard.frames import alphabetical
from dashboard.models import Cluster, Membership, OpenBook, School


class OpenBookRefused(Exception):
    """Somebody tried to open or close a book that is not theirs, or not there."""


@dataclass(frozen=True)
class BookRow:
    """One school of the reader in one of its clusters."""

    cluster_id: int
    cluster: str
    cluster_name: str
    school_id: int
    school: str
    school_name: str
    agreed_on: date | None
    """Since when the book is open; nothing when it is not."""
    others: int
    """How many other schools that belong to the cluster have agreed."""
    figures_on: date | None
    """Since when it covers the figures brought in too."""
    names: tuple[str, ...] = ()
    """Which, but only while this school has agreed too."""
    with_figures: tuple[str, ...] = ()
    """Those among whom the figures are open."""


class OpenBooks:
    """The open books of the schools that a scope names itself, for one actor, within one transaction."""

    def __init__(self, session: Session, actor: Actor, scope: Scope) -> None:
        self._session, self._actor, self._scope = session, actor, scope
        self.outcome = Outcome.UNCHANGED

    def agree(self, cluster_id: int, school_id: int, on: date) -> None:
        """Open the book of an own school to a cluster it belongs to on that day.

        One that was opened for attendance alone stays as it is; from this day on another covers the figures as well.
        """
        self._check(cluster_id, school_id)
        member = sa.exists().where(_belongs(Membership, cluster_id, school_id, on))
        if not self._session.scalar(sa.select(member)):
            raise OpenBookRefused("The school does not belong to this cluster.")
        if any(book.covers_figures for book in self._open(cluster_id, school_id)):
            self.outcome = Outcome.UNCHANGED
            return
        book = OpenBook(cluster_id=cluster_id, school_id=school_id, agreed_on=on)
        self._session.add(book)
        self._tell("agree to open book", book, None)

    def withdraw(self, cluster_id: int, school_id: int, on: date) -> None:
        """Close the book of an own school, whether or not it still belongs to the cluster."""
        self._check(cluster_id, school_id)
        books = self._open(cluster_id, school_id)
        self.outcome = Outcome.UNCHANGED
        for book in books:
            before = audit.quote(book)
            book.withdrawn_on = max(on, book.agreed_on)
            self._tell("withdraw from open book", book, before)

    def _check(self, cluster_id: int, school_id: int) -> None:
        if school_id not in self._scope.school_ids:
            raise OpenBookRefused("Only the school's own headteacher opens or closes its book.")

    def _open(self, cluster_id: int, school_id: int) -> list[OpenBook]:
        return list(
            self._session.scalars(
                sa.select(OpenBook).where(
                    OpenBook.cluster_id == cluster_id,
                    OpenBook.school_id == school_id,
                    OpenBook.withdrawn_on.is_(None),
                )
            )
        )

    def _tell(self, action: str, book: OpenBook, before: dict[str, object] | None) -> None:
        self._session.flush()
        audit.record(
            self._session, self._actor, action, "open book", book.id, cluster_id=book.cluster_id,
            before=before, after=audit.quote(book),
        )  # fmt: skip
        self.outcome = Outcome.CHANGED


def load_open_books(session: Session, scope: Scope, on: date) -> list[BookRow]:
    """The schools that a scope names itself, in each cluster they belong to on a day or have an open book in."""
    own, other, they = aliased(OpenBook), aliased(OpenBook), aliased(Membership)
    is_own = sa.and_(
        own.cluster_id == Membership.cluster_id, own.school_id == Membership.school_id, own.withdrawn_on.is_(None)
    )
    agreed_on = sa.select(sa.func.min(own.agreed_on)).where(is_own).scalar_subquery()
    figures_on = sa.select(sa.func.min(own.agreed_on)).where(is_own, own.covers_figures).scalar_subquery()
    others = (
        sa.select(sa.func.count(sa.distinct(other.school_id)))
        .where(
            other.cluster_id == Membership.cluster_id,
            other.school_id != Membership.school_id,
            other.withdrawn_on.is_(None),
            sa.exists().where(_belongs(they, other.cluster_id, other.school_id, on)),
        )
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            Cluster.id.label("cluster_id"),
            Cluster.slug.label("cluster"),
            Cluster.name.label("cluster_name"),
            School.id.label("school_id"),
            School.slug.label("school"),
            School.name.label("school_name"),
            agreed_on.label("agreed_on"),
            others.label("others"),
            figures_on.label("figures_on"),
        )
        .select_from(Membership)
        .join(Cluster, Cluster.id == Membership.cluster_id)
        .join(School, School.id == Membership.school_id)
        .where(School.id.in_(scope.school_ids), sa.or_(covers(Membership, on), sa.exists().where(is_own)))
        .order_by(alphabetical(School.name), School.id, alphabetical(Cluster.name), Cluster.id)
    )
    names, with_figures = (_names_by_cluster(session, scope, on, figures=figures) for figures in (False, True))
    # A school that left and came back has two memberships; it is still one school.
    return [
        BookRow(
            **row._asdict(),
            names=_of_others(names, row.cluster_id, row.school_id) if row.agreed_on else (),
            with_figures=_of_others(with_figures, row.cluster_id, row.school_id) if row.figures_on else (),
        )
        for row in dict.fromkeys(rows)
    ]


def _names_by_cluster(
    session: Session, scope: Scope, on: date, *, figures: bool
) -> defaultdict[int, list[tuple[int, str]]]:
    names: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    year = sa.literal(AcademicYear.of(on).start)
    rows = session.execute(
        sa.select(OpenBook.cluster_id, School.id, School.name)
        .join(School, School.id == OpenBook.school_id)
        .where(
            OpenBook.withdrawn_on.is_(None),
            open_to(scope, OpenBook.cluster_id, OpenBook.school_id, year, on, figures=figures),
        )
        .distinct()
    )
    for cluster_id, school_id, name in sorted(rows, key=lambda row: (row[2], row[1])):
        names[cluster_id].append((school_id, name))
    return names


def _of_others(names: Mapping[int, list[tuple[int, str]]], cluster_id: int, school_id: int) -> tuple[str, ...]:
    return tuple(name for number, name in names.get(cluster_id, ()) if number != school_id)


def _belongs(
    member: type[Membership],
    cluster_id: sa.SQLColumnExpression[int] | int,
    school_id: sa.SQLColumnExpression[int] | int,
    on: date,
) -> sa.ColumnElement[bool]:
    return sa.and_(belongs(member, cluster_id, on), member.school_id == school_id)
