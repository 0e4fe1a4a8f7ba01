"""Which passwords are taken, and how somebody gets another one: by the old one, by mail, by an administrator's link."""

import re
import smtplib
import ssl
import threading
from datetime import timedelta
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.accounts import passwords
from dashboard.accounts.passwords import TOO_CLOSE, TOO_COMMON, TOO_LONG, TOO_SHORT, find_problem, normal
from dashboard.accounts.sign_in import at_the_desk, password_link
from dashboard.db import Store
from dashboard.settings import Settings
from dashboard.vocabulary import Role
from tests.accounts.house import OTHER, PASSWORD, REAL_HASH, WRONG, Browser, House, heading, said
from tests.plain_pages import BEHIND_THE_WALL
from tests.visitors import SETTINGS

MAILING = SETTINGS.model_copy(update={
    "mail_server": "mail.example.org:2525", "mail_from": "dashboard@example.org",
    "public_url": "https://dashboard.example.org",
})  # fmt: skip


@pytest.fixture
def house(store: Store, walled: Store) -> House:
    return House.over(store, walled)


# Which passwords (case 26).


def test_passwords_are_hashed_at_the_cost_that_owasp_advises() -> None:
    assert REAL_HASH == {"argon2__memory_cost": 19 * 1024, "argon2__time_cost": 2, "argon2__parallelism": 1}


def test_case_26_seven_characters_are_too_few_and_eight_are_enough() -> None:
    assert find_problem("kX9-tq2") == TOO_SHORT
    assert find_problem("kX9-tq2w") is None


def test_case_26_the_first_3000_that_are_tried_are_refused_however_they_are_written() -> None:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    tried = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= passwords.SHORTEST][:3_000]
    assert len(tried) == 3_000
    assert [word for word in tried if find_problem(word) is None] == []
    assert {find_problem(word) for word in ("PASSWORD123", "Password1", " password1 ", "ｐａｓｓｗｏｒｄ１")} == {
        TOO_COMMON
    }
    assert find_problem("aaaaaaaaaaaa") == TOO_COMMON


@pytest.mark.parametrize(
    "password",
    ["Welcome2026", "Summer2026", "School123", "Password1!", "P@ssw0rd1", "Headteacher1", "letmein123",
     "passwordpassword", "$ummer2026", "2026Summer!", "Dashboard-26", "SchoolCluster1", "schoolschoolschool",
     "We1come2026", "0ctober_2026", "Pa55word!!", "September26", "Admin12345!"],
)  # fmt: skip
def test_case_26_a_word_that_many_think_of_is_refused_whatever_stands_around_it_or_in_its_letters_stead(
    password: str,
) -> None:
    assert find_problem(password) == TOO_COMMON


@pytest.mark.parametrize(
    "password",
    ["welcome teacher summer school", "school kettle river 7", "Mill-Lane-4-Kettle", "summer holiday kettle 2026",
     "kettle lamp river kettle lamp river", "tqz8462917"],
)  # fmt: skip
def test_case_26_such_a_word_among_others_is_fine(password: str) -> None:
    assert find_problem(password) is None


@pytest.mark.parametrize(
    "password",
    ["x" * 3 + "kettle lamp river " * 4, "three random words", "  spaces  around  ", "пароль длинный", "🦆🦆 quack 🦆",
     "all lower case letters", "12845097361548", "ünïcödé wörds", "a\tb\tc d e f"],
)  # fmt: skip
def test_case_26_long_ones_spaces_and_every_script_are_fine(password: str) -> None:
    assert len(password) >= 8
    assert find_problem(password) is None


def test_case_26_none_is_cut_off(house: House) -> None:
    """What differs in the last of 200 characters is another password."""
    long = "kettle lamp river " * 11 + "!!"
    head = house.person(Role.HEADTEACHER, password=long)
    browser = house.browser()
    browser.sign_in(head.email, long[:-1] + "?")
    assert not browser.is_in
    browser.sign_in(head.email, long)
    assert browser.is_in
    assert find_problem("x1" * 129) == TOO_LONG


def test_case_26_nothing_keeps_anybody_from_pasting_or_from_a_password_manager(house: House) -> None:
    browser = house.signed_in(house.person(Role.HEADTEACHER))
    page, sign_in = browser.get("/change-password").text, house.browser().get("/sign-in").text
    assert page.count('autocomplete="new-password"') == 2
    assert page.count('autocomplete="current-password"') == sign_in.count('autocomplete="current-password"') == 1
    assert 'autocomplete="username"' in sign_in
    for text in (page, sign_in):
        assert not re.search(r"onpaste|maxlength|minlength|autocomplete=.off", text)


def test_the_own_address_and_our_name_are_refused() -> None:
    for password in ("head.teacher@example.org", "HEAD.TEACHER", "Schools Cluster Dashboard"):
        assert find_problem(password, "head.teacher@example.org") == TOO_CLOSE
    assert find_problem("head.teacher", "someone.else@example.org") is None


@given(st.text(min_size=8, max_size=40))
def test_a_password_is_judged_as_it_is_hashed(password: str) -> None:
    assert normal(normal(password)) == normal(password)
    assert find_problem(password) == find_problem(normal(password))


# By the old one.


def change(browser: Browser, password: str = PASSWORD, new: str = OTHER, again: str | None = None) -> Any:
    fields = {"password": password, "new_password": new, "new_password_confirm": new if again is None else again}
    return browser.fill_in("/change-password", fields)


def test_a_password_is_changed_by_the_one_before(house: House) -> None:
    head, decoy = house.person(Role.HEADTEACHER), house.person(Role.HEADTEACHER)
    browser = house.signed_in(head)
    assert change(browser).location == "/account"
    assert said(browser.get("/account")) == ["Your password is changed. You are signed out everywhere else."]
    later = house.browser()
    later.sign_in(head.email, PASSWORD)
    assert not later.is_in
    later.sign_in(head.email, OTHER)
    assert later.is_in
    theirs = house.browser()
    theirs.sign_in(decoy.email, PASSWORD)
    assert theirs.is_in
    told = house.events("change password")
    assert [(event.actor_id, event.object_key) for event in told] == [(head.id, str(head.id))]
    assert OTHER not in str([(event.before, event.after, event.reason) for event in house.events()])


@BEHIND_THE_WALL
@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ((WRONG, OTHER, None), "This is not your password."),
        (("", OTHER, None), "Enter your password."),
        ((PASSWORD, "short", None), TOO_SHORT),
        ((PASSWORD, "password123", None), TOO_COMMON),
        ((PASSWORD, OTHER, "seven blue bottles"), "The two passwords are not the same."),
        ((PASSWORD, PASSWORD, None), "The new password is the one you have."),
        ((PASSWORD, "", None), "Choose a password."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    house: House, fields: tuple[str, str, str | None], problem: str
) -> None:
    head = house.person(Role.HEADTEACHER)
    browser = house.signed_in(head)
    before = house.row(head).password
    answer = change(browser, *fields)
    assert (answer.status_code, heading(answer)) == (200, "Your password")
    assert problem in said(answer)
    assert house.row(head).password == before
    assert browser.is_in


def test_guessing_at_the_password_in_an_open_browser_is_written_down(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    change(house.signed_in(head), WRONG)
    change(house.signed_in(head), PASSWORD, PASSWORD)
    assert [(event.action, event.reason) for event in house.events()] == [("change password", "wrong password")]


# By an administrator's link.


def link_for(house: House, person_id: int, address: str = "") -> str:
    with house.app.server.app_context():
        return password_link(person_id, address)


def test_a_link_lets_choose_a_password_once(house: House) -> None:
    new, decoy = house.person(Role.HEADTEACHER, password=None), house.person(Role.HEADTEACHER)
    link = link_for(house, new.id)
    browser = house.browser()
    assert heading(browser.get(link)) == "Choose your password"
    answer = browser.fill_in(link, {"password": OTHER, "password_confirm": OTHER})
    assert answer.location == "/sign-in"
    assert said(browser.get("/sign-in")) == ["Your password is chosen. Sign in with it."]
    assert not browser.is_in
    again = house.browser()
    assert again.get(link).location == "/new-password"
    assert again.fill_in(link, {"password": PASSWORD, "password_confirm": PASSWORD}, at="/sign-in").status_code == 302
    browser.sign_in(new.email, OTHER)
    assert browser.is_in
    browser = house.browser()
    browser.sign_in(decoy.email, PASSWORD)
    assert browser.is_in
    assert [event.actor_id for event in house.events("choose password by link")] == [new.id]


def test_a_link_is_good_for_a_day(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    import itsdangerous.timed

    new = house.person(Role.HEADTEACHER)
    link = link_for(house, new.id)
    now = itsdangerous.timed.time.time()
    day = timedelta(days=1).total_seconds()
    for late, status in ((day - 60, 200), (day + 60, 302)):
        monkeypatch.setattr(itsdangerous.timed.time, "time", lambda late=late: now + late)
        assert house.browser().get(link).status_code == status


@pytest.mark.parametrize("password", [None, PASSWORD])
@pytest.mark.parametrize(
    "doing",
    ["disable", "end_sessions", "reset_second_factor", "note_password_link", "another role", "another password"],
)
def test_a_link_dies_with_what_made_it_good(house: House, doing: str, password: str | None) -> None:
    from dashboard.accounts.commands import AccountBook
    from dashboard.audit import COMMAND_LINE

    head = house.person(Role.HEADTEACHER, password=password)
    link = link_for(house, head.id)
    assert house.browser().get(link).status_code == 200
    if doing == "another password":
        change(house.signed_in(head))
    elif doing == "another role":
        with house.store.writing() as session:
            AccountBook(session, COMMAND_LINE).add(head.email, Role.DIRECTOR)
    else:
        with house.store.writing() as session:
            getattr(AccountBook(session, COMMAND_LINE), doing)(head.id)
    assert house.browser().get(link).location == "/new-password"


@pytest.mark.parametrize("password", [None, PASSWORD])
def test_of_two_links_that_an_administrator_makes_the_later_one_is_good(house: House, password: str | None) -> None:
    boss, head = house.signed_in(house.person(Role.ADMINISTRATOR)), house.person(Role.HEADTEACHER, password=password)
    open_now = house.signed_in(head)
    path = f"/people/{head.id}"
    earlier, later = (
        re.findall(r"http://localhost(/new-password/[^\"<\s]+)", boss.fill_in(f"{path}/password-link", at=path).text)[0]
        for _ in range(2)
    )
    assert house.browser().get(earlier).location == "/new-password"
    assert house.browser().get(later).status_code == 200
    assert not open_now.is_in
    assert house.browser().fill_in(later, {"password": OTHER, "password_confirm": OTHER}).location == "/sign-in"


@BEHIND_THE_WALL
@pytest.mark.parametrize("token", ["x", "x.y.z", "é", "a" * 3000, "%00", "WyJ4IiwgbnVsbF0.aaaa.bbbb"])
def test_a_link_that_nobody_made_opens_nothing(house: House, token: str) -> None:
    for answer in (
        house.browser().get(f"/new-password/{token}"),
        house.browser().fill_in(
            f"/new-password/{token}", {"password": OTHER, "password_confirm": OTHER}, at="/sign-in"
        ),
    ):
        assert answer.location == "/new-password"


def test_a_link_of_another_dashboard_opens_nothing(house: House, store: Store) -> None:
    head = house.person(Role.HEADTEACHER)
    with at_the_desk(store, Settings(secret_key="another secret altogether, as long as the first")):
        link = password_link(head.id, "")
    assert house.browser().get(link).location == "/new-password"


def test_the_command_line_makes_links_that_the_server_takes(house: House, store: Store) -> None:
    head = house.person(Role.HEADTEACHER)
    with at_the_desk(store, SETTINGS):
        link = password_link(head.id, "http://localhost/")
    assert link.startswith("http://localhost/new-password/")
    assert heading(house.browser().get(link)) == "Choose your password"


def test_without_a_mail_server_the_page_says_whom_to_ask(house: House) -> None:
    browser = house.browser()
    page = browser.get("/new-password")
    assert "Ask an administrator" in page.text
    assert "<form" not in page.text
    answer = browser.fill_in("/new-password", {"email": "head@example.org"}, at="/sign-in")
    assert answer.location == "/new-password"
    assert said(browser.get("/new-password")) == []


# By mail.


class Postbox:
    """A mail server that keeps what it is given."""

    kept: list[Any]
    secured: bool
    offers: frozenset[str]
    fails = False
    opens = threading.Event()
    at = ("mail.example.org", 2525)

    def __init__(self, host: str, port: int, timeout: int) -> None:
        assert Postbox.opens.wait(5)
        assert (host, port, timeout) == (*Postbox.at, 10)
        if Postbox.fails:
            raise smtplib.SMTPServerDisconnected("head@example.org")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        return

    def ehlo_or_helo_if_needed(self) -> None:
        return

    def has_extn(self, name: str) -> bool:
        return name in Postbox.offers

    def starttls(self, context: Any) -> None:
        assert context.verify_mode is ssl.CERT_REQUIRED
        Postbox.secured = bool(context.check_hostname)

    def send_message(self, message: Any) -> None:
        Postbox.kept.append(message)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> type[Postbox]:
    Postbox.kept, Postbox.secured, Postbox.fails = [], False, False
    Postbox.offers, Postbox.at = frozenset({"starttls"}), ("mail.example.org", 2525)
    Postbox.opens.set()
    monkeypatch.setattr(smtplib, "SMTP", Postbox)
    return Postbox


@pytest.fixture
def mailing(store: Store, walled: Store, post: type[Postbox]) -> House:
    return House.over(store, walled, MAILING)


def delivered(house: House) -> list[Any]:
    """What the mail server got, once everything is sent."""
    house.app.server.extensions["security"].mail_util.postman.submit(lambda: None).result(timeout=10)
    return Postbox.kept


def test_a_link_comes_by_mail_and_works(mailing: House) -> None:
    head = mailing.person(Role.HEADTEACHER, email="head@example.org")
    browser = mailing.browser()
    answer = browser.fill_in("/new-password", {"email": "Head@Example.org"})
    assert said(answer) == ["If there is an account with this address, a link is on its way. It is good for a day."]
    [mail] = delivered(mailing)
    assert (mail["To"], mail["From"]) == ("head@example.org", "dashboard@example.org")
    assert mail["Subject"] == "Schools Cluster Dashboard: choose a new password"
    [link] = re.findall(r"https://dashboard\.example\.org(/new-password/\S+)", mail.get_content())
    assert browser.fill_in(link, {"password": OTHER, "password_confirm": OTHER}).location == "/sign-in"
    assert [each["Subject"] for each in delivered(mailing)[1:]] == [
        "Schools Cluster Dashboard: your password was changed"
    ]
    browser.sign_in(head.email, OTHER)
    assert browser.is_in
    assert Postbox.secured


def test_the_link_in_a_mail_leads_here_whatever_host_the_request_named(mailing: House) -> None:
    mailing.person(Role.HEADTEACHER, email="head@example.org")
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}):
        browser = mailing.browser()
        token = browser.token("/new-password")
        browser.client.post(
            "/new-password", data={"email": "head@example.org", "csrf_token": token}, headers=headers,
            base_url="http://evil.example" if "Host" in headers else None,
        )  # fmt: skip
        browser.fill_in("/new-password", {"email": "head@example.org"}, headers=headers)
    assert delivered(mailing)
    assert "evil" not in "".join(mail.as_string() for mail in delivered(mailing))


def test_nobody_learns_from_the_answer_whether_there_is_an_account(
    mailing: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing.person(Role.HEADTEACHER, email="head@example.org")
    mailing.person(Role.HEADTEACHER, email="gone@example.org", active=False)
    context = mailing.app.server.extensions["security"].pwd_context
    hashes: list[str] = []
    does = context.hash
    monkeypatch.setattr(context, "hash", lambda text, **more: hashes.append(text) or does(text, **more))
    seen = set()
    for email in ("head@example.org", "gone@example.org", "nobody@example.org"):
        hashes.clear()
        answer = mailing.browser().fill_in("/new-password", {"email": email})
        seen.add((answer.status_code, tuple(said(answer)), len(hashes)))
    assert len(seen) == 1
    assert [mail["To"] for mail in delivered(mailing)] == ["head@example.org"]


def test_no_answer_waits_for_the_mail_server(mailing: House) -> None:
    """How long it takes must not tell whether there was anybody to write to."""
    mailing.person(Role.HEADTEACHER, email="head@example.org")
    Postbox.opens.clear()
    answer = mailing.browser().fill_in("/new-password", {"email": "head@example.org"})
    assert (answer.status_code, Postbox.kept) == (200, [])
    Postbox.opens.set()
    assert len(delivered(mailing)) == 1


def test_a_change_is_told_by_mail(mailing: House) -> None:
    head = mailing.person(Role.HEADTEACHER)
    change(mailing.signed_in(head))
    [mail] = delivered(mailing)
    assert mail["To"] == head.email
    assert "was changed" in mail.get_content()
    assert OTHER not in mail.as_string()


def test_a_mail_server_that_is_away_changes_no_answer_and_logs_no_address(
    mailing: House, caplog: pytest.LogCaptureFixture
) -> None:
    mailing.person(Role.HEADTEACHER, email="head@example.org")
    Postbox.fails = True
    answer = mailing.browser().fill_in("/new-password", {"email": "head@example.org"})
    assert said(answer) == ["If there is an account with this address, a link is on its way. It is good for a day."]
    assert delivered(mailing) == []
    assert "a mail could not be sent by mail.example.org:2525: SMTPServerDisconnected" in caplog.text
    assert "head@example.org" not in caplog.text


def test_no_link_goes_to_a_mail_server_elsewhere_without_tls(mailing: House, caplog: pytest.LogCaptureFixture) -> None:
    mailing.person(Role.HEADTEACHER, email="head@example.org")
    Postbox.offers = frozenset()
    answer = mailing.browser().fill_in("/new-password", {"email": "head@example.org"})
    assert said(answer) == ["If there is an account with this address, a link is on its way. It is good for a day."]
    assert delivered(mailing) == []
    lines = [record.getMessage() for record in caplog.records if record.name == "dashboard.accounts.mail"]
    assert lines == ["a mail could not be sent by mail.example.org:2525: it offers no TLS (STARTTLS)"]


@pytest.mark.parametrize(
    ("server", "at"),
    [
        ("localhost:2525", ("localhost", 2525)),
        ("127.0.0.2", ("127.0.0.2", 25)),
        ("[::1]:2525", ("::1", 2525)),
    ],
)
def test_a_mail_server_on_this_computer_needs_no_tls(
    store: Store, walled: Store, post: type[Postbox], server: str, at: tuple[str, int]
) -> None:
    post.offers, post.at = frozenset(), at
    house = House.over(store, walled, MAILING.model_copy(update={"mail_server": server}))
    house.person(Role.HEADTEACHER, email="head@example.org")
    house.browser().fill_in("/new-password", {"email": "head@example.org"})
    assert len(delivered(house)) == 1


@pytest.mark.parametrize("server", ["localhost.example.org", "10.0.0.1:25", "[2001:db8::1]:25"])
def test_any_other_mail_server_does(
    store: Store, walled: Store, post: type[Postbox], server: str, caplog: pytest.LogCaptureFixture
) -> None:
    host, _, port = server.removeprefix("[").replace("]", "").rpartition(":") if ":" in server else (server, "", "25")
    post.offers, post.at = frozenset(), (host, int(port))
    house = House.over(store, walled, MAILING.model_copy(update={"mail_server": server}))
    house.person(Role.HEADTEACHER, email="head@example.org")
    house.browser().fill_in("/new-password", {"email": "head@example.org"})
    assert delivered(house) == []
    assert f"a mail could not be sent by {server}: it offers no TLS (STARTTLS)" in caplog.text


# The password once more.


def test_what_changes_how_one_signs_in_asks_for_the_password_again(house: House) -> None:
    from tests.visitors import Visitor

    head = house.person(Role.HEADTEACHER)
    stale = Browser(Visitor.of_session(house.app, house.store, _user_id=head.unique, _fresh=True, fs_paa=1).client)
    for path in ("/second-factor", "/passkeys", "/recovery-codes"):
        assert stale.get(path).location == f"/confirm-it-is-you?next={path}"
        assert stale.fill_in(path, {"setup": "authenticator", "name": "key"}, at="/account").status_code == 302
    assert heading(stale.get("/confirm-it-is-you")) == "Confirm that it is you"
    wrong = stale.fill_in("/confirm-it-is-you?next=/passkeys", {"password": WRONG})
    assert said(wrong) == ["This is not your password."]
    assert house.refusals() == ["wrong password"]
    assert stale.fill_in("/confirm-it-is-you?next=/passkeys", {"password": PASSWORD}).location == "/passkeys"
    assert heading(stale.get("/passkeys")) == "Your passkeys"
    assert house.row(head).mf_recovery_codes == []


def test_it_leads_nowhere_else(house: House) -> None:
    browser = house.signed_in(house.person(Role.HEADTEACHER))
    for there in ("//evil.example", "/\\evil.example", "https://evil.example"):
        answer = browser.fill_in(f"/confirm-it-is-you?next={there}", {"password": PASSWORD})
        assert answer.location in {"/account", "/%5Cevil.example"}, "the last is an address of ours"


def test_who_has_no_password_is_told_what_to_do(house: House) -> None:
    browser = house.signed_in(house.person(Role.HEADTEACHER, password=None))
    for typed in ("", "None", PASSWORD):
        answer = browser.fill_in("/confirm-it-is-you", {"password": typed})
        assert answer.status_code == 200
        assert said(answer)[0].startswith("Your account has no password here.")


def test_who_has_no_password_chooses_one_after_signing_in_otherwise(house: House) -> None:
    head = house.person(Role.HEADTEACHER, password=None)
    browser = house.signed_in(head)
    page = browser.get("/change-password")
    assert "Your password now" not in page.text
    answer = browser.fill_in("/change-password", {"new_password": OTHER, "new_password_confirm": OTHER})
    assert answer.location == "/account"
    later = house.browser()
    later.sign_in(head.email, OTHER)
    assert later.is_in
