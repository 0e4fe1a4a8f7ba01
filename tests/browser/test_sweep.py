"""No page breaks a rule of WCAG 2.0 to 2.2 at A and AA that axe can check, targets of 24 pixels among them, or needs
sideways scrolling at 320 pixels; none does what the content policy stops, or asks another host for anything.

The pages are all addresses that the server has, so that a new one is not forgotten, in the world in which the access
matrix is walked. In the usual run each is looked at once, in sizes and themes that take turns. With EVERY_PAGE=1 each
is looked at as every role that may open it, light and dark, at three widths.
"""

import os
from collections.abc import Generator, Iterator
from itertools import cycle, product
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request

from dashboard.screens.addresses import _SCREENS
from dashboard.vocabulary import Role
from tests.browser.axe import broken_rules
from tests.browser.pages import PATIENCE, Shown
from tests.browser.serving import running
from tests.test_access_matrix import OWN_SCHOOL, ROUTES, World, path_of, world_in

_WHOLE: Final = os.environ.get("EVERY_PAGE") == "1"
_WIDTHS: Final = (320, 768, 1440)
_THEMES: Final = ("light", "dark")
_VIEWS: Final = tuple(product(_WIDTHS, _THEMES))
_LOOKS: Final = ("director", *(role for role in Role if role is not Role.DIRECTOR), "nobody")
"""The first who may open a page looks at it in the usual run."""
_STOPPED: Final = """window.stoppedByPolicy = []; addEventListener('securitypolicyviolation', event =>
    window.stoppedByPolicy.push(`stopped: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`))"""
_NO_PAGES: Final = ("/_", "/static", "/fs-static", "/bootstrap", "/assets", "/healthz", "/readyz", "/feed/")
_PARTS: Final = ("/screen/<slug>/notes",)
"""Parts of a page that its script asks for; the room's journey looks at them where they stand."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Generator[World]:
    copy = tmp_path_factory.mktemp("sweep") / "store.sqlite"
    copy.write_bytes(sqlite_template.read_bytes())
    with world_in(f"sqlite:///{copy.as_posix()}") as made:
        yield made


def _addresses(world: World) -> list[str]:
    """Every address that a page may stand at, of the own place."""
    numbers = world.numbers["own"]
    plain = [
        path_of(route, numbers)
        for route in ROUTES
        if "GET" in (route.methods or ()) and not route.rule.startswith(_NO_PAGES) and route.rule not in _PARTS
    ]
    screens = [
        address.replace("<slug>", OWN_SCHOOL if address.startswith("/school") else numbers["slug"])
        for address in _SCREENS
    ]
    return sorted({*plain, *screens})


def _opens(world: World, who: str, address: str) -> bool:
    """Whether this visitor finds a page there, and not a file or another address."""
    answer = world.visitor(who).get(address)
    return answer.status_code == 200 and answer.mimetype == "text/html"


def _visits(world: World) -> Iterator[tuple[str, str, list[tuple[int, str]]]]:
    """Who looks at which address in which views."""
    turns = cycle(_VIEWS)
    for address in _addresses(world):
        openers = [who for who in _LOOKS if _opens(world, who, address)]
        for who in openers if _WHOLE else openers[:1]:
            yield who, address, list(_VIEWS) if _WHOLE else [next(turns)]


def _context(browser: Browser, world: World, base: str, who: str) -> BrowserContext:
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.add_init_script(_STOPPED)
    if who != "nobody":
        context.add_cookies([{"name": "session", "value": world.visitor(who).session, "url": base}])
    return context


def test_every_page_can_be_used_by_everyone_as_far_as_axe_can_tell(browser: Browser, world: World) -> None:
    wrong: list[str] = []
    seen: set[str] = set()
    pages: dict[str, Page] = {}
    with running(world.app.server) as base:
        for who, address, views in _visits(world):
            seen.add(address)
            if who not in pages:
                pages[who] = _context(browser, world, base, who).new_page()
            wrong += _look_at(pages[who], base, who, address, views)
        for page in pages.values():
            page.context.close()
    assert len(seen) > 80, "most addresses are pages"
    assert wrong == [], "\n".join(wrong)


def _look_at(page: Page, base: str, who: str, address: str, views: list[tuple[int, str]]) -> list[str]:
    wrong: list[str] = []
    width, theme = views[0]
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    errors: list[str] = []

    def note(error: Any) -> None:
        errors.append(str(error))

    def asked(request: Request) -> None:
        if request.url.startswith("http") and not request.url.startswith(f"{base}/"):
            errors.append(f"asks for {request.url}")

    page.on("pageerror", note)
    page.on("request", asked)
    page.goto(base + address)
    _settle(page, width)
    for width, theme in views:
        page.set_viewport_size({"width": width, "height": 900})
        if page.locator("html").get_attribute("data-bs-theme") != theme:
            page.evaluate("() => document.querySelector('.theme-switch').click()")
        _settle(page, width)
        told = [f"{who} {address} {width} {theme}: {each}" for each in broken_rules(page, practice=False)]
        scrolls = page.evaluate("() => document.documentElement.scrollWidth")
        if scrolls > width:
            told.append(f"{who} {address} {width}: scrolls sideways to {scrolls}")
        wrong += told
    page.remove_listener("pageerror", note)
    page.remove_listener("request", asked)
    errors += page.evaluate("() => window.stoppedByPolicy")
    return [*wrong, *(f"{who} {address}: {error}" for error in errors)]


def _settle(page: Page, width: int) -> None:
    """Only what a screen draws takes time after it was loaded."""
    page.locator("main").first.wait_for()  # even its frame does
    if page.locator("#shell").count():
        Shown(page, page.url, width).settle()
