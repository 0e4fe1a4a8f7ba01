"""Series of meetings (1.2, 1.12): which dates a rhythm proposes, and what each of them clashes with. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from dashboard.academic_year import AcademicYear
from dashboard.half_terms import HalfTerm
from dashboard.meetings.words import WEEKDAYS, ordinal
from dashboard.vocabulary import PeriodKind
from dashboard.wording import counted

MOST_WEEKS: Final = 6
"""Half terms are seldom longer."""
_SATURDAY: Final = 5


class Rhythm(StrEnum):
    """How a series goes on."""

    HALF_TERMLY = "half_termly"
    """Once in each half term, in its middle week (1.2)."""
    SAME_WEEK = "same_week"
    """In the same week of each half term (1.12)."""
    EVERY_WEEKS = "every_weeks"
    """Every so many weeks from a first day on, to the end of the year."""


@dataclass(frozen=True)
class Series:
    """What somebody wants to plan. `weekday` counts from Monday, 0."""

    rhythm: Rhythm
    weekday: int
    week: int = 3
    every: int = 2
    first: date | None = None
    """From when on every so many weeks are counted; the year's first day unless said."""


@dataclass(frozen=True)
class Proposal:
    """One place of a series, and the day that falls on it; where none does, why."""

    place: str
    day: date | None
    missing: str = ""


@dataclass(frozen=True)
class Period:
    """A stretch of the calendar that somebody entered."""

    id: int
    kind: PeriodKind
    name: str
    starts: date
    ends: date
    own: bool
    """The cluster's own, else one of its local authority or of everybody."""

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.starts <= day <= self.ends


@dataclass(frozen=True)
class Known:
    """What is known of a cluster's year, for a look at one day of it."""

    half_terms: Sequence[HalfTerm]
    public_holidays: Mapping[date, str] = field(default_factory=dict)
    periods: Sequence[Period] = ()
    own: Mapping[date, Sequence[str]] = field(default_factory=dict)
    """Day → what this cluster meets for already, in words."""
    busy: Mapping[date, int] = field(default_factory=dict)
    """Day → how many of its schools have a meeting of another cluster."""
    today: date = date.min


def propose(series: Series, year: AcademicYear, half_terms: Sequence[HalfTerm]) -> list[Proposal]:
    """The dates of a series in a year, in order."""
    if series.rhythm is Rhythm.EVERY_WEEKS:
        return _every_so_many_weeks(series, year)
    return [_within(each, series) for each in half_terms]


def clashes(day: date, known: Known) -> list[str]:
    """What speaks against a meeting on a day, each in words; nothing for a day that is free."""
    found = []
    if day < known.today:
        found.append("already past")
    if day.weekday() >= _SATURDAY:
        found.append(f"a {WEEKDAYS[day.weekday()]}")
    if day in known.public_holidays:
        found.append(f"public holiday: {known.public_holidays[day]}")
    off = [each for each in known.periods if each.kind is PeriodKind.HOLIDAY and day in each]
    found += [f"in a holiday: {each.name}" for each in off]
    if not off and not any(day in each for each in known.half_terms):
        found.append("outside every half term")
    found += [f"INSET day: {each.name}" for each in known.periods if each.kind is PeriodKind.INSET and day in each]
    found += [f"this cluster meets that day: {each}" for each in known.own.get(day, ())]
    busy = known.busy.get(day, 0)
    if busy:
        found.append(f"{counted(busy, 'school has', 'schools have')} a meeting of another cluster")
    return found


def _within(half_term: HalfTerm, series: Series) -> Proposal:
    weeks = half_term.weeks()
    number = series.week if series.rhythm is Rhythm.SAME_WEEK else (len(weeks) + 1) // 2
    place = f"{half_term.name}, {ordinal(number)} week of {len(weeks)}"
    if number > len(weeks):
        return Proposal(half_term.name, None, f"It has no {ordinal(number)} week: it lasts {len(weeks)}.")
    day = weeks[number - 1] + timedelta(days=series.weekday)
    if day not in half_term:
        return Proposal(place, None, f"The {WEEKDAYS[series.weekday]} of that week is not in it.")
    return Proposal(place, day)


def _every_so_many_weeks(series: Series, year: AcademicYear) -> list[Proposal]:
    first = max(series.first or year.starts, year.starts)
    if first > year.ends:
        return []  # and not counted on from: after the last day that a date can hold there is none
    day = first + timedelta(days=(series.weekday - first.weekday()) % 7)
    found: list[Proposal] = []
    while day <= year.ends:
        found.append(Proposal(f"meeting {len(found) + 1}", day))
        day += timedelta(weeks=series.every)
    return found
