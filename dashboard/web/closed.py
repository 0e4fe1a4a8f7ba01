"""Dash as this product uses it: with nothing that the environment could open, and nothing on its page about itself."""

import logging
import os
import re
from typing import Any, Final

import flask
from dash import Dash
from dash.exceptions import DependencyException

log = logging.getLogger(__name__)

_VERSIONS: Final = frozenset({"dash_version", "dash_version_url", "ddk_version", "plotly_version", "python_version"})


class ClosedDash(Dash):
    """A Dash application that takes its settings from the program alone.

    Dash and Flask obey some thirty variables of the environment: one opens an interface for language models, others
    turn on debugging, load scripts from another host, or move every address away from the rules made for it.
    """

    def __init__(self, name: str, **settings: Any) -> None:
        _forget_variables()
        # A log handler of its own would write past `logs.py`.
        super().__init__(name, enable_mcp=False, add_log_handler=False, **settings)
        self.server.register_error_handler(DependencyException, _no_such_file)  # Dash answers 500 and a stack

    def _config(self) -> dict[str, Any]:
        """What the renderer needs to know. It asks for versions in debug mode only."""
        config = super()._config()  # type: ignore[no-untyped-call]
        return {key: value for key, value in config.items() if key not in _VERSIONS}

    def interpolate_index(self, *parts: str, **named: str) -> str:
        """The page, without Dash's version in the address of its icon."""
        named["favicon"] = re.sub(r"\?v=[^\"]*", "", named["favicon"])
        return str(super().interpolate_index(*parts, **named))  # type: ignore[no-untyped-call]


def _no_such_file(_error: Exception) -> flask.Response:
    return flask.Response("There is no such file.", 404, mimetype="text/plain")


def _forget_variables() -> None:
    """For good, because Dash reads some of them later. Our own settings have other names."""
    for name in list(os.environ):
        if name.upper().startswith("DASH_") or name.upper() == "FLASK_DEBUG":
            del os.environ[name]
            log.warning("the variable %s is not obeyed", name)
