"""Events out of the store, as much of each as the reader may know. Nothing is written here.

`scope` is what the reader may see of clusters and schools, `people` whether the matrix gives them the audit of people.
Whoever looks after people learns of an event about a cluster that there was one, and by whom; not what it was about.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, visible_clusters
from dashboard.audit_log.kinds import ABOUT_DATA, ABOUT_PEOPLE
from dashboard.frames import Rows, alphabetical, read_frame
from dashboard.models import Account, AuditEvent, Cluster
from dashboard.vocabulary import Attempt

MOST_SUGGESTED: Final = 500
"""More clusters than that would make the page larger than all the rest of it."""


@dataclass(frozen=True)
class Filters:
    """Which events are asked for. Days are days in UTC, the last one included."""

    since: date | None = None
    until: date | None = None
    action: str | None = None
    cluster: str | None = None
    """A slug."""
    actor: int | None = None
    """The number of an account."""
    outcome: Attempt | None = None


@dataclass(frozen=True)
class Choices:
    """What there is to filter by: actions, and clusters as pairs of slug and name."""

    actions: tuple[str, ...]
    clusters: tuple[tuple[str, str], ...]


def load_events(
    session: Session, scope: Scope, *, people: bool, filters: Filters, most: int, before: int | None = None
) -> pd.DataFrame:
    """The newest events, at most so many and only those before a number: id, happened_at, actor_id, name, email,
    erased, actor, origin, action, object_kind, outcome, known, object_key, cluster (slug), cluster_name, reason,
    before, after, batch_id.

    Where `known` is false, the columns behind it are empty. `erased` says that there was an account and is no more.
    """
    known = _known(scope, people=people)
    private = (
        AuditEvent.object_key, Cluster.slug.label("cluster"), Cluster.name.label("cluster_name"), AuditEvent.reason,
        AuditEvent.before, AuditEvent.after, AuditEvent.batch_id,
    )  # fmt: skip
    events: Rows = (
        sa.select(
            AuditEvent.id, AuditEvent.happened_at, AuditEvent.actor_id, Account.name.label("name"), Account.email,
            sa.and_(AuditEvent.actor_id.is_not(None), Account.id.is_(None)).label("erased"),
            AuditEvent.actor, AuditEvent.origin, AuditEvent.action, AuditEvent.object_kind, AuditEvent.outcome,
            known.label("known"),
            *(sa.case((known, column), else_=sa.null()).label(column.key) for column in private),
        )
        .outerjoin(Account, Account.id == AuditEvent.actor_id)
        .outerjoin(Cluster, Cluster.id == AuditEvent.cluster_id)
        .where(_visible(scope, people=people), *_asked_for(filters, known))
        .order_by(AuditEvent.id.desc())
        .limit(most)
    )  # fmt: skip
    return read_frame(session, events if before is None else events.where(AuditEvent.id < before))


def count_events(session: Session, scope: Scope, *, people: bool, filters: Filters) -> int:
    """How many events there are for this reader that match."""
    visible, known = _visible(scope, people=people), _known(scope, people=people)
    return session.scalar(sa.select(sa.func.count(AuditEvent.id)).where(visible, *_asked_for(filters, known))) or 0


def load_choices(session: Session, scope: Scope, *, people: bool) -> Choices:
    """What this reader can filter by and find something."""
    visible, known = _visible(scope, people=people), _known(scope, people=people)
    actions = sa.select(AuditEvent.action).where(visible).distinct().order_by(AuditEvent.action)
    told_of = sa.select(AuditEvent.cluster_id).where(known, AuditEvent.cluster_id.is_not(None))
    clusters = sa.select(Cluster.slug, Cluster.name).where(Cluster.id.in_(told_of)).order_by(alphabetical(Cluster.name))
    return Choices(
        tuple(session.scalars(actions)),
        tuple((slug, name) for slug, name in session.execute(clusters.limit(MOST_SUGGESTED))),
    )


def _of_data(scope: Scope) -> sa.ColumnElement[bool]:
    """Events about clusters in the scope; those about data of no one cluster only for whoever sees everything."""
    if scope.everything:
        return sa.or_(AuditEvent.cluster_id.is_not(None), AuditEvent.object_kind.in_(ABOUT_DATA))
    return AuditEvent.cluster_id.in_(visible_clusters(scope))


def _visible(scope: Scope, *, people: bool) -> sa.ColumnElement[bool]:
    return sa.true() if people else _of_data(scope)


def _known(scope: Scope, *, people: bool) -> sa.ColumnElement[bool]:
    """Whether the reader may know what a visible event was about."""
    if not people:
        return _of_data(scope)
    of_people = sa.and_(
        AuditEvent.object_kind.in_(ABOUT_PEOPLE), AuditEvent.cluster_id.is_(None), AuditEvent.batch_id.is_(None)
    )
    return sa.func.coalesce(sa.or_(_of_data(scope), of_people), sa.false())


def _asked_for(filters: Filters, known: sa.ColumnElement[bool]) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if filters.since is not None:
        conditions.append(AuditEvent.happened_at >= datetime.combine(filters.since, time.min, UTC))
    if filters.until is not None:
        conditions.append(AuditEvent.happened_at <= datetime.combine(filters.until, time.max, UTC))
    if filters.action is not None:
        conditions.append(AuditEvent.action == filters.action)
    if filters.actor is not None:
        conditions.append(AuditEvent.actor_id == filters.actor)
    if filters.outcome is not None:
        conditions.append(AuditEvent.outcome == filters.outcome)
    if filters.cluster is not None:
        # Only among what the reader may know: else the filter would tell which cluster a closed event was about.
        named = sa.select(Cluster.id).where(Cluster.slug == filters.cluster)
        conditions.append(sa.and_(known, AuditEvent.cluster_id.in_(named)))
    return conditions
