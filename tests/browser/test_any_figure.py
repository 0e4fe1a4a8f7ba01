"""A number on any page, picked at random, leads to the rows that add up to it.

`SCHOOLS_SEED` repeats a choice: a test that fails says which it was.
"""

import csv
import io
import os
import random
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlsplit

import openpyxl
import pytest

from tests.browser.pages import COGS, DINTON, MONEY, OVERVIEW, PLAN, SCREEN, WEST_SALISBURY, Shown, Visits

SEED: Final = int(os.environ.get("SCHOOLS_SEED") or random.SystemRandom().randrange(10**6))
PICKED: Final = 4
"""Figures of each page; of the cluster's half of them by clicks and back, which draws its charts anew."""
PAGES: Final = (f"{OVERVIEW}?by=programme-year", WEST_SALISBURY, MONEY, PLAN, DINTON, COGS)

_CARDS: Final = """() => [...document.querySelectorAll("#page section.panel")].filter(card =>
    card.querySelector(".beneath")).map(card => ({
        id: card.querySelector("h2").id.replace(/-title$/, ""),
        headline: card.querySelector(".pictures")?.dataset.headline || card.querySelector("h2").textContent,
        charts: card.querySelectorAll("figure.chart").length,
        figures: [...card.querySelectorAll(".figure-rows li")].map(item => ({
            name: item.querySelector(".figure-name").textContent,
            value: item.querySelector("strong").textContent,
            href: item.querySelector("a")?.getAttribute("href") || "",
            why: item.querySelector(".figure-why")?.textContent || ""
        })),
        files: [...card.querySelectorAll(".files a")].map(link => link.getAttribute("href")),
        table: [...(card.querySelector(".files")?.parentElement.querySelector(":scope > .table-box table").rows || [])]
            .map(row => [...row.cells].map(cell => cell.textContent))
    }))"""
_SUMS: Final = """() => [...document.querySelectorAll("table.rows-table")].flatMap(table => {
    const rows = [...table.querySelectorAll("tbody:not(.group-sum) tr")];
    return [...table.tFoot.rows[0].cells].map((foot, place) => ({
        foot: foot.textContent, cells: rows.map(row => row.cells[place].textContent), sums: "value" in foot.dataset
    })).filter(column => column.sums);
})"""


@pytest.mark.parametrize("path", PAGES)
def test_any_figure_leads_to_the_rows_that_add_up_to_it(
    page_at: Callable[..., Shown], visits: Visits, path: str
) -> None:
    _follow_some(page_at(path), visits.base, path)


@pytest.mark.parametrize("role", ["headteacher", "steering"])
def test_it_does_for_who_sees_less_of_a_cluster(visits: Visits, role: str) -> None:
    """Each figure leads to rows that are the reader's, or says why they are not shown."""
    reader = Visits(visits.browser, visits.base, role)
    first = reader.open("/")
    own = urlsplit(first.page.url).path
    if own.startswith("/screen/"):  # where nothing is pressed; the plan is theirs too
        first = reader.open(f"{own.replace('/screen/', '/cluster/')}/plan")
    _follow_some(first, visits.base, f"{own} as {role}")
    reader.close()


def _follow_some(shown: Shown, base: str, path: str) -> None:
    chosen = random.Random(f"{SEED} {path}")  # noqa: S311  (nothing secret is drawn)
    cards: list[dict[str, Any]] = shown.ask(_CARDS)
    assert cards
    for card in cards:
        _has_rows_for_every_number(card)
    figures = [(card["id"], figure) for card in cards for figure in card["figures"] if figure["href"]]
    picked = chosen.sample(figures, min(PICKED // (1 + (path == WEST_SALISBURY)), len(figures)))
    try:
        for name, figure in picked:
            if path == WEST_SALISBURY:
                _two_clicks_and_back(shown, name, figure)
                continue
            shown.page.goto(base + figure["href"])
            _adds_up(shown, figure)
        _files_say_the_same(shown, base, chosen.choice([card for card in cards if card["files"]]))
    except AssertionError as wrong:
        raise AssertionError(f"SCHOOLS_SEED={SEED}: {path}, {picked}: {wrong}") from wrong
    assert shown.complaints == []


def _has_rows_for_every_number(card: dict[str, Any]) -> None:
    """Every figure has rows or says why not, and no number of the message is without a figure."""
    assert card["figures"], f"{card['id']} has no figure"
    assert all(figure["href"] or figure["why"] for figure in card["figures"]), card["id"]
    known = {number for figure in card["figures"] for number in _numbers(figure["value"])}
    missing = set(_numbers(card["headline"])) - known
    assert not missing, f"{card['id']}: {missing} of “{card['headline']}” have no rows"


_SMALL: Final = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_MONTHS: Final = "January|February|March|April|May|June|July|August|September|October|November|December"
_NO_FIGURES: Final = re.compile(
    rf"\d{{1,2}} (?:{_MONTHS}) \d{{4}}|\d{{4}}-\d\d|(?:autumn|spring|summer) term \d{{4}}|\b[ABC]\d\b|\byear \d+\b"
    r"|[A-Z]+-[A-Z]+\d\d|\baims? \d+(?:(?:, | or | and )\d+)*|and \w+ others"
)
"""Days, years, codes, places in an order, and names that are left out."""


def _numbers(text: str) -> Iterator[str]:
    told = _NO_FIGURES.sub("", text)
    for found in re.finditer(rf"\d[\d,]*(?:\.\d+)?|\b(?:{'|'.join(_SMALL)})\b", told, re.IGNORECASE):
        words = found[0].lower().rstrip(",")
        yield str(_SMALL.index(words) + 2) if words in _SMALL else words


def _two_clicks_and_back(shown: Shown, card: str, figure: dict[str, str]) -> None:
    page = shown.page
    here = page.url
    section = page.locator(f"section:has(#{card}-title)")
    section.get_by_text("What is this number?", exact=True).click()
    section.locator(f'.figure-rows a[href="{figure["href"]}"]').first.click()
    page.wait_for_url(lambda url: "/rows/" in url)
    _adds_up(shown, figure)
    page.go_back()
    shown.settle()
    assert page.url == here


def _adds_up(shown: Shown, figure: dict[str, str]) -> None:
    """The columns of the page that is open add up, and where the figure leads stands what it said."""
    columns = shown.ask(_SUMS)
    assert columns
    for column in columns:
        assert sum(map(_amount, column["cells"])) == _amount(column["foot"])
    said = shown.ask("() => document.querySelector(':target')?.textContent")
    assert said is not None, f"nothing at {figure['href']}"
    told = said.replace(".00", "")
    assert figure["value"].replace("\N{NO-BREAK SPACE}", " ").startswith(told), (said, figure)


def _amount(text: str) -> Decimal:
    """A cell as a number: pounds, a count, minutes of hours."""
    hours = re.fullmatch(r"(?:([\d,]+) hours?)?\s?(?:(\d+) minutes)?", text)
    if text and hours:
        return Decimal((hours[1] or "0").replace(",", "")) * 60 + Decimal(hours[2] or 0)
    return Decimal(re.sub("[£,]", "", text.replace("−", "-").replace("–", "0")) or 0)


def _files_say_the_same(shown: Shown, base: str, card: dict[str, Any]) -> None:
    """The table as CSV and as a workbook holds the rows of the page, cell by cell."""
    wanted = [[_as_filed(cell) for cell in row] for row in card["table"][1:]]
    in_csv, in_xlsx = (shown.page.context.request.get(base + href) for href in card["files"])
    assert (in_csv.status, in_xlsx.status) == (200, 200), card["files"]
    rows = list(csv.reader(io.StringIO(in_csv.body().decode("utf-8-sig"))))
    width = len(card["table"][0])
    assert [[_as_filed(cell) for cell in row[:width]] for row in rows[1:]] == wanted
    cells = list(openpyxl.load_workbook(io.BytesIO(in_xlsx.body())).active.iter_rows(values_only=True))
    assert [[_as_filed(cell) for cell in row[:width]] for row in cells[1:]] == wanted


def _as_filed(cell: object) -> str:
    """A cell in the way that page, CSV and workbook write alike."""
    words = str("" if cell is None else cell).removeprefix("'").replace("\N{NO-BREAK SPACE}", " ")
    number = re.fullmatch(r"(−|-)?£?([\d,]+(?:\.\d+)?)", words)
    return words if number is None else f"{Decimal(('-' if number[1] else '') + number[2].replace(',', '')):.2f}"


def _says_nothing_else_in_the_room(cluster: Shown, room: Shown) -> None:
    """Nothing is pressed in the room; the same panels on the cluster's page have the rows of each number."""
    cards = {card["id"]: card for card in cluster.ask(_CARDS)}
    heads = "() => [...document.querySelectorAll('h2[id$=-title]')].map(head => [head.id, head.textContent])"
    told = [(name.removesuffix("-title"), words) for name, words in room.ask(heads)]
    same = [(name, words) for name, words in told if name in cards]
    assert same
    for name, words in same:
        _has_rows_for_every_number({**cards[name], "headline": words})


def test_a_chart_is_one_stop_of_the_keyboard_and_a_picture_to_keep(page_at: Callable[..., Shown]) -> None:
    shown = page_at(WEST_SALISBURY, scheme="dark")
    page = shown.page
    _says_nothing_else_in_the_room(shown, page_at(SCREEN))
    stops = """() => [...document.querySelectorAll("figure.chart")].map(chart => [
        chart.tabIndex, chart.getAttribute("role"), !!chart.getAttribute("aria-label"),
        [...chart.querySelectorAll("a, button, input, [tabindex]")].filter(each => each.tabIndex >= 0).length])"""
    charts = shown.ask(stops)
    assert len(charts) > 3
    assert charts == [[0, "img", True, 0]] * len(charts)
    panel = shown.panel("engagement-heatmap")
    panel.locator("figure.chart").focus()
    page.keyboard.press("Enter")
    table = panel.locator("summary", has_text="Table")
    assert table.evaluate("each => each === document.activeElement && each.parentElement.open")
    headline = panel.locator(".pictures").get_attribute("data-headline")
    kept = {}
    for form in ("PNG", "SVG"):
        with page.expect_download() as download:
            panel.get_by_role("button", name=f"Picture ({form})").click()
        assert (
            download.value.suggested_filename
            == f"engagement-heatmap-west-salisbury-cluster-illustrative.{form.lower()}"
        )
        kept[form] = download.value.path().read_bytes()
    assert kept["PNG"].startswith(b"\x89PNG")
    assert int.from_bytes(kept["PNG"][16:20]) == 2000
    drawn = re.sub(r"<[^>]+>", " ", kept["SVG"].decode())
    for words in (*headline.split()[:4], "as of", "Illustrative figures", "present"):
        assert words in drawn
    colours = kept["SVG"].decode().replace(" ", "")
    assert "rgb(255,255,255)" in colours
    assert "rgb(18,67,109)" in colours  # the blue of the light page
    assert "rgb(127,183,230)" not in colours  # of the dark one
    assert shown.complaints == []
    assert {url.split("/")[2] for url in shown.asked if url.startswith("http")} == {page.url.split("/")[2]}
