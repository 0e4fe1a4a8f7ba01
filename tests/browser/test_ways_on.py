"""From a chart to what stands behind it: a click on a meeting, on a column, on a flag; and the same by keyboard."""

import secrets
from collections.abc import Generator
from dataclasses import dataclass
from typing import Final

import pytest
from flask.json.tag import TaggedJSONSerializer
from playwright.sync_api import Browser, Page, expect

from dashboard import migrations
from dashboard.accounts.sessions import digest
from dashboard.db import Store
from dashboard.models import WebSession
from dashboard.vocabulary import EventKind, Mark, Role, UseCode
from tests import builders as put
from tests.browser.pages import GRID, PATIENCE
from tests.browser.serving import served
from tests.visitors import account

CLUSTER: Final = "/cluster/mill-cluster?year=2016-17"


@dataclass(frozen=True)
class Place:
    base: str
    token: str
    meetings: tuple[int, ...]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Generator[Place]:
    """Five clusters that came to 0 … 4 of 4 meetings; in one of them a school on sabbatical for the last two."""
    made: list[int] = []
    token = secrets.token_urlsafe(16)

    def fill(store: Store) -> None:
        migrations.upgrade(store)
        with store.writing() as session:
            mill = put.cluster(session)
            ford, weir = put.school(session, within=mill), put.school(session, "Weir School", within=mill)
            held = put.register(session, mill, ford, "PNNN")
            put.event(session, mill, weir, EventKind.SABBATICAL, held[2].held_on)
            for each in held[:2]:
                put.mark(session, each, weir, Mark.PRESENT)
            made.extend(each.id for each in held)
            put.allocation(session, mill, 90_000)
            put.line(session, mill, 60_000, use=UseCode.A1)
            for number in range(4):
                cluster = put.cluster(session, f"Cluster {number}")
                school = put.school(session, f"School {number}", within=cluster)
                put.register(session, cluster, school, "P" * number + "N" * (4 - number))
            who = {"_permanent": True, "_user_id": account(session, Role.DIRECTOR).fs_uniquifier, "_fresh": True}
            data = TaggedJSONSerializer().dumps(who).encode()
            session.add(WebSession(token_sha256=digest(token), data=data))

    path = tmp_path_factory.mktemp("ways") / "store.sqlite"
    with served(f"sqlite:///{path.as_posix()}", fill) as base:
        yield Place(base, token, tuple(made))


@pytest.fixture
def page(browser: Browser, place: Place) -> Generator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "session", "value": place.token, "url": place.base}])
    yield context.new_page()
    context.close()


def tile(page: Page, chart: str, across: float, down: float) -> tuple[float, float]:
    """A point of a chart, as shares of the area in which it is drawn."""
    area = page.locator(f"#{chart} .nsewdrag").first
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    return box["x"] + box["width"] * across, box["y"] + box["height"] * down


def test_a_meeting_leads_to_its_register_by_pointer_and_by_keyboard(page: Page, place: Place) -> None:
    page.goto(place.base + CLUSTER)
    words = page.locator("#engagement-heatmap .hoverlayer")
    expect(page.locator("#engagement-heatmap .heatmaplayer image")).to_be_visible()
    page.mouse.move(*tile(page, "engagement-heatmap", 0.9, 0.75))
    expect(words).to_contain_text("on sabbatical")
    page.mouse.move(*tile(page, "engagement-heatmap", 0.3, 0.25))
    expect(words).to_contain_text("2 October 2016: absent")
    page.mouse.click(*tile(page, "engagement-heatmap", 0.3, 0.25))
    page.wait_for_url(f"{place.base}/register/{place.meetings[1]}")
    page.go_back()
    panel = page.locator("section:has(#engagement-heatmap)")
    panel.locator("summary", has_text="Table").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the box that scrolls
    page.keyboard.press("Tab")
    expect(panel.get_by_role("link", name="1 October 2016")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{place.base}/register/{place.meetings[0]}")


def test_an_amount_leads_to_its_lines_by_pointer_and_by_keyboard(page: Page, place: Place) -> None:
    page.goto(f"{place.base}/cluster/mill-cluster/money?year=2016-17")
    lines = f"{place.base}/cluster/mill-cluster/ledger?year=2016-17&pot=lead_held&part=A"
    expect(page.locator("#funding-by-use .barlayer .point path").first).to_be_visible()
    page.mouse.click(*tile(page, "funding-by-use", 0.3, 0.75))
    page.wait_for_url(f"{lines}&use=A1&state=spent,promised")
    page.go_back()
    panel = page.locator("section:has(#funding-spend-against-allocation)")
    panel.locator("summary", has_text="Table").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the box that scrolls
    page.keyboard.press("Tab")
    expect(panel.get_by_role("link", name="Part A")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(lines)


def test_a_flag_opens_by_keyboard_and_leads_to_a_step(page: Page, place: Place) -> None:
    page.goto(place.base + CLUSTER)
    flag = page.locator(".flags details").first
    flag.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(flag).to_contain_text("A school that came to 2 or fewer of at least 3 meetings")
    expect(flag).to_contain_text("Source 3.11.")
    expect(flag.locator("tbody tr")).to_have_count(4)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(flag.get_by_role("link", name="What other clusters did, and log a step")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{place.base}/cluster/mill-cluster/concerns/new?school=ford-school&rule=low_attendance")


def test_a_column_lists_its_clusters_and_back_lists_all(page: Page, place: Place) -> None:
    page.goto(place.base)
    rows = page.locator(f"#{GRID} .ag-center-cols-container .ag-row")
    expect(rows).to_have_count(5)
    page.mouse.click(*tile(page, "overview-spread", 0.53, 0.8))
    page.wait_for_url(f"{place.base}/?rate=50-60")
    expect(rows).to_have_count(2)
    expect(page.locator(".chosen")).to_contain_text("50 to 59")
    page.go_back()
    expect(rows).to_have_count(5)
    page.goto(f"{place.base}/?rate=50-60")
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="Show all clusters").click()
    expect(rows).to_have_count(5)
