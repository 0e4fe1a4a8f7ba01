"""The panels of the development plan, and which of them stand on which page."""

from dashboard.plans.panels.board import BOARD
from dashboard.plans.panels.changes import CHANGES
from dashboard.plans.panels.progress import CRITERIA, PROGRESS, PROMISED
from dashboard.plans.panels.timeline import TIMELINE

ON_CLUSTER_PAGE = (PROGRESS,)
ON_SCHOOL_PAGE = (PROMISED,)
ON_PLAN_PAGE = (
    BOARD,
    CRITERIA,
    CHANGES,
    TIMELINE,
)
"""Where it stands, how far it is, what moved, what comes."""
ON_PLAN_PAGE_IN_TOTALS = (
    BOARD,
    CRITERIA,
    TIMELINE,
)
"""What a headteacher of the cluster sees of it: no words of its history."""

__all__ = [
    "BOARD",
    "CHANGES",
    "CRITERIA",
    "ON_CLUSTER_PAGE",
    "ON_PLAN_PAGE",
    "ON_PLAN_PAGE_IN_TOTALS",
    "ON_SCHOOL_PAGE",
    "PROGRESS",
    "PROMISED",
    "TIMELINE",
]
