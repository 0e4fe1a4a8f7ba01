"""What the states of targets and criteria are called, and the shape each has."""

from typing import Final

from dashboard.vocabulary import CriterionState, Rating, TargetStatus

STATUS_WORDS: Final = {
    TargetStatus.NOT_STARTED: "Not started",
    TargetStatus.IN_PROGRESS: "In progress",
    TargetStatus.ACHIEVED: "Achieved",
    TargetStatus.STALLED: "Stalled",
}
STATUS_SYMBOLS: Final = {
    TargetStatus.NOT_STARTED: "○",
    TargetStatus.IN_PROGRESS: "◐",
    TargetStatus.ACHIEVED: "●",
    TargetStatus.STALLED: "■",
}
CRITERION_WORDS: Final = {
    CriterionState.MET: "met",
    CriterionState.NOT_MET: "not met",
    CriterionState.NO_EVIDENCE: "no evidence",
}
CRITERION_SYMBOLS: Final = {
    CriterionState.MET: "●",
    CriterionState.NOT_MET: "✕",
    CriterionState.NO_EVIDENCE: "○",
}
ON_THE_WAY: Final = "◉"
"""Of a countable criterion of which some is reached."""
RATING_WORDS: Final = {
    Rating.ON_TRACK: "On track",
    Rating.SOME_CONCERN: "Some concern",
    Rating.OFF_TRACK: "Off track",
}
"""Green, amber and red in words."""
