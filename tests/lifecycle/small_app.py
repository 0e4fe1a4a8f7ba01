"""A small server with the page of events behind the real door, and a browser that keeps its forms' tokens."""

import re
from typing import Any, Final

import flask
from flask import Blueprint
from flask_wtf import CSRFProtect
from werkzeug.test import TestResponse

from dashboard.access import Reader
from dashboard.db import Store
from dashboard.lifecycle.pages import pages
from dashboard.web.context import set_store
from dashboard.web.door import guard
from dashboard.web.pages import teach

PAGE: Final = "/cluster/mill-cluster/events"
_TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """Reads the page as one reader, over a store whose wall stands, and sends the forms that stand on it."""

    def __init__(self, store: Store, reader: Reader) -> None:
        app = flask.Flask("small")
        app.config.update(SECRET_KEY="for tests alone", TESTING=True)
        set_store(app, store)
        guard(app, lambda: reader)
        CSRFProtect(app)
        app.register_blueprint(Blueprint("_dash_assets", __name__, static_folder="nowhere", static_url_path="/assets"))
        teach(app)
        app.register_blueprint(pages)
        self.client = app.test_client()

    def get(self, path: str = PAGE) -> TestResponse:
        return self.client.get(path)

    def tell(self, what: str, **said: Any) -> TestResponse:
        """Record something by its form."""
        return self.send(f"{PAGE}?new={what}", f"{PAGE}?new={what}", **said)

    def send(self, path: str, form_on: str, **said: Any) -> TestResponse:
        """Send a form with the token that stands on a page."""
        token = _TOKEN.search(self.get(form_on).text)
        assert token is not None, f"no form on {form_on}"
        return self.client.post(path, data={"csrf_token": token[1], **said})
