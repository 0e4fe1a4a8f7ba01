"""The plan on a page for governors: each target with its state in words, impact apart."""

from datetime import date
from typing import Final

import pytest

from dashboard.access import Grant, Reader
from dashboard.db import Store
from dashboard.models.plans import CellLine
from dashboard.plans.pages.one_page import one_page
from dashboard.vocabulary import CriterionState, Role, TargetStatus
from tests import builders as put
from tests import plain_pages

pytestmark = plain_pages.BEHIND_THE_WALL
MET, NOT_MET, NO_EVIDENCE = CriterionState.MET, CriterionState.NOT_MET, CriterionState.NO_EVIDENCE
PAGE: Final = "/cluster/mill-cluster/plan/one-page"


class Browser(plain_pages.Browser):
    pages = (one_page,)

    def words(self, path: str) -> str:
        return " ".join(self.get(path).text.split())


@pytest.fixture
def places(store: Store) -> dict[str, int]:
    with store.writing() as session:
        mill, decoy = put.cluster(session), put.cluster(session, "Decoy Cluster")
        ford, late = put.school(session, within=mill), put.school(session, "Late School")
        put.membership(session, mill, late, date(2018, 9, 1))
        art = put.target(
            session, mill, "ART", title="<b>Art</b>", criteria=(MET, NO_EVIDENCE), due=date(2017, 6, 3),
            evidence_on=(date(2017, 2, 1),), own=TargetStatus.STALLED,
        )  # fmt: skip
        art.owner = "Arts lead"
        art.cell_impact = (CellLine(False, "In short:"), CellLine(True, "Pupils draw more"), CellLine(True, "Louder"))
        counted = put.criterion(session, art, NOT_MET, 3, "Two meetings")
        counted.number_wanted, counted.number_reached, counted.per_school = 2, 1, True
        sums = put.target(session, mill, "SUMS", title="SUMS", position=2, own=TargetStatus.ACHIEVED)
        sums.own_status_reason, sums.cell_next_steps = "Agreed in May", (CellLine(False, "Do it again"),)
        put.target(session, mill, "LATER", position=3, draft=True)
        put.target(session, mill, "OLD", year=2015)
        put.target(session, decoy, "DECOY", criteria=(MET,))
        return {"mill": mill.id, "decoy": decoy.id, "ford": ford.id, "late": late.id}


def test_it_says_how_each_target_stands(walled: Store, places: dict[str, int]) -> None:
    coming = Browser(walled, Reader("A coordinator", (Grant(Role.COORDINATOR, cluster_id=places["mill"]),)))
    said = coming.words(f"{PAGE}?year=2016-17")
    for words in (
        "Plan of Mill Cluster, 2016-17", "1 of 3 success criteria is met; one of two targets has no evidence yet",
        "ART: &lt;b&gt;Art&lt;/b&gt;", "■ Stalled</strong> (no reason given) · 1 of 3 criteria met",
        "due 3 June 2017, overdue", "· Arts lead", "Done <strong>● met</strong>", "Done <strong>○ no evidence</strong>",
        "Two meetings <strong>◉ 1 of 2 so far; for each school</strong>",
        "<p>In short:</p> <ul> <li>Pupils draw more</li> <li>Louder</li> </ul>",
        "● Achieved</strong> (Agreed in May) · no success criterion · no due date", "<p>Do it again</p>",
        "None that can be met.",
    ):  # fmt: skip
        assert words in said, words
    assert said.count("Nothing is written yet.") == 2
    for hidden in ("LATER", "OLD", "DECOY", "Seen"):
        assert hidden not in said
    assert "OLD" in coming.words(f"{PAGE}?year=2015-16")
    assert "ART" in coming.words(f"{PAGE}?year=last"), "no year that can be read is the latest"
    assert "No development plan is recorded for 2010-11." in coming.words(f"{PAGE}?year=2010-11")
    assert coming.get("/cluster/decoy-cluster/plan/one-page").status_code == 404
    assert coming.get("/cluster/mill%00cluster/plan/one-page").status_code == 404


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [
        (Role.HEADTEACHER, "ford", 200), (Role.STEERING, "mill", 200), (Role.STEERING, "decoy", 404),
        (Role.BURSAR, "mill", 403),
    ],
)  # fmt: skip
def test_who_may_read_it(walled: Store, places: dict[str, int], role: Role, place: str, status: int) -> None:
    where = {"school_id": places[place]} if role is Role.HEADTEACHER else {"cluster_id": places[place]}
    answer = Browser(walled, Reader("Somebody", (Grant(role, **where),))).get(f"{PAGE}?year=2016-17")
    assert answer.status_code == status
    assert ("Pupils draw more" in answer.text) == (status == 200)


def test_a_headteacher_reads_it_of_the_years_in_which_the_school_belonged(
    walled: Store, places: dict[str, int]
) -> None:
    coming = Browser(walled, Reader("A head", (Grant(Role.HEADTEACHER, school_id=places["late"]),)))
    said = coming.words(f"{PAGE}?year=2016-17")
    assert "Your school did not belong to this cluster in 2016-17." in said
    assert "ART" not in said
