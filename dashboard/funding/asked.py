"""What the address of a ledger's list asks for, and the same as the address says it. Pure."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, Protocol

from dashboard.academic_year import AcademicYear
from dashboard.funding.lines import Filters
from dashboard.vocabulary import COMMITTED_STATES, SPENT_STATES, LinePurpose, LineState, Part, Pot, UseCode

NONE: Final = "none"
"""In an address: lines that have none of it."""
GROUPS: Final[Mapping[str, tuple[LineState, ...]]] = {"spent": SPENT_STATES, "promised": COMMITTED_STATES}
"""States that count alike, by one word: “committed” is a state of its own."""
NAMES: Final = ("year", "pot", "part", "use", "purpose", "state", "school", "target", "meeting", "line")
MOST_VALUES: Final = 50
_LARGEST: Final = 2**31 - 1
_LONGEST: Final = 200


class _Query(Protocol):
    def getlist(self, key: str) -> list[str]: ...


def read_filters(query: _Query) -> tuple[Filters, dict[str, str]]:
    """The filters of a query string, and what of it says them: each once, its values joined by commas.

    A name may stand several times, or its values behind one another: `state=invoiced,paid`. Raises ValueError for what
    is no such year, pot, part, use, purpose, state or number.
    """
    said = {name: _values(query.getlist(name)) for name in NAMES}
    if len(said["year"]) > 1:
        raise ValueError("one year at a time")
    states = [state for word in said["state"] for state in GROUPS.get(word, (word,))]
    filters = Filters(
        year=AcademicYear.parse(said["year"][0]).start if said["year"] else None,
        pots=_each(Pot, said["pot"]),
        parts=_each(Part, said["part"]),
        uses=_each(_or_none(UseCode), said["use"]),
        purposes=_each(_or_none(LinePurpose), said["purpose"]),
        states=_each(LineState, states),
        schools=_each(_or_none(str), said["school"]),
        targets=_each(_or_none(_target), said["target"]),
        meetings=_each(_or_none(_number), said["meeting"]),
        lines=_each(_number, said["line"]),
    )
    return filters, {name: ",".join(values) for name, values in said.items() if values}


def _values(written: Iterable[str]) -> list[str]:
    found = [value.strip() for each in written for value in each.split(",") if value.strip()]
    if len(found) > MOST_VALUES or any(len(value) > _LONGEST or not value.isprintable() for value in found):
        raise ValueError("too much is asked for")
    return list(dict.fromkeys(found))


def _each(read: Callable[[str], Any], values: Iterable[str]) -> tuple[Any, ...]:
    return tuple(read(value) for value in values)


def _or_none(read: type[StrEnum] | Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda value: None if value == NONE else read(value)


def _number(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) <= 10 and int(value) <= _LARGEST):
        raise ValueError(f"“{value}” is no number of ours")
    return int(value)


def _target(value: str) -> int | str:
    """A number, or the code that the plan gives the target."""
    return _number(value) if value.isascii() and value.isdecimal() else value
