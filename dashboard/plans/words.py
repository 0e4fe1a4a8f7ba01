"""What the states of targets and criteria are called, and the shape each has; what a target may be about."""

from typing import Final

from dashboard.vocabulary import ActivityKind, CriterionState, FocusArea, Horizon, Rating, TargetStatus

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
RATING_SYMBOLS: Final = {
    Rating.ON_TRACK: "●",
    Rating.SOME_CONCERN: "▲",
    Rating.OFF_TRACK: "■",
}
ACTIVITY_WORDS: Final = {
    ActivityKind.LINKED_INITIATIVE: "An initiative of a partner",
    ActivityKind.DEVELOPMENT: "Professional and curriculum development",
    ActivityKind.CLUSTER_PROJECT: "A project of the cluster’s own",
    ActivityKind.BEYOND_THE_CLUSTER: "Work beyond the cluster",
    ActivityKind.ACHIEVEMENT: "Awards and achievements",
}
"""The five kinds of work (3.1)."""
HORIZON_WORDS: Final = {
    Horizon.SHORT: "Short term",
    Horizon.MEDIUM: "Medium term",
    Horizon.LONG: "Long term",
}
"""How far a target looks ahead (3.9)."""
FOCUS_WORDS: Final = {
    FocusArea.INVESTIGATIVE_SCIENCE: "Science by investigation",
    FocusArea.SKILLS_AND_CONFIDENCE: "Skills and confidence",
    FocusArea.RESOURCES: "Resources",
    FocusArea.STAFF_TRAINING: "Training of staff",
    FocusArea.ICT: "ICT",
    FocusArea.SHARING_ITS_WORK: "Showing its work to others",
    FocusArea.LOCAL_EXPERTISE: "Experts from nearby",
    FocusArea.SEN: "Special educational needs",
    FocusArea.BACKGROUND_KNOWLEDGE: "Subject knowledge",
    FocusArea.SCIENCE_COORDINATOR: "The science coordinator’s part",
    FocusArea.PROGRESSION: "Progression from year to year",
    FocusArea.ASSESSMENT: "Assessment",
    FocusArea.BARRIERS: "Barriers to learning",
    FocusArea.NEW_TEACHERS: "Teachers new to the work",
    FocusArea.FAMILY_LEARNING: "Learning with families",
    FocusArea.MONITORING: "Watching how it goes",
}
"""What a cluster may wish to focus on (4.6)."""
NOT_SAID: Final = "not said"
