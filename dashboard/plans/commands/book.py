"""The plans of a cluster as they are written, by a file and by hand alike: targets, criteria, evidence and aims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.audit import Actor
from dashboard.changes import Outcome, Writes
from dashboard.db import Base
from dashboard.models import (
    Aim,
    AimWording,
    Cluster,
    Criterion,
    CriterionSchool,
    Evidence,
    Plan,
    PlanChange,
    Target,
    TargetAim,
)
from dashboard.naming import slug
from dashboard.plans.brackets import CriterionLine, EvidenceLine, split_criteria, split_evidence
from dashboard.plans.cell_text import CellLines
from dashboard.vocabulary import (
    ActivityKind,
    CriterionState,
    FocusArea,
    Horizon,
    PlanCell,
    PlanChangeKind,
    TargetStatus,
)

_TOLD: Final = {
    "title": PlanChangeKind.TITLE,
    "due": PlanChangeKind.DUE,
    "review_on": PlanChangeKind.REVIEW_ON,
    "owner": PlanChangeKind.OWNER,
    "own_status": PlanChangeKind.STATUS,
    **{f"cell_{cell}": PlanChangeKind.CELL for cell in PlanCell},
}
"""The columns of a target whose changes stand in its history."""


@dataclass(frozen=True)
class TargetText:
    """What is said of one target. A cell that is not named is left as it stands; an empty one is emptied. What is None
    is not said.
    """

    code: str
    title: str
    cells: Mapping[PlanCell, CellLines] = field(default_factory=dict)
    due: date | None = None
    review_on: date | None = None
    owner: str | None = None
    own_status: TargetStatus | None = None
    own_status_reason: str | None = None
    activity: ActivityKind | None = None
    horizon: Horizon | None = None
    focus_area: FocusArea | None = None

    @property
    def extra(self) -> dict[str, Any]:
        """What is said beside the cells, by column."""
        names = ("due", "review_on", "owner", "own_status", "own_status_reason", "activity", "horizon", "focus_area")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


class PlanBook:
    """The plans of one cluster, loaded once. Every write goes through the changes of a batch, or those of a form.

    `keeps_by_hand`: evidence that somebody entered by hand stays when a new evaluation cell does not have it, as a file
    does that was written before.
    """

    def __init__(
        self, changes: Writes, cluster: Cluster, actor: Actor, today: date, *, keeps_by_hand: bool = True
    ) -> None:
        self._changes = changes
        self._cluster = cluster
        self._actor = actor
        self._keeps_by_hand = keeps_by_hand
        self._said_on = None if keeps_by_hand else today
        """When a criterion is said to be met: a file does not tell."""
        session = changes.session
        mine = Target.cluster_id == cluster.id
        self._plans = {row.year: row for row in session.scalars(sa.select(Plan).where(Plan.cluster_id == cluster.id))}
        self._targets = {(row.year, row.code): row for row in session.scalars(sa.select(Target).where(mine))}
        self._aims: dict[str, Aim] = {}
        for aim in session.scalars(sa.select(Aim).where(Aim.cluster_id == cluster.id)):
            self._aims[slug(aim.text)] = aim
        self._last_aim = max((aim.position for aim in self._aims.values()), default=0)
        wordings = sa.select(AimWording, Aim).join(Aim).where(Aim.cluster_id == cluster.id)
        self._wordings: list[str] = []
        for wording, aim in session.execute(wordings.where(AimWording.confirmed_by.is_not(None))):
            self._aims[slug(wording.wording)] = aim
            self._wordings.append(wording.wording)
        declined = session.execute(wordings.where(AimWording.declined_by.is_not(None)))
        self.apart = {frozenset((slug(aim.text), slug(wording.wording))) for wording, aim in declined}
        """Pairs of wordings of which somebody said that they are two aims."""

    def find(self, year: AcademicYear, code: str) -> Target | None:
        """The target of a code in the plan of a year, drafts too."""
        return self._targets.get((year.start, code))

    def dated(self, year: AcademicYear) -> date | None:
        """The date that the plan of a year bears."""
        plan = self._plans.get(year.start)
        return plan.dated if plan else None

    def date_plan(self, year: AcademicYear, dated: date) -> None:
        """Say of when the plan of a year is, if there is one."""
        plan = self._plans.get(year.start)
        if plan is not None:
            self._changes.edit(plan, dated=dated)

    def aims(self) -> list[str]:
        """The words of each aim of the cluster, and those that a person has mapped to one."""
        return list(dict.fromkeys([*(aim.text for aim in self._aims.values()), *self._wordings]))

    def aim_of(self, text: str) -> str | None:
        """The words of the aim that a wording stands for; None if it stands for none yet."""
        aim = self._aims.get(slug(text))
        return aim.text if aim else None

    def put_target(self, year: AcademicYear, said: TargetText, *, draft: bool = False) -> tuple[Target, Outcome]:
        """Store a target of the plan of a year; the plan is made with its first target.

        Criteria follow the criteria cell and keep the state they have where a line says none. The lines of the
        evaluation cell are the evidence. Aims are matched by their words, and a new wording is a new aim until a person
        says otherwise (2.3). A draft that is said again without being one is a target from then on.
        """
        cells = dict(said.cells)
        target = self._targets.get((year.start, said.code))
        criteria: tuple[CriterionLine, ...] | None = None
        pieces: tuple[EvidenceLine, ...] | None = None
        if PlanCell.CRITERIA in cells:
            cells[PlanCell.CRITERIA], criteria = split_criteria(cells[PlanCell.CRITERIA])
        if PlanCell.EVALUATION in cells:
            cells[PlanCell.EVALUATION], pieces = split_evidence(cells[PlanCell.EVALUATION])
            if target is not None and self._keeps_by_hand:
                cells[PlanCell.EVALUATION] += self._kept_lines(target, cells[PlanCell.EVALUATION])
        before = {cell: _cell(target, cell) for cell in PlanCell} if target else dict.fromkeys(PlanCell, ())
        target, outcome = self._write(target, year, said, cells, draft=draft)
        edits = []
        if criteria is not None:
            edits.append(self._put_criteria(target, criteria))
        if pieces is not None:
            gone = _gone(before[PlanCell.EVALUATION], cells[PlanCell.EVALUATION])
            edits.append(self._put_evidence(target, pieces, gone))
        if PlanCell.AIMS in cells:
            gone = _gone(before[PlanCell.AIMS], cells[PlanCell.AIMS])
            edits.append(self._put_aims(target, _texts(cells[PlanCell.AIMS]), gone))
        if outcome is Outcome.UNCHANGED and any(edits):
            outcome = Outcome.CHANGED
        if outcome is Outcome.CHANGED:
            self._changes.edit(target, version=target.version + 1)
        return target, outcome

    def note(
        self,
        target: Target,
        kind: PlanChangeKind,
        *,
        cell: PlanCell | None = None,
        about: str | None = None,
        before: Any = None,
        after: Any = None,
    ) -> None:
        """Put something into the history of a target. Of a draft nothing is kept."""
        if target.draft:
            return
        self._changes.add(
            PlanChange(
                cluster_id=self._cluster.id, target_id=target.id, kind=kind, cell=cell, about=about,
                before=_plain(before), after=_plain(after), known_as=self._actor.known_as,
            )
        )  # fmt: skip

    def edit(self, target: Target, **columns: Any) -> Outcome:
        """Set columns of a target, and put what changed into its history."""
        before = {name: getattr(target, name) for name in columns}
        outcome = self._changes.edit(target, **columns)
        if outcome is Outcome.CHANGED:
            for name, stood in before.items():
                if name in _TOLD and stood != columns[name]:
                    cell = PlanCell(name.removeprefix("cell_")) if name.startswith("cell_") else None
                    self.note(target, _TOLD[name], cell=cell, before=stood, after=columns[name])
        return outcome

    def say_criterion(self, target: Target, criterion: Criterion, said: CriterionLine) -> bool:
        """What is known of a criterion from now on; what is None stays. Whether anything changed."""
        columns: dict[str, Any] = {
            name: value
            for name, value in (
                ("number_wanted", said.wanted),
                ("number_reached", said.reached),
                ("per_school", said.per_school),
                ("state", said.shown_state),
            )
            if value is not None
        }
        stood = known_of(criterion)
        if columns.get("state", criterion.state) != criterion.state:
            columns["said_on"] = self._said_on
        if self._changes.edit(criterion, **columns) is Outcome.UNCHANGED:
            return False
        if known_of(criterion) != stood:
            self.note(target, PlanChangeKind.CRITERION, about=criterion.text, before=stood, after=known_of(criterion))
        return True

    def _write(
        self,
        target: Target | None,
        year: AcademicYear,
        said: TargetText,
        cells: Mapping[PlanCell, CellLines],
        *,
        draft: bool,
    ) -> tuple[Target, Outcome]:
        columns: dict[str, Any] = {f"cell_{cell}": lines or None for cell, lines in cells.items()}
        columns |= {"title": said.title, "draft": draft, **said.extra}
        if target is not None:
            if said.own_status not in {None, target.own_status}:
                columns.setdefault("own_status_reason", None)  # the reason that stands is that of the status before
            was_draft = target.draft
            outcome = self.edit(target, **columns)
            if was_draft and not target.draft:
                self.note(target, PlanChangeKind.TARGET_ADDED, about=target.title)
            return target, outcome
        places = [row.position for row in self._targets.values() if row.year == year.start]
        target = Target(
            plan_id=self._plan(year).id,
            cluster_id=self._cluster.id,
            year=year.start,
            position=max(places, default=0) + 1,
            code=said.code,
            **columns,
        )
        self._add(target)
        self._targets[year.start, said.code] = target
        self.note(target, PlanChangeKind.TARGET_ADDED, about=target.title)
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
        is_new = not stored and target.version == 1
        matched = _match(stored, [line.text for line in lines])
        gone = [row for row in stored if row not in matched]
        changed = bool(gone)
        for old in gone:
            self._remove_criterion(target, old)
        places = _places(stored, matched)
        for line, row, place in zip(lines, matched, places, strict=True):
            if row is None:
                self._add_criterion(target, line, place, tell=not is_new)
                changed = True
            else:
                edited = self._changes.edit(row, position=place, text=line.text)
                changed = self.say_criterion(target, row, line) or edited is Outcome.CHANGED or changed
        return changed

    def _add_criterion(self, target: Target, line: CriterionLine, place: int, *, tell: bool) -> None:
        row = Criterion(
            target_id=target.id, position=place, text=line.text, number_wanted=line.wanted,
            number_reached=line.reached, per_school=bool(line.per_school),
            state=line.shown_state or CriterionState.NO_EVIDENCE,
        )  # fmt: skip
        if row.state is not CriterionState.NO_EVIDENCE:
            row.said_on = self._said_on
        self._changes.add(row)
        if tell:
            self.note(target, PlanChangeKind.CRITERION_ADDED, about=row.text)

    def _remove_criterion(self, target: Target, criterion: Criterion) -> None:
        session = self._changes.session
        for evidence in session.scalars(sa.select(Evidence).where(Evidence.criterion_id == criterion.id)):
            self._changes.edit(evidence, criterion_id=None)
        for tick in session.scalars(sa.select(CriterionSchool).where(CriterionSchool.criterion_id == criterion.id)):
            self._changes.remove(tick)
        session.flush()
        self.note(target, PlanChangeKind.CRITERION_GONE, about=criterion.text)
        self._changes.remove(criterion)
        session.flush()

    def _kept_lines(self, target: Target, cell: CellLines) -> CellLines:
        """The lines of evidence entered by hand that a new evaluation cell lacks, as they stood."""
        session = self._changes.session
        by_hand = set(
            session.scalars(
                sa.select(Evidence.text).where(Evidence.target_id == target.id, Evidence.batch_id.is_(None))
            )
        )
        there = {line.text for line in cell}
        stood = _cell(target, PlanCell.EVALUATION)
        return tuple(line for line in stood if line.text in by_hand and line.text not in there)

    def _put_evidence(self, target: Target, lines: Sequence[EvidenceLine], gone: Sequence[str]) -> bool:
        self._changes.session.flush()  # the criteria that evidence belongs to
        rows = list(self._changes.session.scalars(sa.select(Evidence).where(Evidence.target_id == target.id)))
        criteria = self._criteria(target)
        is_new = not rows and target.version == 1
        stored = {row.text: row for row in rows}
        place = max((row.position for row in rows), default=0)
        changed = False
        for text in gone:
            if text in stored:
                self.note(target, PlanChangeKind.EVIDENCE_GONE, about=text)
                self._changes.remove(stored[text])
                changed = True
        for line in lines:
            if line.text in stored:
                said = _evidence_columns(line, criteria)
                changed = self._changes.edit(stored[line.text], **said) is Outcome.CHANGED or changed
            else:
                place += 1
                self._add_evidence(target, line, place, criteria, tell=not is_new)
                changed = True
        return changed

    def _criteria(self, target: Target) -> list[int]:
        """The numbers of a target's criteria, in their order."""
        return list(
            self._changes.session.scalars(
                sa.select(Criterion.id).where(Criterion.target_id == target.id).order_by(Criterion.position)
            )
        )

    def _add_evidence(
        self, target: Target, line: EvidenceLine, place: int, criteria: Sequence[int], *, tell: bool
    ) -> None:
        self._changes.add(
            Evidence(target_id=target.id, position=place, text=line.text, **_evidence_columns(line, criteria))
        )
        if tell:
            self.note(target, PlanChangeKind.EVIDENCE_ADDED, about=line.text, after=line.dated)

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


def _gone(before: CellLines, now: CellLines) -> list[str]:
    there = set(_texts(now))
    return [text for text in _texts(before) if text not in there]


def known_of(criterion: Criterion) -> dict[str, Any]:
    """What is known of a criterion, for its history."""
    known: dict[str, Any] = {"state": str(criterion.state)}
    if criterion.number_wanted is not None:
        known |= {"reached": criterion.number_reached, "wanted": criterion.number_wanted}
    return known


def _evidence_columns(line: EvidenceLine, criteria: Sequence[int]) -> dict[str, Any]:
    """What a line says of a piece of evidence, by column; a criterion that is not there is passed over."""
    columns: dict[str, Any] = {"dated": line.dated, "link": line.link, "value": line.value, "unit": line.unit}
    if line.criterion is not None and line.criterion <= len(criteria):
        columns["criterion_id"] = criteria[line.criterion - 1]
    told = {name: value for name, value in columns.items() if value is not None}
    return told | {"kind": line.kind} if line.link or line.file_name or line.value is not None else told


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [list(line) for line in value]
    return value


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
