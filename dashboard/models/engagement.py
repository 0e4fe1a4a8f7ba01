"""Meetings and the marks of their registers."""

from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, UtcTime, choice
from dashboard.models.batches import Provenanced
from dashboard.vocabulary import Mark, MeetingKind


class Meeting(Provenanced, Base):
    """One meeting of one cluster."""

    __tablename__ = "meeting"
    __table_args__ = (
        sa.UniqueConstraint("cluster_id", "held_on", "kind"),
        sa.Index("ix_meeting_cluster_id_year_held_on", "cluster_id", "year", "held_on"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    held_on: Mapped[date]
    year: Mapped[int]
    """The start of the academic year of `held_on`, kept so that a year is one indexed comparison."""
    kind: Mapped[MeetingKind] = mapped_column(choice(MeetingKind), default=MeetingKind.CLUSTER)
    title: Mapped[str | None] = mapped_column(sa.String(200))
    starts_at: Mapped[time | None]
    ends_at: Mapped[time | None]
    in_school_time: Mapped[bool | None]
    """Whether staff were released for it; nothing when nobody said (4.20)."""
    headcount: Mapped[int | None]
    """How many came, where only a number was kept (2.9)."""
    note: Mapped[str | None] = mapped_column(sa.String(500))


class SchoolMark(Provenanced, Base):
    """The mark of one school at one meeting. No row means: not recorded."""

    __tablename__ = "school_mark"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "school_id"),
        # Holds every column a rate is made of, so that a national overview never touches the rows themselves.
        sa.Index("ix_school_mark_rate", "meeting_id", "school_id", "mark", "illustrative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"), index=True)
    mark: Mapped[Mark] = mapped_column(choice(Mark))
    note: Mapped[str | None] = mapped_column(sa.String(500))


class PersonMark(Provenanced, Base):
    """The mark of one person, where the register names people. The school's mark is rolled up from these."""

    __tablename__ = "person_mark"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "school_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    mark: Mapped[Mark] = mapped_column(choice(Mark))
    note: Mapped[str | None] = mapped_column(sa.String(500))


class OpenRegister(Base):
    """A page on which a register is being taken at this moment, so that two people who do it at once are told."""

    __tablename__ = "open_register"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "page"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"))
    page: Mapped[str] = mapped_column(sa.String(40))
    """A random word that the page made up: it stands for nobody."""
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    seen_at: Mapped[datetime] = mapped_column(UtcTime)
