"""CSV and its cousins: bytes to records. Finds the encoding and the separator; guesses nothing else."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from dashboard.intake.problems import Problem, Refused
from dashboard.intake.tables import Table, make_table
from dashboard.sheets import unguarded

_SEPARATORS: Final = (",", ";", "\t")


def read_delimited(data: bytes, header_row: int) -> Table:
    """Read a table of text separated by commas, semicolons or tabs. Raises Refused when it is not one."""
    text = decode(data)
    if "\0" in text:
        raise Refused.because("this is not a text file; save the table as CSV (UTF-8) or as a workbook (.xlsx)")
    return make_table(_records(text, _separator(text, header_row)), header_row)


def decode(data: bytes) -> str:
    """Text of a file: UTF-8 with or without its mark, UTF-16 with its mark, else Windows-1252 (old Excel)."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused.because("the letters of this file cannot be read; save it as CSV (UTF-8)")


def _separator(text: str, header_row: int) -> str:
    # The headings decide, not the data: a description may be full of commas.
    def width(separator: str) -> int:
        for number, record in enumerate(_records(text, separator), start=1):
            if number == header_row:
                return len(record)
        return 0

    return max(_SEPARATORS, key=width)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    # Strict, because a quote that is never closed would swallow the rest of the file without a word.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):  # noqa: B007
            yield [unguarded(cell) if cell[:1] == "'" else cell for cell in record]
    except csv.Error as error:
        raise Refused(
            Problem(f"the row cannot be read ({error}); look for a quote that is not closed", row=number + 1)
        ) from error
