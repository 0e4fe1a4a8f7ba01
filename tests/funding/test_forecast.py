"""The forecast of a year's spending, against tables worked out by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear
from dashboard.funding.forecast import Course, Forecast, Silence, Spending, forecast
from dashboard.half_terms import HalfTerm, half_terms_of

YEAR = AcademicYear(2016)
HALF_TERMS = tuple(
    HalfTerm(first, last, name)
    for first, last, name in (
        (date(2016, 9, 5), date(2016, 10, 21), "one"),  # 7 weeks
        (date(2016, 10, 31), date(2016, 12, 16), "two"),  # 7
        (date(2017, 1, 3), date(2017, 2, 10), "three"),  # 6
        (date(2017, 2, 20), date(2017, 4, 7), "four"),  # 7
        (date(2017, 4, 24), date(2017, 5, 26), "five"),  # 5
        (date(2017, 6, 5), date(2017, 7, 21), "six"),  # 7
    )
)
"""39 weeks."""
SPENT = {date(2016, 10, 1): 70_000, date(2016, 11, 1): 35_000, date(2016, 12, 26): 35_000, date(2017, 2, 1): 30_000}
"""£700 in the first half term, £700 in the second and the holiday after it, £300 in the third."""
FRIDAY = date(2017, 2, 10)
"""20 weeks are gone, 19 are left."""


def ahead(spending: Spending, as_of: date = FRIDAY) -> Forecast:
    found = forecast(spending, HALF_TERMS, YEAR, as_of)
    assert isinstance(found, Forecast), found
    return found


def test_the_pace_of_the_weeks_gone_over_the_weeks_left() -> None:
    found = ahead(Spending(SPENT))
    assert (found.weeks_gone, found.weeks_left) == (20, 19)
    assert found.expected == 170_000 + 19 * 8_500  # £1,700 in 20 weeks are £85 a week
    assert (found.low, found.slowest) == (170_000 + 19 * 5_000, "three")  # £300 in 6 weeks
    assert (found.high, found.fastest) == (170_000 + 19 * 10_000, "one")  # £700 in 7 weeks; the second is as fast
    assert found.assumed is False


def test_a_week_is_gone_when_its_friday_is_over() -> None:
    assert ahead(Spending(SPENT), date(2017, 2, 9)).weeks_gone == 19
    assert ahead(Spending(SPENT), FRIDAY).weeks_gone == 20
    assert ahead(Spending(SPENT), date(2017, 2, 19)).weeks_gone == 20, "a holiday has none"


@pytest.mark.parametrize(
    ("committed", "low", "expected", "high"),
    [
        (0, 265_000, 331_500, 360_000),
        (100_000, 270_000, 331_500, 360_000),
        (170_000, 340_000, 340_000, 360_000),
        (200_000, 370_000, 370_000, 370_000),
    ],
)
def test_never_below_what_is_spent_and_committed(committed: int, low: int, expected: int, high: int) -> None:
    found = ahead(Spending(SPENT, committed=committed))
    assert (found.low, found.expected, found.high) == (low, expected, high)


def test_what_has_no_day_is_in_the_sum_and_not_in_the_pace() -> None:
    found = ahead(Spending(SPENT, undated=12_345))
    assert found.expected == 170_000 + 12_345 + 19 * 8_500


def test_lines_of_a_later_day_are_known_like_promises() -> None:
    assert ahead(Spending(SPENT, later=20_000)).expected == 331_500
    assert ahead(Spending(SPENT, later=200_000)).expected == 370_000


def test_a_half_term_of_less_than_three_weeks_gives_no_end_of_the_range() -> None:
    spent = {**SPENT, date(2017, 2, 27): 90_000}
    two_weeks = ahead(Spending(spent), date(2017, 3, 3))
    assert two_weeks.fastest == "one"
    assert two_weeks.expected == 260_000 + round(260_000 / 22 * 17)
    assert two_weeks.high == max(260_000 + 17 * 10_000, two_weeks.expected)
    three_weeks = ahead(Spending(spent), date(2017, 3, 10))
    assert (three_weeks.fastest, three_weeks.high) == ("four", 260_000 + 16 * 30_000)


def test_the_forecast_lies_within_its_range_even_if_a_short_half_term_is_the_fastest() -> None:
    found = ahead(Spending({**SPENT, date(2017, 2, 21): 900_000}), date(2017, 2, 24))
    assert found.low <= found.expected <= found.high


@pytest.mark.parametrize(
    ("spending", "as_of", "why"),
    [
        (Spending(SPENT), date(2017, 9, 1), Silence.OVER),
        (Spending(SPENT), date(2016, 8, 31), Silence.EARLY),
        (Spending(SPENT), date(2016, 11, 17), Silence.EARLY),
        (Spending(SPENT), date(2017, 7, 21), Silence.NO_WEEKS_LEFT),
        (Spending(SPENT), date(2017, 8, 31), Silence.NO_WEEKS_LEFT),
        (Spending(SPENT, undated=170_001), FRIDAY, Silence.UNDATED),
        (Spending({}, undated=1), FRIDAY, Silence.UNDATED),
        (Spending({}), FRIDAY, Silence.NOTHING_SPENT),
        (Spending({}, committed=500), FRIDAY, Silence.NOTHING_SPENT),
    ],
)
def test_where_too_little_is_known_there_is_none(spending: Spending, as_of: date, why: Silence) -> None:
    assert forecast(spending, HALF_TERMS, YEAR, as_of) is why


def test_the_first_forecast_comes_with_the_third_week_of_the_second_half_term() -> None:
    assert isinstance(forecast(Spending(SPENT), HALF_TERMS, YEAR, date(2016, 11, 18)), Forecast)


def test_assumed_half_terms_are_said() -> None:
    found = forecast(Spending(SPENT), half_terms_of(YEAR), YEAR, FRIDAY)
    assert isinstance(found, Forecast)
    assert found.assumed


_DAYS = st.dictionaries(st.dates(date(2016, 9, 1), date(2017, 8, 31)), st.integers(-5_000, 50_000), max_size=12)


@given(
    _DAYS, st.integers(0, 9_000), st.integers(-9_000, 9_000), st.integers(0, 90_000),
    st.dates(date(2016, 8, 1), date(2017, 10, 1)),
)  # fmt: skip
def test_a_forecast_is_ordered_and_holds_what_is_bound(
    by_day: Mapping[date, int], undated: int, later: int, committed: int, as_of: date
) -> None:
    so_far = {day: pence for day, pence in by_day.items() if day <= as_of}
    spending = Spending(so_far, undated, later, committed)
    assert spending.bound == sum(so_far.values()) + undated + later + committed
    found = forecast(spending, HALF_TERMS, YEAR, as_of)
    if isinstance(found, Forecast):
        assert spending.bound <= found.low <= found.expected <= found.high
        assert found.weeks_gone + found.weeks_left == 39
        assert found.weeks_left > 0


def test_a_course_adds_up_day_by_day() -> None:
    course = Course(YEAR, FRIDAY, 500_000, Spending(SPENT, undated=1_000, committed=9_000), Silence.EARLY)
    assert list(course.running.values()) == [70_000, 105_000, 140_000, 170_000]
    assert course.left == 500_000 - 170_000 - 1_000 - 9_000
    assert course.until == FRIDAY
    assert replace(course, as_of=date(2018, 1, 1)).until == date(2017, 8, 31)
    assert replace(course, as_of=date(2016, 8, 1)).until == date(2016, 9, 1)
