"""A small server with the pages of accounts behind the real door, and a browser that keeps its forms' tokens."""

import re
from typing import Any, Final

import flask
from flask import Blueprint
from flask.sessions import SecureCookieSessionInterface
from flask_wtf import CSRFProtect
from werkzeug.test import TestResponse

from dashboard.access import Reader
from dashboard.accounts.link_pages import link_pages
from dashboard.accounts.open_book_pages import open_book_pages
from dashboard.accounts.people import people_pages
from dashboard.db import Store
from dashboard.web.context import set_store
from dashboard.web.door import guard
from dashboard.web.pages import teach

_TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')


class Sessions(SecureCookieSessionInterface):
    """Sessions in the cookie, which note that they were given another token."""

    def regenerate(self, session: Any) -> None:
        session["another token"] = True


def small_app(store: Store, reader: Reader | None) -> flask.Flask:
    """The pages over a store whose wall stands, for one reader."""
    app = flask.Flask("small")
    app.config.update(SECRET_KEY="for tests alone", TESTING=True)
    app.session_interface = Sessions()
    set_store(app, store)
    guard(app, lambda: reader)
    CSRFProtect(app)
    app.register_blueprint(Blueprint("_dash_assets", __name__, static_folder="nowhere", static_url_path="/assets"))
    teach(app)
    for pages in (people_pages, link_pages, open_book_pages):
        app.register_blueprint(pages)
    return app


class Browser:
    """Reads pages as one reader, and sends the forms that stand on them with the token that stands there."""

    def __init__(self, store: Store, reader: Reader | None) -> None:
        self.app = small_app(store, reader)
        self.client = self.app.test_client()

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(self, path: str, page: str = "/", **data: Any) -> TestResponse:
        """Send a form; `page` is where its token is taken from."""
        token = _TOKEN.search(self.get(page).text)
        assert token is not None, f"no form on {page}"
        return self.client.post(path, data={"csrf_token": token[1], **data})
