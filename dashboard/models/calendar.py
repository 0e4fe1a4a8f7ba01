"""Terms, half terms, holidays and INSET days. The academic year itself is fixed: `dashboard.academic_year`."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, choice
from dashboard.vocabulary import PeriodKind


class CalendarPeriod(Base):
    """A stretch of one academic year, for one local authority or, without one, for everybody."""

    __tablename__ = "calendar_period"
    __table_args__ = (sa.Index("ix_calendar_period_year_local_authority", "year", "local_authority"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    local_authority: Mapped[str | None] = mapped_column(sa.String(100))
    kind: Mapped[PeriodKind] = mapped_column(choice(PeriodKind))
    name: Mapped[str] = mapped_column(sa.String(100))
    starts: Mapped[date]
    ends: Mapped[date]
