"""What every test of the pages of workgroups needs: places, and the store as a server opens it."""

from collections.abc import Generator

import pytest

from dashboard.db import Store
from tests.workgroups.places import Places, settled


@pytest.fixture
def walled(store: Store) -> Generator[Store]:
    """The same store as a server opens it: without a wall of its own that lets everything through."""
    opened = Store(store.engine.url.render_as_string(hide_password=False))
    yield opened
    opened.close()


@pytest.fixture
def at(store: Store) -> Places:
    return settled(store)
