"""What every answer of the server gets, whatever the page: style sheet, compression, status, health."""

import logging
from datetime import timedelta
from importlib.metadata import version
from typing import Final

import flask
from flask_bootstrap import Bootstrap5
from flask_compress import Compress

from dashboard import migrations
from dashboard.access import EVERYTHING
from dashboard.db import Store
from dashboard.screens.addresses import is_there

log = logging.getLogger(__name__)

BOOTSTRAP_CSS: Final = f"/bootstrap/static/css/bootstrap.min.css?v={version('bootstrap-flask')}"
_FILES: Final = ("/_dash-component-suites/", "/assets/", "/bootstrap/")
_NOT_PAGES: Final = (*_FILES, "/_dash", "/_reload-hash", "/_favicon.ico", "/healthz", "/readyz")


def dress(server: flask.Flask, store: Store) -> None:
    """Add to Dash's server what it does not bring."""
    Bootstrap5(server)
    _add_health(server, store)
    _answer_unknown_addresses(server, store)
    _compress(server)


class _CompressedFiles(dict[str, bytes]):
    """Compressed forms of the files that never change while the program runs; pages and figures are never kept."""

    def set(self, key: str, content: bytes) -> None:
        if not key.endswith(";"):
            self[key] = content


def _compress(server: flask.Flask) -> None:
    def key(request: flask.Request) -> str:
        return request.path if request.path.startswith(_FILES) else ""

    def hold(response: flask.Response) -> flask.Response:
        # A file that is streamed from the disk would go out uncompressed.
        if flask.request.path.startswith(_FILES) and response.is_streamed:
            response.direct_passthrough = False
            response.get_data()
        return response

    server.config.update(
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),  # every address of a file names its version
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_STREAMS=False,  # a file is compressed once and kept, not streamed anew for each reader
        COMPRESS_CACHE_KEY=key,
        COMPRESS_CACHE_BACKEND=_CompressedFiles,
    )
    Compress(server)
    server.after_request(hold)  # of these, the one that is added last goes first


def _add_health(server: flask.Flask, store: Store) -> None:
    def healthz() -> tuple[str, int]:
        return "ok", 200

    def readyz() -> tuple[str, int]:
        try:
            current = migrations.current_revision(store)
        except Exception:
            log.exception("the store cannot be reached")
            return "the store cannot be reached", 503
        return ("ready", 200) if current == migrations.newest_revision() else ("the schema is not current", 503)

    server.add_url_rule("/healthz", view_func=healthz)
    server.add_url_rule("/readyz", view_func=readyz)


def _answer_unknown_addresses(server: flask.Flask, store: Store) -> None:
    """Dash answers every address with its shell and 200; one where nothing is to be seen must say 404."""

    def set_status(response: flask.Response) -> flask.Response:
        path = flask.request.path
        if response.status_code == 200 and flask.request.method in {"GET", "HEAD"} and not path.startswith(_NOT_PAGES):
            try:
                with store.reading() as session:
                    if not is_there(session, EVERYTHING, path):
                        response.status_code = 404
            except Exception:
                log.exception("the store cannot be reached")  # the shell still goes out, and its page says so
                response.status_code = 503
        return response

    server.after_request(set_status)
