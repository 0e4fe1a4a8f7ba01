"""Writes about concerns: by a form, one at a time with its event, and by a file, through the changes of a batch.

What people write here may be about persons: events hold kinds, days and numbers, never a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.access import Scope, visible_clusters
from dashboard.audit import Actor
from dashboard.changes import Changes, Outcome
from dashboard.concerns.checks import (
    LONGEST_NOTE,
    LONGEST_RAISED_AS,
    LONGEST_SUMMARY,
    ConcernRefused,
    NoSuchConcern,
    check_close,
    check_outcome,
    check_review,
    check_step,
    check_text,
)
from dashboard.concerns.words import known_rule
from dashboard.directory.expected import belongs
from dashboard.models import Cluster, Concern, ConcernStep, Membership, School
from dashboard.vocabulary import ConcernDecision, StepKind, StepOutcome
from dashboard.wording import day

_TOLD: Final = ("school_id", "rule", "raised_on", "review_on", "closed_on", "decision", "replaced_by_school_id")
_TOLD_OF_STEP: Final = ("kind", "taken_on", "outcome", "outcome_on")


@dataclass(frozen=True)
class StepSaid:
    """A step as somebody tells it."""

    kind: StepKind
    taken_on: date
    note: str = ""


class ConcernBook:
    """The concerns of the clusters of a scope, for one actor on one day, within one transaction."""

    def __init__(self, session: Session, actor: Actor, scope: Scope, today: date) -> None:
        self._session, self._actor, self._scope, self._today = session, actor, scope, today

    def raise_concern(
        self,
        cluster: str,
        summary: str,
        *,
        school: str | None = None,
        rule: str | None = None,
        review_on: date | None = None,
        first: StepSaid | None = None,
    ) -> int:
        """Write a new concern down, about a member or, without one, about the cluster (4.24); gives its number.

        `cluster` and `school` are slugs. `first` is a step that was taken already.
        """
        cluster_id = self._cluster(cluster)
        row = Concern(
            cluster_id=cluster_id,
            school_id=self._member(cluster_id, school) if school else None,
            rule=known_rule(rule),
            summary=_needed(summary, LONGEST_SUMMARY, "summary", "Say in a sentence or two what worries you."),
            raised_on=self._today,
            raised_by_id=self._actor.account_id,
            raised_as=self._actor.known_as[:LONGEST_RAISED_AS],
        )
        self._set_review(row, review_on)
        self._session.add(row)
        self._session.flush()
        if first is not None:
            self._session.add(self._step(row, first))
            self._session.flush()
        told: dict[str, Any] = {"first_step": str(first.kind)} if first else {}
        self._tell("raise", row, None, told)
        return row.id

    def add_step(self, concern_id: int, said: StepSaid) -> None:
        """Note that something was done."""
        row = self.find_open(concern_id)
        step = self._step(row, said)
        self._session.add(step)
        self._session.flush()
        self._tell("add step", row, {}, _of_step(step))

    def tell_outcome(
        self, concern_id: int, step_id: int, outcome: StepOutcome, outcome_on: date | None, note: str = ""
    ) -> None:
        """Say what came of a step, and when it was known. What was said before is replaced."""
        row = self.find_open(concern_id)
        step = self._session.scalar(
            sa.select(ConcernStep).where(ConcernStep.id == step_id, ConcernStep.concern_id == row.id)
        )
        if step is None:
            raise NoSuchConcern
        before = _of_step(step)
        if outcome is StepOutcome.WAITING:
            step.outcome_on = None
        elif outcome_on is None:
            raise ConcernRefused("Give the day on which it was known.", "outcome_on")
        else:
            check_outcome(outcome_on, step.taken_on, self._today)
            step.outcome_on = outcome_on
        step.outcome = outcome
        step.outcome_note = check_text(note, LONGEST_NOTE, "outcome_note") or None
        step.changed_by_hand()
        self._tell("tell outcome", row, before, _of_step(step))

    def set_review(self, concern_id: int, review_on: date | None) -> None:
        """Say when the concern is to be looked at again; None takes the review away."""
        row = self.find_open(concern_id)
        before = {"review_on": row.review_on and row.review_on.isoformat()}
        self._set_review(row, review_on)
        self._tell("set review", row, before, {"review_on": row.review_on and row.review_on.isoformat()})

    def close(self, concern_id: int, decision: ConcernDecision, closed_on: date, note: str = "") -> None:
        """Close a concern that changes nothing else: settled, or watched. It stays closed; what comes is a new one."""
        if decision not in {ConcernDecision.SETTLED, ConcernDecision.WATCHED}:
            raise ValueError("a sabbatical and an exit change more: see departures.py")
        self.put_away(self.find_open(concern_id), decision, closed_on, note, {})

    def find_open(self, concern_id: int) -> Concern:
        """The concern of a number, if it is within the scope and still open; nobody else writes it meanwhile."""
        row = self._session.scalar(
            sa.select(Concern)
            .where(Concern.id == concern_id, Concern.cluster_id.in_(visible_clusters(self._scope)))
            .with_for_update()
        )
        if row is None:
            raise NoSuchConcern
        if row.closed_on is not None:
            raise ConcernRefused(
                f"This concern was closed on {day(row.closed_on)} and stays as it is; raise a new one instead."
            )
        return row

    def put_away(
        self, row: Concern, decision: ConcernDecision, closed_on: date, note: str, also: Mapping[str, Any]
    ) -> None:
        """Close an open concern with a decision; `also` is what else the event tells. The last write of all."""
        steps, outcomes = self._session.execute(
            sa.select(sa.func.max(ConcernStep.taken_on), sa.func.max(ConcernStep.outcome_on)).where(
                ConcernStep.concern_id == row.id
            )
        ).one()
        check_close(closed_on, row.raised_on, max(filter(None, (steps, outcomes)), default=None), self._today)
        before = audit.quote(row, {name: getattr(row, name) for name in _TOLD})
        row.closed_on, row.decision = closed_on, decision
        row.decision_note = check_text(note, LONGEST_NOTE, "decision_note") or None
        row.changed_by_hand()
        self._tell("close", row, before, also)

    def _step(self, row: Concern, said: StepSaid) -> ConcernStep:
        check_step(said.taken_on, row.raised_on, self._today)
        note = check_text(said.note, LONGEST_NOTE, "note") or None
        return ConcernStep(
            concern_id=row.id, kind=said.kind, taken_on=said.taken_on, note=note, outcome=StepOutcome.WAITING
        )

    def _set_review(self, row: Concern, review_on: date | None) -> None:
        if review_on is not None and review_on != row.review_on:
            check_review(review_on, self._today)
        row.review_on = review_on
        row.changed_by_hand()

    def _cluster(self, slug: str) -> int:
        found = self._session.scalar(
            sa.select(Cluster.id).where(Cluster.slug == slug, Cluster.id.in_(visible_clusters(self._scope)))
        )
        if found is None:
            raise NoSuchConcern
        return found

    def _member(self, cluster_id: int, slug: str) -> int:
        found = self._session.scalar(
            sa.select(School.id).where(
                School.slug == slug,
                sa.exists().where(belongs(Membership, cluster_id, self._today), Membership.school_id == School.id),
            )
        )
        if found is None:
            raise ConcernRefused("This school is no member today; choose one from the list.", "school")
        return found

    def _tell(self, action: str, row: Concern, before: Mapping[str, Any] | None, also: Mapping[str, Any]) -> None:
        """The event: of a change to the concern what it says now, of anything else only that."""
        self._session.flush()
        whole = action in {"raise", "close"}
        now = audit.quote(row, {name: getattr(row, name) for name in _TOLD}) if whole else {}
        audit.record(
            self._session, self._actor, action, "concern", row.id, cluster_id=row.cluster_id,
            before=before, after={**now, **also},
        )  # fmt: skip


def _needed(text: str, most: int, field: str, otherwise: str) -> str:
    clean = check_text(text, most, field)
    if not clean:
        raise ConcernRefused(otherwise, field)
    return clean


def _of_step(step: ConcernStep) -> dict[str, Any]:
    return audit.quote(step, {"id": step.id} | {name: getattr(step, name) for name in _TOLD_OF_STEP})


Key = tuple[int, int | None, date, str]
"""What makes two rows of files the same concern: cluster, school, day, summary."""


class ConcernList:
    """Every concern of a store with its steps, loaded once for a file. Every write goes through a batch's changes."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        session = changes.session
        self._concerns: dict[Key, Concern] = {
            (row.cluster_id, row.school_id, row.raised_on, row.summary): row
            for row in session.scalars(sa.select(Concern).order_by(Concern.id.desc()))
        }
        self._steps: dict[int, dict[tuple[StepKind, date, str | None], ConcernStep]] = {}
        for step in session.scalars(sa.select(ConcernStep).order_by(ConcernStep.id.desc())):
            self._steps.setdefault(step.concern_id, {})[step.kind, step.taken_on, step.note] = step

    def note_concern(self, key: Key, raised_as: str, said: Mapping[str, Any]) -> tuple[Concern, Outcome]:
        """The concern of a key, made or completed. `said` are columns; what is None says nothing."""
        given = {name: value for name, value in said.items() if value is not None}
        found = self._concerns.get(key)
        if found is not None:
            return found, self._changes.edit(found, **given)
        cluster_id, school_id, raised_on, summary = key
        row = Concern(
            cluster_id=cluster_id, school_id=school_id, raised_on=raised_on, summary=summary, raised_as=raised_as,
            **given,
        )  # fmt: skip
        self._changes.add(row)
        self._changes.session.flush()
        self._concerns[key] = row
        return row, Outcome.ADDED

    def find(self, key: Key) -> Concern | None:
        """The concern of a key, if it is there."""
        return self._concerns.get(key)

    def note_step(
        self, concern: Concern, said: StepSaid, outcome: StepOutcome | None, outcome_on: date | None
    ) -> tuple[ConcernStep, Outcome]:
        """The step of a kind, day and note, made or completed with what came of it."""
        steps = self._steps.setdefault(concern.id, {})
        key = (said.kind, said.taken_on, said.note or None)
        told = {"outcome": outcome, "outcome_on": outcome_on}
        given = {name: value for name, value in told.items() if value is not None}
        found = steps.get(key)
        if found is not None:
            return found, self._changes.edit(found, **given)
        row = ConcernStep(concern_id=concern.id, kind=said.kind, taken_on=said.taken_on, note=said.note or None)
        row.outcome, row.outcome_on = outcome or StepOutcome.WAITING, outcome_on
        self._changes.add(row)
        self._changes.session.flush()
        steps[key] = row
        return row, Outcome.ADDED

    def last_day(self, concern: Concern) -> date | None:
        """The day of the last step, or of what came of it."""
        steps = self._steps.get(concern.id, {}).values()
        return max((each.outcome_on or each.taken_on for each in steps), default=None)
