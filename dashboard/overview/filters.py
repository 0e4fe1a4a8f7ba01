"""What one may choose on the overview: read from an address, held against rows, written back as an address. Pure.

A choice is known by its name, so that an address, a saved view and a printed page say the same: "programme=PSTT". What
no cluster has filters to nothing, and the page says so; what is no choice at all (a year that is none) is left out.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Protocol, Self, TypeVar
from urllib.parse import urlencode

from dashboard.academic_year import AcademicYear
from dashboard.overview.words import NO_FLAG, STATES, called

LONGEST: Final = 200
"""No name of a programme, cohort, stage, area or school is longer."""
_RATES: Final = {f"{tenth * 10}-{tenth * 10 + 10}": tenth for tenth in range(10)}


class Facts(Protocol):
    """What of a cluster in a year may be chosen by."""

    @property
    def programme(self) -> str | None: ...
    @property
    def cohort(self) -> str | None: ...
    @property
    def stages(self) -> Collection[str]:
        """The stages of its programme in which it is."""

    @property
    def areas(self) -> Collection[str]:
        """The local authorities of its schools, each once."""

    @property
    def flagged(self) -> Collection[str]:
        """The rules of its flags and their severities, each once."""

    @property
    def watched(self) -> bool:
        """Whether the reader watches it."""

    @property
    def found(self) -> bool:
        """Whether a search for `Filters.q` finds it by its name or by that of one of its schools."""

    @property
    def tenth(self) -> int | None:
        """The ten points in which its attendance lies, from 0 to 9; None where it has no rate to compare."""


Row = TypeVar("Row", bound=Facts)


@dataclass(frozen=True)
class Filters:
    """The choices that hold. An empty text, False and None choose nothing."""

    programme: str = ""
    cohort: str = ""
    stage: str = ""
    area: str = ""
    flag: str = ""
    """A rule, a severity, or "none"."""
    watched: bool = False
    q: str = ""
    rate: int | None = None
    """The ten points in which the attendance lies, from 0 to 9."""
    by: str = ""
    sort: str = ""
    year: AcademicYear | None = None

    @classmethod
    def read(cls, choices: Mapping[str, str]) -> Self:
        """The choices of an address or of a form, whatever stands there."""
        texts = {name: _clean(choices.get(name, "")) for name in _WRITTEN}
        return cls(
            watched=texts.pop("watched") == "1",
            rate=_RATES.get(texts.pop("rate")),
            year=_read_year(texts.pop("year")),
            **texts,
        )

    @property
    def narrows(self) -> bool:
        """Whether any choice leaves out clusters."""
        return any(_chooses(getattr(self, name)) for name in NARROWING)

    def keep(self, rows: Iterable[Row]) -> list[Row]:
        """The rows that every choice holds of, in their order."""
        return self._keep(rows, NARROWING)

    def words(self) -> list[tuple[str, str]]:
        """The choices that hold, as label and value to be printed: ("Programme", "PSTT")."""
        return [(LABELS[name], words) for name in (*NARROWING, "year") if (words := self._said(name))]

    def query(self, **changes: Any) -> str:
        """The choices as a query string without its "?", some of them changed; "" where nothing is chosen."""
        changed = replace(self, **changes)
        written = ((name, changed._written(name)) for name in _WRITTEN)
        return urlencode([(name, value) for name, value in written if value])

    def address(self, path: str = "/", **changes: Any) -> str:
        """A page with the choices, some of them changed."""
        return f"{path}?{self.query(**changes)}".rstrip("?")

    def without(self, name: str) -> str:
        """The overview with one choice fewer."""
        return self.address(**{name: _NOTHING[name]})

    @property
    def cleared(self) -> str:
        """The overview of all clusters: the year, the order and what is shown beside stay."""
        return self.address(**{name: _NOTHING[name] for name in NARROWING})

    def offers(self, rows: Sequence[Facts]) -> Mapping[str, "Offer"]:
        """What can be chosen of each kind, given the other choices: only what some cluster has.

        A kind of which there is one value, or none, is not offered, unless it is chosen.
        """
        offers = {}
        for name, values_of in _VALUES.items():
            others = self._keep(rows, [each for each in NARROWING if each != name])
            counts = Counter(value for row in others for value in values_of(row))
            chosen = getattr(self, name)
            if chosen and not any(_same(chosen, value) for value in counts):
                counts[chosen] = 0
            named = sorted(counts, key=lambda value: _place(name, value))
            options = tuple(Option(value, _value_words(name, value), counts[value]) for value in named)
            if len(options) > 1 or chosen:
                offers[name] = Offer(name, LABELS[name], options, chosen)
        return offers

    def _keep(self, rows: Iterable[Row], names: Collection[str]) -> list[Row]:
        return [row for row in rows if all(self._holds(name, row) for name in names)]

    def _holds(self, name: str, row: Facts) -> bool:
        chosen = getattr(self, name)
        if name in _VALUES:
            return not chosen or any(_same(chosen, value) for value in _VALUES[name](row))
        if name == "rate":
            return chosen is None or row.tenth == chosen
        return not chosen or (row.watched if name == "watched" else row.found)

    def _said(self, name: str) -> str:
        value = getattr(self, name)
        if not _chooses(value):
            return ""
        if name == "rate":
            return f"{value * 10} to {100 if value == 9 else value * 10 + 9} %"
        return {"watched": "watched by you", "q": f"“{value}”"}.get(name) or _value_words(name, str(value))

    def _written(self, name: str) -> str:
        value = getattr(self, name)
        if name == "rate":
            return next((text for text, tenth in _RATES.items() if tenth == value), "")
        if name == "watched":
            return "1" if value else ""
        return str(value or "")


@dataclass(frozen=True)
class Option:
    """One value that may be chosen, what it is called, and how many clusters have it."""

    value: str
    words: str
    clusters: int


@dataclass(frozen=True)
class Offer:
    """What may be chosen of one kind."""

    name: str
    label: str
    options: tuple[Option, ...]
    chosen: str

    def is_chosen(self, option: Option) -> bool:
        """Whether this is the value that holds."""
        return bool(self.chosen) and _same(self.chosen, option.value)


LABELS: Final[Mapping[str, str]] = {
    "programme": "Programme",
    "cohort": "Cohort",
    "stage": "Stage",
    "area": "Area",
    "flag": "Flag",
    "watched": "Clusters",
    "q": "Search",
    "rate": "Attendance",
    "year": "Year",
}
NARROWING: Final = ("programme", "cohort", "stage", "area", "flag", "watched", "q", "rate")
"""The choices that leave out clusters."""
_WRITTEN: Final = tuple(each.name for each in fields(Filters))
_NOTHING: Final[Mapping[str, Any]] = {each.name: each.default for each in fields(Filters)}


def _one(value: str | None) -> Collection[str]:
    return () if value is None else (value,)


def _flags_of(row: Facts) -> Collection[str]:
    return row.flagged or (NO_FLAG,)


_VALUES: Final = {
    "programme": lambda row: _one(row.programme),
    "cohort": lambda row: _one(row.cohort),
    "stage": lambda row: row.stages,
    "area": lambda row: row.areas,
    "flag": _flags_of,
}
"""The choices of which there is a list, and what a cluster has of each."""


def _chooses(value: Any) -> bool:
    return bool(value) or (value == 0 and value is not False)  # the lowest tenth is number 0


def _same(one: str, other: str) -> bool:
    return one == other or one.casefold() == other.casefold()


def _value_words(name: str, value: str) -> str:
    return called(value) if name == "flag" else value


def _place(name: str, value: str) -> tuple[int, str]:
    """States stand before rules, no flag last; numbers within names in their order: "Stage 2" before "Stage 10"."""
    if name == "flag":
        states = [*STATES]
        return (states.index(value) if value in states else 99 if value == NO_FLAG else 50, called(value))
    return 0, re.sub(r"\d+", lambda number: number[0].zfill(9), value.casefold())


def _clean(text: str) -> str:
    """What somebody wrote, without signs that no name has."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())[:LONGEST].strip()


def _read_year(text: str) -> AcademicYear | None:
    try:
        return AcademicYear.parse(text)
    except ValueError:
        return None
