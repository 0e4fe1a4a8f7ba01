"""Figures that schools lay open to one another (1.7–1.11)."""

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, choice
from dashboard.models.batches import Provenanced
from dashboard.vocabulary import FigureAnswer


class Thousandths(sa.types.TypeDecorator[Decimal]):
    """A decimal of up to three places, kept as a whole number because SQLite has no exact decimals."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else int((value * 1000).to_integral_exact())

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 1000


class Benchmark(Provenanced, Base):
    """One printed figure. A blank is "not supplied", never 0; a name that matches no school stays as printed."""

    __tablename__ = "benchmark"
    __table_args__ = (sa.UniqueConstraint("cluster_id", "year", "measure", "school_label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    school_label: Mapped[str] = mapped_column(sa.String(200))
    year: Mapped[int]
    measure: Mapped[str] = mapped_column(sa.String(200))
    position: Mapped[int]
    value: Mapped[Decimal | None] = mapped_column(Thousandths)
    unit: Mapped[str] = mapped_column(sa.String(60))


class AnsweredFigure(Base):
    """What a school said when it was asked about figures of its own that contradict each other (1.9).

    The printed figure stays as it is; the answer stands beside it.
    """

    __tablename__ = "answered_figure"
    __table_args__ = (
        sa.UniqueConstraint("cluster_id", "year", "school_id", "check_name"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"), index=True)
    year: Mapped[int]
    check_name: Mapped[str] = mapped_column(sa.String(120))
    """The name of the check that found it and the measure it is about."""
    answer: Mapped[FigureAnswer] = mapped_column(choice(FigureAnswer))
    value: Mapped[Decimal | None] = mapped_column(Thousandths)
    """The right figure, where the printed one is corrected."""
    note: Mapped[str | None] = mapped_column(sa.String(500))
    answered_on: Mapped[date]
    answered_as: Mapped[str] = mapped_column(sa.String(60))
