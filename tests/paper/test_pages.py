"""Who may have a paper, under which name, and how a decision of the review is noted."""

from typing import Any, Final

import pytest
import sqlalchemy as sa

from dashboard.access import Grant, Object, Reader
from dashboard.db import Store
from dashboard.decisions.pages import decision_pages
from dashboard.models import Decision
from dashboard.paper import pages as paper_pages
from dashboard.paper.pages import pages
from dashboard.paper.typesetting import PaperRefused
from dashboard.vocabulary import Role
from tests import plain_pages
from tests.paper.reading import flat, words_of
from tests.paper.world import fill

pytestmark = plain_pages.BEHIND_THE_WALL
MILL: Final = "/cluster/mill-cluster"
REVIEW: Final = f"{MILL}/annual-review?year=2016-17"


class Browser(plain_pages.Browser):
    pages = (pages, decision_pages)
    form_on = REVIEW


@pytest.fixture
def places(store: Store) -> dict[str, Any]:
    with store.writing() as session:
        return fill(session)


def reader(places: dict[str, Any], role: Role, place: str = "mill", **more: Any) -> Reader:
    where = {"school_id": places["ford"]} if role is Role.HEADTEACHER else {"cluster_id": places[place]}
    return Reader("Somebody", (Grant(role, **where),), **more)


def test_each_paper_goes_to_whom_its_screen_is_open(walled: Store, places: dict[str, Any]) -> None:
    papers = ("pack.pdf", "slides.pptx", "annual-review", "annual-review.docx", "papers")
    expected = {
        (Role.COORDINATOR, "mill"): (200, 200, 200, 200, 200),
        (Role.COORDINATOR, "decoy"): (404, 404, 404, 404, 404),
        (Role.STEERING, "mill"): (403, 200, 200, 200, 200),
        (Role.HEADTEACHER, "ford"): (404, 403, 403, 403, 403),
        (Role.BURSAR, "mill"): (403, 403, 403, 403, 403),
    }
    for (role, place), answers in expected.items():
        coming = Browser(walled, reader(places, role, place))
        assert tuple(coming.get(f"{MILL}/{paper}?year=2016-17").status_code for paper in papers) == answers, role
    room = Browser(walled, reader(places, Role.STEERING, looks_only=True, sees_only=Object.SCREEN))
    assert {room.get(f"{MILL}/{paper}").status_code for paper in papers} == {403}
    assert Browser(walled, reader(places, Role.COORDINATOR)).get(f"{MILL}/pack.pdf?year=last").status_code == 404
    assert Browser(walled, reader(places, Role.COORDINATOR)).get("/cluster/a%00b/pack.pdf").status_code == 404


def test_the_name_of_a_file_says_what_it_is_and_that_figures_are_made_up(walled: Store, places: dict[str, Any]) -> None:
    coming = Browser(walled, reader(places, Role.COORDINATOR))
    made = coming.get(f"{MILL}/pack.pdf?year=2016-17")
    named = made.headers["Content-Disposition"]
    assert named == "attachment; filename=board-pack-mill-cluster-2016-17-illustrative.pdf"
    assert made.mimetype == "application/pdf"
    assert flat("Buy paper") in words_of(made.data)
    named = coming.get(f"{MILL}/slides.pptx?year=2016-17").headers["Content-Disposition"]
    assert named.endswith("slides-mill-cluster-2016-17-illustrative.pptx")


def test_the_pack_of_the_overview_holds_what_was_chosen(walled: Store, places: dict[str, Any]) -> None:
    coming = Browser(walled, Reader("A director", (Grant(Role.DIRECTOR, programme_id=places["programme"]),)))
    both = words_of(coming.get("/pack.pdf?year=2016-17").data)
    assert flat("Clusters: 2 of 2") in both
    one = words_of(coming.get("/pack.pdf?year=2016-17&q=mill").data)
    for told in ("Search: “mill”", "Clusters: 1 of 2", "Year: 2016-17"):
        assert flat(told) in one, told
    assert "Decoy" not in one
    own = words_of(Browser(walled, reader(places, Role.COORDINATOR)).get("/pack.pdf?year=2016-17").data)
    assert "Decoy" not in own
    assert Browser(walled, reader(places, Role.STEERING)).get("/pack.pdf").status_code == 403


def test_a_decision_of_the_review_keeps_its_figures(walled: Store, store: Store, places: dict[str, Any]) -> None:
    coming = Browser(walled, reader(places, Role.STEERING))
    said = {"decided_on": "2017-02-01", "words": "Meet once more", "owner": "chair", "shown": ["0"]}
    assert coming.post(f"{MILL}/annual-review?year=2016-17", **said).status_code == 303
    with store.reading() as session:
        row = session.scalars(sa.select(Decision).where(Decision.about == "annual review")).one()
        assert (row.cluster_id, row.year, row.words) == (places["mill"], 2016, "Meet once more")
        assert row.figures == [{"label": "Cluster meetings held", "value": "3 of at least 4", "unit": "meetings"}]
    again = coming.get(REVIEW).text
    assert "Meet once more" in again
    refused = coming.post(f"{MILL}/annual-review?year=2016-17", **{**said, "words": ""})
    assert (refused.status_code, "Say in a sentence or two" in refused.text) == (422, True)
    looks = Browser(walled, reader(places, Role.STEERING, looks_only=True))
    assert "Note a decision" not in looks.get(REVIEW).text
    elsewhere = Browser(walled, reader(places, Role.COORDINATOR))
    token = elsewhere.token()
    sent = elsewhere.client.post("/cluster/decoy-cluster/annual-review", data={"csrf_token": token, **said})
    assert sent.status_code == 404


def test_a_paper_that_cannot_be_made_says_what_to_do(
    walled: Store, places: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> bytes:
        raise PaperRefused("Try again in a minute.")

    monkeypatch.setattr(paper_pages, "typeset", fail)
    coming = Browser(walled, reader(places, Role.COORDINATOR))
    for path in (f"{MILL}/pack.pdf", "/pack.pdf"):
        answer = coming.get(path)
        assert (answer.status_code, "Nothing was lost or changed. Try again in a minute." in answer.text) == (503, True)
