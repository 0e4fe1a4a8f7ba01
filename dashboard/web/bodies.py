"""How much anybody may send: as much as a form or a callback of ours needs, and no more is read."""

from typing import Final

import flask

LONGEST_BODY: Final = 64 * 1024
"""Bytes. The server in front (`serving.py`) turns away what is much longer before it reaches this one."""

MOST_FIELDS: Final = 200
"""Fields of a form that may carry files."""


def limit_bodies(server: flask.Flask) -> None:
    """Answer 413 to what is longer, before it is read. A view that takes files sets a limit of its own."""
    server.config.update(
        MAX_CONTENT_LENGTH=LONGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LONGEST_BODY,
        MAX_FORM_PARTS=MOST_FIELDS,
    )
    server.register_error_handler(413, _too_long)


def _too_long(_why: Exception) -> flask.Response:
    return flask.Response("More was sent than this address takes. Nothing was stored.", 413, mimetype="text/plain")
