"""What printed figures say of one another (1.9). Pure, and exact: a contradiction is told with its numbers.

Two checks, both by what the names of the measures say:

* A measure whose name begins with "total" is the sum of the rows above it: those of the same table (the file they came
  with) and of the same unit, up to the next row of another unit or the total before. There have to be two at least, and
  a school with a blank among them is not checked, for a blank is not 0.
* "X per pupil" is what "total X" says, of the same school and year, within two percent: where both are declared in the
  same unit; or where the total is in pounds, after dividing it by the number of pupils.

What differs by no more than one for each row added up may be rounding, and is told as that.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Final

from dashboard.benchmarks.words import (
    is_number_of_pupils,
    is_pounds,
    is_pounds_per_pupil,
    is_total,
    of_which_total,
    per_pupil_of,
)
from dashboard.vocabulary import FigureAnswer, Severity

WITHIN_PERCENT: Final = 2
_LEAST_PARTS: Final = 2
_LONGEST_MEASURE: Final = 80


class FiguresRefused(Exception):
    """Something about figures cannot be stored. The text says what is wrong and what to do; `field` is where."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NoSuchFigure(Exception):
    """The cluster, school or printed name is not there, or not the writer's."""


@dataclass(frozen=True)
class Figure:
    """One printed figure. The school is None while the printed name matches no member."""

    cluster_id: int
    year: int
    table: int | None
    """The number of the file it came with."""
    position: int
    measure: str
    unit: str
    label: str
    value: Decimal | None
    """None means not supplied."""
    school_id: int | None = None
    school: str | None = None
    school_name: str | None = None
    illustrative: bool = False


class Check(StrEnum):
    """Which check found something."""

    SUM = "sum"
    ACROSS = "per pupil"


@dataclass(frozen=True)
class Contradiction:
    """A printed figure that does not agree with others of the same school."""

    check: Check
    cluster_id: int
    year: int
    label: str
    school_id: int | None
    measure: str
    """The measure that is asked about."""
    unit: str
    printed: Decimal
    expected: Decimal
    """What the others say: the sum, or what the total makes per pupil."""
    parts: tuple[tuple[str, Decimal], ...]
    """The others, by measure."""
    severity: Severity
    school: str | None = None
    school_name: str | None = None

    @property
    def off(self) -> Decimal:
        """By how much the printed figure is more (less: negative) than the others say."""
        return self.printed - self.expected

    @property
    def percent(self) -> Decimal:
        """The same as a share of what the others say, in percent with one place."""
        return (self.off * 100 / self.expected).quantize(Decimal("0.1"))

    @property
    def name(self) -> str:
        """The name under which an answer is kept: the check, the measure, and a short form of the numbers.

        Where a later file changes one of them it is another question, and the school is asked again.
        """
        return f"{self.check}: {self.measure[:_LONGEST_MEASURE]} #{self.key}"

    @property
    def key(self) -> str:
        """The short form alone, for an address."""
        said = (self.check.value, self.measure, *(_exact(each) for each in (self.printed, self.expected)))
        parts = ((measure, _exact(value)) for measure, value in self.parts)
        return hashlib.sha256(repr((said, *parts)).encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Answer:
    """What a school said of a contradiction."""

    cluster_id: int
    school_id: int
    year: int
    name: str
    answer: FigureAnswer
    value: Decimal | None
    note: str | None
    """Only for those who see all of the school."""
    answered_on: date
    answered_as: str


def find_contradictions(figures: Iterable[Figure]) -> list[Contradiction]:
    """All that the figures of each cluster, year and school hold, sums first, in the order of the printed names."""
    found: list[Contradiction] = []
    by_place = sorted(figures, key=lambda each: (each.cluster_id, each.year))
    for _, of_year in groupby(by_place, key=lambda each: (each.cluster_id, each.year)):
        rows = sorted(of_year, key=lambda each: (each.position, each.measure))
        labels = list(dict.fromkeys(each.label for each in rows))
        for check in (_sums, _across):
            for label in labels:
                found += check([each for each in rows if each.label == label])
    return found


def _sums(rows: Sequence[Figure]) -> Iterator[Contradiction]:
    """The totals of one school that are not what the rows above add up to."""
    for table in {each.table: None for each in rows}:
        above: list[Figure] = []
        for row in (each for each in rows if each.table == table):
            if not is_total(row.measure):
                if above and above[-1].unit != row.unit:
                    above = []
                above.append(row)
                continue
            parts = [(each.measure, each.value) for each in above if each.value is not None and each.unit == row.unit]
            whole = len(parts) == len(above) >= _LEAST_PARTS
            expected = sum((value for _, value in parts), Decimal(0))
            if whole and row.value is not None and row.value != expected:
                rounding = abs(row.value - expected) <= len(parts)
                yield _of(Check.SUM, row, row.value, expected, parts, Severity.INFO if rounding else Severity.LOOK)
            above = []


def _across(rows: Sequence[Figure]) -> Iterator[Contradiction]:
    """The amounts per pupil of one school that are not what the total of the same thing says."""
    pupils = next((each for each in rows if is_number_of_pupils(each.measure) and each.value), None)
    for row in rows:
        what = per_pupil_of(row.measure)
        if what is None or row.value is None:
            continue
        for total in (each for each in rows if of_which_total(each.measure) == what and each.value):
            expected, parts = _per_pupil(row, total, pupils)
            if expected and abs(row.value - expected) * 100 > WITHIN_PERCENT * abs(expected):
                yield _of(Check.ACROSS, row, row.value, expected, parts, Severity.LOOK)


def _per_pupil(row: Figure, total: Figure, pupils: Figure | None) -> tuple[Decimal | None, list[tuple[str, Decimal]]]:
    """What a total says for each pupil, and of what that was made; None where the two cannot be compared."""
    if total.value is None:
        return None, []
    if is_pounds(total.unit):
        if pupils is None or pupils.value is None or not (is_pounds(row.unit) or is_pounds_per_pupil(row.unit)):
            return None, []
        parts = [(total.measure, total.value), (pupils.measure, pupils.value)]
        return (total.value / pupils.value).quantize(Decimal("0.01")), parts
    if total.unit == row.unit or (is_pounds_per_pupil(total.unit) and is_pounds(row.unit)):
        return total.value, [(total.measure, total.value)]
    return None, []


def _exact(value: Decimal) -> str:
    """The same text for the same number, however many noughts a database gives back."""
    return f"{value.normalize():f}"


def _of(
    check: Check,
    row: Figure,
    printed: Decimal,
    expected: Decimal,
    parts: Sequence[tuple[str, Decimal]],
    severity: Severity,
) -> Contradiction:
    return Contradiction(
        check, row.cluster_id, row.year, row.label, row.school_id, row.measure, row.unit, printed, expected,
        tuple(parts), severity, row.school, row.school_name,
    )  # fmt: skip
