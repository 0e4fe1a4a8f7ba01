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


def names_its_version(request: flask.Request) -> bool:
    """Whether a file is asked for by an address that changes whenever the file does, so that it may be kept."""
    if request.endpoint == _COMPONENTS:
        path = (request.view_args or {})["fingerprinted_path"]
        return bool(check_fingerprint(path)[1])  # type: ignore[no-untyped-call]
    return is_file(request) and not _VERSIONS.isdisjoint(request.args)
