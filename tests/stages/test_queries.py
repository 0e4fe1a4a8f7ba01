"""What is read of a cluster's way, by those who see it whole and by the head of one school, on both databases."""

from datetime import date
from typing import Any

import pytest

from dashboard.access import EVERYTHING, Reader, reading
from dashboard.models import Cluster, ClusterStage, Cohort
from dashboard.stages import queries
from dashboard.stages.commands import TickSaid
from dashboard.vocabulary import Checklist, Commitment, TickState
from tests.stages.world import TODAY, World


@pytest.fixture
def told(world: World) -> World:
    """With a gate that is half done, an answer of Lock, and one of a school that left."""
    two = world.stages["Two"]
    world.write(lambda book: book.tick(TickSaid(Checklist.STAGE_GATE, "review", TickState.DONE, two, note="At Lock")))
    world.write(lambda book: book.tick(TickSaid(Checklist.INDEPENDENCE, "finances", TickState.DONE)))
    world.write(lambda book: book.say("lock-school", Commitment.LEAVES, TODAY))
    earlier = date(2016, 7, 1)
    world.write(lambda book: book.say("gone-school", Commitment.CONTINUES, earlier), today=earlier)
    world.write(lambda book: book.set_time(two, date(2016, 9, 1), None))
    return world


def ask(world: World, query: Any, reader: Reader, *, on: date = TODAY, **more: Any) -> Any:
    scope = world.scope(reader)
    with reading(world.walled, scope) as session:
        return query(session, scope, as_of=on, **{"cluster_id": world.mill, **more})


def find(world: World, reader: Reader, slug: str = "mill-cluster", on: date = TODAY) -> Any:
    scope = world.scope(reader)
    with reading(world.walled, scope) as session:
        return queries.find_on_its_way(session, scope, slug, on)


def test_the_cluster_and_where_its_years_are_counted_from(told: World) -> None:
    found = find(told, told.coordinator)
    assert (found.name, found.starts, found.ends) == ("Mill Cluster", date(2015, 9, 1), date(2017, 8, 31))
    assert (found.whole, found.belongs) == (True, True)
    assert find(told, told.coordinator, "weir-cluster") is None
    assert find(told, told.coordinator, "nowhere") is None
    with reading(told.walled, EVERYTHING) as session:
        decoy = queries.find_on_its_way(session, EVERYTHING, "weir-cluster", TODAY)
        assert decoy is not None
        assert (decoy.cohort, decoy.starts) == ("2016", date(2016, 9, 1)), "its own start is not known"
    with told.store.writing() as session:
        mill = session.get_one(Cluster, told.mill)
        cohort = Cohort(programme_id=mill.programme_id, name="2012", starts=date(2012, 9, 1))
        session.add(cohort)
        session.flush()
        mill.cohort_id = cohort.id
    assert find(told, told.coordinator).starts == date(2015, 9, 1), "its own start goes before that of its cohort"


def test_stages_stand_in_their_order_with_each_time(told: World) -> None:
    two = told.stages["Two"]
    told.write(lambda book: book.set_time(two, date(2014, 1, 1), date(2014, 8, 31)))
    told.write(lambda book: book.set_time(told.stages["One"], None, None))
    for reader in (told.coordinator, told.advisor, told.head_of("Ford")):
        rows = ask(told, queries.load_stages, reader)
        assert [(each.name, each.starts, each.ends, each.first_year, each.last_year) for each in rows] == [
            ("One", None, None, 1, 1), ("Two", date(2014, 1, 1), date(2014, 8, 31), 2, 3),
            ("Two", date(2016, 9, 1), None, 2, 3), ("Three", None, None, 2, None),
        ]  # fmt: skip
        assert [each.time_id is not None for each in rows] == [True, True, True, False]
        assert all(each.is_present for each in rows)
    assert ask(told, queries.load_stages, told.coordinator, cluster_id=told.weir) == []


def test_stages_of_a_programme_that_a_cluster_came_from_stand_first(told: World) -> None:
    with told.store.writing() as session:
        gone = ClusterStage(cluster_id=told.mill, stage_id=told.stages["decoy"], starts=date(2012, 1, 1))
        session.add(gone)
    rows = ask(told, queries.load_stages, told.coordinator)
    assert [(each.name, each.is_present) for each in rows] == [
        ("Decoy", False), ("One", True), ("Two", True), ("Three", True),
    ]  # fmt: skip
    assert rows[0].starts == date(2012, 1, 1), "not the time of the cluster that is in that programme"


def test_ticks_with_notes_for_those_who_see_all_of_it(told: World) -> None:
    whole = ask(told, queries.load_ticks, told.coordinator)
    assert [(each.checklist, each.item, each.note) for each in whole] == [
        (Checklist.STAGE_GATE, "review", "At Lock"), (Checklist.INDEPENDENCE, "finances", None),
    ]  # fmt: skip
    for school in ("Ford", "Lock"):
        seen = ask(told, queries.load_ticks, told.head_of(school))
        assert [(each.item, each.state, each.note) for each in seen] == [("review", TickState.DONE, None)]


def test_members_first_and_then_who_left_with_an_answer(told: World) -> None:
    rows = ask(told, queries.load_commitments, told.coordinator)
    assert [(each.name, each.member, each.answer) for each in rows] == [
        ("Ford School", True, None), ("Lock School", True, Commitment.LEAVES), ("Mill School", True, None),
        ("Gone School", False, Commitment.CONTINUES),
    ]  # fmt: skip


@pytest.mark.parametrize(("school", "answer"), [("Ford", None), ("Lock", Commitment.LEAVES)])
def test_the_head_of_a_school_sees_its_own_answer_and_how_many_there_are(
    told: World, school: str, answer: Commitment | None
) -> None:
    head = told.head_of(school)
    rows = ask(told, queries.load_commitments, head)
    assert [(each.name, each.answer) for each in rows] == [(f"{school} School", answer)]
    counted = ask(told, queries.count_answers, head)
    assert (counted.schools, counted.said) == (3, 1), "without the school that left"


def test_a_school_that_left_sees_the_years_in_which_it_was_a_member(told: World) -> None:
    gone = told.head_of("Gone")
    assert find(told, gone).belongs is False
    assert find(told, gone, on=date(2016, 7, 31)).belongs is True
    for query in (queries.load_stages, queries.load_ticks):
        assert ask(told, query, gone) == []
    assert ask(told, queries.count_answers, gone) is None
    assert ask(told, queries.load_stages, gone, on=date(2016, 7, 31)) != []


def test_nobody_reads_the_decoy(told: World) -> None:
    for reader in (told.coordinator, told.advisor, told.head_of("Ford"), Reader("N", ())):
        for query in (queries.load_stages, queries.load_ticks, queries.load_commitments):
            assert ask(told, query, reader, cluster_id=told.weir) == []
        assert ask(told, queries.count_answers, reader, cluster_id=told.weir) is None
