"""Sessions: which cookie opens what, and that they end when they should, at once."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
import sqlalchemy as sa
from flask.json.tag import TaggedJSONSerializer
from limits import parse_many

from dashboard.accounts.commands import AccountBook
from dashboard.accounts.sessions import HALF_WAY, LINK, StoredSessions, digest
from dashboard.audit import COMMAND_LINE
from dashboard.db import Session, Store
from dashboard.models import Account, Cluster, WebSession
from dashboard.vocabulary import Role
from tests.accounts.house import OTHER, PASSWORD, WRONG, Browser, House, Person, a_token, heading, said, shown_key
from tests.visitors import Visitor, screen_link

SECURE: Final[dict[str, Any]] = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/sign-in"}}


@pytest.fixture
def house(store: Store, walled: Store) -> House:
    return House.over(store, walled)


def opens(house: House, token: str | None, path: str = "/account") -> bool:
    """Whether a cookie opens a page."""
    browser = house.browser()
    browser.client.set_cookie("session", token or "", domain="localhost")
    return browser.get(path).status_code == 200


# Which cookie.


def test_case_17_a_cookie_from_before_sign_out_opens_nothing(house: House) -> None:
    browser = house.browser()
    browser.sign_in(house.person(Role.HEADTEACHER).email)
    kept = browser.cookie()
    assert opens(house, kept)
    assert browser.fill_in("/sign-out", {}, at="/account").location == "/sign-in"
    for path in ("/account", "/", "/school/mill-school", "/change-password", "/second-factor"):
        assert not opens(house, kept, path)
    assert browser.cookie() != kept
    assert not browser.is_in


def test_case_17_signing_out_leaves_nothing_of_the_session_but_what_is_said(house: House) -> None:
    browser = house.browser()
    browser.sign_in(house.person(Role.HEADTEACHER).email)
    browser.fill_in("/second-factor", {"setup": "authenticator"})
    browser.fill_in("/sign-out", {}, at="/account")
    assert [set(data) for data in stored(house)] == [{"_permanent", "_flashes"}]


def stored(house: House) -> list[dict[str, Any]]:
    """What the store holds of each session."""
    with house.store.reading() as session:
        return [TaggedJSONSerializer().loads(data.decode()) for data in session.scalars(sa.select(WebSession.data))]


def test_case_17_nor_does_it_open_a_callback(house: House) -> None:
    head = house.signed_in(house.person(Role.HEADTEACHER))
    token, kept = head.token(), head.cookie()
    head.fill_in("/sign-out", {}, at="/account")
    again = Browser(house.app.server.test_client())
    again.client.set_cookie("session", kept or "", domain="localhost")
    assert again.ask("/school/mill-school", **{"X-CSRFToken": token}).status_code == 401


def test_case_18_signing_in_gives_another_token_and_the_one_before_opens_nothing(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    browser = house.browser()
    browser.get("/sign-in")
    before = browser.cookie()
    browser.sign_in(head.email)
    assert before is not None
    assert browser.cookie() not in {None, before}
    assert not opens(house, before)
    assert house.sessions() == 1


def test_case_18_so_does_the_second_factor_which_nobody_gets_past_by_the_token_of_the_first(house: House) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    browser = house.browser()
    browser.sign_in(head.email)
    between = browser.cookie()
    assert not browser.is_in
    browser.fill_in("/code", {"code": house.code(head.secret or "")})
    assert browser.is_in
    assert browser.cookie() != between
    assert not opens(house, between)


@pytest.mark.parametrize("app", [True, False])
def test_case_18_so_does_a_right_password_that_a_second_step_follows(house: House, app: bool) -> None:
    """Over plain HTTP, whoever knew the token before would wait half-way in."""
    director = house.person(Role.DIRECTOR, app=app)
    browser = house.browser()
    form, before = browser.token("/sign-in"), browser.cookie()
    there = browser.sign_in(director.email).location.partition("?")[0]
    assert there == ("/code" if app else "/second-factor")
    assert browser.cookie() not in {None, before}
    assert house.sessions() == 1
    assert not opens(house, before, there)
    assert opens(house, browser.cookie(), there)
    assert browser.token(there) != form
    assert browser.client.post(there, data={"csrf_token": form}).status_code == 400


@pytest.mark.parametrize("chosen", ["chosen-by-somebody", "x" * 43, "", " ", "é", "\x7f", "a" * 4000])
def test_case_18_a_token_that_somebody_chose_is_never_taken_over(house: House, chosen: str) -> None:
    browser = house.browser()
    browser.client.set_cookie("session", chosen, domain="localhost")
    browser.get("/sign-in")
    assert browser.cookie() != chosen
    browser.client.set_cookie("session", chosen, domain="localhost")
    browser.sign_in(house.person(Role.HEADTEACHER).email)
    assert browser.is_in
    assert browser.cookie() != chosen
    assert not opens(house, chosen)


def test_case_18_another_role_begins_another_session(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    token = house.session_for(head)
    assert opens(house, token)
    change(house, head, lambda book, session: book.add(head.email, Role.COORDINATOR, cluster="mill-cluster"))
    assert not opens(house, token)
    other = house.session_for(head)
    with house.store.reading() as session:
        held = session.get_one(Account, head.id).grants[0].id
    change(house, head, lambda book, session: book.withdraw(head.id, held))
    assert not opens(house, other)


def test_the_store_holds_no_token(house: House) -> None:
    browser = house.browser()
    browser.sign_in(house.person(Role.HEADTEACHER).email)
    with house.store.reading() as session:
        rows = session.execute(sa.select(WebSession.__table__)).mappings().all()
    assert len(rows) == 1
    assert (browser.cookie() or "") not in str([dict(row) for row in rows])
    assert rows[0]["token_sha256"] == digest(browser.cookie() or "")


# That they end.


def change(house: House, person: Person, do: Callable[[AccountBook, Session], object]) -> None:
    with house.store.writing() as session:
        do(AccountBook(session, COMMAND_LINE), session)


def test_case_19_disabling_an_account_ends_its_sessions_within_one_request(house: House) -> None:
    head, decoy = house.person(Role.HEADTEACHER), house.person(Role.HEADTEACHER)
    mine, theirs = house.session_for(head), house.session_for(decoy)
    change(house, head, lambda book, session: book.disable(head.id))
    assert not opens(house, mine)
    assert opens(house, theirs)
    change(house, head, lambda book, session: book.enable(head.id))
    assert not opens(house, mine), "nothing brings it back"


def test_case_19_so_does_resetting_the_second_factor(house: House) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    token = house.session_for(head)
    change(house, head, lambda book, session: book.reset_second_factor(head.id))
    assert not opens(house, token)


def test_case_19_changing_the_password_ends_every_other_session(house: House) -> None:
    head, decoy = house.person(Role.HEADTEACHER), house.person(Role.HEADTEACHER)
    phone, theirs = house.session_for(head), house.session_for(decoy)
    browser = house.signed_in(head)
    before = browser.cookie()
    answer = browser.fill_in(
        "/change-password", {"password": PASSWORD, "new_password": OTHER, "new_password_confirm": OTHER}
    )
    assert answer.location == "/account"
    assert browser.is_in, "this one goes on"
    assert not opens(house, phone)
    assert not opens(house, before)
    assert opens(house, theirs)
    assert "<dt>Open sessions</dt><dd>1</dd>" in browser.get("/account").text


def test_case_19_so_does_choosing_one_by_a_link(house: House) -> None:
    from dashboard.accounts.sign_in import password_link

    head = house.person(Role.HEADTEACHER)
    phone = house.session_for(head)
    with house.app.server.app_context():
        link = password_link(head.id, "")
    browser = house.browser()
    assert browser.fill_in(link, {"password": OTHER, "password_confirm": OTHER}).location == "/sign-in"
    assert not opens(house, phone)
    assert not browser.is_in, "a link lets nobody in"


def test_case_19_signing_out_everywhere_ends_them_all(house: House) -> None:
    head, decoy = house.person(Role.HEADTEACHER), house.person(Role.HEADTEACHER)
    phone, theirs = house.session_for(head), house.session_for(decoy)
    browser = house.signed_in(head)
    kept = browser.cookie()
    assert browser.fill_in("/account/sign-out-everywhere", {}, at="/account").location == "/sign-in"
    assert not browser.is_in
    assert not opens(house, phone)
    assert not opens(house, kept)
    assert opens(house, theirs)
    assert [event.actor_id for event in house.events("end sessions")] == [head.id]


def test_case_19_a_request_under_way_brings_no_ended_session_back(house: House) -> None:
    """It writes its session after that was ended."""
    head = house.person(Role.HEADTEACHER)
    token = house.session_for(head)
    browser = house.browser()
    browser.client.set_cookie("session", token, domain="localhost")

    @house.app.server.before_request
    def meanwhile() -> None:
        import flask

        if flask.request.path == "/account" and flask.session.get("_user_id"):
            flask.session["looked"] = True
            with house.store.writing() as session:
                session.execute(sa.delete(WebSession).where(WebSession.account_id == head.id))

    browser.get("/account")
    house.app.server.before_request_funcs[None].remove(meanwhile)
    assert house.sessions() == 0
    assert not browser.is_in


def test_case_19_a_session_that_is_emptied_goes_under_every_token_it_had(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    token = house.session_for(head)

    @house.app.server.before_request
    def empty() -> str:
        import flask

        flask.session.clear()
        flask.current_app.session_interface.regenerate(flask.session)  # type: ignore[attr-defined]
        return "done"

    browser = house.browser()
    browser.client.set_cookie("session", token, domain="localhost")
    assert browser.get("/account").text == "done"
    house.app.server.before_request_funcs[None].remove(empty)
    assert not opens(house, token)


def test_case_20_a_session_ends_when_nobody_does_anything_for_an_hour(house: House) -> None:
    house.clock(idle=60, longest=12)
    browser = house.signed_in(house.person(Role.HEADTEACHER))
    for _visit in range(3):
        house.later(minutes=59)
        assert browser.is_in
    house.later(minutes=61)
    assert not browser.is_in


def test_case_20_and_after_twelve_hours_in_any_case(house: House) -> None:
    house.clock(idle=60, longest=12)
    browser = house.signed_in(house.person(Role.HEADTEACHER))
    for _visit in range(14):
        house.later(minutes=50)
        assert browser.is_in
    house.later(minutes=50)
    assert not browser.is_in
    house.browser().get("/sign-in")
    assert house.sessions() == 2, "kept until it is as old as the longest"
    house.later(hours=13)
    house.browser().get("/sign-in")
    assert house.sessions() == 1, "and gone then"


def test_case_20_each_page_says_when_the_session_ends_whatever_is_done(house: House) -> None:
    house.clock(idle=60, longest=12)
    browser = house.signed_in(house.person(Role.HEADTEACHER))
    with house.store.reading() as session:
        begun = session.scalars(sa.select(WebSession.created_at)).one()
    for _visit in range(3):
        said = re.search(r'data-session-ends="(\d+)"', browser.get("/account").text)
        assert said
        assert int(said[1]) == int((begun + timedelta(hours=12)).timestamp())
        house.later(minutes=50)


def test_case_20_a_meetings_screen_goes_by_its_link_alone(house: House) -> None:
    house.clock(idle=60, longest=12)
    with house.store.writing() as session:
        link = screen_link(session, session.get_one(Cluster, house.at.mill), days=2).id
    browser = Browser(Visitor.by_link(house.app, house.store, link).client)
    house.later(hours=40)
    assert browser.get("/screen/mill-cluster").status_code == 200


def test_case_20_a_person_who_signs_in_there_does_not(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    house.clock(idle=60, longest=12)
    with house.store.writing() as session:
        link = screen_link(session, session.get_one(Cluster, house.at.mill)).id
    both = Visitor.of_session(house.app, house.store, **{LINK: link, "_user_id": head.unique})
    assert both.get("/account").status_code == 200
    house.later(minutes=61)
    assert both.get("/account").status_code == 302


# Between password and second factor.

AGAIN: Final = ["That took too long, or was begun in another window. Sign in again."]


@pytest.mark.parametrize("app", [True, False])
def test_case_20_ten_minutes_after_the_password_it_is_asked_for_again(house: House, app: bool) -> None:
    house.clock()
    director = house.person(Role.DIRECTOR, app=app)
    browser = house.browser()
    there = browser.sign_in(director.email).location
    for _minute in range(10):
        assert browser.get(there).status_code == 200
        house.later(minutes=1)
    token = browser.token(there)
    house.later(seconds=2)
    answer = browser.client.post(there, data={"csrf_token": token, "code": "123456", "setup": "authenticator"})
    assert answer.location == "/sign-in"
    assert said(browser.get("/sign-in")) == AGAIN
    for path in ("/code", "/second-factor", "/recovery-code", "/which-second-factor"):
        assert browser.get(path).location == "/sign-in"
    assert browser.sign_in(director.email).location == there, "and can be given again"
    assert browser.get(there).status_code == 200


def test_case_20_a_set_up_that_was_begun_ends_with_it(house: House) -> None:
    house.clock()
    browser = house.browser()
    browser.sign_in(house.person(Role.DIRECTOR).email)
    key = shown_key(browser.fill_in("/second-factor", {"setup": "authenticator"}))
    token = browser.token("/second-factor")
    house.later(minutes=11)
    browser.client.post("/code", data={"csrf_token": token, "code": house.code_of_key(key)})
    assert not browser.is_in


def test_case_20_a_half_way_state_of_which_nobody_knows_since_when_opens_nothing(house: House) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    for more in ({}, {HALF_WAY: {}}, {HALF_WAY: {"account": "x"}}):
        visitor = Visitor.of_session(house.app, house.store, tf_user_id=head.unique, tf_state="ready", **more)
        assert visitor.get("/code").location == "/sign-in"


def on_a_screen(house: House, days: int = 300) -> tuple[Browser, int]:
    with house.store.writing() as session:
        link = screen_link(session, session.get_one(Cluster, house.at.mill), days=days).id
    return Browser(Visitor.by_link(house.app, house.store, link).client), link


def test_case_20_a_sign_in_that_was_abandoned_on_a_meetings_screen_is_over_soon(house: House) -> None:
    house.clock()
    director = house.person(Role.DIRECTOR)
    browser, _link = on_a_screen(house)
    kept = browser.cookie()
    assert browser.get("/screen/mill-cluster").status_code == 200
    assert browser.sign_in(director.email).location == "/second-factor"
    assert browser.cookie() != kept
    assert [(LINK in data, "tf_user_id" in data) for data in stored(house)] == [(False, True)]
    assert browser.get("/screen/mill-cluster").status_code == 302
    house.later(days=20)
    for path in ("/second-factor", "/code"):
        assert browser.get(path).location == "/sign-in"
    assert not opens(house, kept, "/screen/mill-cluster")


def test_case_20_nor_does_one_that_was_there_already_outlive_it(house: House) -> None:
    """As an earlier version stored it: a screen and a half-way sign-in in one session."""
    director = house.person(Role.DIRECTOR)
    house.clock()
    _browser, link = on_a_screen(house)
    half = {"tf_user_id": director.unique, "tf_state": "setup_from_login"}
    one, other = (Visitor.of_session(house.app, house.store, **{LINK: link, **half}) for _ in range(2))
    assert one.get("/second-factor").location == "/sign-in"
    house.later(minutes=61)
    assert other.get("/screen/mill-cluster").status_code == 302


def test_a_wrong_password_on_a_meetings_screen_leaves_the_screen(house: House) -> None:
    browser, _link = on_a_screen(house)
    browser.sign_in(house.person(Role.DIRECTOR).email, WRONG)
    assert browser.get("/screen/mill-cluster").status_code == 200


# Sessions of nobody.


def test_a_session_of_nobody_goes_when_nobody_came_back_for_an_hour(house: House) -> None:
    house.clock(idle=60, longest=12)
    head, (screen, _link) = house.person(Role.HEADTEACHER), on_a_screen(house)
    token, kept = house.session_for(head), house.browser()
    for _visit in range(3):
        house.browser().get("/sign-in")
    kept.get("/sign-in")
    assert house.sessions() == 6
    house.later(minutes=40)
    kept.get("/sign-in")
    house.later(minutes=21)
    house.browser().get("/sign-in")
    assert house.sessions() == 4, "one came back, one is new, one is a person's, one a screen's"
    assert kept.fill_in("/sign-in", {"email": head.email, "password": PASSWORD}).status_code == 302
    assert not opens(house, token), "over by its own time; its row is kept until it is as old as the longest"
    assert screen.get("/screen/mill-cluster").status_code == 200


def test_a_session_of_a_screen_goes_when_nobody_looked_at_it_for_a_month(house: House) -> None:
    house.clock()
    (seen, _), (_unseen, _) = on_a_screen(house), on_a_screen(house)
    house.later(days=20)
    assert seen.get("/screen/mill-cluster").status_code == 200
    house.later(days=12)
    house.browser().get("/sign-in")
    assert house.sessions() == 2
    assert seen.get("/screen/mill-cluster").status_code == 200


def test_who_begins_session_after_session_is_given_no_more_rows(house: House) -> None:
    here = {"environ_overrides": {"REMOTE_ADDR": "203.0.113.7"}}
    many = house.app.server.session_interface
    many._may_begin = parse_many("5 per minute; 8 per hour")
    for _visit in range(9):
        answer = house.browser().get("/sign-in", **here)
        assert (answer.status_code, heading(answer)) == (200, "Sign in"), "the page is shown"
    assert house.sessions() == 5
    assert "Set-Cookie" not in answer.headers
    assert house.browser().sign_in("head@example.org", **here).status_code == 400
    house.browser().get("/sign-in", environ_overrides={"REMOTE_ADDR": "203.0.113.8"})
    assert house.sessions() == 6, "nobody else is refused"


def test_who_has_a_session_goes_on_where_no_more_are_begun(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    begun = house.browser()
    begun.get("/sign-in")
    house.app.server.session_interface._may_begin = parse_many("1 per hour")
    house.browser().get("/sign-in")
    begun.sign_in(head.email)
    assert begun.is_in
    assert begun.fill_in("/sign-out", {}, at="/account").location == "/sign-in"
    assert said(begun.get("/sign-in")) == ["You are signed out."]


def test_case_20_coming_back_is_noted_once_a_minute_only(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.clock()
    browser = house.signed_in(house.person(Role.HEADTEACHER))
    noted: list[str] = []
    touch = StoredSessions._touch
    monkeypatch.setattr(StoredSessions, "_touch", lambda self, *given: noted.append("") or touch(self, *given))
    for _visit in range(3):
        browser.get("/account")
    assert noted == []
    house.later(minutes=2)
    for _visit in range(3):
        browser.get("/account")
    assert len(noted) == 1


# The cookie (case 21).


def test_case_21_over_https_the_cookie_is_tied_to_this_host(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    browser = house.browser()
    answer = browser.sign_in(head.email, **SECURE)
    [cookie] = [each for each in answer.headers.getlist("Set-Cookie") if "session=" in each]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith("__Host-session=")
    assert parts == {"secure", "httponly", "path=/", "samesite=lax"}
    assert browser.get("/account", base_url="https://localhost").status_code == 200


def test_case_21_on_this_computer_without_https_no_script_reads_it(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    answer = house.browser().sign_in(head.email)
    [cookie] = [each for each in answer.headers.getlist("Set-Cookie") if "session=" in each]
    assert cookie.startswith("session=")
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {"httponly", "path=/", "samesite=lax"}


def test_case_21_no_answer_sets_any_other_cookie_that_lets_somebody_in(house: House) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    browser = house.browser()
    seen = set()
    for answer in (
        browser.get("/sign-in"),
        browser.sign_in(head.email),
        browser.fill_in("/code", {"code": house.code(head.secret or "")}),
        browser.get("/school/mill-school"),
        browser.fill_in("/sign-out", {}, at="/account"),
    ):
        seen |= {each.partition("=")[0] for each in answer.headers.getlist("Set-Cookie")}
    assert seen == {"session", "_csrf_token"}


def test_files_and_health_answers_look_up_no_session_and_set_none(house: House) -> None:
    browser = house.browser()
    browser.client.set_cookie("session", a_token(), domain="localhost")
    for path in ("/assets/plain.js", "/bootstrap/static/css/bootstrap.min.css", "/healthz", "/readyz"):
        with browser.get(path) as answer:
            assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, [])
    assert house.sessions() == 0


def test_many_requests_of_one_session_at_once_all_get_an_answer(house: House) -> None:
    """Each of them writes the session: nobody is answered that something went wrong."""
    head = house.person(Role.HEADTEACHER)
    token = house.session_for(head)
    answers: list[int] = []

    def ask() -> None:
        browser = house.browser()
        browser.client.set_cookie("session", token, domain="localhost")
        for _time in range(3):
            answers.append(browser.fill_in("/second-factor", {"setup": "authenticator"}).status_code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {200, 400}, "400: another one's token was stored in between"
    assert len(answers) == 12
    assert house.sessions() == 1
