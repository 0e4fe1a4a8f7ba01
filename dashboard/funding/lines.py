"""The lines of a ledger out of the store, their sums, and what hangs on one of them. Nothing is written here.

Whoever sees a cluster whole sees all of its lines; a school those of the money that it holds (`reach.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.access import Scope, clusters_in_totals, may_see, may_see_totals, visible_clusters
from dashboard.frames import Rows, alphabetical, count_where, total
from dashboard.funding.reach import lines_within
from dashboard.models import (
    ApprovalRequest,
    AuditEvent,
    Cluster,
    Contribution,
    LedgerLine,
    Meeting,
    Membership,
    Receipt,
    School,
    Target,
)
from dashboard.vocabulary import (
    COMMITTED_STATES,
    SPENT_STATES,
    Attempt,
    ContributionState,
    LinePurpose,
    LineState,
    MeetingKind,
    Part,
    Pot,
    RequestKind,
    RequestState,
    UseCode,
)


@dataclass(frozen=True)
class Filters:
    """Which lines are asked for: any of the named ones of each kind; nothing named means all. None among the values of
    a kind stands for lines that have none of it.
    """

    year: int | None = None
    pots: tuple[Pot, ...] = ()
    parts: tuple[Part, ...] = ()
    uses: tuple[UseCode | None, ...] = ()
    purposes: tuple[LinePurpose | None, ...] = ()
    states: tuple[LineState, ...] = ()
    schools: tuple[str | None, ...] = ()
    """Slugs."""
    targets: tuple[int | str | None, ...] = ()
    """Numbers, or codes of the plan."""
    meetings: tuple[int | None, ...] = ()
    lines: tuple[int, ...] = ()


ALL_LINES = Filters()


@dataclass(frozen=True)
class LineRow:
    """One line with the names of what it belongs to. Pence; `amount` is net of VAT."""

    line_id: int
    cluster_id: int
    cluster: str
    year: int
    spent_on: date | None
    pot: Pot
    part: Part
    use_code: UseCode | None
    purpose: LinePurpose | None
    supplier: str | None
    description: str | None
    reference: str | None
    amount: int
    vat: int
    state: LineState
    school_id: int | None
    school: str | None
    school_name: str | None
    meeting_id: int | None
    held_on: date | None
    target_id: int | None
    target: str | None
    target_title: str | None
    request_id: int | None
    reverses_id: int | None
    reversed_by: int | None
    """The line that takes this one back."""
    note: str | None
    receipts: int
    batch_id: int | None
    illustrative: bool
    version: int

    @property
    def gross(self) -> int:
        """With VAT."""
        return self.amount + self.vat

    @property
    def open(self) -> bool:
        """Whether it may still be changed."""
        return self.reverses_id is None and self.reversed_by is None and self.state is not LineState.REVERSED


def load_lines(
    session: Session,
    scope: Scope,
    cluster_id: int,
    filters: Filters = ALL_LINES,
    *,
    most: int = 100,
    skip: int = 0,
) -> list[LineRow]:
    """The lines of a cluster, the newest first: at most so many after the first `skip`. One without a day comes first
    in its year.
    """
    rows = session.execute(
        _rows()
        .where(LedgerLine.cluster_id == cluster_id, lines_within(scope), *_asked(filters))
        .order_by(
            LedgerLine.year.desc(),
            sa.case((LedgerLine.spent_on.is_(None), 0), else_=1),
            LedgerLine.spent_on.desc(),
            LedgerLine.id.desc(),
        )
        .limit(most)
        .offset(skip)
    )
    return [LineRow(**row._asdict()) for row in rows]


def find_line(session: Session, scope: Scope, line_id: int) -> LineRow | None:
    """The line of a number; None when there is none or it is not the reader's to see."""
    row = session.execute(_rows().where(LedgerLine.id == line_id, lines_within(scope))).one_or_none()
    return LineRow(**row._asdict()) if row else None


@dataclass(frozen=True)
class Sums:
    """What the lines of one holder add up to, in pence and numbers of lines. Holders are never added to each other."""

    cluster_id: int
    pot: Pot
    lines: int
    net: int
    vat: int
    spent: int
    """Net, invoiced and paid."""
    spent_lines: int
    committed: int
    """Net, approved and committed."""
    committed_lines: int
    requested: int
    requested_lines: int
    withdrawn: int
    withdrawn_lines: int
    illustrative: int
    """How many are made up."""

    @property
    def gross(self) -> int:
        """With VAT."""
        return self.net + self.vat


def load_sums(session: Session, scope: Scope, cluster_id: int, filters: Filters = ALL_LINES) -> list[Sums]:
    """The sums of exactly the lines that `load_lines` lists for the same filters, all pages of them: by holder."""
    kinds = {
        "spent": SPENT_STATES, "committed": COMMITTED_STATES, "requested": (LineState.REQUESTED,),
        "withdrawn": (LineState.REVERSED,),
    }  # fmt: skip
    columns: list[sa.ColumnElement[Any]] = []
    for name, states in kinds.items():
        counts = LedgerLine.state.in_(states)
        columns += [
            total(sa.case((counts, LedgerLine.amount), else_=0)).label(name),
            count_where(counts).label(f"{name}_lines"),
        ]
    rows = session.execute(
        sa.select(
            LedgerLine.cluster_id,
            LedgerLine.pot,
            sa.func.count(LedgerLine.id).label("lines"),
            total(LedgerLine.amount).label("net"),
            total(LedgerLine.vat).label("vat"),
            *columns,
            count_where(LedgerLine.illustrative).label("illustrative"),
        )
        .outerjoin(School, School.id == LedgerLine.school_id)
        .where(LedgerLine.cluster_id == cluster_id, lines_within(scope), *_asked(filters))
        .group_by(LedgerLine.cluster_id, LedgerLine.pot)
    )
    found = [Sums(**row._asdict()) for row in rows]
    return sorted(found, key=lambda each: list(Pot).index(each.pot))


@dataclass(frozen=True)
class ReceiptRow:
    """A receipt without its content."""

    receipt_id: int
    line_id: int
    cluster_id: int
    file_name: str
    media_type: str
    size: int
    added_at: datetime


def load_receipts(session: Session, scope: Scope, line_id: int) -> list[ReceiptRow]:
    """The receipts of a line, as they were attached."""
    return [ReceiptRow(*row) for row in session.execute(_receipts(scope).where(Receipt.line_id == line_id))]


def find_receipt(session: Session, scope: Scope, receipt_id: int) -> tuple[ReceiptRow, bytes] | None:
    """A receipt with its content; None when there is none or it is not the reader's to see."""
    found = session.execute(_receipts(scope).add_columns(Receipt.content).where(Receipt.id == receipt_id)).one_or_none()
    return (ReceiptRow(*found[:-1]), found[-1]) if found else None


@dataclass(frozen=True)
class ShareRow:
    """What one school pays towards the invoice of a line (4.9). Pence."""

    line_id: int | None
    cluster_id: int
    school_id: int
    school_name: str
    amount: int
    vat: int
    state: ContributionState


def load_shares(session: Session, scope: Scope, line_id: int) -> list[ShareRow]:
    """What schools pay towards the invoice of a line, by name; to a reader of one school, only its own part."""
    rows = session.execute(
        sa.select(
            Contribution.line_id, Contribution.cluster_id, Contribution.school_id, School.name,
            sa.func.coalesce(Contribution.amount, 0), Contribution.vat, Contribution.state,
        )
        .join(School, School.id == Contribution.school_id)
        .where(Contribution.line_id == line_id, may_see(scope, Contribution.cluster_id, Contribution.school_id))
        .order_by(alphabetical(School.name), Contribution.id)
    )  # fmt: skip
    return [ShareRow(*row) for row in rows]


@dataclass(frozen=True)
class StoryRow:
    """One thing that was done with a line by hand, and as what: who it was, the audit knows."""

    cluster_id: int
    happened_at: datetime
    action: str
    actor: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def load_story(session: Session, scope: Scope, line_id: int) -> list[StoryRow]:
    """What was done with a line, from first to last; what files did, their imports tell."""
    line = sa.select(LedgerLine.cluster_id).where(LedgerLine.id == line_id, lines_within(scope))
    rows = session.execute(
        sa.select(
            AuditEvent.cluster_id, AuditEvent.happened_at, AuditEvent.action, AuditEvent.actor, AuditEvent.before,
            AuditEvent.after,
        )
        .where(
            AuditEvent.cluster_id.in_(line),
            AuditEvent.object_kind == "ledger line",
            AuditEvent.object_key == str(line_id),
            AuditEvent.outcome == Attempt.DONE,
        )
        .order_by(AuditEvent.id)
    )  # fmt: skip
    return [StoryRow(*row) for row in rows]


@dataclass(frozen=True)
class SchoolChoice:
    """A school that a line may be about."""

    cluster_id: int
    school_id: int
    school: str
    name: str


def load_schools_to_choose(session: Session, scope: Scope, cluster_id: int) -> list[SchoolChoice]:
    """The schools that belong or belonged to a cluster, by name; to a reader of one school, that one."""
    rows = session.execute(
        sa.select(Membership.cluster_id, School.id, School.slug, School.name)
        .join(School, School.id == Membership.school_id)
        .where(Membership.cluster_id == cluster_id, may_see(scope, Membership.cluster_id, School.id))
        .distinct()
    )
    return sorted((SchoolChoice(*row) for row in rows), key=lambda each: (each.name, each.school_id))


@dataclass(frozen=True)
class MeetingChoice:
    """A meeting that a line may belong to."""

    cluster_id: int
    meeting_id: int
    held_on: date
    kind: MeetingKind


def load_meetings_to_choose(session: Session, scope: Scope, cluster_id: int) -> list[MeetingChoice]:
    """The meetings of a cluster, the newest first."""
    rows = session.execute(
        sa.select(Meeting.cluster_id, Meeting.id, Meeting.held_on, Meeting.kind)
        .where(Meeting.cluster_id == cluster_id, may_see_totals(scope, Meeting.cluster_id, Meeting.year))
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .limit(MOST_CHOICES)
    )
    return [MeetingChoice(*row) for row in rows]


@dataclass(frozen=True)
class TargetChoice:
    """A target of a plan that a line may serve."""

    cluster_id: int
    target_id: int
    year: int
    code: str
    title: str


def load_targets_to_choose(session: Session, scope: Scope, cluster_id: int) -> list[TargetChoice]:
    """The targets of a cluster, those of the newest plan first."""
    rows = session.execute(
        sa.select(Target.cluster_id, Target.id, Target.year, Target.code, Target.title)
        .where(
            Target.cluster_id == cluster_id,
            Target.draft.is_(False),
            may_see_totals(scope, Target.cluster_id, Target.year),
        )
        .order_by(Target.year.desc(), Target.position, Target.id)
        .limit(MOST_CHOICES)
    )
    return [TargetChoice(*row) for row in rows]


@dataclass(frozen=True)
class RequestChoice:
    """A request for approval that a line may rest on."""

    cluster_id: int
    request_id: int
    kind: RequestKind
    state: RequestState
    asked_on: date
    amount: int | None


def load_requests_to_choose(session: Session, scope: Scope, cluster_id: int) -> list[RequestChoice]:
    """The requests of a cluster about money that wait or were approved, the newest first; not a school's to see."""
    rows = session.execute(
        sa.select(
            ApprovalRequest.cluster_id, ApprovalRequest.id, ApprovalRequest.kind, ApprovalRequest.state,
            ApprovalRequest.asked_on, sa.func.coalesce(ApprovalRequest.granted, ApprovalRequest.amount),
        )
        .where(
            ApprovalRequest.cluster_id == cluster_id,
            ApprovalRequest.cluster_id.in_(visible_clusters(scope)),
            ApprovalRequest.kind.in_((RequestKind.EXTRA_TIME, RequestKind.TRAVEL, RequestKind.OTHER)),
            ApprovalRequest.state.in_((RequestState.WAITING, RequestState.APPROVED)),
        )
        .order_by(ApprovalRequest.asked_on.desc(), ApprovalRequest.id.desc())
        .limit(MOST_CHOICES)
    )  # fmt: skip
    return [RequestChoice(*row) for row in rows]


MOST_CHOICES = 300
"""More of one kind than that nobody finds in a list."""


@dataclass(frozen=True)
class LedgerCluster:
    """A cluster of whose ledger the reader sees at least the own lines."""

    cluster_id: int
    cluster: str
    name: str
    found: int
    """How many there are in all."""


def load_ledger_clusters(
    session: Session, scope: Scope, written: str | None = None, *, most: int = 200
) -> list[LedgerCluster]:
    """The clusters whose ledger a reader may open, by name; those whose address holds what was `written`."""
    statement = (
        sa.select(Cluster.id, Cluster.slug, Cluster.name, sa.func.count().over())
        .where(Cluster.id.in_(clusters_in_totals(scope)))
        .order_by(alphabetical(Cluster.name), Cluster.id)
        .limit(most)
    )
    if written:
        statement = statement.where(Cluster.slug.contains(written, autoescape=True))
    return [LedgerCluster(*row) for row in session.execute(statement)]


def _rows() -> Rows:
    back = aliased(LedgerLine)
    reversed_by = sa.select(back.id).where(back.reverses_id == LedgerLine.id).scalar_subquery()
    receipts = sa.select(sa.func.count(Receipt.id)).where(Receipt.line_id == LedgerLine.id).scalar_subquery()
    return (
        sa.select(
            LedgerLine.id.label("line_id"), LedgerLine.cluster_id, Cluster.slug.label("cluster"), LedgerLine.year,
            LedgerLine.spent_on, LedgerLine.pot, LedgerLine.part, LedgerLine.use_code, LedgerLine.purpose,
            LedgerLine.supplier, LedgerLine.description, LedgerLine.reference, LedgerLine.amount, LedgerLine.vat,
            LedgerLine.state, LedgerLine.school_id, School.slug.label("school"), School.name.label("school_name"),
            LedgerLine.meeting_id, Meeting.held_on, LedgerLine.target_id, Target.code.label("target"),
            Target.title.label("target_title"), LedgerLine.request_id, LedgerLine.reverses_id,
            reversed_by.label("reversed_by"), LedgerLine.note, receipts.label("receipts"), LedgerLine.batch_id,
            LedgerLine.illustrative, LedgerLine.version,
        )
        .join(Cluster, Cluster.id == LedgerLine.cluster_id)
        .outerjoin(School, School.id == LedgerLine.school_id)
        .outerjoin(Meeting, Meeting.id == LedgerLine.meeting_id)
        .outerjoin(Target, Target.id == LedgerLine.target_id)
    )  # fmt: skip


def lines_asked_for(cluster_id: int, filters: Filters) -> sa.ColumnElement[bool]:
    """The condition on lines of the ledger that `load_lines` lists for the same filters; without a scope, which whoever
    reads has to add.
    """
    asked = (
        sa.select(LedgerLine.id)
        .outerjoin(School, School.id == LedgerLine.school_id)
        .where(LedgerLine.cluster_id == cluster_id, *_asked(filters))
    )
    return LedgerLine.id.in_(asked)


def _asked(filters: Filters) -> list[sa.ColumnElement[bool]]:
    """The conditions of filters. The statement joins the school."""
    columns: tuple[tuple[sa.SQLColumnExpression[Any], Sequence[Any]], ...] = (
        (LedgerLine.pot, filters.pots),
        (LedgerLine.part, filters.parts),
        (LedgerLine.use_code, filters.uses),
        (LedgerLine.purpose, filters.purposes),
        (LedgerLine.state, filters.states),
        (School.slug, filters.schools),
        (LedgerLine.meeting_id, filters.meetings),
        (LedgerLine.id, filters.lines),
    )
    conditions = [_any_of(column, values) for column, values in columns if values]
    if filters.targets:
        codes = [value for value in filters.targets if isinstance(value, str)]
        numbers = [value for value in filters.targets if not isinstance(value, str)]
        coded = aliased(Target)
        by_code = sa.select(coded.id).where(coded.cluster_id == LedgerLine.cluster_id, coded.code.in_(codes))
        conditions.append(sa.or_(_any_of(LedgerLine.target_id, numbers), LedgerLine.target_id.in_(by_code)))
    return conditions if filters.year is None else [LedgerLine.year == filters.year, *conditions]


def _any_of(column: sa.SQLColumnExpression[Any], values: Sequence[Any]) -> sa.ColumnElement[bool]:
    named = column.in_([value for value in values if value is not None])
    return sa.or_(named, column.is_(None)) if None in values else named


def _receipts(scope: Scope) -> Rows:
    return (
        sa.select(
            Receipt.id, Receipt.line_id, Receipt.cluster_id, Receipt.file_name, Receipt.media_type, Receipt.size,
            Receipt.added_at,
        )
        .join(LedgerLine, LedgerLine.id == Receipt.line_id)
        .where(lines_within(scope))
        .order_by(Receipt.id)
    )  # fmt: skip
