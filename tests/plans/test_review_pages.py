"""The page of reviews behind the wall: who reads it, what the form stores, what nobody else is told."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any, Final

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Grant, Reader, reading
from dashboard.db import Store
from dashboard.models import PlanReview, Target
from dashboard.plans.pages.reviews import review_pages
from dashboard.vocabulary import Rating, Role
from dashboard.wording import day
from tests import builders as put
from tests import plain_pages
from tests.accounts.places import coordinator, headteacher, refusals, statements
from tests.plain_pages import BEHIND_THE_WALL

pytestmark = BEHIND_THE_WALL
TODAY: Final = date.today()
YEAR: Final = AcademicYear.of(TODAY)
PLACE: Final = "/cluster/mill-cluster/plan/reviews"
INSET: Final = f"{PLACE}?year={YEAR}&about=target:INSET"


class Browser(plain_pages.Browser):
    pages = (review_pages,)
    form_on = INSET

    def words(self, path: str = PLACE) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return plain(answer)

    def seen(self, path: str) -> str:
        """The mark of what the form on a page shows."""
        found = re.search(r'name="seen"[^>]* value="([^"]*)"', self.get(path).text)
        assert found is not None
        return found[1]

    def send(self, path: str = INSET, **said: Any) -> TestResponse:
        """Fill in the form of a page and send it."""
        return self.post(path, path, **{"seen": self.seen(path), "reviewed_on": TODAY.isoformat(), **said})


def plain(answer: TestResponse) -> str:
    main = answer.text.partition('<main id="page"')[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.fixture
def places(store: Store) -> dict[str, int]:
    """A plan of this year with two targets, of which one should have been reviewed yesterday; and a decoy."""
    with store.writing() as session:
        mill, weir = put.cluster(session, "Mill Cluster"), put.cluster(session, "Weir Cluster")
        ford = put.school(session, within=mill)
        gone = put.school(session, "Gone School")
        put.membership(session, mill, gone, left=date(YEAR.start - 1, 12, 31))
        inset = put.target(session, mill, "INSET", title="Hold a day", year=YEAR.start)
        inset.review_on = TODAY - timedelta(1)
        put.target(session, mill, "ART", title="Paint", year=YEAR.start, position=2)
        put.target(session, mill, "NEXT", year=YEAR.start, position=3, draft=True)
        decoy = put.target(session, weir, "INSET", title="Decoy", year=YEAR.start)
        put.corrected_review(session, decoy).reviewed_on = TODAY
        return {"mill": mill.id, "weir": weir.id, "ford": ford.id, "gone": gone.id, "inset": inset.id}


@pytest.fixture
def own(walled: Store, places: dict[str, int]) -> Browser:
    return Browser(walled, coordinator(places["mill"]))


def stored(store: Store, places: dict[str, int]) -> list[tuple[Any, ...]]:
    with reading(store, EVERYTHING) as session:
        mine = PlanReview.cluster_id == places["mill"]
        columns = (PlanReview.target_id, PlanReview.number, PlanReview.rating, PlanReview.words, PlanReview.next_on)
        return [tuple(row) for row in session.execute(sa.select(*columns).where(mine).order_by(PlanReview.id))]


def test_a_review_is_recorded_corrected_and_shown(store: Store, own: Browser, places: dict[str, int]) -> None:
    words = own.words()
    assert "No target is reviewed yet." in words
    assert f"The first review of INSET was due on {day(TODAY - timedelta(1))}." in words
    for hidden in ("NEXT", "Decoy"):
        assert hidden not in words
    later = TODAY + timedelta(30)
    answer = own.send(rating="off_track", words="Nobody came", next_on=later.isoformat())
    assert (answer.status_code, answer.location) == (303, f"{PLACE}?year={YEAR}")
    assert own.send(f"{PLACE}?about=plan", rating="on_track", words="All have begun").status_code == 303
    words = own.words()
    assert "The plan as a whole: on track on" in words
    assert "One of two targets is reviewed: one off track." in words
    assert "was due" not in words
    assert f"The second review of INSET is due on {day(later)}." in words
    assert own.send(f"{INSET}&correct=yes", rating="some_concern", words="Few came").status_code == 303
    words = own.words()
    assert "▲ Some concern Few came What stood here before" in words
    assert "■ Off track" in words, "what stood there"
    assert stored(store, places) == [
        (places["inset"], 1, Rating.SOME_CONCERN, "Few came", None), (None, 1, Rating.ON_TRACK, "All have begun", None),
    ]  # fmt: skip
    with reading(store, EVERYTHING) as session:
        assert session.get_one(Target, places["inset"]).review_on is None


def test_what_is_wrong_is_said_and_nothing_is_lost(store: Store, own: Browser, places: dict[str, int]) -> None:
    tomorrow = (TODAY + timedelta(1)).isoformat()
    for said, field, words in (
        ({"rating": "", "words": "Typed"}, "rating", "Choose what was found."),
        ({"rating": "green", "words": "Typed"}, "rating", "Choose one from the list."),
        ({"rating": "on_track", "words": ""}, "words", "Say what you found"),
        ({"rating": "on_track", "words": "Typed", "reviewed_on": tomorrow}, "reviewed_on", "still to come"),
        ({"rating": "on_track", "words": "Typed", "next_on": "soon"}, "next_on", "“soon” is not a date"),
    ):
        answer = own.send(**said)
        assert answer.status_code == 422
        assert f'<a href="#{field}">' in answer.text
        assert words in plain(answer)
        assert said["words"] in answer.text
    assert stored(store, places) == []


def test_a_second_person_is_told_and_may_send_it_again(store: Store, own: Browser, places: dict[str, int]) -> None:
    seen = own.seen(INSET)
    own.send(rating="on_track", words="Mine")
    answer = own.post(INSET, seen=seen, rating="off_track", words="Theirs", reviewed_on=TODAY.isoformat())
    assert answer.status_code == 422
    assert "Meanwhile there is a first review" in plain(answer)
    assert "Theirs" in answer.text
    now = re.search(r'name="seen"[^>]* value="([^"]*)"', answer.text)
    assert now is not None
    again = own.post(INSET, seen=now[1], rating="off_track", words="Theirs", reviewed_on=TODAY.isoformat())
    assert again.status_code == 303
    assert [each[1:4] for each in stored(store, places)] == [
        (1, Rating.ON_TRACK, "Mine"), (2, Rating.OFF_TRACK, "Theirs"),
    ]  # fmt: skip


def test_what_is_anothers_answers_like_what_is_not_there(
    store: Store, walled: Store, own: Browser, places: dict[str, int]
) -> None:
    paths = ("/cluster/weir-cluster/plan/reviews", "/cluster/nowhere/plan/reviews")
    answers = [own.get(path) for path in paths]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    said = {"rating": "on_track", "words": "x", "reviewed_on": TODAY.isoformat(), "seen": "0"}
    for path in (
        *(f"{path}?about=plan" for path in paths), PLACE, f"{PLACE}?about=target:NEXT", f"{PLACE}?about=target:NOWHERE",
        f"{PLACE}?about=plan&correct=yes", f"{PLACE}?about=plan&year=1999-00",
    ):  # fmt: skip
        assert own.post(path, **said).status_code == 404, path
    assert own.get(f"{PLACE}?year=soon").status_code == 404
    assert stored(store, places) == []
    assert {each[:2] for each in refusals(store)} == {("see", "plan"), ("edit", "plan")}
    head = Browser(walled, headteacher(places["ford"]))
    assert head.get("/cluster/weir-cluster/plan/reviews").status_code == 404


def test_the_head_of_a_school_reads_what_was_found_and_no_history(
    walled: Store, own: Browser, places: dict[str, int]
) -> None:
    own.send(rating="off_track", words="Nobody came")
    own.send(f"{INSET}&correct=yes", rating="some_concern", words="Few came")
    head = Browser(walled, headteacher(places["ford"]))
    words = head.words(INSET)
    assert "▲ Some concern Few came" in words
    for hidden in ("Nobody came", "What stood here", "Record the", "Correct the", "Store"):
        assert hidden not in words
    assert head.client.post(INSET).status_code in {400, 403}
    gone = Browser(walled, headteacher(places["gone"])).words(f"{PLACE}?year={YEAR}")
    assert f"Your school did not belong to this cluster in {YEAR}." in gone
    assert "INSET" not in gone


@pytest.mark.parametrize(("role", "sees"), [(Role.STEERING, True), (Role.BURSAR, False), (Role.ADMINISTRATOR, False)])
def test_who_else_reads_it(walled: Store, places: dict[str, int], role: Role, sees: bool) -> None:
    browser = Browser(walled, Reader("R", (Grant(role, cluster_id=places["mill"]),), None, str(role)))
    answer = browser.get(PLACE)
    assert answer.status_code == (200 if sees else 403)
    assert "Record the" not in answer.text


def test_a_year_without_a_plan_says_so(own: Browser) -> None:
    assert "There is no plan for 2001-02, so there is nothing to review." in own.words(f"{PLACE}?year=2001-02")


def test_a_page_takes_the_same_few_statements_however_many_reviews_there_are(walled: Store, own: Browser) -> None:
    with statements(walled) as few:
        own.get(PLACE)
    for words in ("One", "Two", "Three"):
        own.send(rating="on_track", words=words)
    with statements(walled) as more:
        own.get(PLACE)
    assert len(more) == len(few) <= 7
