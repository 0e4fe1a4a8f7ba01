"""What decisions are called, who may see to them, and on which pages they are taken."""

from enum import StrEnum
from typing import Final

from dashboard.vocabulary import DecisionKind


class About(StrEnum):
    """What was shown when a decision was taken."""

    OPEN_BOOK = "open book"
    ATTENDANCE = "attendance"
    MONEY = "money"
    PLAN = "plan"
    DATES = "dates"
    MEETING = "meeting"
    """Nothing in particular of what was shown."""
    ANNUAL_REVIEW = "annual review"
    """The look back at a whole year in the summer meeting (4.11)."""


PAGES: Final = {About.OPEN_BOOK: "open-figures"}
"""The page of the cluster on which such a decision is noted and listed; all others are on that of its decisions."""

KINDS: Final = {DecisionKind.DECISION: "Decision", DecisionKind.ACTION: "Action"}

ABOUTS: Final = {
    About.ATTENDANCE: "Attendance",
    About.MONEY: "Money",
    About.PLAN: "Plan",
    About.DATES: "Dates",
    About.OPEN_BOOK: "Open figures",
    About.ANNUAL_REVIEW: "Annual review",
    About.MEETING: "Something else",
}
"""What was shown, in the words of a list to choose from."""


class State(StrEnum):
    """How far a decision or an action is."""

    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"


STATES: Final = {State.OPEN: "Open", State.OVERDUE: "Overdue", State.DONE: "Done"}

OWNERS: Final = {
    "coordinator": "Coordinator",
    "chair": "Chair",
    "steering_group": "Steering group",
    "headteachers": "Headteachers",
    "lead_school": "Lead school",
    "business_managers": "School business managers",
    "bursar": "Bursar",
    "director": "Director",
    "advisor": "Advisor",
}
"""Who sees to a decision: a role, never a name."""
