"""The headteacher's page on the open book: what it means, and the two buttons."""

from datetime import date

import flask
from flask import Blueprint
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object
from dashboard.accounts.open_book import OpenBookRefused, OpenBooks, load_open_books
from dashboard.web.context import the_actor, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page

open_book_pages = Blueprint("open_book", __name__, template_folder="templates")


@open_book_pages.get("/open-book")
@needs(Action.EDIT, Object.OPEN_BOOK)
def open_book() -> ResponseReturnValue:
    """Each own school in each of its clusters."""
    with access.reading(the_store(), the_scope()) as reading:
        rows = load_open_books(reading, the_scope(), date.today())
    return page("open_book.html", "Open book", rows=rows)


@open_book_pages.post(
    "/open-book/<int(max=2147483647):cluster_id>/<int(max=2147483647):school_id>/<any(agree, withdraw):what>"
)
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
