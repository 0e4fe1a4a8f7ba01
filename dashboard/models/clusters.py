"""Clusters, which schools belong to them and when, and what happened along the way."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, choice
from dashboard.models.batches import Provenanced
from dashboard.vocabulary import EventKind


class Cluster(Provenanced, Base):
    """A group of schools that work together."""

    __tablename__ = "cluster"
    __table_args__ = (NUMBERED_ONCE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(200), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohort.id"))
    focus: Mapped[str | None] = mapped_column(sa.String(200))
    starts: Mapped[date | None]
    ends: Mapped[date | None]


class ClusterStage(Base):
    """The time a cluster spent in a stage of its programme (4.2)."""

    __tablename__ = "cluster_stage"

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"), index=True)
    stage_id: Mapped[int] = mapped_column(sa.ForeignKey("stage.id"))
    starts: Mapped[date | None]
    ends: Mapped[date | None]


class Membership(Provenanced, Base):
    """One unbroken time of a school in a cluster. A missing date means "as far as we know, always"."""

    __tablename__ = "membership"
    __table_args__ = (sa.Index("ix_membership_cluster_id_school_id", "cluster_id", "school_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"), index=True)
    joined: Mapped[date | None]
    left: Mapped[date | None] = mapped_column("left_on")
    """The last day as a member. (`left` is a reserved word in SQL.)"""


class LeadSchool(Provenanced, Base):
    """The school that holds the cluster's money during a time: one at any date (4.12)."""

    __tablename__ = "lead_school"

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"), index=True)
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"))
    starts: Mapped[date | None]
    ends: Mapped[date | None]


class OpenBook(Base):
    """A time in which a school lays its figures open to the other schools of a cluster that do the same (1.11)."""

    __tablename__ = "open_book"
    __table_args__ = (
        sa.Index("ix_open_book_cluster_id_school_id", "cluster_id", "school_id"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"), index=True)
    agreed_on: Mapped[date]
    withdrawn_on: Mapped[date | None]
    covers_figures: Mapped[bool] = mapped_column(default=True)
    """Whether it covers the figures brought in too (1.7). Books opened before they did cover attendance alone."""


class LifecycleEvent(Provenanced, Base):
    """Something that happened to a school or a person in a cluster (R.5): what, and from when until when.

    A school that is on sabbatical or closed is expected at no meeting (3.6). Why it happened stands apart, in
    `LifecycleReason`: totals are made of the dates, and the dates alone.
    """

    __tablename__ = "lifecycle_event"
    __table_args__ = (
        # Holds all that tells whether a school was expected on a day.
        sa.Index(
            "ix_lifecycle_event_away", "cluster_id", "school_id", "kind", "of_a_person", "happened_on", "ends_on",
        ),
        NUMBERED_ONCE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    of_a_person: Mapped[bool] = mapped_column(default=lambda context: _names_a_person(context))
    """Whether it happened to a colleague and not to the school; it stays so when the colleague's name is taken out."""
    kind: Mapped[EventKind] = mapped_column(choice(EventKind))
    happened_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The last day of it; nothing where it goes on."""
    review_on: Mapped[date | None]
    """When it is to be looked at again (3.6)."""
    reviewed_on: Mapped[date | None]
    replaced_by_school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"))
    replaced_by_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


def _names_a_person(context: Any) -> bool:
    """What `of_a_person` is unless somebody said it: whether the new row names one."""
    return context.get_current_parameters().get("person_id") is not None


class LifecycleReason(Base):
    """Why something happened: absence, maternity, bereavement, sickness, OFSTED … For the director only (3.5)."""

    __tablename__ = "lifecycle_reason"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("lifecycle_event.id", ondelete="CASCADE"), unique=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(500))


class ContextEvent(Provenanced, Base):
    """Something outside the cluster that its figures should be read with, such as the end of a service (1.5)."""

    __tablename__ = "context_event"
    __table_args__ = (NUMBERED_ONCE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"), index=True)
    happened_on: Mapped[date]
    words: Mapped[str] = mapped_column(sa.String(200))
