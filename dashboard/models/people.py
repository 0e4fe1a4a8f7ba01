"""People by the role they have. Contact data has a purpose and a last day (0.4)."""

from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, choice
from dashboard.vocabulary import PersonRole

NAMELESS: Final = "marks of people whose names were removed"
"""The purpose of the rows that hold such marks together: they are nobody, and everybody's."""


class Person(Base):
    """A colleague in a school or programme. No pupil is ever stored (1.23)."""

    __tablename__ = "person"
    __table_args__ = (NUMBERED_ONCE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200), info={"personal": True})
    initials: Mapped[str | None] = mapped_column(sa.String(10), info={"personal": True})
    work_email: Mapped[str | None] = mapped_column(sa.String(254), info={"personal": True})
    purpose: Mapped[str | None] = mapped_column(sa.String(200), info={"personal": True})
    delete_after: Mapped[date | None]


class Appointment(Base):
    """A role that a person holds for a time. One person may hold several (0.9)."""

    __tablename__ = "appointment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[PersonRole] = mapped_column(choice(PersonRole))
    cluster_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cluster.id"), index=True)
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    year_groups: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """Which year groups the person teaches, such as [5, 6] (0.8)."""
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class SchoolAgreement(Base):
    """The agreement a headteacher signed for the school (0.11)."""

    __tablename__ = "school_agreement"
    __table_args__ = (NUMBERED_ONCE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"), index=True)
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"))
    signed_on: Mapped[date]
    signed_by_role: Mapped[PersonRole] = mapped_column(choice(PersonRole), default=PersonRole.HEADTEACHER)
