"""A store in which much was done."""

from collections.abc import Callable

import pytest

from dashboard.access import Reader
from dashboard.db import Store
from tests.audit_log.told import Browser, Told, tell


@pytest.fixture
def told(store: Store) -> Told:
    return tell(store)


@pytest.fixture
def browse(told: Told, walled: Store) -> Callable[[Reader], Browser]:
    """Opens the pages for a reader."""
    return lambda reader: Browser(walled, reader)
