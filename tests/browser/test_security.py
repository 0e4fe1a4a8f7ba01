"""What the content policy stops in a browser, and that no page of the product needs what it stops."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

import dash_bootstrap_components as dbc
import pytest
from dash import Dash, dcc, html
from flask import redirect
from playwright.sync_api import Browser, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from dashboard.ui.links import user_link
from dashboard.web.callbacks import MALFORMED
from dashboard.web.closed import ClosedDash
from dashboard.web.headers import add_headers
from dashboard.web.tally import tallied
from dashboard.web.violations import VIOLATION
from tests.browser.pages import WEST_SALISBURY, Shown
from tests.web.small_app import small_app

_DOT: Final = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
_LINKS: Final = (
    "NavLink", "Button", "CardLink", "ListGroupItem", "NavbarBrand", "Breadcrumb", "Badge", "Location", "Area",
)  # fmt: skip


class _Silent(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nobody reads the log of a test."""


@contextmanager
def serving(app: Dash) -> Generator[str]:
    """Serve an application for as long as somebody looks; gives its address without the last slash."""
    server = make_server("127.0.0.1", 0, app.server, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def page(browser: Browser) -> Generator[Page]:
    """A page of a browser that knows nothing yet, and notes what the policy stops."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(
        "window.stopped = []; addEventListener('securitypolicyviolation', event => "
        "window.stopped.push(event.effectiveDirective))"
    )
    yield page
    context.close()


# Addresses that are scripts (case 12).


def _hurting(name: str) -> str:
    return f"javascript:void((window.hurt = window.hurt || []).push('{name}'))"


def app_of_links() -> Dash:
    """An application with an address that is a script in each component that takes addresses."""
    app = ClosedDash("links", assets_folder="none")
    hurt = {name: {"id": name, "href": _hurting(name)} for name in _LINKS}
    app.layout = html.Div(
        [
            dcc.Location(**hurt["Location"], refresh=True),
            dbc.Nav(dbc.NavLink("NavLink", **hurt["NavLink"])),
            dbc.Button("Button", **hurt["Button"]),
            dbc.CardLink("CardLink", **hurt["CardLink"]),
            dbc.ListGroup(dbc.ListGroupItem("ListGroupItem", **hurt["ListGroupItem"])),
            dbc.NavbarBrand("NavbarBrand", **hurt["NavbarBrand"]),
            dbc.Breadcrumb(items=[{"label": "Breadcrumb", "href": _hurting("Breadcrumb")}]),
            dbc.Badge("Badge", **hurt["Badge"]),
            html.Img(src=_DOT, useMap="#map", id="picture", width="40", height="40"),
            html.MapEl(html.Area(shape="rect", coords="0,0,40,40", **hurt["Area"]), name="map"),
            html.P(user_link("Minutes", _hurting("user_link")), id="factory"),
        ]
    )
    return app


def click_all(page: Page, base: str) -> list[str]:
    """Follow every link; gives the names of those whose script ran."""
    page.goto(base)
    page.wait_for_selector("#picture")
    for name in _LINKS:
        if name not in {"Area", "Location"}:
            page.get_by_text(name, exact=True).click()
    page.click("#picture")
    page.wait_for_timeout(200)
    return sorted(page.evaluate("() => window.hurt || []"))


def test_case_12_without_the_policy_every_such_address_runs(page: Page) -> None:
    with serving(app_of_links()) as base:
        assert click_all(page, base) == sorted(_LINKS)


def test_case_12_with_the_policy_none_does_and_the_factory_makes_no_link(page: Page) -> None:
    app = app_of_links()
    add_headers(app)
    with serving(app) as base:
        assert click_all(page, base) == []
        assert page.evaluate("() => window.stopped.length") >= len(_LINKS)
        assert page.locator("#factory").inner_html() == "Minutes"


# The policy itself.


def test_case_14_what_is_stopped_is_reported_and_counted(page: Page) -> None:
    app = small_app()
    with serving(app) as base:
        page.goto(base)
        page.wait_for_selector("#pressed")
        assert page.evaluate("() => window.stopped") == []
        page.evaluate("""() => {
            const script = document.createElement("script");
            script.textContent = "window.hurt = true";
            document.body.append(script);
        }""")
        assert page.evaluate("() => window.hurt") is None
        assert page.evaluate("() => window.stopped") == ["script-src-elem"]
        wait_until(page, lambda: tallied(app.server)[VIOLATION] == 1)


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    for _time in range(100):
        if is_so():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came")


def test_every_kind_of_callback_works_behind_the_guards(page: Page) -> None:
    app = small_app()
    with serving(app) as base:
        page.goto(f"{base}/here?year=2016-17")
        page.wait_for_selector("#page:text('at /here?year=2016-17, 0 clicks')")
        page.wait_for_selector("#all-fields:text('field 1, field 2')")
        page.locator("input").first.fill("other")
        page.wait_for_selector("#all-fields:text('other, field 2')")
        page.wait_for_selector("p:text('echo of other')")
        with page.expect_response(lambda response: response.status == 403):
            page.click("#button")
        page.wait_for_selector("#pressed:text('clicked 1')")
        assert page.evaluate("() => window.stopped") == []
    assert tallied(app.server)[MALFORMED] == 0


@pytest.mark.parametrize("named", [True, False])
def test_a_form_leads_to_single_sign_on_only_where_it_is_named(page: Page, named: bool) -> None:
    with serving(small_app()) as provider:
        app = ClosedDash("forms", assets_folder="none")
        app.layout = html.Form(html.Button("Sign in"), action="/start", method="POST")
        app.server.add_url_rule("/start", view_func=lambda: redirect(f"{provider}/there", 303), methods=["POST"])
        add_headers(app, [provider] if named else [])
        with serving(app) as base:
            page.goto(base)
            page.click("button")
            page.wait_for_timeout(300)
            assert page.url.startswith(provider if named else base)


# The product; of its screens `test_every_page.py` tells more (cases 14 to 16).


@pytest.mark.parametrize("path", ["/sign-in", "/new-password", "/account"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_case_14_nor_does_a_plain_page(page_at: Callable[..., Shown], path: str, scheme: str) -> None:
    shown = page_at(path, 390, scheme)
    assert shown.status == 200
    assert [each for each in shown.complaints if "Failed to load resource" not in each] == []


def test_case_14_nor_does_using_it(page_at: Callable[..., Shown]) -> None:
    shown = page_at(WEST_SALISBURY, fresh=True)
    for summary in shown.page.locator("#page summary").all():
        summary.click()
    for chart in shown.page.locator(".dash-graph").all():
        chart.hover()
    shown.page.click("#theme-switch")
    shown.settle()
    assert shown.complaints == []
