"""A cluster of three schools, one that is in no cluster, and a decoy of another programme beside them."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy.orm import Session

from dashboard.access import Grant, Reader
from dashboard.db import Store
from dashboard.models import Cluster, School
from dashboard.vocabulary import Role
from tests import builders as put

JOINED = date(2015, 9, 1)


@dataclass(frozen=True)
class Places:
    """The numbers of what stands in the store."""

    river: int
    mill: int
    decoy: int
    ford: int
    weir: int
    lock: int
    decoy_school: int

    def reader(self, role: Role) -> Reader:
        """Somebody whose role is held at the own place."""
        grant = {
            Role.DIRECTOR: Grant(role, programme_id=self.river),
            Role.ADVISOR: Grant(role, programme_id=self.river),
            Role.COORDINATOR: Grant(role, cluster_id=self.mill),
            Role.BURSAR: Grant(role, cluster_id=self.mill),
            Role.STEERING: Grant(role, cluster_id=self.mill),
            Role.HEADTEACHER: Grant(role, school_id=self.ford),
            Role.ADMINISTRATOR: Grant(role),
        }[role]
        return Reader(role.value.capitalize(), (grant,), known_as=role.value)


def settle(session: Session) -> Places:
    """Ford and Weir are members of the Mill Cluster since 1 September 2015, Lock since nobody knows when."""
    river, hill = put.programme(session, "River"), put.programme(session, "Hill")
    mill = put.cluster(session, "Mill Cluster", under=river)
    decoy = put.cluster(session, "Decoy Cluster", under=hill)
    ford, weir, lock = (put.school(session, f"{name} School") for name in ("Ford", "Weir", "Lock"))
    put.membership(session, mill, ford, JOINED)
    put.membership(session, mill, weir, JOINED)
    put.membership(session, mill, lock)
    other = put.school(session, "Decoy School", within=decoy)
    return Places(river.id, mill.id, decoy.id, ford.id, weir.id, lock.id, other.id)


def members(session: Session, of: int) -> set[tuple[str, date | None, date | None]]:
    """The memberships of a cluster: school (slug), first and last day."""
    rows = session.query(put.Membership, School).join(School, School.id == put.Membership.school_id)
    return {(school.slug, spell.joined, spell.left) for spell, school in rows.filter(put.Membership.cluster_id == of)}


def cluster_of(session: Session, number: int) -> Cluster:
    return session.get_one(Cluster, number)


@pytest.fixture
def at(store: Store) -> Places:
    with store.writing() as session:
        return settle(session)
