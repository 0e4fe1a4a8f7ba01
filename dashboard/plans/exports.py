"""Plans as tables that leave the product: the columns of an import, so that what goes out comes in again."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope
from dashboard.plans.cell_text import write_lines
from dashboard.plans.queries import load_plans
from dashboard.plans.record import PlanRecord, TargetRecord
from dashboard.vocabulary import PlanCell

_Say = Callable[[PlanRecord, TargetRecord], Any]

_COLUMNS: Final[Mapping[str, _Say]] = {
    "cluster": lambda plan, _target: plan.cluster,
    "year": lambda plan, _target: str(plan.year),
    "code": lambda _plan, target: target.code,
    "due": lambda _plan, target: target.due,
    "review": lambda _plan, target: target.review_on,
    "owner": lambda _plan, target: target.owner,
    "status": lambda _plan, target: target.own_status and str(target.own_status),
    "reason": lambda _plan, target: target.own_status_reason,
    "title": lambda _plan, target: target.own_title,
    "activity": lambda _plan, target: target.activity and str(target.activity),
    "horizon": lambda _plan, target: target.horizon and str(target.horizon),
    "focus_area": lambda _plan, target: target.focus_area and str(target.focus_area),
}
_IF_ANY: Final = ("title", "activity", "horizon", "focus_area")
"""Columns that are left out where no target has anything to say in them."""


def load_plan_rows(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """The targets of the chosen cluster-years, as a file of the kind `plan`, one row for each in the plan's order.

    A cell is its lines, bullets with "- " before them; brackets at the end of a line say how far a criterion is and of
    when a piece of evidence is.
    """
    rows = []
    for plan in load_plans(session, scope, years):
        for target in plan.targets:
            row = {name: say(plan, target) for name, say in _COLUMNS.items()}
            row |= {str(cell): write_lines(lines) or None for cell, lines in target.written().items()}
            rows.append(row)
    names = [*_COLUMNS]
    frame = pd.DataFrame(rows, columns=[*names[:3], *map(str, PlanCell), *names[3:]], dtype=object)
    return frame.drop(columns=[name for name in _IF_ANY if frame[name].isna().all()])
