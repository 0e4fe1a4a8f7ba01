"""The course of the reviews of a plan: what was loaded, put together for pages and panels."""

from collections.abc import Sequence

from dashboard.plans.queries.reviews import ReviewedTarget, ReviewRow
from dashboard.plans.review_sentences import Course


def courses_of(targets: Sequence[ReviewedTarget], reviews: Sequence[ReviewRow]) -> list[Course]:
    """The plan as a whole with its reviews, then every target in the plan's order with its own.

    A target is looked at next on the day that stands at it, where its last review put it; the plan as a whole on the
    day that its last review named.
    """
    whole = tuple(each for each in reviews if each.target_id is None)
    courses = [Course(None, None, whole, whole[-1].next_on if whole else None)]
    for target in targets:
        own = tuple(each for each in reviews if each.target_id == target.target_id)
        courses.append(Course(target.code, target.title, own, target.review_on))
    return courses
