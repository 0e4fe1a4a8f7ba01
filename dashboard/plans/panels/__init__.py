"""The panels of the development plan, and which of them stand on which page."""

from dashboard.plans.panels.balance import BALANCE
from dashboard.plans.panels.board import BOARD
from dashboard.plans.panels.changes import CHANGES
from dashboard.plans.panels.coverage import COVERAGE
from dashboard.plans.panels.own import OWN_PROMISES, WHOLE_PLAN
from dashboard.plans.panels.progress import CRITERIA, PROGRESS, PROMISED
from dashboard.plans.panels.prompts import PROMPTS
from dashboard.plans.panels.reviews import REVIEWS
from dashboard.plans.panels.timeline import TIMELINE

ON_CLUSTER_PAGE = (PROGRESS,)
ON_SCHOOL_PAGE = (OWN_PROMISES, WHOLE_PLAN)
ON_PLAN_PAGE = (BOARD, CRITERIA, PROMPTS, CHANGES, REVIEWS, TIMELINE, COVERAGE, BALANCE)
"""Where it stands, how far it is and what a reader would ask; what moved, what comes; what it is for."""
ON_PLAN_PAGE_IN_TOTALS = (BOARD, CRITERIA, TIMELINE, COVERAGE, BALANCE)
"""What a headteacher of the cluster sees of it: no words of its history."""

__all__ = [
    "BALANCE",
    "BOARD",
    "CHANGES",
    "COVERAGE",
    "CRITERIA",
    "ON_CLUSTER_PAGE",
    "ON_PLAN_PAGE",
    "ON_PLAN_PAGE_IN_TOTALS",
    "ON_SCHOOL_PAGE",
    "OWN_PROMISES",
    "PROGRESS",
    "PROMISED",
    "PROMPTS",
    "REVIEWS",
    "TIMELINE",
    "WHOLE_PLAN",
]
