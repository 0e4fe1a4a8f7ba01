"""Signing in as people do it, in a real browser: with the mouse, by the keyboard alone, with an app and a passkey."""

import re
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard import migrations
from dashboard.accounts.first_start import make_set_up_link
from dashboard.db import Store
from dashboard.models import Account, Cluster, School
from dashboard.vocabulary import Mark, Role
from tests import builders as put
from tests.accounts.house import OTHER, PASSWORD, WRONG, hashed
from tests.accounts.places import settle
from tests.browser.axe import broken_rules
from tests.browser.serving import served
from tests.visitors import account

_VIEWS: Final = [(width, scheme) for width in (1440, 390) for scheme in ("light", "dark")]
_AUTHENTICATOR: Final = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """A served store, and how to get at it past the pages."""

    base: str
    store: Store

    def person(self, *roles: Role) -> str:
        """Somebody with an account and a password; gives the address."""
        with self.store.writing() as session:
            cluster, school = session.query(Cluster).first(), session.query(School).first()
            row = account(session, *roles, cluster=cluster, school=school)
            row.password = hashed(PASSWORD)
            return row.email


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Generator[Desk]:
    """A server for people who are still to come."""
    yield from _served(tmp_path_factory, _settle)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Generator[Desk]:
    """A server with one account, so that nobody looks around."""

    def fill(store: Store) -> None:
        _settle(store)
        with store.writing() as session:
            account(session, Role.ADVISOR, email="first@example.org")

    yield from _served(tmp_path_factory, fill)


def _served(tmp_path_factory: pytest.TempPathFactory, fill: Callable[[Store], None]) -> Generator[Desk]:
    path, kept = tmp_path_factory.mktemp("desk") / "store.sqlite", []

    def keep(store: Store) -> None:
        fill(store)
        kept.append(store)

    with served(f"sqlite:///{path.as_posix()}", keep) as base:
        # Passkeys are for names, not for numbers.
        yield Desk(base.replace("127.0.0.1", "localhost"), kept[0])


def _settle(store: Store) -> None:
    migrations.upgrade(store)
    with store.writing() as session:
        at = settle(session)
        cluster, school = session.get_one(Cluster, at.mill), session.get_one(School, at.mill_school)
        put.mark(session, put.meeting(session, cluster, date(2016, 10, 4)), school, Mark.PRESENT)


@pytest.fixture
def context(browser: Browser) -> Generator[BrowserContext]:
    made = browser.new_context(reduced_motion="reduce")
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def heading(page: Page, words: str) -> None:
    expect(page.locator("h1")).to_have_text(words)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def sign_in(page: Page, desk: Desk, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{desk.base}/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    press(page, "Sign in")


def code_of(page: Page, *, steps: int = 0) -> str:
    """What an app shows whose key stands on the page."""
    return code(page.locator("code").first.inner_text(), steps=steps)


def code(key: str, *, steps: int = 0) -> str:
    app = TOTP(key=key.replace("-", ""), format="base32")
    return str(app.generate(time=int(time.time()) + 30 * steps).token)


def set_up_app(page: Page) -> str:
    """From the page that offers it to the one after it; gives the key."""
    press(page, "Set up an app")
    key = page.locator("code").first.inner_text()
    page.get_by_label("Code").fill(code(key))
    press(page, "Use this app from now on")
    return key


def with_passkeys(page: Page) -> None:
    """Give the browser a security key that says yes to everything."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})


def add_passkey(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.base}/passkeys")
    page.get_by_label("What is it called?").fill("office laptop")
    press(page, "Go on")
    expect(page.get_by_role("status")).to_have_text("The passkey is added. It is asked for from now on.")


# What people do.


def test_from_the_set_up_link_to_the_people_page(empty: Desk, page: Page) -> None:
    link = make_set_up_link(empty.store, empty.base)
    assert link is not None
    page.goto(link)
    heading(page, "Set up the dashboard")
    page.get_by_label("Your work e-mail address").fill("first@example.org")
    page.get_by_label("A password for this dashboard").fill(PASSWORD)
    page.get_by_label("The password again").fill(WRONG)
    press(page, "Make the first administrator")
    expect(page.get_by_role("alert")).to_contain_text("The two passwords are not the same.")
    page.get_by_label("A password for this dashboard").fill(PASSWORD)
    page.get_by_label("The password again").fill(PASSWORD)
    press(page, "Make the first administrator")
    heading(page, "Sign in")
    expect(page.get_by_role("status")).to_contain_text("The first administrator is made.")
    sign_in(page, empty, "first@example.org")
    heading(page, "Your authenticator app")
    expect(page.locator("p", has_text="Your role lets you see or change much")).to_be_visible()
    set_up_app(page)
    heading(page, "Recovery codes")
    page.on("dialog", lambda dialog: dialog.accept())
    press(page, "Make new codes")
    expect(page.locator(".codes code")).to_have_count(5)
    page.get_by_role("link", name="People").click()
    heading(page, "People")
    assert page.goto(link).status == 404  # type: ignore[union-attr]


def test_a_headteacher_signs_in_lands_at_the_own_school_and_signs_out(desk: Desk, page: Page) -> None:
    sign_in(page, desk, desk.person(Role.HEADTEACHER), WRONG)
    expect(page.get_by_role("alert")).to_contain_text("The e-mail address or the password is not right.")
    sign_in(page, desk, desk.person(Role.HEADTEACHER))
    heading(page, "Mill School")
    assert page.url == f"{desk.base}/school/mill-school"
    page.get_by_role("button", name="Sign out").click()
    heading(page, "Sign in")
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    page.go_back()
    page.reload()
    heading(page, "Sign in")


def test_it_all_goes_by_the_keyboard_alone(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.base}/change-password")
    heading(page, "Sign in")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(desk.person(Role.HEADTEACHER))
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    heading(page, "Your password")
    page.get_by_label("Your password now").focus()
    for typed in (PASSWORD, OTHER, "something else"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Change the password")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The two passwords are not the same.")
    page.get_by_role("alert").get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("The new password again")).to_be_focused()


def test_an_app_is_set_up_and_asked_for_with_the_next_sign_in(desk: Desk, page: Page) -> None:
    email = desk.person(Role.HEADTEACHER)
    sign_in(page, desk, email)
    heading(page, "Mill School")
    page.goto(f"{desk.base}/second-factor")
    key = set_up_app(page)
    heading(page, "Your account")
    press(page, "Sign out here")
    sign_in(page, desk, email)
    heading(page, "The code from your app")
    page.get_by_label("Code").fill("000000")
    press(page, "Go on")
    expect(page.get_by_role("alert")).to_contain_text("This code is not right")
    page.get_by_label("Code").fill(code(key, steps=1))
    press(page, "Go on")
    heading(page, "Mill School")


def test_a_passkey_is_made_and_used(desk: Desk, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    with_passkeys(page)
    email = desk.person(Role.HEADTEACHER)
    sign_in(page, desk, email)
    heading(page, "Mill School")
    add_passkey(page, desk)
    expect(page.get_by_role("rowheader", name="office laptop")).to_be_visible()
    page.goto(f"{desk.base}/account")
    press(page, "Sign out here")
    sign_in(page, desk, email)
    heading(page, "Use your passkey")
    press(page, "Go on with a passkey")
    heading(page, "Mill School")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{desk.base}/passkeys")
    press(page, "Remove")
    expect(page.get_by_role("status")).to_have_text("The passkey is removed.")
    assert complaints == []


def test_a_browser_without_a_passkey_says_so_and_lets_try_again(desk: Desk, page: Page) -> None:
    sign_in(page, desk, desk.person(Role.HEADTEACHER))
    heading(page, "Mill School")
    page.goto(f"{desk.base.replace('localhost', '127.0.0.1')}/sign-in")
    sign_in(page, Desk(desk.base.replace("localhost", "127.0.0.1"), desk.store), desk.person(Role.HEADTEACHER))
    heading(page, "Mill School")
    page.goto(f"{desk.base.replace('localhost', '127.0.0.1')}/passkeys")
    page.get_by_label("What is it called?").fill("office laptop")
    press(page, "Go on")
    expect(page.get_by_role("alert")).to_contain_text("No passkey was made.")
    expect(page.get_by_role("button", name="Add the passkey")).to_be_focused()


def test_two_of_them_and_a_choice(desk: Desk, page: Page) -> None:
    with_passkeys(page)
    email = _with_both(desk, page)
    sign_in(page, desk, email)
    heading(page, "Your second factor")
    press(page, "A passkey")
    heading(page, "Use your passkey")
    page.get_by_role("link", name="Use the authenticator app instead").click()
    press(page, "A code from my authenticator app")
    heading(page, "The code from your app")
    page.get_by_role("link", name="Use a passkey instead").click()
    press(page, "A passkey")
    press(page, "Go on with a passkey")
    heading(page, "Mill School")


def _with_both(desk: Desk, page: Page) -> str:
    """Somebody with an app and a passkey, signed out again."""
    email = desk.person(Role.HEADTEACHER)
    sign_in(page, desk, email)
    heading(page, "Mill School")
    page.goto(f"{desk.base}/second-factor")
    set_up_app(page)
    add_passkey(page, desk)
    page.goto(f"{desk.base}/account")
    press(page, "Sign out here")
    return email


# What every page of it looks like.


def _signed_in(desk: Desk, page: Page, path: str, role: Role = Role.HEADTEACHER) -> None:
    sign_in(page, desk, desk.person(role))
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{desk.base}{path}")


def _wrong(desk: Desk, page: Page) -> None:
    sign_in(page, desk, "nobody@example.org", WRONG)


def _weak(desk: Desk, page: Page) -> None:
    _signed_in(desk, page, "/change-password")
    page.get_by_label("The new password", exact=True).fill("short")
    press(page, "Change the password")


def _link(desk: Desk, page: Page) -> None:
    from dashboard.accounts.sign_in import at_the_desk, password_link
    from dashboard.settings import Settings
    from tests.browser.serving import SECRET

    email = desk.person(Role.HEADTEACHER)
    with desk.store.reading() as session:
        number = session.query(Account.id).filter_by(email=email).scalar()
    with at_the_desk(desk.store, Settings(secret_key=SECRET)):
        page.goto(password_link(number, desk.base))


def _picture(desk: Desk, page: Page) -> None:
    _signed_in(desk, page, "/second-factor", Role.ADMINISTRATOR)
    sign_in(page, desk, desk.person(Role.DIRECTOR))
    press(page, "Set up an app")


def _half_way(desk: Desk, page: Page, path: str = "") -> None:
    email = desk.person(Role.HEADTEACHER)
    sign_in(page, desk, email)
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{desk.base}/second-factor")
    set_up_app(page)
    press(page, "Sign out here")
    sign_in(page, desk, email)
    if path:
        page.goto(f"{desk.base}{path}")


def _wrong_code(desk: Desk, page: Page) -> None:
    _half_way(desk, page)
    page.get_by_label("Code").fill("000000")
    press(page, "Go on")


def _codes(desk: Desk, page: Page) -> None:
    _signed_in(desk, page, "/recovery-codes")
    page.on("dialog", lambda dialog: dialog.accept())
    press(page, "Make new codes")


def _passkeys(desk: Desk, page: Page) -> None:
    with_passkeys(page)
    _signed_in(desk, page, "/account")
    add_passkey(page, desk)


def _passkey(desk: Desk, page: Page) -> None:
    _passkeys(desk, page)
    email = page.locator(".who a").first.inner_text()
    page.goto(f"{desk.base}/account")
    press(page, "Sign out here")
    sign_in(page, desk, email)


def _no_passkey(desk: Desk, page: Page) -> None:
    _signed_in(desk, page, "/passkeys")
    page.add_init_script("navigator.credentials.create = () => Promise.reject(new Error('none'))")
    page.get_by_label("What is it called?").fill("office laptop")
    press(page, "Go on")
    expect(page.get_by_role("alert")).to_be_visible()


def _choice(desk: Desk, page: Page) -> None:
    with_passkeys(page)
    sign_in(page, desk, _with_both(desk, page))


def _confirm(desk: Desk, page: Page, path: str = "/confirm-it-is-you") -> None:
    _passkeys(desk, page)
    page.goto(f"{desk.base}{path}")


def _too_often(desk: Desk, page: Page) -> None:
    for _time in range(6):
        sign_in(page, desk, "guessed@example.org", WRONG)


_PAGES: Final[Mapping[str, tuple[str, Callable[[Desk, Page], None]]]] = {
    "sign in": ("Sign in", lambda desk, page: page.goto(f"{desk.base}/sign-in") and None),
    "wrong password": ("Sign in", _wrong),
    "too often": ("Too many tries", _too_often),
    "new password": ("A new password", lambda desk, page: page.goto(f"{desk.base}/new-password") and None),
    "link": ("Choose your password", _link),
    "account": ("Your account", lambda desk, page: _signed_in(desk, page, "/account")),
    "weak password": ("Your password", _weak),
    "app": ("Your authenticator app", lambda desk, page: _signed_in(desk, page, "/second-factor")),
    "picture": ("Your authenticator app", _picture),
    "code": ("The code from your app", _half_way),
    "wrong code": ("The code from your app", _wrong_code),
    "recovery code": ("Use a recovery code", lambda desk, page: _half_way(desk, page, "/recovery-code")),
    "recovery codes": ("Recovery codes", _codes),
    "passkeys": ("Your passkeys", _passkeys),
    "no passkey": ("Your passkeys", _no_passkey),
    "passkey": ("Use your passkey", _passkey),
    "choice": ("Your second factor", _choice),
    "confirm": ("Confirm that it is you", _confirm),
    "confirm by passkey": (
        "Confirm by a passkey that it is you", lambda desk, page: _confirm(desk, page, "/confirm-by-passkey"),
    ),
}  # fmt: skip
"""What it is → what it is called, and how one gets there."""


def _looks_right(page: Page, called: str) -> None:
    heading(page, called)
    assert page.title() == f"{called} – Schools Cluster Dashboard"
    assert page.locator("h1").count() == 1
    for width, scheme in _VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate("scheme => document.documentElement.setAttribute('data-bs-theme', scheme)", scheme)
        assert broken_rules(page) == [], (width, scheme)
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("what", _PAGES)
def test_a_page_of_signing_in_breaks_no_rule_and_needs_nothing_that_is_stopped(
    desk: Desk, page: Page, what: str
) -> None:
    stopped: list[str] = []
    page.on("console", lambda said: stopped.append(said.text) if "Content Security Policy" in said.text else None)
    called, arrive = _PAGES[what]
    arrive(desk, page)
    _looks_right(page, called)
    assert stopped == []


def test_nor_do_the_pages_before_anybody_has_an_account(empty: Desk, page: Page) -> None:
    page.goto(f"{empty.base}/sign-in")
    expect(page.get_by_role("button", name="Look around as a director")).to_be_visible()
    _looks_right(page, "Sign in")
    page.goto(str(make_set_up_link(empty.store, empty.base)))
    press(page, "Make the first administrator")
    _looks_right(page, "Set up the dashboard")


def test_every_field_says_what_it_is_for_to_password_managers(desk: Desk, page: Page) -> None:
    expected = {
        "sign in": ["username", "current-password"],
        "link": ["new-password", "new-password"],
        "weak password": ["current-password", "new-password", "new-password"],
        "code": ["one-time-code"],
    }
    for what, fields in expected.items():
        page.context.clear_cookies()
        _PAGES[what][1](desk, page)
        inputs = page.locator("main input.form-control")
        expect(inputs).to_have_count(len(fields))  # the page before may still be on its way out
        expect(inputs.first).to_have_attribute("autocomplete", fields[0])
        found: list[Any] = inputs.evaluate_all("fields => fields.map(field => field.getAttribute('autocomplete'))")
        assert found == fields
        labels = inputs.evaluate_all("fields => fields.map(f => f.labels.length)")
        assert set(labels) == {1}
        assert re.search(r"\bautofocus\b", page.content()) is None
