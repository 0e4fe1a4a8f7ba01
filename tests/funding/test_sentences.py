"""What money says in words."""

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from dashboard.academic_year import AcademicYear
from dashboard.funding.forecast import Course, Forecast, Silence, Spending
from dashboard.funding.sentences import (
    say_assigned,
    say_course,
    say_how,
    say_inputs,
    say_meeting_costs,
    say_money,
    say_release,
    say_release_of_schools,
    say_roll_over,
    say_uses,
)
from dashboard.vocabulary import Part, Pot

COLUMNS = ["pot", "part", "brought_forward", "allocated", "committed", "spent", "remaining"]
LEAD, SCHOOL = Pot.LEAD_HELD, Pot.SCHOOL_HELD


def pots(*rows: tuple[Pot, Part, int, int, int, int]) -> pd.DataFrame:
    whole: list[tuple[Any, ...]] = [(*row, row[2] + row[3] - row[4] - row[5]) for row in rows]
    return pd.DataFrame(whole, columns=COLUMNS, dtype=object)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([(LEAD, Part.A, 0, 100_000, 0, 40_000)], "£600 of £1,000 is left to spend (40 % spent)."),
        ([(LEAD, Part.A, 5_050, 100_000, 50, 0)], "£1,050 of £1,050.50 is left to spend (0 % spent)."),
        (
            [(LEAD, Part.A, 0, 100_000, 0, 110_000), (LEAD, Part.B, 0, 100_000, 0, 0)],
            "£900 of £2,000 is left to spend (55 % spent); Part A is overspent.",
        ),
        (
            [(LEAD, Part.A, 0, 100, 0, 200), (LEAD, Part.B, 0, 100, 0, 300)],
            "−£3 of £2 is left to spend (250 % spent); Part A and Part B are overspent.",
        ),
        (
            [(LEAD, Part.A, 0, 100, 0, 50), (SCHOOL, Part.RELEASE, 0, 900_000, 0, 950_000)],
            "£0.50 of £1 is left to spend (50 % spent).",
        ),
        ([(SCHOOL, Part.RELEASE, 0, 50_000, 0, 10_000)], "£400 of £500 is left to spend (20 % spent)."),
        ([(LEAD, Part.A, 0, 0, 0, 12_345)], "£123.45 is spent; no allocation is recorded."),
        ([(LEAD, Part.A, 0, 100_000, 0, 1)], "£999.99 of £1,000 is left to spend (1 % spent)."),
        ([(LEAD, Part.A, 0, 100_000, 0, 99_999)], "£0.01 of £1,000 is left to spend (99 % spent)."),
    ],
)
def test_a_cluster_in_one_sentence(rows: list[tuple[Pot, Part, int, int, int, int]], sentence: str) -> None:
    assert say_money(pots(*rows)) == sentence


@pytest.mark.parametrize(
    ("allocated", "spent", "days", "days_of", "sentence"),
    [
        (0, 0, 0, 5, "No release money is recorded for your school."),
        (50_000, 40_000, 4, 5, "£400 of £500 release money used: 4 of 5 half days."),
        (50_000, 0, 0, None, "£0 of £500 release money used."),
    ],
)
def test_release_money_said_to_the_school(
    allocated: int, spent: int, days: int, days_of: int | None, sentence: str
) -> None:
    assert say_release(allocated, spent, days, days_of) == sentence


# ------------------------------------------------------------------------------------------------- of the money page
YEAR = AcademicYear(2016)
AHEAD = Forecast(200_049, 180_000, 260_000, 20, 19, "first half of spring", "second half of autumn", assumed=True)
SPENDING = Spending({date(2016, 10, 1): 70_000, date(2017, 2, 1): 30_050}, undated=500, committed=12_000)
COURSE = Course(YEAR, date(2017, 2, 10), 240_000, SPENDING, AHEAD)


def test_a_course_says_where_the_year_will_end_in_whole_pounds() -> None:
    assert say_course(COURSE) == (
        "£1,005.50 of £2,400 is spent; at this year’s pace it will be about £2,000 (£1,800 to £2,600) "
        "by 31 August 2017."
    )


def test_a_pace_below_what_is_committed_says_so() -> None:
    bound = SPENDING.bound
    slow = replace(COURSE, ahead=replace(AHEAD, expected=bound, low=bound, high=bound))
    assert say_course(slow) == (
        "£1,005.50 of £2,400 is spent; with what is committed it will be £1,125.50 by 31 August 2017, "
        "at this year’s pace no more."
    )


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Silence.EARLY, "is spent by 10 February 2017; it is too early in the year to say where it will end."),
        (Silence.UNDATED, "is spent by 10 February 2017; there is no forecast, because most of it has no day."),
        (Silence.NOTHING_SPENT, "is spent by 10 February 2017; there is no pace to make a forecast from."),
        (Silence.NO_WEEKS_LEFT, "is spent by 10 February 2017; no school week is left, so nothing more is forecast."),
        (Silence.OVER, "was spent in 2016-17; £1,274.50 was left."),
    ],
)
def test_where_there_is_no_forecast_the_reason_is_said(why: Silence, words: str) -> None:
    assert say_course(replace(COURSE, ahead=why)) == f"£1,005.50 of £2,400 {words}"


def test_a_year_that_ended_over_says_by_how_much() -> None:
    over = replace(COURSE, available=100_000, ahead=Silence.OVER)
    assert say_course(over).endswith("£125.50 more than there was is spent and committed.")
    assert say_course(replace(COURSE, available=0, ahead=Silence.EARLY)).startswith("£1,005.50 is spent by")


def test_how_a_forecast_was_made_and_what_has_no_day() -> None:
    told = " ".join(say_how(replace(COURSE, stretches=True, spending=replace(SPENDING, later=99))))
    assert "the pace of 20 school weeks over the 19 left" in told
    assert "slowest half term (first half of spring) to that of the fastest (second half of autumn)" in told
    assert "the usual ones are assumed" in told
    assert "£5 spent has no day" in told
    assert "£0.99 is of lines with a later day" in told
    assert "Single days are not shown" in told
    assert say_how(replace(COURSE, ahead=Silence.EARLY, spending=Spending({}))) == []


def test_what_most_was_spent_on() -> None:
    assert say_uses(("A1, cover", 5_000), 9_000, 1_000, Pot.LEAD_HELD) == (
        "The largest part of the £90 that the lead school spent went to A1, cover: £50; £10 has no use code."
    )
    assert say_uses(None, 0, 0, Pot.TRUST_HELD) == "The Trust spent £0."


@pytest.mark.parametrize(
    ("spent", "assigned", "words"),
    [
        (9_000, 4_000, "£40 of the £90 that the lead school spent serves a target; £50 serves none."),
        (9_000, 9_000, "All of the £90 that the lead school spent serves a target."),
        (9_000, 0, "None of the £90 that the lead school spent serves a target."),
        (0, 0, "Of what the lead school holds nothing is spent yet."),
    ],
)
def test_how_much_serves_something(spent: int, assigned: int, words: str) -> None:
    assert say_assigned(spent, assigned, Pot.LEAD_HELD, "serves a target", "serves none") == words


@pytest.mark.parametrize(
    ("opening", "closing", "rolls", "over", "words"),
    [
        (51_200, 100, True, True, "£512 came forward into 2016-17; £1 went on into the next year."),
        (51_200, 100, True, False, "£512 came forward into 2016-17; £1 is left so far."),
        (0, -300, True, True, "Nothing came forward into 2016-17; it ended £3 over."),
        (-900, -300, True, False, "A deficit of £9 came forward into 2016-17; it stands £3 over."),
        (0, 700, False, True, "What is left is for its year alone: £7 was left in 2016-17."),
    ],
)
def test_what_came_into_a_year_and_goes_on(opening: int, closing: int, rolls: bool, over: bool, words: str) -> None:
    assert say_roll_over(YEAR, opening, closing, rolls=rolls, over=over) == words


_THREE = "Three schools used 6 of 15 half days; two schools have used none; one school used more than five."


@pytest.mark.parametrize(
    ("half_days", "own", "words"),
    [
        ([5, 3, 0], False, "Three schools used 8 of 15 half days; one school has used none."),
        ([6, 0, 0], False, _THREE),
        ([4], False, "The one school used 4 of 5 half days."),
        ([0], True, "Your school used 0 of 5 half days."),
    ],
)  # fmt: skip
def test_the_half_days_of_the_schools(half_days: list[int], own: bool, words: str) -> None:
    assert say_release_of_schools(half_days, 5, own=own) == words


def test_what_a_meeting_cost() -> None:
    each = {Pot.LEAD_HELD: [2_000, 4_000, 9_000], Pot.SCHOOL_HELD: [9_000]}
    assert say_meeting_costs(each, 2, 5) == (
        "A meeting cost each school present £40 of what the lead school holds and £90 of what the schools hold; "
        "two of five meetings have no line."
    )
    assert say_meeting_costs(each, 0, 3).endswith("of what the schools hold.")
    assert say_meeting_costs({}, 2, 2) == "All two meetings have no line: what they cost is not recorded."


def test_what_both_sides_put_in_is_not_added_up() -> None:
    assert say_inputs(["£40 (levy)", "9 hours (time)"], [], 5_000) == (
        "The schools put in £40 (levy) and 9 hours (time); nothing from the programme is recorded."
    )
    assert say_inputs([], [], 10_000) == (
        "The schools agreed to put in £100, and nothing is recorded as paid; nothing from the programme is recorded."
    )
    assert say_inputs([], ["£300 (held by the lead school)"], 0) == (
        "Nothing that schools put in is recorded as paid or given; the programme £300 (held by the lead school)."
    )
