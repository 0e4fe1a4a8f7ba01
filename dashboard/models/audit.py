"""Who did what, when and from where: one row for each write and each refusal, never changed, chained by digests."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, UtcTime, choice
from dashboard.vocabulary import Attempt


class AuditEvent(Base):
    """One thing that somebody did or tried. It names accounts, clusters and schools by number, people never."""

    __tablename__ = "audit_event"
    __table_args__ = (
        sa.Index("ix_audit_event_happened_at", "happened_at"),
        sa.Index("ix_audit_event_cluster_id", "cluster_id", "id"),
        sa.Index("ix_audit_event_actor_id", "actor_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    """Without gaps, counted by the code: a missing number is a missing row."""
    happened_at: Mapped[datetime] = mapped_column(UtcTime)
    actor_id: Mapped[int | None]
    """The account, by number; it may be gone by now."""
    actor: Mapped[str] = mapped_column(sa.String(60))
    """As what: the roles held, "command line", "screen link 3", "looking around", "nobody signed in"."""
    origin: Mapped[str] = mapped_column(sa.String(60))
    """The address of the computer, or "command line"."""
    action: Mapped[str] = mapped_column(sa.String(60))
    object_kind: Mapped[str] = mapped_column(sa.String(60))
    object_key: Mapped[str | None] = mapped_column(sa.String(200))
    cluster_id: Mapped[int | None]
    """The cluster it was about, for those who may read of it."""
    outcome: Mapped[Attempt] = mapped_column(choice(Attempt))
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    before: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    batch_id: Mapped[int | None]
    """The import whose rows, with what stood there before and after, are in `batch_change`."""
    previous_sha256: Mapped[str] = mapped_column(sa.String(64))
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)


class AuditHead(Base):
    """The last link of the chain: one row. Without it, events cut off at the end would not be missed."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    events: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
