"""Small files for the tests of importers, and what the store holds afterwards."""

import io
from collections.abc import Sequence
from typing import Any

import docx
import openpyxl
import sqlalchemy as sa

from dashboard.changes import undo_batch
from dashboard.db import Base, Store
from dashboard.importing import IMPORTERS
from dashboard.intake.files import SourceFile
from dashboard.intake.mapping import Mapping
from dashboard.intake.pipeline import ImportOptions, ImportResult, import_file

BOOKKEEPING = {"import_batch", "batch_change", "audit_event", "audit_head"}

MILL = "mill-cluster"
"""The cluster under test. Its decoy, the Weir Cluster, has a school of the same name."""


def csv_file(text: str, name: str = "file.csv") -> SourceFile:
    return SourceFile(name, text.encode())


def xlsx_file(rows: Sequence[Sequence[Any]], sheet: str = "Sheet1") -> SourceFile:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    return workbook_file(book)


def workbook_file(book: openpyxl.Workbook) -> SourceFile:
    out = io.BytesIO()
    book.save(out)
    return SourceFile("file.xlsx", out.getvalue())


def docx_file(*tables: Sequence[Sequence[str]]) -> SourceFile:
    """A document; a cell is its lines, and a line that starts with "* " is a bullet ("*" alone an empty one)."""
    document = docx.Document()
    for rows in tables:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                _fill(cell, text.split("\n"))
    out = io.BytesIO()
    document.save(out)
    return SourceFile("file.docx", out.getvalue())


def _fill(cell: Any, lines: list[str]) -> None:
    for number, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        if line == "*" or line.startswith("* "):
            paragraph.style = "List Bullet"
        paragraph.add_run(line.removeprefix("*").strip())


def bring(store: Store, kind: str, file: SourceFile | str, **options: Any) -> ImportResult:
    """Import a file, whatever becomes of it."""
    if "mapping" in options:
        options["mapping"] = Mapping.model_validate(options["mapping"])
    source = csv_file(file) if isinstance(file, str) else file
    return import_file(store, IMPORTERS[kind], source, ImportOptions(**options))


def brought(store: Store, kind: str, file: SourceFile | str, **options: Any) -> ImportResult:
    """Import a file that has to be stored."""
    result = bring(store, kind, file, **options)
    assert result.stored, result.errors
    return result


def add_two_clusters(store: Store) -> None:
    brought(
        store,
        "schools",
        "name,urn,cluster\n"
        "Mill Primary School,100001,Mill Cluster\n"
        "St Joseph's School,100002,Mill Cluster\n"
        "The Ford School,100003,Mill Cluster\n"
        "St. Joseph's School,200002,Weir Cluster\n"
        "Weir School,200003,Weir Cluster\n",
        create_missing=True,
    )


def everything(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, but for the record of imports itself and the number that goes up with every change."""
    with store.reading() as session:
        return {
            table.name: [
                {name: value for name, value in row.items() if name != "version"}
                for row in session.execute(sa.select(table).order_by(table.c.id)).mappings()
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in BOOKKEEPING
        }


def undo(store: Store, batch: int | None) -> None:
    assert batch is not None
    with store.writing() as session:
        undo_batch(session, batch)


def assert_idempotent_and_undoable(store: Store, kind: str, file: SourceFile | str, **options: Any) -> ImportResult:
    """Bring a file in twice and take it out again; gives the first result."""
    before = everything(store)
    first = brought(store, kind, file, **options)
    stored = everything(store)
    assert stored != before
    second = brought(store, kind, file, **options)
    assert (second.added, second.changed, second.batch) == (0, 0, None)
    assert second.unchanged == first.added + first.changed + first.unchanged
    assert everything(store) == stored
    undo(store, first.batch)
    assert everything(store) == before
    return first


def problems(result: ImportResult) -> list[tuple[int | None, str | None, str | None]]:
    return [(problem.row, problem.column, problem.value) for problem in result.errors]
