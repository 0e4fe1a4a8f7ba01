"""What clusters may be chosen by on the overview, for all of them in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, clusters_in_totals, may_see
from dashboard.directory.queries import members_in
from dashboard.models import Cluster, ClusterStage, Cohort, Membership, School, Stage, WatchedCluster
from dashboard.stages import standing
from dashboard.stages.words import Standing


@dataclass(frozen=True)
class ChosenBy:
    """Of one cluster: the cohort, the stages in which it is, the local authorities of its schools in the year, whether
    the account watches it, and whether the search finds it.
    """

    cluster_id: int
    cohort: str | None
    stages: tuple[str, ...]
    areas: tuple[str, ...]
    watched: bool
    found: bool


def load_facts(
    session: Session, scope: Scope, years: sa.CTE, as_of: date, *, account_id: int | None = None, search: str = ""
) -> dict[int, ChosenBy]:
    """The facts of each visible cluster by its id. Without a `search` every cluster is found."""
    watched = sa.exists().where(WatchedCluster.cluster_id == Cluster.id, WatchedCluster.account_id == account_id)
    statement = (
        sa.select(
            Cluster.id,
            Cluster.programme_id,
            Cohort.name.label("cohort"),
            sa.func.coalesce(Cluster.starts, Cohort.starts).label("starts"),
            (sa.case((watched, 1), else_=0) if account_id is not None else sa.literal(0)).label("watched"),
            (sa.case((_finds(scope, search), 1), else_=0) if search else sa.literal(1)).label("found"),
        )
        .outerjoin(Cohort, Cohort.id == Cluster.cohort_id)
        .where(Cluster.id.in_(clusters_in_totals(scope)))
    )
    areas = _areas(session, scope, years)
    stages = _Stages(session, scope, as_of)
    return {
        row.id: ChosenBy(
            row.id,
            row.cohort,
            stages.of(row.id, row.programme_id, row.starts),
            tuple(sorted(areas.get(row.id, ()))),
            bool(row.watched),
            bool(row.found),
        )
        for row in session.execute(statement)
    }


def _finds(scope: Scope, search: str) -> sa.ColumnElement[bool]:
    """A cluster is found by its own name, or by that of a school that belongs to it and is the reader's to see."""
    schools = (
        sa.select(Membership.cluster_id)
        .join(School, School.id == Membership.school_id)
        .where(called_like(School.name, search), may_see(scope, Membership.cluster_id, School.id))
    )
    return sa.or_(called_like(Cluster.name, search), Cluster.id.in_(schools))


def called_like(name: sa.SQLColumnExpression[str], search: str) -> sa.ColumnElement[bool]:
    """Whether every word of a search stands in a name, in whatever case."""
    return sa.and_(*(sa.func.lower(name).contains(word, autoescape=True) for word in search.lower().split()))


def _areas(session: Session, scope: Scope, years: sa.CTE) -> Mapping[int, list[str]]:
    members = members_in(years).subquery("members")
    statement = (
        sa.select(members.c.cluster_id, School.local_authority)
        .join(School, School.id == members.c.school_id)
        .where(School.local_authority.is_not(None), may_see(scope, members.c.cluster_id, School.id))
        .distinct()
    )
    found = defaultdict(list)
    for cluster_id, area in session.execute(statement):
        found[cluster_id].append(area)
    return found


class _Stages:
    """In which stages clusters are: by their recorded times, else by the programme years that lie in a stage."""

    def __init__(self, session: Session, scope: Scope, as_of: date) -> None:
        self._as_of = as_of
        self._stages: dict[int, list[standing.Stage]] = defaultdict(list)
        self._times: dict[tuple[int, int], list[standing.Time]] = defaultdict(list)
        self._programmes_of: dict[int, set[int]] = defaultdict(set)
        self._by_year: dict[tuple[int, int | None], tuple[str, ...]] = {}
        statement = (
            sa.select(
                Stage.id,
                Stage.programme_id,
                Stage.name,
                Stage.first_programme_year,
                Stage.last_programme_year,
                ClusterStage.cluster_id,
                ClusterStage.starts,
                ClusterStage.ends,
            )
            .outerjoin(
                ClusterStage,
                (ClusterStage.stage_id == Stage.id) & ClusterStage.cluster_id.in_(clusters_in_totals(scope)),
            )
            .order_by(Stage.programme_id, Stage.position)
        )
        seen = set()
        for stage_id, programme_id, name, first, last, cluster_id, starts, ends in session.execute(statement):
            if stage_id not in seen:
                seen.add(stage_id)
                self._stages[programme_id].append(standing.Stage(stage_id, name, first_year=first, last_year=last))
            if cluster_id is not None:
                self._times[cluster_id, stage_id].append(standing.Time(starts, ends))
                self._programmes_of[cluster_id].add(programme_id)

    def of(self, cluster_id: int, programme_id: int | None, started: date | None) -> tuple[str, ...]:
        """The names of the current stages of the cluster's own programme."""
        if programme_id is None:
            return ()
        year = standing.programme_year(started, self._as_of)
        if programme_id in self._programmes_of.get(cluster_id, ()):
            return self._current(programme_id, year, cluster_id)
        known = self._by_year.get((programme_id, year))
        if known is None:
            known = self._by_year[programme_id, year] = self._current(programme_id, year, None)
        return known

    def _current(self, programme_id: int, year: int | None, cluster_id: int | None) -> tuple[str, ...]:
        return tuple(
            stage.name
            for stage in self._stages.get(programme_id, ())
            if standing.standing_of(self._with_times(stage, cluster_id), year, self._as_of) is Standing.CURRENT
        )

    def _with_times(self, stage: standing.Stage, cluster_id: int | None) -> standing.Stage:
        times = self._times.get((cluster_id, stage.stage_id)) if cluster_id is not None else None
        if not times:
            return stage
        return replace(stage, times=tuple(times))
