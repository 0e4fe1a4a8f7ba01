"""How a year's money went, and where it is heading: its own pace over the school weeks left. Pure: no store, no clock.

How it is made. A school week counts as gone when its Friday is over. The pace is what was spent so far, by the days of
the lines, divided by the weeks gone; over the weeks left it gives the forecast. The range runs from the pace of the
slowest half term so far to that of the fastest; what is spent in a holiday counts for the half term before it. Nothing
is forecast below what is spent and committed already. Where too little is known there is no forecast, and a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Final

from dashboard.academic_year import AcademicYear
from dashboard.half_terms import HalfTerm

FEWEST_WEEKS: Final = 3
"""A half term tells a pace when so many of its weeks are gone."""
FEWEST_HALF_TERMS: Final = 2
"""Of one alone there is no range."""


class Silence(StrEnum):
    """Why nothing is forecast."""

    OVER = "over"
    EARLY = "early"
    """Too few weeks of the year are gone."""
    NO_WEEKS_LEFT = "no_weeks_left"
    UNDATED = "undated"
    """More is spent without a day than with one."""
    NOTHING_SPENT = "nothing_spent"


@dataclass(frozen=True)
class Spending:
    """What one year's money has done up to a day, in pence."""

    by_day: Mapping[date, int]
    """Spent, by the days of the lines, those after the day left out."""
    undated: int = 0
    """Spent, of which nobody knows the day."""
    later: int = 0
    """Spent according to lines that are dated after the day."""
    committed: int = 0

    @property
    def so_far(self) -> int:
        """What is spent with a day or without one."""
        return sum(self.by_day.values()) + self.undated

    @property
    def bound(self) -> int:
        """What is spent and committed: the year cannot end below it."""
        return self.so_far + self.later + self.committed


@dataclass(frozen=True)
class Forecast:
    """What will be spent by the end of the year, in pence, and what it rests on."""

    expected: int
    low: int
    high: int
    weeks_gone: int
    weeks_left: int
    slowest: str
    """The half term that gives the lower end, by its name."""
    fastest: str
    assumed: bool
    """Whether the half terms are the usual ones because nobody entered any."""


@dataclass(frozen=True)
class Course:
    """One year of the money that the lead school holds."""

    year: AcademicYear
    as_of: date
    available: int
    """Brought forward and allocated, in pence."""
    spending: Spending
    ahead: Forecast | Silence
    stretches: bool = False
    """Whether only half terms are told, not days."""
    illustrative: int = 0
    lines: int = 0

    @property
    def until(self) -> date:
        """The last day that the line shows."""
        return min(max(self.as_of, self.year.starts), self.year.ends)

    @property
    def left(self) -> int:
        """What is neither spent nor committed, in pence."""
        return self.available - self.spending.bound

    @property
    def running(self) -> Mapping[date, int]:
        """What was spent up to each day with a line; what has no day is in none of them."""
        days = sorted(self.spending.by_day)
        return dict(zip(days, accumulate(self.spending.by_day[each] for each in days), strict=True))


def forecast(spending: Spending, half_terms: Sequence[HalfTerm], year: AcademicYear, as_of: date) -> Forecast | Silence:
    """The forecast to the end of a year, as its own first lines say; or why there is none."""
    weeks = [len(_gone(term, as_of)) for term in half_terms]
    gone, every = sum(weeks), sum(len(term.weeks()) for term in half_terms)
    telling = [number for number, count in enumerate(weeks) if count >= FEWEST_WEEKS]
    if as_of > year.ends:
        return Silence.OVER
    if as_of < year.starts or len(telling) < FEWEST_HALF_TERMS:
        return Silence.EARLY
    if gone >= every:
        return Silence.NO_WEEKS_LEFT
    if abs(spending.undated) > abs(sum(spending.by_day.values())):
        return Silence.UNDATED
    if not any(spending.by_day.values()):
        return Silence.NOTHING_SPENT
    by_half_term = _by_half_term(spending.by_day, half_terms)
    paces = {number: Fraction(by_half_term[number], weeks[number]) for number in telling}
    slowest, fastest = min(paces, key=lambda each: paces[each]), max(paces, key=lambda each: paces[each])
    pace = Fraction(sum(spending.by_day.values()), gone)
    low, expected, high = (
        max(spending.bound, spending.so_far + round(each * (every - gone)))
        for each in (min(paces[slowest], pace), pace, max(paces[fastest], pace))
    )
    return Forecast(
        expected, low, high, gone, every - gone,
        half_terms[slowest].name, half_terms[fastest].name, any(term.assumed for term in half_terms),
    )  # fmt: skip


def _gone(term: HalfTerm, as_of: date) -> list[date]:
    return [monday for monday in term.weeks() if monday + timedelta(days=4) <= as_of]


def _by_half_term(by_day: Mapping[date, int], half_terms: Sequence[HalfTerm]) -> list[int]:
    """What was spent from the first day of each half term to the day before the next; the first and the last take what
    lies outside.
    """
    starts = [date.min, *(term.starts for term in half_terms[1:]), date.max]
    return [sum(pence for day, pence in by_day.items() if first <= day < last) for first, last in pairwise(starts)]
