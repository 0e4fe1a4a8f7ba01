"""The administrator's pages: who may open them, what they say, what they end."""

import re
import time
from datetime import timedelta
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import session as web_session

from dashboard.access import EVERYTHING, Grant, Reader
from dashboard.accounts import people as people_module
from dashboard.accounts.commands import AccountBook
from dashboard.accounts.screen_links import ScreenLinks, find_link
from dashboard.audit import COMMAND_LINE, Actor
from dashboard.db import Store, now_utc
from dashboard.models import Account, AccountGrant, Cluster, School
from dashboard.vocabulary import Role
from tests.accounts import house as houses
from tests.accounts.house import PASSWORD, House, heading
from tests.accounts.places import (
    Places,
    account,
    administrator,
    coordinator,
    events,
    find,
    headteacher,
    passkey,
    put_account,
    refusals,
    sessions_of,
    sign_in,
    told,
)
from tests.accounts.small_app import Browser as SmallBrowser
from tests.plain_pages import BEHIND_THE_WALL
from tests.visitors import Visitor

pytestmark = BEHIND_THE_WALL

CRUEL = "<script>alert(1)</script>\"'&"
GIVEN = "https://dashboard.example.org/new-password/TOKEN"


class Browser(SmallBrowser):
    """Somebody who signed in a moment ago."""

    def __init__(self, store: Store, reader: Reader | None) -> None:
        super().__init__(store, reader)
        self.app.config.update(SECURITY_FRESHNESS=timedelta(minutes=15), SECURITY_FRESHNESS_GRACE_PERIOD=timedelta(0))
        with self.client.session_transaction() as kept:
            kept["fs_paa"] = time.time()


@pytest.fixture(autouse=True)
def password_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_module, "password_link", lambda number, address: f"{GIVEN}-{number}")


ADDRESSES = (
    ("GET", "/people"), ("GET", "/people/add"), ("POST", "/people/add"), ("GET", "/people/1"),
    ("POST", "/people/1/roles"), ("POST", "/people/1/roles/1/withdraw"), ("POST", "/people/1/name"),
    ("POST", "/people/1/disable"), ("POST", "/people/1/enable"), ("POST", "/people/1/end-sessions"),
    ("POST", "/people/1/reset-second-factor"), ("POST", "/people/1/password-link"),
)  # fmt: skip


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_the_pages_of_people_are_for_administrators_alone(
    store: Store, walled: Store, at: Places, method: str, path: str
) -> None:
    one = put_account(store)
    path = path.replace("/1", f"/{one}")
    others = [role for role in Role if role is not Role.ADMINISTRATOR]
    everybody_else = Reader("All others", tuple(Grant(role, at.river, at.mill, at.mill_school) for role in others))
    before = told(store)
    for reader, status in ((None, {302, 401}), (Reader("No role"), {403}), (everybody_else, {403})):
        browser = Browser(walled, reader)
        browser.app.config["WTF_CSRF_ENABLED"] = False  # the door itself must hold
        answer = browser.client.open(path, method=method)
        assert answer.status_code in status
        assert "one@example.org" not in answer.text
    assert find(store, one).active
    assert [event[0] for event in refusals(store)] == ["edit", "edit"]
    assert told(store).startswith(before[:-1])


@pytest.mark.parametrize("path", [path for method, path in ADDRESSES if method == "POST"])
def test_nothing_is_written_without_the_forms_token(store: Store, walled: Store, path: str) -> None:
    one = put_account(store)
    before = told(store)
    browser = Browser(walled, administrator())
    for token in ({}, {"csrf_token": "guess"}):
        answer = browser.client.post(path.replace("/1", f"/{one}"), data={**token, "email": "x@example.org"})
        assert answer.status_code == 400
    assert told(store) == before


def test_the_list_says_who_can_sign_in_and_who_lacks_a_second_factor(store: Store, walled: Store, at: Places) -> None:
    put_account(store, "ada@example.org", Role.COORDINATOR, cluster="mill-cluster", name="Ada Example")
    other = put_account(store, "bea@example.org", Role.HEADTEACHER, school="weir-school")
    disabled = put_account(store, "gone@example.org", Role.ADMINISTRATOR)
    with store.writing() as session:
        passkey(session, other)
        session.get_one(Account, disabled).active = False
    shown = Browser(walled, administrator()).get("/people").text
    assert "Two people can sign in; one person has no second factor." in shown
    assert "coordinator, Mill Cluster" in shown
    assert "headteacher, Weir School" in shown
    assert "1 passkey" in shown
    assert "disabled" in shown
    assert 'role="region" aria-label="People who have an account"' in shown


def test_the_list_is_filtered_by_a_text_and_says_when_nobody_matches(store: Store, walled: Store, at: Places) -> None:
    put_account(store, "ada@example.org", Role.COORDINATOR, cluster="mill-cluster", name="Ada Example")
    put_account(store, "bea@example.org", Role.HEADTEACHER, school="weir-school")
    browser = Browser(walled, administrator())
    for text, ada, bea in (("MILL", True, False), ("weir", False, True), ("example.org", True, True), ("", True, True)):
        shown = browser.get("/people", query_string={"q": text}).text
        assert ("ada@example.org" in shown, "bea@example.org" in shown) == (ada, bea)
        assert "Two people can sign in; two people have no second factor." in shown
    nobody = browser.get("/people", query_string={"q": CRUEL}).text
    assert "Nobody matches" in nobody
    assert CRUEL not in nobody


def test_a_long_list_says_that_there_is_more(store: Store, walled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_module, "MOST_SHOWN", 2)
    for name in ("a", "b", "c"):
        put_account(store, f"{name}@example.org")
    shown = Browser(walled, administrator()).get("/people").text
    assert "These are the first 2 of 3." in shown
    assert "c@example.org" not in shown


def test_an_empty_store_says_that_nobody_has_an_account(walled: Store) -> None:
    assert "Nobody has an account yet." in Browser(walled, administrator()).get("/people").text


def test_a_new_person_is_added_and_the_link_is_shown_once(store: Store, walled: Store, at: Places) -> None:
    browser = Browser(walled, administrator())
    form = browser.get("/people/add").text
    assert '<option value="mill-cluster">Mill Cluster</option>' in form
    answer = browser.post(
        "/people/add",
        "/people/add",
        email="New@Example.org",
        name="New",
        role="coordinator",
        cluster="The Mill Cluster",
    )
    with store.reading() as session:
        made = session.scalars(sa.select(Account)).one()
        (grant,) = made.grants
        assert (made.email, grant.role, grant.cluster_id) == ("new@example.org", Role.COORDINATOR, at.mill)
    assert answer.status_code == 200
    assert f"{GIVEN}-{made.id}" in answer.text
    assert GIVEN not in browser.get(f"/people/{made.id}").text
    assert GIVEN not in told(store)
    event = events(store)[-1]
    assert (event.actor_id, event.actor, event.origin) == (900, "administrator", "127.0.0.1")


def test_an_address_that_is_known_gets_the_role_and_no_link(store: Store, walled: Store, at: Places) -> None:
    one = put_account(store, role=Role.COORDINATOR, cluster="weir-cluster")
    browser = Browser(walled, administrator())
    for number, said in ((2, "had an account already, and has the role now"), (2, "holds that role already")):
        answer = browser.post(
            "/people/add", "/people/add", email="one@example.org", role="coordinator", cluster="mill-cluster"
        )
        assert (answer.status_code, answer.location) == (303, f"/people/{one}")
        assert said in browser.get(answer.location).text
        with store.reading() as session:
            assert session.scalar(sa.select(sa.func.count(AccountGrant.id))) == number


WRONG = (
    ({"email": "", "role": "director"}, "email", "Enter a work e-mail address."),
    ({"email": "nobody", "role": "director"}, "email", "is not an e-mail address"),
    ({"email": "a@example.org", "role": "coordinator"}, "cluster", "needs a cluster"),
    (
        {"email": "a@example.org", "role": "coordinator", "cluster": "Nowhere"},
        "cluster",
        "There is no cluster “nowhere”",
    ),
    ({"email": "a@example.org", "role": "director", "school": "mill-school"}, "school", "not for a school"),
    ({"email": "a@example.org", "role": "king"}, "role", "Not a valid choice"),
    ({"email": "a@example.org", "role": "director", "name": "x" * 201}, "name", "cannot be longer than 200"),
    ({"email": "a@example.org", "role": "headteacher", "school": "x" * 300}, "school", "too long"),
    ({"email": "a\0@example.org", "role": "administrator"}, "email", "is not an e-mail address"),
    ({"email": "a@example.org", "role": "coordinator", "cluster": "\0"}, "cluster", "There is no cluster"),
)


@pytest.mark.parametrize(("data", "field", "words"), WRONG)
def test_what_is_wrong_is_said_at_the_top_and_beside_the_field(
    store: Store, walled: Store, at: Places, data: dict[str, str], field: str, words: str
) -> None:
    browser = Browser(walled, administrator())
    answer = browser.post("/people/add", "/people/add", **data)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    summary, beside = answer.text.split("</ul>", 1)
    assert re.search(rf'<a href="#{field}">[^<]*{re.escape(words)}', summary)
    assert re.search(rf'id="{field}-wrong-1">.*?{re.escape(words)}', beside)
    assert re.search(rf'<(input|select)[^>]*aria-describedby="[^"]*{field}-wrong-1"', beside)
    assert events(store) == []


def test_names_and_places_are_text_and_never_markup(store: Store, walled: Store, at: Places) -> None:
    with store.writing() as session:
        session.get_one(Cluster, at.mill).name = CRUEL
        session.get_one(School, at.mill_school).name = CRUEL
        one = account(session, "one@example.org", Role.COORDINATOR, cluster="mill-cluster", name=CRUEL).id
        account(session, "one@example.org", Role.HEADTEACHER, school="mill-school")
        ScreenLinks(session, COMMAND_LINE).add("mill-cluster", scope=EVERYTHING, label=CRUEL)
    pages = [
        *(Browser(walled, administrator()).get(path) for path in ("/people", "/people/add", f"/people/{one}")),
        Browser(walled, administrator()).post(f"/people/{one}/password-link", f"/people/{one}"),
        Browser(walled, coordinator(at.mill)).get("/cluster/mill-cluster/screen-links"),
        Browser(walled, headteacher(at.mill_school)).get("/open-book"),
    ]
    for answer in pages:
        assert answer.status_code == 200
        assert "alert(1)" in answer.text
        assert "<script>alert" not in answer.text
        # Within a quoted attribute, such as the question before a button, the quotes must be escaped as well.
        assert not re.search(r"alert\(1\)[^<]{0,20}\"'", answer.text)


def test_pages_hold_no_inline_script_and_no_style(store: Store, walled: Store, at: Places) -> None:
    one = put_account(store, role=Role.HEADTEACHER, school="mill-school")
    browsers = (
        Browser(walled, administrator()),
        Browser(walled, coordinator(at.mill)),
        Browser(walled, headteacher(at.mill_school)),
    )
    paths = (("/people", "/people/add", f"/people/{one}"), ("/cluster/mill-cluster/screen-links",), ("/open-book",))
    for browser, each in zip(browsers, paths, strict=True):
        for path in each:
            shown = browser.get(path).text
            assert not re.search(r"\son\w+=|\sstyle=|<style|<script>|javascript:", shown), path
            posts = re.findall(r'<form[^>]*method="post".*?</form>', shown, re.DOTALL)
            assert posts
            assert all('name="csrf_token"' in form for form in posts)
            for field in re.findall(r'<(?:input|select)[^>]*\bid="([\w-]+)"', shown):
                assert f'<label for="{field}"' in shown


def test_a_person_who_is_not_there_answers_404(store: Store, walled: Store) -> None:
    one = put_account(store)
    browser = Browser(walled, administrator())
    for number in (999, 2**31 - 1, 2**31, 10**30):
        assert browser.get(f"/people/{number}").status_code == 404
        for what in ("disable", "password-link", "name", "roles", "roles/1/withdraw"):
            data = {"name": "x", "role": "director"}
            assert browser.post(f"/people/{number}/{what}", f"/people/{one}", **data).status_code == 404
    assert browser.post(f"/people/{one}/delete", f"/people/{one}").status_code == 404


@pytest.mark.parametrize(
    ("what", "words", "action"),
    [
        ("disable", "The account is disabled.", "disable"),
        ("end-sessions", "Every session has ended.", "end sessions"),
        ("reset-second-factor", "The second factor is forgotten", "reset second factor"),
    ],
)
def test_what_ends_something_is_asked_once_more_and_then_done_at_once(
    store: Store, walled: Store, what: str, words: str, action: str
) -> None:
    put_account(store, "admin@example.org", Role.ADMINISTRATOR)
    one, decoy = put_account(store), put_account(store, "decoy@example.org")
    with store.writing() as session:
        for each in (one, decoy):
            sign_in(session, each)
            passkey(session, each)
    browser = Browser(walled, administrator())
    form = re.search(rf'action="/people/{one}/{what}".*?</form>', browser.get(f"/people/{one}").text, re.DOTALL)
    assert form is not None
    assert 'data-ask="' in form[0]
    answer = browser.post(f"/people/{one}/{what}", f"/people/{one}")
    assert (answer.status_code, answer.location) == (303, f"/people/{one}")
    assert words in browser.get(f"/people/{one}").text
    assert (sessions_of(store, one), sessions_of(store, decoy)) == (0, 1)
    assert (events(store)[-1].action, events(store)[-1].object_key) == (action, str(one))


def test_a_disabled_account_is_enabled_again_and_gets_no_link_before(store: Store, walled: Store) -> None:
    put_account(store, "admin@example.org", Role.ADMINISTRATOR)
    one = put_account(store)
    browser = Browser(walled, administrator())
    browser.post(f"/people/{one}/disable", f"/people/{one}")
    browser.post(f"/people/{one}/password-link", f"/people/{one}")
    shown = browser.get(f"/people/{one}").text
    assert "This account is disabled. Enable it first." in shown
    assert "password-link" not in shown
    browser.post(f"/people/{one}/enable", f"/people/{one}")
    assert find(store, one).active
    assert GIVEN in browser.post(f"/people/{one}/password-link", f"/people/{one}").text
    assert [event.action for event in events(store)][2:] == ["disable", "enable", "give out password link"]


def test_roles_are_given_and_withdrawn(store: Store, walled: Store, at: Places) -> None:
    one = put_account(store)
    browser = Browser(walled, administrator())
    roles = f"/people/{one}/roles"
    wrong = browser.post(roles, f"/people/{one}", role="headteacher")
    assert wrong.status_code == 422
    assert 'href="#school">The role headteacher needs a school.' in wrong.text
    assert "<details open>" in wrong.text
    for said in ("The role is given.", "This person holds that role already."):
        assert browser.post(roles, f"/people/{one}", role="headteacher", school="Weir School").status_code == 303
        assert said in browser.get(f"/people/{one}").text
    with store.reading() as session:
        grants = {grant.role: grant.id for grant in session.get_one(Account, one).grants}
    assert set(grants) == {Role.DIRECTOR, Role.HEADTEACHER}
    browser.post(f"{roles}/{grants[Role.DIRECTOR]}/withdraw", f"/people/{one}")
    browser.post(f"{roles}/{grants[Role.DIRECTOR]}/withdraw", f"/people/{one}")
    shown = browser.get(f"/people/{one}").text
    assert "does not hold that role" in shown
    with store.reading() as session:
        assert [grant.role for grant in session.get_one(Account, one).grants] == [Role.HEADTEACHER]


def test_a_person_is_renamed(store: Store, walled: Store) -> None:
    one = put_account(store)
    browser = Browser(walled, administrator())
    assert browser.post(f"/people/{one}/name", f"/people/{one}", name="Ada Example").status_code == 303
    assert find(store, one).name == "Ada Example"
    assert "Ada" not in told(store)
    long = browser.post(f"/people/{one}/name", f"/people/{one}", name="x" * 201)
    assert (long.status_code, "Use at most 200 letters." in long.text) == (422, True)


def test_the_last_administrator_is_kept_and_the_page_says_why(store: Store, walled: Store) -> None:
    one = put_account(store, role=Role.ADMINISTRATOR)
    browser = Browser(walled, administrator(one))
    answer = browser.post(f"/people/{one}/disable", f"/people/{one}")
    assert answer.status_code == 303
    shown = browser.get(f"/people/{one}").text
    assert "This is the last administrator. Make another one first." in shown
    assert 'role="alert"' in shown
    assert find(store, one).active


def test_whoever_changes_their_own_account_is_warned_and_signed_out(store: Store, walled: Store) -> None:
    put_account(store, "other@example.org", Role.ADMINISTRATOR)
    one = put_account(store, role=Role.ADMINISTRATOR)
    browser = Browser(walled, administrator(one))
    assert "This is your own account: you will be signed out." in browser.get(f"/people/{one}").text
    with browser.client:
        answer = browser.post(f"/people/{one}/end-sessions", f"/people/{one}")
        assert (answer.status_code, answer.location) == (303, "/sign-in")
        assert dict(web_session) == {}


def test_sessions_and_links_can_always_be_ended(store: Store, walled: Store) -> None:
    """Somebody without a session may have a link to choose a password that must not be good any more."""
    one = put_account(store)
    browser = Browser(walled, administrator())
    assert sessions_of(store, one) == 0
    before = find(store, one).fs_uniquifier
    form = re.search(rf'action="/people/{one}/end-sessions".*?</form>', browser.get(f"/people/{one}").text, re.DOTALL)
    assert form is not None
    assert "End all sessions and links" in form[0]
    browser.post(f"/people/{one}/end-sessions", f"/people/{one}")
    assert "Links to choose a password that were given out before are not good" in browser.get(f"/people/{one}").text
    assert find(store, one).fs_uniquifier != before


def test_a_link_to_a_password_says_beforehand_and_afterwards_what_it_ends(store: Store, walled: Store) -> None:
    one = put_account(store)
    browser = Browser(walled, administrator())
    assert "Earlier links end, and every open session." in browser.get(f"/people/{one}").text
    shown = browser.post(f"/people/{one}/password-link", f"/people/{one}").text
    assert "Links that were made before are not good any more" in shown


def test_whoever_makes_a_link_for_themselves_is_signed_out_and_told_before(store: Store, walled: Store) -> None:
    one = put_account(store, role=Role.ADMINISTRATOR)
    browser = Browser(walled, administrator(one))
    form = re.search(rf'action="/people/{one}/password-link".*?</form>', browser.get(f"/people/{one}").text, re.DOTALL)
    assert form is not None
    assert "you will be signed out" in form[0]
    with browser.client:
        answer = browser.post(f"/people/{one}/password-link", f"/people/{one}")
        assert (answer.status_code, GIVEN in answer.text) == (200, True)
        assert dict(web_session) == {}


def test_the_page_says_which_screen_links_go_with_the_account(store: Store, walled: Store, at: Places) -> None:
    put_account(store, "admin@example.org", Role.ADMINISTRATOR)
    one = put_account(store, role=Role.COORDINATOR, cluster="mill-cluster")
    browser = Browser(walled, administrator())
    assert "screen link" not in browser.get(f"/people/{one}").text
    with store.writing() as session:
        links = ScreenLinks(session, Actor("coordinator", "192.0.2.7", one))
        tokens = [links.add("mill-cluster", scope=EVERYTHING)[1] for _ in range(2)]
        ScreenLinks(session, COMMAND_LINE).add("mill-cluster", scope=EVERYTHING)
    shown = browser.get(f"/people/{one}").text
    assert "2 screen links made by this person will go dark for good." in shown
    assert "Of 2 screen links made by this person, those for clusters that no other role reaches go dark." in shown
    browser.post(f"/people/{one}/disable", f"/people/{one}")
    assert "screen link" not in browser.get(f"/people/{one}").text
    with store.reading() as session:
        assert [find_link(session, token, now_utc()) for token in tokens] == [None, None]
    assert [event.action for event in events(store)][-3:] == ["revoke", "revoke", "disable"]


def test_a_role_that_is_withdrawn_leaves_the_links_that_another_role_reaches(
    store: Store, walled: Store, at: Places
) -> None:
    """On PostgreSQL the pages' store sees no cluster unless it says so."""
    one = put_account(store, role=Role.COORDINATOR, cluster="mill-cluster")
    put_account(store, role=Role.DIRECTOR, programme=at.river_slug)
    with store.writing() as session:
        _, token = ScreenLinks(session, Actor("coordinator", "192.0.2.7", one)).add("mill-cluster", scope=EVERYTHING)
        grants = {grant.role: grant.id for grant in session.get_one(Account, one).grants}
    for role, opens in ((Role.COORDINATOR, True), (Role.DIRECTOR, False)):
        path = f"/people/{one}/roles/{grants[role]}/withdraw"
        assert Browser(walled, administrator()).post(path, f"/people/{one}").status_code == 303
        with store.reading() as session:
            assert (find_link(session, token, now_utc()) is not None) == opens


# Whoever signed in a while ago confirms first that it is them.


@pytest.fixture
def house(store: Store, walled: Store) -> House:
    return House.over(store, walled)


def stale(house: House, role: Role = Role.ADMINISTRATOR, hours: int = 11) -> houses.Browser:
    """Somebody who signed in so long ago."""
    person = house.person(role)
    visitor = Visitor.of_session(
        house.app, house.store, _user_id=person.unique, _fresh=True, fs_paa=now_utc().timestamp() - hours * 3600
    )
    return houses.Browser(visitor.client)


@pytest.mark.parametrize("path", [path for method, path in ADDRESSES if method == "POST"])
def test_a_change_asks_for_a_fresh_sign_in_and_leads_back_to_its_form(house: House, path: str) -> None:
    one = house.person(Role.COORDINATOR, email="one@example.org")
    with house.store.reading() as session:
        grant = session.get_one(Account, one.id).grants[0].id
    path = path.replace("/people/1", f"/people/{one.id}").replace("/1/", f"/{grant}/")
    form = "/people/add" if path == "/people/add" else f"/people/{one.id}"
    browser = stale(house)
    fields = {"email": "new@example.org", "role": "director", "name": "Ada"}
    before = [(event.action, event.object_key) for event in house.events()]
    refused = browser.client.post(path, data=fields)
    assert (refused.status_code, refused.location) == (400, None), "a forged form gets no further than before"
    answer = browser.fill_in(path, fields, at="/account")
    assert (answer.status_code, answer.location) == (303, f"/confirm-it-is-you?next={quote(form, safe='')}")
    assert [(event.action, event.object_key) for event in house.events()] == before
    asked = browser.get(answer.location)
    assert heading(asked) == "Confirm that it is you"
    assert houses.said(asked) == ["Nothing was changed yet. Confirm that it is you, then do it again."]
    assert browser.fill_in(answer.location, {"password": PASSWORD}).location == form
    assert browser.fill_in(path, fields, at=form).location != answer.location
    assert len(house.events()) > len(before) or path.endswith("/enable")


def test_the_form_for_a_new_person_asks_before_anything_is_typed(house: House) -> None:
    browser = stale(house)
    answer = browser.get("/people/add")
    assert (answer.status_code, answer.location) == (303, "/confirm-it-is-you?next=%2Fpeople%2Fadd")
    assert houses.said(browser.get(answer.location)) == ["Confirm first that it is you."]
    assert browser.get("/people").status_code == 200


def test_whoever_may_not_change_people_is_refused_and_not_asked(house: House) -> None:
    answer = stale(house, Role.DIRECTOR).fill_in("/people/add", {"email": "new@example.org"}, at="/account")
    assert answer.status_code == 403


def test_whoever_has_just_signed_in_is_asked_nothing(house: House) -> None:
    boss, one = house.person(Role.ADMINISTRATOR, app=True), house.person(Role.COORDINATOR)
    assert boss.secret is not None
    browser = house.browser()
    browser.sign_in(boss.email)
    browser.fill_in("/code", {"code": house.code(boss.secret)})
    assert browser.is_in
    made = browser.fill_in("/people/add", {"email": "new@example.org", "role": "director"})
    assert (made.status_code, heading(made)) == (200, "A link to choose a password")
    assert browser.fill_in(f"/people/{one.id}/disable", at=f"/people/{one.id}").location == f"/people/{one.id}"
    assert not house.row(one).active


def test_a_role_that_is_given_while_somebody_signs_in_is_not_held_without_what_it_asks_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the check of the second factor and the storing of the session."""
    person = house.person(Role.STEERING)
    sessions = house.app.server.session_interface
    store_it, given = sessions.save_session, list[int]()

    def save(app: object, session: dict[str, object], response: object) -> None:
        if "_user_id" in session and not given:
            with house.store.writing() as writing:
                given.append(AccountBook(writing, COMMAND_LINE).add(person.email, Role.DIRECTOR).id)
        store_it(app, session, response)

    monkeypatch.setattr(sessions, "save_session", save)
    browser = house.browser()
    browser.sign_in(person.email)
    assert given == [person.id]
    assert not browser.is_in
    assert browser.sign_in(person.email).location == "/second-factor"


def test_a_second_factor_that_was_reset_is_gone_from_the_list(store: Store, walled: Store) -> None:
    one = put_account(store)
    with store.writing() as session:
        passkey(session, one)
        AccountBook(session, COMMAND_LINE).reset_second_factor(one)
    assert "one person has no second factor" in Browser(walled, administrator()).get("/people").text
