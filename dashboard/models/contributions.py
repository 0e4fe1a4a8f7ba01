"""What schools put in themselves, and money from outside the programme (1.4, 2.4, 2.5, 4.4, 4.21). Whole pence."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, choice
from dashboard.models.batches import Provenanced
from dashboard.vocabulary import ContributionKind, ContributionState, OutsideKind, OutsideState


class Contribution(Provenanced, Base):
    """What one school puts in: money or time, agreed or given. A paid levy is an allocation of the pot besides."""

    __tablename__ = "contribution"
    __table_args__ = (sa.Index("ix_contribution_cluster_id_year", "cluster_id", "year"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"), index=True)
    year: Mapped[int]
    kind: Mapped[ContributionKind] = mapped_column(choice(ContributionKind))
    amount: Mapped[int | None] = mapped_column(sa.BigInteger)
    """Pence, net of VAT; nothing where it was agreed without a figure (2.4)."""
    vat: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    minutes: Mapped[int | None]
    """Of time in kind."""
    words: Mapped[str | None] = mapped_column(sa.String(200))
    """What it is for."""
    state: Mapped[ContributionState] = mapped_column(choice(ContributionState), default=ContributionState.AGREED)
    due_on: Mapped[date | None]
    paid_on: Mapped[date | None]
    line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_line.id"), index=True)
    """The line of the pot whose invoice it shares (4.9)."""
    target_id: Mapped[int | None] = mapped_column(sa.ForeignKey("target.id"))


class OutsideMoney(Provenanced, Base):
    """A grant applied for or won, or money raised for charity: declared (4.21), and no part of any pot."""

    __tablename__ = "outside_money"
    __table_args__ = (sa.Index("ix_outside_money_cluster_id", "cluster_id"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    year: Mapped[int]
    kind: Mapped[OutsideKind] = mapped_column(choice(OutsideKind))
    party: Mapped[str] = mapped_column(sa.String(200))
    """The funder; of charity, for whom it was raised."""
    words: Mapped[str | None] = mapped_column(sa.String(500))
    state: Mapped[OutsideState] = mapped_column(choice(OutsideState))
    asked: Mapped[int | None] = mapped_column(sa.BigInteger)
    won: Mapped[int | None] = mapped_column(sa.BigInteger)
    """Pence awarded; of charity, raised."""
    received: Mapped[int | None] = mapped_column(sa.BigInteger)
    """Pence that have come, which may be fewer."""
    applied_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    declared_on: Mapped[date | None]
    target_id: Mapped[int | None] = mapped_column(sa.ForeignKey("target.id"))
