"""Projects of a cluster with their stages, and working groups with their schools, topics and outcomes (1.14, 1.17)."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, choice
from dashboard.models.batches import Provenanced
from dashboard.models.plans import CellLine, CellText
from dashboard.vocabulary import GroupStatus, OutcomeState, ProjectStage


class Project(Provenanced, Base):
    """Something that schools of a cluster do together, in stages (1.14)."""

    __tablename__ = "project"
    __table_args__ = (sa.Index("ix_project_cluster_id", "cluster_id"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    words: Mapped[str | None] = mapped_column(sa.String(1000))
    starts: Mapped[date | None]
    ends: Mapped[date | None]


class ProjectStep(Base):
    """The time a project spent in one of its stages. Stages may overlap."""

    __tablename__ = "project_step"
    __table_args__ = (sa.UniqueConstraint("project_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"))
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"), index=True)
    stage: Mapped[ProjectStage] = mapped_column(choice(ProjectStage))
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]


class Participation(Provenanced, Base):
    """How many children of a year group of a school took part in a project: counts only (1.18, 1.23)."""

    __tablename__ = "participation"
    __table_args__ = (sa.UniqueConstraint("project_id", "school_id", "year_group"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"))
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"), index=True)
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"), index=True)
    year_group: Mapped[str] = mapped_column(sa.String(20))
    children: Mapped[int]


class WorkingGroup(Provenanced, Base):
    """A group of schools that works on a topic, such as a triad (1.17) or a strand of governors (1.20)."""

    __tablename__ = "working_group"
    __table_args__ = (sa.Index("ix_working_group_cluster_id", "cluster_id"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    project_id: Mapped[int | None] = mapped_column(sa.ForeignKey("project.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    lead: Mapped[str | None] = mapped_column(sa.String(60))
    """Who leads it, by role."""
    lead_school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    topics: Mapped[tuple[CellLine, ...] | None] = mapped_column(CellText)
    status: Mapped[GroupStatus] = mapped_column(choice(GroupStatus), default=GroupStatus.PLANNED)
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    target_id: Mapped[int | None] = mapped_column(sa.ForeignKey("target.id", ondelete="SET NULL"), index=True)
    """The target of the plan that it works for."""


class WorkingGroupSchool(Base):
    """A school in a working group, with how many of its people: a count, no names."""

    __tablename__ = "working_group_school"
    __table_args__ = (sa.UniqueConstraint("working_group_id", "school_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    working_group_id: Mapped[int] = mapped_column(sa.ForeignKey("working_group.id"))
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"), index=True)
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"), index=True)
    people: Mapped[int | None]


class GroupOutcome(Provenanced, Base):
    """An outcome that a working group set itself, and what became of it (1.20, 1.21)."""

    __tablename__ = "group_outcome"
    __table_args__ = (sa.UniqueConstraint("working_group_id", "position"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    working_group_id: Mapped[int] = mapped_column(sa.ForeignKey("working_group.id"))
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"), index=True)
    position: Mapped[int]
    words: Mapped[str] = mapped_column(sa.String(500))
    state: Mapped[OutcomeState] = mapped_column(choice(OutcomeState), default=OutcomeState.OPEN)
    reached_on: Mapped[date | None]
    saved: Mapped[int | None] = mapped_column(sa.BigInteger)
    """Pence saved or earned for the schools, of outcomes about money (1.21)."""
