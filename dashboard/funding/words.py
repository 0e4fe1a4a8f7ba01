"""What pots, parts and states are called on a page."""

from typing import Final

from dashboard.vocabulary import (
    ContributionState,
    LinePurpose,
    LineState,
    Part,
    Pot,
    UseCode,
)

PART_WORDS: Final = {
    Part.A: "Part A",
    Part.B: "Part B",
    Part.COORDINATOR: "Coordinator’s allowance",
    Part.JOINT: "Joint pot",
    Part.LEAD_ALLOWANCE: "Cluster lead’s allowance",
    Part.FINANCE_ALLOWANCE: "Finance allowance",
    Part.RELEASE: "Release money",
    Part.RESOURCES: "Resources",
    Part.LEVY: "Levy",
    Part.GRANT: "Grant",
    Part.OTHER: "Other",
}

POT_WORDS: Final = {
    Pot.LEAD_HELD: "Held by the lead school",
    Pot.SCHOOL_HELD: "Held by the schools",
    Pot.TRUST_HELD: "Held by the Trust",
}

STATE_WORDS: Final = {
    LineState.REQUESTED: "requested",
    LineState.APPROVED: "approved",
    LineState.COMMITTED: "committed",
    LineState.INVOICED: "invoiced",
    LineState.PAID: "paid",
    LineState.REVERSED: "withdrawn",
}
"""How far a line has got. The state `reversed` is that of a mere request: a line that binds is reversed by another."""

PURPOSE_WORDS: Final = {
    LinePurpose.CPD_SESSION: "CPD session by a provider",
    LinePurpose.QUALITY_MARK: "Quality mark",
    LinePurpose.EXTRA_TIME: "Extra organising time",
    LinePurpose.SUB_GROUP: "Sub-group meeting",
    LinePurpose.TRAVEL: "Travel",
    LinePurpose.RESOURCES: "Resources",
}

USE_WORDS: Final = {
    UseCode.A1: "supply cover for meetings",
    UseCode.A2: "sub-group or paired work",
    UseCode.A3: "visiting one another’s schools",
    UseCode.A4: "individual needs",
    UseCode.A5: "CPD for the group or for outreach",
    UseCode.B1: "resources from audits",
    UseCode.B2: "resources for developments",
    UseCode.B3: "resources for projects",
    UseCode.B4: "shared resources",
    UseCode.B5: "a named responsibility",
    UseCode.B6: "CPD provider bought in or subsidised",
    UseCode.B7: "conference or course",
    UseCode.C1: "running the cluster",
    UseCode.C2: "meeting single subject leads",
    UseCode.C3: "visiting a school or headteachers",
}
"""What each use code stands for (3.2–3.4)."""

SHARE_WORDS: Final = {
    ContributionState.AGREED: "agreed, not paid yet",
    ContributionState.PAID: "paid",
    ContributionState.WAIVED: "waived",
}
"""How far a school's share of an invoice has got."""

DEEDS: Final = {
    "record": "Recorded",
    "change": "Changed",
    "move on": "Moved on",
    "withdraw": "Withdrawn",
    "reverse": "Recorded to take another line back",
    "attach receipt": "A receipt was attached",
    "take away receipt": "A receipt that was attached by mistake was taken away",
}
"""What the audit calls what is done with a line → how a page says it."""


def to_the_penny(pence: int) -> str:
    """An amount of the ledger, always with its pence: £1,234.00, −£5.20."""
    sign = "−" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
