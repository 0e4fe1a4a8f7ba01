"""The lines that a ledger lists, as a file: the same filters, the columns of an import."""

from collections.abc import Callable
from functools import partial

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object
from dashboard.directory.queries import find_cluster
from dashboard.funding.asked import read_filters
from dashboard.funding.exports import load_listed
from dashboard.sheets import to_csv, to_xlsx
from dashboard.web.context import the_scope, the_store
from dashboard.web.door import needs, not_there

download_pages = Blueprint("ledger_files", __name__)

_TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


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
    write: Callable[..., bytes] = to_csv if ending == "csv" else partial(to_xlsx, title="Spend")
    made_up = "illustrative" if frame.attrs["illustrative"] else ""
    name = "-".join(filter(None, ("ledger", cluster.slug, said.get("year"), made_up)))
    answer = flask.Response(write(frame), mimetype=_TYPES[ending])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.{ending}")
    return answer
