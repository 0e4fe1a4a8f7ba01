"""The development plan of one cluster for one year: targets, criteria with the ticks of schools, evidence, reviews."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from dashboard.academic_year import AcademicYear
from dashboard.generate.places import GeneratedCluster
from dashboard.generate.plan import Span, day_between
from dashboard.generate.rows import Rows
from dashboard.generate.words import EVIDENCE, OWNERS, REVIEWS, STATUS_REASONS, TARGETS, TargetWords
from dashboard.models import CellLine, Criterion, CriterionSchool, Evidence, Plan, PlanReview, Target
from dashboard.vocabulary import (
    ActivityKind,
    CriterionState,
    EvidenceKind,
    FocusArea,
    Horizon,
    Rating,
    TargetStatus,
)

_ALL_CELLS_FILLED = 0.65
_SAID_BY_A_PERSON = 0.08
_STATES = (CriterionState.MET, CriterionState.NOT_MET, CriterionState.NO_EVIDENCE)
_OF_EACH_SCHOOL = ("Every school", "Each school", "All schools")
_TICKED_BY_SCHOOL = 0.4
_COUNTED = 0.25
_PLAN_REVIEWED = 0.5
_TARGET_REVIEWED = 0.1
_REVIEWED_BY = "coordinator"


@dataclass
class _Criterion:
    """A success criterion before it is stored."""

    text: str
    state: CriterionState
    wanted: int | None = None
    reached: int | None = None
    ticks: dict[int, CriterionState] = field(default_factory=dict)
    per_school: bool = False


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
    targets = [
        _add_target(rows, rng, cluster, year, span, plan_id, position, words)
        for position, words in enumerate(chosen, start=1)
    ]
    if rng.random() < _PLAN_REVIEWED * span.share_over(year):
        _add_review(rows, rng, cluster, year, span, None)
    return targets


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
    criteria = [
        _make_criterion(rng, text, cluster, year, span)
        for text in words.criteria[: rng.randint(2, len(words.criteria))]
    ]
    pieces = _make_evidence(rng, words, criteria, year, span)
    target_id = rows.add(
        Target,
        plan_id=plan_id,
        cluster_id=cluster.id,
        year=year.start,
        position=position,
        code=f"T{position}",
        title=words.title.format(focus=cluster.focus),
        due=None if rng.random() < 0.1 else year.starts + timedelta(days=rng.randint(90, 330)),
        review_on=year.starts + timedelta(days=rng.randint(60, 300)) if rng.random() < 0.5 else None,
        owner=rng.choice(OWNERS),
        own_status=rng.choice(list(TargetStatus)) if said else None,
        own_status_reason=rng.choice(STATUS_REASONS) if said else None,
        came_from_id=None,
        activity=rng.choice(list(ActivityKind)) if rng.random() < 0.8 else None,
        horizon=rng.choice(list(Horizon)) if rng.random() < 0.8 else None,
        focus_area=rng.choice(list(FocusArea)) if rng.random() < 0.3 else None,
        cell_criteria=tuple(CellLine(True, each.text) for each in criteria),
        # Each piece of evidence is a line of its cell.
        cell_evaluation=tuple(CellLine(True, piece["text"]) for piece in pieces) or None,
        **_cells(rng, cluster.focus, words, over=year != span.last),
    )
    _add_criteria(rows, rng, target_id, criteria, pieces, year, span)
    if rng.random() < _TARGET_REVIEWED * span.share_over(year):
        _add_review(rows, rng, cluster, year, span, target_id)
    return target_id


def _cells(rng: Random, focus: str, words: TargetWords, *, over: bool) -> dict[str, tuple[CellLine, ...] | None]:
    """Six of the eight cells; what is known only at the end is missing more often, most of all before the end."""
    late = 0.6 if over else 0.25
    all_filled = rng.random() < (_ALL_CELLS_FILLED if over else _ALL_CELLS_FILLED / 2)

    def cell(text: str, filled: float) -> tuple[CellLine, ...] | None:
        if not all_filled and rng.random() > filled:
            return None
        return tuple(CellLine(False, part.format(focus=focus)) for part in text.split("; "))

    return {
        "cell_target": cell(words.title, 1.0),
        "cell_aims": cell(words.aims, 0.9),
        "cell_organisation": cell(words.organisation, 0.9),
        "cell_personnel": cell(words.personnel, 0.85),
        "cell_impact": cell(words.impact, late),
        "cell_next_steps": cell(words.next_steps, late),
    }


def _make_criterion(rng: Random, text: str, cluster: GeneratedCluster, year: AcademicYear, span: Span) -> _Criterion:
    """A criterion whose count, or whose ticks of schools, say the same as its state."""
    share_over = span.share_over(year)
    weights = (0.6 * share_over, 0.15 * share_over, 1 - 0.75 * share_over)
    made = _Criterion(text, rng.choices(_STATES, weights)[0])
    if text.startswith(_OF_EACH_SCHOOL) and rng.random() < _TICKED_BY_SCHOOL:
        made.per_school = True
        made.ticks = _ticks(rng, [each.id for each in cluster.schools if each.belongs_in(year)], made.state)
    elif rng.random() < _COUNTED:
        made.wanted = rng.randint(4, 20)
        made.reached = _reached(rng, made.wanted, made.state)
    return made


def _ticks(rng: Random, schools: list[int], state: CriterionState) -> dict[int, CriterionState]:
    """Which schools have met it (2.13): all of them, all but some of which one has not, or not all yet."""
    if state == CriterionState.MET:
        return dict.fromkeys(schools, CriterionState.MET)
    some = rng.sample(schools, rng.randint(1 if state == CriterionState.NOT_MET else 0, max(len(schools) - 1, 1)))
    if state == CriterionState.NO_EVIDENCE:
        return dict.fromkeys(some[: len(schools) - 1], CriterionState.MET)
    return {**dict.fromkeys(some, CriterionState.MET), some[0]: CriterionState.NOT_MET}


def _reached(rng: Random, wanted: int, state: CriterionState) -> int | None:
    if state == CriterionState.NO_EVIDENCE:
        return None
    return wanted + rng.randint(0, 3) if state == CriterionState.MET else rng.randint(1, wanted - 1)


def _make_evidence(
    rng: Random, words: TargetWords, criteria: list[_Criterion], year: AcademicYear, span: Span
) -> list[dict[str, Any]]:
    """The pieces of evidence of a target, no two in the same words; `criterion` is which one a piece shows, from 0."""
    texts = rng.sample(EVIDENCE, len(criteria))
    pieces: list[dict[str, Any]] = []
    for place, criterion in enumerate(criteria):
        if criterion.state != CriterionState.NO_EVIDENCE and rng.random() < 0.85:
            counted = rng.random() < 0.2
            number = rng.randint(3, 12) + 10 * place  # so that no two say the same
            pieces.append(
                {
                    "criterion": place,
                    "kind": EvidenceKind.FIGURE if counted else EvidenceKind.TEXT,
                    "text": f"{number} classes took part" if counted else texts[place],
                    "value": Decimal(number) if counted else None,
                    "unit": "classes" if counted else None,
                }
            )
    if rng.random() < 0.5 * span.share_over(year):
        pieces += [
            {"criterion": None, "kind": EvidenceKind.TEXT, "text": text, "value": None, "unit": None}
            for text in words.evaluation.split("; ")
        ]
    for piece in pieces:
        piece["dated"] = day_between(rng, year.starts, span.over_until(year)) if rng.random() < 0.85 else None
    return pieces


def _add_criteria(
    rows: Rows,
    rng: Random,
    target_id: int,
    criteria: list[_Criterion],
    pieces: list[dict[str, Any]],
    year: AcademicYear,
    span: Span,
) -> None:
    keys = []
    for position, each in enumerate(criteria, start=1):
        known = each.state != CriterionState.NO_EVIDENCE
        criterion_id = rows.add(
            Criterion,
            target_id=target_id,
            position=position,
            text=each.text,
            state=each.state,
            number_wanted=each.wanted,
            number_reached=each.reached,
            per_school=each.per_school,
            said_on=day_between(rng, year.starts, span.over_until(year)) if known else None,
        )
        keys.append(criterion_id)
        for school_id, state in each.ticks.items():
            rows.add(CriterionSchool, criterion_id=criterion_id, school_id=school_id, state=state)
    for position, piece in enumerate(pieces, start=1):
        place = piece.pop("criterion")
        criterion = keys[place] if place is not None else None
        rows.add(Evidence, target_id=target_id, criterion_id=criterion, position=position, **piece)


def _add_review(
    rows: Rows, rng: Random, cluster: GeneratedCluster, year: AcademicYear, span: Span, target_id: int | None
) -> None:
    """The first review of a plan, or of one of its targets."""
    held = day_between(rng, year.starts + timedelta(days=30), span.over_until(year))
    held = min(held, span.today)
    rating = rng.choice(list(Rating))
    rows.add(
        PlanReview,
        cluster_id=cluster.id,
        year=year.start,
        target_id=target_id,
        number=1,
        reviewed_on=held,
        rating=rating,
        words=REVIEWS[rating],
        next_on=held + timedelta(days=rng.randint(40, 120)) if rng.random() < 0.7 else None,
        known_as=_REVIEWED_BY,
    )
