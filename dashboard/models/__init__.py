"""The tables, and nothing else: no query, no rule, no drawing.

One module for each corner of the field; this page lists them all, so that `from dashboard import models` is enough.
"""

from dashboard.models.accounts import Account, AccountGrant, FeedLink, Passkey, ScreenLink, SetUpLink, WebSession
from dashboard.models.approvals import ApprovalRequest
from dashboard.models.audit import AuditEvent, AuditHead
from dashboard.models.batches import BatchChange, ImportBatch, Provenanced
from dashboard.models.benchmarks import AnsweredFigure, Benchmark
from dashboard.models.calendar import CalendarPeriod
from dashboard.models.clusters import (
    Cluster,
    ClusterStage,
    ContextEvent,
    LeadSchool,
    LifecycleEvent,
    LifecycleReason,
    Membership,
    OpenBook,
)
from dashboard.models.concerns import Concern, ConcernStep
from dashboard.models.contributions import Contribution, OutsideMoney
from dashboard.models.decisions import Decision
from dashboard.models.engagement import Meeting, OpenRegister, PersonMark, SchoolMark
from dashboard.models.evaluation import CollaborationNote, SelfEvaluation
from dashboard.models.funding import Allocation, CarriedBalance, LedgerLine, Receipt
from dashboard.models.overviews import OverviewVisit, SavedView, WatchedCluster
from dashboard.models.people import NAMELESS, Appointment, Person, SchoolAgreement
from dashboard.models.plans import (
    Aim,
    AimWording,
    CellLine,
    Criterion,
    CriterionSchool,
    Evidence,
    EvidenceFile,
    Plan,
    PlanChange,
    PlanReview,
    Target,
    TargetAim,
    TargetMeeting,
)
from dashboard.models.programmes import Cohort, Programme, ProgrammeRule, Stage
from dashboard.models.schools import School, SchoolAlias, Trust, TrustMembership
from dashboard.models.stages import ChecklistTick, SchoolCommitment
from dashboard.models.workgroups import WorkgroupCall, WorkgroupLine, WorkgroupReturn
from dashboard.models.working_groups import (
    GroupOutcome,
    Participation,
    Project,
    ProjectStep,
    WorkingGroup,
    WorkingGroupSchool,
)

__all__ = [
    "NAMELESS",
    "Account",
    "AccountGrant",
    "Aim",
    "AimWording",
    "Allocation",
    "AnsweredFigure",
    "Appointment",
    "ApprovalRequest",
    "AuditEvent",
    "AuditHead",
    "BatchChange",
    "Benchmark",
    "CalendarPeriod",
    "CarriedBalance",
    "CellLine",
    "ChecklistTick",
    "Cluster",
    "ClusterStage",
    "Cohort",
    "CollaborationNote",
    "Concern",
    "ConcernStep",
    "ContextEvent",
    "Contribution",
    "Criterion",
    "CriterionSchool",
    "Decision",
    "Evidence",
    "EvidenceFile",
    "FeedLink",
    "GroupOutcome",
    "ImportBatch",
    "LeadSchool",
    "LedgerLine",
    "LifecycleEvent",
    "LifecycleReason",
    "Meeting",
    "Membership",
    "OpenBook",
    "OpenRegister",
    "OutsideMoney",
    "OverviewVisit",
    "Participation",
    "Passkey",
    "Person",
    "PersonMark",
    "Plan",
    "PlanChange",
    "PlanReview",
    "Programme",
    "ProgrammeRule",
    "Project",
    "ProjectStep",
    "Provenanced",
    "Receipt",
    "SavedView",
    "School",
    "SchoolAgreement",
    "SchoolAlias",
    "SchoolCommitment",
    "SchoolMark",
    "ScreenLink",
    "SelfEvaluation",
    "SetUpLink",
    "Stage",
    "Target",
    "TargetAim",
    "TargetMeeting",
    "Trust",
    "TrustMembership",
    "WatchedCluster",
    "WebSession",
    "WorkgroupCall",
    "WorkgroupLine",
    "WorkgroupReturn",
    "WorkingGroup",
    "WorkingGroupSchool",
]
