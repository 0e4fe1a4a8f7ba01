"""What the states of groups, outcomes and stages are called, and the shape each has beside its word."""

from collections.abc import Mapping
from typing import Final

from dashboard.vocabulary import GroupStatus, OutcomeState, ProjectStage

AT_WORK_FIRST: Final = (GroupStatus.AT_WORK, GroupStatus.PAUSED, GroupStatus.PLANNED, GroupStatus.FINISHED)
"""The order in which groups are listed and counted."""
STATUS_WORDS: Final[Mapping[GroupStatus, str]] = {
    GroupStatus.PLANNED: "planned",
    GroupStatus.AT_WORK: "at work",
    GroupStatus.PAUSED: "paused",
    GroupStatus.FINISHED: "finished",
}
STATUS_SYMBOLS: Final[Mapping[GroupStatus, str]] = {
    GroupStatus.PLANNED: "○",
    GroupStatus.AT_WORK: "◐",
    GroupStatus.PAUSED: "▲",
    GroupStatus.FINISHED: "●",
}
STATUS_LOOKS: Final[Mapping[GroupStatus, str]] = {
    GroupStatus.PLANNED: "state-info",
    GroupStatus.AT_WORK: "state-ok",
    GroupStatus.PAUSED: "state-look",
    GroupStatus.FINISHED: "state-ok",
}
OUTCOME_WORDS: Final[Mapping[OutcomeState, str]] = {
    OutcomeState.OPEN: "open",
    OutcomeState.REACHED: "reached",
    OutcomeState.DROPPED: "dropped",
}
OUTCOME_SYMBOLS: Final[Mapping[OutcomeState, str]] = {
    OutcomeState.OPEN: "○",
    OutcomeState.REACHED: "●",
    OutcomeState.DROPPED: "–",
}
OUTCOME_LOOKS: Final[Mapping[OutcomeState, str]] = {
    OutcomeState.OPEN: "state-look",
    OutcomeState.REACHED: "state-ok",
    OutcomeState.DROPPED: "state-info",
}
STAGE_WORDS: Final[Mapping[ProjectStage, str]] = {
    ProjectStage.SCHOOL_EVALUATION: "School evaluation",
    ProjectStage.SHARED_EVALUATION: "Shared evaluation",
    ProjectStage.ACTION_PLANNING: "Action planning",
    ProjectStage.TRIAD_WORK: "Triad work",
    ProjectStage.EXPERIENTIAL_PROJECT: "Experiential project",
    ProjectStage.EVALUATING_COLLABORATION: "Evaluating the collaborative approach",
}
"""The six stages of a project in their order (1.14)."""
YEAR_GROUPS: Final = ("Reception", *(f"Year {number}" for number in range(1, 7)))
"""The columns that a first form of participation offers."""
