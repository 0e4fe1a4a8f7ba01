"""What people do: choose a year, follow a link, search, use the keyboard, come back tomorrow, meet a failure."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.axe import broken_rules
from tests.browser.pages import CALLBACK, DINTON, GRID, OVERVIEW, SCREEN, WEST_SALISBURY, Shown

OpenPage = Callable[..., Shown]

_ROWS: Final = f"#{GRID} .ag-center-cols-container .ag-row"
_SEARCH: Final = "#cluster-search"
_SPINNER_COMES: Final = 400
"""Milliseconds; what is awaited longer is shown to be awaited (`dcc.Loading` in `main.py`)."""


def test_the_year_link_changes_the_address_the_figures_and_the_highlight(page_at: OpenPage) -> None:
    shown = page_at(WEST_SALISBURY)
    latest = shown.words()
    assert shown.chosen_year() == "2016-17"
    shown.choose_year("2015-16")
    assert shown.page.url.endswith(f"{WEST_SALISBURY}?year=2015-16")
    assert "academic year 2015-16" in shown.words()
    assert "21 Sep" in latest, "a meeting of 2016-17"
    assert "21 Sep" not in shown.words()


def test_back_reload_and_a_copied_address_give_the_same_view(page_at: OpenPage) -> None:
    shown = page_at(WEST_SALISBURY)
    latest = shown.words()
    shown.choose_year("2015-16")
    earlier = shown.words()
    assert earlier != latest
    shown.page.reload()
    shown.settle()
    assert shown.words() == earlier
    assert page_at(shown.page.url.removeprefix(_base(shown)), fresh=True).words() == earlier
    shown.page.go_back()
    expect(shown.page.locator(".choice-current")).to_have_text("2016-17")
    shown.settle()
    assert shown.words() == latest


def test_the_overview_keeps_its_year_in_the_address_too(page_at: OpenPage) -> None:
    shown = page_at(OVERVIEW)
    shown.choose_year("2015-16")
    assert shown.page.url.endswith("/?year=2015-16")
    assert page_at("/?year=2015-16").words() == shown.words()


def test_the_chosen_year_is_told_to_those_who_cannot_see_the_highlight(page_at: OpenPage) -> None:
    shown = page_at(WEST_SALISBURY)
    current = shown.page.locator(".choices [aria-current]")
    expect(current).to_have_text("2016-17")


def test_a_drifting_school_is_two_clicks_from_the_overview(page_at: OpenPage) -> None:
    shown = page_at(OVERVIEW)
    shown.ask("() => { window.neverReloaded = true; }")
    shown.page.locator(_ROWS).get_by_role("link", name="The West Salisbury Cluster").click()
    expect(shown.page.locator("h1")).to_have_text("The West Salisbury Cluster")
    shown.settle()
    shown.page.get_by_role("link", name="Dinton").click()
    expect(shown.page.locator("h1")).to_contain_text("Dinton")
    shown.settle()
    assert DINTON in shown.page.url
    assert "You came to 1 of 4 meetings; the middle half of the other schools came" in shown.words()
    assert "Needs action" in shown.words()
    assert shown.ask("() => window.neverReloaded") is True
    assert shown.complaints == []


def test_after_a_move_the_keyboard_starts_at_the_content_of_the_new_page(page_at: OpenPage) -> None:
    page = page_at(OVERVIEW).page
    page.locator("#page a", has_text="West Salisbury").first.click()
    page.wait_for_function("() => document.title.startsWith('The West Salisbury')")
    page.wait_for_function("() => document.activeElement.id === 'page'")
    page.locator("#theme-switch").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-bs-theme="dark"] #engagement-heatmap .main-svg')
    assert page.evaluate("() => document.activeElement.id") == "theme-switch"


def test_the_search_box_narrows_the_grid_and_lets_go_again(page_at: OpenPage) -> None:
    shown = page_at(OVERVIEW)
    rows = shown.page.locator(_ROWS)
    expect(rows).to_have_count(7)
    before = rows.evaluate_all("rows => rows.map(row => row.offsetHeight)")
    shown.page.fill(_SEARCH, "stonehenge")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Stonehenge Area Cluster")
    shown.page.fill(_SEARCH, "")
    expect(rows).to_have_count(len(before))
    assert rows.evaluate_all("rows => rows.map(row => row.offsetHeight)") == before


def test_the_search_knows_the_flags_and_says_when_it_finds_nothing(page_at: OpenPage) -> None:
    shown = page_at(OVERVIEW)
    shown.page.fill(_SEARCH, "overspent")
    expect(shown.page.locator(_ROWS)).to_have_count(1)
    expect(shown.page.locator(_ROWS)).to_contain_text("Salisbury Plain Cluster")
    shown.page.fill(_SEARCH, "no such cluster")
    expect(shown.page.locator(_ROWS)).to_have_count(0)
    expect(shown.page.locator(f"#{GRID} .ag-overlay")).to_contain_text("No")


def test_what_stands_beneath_a_chart_opens_by_keyboard(page_at: OpenPage) -> None:
    shown = page_at(WEST_SALISBURY)
    for words, told in (("Table", "25 % (1 of 4)"), ("What is this number?", "A school’s rate is")):
        _tab_to(shown, words)
        disclosed = shown.panel("engagement-heatmap").locator("details", has_text=words).locator(".disclosed")
        expect(disclosed).to_be_hidden()
        shown.page.keyboard.press("Enter")
        expect(disclosed).to_be_visible()
        expect(disclosed).to_contain_text(told)
    row = shown.panel("engagement-heatmap").locator(".beneath tr", has_text="Dinton")
    assert row.locator("td").all_inner_texts()[:4] == ["● present", "○ apologies", "○ apologies", "■ absent"]


def test_the_skip_link_leads_past_the_header(page_at: OpenPage) -> None:
    shown = page_at(WEST_SALISBURY)
    shown.page.keyboard.press("Tab")
    skip = shown.page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    shown.page.keyboard.press("Enter")
    expect(shown.page.locator("#page")).to_be_focused()
    expect(shown.page.locator("h1")).to_have_text("The West Salisbury Cluster")


def test_light_or_dark_is_switched_and_kept(page_at: OpenPage) -> None:
    shown = page_at(WEST_SALISBURY, fresh=True)
    html = shown.page.locator("html")
    expect(html).to_have_attribute("data-bs-theme", "light")
    light = _chart_ink(shown)
    shown.page.get_by_role("button", name="Light or dark").click()
    expect(html).to_have_attribute("data-bs-theme", "dark")
    shown.page.wait_for_function(
        "light => getComputedStyle(document.querySelector('.ytick text')).fill !== light", arg=light
    )
    shown.page.reload()
    shown.settle()
    expect(html).to_have_attribute("data-bs-theme", "dark")
    assert _chart_ink(shown) != light


def test_an_unknown_address_is_answered_404_on_a_designed_page(page_at: OpenPage) -> None:
    shown = page_at("/cluster/nowhere")
    assert shown.status == 404
    expect(shown.page.locator("h1")).to_have_text("There is nothing at this address")
    for path in ("/nowhere", "/school/nowhere", "/screen/nowhere"):
        assert shown.page.request.get(f"{_base(shown)}{path}").status == 404
    shown.page.get_by_role("link", name="Go to the first page").click()
    expect(shown.page.locator(_ROWS)).to_have_count(7)


def test_it_says_that_it_is_loading_while_the_first_answer_is_awaited(page_at: OpenPage) -> None:
    shown = page_at(OVERVIEW)
    with _answers_held_back(shown):
        shown.page.goto(shown.page.url)
        expect(shown.page.get_by_role("status")).to_have_text("Loading …")
        shown.page.wait_for_timeout(_SPINNER_COMES)
        assert broken_rules(shown.page, practice=False) == []
    shown.settle()
    expect(shown.page.locator(_ROWS)).to_have_count(7)


def test_it_shows_that_it_is_working_while_a_later_answer_is_awaited(page_at: OpenPage) -> None:
    shown = page_at(WEST_SALISBURY)
    with _answers_held_back(shown):
        shown.page.locator(".choice", has_text="2015-16").click()
        expect(shown.page.locator(".dash-dot-spinner")).to_be_visible()
        expect(shown.page.locator("h1")).to_be_visible()
    expect(shown.page.locator(".choice-current")).to_have_text("2015-16")
    expect(shown.page.locator(".dash-dot-spinner")).to_have_count(0)


def test_a_failed_answer_is_told_and_leaves_the_page_usable(page_at: OpenPage) -> None:
    shown = page_at(WEST_SALISBURY)
    shown.page.route(CALLBACK, lambda route: route.fulfill(status=500, body="failed"))
    shown.page.locator(".choice", has_text="2015-16").click()
    expect(shown.page.get_by_role("alert")).to_be_visible()
    expect(shown.page.locator("h1")).to_have_text("The West Salisbury Cluster")
    shown.page.unroute(CALLBACK)
    _menu(shown).get_by_role("link", name="All clusters").click()
    expect(shown.page.locator(_ROWS)).to_have_count(7)
    expect(shown.page.get_by_role("alert")).to_be_hidden()


def test_a_server_that_is_gone_is_told_even_on_the_first_page(page_at: OpenPage) -> None:
    shown = page_at(OVERVIEW)
    shown.page.route(CALLBACK, lambda route: route.abort())
    shown.page.goto(shown.page.url)
    expect(shown.page.get_by_role("alert")).to_be_visible()


def test_print_leaves_out_what_can_only_be_clicked(page_at: OpenPage) -> None:
    shown = page_at(WEST_SALISBURY)
    shown.page.emulate_media(media="print")
    for control in (".top", ".choices", ".beneath summary >> nth=0"):
        expect(shown.page.locator(control)).to_be_hidden()
    expect(shown.page.locator("h1")).to_be_visible()
    expect(shown.page.locator("#engagement-heatmap")).to_be_visible()
    shown.page.emulate_media(media="screen")
    _menu(shown).get_by_role("link", name="All clusters").click()
    expect(shown.page.locator(_SEARCH)).to_be_visible()
    shown.page.emulate_media(media="print")
    expect(shown.page.locator(_SEARCH)).to_be_hidden()
    expect(shown.page.locator(_ROWS)).to_have_count(7)


def test_a_dark_system_gets_a_dark_page_and_a_white_print(page_at: OpenPage) -> None:
    shown = page_at(WEST_SALISBURY, scheme="dark")
    expect(shown.page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    shown.page.emulate_media(media="print", color_scheme="dark")
    for words in ("h1", ".measure >> nth=0", ".headlines li >> nth=0"):
        assert _darkness(shown, words) > 0.5, words
    chart = shown.page.locator(".chart:has(#engagement-heatmap)")
    assert "invert" in chart.evaluate("chart => getComputedStyle(chart).filter"), "drawn light, printed dark"


def test_the_screen_fits_a_large_display_without_scrolling(page_at: OpenPage) -> None:
    shown = page_at(SCREEN)
    shown.page.set_viewport_size({"width": 1920, "height": 1080})
    shown.settle()
    assert shown.ask("() => document.documentElement.scrollHeight") <= 1080
    assert shown.page.locator("#page a").count() == 0, "it leads nowhere"


def _menu(shown: Shown) -> Locator:
    return shown.page.get_by_role("navigation", name="Main")


def _base(shown: Shown) -> str:
    return str(shown.ask("() => location.origin"))


def _tab_to(shown: Shown, words: str) -> None:
    for _ in range(60):
        shown.page.keyboard.press("Tab")
        if shown.ask("() => document.activeElement.innerText") == words:
            return
    pytest.fail(f"“{words}” is out of the keyboard’s reach")


@contextmanager
def _answers_held_back(shown: Shown) -> Generator[None]:
    held: list[Route] = []
    shown.page.route(CALLBACK, lambda route: held.append(route))
    try:
        yield
    finally:  # else a failed test would wait for them for ever
        for route in held:
            route.continue_()
        shown.page.unroute(CALLBACK)


def _chart_ink(shown: Shown) -> str:
    return str(shown.ask("() => getComputedStyle(document.querySelector('.ytick text')).fill"))


def _darkness(shown: Shown, selector: str) -> float:
    """0 for white letters, 1 for black ones."""
    colour = shown.page.locator(selector).evaluate("words => getComputedStyle(words).color")
    parts = [float(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    return 1 - sum(parts) / 3 / 255
