"""Planning meetings in a real browser, by the keyboard alone, and the pages around it on every screen."""

import secrets
from collections.abc import Generator
from datetime import date
from typing import Final

import pytest
from flask.json.tag import TaggedJSONSerializer
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from dashboard import migrations
from dashboard.accounts.sessions import digest
from dashboard.db import Store
from dashboard.models import WebSession
from dashboard.vocabulary import Mark, Role
from tests import builders as put
from tests.browser.axe import broken_rules
from tests.browser.serving import served
from tests.visitors import account

_MILL: Final = "/cluster/mill-cluster"
_MEETINGS: Final = f"{_MILL}/meetings?year=2016-17"
_TOKEN: Final = secrets.token_urlsafe(16)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    path = tmp_path_factory.mktemp("meetings") / "store.sqlite"
    with pytest.MonkeyPatch.context() as patch, served(f"sqlite:///{path.as_posix()}", _fill) as address:
        for module in ("places", "pages"):
            patch.setattr(f"dashboard.meetings.{module}.today", lambda: date(2016, 10, 1))
        yield address


def _fill(store: Store) -> None:
    migrations.upgrade(store)
    with store.writing() as session:
        mill = put.cluster(session, under=put.programme(session, meetings_minimum="4"))
        put.school(session, within=mill)
        put.meeting(session, mill, date(2016, 9, 14), ford_school=Mark.PRESENT).in_school_time = False
        put.meeting(session, mill, date(2017, 3, 14)).title = "A title of some length about reading in year 3"
        person = account(session, Role.COORDINATOR, cluster=mill)
        data = TaggedJSONSerializer().dumps({"_permanent": True, "_user_id": person.fs_uniquifier, "_fresh": True})
        session.add(WebSession(token_sha256=digest(_TOKEN), data=data.encode()))


def _context(browser: Browser, base: str, width: int, scheme: str) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", locale="en-GB"
    )  # type: ignore[arg-type]
    context.add_cookies([{"name": "session", "value": _TOKEN, "url": base}])
    return context


def _tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail("the keyboard does not get there")


def test_a_half_termly_series_is_planned_by_the_keyboard_alone(browser: Browser, base: str) -> None:
    with _context(browser, base, 1440, "light") as context:
        page = context.new_page()
        page.goto(base + _MEETINGS)
        expect(page.locator("h1")).to_have_text("One cluster meeting held, one planned; at least four were agreed")
        _tab_to(page, page.get_by_role("link", name="Plan a series", exact=True))
        page.keyboard.press("Enter")
        _tab_to(page, page.get_by_label("Weekday"))
        page.keyboard.type("Tue")
        _tab_to(page, page.get_by_role("button", name="Show the dates"))
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Six dates proposed, four ticked")
        expect(page.get_by_text("▲ Already past")).to_have_count(1)
        expect(page.get_by_text("▲ This cluster meets that day: Cluster meeting: A title")).to_have_count(1)
        box = page.get_by_role("checkbox", name="Plan Tuesday 17 January 2017")
        _tab_to(page, box)
        page.keyboard.press("Space")
        expect(box).not_to_be_checked()
        _tab_to(page, page.get_by_role("button", name="Plan what is ticked"))
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("One cluster meeting held, four planned; at least four were agreed")
        expect(page.get_by_text("Three meetings are planned.")).to_be_visible()
        planned = page.get_by_role("region", name="Planned meetings").get_by_role("rowheader")
        assert planned.all_inner_texts() == [
            "Tuesday 22 November 2016", "Tuesday 14 March 2017", "Tuesday 9 May 2017", "Tuesday 27 June 2017",
        ]  # fmt: skip


def test_the_pages_break_no_rule_and_fit_every_screen(browser: Browser, base: str) -> None:
    pages = {
        _MEETINGS: 200,
        f"{_MILL}/meetings?year=2018-19": 200,
        f"{_MILL}/meetings/1": 200,
        f"{_MILL}/meetings/series?year=2016-17&rhythm=same_week&week=6&weekday=5&kind=network": 200,
        f"{_MILL}/meetings/series?year=2016-17&rhythm=same_week&week=7&weekday=5&kind=network": 422,
        f"{_MILL}/calendar?year=2016-17": 200,
        "/feeds": 200,
    }
    for width, scheme in ((1440, "light"), (390, "dark")):
        with _context(browser, base, width, scheme) as context:
            page, complaints = context.new_page(), list[str]()
            page.on("console", lambda said, heard=complaints: heard.append(said.text))
            page.on("pageerror", lambda error, heard=complaints: heard.append(str(error)))
            for path, status in pages.items():
                answer = page.goto(base + path)
                assert answer is not None
                assert answer.status == status, path
                page.wait_for_function("() => document.documentElement.dataset.bsTheme")
                assert broken_rules(page) == [], path
                page.set_viewport_size({"width": min(width, 320), "height": 900})
                assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, path
                page.set_viewport_size({"width": width, "height": 900})
            assert [each for each in complaints if "422" not in each] == []
