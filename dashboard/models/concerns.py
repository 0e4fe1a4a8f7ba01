"""Concerns about a school or a cluster, and the steps that were taken (3.12, 4.22–4.24)."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, choice
from dashboard.models.batches import Provenanced
from dashboard.vocabulary import ConcernDecision, StepKind, StepOutcome


class Concern(Provenanced, Base):
    """Something that somebody worries about, from the day it was raised to the decision that closes it.

    A school may have several, also at once. Without a school it is about the cluster as a group (4.24).
    """

    __tablename__ = "concern"
    __table_args__ = (
        sa.Index("ix_concern_cluster_id_closed_on", "cluster_id", "closed_on"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    rule: Mapped[str | None] = mapped_column(sa.String(60))
    """The flag that prompted it, by the stable name of its rule."""
    summary: Mapped[str] = mapped_column(sa.String(1000))
    raised_on: Mapped[date]
    raised_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="SET NULL"))
    raised_as: Mapped[str] = mapped_column(sa.String(60))
    """As what the person raised it, which stays when the account is gone."""
    review_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    decision: Mapped[ConcernDecision | None] = mapped_column(choice(ConcernDecision))
    decision_note: Mapped[str | None] = mapped_column(sa.String(500))
    replaced_by_school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"))
    """The school that came instead, where the decision was an exit and one did (4.23)."""


class ConcernStep(Provenanced, Base):
    """One thing that was done about a concern, and what came of it."""

    __tablename__ = "concern_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concern.id"), index=True)
    kind: Mapped[StepKind] = mapped_column(choice(StepKind))
    taken_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(sa.String(500))
    outcome: Mapped[StepOutcome] = mapped_column(choice(StepOutcome), default=StepOutcome.WAITING)
    outcome_on: Mapped[date | None]
    outcome_note: Mapped[str | None] = mapped_column(sa.String(500))
