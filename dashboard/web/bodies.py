"""How much anybody may send: as much as a form or a callback of ours needs, and no more is read."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import flask

View = TypeVar("View", bound=Callable[..., Any])

LONGEST_BODY: Final = 64 * 1024
"""Bytes. The server in front (`serving.py`) turns away what is much longer before it reaches this one."""

LONGEST_UPLOAD: Final = 8 * 1024 * 1024
"""Bytes that a form with a file may have where its view `takes_files`. What a single file may be, the view says."""

MOST_FIELDS: Final = 200
"""Fields of a form that may carry files."""


LONGEST_ROWS: Final = 512 * 1024
"""Bytes that a form of many rows may have where its view `takes_rows`."""


def takes_rows(view: View) -> View:
    """Say of a view that a form of many rows is sent to it."""
    view.takes_rows = True  # type: ignore[attr-defined]
    return view


def takes_files(view: View) -> View:
    """Say of a view that a form with a file is sent to it."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def limit_bodies(server: flask.Flask) -> None:
    """Answer 413 to what is longer, before it is read. Call it before whatever looks into forms."""
    server.config.update(
        MAX_CONTENT_LENGTH=LONGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LONGEST_BODY,
        MAX_FORM_PARTS=MOST_FIELDS,
    )
    server.before_request(_let_more_in)
    server.register_error_handler(413, _too_long)


def _let_more_in() -> None:
    view = flask.current_app.view_functions.get(flask.request.endpoint or "")
    if getattr(view, "takes_files", False):
        flask.request.max_content_length = LONGEST_UPLOAD
    if getattr(view, "takes_rows", False):
        flask.request.max_content_length = flask.request.max_form_memory_size = LONGEST_ROWS


def _too_long(_why: Exception) -> flask.Response:
    return flask.Response("More was sent than this address takes. Nothing was stored.", 413, mimetype="text/plain")
