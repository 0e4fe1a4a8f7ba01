"""Events for the tests of the audit: writes that leave one, and what the store holds of them."""

from collections.abc import Generator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.audit import Actor, find_faults
from dashboard.db import Store
from dashboard.models import AuditEvent, School

COORDINATOR = Actor("coordinator", "203.0.113.9", 7)
DECOY = Actor("director", "198.51.100.1", 8)


def write(store: Store, name: str, actor: Actor = COORDINATOR) -> None:
    """A school and the event that tells of it, in one transaction."""
    with store.writing() as session:
        school = School(slug=name, name=name)
        session.add(school)
        session.flush()
        audit.record(
            session, actor, "add", "school", school.id, cluster_id=3, reason="a new member",
            before={"name": "none"}, after=audit.quote(school), batch_id=None,
        )  # fmt: skip


def events(store: Store) -> list[AuditEvent]:
    with store.reading() as session:
        return list(session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)))


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(sa.select(School.name).order_by(School.id)))


def faults(store: Store) -> list[str]:
    with store.reading() as session:
        return find_faults(session)


@contextmanager
def tampering(store: Store) -> Generator[Session]:
    """A session of somebody who owns the database and takes the guards away first."""
    options = {"as_owner": True, "sqlite_begin": "IMMEDIATE"}
    with (
        store.engine.connect().execution_options(**options) as connection,
        Session(connection) as session,
        session.begin(),
    ):
        if store.is_postgresql:
            for table in ("audit_event", "audit_head"):
                session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        else:
            for name in session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                session.execute(sa.text(f"DROP TRIGGER {name}"))
        yield session
