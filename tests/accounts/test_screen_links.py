"""A screen link opens one screen for a time; the store never holds what opens it."""

import hashlib
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from dashboard import audit
from dashboard.access import EVERYTHING, NOTHING, Scope
from dashboard.accounts.screen_links import (
    MOST_DAYS,
    LinkRefused,
    ScreenLinks,
    find_closed_link,
    find_link,
    touch,
)
from dashboard.audit import COMMAND_LINE, Actor
from dashboard.changes import Outcome
from dashboard.db import Base, Session, Store, now_utc
from dashboard.models import ScreenLink, WebSession
from tests.accounts.places import DAY, Places, account, events, settle, settled
from tests.builders import EXAMPLES, put, taken_back

NOW = now_utc()


def add(session: Session, slug: str = "mill-cluster", *, scope: Scope = EVERYTHING, days: int = 90) -> tuple[int, str]:
    link, token = ScreenLinks(session, COMMAND_LINE).add(slug, scope=scope, days=days)
    return link.id, token


def own(places: Places) -> Scope:
    """What a coordinator of the Mill Cluster looks after."""
    return Scope(cluster_ids=frozenset({places.mill}))


def test_only_the_digest_of_a_link_is_kept(store: Store) -> None:
    settled(store)
    with store.writing() as session:
        link_id, token = add(session)
    with store.reading() as session:
        rows = {
            table.name: [list(row) for row in session.execute(sa.select(table))]
            for table in Base.metadata.sorted_tables
        }
        link = session.get_one(ScreenLink, link_id)
        assert link.token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    assert token not in json.dumps(rows, default=str)
    assert len(token) >= 43


def test_every_link_is_another_and_opens_its_own_cluster(store: Store) -> None:
    places = settled(store)
    with store.writing() as session:
        (mill, one), (weir, other), (again, third) = add(session), add(session, "weir-cluster"), add(session)
        assert len({one, other, third}) == 3
        found = [find_link(session, token, NOW) for token in (one, other, third)]
        assert [(each.id, each.cluster_id) for each in found if each] == [
            (mill, places.mill), (weir, places.weir), (again, places.mill),
        ]  # fmt: skip


def test_a_link_opens_until_it_expires_or_is_revoked(store: Store) -> None:
    settled(store)
    with store.writing() as session:
        before = now_utc()
        link_id, token = add(session, days=1)
        after = now_utc()
        add(session, "weir-cluster")
        link = session.get_one(ScreenLink, link_id)
        assert before <= link.expires_at - DAY <= after
        last = link.expires_at - timedelta(seconds=1)
        assert find_link(session, token, last) is link
        assert find_closed_link(session, token, last) is None
        assert find_link(session, token, link.expires_at) is None
        assert find_closed_link(session, token, link.expires_at) == link_id
        ScreenLinks(session, COMMAND_LINE).revoke(link_id, scope=EVERYTHING)
        assert find_link(session, token, NOW) is None
        assert find_closed_link(session, token, NOW) == link_id


@EXAMPLES
@given(st.text(max_size=60))
def test_no_other_text_is_a_link(store: Store, guess: str) -> None:
    with taken_back(store) as session:
        settle(session)
        _, token = add(session)
        tries = (
            guess,
            token[:-1],
            token + guess if guess else token.upper(),
            hashlib.sha256(token.encode()).hexdigest(),
        )
        for each in tries:
            assert find_link(session, each, NOW) is None
            assert find_closed_link(session, each, NOW) is None


def test_a_link_is_made_only_for_a_cluster_in_the_scope_and_refused_in_the_same_words(store: Store) -> None:
    places = settled(store)
    school = Scope(school_ids=frozenset({places.weir_school}))
    refusals = set()
    for scope, slug in ((own(places), "weir-cluster"), (NOTHING, "weir-cluster"), (school, "weir-cluster")):
        with store.writing() as session, pytest.raises(LinkRefused) as refused:
            add(session, slug, scope=scope)
        refusals.add(str(refused.value))
    with store.writing() as session, pytest.raises(LinkRefused) as refused:
        add(session, "no-such-cluster", scope=own(places))
    assert refusals == {str(refused.value).replace("no-such-cluster", "weir-cluster")}
    assert events(store) == []
    with store.writing() as session:
        add(session, "mill-cluster", scope=own(places))
        add(session, "weir-cluster", scope=Scope(programme_ids=frozenset({places.hill})))


def test_a_link_is_revoked_only_in_the_scope_and_refused_in_the_same_words(store: Store) -> None:
    places = settled(store)
    with store.writing() as session:
        weir, token = add(session, "weir-cluster")
    for link_id in (weir, 999):
        with store.writing() as session, pytest.raises(LinkRefused, match=f"^There is no screen link {link_id}.$"):
            ScreenLinks(session, COMMAND_LINE).revoke(link_id, scope=own(places))
    with store.reading() as session:
        assert find_link(session, token, NOW) is not None
    assert [event.action for event in events(store)] == ["add"]


@pytest.mark.parametrize("days", [0, -1, MOST_DAYS + 1, 10**9])
def test_a_link_lasts_for_some_days_and_no_more_than_a_year(store: Store, days: int) -> None:
    settled(store)
    with store.writing() as session, pytest.raises(LinkRefused, match="lasts from 1 to 366 days"):
        add(session, days=days)


@pytest.mark.parametrize("label", ["x" * 101, "a\0b"])
def test_a_label_that_cannot_be_kept_is_refused(store: Store, label: str) -> None:
    settled(store)
    with store.writing() as session, pytest.raises(LinkRefused, match="label"):
        ScreenLinks(session, COMMAND_LINE).add("mill-cluster", scope=EVERYTHING, label=label)


def test_revoking_ends_the_sessions_of_that_link_alone_and_once(store: Store) -> None:
    settled(store)
    with store.writing() as session:
        (mill, _), (decoy, _) = add(session), add(session)
        for number, link_id in enumerate((mill, mill, decoy)):
            put(session, WebSession(token_sha256=f"{number:064x}", screen_link_id=link_id, data=b"{}"))
        links = ScreenLinks(session, COMMAND_LINE)
        links.revoke(mill, scope=EVERYTHING)
        assert links.outcome is Outcome.CHANGED
        assert session.scalars(sa.select(WebSession.screen_link_id)).all() == [decoy]
        links.revoke(mill, scope=EVERYTHING)
        assert links.outcome is Outcome.UNCHANGED
    assert [event.action for event in events(store)] == ["add", "add", "revoke"]


def test_what_is_done_with_a_link_is_told_with_its_cluster_and_without_its_token_or_label(store: Store) -> None:
    places = settled(store)
    with store.writing() as session:
        coordinator = account(session, "one@example.org").id
        links = ScreenLinks(session, Actor("coordinator", "192.0.2.7", coordinator))
        link, token = links.add("mill-cluster", scope=own(places), label="Library")
        assert links.open(token, NOW) is link
        assert (link.last_used_at, link.created_by_id) == (NOW, coordinator)
        assert links.open("guess", NOW) is None
        links.revoke(link.id, scope=own(places))
        assert links.open(token, NOW) is None
    told = events(store)[1:]
    assert [(event.action, event.object_kind, event.cluster_id) for event in told] == [
        (action, "screen link", places.mill) for action in ("add", "open", "revoke")
    ]
    assert {event.actor_id for event in told} == {coordinator}
    said = json.dumps([[event.before, event.after, event.object_key, event.reason] for event in told])
    assert "Library" not in said
    assert token not in said
    with store.reading() as session:
        assert audit.find_faults(session) == []


def test_a_screen_that_is_looked_at_is_noted_every_few_minutes(store: Store) -> None:
    settled(store)
    with store.writing() as session:
        (link_id, _), (decoy, _) = add(session), add(session)
        noted = []
        for seconds in (0, 299, 301):
            touch(session, link_id, NOW + timedelta(seconds=seconds))
            session.expire_all()
            last = session.get_one(ScreenLink, link_id).last_used_at
            assert last is not None
            noted.append(round((last - NOW).total_seconds()))
        assert noted == [0, 0, 301]
        assert session.get_one(ScreenLink, decoy).last_used_at is None
