"""A small server with plain pages behind the real door, and a browser that sends their forms with their tokens."""

import re
from typing import Any, ClassVar, Final

import flask
import pytest
from flask import Blueprint
from flask_wtf import CSRFProtect
from werkzeug.test import TestResponse

from dashboard.access import Reader
from dashboard.db import Store
from dashboard.web.context import set_store
from dashboard.web.door import guard
from dashboard.web.pages import teach

BEHIND_THE_WALL: Final = pytest.mark.behind_the_wall
"""For tests of pages: behind the second wall alone. What pages read and write is tried on both databases
without them, and browsers see the pages over SQLite.
"""
_TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')


def small_app(store: Store, reader: Reader | None, *blueprints: Blueprint) -> flask.Flask:
    """The pages over a store whose wall stands, for one reader."""
    app = flask.Flask("small")
    app.config.update(SECRET_KEY="for tests alone", TESTING=True)
    set_store(app, store)
    guard(app, lambda: reader)
    CSRFProtect(app)
    app.register_blueprint(Blueprint("_dash_assets", __name__, static_folder="nowhere", static_url_path="/assets"))
    teach(app)
    for pages in blueprints:
        app.register_blueprint(pages)
    return app


class Browser:
    """Reads pages as one reader, and sends the forms that stand on them with the token that stands there."""

    pages: ClassVar[tuple[Blueprint, ...]] = ()
    """What the server has."""
    form_on: ClassVar[str] = "/"
    """Where a token is taken from, unless another page is named."""

    def __init__(self, store: Store, reader: Reader | None) -> None:
        self.app = small_app(store, reader, *self.pages)
        self.client = self.app.test_client()

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def token(self, page: str | None = None) -> str:
        """What the forms of a page carry."""
        found = _TOKEN.search(self.get(page or self.form_on).text)
        assert found is not None, f"no form on {page or self.form_on}"
        return found[1]

    def post(self, path: str, page: str | None = None, **data: Any) -> TestResponse:
        """Send a form; `page` is where its token is taken from."""
        return self.client.post(path, data={"csrf_token": self.token(page), **data})
