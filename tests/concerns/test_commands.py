"""What is written of concerns: by whom, with which days, and what an event tells of it."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from dashboard.access import writing
from dashboard.concerns.checks import ConcernRefused, NoSuchConcern
from dashboard.concerns.commands import ConcernBook, StepSaid
from dashboard.models import Concern, ConcernStep, Membership
from dashboard.vocabulary import ConcernDecision, StepKind, StepOutcome
from tests.concerns.world import SECRET, TODAY, World, book

VISIT = StepKind.VISITED_THE_HEAD


def change(world: World, do: Callable[[ConcernBook], object], *, today: date = TODAY) -> None:
    with writing(world.walled, world.scope(world.coordinator)) as session:
        do(book(session, world.coordinator, today))


def step_of(world: World, number: int) -> ConcernStep:
    return next(step for step in world.rows(ConcernStep) if step.concern_id == number)


def test_a_concern_is_raised_with_its_first_step(world: World) -> None:
    first = StepSaid(VISIT, TODAY - timedelta(3), "  A good talk \r\n about time ")
    number = world.raised(rule="low_attendance", review_on=date(2017, 4, 1), first=first)
    row, step = world.concern(number), step_of(world, number)
    assert (row.cluster_id, row.school_id, row.rule, row.summary) == (
        world.mill, world.ford_school, "low_attendance", SECRET,
    )  # fmt: skip
    assert (row.raised_on, row.review_on, row.closed_on, row.decision) == (TODAY, date(2017, 4, 1), None, None)
    assert (row.raised_by_id, row.raised_as) == (world.coordinator.account_id, "coordinator")
    assert (step.kind, step.taken_on, step.note) == (VISIT, date(2017, 2, 26), "A good talk\n about time")
    assert (step.outcome, step.outcome_on) == (StepOutcome.WAITING, None)


def test_a_concern_may_be_about_the_cluster_and_a_school_may_have_several_at_once(world: World) -> None:
    numbers = {world.raised(), world.raised(), world.raised(school=None), world.raised(rule="made_up")}
    rows = [row for row in world.rows(Concern) if row.id in numbers]
    assert [row.school_id for row in rows] == [world.ford_school, world.ford_school, None, world.ford_school]
    assert [row.rule for row in rows] == [None] * 4
    assert all(row.closed_on is None for row in rows)


def test_events_tell_kinds_days_and_numbers_but_nothing_that_was_written(world: World) -> None:
    number = world.raised(first=StepSaid(VISIT, TODAY, SECRET))
    step = step_of(world, number)
    change(world, lambda book: book.add_step(number, StepSaid(StepKind.OTHER, TODAY, SECRET)))
    change(world, lambda book: book.tell_outcome(number, step.id, StepOutcome.HEAD_CAME, TODAY, SECRET))
    change(world, lambda book: book.set_review(number, date(2017, 5, 1)))
    change(world, lambda book: book.close(number, ConcernDecision.WATCHED, TODAY, SECRET))
    events = world.events()
    assert [(event.action, event.object_kind, event.object_key, event.cluster_id) for event in events] == [
        (action, "concern", str(number), world.mill)
        for action in ("raise", "add step", "tell outcome", "set review", "close")
    ]
    told = json.dumps([(event.before, event.after, event.reason) for event in events])
    assert SECRET not in told
    assert events[0].after is not None
    assert events[0].after["first_step"] == "visited_the_head"
    assert events[2].after is not None
    assert (events[2].after["outcome"], events[2].after["id"]) == ("head_came", step.id)
    assert (events[3].before, events[3].after) == ({"review_on": None}, {"review_on": "2017-05-01"})
    assert events[4].after is not None
    assert (events[4].after["decision"], events[4].after["closed_on"]) == ("watched", "2017-03-01")
    assert {event.actor_id for event in events} == {world.coordinator.account_id}


def test_what_came_of_a_step_may_be_told_anew_and_taken_back(world: World) -> None:
    number = world.raised(first=StepSaid(VISIT, date(2017, 2, 1)))
    step = step_of(world, number)
    change(world, lambda book: book.tell_outcome(number, step.id, StepOutcome.NO_CHANGE, date(2017, 2, 1), "No"))
    change(world, lambda book: book.tell_outcome(number, step.id, StepOutcome.NEW_LEADER, TODAY))
    told = step_of(world, number)
    assert (told.outcome, told.outcome_on, told.outcome_note) == (StepOutcome.NEW_LEADER, TODAY, None)
    change(world, lambda book: book.tell_outcome(number, step.id, StepOutcome.WAITING, None))
    told = step_of(world, number)
    assert (told.outcome, told.outcome_on) == (StepOutcome.WAITING, None)


def test_a_review_is_set_and_taken_away_and_one_that_has_passed_may_stay(world: World) -> None:
    number = world.raised(review_on=date(2017, 3, 2))
    change(world, lambda book: book.set_review(number, date(2017, 3, 2)), today=date(2017, 4, 1))
    assert world.concern(number).review_on == date(2017, 3, 2)
    change(world, lambda book: book.set_review(number, None))
    assert world.concern(number).review_on is None


def test_a_closed_concern_stays_as_it_is(world: World) -> None:
    number = world.raised(first=StepSaid(VISIT, TODAY))
    step = step_of(world, number)
    change(world, lambda book: book.close(number, ConcernDecision.SETTLED, TODAY, " Done "))
    row = world.concern(number)
    assert (row.closed_on, row.decision, row.decision_note) == (TODAY, ConcernDecision.SETTLED, "Done")
    for do in (
        lambda book: book.add_step(number, StepSaid(VISIT, TODAY)),
        lambda book: book.tell_outcome(number, step.id, StepOutcome.AGREED, TODAY),
        lambda book: book.set_review(number, date(2017, 5, 1)),
        lambda book: book.close(number, ConcernDecision.WATCHED, TODAY),
    ):
        with pytest.raises(ConcernRefused, match="closed on 1 March 2017 and stays as it is; raise a new one"):
            change(world, do)


@pytest.mark.parametrize(
    ("do", "field", "words"),
    [
        (lambda book, one, _: book.add_step(one, StepSaid(VISIT, date(2017, 3, 2))), "taken_on",
         "2 March 2017 is still to come; note a step once it was taken"),
        (lambda book, one, _: book.add_step(one, StepSaid(VISIT, date(2016, 2, 29))), "taken_on",
         "29 February 2016 is more than a year before the concern was raised (1 March 2017); give a day from"),
        (lambda book, one, _: book.add_step(one, StepSaid(VISIT, TODAY, "x" * 501)), "note",
         "This has 501 letters; at most 500 fit. Shorten it."),
        (lambda book, one, step: book.tell_outcome(one, step, StepOutcome.AGREED, date(2017, 1, 31)), "outcome_on",
         "31 January 2017 is before the step itself (1 February 2017); give that day or a later one."),
        (lambda book, one, step: book.tell_outcome(one, step, StepOutcome.AGREED, date(2017, 3, 2)), "outcome_on",
         "2 March 2017 is still to come"),
        (lambda book, one, step: book.tell_outcome(one, step, StepOutcome.AGREED, None), "outcome_on",
         "Give the day on which it was known."),
        (lambda book, one, _: book.set_review(one, TODAY), "review_on",
         "1 March 2017 does not lie ahead; give a day after 1 March 2017, or leave it empty."),
        (lambda book, one, _: book.close(one, ConcernDecision.SETTLED, date(2017, 3, 2)), "closed_on",
         "2 March 2017 is still to come"),
        (lambda book, one, _: book.close(one, ConcernDecision.SETTLED, date(2017, 2, 28)), "closed_on",
         "28 February 2017 is before the concern was raised (1 March 2017)"),
        (lambda book, *_: book.raise_concern("mill-cluster", " \n "), "summary", "Say in a sentence or two"),
        (lambda book, *_: book.raise_concern("mill-cluster", "x" * 1001), "summary", "This has 1,001 letters"),
        (lambda book, *_: book.raise_concern("mill-cluster", "A", school="weir-school"), "school", "no member today"),
        (lambda book, *_: book.raise_concern("mill-cluster", "A", review_on=TODAY), "review_on", "does not lie ahead"),
        (lambda book, *_: book.raise_concern("mill-cluster", "A", first=StepSaid(VISIT, date(2017, 3, 2))), "taken_on",
         "still to come"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_value_and_nothing_is_stored(
    world: World, do: Callable[[ConcernBook, int, int], object], field: str, words: str
) -> None:
    number = world.raised(first=StepSaid(VISIT, date(2017, 2, 1)))
    step = step_of(world, number)
    before = (len(world.rows(Concern)), len(world.rows(ConcernStep)), len(world.events()))
    with pytest.raises(ConcernRefused) as refused:
        change(world, lambda book: do(book, number, step.id))
    assert refused.value.field == field
    assert words in str(refused.value)
    assert (len(world.rows(Concern)), len(world.rows(ConcernStep)), len(world.events())) == before
    assert world.concern(number).closed_on is None


def test_a_step_may_be_as_old_as_a_year_before_the_concern(world: World) -> None:
    number = world.raised()
    change(world, lambda book: book.add_step(number, StepSaid(VISIT, date(2016, 3, 1))))
    assert step_of(world, number).taken_on == date(2016, 3, 1)


def test_it_is_not_closed_before_the_last_step_or_what_came_of_it(world: World) -> None:
    number = world.raised(first=StepSaid(VISIT, TODAY))
    later = date(2017, 3, 20)
    change(world, lambda book: book.add_step(number, StepSaid(StepKind.OTHER, date(2017, 3, 10))), today=later)
    close = ConcernDecision.SETTLED
    with pytest.raises(ConcernRefused, match=r"9 March 2017 is before the last step .*\(10 March 2017\)"):
        change(world, lambda book: book.close(number, close, date(2017, 3, 9)), today=later)
    step = step_of(world, number)
    change(world, lambda book: book.tell_outcome(number, step.id, StepOutcome.AGREED, date(2017, 3, 15)), today=later)
    with pytest.raises(ConcernRefused, match=r"\(15 March 2017\)"):
        change(world, lambda book: book.close(number, close, date(2017, 3, 14)), today=later)
    change(world, lambda book: book.close(number, close, date(2017, 3, 15)), today=later)
    assert world.concern(number).closed_on == date(2017, 3, 15)


def test_a_school_that_has_left_cannot_be_raised(world: World) -> None:
    with world.store.writing() as session:
        membership = session.query(Membership).filter_by(school_id=world.ford_school).one()
        membership.left = TODAY - timedelta(1)
    with pytest.raises(ConcernRefused, match="no member today"):
        world.raised()
    with world.store.writing() as session:
        session.query(Membership).filter_by(school_id=world.ford_school).one().left = TODAY
    assert world.raised()


def test_what_is_of_another_cluster_is_not_there(world: World) -> None:
    """The decoy's concern has the number 1 and a step with the number 1."""
    number = world.raised()
    for do in (
        lambda book: book.raise_concern("weir-cluster", "A"),
        lambda book: book.raise_concern("nowhere", "A"),
        lambda book: book.add_step(1, StepSaid(VISIT, TODAY)),
        lambda book: book.add_step(999, StepSaid(VISIT, TODAY)),
        lambda book: book.tell_outcome(1, 1, StepOutcome.AGREED, TODAY),
        lambda book: book.tell_outcome(number, 1, StepOutcome.AGREED, TODAY),
        lambda book: book.set_review(1, None),
        lambda book: book.close(1, ConcernDecision.SETTLED, TODAY),
    ):
        with pytest.raises(NoSuchConcern):
            change(world, do)
    assert world.concern(1).closed_on is None


def test_a_sabbatical_or_an_exit_is_not_closed_as_if_it_were_nothing(world: World) -> None:
    number = world.raised()
    with pytest.raises(ValueError, match=r"departures\.py"):
        change(world, lambda book: book.close(number, ConcernDecision.EXIT, TODAY))
