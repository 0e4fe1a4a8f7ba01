"""Rows for tests: small functions that put them in a store and give them back, and a strategy that draws a world."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import count
from typing import TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Scope
from dashboard.db import Base, Store, now_utc
from dashboard.directory.view import View, view_cluster
from dashboard.models import (
    Aim,
    Allocation,
    AnsweredFigure,
    Appointment,
    ApprovalRequest,
    Benchmark,
    CalendarPeriod,
    CarriedBalance,
    ChecklistTick,
    Cluster,
    ClusterStage,
    CollaborationNote,
    ContextEvent,
    Contribution,
    Criterion,
    CriterionSchool,
    Decision,
    Evidence,
    EvidenceFile,
    GroupOutcome,
    LedgerLine,
    LifecycleEvent,
    Meeting,
    Membership,
    OpenBook,
    OutsideMoney,
    Participation,
    Person,
    PersonMark,
    Plan,
    PlanChange,
    PlanReview,
    Programme,
    ProgrammeRule,
    Project,
    ProjectStep,
    Receipt,
    School,
    SchoolAlias,
    SchoolCommitment,
    SchoolMark,
    SelfEvaluation,
    Stage,
    Target,
    TargetAim,
    TargetMeeting,
    WorkgroupLine,
    WorkgroupReturn,
    WorkingGroup,
    WorkingGroupSchool,
)
from dashboard.models.plans import CellLine
from dashboard.naming import slug
from dashboard.vocabulary import (
    CarriedKind,
    Checklist,
    Commitment,
    ContributionKind,
    ContributionState,
    CriterionState,
    EventKind,
    EvidenceKind,
    FigureAnswer,
    LinePurpose,
    LineState,
    Mark,
    MeetingKind,
    NoteKind,
    OutsideKind,
    OutsideState,
    Part,
    PeriodKind,
    PersonRole,
    PlanCell,
    PlanChangeKind,
    Pot,
    ProjectStage,
    Rating,
    RequestKind,
    SelfAnswer,
    TargetStatus,
    UseCode,
)

AS_OF = date(2017, 3, 1)
YEAR = 2016
"""The academic year of `AS_OF`: 2016-17."""

Row = TypeVar("Row", bound=Base)
_numbers = count(1)


class _TakeBack(Exception):
    pass


@contextmanager
def taken_back(store: Store) -> Generator[Session]:
    """A session whose writes are gone when the block ends, so that one store serves many examples."""
    with suppress(_TakeBack), store.writing() as session:
        yield session
        raise _TakeBack


def put(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def programme(session: Session, name: str = "Programme", **rules: str) -> Programme:
    made = put(session, Programme(slug=slug(f"{name} {next(_numbers)}"), name=name))
    for rule, value in rules.items():
        put(session, ProgrammeRule(programme_id=made.id, name=rule, value=value))
    return made


def cluster(session: Session, name: str = "Mill Cluster", *, under: Programme | None = None) -> Cluster:
    return put(session, Cluster(slug=slug(name), name=name, programme_id=under.id if under else None))


def school(session: Session, name: str = "Ford School", *, within: Cluster | None = None) -> School:
    """A school; `within` makes it a member without dates."""
    made = put(session, School(slug=slug(name), name=name))
    if within is not None:
        membership(session, within, made)
    return made


def membership(
    session: Session, of: Cluster, member: School, joined: date | None = None, left: date | None = None
) -> Membership:
    return put(session, Membership(cluster_id=of.id, school_id=member.id, joined=joined, left=left))


def event(
    session: Session,
    of: Cluster,
    about: School | None,
    kind: EventKind,
    first: date,
    last: date | None = None,
    *,
    review: date | None = None,
    reviewed: date | None = None,
    person: Person | None = None,
) -> LifecycleEvent:
    row = LifecycleEvent(cluster_id=of.id, school_id=about.id if about else None, kind=kind, happened_on=first)
    row.ends_on, row.review_on, row.reviewed_on = last, review, reviewed
    row.person_id = person.id if person else None
    return put(session, row)


def signs(session: Session, of: Cluster, schools: Sequence[School], year: int = YEAR) -> None:
    """A half term of the cluster's own and a steering group to come; of each school a sabbatical that goes on, a
    colleague who came to a meeting of the year, and one who took over from that colleague.
    """
    half_term = CalendarPeriod(year=year, cluster_id=of.id, kind=PeriodKind.HALF_TERM, name=f"term of {of.slug}")
    half_term.starts, half_term.ends = date(year, 9, 5), date(year, 10, 21)
    put(session, half_term)
    held = session.query(Meeting).filter_by(cluster_id=of.id, year=year, kind=MeetingKind.CLUSTER).first()
    assert held is not None
    meeting(session, of, date(year + 1, 5, 10), MeetingKind.STEERING_GROUP)
    for each in schools:
        event(session, of, each, EventKind.SABBATICAL, date(year + 1, 2, 1))
        before, after = (put(session, Person(name=f"Colleague of {each.slug}")) for _ in range(2))
        put(session, PersonMark(meeting_id=held.id, school_id=each.id, person_id=before.id, mark=Mark.PRESENT))
        for person, first, last in ((before, None, date(year + 1, 1, 31)), (after, date(year + 1, 1, 10), None)):
            role = Appointment(person_id=person.id, role=PersonRole.SUBJECT_LEAD, cluster_id=of.id, school_id=each.id)
            role.starts, role.ends = first, last
            put(session, role)


def person(session: Session, name: str = "Somebody") -> Person:
    return put(session, Person(name=name))


def appointment(
    session: Session,
    of: Cluster,
    at: School,
    who: Person | None = None,
    role: PersonRole = PersonRole.SUBJECT_LEAD,
    *,
    starts: date | None = None,
    ends: date | None = None,
    replaced_by: Person | None = None,
) -> Appointment:
    """The role of a colleague at a school; of somebody new where nobody is named."""
    holder = who or person(session)
    row = Appointment(person_id=holder.id, role=role, cluster_id=of.id, school_id=at.id, starts=starts, ends=ends)
    row.replaced_by_id = replaced_by.id if replaced_by else None
    return put(session, row)


def context(session: Session, of: Cluster, day: date, words: str = "A service ended") -> ContextEvent:
    return put(session, ContextEvent(cluster_id=of.id, happened_on=day, words=words))


def open_book(session: Session, of: Cluster, member: School, agreed: date = date(2016, 9, 1)) -> OpenBook:
    return put(session, OpenBook(cluster_id=of.id, school_id=member.id, agreed_on=agreed))


def meeting(
    session: Session,
    of: Cluster,
    day: date,
    kind: MeetingKind = MeetingKind.CLUSTER,
    *,
    illustrative: bool = False,
    in_school_time: bool | None = None,
    **marks: Mark,
) -> Meeting:
    """A meeting; `marks` are those of schools by slug with underscores."""
    year = AcademicYear.of(day).start
    row = Meeting(cluster_id=of.id, held_on=day, year=year, kind=kind, illustrative=illustrative)
    row.in_school_time = in_school_time
    made = put(session, row)
    if marks:
        schools = {each.slug.replace("-", "_"): each for each in session.query(School)}
        for name, said in marks.items():
            mark(session, made, schools[name], said)
    return made


def mark(session: Session, at: Meeting, of: School, said: Mark, *, illustrative: bool = False) -> SchoolMark:
    return put(session, SchoolMark(meeting_id=at.id, school_id=of.id, mark=said, illustrative=illustrative))


def register(session: Session, of: Cluster, member: School, letters: str, year: int = YEAR) -> list[Meeting]:
    """A meeting for each letter, one a day from 1 October: P, S, A (apologies), N (absent), - and ? (not recorded);
    a blank has no mark at all.
    """
    said = {
        "P": Mark.PRESENT,
        "S": Mark.SUBSTITUTE,
        "A": Mark.APOLOGIES,
        "N": Mark.ABSENT,
        "-": Mark.NOT_EXPECTED,
        "?": Mark.NOT_RECORDED,
    }
    held = [meeting(session, of, date(year, 10, day)) for day in range(1, len(letters) + 1)]
    for each, letter in zip(held, letters, strict=True):
        if letter != " ":
            mark(session, each, member, said[letter])
    return held


def allocation(
    session: Session,
    of: Cluster,
    pence: int,
    *,
    year: int = YEAR,
    pot: Pot = Pot.LEAD_HELD,
    part: Part = Part.A,
    to: School | None = None,
    illustrative: bool = False,
) -> Allocation:
    row = Allocation(cluster_id=of.id, school_id=to.id if to else None, year=year, pot=pot, part=part, amount=pence)
    row.illustrative = illustrative
    return put(session, row)


def carried(
    session: Session,
    of: Cluster,
    pence: int,
    *,
    year: int = YEAR,
    pot: Pot = Pot.LEAD_HELD,
    part: Part = Part.A,
    to: School | None = None,
    illustrative: bool = False,
) -> CarriedBalance:
    row = CarriedBalance(cluster_id=of.id, school_id=to.id if to else None, year=year, pot=pot, part=part, amount=pence)
    row.kind, row.illustrative = CarriedKind.OPENING, illustrative
    return put(session, row)


def line(
    session: Session,
    of: Cluster,
    pence: int,
    state: LineState = LineState.PAID,
    *,
    year: int = YEAR,
    pot: Pot = Pot.LEAD_HELD,
    part: Part = Part.A,
    by: School | None = None,
    illustrative: bool = False,
    on: date | None = None,
    dated: bool = True,
    use: UseCode | None = None,
    purpose: LinePurpose | None = None,
    at: Meeting | None = None,
    for_: Target | None = None,
) -> LedgerLine:
    """A line of the ledger, of 1 November unless another day is given or, if not `dated`, of no day."""
    row = LedgerLine(cluster_id=of.id, school_id=by.id if by else None, year=year, pot=pot, part=part, amount=pence)
    row.spent_on, row.state, row.illustrative = (on or date(year, 11, 1)) if dated else None, state, illustrative
    row.use_code, row.purpose = use, purpose
    row.meeting_id, row.target_id = at.id if at else None, for_.id if for_ else None
    row.fingerprint = f"line {next(_numbers)}"
    return put(session, row)


def receipt(session: Session, of: LedgerLine, content: bytes = b"%PDF-1.7") -> Receipt:
    row = Receipt(line_id=of.id, cluster_id=of.cluster_id, school_id=of.school_id, file_name="invoice.pdf")
    row.media_type, row.size, row.content = "application/pdf", len(content), content
    row.sha256 = sha256(content).hexdigest()
    return put(session, row)


def keep_accounts(session: Session, of: Cluster, school: School, *, year: int = YEAR) -> LedgerLine:
    """A line of the school with its receipt, its share of an invoice and its story; a request for approval on which
    another line rests; money from outside.
    """
    row = line(session, of, 9_500, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=school, year=year)
    row.supplier = f"Supplier of {of.name}"
    receipt(session, row, b"%PDF-1.7 of " + of.slug.encode())
    share = Contribution(cluster_id=of.id, school_id=school.id, year=year, kind=ContributionKind.CPD_EXCESS)
    share.amount, share.line_id = 6_000, row.id
    put(session, share)
    asked = ApprovalRequest(cluster_id=of.id, kind=RequestKind.TRAVEL, summary=f"To {of.name}")
    asked.asked_as, asked.asked_on = "coordinator", date(year, 10, 1)
    put(session, asked)
    line(session, of, 300, year=year).request_id = asked.id
    outside(session, of, f"Fund of {of.name}", year=year)
    audit.record(session, audit.COMMAND_LINE, "record", "ledger line", row.id, cluster_id=of.id)
    return row


def contribution(
    session: Session,
    of: Cluster,
    by: School,
    kind: ContributionKind,
    pence: int | None = None,
    *,
    minutes: int | None = None,
    state: ContributionState = ContributionState.PAID,
    year: int = YEAR,
    illustrative: bool = False,
) -> Contribution:
    row = Contribution(cluster_id=of.id, school_id=by.id, year=year, kind=kind, amount=pence, minutes=minutes)
    row.state, row.illustrative = state, illustrative
    return put(session, row)


def outside(
    session: Session,
    of: Cluster,
    party: str,
    kind: OutsideKind = OutsideKind.GRANT,
    state: OutsideState = OutsideState.WON,
    *,
    asked: int | None = None,
    won: int | None = None,
    received: int | None = None,
    year: int = YEAR,
) -> OutsideMoney:
    row = OutsideMoney(cluster_id=of.id, year=year, kind=kind, party=party, state=state, asked=asked, won=won)
    row.received = received
    return put(session, row)


def aim(session: Session, of: Cluster, position: int, *served_by: Target) -> Aim:
    row = put(session, Aim(cluster_id=of.id, position=position, text=f"Aim {position} of {of.name}"))
    for each in served_by:
        put(session, TargetAim(target_id=each.id, aim_id=row.id))
    return row


def plan(session: Session, of: Cluster, year: int = YEAR) -> Plan:
    found = session.query(Plan).filter_by(cluster_id=of.id, year=year).one_or_none()
    return found or put(session, Plan(cluster_id=of.id, year=year))


def target(
    session: Session,
    of: Cluster,
    code: str = "T1",
    *,
    title: str = "Reading",
    year: int = YEAR,
    due: date | None = None,
    own: TargetStatus | None = None,
    cells: Sequence[PlanCell] = (),
    position: int = 1,
    criteria: Sequence[CriterionState] = (),
    evidence_on: Sequence[date | None] = (),
    illustrative: bool = False,
    draft: bool = False,
) -> Target:
    """A target with its criteria, one for each state, and its pieces of evidence, one for each date."""
    row = Target(plan_id=plan(session, of, year).id, cluster_id=of.id, year=year, code=code, title=title)
    row.position, row.due, row.own_status, row.illustrative = position, due, own, illustrative
    row.draft = draft
    for cell in cells:
        setattr(row, f"cell_{cell}", (CellLine(bullet=True, text=f"{cell} of {code}"),))
    put(session, row)
    for number, state in enumerate(criteria, start=1):
        criterion(session, row, state, number)
    for dated in evidence_on:
        evidence(session, row, dated)
    return row


def criterion(session: Session, of: Target, state: CriterionState, position: int = 1, text: str = "Done") -> Criterion:
    return put(session, Criterion(target_id=of.id, position=position, text=text, state=state))


def evidence(session: Session, of: Target, dated: date | None = None, text: str = "Seen") -> Evidence:
    return put(session, Evidence(target_id=of.id, position=1, kind=EvidenceKind.TEXT, dated=dated, text=text))


def evidence_file(session: Session, of: Evidence, at: Cluster, content: bytes = b"%PDF-1.7") -> EvidenceFile:
    row = EvidenceFile(evidence_id=of.id, cluster_id=at.id, file_name=f"letter-of-{at.slug}.pdf", content=content)
    row.media_type, row.size, row.sha256 = "application/pdf", len(content), sha256(content).hexdigest()
    return put(session, row)


def keep_plan(session: Session, of: Cluster, row: Target, school: School) -> None:
    """What else a target may have: a tick of a school, a file, a review, a history, a meeting, what it continues, money
    of each kind. All of it says whose it is.
    """
    each_school = criterion(session, row, CriterionState.NO_EVIDENCE, 90, f"Every school of {of.slug}")
    each_school.per_school = True
    put(session, CriterionSchool(criterion_id=each_school.id, school_id=school.id, state=CriterionState.MET))
    evidence_file(session, evidence(session, row, AS_OF, f"Seen in {of.slug}"), of)
    told = PlanChange(cluster_id=of.id, target_id=row.id, kind=PlanChangeKind.TITLE, after=f"Title of {of.slug}")
    told.known_as = "coordinator"
    put(session, told)
    review(session, of, AS_OF, row, year=row.year)
    held = session.query(Meeting).filter_by(cluster_id=of.id, year=row.year).order_by(Meeting.id).first()
    assert held is not None
    put(session, TargetMeeting(target_id=row.id, meeting_id=held.id))
    row.came_from_id = target(session, of, f"EARLIER-{of.slug}", year=row.year - 1).id
    contribution(session, of, school, ContributionKind.CASH, 700, year=row.year).target_id = row.id
    line(session, of, 600, year=row.year, for_=row)
    outside(session, of, f"Patron of {of.slug}", won=500, year=row.year).target_id = row.id


def change(session: Session, of: Target, kind: PlanChangeKind, on: date = AS_OF, **said: object) -> PlanChange:
    """A row of a target's history, made at noon."""
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    row = PlanChange(cluster_id=of.cluster_id, target_id=of.id, kind=kind, happened_at=at, known_as="coordinator")
    for name, value in said.items():
        setattr(row, name, value)
    return put(session, row)


def review(
    session: Session,
    of: Cluster,
    on: date,
    target: Target | None = None,
    *,
    year: int = YEAR,
    next_on: date | None = None,
) -> PlanReview:
    row = PlanReview(cluster_id=of.id, year=year, target_id=target.id if target else None, number=1, reviewed_on=on)
    row.rating, row.words, row.next_on, row.known_as = Rating.ON_TRACK, f"Seen in {of.slug}", next_on, "coordinator"
    return put(session, row)


def benchmark(session: Session, of: Cluster, year: int = YEAR, measure: str = "Income") -> Benchmark:
    row = Benchmark(cluster_id=of.id, school_label="Ford", year=year, measure=measure, position=1, unit="pounds")
    return put(session, row)


def lay_open(session: Session, of: Cluster, schools: Sequence[School], year: int = YEAR) -> None:
    """A figure of each school with an answer to it, a name that was confirmed, and a decision of the first meeting."""
    for place, each in enumerate(schools, start=1):
        figure = benchmark(session, of, year, f"Income {place}")
        figure.school_id, figure.school_label = each.id, each.name
        said = AnsweredFigure(cluster_id=of.id, school_id=each.id, year=year, check_name="sum", answered_on=AS_OF)
        said.answer, said.note, said.answered_as = FigureAnswer.STANDS, f"Said by {each.name}", "headteacher"
        put(session, said)
    alias = SchoolAlias(cluster_id=of.id, school_id=schools[0].id, alias=f"Alias of {of.slug}", confirmed_at=now_utc())
    put(session, alias)
    held = session.query(Meeting.id).filter_by(cluster_id=of.id).order_by(Meeting.id).limit(1).scalar()
    row = Decision(cluster_id=of.id, meeting_id=held, decided_on=AS_OF, words=f"Buy together in {of.slug}")
    row.about, row.noted_as = "open book", "coordinator"
    put(session, row)


def corrected_review(session: Session, of: Target) -> PlanReview:
    """The first review of a target, which was corrected once."""
    stood = {"rating": "off_track", "reviewed_on": AS_OF.isoformat(), "next_on": None, "words": f"Of {of.code}"}
    change(session, of, PlanChangeKind.REVIEWED, about="first review", before=stood)
    return review(session, session.get_one(Cluster, of.cluster_id), AS_OF, of, year=of.year)


def on_the_way(session: Session, of: Cluster, schools: Sequence[School]) -> Stage:
    """A stage in which the cluster is, a gate out of it that is half done, and each school's answer."""
    stage = Stage(
        programme_id=of.programme_id or programme(session).id, position=next(_numbers), name=f"S of {of.slug}"
    )
    put(session, stage)
    put(session, ClusterStage(cluster_id=of.id, stage_id=stage.id, starts=date(YEAR, 9, 1)))
    tick = ChecklistTick(cluster_id=of.id, checklist=Checklist.STAGE_GATE, stage_id=stage.id, item="report")
    tick.said_as, tick.note = "coordinator", f"Report of {of.name}"
    put(session, tick)
    for each in schools:
        said = SchoolCommitment(cluster_id=of.id, school_id=each.id, answer=Commitment.CONTINUES, said_on=AS_OF)
        said.said_as = "coordinator"
        put(session, said)
    return stage


def workgroup(
    session: Session,
    of: Cluster,
    member: School,
    name: str,
    roles: Sequence[PersonRole] = (PersonRole.YEAR_6_TEACHER,),
    *,
    year: int = YEAR,
    version: int = 1,
) -> WorkgroupLine:
    """A version of a return that names one person, with the roles that follow."""
    person = put(session, Person(name=name, purpose=f"workgroup of {of.name}"))
    sent = datetime(year, 9, 20, 9, tzinfo=UTC)
    made = put(session, WorkgroupReturn(cluster_id=of.id, year=year, version=version, received_at=sent))
    for role in roles:
        put(session, Appointment(person_id=person.id, role=role, cluster_id=of.id, school_id=member.id))
    line_ = WorkgroupLine(return_id=made.id, cluster_id=of.id, school_id=member.id, person_id=person.id)
    line_.roles, line_.year_groups = [str(role) for role in roles], [6]
    return put(session, line_)


def working_groups(session: Session, of: Cluster, schools: Sequence[School]) -> dict[str, int]:
    """A project in its first stage with children of each school, and a group with an outcome; gives their numbers."""
    made = put(session, Project(cluster_id=of.id, name=f"Project of {of.name}"))
    put(session, ProjectStep(project_id=made.id, cluster_id=of.id, stage=ProjectStage.SCHOOL_EVALUATION))
    group = WorkingGroup(cluster_id=of.id, project_id=made.id, name=f"Group of {of.name}", lead="Maths lead")
    group.lead_school_id = schools[-1].id
    put(session, group)
    for each in schools:
        put(session, WorkingGroupSchool(working_group_id=group.id, cluster_id=of.id, school_id=each.id, people=2))
        row = Participation(project_id=made.id, cluster_id=of.id, school_id=each.id, year_group="Year 4", children=7)
        put(session, row)
    outcome = GroupOutcome(working_group_id=group.id, cluster_id=of.id, position=1, words=f"Outcome of {of.name}")
    return {"project_id": made.id, "group_id": group.id, "outcome_id": put(session, outcome).id}


def self_evaluation(
    session: Session, of: Cluster, by: School, area: str, said: SelfAnswer, *, year: int = YEAR
) -> SelfEvaluation:
    row = SelfEvaluation(cluster_id=of.id, school_id=by.id, year=year, area=area, answer=said, said_on=AS_OF)
    row.said_as = "headteacher"
    return put(session, row)


def note(
    session: Session,
    of: Cluster,
    tag: str,
    kind: NoteKind = NoteKind.BARRIER,
    *,
    year: int = YEAR,
    words: str | None = None,
) -> CollaborationNote:
    row = CollaborationNote(cluster_id=of.id, year=year, kind=kind, tag=tag, words=words or f"{tag} in {of.name}")
    row.said_on, row.said_as = AS_OF, "coordinator"
    return put(session, row)


def look_at(
    session: Session, of: str, *, year: int | None = None, as_of: date = AS_OF, scope: Scope = EVERYTHING
) -> View:
    """The view of a cluster that is there."""
    chosen = AcademicYear(year) if year is not None else None
    view = view_cluster(session, scope, of, year=chosen, as_of=as_of)
    assert view is not None
    return view


EXAMPLES = settings(
    max_examples=20,
    deadline=None,
    phases=(
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
    ),  # worlds are small; making a failing one smaller takes minutes
    # One store serves all examples on purpose: each takes back what it wrote.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
MOMENTS = st.sampled_from((date(2015, 8, 31), date(2015, 9, 1), date(2016, 8, 31), date(2016, 9, 1), AS_OF))
CHOSEN_YEARS = st.sampled_from((None, None, 2014, 2015, 2016, 2017))

# A drawn world. Meetings and memberships share a few days, so that they often fall on one another's edges.

DAYS = (
    date(2015, 9, 1),
    date(2015, 11, 10),
    date(2016, 3, 8),
    date(2016, 8, 31),
    date(2016, 9, 1),
    date(2016, 10, 5),
    date(2016, 12, 7),
    date(2017, 2, 28),
    AS_OF,
    date(2017, 3, 2),
    date(2017, 6, 20),
)
YEARS = (2014, 2015, 2016)
_POTS = (Pot.LEAD_HELD, Pot.LEAD_HELD, Pot.SCHOOL_HELD, Pot.TRUST_HELD)
_PARTS = (Part.A, Part.B, Part.RELEASE)
_RULES: tuple[dict[str, str], ...] = (
    {},
    {"roll_over": "no"},
    {"low_attendance_at_most": "1", "low_attendance_of_at_least": "2", "no_recent_attendance_missed": "1"},
)

Times = tuple[tuple[date | None, date | None], ...]


@dataclass(frozen=True)
class DrawnMoney:
    pence: int
    year: int
    pot: Pot
    part: Part
    school: int | None
    state: LineState
    illustrative: bool


@dataclass(frozen=True)
class DrawnMeeting:
    day: date
    kind: MeetingKind
    illustrative: bool
    in_school_time: bool | None
    marks: tuple[tuple[int, Mark, bool], ...]


@dataclass(frozen=True)
class DrawnEvent:
    kind: EventKind
    school: int
    first: date
    last: date | None
    of_a_person: bool


@dataclass(frozen=True)
class DrawnTarget:
    year: int
    due: date | None
    own: TargetStatus | None
    cells: tuple[PlanCell, ...]
    position: int
    criteria: tuple[CriterionState, ...]
    evidence: tuple[date | None, ...]
    illustrative: bool


@dataclass(frozen=True)
class DrawnCluster:
    rules: int | None
    times: dict[int, Times]
    """When each school, by its number, was a member."""
    events: tuple[DrawnEvent, ...]
    meetings: tuple[DrawnMeeting, ...]
    allocations: tuple[DrawnMoney, ...]
    balances: tuple[DrawnMoney, ...]
    lines: tuple[DrawnMoney, ...]
    targets: tuple[DrawnTarget, ...]
    benchmarks: frozenset[int]


@dataclass(frozen=True)
class DrawnWorld:
    """Two clusters to ask about, and as the last one a decoy that must never show."""

    schools: int
    clusters: tuple[DrawnCluster, ...]


@dataclass(frozen=True)
class World:
    """A drawn world that stands in a store."""

    clusters: list[Cluster] = field(default_factory=list)
    schools: list[School] = field(default_factory=list)

    @property
    def scope(self) -> Scope:
        """All but the decoy."""
        return Scope(cluster_ids=frozenset(each.id for each in self.clusters[:-1]))


def _spells(first: date, second: date) -> Times:
    early, late = sorted((first, second))
    return ((None, early), (late, None)) if early < late else ((None, None),)


_TIMES: st.SearchStrategy[Times] = st.one_of(
    st.just(((None, None),)),
    st.sampled_from(DAYS).map(lambda day: ((day, None),)),
    st.sampled_from(DAYS).map(lambda day: ((None, day),)),
    st.builds(_spells, st.sampled_from(DAYS), st.sampled_from(DAYS)),
)


@st.composite
def _meetings(draw: st.DrawFn, schools: int) -> tuple[DrawnMeeting, ...]:
    kinds = st.sampled_from((MeetingKind.CLUSTER, MeetingKind.CLUSTER, MeetingKind.TRAINING))
    held = draw(st.lists(st.tuples(st.sampled_from(DAYS), kinds), max_size=6, unique=True))
    said = st.one_of(st.none(), st.sampled_from(tuple(Mark)))
    made = []
    for day, kind in held:
        marks = [(number, draw(said), draw(st.booleans())) for number in range(schools)]
        told = tuple((number, mark_, made_up) for number, mark_, made_up in marks if mark_ is not None)
        made.append(DrawnMeeting(day, kind, draw(st.booleans()), draw(st.sampled_from((None, True, False))), told))
    return tuple(made)


def _events(schools: int) -> st.SearchStrategy[tuple[DrawnEvent, ...]]:
    one = st.builds(
        DrawnEvent,
        kind=st.sampled_from((EventKind.SABBATICAL, EventKind.SABBATICAL, EventKind.CLOSED, EventKind.FEDERATED)),
        school=st.integers(0, schools - 1),
        first=st.sampled_from(DAYS),
        last=st.one_of(st.none(), st.sampled_from(DAYS)),
        of_a_person=st.booleans(),
    )
    return st.lists(one, max_size=3).map(tuple)


def _money(schools: int, *, least: int) -> st.SearchStrategy[tuple[DrawnMoney, ...]]:
    one = st.builds(
        DrawnMoney,
        pence=st.integers(least, 5000).filter(bool),
        year=st.sampled_from((*YEARS, 2016, 2017)),
        pot=st.sampled_from(_POTS),
        part=st.sampled_from(_PARTS),
        school=st.one_of(st.none(), st.integers(0, schools - 1)),
        state=st.sampled_from(tuple(LineState)),
        illustrative=st.booleans(),
    )
    return st.lists(one, max_size=6).map(tuple)


_TARGETS = st.lists(
    st.builds(
        DrawnTarget,
        year=st.sampled_from((2015, 2016, 2016, 2017)),
        due=st.one_of(st.none(), st.sampled_from(DAYS)),
        own=st.one_of(st.none(), st.none(), st.sampled_from(tuple(TargetStatus))),
        cells=st.lists(st.sampled_from(tuple(PlanCell)), unique=True, max_size=8).map(tuple),
        position=st.integers(1, 3),
        criteria=st.lists(st.sampled_from(tuple(CriterionState)), max_size=3).map(tuple),
        evidence=st.lists(st.one_of(st.none(), st.sampled_from(DAYS)), max_size=2).map(tuple),
        illustrative=st.booleans(),
    ),
    max_size=4,
).map(tuple)


def _drawn_cluster(schools: int) -> st.SearchStrategy[DrawnCluster]:
    return st.builds(
        DrawnCluster,
        rules=st.one_of(st.none(), st.integers(0, len(_RULES) - 1)),
        times=st.dictionaries(st.integers(0, schools - 1), _TIMES, min_size=1, max_size=4),
        events=_events(schools),
        meetings=_meetings(schools),
        allocations=_money(schools, least=1),
        balances=_money(schools, least=-3000),
        lines=_money(schools, least=-3000),
        targets=_TARGETS,
        benchmarks=st.frozensets(st.sampled_from((2014, 2016, 2017)), max_size=1),
    )


@st.composite
def worlds(draw: st.DrawFn) -> DrawnWorld:
    """A whole small world: two clusters and a decoy that share schools."""
    schools = draw(st.integers(1, 5))
    return DrawnWorld(schools, tuple(draw(_drawn_cluster(schools)) for _ in range(3)))


def build(session: Session, drawn: DrawnWorld) -> World:
    """Put a drawn world into a store."""
    programmes = [programme(session, f"Programme {number}", **rules) for number, rules in enumerate(_RULES)]
    schools = [school(session, f"School {number % 2} {number}") for number in range(drawn.schools)]
    names = ("Alder Cluster", "Birch Cluster", "Decoy Cluster")
    clusters = [
        _build_cluster(session, name, one, programmes, schools) for name, one in zip(names, drawn.clusters, strict=True)
    ]
    return World(clusters, schools)


def _build_cluster(
    session: Session, name: str, drawn: DrawnCluster, programmes: list[Programme], schools: list[School]
) -> Cluster:
    made = cluster(session, name, under=None if drawn.rules is None else programmes[drawn.rules])
    for number, times in drawn.times.items():
        for joined, left in times:
            membership(session, made, schools[number], joined, left)
    for told in (each for each in drawn.events if each.school in drawn.times):
        somebody = person(session) if told.of_a_person else None
        if somebody is not None:
            appointment(session, made, schools[told.school], somebody, PersonRole.TEACHER)
        event(session, made, schools[told.school], told.kind, told.first, told.last, person=somebody)
    for each in drawn.meetings:
        held = meeting(
            session, made, each.day, each.kind, illustrative=each.illustrative, in_school_time=each.in_school_time
        )
        for number, said, made_up in each.marks:
            mark(session, held, schools[number], said, illustrative=made_up)
    _build_money(session, made, drawn, schools)
    for number, one in enumerate(drawn.targets):
        target(
            session, made, f"T{number}", title=f"Target {number}", year=one.year, due=one.due, own=one.own,
            cells=one.cells, position=one.position, criteria=one.criteria, evidence_on=one.evidence,
            illustrative=one.illustrative,
        )  # fmt: skip
    for year in drawn.benchmarks:
        benchmark(session, made, year)
    return made


def _build_money(session: Session, of: Cluster, drawn: DrawnCluster, schools: list[School]) -> None:
    members = sorted(drawn.times)

    def owner(money: DrawnMoney) -> School | None:
        """A school that is or was a member: another one has no money of the cluster."""
        return None if money.school is None else schools[members[money.school % len(members)]]

    for m in drawn.allocations:
        allocation(session, of, m.pence, year=m.year, pot=m.pot, part=m.part, to=owner(m), illustrative=m.illustrative)
    for m in drawn.balances:
        carried(session, of, m.pence, year=m.year, pot=m.pot, part=m.part, to=owner(m), illustrative=m.illustrative)
    for m in drawn.lines:
        line(
            session, of, m.pence, m.state, year=m.year, pot=m.pot, part=m.part, by=owner(m),
            illustrative=m.illustrative,
        )  # fmt: skip
