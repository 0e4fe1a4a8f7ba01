"""The tick of a decision. It is noted, and listed, on the page whose figures it was taken on."""

from datetime import date

import flask
from flask import Blueprint
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object
from dashboard.decisions.commands import DecisionBook, NoSuchDecision
from dashboard.decisions.words import PAGES, About
from dashboard.web.context import the_actor, the_scope, the_store
from dashboard.web.door import needs, not_there

decision_pages = Blueprint("decisions", __name__, template_folder="templates")


@decision_pages.post("/cluster/<slug>/decisions/<int(max=2147483647):decision_id>/<any(done, undone):what>")
@needs(Action.EDIT, Object.DECISIONS)
def tick(slug: str, decision_id: int, what: str) -> ResponseReturnValue:
    """Say that a decision was carried out, or that it was not after all, and go back to the page it was taken on."""
    try:
        with access.writing(the_store(), the_scope()) as writing:
            row = DecisionBook(writing, the_actor(), the_scope(), date.today()).tick(
                slug, decision_id, done=what == "done"
            )
            about, year = About(row.about), row.year
    except NoSuchDecision:
        not_there("edit", Object.DECISIONS, f"decision {decision_id}")
    flask.flash("The decision is ticked as done." if what == "done" else "The decision is open again.")
    asked = f"?year={AcademicYear(year)}" if year is not None else ""
    return flask.redirect(f"/cluster/{slug}/{PAGES.get(about, 'decisions')}{asked}#decisions", 303)
