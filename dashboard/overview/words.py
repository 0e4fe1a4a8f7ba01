"""What the choices of the overview are called."""

from collections.abc import Mapping
from typing import Final

from dashboard.flags import SIGNS

FLAGS: Final[Mapping[str, str]] = {
    "low_attendance": "School came to few meetings",
    "no_recent_attendance": "School missed the last meetings",
    "not_recorded": "Marks missing in the register",
    "sabbatical_review": "Sabbatical to be reviewed",
    "consistency": "Different people each time",
    "induction_due": "Induction due",
    "too_few_meetings": "Too few meetings",
    "missed_half_term": "Half term without steering group",
    "after_school": "Meetings after school",
    "cluster_size": "Fewer or more schools than have lasted",
    "turnover": "Leads have changed",
    "overspent": "Overspent",
    "unspent": "Money not spent",
    "unallocated": "Nothing allocated this year",
    "over_allowance": "Beyond an allowance",
    "unapproved_time": "Organising time not approved",
    "unapproved_travel": "Travel not approved",
    "cpd_over_limit": "CPD session above the limit",
    "half_day_over_limit": "Half day above the limit",
    "half_days_over": "Too many half days of release",
    "psqm_renewal": "Quality mark renewed with cluster money",
    "psqm_places": "Too many places for the quality mark",
    "use_not_allowed": "Use of another part",
    "wrong_holder": "Held by somebody else",
    "uninvoiced": "Promised and not invoiced",
    "overdue": "Target overdue",
    "no_evidence": "Target without evidence",
    "no_measurable_criterion": "Target without a criterion",
    "activity_without_impact": "Evidence without impact",
}
"""The flags by the stable name of their rule."""

STATES: Final[Mapping[str, str]] = {severity: " ".join(sign) for severity, sign in SIGNS.items()}
NO_FLAG: Final = "none"


def called(flag: str) -> str:
    """What a flag or a state is called that somebody may choose; what nobody knows stands as it was written."""
    if flag == NO_FLAG:
        return "● No flags"
    return STATES.get(flag) or FLAGS.get(flag) or flag
