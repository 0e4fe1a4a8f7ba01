"""Where clusters and local authorities lie, out of the coordinates that schools have in the store."""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, visible_clusters, visible_schools
from dashboard.directory.queries import members_in
from dashboard.models import Cluster, School
from dashboard.overview.places import Outline, Place, outlines_of


def load_places(session: Session, scope: Scope, years: sa.CTE) -> list[Place]:
    """The middle of the schools of each cluster that is seen whole, in its year; one statement."""
    members = members_in(years).subquery()
    located = sa.and_(School.latitude.is_not(None), School.longitude.is_not(None))
    rows = session.execute(
        sa.select(
            Cluster.id,
            Cluster.slug,
            sa.func.sum(sa.case((located, _whole(School.latitude)))),
            sa.func.sum(sa.case((located, _whole(School.longitude)))),
            sa.func.count(sa.case((located, School.id))),
            sa.func.count(School.id),
        )
        .join(members, members.c.cluster_id == Cluster.id)
        .join(School, School.id == members.c.school_id)
        .where(Cluster.id.in_(visible_clusters(scope)))
        .group_by(Cluster.id, Cluster.slug)
        .order_by(Cluster.id)
    )
    return [
        Place(cluster_id, slug, _mean(latitude, located), _mean(longitude, located), located, schools)
        for cluster_id, slug, latitude, longitude, located, schools in rows
    ]


_PARTS: Final = 1_000_000


def _whole(degrees: Any) -> sa.ColumnElement[int]:
    """Millionths, because a sum of whole numbers does not depend on the order in which a database adds up."""
    return sa.cast(sa.func.round(degrees * _PARTS), sa.BigInteger)


def _mean(parts: int | None, of: int) -> float | None:
    return int(parts) / of / _PARTS if parts is not None and of else None


def load_outlines(session: Session, scope: Scope) -> list[Outline]:
    """The outermost schools of each local authority, of the schools in a scope alone; one statement."""
    rows = session.execute(
        sa.select(School.local_authority, School.longitude, School.latitude).where(
            School.local_authority.is_not(None), School.longitude.is_not(None), School.latitude.is_not(None),
            School.id.in_(visible_schools(scope)),
        )
    )  # fmt: skip
    return outlines_of((name or "", longitude or 0, latitude or 0) for name, longitude, latitude in rows)
