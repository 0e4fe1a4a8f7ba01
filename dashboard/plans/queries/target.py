"""One target of a plan, whole: what its page shows and its forms begin with.

Whoever sees the totals of a cluster's year reads its plan. Drafts, files, history and other schools by name are for
those who see the cluster whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, may_see, may_see_totals, visible_clusters, was_member
from dashboard.frames import alphabetical, count_where, total
from dashboard.models import (
    CellLine,
    Contribution,
    Criterion,
    CriterionSchool,
    Evidence,
    EvidenceFile,
    LedgerLine,
    Meeting,
    Membership,
    OutsideMoney,
    PlanChange,
    PlanReview,
    School,
    Target,
    TargetMeeting,
)
from dashboard.vocabulary import (
    COMMITTED_STATES,
    SPENT_STATES,
    ActivityKind,
    ContributionKind,
    ContributionState,
    CriterionState,
    EvidenceKind,
    FocusArea,
    Horizon,
    MeetingKind,
    OutsideKind,
    OutsideState,
    PlanCell,
    PlanChangeKind,
    Pot,
    Rating,
    TargetStatus,
)

MOST_CHANGES: Final = 300
"""So much of a target's history is shown."""
FEWEST_TOGETHER: Final = 3
"""So many schools are told as a number; of fewer a headteacher would know another's."""


@dataclass(frozen=True)
class TargetRow:
    """A target with its cells, as it is stored."""

    target_id: int
    cluster_id: int
    year: int
    code: str
    title: str
    draft: bool
    due: date | None
    review_on: date | None
    owner: str | None
    own_status: TargetStatus | None
    own_status_reason: str | None
    activity: ActivityKind | None
    horizon: Horizon | None
    focus_area: FocusArea | None
    version: int
    illustrative: bool
    cells: Mapping[PlanCell, tuple[CellLine, ...]]


@dataclass(frozen=True)
class CriterionRow:
    """A success criterion. `number` is its place among those of the target, from 1, as people count."""

    criterion_id: int
    number: int
    text: str
    state: CriterionState
    wanted: int | None
    reached: int | None
    per_school: bool
    said_on: date | None


@dataclass(frozen=True)
class SchoolCount:
    """How many schools of the year have met a criterion that each has to meet (2.13)."""

    criterion_id: int
    schools: int
    met: int
    not_met: int


@dataclass(frozen=True)
class TickRow:
    """What is known of one school in such a criterion."""

    criterion_id: int
    school_id: int
    name: str
    state: CriterionState


@dataclass(frozen=True)
class EvidenceRow:
    """A piece of evidence. Its file is told to those alone who may have it."""

    evidence_id: int
    criterion_id: int | None
    kind: EvidenceKind
    dated: date | None
    text: str
    link: str | None
    value: Decimal | None
    unit: str | None
    illustrative: bool
    file_name: str | None
    file_size: int | None


@dataclass(frozen=True)
class ContributionSum:
    """What schools put into a target, of one kind. Waived contributions count nothing; amounts are net of VAT."""

    kind: ContributionKind
    schools: int
    amount: int
    vat: int
    paid: int
    minutes: int
    minutes_given: int
    no_figure: int
    """How many were agreed without a figure (2.4)."""


@dataclass(frozen=True)
class LineSum:
    """What the lines of one pot come to that serve a target, net of VAT."""

    pot: Pot
    spent: int
    committed: int
    lines: int


@dataclass(frozen=True)
class OutsideSum:
    """Money from outside for a target. From whom is told to those who see the cluster whole."""

    kind: OutsideKind
    state: OutsideState
    party: str | None
    asked: int
    won: int
    received: int


@dataclass(frozen=True)
class MeetingRow:
    """A meeting of the target's year, and whether the target was worked on there."""

    meeting_id: int
    held_on: date
    kind: MeetingKind
    title: str | None
    ticked: bool


@dataclass(frozen=True)
class ReviewRow:
    """How a review found a target."""

    number: int
    reviewed_on: date
    rating: Rating
    words: str
    next_on: date | None


@dataclass(frozen=True)
class ChangeRow:
    """One entry of a target's history."""

    happened_at: datetime
    kind: PlanChangeKind
    cell: PlanCell | None
    about: str | None
    before: Any
    after: Any
    known_as: str
    from_file: bool


_FACTS = (
    "cluster_id", "year", "code", "title", "draft", "due", "review_on", "owner", "own_status", "own_status_reason",
    "activity", "horizon", "focus_area", "version", "illustrative",
)  # fmt: skip


def find_target(
    session: Session, scope: Scope, cluster_id: int, code: str, year: AcademicYear | None = None
) -> TargetRow | None:
    """The target of a code in a cluster's plan of a year; without one the newest of that code, a target before a draft.
    None when there is none or it is not the reader's to see.
    """
    found = session.scalars(
        sa.select(Target)
        .where(
            Target.cluster_id == cluster_id,
            Target.code == code,
            Target.year == year.start if year is not None else sa.true(),
            _may_read(scope, Target),
        )
        .order_by(Target.draft, Target.year.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    cells = {cell: getattr(found, f"cell_{cell}") or () for cell in PlanCell}
    return TargetRow(target_id=found.id, cells=cells, **{name: getattr(found, name) for name in _FACTS})


def load_criteria_of_target(session: Session, scope: Scope, target_id: int) -> list[CriterionRow]:
    """The success criteria of a target in their order."""
    rows = session.execute(
        sa.select(
            Criterion.id, Criterion.text, Criterion.state, Criterion.number_wanted, Criterion.number_reached,
            Criterion.per_school, Criterion.said_on,
        )
        .join(Target, Target.id == Criterion.target_id)
        .where(Target.id == target_id, _may_read(scope, Target))
        .order_by(Criterion.position)
    )  # fmt: skip
    return [CriterionRow(row.id, number, *row[1:]) for number, row in enumerate(rows, start=1)]


def load_school_counts(session: Session, scope: Scope, target_id: int) -> list[SchoolCount]:
    """For each criterion of a target that every school has to meet, the members of its year and how many have met it,
    and how many have not. Of two schools each would know the other's: then those alone are told who see the cluster
    whole.
    """
    tick = aliased(CriterionSchool)
    members = _members()
    rows = session.execute(
        sa.select(
            Criterion.id,
            sa.func.count(members.c.school_id),
            count_where(tick.state == CriterionState.MET),
            count_where(tick.state == CriterionState.NOT_MET),
        )
        .join(Target, Target.id == Criterion.target_id)
        .join(members, members.c.target_id == Target.id)
        .outerjoin(tick, sa.and_(tick.criterion_id == Criterion.id, tick.school_id == members.c.school_id))
        .where(Target.id == target_id, Criterion.per_school, _may_read(scope, Target))
        .group_by(Criterion.id, Criterion.position, Target.cluster_id)
        .having(
            sa.or_(
                Target.cluster_id.in_(visible_clusters(scope)), sa.func.count(members.c.school_id) >= FEWEST_TOGETHER
            )
        )
        .order_by(Criterion.position)
    )
    return [SchoolCount(*row) for row in rows]


def load_ticks(session: Session, scope: Scope, target_id: int) -> list[TickRow]:
    """What is known of each school of the year in each criterion of a target, by name; to a headteacher of the own
    school alone. A criterion that is not for each school has ticks too, which nobody has set yet.
    """
    tick = aliased(CriterionSchool)
    members = _members()
    rows = session.execute(
        sa.select(Criterion.id, School.id, School.name, sa.func.coalesce(tick.state, CriterionState.NO_EVIDENCE))
        .join(Target, Target.id == Criterion.target_id)
        .join(members, members.c.target_id == Target.id)
        .join(School, School.id == members.c.school_id)
        .outerjoin(tick, sa.and_(tick.criterion_id == Criterion.id, tick.school_id == School.id))
        .where(Target.id == target_id, _may_read(scope, Target), may_see(scope, Target.cluster_id, School.id))
        .order_by(Criterion.position, alphabetical(School.name), School.id)
    )
    return [TickRow(criterion, school, name, CriterionState(state)) for criterion, school, name, state in rows]


def load_evidence_of_target(session: Session, scope: Scope, target_id: int) -> list[EvidenceRow]:
    """The evidence of a target, the latest first and what has no day at the end."""
    of_it = sa.and_(
        EvidenceFile.evidence_id == Evidence.id,
        EvidenceFile.cluster_id == Target.cluster_id,
        EvidenceFile.cluster_id.in_(visible_clusters(scope)),
    )
    rows = session.execute(
        sa.select(
            Evidence.id, Evidence.criterion_id, Evidence.kind, Evidence.dated, Evidence.text, Evidence.link,
            Evidence.value, Evidence.unit, Evidence.illustrative, EvidenceFile.file_name, EvidenceFile.size,
        )
        .join(Target, Target.id == Evidence.target_id)
        .outerjoin(EvidenceFile, of_it)
        .where(Target.id == target_id, _may_read(scope, Target))
        .order_by(sa.case((Evidence.dated.is_(None), 1), else_=0), Evidence.dated.desc(), Evidence.position.desc())
    )  # fmt: skip
    return [EvidenceRow(*row) for row in rows]


def find_evidence_file(
    session: Session, scope: Scope, target_id: int, evidence_id: int
) -> tuple[str, str, bytes] | None:
    """The name, the media type and the content of the file of a piece of evidence of a target."""
    found = session.execute(
        sa.select(EvidenceFile.file_name, EvidenceFile.media_type, EvidenceFile.content)
        .join(Evidence, Evidence.id == EvidenceFile.evidence_id)
        .join(Target, Target.id == Evidence.target_id)
        .where(
            Target.id == target_id,
            Evidence.id == evidence_id,
            Target.cluster_id == EvidenceFile.cluster_id,
            EvidenceFile.cluster_id.in_(visible_clusters(scope)),
        )
    ).one_or_none()
    return (found.file_name, found.media_type, found.content) if found else None


def load_contributions_of_target(session: Session, scope: Scope, target_id: int) -> list[ContributionSum]:
    """What schools put into a target, by kind (2.4)."""
    done = Contribution.state == ContributionState.PAID
    rows = session.execute(
        sa.select(
            Contribution.kind,
            sa.func.count(sa.distinct(Contribution.school_id)),
            total(Contribution.amount),
            total(sa.case((Contribution.amount.is_not(None), Contribution.vat), else_=0)),
            total(sa.case((done, Contribution.amount), else_=0)),
            total(Contribution.minutes),
            total(sa.case((done, Contribution.minutes), else_=0)),
            count_where(sa.and_(Contribution.amount.is_(None), Contribution.minutes.is_(None))),
        )
        .join(Target, sa.and_(Target.id == Contribution.target_id, Target.cluster_id == Contribution.cluster_id))
        .where(
            Target.id == target_id,
            Contribution.state != ContributionState.WAIVED,
            _may_read(scope, Target),
            may_see_totals(scope, Contribution.cluster_id, Contribution.year),
        )
        .group_by(Contribution.kind)
    )
    return sorted((ContributionSum(*row) for row in rows), key=lambda each: list(ContributionKind).index(each.kind))


def load_lines_of_target(session: Session, scope: Scope, target_id: int) -> list[LineSum]:
    """What the lines of the ledger that serve a target come to, by who holds the money: never added up across holders.
    What a school holds is told to that school, and to those who see the cluster whole.
    """
    rows = session.execute(
        sa.select(
            LedgerLine.pot,
            total(sa.case((LedgerLine.state.in_(SPENT_STATES), LedgerLine.amount), else_=0)),
            total(sa.case((LedgerLine.state.in_(COMMITTED_STATES), LedgerLine.amount), else_=0)),
            sa.func.count(),
        )
        .join(Target, sa.and_(Target.id == LedgerLine.target_id, Target.cluster_id == LedgerLine.cluster_id))
        .where(
            Target.id == target_id,
            LedgerLine.state.in_((*SPENT_STATES, *COMMITTED_STATES)),
            _may_read(scope, Target),
            may_see_totals(scope, LedgerLine.cluster_id, LedgerLine.year),
            # What a school holds is its own (4.13).
            sa.or_(LedgerLine.pot != Pot.SCHOOL_HELD, may_see(scope, LedgerLine.cluster_id, LedgerLine.school_id)),
        )
        .group_by(LedgerLine.pot)
    )
    return sorted((LineSum(*row) for row in rows), key=lambda each: list(Pot).index(each.pot))


def load_outside_of_target(session: Session, scope: Scope, target_id: int) -> list[OutsideSum]:
    """Money from outside for a target, by kind and state."""
    whole = OutsideMoney.cluster_id.in_(visible_clusters(scope))
    party = sa.case((whole, OutsideMoney.party), else_=None).label("from_whom")
    rows = session.execute(
        sa.select(
            OutsideMoney.kind,
            OutsideMoney.state,
            party,
            total(OutsideMoney.asked),
            total(OutsideMoney.won),
            total(OutsideMoney.received),
        )
        .join(Target, sa.and_(Target.id == OutsideMoney.target_id, Target.cluster_id == OutsideMoney.cluster_id))
        .where(
            Target.id == target_id,
            _may_read(scope, Target),
            may_see_totals(scope, OutsideMoney.cluster_id, OutsideMoney.year),
        )
        .group_by(OutsideMoney.kind, OutsideMoney.state, sa.text("from_whom"))
    )
    kinds, states = list(OutsideKind), list(OutsideState)
    return sorted(
        (OutsideSum(*row) for row in rows),
        key=lambda each: (kinds.index(each.kind), states.index(each.state), each.party or ""),
    )


def load_meetings_of_target(session: Session, scope: Scope, target_id: int) -> list[MeetingRow]:
    """The meetings of the cluster in the target's year, by day, and at which of them it was worked on."""
    rows = session.execute(
        sa.select(Meeting.id, Meeting.held_on, Meeting.kind, Meeting.title, TargetMeeting.id.label("tick"))
        .join(Target, sa.and_(Target.cluster_id == Meeting.cluster_id, Target.year == Meeting.year))
        .outerjoin(TargetMeeting, sa.and_(TargetMeeting.target_id == Target.id, TargetMeeting.meeting_id == Meeting.id))
        .where(Target.id == target_id, _may_read(scope, Target))
        .order_by(Meeting.held_on, Meeting.id)
    )
    return [MeetingRow(*row[:4], ticked=row.tick is not None) for row in rows]


def find_last_review(session: Session, scope: Scope, target_id: int) -> ReviewRow | None:
    """The latest review of a target."""
    found = session.execute(
        sa.select(
            PlanReview.number, PlanReview.reviewed_on, PlanReview.rating, PlanReview.words, PlanReview.next_on
        )
        .join(Target, sa.and_(Target.id == PlanReview.target_id, Target.cluster_id == PlanReview.cluster_id))
        .where(Target.id == target_id, _may_read(scope, Target))
        .order_by(PlanReview.reviewed_on.desc(), PlanReview.number.desc())
        .limit(1)
    ).one_or_none()  # fmt: skip
    return ReviewRow(*found) if found else None


def load_history(session: Session, scope: Scope, target_id: int) -> list[ChangeRow]:
    """What became of a target, the latest first."""
    rows = session.execute(
        sa.select(
            PlanChange.happened_at, PlanChange.kind, PlanChange.cell, PlanChange.about, PlanChange.before,
            PlanChange.after, PlanChange.known_as, PlanChange.batch_id.is_not(None),
        )
        .join(Target, sa.and_(Target.id == PlanChange.target_id, Target.cluster_id == PlanChange.cluster_id))
        .where(Target.id == target_id, PlanChange.cluster_id.in_(visible_clusters(scope)))
        .order_by(PlanChange.happened_at.desc(), PlanChange.id.desc())
        .limit(MOST_CHANGES)
    )  # fmt: skip
    return [ChangeRow(*row) for row in rows]


def _may_read(scope: Scope, target: type[Target]) -> sa.ColumnElement[bool]:
    """Whether a target is the reader's: with the totals of its year; a draft with the whole cluster alone."""
    if scope.everything:
        return sa.true()
    drawn = sa.or_(target.draft.is_(False), target.cluster_id.in_(visible_clusters(scope)))
    return sa.and_(may_see_totals(scope, target.cluster_id, target.year), drawn)


def _members() -> sa.Subquery:
    """The schools that belong to a target's cluster on any day of its year: target_id, school_id."""
    of = aliased(Target)
    return (
        sa.select(of.id.label("target_id"), Membership.school_id)
        .join(Membership, was_member(Membership, of.cluster_id, of.year))
        .distinct()
        .subquery("members")
    )
