"""What a process does that writes beside others. Apart, so that it starts with little besides the store."""

from typing import Final

import sqlalchemy as sa

from dashboard.access import whole_store
from dashboard.models import School

INCREMENTS: Final = 50


def increment(address: str) -> None:
    """Count the pupils of the one school up, one at a time."""
    store = whole_store(address)
    for _ in range(INCREMENTS):
        with store.writing() as session:
            school = session.scalars(sa.select(School).with_for_update()).one()
            school.pupils = (school.pupils or 0) + 1
    store.close()
