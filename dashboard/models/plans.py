"""Development plans: targets with their eight cells, criteria, evidence and aims."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, UtcTime, choice, now_utc
from dashboard.models.batches import Provenanced
from dashboard.models.benchmarks import Thousandths
from dashboard.vocabulary import (
    ActivityKind,
    CriterionState,
    EvidenceKind,
    FocusArea,
    Horizon,
    PlanCell,
    PlanChangeKind,
    Rating,
    TargetStatus,
)


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
    """One row of the plan's table. A draft is the cluster's next thought: it counts nowhere."""

    __tablename__ = "target"
    __table_args__ = (
        sa.UniqueConstraint("cluster_id", "year", "code"),
        # Of what counts: the latest year of a plan is found in it alone.
        sa.Index(
            "ix_target_cluster_id_year_position",
            "cluster_id",
            "year",
            "position",
            sqlite_where=sa.text("draft IS 0"),
            postgresql_where=sa.text("draft IS false"),
        ),
        sa.Index("ix_target_cluster_id", "cluster_id"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    year: Mapped[int]
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(60))
    title: Mapped[str] = mapped_column(sa.String(500))
    draft: Mapped[bool] = mapped_column(default=False)
    due: Mapped[date | None]
    review_on: Mapped[date | None]
    """When it is to be looked at next."""
    owner: Mapped[str | None] = mapped_column(sa.String(200))
    """By role: "Arts lead", never a person's initials."""
    own_status: Mapped[TargetStatus | None] = mapped_column(choice(TargetStatus))
    """What a person said; wins over the derived status."""
    own_status_reason: Mapped[str | None] = mapped_column(sa.String(500))
    came_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("target.id"), index=True)
    """The target whose next steps this one continues (2.11)."""
    from_steps: Mapped[tuple[CellLine, ...] | None] = mapped_column(CellText)
    """Which of those next steps, in the words that they had: none of them is proposed a second time."""
    activity: Mapped[ActivityKind | None] = mapped_column(choice(ActivityKind))
    horizon: Mapped[Horizon | None] = mapped_column(choice(Horizon))
    focus_area: Mapped[FocusArea | None] = mapped_column(choice(FocusArea))
    version: Mapped[int] = mapped_column(default=1)
    """Goes on with every change of it, its criteria and its evidence: nobody writes over what they did not see."""

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
    per_school: Mapped[bool] = mapped_column(default=False)
    """Whether each school has to meet it: then its state follows the ticks of the schools (2.13)."""
    said_on: Mapped[date | None]
    """When its state was last said."""


class CriterionSchool(Base):
    """One school's tick in a criterion that every school has to meet (2.13)."""

    __tablename__ = "criterion_school"
    __table_args__ = (sa.UniqueConstraint("criterion_id", "school_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("criterion.id"))
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"))
    state: Mapped[CriterionState] = mapped_column(choice(CriterionState))


class Evidence(Provenanced, Base):
    """A piece of evidence, with its own date where one is known (2.14). Evidence is not impact (2.12).

    Each piece is a line of the target's evaluation cell with the same words: the cell is what goes to Word.
    """

    __tablename__ = "evidence"
    __table_args__ = (NUMBERED_ONCE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("target.id"), index=True)
    criterion_id: Mapped[int | None] = mapped_column(sa.ForeignKey("criterion.id"))
    position: Mapped[int]
    kind: Mapped[EvidenceKind] = mapped_column(choice(EvidenceKind), default=EvidenceKind.TEXT)
    dated: Mapped[date | None]
    text: Mapped[str] = mapped_column(sa.Text)
    link: Mapped[str | None] = mapped_column(sa.String(1000))
    """Where it can be seen, of the kind "link"."""
    value: Mapped[Decimal | None] = mapped_column(Thousandths)
    """Of the kind "figure"."""
    unit: Mapped[str | None] = mapped_column(sa.String(60))


class EvidenceFile(Base):
    """The file of a piece of evidence."""

    __tablename__ = "evidence_file"
    __table_args__ = (NUMBERED_ONCE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id", ondelete="CASCADE"), unique=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"), index=True)
    file_name: Mapped[str] = mapped_column(sa.String(200), info={"personal": True})
    media_type: Mapped[str] = mapped_column(sa.String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True, info={"personal": True})
    added_at: Mapped[datetime] = mapped_column(UtcTime, default=now_utc)


class PlanChange(Provenanced, Base):
    """One thing that became of a target, with the words before and after: who said what in the plan, and when. A review
    of the whole plan names no target.

    Apart from the audit, which keeps no words: these go when their target goes.
    """

    __tablename__ = "plan_change"
    __table_args__ = (sa.Index("ix_plan_change_cluster_id_happened_at", "cluster_id", "happened_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    target_id: Mapped[int | None] = mapped_column(sa.ForeignKey("target.id", ondelete="CASCADE"), index=True)
    happened_at: Mapped[datetime] = mapped_column(UtcTime, default=now_utc)
    kind: Mapped[PlanChangeKind] = mapped_column(choice(PlanChangeKind))
    cell: Mapped[PlanCell | None] = mapped_column(choice(PlanCell))
    """Which cell, of the kind "cell"."""
    about: Mapped[str | None] = mapped_column(sa.Text)
    """The words of the criterion or the evidence."""
    before: Mapped[Any | None] = mapped_column(sa.JSON(none_as_null=True))
    after: Mapped[Any | None] = mapped_column(sa.JSON(none_as_null=True))
    """What stood there, and what stands there since: a text, a date as ISO text, the lines of a cell."""
    known_as: Mapped[str] = mapped_column(sa.String(60))
    """As what somebody did it: a role, never a name."""


class PlanReview(Provenanced, Base):
    """A review of a target, or of the whole plan of a year: how it was found, why, and when it is looked at next."""

    __tablename__ = "plan_review"
    __table_args__ = (sa.Index("ix_plan_review_cluster_id_year", "cluster_id", "year"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    year: Mapped[int]
    target_id: Mapped[int | None] = mapped_column(sa.ForeignKey("target.id"), index=True)
    number: Mapped[int]
    """The first, second, … review of the same thing."""
    reviewed_on: Mapped[date]
    rating: Mapped[Rating] = mapped_column(choice(Rating))
    words: Mapped[str] = mapped_column(sa.String(1000))
    next_on: Mapped[date | None]
    known_as: Mapped[str] = mapped_column(sa.String(60))


class TargetMeeting(Base):
    """A meeting at which a target was worked on."""

    __tablename__ = "target_meeting"
    __table_args__ = (sa.UniqueConstraint("target_id", "meeting_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("target.id", ondelete="CASCADE"))
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"), index=True)


class Aim(Provenanced, Base):
    """An aim of the cluster, for the years in which it held (1.6)."""

    __tablename__ = "aim"
    __table_args__ = (sa.UniqueConstraint("cluster_id", "position"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    agreed_on: Mapped[date | None]
    """When the steering group agreed it (4.6)."""
    first_year: Mapped[int | None]
    last_year: Mapped[int | None]


class AimWording(Base):
    """Another wording of an aim, mapped to it once a person has confirmed it (2.3); or one that is so much like it that
    somebody was asked, and said that it is another aim.
    """

    __tablename__ = "aim_wording"

    id: Mapped[int] = mapped_column(primary_key=True)
    aim_id: Mapped[int] = mapped_column(sa.ForeignKey("aim.id", ondelete="CASCADE"), index=True)
    wording: Mapped[str] = mapped_column(sa.Text)
    confirmed_by: Mapped[str | None] = mapped_column(sa.String(200), info={"personal": True})
    declined_by: Mapped[str | None] = mapped_column(sa.String(60))
    """As what somebody said that the two are not one aim: a role."""


class TargetAim(Base):
    """A target serves an aim."""

    __tablename__ = "target_aim"
    __table_args__ = (sa.UniqueConstraint("target_id", "aim_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("target.id"))
    aim_id: Mapped[int] = mapped_column(sa.ForeignKey("aim.id"), index=True)
