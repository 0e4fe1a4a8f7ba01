"""Counts what a server turned away, for the status page and for tests. Held in memory: a restart begins anew."""

from collections import Counter
from collections.abc import Mapping
from threading import Lock
from typing import Final

import flask
from flask import current_app

_COUNTS: Final = "schools-cluster-tally"
_LOCK: Final = Lock()


def tally(what: str) -> None:
    """Count one more of these, for the server that answers at present."""
    with _LOCK:
        current_app.extensions.setdefault(_COUNTS, Counter())[what] += 1


def tallied(server: flask.Flask) -> Mapping[str, int]:
    """How many of each there were since this server was put together; none of what never happened."""
    with _LOCK:
        return Counter(server.extensions.get(_COUNTS, {}))
