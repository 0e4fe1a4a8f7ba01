"""Where a row came from, in an export, and what was done to it: by an import of a file, or by hand."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.models import AuditEvent, BatchChange, ImportBatch

BY_HAND: Final = {"entered": "by hand"}


def origin(batch: int, file: str) -> dict[str, Any]:
    """An import, by its number and the name of its file."""
    return {"import": batch, "file": file}


def origins(session: Session, table: str, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The imports that added rows of a table, by the number of the row."""
    rows = session.execute(
        sa.select(BatchChange.row_id, ImportBatch.id, ImportBatch.file_name)
        .join(ImportBatch, ImportBatch.id == BatchChange.batch_id)
        .where(BatchChange.table_name == table, BatchChange.row_id.in_(numbers), BatchChange.before.is_(None))
        .order_by(ImportBatch.id)
    )
    return {row_id: origin(batch, file) for row_id, batch, file in rows}


def changes_by_imports(session: Session, table: str, number: int) -> list[dict[str, Any]]:
    """What imports changed in a row, as it stood before and after."""
    rows = session.execute(
        sa.select(ImportBatch.id, ImportBatch.file_name, BatchChange.before, BatchChange.after)
        .join(ImportBatch, ImportBatch.id == BatchChange.batch_id)
        .where(BatchChange.table_name == table, BatchChange.row_id == number, BatchChange.before.is_not(None))
        .order_by(BatchChange.id)
    )
    return [{**origin(batch, file), "before": before, "after": after} for batch, file, before, after in rows]


def done_to(session: Session, kind: str, number: int) -> list[dict[str, Any]]:
    """The events of the audit about a contact or account: when, what, why, as what somebody did it, what it changed."""
    rows = session.execute(
        sa.select(AuditEvent)
        .where(AuditEvent.object_kind == kind, AuditEvent.object_key == str(number))
        .order_by(AuditEvent.id)
    ).scalars()
    return [
        {
            "at": plain(event.happened_at),
            "action": event.action,
            "reason": event.reason,
            "by": event.actor,
            **{name: said for name in ("before", "after") if (said := getattr(event, name)) is not None},
        }
        for event in rows
    ]


def plain(value: date | datetime | None) -> str | None:
    """A day or moment as JSON knows it."""
    return None if value is None else value.isoformat()
