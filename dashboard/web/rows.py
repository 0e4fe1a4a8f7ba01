"""Shows the rows beneath a figure: as a page whose foot adds them up, and as a file to keep."""

from typing import Final

import flask
from flask import request
from flask.typing import ResponseReturnValue

from dashboard.ui.rows import Sheet
from dashboard.web.downloads import TABLES, send_table
from dashboard.web.pages import page

MOST_ROWS: Final = 3_000
"""So many rows stand on a page; the foot is that of all, and a file has all."""
EVERY_ROW: Final = 1_000_000
"""As many as a workbook holds."""


def nothing_recorded(title: str) -> Sheet:
    """What stands where nothing is recorded, for who asks for no more than a year; whoever asks for something that is
    not there gets the answer for that.
    """
    if set(request.args) - {"year"}:
        flask.abort(404)
    return Sheet(title, "Nothing is recorded here yet, or nothing that is yours to see.", ())


def show_rows(sheet: Sheet, back: tuple[str, str]) -> ResponseReturnValue:
    """The page of a sheet; `back` is the name and address of where its figures stand."""
    some, every = sheet.made_up
    query = request.query_string.decode("ascii", "ignore")
    return page(
        "rows.html", sheet.title, sheet=sheet, back=back, most=MOST_ROWS, some=some, every=every,
        files={ending: f"{request.path}.{ending}{f'?{query}' if query else ''}" for ending in TABLES},
    )  # fmt: skip


def send_rows(sheet: Sheet, name: str, ending: str) -> ResponseReturnValue:
    """The same as a file."""
    return send_table(sheet.frame(), name, ending, title=sheet.title, made_up=sheet.made_up[0])
