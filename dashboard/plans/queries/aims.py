"""The aims of clusters, in order, and the wordings of each (1.6, 2.3)."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, may_see_totals, visible_clusters
from dashboard.frames import read_frame
from dashboard.models import Aim, AimWording, Cluster, Target, TargetAim
from dashboard.plans.queries._chosen import in_year


@dataclass(frozen=True)
class AimFacts:
    """One aim as its form shows it."""

    aim_id: int
    cluster_id: int
    cluster: str
    position: int
    text: str
    agreed_on: date | None
    first_year: int | None
    last_year: int | None
    targets: int
    """How many targets of any year serve it, drafts too."""


@dataclass(frozen=True)
class WordingRow:
    """Another wording of an aim; or, where it is not `same`, words of which somebody said that they are another aim."""

    wording_id: int
    aim_id: int
    wording: str
    same: bool


def load_aims(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """One row for each aim of the chosen cluster-years that holds then or is served then, in the order of the aims.

    Columns: cluster_id, year, aim_id, position, text, agreed_on, first_year, last_year, targets (how many of that year
    serve it), holds (whether its own years say that it holds then), illustrative.
    """
    targets = sa.func.count(Target.id)
    holds = sa.and_(
        sa.or_(Aim.first_year.is_(None), Aim.first_year <= years.c.year),
        sa.or_(Aim.last_year.is_(None), Aim.last_year >= years.c.year),
    )
    frame = read_frame(
        session,
        sa.select(
            Aim.cluster_id, years.c.year, Aim.id.label("aim_id"), Aim.position, Aim.text, Aim.agreed_on,
            Aim.first_year, Aim.last_year, targets.label("targets"), sa.case((holds, 1), else_=0).label("holds"),
            Aim.illustrative,
        )
        .select_from(years)
        .join(Aim, Aim.cluster_id == years.c.cluster_id)
        .outerjoin(TargetAim, TargetAim.aim_id == Aim.id)
        .outerjoin(
            Target,
            sa.and_(Target.id == TargetAim.target_id, in_year(years)),
        )
        .where(may_see_totals(scope, Aim.cluster_id, years.c.year))
        .group_by(*Aim.__table__.c, years.c.year)
        .having(sa.or_(targets > 0, holds))
        .order_by(Aim.cluster_id, years.c.year, Aim.position, Aim.id),
    )  # fmt: skip
    for flag in ("holds", "illustrative"):
        frame[flag] = frame[flag].map(bool)
    return frame


def load_all_aims(session: Session, scope: Scope, cluster_id: int) -> list[AimFacts]:
    """Every aim of a cluster in order, those of earlier years too, for whoever keeps the cluster."""
    return _facts(session, scope, Aim.cluster_id == cluster_id)


def find_aim(session: Session, scope: Scope, aim_id: int) -> AimFacts | None:
    """The aim of a number; None when there is none or its cluster is not the reader's to keep."""
    return next(iter(_facts(session, scope, Aim.id == aim_id)), None)


def load_wordings(session: Session, scope: Scope, cluster_id: int) -> list[WordingRow]:
    """What people said of wordings in a cluster, for whoever keeps it."""
    rows = session.execute(
        sa.select(
            AimWording.id, AimWording.aim_id, AimWording.wording, AimWording.confirmed_by.is_not(None).label("same")
        )
        .join(Aim, Aim.id == AimWording.aim_id)
        .where(
            Aim.cluster_id == cluster_id, Aim.cluster_id.in_(visible_clusters(scope)),
            sa.or_(AimWording.confirmed_by.is_not(None), AimWording.declined_by.is_not(None)),
        )
        .order_by(Aim.position, AimWording.id)
    )  # fmt: skip
    return [WordingRow(row.id, row.aim_id, row.wording, bool(row.same)) for row in rows]


def _facts(session: Session, scope: Scope, which: sa.ColumnElement[bool]) -> list[AimFacts]:
    rows = session.execute(
        sa.select(
            Aim.id.label("aim_id"), Aim.cluster_id, Cluster.slug.label("cluster"), Aim.position, Aim.text,
            Aim.agreed_on, Aim.first_year, Aim.last_year, sa.func.count(TargetAim.id).label("targets"),
        )
        .join(Cluster, Cluster.id == Aim.cluster_id)
        .outerjoin(TargetAim, TargetAim.aim_id == Aim.id)
        .where(which, Aim.cluster_id.in_(visible_clusters(scope)))
        .group_by(*Aim.__table__.c, Cluster.slug)
        .order_by(Aim.cluster_id, Aim.position, Aim.id)
    )  # fmt: skip
    return [AimFacts(**row._asdict()) for row in rows]
