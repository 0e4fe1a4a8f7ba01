"""A co-ordinator enters the return of two schools by keyboard on a phone, and what the pages are like on the way."""

import secrets
from collections.abc import Generator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.json.tag import TaggedJSONSerializer
from playwright.sync_api import Browser, Page, expect

from dashboard import migrations
from dashboard.accounts.sessions import digest
from dashboard.db import Store, now_utc
from dashboard.models import Cluster, WebSession, WorkgroupCall
from dashboard.vocabulary import Role
from tests.browser.axe import broken_rules
from tests.browser.pages import PATIENCE
from tests.browser.serving import served
from tests.visitors import account
from tests.workgroups.places import settle

_PAGE = "/cluster/mill-cluster/workgroup?year=2022-23"


@pytest.fixture
def phone(browser: Browser, tmp_path: Any) -> Generator[Page]:
    """The phone of the co-ordinator of the Mill Cluster, signed in, with the address of the server as base."""
    token = secrets.token_urlsafe(16)

    def fill(store: Store) -> None:
        migrations.upgrade(store)
        with store.writing() as session:
            at = settle(session)
            session.add(WorkgroupCall(programme_id=at.river, year=2022, due_at=datetime(2022, 9, 30, 15, tzinfo=UTC)))
            person = account(session, Role.COORDINATOR, cluster=session.get(Cluster, at.mill))
            values = {"_permanent": True, "_fresh": True, "_user_id": person.fs_uniquifier}
            data = TaggedJSONSerializer().dumps(values | {"fs_paa": now_utc().timestamp()}).encode()
            session.add(WebSession(token_sha256=digest(token), data=data))

    with served(f"sqlite:///{(tmp_path / 'store.sqlite').as_posix()}", fill) as base:
        context = browser.new_context(
            base_url=base, viewport={"width": 390, "height": 844}, color_scheme="dark", locale="en-GB"
        )
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "session", "value": token, "url": base}])
        yield context.new_page()
        context.close()


def _is_in_order(page: Page, complaints: list[str]) -> None:
    assert complaints == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert broken_rules(page, practice=False) == []


def _tab_to(page: Page, label: str, *, nth: int = 0) -> None:
    """Press Tab until the field of a label has the focus."""
    wanted = page.get_by_label(label, exact=True).nth(nth)
    for _ in range(120):
        if wanted.evaluate("field => field === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{label} cannot be reached by keyboard")


def _press(page: Page, button: str) -> None:
    wanted = page.get_by_role("button", name=button)
    wanted.focus()
    page.keyboard.press("Enter")


def test_a_coordinator_enters_a_return_by_keyboard_on_a_phone(phone: Page) -> None:
    complaints: list[str] = []
    # A refused form answers 422, which Chromium itself notes in the console.
    phone.on("console", lambda said: complaints.append(said.text) if "422" not in said.text else None)
    phone.on("pageerror", lambda error: complaints.append(str(error)))
    phone.goto(_PAGE)
    expect(phone.get_by_text("No return for 2022-23 yet.")).to_be_visible()
    _is_in_order(phone, complaints)
    phone.get_by_role("link", name="Enter the return").press("Enter")
    phone.wait_for_url("**change=yes")

    _tab_to(phone, "Name")
    phone.keyboard.type("Ann Alder")
    _tab_to(phone, "Work e-mail address")
    phone.keyboard.type("ann@gmail.com")
    _tab_to(phone, "Year groups taught")
    phone.keyboard.type("5/6")
    _tab_to(phone, "Year 6 teacher")
    phone.keyboard.press("Space")
    _tab_to(phone, "Name", nth=2)  # the line of Mill High; Lock Primary names nobody
    phone.keyboard.type("Kit Kale")
    _tab_to(phone, "Key Stage 3 lead", nth=2)
    phone.keyboard.press("Space")
    _press(phone, "Add another person")
    expect(phone.get_by_label("Name", exact=True)).to_have_count(4)
    expect(phone.get_by_label("Name", exact=True).nth(3)).to_be_focused()
    phone.keyboard.type("Lee Lime")
    _tab_to(phone, "English lead", nth=3)
    phone.keyboard.press("Space")
    _press(phone, "Store as version 1")

    expect(phone.get_by_role("alert")).to_contain_text("“ann@gmail.com” is a private address")
    _is_in_order(phone, complaints)
    phone.get_by_role("alert").get_by_role("link").press("Enter")
    expect(phone.get_by_label("Work e-mail address").first).to_be_focused()
    phone.keyboard.press("Control+A")
    phone.keyboard.type("ann@example.org")
    phone.keyboard.press("Enter")  # in a field: as the button that stores

    expect(phone.get_by_role("status").first).to_have_text("Version 1 is stored.")
    expect(phone.get_by_text("The workgroup of 2022-23 is complete.")).to_be_visible()
    expect(phone.locator("#school-1, #school-2, #school-3").filter(has_text="Kit Kale")).to_contain_text("Lee Lime")
    expect(phone.get_by_text("1 of 2 schools send an English lead")).to_be_visible()
    phone.get_by_label("Whose addresses").select_option("Year 6 teacher")
    expect(phone.get_by_label("Addresses for a mail program")).to_have_value("Ann Alder <ann@example.org>")
    _is_in_order(phone, complaints)
    phone.goto("/workgroups?year=2022-23")
    expect(phone.get_by_text("1 of 1 return is in for 2022-23, one of them late.")).to_be_visible()
    _is_in_order(phone, complaints)
