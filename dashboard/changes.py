"""Writes that remember what they did, so that a batch can be counted, traced and undone.

Commands never touch a session directly: they hand each new row to `Changes.add` and each edit to `Changes.edit`.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.audit import COMMAND_LINE, Actor
from dashboard.db import Base, UtcTime, now_utc
from dashboard.models import BatchChange, CellLine, Cluster, ImportBatch, Provenanced
from dashboard.models.benchmarks import Thousandths
from dashboard.models.plans import CellText
from dashboard.vocabulary import Provenance


class Outcome(StrEnum):
    """What became of one row of a file."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Writes(Protocol):
    """What a command needs to write: `Changes` within a batch, `dashboard.directory.lifecycle.ByHand` behind a form."""

    @property
    def session(self) -> Session:
        """The session of the one transaction."""

    def add(self, row: Base) -> None:
        """Put a new row into the store."""

    def edit(self, row: Base, **values: Any) -> Outcome:
        """Set columns of a stored row. Says UNCHANGED when all of them stood there already."""

    def remove(self, row: Base) -> None:
        """Take a stored row out."""


class UndoRefused(Exception):
    """A batch cannot be undone; the text says why and what to do first."""


class Changes:
    """The writes of one batch. `finish` stores the record of them; until then nothing is flushed on its behalf."""

    def __init__(self, session: Session, batch: ImportBatch, actor: Actor = COMMAND_LINE) -> None:
        self.session = session
        self.batch = batch
        self.actor = actor
        self.cluster_id: int | None = None
        """Of the cluster that the batch is about, if the importer found it: not all who write may look it up."""
        self._added: list[Base] = []
        self._edited: list[tuple[Base, dict[str, Any]]] = []
        self._removed: list[tuple[Base, dict[str, Any]]] = []
        session.add(batch)
        session.flush()

    @property
    def illustrative(self) -> bool:
        """Whether what this batch brings is made up."""
        return self.batch.provenance == Provenance.ILLUSTRATIVE

    @property
    def empty(self) -> bool:
        """Whether nothing was written so far."""
        return not (self._added or self._edited or self._removed)

    def add(self, row: Base) -> None:
        """Put a new row into the store, stamped with the batch."""
        if isinstance(row, Provenanced):
            row.batch_id = self.batch.id
            row.illustrative = self.illustrative
        self.session.add(row)
        self._added.append(row)

    def edit(self, row: Base, **values: Any) -> Outcome:
        """Set columns of a stored row. Says UNCHANGED, and writes nothing, when all of them stood there already."""
        before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
        if not before:
            return Outcome.UNCHANGED
        if isinstance(row, Provenanced) and row.illustrative != self.illustrative:
            before["illustrative"] = row.illustrative
            row.illustrative = self.illustrative
        for name, value in values.items():
            setattr(row, name, value)
        self._edited.append((row, before))
        return Outcome.CHANGED

    def remove(self, row: Base) -> None:
        """Take a stored row out. Take out the rows that rest on it first."""
        columns = sa.inspect(type(row)).columns.keys()
        self._removed.append((row, {name: getattr(row, name) for name in columns}))
        self.session.delete(row)

    def finish(self) -> None:
        """Flush, write down every change with what stood there before and after, and the event that tells of it."""
        self.session.flush()
        changes = [
            *(self._change(row, None, None) for row in self._added),
            *(self._change(row, before, {name: getattr(row, name) for name in before}) for row, before in self._edited),
            *(self._change(row, before, None) for row, before in self._removed),
        ]
        if changes:
            # Not through the session, which would read each row back: not everybody who writes may.
            self.session.execute(sa.insert(BatchChange).inline(), changes)
        record_batch(self.session, self.batch, self.actor, "import", self.cluster_id)

    def _change(self, row: Base, before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
        return {
            "batch_id": self.batch.id,
            "table_name": row.__tablename__,
            "row_id": _id(row),
            "before": before and {name: _plain(value) for name, value in before.items()},
            "after": after and {name: _plain(value) for name, value in after.items()},
        }


def record_batch(
    session: Session, batch: ImportBatch, actor: Actor, action: str, cluster_id: int | None = None
) -> None:
    """The event of a whole batch; the rows it wrote are in `batch_change`.

    Not the file's name, which may be a person's and could never be taken out again: the batch has it.
    """
    audit.record(
        session,
        actor,
        action,
        "batch",
        batch.id,
        cluster_id=cluster_id or _cluster_of(session, batch),
        after={
            "kind": batch.kind,
            "sha256": batch.sha256,
            "added": batch.added,
            "changed": batch.changed,
            "unchanged": batch.unchanged,
        },
        batch_id=batch.id,
    )


def _cluster_of(session: Session, batch: ImportBatch) -> int | None:
    if batch.cluster is None:
        return None
    return session.scalar(sa.select(Cluster.id).where(Cluster.slug == batch.cluster))


def undo_batch(session: Session, batch_id: int, actor: Actor = COMMAND_LINE) -> ImportBatch:
    """Put everything back as it stood before a batch: edits are reverted, added rows go.

    Raises UndoRefused when there is no such batch, it is undone already, or later entries rest on it.
    """
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        raise UndoRefused(f"there is no batch {batch_id}")
    if batch.undone_at is not None:
        raise UndoRefused(f"batch {batch_id} was undone already, on {batch.undone_at:%-d %B %Y}")
    changes = session.scalars(
        sa.select(BatchChange).where(BatchChange.batch_id == batch_id).order_by(BatchChange.id.desc())
    ).all()
    if not changes and batch.added + batch.changed:
        raise UndoRefused(f"batch {batch_id} kept no record of its rows; begin with an empty store instead")
    _refuse_if_changed_later(session, batch_id)
    _refuse_if_changed_by_hand(session, batch_id)
    _refuse_if_gone_on(session, changes)
    # Edits first: a row that this batch re-pointed at a row it added must let go of it before that row can go.
    for change in changes:
        if change.before is not None:
            _restore(session, change)
    session.flush()
    try:
        for change in changes:
            if change.before is None:
                table = Base.metadata.tables[change.table_name]
                session.execute(sa.delete(table).where(table.c.id == change.row_id))
        session.flush()
    except IntegrityError as error:
        raise UndoRefused(
            f"later entries rest on batch {batch_id}, or roles or screen links do; take those away first"
        ) from error
    batch.undone_at = now_utc()
    record_batch(session, batch, actor, "undo")
    session.expire_all()
    return batch


def _refuse_if_changed_later(session: Session, batch_id: int) -> None:
    mine, later = sa.orm.aliased(BatchChange), sa.orm.aliased(BatchChange)
    blocking = session.scalar(
        sa.select(sa.func.max(later.batch_id))
        .join(mine, (mine.table_name == later.table_name) & (mine.row_id == later.row_id))
        .join(ImportBatch, ImportBatch.id == later.batch_id)
        .where(mine.batch_id == batch_id, later.batch_id > batch_id, ImportBatch.undone_at.is_(None))
    )
    if blocking is not None:
        raise UndoRefused(f"batch {blocking} changed the same rows later; undo that one first")


def _refuse_if_changed_by_hand(session: Session, batch_id: int) -> None:
    """Rows that the batch brought and a form changed since are no longer its own (`Provenanced.changed_by_hand`)."""
    tables = session.scalars(sa.select(BatchChange.table_name).where(BatchChange.batch_id == batch_id).distinct())
    changed = 0
    for table in (Base.metadata.tables[name] for name in tables):
        if "illustrative" not in table.c:
            continue
        brought = sa.select(BatchChange.row_id).where(
            BatchChange.batch_id == batch_id, BatchChange.table_name == table.name, BatchChange.before.is_(None)
        )
        taken_over = sa.select(sa.func.count()).where(table.c.id.in_(brought), table.c.batch_id.is_(None))
        changed += session.scalars(taken_over).one()
    if changed:
        entries = "one entry was" if changed == 1 else f"{changed:,} entries were"
        raise UndoRefused(
            f"{entries} changed by hand since batch {batch_id}; undoing it would lose that. Correct the rest by hand "
            "too, or bring in a corrected file"
        )


def _refuse_if_gone_on(session: Session, changes: Sequence[BatchChange]) -> None:
    """Rows that count their changes (`version`) tell whether anything became of them since the batch edited them."""
    for change in changes:
        if change.after is None or "version" not in change.after:
            continue
        table = Base.metadata.tables[change.table_name]
        now = session.scalar(sa.select(table.c.version).where(table.c.id == change.row_id))
        if now is not None and now != change.after["version"]:
            raise UndoRefused(
                f"what batch {change.batch_id} changed was changed by hand since; undoing it would lose that. Correct "
                "the rest by hand too, or bring in a corrected file"
            )


def _restore(session: Session, change: BatchChange) -> None:
    model = next(mapper for mapper in Base.registry.mappers if mapper.class_.__tablename__ == change.table_name)
    if change.before is None:
        return
    values = {name: _typed(model.columns[name].type, value) for name, value in change.before.items()}
    row = session.get(model.class_, change.row_id)
    if (
        row is None and "id" in values
    ):  # the batch removed it; what rested on it was removed before and comes back after
        session.add(model.class_(**values))
        session.flush()
        return
    if row is None:
        raise UndoRefused(f"a row of {change.table_name} that batch {change.batch_id} changed is no longer there")
    for name, value in values.items():
        setattr(row, name, value)


def _id(row: Base) -> int:
    return int(row.id)  # type: ignore[attr-defined]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, (Decimal, datetime, date, time)) else value


def _typed(column: sa.types.TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column, CellText):
        return tuple(CellLine(*line) for line in value)
    if isinstance(column, Thousandths):
        return Decimal(value)
    if isinstance(column, UtcTime):
        return datetime.fromisoformat(value)
    kind = column.python_type
    if issubclass(kind, (datetime, date, time)):
        return kind.fromisoformat(value)
    if issubclass(kind, (StrEnum, Decimal)):
        return kind(value)
    return value
