"""The whole world of `whole_world.py` behind PostgreSQL's wall: built once, copied for each test."""

from collections.abc import Generator

import pytest
import sqlalchemy as sa

from dashboard.access import whole_store
from dashboard.db import Store
from tests.conftest import NewStore, copy_template
from tests.floor.whole_world import Whole, build

_BUILT = "whole_world"


@pytest.fixture(scope="session")
def whole(postgresql_server: sa.URL) -> Whole:
    """Whose each row is."""
    copy_template(postgresql_server, _BUILT)
    address = postgresql_server.set(database=_BUILT).render_as_string(hide_password=False)
    with whole_store(address) as store:
        return build(store)


@pytest.fixture
def whole_postgresql(new_postgresql: NewStore, whole: Whole) -> Generator[Store]:
    """A copy of it for one test."""
    with whole_store(new_postgresql(template=_BUILT)) as store:
        yield store
