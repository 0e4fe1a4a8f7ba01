"""`/cluster/SLUG/plan/reviews`: the reviews of a plan and its targets, their course over the year, and the form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object, Scope, may, scope_for
from dashboard.changes import Outcome
from dashboard.directory.queries import ClusterFacts
from dashboard.directory.view import View, view_cluster
from dashboard.plans import review_sentences as sentences
from dashboard.plans.commands.reviews import ReviewBook
from dashboard.plans.courses import courses_of
from dashboard.plans.queries.reviews import (
    CorrectionRow,
    ReviewedTarget,
    ReviewRow,
    load_corrections,
    load_reviews,
    load_targets_to_review,
)
from dashboard.plans.review_checks import NothingToReview, ReviewRefused, name_review
from dashboard.plans.review_forms import ReviewForm
from dashboard.plans.review_sentences import Course
from dashboard.plans.words import RATING_SYMBOLS, RATING_WORDS
from dashboard.vocabulary import Rating
from dashboard.web.asked import asked_year
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid

review_pages = Blueprint("reviews", __name__, template_folder="../templates")

_PLACE: Final = "/cluster/<slug>/plan/reviews"
_LOOKS: Final = {Rating.ON_TRACK: "state-ok", Rating.SOME_CONCERN: "state-look", Rating.OFF_TRACK: "state-act"}
WHOLE: Final = "plan"
"""What the address says for the plan as a whole in `about`; a target's code stands behind "target:"."""
_TARGET: Final = "target:"


@dataclass(frozen=True)
class Place:
    """A cluster's plan of a year with all its reviews."""

    view: View
    cluster: ClusterFacts
    targets: Sequence[ReviewedTarget]
    reviews: Sequence[ReviewRow]
    corrections: Sequence[CorrectionRow]

    @property
    def courses(self) -> list[Course]:
        """The plan as a whole, then each target."""
        return courses_of(self.targets, self.reviews) if self.targets else []

    def course(self, about: str) -> Course | None:
        """The one that an address is about."""
        return next((each for each in self.courses if _about(each) == about), None)


@review_pages.get(_PLACE)
@needs(Action.SEE, Object.PLAN)
def show(slug: str) -> ResponseReturnValue:
    """The reviews; with `?about=` the form for the next one, with `&correct=yes` for the last one."""
    return _page(_place(slug, the_scope(), "see"))


@review_pages.post(_PLACE)
@needs(Action.EDIT, Object.PLAN)
def write(slug: str) -> ResponseReturnValue:
    """Record the next review, or correct the last one."""
    place, about, today = _place(slug, the_scope(), "edit"), request.args.get("about", ""), date.today()
    course = place.course(about)
    if course is None or not place.cluster.whole or (_corrects() and course.last is None):
        _not_there("edit", slug)
    form = ReviewForm()
    if form.validate_on_submit():
        try:
            with access.writing(the_store(), the_scope()) as writing:
                book = ReviewBook(writing, the_actor(), the_scope(), place.cluster.id, place.view.year, today)
                outcome = _write(book, course, form)
        except NothingToReview:
            _not_there("edit", slug)
        except ReviewRefused as refusal:
            place = _place(slug, the_scope(), "edit")  # as it stands now
            now = place.course(about)
            form.refuse(refusal, now.last if now else None)
        else:
            flask.flash("Nothing was changed." if outcome is Outcome.UNCHANGED else "The review is stored.")
            return flask.redirect(flask.url_for("reviews.show", slug=slug, year=str(place.view.year)), 303)
    return _page(place, form), 422


def _write(book: ReviewBook, course: Course, form: ReviewForm) -> Outcome:
    if _corrects():
        return book.correct(course.code, form.said, form.seen.data or "")
    book.record(course.code, form.said, form.seen.data or "")
    return Outcome.ADDED


def _page(place: Place, sent: ReviewForm | None = None) -> str:
    cluster, today, reader = place.cluster, date.today(), the_reader()
    year, courses = place.view.year, place.courses
    may_edit = cluster.whole and scope_for(reader, Action.EDIT, Object.PLAN).holds(cluster.id, cluster.programme_id)
    chosen = place.course(request.args.get("about", "")) if may_edit else None
    corrects = _corrects() and chosen is not None and chosen.last is not None
    form = sent or (_form(chosen, corrects=corrects, today=today) if chosen is not None else None)
    whole = sentences.say_whole(courses)
    return page(
        "plans/reviews.html",
        f"Reviews of the plan of {amid(cluster.name)}",
        place=place, cluster=cluster, year=year, years=place.view.years, courses=courses, today=today,
        crumb=may(reader, Action.SEE, Object.CLUSTER), may_edit=may_edit, chosen=chosen, corrects=corrects, form=form,
        problem=sent, about=_about, say=sentences, name_review=name_review, symbols=RATING_SYMBOLS, called=RATING_WORDS,
        looks=_LOOKS, stood=_stood(place),
        headlines=[*([whole] if whole else []), sentences.say_found(courses), *sentences.say_overdue(courses, today)],
        made_up=any(each.illustrative for each in place.reviews),
        most=max((len(each.reviews) for each in courses), default=0),
    )  # fmt: skip


def _form(course: Course, *, corrects: bool, today: date) -> ReviewForm:
    if corrects and course.last is not None:
        return ReviewForm.correcting(course.last)
    return ReviewForm.after(course.last, reviewed_on=today)


def _stood(place: Place) -> dict[tuple[str | None, int], list[dict[str, Any]]]:
    """What stood in a review before it was corrected, by the code of its target (none: the whole plan) and number."""
    codes = {each.target_id: each.code for each in place.targets}
    stood: dict[tuple[str | None, int], list[dict[str, Any]]] = {}
    for review in place.reviews:
        name = name_review(review.number, None if review.target_id else place.view.year)
        stood[codes.get(review.target_id) if review.target_id else None, review.number] = [
            {
                "rating": Rating(each.before["rating"]), "words": each.before["words"],
                "reviewed_on": date.fromisoformat(each.before["reviewed_on"]),
                "corrected_on": each.happened_at.date(), "known_as": each.known_as,
            }
            for each in place.corrections if (each.target_id, each.about) == (review.target_id, name)
        ]  # fmt: skip
    return stood


def _about(course: Course) -> str:
    return WHOLE if course.code is None else f"{_TARGET}{course.code}"


def _corrects() -> bool:
    return request.args.get("correct") == "yes"


def _place(slug: str, scope: Scope, action: str) -> Place:
    """The plan at an address, if it is the reader's to see; else the same answer as for none."""
    year = asked_year()
    with access.reading(the_store(), scope) as reading:
        view = view_cluster(reading, scope, slug, year=year, as_of=date.today()) if slug.isprintable() else None
        if view is None or view.cluster is None:
            view = None
        else:
            years = view.cluster_years
            found = (
                load_targets_to_review(reading, scope, years),
                load_reviews(reading, scope, years),
                load_corrections(reading, scope, view.cluster.id),
            )
    if view is None or view.cluster is None:
        _not_there(action, slug)
    return Place(view, view.cluster, *found)


def _not_there(action: str, slug: str) -> NoReturn:
    not_there(action, Object.PLAN, slug)
