"""The panels of the development plan, and which of them stand on which page."""

from dashboard.plans.panels.balance import BALANCE
from dashboard.plans.panels.coverage import COVERAGE
from dashboard.plans.panels.progress import PROGRESS, PROMISED
from dashboard.plans.panels.prompts import PROMPTS
from dashboard.plans.panels.reviews import REVIEWS

ON_CLUSTER_PAGE = (PROGRESS,)
ON_SCHOOL_PAGE = (PROMISED,)

__all__ = ["BALANCE", "COVERAGE", "ON_CLUSTER_PAGE", "ON_SCHOOL_PAGE", "PROGRESS", "PROMISED", "PROMPTS", "REVIEWS"]
