"""What a plan says of what came of it, for a page that is read and not added up."""

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, may_see_totals
from dashboard.frames import read_frame
from dashboard.models import Target
from dashboard.plans.queries._chosen import in_year


def load_outcomes(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """Impact and next steps of the targets of the chosen cluster-years: cluster_id, target_id, impact, next_steps (the
    lines of a cell, or None), own_status_reason.
    """
    return read_frame(
        session,
        sa.select(
            Target.cluster_id,
            Target.id.label("target_id"),
            Target.cell_impact.label("impact"),
            Target.cell_next_steps.label("next_steps"),
            Target.own_status_reason,
        )
        .select_from(years)
        .join(Target, in_year(years))
        .where(may_see_totals(scope, Target.cluster_id, Target.year))
        .order_by(Target.position, Target.id),
    )
