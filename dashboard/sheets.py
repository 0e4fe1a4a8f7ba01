"""The one way out of the product for tables: JSON, or a CSV file or workbook in which no text is ever a formula.

Whoever opens an export trusts it. A name such as “=HYPERLINK(…)” that somebody typed must arrive as that text.
"""

import csv
import io
import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import pandas as pd
import xlsxwriter

_BEGINS_A_FORMULA: Final = frozenset("=+-@")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Me", "Mn", "Zl", "Zp", "Zs"})
"""Categories of signs that nobody sees before a formula, and that some spreadsheets pass over."""
_EMPTY: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and a sign without a shape, which no category tells apart: Korean fillers and the empty braille cell."""
_IN_NO_FILE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Signs that XML cannot hold, and halves of signs."""
_EXACT: Final = 2**53
"""Beyond it a spreadsheet, which knows only floating point, would show another number."""
_LONGEST: Final = 32_767
_MOST_ROWS: Final = 1_048_576
_CUT: Final = " … (cut)"
_WIDEST: Final = 60
_LOOKED_AT: Final = 200
"""Rows by which the width of a column is chosen."""

_AS_TEXT: Final[Mapping[str, Any]] = {
    "constant_memory": True,
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


class TooManyRows(ValueError):
    """A workbook cannot hold so many rows; the text says how many it can."""


def to_csv(frame: pd.DataFrame) -> bytes:
    """A frame as CSV with its column names as headings; UTF-8 with the mark by which Excel knows it.

    Text that a spreadsheet would compute gets an apostrophe before it; `unguarded` takes it off again.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([_guarded(value) for value in row] for row in _rows(frame))
    return out.getvalue().encode("utf-8-sig")


def to_json(frame: pd.DataFrame) -> bytes:
    """A frame as a list of objects: money as decimal strings, days as ISO dates, null where nothing is known."""
    names, *rows = _rows(frame)
    objects = [dict(zip(names, map(_for_json, row), strict=True)) for row in rows]
    return (json.dumps(objects, ensure_ascii=False, indent=1) + "\n").encode()


def _for_json(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, float)) else _text(value)


def to_xlsx(frame: pd.DataFrame, title: str) -> bytes:
    """A frame as a workbook with one sheet of that title; numbers and dates stay what they are, all else is text."""
    if len(frame) >= _MOST_ROWS:
        raise TooManyRows(f"a workbook holds at most {_MOST_ROWS - 1:,} rows, not {len(frame):,}")
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, dict(_AS_TEXT)) as book:
        book.set_properties({"title": clean(title)})
        sheet = book.add_worksheet(_name_of_sheet(title))
        for column, width in enumerate(_widths(frame)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        cells = _Cells(book, sheet)
        for number, row in enumerate(_rows(frame)):
            for column, value in enumerate(row):
                cells.write(number, column, value, heading=number == 0)
    return out.getvalue()


class _Cells:
    """Writes values into a sheet, each as what it is."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self._sheet = sheet
        self._heading = book.add_format({"bold": True, "quote_prefix": True})
        self._text = book.add_format({"quote_prefix": True})  # stays text when somebody edits the cell
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def write(self, row: int, column: int, value: Any, *, heading: bool) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            self._sheet.write_boolean(row, column, value)
        elif isinstance(value, (int, float, Decimal)) and -_EXACT < value < _EXACT:
            self._sheet.write_number(row, column, value)
        elif isinstance(value, datetime) and value.year > 1900:
            self._sheet.write_datetime(row, column, value.replace(tzinfo=None), self._moment)
        elif isinstance(value, date) and value.year > 1900:
            self._sheet.write_datetime(row, column, value, self._day)
        else:
            text = _text(value)
            look = self._heading if heading else self._text if _may_be_a_formula(text) else None
            self._sheet.write_string(row, column, _shortened(text), look)


def _rows(frame: pd.DataFrame) -> Iterable[list[Any]]:
    yield [_text(name) for name in frame.columns]
    for row in frame.itertuples(index=False, name=None):
        yield [_plain(value) for value in row]


def _plain(value: Any) -> Any:
    """A value without what only pandas or Python know: no NaN, no time zone but UTC, numpy's numbers as numbers."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, (float, Decimal)) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    return value


def _text(value: Any) -> str:
    """A value as text that any file can hold."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return f"{value:f}" if isinstance(value, Decimal) else clean(str(value))


def clean(text: str) -> str:
    """Text without what no file can hold, and with one kind of line break."""
    return _IN_NO_FILE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def _guarded(value: Any) -> str:
    """A value for CSV, which knows no kinds: text that a spreadsheet would compute gets an apostrophe before it."""
    if value is None:
        return ""
    text = _text(value)
    is_text = not isinstance(value, (bool, int, float, Decimal, date))
    return f"'{text}" if is_text and _may_be_a_formula(text.lstrip("'")) else text


def unguarded(text: str) -> str:
    """Text of a CSV file without the apostrophe that keeps it from being computed, ours or another program's.

    The way back of `to_csv` for every text: one that began with an apostrophe of its own was given a second.
    """
    return text[1:] if text[:1] == "'" and _may_be_a_formula(text.lstrip("'")) else text


def _may_be_a_formula(text: str) -> bool:
    """Whether it begins with = + - or @, in any width and behind anything unseen, or with a tab or a line break."""
    if text[:1] in {"\t", "\n"}:
        return True
    if text[:1].isascii() and text[:1].isalnum():
        return False  # as nearly always
    first = next((sign for sign in text if sign not in _EMPTY and unicodedata.category(sign) not in _UNSEEN), "")
    return unicodedata.normalize("NFKC", first)[:1] in _BEGINS_A_FORMULA


def _shortened(text: str) -> str:
    """As much as a cell of a workbook holds; it says so where that is not all."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT


def _name_of_sheet(title: str) -> str:
    """A title as Excel allows it for a sheet: 31 signs, no bracket, colon, slash, star or question mark."""
    return re.sub(r"[\[\]:*?/\\\s]", " ", clean(title))[:31].strip("' ") or "Sheet"


def _widths(frame: pd.DataFrame) -> list[int]:
    """A width for each column by its first rows, so that most of it can be read."""
    looked_at = list(_rows(frame.head(_LOOKED_AT)))
    columns = zip(*looked_at, strict=True)
    longest = (max(len(_text(value)) for value in column if value is not None) for column in columns)
    return [min(_WIDEST, length + 2) for length in longest]
