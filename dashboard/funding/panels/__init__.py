"""The panels of money, and which of them stand on which page."""

from dashboard.funding.panels.course import COURSE
from dashboard.funding.panels.inputs import CHARITY, MATCH, OUTSIDE
from dashboard.funding.panels.meetings import MEETING_COSTS
from dashboard.funding.panels.pots import OWN_RELEASE, SPEND_AGAINST_ALLOCATION, Money
from dashboard.funding.panels.release import RELEASE
from dashboard.funding.panels.roll_over import ROLL_OVER
from dashboard.funding.panels.spending import BY_AIM, BY_SCHOOL, BY_TARGET, BY_USE

ON_CLUSTER_PAGE = (SPEND_AGAINST_ALLOCATION,)
ON_SCHOOL_PAGE = (OWN_RELEASE,)
ON_MONEY_PAGE = (
    SPEND_AGAINST_ALLOCATION, COURSE, BY_USE, BY_SCHOOL, BY_TARGET, BY_AIM, ROLL_OVER, RELEASE, MEETING_COSTS, MATCH,
    OUTSIDE, CHARITY,
)  # fmt: skip
ON_MONEY_PAGE_IN_TOTALS = (SPEND_AGAINST_ALLOCATION, COURSE, BY_USE, BY_TARGET, BY_AIM, ROLL_OVER, RELEASE)
"""What the headteacher of one of the schools sees: the cluster's totals, and of what schools hold the own school's."""

__all__ = [
    "COURSE",
    "ON_CLUSTER_PAGE",
    "ON_MONEY_PAGE",
    "ON_MONEY_PAGE_IN_TOTALS",
    "ON_SCHOOL_PAGE",
    "OWN_RELEASE",
    "SPEND_AGAINST_ALLOCATION",
    "Money",
]
