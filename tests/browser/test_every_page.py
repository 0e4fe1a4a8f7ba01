"""What holds of every page, wide and narrow, light and dark. Each page is opened once for all the tests of it."""

from collections.abc import Generator
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.axe import broken_rules
from tests.browser.pages import CHARTS, COGS, GRID, NAMES, OVERVIEW, Shown, Visits

_WIDE: Final = 1440
_PHONE: Final = 390
_SMALLEST: Final = 320
"""The width at which nothing may need sideways scrolling (WCAG 1.4.10)."""
_OWN: Final = ("data:", "blob:")

_VIEWS: Final = [
    pytest.param((path, width, scheme), id=f"{path}-{width}-{scheme}")
    for width, scheme in ((_WIDE, "light"), (_PHONE, "dark"))
    for path in CHARTS
]
"""Colours do not depend on the width, nor does what fits on the colours: each is looked at once."""


@pytest.fixture(scope="module", params=_VIEWS)
def shown(request: pytest.FixtureRequest, visits: Visits) -> Generator[Shown]:
    opened = visits.open(*request.param)
    yield opened
    visits.leave(opened)


def test_is_found_and_complains_of_nothing(shown: Shown) -> None:
    assert shown.status == 200
    assert shown.complaints == []


def test_asks_no_other_host_for_anything(shown: Shown) -> None:
    own = urlsplit(shown.page.url).netloc
    elsewhere = [url for url in shown.asked if urlsplit(url).netloc not in {own, ""}]
    assert elsewhere == []


def test_cases_14_and_15_no_page_needs_what_is_stopped_or_asks_another_host(shown: Shown) -> None:
    policy = shown.ask("async () => (await fetch(location.href)).headers.get('Content-Security-Policy')")
    assert policy.startswith("default-src 'self'; script-src 'self' 'sha256-")
    assert shown.complaints == []
    assert {each for each in shown.asked if urlsplit(each).netloc != urlsplit(shown.page.url).netloc} <= {
        each for each in shown.asked if each.startswith(_OWN)
    }


def test_case_16_no_chart_offers_to_send_its_figures_away(shown: Shown) -> None:
    settings: list[dict[str, Any]] = shown.ask(
        "() => [...document.querySelectorAll('.js-plotly-plot')].map(chart => chart._context)"
    )
    assert [each["showSendToCloud"] for each in settings] == [False] * len(CHARTS[shown.path])
    assert shown.page.locator(".modebar-btn").count() == 0
    assert shown.page.get_by_text("Share chart").count() == 0


def test_is_named_in_the_window_title(shown: Shown) -> None:
    assert shown.page.title() == f"{NAMES[shown.path]} – Schools Cluster Dashboard"


def test_has_one_main_heading_and_skips_no_level(shown: Shown) -> None:
    levels = shown.ask("() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(head => +head.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels


def test_says_its_language(shown: Shown) -> None:
    assert shown.page.locator("html").get_attribute("lang") == "en-GB"


def test_draws_every_chart_with_marks(shown: Shown) -> None:
    charts = shown.ask(
        """() => Object.fromEntries([...document.querySelectorAll(".dash-graph")].map(graph => [graph.id,
            graph.querySelectorAll(".heatmaplayer image, .barlayer .point path, .scatterlayer path.point").length]))"""
    )
    assert tuple(charts) == CHARTS[shown.path]
    assert all(charts.values()), charts


def test_draws_the_grid_with_a_row_for_each_cluster(shown: Shown) -> None:
    rows = shown.page.locator(f"#{GRID} .ag-center-cols-container .ag-row")
    expect(rows).to_have_count(7 if shown.path == OVERVIEW else 0)


def test_offers_no_upload_and_no_toolbar_on_charts(shown: Shown) -> None:
    assert shown.page.locator(".modebar-btn").count() == 0
    assert "share chart" not in shown.page.locator("body").inner_text().lower()


_TEXTS: Final = """id => [...document.querySelectorAll(`#${id} .main-svg text`)]
    .filter(text => text.textContent.trim())
    .map(text => [text.textContent, text.getBoundingClientRect()])
    .map(([words, box]) => ({words, left: box.left, right: box.right, top: box.top, bottom: box.bottom}))"""
_BOX: Final = "id => document.querySelector(`#${id} .js-plotly-plot`).closest('.chart').getBoundingClientRect()"


def test_cuts_off_or_hides_no_words_inside_a_chart(shown: Shown) -> None:
    assert _lost_words(shown) == []


def _lost_words(shown: Shown) -> list[str]:
    lost = []
    for chart in CHARTS[shown.path]:
        box = shown.ask(_BOX, chart)
        for text in shown.ask(_TEXTS, chart):
            over = max(
                box["left"] - text["left"], text["right"] - box["right"],
                box["top"] - text["top"], text["bottom"] - box["bottom"],
            )  # fmt: skip
            if text["left"] == text["right"]:
                lost.append(f"{chart}: “{text['words']}” is hidden")
            elif over > 2:
                lost.append(f"{chart}: “{text['words']}” is cut off by {over:.0f} px")
    return lost


def test_lets_no_words_inside_a_chart_lie_on_one_another(shown: Shown) -> None:
    overlaps = []
    for chart in CHARTS[shown.path]:
        texts = shown.ask(_TEXTS, chart)
        for turn, one in enumerate(texts):
            for other in texts[turn + 1 :]:
                across = min(one["right"], other["right"]) - max(one["left"], other["left"])
                down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
                if across > 1 and down > 3:  # a line's box is a little taller than its letters
                    overlaps.append(f"{chart}: “{one['words']}” and “{other['words']}”")
    assert overlaps == []


def test_cuts_off_no_words_in_the_grid(shown: Shown) -> None:
    cut = shown.ask(
        """() => [...document.querySelectorAll(".ag-cell, .ag-cell .card-flags")]
            .filter(cell => cell.scrollWidth > cell.clientWidth + 1 || cell.scrollHeight > cell.clientHeight + 1)
            .map(cell => cell.innerText)"""
    )
    assert cut == []


def test_says_in_words_where_figures_are_illustrative(shown: Shown) -> None:
    marked = [*CHARTS[shown.path], *([GRID] if shown.path == OVERVIEW else [])]
    for element_id in marked:
        notes = shown.panel(element_id).locator(".illustrative").all_text_contents()
        if shown.path == COGS:
            assert notes == [], "the COGS plan is a real document"
        else:
            assert len(notes) == 1
            assert "illustrative" in notes[0].lower()


def test_tells_real_figures_from_illustrative_ones_where_it_says_so(shown: Shown) -> None:
    partly = shown.page.locator("section:has(.illustrative:has-text('the table tells which'))")
    silent = [
        section.locator("h2").inner_text()
        for section in partly.all()
        if "illustrative" not in " ".join(section.locator("table, .ag-root").all_text_contents()).lower()
    ]
    assert silent == [], "it sends the reader to a table that does not tell"


def test_breaks_no_rule_that_axe_can_check(shown: Shown) -> None:
    assert broken_rules(shown.page, practice=False) == []


# The last two: they leave the page narrower than it was.
def test_needs_no_sideways_scrolling_however_narrow(shown: Shown) -> None:
    for width in (_PHONE, _SMALLEST):
        _narrow(shown, width)
        assert shown.ask("() => document.documentElement.scrollWidth") <= width


def test_cuts_off_or_hides_no_words_inside_a_chart_at_the_smallest_width(shown: Shown) -> None:
    _narrow(shown, _SMALLEST)
    assert _lost_words(shown) == []


def _narrow(shown: Shown, width: int) -> None:
    """As a magnified page or a turned tablet: a page that was loaded wide must find its narrow layout by itself."""
    shown.page.set_viewport_size({"width": width, "height": 900})
    narrow = "() => [...document.querySelectorAll('.main-svg .ytick')].length === 0"
    shown.page.wait_for_function(narrow)
    shown.settle()
