"""Allocations, balances carried in by hand, and the lines of the ledger. Money is whole pence."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, choice
from dashboard.models.batches import Provenanced
from dashboard.vocabulary import CarriedKind, LineState, Part, Pot, UseCode


class Allocation(Provenanced, Base):
    """Money given for one year, one pot and one part; to a school where the school holds it."""

    __tablename__ = "allocation"
    __table_args__ = (
        # Holds every column a balance is made of, so that a national overview never touches the rows themselves.
        sa.Index("ix_allocation_balance", "cluster_id", "year", "pot", "part", "school_id", "amount", "illustrative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    year: Mapped[int]
    pot: Mapped[Pot] = mapped_column(choice(Pot))
    part: Mapped[Part] = mapped_column(choice(Part))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    """Pence."""


class CarriedBalance(Provenanced, Base):
    """A balance that a person brought in: what was left before the store's first year, or a correction.

    What rolls over from one stored year to the next is computed from the ledger, never copied (4.10).
    """

    __tablename__ = "carried_balance"
    __table_args__ = (sa.Index("ix_carried_balance_cluster_id_year", "cluster_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"))
    year: Mapped[int]
    """The year into which the balance comes."""
    pot: Mapped[Pot] = mapped_column(choice(Pot))
    part: Mapped[Part] = mapped_column(choice(Part))
    kind: Mapped[CarriedKind] = mapped_column(choice(CarriedKind))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    """Pence; a deficit is negative and carries too."""
    reason: Mapped[str | None] = mapped_column(sa.String(500))


class LedgerLine(Provenanced, Base):
    """One line of the ledger. Nothing is deleted; a wrong line is reversed."""

    __tablename__ = "ledger_line"
    __table_args__ = (
        sa.UniqueConstraint("cluster_id", "fingerprint", "occurrence"),
        # As for allocations.
        sa.Index(
            "ix_ledger_line_balance",
            "cluster_id",
            "year",
            "pot",
            "part",
            "school_id",
            "state",
            "amount",
            "illustrative",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    year: Mapped[int]
    spent_on: Mapped[date]
    pot: Mapped[Pot] = mapped_column(choice(Pot))
    part: Mapped[Part] = mapped_column(choice(Part))
    use_code: Mapped[UseCode | None] = mapped_column(choice(UseCode))
    supplier: Mapped[str | None] = mapped_column(sa.String(300))
    description: Mapped[str | None] = mapped_column(sa.String(500))
    reference: Mapped[str | None] = mapped_column(sa.String(100))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    """Pence, net of VAT; a credit is negative."""
    vat: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    state: Mapped[LineState] = mapped_column(choice(LineState), default=LineState.PAID)
    meeting_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting.id"))
    target_id: Mapped[int | None] = mapped_column(sa.ForeignKey("target.id"))
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_line.id"))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    """A digest of what identifies the line (not its state), so that the same file twice adds nothing."""
    occurrence: Mapped[int] = mapped_column(default=1)
    """Two equal lines in one file are two lines: the first and the second of that fingerprint."""
