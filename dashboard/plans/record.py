"""A plan as the store holds it, for what leaves the product and for prompts: pure records, no queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from dashboard.academic_year import AcademicYear
from dashboard.plans.brackets import CriterionLine, EvidenceLine, join_criteria, join_evidence
from dashboard.plans.cell_text import CellLines, title_of
from dashboard.plans.codes import say_code, take_code
from dashboard.plans.prompts import (
    AskedCriterion,
    AskedEvidence,
    AskedPlan,
    AskedTarget,
    Prompt,
    ask_plan,
    ask_target,
)
from dashboard.vocabulary import (
    ActivityKind,
    CriterionState,
    FocusArea,
    Horizon,
    PlanCell,
    TargetStatus,
)


@dataclass(frozen=True)
class TargetRecord:
    """One target: its cells as they are stored, its criteria and evidence with what is known of them."""

    target_id: int
    code: str
    title: str
    version: int
    cells: Mapping[PlanCell, CellLines]
    criteria: Sequence[CriterionLine] = ()
    evidence: Sequence[EvidenceLine] = ()
    by_hand: frozenset[str] = frozenset()
    """The words of evidence that somebody entered, which no file brought."""
    due: date | None = None
    review_on: date | None = None
    owner: str | None = None
    own_status: TargetStatus | None = None
    own_status_reason: str | None = None
    activity: ActivityKind | None = None
    horizon: Horizon | None = None
    focus_area: FocusArea | None = None
    illustrative: bool = False

    @property
    def own_title(self) -> str | None:
        """Its title, where that is not what its Target cell says."""
        _, bare = take_code(say_code(self.cells.get(PlanCell.TARGET, ()), self.code))
        return None if title_of(bare, self.code) == self.title else self.title

    def written(self) -> dict[PlanCell, CellLines]:
        """The cells as a document has them: brackets say how far criteria are and of when evidence is."""
        cells = {cell: tuple(self.cells.get(cell, ())) for cell in PlanCell}
        return cells | {
            PlanCell.CRITERIA: join_criteria(cells[PlanCell.CRITERIA], self.criteria),
            PlanCell.EVALUATION: join_evidence(cells[PlanCell.EVALUATION], self.evidence),
        }

    def asked(self) -> AskedTarget:
        """The same as prompts look at it."""
        shown = {each.criterion for each in self.evidence}
        return AskedTarget(
            self.code,
            {cell: [line.text for line in self.cells.get(cell, ())] for cell in PlanCell},
            [
                AskedCriterion(
                    each.text,
                    each.state not in {None, CriterionState.NO_EVIDENCE} or number in shown,
                    each.wanted is not None,
                )
                for number, each in enumerate(self.criteria, start=1)
            ],
            [
                # What bears a date of its own was put down since: it is no slip that it is younger than the plan.
                AskedEvidence(
                    each.text, each.dated, each.text in self.by_hand or each.dated is not None, each.value is not None
                )
                for each in self.evidence
            ],
            self.owner,
        )


@dataclass(frozen=True)
class PlanRecord:
    """The plan of a cluster for one year, without drafts, its targets in their order."""

    cluster: str
    """Its slug."""
    name: str
    year: AcademicYear
    targets: Sequence[TargetRecord]
    dated: date | None = None
    changed_on: date | None = None
    """The day of the last change that its reader may know of."""
    aims: Sequence[str] = field(default=())
    """The aims that its targets serve, each in one wording."""
    apart: Collection[frozenset[str]] = field(default=())
    """Pairs of wordings of which somebody said that they are two aims, as `likeness.same_words` gives them."""

    @property
    def illustrative(self) -> bool:
        """Whether any of it is made up."""
        return any(each.illustrative for each in self.targets)

    def ask(self, today: date) -> list[Prompt]:
        """What a careful reader would ask of it."""
        return ask_plan([each.asked() for each in self.targets], self._plan(today), self.aims, self.apart)

    def ask_target(self, code: str, today: date) -> list[Prompt]:
        """The same of one of its targets."""
        found = next((each for each in self.targets if each.code == code), None)
        return ask_target(found.asked(), self._plan(today)) if found else []

    def _plan(self, today: date) -> AskedPlan:
        return AskedPlan(self.year, today, self.dated)


def asked_of_file(
    code: str,
    cells: Mapping[PlanCell, CellLines],
    criteria: Sequence[CriterionLine],
    evidence: Sequence[EvidenceLine],
    owner: Any,
    *,
    dated: bool,
) -> AskedTarget:
    """What a file says of a target, as prompts look at it; its cells without brackets. `dated`: the file says of when
    it is, so that no evidence in it can be younger.
    """
    asked = TargetRecord(0, code, code, 1, cells, criteria, evidence, owner=owner).asked()
    pieces = [replace(each, by_hand=False) for each in asked.evidence] if dated else asked.evidence
    there = {cell: texts for cell, texts in asked.cells.items() if cell in cells}
    return AskedTarget(code, there, asked.criteria, pieces, asked.owner)
