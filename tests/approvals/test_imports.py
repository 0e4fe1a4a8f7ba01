"""Requests that a file tells of."""

from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.db import Store
from dashboard.importing import IMPORTERS
from dashboard.models import ApprovalRequest
from dashboard.vocabulary import RequestKind, RequestState
from tests.uploads import add_two_clusters, assert_idempotent_and_undoable, bring, brought, problems

HEAD = (
    "cluster,school,kind,summary,amount,candidate,starts,ends,asked,asked_as,state,granted,decided,decided_as,reason\n"
)
FILE = HEAD + (
    "Mill Cluster,Ford School,travel,Coach to the river,45.00,,,,2017-01-10,coordinator,"
    "approved,30.00,2017-01-12,advisor,One coach for two\n"
    "Mill Cluster,,joining,It lies near,,Bridge School,2017-09-01,,2017-02-01,coordinator,,,,,\n"
    "Weir Cluster,Weir School,Sabbatical,Building work,,,2017-04-01,2017-09-01,2017-02-01,director,"
    "declined,,2017-02-20,advisor,Too long\n"
)


@pytest.fixture
def two(store: Store) -> Store:
    add_two_clusters(store)
    return store


def test_requests_come_in_with_their_decision_and_go_again(two: Store) -> None:
    assert_idempotent_and_undoable(two, "requests", FILE)
    brought(two, "requests", FILE)
    with two.reading() as session:
        first, second, third = session.scalars(sa.select(ApprovalRequest).order_by(ApprovalRequest.id))
        assert (first.kind, first.amount, first.granted, first.state) == (
            RequestKind.TRAVEL, 4_500, 3_000, RequestState.APPROVED,
        )  # fmt: skip
        assert (first.asked_as, first.decided_as, first.asked_by_id) == ("coordinator", "advisor", None)
        assert (second.candidate, second.school_id, second.state) == ("Bridge School", None, RequestState.WAITING)
        assert (third.state, third.reason) == (RequestState.DECLINED, "Too long")
    assert IMPORTERS["requests"].kind == "requests"


def test_what_was_decided_stays_as_it_was_decided(two: Store) -> None:
    brought(two, "requests", FILE)
    waiting = FILE.replace("coordinator,,,,,\n", "coordinator,approved,,2017-02-03,advisor,Welcome\n")
    assert brought(two, "requests", waiting).changed == 1
    changed = bring(two, "requests", FILE.replace("approved,30.00", "approved,31.00"))
    assert not changed.stored
    assert "was approved on 12 January 2017 and stays as it is" in changed.errors[0].problem


@pytest.mark.parametrize(
    ("old", "new", "column", "words"),
    [
        ("2017-01-10", "2100-01-10", "asked", "still to come"),
        ("approved,30.00", "approved,46.00", "granted", "more than the £45"),
        ("approved,30.00", "approved,", "granted", "say how much is approved"),
        (",One coach for two", ",", "reason", "give the reason"),
        ("approved,30.00,2017-01-12", "approved,30.00,", "decided", "on which day it was decided"),
        ("approved,30.00,2017-01-12", "approved,30.00,2017-01-09", "decided", "is before the request"),
        ("approved,30.00,2017-01-12", ",30.00,2017-01-12", "granted", "nothing is decided yet"),
        ("travel", "tea", "kind", "is not a kind of request"),
        ("Bridge School", "", "candidate", "say which school would like to join"),
        ("Ford School", "Weir School", "school", "Weir School"),
    ],
)
def test_what_is_wrong_is_said_at_its_column_and_nothing_is_stored(
    two: Store, old: str, new: str, column: str, words: str
) -> None:
    result: Any = bring(two, "requests", FILE.replace(old, new, 1))
    assert not result.stored
    assert problems(result)[0][1] == column
    assert words.lower() in result.errors[0].problem.lower()
    with two.reading() as session:
        assert session.scalars(sa.select(ApprovalRequest)).all() == []


def test_one_request_stands_once_in_a_file(two: Store) -> None:
    line = FILE.splitlines(keepends=True)[2]
    result = bring(two, "requests", HEAD + line + line)
    assert [error.problem for error in result.errors] == ["the same request stands in row 2 already"]
