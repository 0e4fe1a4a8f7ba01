"""Working groups, their outcomes, projects and who took part, out of the store.

Those who hold a cluster read it whole. A headteacher reads the groups and projects of the time in which the own school
belonged to the cluster: of schools the own alone, of all others a number.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.access import Scope, may_see, may_see_totals, visible_clusters
from dashboard.directory.expected import covers
from dashboard.frames import alphabetical, count_where, total
from dashboard.models import (
    CellLine,
    GroupOutcome,
    Membership,
    Participation,
    Project,
    ProjectStep,
    School,
    Target,
    WorkingGroup,
    WorkingGroupSchool,
)
from dashboard.vocabulary import GroupStatus, OutcomeState, ProjectStage
from dashboard.working_groups.words import AT_WORK_FIRST

LEAST_OTHERS: Final = 2
"""So many other schools have to be in a total before a headteacher is told it: else it is the neighbour's figure."""
LEAST_CHILDREN: Final = 5
"""And so many children of other schools: a smaller number may tell who they are (1.23)."""


@dataclass(frozen=True)
class GroupRow:
    """One working group."""

    group_id: int
    cluster_id: int
    project_id: int | None
    name: str
    lead: str | None
    lead_school_id: int | None
    lead_school: str | None
    """By name, where the reader may know it."""
    led_elsewhere: bool
    """Whether a school leads it that the reader is not told."""
    topics: tuple[CellLine, ...]
    status: GroupStatus
    starts: date | None
    ends: date | None
    target_id: int | None
    target: str | None
    """The code of the target it works for."""
    target_year: int | None
    schools: int
    """How many schools are in it, as far as recorded."""
    illustrative: bool


def load_groups(session: Session, scope: Scope, cluster_id: int, as_of: date) -> list[GroupRow]:
    """The working groups of a cluster, those at work first, then by name."""
    counted = (
        sa.select(sa.func.count(WorkingGroupSchool.id))
        .where(WorkingGroupSchool.working_group_id == WorkingGroup.id)
        .scalar_subquery()
    )
    leading = sa.and_(
        School.id == WorkingGroup.lead_school_id,
        may_see(scope, WorkingGroup.cluster_id, WorkingGroup.lead_school_id),
    )
    serves = sa.and_(
        Target.id == WorkingGroup.target_id,
        Target.draft.is_(False),
        may_see_totals(scope, Target.cluster_id, Target.year),
    )
    order = sa.case({status: place for place, status in enumerate(AT_WORK_FIRST)}, value=WorkingGroup.status)
    rows = session.execute(
        sa.select(
            WorkingGroup, School.id.label("lead_school_id"), School.name.label("lead_school"),
            Target.id.label("target_id"), Target.code, Target.year, counted.label("schools"),
        )
        .select_from(WorkingGroup)
        .outerjoin(School, leading)
        .outerjoin(Target, serves)
        .where(WorkingGroup.cluster_id == cluster_id, _was_there(scope, WorkingGroup, as_of))
        .order_by(order, alphabetical(WorkingGroup.name), WorkingGroup.id)
    )  # fmt: skip
    return [
        GroupRow(
            row.id, row.cluster_id, row.project_id, row.name, row.lead, lead_id, lead_name,
            row.lead_school_id is not None and lead_id is None, row.topics or (), row.status, row.starts, row.ends,
            target_id, code, year, schools, row.illustrative,
        )
        for row, lead_id, lead_name, target_id, code, year, schools in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class GroupSchoolRow:
    """A school in a group."""

    group_id: int
    cluster_id: int
    school_id: int
    school: str
    school_name: str
    people: int | None


def load_group_schools(session: Session, scope: Scope, cluster_id: int) -> list[GroupSchoolRow]:
    """The schools in the groups of a cluster, by name; to a headteacher the own alone."""
    rows = session.execute(
        sa.select(
            WorkingGroupSchool.working_group_id, WorkingGroupSchool.cluster_id, School.id, School.slug, School.name,
            WorkingGroupSchool.people,
        )
        .join(School, School.id == WorkingGroupSchool.school_id)
        .where(
            WorkingGroupSchool.cluster_id == cluster_id,
            may_see(scope, WorkingGroupSchool.cluster_id, WorkingGroupSchool.school_id),
        )
        .order_by(alphabetical(School.name), School.id, WorkingGroupSchool.working_group_id)
    )  # fmt: skip
    return [GroupSchoolRow(*row) for row in rows]


@dataclass(frozen=True)
class OutcomeRow:
    """An outcome of a group (1.20, 1.21)."""

    outcome_id: int
    group_id: int
    cluster_id: int
    words: str
    state: OutcomeState
    reached_on: date | None
    saved: int | None
    illustrative: bool


def load_outcomes(session: Session, scope: Scope, cluster_id: int, as_of: date) -> list[OutcomeRow]:
    """The outcomes of the groups of a cluster, in the order in which the groups wrote them down."""
    rows = session.execute(
        sa.select(
            GroupOutcome.id, GroupOutcome.working_group_id, GroupOutcome.cluster_id, GroupOutcome.words,
            GroupOutcome.state, GroupOutcome.reached_on, GroupOutcome.saved, GroupOutcome.illustrative,
        )
        .join(WorkingGroup, WorkingGroup.id == GroupOutcome.working_group_id)
        .where(WorkingGroup.cluster_id == cluster_id, _was_there(scope, WorkingGroup, as_of))
        .order_by(GroupOutcome.working_group_id, GroupOutcome.position, GroupOutcome.id)
    )  # fmt: skip
    return [OutcomeRow(*row) for row in rows]


@dataclass(frozen=True)
class ProjectRow:
    """Something that schools do together, in stages (1.14)."""

    project_id: int
    cluster_id: int
    name: str
    words: str | None
    starts: date | None
    ends: date | None
    illustrative: bool


def load_projects(session: Session, scope: Scope, cluster_id: int, as_of: date) -> list[ProjectRow]:
    """The projects of a cluster: what began last first, those without a date at the end."""
    rows = session.execute(
        sa.select(
            Project.id, Project.cluster_id, Project.name, Project.words, Project.starts, Project.ends,
            Project.illustrative,
        )
        .where(Project.cluster_id == cluster_id, _was_there(scope, Project, as_of))
        .order_by(Project.starts.is_(None), Project.starts.desc(), alphabetical(Project.name), Project.id)
    )  # fmt: skip
    return [ProjectRow(*row) for row in rows]


@dataclass(frozen=True)
class StepRow:
    """A stage that a project has reached, or will."""

    project_id: int
    cluster_id: int
    stage: ProjectStage
    started_on: date | None
    ended_on: date | None


def load_steps(session: Session, scope: Scope, cluster_id: int, as_of: date) -> list[StepRow]:
    """The recorded stages of the projects of a cluster."""
    rows = session.execute(
        sa.select(
            ProjectStep.project_id, ProjectStep.cluster_id, ProjectStep.stage, ProjectStep.started_on,
            ProjectStep.ended_on,
        )
        .join(Project, Project.id == ProjectStep.project_id)
        .where(Project.cluster_id == cluster_id, _was_there(scope, Project, as_of))
        .order_by(ProjectStep.project_id, ProjectStep.id)
    )  # fmt: skip
    return [StepRow(*row) for row in rows]


@dataclass(frozen=True)
class ParticipationRow:
    """How many children of a year group of a school took part in a project (1.18)."""

    project_id: int
    cluster_id: int
    school_id: int
    school_name: str
    year_group: str
    children: int


def load_participation(session: Session, scope: Scope, cluster_id: int) -> list[ParticipationRow]:
    """Who took part in the projects of a cluster, by school; to a headteacher the own school alone."""
    rows = session.execute(
        sa.select(
            Participation.project_id, Participation.cluster_id, School.id, School.name, Participation.year_group,
            Participation.children,
        )
        .join(School, School.id == Participation.school_id)
        .where(
            Participation.cluster_id == cluster_id,
            may_see(scope, Participation.cluster_id, Participation.school_id),
        )
        .order_by(alphabetical(School.name), School.id, Participation.id)
    )  # fmt: skip
    return [ParticipationRow(*row) for row in rows]


@dataclass(frozen=True)
class ParticipationSum:
    """The children of a year group of all schools together."""

    project_id: int
    cluster_id: int
    year_group: str
    schools: int
    children: int | None
    """Nothing where it would tell a headteacher of a neighbour (`LEAST_OTHERS`, `LEAST_CHILDREN`)."""


def load_participation_sums(session: Session, scope: Scope, cluster_id: int, as_of: date) -> list[ParticipationSum]:
    """The sums of participation by project and year group."""
    whole = sa.case((Participation.cluster_id.in_(visible_clusters(scope)), 1), else_=0)
    elsewhere = Participation.school_id.not_in(scope.school_ids)
    rows = session.execute(
        sa.select(
            Participation.project_id, Participation.cluster_id, Participation.year_group,
            sa.func.count(Participation.id), total(Participation.children), sa.func.min(whole),
            count_where(elsewhere), total(sa.case((elsewhere, Participation.children), else_=0)),
        )
        .join(Project, Project.id == Participation.project_id)
        .where(Project.cluster_id == cluster_id, _was_there(scope, Project, as_of))
        .group_by(Participation.project_id, Participation.cluster_id, Participation.year_group)
        .order_by(Participation.project_id, alphabetical(Participation.year_group))
    )  # fmt: skip
    return [
        ParticipationSum(
            project_id, of, year_group, schools,
            children if sees or (others >= LEAST_OTHERS and theirs >= LEAST_CHILDREN) else None,
        )
        for project_id, of, year_group, schools, children, sees, others, theirs in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class TargetChoice:
    """A target of a plan that a group may work for."""

    cluster_id: int
    target_id: int
    code: str
    title: str
    year: int


def load_targets_to_choose(session: Session, scope: Scope, cluster_id: int) -> list[TargetChoice]:
    """The targets of a cluster's plans, the latest plan first, each in its order; of a cluster that is seen whole."""
    rows = session.execute(
        sa.select(Target.cluster_id, Target.id, Target.code, Target.title, Target.year)
        .where(
            Target.cluster_id == cluster_id,
            Target.draft.is_(False),
            Target.cluster_id.in_(visible_clusters(scope)),
        )
        .order_by(Target.year.desc(), Target.position, Target.id)
    )
    return [TargetChoice(*row) for row in rows]


def _was_there(scope: Scope, thing: type[WorkingGroup] | type[Project], as_of: date) -> sa.ColumnElement[bool]:
    """The condition on groups and projects that a reader may know of.

    The cluster is seen whole; or a school of the scope belonged to it in the time of the group. One without any date is
    for those who belong today.
    """
    if scope.everything:
        return sa.true()
    own = aliased(Membership)
    dated = sa.or_(thing.starts.is_not(None), thing.ends.is_not(None))
    at_that_time = sa.and_(
        dated,
        sa.or_(own.joined.is_(None), thing.ends.is_(None), own.joined <= thing.ends),
        sa.or_(own.left.is_(None), thing.starts.is_(None), own.left >= thing.starts),
    )
    belonged = sa.exists().where(
        own.school_id.in_(scope.school_ids),
        own.cluster_id == thing.cluster_id,
        sa.or_(at_that_time, sa.and_(sa.not_(dated), covers(own, as_of))),
    )
    return sa.or_(thing.cluster_id.in_(visible_clusters(scope)), belonged)
