"""The pages of requests: who opens which, what they say, what a form changes, and what nobody else is told."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any, Final

import pytest
from werkzeug.test import TestResponse

from dashboard.access import Grant, Reader, Scope, reading
from dashboard.approvals import pages
from dashboard.approvals.checks import Asked, Verdict
from dashboard.models import ApprovalRequest, Cluster
from dashboard.vocabulary import Attempt, LineState, RequestKind, RequestState, Role
from dashboard.wording import day
from tests import builders as put
from tests import plain_pages
from tests.accounts.places import statements
from tests.approvals.world import TRAVEL, World
from tests.plain_pages import BEHIND_THE_WALL

pytestmark = BEHIND_THE_WALL
TODAY: Final = date.today()
NEW: Final = "/cluster/mill-cluster/requests/new"


class Browser(plain_pages.Browser):
    pages = (pages.pages,)
    form_on = "/requests"

    def words(self, path: str) -> str:
        """What a page says, without its tags."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return plain(answer)


def plain(answer: TestResponse) -> str:
    main = answer.text.partition('<main id="page"')[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.fixture
def coordinator(world: World) -> Browser:
    return Browser(world.walled, world.coordinator)


@pytest.fixture
def advisor(world: World) -> Browser:
    return Browser(world.walled, world.advisor)


def asked(world: World, days: int = 0, **said: Any) -> int:
    """A request of Ford School, asked so many days ago."""
    return world.asked(replace(TRAVEL, **said), today=TODAY - timedelta(days))


# Who


@pytest.mark.parametrize("role", [Role.HEADTEACHER, Role.STEERING, Role.ADMINISTRATOR])
def test_whoever_has_no_part_in_it_is_refused(world: World, role: Role) -> None:
    reader = Reader("R", (Grant(role, cluster_id=world.mill, school_id=world.ford),), None, str(role))
    browser, number = Browser(world.walled, reader), asked(world)
    for path in ("/requests", "/cluster/mill-cluster/requests", NEW, f"/request/{number}"):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert TRAVEL.summary not in answer.text
    refused = [event for event in world.events() if event.outcome is Attempt.REFUSED]
    assert [event.object_kind for event in refused] == ["requests"] * 4


def test_what_is_anothers_answers_like_what_is_not_there(world: World, coordinator: Browser) -> None:
    asked(world)
    for theirs, nobodys in (
        ("/cluster/weir-cluster/requests", "/cluster/nowhere/requests"),
        ("/cluster/weir-cluster/requests/new", "/cluster/nowhere/requests/new"),
        (f"/request/{world.decoy}", "/request/999"),
    ):
        answers = [coordinator.get(path) for path in (theirs, nobodys)]
        assert [each.status_code for each in answers] == [404, 404]
        assert answers[0].text == answers[1].text
    token = {"csrf_token": coordinator.token(NEW)}
    for path in (f"/request/{world.decoy}/withdraw", "/cluster/weir-cluster/requests/new"):
        sent = {**token, "kind": "travel", "summary": "x"}
        assert coordinator.client.post(path, data=sent).status_code == 404
    assert "Decoy" not in coordinator.words("/requests?state=decided")
    assert len(world.rows(ApprovalRequest)) == 2


def test_a_coordinator_and_a_bursar_read_and_do_not_decide(world: World, coordinator: Browser) -> None:
    number = asked(world)
    bursar = Browser(world.walled, world.bursar)
    for browser, withdraws in ((coordinator, True), (bursar, False)):
        words = browser.words(f"/request/{number}")
        assert TRAVEL.summary in words
        assert "Store the decision" not in words
        assert ("Withdraw the request" in words) is withdraws
    assert "Ask the advisor" in coordinator.words("/requests")
    assert "Ask the advisor" not in bursar.words("/requests")
    token = {"csrf_token": coordinator.token(f"/request/{number}")}
    sent = {**token, "state": "approved", "granted": "45", "reason": "Mine", "decided_on": TODAY}
    assert coordinator.client.post(f"/request/{number}/decide", data=sent).status_code == 403
    assert world.request(number).state is RequestState.WAITING


def test_a_guest_who_looks_only_sees_no_form_and_sends_none(world: World) -> None:
    number = asked(world)
    guest = Browser(world.walled, Reader("G", (Grant(Role.DIRECTOR),), looks_only=True))
    words = guest.words(f"/request/{number}")
    assert "Store the decision" not in words
    assert "Withdraw" not in words
    assert guest.client.post(f"/request/{number}/decide").status_code in {400, 403}


def test_the_wall_shows_a_headteacher_no_request(world: World) -> None:
    """Behind every query: what a page forgot to ask, the database does not give."""
    asked(world)
    for scope, found in (
        (Scope(school_ids=frozenset({world.ford})), 0),
        (Scope(cluster_ids=frozenset({world.mill})), 1),
    ):
        with reading(world.walled, scope) as session:
            assert session.query(ApprovalRequest).count() == found


# What they say


def test_the_inbox_tells_how_long_each_waits(world: World, advisor: Browser) -> None:
    assert "Nothing waits for a decision." in advisor.words("/requests")
    asked(world, 3, summary="A coach", amount=None)
    asked(world, 20, summary="A long ride")
    words = advisor.words("/requests")
    assert "Two requests are waiting, the oldest for 20 days." in words
    assert words.index("A long ride") < words.index("A coach")
    assert "three days" in words
    assert "no amount" in words
    assert "Ford School" in words
    assert "Mill Cluster" in words


def test_decided_cases_are_searched_as_precedent(world: World, coordinator: Browser) -> None:
    first, second = asked(world, 9, summary="A coach to the river"), asked(world, 9, summary="Taxis")
    world.decided(first, Verdict(RequestState.DECLINED, "There is a bus", TODAY), today=TODAY)
    world.decided(second, Verdict(RequestState.APPROVED, "No bus goes there", TODAY, 3_000), today=TODAY)
    words = coordinator.words("/requests?state=decided&q=bus&kind=travel")
    assert "Two decided requests for this search." in words
    assert "approved" in words
    assert "£30" in words
    assert "Decoy" not in words
    assert "One decided request for this search." in coordinator.words("/requests?state=decided&q=river+BUS")
    assert "Nothing matches this search." in coordinator.words("/requests?state=decided&q=%25")
    assert "Nothing matches this search." in coordinator.words("/requests?state=decided&kind=joining")
    assert "One decided request" in coordinator.words("/cluster/mill-cluster/requests?state=decided&q=taxis")
    assert coordinator.words("/requests?state=withdrawn").count("No request was withdrawn yet.") == 1


@pytest.mark.parametrize("query", ["state=gone", "page=0", "page=x", "page=1001", "kind=tea", "q=%00", "page=²"])
def test_what_no_page_is_called_is_nowhere(coordinator: Browser, query: str) -> None:
    assert coordinator.get(f"/requests?{query}").status_code == 404


def test_pages_follow_one_another(world: World, coordinator: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "ON_A_PAGE", 2)
    for number in range(3):
        asked(world, 3 - number, summary=f"Request {number}")
    first, second = coordinator.words("/requests"), coordinator.words("/requests?page=2")
    assert "Page 1 of 2" in first
    assert "Request 1" in first
    assert "Request 2" not in first
    assert "Request 2" in second
    assert "There is no such page." in coordinator.words("/requests?page=3")


def test_a_request_that_waits_shows_the_last_decisions_of_its_kind(world: World, advisor: Browser) -> None:
    decided = asked(world, 9, summary="A coach to the river")
    world.decided(decided, Verdict(RequestState.DECLINED, "There is a bus", TODAY), today=TODAY)
    number = asked(world, 2)
    words = advisor.words(f"/request/{number}")
    assert "Decided before" in words
    assert "There is a bus" in words
    assert "Decoy" not in words
    assert "Decided before" not in advisor.words(f"/request/{decided}")


def test_an_approval_leads_on_to_the_page_that_does_it(world: World, coordinator: Browser) -> None:
    joining = world.asked(Asked(RequestKind.JOINING, "Near", candidate="Bridge School"), today=TODAY)
    days = (TODAY, TODAY + timedelta(90))
    away = world.asked(Asked(RequestKind.SABBATICAL, "Building", None, "lock-school", None, *days), today=TODAY)
    for number, address in (
        (joining, "/cluster/mill-cluster/events?new=joined"),
        (away, "/cluster/mill-cluster/events?new=sabbatical&amp;school=lock-school"),
    ):
        assert address not in coordinator.get(f"/request/{number}").text
        world.decided(number, Verdict(RequestState.APPROVED, "Fine", TODAY), today=TODAY)
        shown = coordinator.get(f"/request/{number}").text
        assert f'href="{address}"' in shown
        assert "The approval alone changes nothing else." in shown
    assert "events?new" not in Browser(world.walled, world.bursar).get(f"/request/{joining}").text


def test_what_was_spent_against_it_is_listed_and_added_up(world: World, coordinator: Browser) -> None:
    number = asked(world)
    world.decided(number, Verdict(RequestState.APPROVED, "Fine", TODAY, 3_000), today=TODAY)
    assert "£0 spent of £30 approved; £30 left." in coordinator.words(f"/request/{number}")
    with world.store.writing() as session:
        mill = session.get_one(Cluster, world.mill)
        line = put.line(session, mill, 1_250, LineState.PAID)
        line.request_id = number
        put.line(session, mill, 9_999)
        line_id = line.id
    answer = coordinator.get(f"/request/{number}")
    assert "£12.50 spent of £30 approved; £17.50 left." in plain(answer)
    assert f'href="/cluster/mill-cluster/ledger/{line_id}"' in answer.text
    assert "£99.99" not in answer.text


# What the forms do


def test_asking_and_deciding(world: World, coordinator: Browser, advisor: Browser) -> None:
    sent = {"kind": "travel", "summary": "Coach", "amount": "£45.50", "school": "ford-school"}
    answer = coordinator.post(NEW, NEW, **sent)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    number = int(address.rpartition("/")[2])
    assert (world.request(number).amount, world.request(number).school_id) == (4_550, world.ford)
    assert "The request is sent." in coordinator.words(address)
    assert 'value="45.50"' in advisor.get(address).text
    wrong = advisor.post(f"{address}/decide", address, state="approved", granted="46", reason="Yes", decided_on=TODAY)
    assert wrong.status_code == 422
    assert "£46 is more than the £45.50 that was asked for" in plain(wrong)
    assert "Yes" in wrong.text
    done = advisor.post(f"{address}/decide", address, state="approved", granted="40", reason="Yes", decided_on=TODAY)
    assert done.status_code == 303
    words = coordinator.words(address)
    assert "£40 approved of £45.50 asked for." in words
    assert f"Approved on {day(TODAY)}, the day it was asked." in words
    assert "by: advisor" in words


def test_declining_leaves_the_amount_aside(world: World, advisor: Browser) -> None:
    number = asked(world)
    path = f"/request/{number}"
    sent = {"state": "declined", "granted": "45.00", "reason": "There is a bus", "decided_on": TODAY}
    assert advisor.post(f"{path}/decide", path, **sent).status_code == 303
    row = world.request(number)
    assert (row.state, row.granted) == (RequestState.DECLINED, None)
    other = asked(world)
    token = {"csrf_token": advisor.token(f"/request/{other}")}
    late = advisor.client.post(f"{path}/decide", data={**token, **sent, "state": "approved"})
    assert late.status_code == 422
    assert "stays as it is; ask anew instead" in plain(late)
    assert world.request(number).state is RequestState.DECLINED


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"state": ""}, "Choose whether it is approved or declined."),
        ({"state": "waiting"}, "Choose one from the list."),
        ({"granted": "a lot"}, "“a lot” is not an amount in pounds"),
        ({"reason": ""}, "Give the reason"),
        ({"decided_on": "soon"}, "“soon” is not a date"),
        ({"decided_on": ""}, "Enter a date such as"),
    ],
)
def test_what_is_wrong_with_a_decision_is_said(
    world: World, advisor: Browser, sent: dict[str, str], words: str
) -> None:
    path = f"/request/{asked(world)}"
    good = {"state": "approved", "granted": "45", "reason": "Yes", "decided_on": str(TODAY)}
    answer = advisor.post(f"{path}/decide", path, **{**good, **sent})
    assert answer.status_code == 422
    assert words in plain(answer)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"summary": ""}, "Say what you ask for, and why."),
        ({"kind": "tea"}, "Choose one from the list."),
        ({"amount": "1.234"}, "“1.234” has parts of a penny"),
        ({"school": "weir-school"}, "Choose one from the list."),
        ({"kind": "joining", "amount": "", "school": ""}, "Say which school would like to join."),
        ({"starts": "2017-02-30"}, "“2017-02-30” is not a date"),
    ],
)
def test_what_is_wrong_with_a_request_is_said(
    world: World, coordinator: Browser, sent: dict[str, str], words: str
) -> None:
    good = {"kind": "travel", "summary": "Coach", "amount": "45", "school": "ford-school"}
    answer = coordinator.post(NEW, NEW, **{**good, **sent})
    assert answer.status_code == 422
    assert words in plain(answer)
    assert [row.id for row in world.rows(ApprovalRequest)] == [world.decoy]


def test_withdrawing(world: World, coordinator: Browser) -> None:
    path = f"/request/{asked(world)}"
    assert coordinator.post(f"{path}/withdraw", path).status_code == 303
    words = coordinator.words(path)
    assert "Withdrawn by: coordinator" in words
    assert "Ask anew" in words
    assert "One withdrawn request." in coordinator.words("/requests?state=withdrawn")


def test_a_form_that_did_not_come_from_the_page_changes_nothing(world: World, coordinator: Browser) -> None:
    number = asked(world)
    assert coordinator.client.post(f"/request/{number}/withdraw").status_code == 400
    assert world.request(number).state is RequestState.WAITING


def test_the_form_begins_with_what_the_address_says(coordinator: Browser) -> None:
    shown = coordinator.get(f"{NEW}?kind=sabbatical&school=lock-school").text
    assert re.search(r'<option selected value="sabbatical">', shown)
    assert re.search(r'<option selected value="lock-school">', shown)
    assert coordinator.get(f"{NEW}?kind=tea&school=weir-school").status_code == 200


def test_what_was_written_is_text_and_nothing_else(world: World, coordinator: Browser) -> None:
    number = asked(world, summary='<script>alert("x")</script>')
    for path in ("/requests", f"/request/{number}"):
        assert "<script>alert" not in coordinator.get(path).text


def test_many_requests_take_no_more_statements(world: World, coordinator: Browser) -> None:
    asked(world)
    with statements(world.walled) as few:
        coordinator.get("/requests")
    for number in range(5):
        asked(world, summary=f"Request {number}")
    with statements(world.walled) as many:
        coordinator.get("/requests")
    assert len(many) == len(few)
