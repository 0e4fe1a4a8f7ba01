"""How the reviews of a plan went."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.directory.view import View
from dashboard.plans.courses import courses_of
from dashboard.plans.figures.reviews import REVIEWS_KEY, draw_reviews
from dashboard.plans.queries.reviews import load_reviews, load_targets_to_review
from dashboard.plans.review_checks import name_review
from dashboard.plans.review_sentences import Course, say_course, say_headline
from dashboard.plans.words import RATING_SYMBOLS, RATING_WORDS
from dashboard.shown_figures import ShownFigure
from dashboard.ui.panel import Message, Panel
from dashboard.ui.rows import rows_at
from dashboard.vocabulary import Rating
from dashboard.wording import counted, day, sentence


@dataclass(frozen=True)
class ReviewPicture:
    """The plan as a whole and its targets with their reviews, those alone that were reviewed or are to be."""

    courses: list[Course]
    every: list[Course]
    year: AcademicYear
    illustrative: int
    reviews: int


def load_review_picture(session: Session, view: View) -> ReviewPicture:
    """The reviews of the view's cluster and year."""
    years = view.cluster_years
    targets = load_targets_to_review(session, view.scope, years)
    reviews = load_reviews(session, view.scope, years)
    every = courses_of(targets, reviews)
    shown = [each for each in every if each.reviews or each.next_on]
    return ReviewPicture(shown, every, view.year, sum(each.illustrative for each in reviews), len(reviews))


def _table(picture: ReviewPicture) -> pd.DataFrame:
    rows = []
    for course in picture.every:
        for review in course.reviews:
            rows.append(
                (course.name, sentence(name_review(review.number)), day(review.reviewed_on),
                 f"{RATING_SYMBOLS[review.rating]} {RATING_WORDS[review.rating]}", review.words)
            )  # fmt: skip
        if not course.reviews and course.code is not None:
            rows.append((course.name, "none yet", "not reviewed yet", "not known", "none"))
        if course.next_on is not None:
            rows.append((course.name, "Next", day(course.next_on), "not known yet", "none"))
    return pd.DataFrame(rows, columns=["Reviewed", "Review", "On", "Found", "Why"])


def _figures(picture: ReviewPicture, view: View) -> list[ShownFigure]:
    targets = [each for each in picture.every if each.code is not None]
    last = [each.last.rating for each in targets if each.last]
    at = partial(rows_at, view, "plan", by="review")
    told = [
        ("Targets reviewed", len(last), "targets", "reviewed"),
        ("Targets", len(targets), "targets", "targets"),
        *((f"Last found {RATING_WORDS[each].lower()}", last.count(each), "targets", str(each)) for each in Rating),
        ("Reviews overdue", sum(each.is_overdue(view.as_of) for each in picture.every), "reviews", "overdue"),
        ("Reviews held", picture.reviews, "reviews", "reviews"),
    ]
    return [ShownFigure(label, f"{number:,}", unit, at(foot)) for label, number, unit, foot in told]


REVIEWS = Panel(
    id="plan-reviews",
    title="Reviews",
    load=load_review_picture,
    is_empty=lambda picture: not picture.courses,
    headline=lambda picture, view: say_headline(picture.every, view.as_of),
    measure=lambda picture, view: (
        f"{sentence(counted(picture.reviews, 'review'))} of the plan for {view.year} and its targets, by their days.",
    ),
    draw=lambda picture, look: draw_reviews(picture.courses, picture.year, look),
    key=lambda _picture: REVIEWS_KEY,
    table=_table,
    made_up=lambda picture: (picture.illustrative > 0, 0 < picture.reviews == picture.illustrative),
    flags=lambda _picture, _view: (),
    empty=lambda view: Message(
        f"Nothing is reviewed in {view.year} yet, and no review is planned.",
        "A review says in a sentence how far a target is, and when it is looked at next.",
        other_years=True,
    ),
    explain=(
        "A review is what somebody found on a day: on track, some concern or off track, with the reason in words. It "
        "is said apart from how many success criteria are met, and changes none of them. A review counts as overdue "
        "from the day after the one that was set for it."
    ),
    figures=_figures,
    aside=lambda picture: " ".join(
        f"{each.name}: {say_course(each.reviews, RATING_SYMBOLS)}." for each in picture.courses
    ),
    quiet=True,
)
"""The ratings of the plan and its targets over the year, with the next reviews."""
