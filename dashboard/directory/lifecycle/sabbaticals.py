"""What the dates of a sabbatical must be like (3.6)."""

from datetime import date

from dashboard.directory.lifecycle.refusals import EventRefused, check_day, check_order
from dashboard.wording import day


def check_sabbatical(on: date, until: date | None, review: date | None, reviewed: date | None, today: date) -> None:
    """Refuse a sabbatical without an end or a review, or reviewed before it began."""
    check_day(on, today)
    check_order(on, until)
    for about, each in (("until", until), ("review", review), ("reviewed", reviewed)):
        if each is not None:
            check_day(each, today, about)
    if until is None and review is None:
        raise EventRefused("review", "say when the sabbatical is reviewed, or when it ends: it is for a set period")
    if review is not None and review < on:
        raise EventRefused("review", f"the review ({day(review)}) would come before the start ({day(on)})")
    if reviewed is not None and reviewed < on:
        raise EventRefused("reviewed", f"it began on {day(on)} and cannot have been reviewed on {day(reviewed)}")
