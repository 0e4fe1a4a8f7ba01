"""Reports of what the content policy stopped: one line each, nothing of them sent back, no secret kept."""

import json
import logging
from typing import Final

import pytest
from dash import Dash
from flask_wtf.csrf import CSRFProtect

from dashboard.db import Store
from dashboard.main import create_app
from dashboard.web.door import rule_of
from dashboard.web.tally import tallied
from dashboard.web.violations import REPORTS, VIOLATION, csp_report
from tests.web.small_app import small_app

REPORT: Final = {
    "csp-report": {
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?secret-1",
        "document-uri": "https://school.example/link/secret-2?secret-3",
        "script-sample": "secret-4",
    }
}


@pytest.fixture(scope="module")
def app() -> Dash:
    return small_app()


def reported(app: Dash, caplog: pytest.LogCaptureFixture, body: object) -> str:
    """The one line that a report makes."""
    caplog.clear()
    before = tallied(app.server)[VIOLATION]
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = app.server.test_client().post(REPORTS, data=data, content_type="application/csp-report")
    assert (response.status_code, response.data) == (204, b"")
    assert tallied(app.server)[VIOLATION] == before + 1
    [line] = [record for record in caplog.records if record.name == "dashboard.web.violations"]
    assert line.exc_info is None
    return line.getMessage()


def test_a_report_is_one_line_without_addresses_in_full(app: Dash, caplog: pytest.LogCaptureFixture) -> None:
    line = reported(app, caplog, REPORT)
    assert line.endswith("stopped 'script-src-elem' from 'https://evil.example' on '/link'")


@pytest.mark.parametrize("source", ["inline", "eval", "data"])
def test_what_stands_in_the_page_itself_is_called_so(app: Dash, caplog: pytest.LogCaptureFixture, source: str) -> None:
    line = reported(app, caplog, {"csp-report": {"violated-directive": "script-src", "blocked-uri": source}})
    assert line.endswith(f"stopped 'script-src' from {source} on '/'")


_NOISE: Final = (
    b"", b"{", b"[]", b"null", b"1", b'"x"', b"{}", b"[" * 9_000, b"[1]", b"\xff", b'{"csp-report": []}',
    b'{"csp-report": {"blocked-uri": ["inline"], "document-uri": {}}}',
    b'{"csp-report": {"blocked-uri": 7, "document-uri": "http://[", "effective-directive": ["a"]}}', b"9" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("body", _NOISE)
def test_a_report_that_is_none_is_one_line_too(app: Dash, caplog: pytest.LogCaptureFixture, body: bytes) -> None:
    assert "nothing named" in reported(app, caplog, body)


def test_case_49_a_report_cannot_write_a_second_line(app: Dash, caplog: pytest.LogCaptureFixture) -> None:
    forged = "x\r\n2026-01-01 INFO root: all is well\x1b[2J\u2028"
    report = {
        "effective-directive": forged,
        "blocked-uri": f"https://a{forged}/",
        "document-uri": f"https://a/{forged}",
    }
    line = reported(app, caplog, {"csp-report": report})
    assert line.isprintable()
    assert len(reported(app, caplog, {"csp-report": {"effective-directive": "x" * 9_000}})) < 300


def test_a_long_report_is_not_read(app: Dash, caplog: pytest.LogCaptureFixture) -> None:
    response = app.server.test_client().post(REPORTS, data=b" " * (10 * 1024 + 1))
    assert response.status_code == 413
    assert not caplog.records
    assert app.server.test_client().post(REPORTS, data=b" " * (10 * 1024)).status_code == 204


def test_reports_need_no_token_and_no_sign_in(caplog: pytest.LogCaptureFixture) -> None:
    app = small_app()
    app.server.config.update(SECRET_KEY="for this test", WTF_CSRF_ENABLED=True)
    protection = CSRFProtect(app.server)
    client = app.server.test_client()
    assert client.post(REPORTS).status_code == 400
    protection.exempt(csp_report)
    assert client.post(REPORTS).status_code == 204
    rule = rule_of(app.server, "csp_report")
    assert rule is not None
    assert rule.public


def test_the_product_takes_reports_from_anybody(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    client = create_app(store).server.test_client()
    with caplog.at_level(logging.WARNING):
        assert client.post(REPORTS, data=json.dumps(REPORT)).status_code == 204
    assert "script-src-elem" in caplog.text
