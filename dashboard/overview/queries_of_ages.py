"""How many requests and concerns are open, by age: each a count over one table, of the clusters seen whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, visible_clusters
from dashboard.ages import BANDS
from dashboard.frames import began_within, count_where
from dashboard.models import ApprovalRequest, Cluster, Concern
from dashboard.vocabulary import RequestKind, RequestState


@dataclass(frozen=True)
class Oldest:
    """What has been open for longest: its number, its cluster, and since when. A request also says of which kind."""

    number: int
    cluster_id: int
    cluster_name: str
    since: date
    kind: RequestKind | None = None


@dataclass(frozen=True)
class Waiting:
    """Open ones of one sort: how many of each age, by the band's name, and the oldest."""

    counts: Mapping[str, int]
    oldest: Oldest

    @property
    def all(self) -> int:
        """How many are open."""
        return sum(self.counts.values())


def load_waiting_requests(session: Session, scope: Scope, as_of: date) -> list[Waiting]:
    """Requests that wait for a decision: one answer, or none where nothing waits; two statements."""
    is_open = ApprovalRequest.state == RequestState.WAITING
    return _load(session, scope, as_of, ApprovalRequest, ApprovalRequest.asked_on, is_open, ApprovalRequest.kind)


def load_open_concerns(session: Session, scope: Scope, as_of: date) -> list[Waiting]:
    """Concerns that nobody has closed, in the same way."""
    return _load(session, scope, as_of, Concern, Concern.raised_on, Concern.closed_on.is_(None), sa.null())


def _load(
    session: Session, scope: Scope, as_of: date, table: Any, began: Any, is_open: sa.ColumnElement[bool], kind: Any
) -> list[Waiting]:
    mine = sa.and_(is_open, table.cluster_id.in_(visible_clusters(scope)))
    counts = session.execute(
        sa.select(*(count_where(began_within(began, band.days(as_of))) for band in BANDS)).where(mine)
    ).one()
    oldest = session.execute(
        sa.select(table.id, table.cluster_id, Cluster.name, began, kind)
        .join(Cluster, Cluster.id == table.cluster_id)
        .where(mine)
        .order_by(began, table.id)
        .limit(1)
    ).one_or_none()
    if oldest is None:
        return []
    return [Waiting({band.name: count for band, count in zip(BANDS, counts, strict=True)}, Oldest(*oldest))]
