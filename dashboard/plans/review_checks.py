"""What must hold of a review, and what of it somebody saw before changing it. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from dashboard.academic_year import AcademicYear
from dashboard.vocabulary import Rating
from dashboard.wording import day

LONGEST_WORDS: Final = 1000
_LATEST: Final = date(2100, 1, 1)
_ORDINALS: Final = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip


class ReviewRefused(Exception):
    """A review cannot be stored. The text says what is wrong and what to do; `field` is where."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class ReviewedMeanwhile(ReviewRefused):
    """Somebody else reviewed the same thing, or corrected the review, since the form was shown."""


class NothingToReview(Exception):
    """The plan, target or review is not there, or not the writer's to change."""


@dataclass(frozen=True)
class ReviewSaid:
    """A review as somebody tells it."""

    reviewed_on: date
    rating: Rating
    words: str
    next_on: date | None = None


class AnyReview(Protocol):
    """A review that is stored."""

    @property
    def number(self) -> int:
        """The how-manieth it is."""

    @property
    def reviewed_on(self) -> date:
        """When it was."""

    @property
    def rating(self) -> Rating:
        """What was found."""

    @property
    def words(self) -> str:
        """Why."""

    @property
    def next_on(self) -> date | None:
        """When it is looked at next."""


def mark_of(last: AnyReview | None) -> str:
    """What a form sends back of the last review that it showed: it changes with every review and correction."""
    if last is None:
        return "0"
    told = f"{last.reviewed_on}|{last.rating}|{last.next_on}|{last.words}"
    return f"{last.number}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def check_review(said: ReviewSaid, year: AcademicYear, before: AnyReview | None, today: date) -> ReviewSaid:
    """The review with clean words; `before` is the one before it. Raises ReviewRefused."""
    words = "\n".join(line.rstrip() for line in said.words.strip().splitlines())
    if not words:
        raise ReviewRefused("Say what you found, and why it is rated so.", "words")
    if len(words) > LONGEST_WORDS:
        raise ReviewRefused(f"This has {len(words):,} letters; at most {LONGEST_WORDS:,} fit. Shorten it.", "words")
    if said.reviewed_on > today:
        raise ReviewRefused(f"{day(said.reviewed_on)} is still to come; give the day of the review.", "reviewed_on")
    if said.reviewed_on < year.starts:
        raise ReviewRefused(f"{day(said.reviewed_on)} is before the plan for {year}; check the year.", "reviewed_on")
    if before is not None and said.reviewed_on < before.reviewed_on:
        raise ReviewRefused(
            f"The {ordinal(before.number)} review was on {day(before.reviewed_on)}; this one cannot be before it.",
            "reviewed_on",
        )
    if said.next_on is not None and not said.reviewed_on < said.next_on <= _LATEST:
        raise ReviewRefused(f"{day(said.next_on)} is not after this review; give a later day, or none.", "next_on")
    return ReviewSaid(said.reviewed_on, said.rating, words, said.next_on)


def ordinal(number: int) -> str:
    """Which one of several: "first", "second", … "tenth", then "11th"."""
    if 1 <= number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if 10 < number % 100 < 14 else endings.get(number % 10, 'th')}"


def name_review(number: int, year: AcademicYear | None = None) -> str:
    """A review in the history: "second review"; of the whole plan with the year of the plan."""
    return f"{ordinal(number)} review" if year is None else f"{ordinal(number)} review of the plan for {year}"
