"""The director's morning: what presses first, choices in the address, a star, a saved view, the note of the visit."""

import re
import secrets
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from flask.json.tag import TaggedJSONSerializer
from playwright.sync_api import Browser, Page, expect

from dashboard import migrations
from dashboard.access import whole_store
from dashboard.accounts.sessions import digest
from dashboard.db import Store
from dashboard.models import OverviewVisit, WebSession
from dashboard.vocabulary import Role
from tests import builders as put
from tests.browser.pages import GRID, PATIENCE
from tests.browser.serving import served
from tests.visitors import account

_ROWS: Final = f"#{GRID} .ag-center-cols-container .ag-row"
TOKEN: Final = secrets.token_urlsafe(16)


@dataclass(frozen=True)
class Place:
    base: str
    address: str

    def visits(self) -> int:
        with whole_store(self.address) as store, store.reading() as session:
            return session.scalar(sa.select(sa.func.count(OverviewVisit.id))) or 0


def fill(store: Store) -> None:
    """Three clusters: one with a school that stays away, one with money left over, one of another programme."""
    migrations.upgrade(store)
    with store.writing() as session:
        programme = put.programme(session, "Science Clusters")
        mill, weir = (put.cluster(session, f"{name} Cluster", under=programme) for name in ("Mill", "Weir"))
        put.cluster(session, "Decoy Cluster", under=put.programme(session, "Decoy Programme"))
        ford = put.school(session, within=mill)
        put.register(session, mill, ford, "PNNN")
        put.register(session, weir, put.school(session, "Lock School", within=weir), "PPPP")
        put.allocation(session, weir, 90_000)
        data = {"_permanent": True, "_user_id": account(session, Role.DIRECTOR).fs_uniquifier, "_fresh": True}
        session.add(WebSession(token_sha256=digest(TOKEN), data=TaggedJSONSerializer().dumps(data).encode()))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Generator[Place]:
    path: Path = tmp_path_factory.mktemp("morning") / "store.sqlite"
    address = f"sqlite:///{path.as_posix()}"
    with served(address, fill) as base:
        yield Place(base, address)


@pytest.fixture
def page(browser: Browser, place: Place) -> Generator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "session", "value": TOKEN, "url": place.base}])
    yield context.new_page()
    context.close()


def test_a_morning_from_the_first_look_to_a_saved_view(page: Page, place: Place) -> None:
    page.goto(place.base)
    rows = page.locator(_ROWS)
    expect(rows).to_have_count(3)
    first = page.locator(".pressing-list > li").first
    expect(first).to_contain_text("Ford School came to 1 of 4 meetings.")
    expect(first).to_contain_text("Why: A school that came to")
    expect(first.get_by_role("link", name="See why")).to_have_attribute(
        "href", "/cluster/mill-cluster/rows/attendance?year=2016-17&school=ford-school"
    )

    # The form moves to an address that says what is chosen, and back, reload and a copied address give the same view.
    page.get_by_label("Programme").select_option("Science Clusters")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url(f"{place.base}/?programme=Science+Clusters")
    expect(rows).to_have_count(2)
    page.get_by_label("Search schools and clusters").fill("lock school")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{place.base}/?q=lock+school&programme=Science+Clusters")
    expect(rows).to_have_count(1)
    expect(page.locator(".found")).to_contain_text("Lock School")
    page.reload()
    expect(rows).to_have_count(1)
    page.go_back()
    expect(rows).to_have_count(2)
    page.get_by_role("link", name=re.compile("Take back: Programme")).click()
    expect(rows).to_have_count(3)
    assert page.url == f"{place.base}/"

    # A star by keyboard: Enter in its cell; it is there after the page was loaded again.
    star = page.locator(f"{_ROWS}[row-index='0'] [col-id='watched']")
    expect(star).to_contain_text("☆ Watch")
    star.focus()
    page.keyboard.press("Enter")
    expect(star).to_contain_text("★ Watched")
    page.reload()
    page.get_by_role("link", name="★ Watched (1)").click()
    expect(rows).to_have_count(1)

    # What is chosen is kept under a name, and found again as the view that holds.
    page.get_by_text("Save this view").click()
    page.get_by_label("Name").fill("My mornings")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".choice-current", has_text="My mornings")).to_be_visible()
    assert page.url == f"{place.base}/?watched=1"

    # A figure leads to its rows, a flag to its cluster, where the star stands too.
    figure = page.locator(f"{_ROWS} [col-id='rate'] a")
    expect(figure).to_have_attribute("href", "/cluster/mill-cluster/rows/attendance?year=2016-17")
    page.locator(f"{_ROWS} [col-id='flags'] a").click()
    expect(page.locator("h1")).to_have_text("Mill Cluster")
    page.get_by_role("button", name="You watch this cluster").click()
    expect(page.get_by_role("button", name="☆ Watch this cluster")).to_be_visible()
    page.goto(f"{place.base}/?watched=1")
    expect(page.locator("#page")).to_contain_text("You watch no cluster yet.")
    assert place.visits() == 1
