"""Is the store sound? What the database itself says, and what must hold between its tables."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard import audit, migrations
from dashboard.academic_year import AcademicYear
from dashboard.access import was_member
from dashboard.db import Store
from dashboard.frames import count_where
from dashboard.models import (
    Allocation,
    Contribution,
    Criterion,
    CriterionSchool,
    Evidence,
    ImportBatch,
    LedgerLine,
    Meeting,
    Membership,
    Target,
)
from dashboard.vocabulary import ContributionKind, ContributionState, CriterionState, Provenance


def find_faults(store: Store) -> list[str]:
    """One sentence for each fault; empty when the store is sound."""
    current = migrations.current_revision(store)
    if current != migrations.newest_revision():
        return [f"The schema stands at {current or 'nothing'}, not at {migrations.newest_revision()}: run upgrade."]
    with store.reading() as session:
        faults = [] if store.is_postgresql else _sqlite_faults(session)
        faults += _years_that_do_not_fit(session) + _overlapping_memberships(session) + _unmarked(session)
        faults += _levies_that_do_not_fit(session)
        faults += _evidence_without_a_line(session) + _ticks_that_say_otherwise(session)
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


def _evidence_without_a_line(session: Session) -> list[str]:
    """Every piece of evidence is a line of its target's evaluation cell with the same words: the cell goes to Word."""
    rows = session.execute(
        sa.select(Target.id, Target.cell_evaluation, Evidence.id, Evidence.text)
        .join(Evidence, Evidence.target_id == Target.id)
        .order_by(Target.id, Evidence.id)
        .execution_options(yield_per=_AT_A_TIME)
    )
    return [
        f"Evidence {evidence_id} is no line of the evaluation cell of target {target_id}."
        for target_id, cell, evidence_id, text in rows
        if text not in {line.text for line in cell or ()}
    ]


def _ticks_that_say_otherwise(session: Session) -> list[str]:
    """The state of a criterion that each school has to meet follows the ticks of the schools that were members in that
    year (2.13), once there are any.
    """
    ticks = sa.func.count(CriterionSchool.id)
    met = sa.func.count(sa.distinct(sa.case((CriterionSchool.state == CriterionState.MET, Membership.school_id))))
    not_met = count_where(CriterionSchool.state == CriterionState.NOT_MET)
    follows = sa.case(
        (not_met > 0, CriterionState.NOT_MET.value),
        (met == sa.func.count(sa.distinct(Membership.school_id)), CriterionState.MET.value),
        else_=CriterionState.NO_EVIDENCE.value,
    )
    rows = session.execute(
        sa.select(Criterion.id)
        .join(Target, Target.id == Criterion.target_id)
        .join(Membership, was_member(Membership, Target.cluster_id, Target.year))
        .outerjoin(
            CriterionSchool,
            sa.and_(CriterionSchool.criterion_id == Criterion.id, CriterionSchool.school_id == Membership.school_id),
        )
        .where(Criterion.per_school)
        .group_by(Criterion.id, Criterion.state)
        .having(ticks > 0, sa.cast(Criterion.state, sa.String) != follows)
        .order_by(Criterion.id)
    )
    return [f"Criterion {row.id} does not stand as the ticks of its schools say." for row in rows]


_AT_A_TIME = 1_000


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
