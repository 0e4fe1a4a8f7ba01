"""The headteacher's page on the open book: what it means, the two buttons, and the figures to be confirmed."""

from collections.abc import Mapping
from datetime import date

import flask
from flask import Blueprint
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object
from dashboard.benchmarks import sentences
from dashboard.benchmarks.checks import (
    Answer,
    Contradiction,
    FiguresRefused,
    NoSuchFigure,
    find_contradictions,
)
from dashboard.benchmarks.commands import AnswerBook
from dashboard.benchmarks.figures import pair_up
from dashboard.benchmarks.forms import AnswerForm
from dashboard.benchmarks.open_book import OpenBookRefused, OpenBooks, load_open_books
from dashboard.benchmarks.queries import load_answers, load_figures
from dashboard.web.context import the_actor, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page

open_book_pages = Blueprint("open_book", __name__, template_folder="templates")
_PLACE = "/open-book/<int(max=2147483647):cluster_id>/<int(max=2147483647):school_id>"


@open_book_pages.get("/open-book")
@needs(Action.EDIT, Object.OPEN_BOOK)
def open_book() -> ResponseReturnValue:
    """Each own school in each of its clusters."""
    return _page({})


@open_book_pages.post(f"{_PLACE}/<any(agree, withdraw):what>")
@needs(Action.EDIT, Object.OPEN_BOOK)
def change(cluster_id: int, school_id: int, what: str) -> ResponseReturnValue:
    """Open the school's book to a cluster, or close it."""
    try:
        with access.writing(the_store(), the_scope()) as writing:
            books = OpenBooks(writing, the_actor(), the_scope())
            (books.agree if what == "agree" else books.withdraw)(cluster_id, school_id, date.today())
    except OpenBookRefused:
        not_there("edit", "open book", f"cluster {cluster_id}, school {school_id}")
    flask.flash("The book is open." if what == "agree" else "The book is closed.")
    return flask.redirect(flask.url_for("open_book.open_book"), 303)


@open_book_pages.post(f"{_PLACE}/figures/<year>/<key>")
@needs(Action.EDIT, Object.OPEN_BOOK)
def answer(cluster_id: int, school_id: int, year: str, key: str) -> ResponseReturnValue:
    """Say which of the school's figures is right (1.9)."""
    form, where = AnswerForm(prefix=f"{key}-"), f"cluster {cluster_id}, school {school_id}"
    if school_id not in the_scope().school_ids:
        not_there("edit", "open book", where)
    try:
        of_year = AcademicYear.parse(year)
    except ValueError:
        not_there("edit", "open book", where)
    if form.validate_on_submit():
        try:
            with access.writing(the_store(), the_scope()) as writing:
                AnswerBook(writing, the_actor(), the_scope(), date.today()).answer(
                    cluster_id, school_id, of_year, key, form.said
                )
        except NoSuchFigure:
            not_there("edit", "open book", where)
        except FiguresRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash("Thank you. Your answer stands beside the printed figure.")
            return flask.redirect(flask.url_for("open_book.open_book", _anchor="figures"), 303)
    return _page({key: form}), 422


def _page(sent: Mapping[str, AnswerForm]) -> str:
    """The page; `sent` is the form that came and was refused, by the key of its question."""
    scope, today = the_scope(), date.today()
    with access.reading(the_store(), scope) as reading:
        rows = load_open_books(reading, scope, today)
        figures = load_figures(reading, scope, today, others=False)
        answers = load_answers(reading, scope, today, others=False)
    asked = pair_up(find_contradictions(figures), answers)
    return page(
        "open_book.html", "Open book", rows=rows, say=sentences,
        asked={(row.cluster_id, row.school_id): _of(asked, row.cluster_id, row.school_id) for row in rows},
        with_figures={(each.cluster_id, each.school_id) for each in figures},
        forms={found.key: _form(found, said, sent) for found, said in asked},
        problem=next(iter(sent.values()), None), year_of=AcademicYear,
    )  # fmt: skip


def _of(
    asked: list[tuple[Contradiction, Answer | None]], cluster_id: int, school_id: int
) -> list[tuple[Contradiction, Answer | None]]:
    return [pair for pair in asked if (pair[0].cluster_id, pair[0].school_id) == (cluster_id, school_id)]


def _form(found: Contradiction, said: Answer | None, sent: Mapping[str, AnswerForm]) -> AnswerForm:
    """The form of a question as it came, else as it was answered last."""
    given = {"answer": said.answer.value, "value": said.value, "note": said.note} if said else {}
    return sent.get(found.key) or AnswerForm(formdata=None, prefix=f"{found.key}-", **given)
