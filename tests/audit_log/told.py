"""A store in which much was done, about two clusters, a decoy and people; and the pages over it for one reader."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from werkzeug.test import TestResponse

from dashboard import audit
from dashboard.access import Grant, Reader, Scope
from dashboard.audit import Actor
from dashboard.audit_log.pages import pages
from dashboard.db import Store
from dashboard.models import Account, AuditEvent
from dashboard.vocabulary import Attempt, Role
from tests import builders as put
from tests import plain_pages

BEGIN = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)


@dataclass
class Told:
    """Where everything stands, and the number of each event by what it is called here."""

    store: Store
    clusters: dict[str, int] = field(default_factory=dict)
    river: int = 0
    accounts: dict[str, int] = field(default_factory=dict)
    events: dict[str, int] = field(default_factory=dict)

    def numbers(self, *names: str) -> list[int]:
        """The numbers of events, the newest first."""
        return sorted((self.events[name] for name in names), reverse=True)

    def within(self, *names: str) -> Scope:
        """The scope of some clusters."""
        return Scope(cluster_ids=frozenset(self.clusters[name] for name in names))


def tell(store: Store) -> Told:
    """Eleven events, an hour after one another."""
    told = Told(store)
    with store.writing() as session:
        river, decoy = put.programme(session, "River"), put.programme(session, "Decoy")
        told.river = river.id
        for name, under in (("mill", river), ("weir", river), ("decoy", decoy)):
            told.clusters[name] = put.cluster(session, f"{name} cluster".title(), under=under).id
        for name in ("ada", "bea", "gone"):
            account = put.put(session, Account(email=f"{name}@example.org", name=name.title(), fs_uniquifier=name))
            told.accounts[name] = account.id
    ada = Actor("director", "203.0.113.1", told.accounts["ada"])
    gone = Actor("coordinator", "203.0.113.2", told.accounts["gone"])
    nobody, machine = Actor("nobody signed in", "198.51.100.9"), Actor("command line", "command line")
    for name in ("mill", "weir", "decoy"):
        _event(told, f"{name} link", ada, "make", "screen link", 1, cluster=name, after={"state": f"{name} state"})
        _event(
            told, f"{name} import", gone, "import", "batch", 4, cluster=name, after={"file": f"{name}.csv"}, batch_id=4,
            reason=f"{name} reason",
        )  # fmt: skip
    _event(told, "sample", machine, "import", "batch", 1, after={"file": "whole.csv"}, batch_id=1)
    _event(
        told, "account", ada, "disable", "account", told.accounts["bea"], before={"active": True},
        after={"active": False},
    )  # fmt: skip
    _event(told, "refused", gone, "see", "cluster", "/cluster/decoy-cluster", outcome=Attempt.REFUSED)
    _event(told, "sign-in", nobody, "sign in", "account", told.accounts["ada"], outcome=Attempt.REFUSED, reason="wrong")
    _event(told, "strange", machine, "hum", "strange kind", "strange key", reason="strange reason")
    with store.writing() as session:
        session.execute(sa.delete(Account).where(Account.id == told.accounts["gone"]))
    return told


def _event(
    told: Told, name: str, actor: Actor, action: str, kind: str, key: Any, *, cluster: str | None = None, **more: Any
) -> None:
    number = len(told.events) + 1
    moment = BEGIN + timedelta(hours=number - 1)
    real, audit.now_utc = audit.now_utc, lambda: moment
    try:
        with told.store.writing() as session:
            audit.record(session, actor, action, kind, key, cluster_id=cluster and told.clusters[cluster], **more)
    finally:
        audit.now_utc = real
    told.events[name] = number


DIRECTOR = Reader("Ada", (Grant(Role.DIRECTOR),), known_as="director")
ADMINISTRATOR = Reader("Bea", (Grant(Role.ADMINISTRATOR),), known_as="administrator")
BOTH = Reader("Cem", (*DIRECTOR.grants, *ADMINISTRATOR.grants), known_as="director, administrator")


def director_of(programme_id: int) -> Reader:
    return Reader("Dee", (Grant(Role.DIRECTOR, programme_id=programme_id),), known_as="director")


class Browser(plain_pages.Browser):
    pages = (pages,)

    def get(self, path: str, **query: Any) -> TestResponse:
        return super().get(path, query_string=query or None)

    def numbers(self, path: str = "/audit", **query: Any) -> list[int]:
        """The numbers of the events on a page."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return [int(number) for number in re.findall(r">event (\d+)<", answer.text)]


def last_event(store: Store) -> AuditEvent:
    with store.reading() as session:
        return session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
