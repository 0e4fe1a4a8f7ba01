"""The reviews of a plan and of its targets, out of the store. Drafts are reviewed nowhere."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, may_see_totals, visible_clusters
from dashboard.models import PlanChange, PlanReview, Target
from dashboard.plans.queries._chosen import in_year
from dashboard.vocabulary import PlanChangeKind, Rating


@dataclass(frozen=True)
class ReviewRow:
    """One review of a target, or of the plan as a whole (then without a target)."""

    cluster_id: int
    review_id: int
    year: int
    target_id: int | None
    code: str | None
    title: str | None
    number: int
    """The first, second, … review of the same thing."""
    reviewed_on: date
    rating: Rating
    words: str
    next_on: date | None
    known_as: str
    illustrative: bool


def load_reviews(session: Session, scope: Scope, years: sa.CTE) -> list[ReviewRow]:
    """The reviews of the chosen cluster-years: those of the whole plan first, then target by target in its order,
    each from its first review to its last.
    """
    statement = (
        sa.select(
            PlanReview.cluster_id,
            PlanReview.id.label("review_id"),
            PlanReview.year,
            PlanReview.target_id,
            Target.code,
            Target.title,
            PlanReview.number,
            PlanReview.reviewed_on,
            PlanReview.rating,
            PlanReview.words,
            PlanReview.next_on,
            PlanReview.known_as,
            PlanReview.illustrative,
        )
        .select_from(years)
        .join(PlanReview, sa.and_(PlanReview.cluster_id == years.c.cluster_id, PlanReview.year == years.c.year))
        .outerjoin(Target, Target.id == PlanReview.target_id)
        .where(
            may_see_totals(scope, PlanReview.cluster_id, PlanReview.year),
            sa.or_(PlanReview.target_id.is_(None), Target.draft.is_(False)),
        )
        .order_by(
            PlanReview.cluster_id,
            sa.func.coalesce(Target.position, 0),
            PlanReview.target_id,
            PlanReview.number,
            PlanReview.id,
        )
    )
    return [ReviewRow(**row._asdict() | {"illustrative": bool(row.illustrative)}) for row in session.execute(statement)]


@dataclass(frozen=True)
class ReviewedTarget:
    """A target of the plan, with the day on which it is to be looked at next."""

    cluster_id: int
    target_id: int
    code: str
    title: str
    review_on: date | None


def load_targets_to_review(session: Session, scope: Scope, years: sa.CTE) -> list[ReviewedTarget]:
    """The targets of the chosen cluster-years, in the plan's order."""
    statement = (
        sa.select(Target.cluster_id, Target.id, Target.code, Target.title, Target.review_on)
        .select_from(years)
        .join(Target, in_year(years))
        .where(may_see_totals(scope, Target.cluster_id, Target.year))
        .order_by(Target.cluster_id, Target.position, Target.id)
    )
    return [ReviewedTarget(*row) for row in session.execute(statement)]


@dataclass(frozen=True)
class CorrectionRow:
    """What stood in a review before somebody corrected it."""

    cluster_id: int
    target_id: int | None
    about: str
    """Which review, in words."""
    before: dict[str, Any]
    happened_at: datetime
    known_as: str


def load_corrections(session: Session, scope: Scope, cluster_id: int) -> list[CorrectionRow]:
    """The corrections of a cluster's reviews, the first one first; history is for those who see the cluster whole."""
    statement = (
        sa.select(
            PlanChange.cluster_id,
            PlanChange.target_id,
            PlanChange.about,
            PlanChange.before,
            PlanChange.happened_at,
            PlanChange.known_as,
        )
        .where(
            PlanChange.cluster_id == cluster_id,
            PlanChange.cluster_id.in_(visible_clusters(scope)),
            PlanChange.kind == PlanChangeKind.REVIEWED,
            PlanChange.before.is_not(None),
        )
        .order_by(PlanChange.id)
    )
    return [CorrectionRow(**row._asdict()) for row in session.execute(statement)]
