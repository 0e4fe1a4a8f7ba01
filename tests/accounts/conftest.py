"""What every test of the pages of accounts needs: places."""

import pytest

from dashboard.db import Store
from tests.accounts.places import Places, settled


@pytest.fixture
def at(store: Store) -> Places:
    return settled(store)
