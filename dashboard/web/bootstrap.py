"""The style sheet that Dash's pages and the plain ones share. It comes from a package: no other host is asked."""

from importlib.metadata import version
from typing import Final

BOOTSTRAP_CSS: Final = f"/bootstrap/static/css/bootstrap.min.css?v={version('bootstrap-flask')}"
