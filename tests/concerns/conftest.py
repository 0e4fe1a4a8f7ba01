"""The world of the concerns' tests, on both databases, behind the wall of the second."""

from collections.abc import Generator

import pytest

from dashboard.db import Store
from tests.concerns.world import World, make_world


@pytest.fixture
def walled(store: Store) -> Generator[Store]:
    """The same store as a server opens it: without a wall of its own that lets everything through."""
    opened = Store(store.engine.url.render_as_string(hide_password=False))
    yield opened
    opened.close()


@pytest.fixture
def world(store: Store, walled: Store) -> World:
    return make_world(store, walled)
