"""How schools see themselves (1.15, 3.10), and how working together goes (1.19)."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import NUMBERED_ONCE, Base, choice
from dashboard.models.batches import Provenanced
from dashboard.vocabulary import NoteKind, SelfAnswer


class SelfEvaluation(Provenanced, Base):
    """How one school sees itself in one area in a year. A school that said nothing has no row."""

    __tablename__ = "self_evaluation"
    __table_args__ = (sa.UniqueConstraint("cluster_id", "year", "school_id", "area"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"), index=True)
    year: Mapped[int]
    area: Mapped[str] = mapped_column(sa.String(120))
    answer: Mapped[SelfAnswer] = mapped_column(choice(SelfAnswer))
    note: Mapped[str | None] = mapped_column(sa.String(500))
    said_on: Mapped[date]
    said_as: Mapped[str] = mapped_column(sa.String(60))


class CollaborationNote(Provenanced, Base):
    """Something that went well in working together, or got in the way, under a tag that comes back over the years."""

    __tablename__ = "collaboration_note"
    __table_args__ = (sa.Index("ix_collaboration_note_cluster_id_year", "cluster_id", "year"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    project_id: Mapped[int | None] = mapped_column(sa.ForeignKey("project.id"), index=True)
    year: Mapped[int]
    kind: Mapped[NoteKind] = mapped_column(choice(NoteKind))
    tag: Mapped[str] = mapped_column(sa.String(60))
    words: Mapped[str] = mapped_column(sa.String(500))
    said_on: Mapped[date]
    said_as: Mapped[str] = mapped_column(sa.String(60))
