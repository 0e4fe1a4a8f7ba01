"""What the environment says to Dash and Flask is not obeyed (case 52)."""

import json
import os
import re
import subprocess
import sys
from typing import Any, Final

import dash
import pytest
from dash import html
from flask import Flask

from dashboard.settings import PROJECT_ROOT
from dashboard.web.closed import ClosedDash

OPENING: Final = {
    "DASH_MCP_ENABLED": "true",
    "DASH_MCP_PATH": "_dash-component-suites/mcp",
    "DASH_DEBUG": "true",
    "DASH_UI": "true",
    "DASH_PROPS_CHECK": "true",
    "DASH_SERVE_DEV_BUNDLES": "true",
    "DASH_HOT_RELOAD": "true",
    "DASH_HOT_RELOAD_INTERVAL": "no number",
    "DASH_PRUNE_ERRORS": "true",
    "DASH_VALIDATE_CALLBACKS": "true",
    "DASH_SILENCE_ROUTES_LOGGING": "true",
    "DASH_SUPPRESS_CALLBACK_EXCEPTIONS": "false",
    "DASH_ROUTES_PATHNAME_PREFIX": "/elsewhere/",
    "DASH_REQUESTS_PATHNAME_PREFIX": "/elsewhere/",
    "DASH_URL_BASE_PATHNAME": "/elsewhere/",
    "DASH_APP_NAME": "elsewhere",
    "DASH_ASSETS_EXTERNAL_PATH": "https://evil.example/",
    "DASH_INCLUDE_ASSETS_FILES": "false",
    "DASH_SERVE_LOCALLY": "false",
    "DASH_COMPRESS": "true",
    "DASH_PROXY": "http://127.0.0.1:1::http://127.0.0.1:2",
    "DASH_ENTERPRISE_ENV": "WORKSPACE",
    "FLASK_DEBUG": "1",
    "FLASK_ENV": "development",
}
"""Variables that Dash or Flask read, each with the value that would open or move something."""

_LOOK: Final = """
import json, logging, sys
logging.basicConfig(level=logging.WARNING)
from dashboard import migrations
from dashboard.access import whole_store
from dashboard.main import create_app

store = whole_store(sys.argv[1])
app = create_app(store)
server, client = app.server, app.server.test_client()
mcp = {path: client.post(path, json={"method": "tools/list"}).status_code for path in ("/_mcp", "/mcp")}
with server.test_request_context("/"):
    page = app.index()
print(json.dumps({
    "debug": server.debug, "testing": server.testing,
    "rules": sorted(str(rule) for rule in server.url_map.iter_rules()),
    "dev_tools": {name: bool(value) for name, value in app._dev_tools.items() if "hot_reload_" not in name},
    "reload": app._hot_reload.hash, "watching": app._hot_reload.watch_thread is not None,
    "mcp": mcp, "page": page, "config": app._config(),
    "handlers": [str(handler) for handler in app.logger.handlers],
}))
store.close()
"""


def look(address: str, **environment: str) -> tuple[dict[str, Any], str]:
    """What an application is like that was made under an environment, and what it wrote into the log."""
    done = subprocess.run(
        [sys.executable, "-c", _LOOK, address],
        env=os.environ | environment,
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return facts, done.stderr


def comparable(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts without the token that is new for each page."""
    token = re.compile(r'"end_id": ?"[^"]*"')
    config = {key: value for key, value in facts["config"].items() if key != "end_id"}
    return facts | {"page": token.sub("", facts["page"]), "config": config}


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{(tmp_path_factory.mktemp('closed') / 'none.sqlite').as_posix()}"


@pytest.fixture(scope="module")
def urged_to_open(nowhere: str) -> tuple[dict[str, Any], str]:
    return look(nowhere, **OPENING)


def test_case_52_the_environment_changes_nothing(nowhere: str, urged_to_open: tuple[dict[str, Any], str]) -> None:
    plain, _quiet = look(nowhere)
    urged, said = urged_to_open
    assert comparable(urged) == comparable(plain)
    for name in OPENING:
        assert (f"the variable {name} is not obeyed" in said) is (name != "FLASK_ENV")
    assert "evil.example" not in said


def test_case_52_nothing_is_open_by_itself(urged_to_open: tuple[dict[str, Any], str]) -> None:
    facts, _said = urged_to_open
    assert (facts["debug"], facts["testing"], facts["reload"], facts["watching"]) == (False, False, None, False)
    assert not any(facts["dev_tools"].values())
    assert not [rule for rule in facts["rules"] if "mcp" in rule or "elsewhere" in rule or "_alive" in rule]
    assert all(status in {400, 401, 404, 405} for status in facts["mcp"].values())
    assert facts["config"].keys().isdisjoint({"hot_reload", "validation_layout", "dev_tools", "websocket"})
    assert "https://" not in facts["page"]
    assert "/_dash-component-suites/" in facts["page"]


@pytest.fixture
def open_dash(monkeypatch: pytest.MonkeyPatch) -> dash.Dash:
    """Dash itself under the same environment: what the tests above are about."""
    for name in (
        "DASH_UI",
        "DASH_PROPS_CHECK",
        "DASH_ASSETS_EXTERNAL_PATH",
        "DASH_ROUTES_PATHNAME_PREFIX",
        "FLASK_DEBUG",
    ):
        monkeypatch.setenv(name, OPENING[name])
    return dash.Dash("open", add_log_handler=False)


def test_dash_itself_obeys(open_dash: dash.Dash) -> None:
    assert open_dash.server.debug
    assert open_dash._dev_tools.ui
    assert open_dash.config.routes_pathname_prefix == "/elsewhere/"


def test_a_file_that_no_component_has_is_not_found(caplog: pytest.LogCaptureFixture) -> None:
    app = ClosedDash("small")
    app.layout = html.Div()
    server: Flask = app.server
    for path in ("none/none.js", "dash/none.js", "dash/dcc/../dash.py", "flask/app.py", "os/none"):
        assert server.test_client().get(f"/_dash-component-suites/{path}").status_code == 404
    assert not caplog.records
