"""What is known of clusters and schools themselves: names, members, rules, and which years hold data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import (
    Scope,
    clusters_in_totals,
    may_see,
    may_see_totals,
    open_to,
    visible_clusters,
    visible_schools,
    was_member,
)
from dashboard.frames import alphabetical, largest, read_frame
from dashboard.models import (
    Allocation,
    Benchmark,
    CarriedBalance,
    Cluster,
    LedgerLine,
    Meeting,
    Membership,
    Programme,
    ProgrammeRule,
    School,
    Target,
)
from dashboard.rules import RuleSet

_YEARLY = (Meeting, Allocation, CarriedBalance, LedgerLine, Target, Benchmark)
"""The tables whose rows mean that a cluster has data in a year."""

_NO_YEAR = -1


def _counts(table: type[Any]) -> sa.ColumnElement[bool]:
    """Whether a row of such a table means data: a draft of next year's plan does not."""
    return Target.draft.is_(False) if table is Target else sa.true()


@dataclass(frozen=True)
class ClusterFacts:
    """What stands at the top of a cluster's page."""

    id: int
    slug: str
    name: str
    programme_id: int | None
    programme: str | None
    focus: str | None
    whole: bool
    """Whether the reader sees all of it; else totals, and schools by name only where that is allowed."""
    rules: RuleSet
    ends: date | None = None
    """The last day of the cluster, where it is known."""


@dataclass(frozen=True)
class SchoolFacts:
    """What stands at the top of a school's page; `clusters` are those the reader may see, newest first."""

    id: int
    slug: str
    name: str
    phase: str | None
    clusters: tuple[ClusterFacts, ...]


def find_cluster(session: Session, scope: Scope, slug: str) -> ClusterFacts | None:
    """The cluster at an address; None when there is none or it is not the reader's to see.

    What no slug looks like is none: a database refuses to look for some of what an address may hold.
    """
    if not slug.isprintable():
        return None
    found = session.execute(_clusters(scope).where(Cluster.slug == slug)).one_or_none()
    return _facts(found, load_rule_sets(session)) if found else None


def find_whole_cluster(session: Session, scope: Scope, slug: str) -> ClusterFacts | None:
    """As `find_cluster`, but of a cluster that the reader sees all of."""
    found = find_cluster(session, scope, slug)
    return found if found is not None and found.whole else None


def find_school(session: Session, scope: Scope, slug: str) -> SchoolFacts | None:
    """The school at an address, with its clusters; None when there is none or it is not the reader's to see."""
    school = session.execute(
        sa.select(School.id, School.slug, School.name, School.phase).where(
            School.slug == slug, School.id.in_(visible_schools(scope))
        )
    ).one_or_none()
    if school is None:
        return None
    rules = load_rule_sets(session)
    clusters = session.execute(
        _clusters(scope)
        .join(Membership, Membership.cluster_id == Cluster.id)
        .where(Membership.school_id == school.id)
        .group_by(*_clusters(scope).selected_columns)
        .order_by(sa.func.max(sa.func.coalesce(Membership.joined, date.min)).desc(), Cluster.id)
    )
    return SchoolFacts(*school, clusters=tuple(_facts(row, rules) for row in clusters))


@dataclass(frozen=True)
class OwnPlace:
    """A cluster or a school that a scope names itself."""

    kind: str
    id: int
    slug: str
    name: str


def load_own_places(session: Session, scope: Scope) -> list[OwnPlace]:
    """The clusters and schools that a scope names one by one, clusters first, by name."""
    found = session.execute(
        sa.union_all(
            sa.select(sa.literal("cluster").label("kind"), Cluster.id, Cluster.slug, Cluster.name).where(
                Cluster.id.in_(scope.cluster_ids)
            ),
            sa.select(sa.literal("school"), School.id, School.slug, School.name).where(School.id.in_(scope.school_ids)),
        )
    )
    return sorted((OwnPlace(*row) for row in found), key=lambda each: (each.kind, each.name))


def load_clusters(session: Session, scope: Scope) -> pd.DataFrame:
    """Every visible cluster by name: cluster_id, cluster, name, programme_id, programme."""
    return read_frame(
        session,
        sa.select(
            Cluster.id.label("cluster_id"),
            Cluster.slug.label("cluster"),
            Cluster.name.label("name"),
            Cluster.programme_id.label("programme_id"),
            Programme.name.label("programme"),
        )
        .outerjoin(Programme, Programme.id == Cluster.programme_id)
        .where(Cluster.id.in_(clusters_in_totals(scope)))
        .order_by(alphabetical(Cluster.name), Cluster.id),
    )


def load_members(session: Session, scope: Scope, years: sa.CTE, as_of: date) -> pd.DataFrame:
    """The schools that belonged to a cluster during its year, by name: cluster_id, school_id, school (slug), name.

    To a reader of one school: that school, and those that lay their book open to it.
    """
    members = members_in(years).subquery()
    return read_frame(
        session,
        sa.select(
            members.c.cluster_id, School.id.label("school_id"), School.slug.label("school"), School.name.label("name")
        )
        .join(School, School.id == members.c.school_id)
        .where(
            sa.or_(
                may_see(scope, members.c.cluster_id, School.id),
                open_to(scope, members.c.cluster_id, School.id, members.c.year, as_of),
            )
        )
        .order_by(alphabetical(School.name), School.id),
    )


def load_rule_sets(session: Session) -> Mapping[int | None, RuleSet]:
    """The rules of every programme by its id; None stands for a cluster without a programme."""
    values: dict[int | None, dict[str, str]] = {None: {}}
    for programme_id in session.scalars(sa.select(Programme.id)):
        values[programme_id] = {}
    for rule in session.execute(sa.select(ProgrammeRule.programme_id, ProgrammeRule.name, ProgrammeRule.value)):
        values[rule.programme_id][rule.name] = rule.value
    return {programme_id: RuleSet(rules) for programme_id, rules in values.items()}


def cluster_years(scope: Scope, as_of: date, *, year: AcademicYear | None, cluster_id: int | None = None) -> sa.CTE:
    """The pairs (cluster_id, year) that a view is about: every feature's query joins to them.

    With `year` that year for each visible cluster, without one each cluster's own latest year with any data, and
    never a year that has not begun on `as_of`. A cluster without any data is looked at in the year of `as_of`. Of a
    cluster that a school has left there is a pair only in a year in which it was a member.
    `cluster_id` narrows to one.
    """
    clusters = clusters_in_totals(scope)
    if cluster_id is not None:
        clusters = clusters.where(Cluster.id == cluster_id)
    if year is not None:
        chosen = clusters.subquery()
        asked = sa.literal(year.start)
        return (
            sa.select(chosen.c.id.label("cluster_id"), asked.label("year"))
            .where(may_see_totals(scope, chosen.c.id, asked))
            .cte("cluster_years")
        )
    this_year = AcademicYear.of(as_of).start
    # One look at the end of an index for each cluster and table; grouping whole tables takes three times as long.
    latest = [
        sa.select(sa.func.max(table.year))
        .where(
            table.cluster_id == Cluster.id,
            table.year <= this_year,
            _counts(table),
            may_see_totals(scope, Cluster.id, table.year),
        )
        .scalar_subquery()
        for table in _YEARLY
    ]
    latest_of_all = largest(*(sa.func.coalesce(each, _NO_YEAR) for each in latest))
    year_of = sa.func.coalesce(sa.func.nullif(latest_of_all, _NO_YEAR), this_year)
    latest_pairs = sa.select(Cluster.id.label("cluster_id"), year_of.label("year")).where(Cluster.id.in_(clusters))
    # Only now it is known which year it would be: a school that left before there was any data has no part in this one.
    each = latest_pairs.subquery()
    pairs = sa.select(each).where(may_see_totals(scope, each.c.cluster_id, each.c.year))
    return pairs.cte("cluster_years").prefix_with("MATERIALIZED")  # else it is worked out anew for each row it meets


def years_with_data(session: Session, scope: Scope, cluster_id: int | None = None) -> list[AcademicYear]:
    """The years in which any visible cluster (or the named one) has data, newest first."""
    clusters = clusters_in_totals(scope)
    if cluster_id is not None:
        clusters = clusters.where(Cluster.id == cluster_id)
    each = sa.union(
        *(
            sa.select(table.year).where(
                table.cluster_id.in_(clusters), _counts(table), may_see_totals(scope, table.cluster_id, table.year)
            )
            for table in _YEARLY
        )
    ).subquery()
    return [AcademicYear(start) for start in session.scalars(sa.select(each.c.year).order_by(each.c.year.desc()))]


def members_in(years: sa.CTE) -> sa.Select[int, int, int]:
    """The schools that belonged to a cluster at any time of its year: cluster_id, school_id, year, each once.

    The year runs from 1 September to 31 August; a membership without dates covers all of it.
    """
    return sa.select(Membership.cluster_id, Membership.school_id, years.c.year).join(years, _overlaps(years)).distinct()


def _overlaps(years: sa.CTE) -> sa.ColumnElement[bool]:
    """Whether a membership covers any day of its cluster's year."""
    return was_member(Membership, years.c.cluster_id, years.c.year)


def _clusters(scope: Scope) -> sa.Select[int, str, str, str | None, int | None, str, bool, date | None]:
    whole = sa.case((Cluster.id.in_(visible_clusters(scope)), sa.true()), else_=sa.false()).label("whole")
    return (
        sa.select(
            Cluster.id,
            Cluster.slug,
            Cluster.name,
            Cluster.focus,
            Cluster.programme_id,
            Programme.name,
            whole,
            Cluster.ends,
        )
        .outerjoin(Programme, Programme.id == Cluster.programme_id)
        .where(Cluster.id.in_(clusters_in_totals(scope)))
    )


def _facts(
    row: sa.Row[int, str, str, str | None, int | None, str, bool, date | None], rules: Mapping[int | None, RuleSet]
) -> ClusterFacts:
    cluster_id, slug, name, focus, programme_id, programme, whole, ends = row
    return ClusterFacts(cluster_id, slug, name, programme_id, programme, focus, bool(whole), rules[programme_id], ends)


def holds_any_cluster(session: Session) -> bool:
    """Whether the store holds any cluster at all: asked before anybody reads, to know if the sample is wanted."""
    return session.scalar(sa.select(Cluster.id).limit(1)) is not None
