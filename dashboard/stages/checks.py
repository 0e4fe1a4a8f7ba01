"""What must hold of the times in a stage, of a tick and of a school's answer. Pure."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from dashboard.stages.words import ITEMS
from dashboard.vocabulary import Checklist, TickState
from dashboard.wording import day

LONGEST_NOTE: Final = 500
_EARLIEST: Final = date(2000, 1, 1)
_LATEST: Final = date(2100, 1, 1)


class StageRefused(Exception):
    """Something cannot be stored. The text says what is wrong and what to do; `field` is where."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class TickedMeanwhile(StageRefused):
    """Somebody said something else of an item since its form was opened."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody changed this item meanwhile: what is stored stands above your form. Look, and store it."
        )


class NotThere(Exception):
    """The cluster, stage or item is not there, or not the writer's to change."""


Dates = tuple[date | None, date | None]


def check_time(starts: date | None, ends: date | None, others: Iterable[Dates]) -> None:
    """A time in a stage: it ends no sooner than it begins, and two times in the same stage do not overlap.

    Times in different stages may (year 4 lies in two, 3.15). `others` are the other times in the same stage.
    """
    for given, field in ((starts, "starts"), (ends, "ends")):
        if given is not None and not _EARLIEST <= given <= _LATEST:
            raise StageRefused(f"{day(given)} is no day of a programme; check the year.", field)
    if starts and ends and ends < starts:
        raise StageRefused(f"{day(ends)} is before {day(starts)}; enter the last day in the stage.", "ends")
    for first, last in others:
        if (starts or date.min) <= (last or date.max) and (ends or date.max) >= (first or date.min):
            raise StageRefused(
                "This overlaps with another time in the same stage; change that one, or give other dates.", "starts"
            )


def check_tick(
    checklist: Checklist, item: str, state: TickState, dated: date | None, note: str | None, today: date
) -> None:
    """A tick: on an item that the list has, of no day to come, and with a reason where it is not needed."""
    if item not in {each.key for each in ITEMS[checklist]}:
        raise NotThere
    if dated is not None and dated > today:
        raise StageRefused(f"{day(dated)} is still to come; say so in the note until it is done.", "dated")
    if dated is not None and dated < _EARLIEST:
        raise StageRefused(f"{day(dated)} is no day of a programme; check the year.", "dated")
    if state is TickState.NOT_NEEDED and not note:
        raise StageRefused("Say in the note why it is not needed.", "note")
    if state is TickState.OPEN and dated is not None:
        raise StageRefused("What is open has no day yet; leave the date empty, or choose “done”.", "dated")


def sign_of_tick(tick: Any) -> str:
    """A short sign of what is known of an item, a row of the store or of a query; none where nobody said anything. A
    form sends it, so that nobody writes over what they did not see.
    """
    told = repr((str(tick.state), str(tick.dated), tick.note)) if tick is not None else ""
    return hashlib.sha256(told.encode()).hexdigest()[:16] if told else ""


def check_answer(said_on: date, today: date) -> None:
    """A school's answer was given on some day up to now."""
    if said_on > today:
        raise StageRefused(f"{day(said_on)} is still to come; give the day on which the school said so.", "said_on")
    if said_on < _EARLIEST:
        raise StageRefused(f"{day(said_on)} is no day of a programme; check the year.", "said_on")


def check_note(text: str | None) -> str | None:
    """The note without blanks around it, where there is one, and not too long."""
    clean = "\n".join(line.rstrip() for line in (text or "").strip().splitlines()) or None
    if clean is not None and len(clean) > LONGEST_NOTE:
        raise StageRefused(f"This has {len(clean):,} letters; at most {LONGEST_NOTE:,} fit. Shorten it.", "note")
    return clean
