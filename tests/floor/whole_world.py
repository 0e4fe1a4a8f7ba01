"""A row of everything, in three clusters: what is behind the walls, and whose each row is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.db import Base, Store
from dashboard.models import (
    Aim,
    AimWording,
    AnsweredFigure,
    Appointment,
    ApprovalRequest,
    BatchChange,
    CalendarPeriod,
    ChecklistTick,
    Cluster,
    ClusterStage,
    CollaborationNote,
    Concern,
    ConcernStep,
    ContextEvent,
    Contribution,
    Criterion,
    CriterionSchool,
    Decision,
    Evidence,
    EvidenceFile,
    GroupOutcome,
    ImportBatch,
    LeadSchool,
    LifecycleEvent,
    LifecycleReason,
    Meeting,
    OpenBook,
    OpenRegister,
    OutsideMoney,
    Participation,
    Person,
    PersonMark,
    PlanChange,
    PlanReview,
    Programme,
    Project,
    ProjectStep,
    Receipt,
    School,
    SchoolAgreement,
    SchoolAlias,
    SchoolCommitment,
    SelfEvaluation,
    Stage,
    Target,
    TargetAim,
    TargetMeeting,
    Trust,
    TrustMembership,
    WorkgroupLine,
    WorkgroupReturn,
    WorkingGroup,
    WorkingGroupSchool,
)
from dashboard.models.plans import CellLine
from dashboard.vocabulary import (
    Checklist,
    Commitment,
    ContributionKind,
    CriterionState,
    EventKind,
    FigureAnswer,
    Mark,
    NoteKind,
    OutsideKind,
    OutsideState,
    PeriodKind,
    PersonRole,
    PlanChangeKind,
    Pot,
    ProjectStage,
    Rating,
    RequestKind,
    SelfAnswer,
    StepKind,
)
from tests import builders as put
from tests.builders import YEAR

Ids = dict[str, set[int]]
"""Table → the numbers of rows."""
_DAY = date(2016, 10, 5)
_WHEN = datetime(2016, 10, 5, 16, tzinfo=UTC)


@dataclass
class Whole:
    """The world, and which rows each of its parts brought: "mill", "mill ford" (a school within it), …"""

    brought: dict[str, Ids] = field(default_factory=dict)
    clusters: dict[str, int] = field(default_factory=dict)
    schools: dict[str, int] = field(default_factory=dict)
    away: dict[str, int] = field(default_factory=dict)
    """Of each school, the event that it was expected at no meeting."""
    river: int = 0
    """The programme of all clusters but the decoy."""

    def rows(self, *parts: str) -> Ids:
        """The rows of every part whose name begins with one of these words."""
        found: Ids = {}
        for part, ids in self.brought.items():
            if part.startswith(parts):
                for table, numbers in ids.items():
                    found.setdefault(table, set()).update(numbers)
        return found


def ids_of(session: Session) -> Ids:
    """The numbers of all rows that a session sees."""
    return {
        table.name: set(session.scalars(sa.select(table.c.id)))
        for table in Base.metadata.sorted_tables
        if "id" in table.c
    }


def build(store: Store) -> Whole:
    """Two clusters under one programme and a decoy under another, with two schools each."""
    whole = Whole()
    with store.writing() as session:
        river, decoy = put.programme(session, "River"), put.programme(session, "Decoy")
        whole.river = river.id
        for name, under in (("mill", river), ("weir", river), ("decoy", decoy)):
            _note(session, whole, name, lambda name=name, under=under: _cluster(session, whole, name, under))
            for school in ("ford", "lake"):
                part = f"{name} {school}"
                _note(session, whole, part, lambda part=part, name=name: _school(session, whole, part, name))
    return whole


def _note(session: Session, whole: Whole, part: str, make: Callable[[], None]) -> None:
    before = ids_of(session)
    make()
    session.flush()
    whole.brought[part] = {table: ids - before[table] for table, ids in ids_of(session).items()}


def _cluster(session: Session, whole: Whole, name: str, under: Programme) -> None:
    made = put.cluster(session, name, under=under)
    whole.clusters[name] = made.id
    stage = put.put(session, Stage(programme_id=under.id, position=made.id, name=name))
    put.put(session, ClusterStage(cluster_id=made.id, stage_id=stage.id))
    _on_the_way(session, made, stage)
    _event(session, made, EventKind.STAGE_GATE)
    held = put.meeting(session, made, _DAY)
    _conversations(session, made, held)
    put.allocation(session, made, 1000)
    put.carried(session, made, 50)
    put.line(session, made, 100)
    _asked_and_decided(session, made)
    target = put.target(session, made, name, criteria=(CriterionState.MET,), evidence_on=(None,))
    aim = put.put(session, Aim(cluster_id=made.id, position=1, text=name))
    put.put(session, AimWording(aim_id=aim.id, wording=name))
    put.put(session, TargetAim(target_id=target.id, aim_id=aim.id))
    _plan(session, target, held)
    _work(session, made)
    put.benchmark(session, made, measure="Whole")
    put.put(session, Decision(cluster_id=made.id, decided_on=_DAY, words=name, about="open book", noted_as="director"))
    batch = put.put(session, ImportBatch(kind="schools", file_name="a.csv", cluster=made.slug))
    put.put(session, BatchChange(batch_id=batch.id, table_name="cluster", row_id=made.id))


def _plan(session: Session, target: Target, held: Meeting) -> None:
    """What hangs on a target beside its cells."""
    piece = session.query(Evidence).filter_by(target_id=target.id).one()
    target.cell_evaluation = (CellLine(True, piece.text),)
    file = EvidenceFile(evidence_id=piece.id, cluster_id=target.cluster_id, file_name="a.pdf", sha256="0" * 64)
    file.media_type, file.size, file.content = "application/pdf", 4, b"%PDF"
    put.put(session, file)
    added = PlanChange(cluster_id=target.cluster_id, target_id=target.id, kind=PlanChangeKind.TARGET_ADDED)
    added.known_as = "coordinator"
    put.put(session, added)
    review = PlanReview(cluster_id=target.cluster_id, year=YEAR, target_id=target.id, number=1, reviewed_on=_DAY)
    review.rating, review.words, review.known_as = Rating.ON_TRACK, "As it should be", "director"
    put.put(session, review)
    put.put(session, TargetMeeting(target_id=target.id, meeting_id=held.id))


def _on_the_way(session: Session, of: Cluster, stage: Stage) -> None:
    tick = ChecklistTick(cluster_id=of.id, checklist=Checklist.STAGE_GATE, stage_id=stage.id, item="review")
    tick.said_as = "coordinator"
    put.put(session, tick)


def _work(session: Session, of: Cluster) -> None:
    """What schools do together, and what they say of it."""
    project = put.put(session, Project(cluster_id=of.id, name="Ours"))
    put.put(session, ProjectStep(project_id=project.id, cluster_id=of.id, stage=ProjectStage.ACTION_PLANNING))
    group = put.put(session, WorkingGroup(cluster_id=of.id, project_id=project.id, name="Literacy"))
    put.put(session, GroupOutcome(working_group_id=group.id, cluster_id=of.id, position=1, words="Books"))
    note = CollaborationNote(cluster_id=of.id, year=YEAR, kind=NoteKind.BARRIER, tag="time", words="No time")
    note.said_on, note.said_as = _DAY, "coordinator"
    put.put(session, note)


def _conversations(session: Session, of: Cluster, held: Meeting) -> None:
    """What a cluster says of itself, and what is said of it."""
    year = date(YEAR, 9, 1), date(YEAR, 10, 21)
    term = CalendarPeriod(year=YEAR, cluster_id=of.id, kind=PeriodKind.HALF_TERM, name=of.name)
    term.starts, term.ends = year
    put.put(session, term)
    put.put(session, ContextEvent(cluster_id=of.id, happened_on=_DAY, words=of.name))
    put.put(session, OpenRegister(meeting_id=held.id, page=of.name, seen_at=_WHEN))
    put.put(session, WorkgroupReturn(cluster_id=of.id, year=YEAR, version=1, received_at=_WHEN))
    _concern(session, of, None)


def _asked_and_decided(session: Session, of: Cluster) -> None:
    """What a cluster asked for, got from others, and decided."""
    asked = ApprovalRequest(cluster_id=of.id, kind=RequestKind.TRAVEL, summary="A coach", asked_on=_DAY)
    asked.asked_as = "coordinator"
    put.put(session, asked)
    grant = OutsideMoney(cluster_id=of.id, year=YEAR, kind=OutsideKind.GRANT, party="A fund", state=OutsideState.WON)
    put.put(session, grant)
    put.put(session, Decision(cluster_id=of.id, decided_on=_DAY, words="Share", about="money", noted_as="coordinator"))


def _concern(session: Session, of: Cluster, about: School | None) -> None:
    concern = Concern(cluster_id=of.id, school_id=about and about.id, summary="Nobody came", raised_on=_DAY)
    concern.raised_as = "coordinator"
    put.put(session, concern)
    put.put(session, ConcernStep(concern_id=concern.id, kind=StepKind.VISITED_THE_HEAD, taken_on=_DAY))


def _event(
    session: Session, of: Cluster, kind: EventKind, school: School | None = None, person: Person | None = None
) -> LifecycleEvent:
    """Something that happened, and why."""
    event = LifecycleEvent(cluster_id=of.id, school_id=school and school.id, kind=kind, happened_on=_DAY)
    event.person_id = person and person.id
    put.put(session, event)
    put.put(session, LifecycleReason(event_id=event.id, cluster_id=of.id, reason="sickness"))
    return event


def _school(session: Session, whole: Whole, part: str, name: str) -> None:
    of = session.get_one(Cluster, whole.clusters[name])
    made = put.school(session, part, within=of)
    whole.schools[part] = made.id
    _history(session, of, made)
    _people(session, of, made)
    whole.away[part] = _event(session, of, EventKind.SABBATICAL, made).id
    _concern(session, of, made)
    put.allocation(session, of, 500, pot=Pot.SCHOOL_HELD, to=made)
    put.carried(session, of, 5, pot=Pot.SCHOOL_HELD, to=made)
    line = put.line(session, of, 10, pot=Pot.SCHOOL_HELD, by=made)
    receipt = Receipt(line_id=line.id, cluster_id=of.id, school_id=made.id, file_name="a.pdf", sha256="0" * 64)
    receipt.media_type, receipt.size, receipt.content = "application/pdf", 4, b"%PDF"
    put.put(session, receipt)
    put.put(session, Contribution(cluster_id=of.id, school_id=made.id, year=YEAR, kind=ContributionKind.LEVY))
    printed = put.benchmark(session, of, measure=part)
    printed.school_id = made.id
    answer = AnsweredFigure(cluster_id=of.id, school_id=made.id, year=YEAR, check_name="total", answered_on=_DAY)
    answer.answer, answer.answered_as = FigureAnswer.STANDS, "headteacher"
    put.put(session, answer)
    _part_in_the_work(session, of, made)


def _part_in_the_work(session: Session, of: Cluster, made: School) -> None:
    project = session.query(Project).filter_by(cluster_id=of.id).one()
    group = session.query(WorkingGroup).filter_by(cluster_id=of.id).one()
    put.put(session, WorkingGroupSchool(working_group_id=group.id, cluster_id=of.id, school_id=made.id, people=2))
    took = Participation(project_id=project.id, cluster_id=of.id, school_id=made.id, year_group="Year 1", children=6)
    put.put(session, took)
    said = SelfEvaluation(cluster_id=of.id, school_id=made.id, year=YEAR, area="Maths", answer=SelfAnswer.SO_SO)
    said.said_on, said.said_as = _DAY, "headteacher"
    put.put(session, said)
    goes_on = SchoolCommitment(cluster_id=of.id, school_id=made.id, answer=Commitment.CONTINUES, said_on=_DAY)
    goes_on.said_as = "headteacher"
    put.put(session, goes_on)


def _history(session: Session, of: Cluster, made: School) -> None:
    trust = put.put(session, Trust(slug=made.slug, name=made.name))
    put.put(session, TrustMembership(trust_id=trust.id, school_id=made.id))
    put.put(session, LeadSchool(cluster_id=of.id, school_id=made.id))
    put.put(session, OpenBook(cluster_id=of.id, school_id=made.id, agreed_on=_DAY))
    put.put(session, SchoolAgreement(cluster_id=of.id, school_id=made.id, signed_on=_DAY))
    put.put(session, SchoolAlias(cluster_id=of.id, school_id=made.id, alias=f"{made.name}'s"))


def _people(session: Session, of: Cluster, made: School) -> None:
    person = put.put(session, Person(name="A Colleague"))
    put.put(session, Appointment(person_id=person.id, role=PersonRole.TEACHER, cluster_id=of.id, school_id=made.id))
    _event(session, of, EventKind.SABBATICAL, made, person)
    sent = session.query(WorkgroupReturn).filter_by(cluster_id=of.id).one()
    line = WorkgroupLine(return_id=sent.id, cluster_id=of.id, school_id=made.id, person_id=person.id)
    line.roles, line.year_groups = [PersonRole.TEACHER.value], [5]
    put.put(session, line)
    held = session.query(Meeting).filter_by(cluster_id=of.id).one()
    put.mark(session, held, made, Mark.PRESENT)
    put.put(session, PersonMark(meeting_id=held.id, school_id=made.id, person_id=person.id, mark=Mark.PRESENT))
    criterion = session.query(Criterion).join(Target).filter(Target.cluster_id == of.id, Target.year == YEAR).one()
    put.put(session, CriterionSchool(criterion_id=criterion.id, school_id=made.id, state=CriterionState.MET))
