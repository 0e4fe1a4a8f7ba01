"""Where the money went against what was allocated, as frames in whole pence.

`remaining` = brought_forward + allocated − spent − committed. Pots never add up across holders (4.12–4.14).
"""

from dashboard.funding.queries.inputs import load_contributions, load_given, load_outside
from dashboard.funding.queries.meetings import load_meeting_costs
from dashboard.funding.queries.pots import load_pots, load_release_by_school, load_roll_over
from dashboard.funding.queries.spending import (
    load_aims_of_targets,
    load_by_school,
    load_by_target,
    load_by_use,
    load_course,
)
from dashboard.funding.queries.to_check import load_lines_to_check

__all__ = [
    "load_aims_of_targets",
    "load_by_school",
    "load_by_target",
    "load_by_use",
    "load_contributions",
    "load_course",
    "load_given",
    "load_lines_to_check",
    "load_meeting_costs",
    "load_outside",
    "load_pots",
    "load_release_by_school",
    "load_roll_over",
]
