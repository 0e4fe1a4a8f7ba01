"""A scope, and the conditions that every query takes from it. An empty scope gives no rows."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from dashboard.models import Cluster, Membership, OpenBook, School


@dataclass(frozen=True)
class Scope:
    """What one reader may see: everything, or the named programmes, clusters and schools.

    A programme brings its clusters, a cluster its schools; a school that is named itself brings its own rows and the
    totals of its clusters (`may_see_totals`), but no other school.
    """

    everything: bool = False
    programme_ids: frozenset[int] = frozenset()
    cluster_ids: frozenset[int] = frozenset()
    school_ids: frozenset[int] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether nothing at all is visible."""
        return self == NOTHING

    def holds(self, cluster_id: int, programme_id: int | None) -> bool:
        """Whether a cluster, of a programme or none, is seen whole: what `visible_clusters` says in a query."""
        return self.everything or cluster_id in self.cluster_ids or programme_id in self.programme_ids

    def __or__(self, other: "Scope") -> "Scope":
        return Scope(
            self.everything or other.everything,
            self.programme_ids | other.programme_ids,
            self.cluster_ids | other.cluster_ids,
            self.school_ids | other.school_ids,
        )


NOTHING: Final = Scope()
EVERYTHING: Final = Scope(everything=True)


def visible_clusters(scope: Scope) -> sa.Select[int]:
    """The ids of the clusters that are seen whole, to be used as a subquery."""
    clusters = sa.select(Cluster.id)
    if scope.everything:
        return clusters
    return clusters.where(sa.or_(Cluster.id.in_(scope.cluster_ids), Cluster.programme_id.in_(scope.programme_ids)))


def may_see(
    scope: Scope,
    cluster_id: sa.SQLColumnExpression[int] | sa.SQLColumnExpression[int | None],
    school_id: sa.SQLColumnExpression[int] | sa.SQLColumnExpression[int | None],
) -> sa.ColumnElement[bool]:
    """The condition on rows about one school within one cluster: the cluster is visible, or the school is named itself.

    A school may belong to two clusters; whoever sees one of them sees nothing of it in the other.
    """
    if scope.everything:
        return sa.true()
    return sa.or_(cluster_id.in_(visible_clusters(scope)), school_id.in_(scope.school_ids))


def visible_schools(scope: Scope) -> sa.Select[int]:
    """The ids of the schools in a scope: named themselves, or members of a cluster that is seen whole."""
    schools = sa.select(School.id)
    if scope.everything:
        return schools
    members = sa.select(Membership.school_id).where(Membership.cluster_id.in_(visible_clusters(scope)))
    return schools.where(sa.or_(School.id.in_(scope.school_ids), School.id.in_(members)))


def clusters_in_totals(scope: Scope) -> sa.Select[int]:
    """The ids of the clusters of which at least totals may be seen: visible ones, and those of the scope's schools."""
    if scope.everything:
        return visible_clusters(scope)
    own = sa.select(Membership.cluster_id).where(Membership.school_id.in_(scope.school_ids))
    return sa.select(Cluster.id).where(sa.or_(Cluster.id.in_(visible_clusters(scope)), Cluster.id.in_(own)))


def may_see_totals(
    scope: Scope, cluster_id: sa.SQLColumnExpression[int], year: sa.SQLColumnExpression[int]
) -> sa.ColumnElement[bool]:
    """The condition on figures of a whole cluster in a year: the cluster is visible, or a school of the scope was a
    member in that year.
    """
    if scope.everything:
        return sa.true()
    own = aliased(Membership)
    belonged = sa.exists().where(own.school_id.in_(scope.school_ids), was_member(own, cluster_id, year))
    return sa.or_(cluster_id.in_(visible_clusters(scope)), belonged)


def was_member(
    member: type[Membership], cluster_id: sa.SQLColumnExpression[int], year: sa.SQLColumnExpression[int]
) -> sa.ColumnElement[bool]:
    """Whether a membership covers any day of an academic year; one without dates covers all."""
    begins, ends = _edges(year)
    return sa.and_(
        member.cluster_id == cluster_id,
        sa.or_(member.joined.is_(None), sa.cast(member.joined, sa.String) <= ends),
        sa.or_(member.left.is_(None), sa.cast(member.left, sa.String) >= begins),
    )


def stayed_member(
    member: type[Membership], cluster_id: sa.SQLColumnExpression[int], year: sa.SQLColumnExpression[int], as_of: date
) -> sa.ColumnElement[bool]:
    """Whether a membership covers the last day of an academic year, or `as_of` while the year goes on."""
    _, ends = _edges(year)
    joined, left, today = sa.cast(member.joined, sa.String), sa.cast(member.left, sa.String), as_of.isoformat()
    return sa.and_(
        member.cluster_id == cluster_id,
        sa.or_(member.joined.is_(None), sa.and_(joined <= ends, joined <= today)),
        sa.or_(member.left.is_(None), left >= ends, left >= today),
    )


def _edges(year: sa.SQLColumnExpression[int]) -> tuple[sa.ColumnElement[str], sa.ColumnElement[str]]:
    """The first and last day of an academic year as ISO text, the one form in which both databases can build a date
    from a number.
    """
    return sa.cast(year, sa.String).concat("-09-01"), sa.cast(year + 1, sa.String).concat("-08-31")


def open_to(
    scope: Scope,
    cluster_id: sa.SQLColumnExpression[int],
    school_id: sa.SQLColumnExpression[int] | sa.SQLColumnExpression[int | None],
    year: sa.SQLColumnExpression[int],
    as_of: date,
    *,
    figures: bool = False,
) -> sa.ColumnElement[bool]:
    """The condition on rows of a school that lays its book open to a school of the scope within one cluster (1.11).

    Only among one another: both have agreed, in the year that the rows are of or before, and neither has taken it back;
    and both belong to the cluster still, or did until the end of that year. A book that somebody forgot to close ends
    with the membership. `figures` asks for what was agreed about figures brought in (1.7), not about attendance alone.
    """
    if not scope.school_ids:
        return sa.false()
    mine, theirs = aliased(OpenBook), aliased(OpenBook)
    me, they = aliased(Membership), aliased(Membership)
    # One EXISTS over all four: within another one, `year` would no longer be that of the row outside.
    return sa.exists().where(
        theirs.school_id == school_id,
        mine.school_id.in_(scope.school_ids),
        *(
            condition
            for book, member in ((theirs, they), (mine, me))
            for condition in (
                book.cluster_id == cluster_id,
                sa.cast(book.agreed_on, sa.String) <= _edges(year)[1],
                book.withdrawn_on.is_(None),
                book.covers_figures if figures else sa.true(),
                member.school_id == book.school_id,
                stayed_member(member, cluster_id, year, as_of),
            )
        ),
    )
