"""What is said of reviews, in sentences. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.plans.review_checks import AnyReview, ordinal
from dashboard.plans.words import RATING_WORDS
from dashboard.vocabulary import Rating
from dashboard.wording import all_of, counted, day, in_words, sentence, share_of

_AMID: Final = {
    Rating.ON_TRACK: "on track",
    Rating.SOME_CONCERN: "with some concern",
    Rating.OFF_TRACK: "off track",
}
MOST_NAMED: Final = 3
"""So many overdue reviews are named at the top of a page; of more it tells how many."""


@dataclass(frozen=True)
class Course:
    """A target, or the plan as a whole (then without a code), with its reviews from the first to the last."""

    code: str | None
    title: str | None
    reviews: tuple[AnyReview, ...]
    next_on: date | None
    """When it is to be looked at next."""

    @property
    def name(self) -> str:
        """What it is called."""
        return self.code or "The plan as a whole"

    @property
    def last(self) -> AnyReview | None:
        """Its last review."""
        return self.reviews[-1] if self.reviews else None

    @property
    def number(self) -> int:
        """The how-manieth review comes next."""
        return self.last.number + 1 if self.last else 1

    def is_overdue(self, today: date) -> bool:
        """Whether the next review should have been."""
        return self.next_on is not None and self.next_on < today


def say_found(courses: Sequence[Course]) -> str:
    """How many targets were reviewed and what was found last: "Three of five targets are reviewed: …"."""
    targets = [each for each in courses if each.code is not None]
    last = [each.last.rating for each in targets if each.last]
    if not last:
        return "No target is reviewed yet."
    found = [f"{in_words(last.count(each))} {_AMID[each]}" for each in Rating if each in last]
    verb = "is" if len(last) == 1 else "are"
    return f"{sentence(share_of(len(last), len(targets), 'target'))} {verb} reviewed: {all_of(found)}."


def say_whole(courses: Sequence[Course]) -> str | None:
    """What the last review of the plan as a whole found."""
    whole = next((each for each in courses if each.code is None), None)
    if whole is None or whole.last is None:
        return None
    last = whole.last
    return f"The plan as a whole: {RATING_WORDS[last.rating].lower()} on {day(last.reviewed_on)}."


def say_overdue(courses: Sequence[Course], today: date) -> list[str]:
    """The reviews that should have been: a sentence for each, or one that tells how many."""
    late = [each for each in courses if each.is_overdue(today)]
    if len(late) > MOST_NAMED:
        oldest = min(each.next_on for each in late if each.next_on)
        return [f"{sentence(counted(len(late), 'review'))} are overdue, the oldest since {day(oldest)}."]
    return [f"{say_next(each)}." for each in late]


def say_next(course: Course, today: date | None = None) -> str:
    """When the next review was due: "The second review of INSET was due on 3 May 2020"; is, for one to come."""
    of = course.code or "the plan as a whole"
    which = f"The {ordinal(course.number)} review of {of}"
    if course.next_on is None:
        return f"{which} has no date yet"
    is_to_come = today is not None and not course.is_overdue(today)
    return f"{which} {'is' if is_to_come else 'was'} due on {day(course.next_on)}"


def say_headline(courses: Sequence[Course], today: date) -> str:
    """The message of the panel."""
    late = sum(each.is_overdue(today) for each in courses)
    told = say_found(courses)
    return f"{told} {sentence(counted(late, 'review'))} {'is' if late == 1 else 'are'} overdue." if late else told


def say_course(reviews: Sequence[AnyReview], symbols: Mapping[Rating, str]) -> str:
    """The ratings one after another: "● On track, ▲ Some concern"."""
    return ", ".join(f"{symbols[each.rating]} {RATING_WORDS[each.rating]}" for each in reviews) or "not reviewed yet"
