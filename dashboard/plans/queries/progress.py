"""How far the development plan is, as frames.

A person's own status wins; else all criteria met → achieved; any evidence → in progress; past its due date with
nothing → stalled; else not started. Evidence never counts as impact (2.12).
"""

from datetime import date

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, may_see_totals
from dashboard.frames import Rows, count_where, read_frame
from dashboard.models import Criterion, Evidence, Target
from dashboard.plans.queries._chosen import in_year
from dashboard.vocabulary import CriterionState, PlanCell, TargetStatus

CELLS_TOTAL = len(PlanCell)


def load_targets(session: Session, scope: Scope, years: sa.CTE, as_of: date) -> pd.DataFrame:
    """One row for each target of the chosen cluster-years, in the order of the plan.

    Columns: cluster_id, target_id, code, title, owner, due, review_on, status (a `TargetStatus`), own_status, criteria,
    met, not_met, no_evidence (criteria by state), evidence (pieces), last_evidence (date or None), cells_filled (of
    eight), has_impact (bool), illustrative (bool).
    """
    criteria = _criteria(years).subquery("criteria")
    evidence = _evidence(years).subquery("evidence")
    count, met = sa.func.coalesce(criteria.c.criteria, 0), sa.func.coalesce(criteria.c.met, 0)
    pieces = sa.func.coalesce(evidence.c.evidence, 0)
    statement = (
        sa.select(
            Target.cluster_id,
            Target.id.label("target_id"),
            Target.code,
            Target.title,
            Target.owner,
            Target.due,
            Target.review_on,
            Target.own_status,
            _status(count, met, pieces, as_of).label("status"),
            count.label("criteria"),
            met.label("met"),
            sa.func.coalesce(criteria.c.not_met, 0).label("not_met"),
            sa.func.coalesce(criteria.c.no_evidence, 0).label("no_evidence"),
            pieces.label("evidence"),
            evidence.c.last_evidence,
            _cells_filled().label("cells_filled"),
            Target.cell_impact.is_not(None).label("has_impact"),
            Target.illustrative,
        )
        .select_from(years)
        .join(Target, in_year(years))
        .outerjoin(criteria, criteria.c.target_id == Target.id)
        .outerjoin(evidence, evidence.c.target_id == Target.id)
        .where(may_see_totals(scope, Target.cluster_id, Target.year))
        .order_by(Target.cluster_id, Target.position, Target.id)
    )
    frame = read_frame(session, statement)
    frame["status"] = frame["status"].map(TargetStatus)
    for flag in ("has_impact", "illustrative"):
        frame[flag] = frame[flag].map(bool)
    return frame


def load_criteria(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """The criteria of the chosen cluster-years in the plan's order.

    Columns: target_id, code, position, number (its place in the target from 1 on), text, state, number_wanted,
    number_reached, per_school (bool), evidence (pieces that show it), last_evidence (date or None).
    """
    shown = (
        sa.select(
            Evidence.criterion_id,
            sa.func.count(Evidence.id).label("evidence"),
            sa.func.max(Evidence.dated).label("last_evidence"),
        )
        .select_from(years)
        .join(Target, in_year(years))
        .join(Evidence, Evidence.target_id == Target.id)
        .where(Evidence.criterion_id.is_not(None))
        .group_by(Evidence.criterion_id)
        .subquery("shown")
    )
    number = sa.func.row_number().over(partition_by=Criterion.target_id, order_by=Criterion.position)
    frame = read_frame(
        session,
        sa.select(
            Criterion.target_id,
            Target.code,
            Criterion.position,
            sa.cast(number, sa.Integer).label("number"),
            Criterion.text,
            Criterion.state,
            Criterion.number_wanted,
            Criterion.number_reached,
            Criterion.per_school,
            sa.func.coalesce(shown.c.evidence, 0).label("evidence"),
            shown.c.last_evidence,
        )
        .select_from(years)
        .join(Target, in_year(years))
        .join(Criterion, Criterion.target_id == Target.id)
        .outerjoin(shown, shown.c.criterion_id == Criterion.id)
        .where(may_see_totals(scope, Target.cluster_id, Target.year))
        .order_by(Target.position, Target.id, Criterion.position),
    )
    frame["per_school"] = frame["per_school"].map(bool)
    return frame


def _status(
    criteria: sa.ColumnElement[int], met: sa.ColumnElement[int], evidence: sa.ColumnElement[int], as_of: date
) -> sa.ColumnElement[str]:
    return sa.case(
        (Target.own_status.is_not(None), sa.cast(Target.own_status, sa.String)),
        (sa.and_(criteria > 0, met == criteria), TargetStatus.ACHIEVED.value),
        (evidence > 0, TargetStatus.IN_PROGRESS.value),
        (Target.due < as_of, TargetStatus.STALLED.value),
        else_=TargetStatus.NOT_STARTED.value,
    )


def _cells_filled() -> sa.ColumnElement[int]:
    cells = [getattr(Target, f"cell_{cell}") for cell in PlanCell]
    filled: sa.ColumnElement[int] = sa.literal(0)
    for cell in cells:
        filled = filled + sa.case((cell.is_not(None), 1), else_=0)
    return filled


def _criteria(years: sa.CTE) -> sa.Select[int, int, int, int, int]:
    return (
        sa.select(
            Criterion.target_id,
            sa.func.count(Criterion.id).label("criteria"),
            count_where(Criterion.state == CriterionState.MET).label("met"),
            count_where(Criterion.state == CriterionState.NOT_MET).label("not_met"),
            count_where(Criterion.state == CriterionState.NO_EVIDENCE).label("no_evidence"),
        )
        .select_from(years)
        .join(Target, in_year(years))
        .join(Criterion, Criterion.target_id == Target.id)
        .group_by(Criterion.target_id)
    )


def _evidence(years: sa.CTE) -> Rows:
    return (
        sa.select(
            Evidence.target_id,
            sa.func.count(Evidence.id).label("evidence"),
            sa.func.max(Evidence.dated).label("last_evidence"),
        )
        .select_from(years)
        .join(Target, in_year(years))
        .join(Evidence, Evidence.target_id == Target.id)
        .group_by(Evidence.target_id)
    )
