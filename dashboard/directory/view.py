"""What one reader is looking at: the scope, the moment, the cluster or school, the year. Queries are made from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, may_see_totals
from dashboard.directory.queries import (
    ClusterFacts,
    SchoolFacts,
    cluster_years,
    find_cluster,
    find_school,
    years_with_data,
)
from dashboard.models import Cluster
from dashboard.rules import DEFAULT_RULES, RuleSet


@dataclass(frozen=True)
class View:
    """One look at the store. `year` is always known; `years` lists those that can be chosen, newest first."""

    scope: Scope
    as_of: date
    year: AcademicYear
    years: tuple[AcademicYear, ...]
    cluster: ClusterFacts | None = None
    school: SchoolFacts | None = None
    of_a_member: bool = True
    """Whether anything of the cluster is the reader's to see in this year: to a headteacher, of the years in which the
    school was a member."""
    keeps_registers: bool = False
    """Whether each meeting of the cluster leads to its register."""
    since: date | None = None
    """The day from which on changes are told, where one is chosen."""
    opens_ledger: bool = False
    """Whether amounts lead to their lines; of a cluster that is not seen whole, those of the own school."""
    asked: str = ""
    """What else is chosen in the address of an overview, as its query string says it."""

    @property
    def rules(self) -> RuleSet:
        """The rules of the cluster's programme."""
        return self.cluster.rules if self.cluster else DEFAULT_RULES

    @property
    def rule_sets(self) -> Mapping[int | None, RuleSet]:
        """The same by the programme's id, as queries over many clusters take them."""
        return {self.cluster.programme_id: self.cluster.rules} if self.cluster else {}

    @property
    def cluster_years(self) -> sa.CTE:
        """The pair of cluster and year that every query of this view joins to."""
        cluster_id = self.cluster.id if self.cluster else -1
        return cluster_years(self.scope, self.as_of, year=self.year, cluster_id=cluster_id)

    @property
    def all_years(self) -> sa.CTE:
        """The cluster with every year that can be chosen: for what is told from year to year."""
        cluster_id = sa.literal(self.cluster.id if self.cluster else -1)
        pairs = [sa.select(cluster_id.label("cluster_id"), sa.literal(each.start).label("year")) for each in self.years]
        nothing = sa.select(cluster_id.label("cluster_id"), sa.literal(-1).label("year")).where(sa.false())
        return sa.union_all(*(pairs or [nothing])).cte("all_years")

    @property
    def school_id(self) -> int | None:
        """The school that the view is about, if it is about one."""
        return self.school.id if self.school else None


def view_cluster(session: Session, scope: Scope, slug: str, *, year: AcademicYear | None, as_of: date) -> View | None:
    """The view of one cluster, in its latest year with any data unless one is asked for; None if it cannot be seen."""
    cluster = find_cluster(session, scope, slug)
    return _of_cluster(session, scope, cluster, year, as_of) if cluster else None


def view_school(
    session: Session, scope: Scope, slug: str, *, year: AcademicYear | None, as_of: date, cluster: str | None = None
) -> View | None:
    """The view of one school within one of its clusters: the named one, else the one it joined last.

    None if the school cannot be seen.
    """
    school = find_school(session, scope, slug)
    if school is None:
        return None
    if not school.clusters:
        return View(scope, as_of, year or AcademicYear.of(as_of), (), school=school)
    chosen = next((each for each in school.clusters if each.slug == cluster), school.clusters[0])
    return replace(_of_cluster(session, scope, chosen, year, as_of), school=school)


def _of_cluster(session: Session, scope: Scope, cluster: ClusterFacts, year: AcademicYear | None, as_of: date) -> View:
    years = years_with_data(session, scope, cluster.id)
    begun = [each for each in years if each <= AcademicYear.of(as_of)]
    chosen = year or (begun[0] if begun else AcademicYear.of(as_of))
    of_a_member = cluster.whole or _belonged(session, scope, cluster.id, chosen)
    return View(scope, as_of, chosen, tuple(years), cluster=cluster, of_a_member=of_a_member)


def _belonged(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> bool:
    seen = may_see_totals(scope, Cluster.id, sa.literal(year.start))
    return session.scalar(sa.select(Cluster.id).where(Cluster.id == cluster_id, seen)) is not None
