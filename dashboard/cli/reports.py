"""Commands that print figures."""

import json
import sys
from datetime import date
from typing import Annotated, Any, NoReturn

import typer

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.cli.opening import open_store
from dashboard.db import Store
from dashboard.directory.view import view_cluster
from dashboard.intake.problems import Refused
from dashboard.reports.cluster import report_cluster
from dashboard.reports.overview import load_overview, report_overview
from dashboard.wording import share


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(report)


def report(
    slug: Annotated[str | None, typer.Argument(help="The cluster's slug.")] = None,
    overview: Annotated[bool, typer.Option("--overview", help="All clusters side by side.")] = False,
    year: Annotated[str | None, typer.Option(help="An academic year such as 2016-17; the latest without one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """The figures of one cluster, or of all of them."""
    if overview == (slug is not None):
        _refuse("Name one cluster, or ask for --overview.")
    chosen = _year(year)
    with _open_store() as store, store.reading() as session:
        if overview:
            rows = load_overview(session, EVERYTHING, year=chosen, as_of=date.today())
            result = report_overview(rows, year=chosen, as_of=date.today())
        else:
            view = view_cluster(session, EVERYTHING, slug or "", year=chosen, as_of=date.today())
            if view is None:
                _refuse(f"There is no cluster “{slug}”.")
            result = report_cluster(session, view)
    if as_json:
        print(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        _print_overview(result) if overview else _print_cluster(result)


def _print_overview(result: dict[str, Any]) -> None:
    for row in result["clusters"]:
        print(
            f"{row['name']} ({row['year']}): attendance {share(row['rate'])}, "
            f"spent {share(row['spent_share'])}, criteria met {row['criteria_met']} of {row['criteria_total']}, "
            f"flags {len(row['flags'])}"
        )


def _print_cluster(result: dict[str, Any]) -> None:
    print(f"{result['name']}, {result['year']}, as of {result['as_of']}")
    engagement, funding, plan = result["engagement"], result["funding"], result["plan"]
    print(f"Attendance {share(engagement['rate'])} ({engagement['attended']} of {engagement['expected']})")
    for school in engagement["schools"]:
        print(f"  {school['name']}: {school['attended']} of {school['expected']}")
    print(f"Left to spend £{funding['remaining']}, spent £{funding['spent']} ({share(funding['spent_share'])})")
    print(f"Success criteria met: {plan['criteria_met']} of {plan['criteria_total']}")
    for part in (engagement, funding, plan):
        for flag in part["flags"]:
            print(f"  {flag['severity']}: {flag['message']}")


def _year(text: str | None) -> AcademicYear | None:
    try:
        return AcademicYear.parse(text) if text else None
    except ValueError as error:
        _refuse(str(error))


def _open_store() -> Store:
    try:
        return open_store()
    except Refused as refusal:
        _refuse(str(refusal))


def _refuse(reason: str) -> NoReturn:
    print(reason, file=sys.stderr)
    raise typer.Exit(2)
