"""Who came: marks and attendance, as frames.

The rules are the contract's. A mark counts only on a day on which the school was expected: a member, and neither on
sabbatical nor closed (3.5, 3.6). A past meeting without a mark is "not recorded" and stays out of every rate;
`expected` = present + substitute + apologies + absent.
"""

import math
from datetime import date
from fractions import Fraction
from typing import Any, Final

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear, Term
from dashboard.access import Scope, may_see, may_see_totals, open_to, visible_clusters, was_member
from dashboard.directory.expected import belongs, is_away, is_expected, lasts
from dashboard.directory.queries import members_in
from dashboard.frames import Rows, alphabetical, count_where, read_frame
from dashboard.models import (
    NAMELESS,
    Appointment,
    Cluster,
    Cohort,
    LifecycleEvent,
    Meeting,
    Membership,
    Person,
    PersonMark,
    Programme,
    School,
    SchoolMark,
)
from dashboard.spread import middle, middle_half
from dashboard.vocabulary import ATTENDED_MARKS, EXPECTED_MARKS, EventKind, Mark, MeetingKind


def load_marks(
    session: Session, scope: Scope, years: sa.CTE, as_of: date, school_id: int | None = None
) -> pd.DataFrame:
    """One row for each school and past meeting of the chosen cluster-years.

    Columns: school_id, school (slug), name, meeting_id, held_on, kind, in_school_time (None where nobody said), mark (a
    `Mark`), away (the `EventKind` for which the school was not expected, else None; of a school seen by an open book
    alone it is not told), illustrative (bool).
    A school outside its membership on the day, or away, is "not_expected"; without a mark "not_recorded".
    """
    members = members_in(years).subquery("members")
    is_member = sa.exists().where(
        belongs(Membership, Meeting.cluster_id, Meeting.held_on), Membership.school_id == members.c.school_id
    )
    away = (
        sa.select(sa.func.min(LifecycleEvent.kind))
        .where(_is_away(members.c.school_id), may_see(scope, LifecycleEvent.cluster_id, LifecycleEvent.school_id))
        .scalar_subquery()
    )
    mark = sa.case(
        (~is_member, Mark.NOT_EXPECTED.value),
        (sa.exists().where(_is_away(members.c.school_id)), Mark.NOT_EXPECTED.value),
        (SchoolMark.mark.is_(None), Mark.NOT_RECORDED.value),
        else_=sa.cast(SchoolMark.mark, sa.String),
    )
    statement = (
        sa.select(
            School.id.label("school_id"),
            School.slug.label("school"),
            School.name.label("name"),
            Meeting.id.label("meeting_id"),
            Meeting.held_on,
            Meeting.kind,
            Meeting.in_school_time,
            mark.label("mark"),
            sa.case((is_member, away)).label("away"),
            sa.func.coalesce(SchoolMark.illustrative, Meeting.illustrative).label("illustrative"),
        )
        .select_from(years)
        .join(Meeting, _in_year(years, as_of))
        .join(members, members.c.cluster_id == Meeting.cluster_id)
        .join(School, School.id == members.c.school_id)
        .outerjoin(SchoolMark, (SchoolMark.meeting_id == Meeting.id) & (SchoolMark.school_id == School.id))
        .where(_by_name(scope, Meeting.cluster_id, School.id, Meeting.year, as_of))
        .order_by(alphabetical(School.name), School.id, Meeting.held_on, Meeting.id)
    )
    if school_id is not None:
        statement = statement.where(School.id == school_id)
    frame = read_frame(session, statement)
    frame["mark"] = frame["mark"].map(Mark)
    away_as = [EventKind(each) if each else None for each in frame["away"]]
    frame["away"] = pd.Series(away_as, dtype=object, index=frame.index)
    return frame


def load_meetings(session: Session, scope: Scope, years: sa.CTE, as_of: date) -> pd.DataFrame:
    """The past meetings of the chosen cluster-years: cluster_id, meeting_id, held_on, kind, in_school_time."""
    return read_frame(
        session,
        sa.select(
            Meeting.cluster_id, Meeting.id.label("meeting_id"), Meeting.held_on, Meeting.kind, Meeting.in_school_time
        )
        .select_from(years)
        .join(Meeting, _in_year(years, as_of))
        .where(may_see_totals(scope, Meeting.cluster_id, Meeting.year))
        .order_by(Meeting.held_on, Meeting.id),
    )


def load_sizes(session: Session, scope: Scope, years: sa.CTE, as_of: date) -> pd.DataFrame:
    """How large each cluster of the chosen cluster-years is and how often it met as a whole, one row for each.

    Columns: cluster_id, year, schools (members on any day of the year), held (cluster meetings up to `as_of`), planned
    (those after it), in_school (held in released school time), after_school (held outside it; of the rest nobody said).
    """
    members = sa.select(sa.func.count(sa.distinct(Membership.school_id))).where(
        was_member(Membership, years.c.cluster_id, years.c.year)
    )
    past = Meeting.held_on <= as_of
    counts = {
        "held": past,
        "planned": Meeting.held_on > as_of,
        "in_school": past & Meeting.in_school_time.is_(True),
        "after_school": past & Meeting.in_school_time.is_(False),
    }
    meetings = (
        sa.select(Meeting.cluster_id, *(count_where(when).label(name) for name, when in counts.items()))
        .select_from(years)
        .join(Meeting, (Meeting.cluster_id == years.c.cluster_id) & (Meeting.year == years.c.year))
        .where(Meeting.kind == MeetingKind.CLUSTER)
        .group_by(Meeting.cluster_id)
        .subquery("meetings")
    )
    return read_frame(
        session,
        sa.select(
            years.c.cluster_id,
            years.c.year,
            members.scalar_subquery().label("schools"),
            *(sa.func.coalesce(meetings.c[name], 0).label(name) for name in counts),
        )
        .select_from(years)
        .outerjoin(meetings, meetings.c.cluster_id == years.c.cluster_id)
        .where(may_see_totals(scope, years.c.cluster_id, years.c.year))
        .order_by(years.c.cluster_id),
    )


FEWEST_UNNAMED: Final = 2
"""Of fewer schools that a reader does not see by name there is no total: less what is seen, it would be the mark of the
one that is left (R.4)."""


def load_turnout(session: Session, scope: Scope, years: sa.CTE, as_of: date) -> pd.DataFrame:
    """How many schools came to each past meeting of the chosen cluster-years, without naming one.

    Columns: cluster_id, meeting_id, held_on, kind, attended, expected, not_recorded, illustrative (marks that are made
    up), marks. Not the meetings at which, of the schools that a reader does not see by name, one alone was expected, or
    one alone is not recorded and none was expected.
    """
    marks = _member_marks(years, as_of).subquery("member_marks")
    mark = marks.c.mark
    by_name = _by_name(scope, marks.c.cluster_id, marks.c.school_id, marks.c.year, as_of)
    not_recorded = sa.or_(mark.is_(None), mark == Mark.NOT_RECORDED)
    unnamed, unnamed_marks = (
        sa.func.count(sa.distinct(sa.case((sa.and_(sa.not_(by_name), told_of), marks.c.school_id))))
        for told_of in (sa.or_(mark.in_(EXPECTED_MARKS), not_recorded), mark.in_(EXPECTED_MARKS))
    )
    return read_frame(
        session,
        sa.select(
            marks.c.cluster_id,
            marks.c.meeting_id,
            marks.c.held_on,
            marks.c.kind,
            count_where(mark.in_(ATTENDED_MARKS)).label("attended"),
            count_where(mark.in_(EXPECTED_MARKS)).label("expected"),
            count_where(not_recorded).label("not_recorded"),
            count_where(marks.c.illustrative).label("illustrative"),
            sa.func.count(mark).label("marks"),
        )
        .where(may_see_totals(scope, marks.c.cluster_id, marks.c.year))
        .group_by(marks.c.cluster_id, marks.c.year, marks.c.meeting_id, marks.c.held_on, marks.c.kind)
        .having(*(sa.or_(schools == 0, schools >= FEWEST_UNNAMED) for schools in (unnamed, unnamed_marks)))
        .order_by(marks.c.held_on, marks.c.meeting_id),
    )


def load_turnout_by_term(session: Session, scope: Scope, years: sa.CTE, as_of: date) -> pd.DataFrame:
    """The same for each term in which a meeting with a mark was held, the oldest first.

    Columns: cluster_id, year, term (a `Term`), meetings, attended, expected, not_recorded, illustrative, marks.
    """
    turnout = load_turnout(session, scope, years, as_of)
    told = turnout[turnout["expected"] > 0]
    told = told.assign(
        year=[AcademicYear.of(day).start for day in told["held_on"]],
        term=[Term.of(day) for day in told["held_on"]],
        meetings=1,
    )
    counts = ["meetings", "attended", "expected", "not_recorded", "illustrative", "marks"]
    return told.groupby(["cluster_id", "year", "term"], sort=False, as_index=False)[counts].sum()


def load_attendance_by_school(
    session: Session, scope: Scope, years: sa.CTE, as_of: date, school_id: int | None = None
) -> pd.DataFrame:
    """One row for each member school of the chosen cluster-years.

    Columns: cluster_id, school_id, school (slug), name, present, substitute, apologies, absent, not_recorded,
    expected, attended, rate (None when nothing was expected), last_attended (date or None), missed_in_a_row (expected
    meetings missed since the last one attended), illustrative (marks that are made up), marks (all marks counted).
    """
    counted = _counted(years, as_of).subquery("counted")
    members = members_in(years).subquery("members")
    statement = (
        sa.select(
            members.c.cluster_id,
            School.id.label("school_id"),
            School.slug.label("school"),
            School.name.label("name"),
            *(sa.func.coalesce(counted.c[name], 0).label(name) for name in _COUNTS),
            counted.c.last_attended,
        )
        .select_from(members)
        .join(School, School.id == members.c.school_id)
        .outerjoin(
            counted, (counted.c.cluster_id == members.c.cluster_id) & (counted.c.school_id == members.c.school_id)
        )
        .where(_by_name(scope, members.c.cluster_id, School.id, members.c.year, as_of))
        .order_by(alphabetical(School.name), School.id)
    )
    if school_id is not None:
        statement = statement.where(School.id == school_id)
    frame = read_frame(session, statement)
    rates = [
        attended / expected if expected else None
        for attended, expected in zip(frame["attended"], frame["expected"], strict=True)
    ]
    frame["rate"] = pd.Series(rates, dtype=object)  # as numbers, pandas would make NaN of None
    return frame


def load_comers(
    session: Session, scope: Scope, years: sa.CTE, as_of: date, school_id: int | None = None
) -> pd.DataFrame:
    """Who came for each school to the past meetings at which it was expected, by role and never by name (3.13, 3.14).

    Columns: cluster_id, school_id, role (a `PersonRole` that the colleague held at the school on the day, else None),
    usual (meetings to which somebody of the role came as the usual person), substitute (those to which somebody of the
    role came for somebody else), people (different ones; of those whose names were taken out nobody knows). Whoever
    holds two roles counts in both (0.9); in a handover or a job-share either is the usual person (0.12, 0.13).
    """
    held_role = sa.and_(
        Appointment.person_id == PersonMark.person_id,
        Appointment.school_id == PersonMark.school_id,
        sa.or_(Appointment.cluster_id == Meeting.cluster_id, Appointment.cluster_id.is_(None)),
        lasts(Appointment.starts, Appointment.ends, Meeting.held_on),
    )
    known = sa.case((Person.purpose.is_distinct_from(NAMELESS), Person.id))
    statement = (
        sa.select(
            Meeting.cluster_id,
            PersonMark.school_id,
            Appointment.role,
            sa.func.count(sa.distinct(sa.case((PersonMark.mark == Mark.PRESENT, Meeting.id)))).label("usual"),
            sa.func.count(sa.distinct(sa.case((PersonMark.mark == Mark.SUBSTITUTE, Meeting.id)))).label("substitute"),
            sa.func.count(sa.distinct(known)).label("people"),
        )
        .select_from(years)
        .join(Meeting, _in_year(years, as_of))
        .join(Membership, expected_at(Membership))
        .join(PersonMark, (PersonMark.meeting_id == Meeting.id) & (PersonMark.school_id == Membership.school_id))
        .join(Person, Person.id == PersonMark.person_id)
        .outerjoin(Appointment, held_role)
        .where(PersonMark.mark.in_(ATTENDED_MARKS), may_see(scope, Meeting.cluster_id, PersonMark.school_id))
        .group_by(Meeting.cluster_id, PersonMark.school_id, Appointment.role)
        .order_by(Meeting.cluster_id, PersonMark.school_id, sa.cast(Appointment.role, sa.String))
    )
    if school_id is not None:
        statement = statement.where(PersonMark.school_id == school_id)
    return read_frame(session, statement)


def load_rates_by_programme_year(session: Session, scope: Scope, as_of: date, *, each: bool = False) -> pd.DataFrame:
    """How often schools came in the first, second … year of their cluster's programme (3.15), for each cohort (3.16).

    Columns: cohort (its name, else None), programme (its name where there is a cohort), started (of clusters without
    a cohort: the academic year in which they began, else None), programme_year (1 for the academic year in which the
    cluster began; None for clusters of which nobody knows), clusters, attended, expected, illustrative (marks that are
    made up), marks. Of the clusters that are seen whole, in one statement over all their years; years before a
    cluster's start are left out. With `each` a row for each cluster, with its `name` and `cluster` (slug), besides.
    """
    named = (Cluster.id.label("cluster_id"), Cluster.name.label("name"), Cluster.slug.label("cluster")) if each else ()
    began = sa.cast(sa.extract("year", Cluster.starts), sa.Integer) - sa.case(
        (sa.extract("month", Cluster.starts) >= 9, 0), else_=1
    )
    nth = Meeting.year - began + 1
    started = sa.case((Cluster.cohort_id.is_(None), began))
    expected = SchoolMark.mark.in_(EXPECTED_MARKS)
    return read_frame(
        session,
        sa.select(
            Cohort.name.label("cohort"),
            Programme.name.label("programme"),
            started.label("started"),
            nth.label("programme_year"),
            sa.func.count(sa.distinct(Cluster.id)).label("clusters"),
            count_where(SchoolMark.mark.in_(ATTENDED_MARKS)).label("attended"),
            count_where(expected).label("expected"),
            count_where(sa.and_(SchoolMark.illustrative, expected)).label("illustrative"),
            count_where(expected).label("marks"),
            *named,
        )
        .select_from(Cluster)
        .outerjoin(Cohort, Cohort.id == Cluster.cohort_id)
        .outerjoin(Programme, Programme.id == Cohort.programme_id)
        .join(Meeting, Meeting.cluster_id == Cluster.id)
        .join(SchoolMark, SchoolMark.meeting_id == Meeting.id)
        .join(Membership, sa.and_(Membership.school_id == SchoolMark.school_id, expected_at(Membership)))
        .where(
            Cluster.id.in_(visible_clusters(scope)),
            Meeting.held_on <= as_of,
            expected,
            sa.or_(Cluster.starts.is_(None), nth >= 1),
        )
        .group_by(Cohort.id, Cohort.name, Programme.name, started, nth, *named)
        .order_by(
            alphabetical(Cohort.name),
            alphabetical(Programme.name),
            started,
            *((alphabetical(Cluster.name), Cluster.id) if each else ()),
            nth,
        ),
    )


FEWEST_OTHERS: Final = 5
FEWEST_MEETINGS: Final = 3
"""To a reader of one school nothing is told of how the others did unless so many schools that they do not see by name
stand behind it, each with so many meetings that count: of fewer it could be worked out which school it is (R.4)."""
STEPS: Final = 5
"""And then in fifths, about one meeting of a year (4.18): 67 % would tell that it is the school that was expected three
times."""


def load_others(
    session: Session, scope: Scope, years: sa.CTE, as_of: date, school_id: int | None = None
) -> pd.DataFrame:
    """How often the other schools of a cluster came in its year: one row for each cluster of which it may be told.

    Columns: cluster_id, others (schools behind it), lower and upper (of the middle half), median, lowest, highest:
    shares 0–1. "Others" are all but `school_id`. Who sees the cluster whole is told exact figures of every school with
    a mark. Anybody else is told nothing of fewer than `FEWEST_OTHERS`, never the lowest or highest (None), and the rest
    in whole fifths: the lower bound down, the upper up, the median to the nearest.
    """
    counted = _counted(years, as_of).subquery("counted")
    whole = sa.case((counted.c.cluster_id.in_(visible_clusters(scope)), sa.true()), else_=sa.false())
    enough = sa.and_(counted.c.expected > 0, sa.or_(whole, counted.c.expected >= FEWEST_MEETINGS))
    unnamed = sa.not_(_by_name(scope, counted.c.cluster_id, counted.c.school_id, years.c.year, as_of))
    rows = (
        sa.select(
            counted.c.cluster_id,
            counted.c.attended,
            counted.c.expected,
            whole.label("whole"),
            sa.func.sum(sa.case((unnamed, 1), else_=0)).over(partition_by=counted.c.cluster_id).label("unnamed"),
        )
        .select_from(years)
        .join(counted, counted.c.cluster_id == years.c.cluster_id)
        .where(may_see_totals(scope, years.c.cluster_id, years.c.year), enough)
    )
    if school_id is not None:
        rows = rows.where(counted.c.school_id != school_id)
    each = rows.subquery("others")
    told = read_frame(
        session,
        sa.select(each.c.cluster_id, each.c.attended, each.c.expected, each.c.whole)
        .where(sa.or_(each.c.whole, each.c.unnamed >= FEWEST_OTHERS))
        .order_by(each.c.cluster_id),
    )
    return pd.DataFrame(
        [_spread(cluster_id, rows) for cluster_id, rows in told.groupby("cluster_id")],
        columns=["cluster_id", "others", "lower", "median", "upper", "lowest", "highest"],
        dtype=object,
    )


def _spread(cluster_id: int, schools: pd.DataFrame) -> tuple[int | float | None, ...]:
    pairs = zip(schools["attended"], schools["expected"], strict=True)
    rates = sorted(Fraction(attended, expected) for attended, expected in pairs)
    (lower, upper), median = middle_half(rates), middle(rates)
    if schools["whole"].all():
        return cluster_id, len(rates), *map(float, (lower, median, upper, rates[0], rates[-1]))
    rounded = math.floor(lower * STEPS), math.floor(median * STEPS + Fraction(1, 2)), math.ceil(upper * STEPS)
    return cluster_id, len(rates), *(each / STEPS for each in rounded), None, None


_COUNTS = (
    "present", "substitute", "apologies", "absent", "expected", "attended", "not_recorded", "illustrative", "marks",
    "missed_in_a_row",
)  # fmt: skip


def _counted(years: sa.CTE, as_of: date) -> Rows:
    """Counts for each school that was expected on the day of at least one past meeting."""
    marks = _member_marks(years, as_of).subquery("member_marks")
    mark = marks.c.mark
    expected = count_where(mark.in_(EXPECTED_MARKS))
    last_attended_turn = sa.func.coalesce(sa.func.max(sa.case((mark.in_(ATTENDED_MARKS), marks.c.turn))), 0)
    return sa.select(
        marks.c.cluster_id,
        marks.c.school_id,
        *(
            count_where(mark == each).label(each.value)
            for each in (Mark.PRESENT, Mark.SUBSTITUTE, Mark.APOLOGIES, Mark.ABSENT)
        ),
        count_where(sa.or_(mark.is_(None), mark == Mark.NOT_RECORDED)).label("not_recorded"),
        expected.label("expected"),
        count_where(mark.in_(ATTENDED_MARKS)).label("attended"),
        (expected - last_attended_turn).label("missed_in_a_row"),
        count_where(marks.c.illustrative).label("illustrative"),
        sa.func.count(mark).label("marks"),
        sa.func.max(sa.case((mark.in_(ATTENDED_MARKS), marks.c.held_on))).label("last_attended"),
    ).group_by(marks.c.cluster_id, marks.c.school_id)


def _member_marks(years: sa.CTE, as_of: date) -> Rows:
    """Each past meeting for each school that was expected that day, with its mark if there is one.

    `turn` numbers the meetings at which the school was expected, 1 for the first of the year.
    """
    is_expected = sa.case((SchoolMark.mark.in_(EXPECTED_MARKS), 1), else_=0)
    turn = sa.func.sum(is_expected).over(
        partition_by=(Meeting.cluster_id, Membership.school_id), order_by=(Meeting.held_on, Meeting.id)
    )
    return (
        sa.select(
            Meeting.cluster_id,
            Membership.school_id,
            Meeting.id.label("meeting_id"),
            Meeting.held_on,
            Meeting.kind,
            Meeting.year,
            SchoolMark.mark,
            SchoolMark.illustrative,
            sa.cast(turn, sa.Integer).label("turn"),
        )
        .select_from(years)
        .join(Meeting, _in_year(years, as_of))
        .join(Membership, expected_at(Membership))
        .outerjoin(SchoolMark, (SchoolMark.meeting_id == Meeting.id) & (SchoolMark.school_id == Membership.school_id))
    )


def _by_name(
    scope: Scope,
    cluster_id: sa.SQLColumnExpression[int],
    school_id: sa.SQLColumnExpression[int],
    year: sa.SQLColumnExpression[int],
    as_of: date,
) -> sa.ColumnElement[bool]:
    """Rows that name a school: it is the reader's to see, or lays its book open to the reader's school."""
    return sa.or_(may_see(scope, cluster_id, school_id), open_to(scope, cluster_id, school_id, year, as_of))


def _in_year(years: sa.CTE, as_of: date) -> sa.ColumnElement[bool]:
    return sa.and_(Meeting.cluster_id == years.c.cluster_id, Meeting.year == years.c.year, Meeting.held_on <= as_of)


def expected_at(member: type[Membership]) -> sa.ColumnElement[bool]:
    """Whether the school of a membership was expected at a meeting."""
    return is_expected(member, Meeting.cluster_id, Meeting.held_on)


def _is_away(school_id: Any) -> sa.ColumnElement[bool]:
    """An event for which a school was expected at no meeting of the cluster on the day."""
    return sa.and_(is_away(Meeting.cluster_id, Meeting.held_on), LifecycleEvent.school_id == school_id)
