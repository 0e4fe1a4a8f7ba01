"""One browser and two servers for all browser tests. They end with this folder, because playwright keeps an event loop
running as long as it lives, and tests elsewhere may want their own.
"""

import os
from collections.abc import Callable, Generator
from typing import Final

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from dashboard import migrations
from dashboard.db import Store
from dashboard.generate import generate
from tests.browser.chromium import NoBrowser, launch
from tests.browser.pages import PATIENCE, Scheme, Shown, Visits
from tests.browser.serving import TODAY, fill_with_sample, served
from tests.conftest import NO_BROWSER

MANY: Final = 300
"""Clusters of the larger store: far more than fit on a screen."""


expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def browser() -> Generator[Browser]:
    """A Chromium, looked for once. Without one the tests are skipped, but not where nobody would notice."""
    with sync_playwright() as playwright:
        started = _launch_or_say_why_not(playwright)
        if isinstance(started, str):
            if os.environ.get("CI", "").lower() == "true":
                pytest.fail(started, pytrace=False)
            pytest.skip(started)
        yield started
        started.close()


def _launch_or_say_why_not(playwright: Playwright) -> Browser | str:
    try:
        return launch(playwright)
    except NoBrowser as reason:
        return f"{NO_BROWSER}{reason}"


@pytest.fixture(scope="package")
def visits(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Generator[Visits]:
    """The product over its sample, to be opened in the browser."""
    yield from _visits(browser, tmp_path_factory, fill_with_sample)


@pytest.fixture(scope="package")
def visits_to_many(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Generator[Visits]:
    """The product over a store of `MANY` clusters."""
    yield from _visits(browser, tmp_path_factory, _fill_with_many)


@pytest.fixture
def page_at(visits: Visits) -> Generator[Callable[..., Shown]]:
    """Opens pages of the sample for one test and leaves them behind it."""
    opened: list[Shown] = []

    def open_page(path: str, width: int = 1440, scheme: Scheme = "light", *, fresh: bool = False) -> Shown:
        opened.append(visits.open(path, width, scheme, fresh=fresh))
        return opened[-1]

    yield open_page
    for shown in opened:
        visits.leave(shown)


def _visits(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, fill: Callable[[Store], object]
) -> Generator[Visits]:
    path = tmp_path_factory.mktemp("browser") / "store.sqlite"
    with served(f"sqlite:///{path.as_posix()}", fill) as base:
        visits = Visits(browser, base)
        yield visits
        visits.close()


def _fill_with_many(store: Store) -> None:
    migrations.upgrade(store)
    generate(store, clusters=MANY, schools=MANY * 6, years=2, seed=1, today=TODAY, report=lambda line: None)
