"""The rows beneath the figures of money, as plain pages and as files."""

from dataclasses import replace
from datetime import date
from typing import Final, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object, Scope, scope_for
from dashboard.directory.queries import ClusterFacts
from dashboard.directory.view import view_cluster
from dashboard.funding.asked import read_filters
from dashboard.funding.rows import BY, WHOLE_ONLY, Asked, load_rows
from dashboard.web.asked import asked_year
from dashboard.web.context import the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.rows import EVERY_ROW, MOST_ROWS, nothing_recorded, send_rows, show_rows
from dashboard.wording import amid

row_pages: Final = Blueprint("money_rows", __name__)


@row_pages.get("/cluster/<slug>/rows/money")
@row_pages.get("/cluster/<slug>/rows/money.<any(csv, xlsx):ending>")
@needs(Action.SEE, Object.MONEY)
def money(slug: str, ending: str | None = None) -> ResponseReturnValue:
    """Balances, allocations and lines of a cluster's year, or what they come to by part, use, school or target."""
    asked, year = _asked(ending), asked_year()
    with access.reading(the_store(), the_scope()) as reading:
        view = view_cluster(reading, the_scope(), slug, year=year, as_of=date.today())
        if view is None or view.cluster is None or not view.of_a_member:
            _nowhere(slug)
        if asked.by in WHOLE_ONLY and not view.cluster.whole:
            _nowhere(slug)
        sheet = load_rows(reading, replace(view, opens_ledger=_opens_ledger(view.cluster)), asked)
    if sheet is None:
        sheet = nothing_recorded(f"Money of {amid(view.cluster.name)}, {view.year}")
    if ending is not None:
        return send_rows(sheet, f"money-{slug}-{view.year}", ending)
    return show_rows(sheet, (f"Money of {amid(view.cluster.name)}", f"/cluster/{slug}/money?year={view.year}"))


def _opens_ledger(cluster: ClusterFacts) -> bool:
    """Whether the reader may open lines of the cluster, or those of the own school."""
    reach: Scope = scope_for(the_reader(), Action.SEE, Object.LEDGER)
    own = not cluster.whole and bool(reach.school_ids & the_scope().school_ids)
    return own or reach.holds(cluster.id, cluster.programme_id)


def _asked(ending: str | None) -> Asked:
    """What the address asks for; what is none of it answers like what is not there."""
    by = request.args.get("by", "")
    try:
        filters, _ = read_filters(request.args)
    except ValueError:
        flask.abort(404)
    if by not in BY:
        flask.abort(404)
    return Asked(by, filters, request.args.get("what"), MOST_ROWS if ending is None else EVERY_ROW)


def _nowhere(slug: str) -> NoReturn:
    not_there("see", Object.MONEY, slug)
