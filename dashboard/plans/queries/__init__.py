"""What the development plans say, as frames. A draft counts nowhere."""

from dashboard.plans.queries.changes import load_changes, load_meetings_held
from dashboard.plans.queries.progress import CELLS_TOTAL, load_criteria, load_targets
from dashboard.plans.queries.timeline import load_dated_evidence, load_plan_days, load_review_days
from dashboard.plans.queries.words import load_outcomes

__all__ = [
    "CELLS_TOTAL",
    "load_changes",
    "load_criteria",
    "load_dated_evidence",
    "load_meetings_held",
    "load_outcomes",
    "load_plan_days",
    "load_review_days",
    "load_targets",
]
