"""Is the store sound? What the database itself says, and what must hold between its tables."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard import audit, migrations
from dashboard.academic_year import AcademicYear
from dashboard.db import Store
from dashboard.models import Allocation, Contribution, ImportBatch, LedgerLine, Meeting, Membership, Target
from dashboard.vocabulary import ContributionKind, ContributionState, Provenance


def find_faults(store: Store) -> list[str]:
    """One sentence for each fault; empty when the store is sound."""
    current = migrations.current_revision(store)
    if current != migrations.newest_revision():
        return [f"The schema stands at {current or 'nothing'}, not at {migrations.newest_revision()}: run upgrade."]
    with store.reading() as session:
        faults = [] if store.is_postgresql else _sqlite_faults(session)
        faults += _years_that_do_not_fit(session) + _overlapping_memberships(session) + _unmarked(session)
        faults += _levies_that_do_not_fit(session)
        return faults + audit.find_faults(session)


def _sqlite_faults(session: Session) -> list[str]:
    answers = session.execute(sa.text("PRAGMA integrity_check")).scalars().all()
    broken = [f"SQLite: {answer}" for answer in answers if answer != "ok"]
    return broken + [
        f"A row of {row[0]} points at nothing." for row in session.execute(sa.text("PRAGMA foreign_key_check"))
    ]


def _years_that_do_not_fit(session: Session) -> list[str]:
    """Meetings and lines keep the academic year beside their date, if they have one; both must agree."""
    faults = []
    for table, day in ((Meeting, Meeting.held_on), (LedgerLine, LedgerLine.spent_on)):
        for year, first, last in session.execute(
            sa.select(table.year, sa.func.min(day), sa.func.max(day)).group_by(table.year)
        ):
            if any(AcademicYear.of(each).start != year for each in (first, last) if each is not None):
                faults.append(f"{table.__tablename__}: rows of {AcademicYear(year)} are dated {first} to {last}.")
    return faults


def _overlapping_memberships(session: Session) -> list[str]:
    """A school must not be a member of one cluster twice on a day: its marks would count twice."""
    other = aliased(Membership)
    pairs = session.execute(
        sa.select(Membership.cluster_id, Membership.school_id)
        .join(
            other,
            (other.cluster_id == Membership.cluster_id)
            & (other.school_id == Membership.school_id)
            & (other.id > Membership.id),
        )
        .where(
            sa.or_(Membership.left.is_(None), other.joined.is_(None), Membership.left >= other.joined),
            sa.or_(other.left.is_(None), Membership.joined.is_(None), other.left >= Membership.joined),
        )
    )
    return [f"School {row.school_id} is in cluster {row.cluster_id} twice at the same time." for row in pairs]


def _levies_that_do_not_fit(session: Session) -> list[str]:
    """A levy that is paid is an allocation of the same amount, and of no other contribution is there one."""
    paid = sa.and_(Contribution.kind == ContributionKind.LEVY, Contribution.state == ContributionState.PAID)
    allocated = sa.func.coalesce(sa.func.sum(Allocation.amount), 0)
    rows = session.execute(
        sa.select(Contribution.id)
        .outerjoin(Allocation, Allocation.contribution_id == Contribution.id)
        .group_by(Contribution.id, Contribution.kind, Contribution.state, Contribution.amount)
        .having(allocated != sa.case((paid, sa.func.coalesce(Contribution.amount, 0)), else_=0))
        .order_by(Contribution.id)
    )
    return [f"Contribution {row.id} is not what the pot holds of it." for row in rows]


def _unmarked(session: Session) -> list[str]:
    """What an illustrative batch brought must say so on the row."""
    faults = []
    for table in (Meeting, LedgerLine, Target):
        count = session.scalar(
            sa.select(sa.func.count(table.id))
            .join(ImportBatch, ImportBatch.id == table.batch_id)
            .where(table.illustrative != (ImportBatch.provenance == Provenance.ILLUSTRATIVE))
        )
        if count:
            faults.append(f"{table.__tablename__}: {count} rows do not say whether they are illustrative.")
    return faults
