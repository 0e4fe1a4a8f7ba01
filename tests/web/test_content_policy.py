"""The content policy names every inline script of a page, on the first page and on each after it, and nothing else."""

import base64
import hashlib
import re
from collections.abc import Generator
from typing import Any

import dash
import pytest
from dash import Dash, Input, Output, html

from dashboard.db import Store
from dashboard.main import create_app
from dashboard.web.closed import ClosedDash
from dashboard.web.headers import add_headers, content_policy
from dashboard.web.violations import REPORTS
from tests.web.small_app import INLINE, small_app


def inline_scripts(page: str) -> list[str]:
    page = re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL)
    return re.findall(r"<script(?: id=\"_dash-renderer\"[^>]*)?>(.*?)</script>", page, re.DOTALL)


def hash_of(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def allowed_hashes(response: Any) -> list[str]:
    [scripts] = [
        part for part in response.headers["Content-Security-Policy"].split("; ") if part.startswith("script-src ")
    ]
    assert scripts.startswith("script-src 'self'")
    assert "unsafe" not in scripts
    return scripts.split()[2:]


def assert_hashes_complete(app: Dash, *, inline: int) -> None:
    response = app.server.test_client().get("/")
    scripts = inline_scripts(response.text)
    assert len(scripts) == inline
    assert sorted(allowed_hashes(response)) == sorted(hash_of(script) for script in scripts)


def test_the_first_page_names_every_inline_script_and_so_does_each_after_it() -> None:
    for app in (small_app("first"), small_app("second")):
        for _time in range(3):
            assert_hashes_complete(app, inline=2)
        assert INLINE.strip() in app.server.test_client().get("/").text


def test_another_answer_before_the_first_page_takes_nothing_away() -> None:
    app = small_app()
    client = app.server.test_client()
    for path in ("/_favicon.ico", "/_dash-layout", "/nowhere/at/all", REPORTS):
        client.get(path, buffered=True)
    assert_hashes_complete(app, inline=2)


def test_a_script_that_is_added_later_is_named_from_then_on() -> None:
    app = small_app()
    assert_hashes_complete(app, inline=2)
    app.clientside_callback(
        "function (clicks) { return clicks; }", Output("page", "title"), Input("button", "n_clicks")
    )
    assert_hashes_complete(app, inline=3)


def test_scripts_that_belong_to_no_application_go_to_the_first_that_answers() -> None:
    # So does Dash: they stand on the first page that is asked for. The product has none (see the next test).
    dash.clientside_callback("function () { return 1; }", Output("page", "lang"), Input("button", "n_clicks"))
    first, second = small_app("first"), small_app("second")
    assert_hashes_complete(first, inline=3)
    assert_hashes_complete(second, inline=2)
    assert_hashes_complete(first, inline=3)


@pytest.fixture
def pages_app() -> Generator[Dash]:
    """An application with Dash's own pages, which add an inline script at the first request."""
    app = ClosedDash("pages", use_pages=True, pages_folder="", suppress_callback_exceptions=True)
    dash.register_page("only", path="/", layout=html.P("A page"), title="Only")
    add_headers(app)
    yield app
    dash.page_registry.clear()


def test_scripts_that_dash_adds_at_the_first_request_are_named(pages_app: Dash) -> None:
    assert len(pages_app.csp_hashes()) == 1  # only the renderer's, before it (trap 6)
    for _time in range(2):
        assert_hashes_complete(pages_app, inline=2)


def test_the_product_has_no_inline_script_but_the_renderer_s(store: Store) -> None:
    app = create_app(store)
    app.server.test_client().get("/healthz")
    assert len(app.csp_hashes()) == 1


def test_forms_may_lead_to_single_sign_on_where_it_is_named() -> None:
    assert "form-action 'self'; " in content_policy([])
    policy = content_policy(["'sha256-x'"], ["https://login.example.org"])
    assert "form-action 'self' https://login.example.org; " in policy
    assert "script-src 'self' 'sha256-x'; " in policy
