"""What clusters ask the advisor for, and what was decided (3.6, 4.7, 4.17, 4.26)."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, choice
from dashboard.models.batches import Provenanced
from dashboard.vocabulary import RequestKind, RequestState


class ApprovalRequest(Provenanced, Base):
    """One request, from the day it was asked to the decision and its reason, which stays as precedent (4.26)."""

    __tablename__ = "approval_request"
    __table_args__ = (
        sa.Index("ix_approval_request_cluster_id_state", "cluster_id", "state"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    kind: Mapped[RequestKind] = mapped_column(choice(RequestKind))
    summary: Mapped[str] = mapped_column(sa.String(1000))
    amount: Mapped[int | None] = mapped_column(sa.BigInteger)
    """Pence asked for."""
    candidate: Mapped[str | None] = mapped_column(sa.String(200))
    """The school that would like to join, by name: it is no member yet (4.7)."""
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    asked_on: Mapped[date]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="SET NULL"))
    asked_as: Mapped[str] = mapped_column(sa.String(60))
    """As what the person asked, which stays when the account is gone."""
    state: Mapped[RequestState] = mapped_column(choice(RequestState), default=RequestState.WAITING)
    granted: Mapped[int | None] = mapped_column(sa.BigInteger)
    """Pence approved, where it is about money; it may be less than was asked."""
    decided_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="SET NULL"))
    decided_as: Mapped[str | None] = mapped_column(sa.String(60))
    reason: Mapped[str | None] = mapped_column(sa.String(1000))
