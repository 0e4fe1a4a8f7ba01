"""What a form writes about the events of a cluster: one transaction each, with an audit event that names nobody."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.access import Scope, visible_clusters, visible_schools
from dashboard.audit import Actor
from dashboard.changes import Outcome
from dashboard.directory.lifecycle import ByHand, EventRefused, Lifecycle
from dashboard.lifecycle.telling import Telling, Told, Written, write_down
from dashboard.models import Cluster, ContextEvent, LifecycleEvent, LifecycleReason, Membership, School

_QUOTED: Final = ("school_id", "kind", "happened_on", "ends_on", "review_on", "reviewed_on", "replaced_by_school_id")
"""No person, not even by number: a colleague's sabbatical is nobody's business but the cluster's."""


class NotThere(Exception):
    """The cluster, school or event is not there, or not the reader's to change."""


@dataclass(frozen=True)
class Said:
    """What a form says; schools by number, looked up here within the scope."""

    on: date
    school_id: int | None = None
    until: date | None = None
    review: date | None = None
    reviewed: date | None = None
    person: str | None = None
    successor: str | None = None
    newcomer_id: int | None = None
    reason: str | None = None
    words: str | None = None


class EventBook:
    """The events of one cluster, for one actor, within one transaction.

    Raises NotThere for what is not the actor's, EventRefused (a sentence) for what contradicts; nothing is stored then.
    """

    def __init__(self, session: Session, actor: Actor, scope: Scope, cluster_id: int, today: date) -> None:
        self._session, self._actor, self._scope = session, actor, scope
        mine = sa.select(Cluster).where(Cluster.id == cluster_id, Cluster.id.in_(visible_clusters(scope)))
        cluster = session.scalar(mine)
        if cluster is None:
            raise NotThere
        self._cluster = cluster
        self._lifecycle = Lifecycle(ByHand(session), cluster, today)

    def record(self, telling: Telling, said: Said) -> Written:
        """Write down what happened. UNCHANGED where it stands there already."""
        joins = telling is Telling.JOINED
        told = Told(
            said.on,
            self._find_school(said.school_id, anywhere=joins),
            said.until,
            said.review,
            said.reviewed,
            said.person,
            said.successor,
            self._find_school(said.newcomer_id, anywhere=True),
            said.reason,
            said.words,
        )
        written = write_down(self._lifecycle, telling, told)
        if written.outcome is not Outcome.UNCHANGED:
            self._tell("record event", written.row, None)
        return written

    def come_back(self, event_id: int, last: date) -> Outcome:
        """Whoever was away comes back; `last` is the last day away."""
        event = self._find(event_id)
        before = _quote(event)
        return self._changed("record return", event, before, self._lifecycle.come_back(event, last))

    def review(self, event_id: int, on: date, again: date | None) -> Outcome:
        """A sabbatical was looked at; perhaps it is to be again."""
        event = self._find(event_id)
        before = _quote(event)
        return self._changed("record review", event, before, self._lifecycle.review(event, on, again=again))

    def correct(
        self, event_id: int, on: date, until: date | None, review: date | None, reviewed: date | None
    ) -> Outcome:
        """Put the dates of an event right."""
        event = self._find(event_id)
        before = _quote(event)
        outcome = self._lifecycle.putting_right.correct(event, on, until=until, review=review, reviewed=reviewed)
        return self._changed("correct event", event, before, outcome)

    def take_back(self, event_id: int) -> None:
        """Remove an event that was entered by mistake."""
        event = self._find(event_id)
        before = _quote(event)
        self._lifecycle.putting_right.take_back(event)
        audit.record(
            self._session, self._actor, "remove event", "lifecycle event", event_id, cluster_id=self._cluster.id,
            before=before,
        )  # fmt: skip

    def take_back_context(self, context_id: int) -> None:
        """Remove a context event."""
        context = self._session.scalar(
            sa.select(ContextEvent).where(ContextEvent.id == context_id, ContextEvent.cluster_id == self._cluster.id)
        )
        if context is None:
            raise NotThere
        before = {"happened_on": str(context.happened_on)}
        self._lifecycle.putting_right.take_back_context(context)
        audit.record(
            self._session, self._actor, "remove event", "context event", context_id, cluster_id=self._cluster.id,
            before=before,
        )  # fmt: skip

    def set_reason(self, event_id: int, reasons: Scope, reason: str | None) -> Outcome:
        """Write down why, anew, or take it out. For those who may read reasons: `reasons` is where they may."""
        event = self._find(event_id)
        seen = sa.select(Cluster.id).where(Cluster.id == self._cluster.id, Cluster.id.in_(visible_clusters(reasons)))
        if self._session.scalar(seen) is None:
            raise NotThere
        found = self._session.scalar(sa.select(LifecycleReason).where(LifecycleReason.event_id == event.id))
        if (found.reason if found else None) == reason:
            return Outcome.UNCHANGED
        if found is not None and reason is None:
            self._session.delete(found)
        elif found is not None and reason is not None:
            found.reason = reason
        else:
            self._session.add(LifecycleReason(event_id=event.id, cluster_id=self._cluster.id, reason=reason))
        audit.record(
            self._session, self._actor, "correct event", "lifecycle event", event.id, cluster_id=self._cluster.id
        )
        return Outcome.CHANGED

    def _find(self, event_id: int) -> LifecycleEvent:
        event = self._lifecycle.find(event_id)
        if event is None:
            raise NotThere
        return event

    def _find_school(self, school_id: int | None, *, anywhere: bool) -> School | None:
        """A school that is or was a member; with `anywhere` any that the actor sees."""
        if school_id is None:
            return None
        members = sa.select(Membership.school_id).where(Membership.cluster_id == self._cluster.id)
        known = visible_schools(self._scope) if anywhere else members
        school = self._session.scalar(sa.select(School).where(School.id == school_id, School.id.in_(known)))
        if school is None:
            raise EventRefused("school", "choose a school of this cluster")
        return school

    def _changed(self, action: str, event: LifecycleEvent, before: dict[str, Any], outcome: Outcome) -> Outcome:
        if outcome is not Outcome.UNCHANGED:
            self._tell(action, event, before)
        return outcome

    def _tell(self, action: str, row: LifecycleEvent | ContextEvent, before: dict[str, Any] | None) -> None:
        self._session.flush()
        is_context = isinstance(row, ContextEvent)
        audit.record(
            self._session, self._actor, action, "context event" if is_context else "lifecycle event", row.id,
            cluster_id=self._cluster.id, before=before,
            after={"happened_on": str(row.happened_on)} if isinstance(row, ContextEvent) else _quote(row),
        )  # fmt: skip


def _quote(event: LifecycleEvent) -> dict[str, Any]:
    return audit.quote(event, {name: getattr(event, name) for name in _QUOTED})
