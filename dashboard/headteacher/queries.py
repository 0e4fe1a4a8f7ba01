"""What waits for a school and what was done for it, out of the store: facts of schools that the reader sees, with what
the cluster as a whole asks of each.
"""

from datetime import date
from typing import Any, Final

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.access import Scope, may_see, visible_clusters
from dashboard.directory.expected import belongs, is_expected
from dashboard.directory.queries import members_in
from dashboard.frames import Rows, count_where, read_frame, total
from dashboard.models import (
    Allocation,
    Cluster,
    Contribution,
    LedgerLine,
    LifecycleEvent,
    Meeting,
    Membership,
    OpenBook,
    Participation,
    Project,
    SchoolCommitment,
    SchoolMark,
    SelfEvaluation,
    WorkgroupCall,
    WorkgroupLine,
    WorkgroupReturn,
    WorkingGroup,
    WorkingGroupSchool,
)
from dashboard.vocabulary import (
    ATTENDED_MARKS,
    COMMITTED_STATES,
    EXPECTED_MARKS,
    SPENT_STATES,
    Commitment,
    ContributionState,
    EventKind,
    LinePurpose,
    Mark,
    Part,
    UseCode,
)

VISITS: Final = (UseCode.A3, UseCode.C3)
"""Visits to one another's schools (3.2), and of the coordinator to a school or its head (3.4)."""
RESOURCES: Final = (UseCode.B1, UseCode.B2, UseCode.B3, UseCode.B4)
"""Things for schools (3.3)."""


def load_next_meetings(
    session: Session, scope: Scope, years: sa.CTE, as_of: date, school_id: int | None = None
) -> pd.DataFrame:
    """The meetings from a day on at which a school is expected, the soonest first, of the clusters of a view.

    Columns: cluster_id, school_id, meeting_id, held_on, kind, title, starts_at, ends_at. Not those of which the
    register says already that the school is not expected.
    """
    member = Membership
    excused = sa.exists().where(
        SchoolMark.meeting_id == Meeting.id,
        SchoolMark.school_id == member.school_id,
        SchoolMark.mark == Mark.NOT_EXPECTED,
    )
    statement = (
        sa.select(
            Meeting.cluster_id,
            member.school_id,
            Meeting.id.label("meeting_id"),
            Meeting.held_on,
            Meeting.kind,
            Meeting.title,
            Meeting.starts_at,
            Meeting.ends_at,
        )
        .select_from(years)
        .join(Meeting, Meeting.cluster_id == years.c.cluster_id)
        .join(member, is_expected(member, Meeting.cluster_id, Meeting.held_on))
        .where(Meeting.held_on >= as_of, may_see(scope, Meeting.cluster_id, member.school_id), sa.not_(excused))
        .distinct()
        .order_by(Meeting.held_on, Meeting.starts_at, Meeting.id, member.school_id)
    )
    return read_frame(session, statement if school_id is None else statement.where(member.school_id == school_id))


def load_call(session: Session, scope: Scope, years: sa.CTE, school_id: int | None = None) -> pd.DataFrame:
    """The schools of which the workgroup's latest return of the year says nothing though their programme asks (0.2).

    Columns: cluster_id, school_id, due_at. Only for those who see the cluster whole: they send the return.
    """
    members = _members(scope, years, school_id)
    later = aliased(WorkgroupReturn)
    replaced = sa.exists().where(
        later.cluster_id == WorkgroupReturn.cluster_id,
        later.year == WorkgroupReturn.year,
        later.version > WorkgroupReturn.version,
    )
    named = sa.exists().where(
        WorkgroupReturn.cluster_id == members.c.cluster_id,
        WorkgroupReturn.year == members.c.year,
        sa.not_(replaced.correlate(WorkgroupReturn)),
        WorkgroupLine.return_id == WorkgroupReturn.id,
        WorkgroupLine.school_id == members.c.school_id,
    )
    return read_frame(
        session,
        sa.select(members.c.cluster_id, members.c.school_id, WorkgroupCall.due_at)
        .select_from(members)
        .join(Cluster, Cluster.id == members.c.cluster_id)
        .join(
            WorkgroupCall,
            sa.and_(WorkgroupCall.programme_id == Cluster.programme_id, WorkgroupCall.year == members.c.year),
        )
        .where(Cluster.id.in_(visible_clusters(scope)), sa.not_(named))
        .order_by(members.c.cluster_id, members.c.school_id),
    )


def load_waiting(
    session: Session, scope: Scope, years: sa.CTE, as_of: date, school_id: int | None = None
) -> pd.DataFrame:
    """What waits for a school, one row for each: cluster_id, school_id, kind, due, code, words, number, amount.

    kind "contribution": agreed and not paid or given; code is its kind, words what it is for, number minutes, amount
    pence. "invoice": lines of the school that are promised and not invoiced (3.18); due the day of the oldest, code the
    pot, number lines, amount pence. "evaluation": other schools answered in the year and this one did not (1.15).
    "commitment": others said whether they go on after the programme and this one did not, or is undecided (3.17); due
    the cluster's last day, code "undecided" or nothing. "open book": number other schools lay their books open, this
    one does not (1.11). "sabbatical": one that is to be looked at again (3.6).
    """
    members = _members(scope, years, school_id)
    parts = (
        _contributions(members),
        _invoices(members),
        _evaluations(members),
        _commitments(members, as_of),
        _open_books(members, as_of),
        _sabbaticals(members, as_of),
    )
    rows = sa.union_all(*parts).subquery("waiting")
    return read_frame(
        session, sa.select(*rows.c).order_by(rows.c.cluster_id, rows.c.school_id, rows.c.kind, rows.c.due, rows.c.code)
    )


def _members(scope: Scope, years: sa.CTE, school_id: int | None) -> sa.CTE:
    """The schools of the chosen cluster-years that a reader sees, with the year; one alone where it is named."""
    each = members_in(years).subquery()
    chosen = sa.select(each.c.cluster_id, each.c.school_id, each.c.year).where(
        may_see(scope, each.c.cluster_id, each.c.school_id)
    )
    return (chosen if school_id is None else chosen.where(each.c.school_id == school_id)).cte("seen_members")


def _waits(
    members: sa.CTE, kind: str, *, due: Any = None, code: Any = None, words: Any = None, number: Any = None,
    amount: Any = None,
) -> Rows:  # fmt: skip
    """A row of `load_waiting`. Types are said, for PostgreSQL takes nothing for text."""
    return sa.select(
        members.c.cluster_id,
        members.c.school_id,
        sa.literal(kind).label("kind"),
        (due if due is not None else sa.cast(sa.null(), sa.Date())).label("due"),
        sa.cast(code if code is not None else sa.null(), sa.String()).label("code"),
        sa.cast(words if words is not None else sa.null(), sa.String()).label("words"),
        sa.cast(number if number is not None else sa.null(), sa.BigInteger()).label("number"),
        sa.cast(amount if amount is not None else sa.null(), sa.BigInteger()).label("amount"),
    )


def _of(table: type[Any], members: sa.CTE, *, yearly: bool = True) -> sa.ColumnElement[bool]:
    """The rows of a table about a member, in its year."""
    own = sa.and_(table.cluster_id == members.c.cluster_id, table.school_id == members.c.school_id)
    return sa.and_(own, table.year == members.c.year) if yearly else own


def _contributions(members: sa.CTE) -> Rows:
    return _waits(
        members, "contribution", due=Contribution.due_on, code=Contribution.kind, words=Contribution.words,
        number=Contribution.minutes, amount=Contribution.amount,
    ).join(
        Contribution, sa.and_(_of(Contribution, members), Contribution.state == ContributionState.AGREED)
    )  # fmt: skip


def _invoices(members: sa.CTE) -> Rows:
    return (
        _waits(
            members, "invoice", due=sa.func.min(LedgerLine.spent_on), code=LedgerLine.pot,
            number=sa.func.count(LedgerLine.id), amount=total(LedgerLine.amount),
        )
        .join(LedgerLine, sa.and_(_of(LedgerLine, members), LedgerLine.state.in_(COMMITTED_STATES)))
        .group_by(members.c.cluster_id, members.c.school_id, LedgerLine.pot)
    )  # fmt: skip


def _evaluations(members: sa.CTE) -> Rows:
    any_school = sa.exists().where(
        SelfEvaluation.cluster_id == members.c.cluster_id, SelfEvaluation.year == members.c.year
    )
    own = sa.exists().where(_of(SelfEvaluation, members))
    return _waits(members, "evaluation").where(any_school, sa.not_(own))


def _commitments(members: sa.CTE, as_of: date) -> Rows:
    own = aliased(SchoolCommitment)
    somebody = sa.exists().where(SchoolCommitment.cluster_id == members.c.cluster_id)
    return (
        _waits(members, "commitment", due=Cluster.ends, code=own.answer)
        .join(Cluster, Cluster.id == members.c.cluster_id)
        .outerjoin(own, _of(own, members, yearly=False))
        .where(
            _belongs_on(members, as_of),
            sa.or_(own.answer == Commitment.UNDECIDED, sa.and_(own.id.is_(None), somebody)),
        )
    )


def _open_books(members: sa.CTE, as_of: date) -> Rows:
    other, they = aliased(OpenBook), aliased(Membership)
    others = (
        sa.select(sa.func.count(sa.distinct(other.school_id)))
        .join(they, they.school_id == other.school_id)
        .where(
            other.cluster_id == members.c.cluster_id,
            other.school_id != members.c.school_id,
            other.withdrawn_on.is_(None),
            belongs(they, members.c.cluster_id, as_of),
        )
        .correlate(members)
        .scalar_subquery()
    )
    own = sa.exists().where(_of(OpenBook, members, yearly=False), OpenBook.withdrawn_on.is_(None))
    return _waits(members, "open book", number=others).where(_belongs_on(members, as_of), sa.not_(own), others > 0)


def _sabbaticals(members: sa.CTE, as_of: date) -> Rows:
    return _waits(members, "sabbatical", due=LifecycleEvent.review_on).join(
        LifecycleEvent,
        sa.and_(
            _of(LifecycleEvent, members, yearly=False),
            LifecycleEvent.kind == EventKind.SABBATICAL,
            LifecycleEvent.of_a_person.is_(False),
            LifecycleEvent.happened_on <= as_of,
            LifecycleEvent.review_on.is_not(None),
            LifecycleEvent.reviewed_on.is_(None),
        ),
    )


def _belongs_on(members: sa.CTE, day: date) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        belongs(Membership, members.c.cluster_id, day), Membership.school_id == members.c.school_id
    )


def load_done(session: Session, scope: Scope, years: sa.CTE, as_of: date, school_id: int | None = None) -> pd.DataFrame:
    """What a cluster did for a school in its year, and what the school put in: one row for each kind of fact.

    Columns: cluster_id, school_id, kind, code, words, number, whole, amount (pence), illustrative, rows (entries).
    "meeting": code the kind of meeting; the school came to `number` of `whole` past ones with a mark at which it was
    expected. "given": money allocated to it; code the pot, words the part. "visit", "resources", "spent": lines spent
    for it apart from release; code the pot, number lines. "put in": contributions paid or given, code the kind, number
    minutes. "group": a working group that it is in, by name; number its people where counted, whole 1 where it leads.
    "children": a project by name; number children, whole year groups.
    """
    members = _members(scope, years, school_id)
    parts = (
        _meetings(members, as_of),
        _given(members),
        _spent(members),
        _put_in(members),
        _groups(members),
        _children(members),
    )
    rows = sa.union_all(*parts).subquery("done")
    order = (rows.c.cluster_id, rows.c.school_id, rows.c.kind, rows.c.code, rows.c.words)
    return read_frame(session, sa.select(*rows.c).order_by(*order))


def _done(
    members: sa.CTE, kind: Any, *, code: Any = None, words: Any = None, number: Any = None, whole: Any = None,
    amount: Any = None, illustrative: Any, rows: Any,
) -> Rows:  # fmt: skip
    return sa.select(
        members.c.cluster_id,
        members.c.school_id,
        (sa.literal(kind) if isinstance(kind, str) else kind).label("kind"),
        sa.cast(code if code is not None else sa.null(), sa.String()).label("code"),
        sa.cast(words if words is not None else sa.null(), sa.String()).label("words"),
        sa.cast(number if number is not None else sa.null(), sa.BigInteger()).label("number"),
        sa.cast(whole if whole is not None else sa.null(), sa.BigInteger()).label("whole"),
        sa.cast(amount if amount is not None else sa.null(), sa.BigInteger()).label("amount"),
        sa.cast(illustrative, sa.BigInteger()).label("illustrative"),
        sa.cast(rows, sa.BigInteger()).label("rows"),
    )


def _meetings(members: sa.CTE, as_of: date) -> Rows:
    member = aliased(Membership)
    expected = is_expected(member, Meeting.cluster_id, Meeting.held_on)
    came = sa.case((SchoolMark.mark.in_(ATTENDED_MARKS), Meeting.id))
    return (
        _done(
            members, "meeting", code=Meeting.kind, number=sa.func.count(sa.distinct(came)),
            whole=sa.func.count(sa.distinct(Meeting.id)), illustrative=count_where(SchoolMark.illustrative),
            rows=sa.func.count(),
        )
        .join(Meeting, sa.and_(Meeting.cluster_id == members.c.cluster_id, Meeting.year == members.c.year))
        .join(member, sa.and_(member.school_id == members.c.school_id, expected))
        .join(
            SchoolMark,
            sa.and_(SchoolMark.meeting_id == Meeting.id, SchoolMark.school_id == members.c.school_id),
        )
        .where(Meeting.held_on <= as_of, SchoolMark.mark.in_(EXPECTED_MARKS))
        .group_by(members.c.cluster_id, members.c.school_id, Meeting.kind)
    )  # fmt: skip


def _given(members: sa.CTE) -> Rows:
    return (
        _done(
            members, "given", code=Allocation.pot, words=Allocation.part, amount=total(Allocation.amount),
            illustrative=count_where(Allocation.illustrative), rows=sa.func.count(),
        )
        .join(Allocation, _of(Allocation, members))
        .group_by(members.c.cluster_id, members.c.school_id, Allocation.pot, Allocation.part)
    )  # fmt: skip


def _spent(members: sa.CTE) -> Rows:
    things = sa.or_(
        LedgerLine.part == Part.RESOURCES, LedgerLine.purpose == LinePurpose.RESOURCES,
        LedgerLine.use_code.in_(RESOURCES),
    )  # fmt: skip
    kind = sa.case((LedgerLine.use_code.in_(VISITS), "visit"), (things, "resources"), else_="spent")
    return (
        _done(
            members, kind, code=LedgerLine.pot, number=sa.func.count(), amount=total(LedgerLine.amount),
            illustrative=count_where(LedgerLine.illustrative), rows=sa.func.count(),
        )
        .join(LedgerLine, _of(LedgerLine, members))
        .where(LedgerLine.state.in_(SPENT_STATES), LedgerLine.part != Part.RELEASE)
        .group_by(members.c.cluster_id, members.c.school_id, sa.text("kind"), LedgerLine.pot)
    )  # fmt: skip


def _put_in(members: sa.CTE) -> Rows:
    return (
        _done(
            members, "put in", code=Contribution.kind, number=total(Contribution.minutes),
            amount=total(Contribution.amount), illustrative=count_where(Contribution.illustrative),
            rows=sa.func.count(),
        )
        .join(Contribution, sa.and_(_of(Contribution, members), Contribution.state == ContributionState.PAID))
        .group_by(members.c.cluster_id, members.c.school_id, Contribution.kind)
    )  # fmt: skip


def _groups(members: sa.CTE) -> Rows:
    own = aliased(WorkingGroupSchool)
    led = sa.func.coalesce(WorkingGroup.lead_school_id, -1) == members.c.school_id
    return (
        _done(
            members, "group", code=WorkingGroup.status, words=WorkingGroup.name, number=own.people,
            whole=sa.case((led, 1), else_=0), illustrative=sa.case((WorkingGroup.illustrative, 1), else_=0),
            rows=sa.literal(1),
        )
        .join(WorkingGroup, WorkingGroup.cluster_id == members.c.cluster_id)
        .outerjoin(
            own, sa.and_(own.working_group_id == WorkingGroup.id, own.school_id == members.c.school_id)
        )
        .where(sa.or_(own.id.is_not(None), led), _in_the_year(WorkingGroup, members))
    )  # fmt: skip


def _children(members: sa.CTE) -> Rows:
    return (
        _done(
            members, "children", words=Project.name, number=total(Participation.children),
            whole=sa.func.count(), illustrative=count_where(Participation.illustrative), rows=sa.func.count(),
        )
        .join(Participation, _of(Participation, members, yearly=False))
        .join(Project, Project.id == Participation.project_id)
        .where(_in_the_year(Project, members))
        .group_by(members.c.cluster_id, members.c.school_id, Project.id, Project.name)
    )  # fmt: skip


def _in_the_year(thing: type[WorkingGroup] | type[Project], members: sa.CTE) -> sa.ColumnElement[bool]:
    """Whether something went on in the year of a member; what has no dates went on."""
    begins, ends = (
        sa.cast(members.c.year, sa.String).concat("-09-01"),
        sa.cast(members.c.year + 1, sa.String).concat("-08-31"),
    )
    return sa.and_(
        sa.or_(thing.starts.is_(None), sa.cast(thing.starts, sa.String) <= ends),
        sa.or_(thing.ends.is_(None), sa.cast(thing.ends, sa.String) >= begins),
    )
