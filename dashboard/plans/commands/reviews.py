"""Writes of reviews: of a target, and of a plan as a whole. Each goes into the history with its words; a correction of
the last one leaves there what stood.

What people write may be about persons: events of the audit hold ratings and days, never a text.
"""

from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, visible_clusters
from dashboard.audit import Actor
from dashboard.changes import Outcome
from dashboard.directory.lifecycle import ByHand
from dashboard.models import Cluster, PlanChange, PlanReview, Target
from dashboard.plans.commands.book import PlanBook
from dashboard.plans.review_checks import (
    NothingToReview,
    ReviewedMeanwhile,
    ReviewRefused,
    ReviewSaid,
    check_review,
    mark_of,
    name_review,
)
from dashboard.vocabulary import PlanChangeKind
from dashboard.wording import day

_LONGEST_AS: Final = 60
_TOLD: Final = ("year", "target_id", "number", "reviewed_on", "rating", "next_on")


class ReviewBook:
    """The reviews of one cluster's plan of a year, for one actor on one day, within one transaction.

    `code` is that of a target; None stands for the plan as a whole. `seen` is the mark of the last review that the form
    showed (`mark_of`): whoever would write over what they did not see is told.
    """

    def __init__(
        self, session: Session, actor: Actor, scope: Scope, cluster_id: int, year: AcademicYear, today: date
    ) -> None:
        self._session, self._actor, self._year, self._today = session, actor, year, today
        mine = sa.select(Cluster).where(Cluster.id == cluster_id, Cluster.id.in_(visible_clusters(scope)))
        # Held until the end: two reviews of the same thing never get the same number.
        cluster = session.scalar(mine.with_for_update())
        if cluster is None:
            raise NothingToReview
        self._cluster = cluster
        self._writes = ByHand(session)
        self._plan = PlanBook(self._writes, cluster, actor, today)

    def record(self, code: str | None, said: ReviewSaid, seen: str) -> PlanReview:
        """Record the next review. The day of the one after it is from then on that of the target."""
        target = self._target(code)
        reviews = self._reviews(target)
        last = reviews[-1] if reviews else None
        self._check_seen(last, seen)
        clean = check_review(said, self._year, last, self._today)
        row = PlanReview(
            cluster_id=self._cluster.id, year=self._year.start, target_id=target.id if target else None,
            number=last.number + 1 if last else 1, reviewed_on=clean.reviewed_on, rating=clean.rating,
            words=clean.words, next_on=clean.next_on, known_as=self._known_as,
        )  # fmt: skip
        self._writes.add(row)
        if target is not None:
            self._look_next(target, clean.next_on)
        self._note(target, row, None)
        self._tell("record", row, None)
        return row

    def correct(self, code: str | None, said: ReviewSaid, seen: str) -> Outcome:
        """Put the last review right; what stood in it stays in the history."""
        target = self._target(code)
        reviews = self._reviews(target)
        if not reviews:
            raise NothingToReview
        row = reviews[-1]
        self._check_seen(row, seen)
        clean = check_review(said, self._year, reviews[-2] if len(reviews) > 1 else None, self._today)
        stood, before, next_on = _words_of(row), _quoted(row), row.next_on
        outcome = self._writes.edit(
            row, reviewed_on=clean.reviewed_on, rating=clean.rating, words=clean.words, next_on=clean.next_on
        )
        if outcome is Outcome.UNCHANGED:
            return outcome
        row.known_as = self._known_as
        if target is not None and clean.next_on != next_on:
            self._look_next(target, clean.next_on)
        self._note(target, row, stood)
        self._tell("correct", row, before)
        return outcome

    @property
    def _known_as(self) -> str:
        return self._actor.known_as[:_LONGEST_AS]

    def _target(self, code: str | None) -> Target | None:
        """The target of a code, which is no draft; for the whole plan none, if there is a plan."""
        if code is None:
            mine = (Target.cluster_id == self._cluster.id, Target.year == self._year.start, Target.draft.is_(False))
            if self._session.scalar(sa.select(Target.id).where(*mine).limit(1)) is None:
                raise NothingToReview
            return None
        found = self._plan.find(self._year, code)
        if found is None or found.draft:
            raise NothingToReview
        return found

    def _reviews(self, target: Target | None) -> list[PlanReview]:
        same = PlanReview.target_id.is_(None) if target is None else PlanReview.target_id == target.id
        return list(
            self._session.scalars(
                sa.select(PlanReview)
                .where(PlanReview.cluster_id == self._cluster.id, PlanReview.year == self._year.start, same)
                .order_by(PlanReview.number, PlanReview.id)
            )
        )

    def _check_seen(self, last: PlanReview | None, seen: str) -> None:
        if mark_of(last) == seen:
            return
        if last is None:
            raise ReviewRefused("The review that you saw is no longer there. Send yours again if it still holds.")
        raise ReviewedMeanwhile(
            f"Meanwhile there is a {name_review(last.number)}, of {day(last.reviewed_on)}, noted by: {last.known_as}. "
            "Yours is not stored yet; read that one, and send yours again if it still holds."
        )

    def _look_next(self, target: Target, on: date | None) -> None:
        if target.review_on != on:
            self._plan.edit(target, review_on=on, version=target.version + 1)

    def _note(self, target: Target | None, row: PlanReview, stood: dict[str, Any] | None) -> None:
        """Into the history: of a target with those of its words, of the whole plan without a target."""
        if target is not None:
            about = name_review(row.number)
            self._plan.note(target, PlanChangeKind.REVIEWED, about=about, before=stood, after=_words_of(row))
            return
        self._writes.add(
            PlanChange(
                cluster_id=self._cluster.id, kind=PlanChangeKind.REVIEWED, about=name_review(row.number, self._year),
                before=stood, after=_words_of(row), known_as=self._known_as,
            )
        )  # fmt: skip

    def _tell(self, action: str, row: PlanReview, before: dict[str, Any] | None) -> None:
        self._session.flush()
        audit.record(
            self._session, self._actor, action, "plan review", row.id, cluster_id=self._cluster.id, before=before,
            after=_quoted(row),
        )  # fmt: skip


def _quoted(row: PlanReview) -> dict[str, Any]:
    return audit.quote(row, {name: getattr(row, name) for name in _TOLD})


def _words_of(row: PlanReview) -> dict[str, Any]:
    """A review as the history keeps it."""
    return {
        "rating": str(row.rating), "reviewed_on": row.reviewed_on.isoformat(),
        "next_on": row.next_on.isoformat() if row.next_on else None, "words": row.words,
    }  # fmt: skip
