"""A cluster in which everything waits for one school, beside a decoy that is full of the same."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from dashboard.access import Scope
from dashboard.directory.view import View, view_school
from dashboard.headteacher.panels import load_tasks
from dashboard.models import Cluster, CriterionSchool, School, SchoolCommitment, WorkgroupCall, WorkingGroup
from dashboard.vocabulary import (
    Commitment,
    ContributionKind,
    ContributionState,
    CriterionState,
    EventKind,
    LineState,
    Mark,
    MeetingKind,
    Part,
    Pot,
    SelfAnswer,
)
from tests import builders as put
from tests.builders import AS_OF


class Mill:
    """A cluster in which everything waits for Ford School, and a decoy that is full of the same."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.mill = put.cluster(session, "Mill Cluster", under=put.programme(session))
        self.decoy = put.cluster(session, "Decoy Cluster", under=put.programme(session))
        self.ford, self.weir = (put.school(session, name, within=self.mill) for name in ("Ford School", "Weir School"))
        self.decoys = [put.school(session, name, within=self.decoy) for name in ("Decoy School", "Decoy Two")]
        self._fill(self.mill, self.ford, self.weir)
        self._fill(self.decoy, *self.decoys)

    def _fill(self, of: Cluster, own: School, other: School) -> None:
        session = self.session
        of.ends = date(2017, 7, 31)
        put.meeting(session, of, date(2017, 2, 1))
        put.meeting(session, of, date(2017, 3, 8))
        excused = put.meeting(session, of, date(2017, 4, 5))
        put.mark(session, excused, own, Mark.NOT_EXPECTED)
        put.meeting(session, of, date(2017, 5, 10), MeetingKind.TRAINING)
        for school, day in ((own, date(2017, 2, 28)), (other, date(2017, 2, 27))):
            levy = put.contribution(session, of, school, ContributionKind.LEVY, 5_000, state=ContributionState.AGREED)
            levy.due_on = day
            put.contribution(session, of, school, ContributionKind.CASH, 700)
            put.line(session, of, 20_000, LineState.COMMITTED, by=school, on=date(2017, 1, 5))
            put.line(session, of, 14_000, LineState.APPROVED, by=school, on=date(2016, 12, 30))
            put.line(session, of, 1_000, by=school)
            put.allocation(session, of, 50_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=school)
            put.line(session, of, 30_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=school)
        target_ = put.target(session, of, f"T-{of.slug}", due=date(2017, 2, 1))
        for number in (1, 2):
            put.criterion(session, target_, CriterionState.NO_EVIDENCE, number).per_school = True
        ticked = put.criterion(session, target_, CriterionState.NO_EVIDENCE, 3)
        ticked.per_school = True
        put.put(session, CriterionSchool(criterion_id=ticked.id, school_id=own.id, state=CriterionState.MET))
        led = put.target(session, of, f"L-{of.slug}", due=date(2017, 6, 1), position=2)
        group = WorkingGroup(cluster_id=of.id, name=f"Group of {of.name}", lead_school_id=own.id, target_id=led.id)
        put.put(session, group)
        put.self_evaluation(session, of, other, "Writing", SelfAnswer.SO_SO)
        said = SchoolCommitment(cluster_id=of.id, school_id=other.id, answer=Commitment.CONTINUES, said_on=AS_OF)
        said.said_as = "coordinator"
        put.put(session, said)
        put.open_book(session, of, other)
        put.event(session, of, own, EventKind.SABBATICAL, date(2016, 9, 1), date(2016, 12, 1), review=date(2017, 1, 9))
        call = WorkgroupCall(programme_id=of.programme_id, year=2016, due_at=datetime(2016, 9, 30, 15, tzinfo=UTC))
        put.put(session, call)

    def view(self, scope: Scope, school: str = "ford-school", as_of: date = AS_OF) -> View | None:
        return view_school(self.session, scope, school, year=None, as_of=as_of)

    def titles(self, scope: Scope, school: str = "ford-school") -> list[tuple[date | None, str]]:
        view = self.view(scope, school)
        assert view is not None
        return [(task.due, task.title) for task in load_tasks(self.session, view).tasks]
