"""How often passwords, codes and links may be tried, and that nobody is locked out by it."""

from collections.abc import Callable
from typing import Any, Final

import pytest
import requests
from flask import request

from dashboard.accounts.mail import Mail
from dashboard.db import Store
from dashboard.vocabulary import Role
from dashboard.web.limits import LIMITED, without_port
from tests.accounts.authenticator import SecurityKey, asked
from tests.accounts.house import OTHER, PASSWORD, WRONG, Browser, House, heading, said
from tests.accounts.other_site import OtherSite
from tests.accounts.test_passwords import MAILING
from tests.accounts.test_single_sign_on import SIGNING_ON
from tests.visitors import SETTINGS

TOO_MANY: Final = 429


@pytest.fixture
def house(store: Store, walled: Store, monkeypatch: pytest.MonkeyPatch) -> House:
    """With everything that can be limited: mail and single sign-on too."""
    site = OtherSite()
    monkeypatch.setattr(requests.Session, "send", lambda *given, **more: site.send(*given, **more))
    both = SIGNING_ON.model_copy(update={"mail_server": MAILING.mail_server})
    monkeypatch.setattr("smtplib.SMTP", _nobody_is_there)
    made = House.over(store, walled, both)
    made.person(Role.STEERING)
    return made


def _nobody_is_there(*_given: object, **_more: object) -> None:
    raise OSError


def from_(address: str) -> dict[str, Any]:
    return {"environ_overrides": {"REMOTE_ADDR": address}}


def tries(house: House, email: str, times: int, address: str = "203.0.113.7") -> list[int]:
    """What so many wrong passwords are answered, each from a new browser."""
    return [house.browser().sign_in(email, WRONG, **from_(address)).status_code for _ in range(times)]


def gets_in(house: House, email: str, address: str) -> bool:
    browser = house.browser()
    browser.sign_in(email, PASSWORD, **from_(address))
    return browser.get("/account", **from_(address)).status_code == 200


# Case 24.


def test_case_24_twenty_wrong_passwords_for_one_account_are_stopped_and_its_owner_gets_in_elsewhere(
    house: House,
) -> None:
    head, decoy = house.person(Role.HEADTEACHER), house.person(Role.HEADTEACHER)
    answers = tries(house, head.email, 20)
    assert answers == [200] * 5 + [TOO_MANY] * 15
    assert not gets_in(house, head.email, "203.0.113.7"), "the guesser does not learn whether the sixth was right"
    assert gets_in(house, head.email, "198.51.100.1")
    assert gets_in(house, decoy.email, "203.0.113.7"), "a colleague in the same school"
    assert house.refusals() == ["wrong password"] * 5


def test_case_24_one_password_for_many_accounts_is_stopped_too(house: House) -> None:
    people = [house.person(Role.HEADTEACHER).email for _ in range(6)]
    emails = [*people, *(f"nobody{number}@example.org" for number in range(20))]
    answers = [house.browser().sign_in(email, WRONG, **from_("203.0.113.7")).status_code for email in emails]
    assert answers == [200] * 20 + [TOO_MANY] * 6
    assert not gets_in(house, people[0], "203.0.113.7")
    assert gets_in(house, people[0], "198.51.100.1")


def test_case_24_who_is_right_is_not_counted(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    for _time in range(25):
        assert gets_in(house, head.email, "203.0.113.7")
    assert tries(house, head.email, 5) == [200] * 5


def test_case_24_the_answer_says_what_to_do(house: House) -> None:
    tries(house, "head@example.org", 5)
    answer = house.browser().sign_in("head@example.org", WRONG, **from_("203.0.113.7"))
    assert (answer.status_code, heading(answer)) == (TOO_MANY, "Too many tries")
    assert "nobody is locked out" in answer.text
    assert house.browser().get("/sign-in", **from_("203.0.113.7")).status_code == 200, "a page may be looked at"


def test_case_24_it_is_over_after_a_while(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    import limits.storage.memory as memory

    head = house.person(Role.HEADTEACHER)
    now = memory.time.time()
    monkeypatch.setattr(memory.time, "time", lambda: now)
    assert tries(house, head.email, 6)[-1] == TOO_MANY
    monkeypatch.setattr(memory.time, "time", lambda: now + 61)
    assert tries(house, head.email, 6) == [200] * 5 + [TOO_MANY]


SPELLINGS: Final = (
    "HEAD@example.org", " head@example.org", "head@example.org ", "head@EXAMPLE.ORG", "head@ｅxample.org",
    "head@exａｍple.org", "head@example。org", "head@ⓔxample.org",
)  # fmt: skip
"""One address, as accounts are found by it."""


@pytest.mark.parametrize("written", SPELLINGS)
def test_case_24_an_account_is_one_however_it_is_written(house: House, written: str) -> None:
    house.person(Role.HEADTEACHER, email="head@example.org")
    assert gets_in(house, written, "198.51.100.1"), "else it would be another account"
    tries(house, "head@example.org", 5)
    assert tries(house, written, 1) == [TOO_MANY]


def test_case_24_what_is_no_address_counts_as_it_is_written(house: House) -> None:
    assert tries(house, "head", 6) == [200] * 5 + [TOO_MANY]
    assert tries(house, "HEAD ", 1) == [TOO_MANY]
    assert tries(house, "foot", 1) == [200]


def test_case_24_one_site_of_ipv6_is_stopped_however_many_networks_it_has(house: House) -> None:
    """Whoever rents a server is given 65,536 of them."""
    answers = [tries(house, f"nobody{n}@example.org", 1, f"2001:db8:1:{n // 5:x}::1")[0] for n in range(61)]
    assert answers == [200] * 60 + [TOO_MANY]
    assert tries(house, "nobody@example.org", 1, "2001:db8:1:ffff::1") == [TOO_MANY]
    assert tries(house, "nobody@example.org", 1, "2001:db8:2:1::1") == [200]


def test_case_24_nor_is_one_account_guessed_at_from_all_of_them(house: House) -> None:
    answers = [tries(house, "head@example.org", 1, f"2001:db8:1:{n // 4:x}::1")[0] for n in range(16)]
    assert answers == [200] * 15 + [TOO_MANY]
    assert tries(house, "foot@example.org", 1, "2001:db8:1:4::1") == [200]
    assert tries(house, "head@example.org", 1, "2001:db8:2:1::1") == [200]


# One network for a whole school.

SCHOOL: Final = "203.0.113.7"


def test_case_24_a_pupil_who_types_wrong_names_keeps_nobody_out_who_was_let_in_there_lately(house: House) -> None:
    head, new = house.person(Role.HEADTEACHER), house.person(Role.HEADTEACHER)
    assert gets_in(house, head.email, SCHOOL)
    assert gets_in(house, new.email, "198.51.100.1"), "elsewhere"
    answers = [tries(house, f"nobody{number}@example.org", 1, SCHOOL)[0] for number in range(21)]
    assert answers == [200] * 20 + [TOO_MANY]
    assert gets_in(house, head.email.upper(), SCHOOL)
    assert not gets_in(house, new.email, SCHOOL)


def test_case_24_who_is_spared_may_not_be_guessed_at_more_often_and_is_not_told_from_others(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    assert gets_in(house, head.email, SCHOOL)
    for number in range(20):
        tries(house, f"nobody{number}@example.org", 1, SCHOOL)
    wrong = house.browser().sign_in(head.email, WRONG, **from_(SCHOOL))
    unknown = house.browser().sign_in("somebody@example.org", WRONG, **from_(SCHOOL))
    assert (wrong.status_code, wrong.text) == (unknown.status_code, unknown.text)
    assert wrong.status_code == TOO_MANY
    assert tries(house, head.email, 4, SCHOOL) == [TOO_MANY] * 4
    assert not gets_in(house, head.email, SCHOOL), "five wrong ones are too many from this computer, spared or not"
    assert house.refusals().count("wrong password") == 5


def test_case_24_whoever_has_a_second_factor_is_spared_after_it_only(house: House) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    house.browser().sign_in(head.email, **from_(SCHOOL))
    for number in range(20):
        tries(house, f"nobody{number}@example.org", 1, SCHOOL)
    assert house.browser().sign_in(head.email, **from_(SCHOOL)).status_code == TOO_MANY


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("203.0.113.7", "203.0.113.7"), ("203.0.113.7:41234", "203.0.113.7"), ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]:41234", "2001:db8::7"), ("[2001:db8::7]", "2001:db8::7"), ("::1", "::1"), ("", ""),
    ],
)  # fmt: skip
def test_an_address_is_read_without_its_port(written: str, address: str) -> None:
    assert without_port(written) == address


@pytest.mark.parametrize("form", ["203.0.113.{}:{}", "[2001:db8:{}::1]:{}"])
def test_behind_a_proxy_that_tells_the_port_too_each_computer_counts_for_itself(
    store: Store, walled: Store, form: str
) -> None:
    house = House.over(store, walled, SETTINGS.model_copy(update={"trusted_proxies": 1}))
    house.person(Role.HEADTEACHER)

    def wrong(number: int, port: int, email: str) -> int:
        headers = {"X-Forwarded-For": form.format(number, port)}
        return house.browser().sign_in(email, WRONG, headers=headers).status_code

    one = [wrong(7, 40_000 + number, "head@example.org") for number in range(6)]
    assert one == [200] * 5 + [TOO_MANY], "another port is no other computer"
    others = [wrong(number, 40_000, f"nobody{number}@example.org") for number in range(10, 32)]
    assert set(others) == {200}


def test_case_24_one_network_of_ipv6_is_one_computer(house: House) -> None:
    """A computer chooses the last half of its address as it likes."""
    answers = [tries(house, "head@example.org", 1, f"2001:db8:1:2::{number}")[0] for number in range(1, 8)]
    assert answers == [200] * 5 + [TOO_MANY] * 2
    assert tries(house, "head@example.org", 1, "2001:db8:1:3::1") == [200]
    assert tries(house, "head@example.org", 1, "::ffff:203.0.113.8") == [200]
    assert tries(house, "head@example.org", 6, "::ffff:203.0.113.9")[-1] == TOO_MANY
    assert tries(house, "head@example.org", 1, "203.0.113.9") == [TOO_MANY]


def test_a_header_that_anybody_can_send_makes_no_other_computer(house: House) -> None:
    answers = [
        house.browser().sign_in("head@example.org", WRONG, headers={"X-Forwarded-For": f"10.0.0.{number}"}).status_code
        for number in range(7)
    ]
    assert answers[-2:] == [TOO_MANY] * 2


def test_behind_a_trusted_proxy_each_computer_counts_for_itself(store: Store, walled: Store) -> None:
    house = House.over(store, walled, SETTINGS.model_copy(update={"trusted_proxies": 1}))
    house.person(Role.HEADTEACHER)

    def wrong(said: str) -> int:
        return house.browser().sign_in("head@example.org", WRONG, headers={"X-Forwarded-For": said}).status_code

    assert [wrong("203.0.113.7") for _ in range(6)][-1] == TOO_MANY
    assert wrong("198.51.100.1") == 200
    assert wrong("198.51.100.1, 203.0.113.7") == TOO_MANY, "what the computer itself says of others is not believed"


def test_codes_are_also_counted_by_the_account_alone(house: House) -> None:
    """Only who knows the password gets so far, from wherever."""
    head, decoy = house.person(Role.HEADTEACHER, app=True), house.person(Role.HEADTEACHER, app=True)
    answers = []
    for number in range(31):
        here = from_(f"203.0.113.{number}")
        browser = house.browser()
        browser.sign_in(head.email, PASSWORD, **here)
        answers.append(browser.fill_in("/code", {"code": "000000"}, **here).status_code)
    assert answers == [200] * 30 + [TOO_MANY]
    browser = house.browser()
    browser.sign_in(decoy.email, PASSWORD)
    assert browser.fill_in("/code", {"code": house.code(decoy.secret or "")}).status_code == 302


@pytest.mark.parametrize("path", ["/code", "/recovery-code"])
def test_case_27_a_form_that_names_another_account_is_not_believed(house: House, path: str) -> None:
    browser = house.browser()
    browser.sign_in(house.person(Role.HEADTEACHER, app=True).email)
    answers = [
        browser.fill_in(path, {"code": "000000", "email": f"other{number}@example.org"}).status_code
        for number in range(7)
    ]
    assert answers == [200] * 5 + [TOO_MANY] * 2


def test_case_27_nor_is_it_from_wherever_it_comes(house: House) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    answers = []
    for number in range(31):
        here = from_(f"203.0.113.{number}")
        browser = house.browser()
        browser.sign_in(head.email, **here)
        named = {"code": "000000", "email": f"other{number}@example.org"}
        answers.append(browser.fill_in("/code", named, **here).status_code)
    assert answers == [200] * 30 + [TOO_MANY]


@pytest.mark.parametrize("path", ["/change-password", "/confirm-it-is-you"])
def test_case_24_nor_is_it_where_somebody_found_an_open_browser(house: House, path: str) -> None:
    browser = house.signed_in(house.person(Role.HEADTEACHER))
    answers = [
        browser.fill_in(path, {**_CHANGE, "email": f"other{number}@example.org"}).status_code for number in range(7)
    ]
    assert answers == [200] * 5 + [TOO_MANY] * 2


# Mails.


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """To whom mails go."""
    to: list[str] = []
    monkeypatch.setattr(
        Mail, "send_mail", lambda _self, _template, _subject, recipient, *_more, **_: to.append(recipient)
    )
    return to


def forgets(house: House, email: str, address: str) -> Any:
    return house.browser().fill_in("/new-password", {"email": email}, **from_(address))


def test_no_mailbox_gets_more_than_five_mails_an_hour_however_it_is_spelt(house: House, sent: list[str]) -> None:
    house.person(Role.HEADTEACHER, email="head@example.org")
    house.person(Role.HEADTEACHER, email="other@example.org")
    answers = [forgets(house, each, f"203.0.113.{n}").status_code for n, each in enumerate(SPELLINGS)]
    assert set(answers) == {200}
    assert sent == ["head@example.org"] * 5
    forgets(house, "other@example.org", "203.0.113.1")
    assert sent[5:] == ["other@example.org"]


def test_strangers_who_ask_for_mails_take_nothing_from_the_owner_who_is_answered_as_ever(
    house: House, sent: list[str]
) -> None:
    house.person(Role.HEADTEACHER, email="head@example.org")
    before = [forgets(house, "head@example.org", f"203.0.113.{number}") for number in range(5)]
    after = [forgets(house, email, "198.51.100.1") for email in ("head@example.org", "nobody@example.org")]
    assert {(answer.status_code, *said(answer)) for answer in (*before, *after)} == {
        (200, "If there is an account with this address, a link is on its way. It is good for a day.")
    }
    assert sent == ["head@example.org"] * 5, "there are five good links in the mailbox"


def test_a_mail_that_is_not_sent_takes_as_long_as_one_that_is(
    house: House, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.person(Role.HEADTEACHER, email="head@example.org")
    context = house.app.server.extensions["security"].pwd_context
    hashes: list[str] = []
    does = context.hash
    monkeypatch.setattr(context, "hash", lambda text, **more: hashes.append(text) or does(text, **more))
    counted = []
    for number in range(6):
        hashes.clear()
        forgets(house, "head@example.org", f"203.0.113.{number}")
        counted.append(len(hashes))
    assert counted == [1] * 6
    assert len(sent) == 5


# Each of them.


def test_every_endpoint_with_a_limit_is_one_of_the_application(house: House) -> None:
    assert LIMITED.keys() <= house.app.server.view_functions.keys()
    assert set(_WRONG) == set(LIMITED)


def _password(house: House) -> Callable[[], Any]:
    return lambda: house.browser().sign_in("head@example.org", WRONG)


def _signed_in(house: House, path: str, fields: dict[str, str]) -> Callable[[], Any]:
    browser = house.signed_in(house.person(Role.HEADTEACHER))
    return lambda: browser.fill_in(path, fields)


def _half_way(house: House, path: str, fields: dict[str, str]) -> Callable[[], Any]:
    browser = house.browser()
    browser.sign_in(house.person(Role.HEADTEACHER, app=True).email)
    return lambda: browser.fill_in(path, fields)


def _passkey(house: House, page: str) -> Callable[[], Any]:
    person = house.person(Role.HEADTEACHER)
    own = house.signed_in(person)
    there, options = asked(own.fill_in("/passkeys", {"name": "key"}))
    own.fill_in(there, {"credential": SecurityKey().make(options)}, at="/passkeys")
    browser = own
    if page == "/passkey":
        browser = house.browser()
        browser.sign_in(person.email)

    def wrong() -> Any:
        there, options = asked(browser.fill_in(page, {}))
        return browser.fill_in(there, {"credential": SecurityKey().use(options)}, at=page)

    return wrong


def _visit(house: House, path: str) -> Callable[[], Any]:
    return lambda: house.browser().get(path)


def _single_sign_on(house: House) -> Callable[[], Any]:
    browser = house.browser()
    return lambda: browser.fill_in("/single-sign-on/oidc", {}, at="/sign-in")


_CHANGE: Final = {"password": WRONG, "new_password": OTHER, "new_password_confirm": OTHER}
_WRONG: Final[dict[str, tuple[int, Callable[[House], Callable[[], Any]]]]] = {
    "security.login": (5, _password),
    "security.verify": (5, lambda house: _signed_in(house, "/confirm-it-is-you", {"password": WRONG})),
    "security.change_password": (5, lambda house: _signed_in(house, "/change-password", _CHANGE)),
    "security.two_factor_token_validation": (5, lambda house: _half_way(house, "/code", {"code": "000000"})),
    "security.mf_recovery": (5, lambda house: _half_way(house, "/recovery-code", {"code": "0000-0000-0000"})),
    "security.wan_signin_response": (5, lambda house: _passkey(house, "/passkey")),
    "security.wan_verify_response": (5, lambda house: _passkey(house, "/confirm-by-passkey")),
    "security.forgot_password": (
        20, lambda house: lambda: house.browser().fill_in("/new-password", {"email": "head@example.org"}),
    ),
    "security.reset_password": (20, lambda house: _visit(house, "/new-password/nobody-made-this")),
    "security.oauthstart": (20, _single_sign_on),
    "security.oauthresponse": (20, lambda house: _visit(house, "/single-sign-on/back/oidc?code=a&state=b")),
    "first_start.set_up": (20, lambda house: _visit(house, "/set-up/nobody-made-this")),
    "links.open_link": (20, lambda house: _visit(house, "/link/nobody-made-this")),
    "feeds.read_feed": (20, lambda house: _visit(house, "/feed/nobody-made-this.ics")),
}  # fmt: skip
"""Endpoint → how often it may go wrong, and how it does."""


@pytest.mark.parametrize("endpoint", LIMITED)
def test_what_goes_wrong_is_stopped_after_so_many_times(house: House, endpoint: str) -> None:
    times, begin = _WRONG[endpoint]
    wrong = begin(house)
    answers = [wrong().status_code for _ in range(times + 1)]
    assert TOO_MANY not in answers[:times]
    assert answers[times] == TOO_MANY


def test_asking_for_the_head_of_a_link_is_a_try_too(house: House) -> None:
    answers = [house.browser().client.head("/link/nobody-made-this").status_code for _ in range(21)]
    assert answers == [404] * 20 + [TOO_MANY]


def test_a_colleague_in_the_same_school_is_not_stopped_by_somebodys_wrong_passwords(house: House) -> None:
    """Confirming that it is you goes by the account that is signed in: there is no address in that form."""
    mine, theirs = (house.signed_in(house.person(Role.HEADTEACHER)) for _ in range(2))
    for _time in range(6):
        last = mine.fill_in("/confirm-it-is-you", {"password": WRONG})
    assert last.status_code == TOO_MANY
    assert theirs.fill_in("/confirm-it-is-you", {"password": PASSWORD}).status_code == 302


def test_a_good_link_may_be_opened_as_often_as_one_likes(house: House) -> None:
    from dashboard.accounts.sign_in import password_link

    head = house.person(Role.HEADTEACHER)
    with house.app.server.app_context():
        link = password_link(head.id, "")
    assert {house.browser().get(link).status_code for _ in range(25)} == {200}


def test_counting_forgets_nothing_when_a_form_comes_in_between(house: House) -> None:
    browser: Browser = house.browser()
    for _time in range(5):
        browser.get("/sign-in")
        browser.sign_in("head@example.org", WRONG)
        browser.get("/new-password")
    assert browser.sign_in("head@example.org", WRONG).status_code == TOO_MANY
    assert said(browser.get("/sign-in")) == []


@pytest.mark.parametrize(
    ("written", "alone"),
    [("203.0.113.9:54321", "203.0.113.9"), ("[2001:db8::1]:443", "2001:db8::1"), ("203.0.113.9", "203.0.113.9")],
)
def test_behind_a_gateway_that_tells_the_port_the_audit_knows_the_computer(
    store: Store, walled: Store, written: str, alone: str
) -> None:
    house = House.over(store, walled, SETTINGS.model_copy(update={"trusted_proxies": 1}))
    seen: list[str | None] = []
    house.app.server.before_request(lambda: seen.append(request.remote_addr))
    house.app.server.test_client().get("/sign-in", headers={"X-Forwarded-For": written})
    assert seen == [alone]
