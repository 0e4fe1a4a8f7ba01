"""What of a plan has a day: evidence and the plan itself. Due dates stand with the targets, reviews by themselves."""

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, may_see_totals
from dashboard.frames import read_frame
from dashboard.models import Evidence, Plan, Target
from dashboard.plans.queries._chosen import in_year


def load_dated_evidence(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """The pieces of evidence of the chosen cluster-years that have a date: cluster_id, target_id, dated, text."""
    return read_frame(
        session,
        sa.select(Target.cluster_id, Evidence.target_id, Evidence.dated, Evidence.text)
        .select_from(years)
        .join(Target, in_year(years))
        .join(Evidence, Evidence.target_id == Target.id)
        .where(Evidence.dated.is_not(None), may_see_totals(scope, Target.cluster_id, Target.year))
        .order_by(Target.position, Target.id, Evidence.dated, Evidence.id),
    )


def load_plan_days(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """The date that the plan of each chosen cluster-year bears, if it bears one: cluster_id, dated."""
    return read_frame(
        session,
        sa.select(Plan.cluster_id, Plan.dated)
        .select_from(years)
        .join(Plan, sa.and_(Plan.cluster_id == years.c.cluster_id, Plan.year == years.c.year))
        .where(may_see_totals(scope, Plan.cluster_id, Plan.year)),
    )
