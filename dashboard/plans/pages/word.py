"""The plan of a year as a Word document to keep."""

from datetime import date
from typing import Final

import flask
from flask import Blueprint
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object
from dashboard.directory.view import view_cluster
from dashboard.plans.queries import load_plans
from dashboard.plans.word import MEDIA_TYPE, as_document
from dashboard.web.asked import asked_year
from dashboard.web.context import the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.downloads import send_file

word_pages = Blueprint("plan_word", __name__)

_ADDRESS: Final = "/cluster/<slug>/plan/word"


@word_pages.get(_ADDRESS)
@needs(Action.SEE, Object.PLAN)
def word(slug: str) -> ResponseReturnValue:
    """The document, under a name that says so where something in it is made up; 404 where the year has no plan."""
    year = asked_year()
    with access.reading(the_store(), the_scope()) as reading:
        view = view_cluster(reading, the_scope(), slug, year=year, as_of=date.today()) if slug.isprintable() else None
        if view is None:
            not_there("see", "plan", slug)
        plans = load_plans(reading, the_scope(), view.cluster_years)
    if not plans:
        flask.abort(404)
    (plan,) = plans
    name = "-".join(filter(None, ("plan", plan.cluster, str(plan.year), "illustrative" if plan.illustrative else "")))
    return send_file(as_document(plan), MEDIA_TYPE, f"{name}.docx")
