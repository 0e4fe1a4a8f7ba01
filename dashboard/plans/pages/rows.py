"""The rows beneath the figures of a plan, as plain pages and as files."""

from dataclasses import replace
from datetime import date
from typing import Final, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object
from dashboard.directory.view import view_cluster
from dashboard.plans.rows import BY, WHOLE_ONLY, Asked, load_rows
from dashboard.web.asked import asked_year
from dashboard.web.context import the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.rows import nothing_recorded, send_rows, show_rows
from dashboard.wording import amid

row_pages: Final = Blueprint("plan_rows", __name__)


@row_pages.get("/cluster/<slug>/rows/plan")
@row_pages.get("/cluster/<slug>/rows/plan.<any(csv, xlsx):ending>")
@needs(Action.SEE, Object.PLAN)
def plan(slug: str, ending: str | None = None) -> ResponseReturnValue:
    """The success criteria of a cluster's year, or its targets, aims, days, changes, questions and reviews."""
    by, year, since = request.args.get("by", ""), asked_year(), _since()
    if by not in BY:
        flask.abort(404)
    asked = Asked(by, request.args.get("target"), request.args.get("what"))
    with access.reading(the_store(), the_scope()) as reading:
        view = view_cluster(reading, the_scope(), slug, year=year, as_of=date.today())
        if view is None or view.cluster is None or not view.of_a_member:
            _nowhere(slug)
        if by in WHOLE_ONLY and not view.cluster.whole:
            _nowhere(slug)
        sheet = load_rows(reading, replace(view, since=since), asked)
    if sheet is None:
        sheet = nothing_recorded(f"Plan of {amid(view.cluster.name)}, {view.year}")
    if ending is not None:
        return send_rows(sheet, f"plan-{slug}-{view.year}", ending)
    return show_rows(sheet, (f"Plan of {amid(view.cluster.name)}", f"/cluster/{slug}/plan?year={view.year}"))


def _since() -> date | None:
    written = request.args.get("since")
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        flask.abort(404)


def _nowhere(slug: str) -> NoReturn:
    not_there("see", Object.PLAN, slug)
