"""What concerns, steps and decisions are called, and what the documents tell of steps that were taken."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dashboard.vocabulary import ConcernDecision, StepKind, StepOutcome

WHOLE_CLUSTER: Final = "the cluster as a group"

RULES: Final[Mapping[str, str]] = {
    "low_attendance": "The school came to few of the meetings at which it was expected.",
    "no_recent_attendance": "The school missed the last meetings at which it was expected.",
    "not_recorded": "Past meetings have no mark for the school, so nobody knows whether it came.",
    "missed_half_term": "The school came to no meeting in a whole half term.",
    "too_few_meetings": "The cluster holds fewer meetings than were agreed.",
    "after_school": "Meetings are held after school instead of in released school time.",
    "cluster_size": "The cluster has fewer or more schools than groups that have lasted.",
    "sabbatical_review": "A sabbatical was to be reviewed, and nobody has done so yet.",
    "consistency": "Different people come for the school from meeting to meeting.",
    "turnover": "The people who come for the school change often.",
    "induction_due": "Somebody new comes for the school and has not been brought up to speed.",
    "unspent": "Money of the cluster is neither spent nor promised.",
    "overspent": "More was spent than there was.",
    "overdue": "A target of the plan is past its date.",
    "no_evidence": "A target of the plan has no evidence yet.",
}
"""The flags that may prompt a concern, by the stable name of their rule (3.11), each with a plain sentence."""

_RULE: Final = re.compile(r"[a-z_]{1,60}")

STEPS: Final[Mapping[StepKind, str]] = {
    StepKind.REMINDED_OF_FUNDING: "Reminded the school of the funding for attendance",
    StepKind.MOVED_THE_TIME: "Moved the start to allow for travel",
    StepKind.WROTE_TO_THE_HEAD: "Wrote to the headteacher about the agreement",
    StepKind.VISITED_THE_HEAD: "Visited the headteacher",
    StepKind.SPOKE_TO_THE_SCHOOL: "Spoke to the school",
    StepKind.SHARED_THE_ROLE: "Proposed that two people share the role",
    StepKind.SENT_A_SUBSTITUTE: "Agreed that another member of staff comes",
    StepKind.SUPPORTED_BY_THE_CLUSTER: "Supported the school from within the cluster",
    StepKind.AGREED_A_SABBATICAL: "Agreed a sabbatical",
    StepKind.CHANGED_THE_GOALS: "Changed the goals of the next terms",
    StepKind.ASKED_THE_ADVISOR: "Discussed it with the director or advisor",
    StepKind.OTHER: "Something else",
}

OUTCOMES: Final[Mapping[StepOutcome, str]] = {
    StepOutcome.WAITING: "nothing known yet",
    StepOutcome.CAME_AGAIN: "the school came again",
    StepOutcome.HEAD_CAME: "the headteacher came",
    StepOutcome.NEW_LEADER: "a new leader was appointed",
    StepOutcome.SECOND_PERSON: "a second person shares the role",
    StepOutcome.AGREED: "the school agreed",
    StepOutcome.NO_CHANGE: "nothing changed",
}

DECISIONS: Final[Mapping[ConcernDecision, str]] = {
    ConcernDecision.SETTLED: "Settled",
    ConcernDecision.WATCHED: "Watched: nothing more to do for now",
    ConcernDecision.SABBATICAL: "Sabbatical: a time away, then a review",
    ConcernDecision.EXIT: "Exit: time to call it a day",
}

CLOSED_AS: Final[Mapping[ConcernDecision, str]] = {
    ConcernDecision.SETTLED: "settled",
    ConcernDecision.WATCHED: "watched, nothing more to do for now",
    ConcernDecision.SABBATICAL: "a sabbatical",
    ConcernDecision.EXIT: "an exit from the cluster",
}


@dataclass(frozen=True)
class Known:
    """Something that the documents tell: what was done, or what came of it, and at which point."""

    words: str
    point: str


KNOWN_STEPS: Final = (
    Known("Reminded schools that time at meetings is paid for.", "3.12"),
    Known("Moved the start of meetings, so that schools further away could travel.", "3.12"),
    Known("Wrote to headteachers about what they had agreed to.", "3.12"),
    Known("Visited headteachers.", "3.12"),
    Known("Had another member of staff come, and kept the usual one informed: the school was still there.", "3.13"),
    Known("Supported the school from within the cluster.", "3.6"),
    Known("Got in touch with the director.", "3.6"),
    Known("Agreed a sabbatical for a set time, with a review at its end.", "3.6"),
    Known("Changed the goals of the next terms.", "3.6"),
    Known("After all that, talked to the advisor; it may be time to call it a day.", "4.22"),
)
KNOWN_RESULTS: Final = (
    Known("A headteacher came to a meeting.", "3.12"),
    Known("A new leader was appointed.", "3.12"),
    Known("A second person shares the role.", "3.12"),
)


def known_rule(name: str | None) -> str | None:
    """The name of a flag's rule, if it is one that may prompt a concern; else None."""
    return name if name is not None and _RULE.fullmatch(name) and name in RULES else None
