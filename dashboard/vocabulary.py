"""The words of the field, as fixed lists. No database, no drawing: every layer may use them."""

from enum import StrEnum


class Mark(StrEnum):
    """What a register says of one school at one meeting."""

    PRESENT = "present"
    SUBSTITUTE = "substitute"
    """Somebody came for the usual person: the school was represented (3.13)."""
    APOLOGIES = "apologies"
    ABSENT = "absent"
    NOT_EXPECTED = "not_expected"
    """On sabbatical, not yet or no longer a member, or a meeting that was not for this school."""
    NOT_RECORDED = "not_recorded"
    """Nobody wrote anything down. Missing is not absent."""


ATTENDED_MARKS = (Mark.PRESENT, Mark.SUBSTITUTE)
EXPECTED_MARKS = (Mark.PRESENT, Mark.SUBSTITUTE, Mark.APOLOGIES, Mark.ABSENT)


class MeetingKind(StrEnum):
    """What a meeting was for."""

    CLUSTER = "cluster"
    STEERING_GROUP = "steering_group"
    SUB_GROUP = "sub_group"
    NETWORK = "network"
    TRAINING = "training"
    EVENT = "event"
    REVIEW = "review"


class Phase(StrEnum):
    """The phase of a school."""

    NURSERY = "nursery"
    INFANT = "infant"
    JUNIOR = "junior"
    PRIMARY = "primary"
    MIDDLE = "middle"
    SECONDARY = "secondary"
    ALL_THROUGH = "all_through"
    SPECIAL = "special"
    OTHER = "other"


class EventKind(StrEnum):
    """A dated event in the life of a school or a person in a cluster (R.5)."""

    JOINED = "joined"
    AGREEMENT_SIGNED = "agreement_signed"
    HANDOVER = "handover"
    JOB_SHARE = "job_share"
    SUBSTITUTE_ARRANGED = "substitute_arranged"
    INDUCTED = "inducted"
    """A new colleague was brought up to speed (3.8)."""
    SABBATICAL = "sabbatical"
    FEDERATED = "federated"
    CLOSED = "closed"
    DISENGAGED = "disengaged"
    DROPPED_OUT = "dropped_out"
    REPLACED = "replaced"
    STAGE_GATE = "stage_gate"
    INDEPENDENT = "independent"


AWAY_EVENTS = (EventKind.SABBATICAL, EventKind.CLOSED)
"""While one of these lasts the school is expected at no meeting (3.5, 3.6)."""


class StepKind(StrEnum):
    """What may be done about a concern: what clusters did (3.12), what the programme offers (3.6, 3.13, 4.22)."""

    REMINDED_OF_FUNDING = "reminded_of_funding"
    MOVED_THE_TIME = "moved_the_time"
    WROTE_TO_THE_HEAD = "wrote_to_the_head"
    VISITED_THE_HEAD = "visited_the_head"
    SPOKE_TO_THE_SCHOOL = "spoke_to_the_school"
    SHARED_THE_ROLE = "shared_the_role"
    SENT_A_SUBSTITUTE = "sent_a_substitute"
    SUPPORTED_BY_THE_CLUSTER = "supported_by_the_cluster"
    AGREED_A_SABBATICAL = "agreed_a_sabbatical"
    CHANGED_THE_GOALS = "changed_the_goals"
    ASKED_THE_ADVISOR = "asked_the_advisor"
    OTHER = "other"


class StepOutcome(StrEnum):
    """What came of a step (3.12)."""

    WAITING = "waiting"
    CAME_AGAIN = "came_again"
    HEAD_CAME = "head_came"
    NEW_LEADER = "new_leader"
    SECOND_PERSON = "second_person"
    AGREED = "agreed"
    NO_CHANGE = "no_change"


class ConcernDecision(StrEnum):
    """How a concern was closed."""

    SETTLED = "settled"
    WATCHED = "watched"
    """Nothing more to do for now; the flags will tell."""
    SABBATICAL = "sabbatical"
    EXIT = "exit"
    """It was time to call it a day (4.22)."""


class PersonRole(StrEnum):
    """What a person does for a cluster or a school (3.20, 4.28, 0.5–0.9)."""

    DIRECTOR = "director"
    ADVISOR = "advisor"
    COORDINATOR = "coordinator"
    CLUSTER_LEAD = "cluster_lead"
    SUBJECT_LEAD = "subject_lead"
    HEADTEACHER = "headteacher"
    CHAIR = "chair"
    STEERING_GROUP = "steering_group"
    GOVERNOR = "governor"
    MENTOR = "mentor"
    KEY_STAGE_3_LEAD = "key_stage_3_lead"
    YEAR_6_TEACHER = "year_6_teacher"
    ENGLISH_LEAD = "english_lead"
    TEACHER = "teacher"
    BURSAR = "bursar"


LEAD_ROLES = (
    PersonRole.SUBJECT_LEAD, PersonRole.KEY_STAGE_3_LEAD, PersonRole.YEAR_6_TEACHER, PersonRole.ENGLISH_LEAD,
)  # fmt: skip
"""The roles in which somebody stands for a school at the cluster's meetings (0.5, 0.7, 3.8, 3.20)."""


class PeriodKind(StrEnum):
    """A stretch of the school calendar."""

    TERM = "term"
    HALF_TERM = "half_term"
    HOLIDAY = "holiday"
    INSET = "inset"


class Pot(StrEnum):
    """Who holds the money. Pots never add up across holders (4.12–4.14)."""

    LEAD_HELD = "lead_held"
    SCHOOL_HELD = "school_held"
    TRUST_HELD = "trust_held"


class Part(StrEnum):
    """What the money was given for."""

    A = "A"
    B = "B"
    COORDINATOR = "coordinator"
    JOINT = "joint"
    LEAD_ALLOWANCE = "lead_allowance"
    FINANCE_ALLOWANCE = "finance_allowance"
    RELEASE = "release"
    RESOURCES = "resources"
    LEVY = "levy"
    GRANT = "grant"
    OTHER = "other"


class UseCode(StrEnum):
    """What a line of the ledger paid for: Part A (3.2), Part B (3.3), the coordinator's allowance (3.4)."""

    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A4 = "A4"
    A5 = "A5"
    B1 = "B1"
    B2 = "B2"
    B3 = "B3"
    B4 = "B4"
    B5 = "B5"
    B6 = "B6"
    B7 = "B7"
    C1 = "C1"
    C2 = "C2"
    C3 = "C3"


class LinePurpose(StrEnum):
    """What a line of the ledger paid for, where a rule asks it."""

    CPD_SESSION = "cpd_session"
    """A provider of professional development at a session (4.9)."""
    QUALITY_MARK = "quality_mark"
    """A school's way to the Primary Science Quality Mark (4.8)."""
    EXTRA_TIME = "extra_time"
    """Organising time beyond the allowance of the cluster lead (4.17)."""
    SUB_GROUP = "sub_group"
    """A meeting of some of the schools, as agreed by them (4.19)."""
    TRAVEL = "travel"
    """Decided case by case (4.26)."""
    RESOURCES = "resources"
    """Things for schools, such as extra copies of the Trust's own (4.14)."""


class LineState(StrEnum):
    """How far a line of the ledger has got."""

    REQUESTED = "requested"
    APPROVED = "approved"
    COMMITTED = "committed"
    INVOICED = "invoiced"
    PAID = "paid"
    REVERSED = "reversed"


COMMITTED_STATES = (LineState.APPROVED, LineState.COMMITTED)
"""Promised, not yet owed. A mere request binds nobody."""
SPENT_STATES = (LineState.INVOICED, LineState.PAID)
"""Owed or paid: the money is gone from what is left."""


class RequestKind(StrEnum):
    """What the advisor is asked for."""

    EXTRA_TIME = "extra_time"
    """Organising time from the joint pot (4.17)."""
    TRAVEL = "travel"
    """Travel, case by case (4.26)."""
    JOINING = "joining"
    """A school that would like to join after the start (4.7)."""
    SABBATICAL = "sabbatical"
    """A time away of a school or its lead (3.6)."""
    OTHER = "other"


class RequestState(StrEnum):
    """What became of a request."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ContributionKind(StrEnum):
    """What a school puts in itself (1.4, 2.4, 4.4)."""

    LEVY = "levy"
    """The same sum from each school, such as £50."""
    CPD_EXCESS = "cpd_excess"
    """Its share of what a session costs above the most the pot may pay (4.9)."""
    CASH = "cash"
    """Other money of its own, such as what it pays to attend."""
    RELEASE_IN_KIND = "release_in_kind"
    """Cover that it pays itself, beyond the release money (4.4, 4.5)."""
    TIME_IN_KIND = "time_in_kind"
    """Hours of its people, such as of a headteacher."""


class ContributionState(StrEnum):
    """How far a contribution has got."""

    AGREED = "agreed"
    PAID = "paid"
    """Paid, or given where it is in kind."""
    WAIVED = "waived"


class OutsideKind(StrEnum):
    """Money that comes from somewhere else than the programme (2.4, 2.5, 4.21)."""

    GRANT = "grant"
    AWARD = "award"
    SPONSORSHIP = "sponsorship"
    CHARITY = "charity"
    """Raised by the schools for somebody else; never money of the cluster."""


class OutsideState(StrEnum):
    """How far money from outside has got."""

    APPLIED = "applied"
    WON = "won"
    DECLINED = "declined"
    RAISED = "raised"
    """Of charity: given to those it was raised for."""


class FigureAnswer(StrEnum):
    """What a school says of a printed figure that does not agree with another (1.9)."""

    STANDS = "stands"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    """Neither is known to be right; nobody is to use it."""


class CarriedKind(StrEnum):
    """Why a balance was written down by hand."""

    OPENING = "opening"
    ADJUSTMENT = "adjustment"


class TargetStatus(StrEnum):
    """How far a target of the plan is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    ACHIEVED = "achieved"
    STALLED = "stalled"


class CriterionState(StrEnum):
    """What is known of one success criterion."""

    MET = "met"
    NOT_MET = "not_met"
    NO_EVIDENCE = "no_evidence"


class EvidenceKind(StrEnum):
    """The form a piece of evidence has."""

    TEXT = "text"
    FIGURE = "figure"
    LINK = "link"
    FILE = "file"


class PlanCell(StrEnum):
    """The eight cells of a target, in the order of the plan's table (2.1)."""

    TARGET = "target"
    AIMS = "aims"
    CRITERIA = "criteria"
    ORGANISATION = "organisation"
    PERSONNEL = "personnel"
    EVALUATION = "evaluation"
    IMPACT = "impact"
    NEXT_STEPS = "next_steps"


PLAN_HEADINGS = {
    PlanCell.TARGET: "Target",
    PlanCell.AIMS: "Links to Aims",
    PlanCell.CRITERIA: "Success Criteria",
    PlanCell.ORGANISATION: "Organisation/Expenditure",
    PlanCell.PERSONNEL: "Monitoring/Personnel",
    PlanCell.EVALUATION: "Evaluation/Evidence",
    PlanCell.IMPACT: "Impact",
    PlanCell.NEXT_STEPS: "Next Steps/Future Targets",
}


class ActivityKind(StrEnum):
    """The five kinds of work of a cluster (3.1)."""

    LINKED_INITIATIVE = "linked_initiative"
    """Taking up something of the Trust or another partner."""
    DEVELOPMENT = "development"
    """Of people and of the curriculum."""
    CLUSTER_PROJECT = "cluster_project"
    BEYOND_THE_CLUSTER = "beyond_the_cluster"
    """In the locality or wider."""
    ACHIEVEMENT = "achievement"
    """Awards, grants and qualifications."""


class Horizon(StrEnum):
    """How far a target looks ahead (3.9)."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class FocusArea(StrEnum):
    """What a cluster may wish to focus on: the sixteen of the guidance (4.6)."""

    INVESTIGATIVE_SCIENCE = "investigative_science"
    SKILLS_AND_CONFIDENCE = "skills_and_confidence"
    RESOURCES = "resources"
    STAFF_TRAINING = "staff_training"
    ICT = "ict"
    SHARING_ITS_WORK = "sharing_its_work"
    LOCAL_EXPERTISE = "local_expertise"
    SEN = "sen"
    BACKGROUND_KNOWLEDGE = "background_knowledge"
    SCIENCE_COORDINATOR = "science_coordinator"
    PROGRESSION = "progression"
    ASSESSMENT = "assessment"
    BARRIERS = "barriers"
    NEW_TEACHERS = "new_teachers"
    FAMILY_LEARNING = "family_learning"
    MONITORING = "monitoring"


class PlanChangeKind(StrEnum):
    """What became of a plan: its history, and what changed since the last meeting."""

    TARGET_ADDED = "target_added"
    CELL = "cell"
    """The words of one of the eight cells."""
    TITLE = "title"
    DUE = "due"
    REVIEW_ON = "review_on"
    OWNER = "owner"
    STATUS = "status"
    CRITERION_ADDED = "criterion_added"
    CRITERION_GONE = "criterion_gone"
    CRITERION = "criterion"
    """What is known of a success criterion."""
    EVIDENCE_ADDED = "evidence_added"
    EVIDENCE_GONE = "evidence_gone"
    EVIDENCE = "evidence"
    """What is known of a piece of evidence: its day, its criterion, where it can be seen."""
    REVIEWED = "reviewed"


class Rating(StrEnum):
    """How a review found a target or a plan: green, amber and red in words."""

    ON_TRACK = "on_track"
    SOME_CONCERN = "some_concern"
    OFF_TRACK = "off_track"


class Checklist(StrEnum):
    """A list that a cluster ticks off before it goes on."""

    STAGE_GATE = "stage_gate"
    """Out of a stage and into the next (4.3)."""
    INDEPENDENCE = "independence"
    """Before a cluster runs itself (3.17)."""


class TickState(StrEnum):
    """What is known of one item of a checklist."""

    OPEN = "open"
    DONE = "done"
    NOT_NEEDED = "not_needed"


class Commitment(StrEnum):
    """Whether a school goes on with the cluster after the programme (3.17)."""

    CONTINUES = "continues"
    UNDECIDED = "undecided"
    LEAVES = "leaves"


class ProjectStage(StrEnum):
    """The six stages of a project of several schools, in their order (1.14)."""

    SCHOOL_EVALUATION = "school_evaluation"
    SHARED_EVALUATION = "shared_evaluation"
    ACTION_PLANNING = "action_planning"
    TRIAD_WORK = "triad_work"
    EXPERIENTIAL_PROJECT = "experiential_project"
    EVALUATING_COLLABORATION = "evaluating_collaboration"


class GroupStatus(StrEnum):
    """How far a working group is (1.17)."""

    PLANNED = "planned"
    AT_WORK = "at_work"
    PAUSED = "paused"
    FINISHED = "finished"


class OutcomeState(StrEnum):
    """What became of an outcome that a working group set itself (1.20, 1.21)."""

    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


class SelfAnswer(StrEnum):
    """How a school sees itself in one area (1.15)."""

    WORKS_WELL = "works_well"
    SO_SO = "so_so"
    WANT_TO_IMPROVE = "want_to_improve"


class NoteKind(StrEnum):
    """What schools say of working together (1.19)."""

    POSITIVE = "positive"
    BARRIER = "barrier"


class DecisionKind(StrEnum):
    """What a steering group notes beside its figures."""

    DECISION = "decision"
    """Something was settled."""
    ACTION = "action"
    """Somebody has to do something."""


class Provenance(StrEnum):
    """Where figures come from."""

    RECORDED = "recorded"
    """Entered or imported by the people who use the product."""
    DOCUMENT = "document"
    """Printed in a source document that the batch names."""
    ILLUSTRATIVE = "illustrative"
    """Made up to show how the product works; every view says so."""


class Severity(StrEnum):
    """How much a flag asks for. A flag is a prompt with its reason, never a verdict."""

    INFO = "info"
    LOOK = "look"
    ACT = "act"


class Role(StrEnum):
    """What an account may be trusted with (R.1–R.4). A person may hold several."""

    DIRECTOR = "director"
    """Oversees every cluster of a programme."""
    ADVISOR = "advisor"
    """Gives prior approval; sees what the director sees, manages nobody."""
    COORDINATOR = "coordinator"
    """Runs one cluster."""
    HEADTEACHER = "headteacher"
    """Answers for one school."""
    BURSAR = "bursar"
    """Keeps the accounts of one cluster at its lead school."""
    STEERING = "steering"
    """Sits in one cluster's steering group and sees its screen."""
    ADMINISTRATOR = "administrator"
    """Looks after people, settings and backups; sees no school by virtue of it."""


class Attempt(StrEnum):
    """What became of something that somebody tried."""

    DONE = "done"
    REFUSED = "refused"
