"""Writes of development plans: targets with their cells, criteria, evidence and aims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.changes import Changes, Outcome
from dashboard.db import Base
from dashboard.models import (
    Aim,
    AimWording,
    Cluster,
    Criterion,
    CriterionSchool,
    Evidence,
    Plan,
    Target,
    TargetAim,
)
from dashboard.naming import slug
from dashboard.plans.cell_text import CellLines, CriterionLine, split_criteria
from dashboard.vocabulary import CriterionState, PlanCell, TargetStatus


@dataclass(frozen=True)
class TargetText:
    """What is said of one target. A cell that is not named is left as it stands; an empty one is emptied."""

    code: str
    title: str
    cells: Mapping[PlanCell, CellLines] = field(default_factory=dict)
    due: date | None = None
    owner: str | None = None
    own_status: TargetStatus | None = None


class PlanBook:
    """The plans of one cluster, loaded once. Every write goes through the changes of a batch."""

    def __init__(self, changes: Changes, cluster: Cluster) -> None:
        self._changes = changes
        self._cluster = cluster
        session = changes.session
        mine = Target.cluster_id == cluster.id
        self._plans = {row.year: row for row in session.scalars(sa.select(Plan).where(Plan.cluster_id == cluster.id))}
        self._targets = {(row.year, row.code): row for row in session.scalars(sa.select(Target).where(mine))}
        self._aims: dict[str, Aim] = {}
        for aim in session.scalars(sa.select(Aim).where(Aim.cluster_id == cluster.id)):
            self._aims[slug(aim.text)] = aim
        self._last_aim = max((aim.position for aim in self._aims.values()), default=0)
        wordings = sa.select(AimWording, Aim).join(Aim).where(Aim.cluster_id == cluster.id)
        for wording, aim in session.execute(wordings.where(AimWording.confirmed_by.is_not(None))):
            self._aims[slug(wording.wording)] = aim

    def put_target(self, year: AcademicYear, said: TargetText) -> tuple[Target, Outcome]:
        """Store a target of the plan of a year; the plan is made with its first target.

        Criteria follow the criteria cell and keep the state they have where a line says none. The lines of the
        evaluation cell become evidence; evidence that was entered by hand stays. Aims are matched by their words,
        and a new wording is a new aim until a person says otherwise (2.3).
        """
        cells = dict(said.cells)
        criteria: tuple[CriterionLine, ...] | None = None
        if PlanCell.CRITERIA in cells:
            cells[PlanCell.CRITERIA], criteria = split_criteria(cells[PlanCell.CRITERIA])
        target = self._targets.get((year.start, said.code))
        before = {cell: _cell(target, cell) for cell in PlanCell} if target else dict.fromkeys(PlanCell, ())
        target, outcome = self._write(target, year, said, cells)
        edits = []
        if criteria is not None:
            edits.append(self._put_criteria(target, criteria))
        for cell, put in ((PlanCell.EVALUATION, self._put_evidence), (PlanCell.AIMS, self._put_aims)):
            if cell in cells:
                now = _texts(cells[cell])
                edits.append(put(target, now, [text for text in _texts(before[cell]) if text not in now]))
        if outcome is Outcome.UNCHANGED and any(edits):
            outcome = Outcome.CHANGED
        return target, outcome

    def _write(
        self, target: Target | None, year: AcademicYear, said: TargetText, cells: Mapping[PlanCell, CellLines]
    ) -> tuple[Target, Outcome]:
        columns: dict[str, Any] = {f"cell_{cell}": lines or None for cell, lines in cells.items()}
        extra = {"due": said.due, "owner": said.owner, "own_status": said.own_status}
        columns |= {name: value for name, value in extra.items() if value is not None}
        if target is not None:
            return target, self._changes.edit(target, title=said.title, **columns)
        places = [row.position for row in self._targets.values() if row.year == year.start]
        target = Target(
            plan_id=self._plan(year).id,
            cluster_id=self._cluster.id,
            year=year.start,
            position=max(places, default=0) + 1,
            code=said.code,
            title=said.title,
            **columns,
        )
        self._add(target)
        self._targets[year.start, said.code] = target
        return target, Outcome.ADDED

    def _plan(self, year: AcademicYear) -> Plan:
        if year.start not in self._plans:
            plan = Plan(cluster_id=self._cluster.id, year=year.start)
            self._add(plan)
            self._plans[year.start] = plan
        return self._plans[year.start]

    def _put_criteria(self, target: Target, lines: Sequence[CriterionLine]) -> bool:
        stored = list(
            self._changes.session.scalars(
                sa.select(Criterion).where(Criterion.target_id == target.id).order_by(Criterion.position)
            )
        )
        matched = _match(stored, [line.text for line in lines])
        gone = [row for row in stored if row not in matched]
        changed = bool(gone)
        for old in gone:
            self._remove_criterion(old)
        places = _places(stored, matched)
        for line, row, place in zip(lines, matched, places, strict=True):
            if row is None:
                state = line.state or CriterionState.NO_EVIDENCE
                self._changes.add(Criterion(target_id=target.id, position=place, text=line.text, state=state))
                changed = True
            else:
                state = line.state or row.state
                edited = self._changes.edit(row, position=place, text=line.text, state=state)
                changed = changed or edited is Outcome.CHANGED
        return changed

    def _remove_criterion(self, criterion: Criterion) -> None:
        session = self._changes.session
        for evidence in session.scalars(sa.select(Evidence).where(Evidence.criterion_id == criterion.id)):
            self._changes.edit(evidence, criterion_id=None)
        for tick in session.scalars(sa.select(CriterionSchool).where(CriterionSchool.criterion_id == criterion.id)):
            self._changes.remove(tick)
        session.flush()
        self._changes.remove(criterion)
        session.flush()

    def _put_evidence(self, target: Target, texts: Sequence[str], gone: Sequence[str]) -> bool:
        rows = list(self._changes.session.scalars(sa.select(Evidence).where(Evidence.target_id == target.id)))
        stored = {row.text: row for row in rows}
        place = max((row.position for row in rows), default=0)
        changed = False
        for text in gone:
            if text in stored:
                self._changes.remove(stored[text])
                changed = True
        for text in texts:
            if text not in stored:
                place += 1
                self._changes.add(Evidence(target_id=target.id, position=place, text=text))
                changed = True
        return changed

    def _put_aims(self, target: Target, texts: Sequence[str], gone: Sequence[str]) -> bool:
        links = {
            row.aim_id: row
            for row in self._changes.session.scalars(sa.select(TargetAim).where(TargetAim.target_id == target.id))
        }
        wanted = {self._aim(text).id: None for text in texts}
        left = {self._aims[slug(text)].id for text in gone if slug(text) in self._aims}
        changed = False
        for aim_id in left - wanted.keys():
            if aim_id in links:
                self._changes.remove(links[aim_id])
                changed = True
        for aim_id in wanted:
            if aim_id not in links:
                self._changes.add(TargetAim(target_id=target.id, aim_id=aim_id))
                changed = True
        return changed

    def _aim(self, text: str) -> Aim:
        if slug(text) not in self._aims:
            self._last_aim += 1
            aim = Aim(cluster_id=self._cluster.id, position=self._last_aim, text=text)
            self._add(aim)
            self._aims[slug(text)] = aim
        return self._aims[slug(text)]

    def _add(self, row: Base) -> None:
        # Flushed at once: the rows that follow need its id.
        self._changes.add(row)
        self._changes.session.flush()


def _cell(target: Target, cell: PlanCell) -> CellLines:
    return getattr(target, f"cell_{cell}") or ()


def _texts(lines: CellLines) -> list[str]:
    return list(dict.fromkeys(line.text for line in lines))


def _match(stored: Sequence[Criterion], texts: Sequence[str]) -> list[Criterion | None]:
    """The stored criterion of each line: the same words, else the one in the same place that no other line claims."""
    free = list(stored)
    matched: list[Criterion | None] = []
    for text in texts:
        same = next((row for row in free if slug(row.text) == slug(text)), None)
        matched.append(same)
        if same is not None:
            free.remove(same)
    for index, row in enumerate(matched):
        if row is None and index < len(stored) and stored[index] in free:
            matched[index] = stored[index]
            free.remove(stored[index])
    return matched


def _places(stored: Sequence[Criterion], matched: Sequence[Criterion | None]) -> list[int]:
    """A place for each line, in order. A place once used is not given to another line: places are unique in the store
    at every moment, and when the batch is undone too.
    """
    last = max((row.position for row in stored), default=0)
    kept = [row.position for row in matched if row is not None]
    heads = matched[: len(kept)]
    if kept == sorted(kept) and None not in heads:
        return kept + [last + number for number in range(1, len(matched) - len(kept) + 1)]
    return [last + number for number in range(1, len(matched) + 1)]
