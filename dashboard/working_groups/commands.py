"""Writes of working groups, their outcomes, projects and participation: by a form, with an event each, and by a file.

What people write may be about persons: events hold days, states and numbers, never a text.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.access import Scope
from dashboard.audit import Actor
from dashboard.changes import Changes, Outcome, Writes
from dashboard.directory.lifecycle import ByHand
from dashboard.directory.queries import find_whole_cluster
from dashboard.models import (
    CellLine,
    CollaborationNote,
    GroupOutcome,
    Membership,
    Participation,
    Project,
    ProjectStep,
    Target,
    WorkingGroup,
    WorkingGroupSchool,
)
from dashboard.naming import slug
from dashboard.vocabulary import GroupStatus, ProjectStage
from dashboard.working_groups.checks import (
    MOST_CHILDREN,
    MOST_PEOPLE,
    MOST_YEAR_GROUPS,
    ChangedMeanwhile,
    Dates,
    GroupRefused,
    GroupSaid,
    NoSuchGroup,
    OutcomeSaid,
    ProjectSaid,
    check_group,
    check_outcome,
    check_project,
    check_year_group,
    sign_of_children,
    sign_of_group,
    sign_of_outcome,
    sign_of_project,
)

_TOLD_OF_A_GROUP: Final = ("lead_school_id", "status", "starts", "ends", "project_id", "target_id")
_TOLD_OF_AN_OUTCOME: Final = ("state", "reached_on", "saved")
_TOLD_OF_A_PROJECT: Final = ("starts", "ends")
Children = Mapping[tuple[int, str], int | None]
"""School and year group → how many children; None where nothing is recorded."""


class GroupBook:
    """The groups and projects of one cluster that a scope sees whole, for one actor on one day, in one transaction.

    `seen` is the sign of what a form showed; raises ChangedMeanwhile where something else stands there by now.
    """

    def __init__(self, session: Session, actor: Actor, scope: Scope, cluster: str, today: date) -> None:
        self._session, self._actor, self._today = session, actor, today
        self._writes = ByHand(session)
        found = find_whole_cluster(session, scope, cluster)
        if found is None:
            raise NoSuchGroup
        self._cluster_id = found.id

    def add_group(self, said: GroupSaid) -> int:
        """Write down a new group; gives its number."""
        columns = self._columns(said, None)
        row = WorkingGroup(cluster_id=self._cluster_id, **columns)
        self._session.add(row)
        self._session.flush()
        _set_schools(self._writes, row, self._in_group(row.id), said.schools)
        self._tell("add", row, None, {"schools": len(said.schools)})
        return row.id

    def change_group(self, group_id: int, said: GroupSaid, seen: str) -> Outcome:
        """Say anew what a group is, with its schools."""
        row = self._group(group_id)
        there = self._in_group(row.id)
        _check_seen(sign_of_group(row, there.values()), seen)
        before = _quote(row, _TOLD_OF_A_GROUP)
        columns = self._columns(said, row)
        outcome = self._writes.edit(row, **columns)
        if _set_schools(self._writes, row, there, said.schools, also_out=True):
            row.changed_by_hand()  # whom the group consists of is part of it
            outcome = Outcome.CHANGED
        if outcome is not Outcome.UNCHANGED:
            self._tell("change", row, before, {"schools": len(said.schools)})
        return outcome

    def remove_group(self, group_id: int) -> None:
        """Take out a group that was entered by mistake, with its schools and outcomes."""
        row = self._group(group_id)
        before = _quote(row, _TOLD_OF_A_GROUP)
        for table in (GroupOutcome, WorkingGroupSchool):
            self._session.execute(sa.delete(table).where(table.working_group_id == row.id))
        self._session.execute(sa.delete(WorkingGroup).where(WorkingGroup.id == row.id))
        self._record("remove", "working group", group_id, before, None)

    def add_outcome(self, group_id: int, said: OutcomeSaid) -> int:
        """Write down what a group wants to reach; gives its number."""
        group = self._group(group_id)
        check_outcome(said, self._today)
        last = self._session.scalar(
            sa.select(sa.func.max(GroupOutcome.position)).where(GroupOutcome.working_group_id == group.id)
        )
        row = GroupOutcome(
            working_group_id=group.id, cluster_id=self._cluster_id, position=(last or 0) + 1, **_of_outcome(said)
        )
        self._session.add(row)
        group.changed_by_hand()
        self._session.flush()
        self._tell_outcome("add outcome", row, None)
        return row.id

    def change_outcome(self, group_id: int, outcome_id: int, said: OutcomeSaid, seen: str) -> Outcome:
        """Say anew what an outcome is, and what became of it."""
        row = self._outcome(group_id, outcome_id)
        _check_seen(sign_of_outcome(row), seen)
        check_outcome(said, self._today)
        before = _quote(row, _TOLD_OF_AN_OUTCOME)
        outcome = self._writes.edit(row, **_of_outcome(said))
        if outcome is not Outcome.UNCHANGED:
            self._tell_outcome("change outcome", row, before)
        return outcome

    def remove_outcome(self, group_id: int, outcome_id: int) -> None:
        """Take out an outcome that was entered by mistake; one that was given up is dropped instead."""
        row = self._outcome(group_id, outcome_id)
        before = _quote(row, _TOLD_OF_AN_OUTCOME) | {"outcome": outcome_id}
        self._group(group_id).changed_by_hand()
        self._session.execute(sa.delete(GroupOutcome).where(GroupOutcome.id == row.id))
        self._record("remove outcome", "working group", group_id, before, None)

    def add_project(self, said: ProjectSaid) -> int:
        """Write down a new project; gives its number."""
        check_project(said)
        self._check_name(Project, said.name, None)
        row = Project(cluster_id=self._cluster_id, **_of_project(said))
        self._session.add(row)
        self._session.flush()
        _set_steps(self._writes, row, {}, said.steps)
        self._tell_project("add", row, None, {"stages": len(said.steps)})
        return row.id

    def change_project(self, project_id: int, said: ProjectSaid, seen: str) -> Outcome:
        """Say anew what a project is, and when it went through its stages."""
        row = self._project(project_id)
        steps = {
            each.stage: each
            for each in self._session.scalars(sa.select(ProjectStep).where(ProjectStep.project_id == row.id))
        }
        _check_seen(sign_of_project(row, steps.values()), seen)
        check_project(said)
        self._check_name(Project, said.name, row.id)
        before = _quote(row, _TOLD_OF_A_PROJECT)
        outcome = self._writes.edit(row, **_of_project(said))
        if _set_steps(self._writes, row, steps, said.steps):
            row.changed_by_hand()
            outcome = Outcome.CHANGED
        if outcome is not Outcome.UNCHANGED:
            self._tell_project("change", row, before, {"stages": len(said.steps)})
        return outcome

    def remove_project(self, project_id: int) -> None:
        """Take out a project that was entered by mistake. One with groups, children or notes stays."""
        row = self._project(project_id)
        for table in (WorkingGroup, Participation, CollaborationNote):
            if self._session.scalar(sa.select(sa.exists().where(table.project_id == row.id))):
                raise GroupRefused("Working groups, children or notes belong to this project; take those out first.")
        before = _quote(row, _TOLD_OF_A_PROJECT)
        self._session.execute(sa.delete(ProjectStep).where(ProjectStep.project_id == row.id))
        self._session.execute(sa.delete(Project).where(Project.id == row.id))
        self._record("remove", "project", project_id, before, None)

    def record_children(self, project_id: int, said: Children, seen: str) -> Outcome:
        """Write down how many children took part, by school and year group: counts alone (1.18, 1.23).

        Only what `said` names is written: None takes a figure out, for then nothing is recorded. Nothing is ever 0 that
        nobody wrote down as 0.
        """
        project = self._project(project_id)
        members = set(
            self._session.scalars(sa.select(Membership.school_id).where(Membership.cluster_id == self._cluster_id))
        )
        there = {
            (row.school_id, row.year_group): row
            for row in self._session.scalars(sa.select(Participation).where(Participation.project_id == project.id))
        }
        _check_seen(sign_of_children(there.values()), seen)
        named_now = {check_year_group(named) for (_, named), children in said.items() if children is not None}
        if len({named for _, named in there} | named_now) > MOST_YEAR_GROUPS:
            raise GroupRefused(f"A project may have {MOST_YEAR_GROUPS} year groups; put some of them together.")
        changed = 0
        for (school_id, named), children in said.items():
            key = (school_id, check_year_group(named))
            if school_id not in members or not key[1]:
                raise GroupRefused("Choose schools of this cluster, and name each year group.")
            if children is not None and not 0 <= children <= MOST_CHILDREN:
                raise GroupRefused(f"{children:,} is no number of children of one school; give at most 5,000.")
            changed += self._set_children(project, key, there.get(key), children)
        if not changed:
            return Outcome.UNCHANGED
        self._tell_project("record participation", project, None, {"figures": changed})
        return Outcome.CHANGED

    def _set_children(
        self, project: Project, key: tuple[int, str], row: Participation | None, children: int | None
    ) -> bool:
        if row is None and children is not None:
            school_id, year_group = key
            made = Participation(project_id=project.id, cluster_id=self._cluster_id, school_id=school_id)
            made.year_group, made.children = year_group, children
            self._session.add(made)
        elif row is not None and children is None:
            self._session.delete(row)
        elif row is not None and children is not None:
            return self._writes.edit(row, children=children) is not Outcome.UNCHANGED
        return row is not None or children is not None

    def _columns(self, said: GroupSaid, row: WorkingGroup | None) -> dict[str, Any]:
        """The columns of a group, with everything it names looked up within the cluster."""
        check_group(said)
        self._check_name(WorkingGroup, said.name, row.id if row else None)
        self._check_schools(said)
        if said.project_id is not None:
            self._project(said.project_id)
        if said.target_id is not None:
            is_one = sa.select(Target.id).where(
                Target.id == said.target_id, Target.cluster_id == self._cluster_id, Target.draft.is_(False)
            )
            if self._session.scalar(is_one) is None:
                raise GroupRefused("There is no such target in the plans of this cluster; choose another.", "target")
        return {
            "name": said.name, "lead": said.lead, "lead_school_id": said.lead_school_id,
            "topics": as_lines(said.topics), "status": said.status, "starts": said.starts, "ends": said.ends,
            "project_id": said.project_id, "target_id": said.target_id,
        }  # fmt: skip

    def _check_schools(self, said: GroupSaid) -> None:
        named = {*said.schools, *({said.lead_school_id} if said.lead_school_id is not None else ())}
        known = set(
            self._session.scalars(
                sa.select(Membership.school_id).where(
                    Membership.cluster_id == self._cluster_id, Membership.school_id.in_(named)
                )
            )
        )
        if named - known:
            raise GroupRefused("Choose schools of this cluster.", "lead_school")
        if any(people is not None and not 0 < people <= MOST_PEOPLE for people in said.schools.values()):
            raise GroupRefused("Give how many people of a school take part, or leave it empty while that is not known.")

    def _check_name(self, table: type[WorkingGroup] | type[Project], name: str, but: int | None) -> None:
        others = self._session.execute(sa.select(table.id, table.name).where(table.cluster_id == self._cluster_id))
        if any(slug(other) == slug(name) for number, other in others if number != but):
            what = "working group" if table is WorkingGroup else "project"
            raise GroupRefused(f"There is a {what} “{name}” already; give this one another name.", "name")

    def _group(self, group_id: int) -> WorkingGroup:
        row = self._session.scalar(
            sa.select(WorkingGroup)
            .where(WorkingGroup.id == group_id, WorkingGroup.cluster_id == self._cluster_id)
            .with_for_update()
        )
        if row is None:
            raise NoSuchGroup
        return row

    def _in_group(self, group_id: int) -> dict[int, WorkingGroupSchool]:
        rows = self._session.scalars(
            sa.select(WorkingGroupSchool).where(WorkingGroupSchool.working_group_id == group_id)
        )
        return {row.school_id: row for row in rows}

    def _outcome(self, group_id: int, outcome_id: int) -> GroupOutcome:
        row = self._session.scalar(
            sa.select(GroupOutcome)
            .where(
                GroupOutcome.id == outcome_id, GroupOutcome.working_group_id == group_id,
                GroupOutcome.cluster_id == self._cluster_id,
            )
            .with_for_update()
        )  # fmt: skip
        if row is None:
            raise NoSuchGroup
        return row

    def _project(self, project_id: int) -> Project:
        row = self._session.scalar(
            sa.select(Project).where(Project.id == project_id, Project.cluster_id == self._cluster_id).with_for_update()
        )
        if row is None:
            raise NoSuchGroup
        return row

    def _tell(self, action: str, row: WorkingGroup, before: dict[str, Any] | None, also: dict[str, Any]) -> None:
        self._record(action, "working group", row.id, before, _quote(row, _TOLD_OF_A_GROUP) | also)

    def _tell_outcome(self, action: str, row: GroupOutcome, before: dict[str, Any] | None) -> None:
        after = _quote(row, _TOLD_OF_AN_OUTCOME) | {"outcome": row.id}
        self._record(action, "working group", row.working_group_id, before, after)

    def _tell_project(self, action: str, row: Project, before: dict[str, Any] | None, also: dict[str, Any]) -> None:
        self._record(action, "project", row.id, before, _quote(row, _TOLD_OF_A_PROJECT) | also)

    def _record(
        self, action: str, kind: str, number: int, before: dict[str, Any] | None, after: dict[str, Any] | None
    ) -> None:
        audit.record(
            self._session, self._actor, action, kind, number, cluster_id=self._cluster_id, before=before, after=after
        )


def as_lines(topics: Iterable[str]) -> tuple[CellLine, ...] | None:
    """Topics as a group keeps them: a bullet each."""
    return tuple(CellLine(bullet=True, text=topic) for topic in topics) or None


def _check_seen(now: str, seen: str) -> None:
    if now != seen:
        raise ChangedMeanwhile


def _of_outcome(said: OutcomeSaid) -> dict[str, Any]:
    return {"words": said.words, "state": said.state, "reached_on": said.reached_on, "saved": said.saved}


def _of_project(said: ProjectSaid) -> dict[str, Any]:
    return {"name": said.name, "words": said.words, "starts": said.starts, "ends": said.ends}


def _quote(row: WorkingGroup | GroupOutcome | Project, names: Iterable[str]) -> dict[str, Any]:
    return audit.quote(row, {name: getattr(row, name) for name in names})


def _set_schools(
    writes: Writes,
    group: WorkingGroup,
    there: Mapping[int, WorkingGroupSchool],
    said: Mapping[int, int | None],
    *,
    also_out: bool = False,
) -> bool:
    """Put schools into a group, with how many of their people; `also_out` takes out those that are not named."""
    changed = False
    for school_id, people in said.items():
        row = there.get(school_id)
        if row is None:
            made = WorkingGroupSchool(working_group_id=group.id, cluster_id=group.cluster_id, school_id=school_id)
            made.people = people
            writes.add(made)
            changed = True
        elif people is not None or also_out:
            changed |= writes.edit(row, people=people) is not Outcome.UNCHANGED
    for school_id, row in there.items():
        if also_out and school_id not in said:
            writes.remove(row)
            changed = True
    return changed


def _set_steps(
    writes: Writes, project: Project, there: Mapping[ProjectStage, ProjectStep], said: Mapping[ProjectStage, Dates]
) -> bool:
    """The stages of a project as they are said; those that are not named are taken out."""
    changed = False
    for stage, (first, last) in said.items():
        row = there.get(stage)
        if row is None:
            made = ProjectStep(project_id=project.id, cluster_id=project.cluster_id, stage=stage)
            made.started_on, made.ended_on = first, last
            writes.add(made)
            changed = True
        else:
            changed |= writes.edit(row, started_on=first, ended_on=last) is not Outcome.UNCHANGED
    for stage, row in there.items():
        if stage not in said:
            writes.remove(row)
            changed = True
    return changed


class _Shelf:
    """What a cluster has already, loaded once for a file."""

    def __init__(self, session: Session, cluster_id: int) -> None:
        def rows(table: Any) -> list[Any]:
            return list(session.scalars(sa.select(table).where(table.cluster_id == cluster_id).order_by(table.id)))

        self.projects: dict[str, Project] = {slug(row.name): row for row in rows(Project)}
        self.steps: set[tuple[int, ProjectStage]] = {(row.project_id, row.stage) for row in rows(ProjectStep)}
        self.groups: dict[str, WorkingGroup] = {slug(row.name): row for row in rows(WorkingGroup)}
        self.schools: dict[int, dict[int, WorkingGroupSchool]] = {}
        for row in rows(WorkingGroupSchool):
            self.schools.setdefault(row.working_group_id, {})[row.school_id] = row
        self.outcomes: dict[int, list[GroupOutcome]] = {}
        for row in rows(GroupOutcome):
            self.outcomes.setdefault(row.working_group_id, []).append(row)


class GroupList:
    """The groups of the clusters that a file is about. What a file leaves empty stays as it is."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._shelves: dict[int, _Shelf] = {}

    def note_project(self, cluster_id: int, name: str, stages: Iterable[ProjectStage]) -> tuple[Project, Outcome]:
        """The project of a name, made if there is none, with the stages it has reached, without dates."""
        shelf = self._shelf(cluster_id)
        found, outcome = shelf.projects.get(slug(name)), Outcome.UNCHANGED
        if found is None:
            found = shelf.projects[slug(name)] = Project(cluster_id=cluster_id, name=name)
            self._changes.add(found)
            self._changes.session.flush()
            outcome = Outcome.ADDED
        for stage in stages:
            if (found.id, stage) not in shelf.steps:
                shelf.steps.add((found.id, stage))
                self._changes.add(ProjectStep(project_id=found.id, cluster_id=cluster_id, stage=stage))
                outcome = Outcome.CHANGED if outcome is Outcome.UNCHANGED else outcome
        return found, outcome

    def note(
        self,
        cluster_id: int,
        name: str,
        said: Mapping[str, Any],
        schools: Mapping[int, int | None],
        outcomes: Iterable[str],
    ) -> Outcome:
        """The group of a name, made or completed: `said` are columns, of which None says nothing; schools and outcomes
        are added to those that are there. Raises GroupRefused where the whole of it would not hold.
        """
        shelf = self._shelf(cluster_id)
        given = {column: value for column, value in said.items() if value is not None}
        found = shelf.groups.get(slug(name))
        if found is not None:
            outcome = self._changes.edit(found, **given)
        else:
            found = WorkingGroup(cluster_id=cluster_id, name=name, **{"status": GroupStatus.PLANNED, **given})
            self._changes.add(found)
            self._changes.session.flush()
            shelf.groups[slug(name)] = found
            outcome = Outcome.ADDED
        check_group(GroupSaid(found.name, found.status, found.lead, starts=found.starts, ends=found.ends))
        there = shelf.schools.setdefault(found.id, {})
        more = _set_schools(self._changes, found, there, schools)
        more |= self._add_outcomes(found, shelf.outcomes.setdefault(found.id, []), outcomes)
        return Outcome.CHANGED if more and outcome is Outcome.UNCHANGED else outcome

    def _add_outcomes(self, group: WorkingGroup, there: list[GroupOutcome], outcomes: Iterable[str]) -> bool:
        changed = False
        for words in outcomes:
            if any(row.words == words for row in there):
                continue
            position = max((row.position for row in there), default=0) + 1
            row = GroupOutcome(
                working_group_id=group.id, cluster_id=group.cluster_id, position=position,
                **_of_outcome(OutcomeSaid(words)),
            )  # fmt: skip
            self._changes.add(row)
            there.append(row)
            changed = True
        return changed

    def _shelf(self, cluster_id: int) -> _Shelf:
        if cluster_id not in self._shelves:
            self._shelves[cluster_id] = _Shelf(self._changes.session, cluster_id)
        return self._shelves[cluster_id]
