"""Before anybody has an account: looking around on this computer, or the link that makes the first administrator."""

import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from dashboard.access import whole_store
from dashboard.accounts import first_start
from dashboard.accounts.first_start import make_set_up_link
from dashboard.accounts.passwords import TOO_COMMON, TOO_SHORT
from dashboard.db import Store, now_utc
from dashboard.models import Account, SetUpLink, WebSession
from dashboard.settings import Settings
from dashboard.vocabulary import Role
from tests.accounts.house import OTHER, PASSWORD, WRONG, Browser, House, heading, said
from tests.conftest import NewStore
from tests.plain_pages import BEHIND_THE_WALL
from tests.visitors import SETTINGS, Visitor, body_of

pytestmark = BEHIND_THE_WALL

ELSEWHERE = Settings(secret_key=SETTINGS.secret_key, host="0.0.0.0")  # noqa: S104  (nothing is served)
FIRST: Mapping[str, str] = {"email": "first@example.org", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def house(store: Store, walled: Store) -> House:
    return House.over(store, walled)


# Looking around.


def look_around(browser: Browser, role: str = "director", there: str = "/", **options: Any) -> Any:
    return browser.fill_in("/look-around", {"role": role, "next": there}, at="/sign-in", **options)


def looks(browser: Browser, **options: Any) -> bool:
    return browser.get("/cluster/mill-cluster", **options).status_code == 200


def test_while_nobody_has_an_account_this_computer_may_look_around_and_change_nothing(house: House) -> None:
    browser = house.browser()
    assert "Look around as a director" in browser.get("/sign-in").text
    assert look_around(browser).location == "/"
    page = browser.get("/cluster/mill-cluster")
    assert page.status_code == 200
    assert browser.get("/account").text.count("You are looking around as a director.") == 1
    for path in ("/people", "/contacts", "/cluster/mill-cluster/screen-links"):
        assert browser.get(path).status_code in {403, 404}, path
    for path in ("/change-password", "/second-factor", "/passkeys", "/recovery-codes"):
        assert browser.get(path).location.startswith("/sign-in"), path


@pytest.mark.parametrize("role", ["headteacher", "steering"])
def test_as_another_role_it_sees_what_that_role_sees(house: House, role: str) -> None:
    browser = house.browser()
    look_around(browser, role)
    assert browser.get("/").status_code == 302
    assert browser.get("/cluster/weir-cluster").status_code == 404


@pytest.mark.parametrize("role", ["administrator", "coordinator", "advisor", "", "nobody", "director\x00"])
def test_nobody_looks_around_as_anything_else(house: House, role: str) -> None:
    browser = house.browser()
    assert look_around(browser, role).status_code == 404
    assert not looks(browser)


def test_it_ends_as_soon_as_anybody_has_an_account(house: House) -> None:
    browser = house.browser()
    look_around(browser)
    assert looks(browser)
    token, asked = browser.token("/account"), body_of("/cluster/mill-cluster")
    house.person(Role.HEADTEACHER, active=False)
    assert not looks(browser)
    headers = {"Sec-Fetch-Site": "same-origin", "X-CSRFToken": token}
    assert browser.client.post("/_dash-update-component", json=asked, headers=headers).status_code == 401
    assert "Look around" not in browser.get("/sign-in").text
    assert look_around(house.browser()).status_code == 404


NOT_FROM_HERE = [
    {"headers": {name: "203.0.113.7"}}
    for name in (
        "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Server",
        "Forwarded", "Forwarded-For", "X-Real-IP", "Via", "CF-Connecting-IP", "CF-Ray", "True-Client-IP",
        "X-Original-Host",
    )
] + [
    {"headers": {"Origin": "https://clusters.example.org"}},  # a proxy that says nothing of itself
    {"headers": {"Origin": "https://localhost"}},
    {"headers": {"Origin": "http://localhost:8051"}},
    {"headers": {"Origin": "null"}},
    {"environ_overrides": {"SERVER_PROTOCOL": "HTTP/1.0"}},  # as nginx speaks unless it is told to speak another
    {"environ_overrides": {"REMOTE_ADDR": "192.168.1.20"}},
    {"environ_overrides": {"REMOTE_ADDR": "203.0.113.7"}},
    {"environ_overrides": {"REMOTE_ADDR": ""}},
    {"environ_overrides": {"HTTP_HOST": "dashboard.example.org"}},
    {"environ_overrides": {"HTTP_HOST": "localhost.example.org:8050"}},
    {"environ_overrides": {"HTTP_HOST": "127.0.0.1.example.org"}},
    {"environ_overrides": {"HTTP_HOST": "192.168.1.20:8050"}},
    {"environ_overrides": {"HTTP_HOST": "0.0.0.0:8050"}},
]  # fmt: skip


@pytest.mark.parametrize("options", NOT_FROM_HERE, ids=str)
def test_a_proxy_another_computer_or_another_name_for_this_one_cannot_look_around(
    house: House, options: dict[str, Any]
) -> None:
    assert "Look around" not in house.browser().get("/sign-in", **options).text
    assert look_around(house.browser(), **options).status_code in {400, 404}
    begun_here = house.browser()
    look_around(begun_here)
    assert not looks(begun_here, **options)


def test_what_a_browser_here_says_of_its_page_is_fine(house: House) -> None:
    browser = house.browser()
    assert look_around(browser, headers={"Origin": "http://localhost"}).location == "/"
    assert looks(browser)


# Whoever holds a connection and waits for another may wait for somebody who does the same.


@contextmanager
def connections(store: Store) -> Generator[list[int]]:
    """How many connections were out at once, each time that one was taken."""
    out, counted = set[int](), list[int]()

    def taken(connection: Any, *_more: Any) -> None:
        out.add(id(connection))
        counted.append(len(out))

    def given_back(connection: Any, *_more: Any) -> None:
        out.discard(id(connection))

    sa.event.listen(store.engine, "checkout", taken)
    sa.event.listen(store.engine, "checkin", given_back)
    try:
        yield counted
    finally:
        sa.event.remove(store.engine, "checkout", taken)
        sa.event.remove(store.engine, "checkin", given_back)


@pytest.mark.parametrize("anybody", [True, False])
def test_a_wrong_password_takes_one_connection_at_a_time(house: House, walled: Store, anybody: bool) -> None:
    if anybody:
        house.person(Role.HEADTEACHER, email="head@example.org")
    browser = house.browser()
    token = browser.token("/sign-in")
    data = {"email": "head@example.org", "password": WRONG, "csrf_token": token}
    with connections(walled) as counted:
        answer = browser.client.post("/sign-in", data=data)
    assert (answer.status_code, "Look around as" in answer.text) == (200, not anybody)
    assert set(counted) == {1}


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/account", None), ("/passkeys", None), ("/change-password", None), ("/second-factor", None),
        ("/change-password", {"password": WRONG}), ("/confirm-it-is-you", {"password": WRONG}),
    ],
)  # fmt: skip
def test_so_does_a_page_of_the_own_account_with_its_menu(
    house: House, walled: Store, path: str, fields: dict[str, str] | None
) -> None:
    browser = house.signed_in(house.person(Role.HEADTEACHER))
    token = browser.token()
    with connections(walled) as counted:
        answer = (
            browser.get(path) if fields is None else browser.client.post(path, data={**fields, "csrf_token": token})
        )
    assert (answer.status_code, "Mill School" in answer.text) == (200, True)
    assert set(counted) == {1}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8050", "localhost:8050", "[::1]:8050"])
def test_every_name_of_this_computer_is_fine(house: House, host: str) -> None:
    page = house.browser().get("/sign-in", environ_overrides={"HTTP_HOST": host, "REMOTE_ADDR": "::1"})
    assert "Look around" in page.text


@pytest.mark.parametrize(
    "settings", [ELSEWHERE, SETTINGS.model_copy(update={"public_url": "https://dashboard.example.org"})]
)
def test_a_server_that_others_reach_lets_nobody_look_around(store: Store, walled: Store, settings: Settings) -> None:
    house = House.over(store, walled, settings)
    page = house.browser().get("/sign-in")
    assert "finds a link in its console" in page.text
    form = _path(make_set_up_link(store, "https://dashboard.example.org"))  # for its token
    assert house.browser().fill_in("/look-around", {"role": "director"}, at=form).status_code == 404


def test_a_session_that_says_it_looks_around_is_believed_only_here(store: Store, walled: Store) -> None:
    house = House.over(store, walled, ELSEWHERE)
    forged = Visitor.of_session(house.app, store, look_around="director", look_around_at=None)
    assert forged.get("/cluster/mill-cluster").status_code == 302


@pytest.mark.parametrize(
    "there",
    ["//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "https://evil.example",
     "evil.example", "/\x00/evil.example", "javascript:alert(1)", "\\\\evil.example", "/\u2028/evil.example", ""],
)  # fmt: skip
def test_looking_around_leads_nowhere_else(house: House, there: str) -> None:
    assert look_around(house.browser(), there=there).location == "/"
    assert look_around(house.browser(), there="/cluster/mill-cluster?year=2016-17").location == (
        "/cluster/mill-cluster?year=2016-17"
    )


def test_whoever_signs_in_does_not_go_on_looking_around(house: House) -> None:
    browser = house.browser()
    look_around(browser)
    head = house.person(Role.HEADTEACHER)
    browser.sign_in(head.email)
    assert browser.get("/cluster/weir-cluster").status_code == 404
    with house.store.reading() as session:
        assert b'"look_around"' not in session.scalars(sa.select(WebSession.data)).one()
    browser.fill_in("/sign-out", {}, at="/account")
    assert not browser.is_in


# The first administrator (case 28).


@pytest.fixture
def link(store: Store, walled: Store) -> str:
    return _path(make_set_up_link(store, "https://dashboard.example.org"))


def _path(link: str | None) -> str:
    assert link is not None
    assert link.startswith("https://dashboard.example.org/set-up/")
    return urlsplit(link).path


@pytest.fixture
def new(store: Store, walled: Store) -> House:
    """A server that others reach, with nobody in it."""
    return House.over(store, walled, ELSEWHERE)


def administrators(house: House) -> list[str]:
    with house.store.reading() as session:
        return [account.email for account in session.scalars(sa.select(Account).order_by(Account.id))]


def test_case_28_the_link_makes_the_first_administrator_once(new: House, link: str) -> None:
    browser = new.browser()
    assert heading(browser.get(link)) == "Set up the dashboard"
    answer = browser.fill_in(link, FIRST)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert administrators(new) == ["first@example.org"]
    told = new.events("add")[0]
    assert (told.actor, told.action, told.object_kind) == ("set-up link", "add", "account")
    assert browser.sign_in("first@example.org").location == "/second-factor"


def test_case_28_after_it_there_is_nothing(new: House, link: str) -> None:
    new.browser().fill_in(link, FIRST)
    later = new.browser()
    for answer in (
        later.get(link),
        later.fill_in(link, {**FIRST, "email": "second@example.org"}, at="/sign-in"),
        later.get("/set-up/anything"),
        later.client.head(link),
    ):
        assert answer.status_code == 404
    assert administrators(new) == ["first@example.org"]
    assert make_set_up_link(new.store, "https://dashboard.example.org") is None


def test_case_28_a_link_that_leaked_is_worth_nothing_once_anybody_has_an_account(new: House, link: str) -> None:
    new.person(Role.HEADTEACHER, active=False)
    browser = new.browser()
    assert browser.get(link).status_code == 404
    assert browser.fill_in(link, FIRST, at="/sign-in").status_code == 404
    assert "first@example.org" not in administrators(new)


def test_case_28_a_link_ends_after_a_day_and_when_there_is_a_later_one(
    new: House, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = _path(make_set_up_link(new.store, "https://dashboard.example.org"))
    monkeypatch.setattr(first_start, "now_utc", lambda: now_utc() + timedelta(seconds=1))
    assert new.browser().get(link).status_code == 404
    assert new.browser().get(later).status_code == 200
    monkeypatch.setattr(first_start, "now_utc", lambda: now_utc() + timedelta(hours=25))
    assert new.browser().get(later).status_code == 404


def test_that_a_link_was_made_stands_in_the_audit_without_it(new: House, link: str) -> None:
    (made,) = new.events()
    with new.store.reading() as session:
        row = session.scalars(sa.select(SetUpLink)).one()
    assert (made.actor, made.action, made.object_kind, made.object_key) == (
        "command line", "make", "set-up link", str(row.id),
    )  # fmt: skip
    assert made.after == {"expires_at": row.expires_at.isoformat()}
    assert link.rpartition("/")[2] not in str(made.after)
    new.person(Role.HEADTEACHER)
    assert make_set_up_link(new.store, "https://dashboard.example.org") is None
    assert len(new.events()) == 1


@pytest.mark.parametrize("token", ["x", "x" * 43, "é", "%00", "' or 1=1", "a" * 3000])
def test_case_28_a_token_that_nobody_made_opens_nothing(new: House, link: str, token: str) -> None:
    assert new.browser().get(f"/set-up/{token}").status_code == 404


def test_case_28_the_store_holds_no_token(new: House, link: str) -> None:
    with new.store.reading() as session:
        rows = session.execute(sa.select(SetUpLink.__table__)).mappings().all()
    assert len(rows) == 1
    assert link.rpartition("/")[2] not in str([dict(row) for row in rows])


def _at_once(browsers: list[Browser], paths: list[str]) -> None:
    """Everybody sends the form at the same moment."""
    ready = threading.Barrier(len(browsers))

    def send(number: int) -> None:
        token = browsers[number].token(paths[number])
        ready.wait()
        fields = {**FIRST, "email": f"person{number}@example.org", "csrf_token": token}
        browsers[number].client.post(paths[number], data=fields)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(len(browsers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_case_28_two_at_once_make_one_administrator(new: House, link: str) -> None:
    _at_once([new.browser() for _ in range(4)], [link] * 4)
    assert len(administrators(new)) == 1


def test_case_28_so_do_two_links_at_once(new: House) -> None:
    """Two servers were started in the same moment: none of their links has ended the other."""
    links = [_path(make_set_up_link(new.store, "https://dashboard.example.org")) for _ in range(2)]
    with new.store.writing() as session:
        session.execute(sa.update(SetUpLink).values(expires_at=now_utc() + timedelta(hours=1)))
    _at_once([new.browser() for _ in range(4)], [links[0], links[1]] * 2)
    assert len(administrators(new)) == 1


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"email": ""}, "Enter your work e-mail address."),
        ({"email": "nonsense"}, "“nonsense” is not an e-mail address."),
        ({"password": "short", "again": "short"}, TOO_SHORT),
        ({"password": "password123", "again": "password123"}, TOO_COMMON),
        ({"again": OTHER}, "The two passwords are not the same."),
        ({"password": "", "again": ""}, "Choose a password."),
    ],
)
def test_what_is_wrong_is_said_and_the_link_stays_good(
    new: House, link: str, fields: dict[str, str], problem: str
) -> None:
    browser = new.browser()
    answer = browser.fill_in(link, {**FIRST, **fields})
    assert any(each.startswith(problem) for each in said(answer)), answer.text
    assert administrators(new) == []
    assert browser.fill_in(link, FIRST).status_code == 303


def test_the_password_may_be_written_by_any_keyboard(new: House, link: str) -> None:
    browser = new.browser()
    odd = "cafe\u0301 ﬁne river"
    browser.fill_in(link, {**FIRST, "password": odd, "again": odd})
    assert browser.sign_in("first@example.org", "caf\u00e9 fine river").location == "/second-factor"


def test_there_is_no_account_that_comes_with_the_product(new_store: NewStore) -> None:
    from dashboard.serving import prepare

    with whole_store(new_store()) as store:
        prepare(store, lambda line: None)
        with store.reading() as session:
            assert session.scalar(sa.select(sa.func.count(Account.id))) == 0
