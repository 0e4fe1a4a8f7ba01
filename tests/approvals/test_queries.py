"""Which requests are found: by state, kind and words, in which order, and what rests on one."""

from dataclasses import replace
from datetime import date

import pytest

from dashboard.access import EVERYTHING, Action, Object, Scope, reading, scope_for
from dashboard.approvals.checks import Asked, Verdict
from dashboard.approvals.queries import RequestRow, find_request, find_used, load_requests, load_used_lines
from dashboard.models import Cluster, LedgerLine
from dashboard.vocabulary import LineState, RequestKind, RequestState
from tests import builders as put
from tests.approvals.world import TODAY, TRAVEL, World

DECIDED = (RequestState.APPROVED, RequestState.DECLINED)


def ask(world: World, scope: Scope | None = None, **said: object) -> list[RequestRow]:
    seen = scope or scope_for(world.coordinator, Action.SEE, Object.REQUESTS)
    with reading(world.walled, seen) as session:
        return load_requests(session, seen, **said)  # type: ignore[arg-type]


def test_waiting_requests_stand_oldest_first_with_their_number_and_the_oldest_day(world: World) -> None:
    second = world.asked(replace(TRAVEL, summary="Second"), today=date(2017, 2, 2))
    first = world.asked(replace(TRAVEL, summary="First"), today=date(2017, 1, 1))
    third = world.asked(replace(TRAVEL, summary="Third"), today=date(2017, 2, 2))
    rows = ask(world)
    assert [row.request_id for row in rows] == [first, second, third]
    assert {(row.found, row.first_on) for row in rows} == {(3, date(2017, 1, 1))}
    page = ask(world, most=1, skip=1)
    assert [(row.request_id, row.found, row.first_on) for row in page] == [(second, 3, date(2017, 1, 1))]


def test_decided_requests_stand_last_decided_first_and_nobody_sees_anothers(world: World) -> None:
    older, newer, waiting = world.asked(), world.asked(), world.asked()
    world.decided(newer, Verdict(RequestState.DECLINED, "No", TODAY))
    world.decided(older, Verdict(RequestState.APPROVED, "Yes", date(2017, 3, 4), 100), today=date(2017, 3, 5))
    assert [row.request_id for row in ask(world, states=DECIDED)] == [older, newer]
    assert [row.request_id for row in ask(world)] == [waiting]
    assert [row.request_id for row in ask(world, EVERYTHING, states=DECIDED)] == [older, newer, world.decoy]
    assert ask(world, EVERYTHING, states=DECIDED, cluster="weir-cluster")[0].request_id == world.decoy
    assert ask(world, states=DECIDED, cluster="weir-cluster") == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("COACH",), {"coach"}),
        (("minibus",), {"percent", "coach"}),
        (("minibus", "hill"), {"coach"}),
        (("100%",), {"percent"}),
        (("%",), {"percent"}),
        (("a_b",), {"percent"}),
        (("_",), {"percent"}),
        (("bridge",), {"joining"}),
        (("/",), set()),
        (("\\",), set()),
        ((), {"percent", "coach", "joining"}),
    ],
)
def test_words_are_looked_for_as_they_are_written(world: World, words: tuple[str, ...], found: set[str]) -> None:
    named = {
        "percent": world.asked(replace(TRAVEL, summary="Pay 100% of a_b")),
        "coach": world.asked(replace(TRAVEL, summary="A coach up the hill")),
        "joining": world.asked(Asked(RequestKind.JOINING, "It lies near", candidate="Bridge School")),
    }
    for name, number in named.items():
        reason = "Takes the minibus" if name != "joining" else "It fits"
        world.decided(number, Verdict(RequestState.DECLINED, reason, TODAY))
    rows = ask(world, states=DECIDED, words=words)
    assert {row.request_id for row in rows} == {named[name] for name in found}


def test_a_kind_narrows_the_search(world: World) -> None:
    travel, extra = world.asked(), world.asked(replace(TRAVEL, kind=RequestKind.EXTRA_TIME))
    assert [row.request_id for row in ask(world, kind=RequestKind.EXTRA_TIME)] == [extra]
    assert {row.request_id for row in ask(world)} == {travel, extra}


def test_a_request_is_found_within_the_scope_alone(world: World) -> None:
    number = world.asked()
    seen = scope_for(world.advisor, Action.SEE, Object.REQUESTS)
    with reading(world.walled, seen) as session:
        facts = find_request(session, seen, number)
        assert facts is not None
        assert (facts.cluster, facts.school, facts.school_name) == ("mill-cluster", "ford-school", "Ford School")
        assert (facts.asked_by, facts.decided_by) == (world.coordinator.account_id, None)
        assert find_request(session, seen, world.decoy) is None
        assert find_request(session, seen, 999) is None


def test_what_was_spent_against_an_approval_counts_what_is_taken_back(world: World) -> None:
    number, other = world.asked(), world.asked()
    with world.store.writing() as session:
        mill = session.get_one(Cluster, world.mill)
        wrong: LedgerLine | None = None
        for state, pence, request_id in (
            (LineState.PAID, 1_000, number), (LineState.INVOICED, 200, number), (LineState.APPROVED, 30, number),
            (LineState.COMMITTED, 4, number), (LineState.REQUESTED, 500, number), (LineState.REVERSED, 600, number),
            (LineState.PAID, 7_000, other), (LineState.PAID, 9_000, number),
        ):  # fmt: skip
            wrong = put.line(session, mill, pence, state)
            wrong.request_id = request_id
        assert wrong is not None
        put.line(session, mill, -9_000).reverses_id = wrong.id
    seen = scope_for(world.bursar, Action.SEE, Object.REQUESTS)
    with reading(world.walled, seen) as session:
        used = find_used(session, seen, number)
        assert used is not None
        assert (used.lines, used.spent, used.committed) == (8, 1_200, 34)
        lines = load_used_lines(session, seen, number)
        assert len(lines) == 8
        assert sum(each.amount for each in lines if each.state in {LineState.PAID, LineState.INVOICED}) == 1_200
        assert find_used(session, seen, 999) is None
        decoy = Scope(cluster_ids=frozenset())
        assert load_used_lines(session, decoy, number) == []
