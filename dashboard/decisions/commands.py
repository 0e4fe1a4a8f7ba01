"""Writes of decisions. What people write may be about persons: events hold days, roles and numbers, never a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, visible_clusters
from dashboard.audit import Actor
from dashboard.decisions.words import OWNERS, About
from dashboard.models import Cluster, Decision, Meeting
from dashboard.shown_figures import ShownFigure
from dashboard.vocabulary import DecisionKind
from dashboard.wording import day

LONGEST_WORDS: Final = 1000
_LONGEST_AS: Final = 60
_AHEAD: Final = timedelta(days=5 * 366)
_EARLIEST: Final = date(2000, 1, 1)
_SENT_AS: Final = re.compile(r"[A-Za-z0-9-]{8,40}")
_TOLD: Final = ("decided_on", "kind", "about", "year", "owner", "due_on", "done_on", "meeting_id")


class DecisionRefused(Exception):
    """A decision cannot be stored. The text says what is wrong and what to do; `field` is where."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NoSuchDecision(Exception):
    """The decision or its cluster is not there, or not the writer's."""


@dataclass(frozen=True)
class DecisionSaid:
    """A decision as somebody tells it."""

    decided_on: date
    words: str
    owner: str = ""
    """One of `OWNERS`; empty while nobody is named."""
    due_on: date | None = None
    kind: DecisionKind = DecisionKind.DECISION


class DecisionBook:
    """The decisions of the clusters of a scope, for one actor on one day, within one transaction."""

    def __init__(self, session: Session, actor: Actor, scope: Scope, today: date) -> None:
        self._session, self._actor, self._scope, self._today = session, actor, scope, today

    def note(
        self,
        cluster_id: int,
        said: DecisionSaid,
        *,
        about: About,
        year: AcademicYear | None = None,
        figures: Sequence[ShownFigure] = (),
        sent_as: str | None = None,
    ) -> int:
        """Write a decision down with the figures that were shown, as they stood then; gives its number.

        It belongs to the cluster's meeting of that day, where there was exactly one. What a browser sends a second time
        `sent_as` the same word is there already: it gives the number it has.
        """
        seen = sa.select(Cluster.id).where(Cluster.id == cluster_id, Cluster.id.in_(visible_clusters(self._scope)))
        if self._session.scalar(seen) is None:
            raise NoSuchDecision
        there = self._find_sent(cluster_id, sent_as) if sent_as else None
        if there is not None:
            return there
        self._check(said)
        row = Decision(
            cluster_id=cluster_id,
            meeting_id=self._meeting(cluster_id, said.decided_on),
            decided_on=said.decided_on,
            words=said.words.strip(),
            kind=said.kind,
            about=about.value,
            year=year.start if year else None,
            figures=[{"label": each.label, "value": each.value, "unit": each.unit} for each in figures] or None,
            owner=said.owner or None,
            due_on=said.due_on,
            noted_by_id=self._actor.account_id,
            noted_as=self._actor.known_as[:_LONGEST_AS],
            sent_as=sent_as,
        )
        self._session.add(row)
        self._session.flush()
        self._tell("note", row, None, {"figures": len(figures)})
        return row.id

    def tick(self, cluster: str, decision_id: int, *, done: bool) -> Decision:
        """Say that a decision of a cluster, by its slug, was carried out, today, or that it was not after all."""
        row = self._session.scalar(
            sa.select(Decision)
            .join(Cluster, Cluster.id == Decision.cluster_id)
            .where(
                Decision.id == decision_id, Cluster.slug == cluster,
                Decision.cluster_id.in_(visible_clusters(self._scope)),
            )
            .with_for_update(of=Decision)
        )  # fmt: skip
        if row is None:
            raise NoSuchDecision
        if (row.done_on is not None) != done:
            before = {"done_on": row.done_on and row.done_on.isoformat()}
            row.done_on = max(self._today, row.decided_on) if done else None
            self._tell("tick" if done else "take tick back", row, before, {})
        return row

    def _check(self, said: DecisionSaid) -> None:
        words = said.words.strip()
        if not words:
            raise DecisionRefused("Say in a sentence or two what was decided.", "words")
        if len(words) > LONGEST_WORDS:
            raise DecisionRefused(f"Use at most {LONGEST_WORDS} letters.", "words")
        if not _EARLIEST <= said.decided_on <= self._today:
            raise DecisionRefused(
                f"{day(said.decided_on)} cannot be the day of the decision; give a day from {day(_EARLIEST)} "
                "until today.",
                "decided_on",
            )
        if said.owner and said.owner not in OWNERS:
            raise DecisionRefused("Choose who sees to it from the list.", "owner")
        if said.due_on is not None and not said.decided_on <= said.due_on <= said.decided_on + _AHEAD:
            raise DecisionRefused(
                f"{day(said.due_on)} is not within five years after the decision ({day(said.decided_on)}); give "
                "another day, or leave it empty.",
                "due_on",
            )

    def _find_sent(self, cluster_id: int, sent_as: str) -> int | None:
        if not _SENT_AS.fullmatch(sent_as):
            raise DecisionRefused("The note came without the word by which it is known; note it again.")
        return self._session.scalar(
            sa.select(Decision.id).where(Decision.cluster_id == cluster_id, Decision.sent_as == sent_as)
        )

    def _meeting(self, cluster_id: int, held_on: date) -> int | None:
        of_the_day = sa.select(Meeting.id).where(Meeting.cluster_id == cluster_id, Meeting.held_on == held_on).limit(2)
        found = self._session.scalars(of_the_day).all()
        return found[0] if len(found) == 1 else None

    def _tell(self, action: str, row: Decision, before: dict[str, Any] | None, also: dict[str, Any]) -> None:
        told = audit.quote(row, {name: getattr(row, name) for name in (_TOLD if before is None else before)})
        audit.record(
            self._session, self._actor, action, "decision", row.id, cluster_id=row.cluster_id, before=before,
            after=told | also,
        )  # fmt: skip
