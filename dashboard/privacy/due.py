"""What is kept no longer: where the rules meet the store. The dry run, the page and the purge all ask here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.models import (
    NAMELESS,
    Account,
    AccountGrant,
    Appointment,
    ApprovalRequest,
    AuditEvent,
    BatchChange,
    Cluster,
    Concern,
    ConcernStep,
    EvidenceFile,
    FeedLink,
    ImportBatch,
    LifecycleReason,
    Meeting,
    OpenRegister,
    Person,
    PersonMark,
    Programme,
    Receipt,
    ScreenLink,
    SetUpLink,
    WebSession,
    WorkgroupLine,
)
from dashboard.privacy.rules import RULE_OF, WORDS_REMOVED, Kept
from dashboard.vocabulary import Role

_ABOUT_PEOPLE: Final = {
    table.__tablename__: table.id
    for table in (Person, Appointment, PersonMark, WorkgroupLine, LifecycleReason, Concern, ConcernStep)
}
"""Tables whose rows tell of somebody, in words or by name, and their numbers."""


@dataclass(frozen=True)
class Due:
    """One row that is kept no longer: by which rule, its number, and the last day it was to be kept."""

    kept: Kept
    number: int
    since: date


@dataclass(frozen=True)
class Term:
    """Until when a contact is kept; None where nobody knows. `own` says that the contact has a date of its own."""

    person_id: int
    until: date | None
    own: bool

    def is_over(self, today: date) -> bool:
        """Whether the last day has passed. What is not known is never over."""
        return self.until is not None and self.until < today


def find_due(session: Session, today: date) -> list[Due]:
    """Everything that is kept no longer on a day, by rule and number. Reads only: a purge takes out just this."""
    found = [
        Due(Kept.CONTACTS, term.person_id, term.until)
        for term in load_terms(session)
        if term.until and term.is_over(today)
    ]
    for kept, rows in (
        (Kept.IMPORTS, _old_records(session, today)),
        (Kept.NEVER_USED, _never_used(session, today)),
        (Kept.DISABLED, _disabled(session, today)),
        (Kept.CONCERNS, _old_concerns(session, today)),
        (Kept.RECEIPTS, _not_seen_since(session, Kept.RECEIPTS, today, Receipt, Receipt.added_at)),
        (Kept.EVIDENCE, _not_seen_since(session, Kept.EVIDENCE, today, EvidenceFile, EvidenceFile.added_at)),
        (Kept.REQUESTS, _old_requests(session, today)),
        (Kept.SESSIONS, _not_seen_since(session, Kept.SESSIONS, today, WebSession, WebSession.last_seen_at)),
        (Kept.OPEN_REGISTERS, _not_seen_since(session, Kept.OPEN_REGISTERS, today, OpenRegister, OpenRegister.seen_at)),
        (Kept.SCREEN_LINKS, _old_links(session, today, ScreenLink, ScreenLink.revoked_at)),
        (Kept.FEED_LINKS, _revoked_feeds(session, today)),
        (Kept.SET_UP_LINKS, _old_links(session, today, SetUpLink, SetUpLink.used_at)),
    ):
        lasting = timedelta(days=RULE_OF[kept].days or 0)
        found += [Due(kept, number, began + lasting) for number, began in rows]
    order = list(Kept)
    return sorted(found, key=lambda due: (order.index(due.kept), due.number))


def find_unknown(session: Session) -> list[int]:
    """The contacts of whom nobody knows how long they are kept, by number. They are told of and never taken out."""
    return [term.person_id for term in load_terms(session) if term.until is None]


def load_terms(session: Session) -> list[Term]:
    """Until when each contact is kept, by number: its own date, else the latest end of what it takes part in."""
    places = places_of_people().subquery("places")
    ends = sa.func.coalesce(Programme.ends, Cluster.ends)
    derived = (
        sa.select(places.c.person_id, sa.func.max(ends).label("latest"), sa.func.count(ends).label("known"))
        .add_columns(sa.func.count().label("all"))
        .select_from(places)
        .outerjoin(Cluster, Cluster.id == places.c.cluster_id)
        .outerjoin(Programme, Programme.id == Cluster.programme_id)
        .group_by(places.c.person_id)
        .subquery("derived")
    )
    rows = session.execute(
        sa.select(Person.id, Person.delete_after, derived.c.latest, derived.c.known, derived.c.all)
        .outerjoin(derived, derived.c.person_id == Person.id)
        .where(is_somebody())
        .order_by(Person.id)
    )
    return [
        # One place without an end leaves the latest end unknown: nothing is taken out on a guess.
        Term(number, own or (latest if known == every else None), own is not None)
        for number, own, latest, known, every in rows
    ]


def places_of_people() -> sa.CompoundSelect[Any]:
    """The pairs (person_id, cluster_id) of roles, marks and lines of returns; a role beyond any cluster has none."""
    roles = sa.select(Appointment.person_id, Appointment.cluster_id)
    marks = sa.select(PersonMark.person_id, Meeting.cluster_id).join(Meeting, Meeting.id == PersonMark.meeting_id)
    lines = sa.select(WorkgroupLine.person_id, WorkgroupLine.cluster_id)
    return sa.union(roles, marks, lines)


def is_somebody() -> sa.ColumnElement[bool]:
    """The condition on contacts that they are somebody, not the holders of marks without a name."""
    return Person.purpose.is_distinct_from(NAMELESS)


def _old_records(session: Session, today: date) -> Iterator[tuple[int, date]]:
    """What imports changed about people who are no longer there, and not by a purge."""
    gone = [
        sa.and_(BatchChange.table_name == name, ~sa.exists().where(number == BatchChange.row_id))
        for name, number in _ABOUT_PEOPLE.items()
    ]
    rows = session.execute(
        sa.select(BatchChange.id, BatchChange.before, BatchChange.after, ImportBatch.created_at)
        .join(ImportBatch, ImportBatch.id == BatchChange.batch_id)
        .where(sa.or_(*gone), ImportBatch.created_at < RULE_OF[Kept.IMPORTS].cutoff(today))
    )
    yield from ((number, made.date()) for number, before, after, made in rows if before or after)


def _never_used(session: Session, today: date) -> Iterator[tuple[int, date]]:
    cutoff = RULE_OF[Kept.NEVER_USED].cutoff(today)
    mine = sa.select(AccountGrant.id).where(AccountGrant.account_id == Account.id)
    administrator = sa.and_(Account.active, mine.where(AccountGrant.role == Role.ADMINISTRATOR).exists())
    latest = sa.select(sa.func.max(AccountGrant.granted_at)).where(AccountGrant.account_id == Account.id)
    rows = session.execute(
        sa.select(Account.id, Account.created_at, latest.scalar_subquery()).where(
            Account.last_signed_in_at.is_(None),
            Account.created_at < cutoff,
            ~administrator,
            ~mine.where(AccountGrant.granted_at >= cutoff).exists(),
        )
    )
    yield from ((number, max(made, granted or made).date()) for number, made, granted in rows)


def _disabled(session: Session, today: date) -> Iterator[tuple[int, date]]:
    """Accounts that were used and then disabled. The audit knows when; else the last sign-in stands for it."""
    told = (
        sa.select(AuditEvent.object_key, sa.func.max(AuditEvent.happened_at).label("at"))
        .where(AuditEvent.object_kind == "account", AuditEvent.action == "disable")
        .group_by(AuditEvent.object_key)
        .subquery("told")
    )
    rows = session.execute(
        sa.select(Account.id, told.c.at, Account.last_signed_in_at)
        .outerjoin(told, told.c.object_key == sa.cast(Account.id, sa.String))
        .where(Account.active.is_(False), Account.last_signed_in_at.is_not(None))
    )
    cutoff = RULE_OF[Kept.DISABLED].cutoff(today)
    began = ((number, max(at or signed_in, signed_in)) for number, at, signed_in in rows)
    yield from ((number, moment.date()) for number, moment in began if moment < cutoff)


def _old_concerns(session: Session, today: date) -> Iterator[tuple[int, date]]:
    cutoff = RULE_OF[Kept.CONCERNS].cutoff(today).date()
    rows = session.execute(sa.select(Concern.id, Concern.closed_on).where(Concern.closed_on < cutoff))
    yield from ((number, closed) for number, closed in rows if closed)


def _old_requests(session: Session, today: date) -> Iterator[tuple[int, date]]:
    cutoff = RULE_OF[Kept.REQUESTS].cutoff(today).date()
    rows = session.execute(
        sa.select(ApprovalRequest.id, ApprovalRequest.decided_on).where(
            ApprovalRequest.decided_on < cutoff, ApprovalRequest.summary != WORDS_REMOVED
        )
    )
    yield from ((number, decided) for number, decided in rows if decided)


def _not_seen_since(
    session: Session,
    kept: Kept,
    today: date,
    table: type[WebSession | OpenRegister | Receipt | EvidenceFile],
    seen: sa.SQLColumnExpression[datetime],
) -> Iterator[tuple[int, date]]:
    rows = session.execute(sa.select(table.id, seen).where(seen < RULE_OF[kept].cutoff(today)))
    yield from ((number, at.date()) for number, at in rows)


def _revoked_feeds(session: Session, today: date) -> Iterator[tuple[int, date]]:
    cutoff = RULE_OF[Kept.FEED_LINKS].cutoff(today)
    rows = session.execute(sa.select(FeedLink.id, FeedLink.revoked_at).where(FeedLink.revoked_at < cutoff))
    yield from ((number, revoked.date()) for number, revoked in rows if revoked)


def _old_links(
    session: Session,
    today: date,
    table: type[ScreenLink | SetUpLink],
    ended: sa.SQLColumnExpression[datetime | None],
) -> Iterator[tuple[int, date]]:
    """Links whose time is up, or that somebody ended before."""
    kept = Kept.SCREEN_LINKS if table is ScreenLink else Kept.SET_UP_LINKS
    cutoff = RULE_OF[kept].cutoff(today)
    rows = session.execute(
        sa.select(table.id, table.expires_at, ended).where(sa.or_(table.expires_at < cutoff, ended < cutoff))
    )
    yield from ((number, min(expires, early or expires).date()) for number, expires, early in rows)
