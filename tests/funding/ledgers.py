"""Drawn ledgers: two clusters to ask about and a decoy, with lines of every kind."""

from dataclasses import dataclass, field
from datetime import date

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dashboard.access import Scope
from dashboard.models import Cluster, LedgerLine, Meeting, School, Target
from dashboard.vocabulary import LinePurpose, LineState, Mark, Part, Pot, UseCode
from tests import builders as put
from tests.builders import YEAR

_DAYS = (date(2016, 9, 1), date(2016, 10, 31), date(2016, 11, 1), date(2017, 3, 1), date(2017, 3, 2), date(2017, 8, 31))


@dataclass(frozen=True)
class DrawnLine:
    cluster: int
    pence: int
    year: int
    day: date | None
    pot: Pot
    part: Part
    use: UseCode | None
    purpose: LinePurpose | None
    school: int | None
    target: int | None
    meeting: int | None
    state: LineState
    illustrative: bool


LINES = st.lists(
    st.builds(
        DrawnLine,
        cluster=st.sampled_from((0, 0, 0, 1, 2)),
        pence=st.integers(-3_000, 9_000).filter(bool),
        year=st.sampled_from((YEAR - 1, YEAR, YEAR, YEAR)),
        day=st.sampled_from((None, *_DAYS)),
        pot=st.sampled_from((Pot.LEAD_HELD, *Pot)),
        part=st.sampled_from((Part.A, Part.B, Part.RELEASE)),
        use=st.sampled_from((None, UseCode.A1, UseCode.B6)),
        purpose=st.sampled_from((None, None, LinePurpose.TRAVEL)),
        school=st.sampled_from((None, 0, 1)),
        target=st.sampled_from((None, 0, 1)),
        meeting=st.sampled_from((None, 0, 1)),
        state=st.sampled_from((*LineState, LineState.PAID, LineState.INVOICED)),
        illustrative=st.booleans(),
    ),
    max_size=14,
)


@dataclass(frozen=True)
class Ledgers:
    """What stands in the store: of each cluster two schools (all share the second), two targets and two meetings."""

    clusters: list[Cluster] = field(default_factory=list)
    schools: list[list[School]] = field(default_factory=list)
    targets: list[list[Target]] = field(default_factory=list)
    meetings: list[list[Meeting]] = field(default_factory=list)
    lines: list[LedgerLine] = field(default_factory=list)

    @property
    def scope(self) -> Scope:
        """All but the decoy."""
        return Scope(cluster_ids=frozenset(each.id for each in self.clusters[:2]))

    @property
    def own_school(self) -> School:
        """The school that is only in the first cluster."""
        return self.schools[0][0]


def build(session: Session, drawn: list[DrawnLine]) -> Ledgers:
    """Put drawn lines into a store."""
    made, shared = Ledgers(), put.school(session, "Shared School")
    for name in ("Alder Cluster", "Birch Cluster", "Decoy Cluster"):
        cluster = put.cluster(session, name)
        own = put.school(session, f"School of {name}", within=cluster)
        put.membership(session, cluster, shared)
        targets = [put.target(session, cluster, f"T{n} {name}", position=n) for n in (1, 2)]
        put.aim(session, cluster, 1, targets[0])
        meetings = [put.meeting(session, cluster, date(2016, 10, day)) for day in (5, 12)]
        put.mark(session, meetings[0], own, Mark.PRESENT)
        put.mark(session, meetings[0], shared, Mark.SUBSTITUTE)
        put.mark(session, meetings[1], own, Mark.ABSENT)
        made.clusters.append(cluster)
        made.schools.append([own, shared])
        made.targets.append(targets)
        made.meetings.append(meetings)
    for each in drawn:
        at = each.cluster
        line = put.line(
            session, made.clusters[at], each.pence, each.state, year=each.year, pot=each.pot, part=each.part,
            by=None if each.school is None else made.schools[at][each.school], illustrative=each.illustrative,
            on=each.day, dated=each.day is not None, use=each.use, purpose=each.purpose,
            at=None if each.meeting is None else made.meetings[at][each.meeting],
            for_=None if each.target is None else made.targets[at][each.target],
        )  # fmt: skip
        made.lines.append(line)
    return made
