"""What pots, parts and states are called on a page."""

from typing import Final

from dashboard.vocabulary import (
    ContributionKind,
    LinePurpose,
    OutsideKind,
    OutsideState,
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

CONTRIBUTION_WORDS: Final = {
    ContributionKind.LEVY: "Levy",
    ContributionKind.CPD_EXCESS: "Share of dearer training",
    ContributionKind.CASH: "Other money",
    ContributionKind.RELEASE_IN_KIND: "Cover paid besides",
    ContributionKind.TIME_IN_KIND: "Time of their people",
}

OUTSIDE_WORDS: Final = {
    OutsideKind.GRANT: "Grant",
    OutsideKind.AWARD: "Award",
    OutsideKind.SPONSORSHIP: "Sponsorship",
    OutsideKind.CHARITY: "Charity",
}

OUTSIDE_STATE_WORDS: Final = {
    OutsideState.APPLIED: "applied for",
    OutsideState.WON: "won",
    OutsideState.DECLINED: "declined",
    OutsideState.RAISED: "raised",
}
