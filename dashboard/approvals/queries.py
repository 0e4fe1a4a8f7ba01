"""Requests out of the store, of the clusters that a scope sees whole. A school or a steering group sees none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.access import Scope, visible_clusters
from dashboard.frames import began_within, total
from dashboard.models import ApprovalRequest, Cluster, LedgerLine, School
from dashboard.vocabulary import COMMITTED_STATES, SPENT_STATES, LineState, RequestKind, RequestState

OPEN: Final = (RequestState.WAITING,)


@dataclass(frozen=True)
class Request:
    """What a list and a page of its own tell of one request (`_columns`)."""

    request_id: int
    cluster_id: int
    cluster: str
    cluster_name: str
    school_id: int | None
    school_name: str | None
    kind: RequestKind
    summary: str
    amount: int | None
    candidate: str | None
    starts: date | None
    ends: date | None
    asked_on: date
    asked_as: str
    state: RequestState
    granted: int | None
    decided_on: date | None
    decided_as: str | None
    reason: str | None
    illustrative: bool


@dataclass(frozen=True)
class RequestRow(Request):
    """One request of a list. `found` and `first_on` (the day of the oldest) are of the whole list."""

    found: int
    first_on: date


def load_requests(
    session: Session,
    scope: Scope,
    *,
    states: Collection[RequestState] = OPEN,
    cluster: str | None = None,
    kind: RequestKind | None = None,
    words: Sequence[str] = (),
    asked: tuple[date | None, date | None] = (None, None),
    most: int = 100,
    skip: int = 0,
) -> list[RequestRow]:
    """Requests in some states: waiting ones the oldest first, others the last decided first.

    `words` have all to stand in the summary, the candidate's name or the reason, whatever their case; no sign in them
    means any other. `asked` is the first and the last day on which they were asked. At most so many after the first
    `skip`, in one statement, however many clusters there are.
    """
    waiting = RequestState.WAITING in states
    order = (
        (ApprovalRequest.asked_on, ApprovalRequest.id)
        if waiting
        else (ApprovalRequest.decided_on.desc(), ApprovalRequest.id.desc())
    )
    statement = (
        sa.select(
            *_columns(),
            sa.func.count().over().label("found"),
            sa.func.min(ApprovalRequest.asked_on).over().label("first_on"),
        )
        .join(Cluster, Cluster.id == ApprovalRequest.cluster_id)
        .outerjoin(School, School.id == ApprovalRequest.school_id)
        .where(ApprovalRequest.cluster_id.in_(visible_clusters(scope)), ApprovalRequest.state.in_(list(states)))
        .where(began_within(ApprovalRequest.asked_on, asked))
        .order_by(*order)
        .limit(most)
        .offset(skip)
    )
    if cluster is not None:
        statement = statement.where(Cluster.slug == cluster)
    if kind is not None:
        statement = statement.where(ApprovalRequest.kind == kind)
    for word in words:
        texts = (ApprovalRequest.summary, ApprovalRequest.candidate, ApprovalRequest.reason)
        statement = statement.where(sa.or_(*(text.icontains(word, autoescape=True) for text in texts)))
    return [RequestRow(**row._asdict()) for row in session.execute(statement)]


@dataclass(frozen=True)
class RequestFacts(Request):
    """One request as it stands in the store."""

    school: str | None
    asked_by: int | None
    """The number of an account."""
    decided_by: int | None


def find_request(session: Session, scope: Scope, request_id: int) -> RequestFacts | None:
    """The request of a number; None when there is none or it is not the reader's to see."""
    row = session.execute(
        sa.select(
            *_columns(),
            School.slug.label("school"),
            ApprovalRequest.asked_by_id.label("asked_by"),
            ApprovalRequest.decided_by_id.label("decided_by"),
        )
        .join(Cluster, Cluster.id == ApprovalRequest.cluster_id)
        .outerjoin(School, School.id == ApprovalRequest.school_id)
        .where(ApprovalRequest.id == request_id, ApprovalRequest.cluster_id.in_(visible_clusters(scope)))
    ).one_or_none()
    return RequestFacts(**row._asdict()) if row else None


@dataclass(frozen=True)
class UsedLine:
    """A line of the ledger that rests on an approval. Pence, net of VAT."""

    line_id: int
    cluster_id: int
    spent_on: date | None
    year: int
    supplier: str | None
    description: str | None
    amount: int
    state: LineState


def load_used_lines(session: Session, scope: Scope, request_id: int) -> list[UsedLine]:
    """The lines that rest on a request, by day."""
    rows = session.execute(
        sa.select(
            LedgerLine.id, LedgerLine.cluster_id, LedgerLine.spent_on, LedgerLine.year, LedgerLine.supplier,
            LedgerLine.description, LedgerLine.amount, LedgerLine.state,
        )
        .where(_rests_on(request_id), LedgerLine.cluster_id.in_(visible_clusters(scope)))
        .order_by(LedgerLine.spent_on, LedgerLine.id)
    )  # fmt: skip
    return [UsedLine(*row) for row in rows]


@dataclass(frozen=True)
class Used:
    """What was spent and promised against an approval, in pence net of VAT, by how many lines."""

    cluster_id: int
    lines: int
    spent: int
    committed: int


def find_used(session: Session, scope: Scope, request_id: int) -> Used | None:
    """The sums of the lines that rest on a request; None where there is no such line."""
    row = session.execute(
        sa.select(
            LedgerLine.cluster_id,
            sa.func.count(),
            total(sa.case((LedgerLine.state.in_(SPENT_STATES), LedgerLine.amount), else_=0)),
            total(sa.case((LedgerLine.state.in_(COMMITTED_STATES), LedgerLine.amount), else_=0)),
        )
        .where(_rests_on(request_id), LedgerLine.cluster_id.in_(visible_clusters(scope)))
        .group_by(LedgerLine.cluster_id)
    ).one_or_none()
    return Used(*row) if row else None


def _rests_on(request_id: int) -> sa.ColumnElement[bool]:
    """Lines that name a request, and those that take such a line back."""
    taken_back = aliased(LedgerLine)
    return sa.or_(
        LedgerLine.request_id == request_id,
        LedgerLine.reverses_id.in_(sa.select(taken_back.id).where(taken_back.request_id == request_id)),
    )


def _columns() -> tuple[sa.ColumnElement[object], ...]:
    return (
        ApprovalRequest.id.label("request_id"),
        ApprovalRequest.cluster_id,
        Cluster.slug.label("cluster"),
        Cluster.name.label("cluster_name"),
        ApprovalRequest.school_id,
        School.name.label("school_name"),
        *(
            getattr(ApprovalRequest, name)
            for name in (
                "kind", "summary", "amount", "candidate", "starts", "ends", "asked_on", "asked_as", "state", "granted",
                "decided_on", "decided_as", "reason", "illustrative",
            )
        ),
    )  # fmt: skip
