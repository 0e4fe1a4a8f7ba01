"""What the development plans say, as frames. A draft counts nowhere."""

from dashboard.plans.queries.aims import find_aim, load_aims, load_all_aims, load_wordings
from dashboard.plans.queries.changes import load_changes, load_meetings_held
from dashboard.plans.queries.coverage import load_balance, load_meetings_of_targets, load_paid_targets, load_served
from dashboard.plans.queries.document import load_plans
from dashboard.plans.queries.next_year import (
    find_draft,
    load_continued,
    load_drafts,
    load_lineage,
    load_next_steps,
)
from dashboard.plans.queries.own import load_own_targets
from dashboard.plans.queries.progress import CELLS_TOTAL, load_criteria, load_targets
from dashboard.plans.queries.reviews import load_reviews
from dashboard.plans.queries.timeline import load_dated_evidence, load_plan_days
from dashboard.plans.queries.words import load_outcomes

__all__ = [
    "CELLS_TOTAL",
    "find_aim",
    "find_draft",
    "load_aims",
    "load_all_aims",
    "load_balance",
    "load_changes",
    "load_continued",
    "load_criteria",
    "load_dated_evidence",
    "load_drafts",
    "load_lineage",
    "load_meetings_held",
    "load_meetings_of_targets",
    "load_next_steps",
    "load_outcomes",
    "load_own_targets",
    "load_paid_targets",
    "load_plan_days",
    "load_plans",
    "load_reviews",
    "load_served",
    "load_targets",
    "load_wordings",
]
