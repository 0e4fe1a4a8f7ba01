"""Next steps of a year's targets and what became of them: drafts, and the line of a target over the years (2.11)."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, may_see_totals, visible_clusters
from dashboard.models import Cluster, Target
from dashboard.models.plans import CellLine

MOST_YEARS: Final = 50
"""So far a line is followed, whatever somebody wrote."""


@dataclass(frozen=True)
class StepsRow:
    """A target with its next steps."""

    target_id: int
    code: str
    title: str
    owner: str | None
    lines: tuple[CellLine, ...]


@dataclass(frozen=True)
class ContinuedRow:
    """What came of a target, and of which of its next steps."""

    came_from_id: int
    target_id: int
    code: str
    title: str
    year: int
    draft: bool
    lines: tuple[CellLine, ...]


@dataclass(frozen=True)
class DraftRow:
    """A draft of a year's plan; `from_code` is the code of the target it came from, if it came from one."""

    target_id: int
    cluster_id: int
    cluster: str
    year: int
    code: str
    title: str
    owner: str | None
    version: int
    lines: tuple[CellLine, ...]
    from_code: str | None
    from_year: int | None


@dataclass(frozen=True)
class LineageRow:
    """One target in the line of another: what that came from (`place` below 0), itself (0), what it became (above)."""

    target_id: int
    cluster_id: int
    year: int
    code: str
    title: str
    draft: bool
    place: int


def load_next_steps(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> list[StepsRow]:
    """Every target of a year's plan with its next steps, if it has any, for whoever keeps the cluster."""
    rows = session.execute(
        sa.select(Target.id, Target.code, Target.title, Target.owner, Target.cell_next_steps)
        .where(
            Target.cluster_id == cluster_id, Target.year == year.start, Target.draft.is_(False),
            Target.cluster_id.in_(visible_clusters(scope)),
        )
        .order_by(Target.position, Target.id)
    )  # fmt: skip
    return [StepsRow(row.id, row.code, row.title, row.owner, row.cell_next_steps or ()) for row in rows]


def load_continued(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> list[ContinuedRow]:
    """What came of the targets of a year's plan, drafts too, for whoever keeps the cluster."""
    before = aliased(Target)
    rows = session.execute(
        sa.select(
            before.id.label("before_id"), Target.id, Target.code, Target.title, Target.year, Target.draft,
            Target.from_steps,
        )
        .join(before, sa.and_(before.id == Target.came_from_id, before.cluster_id == Target.cluster_id))
        .where(
            before.cluster_id == cluster_id, before.year == year.start, before.cluster_id.in_(visible_clusters(scope))
        )
        .order_by(Target.year, Target.position, Target.id)
    )  # fmt: skip
    return [
        ContinuedRow(row.before_id, row.id, row.code, row.title, row.year, row.draft, row.from_steps or ())
        for row in rows
    ]


def load_drafts(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> list[DraftRow]:
    """The drafts of a year's plan, for whoever keeps the cluster."""
    return _drafts(session, scope, Target.cluster_id == cluster_id, Target.year == year.start)


def find_draft(session: Session, scope: Scope, target_id: int) -> DraftRow | None:
    """The draft of a number; None when there is none, it is a target by now, or not the reader's to keep."""
    return next(iter(_drafts(session, scope, Target.id == target_id)), None)


def load_lineage(session: Session, scope: Scope, target_id: int) -> list[LineageRow]:
    """What a target came from and what it became, over the years, itself among them.

    Nothing where it is not to be seen. Whoever sees totals alone sees no draft. Of two that came from the same target
    neither is in the other's line.
    """
    whole = Target.cluster_id.in_(visible_clusters(scope))
    seen = sa.and_(may_see_totals(scope, Target.cluster_id, Target.year), sa.or_(Target.draft.is_(False), whole))
    start = sa.select(Target.id, Target.came_from_id, Target.cluster_id, sa.literal(0).label("place")).where(
        Target.id == target_id, seen
    )
    before = start.cte("before", recursive=True)
    before = before.union(
        sa.select(Target.id, Target.came_from_id, Target.cluster_id, before.c.place - 1).where(
            Target.id == before.c.came_from_id, Target.cluster_id == before.c.cluster_id, before.c.place > -MOST_YEARS
        )
    )
    after = start.cte("after", recursive=True)
    after = after.union(
        sa.select(Target.id, Target.came_from_id, Target.cluster_id, after.c.place + 1).where(
            Target.came_from_id == after.c.id, Target.cluster_id == after.c.cluster_id, after.c.place < MOST_YEARS
        )
    )
    line = sa.union(
        sa.select(before.c.id, before.c.place), sa.select(after.c.id, after.c.place)
    ).subquery("line")  # fmt: skip
    rows = session.execute(
        sa.select(Target.id, Target.cluster_id, Target.year, Target.code, Target.title, Target.draft, line.c.place)
        .join(line, line.c.id == Target.id)
        .where(seen)
        .order_by(line.c.place, Target.year, Target.position, Target.id)
    )
    found: dict[int, LineageRow] = {}
    for row in rows:
        found.setdefault(row.id, LineageRow(row.id, *row[1:]))
    return list(found.values())


def _drafts(session: Session, scope: Scope, *which: sa.ColumnElement[bool]) -> list[DraftRow]:
    before = aliased(Target)
    rows = session.execute(
        sa.select(Target, Cluster.slug, before.code.label("from_code"), before.year.label("from_year"))
        .join(Cluster, Cluster.id == Target.cluster_id)
        .outerjoin(before, sa.and_(before.id == Target.came_from_id, before.cluster_id == Target.cluster_id))
        .where(*which, Target.draft.is_(True), Target.cluster_id.in_(visible_clusters(scope)))
        .order_by(Target.position, Target.id)
    )
    return [
        DraftRow(
            row.id, row.cluster_id, slug, row.year, row.code, row.title, row.owner, row.version,
            row.cell_target or (), from_code, from_year,
        )
        for row, slug, from_code, from_year in rows
    ]  # fmt: skip
