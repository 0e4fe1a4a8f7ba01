"""A cluster worked out by hand, with names that would break a careless paper, beside a decoy."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from dashboard.access import EVERYTHING, Scope
from dashboard.directory.view import View, view_cluster
from dashboard.models import Decision
from dashboard.paper.facts import Facts, load_facts
from dashboard.vocabulary import CriterionState, DecisionKind, Mark, Part, Pot
from tests import builders as put
from tests.builders import AS_OF

HOSTILE = '#read("/etc/passwd") $x$ \\ * _a_ <a href="x"> @b // c {y} [z]'
SLUG = "mill-cluster"
MET, NOT_MET, NO_EVIDENCE = CriterionState.MET, CriterionState.NOT_MET, CriterionState.NO_EVIDENCE


def fill(session: Session, *, minimum: str = "4") -> dict[str, Any]:
    """Two schools, two meetings, three pots, two targets, two decisions; a decoy with the like."""
    under = put.programme(session, meetings_minimum=minimum)
    mill, decoy = put.cluster(session, under=under), put.cluster(session, "Decoy Cluster", under=under)
    ford, odd = put.school(session, within=mill), put.school(session, HOSTILE, within=mill)
    hidden = put.school(session, "Decoy School", within=decoy)
    first = put.meeting(session, mill, date(2016, 10, 5))
    second = put.meeting(session, mill, date(2017, 1, 18))
    put.meeting(session, mill, date(2017, 6, 14))
    put.mark(session, first, ford, Mark.PRESENT)
    put.mark(session, first, odd, Mark.SUBSTITUTE)
    put.mark(session, second, ford, Mark.APOLOGIES)
    put.mark(session, second, odd, Mark.PRESENT, illustrative=True)
    put.mark(session, put.meeting(session, decoy, date(2016, 10, 7)), hidden, Mark.ABSENT)
    put.allocation(session, mill, 123_456)
    put.line(session, mill, 45_678)
    put.allocation(session, mill, 77_700, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=ford)
    put.allocation(session, decoy, 998_877)
    art = put.target(
        session, mill, "ART", title=f"Draw {HOSTILE}", criteria=(MET, NOT_MET, NO_EVIDENCE), due=date(2017, 6, 3)
    )
    art.cell_impact = (put.CellLine(False, "Children draw more"),)
    art.cell_next_steps = (put.CellLine(False, "Draw outside"),)
    put.target(session, mill, "SUMS", position=2, due=date(2017, 1, 9))
    put.target(session, decoy, "DECOYPLAN", criteria=(MET,))
    for of, words in ((mill, f"Buy paper {HOSTILE}"), (decoy, "Decoy decision")):
        row = Decision(cluster_id=of.id, decided_on=date(2016, 12, 1), words=words, about="meeting", noted_as="x")
        row.kind, row.owner, row.due_on = DecisionKind.ACTION, "coordinator", date(2017, 2, 1)
        put.put(session, row)
    return {"mill": mill.id, "decoy": decoy.id, "programme": under.id, "ford": ford.id}


def view_of(session: Session, slug: str = SLUG, scope: Scope = EVERYTHING) -> View:
    view = view_cluster(session, scope, slug, year=None, as_of=AS_OF)
    assert view is not None
    return view


def facts_of(session: Session, slug: str = SLUG) -> Facts:
    return load_facts(session, view_of(session, slug), decisions=True)
