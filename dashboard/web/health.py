"""Whether the process lives, and whether it can answer: for whatever keeps it running."""

import logging

import flask

from dashboard import migrations
from dashboard.db import Store
from dashboard.web.door import public

log = logging.getLogger(__name__)


def add_health(server: flask.Flask, store: Store) -> None:
    """Add `/healthz` and `/readyz`. Both are for everybody and say nothing but that."""

    @public
    def healthz() -> tuple[str, int]:
        return "ok", 200

    @public
    def readyz() -> tuple[str, int]:
        try:
            current = migrations.current_revision(store)
        except Exception:
            log.exception("the store cannot be reached")
            return "the store cannot be reached", 503
        return ("ready", 200) if current == migrations.newest_revision() else ("the schema is not current", 503)

    server.add_url_rule("/healthz", view_func=healthz)
    server.add_url_rule("/readyz", view_func=readyz)
