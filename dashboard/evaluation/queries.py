"""How schools see themselves, and how working together goes, out of the store.

What one school says of itself is told to nobody at another school: a headteacher reads the own answers, and of all
schools together numbers, once enough of them have answered (`checks.FEWEST`). Answers count of the schools that
belonged to the cluster in that year.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, may_see, may_see_totals, visible_clusters, was_member
from dashboard.evaluation.checks import FEWEST
from dashboard.frames import alphabetical, count_where
from dashboard.models import CollaborationNote, Membership, Project, School, SelfEvaluation
from dashboard.vocabulary import NoteKind, SelfAnswer


@dataclass(frozen=True)
class SchoolRow:
    """A school that may answer in a year."""

    cluster_id: int
    school_id: int
    school: str
    school_name: str


def load_schools(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> list[SchoolRow]:
    """The members of a cluster in a year whose answers a reader may know, by name: all, or the own."""
    member = sa.exists().where(
        Membership.school_id == School.id, was_member(Membership, sa.literal(cluster_id), sa.literal(year.start))
    )
    rows = session.execute(
        sa.select(sa.literal(cluster_id), School.id, School.slug, School.name)
        .where(member, may_see(scope, sa.literal(cluster_id), School.id))
        .order_by(alphabetical(School.name), School.id)
    )
    return [SchoolRow(*row) for row in rows]


@dataclass(frozen=True)
class AnswerRow:
    """How one school sees itself in one area."""

    cluster_id: int
    school_id: int
    school_name: str
    area: str
    answer: SelfAnswer
    note: str | None
    said_on: date
    illustrative: bool


def load_answers(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> list[AnswerRow]:
    """The answers of a year, by area and school: of all schools, or of the own."""
    rows = session.execute(
        sa.select(
            SelfEvaluation.cluster_id, School.id, School.name, SelfEvaluation.area, SelfEvaluation.answer,
            SelfEvaluation.note, SelfEvaluation.said_on, SelfEvaluation.illustrative,
        )
        .join(School, School.id == SelfEvaluation.school_id)
        .where(*_of(cluster_id, year), may_see(scope, SelfEvaluation.cluster_id, SelfEvaluation.school_id))
        .order_by(alphabetical(SelfEvaluation.area), alphabetical(School.name), School.id)
    )  # fmt: skip
    return [AnswerRow(*row) for row in rows]


@dataclass(frozen=True)
class AreaSum:
    """What all schools together say of one area."""

    cluster_id: int
    area: str
    own: bool
    """Whether a school that the reader answers for said something of it."""
    illustrative: bool
    """Whether some of the answers are made up."""
    answered: int | None
    works_well: int | None
    so_so: int | None
    want_to_improve: int | None
    """Nothing where fewer schools answered than a reader without the cluster may be told of."""


def load_area_sums(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> list[AreaSum]:
    """How many schools see each area how, in a year; the areas that most want to improve first.

    To a reader of one school an area that it did not name itself is not there unless enough schools named it.
    """
    whole = sa.case((SelfEvaluation.cluster_id.in_(visible_clusters(scope)), 1), else_=0)
    own = count_where(SelfEvaluation.school_id.in_(scope.school_ids))
    counts = [count_where(SelfEvaluation.answer == answer) for answer in SelfAnswer]
    well, so_so, want = counts
    rows = session.execute(
        sa.select(
            SelfEvaluation.cluster_id,
            SelfEvaluation.area,
            sa.func.min(whole),
            own,
            sa.func.count(),
            count_where(SelfEvaluation.illustrative),
            well,
            so_so,
            want,
        )
        .where(*_of(cluster_id, year), may_see_totals(scope, SelfEvaluation.cluster_id, SelfEvaluation.year))
        .group_by(SelfEvaluation.cluster_id, SelfEvaluation.area)
        .having(sa.or_(sa.func.min(whole) == 1, own > 0, sa.func.count() >= FEWEST))
        .order_by(want.desc(), so_so.desc(), well.desc(), alphabetical(SelfEvaluation.area))
    )
    return [
        AreaSum(of, area, mine > 0, made_up > 0, *((answered, *told) if sees or answered >= FEWEST else (None,) * 4))
        for of, area, sees, mine, answered, made_up, *told in rows
    ]


@dataclass(frozen=True)
class Answered:
    """How many schools said anything in a year, of those that belonged."""

    cluster_id: int
    members: int
    answered: int


def load_answered(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> list[Answered]:
    """One row for the cluster, if the reader may know its totals of that year."""
    of, start = sa.literal(cluster_id), sa.literal(year.start)
    members = (
        sa.select(sa.func.count(sa.distinct(Membership.school_id)))
        .where(was_member(Membership, of, start))
        .scalar_subquery()
    )
    answered = sa.select(sa.func.count(sa.distinct(SelfEvaluation.school_id))).where(*_of(cluster_id, year))
    rows = session.execute(
        sa.select(of, members, answered.scalar_subquery()).where(
            may_see_totals(scope, of, start), members > 0
        )
    )  # fmt: skip
    return [Answered(*row) for row in rows]


@dataclass(frozen=True)
class AreaRow:
    """An area that the cluster used before."""

    cluster_id: int
    area: str


def load_areas(session: Session, scope: Scope, cluster_id: int) -> list[AreaRow]:
    """The areas to propose in a form: those of all years, or those of the own school and of enough others."""
    whole = sa.func.min(sa.case((SelfEvaluation.cluster_id.in_(visible_clusters(scope)), 1), else_=0))
    own = count_where(SelfEvaluation.school_id.in_(scope.school_ids))
    rows = session.execute(
        sa.select(SelfEvaluation.cluster_id, SelfEvaluation.area)
        .where(
            SelfEvaluation.cluster_id == cluster_id,
            may_see_totals(scope, SelfEvaluation.cluster_id, SelfEvaluation.year),
        )
        .group_by(SelfEvaluation.cluster_id, SelfEvaluation.area)
        .having(
            sa.or_(whole == 1, own > 0, sa.func.count(sa.distinct(SelfEvaluation.school_id)) >= FEWEST)
        )
        .order_by(alphabetical(SelfEvaluation.area))
    )  # fmt: skip
    return [AreaRow(*row) for row in rows]


def load_evaluation_years(session: Session, scope: Scope, cluster_id: int) -> list[AcademicYear]:
    """The years of which a cluster has answers or notes that the reader may know of, newest first."""
    each = sa.union(
        *(
            sa.select(table.year).where(
                table.cluster_id == cluster_id, may_see_totals(scope, table.cluster_id, table.year)
            )
            for table in (SelfEvaluation, CollaborationNote)
        )
    ).subquery()
    return [AcademicYear(start) for start in session.scalars(sa.select(each.c.year).order_by(each.c.year.desc()))]


@dataclass(frozen=True)
class NoteRow:
    """A note on working together, with its words."""

    note_id: int
    cluster_id: int
    year: int
    kind: NoteKind
    tag: str
    words: str
    project_id: int | None
    project: str | None
    illustrative: bool


def load_notes(session: Session, scope: Scope, cluster_id: int) -> list[NoteRow]:
    """The notes of all years, newest year first; of a cluster that is seen whole, for words may tell of a school."""
    rows = session.execute(
        sa.select(
            CollaborationNote.id, CollaborationNote.cluster_id, CollaborationNote.year, CollaborationNote.kind,
            CollaborationNote.tag, CollaborationNote.words, CollaborationNote.project_id, Project.name,
            CollaborationNote.illustrative,
        )
        .select_from(CollaborationNote)
        .outerjoin(Project, Project.id == CollaborationNote.project_id)
        .where(
            CollaborationNote.cluster_id == cluster_id, CollaborationNote.cluster_id.in_(visible_clusters(scope))
        )
        .order_by(CollaborationNote.year.desc(), CollaborationNote.id)
    )  # fmt: skip
    return [NoteRow(*row) for row in rows]


@dataclass(frozen=True)
class TagSum:
    """How often a tag came up in a year."""

    cluster_id: int
    kind: NoteKind
    tag: str
    year: int
    notes: int
    illustrative: bool


def load_tags(session: Session, scope: Scope, cluster_id: int) -> list[TagSum]:
    """How often each tag came up, by year: what comes back is seen, without anybody's words (1.19)."""
    told = (CollaborationNote.cluster_id, CollaborationNote.kind, CollaborationNote.tag, CollaborationNote.year)
    rows = session.execute(
        sa.select(*told, sa.func.count(), count_where(CollaborationNote.illustrative))
        .where(
            CollaborationNote.cluster_id == cluster_id,
            may_see_totals(scope, CollaborationNote.cluster_id, CollaborationNote.year),
        )
        .group_by(*told)
        .order_by(CollaborationNote.kind, alphabetical(CollaborationNote.tag), CollaborationNote.year)
    )
    return [TagSum(of, kind, tag, year, notes, made_up > 0) for of, kind, tag, year, notes, made_up in rows]


@dataclass(frozen=True)
class ProjectChoice:
    """A project that a note may be about."""

    cluster_id: int
    project_id: int
    name: str


def load_project_choices(session: Session, scope: Scope, cluster_id: int) -> list[ProjectChoice]:
    """The projects of a cluster by name; of one that is seen whole."""
    rows = session.execute(
        sa.select(Project.cluster_id, Project.id, Project.name)
        .where(Project.cluster_id == cluster_id, Project.cluster_id.in_(visible_clusters(scope)))
        .order_by(alphabetical(Project.name), Project.id)
    )
    return [ProjectChoice(*row) for row in rows]


def _of(cluster_id: int, year: AcademicYear) -> tuple[sa.ColumnElement[bool], ...]:
    """The answers of a cluster's year, of schools that were members in it."""
    member: Any = aliased(Membership)
    belonged = sa.exists().where(
        member.school_id == SelfEvaluation.school_id,
        was_member(member, SelfEvaluation.cluster_id, SelfEvaluation.year),
    )
    return SelfEvaluation.cluster_id == cluster_id, SelfEvaluation.year == year.start, belonged
