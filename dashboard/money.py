"""Money is whole pence, everywhere. Pounds exist only at the edges: files, reports, screens."""

import re
from decimal import Decimal
from typing import Final

_POUNDS_TOO_MANY: Final = 10**13
"""Far beyond any amount of the field, and well within what the store can hold and add up."""
_GROUPED = re.compile(r"^\d{1,3}(,\d{3})+(\.\d*)?$")


def pence_from_text(text: str) -> int:
    """Read an amount in pounds as people write it: "1,234.50", "£1,234.50", "-3", "(12.00)", "12.5".

    Raises ValueError with a sentence for a person, when the text is not an amount or has parts of a penny.
    """
    written = text.strip()
    bare = written.replace("£", "").replace("\N{NO-BREAK SPACE}", "").replace("\N{MINUS SIGN}", "-").strip()
    negative = bare.startswith("(") and bare.endswith(")")
    if negative:
        bare = bare[1:-1].strip()
    sign = "-" if bare.startswith("-") else ""
    digits = bare.removeprefix("-").strip()
    if "," in digits:
        if not _GROUPED.match(digits):
            raise ValueError(f"“{written}” is not an amount in pounds; write it like 1234.50")
        digits = digits.replace(",", "")
    if not re.fullmatch(r"\d+(\.\d*)?|\.\d+", digits):
        raise ValueError(f"“{written}” is not an amount in pounds; write it like 1234.50")
    pence = pence_from_pounds(Decimal(sign + digits), written)
    return -pence if negative else pence


def pence_from_pounds(pounds: Decimal, written: str | None = None) -> int:
    """Exact pence of an amount in pounds. Raises ValueError when it holds parts of a penny, or is no such amount."""
    if not pounds.is_finite():
        raise ValueError(f"“{written or pounds}” is not an amount in pounds")
    if abs(pounds) >= _POUNDS_TOO_MANY:
        raise ValueError(f"“{written or pounds}” is too large for an amount in pounds")
    pence = pounds * 100
    if pence == pence.to_integral_value():
        return int(pence)
    raise ValueError(f"“{written or pounds}” has parts of a penny; give at most two places")


def pounds(pence: int) -> str:
    """The decimal string of the contract: 123450 → "1234.50"."""
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"
