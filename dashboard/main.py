"""Puts the application together: the server, the one callback that shows pages, and nothing that outlives a request."""

import logging
import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

import flask
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from flask import abort
from werkzeug.exceptions import HTTPException

from dashboard.access import Object, Reader, reading
from dashboard.db import Store
from dashboard.overview.pages import note_after_answer
from dashboard.screens.addresses import Place, choices_of, find_place, places_of
from dashboard.screens.director import GRID_ID, SEARCH_ID
from dashboard.screens.visit import Page, Visit
from dashboard.screens.ways_on import LEADING_CHARTS
from dashboard.server import dress
from dashboard.settings import PROJECT_ROOT, Settings
from dashboard.ui.aria import aria
from dashboard.ui.components import message
from dashboard.ui.still import still
from dashboard.ui.theme import look_of
from dashboard.web.bootstrap import BOOTSTRAP_CSS
from dashboard.web.closed import ClosedDash
from dashboard.web.context import session_ends, the_reader
from dashboard.web.door import refuse, signed_in
from dashboard.web.pages import menu_of

log = logging.getLogger(__name__)

TITLE = "Schools Cluster Dashboard"

_INDEX = """<!DOCTYPE html>
<html lang="en-GB">
    <head>
        {%metas%}
        <meta name="color-scheme" content="light dark">
        <title>{%title%}</title>
        {%favicon%}
        {%css%}
    </head>
    <body>
        {%app_entry%}
        {%config%}{%scripts%}{%renderer%}
    </body>
</html>"""


def create_app(store: Store, settings: Settings | None = None, today: Callable[[], date] = date.today) -> Dash:
    """The Dash application over a store. `today` is asked at each request. Several may live in one process."""
    app = ClosedDash(
        __name__,
        title=TITLE,
        update_title="",
        assets_folder=str(PROJECT_ROOT / "assets"),
        external_stylesheets=[BOOTSTRAP_CSS],
        index_string=_INDEX,
        suppress_callback_exceptions=True,  # else every page's layout would be sent to whoever opens "/"
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    app.layout = lambda: _layout(store, the_reader())
    dress(app, store, settings or Settings())
    _connect(app, store, today)
    return app


def _layout(store: Store, reader: Reader) -> html.Div:
    return html.Div(
        [
            dcc.Location(id="address", refresh="callback-nav"),
            dcc.Store(id="display"),
            dcc.Store(id="window-title"),
            html.A("Skip to the content", href="#page", className="skip"),
            _header(store, reader),
            _guest_banner(reader),
            dcc.Loading(
                html.Main(html.P("Loading …", className="loading", role="status"), id="page", tabIndex="-1"),
                delay_show=300,
                overlay_style={"visibility": "visible", "opacity": 0.5},
                type="dot",
                parent_className="frame-main",
            ),
            _footer(),
        ],
        id="shell",
        className="shell",
        **{
            "data-reader": reader.name,
            "data-idle-minutes": flask.current_app.config["IDLE_MINUTES"],
            "data-session-ends": session_ends(),
        },
    )


def _header(store: Store, reader: Reader) -> html.Header:
    """As in `page.html` on the plain pages. On a phone the menu is folded, and opens without a script."""
    return html.Header(
        [
            dcc.Link(TITLE, href="/", className="brand"),
            html.Nav(_menu(store, reader), className="menu", **aria(label="Main")),
            html.A("Help", href="/help", className="help-link"),
            _who(reader, "wide"),
            html.Details(
                [
                    html.Summary("Menu"),
                    html.Div(
                        [html.Nav(_menu(store, reader), className="menu", **aria(label="Main")), _who(reader, "narrow")]
                    ),
                ],
                className="menu-fold",
            ),
        ],
        className="top",
    )


def _footer() -> html.Footer:
    return html.Footer(
        [
            html.P(html.A("Help", href="/help")),
            html.P(html.A("Accessibility", href="/accessibility")),
            html.P(["Keys: press ", html.Kbd("?")]),
            html.Button("Light or dark", id="theme-switch", className="theme-switch", type="button"),
        ],
        className="foot",
    )


def _menu(store: Store, reader: Reader) -> list[Any]:
    """The reader's own screens, which this page can show, and the plain pages, which the server brings."""
    return [
        *(dcc.Link(item.words, href=item.href) for item in places_of(store, reader)),
        *(html.A(item.words, href=item.href) for item in menu_of(reader)),
    ]


def _who(reader: Reader, width: str) -> Any:
    """Who is signed in, and the way out. The token against forged requests is put in by the browser's script."""
    if reader.account_id is None:
        return html.P(html.A("Sign in", href="/sign-in"), className="who") if _is_guest(reader) else None
    return html.Form(
        [
            dcc.Input(type="hidden", id=f"sign-out-token-{width}", name="csrf_token", value=""),
            html.A(reader.name, href="/account", title="Your account"),
            html.Button("Sign out", type="submit", className="plain"),
        ],
        action="/sign-out",
        method="POST",
        className="who sign-out",
    )


def _is_guest(reader: Reader) -> bool:
    """Whether somebody looks around; the computer of a meeting room has no account either, and no need of one."""
    return reader.looks_only and reader.known_as.startswith("looking around")


def _guest_banner(reader: Reader) -> Any:
    if not _is_guest(reader):
        return None
    return html.P(
        [
            f"You are looking around as {reader.name}. Nothing can be changed. ",
            html.A("Look around as somebody else", href="/sign-in"),
        ],
        className="banner",
        role="note",
    )


def _connect(app: Dash, store: Store, today: Callable[[], date]) -> None:
    @signed_in
    def show_page(path: str | None, search: str | None, display: object) -> tuple[Any, str, str]:
        reader, look = the_reader(), look_of(display)
        address = path or "/"
        place = _place(store, reader, address)
        if place is None:
            page = _nothing_here()
        else:
            visit = Visit(reader, place.scope(reader), today(), address, choices_of(search), look)
            page = _page(store, place, visit)
            if place.screen.shows is Object.OVERVIEW and reader.account_id is not None:
                note_after_answer(store, reader.account_id)
        return still(page.content), page.title, "shell bare" if page.bare else "shell"

    app.callback(
        Output("page", "children"),
        Output("window-title", "data"),
        Output("shell", "className"),
        Input("address", "pathname"),
        Input("address", "search"),
        Input("display", "data"),
    )(show_page)
    app.clientside_callback(
        ClientsideFunction("page", "chooseDisplay"),
        Output("display", "data"),
        Input("theme-switch", "n_clicks"),
        State("display", "data"),
    )
    app.clientside_callback(
        ClientsideFunction("page", "nameWindow"),
        Output("window-title", "modified_timestamp"),
        Input("window-title", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("page", "searchGrid"),
        Output(GRID_ID, "dashGridOptions"),
        Input(SEARCH_ID, "value"),
        prevent_initial_call=True,
    )
    for chart in LEADING_CHARTS:
        app.clientside_callback(
            ClientsideFunction("page", "follow"),
            Output(chart, "clickData"),
            Input(chart, "clickData"),
            State(chart, "figure"),
            prevent_initial_call=True,
        )


def _place(store: Store, reader: Reader, path: str) -> Place | None:
    """Where an address leads a reader; the first page leads to the first of the places that are their own."""
    if path != "/":
        return find_place(path)
    own = places_of(store, reader)
    return find_place(own[0].href) if own else None


def _page(store: Store, place: Place, visit: Visit) -> Page:
    """The page of a visit, or one that says that it failed.

    An address that is not the reader's, or that nobody has, is refused alike: what is not yours cannot be told from
    what is not there. Only who may see everything is told that there is nothing.
    """
    try:
        with reading(store, visit.scope) as session:
            page = place.build(session, visit)
    except HTTPException:
        raise
    except Exception:
        return _failed(visit.path)
    if page is not None:
        return page
    if not visit.scope.everything:
        refuse("see", place.screen.shows, place.slug)
        abort(403)
    return _nothing_here()


def _failed(path: str) -> Page:
    reference = secrets.token_hex(4)
    log.exception("page %s failed, reference %s", path, reference)
    note = message(
        "This page could not be shown.",
        "Nothing was lost or changed. Load it again; if it stays so, quote the reference below to whoever runs the "
        "dashboard.",
        action=f"Reference {reference}",
        kind="error",
    )
    return Page("Something went wrong", [html.H1("Something went wrong"), note])


def _nothing_here() -> Page:
    return Page(
        "Nothing here",
        [
            html.H1("There is nothing at this address"),
            message(
                "No page was found.",
                "The address may be mistyped, or what it showed has been renamed or taken away.",
                action=dcc.Link("Go to the first page", href="/"),
            ),
        ],
    )
