"""Which column means what: by the mapping first, else by the heading. A column nobody asked for is said so."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from dashboard.intake.mapping import Mapping as FileMapping
from dashboard.intake.problems import Problem, Refused
from dashboard.intake.pupils import refuse_pupils
from dashboard.intake.tables import Table, show

Headings = Mapping[str, Sequence[str]]
"""Meaning → other headings it goes by. The meaning itself is always one."""


@dataclass(frozen=True)
class Columns:
    """The columns of a table: where each meaning stands, and which ones nobody has claimed yet."""

    by_meaning: Mapping[str, int]
    unclaimed: tuple[int, ...]


def plain(heading: str) -> str:
    """A heading without case, spaces and punctuation, to compare by."""
    return re.sub(r"[\W_]+", "", heading.casefold())


def _key(heading: str) -> str:
    # A heading of signs alone, such as "£", keeps them.
    return plain(heading) or heading.strip().casefold()


def find_columns(
    table: Table,
    headings: Headings,
    mapping: FileMapping,
    warn: Callable[[Problem], None],
    also: Callable[[str], bool] = lambda _meaning: False,
) -> Columns:
    """Find the column of each meaning.

    `also` says which other words a mapping may use as a meaning (a register's dates). Raises Refused for a column that
    holds pupils, for a mapping that uses an unknown meaning, and for two columns of one meaning.
    """
    titles = [show(cell) for cell in table.headings]
    own = {_key(title): meaning for title, meaning in mapping.columns.items()}
    ignored = {_key(title) for title in mapping.ignore}
    refuse_pupils(table, lambda title: _key(title) in ignored - own.keys(), warn)
    _check_mapping(headings, mapping, also)
    found: dict[str, int] = {}
    for index, title in enumerate(titles):
        if _key(title) in own:
            _claim(table, found, own[_key(title)], index)
    named = set(found)
    usual = {plain(name): meaning for meaning, others in headings.items() for name in (*others, meaning)}
    for index, title in enumerate(titles):
        meaning = usual.get(plain(title)) if title else None
        if meaning is None or meaning in named or _key(title) in ignored or _key(title) in own:
            continue
        _claim(table, found, meaning, index)
    for title in mapping.columns:
        if _key(title) not in {_key(each) for each in titles}:
            warn(Problem(f"the mapping names a column “{title}” that the file does not have", column=title))
    claimed = set(found.values())
    unclaimed = tuple(i for i, title in enumerate(titles) if i not in claimed and _key(title) not in ignored)
    return Columns(found, unclaimed)


def require(table: Table, columns: Columns, needed: Collection[str], given: Collection[str]) -> None:
    """Refuse a table that lacks a column it cannot do without; `given` are the meanings that have a default."""
    missing = [meaning for meaning in needed if meaning not in columns.by_meaning and meaning not in given]
    if missing:
        there = ", ".join(f"“{table.heading(index)}”" for index in range(len(table.headings)))
        raise Refused(
            *(
                Problem(
                    f"there is no column for {meaning}; the file has {there}. "
                    f"Name the column “{meaning}”, or say in a mapping's “columns” which one it is",
                    row=table.header_row,
                    column=meaning,
                )
                for meaning in missing
            )
        )


def warn_unused(table: Table, unclaimed: Collection[int], warn: Callable[[Problem], None]) -> None:
    """Say which columns were passed over."""
    for index in unclaimed:
        title = table.heading(index)
        warn(Problem(f"the column “{title}” was not used", row=table.header_row, column=title))


def _claim(table: Table, found: dict[str, int], meaning: str, index: int) -> None:
    if meaning in found:
        first, second = table.heading(found[meaning]), table.heading(index)
        raise Refused(
            Problem(
                f"“{first}” and “{second}” both read as {meaning}; say in a mapping's “columns” which one it is",
                row=table.header_row,
                column=second,
            )
        )
    found[meaning] = index


def _check_mapping(headings: Headings, mapping: FileMapping, also: Callable[[str], bool]) -> None:
    used = [*mapping.columns.values(), *mapping.defaults]
    wrong = [meaning for meaning in used if meaning not in headings and not also(meaning)]
    if wrong:
        known = ", ".join(headings)
        raise Refused(
            *(
                Problem(f"the mapping uses “{each}”, which this kind of file does not have; it has {known}")
                for each in wrong
            )
        )
