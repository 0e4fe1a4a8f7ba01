"""What an account keeps of the overview, and the schools that a search finds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, may_see, visible_clusters
from dashboard.frames import alphabetical
from dashboard.models import Cluster, Membership, OverviewVisit, SavedView, School, WatchedCluster

ONE_VISIT: Final = timedelta(minutes=30)
"""Looks no further apart than this are one visit."""


@dataclass(frozen=True)
class KeptView:
    """A saved view: its number, its name, and the choices as a query string."""

    view_id: int
    name: str
    query: str


def load_views(session: Session, account_id: int | None) -> list[KeptView]:
    """The saved views of an account, by name. They hold choices alone: what these show is scoped when it is read."""
    if account_id is None:
        return []
    found = session.execute(
        sa.select(SavedView.id, SavedView.name, SavedView.query)
        .where(SavedView.account_id == account_id)
        .order_by(alphabetical(sa.func.lower(SavedView.name)), SavedView.id)
    )
    return [KeptView(*row) for row in found]


def is_watched(session: Session, scope: Scope, account_id: int, cluster_id: int) -> bool:
    """Whether an account watches a cluster that the reader sees whole."""
    watched = sa.select(WatchedCluster.id).where(
        WatchedCluster.account_id == account_id,
        WatchedCluster.cluster_id == cluster_id,
        WatchedCluster.cluster_id.in_(visible_clusters(scope)),
    )
    return session.scalar(watched) is not None


def find_last_look(session: Session, account_id: int | None, now: datetime) -> datetime | None:
    """The end of an account's visit before the present one: from then on changes are new to it. None: there was none.

    It is right whether or not the present visit was noted already.
    """
    visit = session.scalar(sa.select(OverviewVisit).where(OverviewVisit.account_id == account_id))
    if visit is None:
        return None
    return visit.seen_at if now - visit.seen_at > ONE_VISIT else visit.before_at


@dataclass(frozen=True)
class FoundSchool:
    """A school that a search found."""

    school_id: int
    slug: str
    name: str


def find_schools(session: Session, scope: Scope, search: str, most: int) -> list[FoundSchool]:
    """The schools in whose names all words of a search stand, by name, at most so many; none without a word.

    Of schools that belong to a cluster of the scope, and those that the scope names.
    """
    words = search.lower().split()
    if not words:
        return []
    members = sa.select(Membership.school_id).where(may_see(scope, Membership.cluster_id, Membership.school_id))
    found = session.execute(
        sa.select(School.id, School.slug, School.name)
        .where(
            *(sa.func.lower(School.name).contains(word, autoescape=True) for word in words),
            School.id.in_(members),
        )
        .order_by(alphabetical(School.name), School.id)
        .limit(most)
    )
    return [FoundSchool(*row) for row in found]


def find_watchable(session: Session, scope: Scope, slug: str) -> int | None:
    """The number of a cluster that may be watched: one that is seen whole. None where there is none."""
    if not slug.isprintable():
        return None
    return session.scalar(sa.select(Cluster.id).where(Cluster.slug == slug, Cluster.id.in_(visible_clusters(scope))))
