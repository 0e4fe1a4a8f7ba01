"""The academic year: 1 September to 31 August, written 2016-17."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

_WRITTEN = re.compile(r"^\s*(\d{4})\s*[-/–]\s*(\d{2}|\d{4})\s*$")

_FIRST, _LAST = 1900, 2200
"""Far beyond any cluster, and within what a date can hold."""


class Term(StrEnum):
    """A third of the academic year, in its order. Months decide, because term dates differ from school to school."""

    AUTUMN = "autumn"
    """September to December."""
    SPRING = "spring"
    """January to March."""
    SUMMER = "summer"
    """April to August."""

    @classmethod
    def of(cls, day: date) -> Self:
        """The term in which a day falls."""
        if day.month >= 9:
            return cls("autumn")
        return cls("spring" if day.month <= 3 else "summer")


@dataclass(frozen=True, order=True)
class AcademicYear:
    """One academic year, known by the calendar year in which it starts.

    The store keeps `start` as an integer, so that a year can be compared and indexed in SQL.
    """

    start: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The year in which `day` falls."""
        return cls(day.year if day.month >= 9 else day.year - 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2016-17", "2016/17" or "2016-2017".

        Raises ValueError, with a sentence for the person who wrote it, for anything else.
        """
        found = _WRITTEN.match(text)
        if found:
            start, end = int(found[1]), int(found[2])
            if end in ((start + 1) % 100, start + 1) and _FIRST <= start <= _LAST:
                return cls(start)
        raise ValueError(f"“{text}” is not an academic year; write it like 2016-17")

    @property
    def starts(self) -> date:
        """1 September."""
        return date(self.start, 9, 1)

    @property
    def ends(self) -> date:
        """31 August."""
        return date(self.start + 1, 8, 31)

    def __str__(self) -> str:
        return f"{self.start}-{(self.start + 1) % 100:02d}"
