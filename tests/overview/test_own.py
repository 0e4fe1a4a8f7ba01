"""What an account keeps of the overview: watched clusters, saved views, when it looked; nobody else's, ever."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import EVERYTHING, Scope
from dashboard.audit import Actor
from dashboard.db import Store
from dashboard.models import AuditEvent, OverviewVisit, SavedView, WatchedCluster
from dashboard.overview.commands import (
    LONGEST_NAME,
    MOST_VIEWS,
    NeedsAccount,
    NotThere,
    OwnOverview,
    ViewRefused,
    note_visit,
)
from dashboard.overview.own import find_last_look, is_watched, load_views
from dashboard.vocabulary import Role
from tests import builders as put
from tests.builders import taken_back
from tests.visitors import account

NOON: Final = datetime(2017, 3, 1, 12, tzinfo=UTC)


def own(session: Session, account_id: int | None, scope: Scope = EVERYTHING) -> OwnOverview:
    return OwnOverview(session, Actor("director", "here", account_id), scope)


def test_a_cluster_is_watched_by_who_may_see_it_and_by_nobody_else(store: Store) -> None:
    with store.writing() as session:
        mill, decoy = put.cluster(session), put.cluster(session, "Decoy Cluster")
        mine, other = account(session, Role.DIRECTOR).id, account(session, Role.DIRECTOR).id
        only_mill = Scope(cluster_ids=frozenset({mill.id}))
        own(session, mine, only_mill).watch(mill.slug, wanted=True)
        own(session, mine, only_mill).watch(mill.slug, wanted=True)
        for slug in (decoy.slug, "nowhere", "odd\0name"):
            with pytest.raises(NotThere):
                own(session, mine, only_mill).watch(slug, wanted=True)
        with pytest.raises(NotThere):
            own(session, mine, Scope(school_ids=frozenset({1}))).watch(mill.slug, wanted=True)
        with pytest.raises(NeedsAccount):
            own(session, None)
        assert session.execute(sa.select(WatchedCluster.account_id, WatchedCluster.cluster_id)).all() == [
            (mine, mill.id)
        ]
        assert is_watched(session, only_mill, mine, mill.id)
        assert not is_watched(session, only_mill, other, mill.id)
        assert not is_watched(session, Scope(cluster_ids=frozenset({decoy.id})), mine, mill.id)
        own(session, other).watch(mill.slug, wanted=False)
        own(session, mine).watch(mill.slug, wanted=False)
        assert session.scalars(sa.select(WatchedCluster)).all() == []
        told = session.execute(sa.select(AuditEvent.action, AuditEvent.object_key).order_by(AuditEvent.id)).all()
        assert told == [("watch", str(mill.id)), ("stop watching", str(mill.id))]


def test_views_are_saved_renamed_replaced_and_removed_by_their_account_alone(store: Store) -> None:
    with store.writing() as session:
        mine, other = account(session, Role.DIRECTOR).id, account(session, Role.DIRECTOR).id
        view = own(session, mine).save("  Needs   action ", "?flag=act&nonsense=1&sort=overdue")
        own(session, other).save("Needs action", "flag=act")
        own(session, mine).save("all", "")
        told = [(each.name, each.query) for each in load_views(session, mine)]
        assert told == [("all", ""), ("Needs action", "flag=act&sort=overdue")]
        own(session, mine).rename(view, "NEEDS ACTION")
        own(session, mine).replace(view, "watched=1")
        for command in (
            lambda: own(session, other).rename(view, "Mine"),
            lambda: own(session, other).replace(view, ""),
            lambda: own(session, other).remove(view),
        ):
            with pytest.raises(NotThere):
                command()
        assert [(each.name, each.query) for each in load_views(session, mine)][1:] == [("NEEDS ACTION", "watched=1")]
        own(session, mine).remove(view)
        assert [each.name for each in load_views(session, mine)] == ["all"]
        assert [each.name for each in load_views(session, other)] == ["Needs action"]
        assert load_views(session, None) == []
        kept = session.execute(
            sa.select(AuditEvent.object_kind, AuditEvent.before, AuditEvent.after).order_by(AuditEvent.id)
        ).all()
    assert set(kept) == {("saved view", None, None)}, "a name is the person's own"


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        (" ", "", "Give the view a name"),
        ("odd\x07name", "", "Give the view a name"),
        ("x" * (LONGEST_NAME + 1), "", f"61 letters; use at most {LONGEST_NAME}"),
        ("TAKEN", "", "a view called “TAKEN” already"),
        ("Long", "&".join(f"{kind}={'é' * 200}" for kind in ("area", "stage", "cohort")), "choose fewer"),
    ],
)
def test_why_a_view_is_not_saved(shared_store: Store, name: str, query: str, said: str) -> None:
    with taken_back(shared_store) as session:
        mine = account(session, Role.DIRECTOR).id
        own(session, mine).save("Taken", "")
        with pytest.raises(ViewRefused, match=said):
            own(session, mine).save(name, query)
        session.add_all(SavedView(account_id=mine, name=f"View {number}", query="") for number in range(1, MOST_VIEWS))
        session.flush()
        with pytest.raises(ViewRefused, match="remove one first"):
            own(session, mine).save("One more", "")


def test_looks_within_half_an_hour_are_one_visit(store: Store) -> None:
    """Minutes of each look, and what is noted after it: the end of this visit so far, and the end of the one before."""
    looks = [
        (0, 0, None), (4, 0, None), (6, 6, None), (36, 36, None), (67, 67, 36), (68, 67, 36), (90, 90, 36),
        (30, 90, 36), (500, 500, 90),
    ]  # fmt: skip
    with store.writing() as session:
        mine, other = account(session, Role.DIRECTOR).id, account(session, Role.DIRECTOR).id
        note_visit(session, other, NOON)
        for minute, seen, before in looks:
            now = NOON + timedelta(minutes=minute)
            told_before = find_last_look(session, mine, now)
            note_visit(session, mine, now)
            session.flush()
            row = session.scalars(sa.select(OverviewVisit).where(OverviewVisit.account_id == mine)).one()
            assert row.seen_at == NOON + timedelta(minutes=seen)
            assert row.before_at == (None if before is None else NOON + timedelta(minutes=before))
            assert find_last_look(session, mine, now) == told_before == row.before_at
        assert session.scalar(sa.select(sa.func.count(AuditEvent.id))) == 0
