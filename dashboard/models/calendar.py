"""Terms, half terms, holidays and INSET days. The academic year itself is fixed: `dashboard.academic_year`."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, choice
from dashboard.vocabulary import PeriodKind


class CalendarPeriod(Base):
    """A stretch of one academic year: of one cluster, of one local authority, or, without either, for everybody."""

    __tablename__ = "calendar_period"
    __table_args__ = (
        sa.Index("ix_calendar_period_year_local_authority", "year", "local_authority"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    cluster_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cluster.id"), index=True)
    """A cluster's own, which its coordinator keeps."""
    local_authority: Mapped[str | None] = mapped_column(sa.String(100))
    kind: Mapped[PeriodKind] = mapped_column(choice(PeriodKind))
    name: Mapped[str] = mapped_column(sa.String(100))
    starts: Mapped[date]
    ends: Mapped[date]
