"""Which addresses are those of files: style sheets, scripts and fonts, the same for everybody, holding no data."""

from typing import Final

import flask
from dash.fingerprint import check_fingerprint

FILES: Final = ("/_dash-component-suites/", "/assets/", "/bootstrap/")
"""How the addresses of files begin. What is behind one that begins so is not always a file: see `is_file`."""

_COMPONENTS: Final = "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
_WITH_A_VERSION: Final = frozenset({"_dash_assets.static", "bootstrap.static"})
_VERSIONS: Final = frozenset({"m", "v"})


def is_file(request: flask.Request) -> bool:
    """Whether a file is asked for. The endpoint decides: Dash answers what no other rule knows with its shell."""
    return request.endpoint == _COMPONENTS or request.endpoint in _WITH_A_VERSION


def is_fetched_by_script(request: flask.Request) -> bool:
    """Whether a part of a library is asked for that no page names but a script of Dash, which knows no version of it:
    the drawing of charts and grids.
    """
    if request.endpoint != _COMPONENTS:
        return False
    package, path = (str((request.view_args or {})[name]) for name in ("package_name", "fingerprinted_path"))
    return package == "plotly" or path.rpartition("/")[2].startswith("async-")


def names_its_version(request: flask.Request) -> bool:
    """Whether a file is asked for by an address that changes whenever the file does, so that it may be kept."""
    if request.endpoint == _COMPONENTS:
        path = (request.view_args or {})["fingerprinted_path"]
        return bool(check_fingerprint(path)[1])  # type: ignore[no-untyped-call]
    return is_file(request) and not _VERSIONS.isdisjoint(request.args)
