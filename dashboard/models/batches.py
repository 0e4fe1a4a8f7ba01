"""Import batches: where each row came from, and what must be put back to undo it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, UtcTime, choice, now_utc
from dashboard.vocabulary import Provenance


class ImportBatch(Base):
    """One file brought in, or one run of the generator."""

    __tablename__ = "import_batch"
    __table_args__ = (NUMBERED_ONCE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    file_name: Mapped[str] = mapped_column(sa.String(255))
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    cluster: Mapped[str | None] = mapped_column(sa.String(200))
    """The slug that was asked for, if one was."""
    year: Mapped[int | None]
    provenance: Mapped[Provenance] = mapped_column(choice(Provenance), default=Provenance.RECORDED)
    source: Mapped[str | None] = mapped_column(sa.String(500))
    """Where the figures come from, in words: a document and its point, or how they were made."""
    mapping: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    rows_read: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now_utc)
    undone_at: Mapped[datetime | None] = mapped_column(UtcTime)


class BatchChange(Base):
    """One row that a batch added or changed, with what stood there before."""

    __tablename__ = "batch_change"
    __table_args__ = (sa.Index("ix_batch_change_table_name_row_id", "table_name", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("import_batch.id"), index=True)
    table_name: Mapped[str] = mapped_column(sa.String(60))
    row_id: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """The changed columns as they were; nothing when the batch added the row."""
    after: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """The changed columns as the batch left them; nothing when it added the row or took it out."""


class Provenanced:
    """Mixed into each table that holds figures: the batch they came with, and whether they are made up."""

    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_batch.id"))
    illustrative: Mapped[bool] = mapped_column(default=False)
    """Repeats the batch's provenance on the row, so that every aggregate can say it without a join."""

    def changed_by_hand(self) -> None:
        """Said by every form that changes a row: it is somebody's own entry now, real, and no longer of the file that
        brought it, whose undoing would lose the change.
        """
        self.batch_id, self.illustrative = None, False
