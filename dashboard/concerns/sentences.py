"""What pages say of concerns: headlines, ages, reviews. Pure: numbers and days in, words out."""

from datetime import date

from dashboard.concerns.words import CLOSED_AS
from dashboard.vocabulary import ConcernDecision
from dashboard.wording import counted, day, sentence


def say_open(open_concerns: int, overdue: int) -> str:
    """The headline of a list of open concerns."""
    told = counted(open_concerns, "open concern")
    if overdue:
        told += f"; {counted(overdue, 'review is', 'reviews are')} overdue"
    return sentence(told)


def say_closed(closed: int) -> str:
    """The headline of a list of closed ones."""
    return sentence(counted(closed, "closed concern"))


def say_age(raised_on: date, as_of: date) -> str:
    """For how long something has been open."""
    return _days((as_of - raised_on).days) if as_of > raised_on else "since today"


def say_review(review_on: date | None, as_of: date) -> str:
    """When the next review is, or since when it is overdue."""
    if review_on is None:
        return "no review is set"
    late = (as_of - review_on).days
    if late > 0:
        return f"review was due {_days(late)} ago"
    return "review is due today" if late == 0 else f"review on {day(review_on)}"


def say_state(raised_on: date, review_on: date | None, as_of: date) -> str:
    """How an open concern stands."""
    age = say_age(raised_on, as_of)
    told = f"open {age}" if age == "since today" else f"open for {age}"
    return sentence(f"{told}; {say_review(review_on, as_of)}")


def say_end(raised_on: date, closed_on: date, decision: ConcernDecision | None) -> str:
    """How a concern was closed, and after how long."""
    ended = f": {CLOSED_AS[decision]}" if decision else ""
    return f"Closed on {day(closed_on)} after {_days((closed_on - raised_on).days)}{ended}"


def say_came_after(held_on: date | None) -> str | None:
    """What becomes of a meeting that a school came to after its last day."""
    if held_on is None:
        return None
    return f"The school came to the meeting of {day(held_on)} after its last day: that is kept, and no longer counted."


def _days(number: int) -> str:
    """In figures, so that ages beneath one another compare."""
    return f"{number:,} day{'s' * (number != 1)}"
