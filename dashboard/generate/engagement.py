"""Meetings of one cluster in one year, with the marks of those that were held."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from dashboard.academic_year import AcademicYear
from dashboard.generate.places import GeneratedCluster, MemberSchool
from dashboard.generate.plan import Span
from dashboard.generate.rows import Rows
from dashboard.models import Meeting, SchoolMark
from dashboard.vocabulary import ATTENDED_MARKS, Mark, MeetingKind

_DAYS_INTO_THE_YEAR = (28, 76, 138, 185, 278)
"""When the five meetings of a cluster fall, from 1 September, give or take the fortnight that follows."""
_STEERING_DAYS_INTO_THE_YEAR = 166
_STEERING_SHARE = 0.3
_STEERING_SCHOOLS = 3
_REGISTER_LOST = 0.02
_MARK_MISSING = 0.03
_DRIFT = 0.7


@dataclass(frozen=True)
class HeldMeeting:
    """A cluster meeting that took place, and the schools that were represented."""

    id: int
    day: date
    came: frozenset[int]


def add_meetings(
    rows: Rows, rng: Random, cluster: GeneratedCluster, year: AcademicYear, span: Span
) -> list[HeldMeeting]:
    """A year's meetings; those after today are planned and have no marks. Gives the cluster meetings that were held."""
    held = []
    for offset in _DAYS_INTO_THE_YEAR:
        day = _school_day(rng, year, offset)
        meeting_id = _add_meeting(rows, rng, cluster, day, MeetingKind.CLUSTER)
        if day <= span.today:
            held.append(HeldMeeting(meeting_id, day, _add_marks(rows, rng, cluster, year, span, meeting_id, day)))
    if rng.random() < _STEERING_SHARE:
        _add_steering_group(rows, rng, cluster, _school_day(rng, year, _STEERING_DAYS_INTO_THE_YEAR), span)
    return held


def _school_day(rng: Random, year: AcademicYear, offset: int) -> date:
    day = year.starts + timedelta(days=offset + rng.randint(0, 11))
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day


def _add_meeting(rows: Rows, rng: Random, cluster: GeneratedCluster, day: date, kind: MeetingKind) -> int:
    return rows.add(
        Meeting,
        cluster_id=cluster.id,
        held_on=day,
        year=AcademicYear.of(day).start,
        kind=kind,
        title=None,
        starts_at=None,
        ends_at=None,
        in_school_time=rng.choice((True, True, False, None)),
        headcount=None,
        note=None,
    )


def _add_marks(
    rows: Rows,
    rng: Random,
    cluster: GeneratedCluster,
    year: AcademicYear,
    span: Span,
    meeting_id: int,
    day: date,
) -> frozenset[int]:
    if rng.random() < _REGISTER_LOST:
        return frozenset()
    came = set()
    for school in cluster.schools:
        if not school.belongs(day) or rng.random() < _MARK_MISSING:
            continue
        mark = _mark(rng, school, span.age(year))
        rows.add(SchoolMark, meeting_id=meeting_id, school_id=school.id, mark=mark, note=None)
        if mark in ATTENDED_MARKS:
            came.add(school.id)
    return frozenset(came)


def _mark(rng: Random, school: MemberSchool, age: float) -> Mark:
    chance = rng.random()
    comes = school.reliable - (_DRIFT * age if school.drifts else 0.0)
    if chance < comes:
        return Mark.SUBSTITUTE if rng.random() < 0.08 else Mark.PRESENT
    return Mark.APOLOGIES if rng.random() < 0.55 else Mark.ABSENT


def _add_steering_group(rows: Rows, rng: Random, cluster: GeneratedCluster, day: date, span: Span) -> None:
    """A meeting of the first few schools; it was not for the others, and their marks say so."""
    meeting_id = _add_meeting(rows, rng, cluster, day, MeetingKind.STEERING_GROUP)
    if day > span.today:
        return
    for number, school in enumerate(cluster.schools):
        if school.belongs(day):
            mark = Mark.PRESENT if number < _STEERING_SCHOOLS else Mark.NOT_EXPECTED
            rows.add(SchoolMark, meeting_id=meeting_id, school_id=school.id, mark=mark, note=None)
