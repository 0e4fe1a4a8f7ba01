"""The pages under test, and what a browser can be asked about one that is open."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal, Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

Scheme = Literal["light", "dark"]
Size = tuple[int, int, Scheme]
"""Width, height and scheme."""

OVERVIEW: Final = "/"
WEST_SALISBURY: Final = "/cluster/west-salisbury-cluster"
DINTON: Final = "/school/dinton-church-of-england-voluntary-controlled-primary-school"
SCREEN: Final = "/screen/west-salisbury-cluster"
FULL_SCREEN: Final = "/screen/east-salisbury-cluster"
"""Ten schools and five meetings: the least room for each word."""
COGS: Final = "/cluster/cogs-cluster"
MONEY: Final = "/cluster/west-salisbury-cluster/money"
PLAN: Final = "/cluster/west-salisbury-cluster/plan"
LEAMINGTON: Final = "/cluster/leamington-north-cluster"

PATIENCE: Final = 15_000
"""Milliseconds that a page may take on a busy machine."""

GRID: Final = "overview-clusters"
CALLBACK: Final = "**/_dash-update-component*"
"""Where the browser asks for the content of a page."""

CHARTS: Final = {
    OVERVIEW: ("overview-spread",),
    WEST_SALISBURY: (
        "engagement-heatmap", "engagement-trend", "engagement-tenure", "funding-spend-against-allocation",
        "plan-progress",
    ),
    DINTON: ("school-register", "school-release", "school-plan"),
    SCREEN: ("engagement-heatmap", "funding-spend-against-allocation", "plan-progress"),
    FULL_SCREEN: ("engagement-heatmap", "funding-spend-against-allocation", "plan-progress"),
    COGS: ("plan-progress",),
    LEAMINGTON: ("engagement-heatmap", "engagement-trend"),
    MONEY: (
        "funding-spend-against-allocation", "funding-course", "funding-by-use", "funding-by-school",
        "funding-by-target", "funding-roll-over", "funding-release", "funding-match",
    ),
    PLAN: ("plan-criteria", "plan-timeline"),
}  # fmt: skip
NAMES: Final = {
    OVERVIEW: "All clusters",
    WEST_SALISBURY: "The West Salisbury Cluster",
    DINTON: "Dinton Church of England Voluntary Controlled Primary School",
    SCREEN: "The West Salisbury Cluster: screen",
    FULL_SCREEN: "The East Salisbury Cluster: screen",
    COGS: "COGS Cluster",
    LEAMINGTON: "Leamington (North) Cluster",
    MONEY: "Money of the West Salisbury Cluster",
    PLAN: "Plan of the West Salisbury Cluster",
}

# Drawn, and drawn for good: nothing has moved between one look and the next.
_SETTLED: Final = """() => {
    const page = document.querySelector("#page");
    const loading = document.querySelector("[data-dash-is-loading]");
    if (!page?.querySelector("h1") || loading || !document.title.includes(" – ")) { return false; }
    const parts = [...page.querySelectorAll(".dash-graph, .ag-root-wrapper")];
    const drawn = part => part.querySelector(".js-plotly-plot .main-svg, .ag-center-cols-container .ag-row");
    if (page.querySelectorAll(".grid, .dash-graph").length > parts.length || !parts.every(drawn)) { return false; }
    const fits = graph => Math.abs(graph.querySelector(".main-svg").clientWidth - graph.clientWidth) < 3;
    if (![...page.querySelectorAll(".dash-graph")].every(fits)) { return false; }
    const marks = [...page.querySelectorAll("h1, h2, .main-svg text, .ag-row")];
    const now = location.href + marks.map(mark => Object.values(mark.getBoundingClientRect().toJSON())).join();
    const settled = window.seenBefore === now;
    window.seenBefore = now;
    return settled;
}"""


@dataclass
class Shown:
    """A page in a browser, and everything it complained about or asked for since it was opened."""

    page: Page
    path: str
    width: int
    status: int = 0
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, page: Page, address: str, width: int) -> Self:
        """What an empty page shows of an address, drawn to the end."""
        shown = cls(page, urlsplit(address).path, width)
        for event, note in shown._listening.items():
            page.on(event, note)
        answer = page.goto(address)
        shown.status = answer.status if answer else 0
        shown.settle()
        return shown

    def clear(self, height: int, scheme: Scheme) -> None:
        """Leave nothing of what was done here but the page itself, empty: neither in the window nor around it."""
        self.page.unroute_all(behavior="wait")
        self.page.evaluate("() => sessionStorage.clear()")
        self.page.goto("about:blank")  # what was on its way comes to an end before nobody listens any more
        for event, note in self._listening.items():
            self.page.remove_listener(event, note)
        self.page.emulate_media(media="null", color_scheme=scheme, reduced_motion="reduce")
        self.page.set_viewport_size({"width": self.width, "height": height})

    @cached_property
    def _listening(self) -> dict[Any, Callable[[Any], None]]:
        return {
            "console": lambda said: self._hear(said.type, said.text),
            "pageerror": lambda error: self.complaints.append(str(error)),
            "request": lambda request: self.asked.append(request.url),
        }

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning", "assert"}:
            self.complaints.append(f"{kind}: {text}")

    def settle(self) -> None:
        """Wait until the page is there and has stopped moving."""
        self.page.wait_for_function(_SETTLED, polling=60)

    def ask(self, question: str, *values: Any) -> Any:
        """The answer of a function of JavaScript to so many values."""
        return self.page.evaluate(f"values => ({question})(...values)", values)

    def words(self) -> str:
        """Everything a reader finds on the page, the words inside charts too."""
        read = "() => document.querySelector('#page').innerText"
        drawn = "() => [...document.querySelectorAll('#page .main-svg text')].map(text => text.textContent).join(' ')"
        return f"{self.ask(read)} {self.ask(drawn)}"

    def panel(self, element_id: str) -> Any:
        """The section that an element stands in."""
        return self.page.locator(f"section:has(#{element_id})")

    def choose_year(self, year: str) -> None:
        """Take the link of an academic year and wait for its view."""
        self.page.get_by_role("navigation", name="Academic year").get_by_text(year, exact=True).click()
        self.page.wait_for_selector(f".choice-current:text-is('{year}')")
        self.settle()

    def chosen_year(self) -> str:
        """The academic year that is highlighted."""
        return self.page.locator(".choice-current").inner_text()


def look_around(context: BrowserContext, base: str, role: str) -> None:
    """Choose as whom to look at a store in which nobody has an account, as the sign-in page offers it."""
    sign_in = context.request.get(f"{base}/sign-in").text()
    token = re.search(r'name="csrf_token" value="([^"]+)"', sign_in)
    assert token, sign_in
    context.request.post(f"{base}/look-around", form={"role": role, "csrf_token": token[1]})


class Visits:
    """Opens the pages of one server as a role of the sample. Pages of one size and scheme share a context and its
    cache, and one that was left is emptied and shows the next: a new one takes half as long again.
    """

    def __init__(self, browser: Browser, base: str, role: str = "director") -> None:
        self.base = base
        self.role = role
        self.browser = browser
        self._shared: dict[Size, BrowserContext] = {}
        self._contexts: list[BrowserContext] = []
        self._empty: dict[Size, list[Page]] = {}
        self._sizes: dict[Page, Size] = {}

    def open(
        self, path: str, width: int = 1440, scheme: Scheme = "light", *, height: int = 900, fresh: bool = False
    ) -> Shown:
        """The page at an address; `fresh` in a context of its own, as on another person's computer."""
        size = (width, height, scheme)
        if fresh:
            return Shown.open(self._context(*size).new_page(), self.base + path, width)
        page = self._empty[size].pop() if self._empty.get(size) else self._new_page(size)
        return Shown.open(page, self.base + path, width)

    def leave(self, shown: Shown) -> None:
        """Nobody looks at it any more."""
        size = self._sizes.get(shown.page)
        if size is None:
            shown.page.context.close()
        elif not shown.page.is_closed():
            _, height, scheme = size
            shown.clear(height, scheme)
            self._empty.setdefault(size, []).append(shown.page)

    def close(self) -> None:
        """Close every page that was opened."""
        for context in self._contexts:
            context.close()

    def _new_page(self, size: Size) -> Page:
        if size not in self._shared:
            self._shared[size] = self._context(*size)
        page = self._shared[size].new_page()
        self._sizes[page] = size
        return page

    def _context(self, width: int, height: int, scheme: Scheme) -> BrowserContext:
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        look_around(context, self.base, self.role)
        self._contexts.append(context)
        return context
