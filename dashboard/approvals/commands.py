"""Writes about requests: by a form, one at a time with its event, and by a file, through the changes of a batch.

What people write here may be about persons: events hold kinds, days and amounts, never a text.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.access import Scope, visible_clusters
from dashboard.approvals.checks import (
    DECIDED,
    LONGEST_AS,
    LONGEST_CANDIDATE,
    LONGEST_REASON,
    LONGEST_SUMMARY,
    Asked,
    NoSuchRequest,
    RequestRefused,
    Verdict,
    check_asked,
    check_text,
    check_verdict,
)
from dashboard.audit import Actor
from dashboard.changes import Changes, Outcome
from dashboard.directory.members import load_members_of_day
from dashboard.models import ApprovalRequest, Cluster
from dashboard.naming import slug as slug_of
from dashboard.vocabulary import RequestKind, RequestState
from dashboard.wording import day

_TOLD: Final = ("school_id", "kind", "amount", "starts", "ends", "asked_on", "state", "granted", "decided_on")


class RequestBook:
    """The requests of the clusters of a scope, for one actor on one day, within one transaction."""

    def __init__(self, session: Session, actor: Actor, scope: Scope, today: date) -> None:
        self._session, self._actor, self._scope, self._today = session, actor, scope, today

    def ask(self, cluster: str, said: Asked) -> int:
        """Ask the advisor for something on behalf of a cluster (its slug); gives the number of the request."""
        cluster_id = self._session.scalar(
            sa.select(Cluster.id).where(Cluster.slug == cluster, Cluster.id.in_(visible_clusters(self._scope)))
        )
        if cluster_id is None:
            raise NoSuchRequest
        summary = check_text(said.summary, LONGEST_SUMMARY, "summary")
        candidate = check_text(said.candidate, LONGEST_CANDIDATE, "candidate") or None
        check_asked(Asked(said.kind, summary, said.amount, said.school, candidate, said.starts, said.ends))
        row = ApprovalRequest(
            cluster_id=cluster_id, school_id=self._school(cluster_id, said.school, candidate), kind=said.kind,
            summary=summary, amount=said.amount, candidate=candidate, starts=said.starts, ends=said.ends,
            asked_on=self._today, asked_by_id=self._actor.account_id, asked_as=self._actor.known_as[:LONGEST_AS],
            state=RequestState.WAITING,
        )  # fmt: skip
        self._session.add(row)
        self._session.flush()
        self._tell("ask", row, None)
        return row.id

    def withdraw(self, request_id: int) -> None:
        """Take back a request that nobody has decided yet."""
        row = self._waiting(request_id)
        before = _quoted(row)
        row.state, row.decided_on = RequestState.WITHDRAWN, self._today
        self._end(row)
        self._tell("withdraw", row, before)

    def decide(self, request_id: int, said: Verdict) -> None:
        """Approve a request, also for less than was asked, or decline it. It stays as it was decided."""
        row = self._waiting(request_id)
        reason = check_text(said.reason, LONGEST_REASON, "reason")
        clean = Verdict(said.state, reason, said.decided_on, said.granted)
        check_verdict(clean, row.kind, row.amount, row.asked_on, self._today)
        before = _quoted(row)
        row.state, row.reason, row.granted, row.decided_on = said.state, reason, said.granted, said.decided_on
        self._end(row)
        self._tell("approve" if said.state is RequestState.APPROVED else "decline", row, before)

    def _end(self, row: ApprovalRequest) -> None:
        row.decided_by_id, row.decided_as = self._actor.account_id, self._actor.known_as[:LONGEST_AS]
        row.changed_by_hand()

    def _waiting(self, request_id: int) -> ApprovalRequest:
        """The request of a number, if it is within the scope and waits; nobody else writes it meanwhile."""
        row = self._session.scalar(
            sa.select(ApprovalRequest)
            .where(ApprovalRequest.id == request_id, ApprovalRequest.cluster_id.in_(visible_clusters(self._scope)))
            .with_for_update()
        )
        if row is None:
            raise NoSuchRequest
        if row.state is not RequestState.WAITING:
            on = f" on {day(row.decided_on)}" if row.decided_on else ""
            raise RequestRefused(f"This request was {row.state}{on} and stays as it is; ask anew instead.")
        return row

    def _school(self, cluster_id: int, school: str | None, candidate: str | None) -> int | None:
        """The member that a request is about; a candidate is none yet."""
        if not school and not candidate:
            return None
        members = load_members_of_day(self._session, self._scope, cluster_id, self._today)
        if candidate:
            if slug_of(candidate) in {slug for each in members for slug in (each.school, slug_of(each.name))}:
                raise RequestRefused(f"{candidate} is a member already; name a school that is not.", "candidate")
            return None
        found = next((each.school_id for each in members if each.school == school), None)
        if found is None:
            raise RequestRefused("This school is no member today; choose one from the list.", "school")
        return found

    def _tell(self, action: str, row: ApprovalRequest, before: Mapping[str, Any] | None) -> None:
        self._session.flush()
        audit.record(
            self._session, self._actor, action, "request", row.id, cluster_id=row.cluster_id, before=before,
            after=_quoted(row),
        )  # fmt: skip


def _quoted(row: ApprovalRequest) -> dict[str, Any]:
    return audit.quote(row, {name: getattr(row, name) for name in _TOLD})


Key = tuple[int, int | None, RequestKind, date, str]
"""What makes two rows of files the same request: cluster, school, kind, day, summary."""


class RequestList:
    """Every request of a store, loaded once for a file. Every write goes through a batch's changes."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._rows: dict[Key, ApprovalRequest] = {
            (row.cluster_id, row.school_id, row.kind, row.asked_on, row.summary): row
            for row in changes.session.scalars(sa.select(ApprovalRequest).order_by(ApprovalRequest.id.desc()))
        }

    def find(self, key: Key) -> ApprovalRequest | None:
        """The request of a key, if it is there."""
        return self._rows.get(key)

    def note(self, key: Key, said: Mapping[str, Any]) -> Outcome:
        """The request of a key, made or completed. `said` are columns; what is None says nothing.

        Raises ValueError where a file would change what was decided.
        """
        given = {name: value for name, value in said.items() if value is not None}
        found = self._rows.get(key)
        if found is None:
            cluster_id, school_id, kind, asked_on, summary = key
            row = ApprovalRequest(
                cluster_id=cluster_id, school_id=school_id, kind=kind, asked_on=asked_on, summary=summary,
                **{"state": RequestState.WAITING, "asked_as": "not said", **given},
            )  # fmt: skip
            self._changes.add(row)
            self._rows[key] = row
            return Outcome.ADDED
        changed = {name for name, value in given.items() if getattr(found, name) != value}
        if changed and found.state in DECIDED:
            on = f" on {day(found.decided_on)}" if found.decided_on else ""
            raise ValueError(f"this request was {found.state}{on} and stays as it is")
        return self._changes.edit(found, **given)
