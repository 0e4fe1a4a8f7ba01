"""The text of a plan's cells: bullets, the code of a target.

Pure text: no database, so that screens and importers read a cell alike.
"""

import re
import unicodedata
from datetime import date
from typing import Final

from dashboard.academic_year import AcademicYear
from dashboard.models import CellLine

CellLines = tuple[CellLine, ...]

_CODE: Final = re.compile(r"^[A-Z0-9][A-Z0-9_-]{2,59}$")
_BULLET: Final = re.compile(r"^[-–•*·]\s+")
_SUFFIX: Final = re.compile(r"-(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*-?(\d{2}|\d{4})$")
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def _is_writable(sign: str) -> bool:
    return unicodedata.category(sign) not in {"Cc", "Cs", "Cn"}


def read_lines(text: str) -> CellLines:
    """The lines of a cell of a table: one for each line of the text. What starts a bullet in a document starts one:
    "- ", "– ", "• ", "* " or "· ".
    """
    lines = (clean_line(line) for line in text.splitlines())
    return tuple(
        CellLine(bool(_BULLET.match(line)), _BULLET.sub("", line))
        for line in lines
        if line and line not in {"-", "–", "•", "*", "·"}
    )


def clean_line(text: str) -> str:
    """A line without what no document can hold, such as control characters, and without white space at its ends."""
    return "".join(" " if sign == "\t" else sign for sign in text if sign == "\t" or _is_writable(sign)).strip()


def write_lines(lines: CellLines) -> str:
    """The reverse of `read_lines`, for a box to type in."""
    return "\n".join(f"- {line.text}" if line.bullet else line.text for line in lines)


def find_code(lines: CellLines) -> str | None:
    """The code in the first line of a Target cell: capitals, figures, hyphens; None where that is a sentence."""
    return lines[0].text if lines and _CODE.match(lines[0].text) else None


def title_of(lines: CellLines, code: str) -> str:
    """What a target is called: the first line behind its code, else the code."""
    rest = [line.text for line in lines if line.text != code]
    return rest[0][:500] if rest else code


def year_of_code(code: str) -> AcademicYear | None:
    """The year in the ending of a code: NAME-SEPT19 begins in September 2019 (2.2)."""
    found = _SUFFIX.search(code)
    if found is None:
        return None
    written = int(found[2])
    return AcademicYear.of(date(written if written > 99 else 2000 + written, _MONTHS.index(found[1]) + 1, 1))
