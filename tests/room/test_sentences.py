"""What the panels of a meeting say, by hand."""

from datetime import date, time

import pytest

from dashboard.flags import Flag
from dashboard.room.sentences import (
    Turnout,
    ask,
    say_dates,
    say_in,
    say_to_decide,
    say_turnouts,
    say_when,
    since_last_time,
)
from dashboard.vocabulary import Severity

SEP, NOV, JAN, MAR = date(2016, 9, 21), date(2016, 11, 16), date(2017, 1, 18), date(2017, 3, 8)

IN_NOVEMBER = "schools came on 16 November 2016"


def held(*rows: tuple[date, int, int]) -> list[Turnout]:
    return [Turnout(*row) for row in rows]


@pytest.mark.parametrize(
    ("turnouts", "steering", "said"),
    [
        (held((SEP, 0, 0)), [], "Meetings were held, but no marks are recorded yet."),
        (held((SEP, 8, 8)), [], "All eight schools came on 21 September 2016."),
        (held((SEP, 8, 8), (NOV, 6, 8)), [], f"Six of eight {IN_NOVEMBER}, two fewer than the time before."),
        (held((SEP, 5, 8), (NOV, 6, 8)), [], f"Six of eight {IN_NOVEMBER}, one more than the time before."),
        (held((SEP, 6, 8), (NOV, 6, 8)), [], f"Six of eight {IN_NOVEMBER}, as many as the time before."),
        (held((SEP, 6, 7), (NOV, 6, 8)), [], f"Six of eight {IN_NOVEMBER}; 6 of 7 the time before."),
        (held((SEP, 6, 8), (NOV, 7, 8), (MAR, 5, 8)), [SEP, date(2017, 5, 1)],
         "Since the last steering group schools came 12 of 16 times, to two meetings; 5 of 8 on 8 March 2017."),
        (held((SEP, 6, 8), (NOV, 7, 8)), [NOV], f"Seven of eight {IN_NOVEMBER}, one more than the time before."),
    ],
)  # fmt: skip
def test_who_came_since_last_time(turnouts: list[Turnout], steering: list[date], said: str) -> None:
    assert say_turnouts(turnouts, steering) == said


def test_a_steering_group_on_the_day_of_the_newest_meeting_is_not_the_last_one() -> None:
    turnouts = held((SEP, 6, 8), (NOV, 7, 8), (JAN, 5, 8))
    assert [each.held_on for each in since_last_time(turnouts, [SEP, JAN])] == [NOV, JAN]
    assert since_last_time([], [SEP]) == ()


def flag(rule: str, severity: Severity) -> Flag:
    return Flag(rule, severity, "x", "ford")


def test_what_is_about_staff_is_no_question_for_a_wall() -> None:
    asked = ask([
        flag("unspent", Severity.LOOK), flag("sabbatical_review", Severity.LOOK), flag("induction_due", Severity.LOOK),
        flag("turnover", Severity.LOOK), flag("consistency", Severity.LOOK), flag("overdue", Severity.ACT),
        flag("missed_half_term", Severity.INFO),
    ])  # fmt: skip
    assert [each.rule for each in asked] == ["overdue", "unspent"]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((0, 0, 0), "Nothing is open from before."),
        ((0, 0, 1), "Nothing is open from before; one question waits for an answer."),
        ((1, 0, 0), "One decision or action is open."),
        ((1, 1, 2), "One decision or action is open, and overdue; two questions wait for an answer."),
        ((7, 2, 0), "Seven decisions and actions are open, two of them overdue."),
    ],
)
def test_what_waits(numbers: tuple[int, int, int], said: str) -> None:
    assert say_to_decide(*numbers) == said


def test_days() -> None:
    assert (say_when(MAR), say_when(MAR, time(13, 30))) == ("8 March 2017", "8 March 2017, 13:30")
    assert [say_in(MAR, each) for each in (MAR, date(2017, 3, 7), date(2017, 2, 1))] == [
        "today", "in one day", "in 35 days",
    ]  # fmt: skip
    assert say_dates("8 March 2017", 3) == "The next meeting is on 8 March 2017."
    assert say_dates(None, 0) == "No meeting is planned, and nothing is due."
    assert say_dates(None, 1) == "No meeting is planned; one day is to be kept in mind."
