import pytest

from dashboard.db import Store
from tests.funding.ledger_world import World, make_world


@pytest.fixture
def world(store: Store, walled: Store) -> World:
    return make_world(store, walled)
