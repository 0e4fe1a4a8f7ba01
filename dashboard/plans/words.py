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
RATING_WORDS: Final = {
    Rating.ON_TRACK: "On track",
    Rating.SOME_CONCERN: "Some concern",
    Rating.OFF_TRACK: "Off track",
}
"""Green, amber and red in words."""
RATING_SYMBOLS: Final = {
    Rating.ON_TRACK: "●",
    Rating.SOME_CONCERN: "▲",
    Rating.OFF_TRACK: "■",
}
