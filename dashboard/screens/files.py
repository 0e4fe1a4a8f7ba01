"""The tables of the screens as files: by the same scope, the same year and choices, and the same list of panels as the
page that shows them. And the clusters of the overview as rows.
"""

from datetime import date
from typing import Final

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object
from dashboard.overview.filters import Filters
from dashboard.screens.addresses import Place, find_place
from dashboard.screens.director import load_rows
from dashboard.screens.overview_rows import clusters_sheet
from dashboard.screens.visit import Visit
from dashboard.ui.panel import TableFile, table_file
from dashboard.ui.theme import Look
from dashboard.web.context import the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there, signed_in
from dashboard.web.downloads import send_table
from dashboard.web.rows import nothing_recorded, send_rows, show_rows

table_files: Final = Blueprint("table_files", __name__)
_FILE: Final = "files/<name>.<any(csv, xlsx):ending>"


@table_files.get(f"/{_FILE}")
@signed_in
def of_all_clusters(name: str, ending: str) -> ResponseReturnValue:
    """The table of a panel of the overview."""
    return _send(("/",), None, name, ending)


@table_files.get(f"/cluster/<slug>/{_FILE}")
@signed_in
def of_cluster(slug: str, name: str, ending: str) -> ResponseReturnValue:
    """The table of a panel of a cluster: of its page, or of those of its money and its plan."""
    return _send((f"/cluster/{slug}", f"/cluster/{slug}/money", f"/cluster/{slug}/plan"), slug, name, ending)


@table_files.get(f"/school/<slug>/{_FILE}")
@signed_in
def of_school(slug: str, name: str, ending: str) -> ResponseReturnValue:
    """The table of a panel of a school's page."""
    return _send((f"/school/{slug}",), slug, name, ending)


def _send(paths: tuple[str, ...], slug: str | None, name: str, ending: str) -> ResponseReturnValue:
    """The file of the first of some pages that shows a panel of that name to the reader; else nothing is there."""
    places = [place for place in map(find_place, paths) if place is not None]
    found = next((file for place in places if (file := _file(place, name)) is not None), None)
    if found is None:
        not_there("see", places[0].screen.shows if places else Object.OVERVIEW, slug or "/")
    file_name = "-".join(filter(None, (name, slug, request.args.get("year", "")[:7])))
    return send_table(found.frame, file_name, ending, title=found.title, made_up=found.made_up)


def _file(place: Place, name: str) -> TableFile | None:
    scope = place.scope(the_reader())
    if scope.empty or place.screen.look is None:
        return None
    visit = Visit(the_reader(), scope, date.today(), request.path, request.args.to_dict(), Look())
    with access.reading(the_store(), scope) as session:
        sight = place.screen.look(session, visit, *place.values)
        panel = next((each for each in sight.panels if each.id == name), None) if sight is not None else None
        return table_file(panel, session, sight.view) if sight is not None and panel is not None else None


@table_files.get("/rows/clusters")
@table_files.get("/rows/clusters.<any(csv, xlsx):ending>")
@needs(Action.SEE, Object.OVERVIEW)
def clusters(ending: str | None = None) -> ResponseReturnValue:
    """The clusters of the overview, one row each, with what the figures over all of them add up."""
    choices = request.args.to_dict()
    filters = Filters.read(choices)
    visit = Visit(the_reader(), the_scope(), date.today(), request.path, choices, Look())
    with access.reading(the_store(), the_scope()) as session:
        sheet = clusters_sheet(filters.keep(load_rows(session, visit, filters)), filters.year)
    if sheet is None:
        sheet = nothing_recorded("Rows of all clusters")
    if ending is not None:
        return send_rows(sheet, "clusters", ending)
    return show_rows(sheet, ("All clusters", filters.address()))
