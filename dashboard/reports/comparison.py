"""Attendance meeting by meeting of some clusters of the overview, to be compared."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, visible_clusters
from dashboard.engagement.queries import load_turnout
from dashboard.engagement.rates import FEWEST_MARKS
from dashboard.models import Cluster
from dashboard.overview.multiples import MOST, Comparison, Small, Turnout


class Listed(Protocol):
    """A cluster of the overview in a year."""

    @property
    def cluster(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def year(self) -> AcademicYear: ...


def load_comparison(session: Session, scope: Scope, rows: Sequence[Listed], as_of: date) -> Comparison:
    """The first of the clusters (`rows`) with their past meetings, in two statements; none beyond the scope."""
    first = rows[:MOST]
    slugs = [row.cluster for row in first]
    seen = sa.select(Cluster.id, Cluster.slug).where(Cluster.slug.in_(slugs), Cluster.id.in_(visible_clusters(scope)))
    ids = {slug: cluster_id for cluster_id, slug in session.execute(seen)}
    kept = [row for row in first if row.cluster in ids]
    if not kept:
        return Comparison((), 0)
    year = sa.case({ids[row.cluster]: row.year.start for row in kept}, value=Cluster.id)
    years = sa.select(Cluster.id.label("cluster_id"), sa.cast(year, sa.Integer).label("year")).where(
        Cluster.id.in_(list(ids.values()))
    )
    meetings: dict[int, list[Turnout]] = {}
    for each in load_turnout(session, scope, years.cte("compared"), as_of).itertuples():
        told = Turnout(each.held_on, each.attended, each.expected, each.not_recorded, bool(each.illustrative))
        meetings.setdefault(each.cluster_id, []).append(told)
    shown = [
        Small(row.cluster, row.name, row.year, tuple(held), sum(each.expected for each in held) >= FEWEST_MARKS)
        for row in kept
        for held in [meetings.get(ids[row.cluster], [])]
    ]
    return Comparison(tuple(shown), len(rows) - len(first) + len(shown))
