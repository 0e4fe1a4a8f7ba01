"""What every test of the pages of workgroups needs: places."""

import pytest

from dashboard.db import Store
from tests.workgroups.places import Places, settled


@pytest.fixture
def at(store: Store) -> Places:
    return settled(store)
