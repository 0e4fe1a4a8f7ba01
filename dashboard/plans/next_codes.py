"""What a target of the next year may be called: its code goes on from that of the target it came from (2.2). Pure."""

import re
from collections.abc import Collection
from typing import Final

from dashboard.academic_year import AcademicYear
from dashboard.plans.cell_text import year_of_code

LONGEST_CODE: Final = 60
_ENDING: Final = re.compile(r"-([A-Z]{3,9})-?(\d{2}|\d{4})$")
_WORD: Final = re.compile(r"[A-Z0-9]+")


def next_code(code: str, year: AcademicYear, taken: Collection[str]) -> str:
    """A free code in a year for what came from a target: NAME-SEPT19 → NAME-SEPT20, a second one NAME-2-SEPT20.

    A code whose ending says no year stays as it is, as far as it is free.
    """
    written = year_of_code(code)
    found = _ENDING.search(code)
    if written is None or found is None:
        return _free(code, "", taken)
    number = int(found[2]) + year.start - written.start
    digits = f"{number % 100:02d}" if len(found[2]) == 2 else f"{number:04d}"
    return _free(code[: found.start()], f"{code[found.start() : found.start(2)]}{digits}", taken)


def code_of_words(words: str, year: AcademicYear, taken: Collection[str]) -> str:
    """A free code made of the first words of a name: "Impact and sustainability" → IMPACT-SEPT20."""
    first = next((word for word in _WORD.findall(words.upper()) if len(word) > 2), "WORK")
    return _free(first, f"-SEPT{year.start % 100:02d}", taken)


def _free(name: str, ending: str, taken: Collection[str]) -> str:
    wanted, number = name[: LONGEST_CODE - len(ending)] + ending, 1
    while wanted in taken:
        number += 1
        more = f"-{number}{ending}"
        wanted = name[: LONGEST_CODE - len(more)] + more
    return wanted
