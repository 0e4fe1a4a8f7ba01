"""Concerns out of the store, of the clusters that a scope sees whole. A school or a steering group sees none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.access import Scope, visible_clusters
from dashboard.directory.expected import belongs
from dashboard.frames import alphabetical, began_within, count_where
from dashboard.models import Cluster, Concern, ConcernStep, LeadSchool, Membership, School
from dashboard.vocabulary import ConcernDecision, StepKind, StepOutcome

_Replacement = aliased(School, name="replacement")


@dataclass(frozen=True)
class ConcernRow:
    """One concern of a list, with the last step and what came of it. `found` and `overdue` are of the whole list."""

    concern_id: int
    cluster_id: int
    cluster: str
    cluster_name: str
    school_id: int | None
    school: str | None
    school_name: str | None
    rule: str | None
    summary: str
    raised_on: date
    review_on: date | None
    closed_on: date | None
    decision: ConcernDecision | None
    illustrative: bool
    steps: int
    last_kind: StepKind | None
    last_on: date | None
    last_outcome: StepOutcome | None
    found: int
    overdue: int


def load_concerns(
    session: Session,
    scope: Scope,
    as_of: date,
    *,
    closed: bool = False,
    cluster: str | None = None,
    raised: tuple[date | None, date | None] = (None, None),
    most: int = 200,
    skip: int = 0,
) -> list[ConcernRow]:
    """Open concerns, the oldest first, or closed ones, the last closed first; of one cluster, by its slug, or of all.

    `raised` is the first and the last day on which they were raised. At most so many after the first `skip`, in one
    statement, however many clusters there are.
    """
    overdue = sa.and_(Concern.closed_on.is_(None), Concern.review_on < as_of)
    order = (Concern.closed_on.desc(), Concern.id.desc()) if closed else (Concern.raised_on, Concern.id)
    chosen = (
        sa.select(
            Concern.id,
            Cluster.slug.label("cluster"),
            Cluster.name.label("cluster_name"),
            sa.func.count().over().label("found"),
            sa.func.sum(sa.case((overdue, 1), else_=0)).over().label("overdue"),
            sa.func.row_number().over(order_by=order).label("place"),
        )
        .join(Cluster, Cluster.id == Concern.cluster_id)
        .where(
            Concern.cluster_id.in_(visible_clusters(scope)),
            Concern.closed_on.is_not(None) if closed else Concern.closed_on.is_(None),
            began_within(Concern.raised_on, raised),
        )
    )
    if cluster is not None:
        chosen = chosen.where(Cluster.slug == cluster)
    page = chosen.order_by(*order).limit(most).offset(skip).subquery()
    # Only now, for the rows of the page alone, the last step of each is looked up in its index.
    last = (
        sa.select(ConcernStep.id)
        .where(ConcernStep.concern_id == page.c.id)
        .order_by(ConcernStep.taken_on.desc(), ConcernStep.id.desc())
        .limit(1)
        .correlate(page)
        .scalar_subquery()
    )
    each = aliased(ConcernStep)
    steps = sa.select(sa.func.count(each.id)).where(each.concern_id == page.c.id).correlate(page).scalar_subquery()
    rows = session.execute(
        sa.select(
            Concern.id.label("concern_id"),
            Concern.cluster_id,
            page.c.cluster,
            page.c.cluster_name,
            Concern.school_id,
            School.slug.label("school"),
            School.name.label("school_name"),
            Concern.rule,
            Concern.summary,
            Concern.raised_on,
            Concern.review_on,
            Concern.closed_on,
            Concern.decision,
            Concern.illustrative,
            steps.label("steps"),
            ConcernStep.kind.label("last_kind"),
            ConcernStep.taken_on.label("last_on"),
            ConcernStep.outcome.label("last_outcome"),
            page.c.found,
            page.c.overdue,
        )
        .select_from(page)
        .join(Concern, Concern.id == page.c.id)
        .outerjoin(School, School.id == Concern.school_id)
        .outerjoin(ConcernStep, ConcernStep.id == last)
        .order_by(page.c.place)
    )
    return [ConcernRow(**row._asdict()) for row in rows]


@dataclass(frozen=True)
class OpenCounts:
    """How much is open in one cluster."""

    cluster_id: int
    cluster: str
    name: str
    open: int
    oldest_on: date | None
    overdue: int

    def oldest_days(self, as_of: date) -> int | None:
        """For how many days the oldest has been open."""
        return (as_of - self.oldest_on).days if self.oldest_on else None


def load_open_counts(session: Session, scope: Scope, as_of: date) -> list[OpenCounts]:
    """The clusters that have or had a concern, by name: how many are open, since when the oldest, how many reviews are
    overdue.
    """
    is_open = Concern.closed_on.is_(None)
    rows = session.execute(
        sa.select(
            Cluster.id,
            Cluster.slug,
            Cluster.name,
            count_where(is_open),
            sa.func.min(sa.case((is_open, Concern.raised_on))),
            count_where(sa.and_(is_open, Concern.review_on < as_of)),
        )
        .join(Concern, Concern.cluster_id == Cluster.id)
        .where(Cluster.id.in_(visible_clusters(scope)))
        .group_by(Cluster.id, Cluster.slug, Cluster.name)
        .order_by(alphabetical(Cluster.name), Cluster.id)
    )
    return [OpenCounts(*row) for row in rows]


@dataclass(frozen=True)
class ConcernFacts:
    """One concern as it stands in the store."""

    concern_id: int
    cluster_id: int
    cluster: str
    cluster_name: str
    school_id: int | None
    school: str | None
    school_name: str | None
    rule: str | None
    summary: str
    raised_on: date
    raised_as: str
    raised_by: int | None
    """The number of an account."""
    review_on: date | None
    closed_on: date | None
    decision: ConcernDecision | None
    decision_note: str | None
    replaced_by: str | None
    """The slug of the school that came instead."""
    replaced_by_name: str | None
    illustrative: bool


def find_concern(session: Session, scope: Scope, concern_id: int) -> ConcernFacts | None:
    """The concern of a number; None when there is none or it is not the reader's to see."""
    row = session.execute(
        sa.select(
            Concern.id.label("concern_id"),
            Concern.cluster_id,
            Cluster.slug.label("cluster"),
            Cluster.name.label("cluster_name"),
            Concern.school_id,
            School.slug.label("school"),
            School.name.label("school_name"),
            Concern.rule,
            Concern.summary,
            Concern.raised_on,
            Concern.raised_as,
            Concern.raised_by_id.label("raised_by"),
            Concern.review_on,
            Concern.closed_on,
            Concern.decision,
            Concern.decision_note,
            _Replacement.slug.label("replaced_by"),
            _Replacement.name.label("replaced_by_name"),
            Concern.illustrative,
        )
        .join(Cluster, Cluster.id == Concern.cluster_id)
        .outerjoin(School, School.id == Concern.school_id)
        .outerjoin(_Replacement, _Replacement.id == Concern.replaced_by_school_id)
        .where(Concern.id == concern_id, Concern.cluster_id.in_(visible_clusters(scope)))
    ).one_or_none()
    return ConcernFacts(**row._asdict()) if row else None


@dataclass(frozen=True)
class StepFacts:
    """One step of a concern."""

    step_id: int
    concern_id: int
    kind: StepKind
    taken_on: date
    note: str | None
    outcome: StepOutcome
    outcome_on: date | None
    outcome_note: str | None


def load_steps(session: Session, scope: Scope, concern_id: int) -> list[StepFacts]:
    """The steps of a concern, in the order in which they were taken."""
    rows = session.execute(
        sa.select(
            ConcernStep.id,
            ConcernStep.concern_id,
            ConcernStep.kind,
            ConcernStep.taken_on,
            ConcernStep.note,
            ConcernStep.outcome,
            ConcernStep.outcome_on,
            ConcernStep.outcome_note,
        )
        .join(Concern, Concern.id == ConcernStep.concern_id)
        .where(Concern.id == concern_id, Concern.cluster_id.in_(visible_clusters(scope)))
        .order_by(ConcernStep.taken_on, ConcernStep.id)
    )
    return [StepFacts(*row) for row in rows]


@dataclass(frozen=True)
class Tried:
    """How often a kind of step was taken, and how often each thing came of it. No cluster and no school is named."""

    kind: StepKind
    taken: int
    outcomes: tuple[tuple[StepOutcome, int], ...]
    """The most frequent first."""
    same_rule: bool
    """Whether these are steps about concerns that the same flag prompted; else about all concerns."""


def load_tried(session: Session, scope: Scope, rule: str | None = None) -> list[Tried]:
    """What was done about concerns that the same flag prompted, or about all where there are none: the most frequent
    first.
    """
    same = sa.case((Concern.rule == rule, 1), else_=0) if rule else sa.literal(0)
    counted = (
        sa.select(ConcernStep.kind.label("kind"), ConcernStep.outcome.label("outcome"), same.label("same"))
        .join(Concern, Concern.id == ConcernStep.concern_id)
        .where(Concern.cluster_id.in_(visible_clusters(scope)))
        .subquery()
    )
    rows = session.execute(
        sa.select(counted.c.kind, counted.c.outcome, counted.c.same, sa.func.count())
        .group_by(counted.c.kind, counted.c.outcome, counted.c.same)
    ).all()  # fmt: skip
    of_the_rule = [(kind, outcome, number) for kind, outcome, is_same, number in rows if is_same]
    of_all = [(kind, outcome, number) for kind, outcome, _, number in rows]
    return sorted(
        _by_kind(of_the_rule or of_all, same_rule=bool(of_the_rule)), key=lambda each: (-each.taken, each.kind)
    )


def _by_kind(rows: Sequence[tuple[StepKind, StepOutcome, int]], *, same_rule: bool) -> Iterator[Tried]:
    for kind, group in groupby(sorted(rows), key=lambda row: row[0]):
        numbers: dict[StepOutcome, int] = {}
        for _, outcome, number in group:
            numbers[outcome] = numbers.get(outcome, 0) + number
        outcomes = sorted(numbers.items(), key=lambda each: (-each[1], each[0]))
        yield Tried(kind, sum(numbers.values()), tuple(outcomes), same_rule)


@dataclass(frozen=True)
class Member:
    """A school that belongs to a cluster on a day. `leads` says whether it holds the cluster's money then or later."""

    cluster_id: int
    school_id: int
    school: str
    name: str
    leads: bool


def load_members_on(session: Session, scope: Scope, cluster_id: int, as_of: date) -> list[Member]:
    """The schools that belong to a cluster on a day, by name."""
    leads = sa.exists().where(
        LeadSchool.cluster_id == Membership.cluster_id,
        LeadSchool.school_id == Membership.school_id,
        sa.or_(LeadSchool.ends.is_(None), LeadSchool.ends >= as_of),
    )
    rows = session.execute(
        sa.select(Membership.cluster_id, School.id, School.slug, School.name, leads)
        .join(School, School.id == Membership.school_id)
        .where(
            belongs(Membership, cluster_id, as_of),
            Membership.cluster_id.in_(visible_clusters(scope)),
        )
        .order_by(alphabetical(School.name), School.id)
    )
    return [Member(cluster_id, school_id, slug, name, bool(lead)) for cluster_id, school_id, slug, name, lead in rows]
