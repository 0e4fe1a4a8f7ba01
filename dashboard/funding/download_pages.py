"""The lines that a ledger lists, as a file: the same filters, the columns of an import."""

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object
from dashboard.directory.queries import find_cluster
from dashboard.funding.asked import read_filters
from dashboard.funding.exports import load_listed
from dashboard.web.context import the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.downloads import send_table

download_pages = Blueprint("ledger_files", __name__)


@download_pages.get("/cluster/<slug>/ledger.<any(csv, xlsx):ending>")
@needs(Action.SEE, Object.LEDGER)
def download(slug: str, ending: str) -> ResponseReturnValue:
    """All pages of the list that the same address shows; a name that says so where something in it is made up."""
    try:
        filters, said = read_filters(request.args)
    except ValueError:
        flask.abort(404)
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_cluster(reading, the_scope(), slug) if slug.isprintable() else None
        if cluster is None:
            not_there("see", "ledger", slug)
        frame = load_listed(reading, the_scope(), cluster.id, filters)
    name = "-".join(filter(None, ("ledger", cluster.slug, said.get("year"))))
    return send_table(frame, name, ending, title="Spend", made_up=frame.attrs["illustrative"])
