"""When a school's attendance asks for a look, and the sentence that says why. Pure: frames in, flags out."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

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


def flag_schools(attendance: pd.DataFrame, rules: RuleSet, called: str | None = None) -> list[Flag]:
    """The flags of every school of one cluster, in the order of the rows."""
    return [flag for school in attendance.itertuples() for flag in flag_school(school, rules, called)]
