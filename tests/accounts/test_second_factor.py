"""The second factor: who must have one, setting it up, codes that are good once, and what helps who lost it."""

import threading
from typing import Final

import pytest

from dashboard.db import Store
from dashboard.models import Account
from dashboard.vocabulary import Role
from tests.accounts.house import OTHER, PASSWORD, Browser, House, Person, heading, said, shown_key
from tests.plain_pages import BEHIND_THE_WALL
from tests.visitors import SETTINGS

pytestmark = BEHIND_THE_WALL

NOT_RIGHT: Final = "This code is not right, or was used already. Enter the one that the app shows now."
NO_RECOVERY: Final = "This is none of your recovery codes, or was used already."


@pytest.fixture
def house(store: Store, walled: Store) -> House:
    return House.over(store, walled)


def half_way(house: House, person: Person) -> Browser:
    """A browser that has given the password."""
    browser = house.browser()
    answer = browser.sign_in(person.email)
    assert answer.status_code == 302
    assert not browser.is_in
    return browser


def code_now(house: House, person: Person) -> str:
    return house.code(person.secret or "")


# Who must have one.


@pytest.mark.parametrize("role", Role)
def test_a_role_that_must_have_one_gets_in_only_with_it(house: House, role: Role) -> None:
    person = house.person(role)
    browser = house.browser()
    answer = browser.sign_in(person.email)
    must = role in {Role.DIRECTOR, Role.ADMINISTRATOR}
    assert answer.location == ("/second-factor" if must else "/")
    assert browser.is_in is not must


def test_which_roles_must_is_a_setting(store: Store, walled: Store) -> None:
    house = House.over(store, walled, SETTINGS.model_copy(update={"second_factor": "headteacher"}))
    for role, must in ((Role.DIRECTOR, False), (Role.HEADTEACHER, True)):
        browser = house.browser()
        browser.sign_in(house.person(role).email)
        assert browser.is_in is not must


def test_who_has_one_is_asked_for_it_whatever_the_role(house: House) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    browser = house.browser()
    assert browser.sign_in(head.email).location.startswith("/code")
    for path in ("/account", "/", "/school/mill-school", "/change-password", "/recovery-codes", "/passkeys"):
        assert browser.get(path).status_code == 302, "between password and code nothing opens"
    assert heading(browser.get("/code")) == "The code from your app"
    answer = browser.fill_in("/code", {"code": code_now(house, head)})
    assert answer.location == "/"
    assert browser.is_in
    assert [event.reason for event in house.events("sign in")] == ["by code"]


def test_the_way_one_wanted_to_go_is_kept_across_the_code(house: House) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    browser = house.browser()
    there = browser.sign_in(head.email, next_page="/school/mill-school").location
    assert browser.fill_in(there, {"code": code_now(house, head)}).location == "/school/mill-school"


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_code_leads_nowhere_else(house: House, there: str) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    browser = half_way(house, head)
    answer = browser.fill_in(f"/code?next={there}", {"code": code_now(house, head), "next": there})
    assert answer.location in {"/", "/%5Cevil.example"}, "the last is an address of ours"


# Setting it up.


def test_the_first_sign_in_of_an_administrator_sets_it_up_and_gives_recovery_codes(house: House) -> None:
    admin = house.person(Role.ADMINISTRATOR)
    browser = half_way(house, admin)
    page = browser.get("/second-factor")
    assert heading(page) == "Your authenticator app"
    assert "Your role lets you see or change much" in page.text
    shown = browser.fill_in("/second-factor", {"setup": "authenticator"})
    assert 'src="data:image/svg+xml;base64,' in shown.text
    code = house.code_of_key(shown_key(shown))
    assert house.row(admin).tf_totp_secret is None, "not before it is shown to work"
    answer = browser.fill_in("/code", {"code": code, "next": "/recovery-codes"}, at="/second-factor")
    assert answer.location == "/recovery-codes"
    assert browser.is_in
    made = browser.fill_in("/recovery-codes", {})
    assert made.text.count("<li><code>") == 5
    assert [event.action for event in house.events()] == ["set second factor", "sign in", "make recovery codes"]
    assert browser.get("/people").status_code == 200


def test_a_wrong_code_on_the_way_can_be_put_right(house: House) -> None:
    browser = half_way(house, house.person(Role.DIRECTOR))
    key = shown_key(browser.fill_in("/second-factor", {"setup": "authenticator"}))
    wrong = browser.fill_in("/code", {"code": "000000", "next": "/recovery-codes"}, at="/second-factor")
    assert said(wrong) == [NOT_RIGHT]
    assert 'name="next" value="/recovery-codes"' in wrong.text
    assert not browser.is_in
    assert browser.fill_in("/code", {"code": house.code_of_key(key), "next": "/recovery-codes"}).status_code == 302
    assert browser.is_in


def test_on_the_way_nobody_can_do_without_it(house: House) -> None:
    browser = half_way(house, house.person(Role.DIRECTOR))
    for fields in ({"setup": "disable"}, {"setup": "email"}, {"setup": "sms", "phone": "07700900000"}, {}):
        assert said(browser.fill_in("/second-factor", fields)) == ["This is not offered."]
        assert not browser.is_in


def test_who_holds_an_app_cannot_set_up_another_on_the_way_in(house: House) -> None:
    """Else the password alone would be enough."""
    admin = house.person(Role.ADMINISTRATOR, app=True)
    browser = half_way(house, admin)
    assert browser.get("/second-factor").location == "/sign-in"
    browser = half_way(house, admin)
    browser.fill_in("/second-factor", {"setup": "authenticator"}, at="/code")
    assert not browser.is_in
    assert house.row(admin).tf_totp_secret == admin.secret


def set_up(house: House, browser: Browser) -> None:
    key = shown_key(browser.fill_in("/second-factor", {"setup": "authenticator"}))
    browser.fill_in("/code", {"code": house.code_of_key(key)}, at="/second-factor")


def test_case_27_a_set_up_that_was_left_half_way_is_over_when_the_owner_has_an_app(house: House) -> None:
    """Whoever knows the password alone was there first, and waits."""
    director = house.person(Role.DIRECTOR)
    early, on, owner = half_way(house, director), half_way(house, director), half_way(house, director)
    key = shown_key(on.fill_in("/second-factor", {"setup": "authenticator"}))
    token_early, token_on = early.token("/second-factor"), on.token("/second-factor")
    set_up(house, owner)
    assert owner.is_in
    secret = house.row(director).tf_totp_secret
    tries = {"setup": "authenticator", "code": house.code_of_key(key)}
    for browser, path, token in ((early, "/second-factor", token_early), (on, "/code", token_on)):
        answer = browser.client.post(path, data={**tries, "csrf_token": token})
        assert answer.location == "/sign-in"
        assert said(browser.get("/sign-in")) == ["That took too long, or was begun in another window. Sign in again."]
        for page in ("/second-factor", "/code"):
            assert browser.get(page).location == "/sign-in"
        assert not browser.is_in
    assert house.row(director).tf_totp_secret == secret
    assert [event.action for event in house.events()] == ["set second factor", "sign in"]


def test_case_27_of_two_set_ups_at_the_same_moment_one_gets_in(house: House) -> None:
    director = house.person(Role.DIRECTOR)
    ready, browsers = threading.Barrier(3), [half_way(house, director) for _ in range(3)]

    def enter(browser: Browser) -> None:
        key = shown_key(browser.fill_in("/second-factor", {"setup": "authenticator"}))
        token = browser.token("/second-factor")
        ready.wait()
        browser.client.post("/code", data={"code": house.code_of_key(key), "csrf_token": token})

    threads = [threading.Thread(target=enter, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(browser.is_in for browser in browsers) == 1
    assert [event.action for event in house.events()] == ["set second factor", "sign in"]


@pytest.mark.parametrize("path", ["/code", "/recovery-code", "/which-second-factor", "/passkey"])
def test_case_27_another_second_factor_than_the_one_asked_for_ends_the_way_to_it(house: House, path: str) -> None:
    from tests.accounts.places import passkey

    head = house.person(Role.HEADTEACHER, app=True)
    browser = half_way(house, head)
    with house.store.writing() as session:
        passkey(session, session.get_one(Account, head.id).id)
    assert browser.get(path).location == "/sign-in"
    assert browser.fill_in(path, {"code": code_now(house, head)}, at="/sign-in").status_code in {302, 404}
    assert not browser.is_in


@pytest.mark.parametrize("path", ["/second-factor", "/code"])
def test_case_19_a_disabled_account_sets_up_nothing_even_if_its_mark_stayed(house: House, path: str) -> None:
    director = house.person(Role.DIRECTOR)
    browser = half_way(house, director)
    browser.fill_in("/second-factor", {"setup": "authenticator"})
    with house.store.writing() as session:
        session.get_one(Account, director.id).active = False
    assert browser.get(path).location == "/sign-in"


def test_whoever_wants_one_sets_it_up_and_may_do_without_again(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    browser = house.signed_in(head)
    page = browser.get("/second-factor")
    assert "Set up an app" in page.text
    assert "Do without" not in page.text
    assert 'class="who ' in page.text, "the menu is there: somebody is signed in"
    key = shown_key(browser.fill_in("/second-factor", {"setup": "authenticator"}))
    assert browser.fill_in("/code", {"code": house.code_of_key(key)}, at="/second-factor").location == "/account"
    assert said(browser.get("/account")) == ["The app is set up. Its codes are asked for from now on."]
    assert "authenticator app" in browser.get("/account").text.lower()
    later = house.browser()
    assert later.sign_in(head.email).location.startswith("/code")
    assert browser.fill_in("/second-factor", {"setup": "disable"}).location == "/account"
    assert house.row(head).tf_totp_secret is None
    assert [event.action for event in house.events()] == ["set second factor", "remove second factor"]


def test_a_role_that_must_have_one_cannot_do_without(house: House) -> None:
    director = house.person(Role.DIRECTOR, app=True)
    browser = house.signed_in(director)
    assert "Do without" not in browser.get("/second-factor").text
    assert said(browser.fill_in("/second-factor", {"setup": "disable"})) == ["This is not offered."]
    assert house.row(director).tf_totp_secret == director.secret


def test_the_app_of_somebody_else_is_not_changed_by_it(house: House) -> None:
    head, decoy = house.person(Role.HEADTEACHER), house.person(Role.HEADTEACHER, app=True)
    browser = house.signed_in(head)
    key = shown_key(browser.fill_in("/second-factor", {"setup": "authenticator"}))
    browser.fill_in("/code", {"code": house.code_of_key(key)}, at="/second-factor")
    assert house.row(decoy).tf_totp_secret == decoy.secret


def test_the_store_holds_no_key_and_no_code_as_it_is(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    browser = house.signed_in(head)
    key = shown_key(browser.fill_in("/second-factor", {"setup": "authenticator"})).replace("-", "")
    browser.fill_in("/code", {"code": house.code_of_key(key)}, at="/second-factor")
    made = recovery_codes(browser)
    row = house.row(head)
    assert key not in (row.tf_totp_secret or "")
    assert not any(code in str(row.mf_recovery_codes) for code in made)
    assert not any(code in str([event.after for event in house.events()]) for code in made)


# Codes (case 27).


def test_case_27_a_code_is_good_once(house: House) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    code = code_now(house, head)
    first, second = half_way(house, head), half_way(house, head)
    first.fill_in("/code", {"code": code})
    assert first.is_in
    assert said(second.fill_in("/code", {"code": code})) == [NOT_RIGHT]
    assert not second.is_in
    house.later(seconds=30)
    second.fill_in("/code", {"code": code_now(house, head)})
    assert second.is_in
    assert house.refusals() == ["wrong code"]


def test_case_27_a_code_is_good_once_even_for_two_at_the_same_moment(house: House) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    code = code_now(house, head)
    browsers = [half_way(house, head) for _ in range(4)]
    ready = threading.Barrier(len(browsers))

    def enter(browser: Browser) -> None:
        token = browser.token("/code")
        ready.wait()
        browser.client.post("/code", data={"code": code, "csrf_token": token})

    threads = [threading.Thread(target=enter, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(browser.is_in for browser in browsers) == 1


@pytest.mark.parametrize(("steps", "good"), [(-10, False), (-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_case_27_an_old_code_is_refused_and_a_clock_may_be_half_a_minute_wrong(
    house: House, steps: int, good: bool
) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    browser = half_way(house, head)
    browser.fill_in("/code", {"code": house.code(head.secret or "", steps=steps)})
    assert browser.is_in is good


def test_case_27_no_code_from_before_the_last_is_taken(house: House) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    before = code_now(house, head)
    house.later(seconds=30)
    first = half_way(house, head)
    first.fill_in("/code", {"code": code_now(house, head)})
    second = half_way(house, head)
    second.fill_in("/code", {"code": before})
    assert (first.is_in, second.is_in) == (True, False)


def test_case_27_after_five_wrong_ones_the_right_one_has_to_wait(house: House) -> None:
    head, decoy = house.person(Role.HEADTEACHER, app=True), house.person(Role.HEADTEACHER, app=True)
    browser = half_way(house, head)
    for _time in range(5):
        assert browser.fill_in("/code", {"code": "000000"}).status_code == 200
    sixth = browser.fill_in("/code", {"code": code_now(house, head)})
    assert (sixth.status_code, heading(sixth)) == (429, "Too many tries")
    assert not browser.is_in
    other = half_way(house, decoy)
    other.fill_in("/code", {"code": code_now(house, decoy)})
    assert other.is_in, "nobody else has to wait"


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "1" * 5000, "-12345", "\x00"])
def test_what_is_no_code_is_refused(house: House, code: str) -> None:
    browser = half_way(house, house.person(Role.HEADTEACHER, app=True))
    answer = browser.fill_in("/code", {"code": code})
    assert answer.status_code == 200
    assert len(said(answer)) == 1
    assert not browser.is_in


def test_a_code_may_be_typed_as_apps_show_it(house: House) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    browser = half_way(house, head)
    code = code_now(house, head)
    browser.fill_in("/code", {"code": f" {code[:3]} {code[3:]} "})
    assert browser.is_in


def test_a_code_without_a_password_opens_nothing(house: House) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    browser = house.browser()
    for path in ("/code", "/recovery-code", "/which-second-factor", "/second-factor"):
        answer = browser.fill_in(path, {"code": code_now(house, head), "email": head.email}, at="/sign-in")
        assert answer.location == "/sign-in"
        assert not browser.is_in
    assert "Sign in again." in said(browser.get("/sign-in"))[0]


@pytest.mark.parametrize("doing", ["disable", "another password", "reset_second_factor"])
def test_what_changes_between_password_and_code_ends_it(house: House, doing: str) -> None:
    from dashboard.accounts.commands import AccountBook
    from dashboard.audit import COMMAND_LINE

    head = house.person(Role.HEADTEACHER, app=True)
    browser = half_way(house, head)
    if doing == "another password":
        changed = {"password": PASSWORD, "new_password": OTHER, "new_password_confirm": OTHER}
        assert house.signed_in(head).fill_in("/change-password", changed).location == "/account"
    else:
        with house.store.writing() as session:
            getattr(AccountBook(session, COMMAND_LINE), doing)(head.id)
    browser.fill_in("/code", {"code": code_now(house, head)}, at="/sign-in")
    assert not browser.is_in


def test_a_key_that_can_no_longer_be_read_lets_nobody_in_and_breaks_nothing(house: House, walled: Store) -> None:
    """SECRET_KEY was lost: an administrator resets the second factor."""
    head = house.person(Role.HEADTEACHER, app=True)
    code = code_now(house, head)
    from dashboard.main import create_app

    house.app = create_app(walled, SETTINGS.model_copy(update={"secret_key": "another secret altogether, long enough"}))
    _ = house._totp
    browser = half_way(house, head)
    assert said(browser.fill_in("/code", {"code": code})) == [NOT_RIGHT]


# Recovery codes.


def recovery_codes(browser: Browser) -> list[str]:
    import re

    return re.findall(r"<li><code>([^<]+)</code>", browser.fill_in("/recovery-codes", {}).text)


def with_codes(house: House) -> tuple[Person, list[str]]:
    head = house.person(Role.HEADTEACHER, app=True)
    return head, recovery_codes(house.signed_in(head))


def test_recovery_codes_are_shown_only_when_asked_for(house: House) -> None:
    head = house.person(Role.HEADTEACHER, app=True)
    browser = house.signed_in(head)
    assert "You have no recovery codes." in browser.get("/recovery-codes?show_codes=yes").text
    made = recovery_codes(browser)
    assert len(set(made)) == 5
    assert made[0] not in browser.get("/recovery-codes").text
    assert all(code in browser.get("/recovery-codes?show_codes=yes").text for code in made)
    assert not set(made) & set(recovery_codes(browser)), "new ones take their place"


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "upper", "without hyphens"])
def test_a_recovery_code_gets_in_once_however_it_is_typed(house: House, typed: str) -> None:
    head, codes = with_codes(house)
    shapes = {"upper": codes[2].upper(), "without hyphens": codes[2].replace("-", "")}
    entered = shapes.get(typed) or typed.format(codes[2])
    browser = half_way(house, head)
    assert "recovery code" in browser.get("/code").text or "/recovery-code" in browser.get("/code").text
    assert browser.fill_in("/recovery-code", {"code": entered}).location == "/"
    assert browser.is_in
    again = half_way(house, head)
    assert said(again.fill_in("/recovery-code", {"code": entered})) == [NO_RECOVERY]
    assert not again.is_in
    last = half_way(house, head)
    last.fill_in("/recovery-code", {"code": codes[4]})
    assert last.is_in, "the others are good"
    assert [event.reason for event in house.events("sign in")] == [
        "by recovery code", "wrong recovery code", "by recovery code",
    ]  # fmt: skip


def test_a_recovery_code_is_good_once_even_for_two_at_the_same_moment(house: House) -> None:
    head, codes = with_codes(house)
    browsers = [half_way(house, head) for _ in range(4)]
    ready = threading.Barrier(len(browsers))

    def enter(browser: Browser) -> None:
        token = browser.token("/recovery-code")
        ready.wait()
        browser.client.post("/recovery-code", data={"code": codes[0], "csrf_token": token})

    threads = [threading.Thread(target=enter, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(browser.is_in for browser in browsers) == 1


@pytest.mark.parametrize("code", ["", " ", "-", "0000-0000-0000", "x" * 4000, ","])
def test_what_is_no_recovery_code_is_refused(house: House, code: str) -> None:
    head, _codes = with_codes(house)
    browser = half_way(house, head)
    assert browser.fill_in("/recovery-code", {"code": code}).status_code == 200
    assert not browser.is_in


def test_the_recovery_code_of_somebody_else_opens_nothing(house: House) -> None:
    head, _codes = with_codes(house)
    _other, theirs = with_codes(house)
    browser = half_way(house, head)
    browser.fill_in("/recovery-code", {"code": theirs[0]})
    assert not browser.is_in


def test_recovery_codes_wait_too_after_five_wrong_ones(house: House) -> None:
    head, codes = with_codes(house)
    browser = half_way(house, head)
    for _time in range(5):
        browser.fill_in("/recovery-code", {"code": "0000-0000-0000"})
    assert browser.fill_in("/recovery-code", {"code": codes[0]}).status_code == 429


def test_an_administrator_forgets_it_and_the_next_sign_in_sets_up_a_new_one(house: House) -> None:
    admin, director = house.person(Role.ADMINISTRATOR, app=True), house.person(Role.DIRECTOR, app=True)
    there = f"/people/{director.id}"
    answer = house.signed_in(admin).fill_in(f"{there}/reset-second-factor", {}, at=there)
    assert answer.status_code == 303
    browser = house.browser()
    assert browser.sign_in(director.email).location == "/second-factor"
    assert house.row(admin).tf_totp_secret == admin.secret


def test_nothing_is_at_the_addresses_that_are_not_used(house: House) -> None:
    browser = house.signed_in(house.person(Role.HEADTEACHER))
    for path in ("/second-factor-lost", "/second-factor/x"):
        assert browser.get(path).status_code in {404, 405}
        assert browser.fill_in(path, {"help_setup": "email", "code": "123456"}, at="/account").status_code == 404


# Two of them.


def test_who_holds_two_chooses(house: House) -> None:
    from tests.accounts.places import passkey

    head = house.person(Role.HEADTEACHER, app=True)
    with house.store.writing() as session:
        passkey(session, session.get_one(Account, head.id).id)
    browser = half_way(house, head)
    page = browser.get("/which-second-factor")
    assert heading(page) == "Your second factor"
    assert browser.fill_in("/which-second-factor", {"which": "webauthn"}).location.startswith("/passkey")
    assert heading(browser.get("/passkey")) == "Use your passkey"
    assert browser.fill_in("/which-second-factor", {"which": "authenticator"}).location.startswith("/code")
    for other in ("", "email", "password"):
        assert browser.fill_in("/which-second-factor", {"which": other}).status_code == 200
    browser.fill_in("/code", {"code": code_now(house, head)})
    assert browser.is_in
