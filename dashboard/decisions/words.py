"""What decisions are called, who may see to them, and on which pages they are taken."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class About(StrEnum):
    """What was shown when a decision was taken."""

    OPEN_BOOK = "open book"


PAGES: Final = {About.OPEN_BOOK: "open-figures"}
"""The page of the cluster on which such a decision is noted and listed."""

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


@dataclass(frozen=True)
class ShownFigure:
    """One figure as it was shown when the decision was taken."""

    label: str
    value: str
    unit: str
