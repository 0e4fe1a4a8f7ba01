"""The development plan of one cluster for one year: targets, criteria and evidence."""

from datetime import date, timedelta
from random import Random

from dashboard.academic_year import AcademicYear
from dashboard.generate.places import GeneratedCluster
from dashboard.generate.plan import Span, day_between
from dashboard.generate.rows import Rows
from dashboard.generate.words import EVIDENCE, OWNERS, STATUS_REASONS, TARGETS, TargetWords
from dashboard.models import CellLine, Criterion, Evidence, Plan, Target
from dashboard.vocabulary import CriterionState, EvidenceKind, TargetStatus

_ALL_CELLS_FILLED = 0.65
_SAID_BY_A_PERSON = 0.08
_STATES = (CriterionState.MET, CriterionState.NOT_MET, CriterionState.NO_EVIDENCE)


def add_plan(rows: Rows, rng: Random, cluster: GeneratedCluster, year: AcademicYear, span: Span) -> list[int]:
    """A year's plan with two to four targets. Gives the keys of the targets."""
    plan_id = rows.add(
        Plan,
        cluster_id=cluster.id,
        year=year.start,
        title=f"Development plan {year}",
        dated=min(day_between(rng, year.starts, year.starts + timedelta(days=40)), span.today),
    )
    chosen = rng.sample(TARGETS, rng.randint(2, 4))
    return [
        _add_target(rows, rng, cluster, year, span, plan_id, position, words)
        for position, words in enumerate(chosen, start=1)
    ]


def _add_target(
    rows: Rows,
    rng: Random,
    cluster: GeneratedCluster,
    year: AcademicYear,
    span: Span,
    plan_id: int,
    position: int,
    words: TargetWords,
) -> int:
    said = rng.random() < _SAID_BY_A_PERSON
    criteria = words.criteria[: rng.randint(2, len(words.criteria))]
    target_id = rows.add(
        Target,
        plan_id=plan_id,
        cluster_id=cluster.id,
        year=year.start,
        position=position,
        code=f"T{position}",
        title=words.title.format(focus=cluster.focus),
        due=_due(rng, year),
        owner=rng.choice(OWNERS),
        own_status=rng.choice(list(TargetStatus)) if said else None,
        own_status_reason=rng.choice(STATUS_REASONS) if said else None,
        came_from_id=None,
        **_cells(rng, cluster.focus, words, criteria, over=year != span.last),
    )
    _add_criteria(rows, rng, target_id, criteria, year, span)
    return target_id


def _due(rng: Random, year: AcademicYear) -> date | None:
    return None if rng.random() < 0.1 else year.starts + timedelta(days=rng.randint(90, 330))


def _cells(
    rng: Random, focus: str, words: TargetWords, criteria: tuple[str, ...], *, over: bool
) -> dict[str, tuple[CellLine, ...] | None]:
    """The eight cells; what is known only at the end is missing more often, most of all before the end."""
    late = 0.6 if over else 0.25
    all_filled = rng.random() < (_ALL_CELLS_FILLED if over else _ALL_CELLS_FILLED / 2)

    def cell(text: str, filled: float) -> tuple[CellLine, ...] | None:
        if not all_filled and rng.random() > filled:
            return None
        return tuple(CellLine(False, part.format(focus=focus)) for part in text.split("; "))

    return {
        "cell_target": cell(words.title, 1.0),
        "cell_aims": cell(words.aims, 0.9),
        "cell_criteria": tuple(CellLine(True, criterion) for criterion in criteria),
        "cell_organisation": cell(words.organisation, 0.9),
        "cell_personnel": cell(words.personnel, 0.85),
        "cell_evaluation": cell(words.evaluation, 0.7),
        "cell_impact": cell(words.impact, late),
        "cell_next_steps": cell(words.next_steps, late),
    }


def _add_criteria(
    rows: Rows, rng: Random, target_id: int, criteria: tuple[str, ...], year: AcademicYear, span: Span
) -> None:
    evidence_position = 0
    share_over = span.share_over(year)
    weights = (0.6 * share_over, 0.15 * share_over, 1 - 0.75 * share_over)
    for position, text in enumerate(criteria, start=1):
        state = rng.choices(_STATES, weights)[0]
        wanted = rng.randint(4, 20) if rng.random() < 0.25 else None
        criterion_id = rows.add(
            Criterion,
            target_id=target_id,
            position=position,
            text=text,
            state=state,
            number_wanted=wanted,
            number_reached=_reached(rng, wanted, state),
        )
        if state != CriterionState.NO_EVIDENCE and rng.random() < 0.85:
            evidence_position += 1
            _add_evidence(rows, rng, target_id, criterion_id, evidence_position, year, span)


def _reached(rng: Random, wanted: int | None, state: CriterionState) -> int | None:
    if wanted is None or state == CriterionState.NO_EVIDENCE:
        return None
    return wanted + rng.randint(0, 3) if state == CriterionState.MET else rng.randint(0, wanted - 1)


def _add_evidence(
    rows: Rows, rng: Random, target_id: int, criterion_id: int, position: int, year: AcademicYear, span: Span
) -> None:
    counted = rng.random() < 0.2
    rows.add(
        Evidence,
        target_id=target_id,
        criterion_id=criterion_id,
        position=position,
        kind=EvidenceKind.FIGURE if counted else EvidenceKind.TEXT,
        dated=day_between(rng, year.starts, span.over_until(year)) if rng.random() < 0.85 else None,
        text=f"{rng.randint(3, 12)} classes took part" if counted else rng.choice(EVIDENCE),
    )
