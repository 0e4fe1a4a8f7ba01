"""Development plans: targets with their eight cells, criteria, evidence and aims."""

from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, choice
from dashboard.models.batches import Provenanced
from dashboard.vocabulary import CriterionState, EvidenceKind, TargetStatus


class CellLine(NamedTuple):
    """One paragraph of a cell: a bullet or plain text."""

    bullet: bool
    text: str


class CellText(sa.types.TypeDecorator[tuple[CellLine, ...]]):
    """The paragraphs of a cell, in order, as JSON. An empty cell is NULL, so that filled cells count in SQL."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: tuple[CellLine, ...] | None, dialect: sa.Dialect) -> list[list[Any]] | None:
        return [[line.bullet, line.text] for line in value] if value else None

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> tuple[CellLine, ...] | None:
        return tuple(CellLine(bool(bullet), text) for bullet, text in value) if value else None


class Plan(Provenanced, Base):
    """A cluster's development plan for one year."""

    __tablename__ = "plan"
    __table_args__ = (sa.UniqueConstraint("cluster_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    year: Mapped[int]
    title: Mapped[str | None] = mapped_column(sa.String(200))
    dated: Mapped[date | None]


class Target(Provenanced, Base):
    """One row of the plan's table."""

    __tablename__ = "target"
    __table_args__ = (
        sa.UniqueConstraint("cluster_id", "year", "code"),
        sa.Index("ix_target_cluster_id_year_position", "cluster_id", "year", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    year: Mapped[int]
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(60))
    title: Mapped[str] = mapped_column(sa.String(500))
    due: Mapped[date | None]
    owner: Mapped[str | None] = mapped_column(sa.String(200))
    """By role: "Arts lead", never a person's initials."""
    own_status: Mapped[TargetStatus | None] = mapped_column(choice(TargetStatus))
    """What a person said; wins over the derived status."""
    own_status_reason: Mapped[str | None] = mapped_column(sa.String(500))
    came_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("target.id"))
    """The target whose next steps this one continues (2.11)."""

    cell_target: Mapped[tuple[CellLine, ...] | None] = mapped_column(CellText)
    cell_aims: Mapped[tuple[CellLine, ...] | None] = mapped_column(CellText)
    cell_criteria: Mapped[tuple[CellLine, ...] | None] = mapped_column(CellText)
    cell_organisation: Mapped[tuple[CellLine, ...] | None] = mapped_column(CellText)
    cell_personnel: Mapped[tuple[CellLine, ...] | None] = mapped_column(CellText)
    cell_evaluation: Mapped[tuple[CellLine, ...] | None] = mapped_column(CellText)
    cell_impact: Mapped[tuple[CellLine, ...] | None] = mapped_column(CellText)
    cell_next_steps: Mapped[tuple[CellLine, ...] | None] = mapped_column(CellText)


class Criterion(Provenanced, Base):
    """One success criterion of a target; a countable one has a number to reach (2.10)."""

    __tablename__ = "criterion"
    __table_args__ = (sa.UniqueConstraint("target_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("target.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[CriterionState] = mapped_column(choice(CriterionState), default=CriterionState.NO_EVIDENCE)
    number_wanted: Mapped[int | None]
    number_reached: Mapped[int | None]


class CriterionSchool(Base):
    """One school's tick in a criterion that every school has to meet (2.13)."""

    __tablename__ = "criterion_school"
    __table_args__ = (sa.UniqueConstraint("criterion_id", "school_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("criterion.id"))
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"))
    state: Mapped[CriterionState] = mapped_column(choice(CriterionState))


class Evidence(Provenanced, Base):
    """A piece of evidence, with its own date where one is known (2.14). Evidence is not impact (2.12)."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("target.id"), index=True)
    criterion_id: Mapped[int | None] = mapped_column(sa.ForeignKey("criterion.id"))
    position: Mapped[int]
    kind: Mapped[EvidenceKind] = mapped_column(choice(EvidenceKind), default=EvidenceKind.TEXT)
    dated: Mapped[date | None]
    text: Mapped[str] = mapped_column(sa.Text)


class Aim(Provenanced, Base):
    """An aim of the cluster, for the years in which it held (1.6)."""

    __tablename__ = "aim"
    __table_args__ = (sa.UniqueConstraint("cluster_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    first_year: Mapped[int | None]
    last_year: Mapped[int | None]


class AimWording(Base):
    """Another wording of an aim, mapped to it once a person has confirmed it (2.3)."""

    __tablename__ = "aim_wording"

    id: Mapped[int] = mapped_column(primary_key=True)
    aim_id: Mapped[int] = mapped_column(sa.ForeignKey("aim.id"), index=True)
    wording: Mapped[str] = mapped_column(sa.Text)
    confirmed_by: Mapped[str | None] = mapped_column(sa.String(200), info={"personal": True})


class TargetAim(Base):
    """A target serves an aim."""

    __tablename__ = "target_aim"
    __table_args__ = (sa.UniqueConstraint("target_id", "aim_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("target.id"))
    aim_id: Mapped[int] = mapped_column(sa.ForeignKey("aim.id"), index=True)
