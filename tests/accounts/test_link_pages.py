"""Screen links on the page of a cluster, and what opens when one is followed."""

import re

import pytest
import sqlalchemy as sa
from flask import session as web_session

from dashboard.access import EVERYTHING, Grant, Reader
from dashboard.accounts.screen_links import ScreenLinks
from dashboard.accounts.sessions import LINK
from dashboard.audit import COMMAND_LINE
from dashboard.db import Store, now_utc
from dashboard.models import ScreenLink
from dashboard.vocabulary import Role
from tests.accounts.house import House
from tests.accounts.places import (
    DAY,
    Places,
    coordinator,
    events,
    put_account,
    refusals,
    told,
)
from tests.accounts.small_app import Browser


def make_link(store: Store, slug: str = "mill-cluster", days: int = 90) -> tuple[int, str]:
    with store.writing() as session:
        link, token = ScreenLinks(session, COMMAND_LINE).add(slug, scope=EVERYTHING, days=days)
        return link.id, token


def test_a_coordinator_makes_a_link_that_is_shown_once_and_revokes_it(store: Store, walled: Store, at: Places) -> None:
    decoy, _ = make_link(store, "weir-cluster")
    one = put_account(store, role=Role.COORDINATOR, cluster="mill-cluster")
    browser, page = Browser(walled, coordinator(at.mill, one)), "/cluster/mill-cluster/screen-links"
    assert "There is no link yet." in browser.get(page).text
    made = browser.post(page, page, label="Library", days="7")
    found = re.search(r'value="http://localhost/link/([\w-]+)"', made.text)
    assert found is not None
    shown = browser.get(page).text
    assert "Library" in shown
    assert found[1] not in shown
    assert f"/screen-links/{decoy}/" not in shown
    revoke = re.search(rf'action="({page}/\d+/revoke)"', shown)
    assert revoke is not None
    assert Browser(walled, None).get(f"/link/{found[1]}").status_code == 303
    assert browser.post(revoke[1], page).status_code == 303
    assert "revoked on" in browser.get(page).text
    assert Browser(walled, None).get(f"/link/{found[1]}").status_code == 404
    assert [(event.action, event.actor_id) for event in events(store) if event.cluster_id == at.mill] == [
        ("add", one), ("open", None), ("revoke", one),
    ]  # fmt: skip


def test_a_link_is_given_under_the_public_address_where_there_is_one(walled: Store, at: Places) -> None:
    browser, page = Browser(walled, coordinator(at.mill)), "/cluster/mill-cluster/screen-links"
    browser.app.config["PUBLIC_URL"] = "https://dashboard.example.org/"
    assert 'value="https://dashboard.example.org/link/' in browser.post(page, page, days="7").text


@pytest.mark.parametrize("days", ["0", "367", "", "many", "9" * 40])
def test_a_link_without_a_sensible_end_is_refused_beside_the_field(
    store: Store, walled: Store, at: Places, days: str
) -> None:
    browser, page = Browser(walled, coordinator(at.mill)), "/cluster/mill-cluster/screen-links"
    answer = browser.post(page, page, days=days)
    assert answer.status_code == 422
    assert 'href="#days"' in answer.text
    assert events(store) == []


@pytest.mark.parametrize("label", ["x" * 101, "a\0b"])
def test_a_label_that_cannot_be_kept_is_refused_beside_the_field(
    store: Store, walled: Store, at: Places, label: str
) -> None:
    browser, page = Browser(walled, coordinator(at.mill)), "/cluster/mill-cluster/screen-links"
    answer = browser.post(page, page, days="7", label=label)
    assert (answer.status_code, 'href="#label"' in answer.text) == (422, True)
    assert events(store) == []


@pytest.mark.parametrize("slug", ["weir-cluster", "no-such-cluster", "%00", "weir-cluster%00"])
def test_another_cluster_answers_as_one_that_does_not_exist_and_is_written_down(
    store: Store, walled: Store, at: Places, slug: str
) -> None:
    decoy, token = make_link(store, "weir-cluster")
    browser, own = Browser(walled, coordinator(at.mill)), "/cluster/mill-cluster/screen-links"
    page = f"/cluster/{slug}/screen-links"
    answers = [
        browser.get(page),
        browser.post(page, own, days="7", label="x"),
        browser.post(f"{page}/{decoy}/revoke", own),
    ]
    known = None if "%" in slug else slug
    assert refusals(store) == [("edit", "screen links", known)] * 3
    assert [answer.status_code for answer in answers] == [404] * 3
    assert answers[0].text == browser.get("/cluster/anything/screen-links").text
    assert Browser(walled, None).get(f"/link/{token}").status_code == 303
    with store.reading() as session:
        assert session.scalar(sa.select(sa.func.count(ScreenLink.id))) == 1


def test_a_link_is_not_revoked_from_the_page_of_another_cluster(store: Store, walled: Store, at: Places) -> None:
    own, token = make_link(store)
    browser = Browser(walled, coordinator(at.mill))
    path = f"/cluster/weir-cluster/screen-links/{own}/revoke"
    assert browser.post(path, "/cluster/mill-cluster/screen-links").status_code == 404
    assert refusals(store) == [("edit", "screen links", "weir-cluster")]
    assert Browser(walled, None).get(f"/link/{token}").status_code == 303


def test_a_link_of_another_cluster_is_not_revoked_from_the_own_page(store: Store, walled: Store, at: Places) -> None:
    decoy, token = make_link(store, "weir-cluster")
    browser, page = Browser(walled, coordinator(at.mill)), "/cluster/mill-cluster/screen-links"
    for number in (decoy, 999):
        assert browser.post(f"{page}/{number}/revoke", page).status_code == 404
    assert refusals(store) == [("edit", "screen links", "mill-cluster")] * 2
    assert Browser(walled, None).get(f"/link/{token}").status_code == 303


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.HEADTEACHER, Role.STEERING, Role.ADMINISTRATOR])
def test_who_does_not_edit_the_cluster_has_no_links_to_look_after(walled: Store, at: Places, role: Role) -> None:
    reader = Reader("Reader", (Grant(role, at.river, at.mill, at.mill_school),))
    assert Browser(walled, reader).get("/cluster/mill-cluster/screen-links").status_code == 403


def test_a_director_looks_after_the_links_of_the_own_programme_alone(walled: Store, at: Places) -> None:
    browser = Browser(walled, Reader("Director", (Grant(Role.DIRECTOR, programme_id=at.river),)))
    assert browser.get("/cluster/mill-cluster/screen-links").status_code == 200
    assert browser.get("/cluster/weir-cluster/screen-links").status_code == 404


def test_a_good_link_opens_a_fresh_session_and_leaves_the_address_bar(store: Store, walled: Store, at: Places) -> None:
    link_id, token = make_link(store)
    browser = Browser(walled, None)
    with browser.client:
        with browser.client.session_transaction() as before:
            before["_user_id"] = "somebody"
        answer = browser.get(f"/link/{token}")
        assert dict(web_session) == {LINK: link_id, "_permanent": True, "another token": True}
    assert (answer.status_code, answer.location) == (303, "/screen/mill-cluster")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert token not in answer.text
    event = events(store)[-1]
    assert (event.action, event.actor, event.cluster_id) == ("open", f"screen link {link_id}", at.mill)
    assert token not in told(store)
    assert browser.get(f"/link/{token}").status_code == 303  # good again, on this screen and on others


def opens_of(store: Store, link_id: int) -> list[str]:
    return [each.origin for each in events(store) if (each.action, each.object_key) == ("open", str(link_id))]


def test_that_a_link_was_opened_is_written_down_once_a_day_for_each_computer(
    store: Store, walled: Store, at: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard import audit
    from dashboard.accounts import link_pages

    (link_id, token), (other, another) = make_link(store), make_link(store, "weir-cluster")

    def follow(which: str, address: str) -> None:
        answer = Browser(walled, None).get(f"/link/{which}", environ_overrides={"REMOTE_ADDR": address})
        assert answer.status_code == 303
        assert "Set-Cookie" in answer.headers

    for _time in range(3):
        follow(token, "203.0.113.7")
        follow(token, "203.0.113.8")
    assert opens_of(store, link_id) == ["203.0.113.7", "203.0.113.8"]
    follow(another, "203.0.113.7")
    assert opens_of(store, other) == ["203.0.113.7"]
    tomorrow = now_utc() + DAY
    for module in (audit, link_pages):
        monkeypatch.setattr(module, "now_utc", lambda: tomorrow)
    follow(token, "203.0.113.7")
    follow(token, "203.0.113.7")
    assert opens_of(store, link_id) == ["203.0.113.7", "203.0.113.8", "203.0.113.7"]


def test_a_browser_that_follows_its_link_again_keeps_its_session(store: Store, walled: Store) -> None:
    house = House.over(store, walled)
    _, token = make_link(store)
    (_, another), browser = make_link(store, "weir-cluster"), house.browser()
    assert browser.get(f"/link/{token}").location == "/screen/mill-cluster"
    first = browser.cookie()
    for _time in range(3):
        assert browser.get(f"/link/{token}").location == "/screen/mill-cluster"
    assert (browser.cookie(), house.sessions()) == (first, 1)
    assert browser.get("/screen/mill-cluster").status_code == 200
    assert browser.get(f"/link/{another}").location == "/screen/weir-cluster"
    assert browser.cookie() != first
    assert house.sessions() == 1


@pytest.mark.parametrize("who", ["_user_id", "tf_user_id"])
def test_a_link_ends_whatever_else_the_session_was(store: Store, walled: Store, at: Places, who: str) -> None:
    link_id, token = make_link(store)
    browser = Browser(walled, None)
    with browser.client:
        with browser.client.session_transaction() as before:
            before[LINK], before[who] = link_id, "somebody"
        browser.get(f"/link/{token}")
        assert dict(web_session) == {LINK: link_id, "_permanent": True, "another token": True}


@pytest.mark.parametrize("header", ["Sec-Purpose", "Purpose"])
def test_a_link_that_is_only_looked_at_changes_nothing(store: Store, walled: Store, at: Places, header: str) -> None:
    _, token = make_link(store)
    browser = Browser(walled, None)
    head = browser.client.head(f"/link/{token}")
    fetched = browser.get(f"/link/{token}", headers={header: "prefetch;prerender"})
    assert (head.status_code, fetched.status_code) == (303, 503)
    for answer in (head, fetched):
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert [event.action for event in events(store)] == ["add"]


def test_a_link_that_opens_nothing_says_what_to_do(store: Store, walled: Store, at: Places) -> None:
    (revoked, one), (expired, other), (_, good) = make_link(store), make_link(store), make_link(store)
    with store.writing() as session:
        ScreenLinks(session, COMMAND_LINE).revoke(revoked, scope=EVERYTHING)
        link = session.get_one(ScreenLink, expired)
        link.expires_at = link.created_at - DAY
    browser = Browser(walled, None)
    for token in (one, other, good[:-1], "x", "%00", "ü" * 3000):
        answer = browser.get(f"/link/{token}")
        assert answer.status_code == 404
        assert "Ask the coordinator of the cluster for a new link." in answer.text
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in answer.headers
    assert refusals(store) == [("open", "screen link", str(revoked)), ("open", "screen link", str(expired))]
