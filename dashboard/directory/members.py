"""The members of one cluster to choose from in a form: those of a day, and those of a year."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, visible_clusters, was_member
from dashboard.directory.expected import belongs
from dashboard.frames import alphabetical
from dashboard.models import Membership, School


@dataclass(frozen=True)
class MemberRow:
    """A school that belongs to a cluster."""

    cluster_id: int
    school_id: int
    school: str
    name: str


def load_members_of_day(session: Session, scope: Scope, cluster_id: int, as_of: date) -> list[MemberRow]:
    """The schools that belong to a cluster on a day, by name; of a cluster that is seen whole."""
    return _members(session, scope, cluster_id, belongs(Membership, cluster_id, as_of))


def load_members_of_year(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> list[MemberRow]:
    """The schools that belong to a cluster on any day of an academic year, by name; of a cluster that is seen whole."""
    return _members(session, scope, cluster_id, was_member(Membership, sa.literal(cluster_id), sa.literal(year.start)))


def _members(session: Session, scope: Scope, cluster_id: int, which: sa.ColumnElement[bool]) -> list[MemberRow]:
    # A school that left and came back belongs twice, and stands once.
    member = sa.exists().where(
        which, Membership.school_id == School.id, Membership.cluster_id.in_(visible_clusters(scope))
    )
    rows = session.execute(
        sa.select(sa.literal(cluster_id), School.id, School.slug, School.name)
        .where(member)
        .order_by(alphabetical(School.name), School.id)
    )
    return [MemberRow(*row) for row in rows]
