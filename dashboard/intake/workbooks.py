"""Workbooks (.xlsx): bytes to a table. Real dates and numbers stay what they are."""

import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml import DEFUSEDXML

from dashboard.intake.archives import BROKEN
from dashboard.intake.problems import Refused
from dashboard.intake.tables import Cell, Table, make_table


def read_workbook(data: bytes, sheet: str | None, header_row: int) -> Table:
    """Read one sheet: the named one, or the first that is not hidden. Formulas give the value last saved with them.

    Raises Refused when the workbook cannot be opened or has no such sheet.
    """
    if not DEFUSEDXML:
        raise Refused.because("workbooks are not opened until the package defusedxml is installed")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out (styles, validation) does not matter here
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            # A note to the right of the table shifts nothing, as it would in a CSV file.
            return make_table(_records(_sheet(book, sheet)), header_row, ragged=True)
    except (InvalidFileException, *BROKEN) as error:
        raise Refused.because("this workbook cannot be opened; save it again as .xlsx") from error


def _sheet(book: Any, name: str | None) -> Any:
    if name is not None:
        if name not in book.sheetnames:
            raise Refused.because(f"there is no sheet “{name}”; the workbook has {', '.join(book.sheetnames)}")
        return book[name]
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            return sheet
    raise Refused.because("the workbook has no sheet that can be seen")


def _records(sheet: Any) -> Iterator[tuple[Cell, ...]]:
    # The size a file claims for its sheet may be a million empty rows, or wrong.
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True):
        yield tuple(_plain(value) for value in row)


def _plain(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else str(value)
    if value is None or isinstance(value, (str, bool, int, float, Decimal, date)):
        return value
    return str(value)
