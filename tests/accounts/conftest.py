"""What every test of the pages of accounts needs: places."""

from collections.abc import Generator

import pytest

from dashboard.accounts import sign_in_settings
from dashboard.db import Store
from tests.accounts.house import CHEAP_HASH
from tests.accounts.places import Places, settled


@pytest.fixture
def at(store: Store) -> Places:
    return settled(store)


@pytest.fixture(autouse=True, scope="package")
def _hashes_take_no_time() -> Generator[None]:
    """Hashing a password takes long on purpose; what is tested here does not hang on how long."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CHEAP_HASH.items():
            patch.setitem(sign_in_settings.HASH_COST, f"argon2__{name}", value)
        yield
