"""Who may see what. All of the policy stands here, and every query takes a scope and selects from it.

Nothing is visible unless a scope names it: an empty scope gives no rows.
"""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from dashboard.models import Cluster, Membership, School


@dataclass(frozen=True)
class Scope:
    """What one reader may see: everything, or the named clusters with their schools, or the named schools alone."""

    everything: bool = False
    cluster_ids: frozenset[int] = frozenset()
    school_ids: frozenset[int] = frozenset()


NOTHING: Final = Scope()
EVERYTHING: Final = Scope(everything=True)


def visible_clusters(scope: Scope) -> sa.Select[int]:
    """The ids of the clusters in a scope, to be used as a subquery."""
    clusters = sa.select(Cluster.id)
    return clusters if scope.everything else clusters.where(Cluster.id.in_(scope.cluster_ids))


def may_see(
    scope: Scope, cluster_id: sa.SQLColumnExpression[int], school_id: sa.SQLColumnExpression[int]
) -> sa.ColumnElement[bool]:
    """The condition on rows about one school within one cluster: the cluster is visible, or the school is named itself.

    A school may belong to two clusters; whoever sees one of them sees nothing of it in the other.
    """
    return sa.or_(cluster_id.in_(visible_clusters(scope)), school_id.in_(scope.school_ids))


def visible_schools(scope: Scope) -> sa.Select[int]:
    """The ids of the schools in a scope: named themselves, or members of a cluster that is named."""
    schools = sa.select(School.id)
    if scope.everything:
        return schools
    members = sa.select(Membership.school_id).where(Membership.cluster_id.in_(scope.cluster_ids))
    return schools.where(sa.or_(School.id.in_(scope.school_ids), School.id.in_(members)))
