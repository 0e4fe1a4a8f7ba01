"""The world of the open figures, on both databases, behind the wall of the second; and places for the open book."""

import pytest

from dashboard.db import Store
from tests.accounts.places import Places, settled
from tests.benchmarks.world import World, make_world


@pytest.fixture
def world(store: Store, walled: Store) -> World:
    return make_world(store, walled)


@pytest.fixture
def at(store: Store) -> Places:
    return settled(store)
