"""The money of the pots: allocations, balances carried in by hand, the lines of the ledger and their receipts.

Money is whole pence, everywhere.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, UtcTime, choice, now_utc
from dashboard.models.batches import Provenanced
from dashboard.vocabulary import CarriedKind, LinePurpose, LineState, Part, Pot, UseCode

MISPLACED = (
    "part = 'release' AND pot <> 'school_held'"
    " OR part IN ('lead_allowance', 'finance_allowance') AND pot <> 'lead_held'"
    " OR part IN ('A', 'B') AND substr(use_code, 1, 1) <> part"
    " OR part = 'coordinator' AND substr(use_code, 1, 1) <> 'C'"
)
"""The lines whose holder or use is not that of their part (3.2–3.4, 4.12–4.16)."""
MAY_BREAK_A_RULE = f"purpose IS NOT NULL OR request_id IS NOT NULL OR state IN ('approved', 'committed') OR {MISPLACED}"
"""The lines, few of many, that a rule of money may ask about whatever they cost: these, what is not invoiced yet (3.18)
and what has a purpose (4.8, 4.9, 4.17, 4.26). The index over them serves a query that says exactly this.
"""


class Allocation(Provenanced, Base):
    """Money given for one year, one pot and one part; to a school where the school holds it."""

    __tablename__ = "allocation"
    __table_args__ = (
        # Holds every column a balance is made of, so that a national overview never touches the rows themselves.
        sa.Index("ix_allocation_balance", "cluster_id", "year", "pot", "part", "school_id", "amount", "illustrative"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    year: Mapped[int]
    pot: Mapped[Pot] = mapped_column(choice(Pot))
    part: Mapped[Part] = mapped_column(choice(Part))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    """Pence."""
    contribution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contribution.id"), index=True)
    """The school's contribution that was paid in, where this money is one."""


class CarriedBalance(Provenanced, Base):
    """A balance that a person brought in: what was left before the store's first year, or a correction.

    What rolls over from one stored year to the next is computed from the ledger, never copied (4.10).
    """

    __tablename__ = "carried_balance"
    __table_args__ = (sa.Index("ix_carried_balance_cluster_id_year", "cluster_id", "year"), NUMBERED_ONCE)

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
        sa.Index(
            "ix_ledger_line_may_break_a_rule",
            "cluster_id",
            "year",
            sqlite_where=sa.text(MAY_BREAK_A_RULE),
            postgresql_where=sa.text(MAY_BREAK_A_RULE),
        ),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    year: Mapped[int]
    spent_on: Mapped[date | None]
    """Unknown where a file lost its days and a person said which year it is of."""
    pot: Mapped[Pot] = mapped_column(choice(Pot))
    part: Mapped[Part] = mapped_column(choice(Part))
    use_code: Mapped[UseCode | None] = mapped_column(choice(UseCode))
    purpose: Mapped[LinePurpose | None] = mapped_column(choice(LinePurpose))
    supplier: Mapped[str | None] = mapped_column(sa.String(300))
    description: Mapped[str | None] = mapped_column(sa.String(500))
    reference: Mapped[str | None] = mapped_column(sa.String(100))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    """Pence, net of VAT; a credit is negative."""
    vat: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    state: Mapped[LineState] = mapped_column(choice(LineState), default=LineState.PAID)
    meeting_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting.id"))
    target_id: Mapped[int | None] = mapped_column(sa.ForeignKey("target.id"))
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("approval_request.id"), index=True)
    """The approval it rests on, where it needs one (4.17, 4.26)."""
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_line.id"), unique=True)
    """The line that this one takes back: its amount is the same with the other sign, and both stay."""
    note: Mapped[str | None] = mapped_column(sa.String(500))
    """Why it was reversed, or recorded although it keeps no rule."""
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    """A digest of what identifies the line (not its state), so that the same file twice adds nothing."""
    occurrence: Mapped[int] = mapped_column(default=1)
    """Two equal lines in one file are two lines: the first and the second of that fingerprint."""
    version: Mapped[int] = mapped_column(default=1)
    """Goes up with every change, so that of two people who change a line the second is told."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (as SQLAlchemy wants it)


class Receipt(Base):
    """A file that proves a line: an invoice or a receipt."""

    __tablename__ = "receipt"
    __table_args__ = (NUMBERED_ONCE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger_line.id"), index=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"), index=True)
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"))
    """As of its line."""
    file_name: Mapped[str] = mapped_column(sa.String(200), info={"personal": True})
    media_type: Mapped[str] = mapped_column(sa.String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True, info={"personal": True})
    added_at: Mapped[datetime] = mapped_column(UtcTime, default=now_utc)
