"""The overview of hundreds of clusters: there at once, and no heavier for what is out of sight."""

import re
from typing import Final

from playwright.sync_api import expect

from tests.browser.conftest import MANY
from tests.browser.pages import GRID, OVERVIEW, Visits

_ROWS: Final = f"#{GRID} .ag-center-cols-container .ag-row"
_FEW: Final = 60
"""More rows than fit in sight, and far fewer than there are."""


def test_the_overview_draws_only_what_is_in_sight(visits_to_many: Visits) -> None:
    shown = visits_to_many.open(OVERVIEW)
    rows = shown.page.locator(_ROWS)
    expect(rows.nth(5)).to_be_attached()
    assert rows.count() < _FEW
    assert shown.page.locator(f"#{GRID} [aria-rowcount]").get_attribute("aria-rowcount") == str(MANY + 1)
    assert shown.complaints == []
    visits_to_many.leave(shown)


def test_scrolling_draws_further_rows_down_to_the_last(visits_to_many: Visits) -> None:
    shown = visits_to_many.open(OVERVIEW)
    first = shown.page.locator(_ROWS).first.inner_text()
    box = shown.page.locator(f"#{GRID} .ag-body-viewport")
    box.evaluate("box => box.scrollTo(0, box.scrollHeight)")
    last = shown.page.locator(f"{_ROWS}[row-index='{MANY - 1}']")
    expect(last).to_contain_text("schools")
    assert last.inner_text() != first
    assert shown.page.locator(_ROWS).count() < _FEW
    visits_to_many.leave(shown)


def test_a_search_among_many_finds_the_one(visits_to_many: Visits) -> None:
    shown = visits_to_many.open(OVERVIEW)
    fourth = shown.page.locator(f"{_ROWS} [col-id='name'] a").nth(3)
    expect(fourth).to_have_text(re.compile(r"\w"))  # a row may be there before its words
    name = (fourth.text_content() or "").strip()
    shown.page.fill("#cluster-search", name)
    expect(shown.page.locator(f"{_ROWS} [col-id='name'] a").first).to_have_text(name)
    expect(shown.page.locator(f"{_ROWS}[row-index='{_FEW}']")).to_have_count(0)
    shown.page.get_by_role("link", name=name, exact=True).first.click()
    expect(shown.page.locator("h1")).to_have_text(name)
    visits_to_many.leave(shown)


def test_many_clusters_fit_a_phone(visits_to_many: Visits) -> None:
    shown = visits_to_many.open(OVERVIEW, width=390)
    expect(shown.page.locator(_ROWS).first).to_be_attached()
    assert shown.page.locator(_ROWS).count() < _FEW
    assert shown.ask("() => document.documentElement.scrollWidth") <= 390
    visits_to_many.leave(shown)
