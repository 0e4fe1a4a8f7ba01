"""Puts the application together: the server, the one callback that shows pages, and nothing that outlives a request."""

import logging
import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from dashboard.access import EVERYTHING
from dashboard.db import Store
from dashboard.screens.addresses import build_page, choices_of
from dashboard.screens.director import GRID_ID, SEARCH_ID
from dashboard.screens.visit import Page, Visit
from dashboard.server import BOOTSTRAP_CSS, dress
from dashboard.settings import PROJECT_ROOT
from dashboard.ui.components import message
from dashboard.ui.theme import look_of

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
        <footer>{%config%}{%scripts%}{%renderer%}</footer>
    </body>
</html>"""


def create_app(store: Store, today: Callable[[], date] = date.today) -> Dash:
    """The Dash application over a store. `today` is asked at each request. Several may live in one process."""
    app = Dash(
        __name__,
        title=TITLE,
        update_title="",
        assets_folder=str(PROJECT_ROOT / "assets"),
        external_stylesheets=[BOOTSTRAP_CSS],
        index_string=_INDEX,
        suppress_callback_exceptions=True,  # else every page's layout would be sent to whoever opens "/"
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
        enable_mcp=False,  # an environment variable could open it otherwise
    )
    app.layout = _layout
    dress(app.server, store)
    _connect(app, store, today)
    return app


def _layout() -> html.Div:
    return html.Div(
        [
            dcc.Location(id="address", refresh="callback-nav"),
            dcc.Store(id="display"),
            dcc.Store(id="window-title"),
            html.A("Skip to the content", href="#page", className="skip"),
            html.Header(
                [
                    dcc.Link(TITLE, href="/", className="brand"),
                    html.Button("Light or dark", id="theme-switch", className="theme-switch", type="button"),
                ],
                className="top",
            ),
            dcc.Loading(
                html.Main(html.P("Loading …", className="loading", role="status"), id="page", tabIndex="-1"),
                delay_show=300,
                overlay_style={"visibility": "visible", "opacity": 0.5},
                type="dot",
            ),
        ],
        id="shell",
        className="shell",
    )


def _connect(app: Dash, store: Store, today: Callable[[], date]) -> None:
    def show_page(path: str | None, search: str | None, display: object) -> tuple[Any, str, str]:
        visit = Visit(EVERYTHING, today(), path or "/", choices_of(search), look_of(display))
        page = _page(store, visit)
        return page.content, page.title, "shell bare" if page.bare else "shell"

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


def _page(store: Store, visit: Visit) -> Page:
    """The page of a visit, or one that says why there is none: an address without anything, or a failure."""
    try:
        with store.reading() as session:
            page = build_page(session, visit)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("page %s failed, reference %s", visit.path, reference)
        note = message(
            "This page could not be shown.",
            "Nothing was lost or changed. Load it again; if it stays so, quote the reference below to whoever runs the "
            "dashboard.",
            action=f"Reference {reference}",
            kind="error",
        )
        return Page("Something went wrong", [html.H1("Something went wrong"), note])
    if page is not None:
        return page
    return Page(
        "Nothing here",
        [
            html.H1("There is nothing at this address"),
            message(
                "No page was found.",
                "The address may be mistyped, or what it showed has been renamed or taken away.",
                action=dcc.Link("Go to all clusters", href="/"),
            ),
        ],
    )
