"""The rows beneath a figure: tables whose columns add up in their foot, and the addresses at which they stand.

Pure: rows in, sums out. A feature fills them from its own queries, `dashboard.web.rows` shows them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

import pandas as pd

from dashboard.directory.view import View
from dashboard.wording import hours

REAL: Final = "real"
MADE_UP: Final = "illustrative"


class Kind(StrEnum):
    """What the cells of a column are; all but words add up."""

    WORDS = "words"
    COUNT = "count"
    PENCE = "pence"
    MINUTES = "minutes"


@dataclass(frozen=True)
class Column:
    """A column: the key of its values in each row, which names its foot in addresses too, and its heading."""

    key: str
    head: str
    kind: Kind = Kind.WORDS

    @property
    def adds_up(self) -> bool:
        """Whether the foot holds the sum of its cells."""
        return self.kind is not Kind.WORDS

    def told(self, value: Any) -> str:
        """A value as it is printed."""
        if value is None:
            return "–"
        match self.kind:
            case Kind.WORDS:
                return str(value)
            case Kind.COUNT:
                return f"{value:,}"
            case Kind.PENCE:
                return to_the_penny(value)
            case Kind.MINUTES:
                return hours(value)

    def stored(self, value: Any) -> Any:
        """A value as a file holds it: money in pounds, time in minutes."""
        return Decimal(value).scaleb(-2) if self.kind is Kind.PENCE and value is not None else value


def counts(**heads: str) -> tuple[Column, ...]:
    """Columns of numbers, by key and heading."""
    return tuple(Column(key, head, Kind.COUNT) for key, head in heads.items())


def amounts(**heads: str) -> tuple[Column, ...]:
    """Columns of pence, by key and heading."""
    return tuple(Column(key, head, Kind.PENCE) for key, head in heads.items())


def to_the_penny(pence: int) -> str:
    """Pounds as a ledger has them: £1,234.00."""
    whole, rest = divmod(abs(pence), 100)
    return f"{'−' if pence < 0 else ''}£{whole:,}.{rest:02d}"


@dataclass(frozen=True)
class WorkedOut:
    """A figure that is no sum of a column but rests on the rows above it: its key, name, value as printed, and how it
    is worked out.
    """

    key: str
    label: str
    value: str
    how: str = ""


Row = Mapping[str, Any]
"""Values by the keys of the columns. `href` is where the first cell leads; `figures` says whether it is real."""


@dataclass(frozen=True)
class Table:
    """Rows of one holder or of one cluster, with a foot that is the sum of all of them, shown or not."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    key: str = ""
    """What the names of its feet begin with, where a page has several tables."""
    within: str = ""
    """The key of the column by which rows stand together, each group with a sum of its own."""
    worked_out: Sequence[WorkedOut] = ()
    sums: Mapping[str, int] | None = None
    """The sums of all rows where not all of them are here; else they are those of `rows`."""
    found: int | None = None
    """How many rows there are in all, where not all of them are here."""

    @property
    def foot(self) -> Mapping[str, int]:
        """What each column adds up to."""
        return self.sums if self.sums is not None else _added(self.columns, self.rows)

    @property
    def groups(self) -> list[tuple[str, Sequence[Row], Mapping[str, int] | None]]:
        """The rows with the sum of each group; one group without a sum where they do not stand in groups, where all of
        them are one, or where not all of them are here.
        """
        if not self.within:
            return [("", self.rows, None)]
        groups = [(str(name), list(rows)) for name, rows in groupby(self.rows, lambda row: row[self.within])]
        if len(groups) < 2 or self.found is not None:
            return [("", self.rows, None)]
        return [(name, rows, _added(self.columns, rows)) for name, rows in groups]

    def name(self, key: str) -> str:
        """How an address names the foot of a column or a figure that is worked out."""
        return f"{self.key}-{key}" if self.key else key


def _added(columns: Sequence[Column], rows: Sequence[Row]) -> Mapping[str, int]:
    return {column.key: sum(int(row[column.key] or 0) for row in rows) for column in columns if column.adds_up}


@dataclass(frozen=True)
class Sheet:
    """A page of rows: its title and message, its tables, what is worked out of all of them, and notes."""

    title: str
    headline: str
    tables: Sequence[Table]
    worked_out: Sequence[WorkedOut] = ()
    notes: Sequence[str] = ()

    @property
    def made_up(self) -> tuple[bool, bool]:
        """Whether some of the rows are illustrative, and whether all are."""
        told = [row.get("figures", REAL) for table in self.tables for row in table.rows]
        return any(each != REAL for each in told), bool(told) and all(each == MADE_UP for each in told)

    def frame(self) -> pd.DataFrame:
        """All rows as one table for a file: no row in it is a sum."""
        some, _ = self.made_up
        several = len(self.tables) > 1
        rows = [
            {
                **({"Of": table.caption} if several else {}),
                **{column.head: column.stored(row[column.key]) for column in table.columns},
                **({"Figures": row.get("figures", REAL)} if some else {}),
            }
            for table in self.tables
            for row in table.rows
        ]
        heads = [column.head for column in self.tables[0].columns] if self.tables else []
        return pd.DataFrame(rows, columns=None if rows else heads, dtype=object)


def real_or_not(illustrative: Any) -> str:
    """Of one row whether it is real."""
    return MADE_UP if illustrative else REAL


def provenance(illustrative: int, rows: int) -> str:
    """Of something that many entries stand behind whether they are real."""
    if not illustrative:
        return REAL
    return MADE_UP if illustrative >= rows else f"{illustrative:,} of {rows:,} entries illustrative"


def rows_at(view: View, of: str, foot: str = "", **asked: Any) -> str:
    """The address of the rows of a view's cluster and year; "" where there is no cluster.

    `of` is "attendance", "money" or "plan", `foot` the column whose sum is the figure, `asked` what else is chosen.
    """
    if view.cluster is None:
        return ""
    said = {"year": view.year, **asked}
    told = urlencode({name: str(value) for name, value in said.items() if value not in (None, "")}, safe=",")
    return f"/cluster/{view.cluster.slug}/rows/{of}?{told}{foot and f'#{foot}'}"
