"""What pots, parts and states are called on a page."""

from typing import Final

from dashboard.vocabulary import Part, Pot

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
