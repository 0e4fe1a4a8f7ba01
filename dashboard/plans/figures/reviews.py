"""The course of reviews: each target in a row, each review a mark on its day."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import plotly.graph_objects as go

from dashboard.academic_year import AcademicYear
from dashboard.plans.review_checks import ordinal
from dashboard.plans.review_sentences import Course
from dashboard.plans.words import RATING_SYMBOLS, RATING_WORDS
from dashboard.ui.charts import label_rows, new_figure, plain
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import Look
from dashboard.vocabulary import Rating
from dashboard.wording import day, sentence

_MARKS: Final = {Rating.ON_TRACK: "circle", Rating.SOME_CONCERN: "triangle-up", Rating.OFF_TRACK: "square"}
_COLOURS: Final = {Rating.ON_TRACK: "blue", Rating.SOME_CONCERN: "orange", Rating.OFF_TRACK: "plum"}
REVIEWS_KEY: Final = (
    *(KeyItem(RATING_SYMBOLS[each], _COLOURS[each], RATING_WORDS[each].lower()) for each in Rating),
    KeyItem("○", "rest_edge", "next review"),
)
_SIZE: Final = 13
_LONGEST: Final = 26
_FOR_A_LABEL: Final = 0.1
"""The share of the time at the right edge in which a month would have no room for its label."""
_AIR: Final = 0.03
"""The share of the time that is left free at either edge."""


def draw_reviews(courses: Sequence[Course], year: AcademicYear, look: Look) -> go.Figure:
    """Rows in the plan's order, the plan as a whole first; time runs over the academic year and on to what is known."""
    figure = new_figure(look, len(courses))
    for rating, symbol in _MARKS.items():
        some = [
            (row, course, review)
            for row, course in enumerate(courses)
            for review in course.reviews
            if review.rating is rating
        ]
        colour = getattr(look.palette, _COLOURS[rating])
        figure.add_scatter(
            name=RATING_WORDS[rating],
            x=[review.reviewed_on.toordinal() for _, _, review in some],
            y=[row for row, _, _ in some],
            mode="markers",
            marker={"symbol": symbol, "size": look.size(_SIZE), "color": colour},
            customdata=[
                f"{plain(course.name)}, {ordinal(review.number)} review<br>"
                f"{day(review.reviewed_on)}: {RATING_WORDS[rating].lower()}"
                for _, course, review in some
            ],
            **_told(look),
        )
    waits = [(row, course, course.next_on) for row, course in enumerate(courses) if course.next_on]
    figure.add_scatter(
        name="Next review",
        x=[on.toordinal() for _, _, on in waits],
        y=[row for row, _, _ in waits],
        mode="markers",
        marker={
            "symbol": "circle-open", "size": look.size(_SIZE), "color": look.palette.rest_edge,
            "line": {"width": 2, "color": look.palette.rest_edge},
        },
        customdata=[f"{plain(course.name)}<br>next review {day(on)}" for _, course, on in waits],
        **_told(look),
    )  # fmt: skip
    label_rows(figure, look, {row: plain(_short(course.name)) for row, course in enumerate(courses)})
    _set_time(figure, courses, year, look)
    return figure


def _told(look: Look) -> dict[str, str]:
    return {"hoverinfo": "skip"} if look.room else {"hovertemplate": "%{customdata}<extra></extra>"}


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"


def _set_time(figure: go.Figure, courses: Sequence[Course], year: AcademicYear, look: Look) -> None:
    days = [review.reviewed_on for course in courses for review in course.reviews]
    days += [course.next_on for course in courses if course.next_on]
    first, last = min([year.starts, *days]).toordinal(), max([year.ends, *days]).toordinal()
    air = (last - first) * _AIR
    every = 6 if look.narrow else 3
    months = [date(start, month, 1) for start in range(year.start, year.start + 4) for month in range(1, 13)]
    room = last - (last - first) * _FOR_A_LABEL
    ticks = [each for each in months if first <= each.toordinal() <= room and (each.month - 9) % every == 0]
    figure.update_xaxes(
        range=[first - air, last + air],
        ticklabelposition="outside right",  # at the left edge a label in the middle would be cut
        tickvals=[each.toordinal() for each in ticks],
        ticktext=[sentence(f"{each:%b} {each.year}") for each in ticks],
    )
