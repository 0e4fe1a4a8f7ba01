"""What the kinds of work, the horizons and the focus areas of targets are called (3.1, 3.9, 4.6)."""

from collections.abc import Mapping
from typing import Final

from dashboard.vocabulary import ActivityKind, FocusArea, Horizon

ACTIVITIES: Final[Mapping[ActivityKind, str]] = {
    ActivityKind.LINKED_INITIATIVE: "Initiative of a partner that we take up",
    ActivityKind.DEVELOPMENT: "Professional and curriculum development",
    ActivityKind.CLUSTER_PROJECT: "Project of the cluster’s own",
    ActivityKind.BEYOND_THE_CLUSTER: "Work beyond the cluster",
    ActivityKind.ACHIEVEMENT: "Professional achievement",
}
HORIZONS: Final[Mapping[Horizon, str]] = {
    Horizon.SHORT: "Short term",
    Horizon.MEDIUM: "Medium term",
    Horizon.LONG: "Long term",
}
FOCUS_AREAS: Final[Mapping[FocusArea, str]] = {
    FocusArea.INVESTIGATIVE_SCIENCE: "Investigative science",
    FocusArea.SKILLS_AND_CONFIDENCE: "Skills and confidence of teachers",
    FocusArea.RESOURCES: "Resources",
    FocusArea.STAFF_TRAINING: "Training of staff",
    FocusArea.ICT: "ICT",
    FocusArea.SHARING_ITS_WORK: "Sharing the cluster’s work",
    FocusArea.LOCAL_EXPERTISE: "Local expertise",
    FocusArea.SEN: "Special educational needs",
    FocusArea.BACKGROUND_KNOWLEDGE: "Background knowledge",
    FocusArea.SCIENCE_COORDINATOR: "Role of the science coordinator",
    FocusArea.PROGRESSION: "Progression",
    FocusArea.ASSESSMENT: "Assessment",
    FocusArea.BARRIERS: "Barriers to learning",
    FocusArea.NEW_TEACHERS: "New teachers",
    FocusArea.FAMILY_LEARNING: "Learning in the family",
    FocusArea.MONITORING: "Monitoring",
}
