"""A headteacher's ten minutes on a phone: signs in, reads what waits, opens a task, comes back, and prints one page."""

import io
from collections.abc import Generator
from datetime import date
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from dashboard import migrations
from dashboard.db import Store
from dashboard.vocabulary import Mark, Role
from tests import builders as put
from tests.accounts.house import PASSWORD, hashed
from tests.browser.axe import broken_rules
from tests.browser.serving import served
from tests.headteacher.world import Mill
from tests.visitors import account

EMAIL: Final = "head@example.org"


def _fill(store: Store) -> None:
    migrations.upgrade(store)
    with store.writing() as session:
        world = Mill(session)
        put.meeting(session, world.mill, date(2016, 10, 5), ford_school=Mark.PRESENT)
        row = account(session, Role.HEADTEACHER, school=world.ford, email=EMAIL)
        row.password = hashed(PASSWORD)


@pytest.fixture
def base(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    path = tmp_path_factory.mktemp("headteacher") / "store.sqlite"
    with served(f"sqlite:///{path.as_posix()}", _fill) as address:
        yield address.replace("127.0.0.1", "localhost")


def test_a_headteacher_reads_what_waits_on_a_phone_and_prints_one_page(browser: Browser, base: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.goto(f"{base}/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Ford School")
    page.goto(f"{base}/school/ford-school?year=2016-17")
    expect(page.locator(".message-of-the-page")).to_contain_text("overdue")
    expect(page.locator(".headlines li")).to_have_count(3)
    overdue = page.locator(".tasks li", has_text="T-mill-cluster")
    expect(overdue.locator(".state")).to_have_text("■ Overdue")
    expect(overdue.locator("time")).to_have_attribute("datetime", "2017-02-01")
    _fits(page)
    assert broken_rules(page) == []

    overdue.get_by_role("link", name="Open the target").click()
    expect(page.locator("h1")).to_contain_text("T-mill-cluster")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Ford School")
    with page.expect_download() as calendar:
        page.get_by_role("link", name="Meetings for your calendar").click()
    assert calendar.value.suggested_filename == "ford-school-meetings.ics"

    page.get_by_role("link", name="Print for governors").click()
    expect(page.get_by_role("heading", name="Release money")).to_be_visible()
    _fits(page)
    assert broken_rules(page) == []
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    words = " ".join(printed.pages[0].extract_text().split())
    assert "£300 of £500 release money used" in words
    assert "Weir" not in words
    assert complaints == []
    context.close()


def _fits(page: Page) -> None:
    """Nobody has to scroll sideways."""
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
