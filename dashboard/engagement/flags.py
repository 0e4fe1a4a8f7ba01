"""When a school's attendance asks for a look, and the sentence that says why. Pure: frames in, flags out."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from dashboard.academic_year import AcademicYear
from dashboard.flags import Flag
from dashboard.rules import RuleSet
from dashboard.vocabulary import Severity
from dashboard.wording import counted


def flag_school(school: Any, rules: RuleSet, called: str | None = None) -> Iterator[Flag]:
    """The flags of one row of `load_attendance_by_school`, the most pressing first.

    low_attendance (3.11): attended at most so many of at least so many expected meetings. no_recent_attendance: missed
    the last so many expected meetings. not_recorded: a past meeting has no mark, which is not an absence. `called` is
    what the sentence calls the school; its name unless told otherwise.
    """
    name = called or school.name
    at_most, of_at_least = rules.count("low_attendance_at_most"), rules.count("low_attendance_of_at_least")
    missed = rules.count("no_recent_attendance_missed")
    if (
        at_most is not None
        and of_at_least is not None
        and school.expected >= of_at_least
        and school.attended <= at_most
    ):
        yield Flag(
            "low_attendance",
            Severity.ACT,
            f"{name} came to {school.attended} of {school.expected} meetings",
            school.school,
        )
    if missed and school.missed_in_a_row >= missed:
        yield Flag(
            "no_recent_attendance",
            Severity.LOOK,
            f"{name} missed the last {counted(school.missed_in_a_row, 'meeting')} at which it was expected",
            school.school,
        )
    if school.not_recorded:
        yield Flag(
            "not_recorded",
            Severity.INFO,
            f"{name} has no mark for {counted(school.not_recorded, 'past meeting')}",
            school.school,
        )


def flag_cluster(cluster: str, name: str, year: AcademicYear, as_of: date, rules: RuleSet, size: Any) -> Iterator[Flag]:
    """The flags of one cluster, named by slug and name, in a year. `size` is its row of `load_sizes`.

    too_few_meetings (4.18): fewer are recorded than the programme asks for. A look while the year can still reach
    them and they lag behind an even course; action when it no longer can. cluster_size (4.1): fewer or more schools
    than have lasted.
    """
    yield from _too_few_meetings(cluster, name, year, as_of, rules, size)
    least, most = rules.count("cluster_size_min"), rules.count("cluster_size_max")
    if size.schools and least is not None and most is not None and not least <= size.schools <= most:
        yield Flag(
            "cluster_size",
            Severity.LOOK,
            f"{name} has {counted(size.schools, 'school')} on record; groups of {least} to {most} have lasted best",
            cluster,
        )


def _too_few_meetings(
    cluster: str, name: str, year: AcademicYear, as_of: date, rules: RuleSet, size: Any
) -> Iterator[Flag]:
    least = rules.count("meetings_minimum")
    if least is None or size.held >= least:
        return
    told = f"{name} has {counted(size.held, 'cluster meeting')} recorded in {year}; at least {least} were agreed"
    if least - size.held > weeks_left(year, as_of):
        yield Flag("too_few_meetings", Severity.ACT, f"{told}, and the year can no longer reach them", cluster)
    elif size.held < least * _gone(year, as_of):
        to_come = f" ({counted(size.planned, 'is', 'are')} planned)" if size.planned else ""
        yield Flag("too_few_meetings", Severity.LOOK, f"{told}, and the year can still reach them{to_come}", cluster)


def _last_day(year: AcademicYear) -> date:
    """The last day on which schools meet: in August nobody does."""
    return date(year.start + 1, 7, 31)


def weeks_left(year: AcademicYear, as_of: date) -> int:
    """Whole weeks in which a cluster can still meet, once in each."""
    return max((_last_day(year) - max(as_of, year.starts)).days, 0) // 7


def _gone(year: AcademicYear, as_of: date) -> float:
    """The share of the time for meetings that is over, 0–1."""
    whole, over = (_last_day(year) - year.starts).days, (as_of - year.starts).days
    return min(max(over / whole, 0), 1)


def flag_schools(attendance: pd.DataFrame, rules: RuleSet, called: str | None = None) -> list[Flag]:
    """The flags of every school of one cluster, in the order of the rows."""
    return [flag for school in attendance.itertuples() for flag in flag_school(school, rules, called)]
