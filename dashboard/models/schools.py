"""Schools, the names they go by, and the trusts and federations they belong to."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, UtcTime, choice
from dashboard.models.batches import Provenanced
from dashboard.vocabulary import Phase


class School(Provenanced, Base):
    """A school, or another body whose people come to meetings. The unit of everything (3.14)."""

    __tablename__ = "school"
    __table_args__ = (NUMBERED_ONCE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(200), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200), index=True)
    urn: Mapped[int | None] = mapped_column(unique=True)
    phase: Mapped[Phase | None] = mapped_column(choice(Phase))
    local_authority: Mapped[str | None] = mapped_column(sa.String(100))
    postcode: Mapped[str | None] = mapped_column(sa.String(10))
    latitude: Mapped[float | None] = mapped_column(sa.Double)
    longitude: Mapped[float | None] = mapped_column(sa.Double)
    pupils: Mapped[int | None]
    free_school_meals: Mapped[int | None]
    quality_mark_on: Mapped[date | None]
    """Since when it holds the Primary Science Quality Mark, which is paid for the first time only (4.8)."""
    opened: Mapped[date | None]
    closed: Mapped[date | None]


class SchoolAlias(Base):
    """Another name of a school, once a person has confirmed it (1.10). Without a school it is no member's name."""

    __tablename__ = "school_alias"
    __table_args__ = (sa.UniqueConstraint("cluster_id", "alias"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    alias: Mapped[str] = mapped_column(sa.String(200))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    confirmed_by: Mapped[str | None] = mapped_column(sa.String(200), info={"personal": True})


class Trust(Base):
    """A multi-academy trust or a federation (3.7)."""

    __tablename__ = "trust"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(200), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))


class TrustMembership(Provenanced, Base):
    """A school's time in a trust or federation, apart from its time in a cluster (3.5, 3.7)."""

    __tablename__ = "trust_membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    trust_id: Mapped[int] = mapped_column(sa.ForeignKey("trust.id"), index=True)
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"), index=True)
    joined: Mapped[date | None]
    left: Mapped[date | None] = mapped_column("left_on")
