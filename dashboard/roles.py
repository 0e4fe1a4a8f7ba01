"""What the roles of colleagues are called."""

from typing import Final

from dashboard.vocabulary import PersonRole

ROLE_WORDS: Final = {
    PersonRole.KEY_STAGE_3_LEAD: "Key Stage 3 lead",
    PersonRole.YEAR_6_TEACHER: "Year 6 teacher",
    PersonRole.ENGLISH_LEAD: "English lead",
    PersonRole.TEACHER: "teacher",
    PersonRole.SUBJECT_LEAD: "subject lead",
    PersonRole.COORDINATOR: "co-ordinator",
    PersonRole.HEADTEACHER: "headteacher",
    PersonRole.CLUSTER_LEAD: "cluster lead",
    PersonRole.CHAIR: "chair",
    PersonRole.STEERING_GROUP: "steering group member",
    PersonRole.GOVERNOR: "governor",
    PersonRole.MENTOR: "mentor",
    PersonRole.BURSAR: "bursar",
    PersonRole.ADVISOR: "advisor",
    PersonRole.DIRECTOR: "director",
}
"""Every role within a sentence, in the order in which a workgroup's return lists them (0.5–0.9)."""
