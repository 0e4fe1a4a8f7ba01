"""Shows the rows beneath a figure: as a page whose foot adds them up, and as a file to keep."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import flask
from flask import request
from flask.typing import ResponseReturnValue

from dashboard.academic_year import AcademicYear
from dashboard.sheets import to_csv, to_xlsx
from dashboard.ui.rows import Sheet
from dashboard.web.pages import page

MOST_ROWS: Final = 3_000
"""So many rows stand on a page; the foot is that of all, and a file has all."""
EVERY_ROW: Final = 1_000_000
"""As many as a workbook holds."""
TYPES: Final[Mapping[str, str]] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def year_asked() -> AcademicYear | None:
    """The year that an address of rows names; what is none answers like what is not there."""
    written = request.args.get("year")
    if written is None:
        return None
    try:
        return AcademicYear.parse(written)
    except ValueError:
        flask.abort(404)


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
        files={ending: f"{request.path}.{ending}{f'?{query}' if query else ''}" for ending in TYPES},
    )  # fmt: skip


def send_rows(sheet: Sheet, name: str, ending: str) -> ResponseReturnValue:
    """The same as a file."""
    return send_table(sheet.frame(), name, ending, title=sheet.title, made_up=sheet.made_up[0])


def send_table(frame: Any, name: str, ending: str, *, title: str, made_up: bool) -> flask.Response:
    """A frame as a file to keep, in which no text is a formula; its name says where something in it is made up."""
    write: Callable[[Any], bytes] = to_csv if ending == "csv" else partial(to_xlsx, title=title)
    answer = flask.Response(write(frame), mimetype=TYPES[ending])
    file_name = f"{name}{'-illustrative' if made_up else ''}.{ending}"
    answer.headers.set("Content-Disposition", "attachment", filename=file_name)
    return answer
