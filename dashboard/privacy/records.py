"""What an import kept of a person, emptied: the columns as they stood before and after, one record at a time. Pure.

A record of the person's own row is emptied whole. An undo then finds neither the row nor what stood there, and is
refused; it can bring nobody back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Columns = Mapping[str, Any] | None

REFERENCES: Final = ("person_id", "replaced_by_person_id", "replaced_by_id", "replaces_id")
"""Columns that point at people, in the tables below."""
OF_PEOPLE: Final = ("appointment", "person_mark", "lifecycle_event", "workgroup_line")
"""Tables whose rows point at people."""
_WHOLE: Final = frozenset({"person", "appointment", "workgroup_line"})
"""Tables whose rows are the person's alone: they go with the person."""
_TOLD: Final = {"person_mark": ("note",)}
"""What the person's own rows say in words, by table; why something happened stands in rows of its own."""


@dataclass(frozen=True)
class Gone:
    """The rows that are a person's own, by table and number, before they go."""

    people: frozenset[int]
    rows: Mapping[str, frozenset[int]]

    def owns(self, table: str, row_id: int) -> bool:
        """Whether a record is about a row of these people."""
        return row_id in self.rows.get(table, frozenset())


def is_only_added(table: str, before: Columns, after: Columns) -> bool:
    """Whether a record says no more than that a batch added the row: nothing to empty, and nothing left to undo."""
    return table in _WHOLE and before is None and after is None


def emptied(gone: Gone, table: str, row_id: int, before: Columns, after: Columns) -> tuple[Columns, Columns]:
    """What a record may still hold."""
    own = gone.owns(table, row_id)
    was_theirs = before is not None and before.get("person_id") in gone.people
    if (own and table in _WHOLE) or (was_theirs and table in _WHOLE | {"person_mark"}):
        return _nothing(before), _nothing(after)
    return _without(gone, table, own, before), _without(gone, table, own, after)


def _nothing(columns: Columns) -> Columns:
    return None if columns is None else {}


def _without(gone: Gone, table: str, own: bool, columns: Columns) -> Columns:
    if columns is None:
        return None
    mine = own or columns.get("person_id") in gone.people
    kept = {name: None if name in REFERENCES and value in gone.people else value for name, value in columns.items()}
    return kept | {name: None for name in _TOLD.get(table, ()) if mine and name in columns}
