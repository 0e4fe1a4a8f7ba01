"""What is the same on every page: menu, help, keys, waiting, and the question before a session ends."""

import re
from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.axe import broken_rules
from tests.browser.pages import CALLBACK, OVERVIEW, WEST_SALISBURY, Shown

OpenPage = Callable[..., Shown]
_LEDGER = "/cluster/west-salisbury-cluster/ledger"


@pytest.mark.parametrize("path", [WEST_SALISBURY, _LEDGER])
def test_on_a_phone_the_menu_takes_one_row_and_opens_without_a_script(page_at: OpenPage, path: str) -> None:
    page = page_at(path, 390).page
    header = page.get_by_role("banner")
    box = header.bounding_box()
    assert box is not None
    assert box["height"] <= 64
    expect(page.get_by_role("navigation", name="Main")).to_have_count(0)
    header.get_by_text("Menu").click()
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Concerns")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Main")).to_have_count(0)
    assert page.evaluate("() => document.activeElement.textContent") == "Menu"


@pytest.mark.parametrize("path", [OVERVIEW, _LEDGER])
def test_help_keys_and_the_way_to_light_or_dark_are_where_they_always_are(page_at: OpenPage, path: str) -> None:
    page = page_at(path).page
    order = page.locator("header a, header summary").all_inner_texts()
    assert order[order.index("Help") - 1] == "Who did what"
    expect(page.get_by_role("contentinfo").get_by_role("link", name="Accessibility")).to_have_attribute(
        "href", "/accessibility"
    )
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    keys.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("?")
    expect(keys).to_be_hidden()
    page.evaluate("() => localStorage.removeItem('keys')")


def test_a_slow_page_says_for_how_long_and_can_be_stopped(page_at: OpenPage) -> None:
    shown = page_at(WEST_SALISBURY, fresh=True)
    page, before = shown.page, shown.page.url
    page.clock.install()
    held: list[Route] = []
    page.route(CALLBACK, lambda route: held.append(route))
    page.locator(".choice", has_text="2015-16").click()
    page.wait_for_function("() => location.search === '?year=2015-16'")
    page.clock.run_for(3_000)
    line = page.locator(".waiting")
    expect(line).to_contain_text(re.compile("Still working … [23] seconds"))
    expect(line.get_by_role("button")).to_have_count(0)
    page.clock.run_for(9_000)
    line.get_by_role("button", name="Stop").click()
    expect(line).to_have_count(0)
    assert page.url == before
    expect(page.locator(".choice-current")).to_have_text("2016-17")
    page.unroute(CALLBACK)
    page.get_by_role("button", name="Ask for the page again").click()
    page.wait_for_url("**year=2015-16")
    expect(page.locator(".choice-current")).to_have_text("2015-16")


_SENDS_NOTHING: Final = """() => {
    window.sent = 0;
    window.addEventListener("submit", event => {
        if (!event.defaultPrevented) { window.sent += 1; }
        event.preventDefault();
    });
}"""
"""After all listeners of ours: what would be sent is counted, and the page stays for as long as the answer takes."""


def test_a_form_is_sent_once_says_that_it_is_at_work_and_can_be_stopped(page_at: OpenPage) -> None:
    page = page_at("/sign-in", fresh=True).page
    page.evaluate(_SENDS_NOTHING)
    button = page.locator("main form button").first
    words = button.inner_text()
    button.click()
    expect(button).to_have_text("Working …")
    button.click()
    assert page.evaluate("() => window.sent") == 1
    page.evaluate("() => { const since = Date.now(); Date.now = () => since + 11_000; }")
    stop = page.locator(".waiting").get_by_role("button", name="Stop")
    expect(page.locator(".waiting")).to_contain_text("11 seconds")
    stop.click()
    expect(button).to_have_text(words)
    expect(page.locator(".waiting")).to_have_count(0)
    button.click()
    assert page.evaluate("() => window.sent") == 2


@pytest.mark.parametrize("path", [WEST_SALISBURY, "/sign-in"])
def test_before_a_session_ends_one_is_asked_and_can_stay(page_at: OpenPage, path: str) -> None:
    page = page_at(WEST_SALISBURY, fresh=True).page
    page.clock.install()
    if path != WEST_SALISBURY:
        page.goto(page.url.replace(WEST_SALISBURY, _LEDGER))
    page.clock.run_for(2_000)
    page.clock.fast_forward("56:30")
    asked = page.get_by_role("dialog", name="Are you still there?")
    expect(asked).to_have_count(0)
    page.clock.fast_forward("00:40")
    expect(asked).to_contain_text("in two minutes")
    expect(asked.get_by_role("button", name="Stay signed in")).to_be_focused()
    with page.expect_response("**/stay") as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 204
    expect(asked).to_have_count(0)
    page.clock.fast_forward("56:30")
    expect(asked).to_have_count(0)
    page.clock.fast_forward("05:00")
    expect(page.get_by_role("dialog", name="You were signed out")).to_contain_text("Nothing was lost")


@pytest.mark.parametrize("path", [WEST_SALISBURY, "/concerns"])
def test_ten_minutes_before_the_day_of_a_session_ends_it_is_said(page_at: OpenPage, path: str) -> None:
    page = page_at(WEST_SALISBURY, fresh=True).page
    page.clock.install()
    page.goto(page.url.replace(WEST_SALISBURY, path))
    told = page.locator("[data-session-ends]").first
    told.wait_for()
    left = int(told.get_attribute("data-session-ends") or 0) - page.evaluate("() => Date.now() / 1000")
    assert 11.9 * 3600 < left < 12.1 * 3600
    told.evaluate("on => { on.dataset.sessionEnds = Math.floor(Date.now() / 1000) + 20 * 60; }")
    page.clock.run_for(2_000)
    page.clock.fast_forward("09:30")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.clock.fast_forward("00:40")
    note = page.get_by_role("alert")
    expect(note).to_contain_text("You will be signed out at")
    if path != WEST_SALISBURY:  # the line is the same on both; charts may still be on their way
        assert broken_rules(page, practice=False) == []
    note.get_by_role("button", name="Close").click()
    page.clock.fast_forward("09:00")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.clock.fast_forward("01:00")
    expect(page.get_by_role("dialog", name="You were signed out")).to_contain_text("Nothing was lost")


def test_words_that_were_being_written_come_back_after_the_session_has_ended(page_at: OpenPage) -> None:
    page = page_at("/sign-in", fresh=True).page
    page.goto(page.url.replace("/sign-in", "/concerns"))
    _write(page, "Half a sentence")
    page.clock.install()
    page.clock.fast_forward("01:00:10")
    expect(page.get_by_role("dialog", name="You were signed out")).to_be_visible()
    page.reload()
    expect(page.get_by_role("status").first).to_contain_text("What you had typed before you were signed out is back")
    assert page.locator("main form :is(input, textarea):visible").first.input_value() == "Half a sentence"


def _write(page: Page, words: str) -> None:
    page.locator("main form :is(input:not([type=checkbox]), textarea):visible").first.fill(words)
