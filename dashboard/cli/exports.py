"""The command `export`: what the store holds, as a file that can be brought in again."""

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.cli.opening import open_store
from dashboard.db import Session
from dashboard.exporting import EXPORTERS, Asked, ExportRefused, Written, export
from dashboard.intake.problems import Refused

_EVERY_YEAR = "all"
_KINDS = ", ".join(EXPORTERS)

Write = Callable[[Session, Asked, date], Written]
"""Writes what is asked for, of the whole store as it stands on a day. Raises ExportRefused for what cannot be had."""


def _write_table(session: Session, asked: Asked, as_of: date) -> Written:
    return export(session, EVERYTHING, asked, as_of)


def register(app: typer.Typer, write: Write = _write_table) -> None:
    """Add the command to an app. `write` may know more than the tables: papers are made above them."""

    def export_command(
        kind: Annotated[str, typer.Argument(help=f"{_KINDS}, report")],
        to: Annotated[
            Path,
            typer.Option(
                "--to",
                help="The file to write; its ending chooses: .csv, .xlsx or .json; a plan also .docx; a report .pdf.",
            ),
        ],
        cluster: Annotated[
            str | None, typer.Option(help="The cluster's slug; all of them without one. A report is of one.")
        ] = None,
        year: Annotated[
            str | None,
            typer.Option(help="An academic year such as 2016-17, or “all”; without one each cluster's latest."),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    ) -> None:
        """Write a file with the columns of an import: brought in again, it changes nothing. A report is a PDF."""
        _export(write, kind, to, cluster, year, as_json)

    app.command("export")(export_command)


def _export(write: Write, kind: str, to: Path, cluster: str | None, year: str | None, as_json: bool) -> None:
    try:
        asked = Asked(
            kind=kind,
            ending=to.suffix.removeprefix(".").lower(),
            cluster=cluster,
            year=AcademicYear.parse(year) if year and year != _EVERY_YEAR else None,
            every_year=year == _EVERY_YEAR,
        )
        with open_store() as store, store.reading() as session:
            written = write(session, asked, date.today())
        to.write_bytes(written.content)
    except OSError as error:
        _refuse(f"“{to}” cannot be written: {(error.strerror or str(error)).lower()}.")
    except (ExportRefused, Refused, ValueError) as refusal:
        _refuse(str(refusal))
    if as_json:
        print(json.dumps({"kind": kind, "file": str(to), "rows": written.rows}, ensure_ascii=False, indent=2))
    else:
        print(f"{kind}: {written.rows} row{'s' * (written.rows != 1)} written to {to}")


def _refuse(reason: str) -> NoReturn:
    print(f"Nothing was written. {reason[:1].upper()}{reason[1:]}", file=sys.stderr)
    raise typer.Exit(2)
