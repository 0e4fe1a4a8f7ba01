"""Plain pages: a template in the frame of the product, for forms and lists that need no chart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import flask
from flask import Blueprint, render_template, url_for

from dashboard.access import Action, Object, Reader, may
from dashboard.settings import PROJECT_ROOT
from dashboard.web.bootstrap import BOOTSTRAP_CSS
from dashboard.web.context import session_ends, the_reader
from dashboard.wording import amid, day


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu at the top."""

    words: str
    href: str


_ASSETS: Final = PROJECT_ROOT / "assets"

_MENU = (
    (Action.EDIT, Object.REGISTER, MenuItem("Registers", "/registers")),
    (Action.SEE, Object.LEDGER, MenuItem("Ledger", "/ledger")),
    (Action.SEE, Object.CONCERNS, MenuItem("Concerns", "/concerns")),
    (Action.SEE, Object.WORKGROUP, MenuItem("Workgroups", "/workgroups")),
    (Action.SEE, Object.REQUESTS, MenuItem("Requests", "/requests")),
    (Action.SEE, Object.CLUSTER, MenuItem("Your calendar", "/feeds")),
    (Action.EDIT, Object.OPEN_BOOK, MenuItem("Open book", "/open-book")),
    (Action.EDIT, Object.PEOPLE, MenuItem("People", "/people")),
    (Action.EDIT, Object.CONTACTS, MenuItem("Contacts", "/contacts")),
    (Action.SEE, Object.AUDIT, MenuItem("Who did what", "/audit")),
)


def menu_of(reader: Reader) -> list[MenuItem]:
    """The plain pages that lead somewhere for this reader."""
    return [item for action, thing, item in _MENU if may(reader, action, thing)]


def page(template: str, title: str, **values: Any) -> str:
    """A template that extends `page.html`, under a title."""
    return render_template(template, title=title, **values)


def teach(server: flask.Flask, places: Callable[[Reader], Sequence[MenuItem]] = lambda _reader: ()) -> None:
    """Give every template of a server what `page.html` needs, dates and names as people write them.

    `places` are the screens of a reader, for the menu.
    """

    def context() -> dict[str, Any]:
        reader = the_reader()
        return {
            "reader": reader,
            "menu": [*places(reader), *menu_of(reader)] if reader.grants else [],
            "bootstrap_css": BOOTSTRAP_CSS,
            "asset": _asset,
            "session_ends": session_ends(),
        }

    server.context_processor(context)
    server.add_template_filter(day)
    server.add_template_filter(amid)
    server.register_blueprint(Blueprint("frame", __name__, template_folder="templates"))


def _asset(name: str) -> str:
    """The address of a file of `assets/`, which changes whenever the file does, so that browsers may keep it."""
    return url_for("_dash_assets.static", filename=name, m=int((_ASSETS / name).stat().st_mtime))
