"""When clusters meet: the meetings of a year, the periods of its calendar, what a calendar program may read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, may_see_totals, visible_clusters
from dashboard.directory.calendar import load_authorities, load_calendars, same_authority
from dashboard.directory.expected import belongs, covers, is_expected
from dashboard.directory.queries import cluster_years
from dashboard.half_terms import HalfTerm
from dashboard.meetings.blanks import is_blank
from dashboard.meetings.series import Period
from dashboard.models import (
    CalendarPeriod,
    Cluster,
    LedgerLine,
    Meeting,
    Membership,
    PersonMark,
    SchoolMark,
)
from dashboard.vocabulary import Mark, MeetingKind


@dataclass(frozen=True)
class MeetingRow:
    """One meeting as it stands in the list."""

    id: int
    cluster_id: int
    held_on: date
    kind: MeetingKind
    title: str | None
    starts_at: time | None
    ends_at: time | None
    in_school_time: bool | None
    headcount: int | None
    note: str | None
    expected: int
    """Schools that were members on the day, and neither on sabbatical nor closed."""
    marked: int
    """How many of those have a mark."""
    has_marks: bool
    """Whether anything is said in its register of a school or a person: a mark, or a note. One that was taken out says
    nothing, though its row is still there."""
    has_lines: bool
    """Whether a line of the ledger says that it was spent on this meeting."""

    @property
    def may_go(self) -> bool:
        """Whether it can be cancelled: nothing rests on it."""
        return not (self.has_marks or self.has_lines)


def load_meeting_rows(
    session: Session,
    scope: Scope,
    cluster_id: int,
    *,
    year: AcademicYear | None = None,
    meeting_id: int | None = None,
) -> list[MeetingRow]:
    """The meetings of a cluster that is seen whole, in order: of a year, or the one of a number, or all."""
    member = aliased(Membership)
    # Asked two levels below the meeting, which has to be named there: else it would be any meeting.
    has_mark = (
        sa.exists()
        .where(
            SchoolMark.meeting_id == Meeting.id,
            SchoolMark.school_id == member.school_id,
            SchoolMark.mark != Mark.NOT_RECORDED,
        )
        .correlate(Meeting, member)
    )
    expected = sa.select(sa.func.count(sa.distinct(member.school_id))).where(
        is_expected(member, Meeting.cluster_id, Meeting.held_on)
    )
    has_marks = [
        sa.exists().where(table.meeting_id == Meeting.id, sa.not_(is_blank(table)))
        for table in (SchoolMark, PersonMark)
    ]
    rests = {
        "has_marks": sa.or_(*has_marks),
        "has_lines": sa.exists().where(LedgerLine.meeting_id == Meeting.id),
    }
    statement = (
        sa.select(
            Meeting.id,
            Meeting.cluster_id,
            Meeting.held_on,
            Meeting.kind,
            Meeting.title,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.in_school_time,
            Meeting.headcount,
            Meeting.note,
            expected.correlate(Meeting).scalar_subquery().label("expected"),
            expected.where(has_mark).correlate(Meeting).scalar_subquery().label("marked"),
            *(sa.case((each, sa.true()), else_=sa.false()).label(name) for name, each in rests.items()),
        )
        .where(Meeting.cluster_id == cluster_id, Meeting.cluster_id.in_(visible_clusters(scope)))
        .order_by(Meeting.held_on, Meeting.starts_at, Meeting.id)
    )
    if year is not None:
        statement = statement.where(Meeting.year == year.start)
    if meeting_id is not None:
        statement = statement.where(Meeting.id == meeting_id)
    return [MeetingRow(**row) for row in session.execute(statement).mappings()]


def load_half_terms(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> tuple[HalfTerm, ...]:
    """The half terms that hold for one cluster in a year (see `load_calendars`); none of a cluster out of reach."""
    years = cluster_years(scope, year.starts, year=year, cluster_id=cluster_id)
    return load_calendars(session, scope, years).get((cluster_id, year.start), ())


def load_periods(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> list[Period]:
    """What was entered for a cluster in a year: its own, its local authority's, everybody's, by day."""
    years = cluster_years(scope, year.starts, year=year, cluster_id=cluster_id)
    authorities = load_authorities(session, scope, years)
    rows = session.execute(
        sa.select(
            CalendarPeriod.id,
            CalendarPeriod.kind,
            CalendarPeriod.name,
            CalendarPeriod.starts,
            CalendarPeriod.ends,
            CalendarPeriod.cluster_id,
            CalendarPeriod.local_authority,
        )
        .where(
            CalendarPeriod.year == year.start,
            sa.or_(CalendarPeriod.cluster_id.is_(None), CalendarPeriod.cluster_id == cluster_id),
            sa.exists().where(years.c.cluster_id == cluster_id),
        )
        .order_by(CalendarPeriod.starts, CalendarPeriod.ends, CalendarPeriod.id)
    )
    where = {same_authority(None), authorities.get((cluster_id, year.start), same_authority(None))}
    return [
        Period(row.id, row.kind, row.name, row.starts, row.ends, own=row.cluster_id is not None)
        for row in rows
        if row.cluster_id is not None or same_authority(row.local_authority) in where
    ]


def find_period_year(session: Session, scope: Scope, cluster_id: int, period_id: int) -> AcademicYear | None:
    """The academic year of a period of the cluster's own; None where there is no such period, or it is out of reach."""
    start = session.scalar(
        sa.select(CalendarPeriod.year).where(
            CalendarPeriod.id == period_id,
            CalendarPeriod.cluster_id == cluster_id,
            CalendarPeriod.cluster_id.in_(visible_clusters(scope)),
        )
    )
    return None if start is None else AcademicYear(start)


def load_busy_days(session: Session, scope: Scope, cluster_id: int, days: Collection[date]) -> Mapping[date, int]:
    """On which of these days how many schools of a cluster have a meeting of another cluster to which they belong.

    A number and nothing more, which is why the other clusters need not be within the scope; the session has to see
    them. The cluster itself must be seen whole.
    """
    own, other = aliased(Membership), aliased(Membership)
    rows = session.execute(
        sa.select(Meeting.held_on, sa.func.count(sa.distinct(own.school_id)))
        .join(other, belongs(other, Meeting.cluster_id, Meeting.held_on))
        .join(own, covers(own, Meeting.held_on) & (own.school_id == other.school_id))
        .where(
            own.cluster_id == cluster_id,
            own.cluster_id.in_(visible_clusters(scope)),
            Meeting.cluster_id != cluster_id,
            Meeting.held_on.in_(days),
        )
        .group_by(Meeting.held_on)
    )
    return {row.held_on: row[1] for row in rows}


MOST_IN_A_FEED: Final = 3_000
"""More meetings than anybody has in a calendar; with thousands of clusters the latest of them are shown."""


@dataclass(frozen=True)
class FeedMeeting:
    """A meeting as a calendar program gets it: no note, no mark, no school and nobody's name."""

    id: int
    cluster_id: int
    cluster: str
    held_on: date
    kind: MeetingKind
    title: str | None
    starts_at: time | None
    ends_at: time | None


def load_feed(session: Session, scope: Scope, as_of: date) -> list[FeedMeeting]:
    """The meetings whose cluster a reader may see at least in totals that year: of last year, this, and to come."""
    earliest = AcademicYear.of(as_of).start - 1
    rows = session.execute(
        sa.select(
            Meeting.id,
            Meeting.cluster_id,
            Cluster.name,
            Meeting.held_on,
            Meeting.kind,
            Meeting.title,
            Meeting.starts_at,
            Meeting.ends_at,
        )
        .join(Cluster, Cluster.id == Meeting.cluster_id)
        .where(Meeting.year >= earliest, may_see_totals(scope, Meeting.cluster_id, Meeting.year))
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .limit(MOST_IN_A_FEED)
    ).all()
    return [FeedMeeting(*row) for row in reversed(rows)]
