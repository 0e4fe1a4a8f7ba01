"""`python -m dashboard`."""

from dashboard.cli import make_app

make_app()(prog_name="python -m dashboard")
