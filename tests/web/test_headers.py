"""What every answer carries: headers against caches, frames and guesses, and no version of anything."""

import json
import platform
import re
import sys
from typing import Any, Final

import dash
import flask
import plotly
import pytest
from dash import Dash, html
from werkzeug.routing import Rule

from dashboard.db import Store
from dashboard.main import create_app
from dashboard.web.closed import ClosedDash
from dashboard.web.compression import compress
from dashboard.web.door import rule_of
from dashboard.web.headers import add_headers
from tests.web.small_app import CALLBACKS, request_for_page, request_for_refusal, small_app

ALWAYS: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
SECURE: Final = "https://localhost"
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@pytest.fixture
def product(store: Store) -> flask.Flask:
    """The product's server, with an address that fails."""
    server = create_app(store).server
    server.add_url_rule("/fails", view_func=_fail)
    return server


def _fail() -> str:
    raise ZeroDivisionError


_fail.rule = rule_of(flask.Flask("none"), "static")  # type: ignore[attr-defined]


def assert_guarded(response: Any, *, kept: bool = False) -> None:
    secret = response.request.path.startswith(("/link/", "/feed/"))
    wanted = ALWAYS | ({"Referrer-Policy": "no-referrer"} if secret else {})
    assert {name: response.headers.get(name) for name in wanted} == wanted
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert "Server" not in response.headers
    assert "X-Powered-By" not in response.headers
    if not kept:
        assert response.headers.getlist("Cache-Control") == ["no-store"]


def address_of(rule: Rule) -> str:
    """Some address that a rule answers."""
    return re.sub(r"<(?:int:)[^>]+>", "1", re.sub(r"<(?!int:)[^>]+>", "some.thing", rule.rule))


def test_case_50_every_address_answers_with_every_header(product: flask.Flask) -> None:
    client = product.test_client()
    seen = set()
    for rule in product.url_map.iter_rules():
        for method in METHODS:
            response = client.open(address_of(rule), method=method, buffered=True)
            assert_guarded(response)
            assert "Strict-Transport-Security" not in response.headers
            seen.add((rule.endpoint, response.status_code))
    assert {endpoint for endpoint, _status in seen} == product.view_functions.keys()
    assert {200, 302, 400, 401, 500} <= {status for _endpoint, status in seen}


def test_case_50_so_do_answers_to_what_no_address_takes(product: flask.Flask) -> None:
    client = product.test_client()
    for path in ("/nowhere", "//", "/../etc/passwd", "/%00", "/cluster/%ff", "/assets/none.css"):
        assert_guarded(client.get(path, buffered=True))
    assert_guarded(client.post(CALLBACKS, data=b"x" * 100_000, content_type="application/json"))
    assert_guarded(client.post("/nowhere", data=b"x" * 100_000, content_type="application/json"))
    assert_guarded(client.open("/", method="BREW"))


def test_over_https_browsers_are_told_to_stay_there(product: flask.Flask) -> None:
    for path in ("/", "/nowhere", "/healthz", "/fails"):
        response = product.test_client().get(path, base_url=SECURE)
        assert_guarded(response)
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_an_address_with_a_secret_is_told_to_nobody(product: flask.Flask) -> None:
    for path in ("/link/some-token", "/link/", "/link/some/more", "/feed/some-token.ics"):
        assert product.test_client().get(path).headers["Referrer-Policy"] == "no-referrer"


def small_with_files() -> Dash:
    app = small_app()
    compress(app.server)
    return app


def test_only_files_whose_address_names_their_version_are_kept() -> None:
    app = small_with_files()
    client = app.server.test_client()
    scripts = re.findall(r'<script src="([^"]+)"', client.get("/").text)
    assert len(scripts) > 5
    for address in scripts:
        response = client.get(address, buffered=True)
        assert response.status_code == 200
        assert_guarded(response, kept=True)
        assert response.headers["Cache-Control"].endswith("max-age=31536000")
        without = re.sub(r"\.v[\w-]+m[0-9a-f]+\.", ".", address).partition("?")[0]
        assert_guarded(client.get(without, buffered=True))
        assert_guarded(client.get(address.replace(".js", ".none.js"), buffered=True))
    for shell in ("/?v=1", "/assets/?m=1", "/_dash-component-suites/?v=1"):
        assert client.get(shell).status_code == 200
        assert_guarded(client.get(shell))


def test_parts_of_libraries_are_asked_for_each_time_and_sent_once() -> None:
    """Those that scripts fetch name no version. Nothing but code that is public is among them."""
    client = small_with_files().server.test_client()
    address = "/_dash-component-suites/plotly/package_data/plotly.min.js"
    client.get("/")
    first = client.get(address, headers={"Accept-Encoding": "br"})
    assert (first.status_code, first.headers.getlist("Cache-Control")) == (200, ["no-cache"])
    known = {"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]}
    again = client.get(address, headers=known)
    assert (again.status_code, again.data, again.headers.getlist("Cache-Control")) == (304, b"", ["no-cache"])
    assert_guarded(again, kept=True)
    other = client.get(address, headers={**known, "If-None-Match": '"another"'})
    assert (other.status_code, other.data) == (200, first.data)


def test_style_sheets_are_kept_under_their_version_only(product: flask.Flask) -> None:
    client = product.test_client()
    for path in ("/assets/dashboard.css?m=1", "/bootstrap/static/css/bootstrap.min.css?v=2"):
        assert client.get(path, buffered=True).headers["Cache-Control"] == "public, max-age=31536000"
        assert_guarded(client.get(path, buffered=True), kept=True)
        assert_guarded(client.get(path.partition("?")[0], buffered=True))
        assert_guarded(client.get(path.replace("css?", "none?"), buffered=True))
    for shell in ("/assets/?v=1", "/bootstrap/?v=1", "/cluster/none?v=1"):
        assert_guarded(client.get(shell))


def test_a_refusal_and_a_redirect_carry_them_too() -> None:
    app = small_app()
    app.server.add_url_rule("/away", view_func=lambda: flask.redirect("/elsewhere"))
    client = app.server.test_client()
    for response in (client.get("/away"), client.post(CALLBACKS, json=request_for_refusal()), client.put("/away")):
        assert response.status_code in {302, 403, 405}
        assert_guarded(response)
    assert_guarded(client.post(CALLBACKS, json=request_for_page()))


def test_headers_are_added_after_whatever_else_touches_an_answer() -> None:
    def loosen(response: flask.Response) -> flask.Response:
        response.headers["Cache-Control"] = "public"
        response.headers["X-Frame-Options"] = "ALLOWALL"
        return response

    app = ClosedDash("small")
    app.layout = html.Div()
    app.server.after_request(loosen)
    add_headers(app)
    app.server.after_request(loosen)
    assert_guarded(app.server.test_client().get("/"))


def test_case_51_no_version_stands_in_the_page() -> None:
    text = small_with_files().server.test_client().get("/").text
    config = json.loads(re.search(r'<script id="_dash-config" type="application/json">(.*?)</script>', text)[1])  # type: ignore[index]
    assert not [key for key in config if "version" in key and key != "disable_version_check"]
    assert {"requests_pathname_prefix", "children_props", "csrf_header_name"} <= config.keys()
    for version in (dash.__version__, plotly.__version__, platform.python_version(), sys.version, flask.__name__ + "/"):
        assert version not in text


def test_case_51_the_product_uses_it(store: Store) -> None:
    assert isinstance(create_app(store), ClosedDash)
