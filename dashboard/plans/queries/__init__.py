"""What the development plans say, as frames. A draft counts nowhere."""

from dashboard.plans.queries.document import load_plans
from dashboard.plans.queries.progress import CELLS_TOTAL, load_criteria, load_targets

__all__ = ["CELLS_TOTAL", "load_criteria", "load_plans", "load_targets"]
