"""The panels of the development plan, and which of them stand on which page."""

from dashboard.plans.panels.progress import PROGRESS, PROMISED
from dashboard.plans.panels.prompts import PROMPTS

ON_CLUSTER_PAGE = (PROGRESS,)
ON_SCHOOL_PAGE = (PROMISED,)

__all__ = ["ON_CLUSTER_PAGE", "ON_SCHOOL_PAGE", "PROGRESS", "PROMISED", "PROMPTS"]
