"""The record of who did what: each event in the same transaction as the write it tells of, each chained to the last.

An event holds no personal data: people appear as the numbers of their accounts, and columns that are personal or
secret are named but not quoted (`column_info`). So a person can be erased and the record stays whole.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Reader
from dashboard.db import Base, now_utc
from dashboard.models import AuditEvent, AuditHead
from dashboard.vocabulary import Attempt

FIRST: Final = "0" * 64
"""What the first event is chained to."""
NOT_QUOTED: Final = "(not quoted)"
_PAGE: Final = 5_000


@dataclass(frozen=True)
class Actor:
    """Whoever writes: the account by number, as what, and from which computer."""

    known_as: str
    origin: str
    account_id: int | None = None

    @classmethod
    def of(cls, reader: Reader, origin: str) -> "Actor":
        """A reader at a computer."""
        return cls(reader.known_as, origin, reader.account_id)


COMMAND_LINE: Final = Actor("command line", "command line")


def record(
    session: Session,
    actor: Actor,
    action: str,
    object_kind: str,
    object_key: str | int | None = None,
    *,
    cluster_id: int | None = None,
    outcome: Attempt = Attempt.DONE,
    reason: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    batch_id: int | None = None,
) -> None:
    """Add an event to the chain, within the session's transaction: stored with the write, or neither is.

    `before` and `after` are of `quote`, or of plain values without anything personal. Call it last: from here to the
    end of the transaction nobody else can write an event.
    """
    session.flush()
    # Read past the session's memory and, on PostgreSQL, held until the end: two events never follow the same one.
    head = session.execute(sa.select(AuditHead.events, AuditHead.sha256).where(AuditHead.id == 1).with_for_update())
    events, previous = head.one()
    values: dict[str, Any] = {
        "id": events + 1,
        "happened_at": now_utc(),
        "actor_id": actor.account_id,
        "actor": _one_line(actor.known_as, 60),
        "origin": _one_line(actor.origin, 60),
        "action": _one_line(action, 60),
        "object_kind": _one_line(object_kind, 60),
        "object_key": None if object_key is None else _one_line(str(object_key), 200),
        "cluster_id": cluster_id,
        "outcome": outcome,
        "reason": _one_line(reason, 500) if reason else None,
        "before": _as_it_comes_back(before),
        "after": _as_it_comes_back(after),
        "batch_id": batch_id,
        "previous_sha256": previous,
    }
    values["sha256"] = _digest(values)
    session.execute(sa.insert(AuditEvent).values(values))
    session.execute(sa.update(AuditHead).where(AuditHead.id == 1).values(events=events + 1, sha256=values["sha256"]))


def quote(row: Base, names: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The columns of a row as an event holds them, or only the named ones with the values given for them."""
    columns = sa.inspect(type(row)).columns
    values = {name: getattr(row, name) for name, _ in columns.items()} if names is None else names
    return {name: quote_value(columns[name], value) for name, value in values.items()}


def quote_value(column: sa.Column[Any], value: Any) -> Any:
    """One value as JSON knows it; what is personal or secret only as being there."""
    if value is not None and (column.info.get("personal") or column.info.get("secret")):
        return NOT_QUOTED
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, (Decimal, date, time, bytes)) else value


def count_refusals(session: Session, actor: Actor, *, since: datetime) -> int:
    """How often an actor was refused at the same computer since a moment."""
    mine = AuditEvent.actor_id.is_(None) if actor.account_id is None else AuditEvent.actor_id == actor.account_id
    return session.scalars(
        sa.select(sa.func.count(AuditEvent.id)).where(
            AuditEvent.happened_at >= since, mine, AuditEvent.origin == _one_line(actor.origin, 60),
            AuditEvent.outcome == Attempt.REFUSED,
        )
    ).one()  # fmt: skip


def find_faults(session: Session) -> list[str]:
    """The first thing that shows that the audit was changed after it was written; nothing when it was not."""
    previous, count = FIRST, 0
    try:
        for event in _events(session):
            count += 1
            if event["id"] != count:
                return [f"Audit: event {count} is missing."]
            if event["previous_sha256"] != previous or event["sha256"] != _digest(event):
                return [f"Audit: event {event['id']} is not as it was written."]
            previous = event["sha256"]
    except (ValueError, TypeError, LookupError):  # no moment, no JSON, no word of the list
        return [f"Audit: an event after event {count} is not as it was written and cannot be read."]
    heads = session.execute(sa.select(AuditHead.events, AuditHead.sha256)).all()
    if [tuple(head) for head in heads] != [(count, previous)]:
        said = (
            f"{heads[0].events} events are" if len(heads) == 1 else f"{'more than one end' if heads else 'nothing'} is"
        )
        return [f"Audit: {said} noted as written, {count} are there."]
    return []


def find_head(session: Session) -> tuple[int, str]:
    """How many events there are, and the digest of the last: note it elsewhere, and nobody can rewrite the past."""
    events, digest = session.execute(sa.select(AuditHead.events, AuditHead.sha256)).one()
    return events, digest


def _one_line(text: str, longest: int) -> str:
    """Text that cannot break a line or hide in it: a sign that is not to be seen stands as its number."""
    return "".join(_visible(sign) for sign in text[:longest])[:longest]


def _visible(sign: str) -> str:
    category = unicodedata.category(sign)
    hidden = category.startswith("C") or category in {"Zl", "Zp"}
    return sign.encode("unicode_escape").decode("ascii") if hidden else sign


def _as_it_comes_back(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Values as the store will give them back, so that their digest stays the same."""
    return json.loads(json.dumps(dict(values))) if values else None


def _events(session: Session) -> Iterator[dict[str, Any]]:
    events = sa.select(*AuditEvent.__table__.columns).order_by(AuditEvent.id).limit(_PAGE)
    following = events  # from the very first, whatever its number
    while True:
        page = session.execute(following).mappings().all()
        for row in page:
            yield dict(row)
        if len(page) < _PAGE:
            return
        following = events.where(AuditEvent.id > page[-1]["id"])


def _digest(event: Mapping[str, Any]) -> str:
    said = {name: value for name, value in event.items() if name != "sha256"}
    said["happened_at"] = said["happened_at"].astimezone(UTC).isoformat()
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
