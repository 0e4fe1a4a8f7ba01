"""Contacts with how long they are kept, and what was taken out before: for whoever looks after contacts.

No scope is taken: contacts are not the matter of a cluster's readers but of the administrator, whom the matrix lets
edit contacts (`Action.EDIT`, `Object.CONTACTS`), and the session has to see the whole store. A contact is the person
with its roles and where they are held; attendance and money are not in here.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.models import Appointment, AuditEvent, Cluster, Person, School
from dashboard.privacy.due import is_somebody, load_terms
from dashboard.privacy.rules import ERASED, PURGE
from dashboard.roles import ROLE_WORDS
from dashboard.wording import day


@dataclass(frozen=True)
class Contact:
    """One contact as the list shows it."""

    id: int
    name: str
    initials: str | None
    work_email: str | None
    purpose: str | None
    roles: tuple[str, ...]
    until: date | None
    own_date: bool
    is_over: bool

    @property
    def state(self) -> str:
        """How long it is kept, in words."""
        if self.until is None:
            return "not known until when"
        return f"{'past its date, ' if self.is_over else 'until '}{day(self.until)}"

    @property
    def because(self) -> str:
        """Where the date comes from, in words."""
        if self.until is None:
            return "no date of its own, and a programme without an end"
        return "its own date" if self.own_date else "end of the programme"


@dataclass(frozen=True)
class TakenOut:
    """One purge or erasure, as the audit tells of it: counts and numbers."""

    number: int
    at: datetime
    actor: str
    what: str
    counts: Mapping[str, int]
    reason: str | None


def load_contacts(session: Session, today: date) -> list[Contact]:
    """Every contact: those past their date first, then those of whom no date is known, then by date and name."""
    terms = {term.person_id: term for term in load_terms(session)}
    roles = _roles(session)
    rows = session.execute(
        sa.select(Person.id, Person.name, Person.initials, Person.work_email, Person.purpose).where(is_somebody())
    )
    contacts = [
        Contact(
            **row._asdict(),
            roles=tuple(roles[row.id]),
            until=terms[row.id].until,
            own_date=terms[row.id].own,
            is_over=terms[row.id].is_over(today),
        )
        for row in rows
    ]
    return sorted(contacts, key=_most_pressing)


def load_taken_out(session: Session, most: int = 50) -> list[TakenOut]:
    """The latest purges and erasures, newest first."""
    rows = session.execute(
        sa.select(AuditEvent)
        .where(AuditEvent.action.in_((PURGE, ERASED)), AuditEvent.object_kind.in_(_WHAT))
        .order_by(AuditEvent.id.desc())
        .limit(most)
    ).scalars()
    return [
        TakenOut(
            event.id,
            event.happened_at,
            event.actor,
            f"{_WHAT[event.object_kind]} {event.object_key or ''}".strip(),
            event.after or {},
            event.reason,
        )
        for event in rows
    ]


_WHAT = {"personal data": "purge", "contact": "erasure of contact", "account": "erasure of account"}


def _most_pressing(contact: Contact) -> tuple[Any, ...]:
    return (
        not contact.is_over,
        contact.until is not None,
        contact.until or date.max,
        contact.name.casefold(),
        contact.id,
    )


def _roles(session: Session) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    place = sa.func.coalesce(School.name, Cluster.name)
    for person_id, role, name in session.execute(
        sa.select(Appointment.person_id, Appointment.role, place)
        .outerjoin(Cluster, Cluster.id == Appointment.cluster_id)
        .outerjoin(School, School.id == Appointment.school_id)
        .order_by(Appointment.id)
    ):
        found[person_id].append(", ".join(each for each in (ROLE_WORDS[role], name) if each))
    return found
