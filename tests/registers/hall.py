"""A cluster on the day of a meeting, with everybody who may come, and a decoy that meets the same day."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from dashboard.access import Grant, Reader, Scope
from dashboard.audit import Actor
from dashboard.models import Account, Appointment, LifecycleEvent, Person, PersonMark, SchoolMark
from dashboard.vocabulary import EventKind, Mark, PersonRole, Role
from tests import builders as put

DAY = date(2017, 3, 8)
ACTOR = Actor("coordinator", "test")


@dataclass(frozen=True)
class Hall:
    """The numbers of what `furnish` put there."""

    mill: int
    decoy: int
    ford: int
    weir: int
    lock: int
    decoy_school: int
    meeting: int
    decoy_meeting: int

    @property
    def scope(self) -> Scope:
        return Scope(cluster_ids=frozenset({self.mill}))


def furnish(session: Session, day: date = DAY) -> Hall:
    """Mill Cluster with Ford, Lock and Weir School and a meeting; the decoy with a school and a meeting of its own."""
    mill, decoy = put.cluster(session, "Mill Cluster"), put.cluster(session, "Decoy Cluster")
    ford, weir, lock = (put.school(session, f"{name} School", within=mill) for name in ("Ford", "Weir", "Lock"))
    other = put.school(session, "Decoy School", within=decoy)
    held, elsewhere = put.meeting(session, mill, day), put.meeting(session, decoy, day)
    return Hall(mill.id, decoy.id, ford.id, weir.id, lock.id, other.id, held.id, elsewhere.id)


def person(
    session: Session,
    name: str,
    *at: tuple[int, int],
    role: PersonRole = PersonRole.SUBJECT_LEAD,
    starts: date | None = None,
    ends: date | None = None,
) -> int:
    """A colleague with a role at each (cluster, school)."""
    made = put.put(session, Person(name=name, purpose="test"))
    for cluster_id, school_id in at:
        put.put(
            session,
            Appointment(
                person_id=made.id, role=role, cluster_id=cluster_id, school_id=school_id, starts=starts, ends=ends
            ),
        )  # fmt: skip
    return made.id


def event(
    session: Session,
    cluster_id: int,
    school_id: int | None,
    begins: date,
    ends: date | None = None,
    *,
    kind: EventKind = EventKind.SABBATICAL,
    person_id: int | None = None,
) -> None:
    put.put(
        session,
        LifecycleEvent(
            cluster_id=cluster_id, school_id=school_id, person_id=person_id, kind=kind, happened_on=begins, ends_on=ends
        ),
    )


def marks(session: Session, meeting_id: int) -> dict[int, Mark]:
    """What stands in the store, by school."""
    return {row.school_id: row.mark for row in session.query(SchoolMark).filter_by(meeting_id=meeting_id)}


def ticks(session: Session, meeting_id: int) -> dict[int, Mark]:
    """What stands in the store, by person."""
    return {row.person_id: row.mark for row in session.query(PersonMark).filter_by(meeting_id=meeting_id)}


def coordinator(cluster_id: int, account_id: int | None = None) -> Reader:
    return Reader("Coordinator", (Grant(Role.COORDINATOR, cluster_id=cluster_id),), account_id, known_as="coordinator")


def account_of(session: Session, email: str) -> int:
    """An account of no role, for a reader to have a number."""
    made = put.put(session, Account(email=email, fs_uniquifier=email))
    return made.id
