"""What only the meeting's screen asks of the store. Each takes the scope of its reader."""

import hashlib
from dataclasses import dataclass
from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, visible_clusters
from dashboard.audit_log.kinds import ABOUT_DATA
from dashboard.models import AuditEvent, Meeting
from dashboard.vocabulary import Attempt, MeetingKind


@dataclass(frozen=True)
class NextMeeting:
    """A meeting that is planned. What somebody wrote of it, its title and note, is nothing for a wall."""

    meeting_id: int
    cluster_id: int
    held_on: date
    kind: MeetingKind
    starts_at: time | None
    in_school_time: bool | None


def load_next_meetings(
    session: Session, scope: Scope, cluster_id: int, as_of: date, *, most: int = 5
) -> list[NextMeeting]:
    """The meetings of a cluster on a day and after it, the next first."""
    rows = session.execute(
        sa.select(
            Meeting.id, Meeting.cluster_id, Meeting.held_on, Meeting.kind, Meeting.starts_at, Meeting.in_school_time
        )
        .where(
            Meeting.cluster_id == cluster_id, Meeting.cluster_id.in_(visible_clusters(scope)), Meeting.held_on >= as_of
        )
        .order_by(Meeting.held_on, Meeting.starts_at, Meeting.id)
        .limit(most)
    )  # fmt: skip
    return [NextMeeting(*row) for row in rows]


def find_version(session: Session, scope: Scope, cluster_id: int) -> str | None:
    """A word that is another one after each change of a cluster's data, or of data of no one cluster such as an import.

    One statement with two looks into an index, and it tells nothing of what was changed. None for a cluster that is not
    seen whole.
    """
    newest = (
        sa.select(AuditEvent.id)
        .where(where, AuditEvent.outcome == Attempt.DONE)
        .order_by(AuditEvent.id.desc())
        .limit(1)
        .scalar_subquery()
        for where in (
            AuditEvent.cluster_id == cluster_id,
            sa.and_(AuditEvent.cluster_id.is_(None), AuditEvent.object_kind.in_(ABOUT_DATA)),
        )
    )
    seen = sa.literal(cluster_id).in_(visible_clusters(scope))
    found = session.execute(sa.select(*newest).where(seen)).one_or_none()
    return hashlib.sha256(repr(tuple(found)).encode()).hexdigest()[:16] if found is not None else None
