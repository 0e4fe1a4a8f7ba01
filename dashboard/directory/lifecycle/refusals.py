"""Why an event is not written down, in a sentence for the person who told of it."""

from datetime import date
from typing import Final

from dashboard.wording import day

_EARLIEST: Final = date(1990, 1, 1)
_YEARS_AHEAD: Final = 10


class EventRefused(ValueError):
    """The text says what is wrong with which value; `about` names the field or column that holds it."""

    def __init__(self, about: str, sentence: str) -> None:
        self.about = about
        super().__init__(sentence)


def check_day(on: date, today: date, about: str = "date") -> None:
    """Refuse a day that must be a slip: before there were clusters, or more than ten years ahead."""
    if not _EARLIEST <= on <= date(today.year + _YEARS_AHEAD, 12, 31):
        raise EventRefused(about, f"{day(on)} is too far away to be meant; check the year")


def check_order(on: date, until: date | None) -> None:
    """Refuse what would end before it begins."""
    if until is not None and until < on:
        raise EventRefused("until", f"it would end ({day(until)}) before it begins ({day(on)})")
