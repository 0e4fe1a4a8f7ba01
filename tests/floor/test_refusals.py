"""Whoever tries what is not theirs is told so and noted, once for each attempt; nobody else is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from dashboard.access import Reader
from dashboard.db import Store, now_utc
from dashboard.models import AuditEvent
from dashboard.vocabulary import Attempt
from dashboard.web import door
from dashboard.web.door import refuse
from tests import builders as put
from tests.floor.small_door import COORDINATOR, HEADTEACHER, METHODS, NO_ROLE, come, small_server


def events(store: Store) -> list[AuditEvent]:
    with store.reading() as session:
        found = list(session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)))
        session.expunge_all()
        return found


@pytest.mark.parametrize("address", ["/for-coordinators", "/asks-later"])
def test_who_may_not_is_told_so_and_noted_once_whatever_the_method(walled: Store, address: str) -> None:
    for number, method in enumerate(METHODS, start=1):
        answer = come(HEADTEACHER, address, method, walled)
        assert answer.status_code == 403, method
        if method != "HEAD":
            assert "<h1>This is not yours to see</h1>" in answer.text
            assert "<p>You may not edit this screen links.</p>" in answer.text
        assert len(events(walled)) == number, method
    for event in events(walled):
        assert (event.action, event.object_kind, event.object_key) == ("edit", "screen links", address)
        assert (event.actor_id, event.actor, event.origin) == (5, "headteacher", "127.0.0.1")
        assert (event.outcome, event.cluster_id, event.before, event.after) == (Attempt.REFUSED, None, None, None)


def test_the_methods_of_an_address_are_refused_with_it(walled: Store) -> None:
    assert come(HEADTEACHER, "/only-read", "OPTIONS", walled).status_code == 403
    assert [event.object_key for event in events(walled)] == ["/only-read"]


@pytest.mark.parametrize("reader", [HEADTEACHER, NO_ROLE, replace(COORDINATOR, looks_only=True)])
def test_every_attempt_is_noted_without_what_was_asked_besides(walled: Store, reader: Reader) -> None:
    client = small_server(lambda: reader, walled).test_client()
    assert [client.get("/for-coordinators?once=more").status_code for _ in range(3)] == [403] * 3
    noted = [(event.object_key, event.actor_id) for event in events(walled)]
    assert noted == [("/for-coordinators", reader.account_id)] * 3


def test_nothing_is_noted_of_what_is_allowed_or_of_nobody(walled: Store) -> None:
    for reader, address in ((COORDINATOR, "/for-coordinators"), (COORDINATOR, "/asks-later"), (None, "/asks-later")):
        come(reader, address, store=walled)
    assert events(walled) == []


@pytest.mark.parametrize(
    ("thing", "key", "found"),
    [
        ("cluster", "mill-cluster", "mill-cluster"),
        ("screen", "decoy-cluster", "decoy-cluster"),
        ("screen links", "mill-cluster", "mill-cluster"),
        ("school", "ford-school", "decoy-cluster"),
        ("school", "mill-cluster", None),
        ("school", "alone-school", None),
        ("cluster", "ford-school", None),
        ("cluster", "nowhere", None),
        ("audit", "/audit", None),
    ],
)
def test_an_attempt_is_told_to_those_who_may_read_of_the_cluster(
    store: Store, walled: Store, thing: str, key: str, found: str | None
) -> None:
    """A school is in the cluster that it joined last."""
    with store.writing() as session:
        clusters = {name: put.cluster(session, name) for name in ("Decoy Cluster", "Mill Cluster")}
        school = put.school(session, "Ford School")
        put.school(session, "Alone School")
        put.membership(session, clusters["Mill Cluster"], school, date(2014, 9, 1))
        put.membership(session, clusters["Decoy Cluster"], school, date(2016, 9, 1))
        numbers = {each.slug: each.id for each in clusters.values()}
    with small_server(lambda: None, walled).test_request_context("/anywhere"):
        refuse("see", thing, key)
    [event] = events(walled)
    assert (event.object_key, event.cluster_id) == (key, numbers[found] if found else None)


@pytest.mark.parametrize(
    "key", ["Jane Smith;=1+1", "mill%20cluster", "x" * 201, "a\nb", "<b>", "=1+1", "a@example.org"]
)
def test_what_looks_like_no_address_of_ours_is_not_kept(walled: Store, key: str) -> None:
    with small_server(lambda: None, walled).test_request_context("/anywhere"):
        refuse("see", "cluster", key)
    assert [event.object_key for event in events(walled)] == [None]


def test_nobody_fills_the_store_with_attempts(
    walled: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(door, "MOST_REFUSALS", 3)
    come(HEADTEACHER, "/for-coordinators", store=walled)
    for _ in range(5):
        assert come(NO_ROLE, "/for-coordinators", store=walled).status_code == 403
    assert come(HEADTEACHER, "/for-coordinators", store=walled).status_code == 403
    assert [event.actor_id for event in events(walled)] == [5, 6, 6, 6, 5], "each reader is counted alone"
    assert "more refused attempts by no role at 127.0.0.1 than are written down" in caplog.messages
    monkeypatch.setattr(door, "MOST_REFUSALS", 2)
    come(NO_ROLE, "/for-coordinators", store=walled)
    assert len(events(walled)) == 5, "also where there are more already"
    monkeypatch.setattr(door, "MOST_REFUSALS", 3)
    now = now_utc()
    for later, noted in ((50, 5), (61, 6)):
        monkeypatch.setattr(door, "now_utc", lambda later=later: now + timedelta(seconds=later))
        come(NO_ROLE, "/for-coordinators", store=walled)
        assert len(events(walled)) == noted, f"{later} seconds later"


def test_a_refusal_may_name_what_it_was_about_or_not(walled: Store) -> None:
    with small_server(lambda: None, walled).test_request_context("/anywhere"):
        refuse("see", "school", "ford-school")
        refuse("see", "overview")
    noted = [(event.action, event.object_kind, event.object_key, event.outcome) for event in events(walled)]
    assert noted == [("see", "school", "ford-school", Attempt.REFUSED), ("see", "overview", None, Attempt.REFUSED)]
