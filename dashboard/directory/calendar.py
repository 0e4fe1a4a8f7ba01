"""The half terms that hold for clusters: their own, those of their local authority, those for everybody, or the usual
ones.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, may_see_totals
from dashboard.directory.queries import members_in
from dashboard.half_terms import HalfTerm, half_terms_of
from dashboard.models import CalendarPeriod, Cluster, School
from dashboard.vocabulary import PeriodKind

_Entered = Iterable[tuple[str, date, date]]
_Pair = tuple[int, int]
_FOR_EVERYBODY: Final = ""


def load_calendars(session: Session, scope: Scope, years: sa.CTE) -> Mapping[_Pair, tuple[HalfTerm, ...]]:
    """The half terms of each pair (cluster_id, year), however many, in one statement or two.

    They are the cluster's own if it entered any for that year; else those of the local authority in which most of its
    schools of that year are (of several with as many schools: the first by name); else those for everybody; else the
    usual ones, which are then marked as assumed.
    """
    pairs, own, shared = _load_periods(session, scope, years)
    authorities = load_authorities(session, scope, years) if any(name for _, name in shared) else {}
    calendars = {}
    for cluster_id, year in pairs:
        entered = (
            own.get((cluster_id, year))
            or shared.get((year, authorities.get((cluster_id, year), _FOR_EVERYBODY)))
            or shared.get((year, _FOR_EVERYBODY), ())
        )
        calendars[cluster_id, year] = half_terms_of(AcademicYear(year), entered)
    return calendars


def load_years(
    session: Session, scope: Scope, cluster_id: int, academic_years: Sequence[AcademicYear]
) -> tuple[HalfTerm, ...]:
    """The half terms of one cluster in several years, as `load_calendars` finds them, one after another."""
    if not academic_years:
        return ()
    pairs = (
        sa.select(Cluster.id.label("cluster_id"), sa.literal(each.start).label("year")).where(Cluster.id == cluster_id)
        for each in academic_years
    )
    calendars = load_calendars(session, scope, sa.union_all(*pairs).cte("asked_years"))
    return tuple(half_term for pair in sorted(calendars) for half_term in calendars[pair])


def _load_periods(
    session: Session, scope: Scope, years: sa.CTE
) -> tuple[list[_Pair], Mapping[_Pair, _Entered], Mapping[tuple[int, str], _Entered]]:
    """The pairs there are, the half terms of each by pair, and those of a local authority or everybody by year."""
    period = (CalendarPeriod.name, CalendarPeriod.starts, CalendarPeriod.ends)
    of_clusters = (
        sa.select(years.c.cluster_id, years.c.year, sa.null().label("local_authority"), *period)
        .select_from(years)
        .outerjoin(
            CalendarPeriod,
            (CalendarPeriod.cluster_id == years.c.cluster_id)
            & (CalendarPeriod.year == years.c.year)
            & (CalendarPeriod.kind == PeriodKind.HALF_TERM),
        )
        .where(may_see_totals(scope, years.c.cluster_id, years.c.year))
    )
    of_others = sa.select(sa.null(), CalendarPeriod.year, CalendarPeriod.local_authority, *period).where(
        CalendarPeriod.cluster_id.is_(None),
        CalendarPeriod.kind == PeriodKind.HALF_TERM,
        CalendarPeriod.year.in_(sa.select(years.c.year)),
    )
    pairs: dict[_Pair, None] = {}
    own: defaultdict[_Pair, list[tuple[str, date, date]]] = defaultdict(list)
    shared: defaultdict[tuple[int, str], list[tuple[str, date, date]]] = defaultdict(list)
    for cluster_id, year, authority, *said in session.execute(sa.union_all(of_clusters, of_others)):
        name, starts, ends = said
        if cluster_id is None:
            shared[year, same_authority(authority)].append((name, starts, ends))
            continue
        pairs[cluster_id, year] = None
        if name is not None:
            own[cluster_id, year].append((name, starts, ends))
    return list(pairs), own, shared


def load_authorities(session: Session, scope: Scope, years: sa.CTE) -> Mapping[_Pair, str]:
    """The local authority in which most schools of each pair (cluster_id, year) are, as `same_authority` writes it; a
    school of which it is not known does not count.
    """
    members = members_in(years).subquery()
    rows = session.execute(
        sa.select(members.c.cluster_id, members.c.year, School.local_authority, sa.func.count(School.id))
        .join(School, School.id == members.c.school_id)
        .where(School.local_authority.is_not(None), may_see_totals(scope, members.c.cluster_id, members.c.year))
        .group_by(members.c.cluster_id, members.c.year, School.local_authority)
    )
    schools: defaultdict[_Pair, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for cluster_id, year, authority, count in rows:
        schools[cluster_id, year][same_authority(authority)] += count
    return {pair: min(counts, key=lambda name: (-counts[name], name)) for pair, counts in schools.items()}


def same_authority(authority: str | None) -> str:
    """A local authority as it is compared: small and capital letters are one."""
    return " ".join((authority or _FOR_EVERYBODY).split()).casefold()
