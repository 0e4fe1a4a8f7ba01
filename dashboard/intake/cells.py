"""One reader for each sort of cell: dates, money, numbers, years, text. A cell is read exactly, or refused in words.

Each takes a cell that is not blank and raises ValueError with a sentence for the person who has the file.
"""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from dashboard.academic_year import AcademicYear
from dashboard.intake.tables import Cell, show
from dashboard.money import pence_from_pounds, pence_from_text

_NOISE: Final = Decimal("0.000001")
"""Workbooks keep 0.1 + 0.2 as 0.30000000000000004; what lies beyond six places is that, not money."""
_MOST_PENCE: Final = 10**13
_MOST_COUNT: Final = 2**31 - 1
_YEARS: Final = range(1950, 2101)
"""Anything outside is a slip of the keyboard."""

BARE_TIME: Final = re.compile(r"^\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
"""What is left of a date whose day a spreadsheet lost."""
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_NUMERIC = re.compile(r"^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$")
SHORT_YEAR: Final = re.compile(r"^\d{1,2}([/.-])\d{1,2}\1\d{2}$")
"""A date whose century nobody wrote."""
_WORDED = re.compile(r"^(?:[A-Za-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})$")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBER = re.compile(r"^-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$")


def read_text(cell: Cell) -> str:
    """The text of a cell."""
    return show(cell)


LONGEST_NAME: Final = 180
"""Of a school, cluster or programme: the slug made from it may grow a little and must still fit."""


def limited_text(most: int) -> "TextReader":
    """A reader of text that refuses what would not fit into the store."""
    return TextReader(most)


class TextReader:
    """Reads text of at most so many letters."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, cell: Cell) -> str:
        """The text. Raises ValueError when it is too long."""
        text = show(cell)
        if len(text) > self.most:
            raise ValueError(f"this text has {len(text)} letters; at most {self.most} fit")
        return text


def read_date(cell: Cell, form: str | None = None) -> date:
    """Read a day: a real date, 2017-03-12, 12/03/2017, 12-03-2017, 12.03.2017 or 12 March 2017.

    The day goes before the month, always. With `form` (strptime) the text has that form, or is ISO. A time behind the
    date is passed over. Refuses a year of two digits unless `form` asks for it.
    """
    if isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    written = " ".join(show(cell).split())
    if form is not None:
        found = _with_form(written, form) or _iso(_TIME.sub("", written))
    else:
        text = _TIME.sub("", written)
        found = _iso(text) or _numeric(text) or _worded(text)
        if found is None and SHORT_YEAR.match(text):
            raise ValueError(
                f"“{written}” has a year of two digits; write four, or give the form in the mapping's “dates”"
            )
    if found is None and BARE_TIME.match(written):
        raise ValueError(f"“{written}” is a time of day; the date is lost")
    if found is None or found.year not in _YEARS:
        like = f"in the form {form}" if form else "like 2017-03-12 or 12/03/2017 (day first)"
        raise ValueError(f"“{written}” is not a date; write it {like}")
    return found


def _with_form(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()
    except ValueError:
        return None


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def _numeric(text: str) -> date | None:
    found = _NUMERIC.match(text)
    return _day(int(found[4]), int(found[3]), int(found[1])) if found else None


def _worded(text: str) -> date | None:
    found = _WORDED.match(text)
    if found is None or found[2][:3].casefold() not in _MONTHS:
        return None
    return _day(int(found[3]), _MONTHS.index(found[2][:3].casefold()) + 1, int(found[1]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_money(cell: Cell) -> int:
    """Read an amount in pounds as pence. Refuses parts of a penny."""
    if isinstance(cell, (bool, date)):
        raise ValueError(f"“{show(cell)}” is not an amount in pounds; write it like 1234.50")
    pence = pence_from_pounds(_exact(cell)) if isinstance(cell, (int, float, Decimal)) else pence_from_text(show(cell))
    if abs(pence) > _MOST_PENCE:
        raise ValueError(f"“{show(cell)}” is too large to be an amount of a cluster")
    return pence


def read_decimal(cell: Cell) -> Decimal:
    """Read a figure such as 12.5, 1,234, £48,747 or 92%: the sign of its unit is dropped."""
    if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
        value = _exact(cell)
    else:
        bare = show(cell).replace("\N{MINUS SIGN}", "-").replace("£", "").removesuffix("%").strip()
        if not _NUMBER.match(bare):
            raise ValueError(f"“{show(cell)}” is not a number; leave the cell empty where nothing was supplied")
        value = Decimal(bare.replace(",", ""))
    if abs(value) > _MOST_PENCE:
        raise ValueError(f"“{show(cell)}” is too large")
    return value


def read_count(cell: Cell) -> int:
    """Read a whole number that is not negative, such as 231 or 1,204."""
    try:
        value = read_decimal(cell)
    except ValueError:
        raise ValueError(f"“{show(cell)}” is not a whole number") from None
    if value != value.to_integral_value() or not 0 <= value <= _MOST_COUNT:
        raise ValueError(f"“{show(cell)}” is not a whole number")
    return int(value)


def read_year(cell: Cell) -> AcademicYear:
    """Read an academic year such as 2016-17 or 2016/17."""
    year = AcademicYear.parse(show(cell))
    if year.start not in _YEARS:
        raise ValueError(f"“{show(cell)}” is not an academic year; write it like 2016-17")
    return year


def _exact(number: float | int | Decimal) -> Decimal:
    try:
        return Decimal(str(number)).quantize(_NOISE).normalize() + 0
    except InvalidOperation as error:
        raise ValueError(f"“{number}” is not a number that can be stored") from error
