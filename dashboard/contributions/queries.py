"""Contributions and money from outside out of the store, with their sums. Pence; VAT apart.

A reader of one school gets the rows of that school alone, and sums of these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, may_see, visible_clusters
from dashboard.contributions.checks import MONEY
from dashboard.frames import alphabetical, count_where, total
from dashboard.models import Cluster, Contribution, OutsideMoney, School, Target
from dashboard.vocabulary import ContributionKind, ContributionState, OutsideKind, OutsideState

_AGREED, _PAID = Contribution.state == ContributionState.AGREED, Contribution.state == ContributionState.PAID
_COUNTS = Contribution.state != ContributionState.WAIVED
_IS_MONEY = Contribution.kind.in_(MONEY)


@dataclass(frozen=True)
class ContributionRow:
    """One contribution of a school."""

    contribution_id: int
    cluster_id: int
    cluster: str
    cluster_name: str
    year: int
    school_id: int
    school: str
    school_name: str
    kind: ContributionKind
    amount: int | None
    vat: int
    minutes: int | None
    words: str | None
    state: ContributionState
    due_on: date | None
    paid_on: date | None
    line_id: int | None
    target: str | None
    illustrative: bool

    def is_overdue(self, as_of: date) -> bool:
        """Whether it should have been paid or given by now."""
        return self.state is ContributionState.AGREED and self.due_on is not None and self.due_on < as_of


def load_contributions(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> list[ContributionRow]:
    """The contributions of a cluster in a year, by school and kind."""
    kinds = sa.case({kind: number for number, kind in enumerate(ContributionKind)}, value=Contribution.kind)
    order = (alphabetical(School.name), School.id, kinds, Contribution.id)
    rows = session.execute(_contributions(scope).where(*_of(cluster_id, year)).order_by(*order))
    return [ContributionRow(**row._asdict()) for row in rows]


def find_contribution(session: Session, scope: Scope, contribution_id: int) -> ContributionRow | None:
    """The contribution of a number; None when there is none or it is not the reader's to see."""
    row = session.execute(_contributions(scope).where(Contribution.id == contribution_id)).one_or_none()
    return ContributionRow(**row._asdict()) if row else None


class _Open:
    """What is open of a sum."""

    agreed: int
    agreed_vat: int
    paid: int
    paid_vat: int

    @property
    def open(self) -> int:
        """What is agreed and not paid."""
        return self.agreed - self.paid

    @property
    def open_vat(self) -> int:
        """The VAT on that."""
        return self.agreed_vat - self.paid_vat


@dataclass(frozen=True)
class KindSum(_Open):
    """What schools put in of one kind in a year; waived contributions count nothing."""

    cluster_id: int
    kind: ContributionKind
    schools: int
    agreed: int
    agreed_vat: int
    paid: int
    paid_vat: int
    minutes: int
    minutes_given: int
    no_figure: int
    """How many are agreed without an amount and without hours."""
    overdue: int
    """How many should have been paid by now."""
    overdue_amount: int


def load_sums_by_kind(
    session: Session, scope: Scope, cluster_id: int, year: AcademicYear, as_of: date
) -> list[KindSum]:
    """The sums of a cluster's year, one for each kind; those of money and those in kind never add up."""
    rows = session.execute(
        sa.select(
            Contribution.cluster_id,
            Contribution.kind,
            sa.func.count(sa.distinct(Contribution.school_id)),
            *_figures(Contribution.amount, Contribution.vat),
            total(Contribution.minutes),
            total(sa.case((_PAID, Contribution.minutes), else_=0)),
            count_where(sa.and_(Contribution.amount.is_(None), Contribution.minutes.is_(None))),
            count_where(_is_overdue(as_of)),
            total(sa.case((_is_overdue(as_of), Contribution.amount), else_=0)),
        )
        .where(*_of(cluster_id, year), may_see(scope, Contribution.cluster_id, Contribution.school_id), _COUNTS)
        .group_by(Contribution.cluster_id, Contribution.kind)
    )
    order = list(ContributionKind)
    return sorted((KindSum(*tuple[Any, ...](row)) for row in rows), key=lambda each: order.index(each.kind))


@dataclass(frozen=True)
class SchoolSum(_Open):
    """What one school puts in in a year: money, and in kind apart from it."""

    cluster_id: int
    school_id: int
    school: str
    name: str
    agreed: int
    agreed_vat: int
    paid: int
    paid_vat: int
    in_kind: int
    """The value of what is given in kind, where one is entered."""
    minutes: int
    no_figure: int
    overdue: int


def load_sums_by_school(
    session: Session, scope: Scope, cluster_id: int, year: AcademicYear, as_of: date
) -> list[SchoolSum]:
    """The sums of a cluster's year, one for each school that puts something in, by name."""
    money, vat = (sa.case((_IS_MONEY, each), else_=0) for each in (Contribution.amount, Contribution.vat))
    rows = session.execute(
        sa.select(
            Contribution.cluster_id,
            School.id,
            School.slug,
            School.name,
            *_figures(money, vat),
            total(sa.case((_IS_MONEY, 0), else_=Contribution.amount)),
            total(Contribution.minutes),
            count_where(sa.and_(Contribution.amount.is_(None), Contribution.minutes.is_(None))),
            count_where(_is_overdue(as_of)),
        )
        .join(School, School.id == Contribution.school_id)
        .where(*_of(cluster_id, year), may_see(scope, Contribution.cluster_id, Contribution.school_id), _COUNTS)
        .group_by(Contribution.cluster_id, School.id, School.slug, School.name)
        .order_by(alphabetical(School.name), School.id)
    )
    return [SchoolSum(*tuple[Any, ...](row)) for row in rows]


@dataclass(frozen=True)
class OutsideRow:
    """Money from outside, or raised for charity."""

    outside_id: int
    cluster_id: int
    cluster: str
    cluster_name: str
    year: int
    school_id: int | None
    school: str | None
    school_name: str | None
    kind: OutsideKind
    party: str
    words: str | None
    state: OutsideState
    asked: int | None
    won: int | None
    received: int | None
    applied_on: date | None
    decided_on: date | None
    declared_on: date | None
    target: str | None
    illustrative: bool

    @property
    def undeclared(self) -> bool:
        """Whether it was won and nobody has declared it yet (4.21)."""
        return self.state is OutsideState.WON and self.declared_on is None


def load_outside(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> list[OutsideRow]:
    """The money from outside of a cluster's year, by where it comes from."""
    rows = session.execute(
        _outside(scope)
        .where(OutsideMoney.cluster_id == cluster_id, OutsideMoney.year == year.start)
        .order_by(alphabetical(OutsideMoney.party), OutsideMoney.id)
    )
    return [OutsideRow(**row._asdict()) for row in rows]


def find_outside(session: Session, scope: Scope, outside_id: int) -> OutsideRow | None:
    """The money of a number; None when there is none or it is not the reader's to see."""
    row = session.execute(_outside(scope).where(OutsideMoney.id == outside_id)).one_or_none()
    return OutsideRow(**row._asdict()) if row else None


@dataclass(frozen=True)
class OutsideSum:
    """The sums of money from outside in a year; charity by itself."""

    cluster_id: int
    charity: bool
    entries: int
    asked: int
    """What was applied for and is not decided."""
    won: int
    received: int
    undeclared: int


def load_outside_sums(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> list[OutsideSum]:
    """The sums of a cluster's year: of money for the schools, and apart from it of what was raised for charity."""
    charity = sa.case((OutsideMoney.kind == OutsideKind.CHARITY, 1), else_=0).label("charity")
    applied = OutsideMoney.state == OutsideState.APPLIED
    open_ = sa.and_(OutsideMoney.state == OutsideState.WON, OutsideMoney.declared_on.is_(None))
    rows = session.execute(
        sa.select(
            OutsideMoney.cluster_id,
            charity,
            sa.func.count(),
            total(sa.case((applied, OutsideMoney.asked), else_=0)),
            total(OutsideMoney.won),
            total(OutsideMoney.received),
            count_where(open_),
        )
        .where(
            OutsideMoney.cluster_id == cluster_id,
            OutsideMoney.year == year.start,
            may_see(scope, OutsideMoney.cluster_id, OutsideMoney.school_id),
        )
        .group_by(OutsideMoney.cluster_id, charity)
        .order_by(charity)
    )
    return [OutsideSum(of, bool(apart), *rest) for of, apart, *rest in rows]


def load_contribution_years(session: Session, scope: Scope, cluster_id: int) -> list[AcademicYear]:
    """The years of which a cluster has contributions or money from outside, newest first."""
    each = sa.union(
        *(
            sa.select(table.year).where(
                table.cluster_id == cluster_id, may_see(scope, table.cluster_id, table.school_id)
            )
            for table in (Contribution, OutsideMoney)
        )
    ).subquery()
    return [AcademicYear(start) for start in session.scalars(sa.select(each.c.year).order_by(each.c.year.desc()))]


@dataclass(frozen=True)
class TargetChoice:
    """A target of the plan that something may be for."""

    cluster_id: int
    code: str
    title: str


def load_target_choices(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> list[TargetChoice]:
    """The targets of a year's plan in its order; of a cluster that is seen whole."""
    rows = session.execute(
        sa.select(Target.cluster_id, Target.code, Target.title)
        .where(
            Target.cluster_id == cluster_id,
            Target.year == year.start,
            Target.draft.is_(False),
            Target.cluster_id.in_(visible_clusters(scope)),
        )
        .order_by(Target.position, Target.id)
    )
    return [TargetChoice(*row) for row in rows]


def _of(cluster_id: int, year: AcademicYear) -> tuple[sa.ColumnElement[bool], ...]:
    return Contribution.cluster_id == cluster_id, Contribution.year == year.start


def _figures(amount: sa.ColumnElement[Any] | Any, vat: sa.ColumnElement[Any] | Any) -> Sequence[sa.ColumnElement[int]]:
    """Agreed and paid, each net and its VAT."""
    return (
        total(amount),
        total(vat),
        total(sa.case((_PAID, amount), else_=0)),
        total(sa.case((_PAID, vat), else_=0)),
    )


def _is_overdue(as_of: date) -> sa.ColumnElement[bool]:
    return sa.and_(_AGREED, Contribution.due_on < as_of)


def _contributions(scope: Scope) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Contribution.id.label("contribution_id"), Contribution.cluster_id, Cluster.slug.label("cluster"),
            Cluster.name.label("cluster_name"), Contribution.year, Contribution.school_id,
            School.slug.label("school"), School.name.label("school_name"), Contribution.kind, Contribution.amount,
            Contribution.vat, Contribution.minutes, Contribution.words, Contribution.state, Contribution.due_on,
            Contribution.paid_on, Contribution.line_id, Target.code.label("target"), Contribution.illustrative,
        )
        .join(Cluster, Cluster.id == Contribution.cluster_id)
        .join(School, School.id == Contribution.school_id)
        .outerjoin(Target, Target.id == Contribution.target_id)
        .where(may_see(scope, Contribution.cluster_id, Contribution.school_id))
    )  # fmt: skip


def _outside(scope: Scope) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            OutsideMoney.id.label("outside_id"), OutsideMoney.cluster_id, Cluster.slug.label("cluster"),
            Cluster.name.label("cluster_name"), OutsideMoney.year, OutsideMoney.school_id,
            School.slug.label("school"), School.name.label("school_name"), OutsideMoney.kind, OutsideMoney.party,
            OutsideMoney.words, OutsideMoney.state, OutsideMoney.asked, OutsideMoney.won, OutsideMoney.received,
            OutsideMoney.applied_on, OutsideMoney.decided_on, OutsideMoney.declared_on, Target.code.label("target"),
            OutsideMoney.illustrative,
        )
        .join(Cluster, Cluster.id == OutsideMoney.cluster_id)
        .outerjoin(School, School.id == OutsideMoney.school_id)
        .outerjoin(Target, Target.id == OutsideMoney.target_id)
        .where(may_see(scope, OutsideMoney.cluster_id, OutsideMoney.school_id))
    )  # fmt: skip
