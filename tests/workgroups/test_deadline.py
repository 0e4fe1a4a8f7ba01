"""Deadlines on clocks in England: the very minute, the nights on which clocks change, how late is told (0.3)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from dashboard.workgroups.deadline import clock, day_of, how_long, is_late, lateness, moment, returns_in, standing, told

FOUR: time = time(16)


@pytest.mark.parametrize(
    ("on", "at", "utc"),
    [
        (date(2022, 9, 30), FOUR, datetime(2022, 9, 30, 15, tzinfo=UTC)),  # 0.3, in summer time
        (date(2022, 11, 30), FOUR, datetime(2022, 11, 30, 16, tzinfo=UTC)),
        (date(2022, 10, 29), FOUR, datetime(2022, 10, 29, 15, tzinfo=UTC)),  # the last day of summer time
        (date(2022, 10, 30), FOUR, datetime(2022, 10, 30, 16, tzinfo=UTC)),  # the first day without
        (date(2022, 10, 30), time(1, 30), datetime(2022, 10, 30, 1, 30, tzinfo=UTC)),  # twice: the later is meant
        (date(2022, 10, 30), time(0, 59), datetime(2022, 10, 29, 23, 59, tzinfo=UTC)),
        (date(2023, 3, 26), time(0, 59), datetime(2023, 3, 26, 0, 59, tzinfo=UTC)),
        (date(2023, 3, 26), time(2), datetime(2023, 3, 26, 1, tzinfo=UTC)),
    ],
)
def test_a_day_and_a_time_are_a_moment(on: date, at: time, utc: datetime) -> None:
    assert moment(on, at) == utc


def test_a_time_that_the_night_leaves_out_is_refused() -> None:
    with pytest.raises(ValueError, match=r"there is no 1.30 am on 26 March 2023: the clocks go forward"):
        moment(date(2023, 3, 26), time(1, 30))


@pytest.mark.parametrize(
    ("due", "received", "late", "words"),
    [
        ((date(2022, 9, 30), FOUR), datetime(2022, 9, 30, 15, 0, tzinfo=UTC), False, "on time"),
        ((date(2022, 9, 30), FOUR), datetime(2022, 9, 30, 15, 0, 1, tzinfo=UTC), True, "less than a minute late"),
        ((date(2022, 9, 30), FOUR), datetime(2022, 9, 30, 15, 1, tzinfo=UTC), True, "1 minute late"),
        ((date(2022, 9, 30), FOUR), datetime(2022, 9, 30, 16, 0, tzinfo=UTC), True, "1 hour late"),
        ((date(2022, 10, 29), FOUR), datetime(2022, 10, 29, 15, 1, tzinfo=UTC), True, "1 minute late"),
        ((date(2022, 10, 30), FOUR), datetime(2022, 10, 30, 16, 0, tzinfo=UTC), False, "on time"),
        ((date(2022, 10, 30), FOUR), datetime(2022, 10, 30, 16, 1, tzinfo=UTC), True, "1 minute late"),
        # a night of 25 hours: 4 pm to 4 pm
        ((date(2022, 10, 29), FOUR), datetime(2022, 10, 30, 16, 0, tzinfo=UTC), True, "25 hours late"),
        # and one of 23
        ((date(2023, 3, 25), FOUR), datetime(2023, 3, 26, 15, 0, tzinfo=UTC), True, "23 hours late"),
        ((date(2023, 3, 26), FOUR), datetime(2023, 3, 26, 15, 1, tzinfo=UTC), True, "1 minute late"),
        ((date(2022, 9, 30), FOUR), datetime(2022, 10, 3, 15, 0, tzinfo=UTC), True, "3 days late"),
    ],
)
def test_a_minute_counts_on_either_side_of_summer_time(
    due: tuple[date, time], received: datetime, late: bool, words: str
) -> None:
    due_at = moment(*due)
    assert is_late(received, due_at) is late
    assert lateness(received, due_at) == words


def test_what_has_not_come_is_due_or_overdue() -> None:
    due_at = moment(date(2022, 9, 30), FOUR)
    assert standing(due_at, due_at - timedelta(days=3)) == "due in 3 days"
    assert standing(due_at, due_at) == "due in less than a minute"
    assert standing(due_at, due_at + timedelta(minutes=90)) == "1 hour overdue"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "less than a minute"),
        (timedelta(seconds=119), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=47, minutes=59), "47 hours"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=1500), "1,500 days"),
    ],
)  # fmt: skip
def test_how_long_is_told_in_one_unit_rounded_down(span: timedelta, words: str) -> None:
    assert how_long(span) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [(time(16), "4 pm"), (time(9, 5), "9.05 am"), (time(12), "noon"), (time(0), "midnight"), (time(12, 30), "12.30 pm"),
     (time(0, 15), "12.15 am")],
)  # fmt: skip
def test_a_time_reads_as_people_write_it(at: time, words: str) -> None:
    assert clock(at) == words


def test_a_moment_is_told_on_the_clock_of_england() -> None:
    assert told(datetime(2022, 9, 30, 15, tzinfo=UTC)) == "4 pm on Friday 30 September 2022"
    assert day_of(datetime(2022, 9, 30, 23, 30, tzinfo=UTC)) == date(2022, 10, 1)


@pytest.mark.parametrize(
    ("received", "asked", "words"),
    [(4, 7, "4 of 7 returns are in"), (0, 1, "0 of 1 return is in"), (13, 1300, "13 of 1,300 returns are in")],
)
def test_how_many_returns_are_in(received: int, asked: int, words: str) -> None:
    assert returns_in(received, asked) == words
