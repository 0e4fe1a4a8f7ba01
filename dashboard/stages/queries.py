"""Where clusters stand, out of the store. The head of one school reads it of the clusters to which the school belongs
this year: stages, gates and counts, and of the schools the own one alone.
"""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, clusters_in_totals, may_see, may_see_totals, visible_clusters
from dashboard.directory.expected import belongs
from dashboard.frames import alphabetical
from dashboard.models import (
    ChecklistTick,
    Cluster,
    ClusterStage,
    Cohort,
    Membership,
    Programme,
    School,
    SchoolCommitment,
    Stage,
)
from dashboard.vocabulary import Checklist, Commitment, TickState


@dataclass(frozen=True)
class ClusterOnItsWay:
    """A cluster with what its way through the programme is counted from."""

    cluster_id: int
    slug: str
    name: str
    programme_id: int | None
    programme: str | None
    cohort: str | None
    starts: date | None
    """Of the cluster, else of its cohort (3.16)."""
    ends: date | None
    """When its agreement ends (4.3)."""
    whole: bool
    """Whether the reader sees all of it."""
    belongs: bool
    """Whether it is the reader's to see this year: to the head of a school, while the school is a member."""


def find_on_its_way(session: Session, scope: Scope, slug: str, as_of: date) -> ClusterOnItsWay | None:
    """The cluster at an address; None when there is none or it is not the reader's to see.

    What no slug looks like is none.
    """
    if not slug.isprintable():
        return None
    row = session.execute(
        sa.select(
            Cluster.id.label("cluster_id"),
            Cluster.slug,
            Cluster.name,
            Cluster.programme_id,
            Programme.name.label("programme"),
            Cohort.name.label("cohort"),
            sa.func.coalesce(Cluster.starts, Cohort.starts).label("starts"),
            Cluster.ends,
            sa.case((Cluster.id.in_(visible_clusters(scope)), 1), else_=0).label("whole"),
            sa.case((_seen(scope, Cluster.id, as_of), 1), else_=0).label("belongs"),
        )
        .outerjoin(Programme, Programme.id == Cluster.programme_id)
        .outerjoin(Cohort, Cohort.id == Cluster.cohort_id)
        .where(Cluster.slug == slug, Cluster.id.in_(clusters_in_totals(scope)))
    ).one_or_none()
    return ClusterOnItsWay(**{**row._asdict(), "whole": bool(row.whole), "belongs": bool(row.belongs)}) if row else None


@dataclass(frozen=True)
class StageRow:
    """A stage, and one time that the cluster spent in it: a row for each time, one without where there is none."""

    cluster_id: int
    stage_id: int
    name: str
    words: str | None
    first_year: int | None
    last_year: int | None
    programme: str
    is_present: bool
    """Whether it is of the programme that the cluster belongs to now; a cluster may come from another (4.3)."""
    time_id: int | None
    starts: date | None
    ends: date | None


def load_stages(session: Session, scope: Scope, cluster_id: int, as_of: date) -> list[StageRow]:
    """The stages of a cluster's programme in their order, and before them those of other programmes that it was in."""
    present = sa.case((Stage.programme_id == Cluster.programme_id, 1), else_=0)
    statement = (
        sa.select(
            Cluster.id.label("cluster_id"),
            Stage.id.label("stage_id"),
            Stage.name,
            Stage.words,
            Stage.first_programme_year.label("first_year"),
            Stage.last_programme_year.label("last_year"),
            Programme.name.label("programme"),
            present.label("is_present"),
            ClusterStage.id.label("time_id"),
            ClusterStage.starts,
            ClusterStage.ends,
        )
        .select_from(Cluster)
        .join(Stage, sa.true())
        .join(Programme, Programme.id == Stage.programme_id)
        .outerjoin(ClusterStage, sa.and_(ClusterStage.stage_id == Stage.id, ClusterStage.cluster_id == Cluster.id))
        .where(
            Cluster.id == cluster_id,
            _seen(scope, Cluster.id, as_of),
            sa.or_(Stage.programme_id == Cluster.programme_id, ClusterStage.id.is_not(None)),
        )
        .order_by(present, Stage.programme_id, Stage.position, ClusterStage.starts.is_not(None), ClusterStage.starts)
        .order_by(ClusterStage.id)
    )
    return [StageRow(**{**row._asdict(), "is_present": bool(row.is_present)}) for row in session.execute(statement)]


@dataclass(frozen=True)
class TickRow:
    """What is known of one item of a checklist. The note is for those who see the cluster whole."""

    cluster_id: int
    checklist: Checklist
    stage_id: int | None
    item: str
    state: TickState
    dated: date | None
    note: str | None
    said_as: str
    illustrative: bool


def load_ticks(session: Session, scope: Scope, cluster_id: int, as_of: date) -> list[TickRow]:
    """What is ticked off, of a cluster. The list of independence is for those who see the cluster whole."""
    whole = ChecklistTick.cluster_id.in_(visible_clusters(scope))
    statement = (
        sa.select(
            ChecklistTick.cluster_id,
            ChecklistTick.checklist,
            ChecklistTick.stage_id,
            ChecklistTick.item,
            ChecklistTick.state,
            ChecklistTick.dated,
            sa.case((whole, ChecklistTick.note)).label("note"),
            ChecklistTick.said_as,
            ChecklistTick.illustrative,
        )
        .where(
            ChecklistTick.cluster_id == cluster_id,
            _seen(scope, ChecklistTick.cluster_id, as_of),
            sa.or_(ChecklistTick.checklist == Checklist.STAGE_GATE, whole),
        )
        .order_by(ChecklistTick.id)
    )
    return [TickRow(**row._asdict()) for row in session.execute(statement)]


@dataclass(frozen=True)
class CommitmentRow:
    """A school with its answer; a school that left is told only where it had answered."""

    cluster_id: int
    school_id: int
    school: str
    name: str
    member: bool
    """Whether it belongs to the cluster on the day that was asked about."""
    answer: Commitment | None
    said_on: date | None
    said_as: str | None
    illustrative: bool


def load_commitments(session: Session, scope: Scope, cluster_id: int, as_of: date) -> list[CommitmentRow]:
    """Whether each school of a cluster goes on (3.17), by name, members first. To the head of a school: the own one."""
    member = sa.case((_is_member(cluster_id, as_of), 1), else_=0)
    statement = (
        sa.select(
            Cluster.id.label("cluster_id"),
            School.id.label("school_id"),
            School.slug.label("school"),
            School.name,
            member.label("member"),
            SchoolCommitment.answer,
            SchoolCommitment.said_on,
            SchoolCommitment.said_as,
            sa.func.coalesce(SchoolCommitment.illustrative, sa.false()).label("illustrative"),
        )
        .select_from(Cluster)
        .join(School, sa.true())
        .outerjoin(
            SchoolCommitment,
            sa.and_(SchoolCommitment.cluster_id == Cluster.id, SchoolCommitment.school_id == School.id),
        )
        .where(
            Cluster.id == cluster_id,
            may_see(scope, Cluster.id, School.id),
            sa.or_(_is_member(cluster_id, as_of), SchoolCommitment.id.is_not(None)),
        )
        .order_by(member.desc(), alphabetical(School.name), School.id)
    )
    return [
        CommitmentRow(**{**row._asdict(), "member": bool(row.member), "illustrative": bool(row.illustrative)})
        for row in session.execute(statement)
    ]


@dataclass(frozen=True)
class AnswerCount:
    """How many members have said whether they go on."""

    cluster_id: int
    schools: int
    said: int


def count_answers(session: Session, scope: Scope, cluster_id: int, as_of: date) -> AnswerCount | None:
    """The members of a cluster on a day and how many have answered; not what: that would tell another school's."""
    schools = sa.select(Membership.school_id).where(belongs(Membership, cluster_id, as_of)).distinct().subquery()
    row = session.execute(
        sa.select(sa.literal(cluster_id), sa.func.count(schools.c.school_id), sa.func.count(SchoolCommitment.id))
        .select_from(Cluster)
        .outerjoin(schools, sa.true())
        .outerjoin(
            SchoolCommitment,
            sa.and_(SchoolCommitment.cluster_id == Cluster.id, SchoolCommitment.school_id == schools.c.school_id),
        )
        .where(Cluster.id == cluster_id, _seen(scope, Cluster.id, as_of))
        .group_by(Cluster.id)
    ).one_or_none()
    return AnswerCount(*row) if row else None


def _is_member(cluster_id: int, as_of: date) -> sa.ColumnElement[bool]:
    return sa.exists().where(belongs(Membership, cluster_id, as_of), Membership.school_id == School.id)


def _seen(scope: Scope, cluster_id: sa.SQLColumnExpression[int], as_of: date) -> sa.ColumnElement[bool]:
    """The cluster is seen whole, or a school of the scope belongs to it this year."""
    return may_see_totals(scope, cluster_id, sa.literal(AcademicYear.of(as_of).start))
