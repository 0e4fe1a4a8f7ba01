"""There is always somebody who can let others in: who may go, by who is there and who has ever signed in."""

from datetime import UTC, datetime
from typing import Final

import pytest
import sqlalchemy as sa

from dashboard.access.administrators import LastAdministrator, check_another_administrator, one_at_a_time
from dashboard.db import Store
from dashboard.models import Account, AccountGrant
from dashboard.vocabulary import Role
from tests.builders import taken_back

LAST: Final = "This is the last administrator. Make another one first."
NEVER: Final = "No other administrator has ever signed in. Wait until one has: then this one may go."

CASES: Final[list[tuple[str, str, str | None]]] = [
    ("admin in", "0", LAST),
    ("admin new", "0", LAST),
    ("admin in, admin in", "0", None),
    ("admin in, admin in", "01", LAST),
    ("admin in, admin new", "0", NEVER),
    ("admin in, admin new", "1", None),
    ("admin in, admin chose", "0", NEVER),
    ("admin chose, admin new", "0", NEVER),
    ("admin new, admin new", "0", None),
    ("admin new, admin in", "0", None),
    ("admin in, admin new, admin in", "0", None),
    ("admin in, admin new, admin in", "02", NEVER),
    ("admin in, admin in off", "0", LAST),
    ("admin in, admin in off", "1", None),
    ("admin in, head in", "0", LAST),
    ("admin in, head in", "1", None),
    ("head in, admin in", "1", LAST),
    ("admin new, head in", "1", None),
    ("admin chose, head in", "1", None),
    ("admin by-site, admin new", "0", NEVER),
    ("admin in, admin by-site", "0", None),
    ("admin new, admin new, head in", "2", None),
    ("head in", "0", None),
    ("admin in", "", None),
]
"""Accounts: a role, whether somebody signed in (with a password, or by another site without one), only chose a password
or did neither, and whether it is disabled; which of them go, by number; and why they may not."""


def account(number: int, said: str) -> Account:
    role, state, *off = said.split()
    made = Account(id=number + 1, email=f"{number}@example.org", fs_uniquifier=str(number), active=not off)
    made.password = "a hash" if state in {"in", "chose"} else None
    made.last_signed_in_at = datetime(2017, 3, 1, tzinfo=UTC) if state in {"in", "by-site"} else None
    made.grants.append(AccountGrant(role=Role.ADMINISTRATOR if role == "admin" else Role.DIRECTOR))
    return made


@pytest.mark.parametrize(("there", "going", "refusal"), CASES)
def test_who_may_go(store: Store, there: str, going: str, refusal: str | None) -> None:
    with taken_back(store) as session:
        session.add_all([account(number, said) for number, said in enumerate(there.split(", "))])
        session.flush()
        numbers = [int(number) + 1 for number in going]
        if refusal is None:
            check_another_administrator(session, numbers)
            return
        with pytest.raises(LastAdministrator) as told:
            check_another_administrator(session, numbers)
        assert str(told.value) == refusal


def test_two_wait_for_each_other(store: Store) -> None:
    """On PostgreSQL by a lock that the transaction holds; SQLite has one writer."""
    with store.writing() as session:
        one_at_a_time(session)
        if store.is_postgresql:
            locks = session.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"))
            assert locks == 1
