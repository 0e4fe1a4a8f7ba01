"""How long something has been waiting, in bands that every list and count of ages shares. Pure: no store, no clock."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final


@dataclass(frozen=True)
class Band:
    """A band of ages in whole days, first and last included; `most` is None where it is open."""

    name: str
    """As an address says it."""
    words: str
    least: int
    most: int | None

    def days(self, as_of: date) -> tuple[date | None, date | None]:
        """The first and the last day on which something of this age began; None where there is no such end.

        What begins after `as_of` is as new as what begins on it.
        """
        first = None if self.most is None else as_of - timedelta(days=self.most)
        return first, as_of - timedelta(days=self.least) if self.least else None

    def holds(self, began: date, as_of: date) -> bool:
        """Whether something that began on a day is of this age."""
        first, last = self.days(as_of)
        return (first is None or began >= first) and (last is None or began <= last)


BANDS: Final = (
    Band("week", "up to a week", 0, 7),
    Band("month", "over a week to a month", 8, 31),
    Band("term", "over a month to a term", 32, 92),
    Band("older", "longer than a term", 93, None),
)
"""Every age lies in one of them."""


def band_called(name: str | None) -> Band | None:
    """The band of an address; None where it names none."""
    return next((band for band in BANDS if band.name == name), None)
