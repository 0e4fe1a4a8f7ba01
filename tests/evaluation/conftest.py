"""The world of the tests of self-evaluation, on both databases, behind the wall of the second."""

import pytest

from dashboard.db import Store
from tests.evaluation.world import World, make_world


@pytest.fixture
def world(store: Store, walled: Store) -> World:
    return make_world(store, walled)
