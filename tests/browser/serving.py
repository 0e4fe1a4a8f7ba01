"""Serves the product from within this process, on a port of its own, for as long as somebody looks."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date
from typing import Final

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from dashboard import migrations
from dashboard.access import whole_store
from dashboard.db import Store
from dashboard.importing import load_sample
from dashboard.main import create_app
from dashboard.serving import SAMPLE
from dashboard.settings import Settings

SECRET: Final = "a secret for tests, long enough to sign with"
TODAY: Final = date(2026, 9, 7)
"""The day it is for the product: after every year of the sample, so that only changes of ours change what is shown."""


class _Silent(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nobody reads the log of a test."""


@contextmanager
def served(address: str, fill: Callable[[Store], object], port: int = 0) -> Generator[str]:
    """Fill the store at a database address, serve it, and give the address of `/` without the last slash.

    On a port where something was served before it is the same server after a restart.
    """
    store = whole_store(address)
    fill(store)
    try:
        with running(create_app(store, Settings(secret_key=SECRET), lambda: TODAY).server, port) as base:
            yield base
    finally:
        store.close()


@contextmanager
def running(app: Flask, port: int = 0) -> Generator[str]:
    """Serve an application that is there, and give the address of `/` without the last slash."""
    # Not waitress: this one stops when asked, and is not what is under test.
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def fill_with_sample(store: Store) -> None:
    """What a first start shows."""
    migrations.upgrade(store)
    load_sample(store, SAMPLE, lambda line: None)
