"""A store in which much was done."""

from collections.abc import Callable, Generator

import pytest

from dashboard.access import Reader
from dashboard.db import Store
from tests.audit_log.told import Browser, Told, tell


@pytest.fixture
def told(store: Store) -> Told:
    return tell(store)


@pytest.fixture
def browse(told: Told) -> Generator[Callable[[Reader], Browser]]:
    """Opens the pages for a reader."""
    opened: list[Browser] = []

    def browse(reader: Reader) -> Browser:
        opened.append(Browser(told.store, reader))
        return opened[-1]

    yield browse
    for browser in opened:
        browser.close()
