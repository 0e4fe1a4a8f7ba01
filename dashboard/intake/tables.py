"""A table as it stands in a file: headings and rows, before anybody says what they mean."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from dashboard.intake.problems import Problem, Refused

Cell = str | int | float | Decimal | bool | date | None
"""What a cell may hold: text from a CSV, and real numbers and dates from a workbook."""

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 400
MOST_CELLS: Final = 2_000_000


@dataclass(frozen=True)
class Row:
    """One row that holds something, with its number as a person sees it."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Headings and the rows below them; every row has as many cells as there are headings."""

    header_row: int
    headings: tuple[Cell, ...]
    rows: tuple[Row, ...]
    emptied: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Row number and column → what stood in a cell that counts as empty (`without`), to be named in a problem."""

    def without(self, texts: Collection[str]) -> "Table":
        """The table with every cell empty that says one of these texts, whatever its case."""
        nothing = {_folded(text) for text in texts}
        emptied: dict[tuple[int, int], str] = {}
        rows = []
        for row in self.rows:
            cells = list(row.cells)
            for index, cell in enumerate(cells):
                if cell is not None and _folded(show(cell)) in nothing:
                    emptied[row.number, index] = show(cell)
                    cells[index] = None
            rows.append(Row(row.number, tuple(cells)))
        return Table(self.header_row, self.headings, tuple(rows), emptied)

    def heading(self, index: int) -> str:
        """The printed heading of a column, or its letter where it has none."""
        return show(self.headings[index]) or f"(column {index + 1})"


def show(cell: Cell) -> str:
    """A cell as text: 12.0 reads "12", a date reads 2017-03-12, and spaces at the ends go."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace("\N{NO-BREAK SPACE}", " ").strip()


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def is_blank(cell: Cell) -> bool:
    """Whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not show(cell))


def make_table(records: Iterable[Sequence[Cell]], header_row: int, *, ragged: bool = False) -> Table:
    """Build a table of records, in the order of the file.

    The number of a row is the number of its record, which is what a spreadsheet shows: a line break inside quotes
    starts no new row, an empty row is passed over but counted. Raises Refused for a heading that stands twice, and for
    a file beyond the limits; and for a row longer than the headings, unless `ragged` says that such a row cannot come
    from a slip: its cells are then columns without a heading.
    """
    headings: tuple[Cell, ...] = ()
    rows: list[Row] = []
    cells = 0
    for number, record in enumerate(records, start=1):
        if number < header_row:
            continue
        trimmed = _trim(record)
        if len(trimmed) > MOST_COLUMNS:
            raise Refused(Problem(f"a table may have {MOST_COLUMNS} columns, this row has {len(trimmed)}", row=number))
        if number == header_row:
            headings = trimmed
        elif trimmed:
            rows.append(Row(number, trimmed))
            cells += len(trimmed)
        if len(rows) > MOST_ROWS or cells > MOST_CELLS:
            raise Refused.because(
                f"the file is too large: at most {MOST_ROWS:,} rows and {MOST_CELLS:,} cells; divide it"
            )
    if not headings:
        raise Refused.because(f"there are no headings in row {header_row}")
    _refuse_doubles(headings, header_row)
    if ragged:
        widest = max((len(row.cells) for row in rows), default=0)
        headings += (None,) * (widest - len(headings))
    else:
        _refuse_overhang(headings, rows)
    width = len(headings)
    whole = tuple(Row(row.number, row.cells + (None,) * (width - len(row.cells))) for row in rows)
    return Table(header_row, headings, whole)


def _trim(record: Sequence[Cell]) -> tuple[Cell, ...]:
    end = len(record)
    while end and is_blank(record[end - 1]):
        end -= 1
    return tuple(record[:end])


def _refuse_doubles(headings: tuple[Cell, ...], header_row: int) -> None:
    seen: set[str] = set()
    doubles = []
    for cell in headings:
        name = show(cell)
        if name and name.casefold() in seen:
            doubles.append(Problem("this heading stands twice; give each column its own", row=header_row, column=name))
        seen.add(name.casefold())
    if doubles:
        raise Refused(*doubles)


def _refuse_overhang(headings: tuple[Cell, ...], rows: list[Row]) -> None:
    width = len(headings)
    overhang = [
        Problem(
            f"this row has {len(row.cells)} cells but there are {width} headings; "
            "is a text with the separator in it not in quotes?",
            row=row.number,
            value=show(row.cells[width]),
        )
        for row in rows
        if len(row.cells) > width
    ]
    if overhang:
        raise Refused(*overhang)
