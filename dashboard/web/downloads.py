"""Files that are kept: their names, their kinds, and that browsers save them instead of showing them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import flask

from dashboard.sheets import to_csv, to_xlsx

TABLES: Final[Mapping[str, str]] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The endings of tables, and what they are."""


def send_file(content: bytes | str, media_type: str, name: str) -> flask.Response:
    """A file to keep under a name."""
    answer = flask.Response(content, mimetype=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def send_table(frame: Any, name: str, ending: str, *, title: str, made_up: bool) -> flask.Response:
    """A frame as a file to keep, in which no text is a formula; its name says where something in it is made up."""
    write: Callable[[Any], bytes] = to_csv if ending == "csv" else partial(to_xlsx, title=title)
    return send_file(write(frame), TABLES[ending], f"{name}{'-illustrative' if made_up else ''}.{ending}")
