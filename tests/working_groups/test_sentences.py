"""What the page of working groups says, and how year groups are ordered."""

from datetime import date

import pytest

from dashboard.vocabulary import GroupStatus, OutcomeState
from dashboard.working_groups.checks import by_age, lines_of
from dashboard.working_groups.sentences import (
    say_groups,
    say_others,
    say_outcomes,
    say_saved,
    say_span,
    say_step,
)

PLANNED, WORK, PAUSED, DONE = GroupStatus
OPEN, REACHED, DROPPED = OutcomeState


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        ([WORK], "One working group, at work"),
        ([DONE] * 2, "Two working groups, all finished"),
        (
            [DONE, WORK, PLANNED, PAUSED, WORK],
            "Five working groups: two at work, one paused, one planned and one finished",
        ),
    ],
)
def test_groups(statuses: list[GroupStatus], told: str) -> None:
    assert say_groups(statuses) == told


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ([], None),
        ([OPEN], "The one outcome is not reached yet"),
        ([REACHED], "The one outcome is reached"),
        ([OPEN] * 3, "None of three outcomes is reached yet"),
        ([REACHED] * 2, "All two outcomes are reached"),
        ([REACHED, OPEN, OPEN, DROPPED], "One of three outcomes is reached; one was dropped"),
        ([REACHED, REACHED, OPEN], "Two of three outcomes are reached"),
        ([DROPPED], "One outcome was dropped, none is left"),
    ],
)
def test_outcomes_that_were_dropped_count_for_nothing(states: list[OutcomeState], told: str | None) -> None:
    assert say_outcomes(states) == told


def test_only_what_a_reached_outcome_saved_is_summed_to_the_penny() -> None:
    assert say_saved([(OPEN, 100), (REACHED, None), (DROPPED, 100)]) is None
    assert say_saved([(REACHED, 1), (REACHED, 1_050), (OPEN, 9_999)]) == (
        "£10.51 saved or earned by two reached outcomes; it is in no pot and no sum of pots"
    )
    assert say_saved([(REACHED, 0)]) == "£0 saved or earned by one reached outcome; it is in no pot and no sum of pots"


def test_spans_and_steps_say_what_is_known() -> None:
    first, last, today = date(2017, 1, 2), date(2017, 2, 3), date(2017, 2, 3)
    assert [say_span(*each) for each in ((first, last), (first, first), (first, None), (None, last), (None, None))] == [
        "2 January 2017 to 3 February 2017", "2 January 2017", "from 2 January 2017", "until 3 February 2017",
        "dates not known",
    ]  # fmt: skip
    assert say_step(None, None, today) == ("●", "reached, dates not known")
    assert say_step(first, last, today) == ("●", "done, 2 January 2017 to 3 February 2017")
    assert say_step(None, last, today) == ("●", "done, until 3 February 2017")
    assert say_step(first, None, today) == ("◐", "going on, from 2 January 2017")
    assert say_step(first, date(2017, 3, 1), today) == ("◐", "going on, 2 January 2017 to 1 March 2017")
    assert say_step(None, date(2017, 3, 1), today) == ("◐", "going on until 1 March 2017")
    assert say_step(date(2017, 3, 1), None, today) == ("○", "to begin on 1 March 2017")


def test_other_schools_are_a_number() -> None:
    assert [say_others(*each) for each in ((0, 0), (1, 1), (3, 1), (1, 0), (2, 0))] == [
        "schools not recorded", "your school alone", "your school and two other schools", "one other school",
        "two other schools",
    ]  # fmt: skip


def test_year_groups_go_by_age_and_lists_by_line() -> None:
    groups = ["Year 10", "Choir", "Year 3/4", "R", "yr 2", "Nursery", "Reception", "Y1"]
    assert sorted(groups, key=by_age) == ["Nursery", "R", "Reception", "Y1", "yr 2", "Year 3/4", "Year 10", "Choir"]
    assert lines_of("- a; b\n•  c  d\n\n*e", also=";") == ("a", "b", "c d", "e")
    assert lines_of("a; b") == ("a; b",)
