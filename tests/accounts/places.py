"""A programme with a cluster of two schools and a decoy beside each, and accounts to be trusted with them."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Grant, Reader
from dashboard.accounts.commands import AccountBook
from dashboard.audit import COMMAND_LINE
from dashboard.db import Store, now_utc
from dashboard.models import Account, AuditEvent, Passkey, WebSession
from dashboard.vocabulary import Attempt, Role
from tests.builders import cluster, programme, put, school

_numbers = count(1)


@dataclass(frozen=True)
class Places:
    """The numbers of what `settle` put there."""

    river: int
    hill: int
    mill: int
    weir: int
    mill_school: int
    ford_school: int
    weir_school: int
    river_slug: str


def settle(session: Session) -> Places:
    """Mill Cluster in the River programme with two schools; the Weir Cluster of the Hill programme is the decoy."""
    river, hill = programme(session, "River"), programme(session, "Hill")
    mill, weir = cluster(session, "Mill Cluster", under=river), cluster(session, "Weir Cluster", under=hill)
    schools = [school(session, name, within=within) for name, within in (
        ("Mill School", mill), ("Ford School", mill), ("Weir School", weir),
    )]  # fmt: skip
    return Places(river.id, hill.id, mill.id, weir.id, *(each.id for each in schools), river_slug=river.slug)


def settled(store: Store) -> Places:
    with store.writing() as session:
        return settle(session)


def account(session: Session, email: str, role: Role = Role.ADMINISTRATOR, **said: str | None) -> Account:
    return AccountBook(session, COMMAND_LINE).add(email, role, **said)


def sign_in(session: Session, account_id: int, times: int = 1) -> None:
    """Sessions as the server keeps them."""
    for _ in range(times):
        token = f"{next(_numbers):064x}"
        put(session, WebSession(token_sha256=token, account_id=account_id, data=b"{}"))


def passkey(session: Session, account_id: int) -> Passkey:
    key = Passkey(
        user_id=account_id, credential_id=str(next(_numbers)).encode(), public_key=b"key", backup_state=False,
        device_type="single_device", lastuse_datetime=now_utc(), name="Key", usage="secondary",
    )  # fmt: skip
    return put(session, key)


def events(store: Store) -> list[AuditEvent]:
    with store.reading() as session:
        found = list(session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)))
        session.expunge_all()
        return found


def told(store: Store) -> str:
    """Everything that the audit holds, as one text."""
    with store.reading() as session:
        return json.dumps(
            [dict(row) for row in session.execute(sa.select(AuditEvent.__table__)).mappings()], default=str
        )


def sessions_of(store: Store, account_id: int) -> int:
    with store.reading() as session:
        mine = sa.select(sa.func.count(WebSession.id)).where(WebSession.account_id == account_id)
        return session.scalars(mine).one()


@contextmanager
def statements(store: Store) -> Generator[list[str]]:
    """The SELECTs that are sent while the block runs, but for the one that sets up the wall."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")) and "set_config" not in statement:
            sent.append(statement)

    sa.event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(store.engine, "before_cursor_execute", note)


DAY = timedelta(days=1)


def administrator(account_id: int = 900) -> Reader:
    return Reader("Administrator", (Grant(Role.ADMINISTRATOR),), account_id, known_as="administrator")


def coordinator(cluster_id: int, account_id: int | None = None) -> Reader:
    return Reader("Coordinator", (Grant(Role.COORDINATOR, cluster_id=cluster_id),), account_id, known_as="coordinator")


def headteacher(school_id: int) -> Reader:
    return Reader("Headteacher", (Grant(Role.HEADTEACHER, school_id=school_id),), 902, known_as="headteacher")


def put_account(store: Store, email: str = "one@example.org", role: Role = Role.DIRECTOR, **said: Any) -> int:
    with store.writing() as session:
        return account(session, email, role, **said).id


def find(store: Store, account_id: int) -> Account:
    with store.reading() as session:
        return session.get_one(Account, account_id)


def refusals(store: Store) -> list[tuple[str, str, str | None]]:
    return [
        (event.action, event.object_kind, event.object_key)
        for event in events(store)
        if event.outcome is Attempt.REFUSED
    ]
