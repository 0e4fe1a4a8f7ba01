"""What happened in clusters, for the page that shows and records it. Every query takes the reader's scope."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.access import Scope, visible_clusters, visible_schools
from dashboard.directory.expected import covers
from dashboard.frames import alphabetical
from dashboard.models import (
    Appointment,
    ContextEvent,
    LifecycleEvent,
    LifecycleReason,
    Meeting,
    Membership,
    Person,
    PersonMark,
    School,
    Trust,
    TrustMembership,
)
from dashboard.vocabulary import EventKind


@dataclass(frozen=True)
class EventRow:
    """One event, with the colleagues it is about by name."""

    id: int
    cluster_id: int
    school_id: int | None
    school: str | None
    name: str | None
    """Of the school; the event of a cluster as a whole has none."""
    kind: EventKind
    happened_on: date
    ends_on: date | None
    review_on: date | None
    reviewed_on: date | None
    of_a_person: bool
    person: str | None
    successor: str | None
    newcomer: str | None
    trust: str | None
    illustrative: bool


@dataclass(frozen=True)
class ContextRow:
    """Something outside the cluster (1.5)."""

    id: int
    cluster_id: int
    happened_on: date
    words: str
    illustrative: bool


@dataclass(frozen=True)
class ReasonRow:
    """Why something happened."""

    event_id: int
    cluster_id: int
    reason: str


@dataclass(frozen=True)
class SchoolRow:
    """A school of a cluster, now or before."""

    cluster_id: int
    school_id: int
    school: str
    name: str
    member: bool
    """Whether it belongs to the cluster on the day that was asked about."""


@dataclass(frozen=True)
class ColleagueRow:
    """Somebody whom a school of a cluster is known by."""

    cluster_id: int
    school_id: int
    person: str


def load_events(session: Session, scope: Scope, cluster_id: int | None = None) -> list[EventRow]:
    """The events of a cluster, or of all that are seen whole, newest first: with them colleagues are told by name."""
    newcomer, heir = aliased(School), aliased(Person)
    statement = (
        sa.select(
            LifecycleEvent.id,
            LifecycleEvent.cluster_id,
            LifecycleEvent.school_id,
            School.slug.label("school"),
            School.name,
            LifecycleEvent.kind,
            LifecycleEvent.happened_on,
            LifecycleEvent.ends_on,
            LifecycleEvent.review_on,
            LifecycleEvent.reviewed_on,
            LifecycleEvent.of_a_person,
            Person.name.label("person"),
            heir.name.label("successor"),
            newcomer.name.label("newcomer"),
            sa.case((LifecycleEvent.kind == EventKind.FEDERATED, Trust.name)).label("trust"),
            LifecycleEvent.illustrative,
        )
        .outerjoin(School, School.id == LifecycleEvent.school_id)
        .outerjoin(Person, Person.id == LifecycleEvent.person_id)
        .outerjoin(heir, heir.id == LifecycleEvent.replaced_by_person_id)
        .outerjoin(newcomer, newcomer.id == LifecycleEvent.replaced_by_school_id)
        .outerjoin(
            TrustMembership,
            (TrustMembership.school_id == LifecycleEvent.school_id)
            & (TrustMembership.joined == LifecycleEvent.happened_on),
        )
        .outerjoin(Trust, Trust.id == TrustMembership.trust_id)
        .where(LifecycleEvent.cluster_id.in_(visible_clusters(scope)))
        .order_by(LifecycleEvent.happened_on.desc(), LifecycleEvent.id.desc())
    )
    if cluster_id is not None:
        statement = statement.where(LifecycleEvent.cluster_id == cluster_id)
    return [
        EventRow(**row._asdict() | {"of_a_person": bool(row.of_a_person), "illustrative": bool(row.illustrative)})
        for row in session.execute(statement)
    ]


def load_context_rows(session: Session, scope: Scope, cluster_id: int | None = None) -> list[ContextRow]:
    """The context events of clusters that are seen whole, newest first."""
    statement = (
        sa.select(
            ContextEvent.id, ContextEvent.cluster_id, ContextEvent.happened_on, ContextEvent.words,
            ContextEvent.illustrative,
        )
        .where(ContextEvent.cluster_id.in_(visible_clusters(scope)))
        .order_by(ContextEvent.happened_on.desc(), ContextEvent.id.desc())
    )  # fmt: skip
    if cluster_id is not None:
        statement = statement.where(ContextEvent.cluster_id == cluster_id)
    return [ContextRow(*row) for row in session.execute(statement)]


def load_reasons(session: Session, scope: Scope, cluster_id: int | None = None) -> list[ReasonRow]:
    """Why things happened. `scope` is what the reader may see reasons of, which is less than events (3.5)."""
    statement = (
        sa.select(LifecycleReason.event_id, LifecycleReason.cluster_id, LifecycleReason.reason)
        .where(LifecycleReason.cluster_id.in_(visible_clusters(scope)))
        .order_by(LifecycleReason.event_id)
    )
    if cluster_id is not None:
        statement = statement.where(LifecycleReason.cluster_id == cluster_id)
    return [ReasonRow(*row) for row in session.execute(statement)]


def load_schools(session: Session, scope: Scope, on: date, cluster_id: int | None = None) -> list[SchoolRow]:
    """The schools that are or were in a cluster that is seen whole, by name, each once."""
    statement = (
        sa.select(
            Membership.cluster_id,
            School.id,
            School.slug,
            School.name,
            sa.func.max(sa.case((covers(Membership, on), 1), else_=0)),
        )
        .join(School, School.id == Membership.school_id)
        .where(Membership.cluster_id.in_(visible_clusters(scope)))
        .group_by(Membership.cluster_id, School.id, School.slug, School.name)
        .order_by(alphabetical(School.name), School.id)
    )
    if cluster_id is not None:
        statement = statement.where(Membership.cluster_id == cluster_id)
    return [
        SchoolRow(in_cluster, number, slug, name, bool(member))
        for in_cluster, number, slug, name, member in session.execute(statement)
    ]


def load_colleagues(session: Session, scope: Scope, cluster_id: int | None = None) -> list[ColleagueRow]:
    """The colleagues of schools by name, of clusters that are seen whole: by their roles and from registers."""
    by_role = (
        sa.select(Appointment.cluster_id, Appointment.school_id, Person.name)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.school_id.is_not(None))
    )
    by_mark = (
        sa.select(Meeting.cluster_id, PersonMark.school_id, Person.name)
        .join(Meeting, Meeting.id == PersonMark.meeting_id)
        .join(Person, Person.id == PersonMark.person_id)
    )
    known = sa.union(by_role, by_mark).subquery()
    statement = sa.select(known).where(known.c.cluster_id.in_(visible_clusters(scope)))
    if cluster_id is not None:
        statement = statement.where(known.c.cluster_id == cluster_id)
    return sorted(
        (ColleagueRow(*row) for row in session.execute(statement)), key=lambda row: (row.school_id, row.person)
    )


def find_newcomer(session: Session, scope: Scope, written: str) -> list[tuple[int, str]]:
    """The schools in sight that somebody may mean by an address, a URN or a name: number and name of each."""
    meant = [School.slug == written, sa.func.lower(School.name) == written.lower()]
    if written.isascii() and written.isdecimal() and len(written) <= 7:
        meant.append(School.urn == int(written))
    statement = sa.select(School.id, School.name).where(sa.or_(*meant), School.id.in_(visible_schools(scope)))
    return [(number, name) for number, name in session.execute(statement.order_by(School.id))]
