"""The code of a target: what it may be, as it is its address, how a table says it, and a proposal for one.

Pure text.
"""

import re
from typing import Final

from dashboard.academic_year import AcademicYear
from dashboard.models import CellLine
from dashboard.plans.cell_text import CellLines, find_code

FIXED_WORDS: Final = frozenset(
    {"new", "one-page", "bring-in", "word", "aims", "next-year", "reviews", "history", "prompts"}
)
"""What pages below `/cluster/SLUG/plan/` are called: a target of such a code would have no page."""
_SIGN: Final = re.compile(r"^(.{1,60}?)\s*\(code\)$", re.IGNORECASE)
_MOST_WORDS: Final = 3
_SMALL: Final = frozenset({"the", "a", "an", "of", "to", "and", "for", "in", "on", "with", "at", "our", "all"})


def check_code(code: str) -> str:
    """A code that can be an address. Raises ValueError with a sentence that says what to change."""
    if "/" in code or "\\" in code:
        raise ValueError(f"the code “{code}” has a slash; it is part of an address, so write “-” instead")
    if code.casefold() in FIXED_WORDS:
        raise ValueError(f"“{code}” is the name of a page of the plan; give the target another code")
    if not code.strip(". "):
        raise ValueError(f"“{code}” is no code; use letters and figures")
    return code


def say_code(lines: CellLines, code: str) -> CellLines:
    """A Target cell from which its code can be read again: where its first line is not the code, one is put there that
    says "(code)" at its end.
    """
    return lines if find_code(lines) == code else (CellLine(True, f"{code} (code)"), *lines)


def take_code(lines: CellLines) -> tuple[str | None, CellLines]:
    """The code that a Target cell says, and the cell: the reverse of `say_code`."""
    found = _SIGN.match(lines[0].text) if lines else None
    return (found[1], lines[1:]) if found else (find_code(lines), lines)


def propose_code(lines: CellLines, year: AcademicYear) -> str:
    """A code for a target that has none: its first words in capitals and the September of its year (2.2)."""
    words = re.findall(r"[A-Za-z0-9]+", lines[0].text if lines else "")
    telling = [word for word in words if word.casefold() not in _SMALL] or words or ["TARGET"]
    return f"{'-'.join(telling[:_MOST_WORDS]).upper()[:50]}-SEPT{year.start % 100:02}"
