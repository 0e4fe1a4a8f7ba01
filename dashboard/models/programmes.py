"""Programmes, the rules each one has, its cohorts and stages. Rules are data: 4.25 and 0.5 contradict each other."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base


class Programme(Base):
    """A programme that clusters belong to (4.29)."""

    __tablename__ = "programme"
    __table_args__ = (NUMBERED_ONCE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(200), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    starts: Mapped[date | None]
    ends: Mapped[date | None]


class ProgrammeRule(Base):
    """One rule of one programme, where it differs from the default of `dashboard.rules`."""

    __tablename__ = "programme_rule"
    __table_args__ = (sa.UniqueConstraint("programme_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    name: Mapped[str] = mapped_column(sa.String(60))
    value: Mapped[str] = mapped_column(sa.String(200))
    source: Mapped[str | None] = mapped_column(sa.String(200))
    statement: Mapped[str | None] = mapped_column(sa.String(500))


class Cohort(Base):
    """The clusters of a programme that began together (3.16)."""

    __tablename__ = "cohort"
    __table_args__ = (sa.UniqueConstraint("programme_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    name: Mapped[str] = mapped_column(sa.String(100))
    starts: Mapped[date | None]


class Stage(Base):
    """A stage of a programme. Stages may overlap: year 4 lies in two (3.15)."""

    __tablename__ = "stage"
    __table_args__ = (sa.UniqueConstraint("programme_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))
    words: Mapped[str | None] = mapped_column(sa.String(500))
    """What the programme says of it, and of when it was: "Spring 2012" is no date (4.2)."""
    first_programme_year: Mapped[int | None]
    last_programme_year: Mapped[int | None]
    """The last programme year that lies in it. 0: it is over before year 1 begins."""
