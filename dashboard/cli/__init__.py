"""The command line: `python -m dashboard COMMAND`. Exit 0 done, 1 the store falls short, 2 refused with the reasons."""

import sys
from collections.abc import Sequence
from functools import partial

import typer
from sqlalchemy.exc import OperationalError

from dashboard.cli import papers
from dashboard.cli.exports import register as register_exports
from dashboard.cli.generate import register as register_generate
from dashboard.cli.imports import register as register_imports
from dashboard.cli.people import register as register_people
from dashboard.cli.privacy import register as register_privacy
from dashboard.cli.reports import register as register_reports
from dashboard.cli.stores import register as register_stores


def make_app() -> typer.Typer:
    """Every command, each from the module that knows it."""
    app = typer.Typer(
        name="dashboard", help="The Schools Cluster Dashboard.", no_args_is_help=True, pretty_exceptions_enable=False
    )
    for register in (
        register_stores,
        register_imports,
        partial(register_exports, write=papers.write),
        register_reports,
        register_generate,
        register_people,
        register_privacy,
    ):
        register(app)
    return app


def run(arguments: Sequence[str] | None = None) -> None:
    """Run a command, the one on the command line unless told otherwise.

    A store that cannot be reached is said in a sentence, not in a traceback.
    """
    try:
        make_app()(args=arguments, prog_name="python -m dashboard")
    except OperationalError as error:
        print(f"The store cannot be reached or read: {error.orig}", file=sys.stderr)
        sys.exit(2)
