"""The half terms of an academic year: six stretches between which schools are closed. Pure: no store, no clock.

Where somebody has entered them they are those; else the usual course of an English school year is assumed, from the
public holidays of England: it is an assumption, and whoever shows it says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

import holidays
from dateutil.easter import easter

from dashboard.academic_year import AcademicYear

NAMES: Final = (
    "first half of autumn", "second half of autumn", "first half of spring", "second half of spring",
    "first half of summer", "second half of summer",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class HalfTerm:
    """One half term, first and last day included."""

    starts: date
    ends: date
    name: str
    assumed: bool = False
    """Nobody has entered it: the usual course of the year was taken."""

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.starts <= day <= self.ends

    def weeks(self) -> Sequence[date]:
        """The Mondays of its weeks; the first is that of the week in which it begins."""
        monday = self.starts - timedelta(days=self.starts.weekday())
        return [monday + timedelta(weeks=n) for n in range((self.ends - monday).days // 7 + 1)]


def half_terms_of(year: AcademicYear, entered: Iterable[tuple[str, date, date]] = ()) -> tuple[HalfTerm, ...]:
    """The half terms of a year, the first one first. `entered` are name, first and last day of those on record."""
    known = sorted(HalfTerm(starts, ends, name) for name, starts, ends in entered)
    return tuple(known) or _usual(year)


@cache
def _usual(year: AcademicYear) -> tuple[HalfTerm, ...]:
    """Six half terms: a week off at the end of October, in mid-February and at the end of May, two at Christmas and
    two that begin with Good Friday.
    """
    spring = year.start + 1
    good_friday = easter(spring) - timedelta(days=2)  # not of the table of holidays, which ends with this century
    late_may = next(day for day in _days(date(spring, 5, 25), date(spring, 5, 31)) if day.weekday() == 0)
    autumn_half = next(day for day in _days(date(year.start, 10, 24), date(year.start, 10, 31)) if day.weekday() == 0)
    winter_half = next(day for day in _days(date(spring, 2, 12), date(spring, 2, 19)) if day.weekday() == 0)
    back = next(day for day in _days(date(spring, 1, 2), date(spring, 1, 9)) if day.weekday() == 0)
    edges = (
        (year.starts, autumn_half - timedelta(days=3)),
        (autumn_half + timedelta(weeks=1), back - timedelta(days=17)),
        (back, winter_half - timedelta(days=3)),
        (winter_half + timedelta(weeks=1), good_friday - timedelta(days=1)),
        (good_friday + timedelta(days=17), late_may - timedelta(days=3)),
        (late_may + timedelta(weeks=1), _friday(date(spring, 7, 24))),
    )
    return tuple(HalfTerm(starts, ends, name, assumed=True) for (starts, ends), name in zip(edges, NAMES, strict=True))


def england(*years: int) -> dict[date, str]:
    """The public holidays of England in calendar years: day → name."""
    return dict(holidays.country_holidays("GB", subdiv="ENG", years=years))


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _friday(day: date) -> date:
    """The Friday on or before a day."""
    return day - timedelta(days=(day.weekday() - 4) % 7)
