"""What must hold of the dates and texts of a concern, whether a form or a file brings them. Pure."""

from datetime import date, timedelta
from typing import Final

from dashboard.wording import day

LONGEST_SUMMARY: Final = 1000
LONGEST_NOTE: Final = 500
LONGEST_RAISED_AS: Final = 60
BEFORE_RAISED: Final = timedelta(days=365)
"""A step may have been taken before the concern was written down, but not longer ago than that."""


class ConcernRefused(Exception):
    """Something about a concern cannot be stored. The text says what is wrong and what to do; `field` is where."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NoSuchConcern(Exception):
    """The concern, step or cluster is not there, or not the writer's to change."""


def check_raised(raised_on: date, today: date) -> None:
    """Nothing is raised on a day to come."""
    if raised_on > today:
        raise ConcernRefused(f"{day(raised_on)} is still to come; give the day on which it was raised.", "raised")


def check_step(taken_on: date, raised_on: date, today: date) -> None:
    """A step was taken at most a year before the concern was raised, and not on a day to come."""
    if taken_on > today:
        raise ConcernRefused(
            f"{day(taken_on)} is still to come; note a step once it was taken, and set a review for what is planned.",
            "taken_on",
        )
    first = raised_on - BEFORE_RAISED
    if taken_on < first:
        raise ConcernRefused(
            f"{day(taken_on)} is more than a year before the concern was raised ({day(raised_on)}); "
            f"give a day from {day(first)} on.",
            "taken_on",
        )


def check_outcome(outcome_on: date, taken_on: date, today: date) -> None:
    """What came of a step was not known before it, nor is it on a day to come."""
    if outcome_on < taken_on:
        raise ConcernRefused(
            f"{day(outcome_on)} is before the step itself ({day(taken_on)}); give that day or a later one.",
            "outcome_on",
        )
    if outcome_on > today:
        raise ConcernRefused(f"{day(outcome_on)} is still to come; give the day on which it was known.", "outcome_on")


def check_review(review_on: date, today: date) -> None:
    """A review lies ahead."""
    if review_on <= today:
        raise ConcernRefused(
            f"{day(review_on)} does not lie ahead; give a day after {day(today)}, or leave it empty.", "review_on"
        )


def check_close(closed_on: date, raised_on: date, last_on: date | None, today: date) -> None:
    """A concern is closed on or after the day it was raised and the last thing that was noted, and not in advance."""
    if closed_on > today:
        raise ConcernRefused(f"{day(closed_on)} is still to come; give the day of the decision.", "closed_on")
    if closed_on < raised_on:
        raise ConcernRefused(
            f"{day(closed_on)} is before the concern was raised ({day(raised_on)}); give that day or a later one.",
            "closed_on",
        )
    if last_on is not None and closed_on < last_on:
        raise ConcernRefused(
            f"{day(closed_on)} is before the last step or what came of it ({day(last_on)}); "
            "give that day or a later one.",
            "closed_on",
        )


def check_text(text: str, most: int, field: str) -> str:
    """Text without blanks around it, at most so long."""
    clean = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if len(clean) > most:
        raise ConcernRefused(f"This has {len(clean):,} letters; at most {most:,} fit. Shorten it.", field)
    return clean
