"""A browser at the pages of accounts."""

from typing import Any

from flask.sessions import SecureCookieSessionInterface

from dashboard.access import Reader
from dashboard.accounts.link_pages import link_pages
from dashboard.accounts.people import people_pages
from dashboard.benchmarks.open_book_pages import open_book_pages
from dashboard.benchmarks.pages import figure_pages
from dashboard.db import Store
from dashboard.decisions.pages import decision_pages
from tests import plain_pages


class Sessions(SecureCookieSessionInterface):
    """Sessions in the cookie, which note that they were given another token."""

    def regenerate(self, session: Any) -> None:
        session["another token"] = True


class Browser(plain_pages.Browser):
    pages = (people_pages, link_pages, open_book_pages, figure_pages, decision_pages)

    def __init__(self, store: Store, reader: Reader | None) -> None:
        super().__init__(store, reader)
        self.app.session_interface = Sessions()
