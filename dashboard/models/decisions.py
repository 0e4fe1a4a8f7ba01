"""Decisions of a cluster, beside the figures on which they were taken (1.11)."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, choice
from dashboard.vocabulary import DecisionKind


class Decision(Base):
    """One decision or action: what, when, who sees to it, and which figures were shown when it was taken."""

    __tablename__ = "decision"
    __table_args__ = (
        sa.Index("ix_decision_cluster_id_decided_on", "cluster_id", "decided_on"),
        sa.UniqueConstraint("cluster_id", "sent_as"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    meeting_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    decided_on: Mapped[date]
    words: Mapped[str] = mapped_column(sa.String(1000))
    kind: Mapped[DecisionKind] = mapped_column(choice(DecisionKind), default=DecisionKind.DECISION)
    about: Mapped[str] = mapped_column(sa.String(60))
    """Which page or panel was shown, such as "open book"."""
    year: Mapped[int | None]
    """The year that the figures are of."""
    figures: Mapped[list[dict[str, Any]] | None] = mapped_column(sa.JSON(none_as_null=True))
    """What was shown: a list of {"label", "value", "unit"}, as printed then."""
    owner: Mapped[str | None] = mapped_column(sa.String(60))
    """Who sees to it, by role."""
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="SET NULL"))
    noted_as: Mapped[str] = mapped_column(sa.String(60))
    sent_as: Mapped[str | None] = mapped_column(sa.String(40))
    """A random word made by the browser that sent it: a note that is sent again after a cut line is kept once."""
