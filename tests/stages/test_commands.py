"""What somebody writes about a cluster's way: times in stages, ticks and schools' answers, on both databases."""

import json
from dataclasses import replace
from datetime import date
from operator import methodcaller
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.access import Grant, Reader
from dashboard.changes import Outcome
from dashboard.models import AuditEvent, ChecklistTick, ClusterStage, SchoolCommitment
from dashboard.stages.checks import NotThere, StageRefused, TickedMeanwhile, sign_of_tick
from dashboard.stages.commands import StageBook, TickSaid
from dashboard.vocabulary import Checklist, Commitment, Role, TickState
from tests.stages.world import TODAY, World

GATE, ALONE = Checklist.STAGE_GATE, Checklist.INDEPENDENCE
DONE, OPEN, NEEDLESS = TickState.DONE, TickState.OPEN, TickState.NOT_NEEDED


def times(world: World) -> list[tuple[int, date | None, date | None]]:
    return [
        (each.stage_id, each.starts, each.ends) for each in world.rows(ClusterStage) if each.cluster_id == world.mill
    ]


def test_times_are_recorded_changed_and_removed(world: World) -> None:
    one, two = world.stages["One"], world.stages["Two"]
    year = date(2015, 9, 1), date(2016, 8, 31)
    assert world.write(lambda book: book.set_time(one, *year)) is Outcome.ADDED
    assert world.write(lambda book: book.set_time(two, date(2016, 1, 1), None), world.advisor) is Outcome.ADDED
    assert times(world) == [(one, *year), (two, date(2016, 1, 1), None)], "two stages may overlap"
    first, second = (each.id for each in world.rows(ClusterStage) if each.cluster_id == world.mill)
    assert world.write(lambda book: book.set_time(two, None, date(2017, 1, 1), second)) is Outcome.CHANGED
    assert world.write(lambda book: book.set_time(two, None, date(2017, 1, 1), second)) is Outcome.UNCHANGED
    assert world.write(lambda book: book.set_time(two, date(2017, 1, 2), None)) is Outcome.ADDED, "back in it again"
    world.write(lambda book: book.remove_time(one, first))
    assert times(world) == [(two, None, date(2017, 1, 1)), (two, date(2017, 1, 2), None)]
    assert world.events() == [
        (action, "cluster stage") for action in ("record", "record", "change", "record", "remove")
    ]  # fmt: skip


def test_times_that_make_no_sense_are_refused(world: World) -> None:
    one = world.stages["One"]
    world.write(lambda book: book.set_time(one, date(2015, 9, 1), date(2016, 8, 31)))
    cases: list[tuple[Any, ...]] = [
        (date(2016, 9, 1), date(2016, 8, 31), "ends", "31 August 2016 is before 1 September 2016"),
        (date(2016, 8, 31), None, "starts", "overlaps"),
        (None, date(2015, 9, 1), "starts", "overlaps"),
        (None, None, "starts", "overlaps"),
        (date(216, 9, 1), None, "starts", "check the year"),
        (None, date(2116, 9, 1), "ends", "check the year"),
    ]
    for starts, ends, field, words in cases:
        with pytest.raises(StageRefused, match=words) as refusal:
            world.write(methodcaller("set_time", one, starts, ends))
        assert refusal.value.field == field
    assert times(world) == [(one, date(2015, 9, 1), date(2016, 8, 31))]


def ticks(world: World) -> list[tuple[Any, ...]]:
    return [
        (each.stage_id, each.item, each.state, each.dated, each.note, each.said_as)
        for each in world.rows(ChecklistTick) if each.cluster_id == world.mill
    ]  # fmt: skip


def test_items_are_ticked_off_and_opened_again(world: World) -> None:
    two = world.stages["Two"]
    held = TickSaid(GATE, "review", DONE, two, date(2017, 2, 1), "  It went\nwell. ")
    assert world.write(lambda book: book.tick(TickSaid(GATE, "review", OPEN, two))) is Outcome.UNCHANGED
    assert ticks(world) == [], "an item of which nobody says anything needs no row"
    assert world.write(lambda book: book.tick(held)) is Outcome.ADDED
    assert world.write(lambda book: book.tick(held), world.advisor) is Outcome.UNCHANGED
    assert world.write(lambda book: book.tick(TickSaid(GATE, "review", DONE, world.stages["One"]))) is Outcome.ADDED
    assert world.write(lambda book: book.tick(TickSaid(ALONE, "finances", DONE, dated=TODAY))) is Outcome.ADDED
    again = TickSaid(ALONE, "finances", NEEDLESS, note="There is none to keep")
    for late in (again, replace(again, seen=sign_of_tick(held))):
        with pytest.raises(TickedMeanwhile, match="meanwhile"):
            world.write(lambda book, said=late: book.tick(said), world.advisor)
    again = replace(again, seen=sign_of_tick(world.rows(ChecklistTick)[-1]))
    assert world.write(lambda book: book.tick(again), world.advisor) is Outcome.CHANGED
    (review,) = [each for each in world.rows(ChecklistTick) if each.stage_id == two]
    opened = TickSaid(GATE, "review", OPEN, two, seen=sign_of_tick(review))
    assert world.write(lambda book: book.tick(opened)) is Outcome.CHANGED
    assert ticks(world) == [
        (two, "review", OPEN, None, None, "coordinator"),
        (world.stages["One"], "review", DONE, None, None, "coordinator"),
        (None, "finances", NEEDLESS, None, "There is none to keep", "advisor"),
    ]
    assert world.events() == [("tick off", "checklist")] * 5
    with world.store.reading() as session:
        told = json.dumps(
            [dict(row) for row in session.execute(sa.select(AuditEvent.__table__)).mappings()], default=str
        )
    assert "went" not in told
    assert "none to keep" not in told


def test_ticks_that_make_no_sense_are_refused(world: World) -> None:
    cases: list[tuple[Any, ...]] = [
        (TickSaid(ALONE, "finances", DONE, dated=date(2017, 3, 2)), "dated", "2 March 2017 is still to come"),
        (TickSaid(ALONE, "finances", OPEN, dated=TODAY), "dated", "has no day yet"),
        (TickSaid(ALONE, "finances", NEEDLESS, note=" \n "), "note", "why it is not needed"),
        (TickSaid(ALONE, "finances", DONE, note="x" * 501), "note", "501 letters"),
        (TickSaid(ALONE, "finances", DONE, dated=date(17, 3, 2)), "dated", "check the year"),
    ]
    for said, field, words in cases:
        with pytest.raises(StageRefused, match=words) as refusal:
            world.write(methodcaller("tick", said))
        assert refusal.value.field == field
    assert ticks(world) == []


def test_what_is_not_there_or_anothers_is_never_written(world: World) -> None:
    decoy, one = world.stages["decoy"], world.stages["One"]
    theirs = next(each.id for each in world.rows(ClusterStage))
    world.write(lambda book: book.set_time(one, None, None))
    mine = max(each.id for each in world.rows(ClusterStage))
    for do in (
        lambda book: book.set_time(decoy, None, None),
        lambda book: book.set_time(999, None, None),
        lambda book: book.set_time(one, None, None, theirs),
        lambda book: book.set_time(world.stages["Two"], None, None, mine),
        lambda book: book.remove_time(decoy, theirs),
        lambda book: book.remove_time(world.stages["Two"], mine),
        lambda book: book.tick(TickSaid(GATE, "review", DONE, decoy)),
        lambda book: book.tick(TickSaid(GATE, "review", DONE)),
        lambda book: book.tick(TickSaid(ALONE, "finances", DONE, one)),
        lambda book: book.tick(TickSaid(ALONE, "review", DONE)),
        lambda book: book.tick(TickSaid(GATE, "finances", DONE, one)),
    ):
        with pytest.raises(NotThere):
            world.write(do)
    assert len(world.rows(ClusterStage)) == 2
    assert ticks(world) == []
    for reader in (world.coordinator, world.advisor, world.head_of("Ford"), Reader("N", ())):
        with pytest.raises(NotThere):
            world.write(lambda book: book.tick(TickSaid(ALONE, "finances", DONE)), reader, cluster=world.weir)
    head = world.head_of("Ford")
    with pytest.raises(NotThere):
        world.write(lambda book: book.say("ford-school", Commitment.CONTINUES, TODAY), head)


def answers(world: World) -> list[tuple[Any, ...]]:
    return [
        (each.school_id, each.answer, each.said_on, each.said_as)
        for each in world.rows(SchoolCommitment) if each.cluster_id == world.mill
    ]  # fmt: skip


def test_a_school_says_whether_it_goes_on_and_may_change_its_mind(world: World) -> None:
    ford = world.schools["Ford"]
    assert world.write(lambda book: book.say("ford-school", Commitment.UNDECIDED, TODAY)) is Outcome.ADDED
    assert world.write(lambda book: book.say("ford-school", Commitment.UNDECIDED, TODAY)) is Outcome.UNCHANGED
    later = date(2017, 3, 8)
    goes_on = Commitment.CONTINUES
    assert (
        world.write(lambda book: book.say("ford-school", goes_on, later), world.advisor, today=later) is Outcome.CHANGED
    )
    assert answers(world) == [(ford, goes_on, later, "advisor")]
    assert world.events() == [("record", "school commitment"), ("change", "school commitment")]


def test_only_a_member_answers_and_never_in_time_to_come(world: World) -> None:
    cases: list[tuple[Any, ...]] = [
        ("gone-school", TODAY, "school"),
        ("decoy-school", TODAY, "school"),
        ("nowhere", TODAY, "school"),
        ("ford-school", date(2017, 3, 2), "said_on"),
        ("ford-school", date(17, 3, 2), "said_on"),
    ]
    for school, on, field in cases:
        with pytest.raises(StageRefused) as refusal:
            world.write(methodcaller("say", school, Commitment.LEAVES, on))
        assert refusal.value.field == field
    assert answers(world) == []


def test_a_cluster_without_a_programme_has_no_stage_and_may_still_go_on_alone(world: World) -> None:
    with world.store.writing() as session:
        session.execute(sa.text("UPDATE cluster SET programme_id = NULL WHERE id = :id"), {"id": world.mill})
    with pytest.raises(NotThere):
        world.write(lambda book: book.set_time(world.stages["One"], None, None))
    assert world.write(lambda book: book.tick(TickSaid(ALONE, "finances", DONE))) is Outcome.ADDED


def test_a_reader_of_several_clusters_opens_one_book_at_a_time(world: World) -> None:
    both = Reader("B", (Grant(Role.COORDINATOR, cluster_id=world.mill), Grant(Role.COORDINATOR, cluster_id=world.weir)))

    def say(book: StageBook) -> Any:
        return book.say("decoy-school", Commitment.CONTINUES, TODAY)

    with pytest.raises(StageRefused):
        world.write(say, both)
    assert world.write(say, both, cluster=world.weir) is Outcome.CHANGED
