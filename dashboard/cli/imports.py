"""The command `import`: a file into the store, or a batch out of it again."""

import json
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from dashboard.academic_year import AcademicYear
from dashboard.changes import UndoRefused, undo_batch
from dashboard.cli.opening import open_store
from dashboard.db import Store
from dashboard.importing import IMPORTERS
from dashboard.intake.mapping import NO_MAPPING, Mapping
from dashboard.intake.pipeline import ImportOptions, ImportResult, import_file
from dashboard.intake.problems import Problem, Refused

_UNDO = "undo"
_MOST_SAID = 100
"""A column that is read wrongly gives an error for every row; nobody reads ten thousand of them."""
_MOST_NOTES = 20
_KINDS = ", ".join(IMPORTERS)


def register(app: typer.Typer) -> None:
    """Add the command to an app."""
    app.command("import")(import_command)


def import_command(
    kind: Annotated[str, typer.Argument(help=f"{_KINDS}; or undo")],
    file: Annotated[str, typer.Argument(help="The file; with undo, the number of the batch.")],
    cluster: Annotated[str | None, typer.Option(help="The slug of the cluster that every row is about.")] = None,
    year: Annotated[str | None, typer.Option(help="The academic year of the file, such as 2016-17.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="A JSON file that says how a strange file is read.")] = None,
    create_missing: Annotated[
        bool, typer.Option("--create-missing", help="Make clusters and member schools that the store lacks.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; store nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Bring a file into the store, or undo a batch. Nothing is stored unless the whole file can be."""
    store: Store | None = None
    try:
        store = open_store()
        if kind == _UNDO:
            _undo(store, file, as_json)
            return
        if kind not in IMPORTERS:
            raise Refused.because(f"there is no kind of file “{kind}”; known are {_KINDS}, and undo")
        options = ImportOptions(
            cluster=cluster,
            year=_read_year(year),
            mapping=_read_mapping(mapping),
            create_missing=create_missing,
            dry_run=dry_run,
        )
        _tell(import_file(store, IMPORTERS[kind], Path(file), options), as_json, dry_run)
    except Refused as refusal:
        _tell(ImportResult(kind, None, False, 0, 0, 0, 0, refusal.problems, ()), as_json, dry_run)
    finally:
        if store is not None:
            store.close()


def _read_year(text: str | None) -> AcademicYear | None:
    try:
        return AcademicYear.parse(text) if text else None
    except ValueError as error:
        raise Refused.because(str(error)) from error


def _read_mapping(path: Path | None) -> Mapping:
    if path is None:
        return NO_MAPPING
    try:
        return Mapping.from_json(path.read_bytes())
    except OSError as error:
        raise Refused.because(
            f"the mapping “{path}” cannot be read: {(error.strerror or str(error)).lower()}"
        ) from error


def _tell(result: ImportResult, as_json: bool, dry_run: bool) -> None:
    if as_json:
        _print_json(result.as_dict())
    else:
        _say_notes(result.warnings)
    if result.errors:
        _refuse(result.errors)
    if not as_json:
        counts = f"{result.added} added, {result.changed} changed, {result.unchanged} unchanged"
        rows = f"{result.rows_read} row{'s' * (result.rows_read != 1)} read"
        end = " (dry run: nothing was stored)" if dry_run else f" (batch {result.batch})" if result.batch else ""
        typer.echo(f"{result.kind}: {rows}; {counts}{end}")


def _say_notes(notes: tuple[Problem, ...]) -> None:
    """What a person should know: all that is about the file, and as much about single rows as anybody reads."""
    of_rows = [note for note in notes if note.row is not None]
    left_out = set(of_rows[_MOST_NOTES:])
    for note in notes:
        if note not in left_out:
            typer.echo(f"note: {note}", err=True)
    if left_out:
        typer.echo(f"note: … and {len(left_out):,} more about single rows; --json lists them all", err=True)


def _undo(store: Store, number: str, as_json: bool) -> None:
    try:
        if not number.isdecimal():
            raise UndoRefused(f"“{number}” is not the number of a batch")
        with store.writing() as session:
            batch = undo_batch(session, int(number))
            undone = {"batch": batch.id, "kind": batch.kind, "file": batch.file_name, "undone": True}
    except UndoRefused as refusal:
        problem = Problem(str(refusal))
        if as_json:
            _print_json({"batch": None, "undone": False, "errors": [problem.as_dict()]})
        _refuse((problem,))
    if as_json:
        _print_json(undone)
    else:
        typer.echo(f"batch {undone['batch']} ({undone['kind']}, {undone['file']}) was undone")


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _refuse(problems: tuple[Problem, ...]) -> NoReturn:
    typer.echo("Nothing was stored.", err=True)
    for problem in problems[:_MOST_SAID]:
        typer.echo(str(problem), err=True)
    if len(problems) > _MOST_SAID:
        typer.echo(f"… and {len(problems) - _MOST_SAID:,} more; --json lists them all", err=True)
    raise typer.Exit(2)
