"""How an event reads: on the page as an `Event`, in a file as a row of a plain frame."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pandas as pd

from dashboard.vocabulary import Attempt
from dashboard.wording import day

NO_ACCOUNT: Final = "no account"
ERASED: Final = "an erased account"
NOTHING: Final = "nothing"

_OUTCOMES: Final[Mapping[str, str]] = {Attempt.DONE: "done", Attempt.REFUSED: "refused"}


@dataclass(frozen=True)
class Change:
    """One thing that an event says of before and after."""

    name: str
    before: str | None
    after: str | None

    @property
    def words(self) -> str:
        """Both in one: “yes → no”. Of what is new only what it is, of what is gone that it was taken out."""
        if self.before is None:
            return self.after or NOTHING
        return f"{self.before} → {'taken out' if self.after is None else self.after}"


@dataclass(frozen=True)
class Event:
    """One row of the page, in words. `known` says whether the reader may know what it was about."""

    id: int
    moment: str
    day: str
    clock: str
    who: str
    actor_id: int | None
    known_as: str
    origin: str
    action: str
    kind: str
    key: str | None
    cluster: str | None
    cluster_name: str | None
    outcome: str
    refused: bool
    reason: str | None
    known: bool
    changes: tuple[Change, ...]


def in_words(frame: pd.DataFrame) -> list[Event]:
    """The rows of `load_events` for the page."""
    return [_event(row) for row in frame.itertuples()]


def for_file(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of `load_events` for a file, with plain headings."""
    rows = [
        (
            row.id, row.happened_at, row.actor_id, row.name or (ERASED if row.erased else None), row.email, row.actor,
            row.origin, row.action, row.object_kind, row.object_key, row.cluster_name, _OUTCOMES[row.outcome],
            row.reason, _json(row.before), _json(row.after), row.batch_id, None if row.known else "not shown to you",
        )
        for row in frame.itertuples(index=False)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=HEADINGS, dtype=object)


HEADINGS: Final = [
    "Number", "When (UTC)", "Account", "Name", "Work address", "As what", "From where", "Did what", "To what kind",
    "To which", "Cluster", "Outcome", "Why", "Before", "After", "Import", "Details",
]  # fmt: skip


def _event(row: Any) -> Event:
    when: datetime = row.happened_at
    return Event(
        id=row.id,
        moment=when.isoformat(),
        day=day(when),
        clock=f"{when:%H:%M:%S}",
        who=_who(row),
        actor_id=row.actor_id,
        known_as=row.actor,
        origin=row.origin,
        action=row.action,
        kind=row.object_kind,
        key=row.object_key,
        cluster=row.cluster,
        cluster_name=row.cluster_name,
        outcome=_OUTCOMES[row.outcome],
        refused=row.outcome == Attempt.REFUSED,
        reason=row.reason,
        known=bool(row.known),
        changes=tuple(_changes(row.before or {}, row.after or {})),
    )


def _who(row: Any) -> str:
    if row.actor_id is None:
        return NO_ACCOUNT
    if row.erased:
        return f"{ERASED} ({row.actor_id})"
    return f"{row.name} ({row.email})" if row.name else str(row.email)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """What was said of each name, in the order in which it was said; what stayed the same is left out."""
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name) or name not in before or name not in after:
            yield Change(name, *(_value(said[name]) if name in said else None for said in (before, after)))


def _value(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()


def _json(values: Mapping[str, Any] | None) -> str | None:
    return None if values is None else json.dumps(values, ensure_ascii=False, sort_keys=True)
