"""The yearly return by which a cluster says who belongs to its workgroup (0.2, 0.3)."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, UtcTime
from dashboard.models.batches import Provenanced


class WorkgroupCall(Base):
    """A programme asks its clusters for their returns of a year, by a moment (0.3: 4 pm on a Friday)."""

    __tablename__ = "workgroup_call"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "year"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    year: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UtcTime)


class WorkgroupReturn(Provenanced, Base):
    """One version of the return of one cluster and year. A later version replaces an earlier one, which stays."""

    __tablename__ = "workgroup_return"
    __table_args__ = (
        sa.UniqueConstraint("cluster_id", "year", "version"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    year: Mapped[int]
    version: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    returned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="SET NULL"))


class WorkgroupLine(Provenanced, Base):
    """One person on a return: for which school, in which roles, teaching which year groups, from when until when."""

    __tablename__ = "workgroup_line"
    __table_args__ = (sa.UniqueConstraint("return_id", "school_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(sa.ForeignKey("workgroup_return.id"))
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"), index=True)
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    roles: Mapped[list[Any]] = mapped_column(sa.JSON)
    """Words of `PersonRole`; one person may have several (0.9)."""
    year_groups: Mapped[list[Any]] = mapped_column(sa.JSON)
    """Such as [5, 6] (0.8)."""
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    """The colleague from whom this one takes over (0.12)."""
