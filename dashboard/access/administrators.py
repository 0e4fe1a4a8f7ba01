"""There is always somebody who can let others in: the one rule about the last administrator."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.models import Account, AccountGrant
from dashboard.vocabulary import Role

_ONE_AT_A_TIME: Final = 31_007


class LastAdministrator(Exception):
    """Nobody could let anybody in any more; the text says what to do first."""


def one_at_a_time(session: Session) -> None:
    """Wait until nobody else changes who there is: two administrators must not end each other at the same moment.

    An advisory lock of PostgreSQL, until the transaction ends; SQLite has one writer anyway. Call it before anything
    is written: whoever holds rows while waiting here could be waited for.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))


def check_another_administrator(session: Session, going: Collection[int]) -> None:
    """Raise LastAdministrator where the accounts that go leave no active administrator.

    Somebody who never signed in may not be able to: that is no other administrator for one who is in use.
    """
    administrators = session.execute(
        sa.select(Account.id, Account.last_signed_in_at, Account.password)
        .where(
            Account.active.is_(True),
            sa.exists().where(AccountGrant.account_id == Account.id, AccountGrant.role == Role.ADMINISTRATOR),
        )
    ).all()  # fmt: skip
    leaving = [each for each in administrators if each.id in going]
    staying = [each for each in administrators if each.id not in going]
    if not leaving:
        return
    if not staying:
        raise LastAdministrator("This is the last administrator. Make another one first.")
    in_use = any(each.last_signed_in_at is not None or each.password is not None for each in leaving)
    if in_use and all(each.last_signed_in_at is None for each in staying):
        raise LastAdministrator("No other administrator has ever signed in. Wait until one has: then this one may go.")
