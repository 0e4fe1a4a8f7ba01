"""How often passwords, codes and links may be tried, and that nobody is locked out by it."""

from collections.abc import Callable
from typing import Any, Final

import pytest
import requests

from dashboard.db import Store
from dashboard.vocabulary import Role
from dashboard.web.limits import LIMITED
from tests.accounts.authenticator import SecurityKey, asked
from tests.accounts.house import OTHER, PASSWORD, WRONG, Browser, House, heading, said
from tests.accounts.other_site import OtherSite
from tests.accounts.test_passwords import MAILING
from tests.accounts.test_single_sign_on import SIGNING_ON

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


@pytest.mark.parametrize("written", ["HEAD@example.org", " head@example.org", "head@example.org "])
def test_case_24_an_account_is_one_however_it_is_written(house: House, written: str) -> None:
    tries(house, "head@example.org", 5)
    assert tries(house, written, 1) == [TOO_MANY]


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
    from tests.visitors import SETTINGS

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
        5, lambda house: lambda: house.browser().fill_in("/new-password", {"email": "head@example.org"}),
    ),
    "security.reset_password": (20, lambda house: _visit(house, "/new-password/nobody-made-this")),
    "security.oauthstart": (20, _single_sign_on),
    "security.oauthresponse": (20, lambda house: _visit(house, "/single-sign-on/back/oidc?code=a&state=b")),
    "first_start.set_up": (20, lambda house: _visit(house, "/set-up/nobody-made-this")),
    "links.open_link": (20, lambda house: _visit(house, "/link/nobody-made-this")),
}  # fmt: skip
"""Endpoint → how often it may go wrong, and how it does."""


@pytest.mark.parametrize("endpoint", LIMITED)
def test_what_goes_wrong_is_stopped_after_so_many_times(house: House, endpoint: str) -> None:
    times, begin = _WRONG[endpoint]
    wrong = begin(house)
    answers = [wrong().status_code for _ in range(times + 1)]
    assert TOO_MANY not in answers[:times]
    assert answers[times] == TOO_MANY


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
