"""What must be known around a line of the ledger to hold it against the rules of its programme. Reads only.

Whoever asks has looked the cluster, the school and the request up within a scope already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.academic_year import AcademicYear
from dashboard.directory.expected import belongs
from dashboard.frames import alphabetical, total
from dashboard.funding.checks import ALLOWANCES, Around, LineFacts, RequestFacts, is_half_day
from dashboard.models import Allocation, ApprovalRequest, CarriedBalance, LedgerLine, Membership, School
from dashboard.rules import RuleSet
from dashboard.vocabulary import COMMITTED_STATES, SPENT_STATES, LinePurpose, Pot

_BINDING = (*SPENT_STATES, *COMMITTED_STATES)


@dataclass(frozen=True)
class Tied:
    """What a line belongs to, and which stored line it is, if it is one already."""

    cluster_id: int
    school_id: int | None = None
    request_id: int | None = None
    line_id: int | None = None


def load_around(
    session: Session, tied: Tied, line: LineFacts, rules: RuleSet, as_of: date, *, sees_requests: bool
) -> Around:
    """What the rules ask of the other lines of the ledger, of the school and of the request; only what they would."""
    forward = used = 0
    if line.pot is Pot.LEAD_HELD and line.part in ALLOWANCES:
        forward, used = _forward(session, tied, line, rules), _used(session, tied, line)
    marks = line.purpose is LinePurpose.QUALITY_MARK and tied.school_id is not None
    return Around(
        as_of=as_of,
        half_days=_half_days(session, tied, line) if is_half_day(line) else 0,
        mark_since=session.scalar(sa.select(School.quality_mark_on).where(School.id == tied.school_id))
        if marks
        else None,
        other_marks=_other_marks(session, tied) if marks else 0,
        request=_request(session, tied) if tied.request_id and sees_requests else None,
        request_hidden=tied.request_id is not None and not sees_requests,
        allowance_forward=forward,
        allowance_used=used,
    )


@dataclass(frozen=True)
class Member:
    """A school that belongs to a cluster on a day."""

    school_id: int
    school: str
    name: str


def load_members_on(session: Session, cluster_id: int, on: date) -> Sequence[Member]:
    """The schools of a cluster on a day, by name: those over which an invoice is shared."""
    rows = session.execute(
        sa.select(School.id, School.slug, School.name)
        .where(sa.exists().where(belongs(Membership, cluster_id, on), Membership.school_id == School.id))
        .order_by(alphabetical(School.name), School.id)
    )
    return [Member(*row) for row in rows]


def _others(tied: Tied) -> list[sa.ColumnElement[bool]]:
    """The other lines of the cluster that bind it, without those that were taken back and what took them back."""
    back = aliased(LedgerLine)
    conditions = [
        LedgerLine.cluster_id == tied.cluster_id,
        LedgerLine.state.in_(_BINDING),
        LedgerLine.reverses_id.is_(None),
        ~sa.exists().where(back.reverses_id == LedgerLine.id),
    ]
    return conditions if tied.line_id is None else [*conditions, LedgerLine.id != tied.line_id]


def _half_days(session: Session, tied: Tied, line: LineFacts) -> int:
    each = sa.case((LedgerLine.amount > 0, 1), (LedgerLine.amount < 0, -1), else_=0)
    found = session.scalar(
        sa.select(total(each)).where(
            *_others(tied), LedgerLine.pot == line.pot, LedgerLine.part == line.part,
            LedgerLine.school_id == tied.school_id, LedgerLine.year == line.year.start,
        )
    )  # fmt: skip
    return found or 0


def _mark_since(session: Session, tied: Tied) -> date | None:
    return session.scalar(sa.select(School.quality_mark_on).where(School.id == tied.school_id))


def _other_marks(session: Session, tied: Tied) -> int:
    found = session.scalar(
        sa.select(sa.func.count(sa.distinct(LedgerLine.school_id))).where(
            *_others(tied), LedgerLine.purpose == LinePurpose.QUALITY_MARK, LedgerLine.amount > 0,
            LedgerLine.school_id != tied.school_id,
        )
    )  # fmt: skip
    return found or 0


def _request(session: Session, tied: Tied) -> RequestFacts | None:
    row = session.scalar(
        sa.select(ApprovalRequest).where(
            ApprovalRequest.id == tied.request_id, ApprovalRequest.cluster_id == tied.cluster_id
        )
    )
    if row is None:
        return None
    others = session.scalar(
        sa.select(total(LedgerLine.amount)).where(*_others(tied), LedgerLine.request_id == tied.request_id)
    )
    granted = row.amount if row.granted is None else row.granted
    return RequestFacts(row.kind, row.state, row.decided_on, granted, others or 0)


def _used(session: Session, tied: Tied, line: LineFacts) -> int:
    same = (LedgerLine.pot == line.pot, LedgerLine.part == line.part, LedgerLine.year == line.year.start)
    return session.scalar(sa.select(total(LedgerLine.amount)).where(*_others(tied), *same)) or 0


def _forward(session: Session, tied: Tied, line: LineFacts, rules: RuleSet) -> int:
    """What came into the year: written down by hand, and what earlier years left where the programme rolls it over."""

    def summed(table: type[Allocation | CarriedBalance | LedgerLine], *more: sa.ColumnElement[bool]) -> int:
        same = (table.cluster_id == tied.cluster_id, table.pot == line.pot, table.part == line.part)
        return session.scalar(sa.select(total(table.amount)).where(*same, *more)) or 0

    year: AcademicYear = line.year
    forward = summed(CarriedBalance, CarriedBalance.year == year.start)
    if rules.yes("roll_over"):
        forward += summed(CarriedBalance, CarriedBalance.year < year.start)
        forward += summed(Allocation, Allocation.year < year.start)
        forward -= summed(LedgerLine, LedgerLine.year < year.start, LedgerLine.state.in_(_BINDING))
    return forward
