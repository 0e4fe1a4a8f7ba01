"""Where a cluster stands on its way: what it ticks off before the next stage, and who goes on afterwards."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, choice
from dashboard.models.batches import Provenanced
from dashboard.vocabulary import Checklist, Commitment, TickState


class ChecklistTick(Provenanced, Base):
    """What is known of one item of a checklist: of the gate out of a stage (4.3), or of independence (3.17)."""

    __tablename__ = "checklist_tick"
    __table_args__ = (sa.UniqueConstraint("cluster_id", "checklist", "stage_id", "item"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    checklist: Mapped[Checklist] = mapped_column(choice(Checklist))
    stage_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stage.id"))
    """The stage that the gate leads out of; none of independence."""
    item: Mapped[str] = mapped_column(sa.String(60))
    state: Mapped[TickState] = mapped_column(choice(TickState), default=TickState.OPEN)
    dated: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(sa.String(500))
    said_as: Mapped[str] = mapped_column(sa.String(60))


class SchoolCommitment(Provenanced, Base):
    """Whether one school goes on with the cluster after the programme (3.17)."""

    __tablename__ = "school_commitment"
    __table_args__ = (sa.UniqueConstraint("cluster_id", "school_id"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"), index=True)
    answer: Mapped[Commitment] = mapped_column(choice(Commitment))
    said_on: Mapped[date]
    said_as: Mapped[str] = mapped_column(sa.String(60))
