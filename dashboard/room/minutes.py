"""What the minutes of a day hold, out of the store."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope
from dashboard.decisions.queries import DecisionFacts, load_decisions
from dashboard.decisions.words import KINDS, OWNERS
from dashboard.directory.queries import ClusterFacts, cluster_years
from dashboard.engagement.queries import load_marks
from dashboard.marks import MEETING_WORDS, SYMBOLS, WORDS
from dashboard.paper.minutes import Came, Minutes, Noted
from dashboard.room.queries import load_next_meetings
from dashboard.room.sentences import say_when
from dashboard.vocabulary import ATTENDED_MARKS, EXPECTED_MARKS, Mark
from dashboard.wording import sentence

_MOST = 1000


def load_minutes(session: Session, seen: Scope, noted: Scope, cluster: ClusterFacts, on: date) -> Minutes | None:
    """The minutes of a cluster's day; None where nothing was noted on it and nobody met.

    `seen` is what the reader may see of attendance, `noted` of decisions. Why a school was away is not in them.
    """
    every = load_decisions(session, noted, cluster.id, most=_MOST)
    of_the_day = sorted((each for each in every if each.decided_on == on), key=lambda each: each.decision_id)
    before = sorted(
        (each for each in every if each.decided_on < on and (each.done_on is None or each.done_on > on)),
        key=lambda each: (each.due_on is None, each.due_on or each.decided_on, each.decision_id),
    )
    meetings = _load_meetings(session, seen, cluster.id, on)
    if not of_the_day and not meetings:
        return None
    coming = load_next_meetings(session, seen, cluster.id, on + timedelta(days=1))
    return Minutes(
        cluster.name,
        on,
        meetings,
        [_told(each) for each in of_the_day],
        [_told(each) for each in before],
        [(say_when(each.held_on, each.starts_at), sentence(MEETING_WORDS[each.kind])) for each in coming],
    )


def _load_meetings(session: Session, scope: Scope, cluster_id: int, on: date) -> list[Came]:
    years = cluster_years(scope, on, year=AcademicYear.of(on), cluster_id=cluster_id)
    marks = load_marks(session, scope, years, on)
    told = []
    for (_, kind), rows in marks[marks["held_on"] == on].groupby(["meeting_id", "kind"], sort=False):
        schools = [(str(row.name), Mark(row.mark)) for row in rows[["name", "mark"]].itertuples(index=False)]
        told.append(
            Came(
                sentence(MEETING_WORDS[kind]),
                [(name, f"{SYMBOLS[mark]} {WORDS[mark]}") for name, mark in schools],
                sum(mark in ATTENDED_MARKS for _, mark in schools),
                sum(mark in EXPECTED_MARKS for _, mark in schools),
                any(map(bool, rows["illustrative"])),
            )
        )
    return told


def _told(decision: DecisionFacts) -> Noted:
    return Noted(
        KINDS[decision.kind],
        decision.words,
        OWNERS.get(decision.owner, decision.owner) if decision.owner else "",
        decision.due_on,
        decision.decided_on,
        [(each.label, each.value) for each in decision.figures],
    )
