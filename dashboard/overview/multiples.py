"""What clusters are compared by: their attendance meeting by meeting, each in a small chart. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Final

from dashboard.academic_year import AcademicYear
from dashboard.spread import middle
from dashboard.wording import amid, counted, sentence, share

MOST: Final = 24
"""So many small charts can be taken in at once."""


@dataclass(frozen=True)
class Turnout:
    """How many schools came to one meeting. Marks that are not recorded are in none of the first two numbers."""

    held_on: date
    attended: int
    expected: int
    not_recorded: int
    illustrative: bool = False

    @property
    def rate(self) -> float | None:
        """The share that came; None where nothing is recorded."""
        return self.attended / self.expected if self.expected else None


@dataclass(frozen=True)
class Small:
    """One cluster in a year. `enough` says whether there are marks enough for a rate to compare."""

    cluster: str
    """A slug."""
    name: str
    year: AcademicYear
    meetings: tuple[Turnout, ...]
    enough: bool

    @property
    def attended(self) -> int:
        """How often schools came."""
        return sum(each.attended for each in self.meetings)

    @property
    def expected(self) -> int:
        """How often they were expected and have a mark."""
        return sum(each.expected for each in self.meetings)

    @property
    def not_recorded(self) -> int:
        """How often nobody wrote down whether they came: left out, not absent."""
        return sum(each.not_recorded for each in self.meetings)

    @property
    def rate(self) -> float | None:
        """The share of all; None where there is none to compare."""
        return self.attended / self.expected if self.enough else None

    @property
    def address(self) -> str:
        """The page of the cluster."""
        return f"/cluster/{self.cluster}?year={self.year}"


@dataclass(frozen=True)
class Comparison:
    """The clusters that are shown, in the order of the page; and how many there are of those that are kept."""

    shown: tuple[Small, ...]
    found: int

    @cached_property
    def rated(self) -> Sequence[Small]:
        """Those with a rate, the lowest first."""
        return sorted((each for each in self.shown if each.enough), key=lambda each: (each.rate or 0, each.name))

    @property
    def median(self) -> float | None:
        """The rate in the middle of those that are shown; None of fewer than two."""
        rates = [Fraction(each.attended, each.expected) for each in self.rated]
        return float(middle(rates)) if len(rates) > 1 else None

    @property
    def more(self) -> int:
        """How many are kept and not shown."""
        return self.found - len(self.shown)

    @property
    def one_year(self) -> AcademicYear | None:
        """The year that all are shown in; None where they differ."""
        years = {each.year for each in self.shown}
        return years.pop() if len(years) == 1 else None


def say_comparison(comparison: Comparison) -> str:
    """How far the clusters lie apart: "Attendance runs from 58 % in West Salisbury to 91 % in East Salisbury"."""
    rated = comparison.rated
    if not rated:
        return "None of these clusters has marks enough to compare."
    low, high = rated[0], rated[-1]
    if low.rate == high.rate:
        if len(rated) == 1:
            return f"Schools came {share(low.rate)} of the times they were expected in {amid(low.name)}."
        return f"Attendance is {share(low.rate)} in all {counted(len(rated), 'cluster')} with marks enough to compare."
    return f"Attendance runs from {share(low.rate)} in {amid(low.name)} to {share(high.rate)} in {amid(high.name)}."


def say_shown(comparison: Comparison) -> str:
    """Which clusters are shown and how many more there are; those without a rate are said apart."""
    shown = counted(len(comparison.shown), "cluster")
    told = f"The first {shown} in the order of the page, and {comparison.more:,} more" if comparison.more else shown
    year = f"in {comparison.one_year}" if comparison.one_year else "each in the year of its row"
    return sentence(f"{told}, {year}.")


def say_small(small: Small) -> str:
    """What stands under a cluster's name: "58 % · 23 of 40 · 5 meetings", or why nothing is drawn."""
    if small.enough:
        return f"{share(small.rate)} · {small.attended} of {small.expected}"
    if small.expected:
        return f"{counted(small.expected, 'mark')}: too few to draw"
    if small.meetings:
        return "marks not recorded"
    return f"no meetings in {small.year}"


def say_apart(comparison: Comparison) -> str:
    """Which clusters have nothing drawn, for those who cannot see it; "" where all have."""
    apart = len(comparison.shown) - len(comparison.rated)
    return f"{sentence(counted(apart, 'cluster has', 'clusters have'))} too few marks to be drawn." if apart else ""
