"""What the pages of the open figures call things."""

from enum import StrEnum
from typing import Final

from dashboard.vocabulary import FigureAnswer, Severity

NOT_SUPPLIED: Final = "not supplied"
"""What stands where a table is blank: nobody said anything, which is not 0 (1.8)."""

ANSWERS: Final = {
    FigureAnswer.STANDS: "The printed figure stands",
    FigureAnswer.CORRECTED: "The right figure is another one",
    FigureAnswer.WITHDRAWN: "Neither is known to be right",
}
"""What a school may answer, as it reads in the form."""

SEVERITIES: Final = {Severity.INFO: "may be rounding", Severity.LOOK: "look"}


class Look(StrEnum):
    """In which form figures are shown."""

    PRINTED = "printed"
    PER_PUPIL = "per-pupil"
    TOTAL = "in-total"


LOOKS: Final = {Look.PRINTED: "as brought in", Look.PER_PUPIL: "per pupil", Look.TOTAL: "in total"}

_POUNDS: Final = frozenset({"£", "pound", "pounds", "gbp"})
_PER_PUPIL: Final = frozenset({f"{each} per pupil" for each in _POUNDS} | {"£/pupil", "pounds/pupil"})
_PUPILS: Final = frozenset(
    {"number of pupils", "pupils", "pupil numbers", "pupils on roll", "number on roll", "numbers on roll"}
)


def is_pounds(unit: str) -> bool:
    """Whether a unit says pounds, for the school as a whole."""
    return _plain(unit) in _POUNDS


def is_pounds_per_pupil(unit: str) -> bool:
    """Whether a unit says pounds per pupil."""
    return _plain(unit) in _PER_PUPIL


def is_number_of_pupils(measure: str) -> bool:
    """Whether a measure is how many pupils a school has."""
    return _plain(measure) in _PUPILS


def is_total(measure: str) -> bool:
    """Whether the name of a measure begins with the word "total"."""
    return _plain(measure).partition(" ")[0] == "total"


def of_which_total(measure: str) -> str | None:
    """Of what a measure is the total: "TOTAL INCOME" → "income"."""
    first, _, rest = _plain(measure).partition(" ")
    return rest if first == "total" and rest else None


def per_pupil_of(measure: str) -> str | None:
    """Of what a measure is the amount per pupil: "Income per pupil" → "income"."""
    what, ends, rest = _plain(measure).rpartition(" per pupil")
    return what if ends and not rest and what else None


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace(":", " ").split())
