"""The plan in a browser: the overview sorted by it, a dot that leads to its criterion, what changed since a day."""

import secrets
from collections.abc import Generator
from datetime import date
from typing import Final

import pytest
from flask.json.tag import TaggedJSONSerializer
from playwright.sync_api import Browser, Page, expect

from dashboard import migrations
from dashboard.accounts.sessions import digest
from dashboard.db import Store
from dashboard.models import WebSession
from dashboard.vocabulary import CriterionState, PlanChangeKind, Role
from tests import builders as put
from tests.browser.pages import GRID, PATIENCE
from tests.browser.serving import served
from tests.visitors import account

PLAN: Final = "/cluster/mill-cluster/plan"
TOKEN: Final = secrets.token_urlsafe(16)
MET, NOT_MET = CriterionState.MET, CriterionState.NOT_MET


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """Four clusters: one is told by its progress, one by what is overdue, one by its evidence, one has no plan."""

    def fill(store: Store) -> None:
        migrations.upgrade(store)
        with store.writing() as session:
            mill, ash, fir = (put.cluster(session, f"{name} Cluster") for name in ("Mill", "Ash", "Fir"))
            art = put.target(
                session, mill, "ART", criteria=(MET, NOT_MET), evidence_on=(date(2017, 2, 1),), due=date(2017, 6, 3)
            )
            put.change(session, art, PlanChangeKind.OWNER, date(2017, 2, 3), after="Arts lead")
            put.meeting(session, mill, date(2017, 2, 8))
            for position in (1, 2):
                put.target(
                    session, ash, f"T{position}", criteria=(MET, MET, NOT_MET), evidence_on=(date(2016, 10, 3),),
                    due=date(2017, 2, 1), position=position,
                )  # fmt: skip
            put.target(session, fir, "T1", criteria=(MET,))
            put.allocation(session, put.cluster(session, "Oak Cluster"), 100)
            who = {"_permanent": True, "_user_id": account(session, Role.DIRECTOR).fs_uniquifier, "_fresh": True}
            session.add(WebSession(token_sha256=digest(TOKEN), data=TaggedJSONSerializer().dumps(who).encode()))

    path = tmp_path_factory.mktemp("plan") / "store.sqlite"
    with served(f"sqlite:///{path.as_posix()}", fill) as address:
        yield address


@pytest.fixture
def page(browser: Browser, base: str) -> Generator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "session", "value": TOKEN, "url": base}])
    yield context.new_page()
    context.close()


def test_the_overview_sorts_by_progress_by_what_is_overdue_and_by_the_age_of_evidence(page: Page, base: str) -> None:
    page.goto(f"{base}/")
    names = page.locator(f"#{GRID} .ag-center-cols-container .ag-row")

    def in_order(*told: str) -> None:
        for place, name in enumerate(told):
            expect(page.locator(f"#{GRID} .ag-row[row-index='{place}'] [col-id='name'] a")).to_have_text(
                f"{name} Cluster"
            )

    def sort_by(head: str, times: int) -> None:
        for _ in range(times):
            page.locator(f"#{GRID} .ag-header-cell", has_text=head).click()

    expect(names).to_have_count(4)
    sort_by("Plan", 2)
    in_order("Fir", "Ash", "Mill", "Oak")
    sort_by("Overdue", 2)
    in_order("Ash")
    expect(page.locator(f"#{GRID} .ag-row[row-index='3'] [col-id='name'] a")).to_have_text("Oak Cluster")
    sort_by("Evidence", 2)
    in_order("Fir", "Ash", "Mill", "Oak")
    expect(page.locator(f"#{GRID} .ag-row[row-index='0']")).to_contain_text("no evidence")
    expect(page.locator(f"#{GRID} .ag-row[row-index='3']")).to_contain_text("no plan")
    page.get_by_role("link", name="Least of the plan met").click()
    page.wait_for_url(f"{base}/?sort=progress")
    expect(page.locator(".choice-current", has_text="Least of the plan met")).to_be_visible()
    in_order("Mill", "Ash", "Fir", "Oak")


def test_a_dot_a_card_and_a_row_lead_to_the_target_and_changes_are_counted_from_any_day(page: Page, base: str) -> None:
    page.goto(f"{base}/cluster/mill-cluster?year=2016-17")
    page.get_by_role("link", name="Plan", exact=True).click()
    page.wait_for_url(f"{base}{PLAN}")
    target = f"{base}{PLAN}/ART?year=2016-17"
    card = page.locator(".board-card", has_text="ART")
    expect(card).to_contain_text("1 of 2 criteria met")
    expect(card.get_by_role("link")).to_have_attribute("href", f"{PLAN}/ART?year=2016-17")
    dots = page.locator("#plan-progress .scatterlayer path.point")
    expect(dots).to_have_count(2)
    dots.nth(1).scroll_into_view_if_needed()
    box = dots.nth(1).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(f"{target}#criterion-2")
    page.go_back()
    panel = page.locator("section:has(#plan-progress)")
    panel.locator("summary", has_text="Table").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the box that scrolls
    page.keyboard.press("Tab")
    expect(panel.get_by_role("link", name="ART, 1: Done")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{target}#criterion-1")
    page.go_back()
    changes = page.locator("section", has=page.locator(".changes"))
    expect(changes.locator("h2")).to_have_text("Nothing changed in the plan since the meeting on 8 February 2017.")
    changes.get_by_label("Or since").fill("2017-02-02")
    changes.get_by_role("button", name="Show").click()
    page.wait_for_url(f"{base}{PLAN}?since=2017-02-02&year=2016-17")
    expect(changes.locator("h2")).to_have_text("One target changed since 2 February 2017: ART.")
    expect(changes).to_contain_text("ART is now with Arts lead.")
    page.set_viewport_size({"width": 390, "height": 844})
    columns = [each.bounding_box() for each in page.locator(".board-column").all()]
    assert len({box["x"] for box in columns if box}) == 1, "one column under another on a phone"
    page.goto(f"{base}{PLAN}/one-page?year=2016-17")
    expect(page.locator("h1")).to_have_text("Plan of Mill Cluster, 2016-17")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
