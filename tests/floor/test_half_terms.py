"""The half terms of a year: worked out by hand for an early, a usual and a late Easter, and what holds of all years."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear
from dashboard.half_terms import NAMES, HalfTerm, england, half_terms_of

BY_HAND = {
    2015: "1 Sep – 23 Oct, 2 Nov – 18 Dec, 4 Jan – 12 Feb, 22 Feb – 24 Mar, 11 Apr – 27 May, 6 Jun – 22 Jul",
    2016: "1 Sep – 21 Oct, 31 Oct – 16 Dec, 2 Jan – 10 Feb, 20 Feb – 13 Apr, 1 May – 26 May, 5 Jun – 21 Jul",
    2018: "1 Sep – 26 Oct, 5 Nov – 21 Dec, 7 Jan – 15 Feb, 25 Feb – 18 Apr, 6 May – 24 May, 3 Jun – 19 Jul",
    2023: "1 Sep – 27 Oct, 6 Nov – 22 Dec, 8 Jan – 9 Feb, 19 Feb – 28 Mar, 15 Apr – 24 May, 3 Jun – 19 Jul",
}
"""Easter on 27 March 2016, 16 April 2017, 21 April 2019 and 31 March 2024."""
YEARS = st.integers(1900, 2200).map(AcademicYear)


def written(half_term: HalfTerm) -> str:
    return f"{half_term.starts:%-d %b} – {half_term.ends:%-d %b}"


@pytest.mark.parametrize("start", BY_HAND)
def test_the_usual_half_terms_are_those_worked_out_by_hand(start: int) -> None:
    found = half_terms_of(AcademicYear(start))
    assert ", ".join(written(each) for each in found) == BY_HAND[start]
    assert tuple(each.name for each in found) == NAMES
    assert all(each.assumed for each in found)
    assert [each.starts.year - start for each in found] == [0, 0, 1, 1, 1, 1]


@given(YEARS)
def test_in_every_year_there_are_six_in_order_with_days_between_them(year: AcademicYear) -> None:
    found = half_terms_of(year)
    assert len(found) == 6
    assert year.starts == found[0].starts
    assert found[-1].ends <= year.ends
    for each in found:
        assert each.starts < each.ends
        assert each.ends.weekday() in {3, 4}, "a Thursday before Good Friday, else a Friday"
    for one, next_ in pairwise(found):
        assert (next_.starts - one.ends).days in {10, 17, 18}, "a week, or two"
        assert next_.starts.weekday() == 0


@given(YEARS)
def test_the_weeks_of_a_half_term_cover_it_and_nothing_else(year: AcademicYear) -> None:
    for each in half_terms_of(year):
        weeks = each.weeks()
        assert all(monday.weekday() == 0 for monday in weeks)
        assert all(after - before == timedelta(weeks=1) for before, after in pairwise(weeks))
        assert weeks[0] <= each.starts < weeks[0] + timedelta(weeks=1)
        assert weeks[-1] <= each.ends < weeks[-1] + timedelta(weeks=1)


def test_the_first_week_is_that_in_which_it_begins() -> None:
    autumn = half_terms_of(AcademicYear(2016))[0]
    assert autumn.starts == date(2016, 9, 1), "a Thursday"
    assert autumn.weeks()[:3] == [date(2016, 8, 29), date(2016, 9, 5), date(2016, 9, 12)]


def test_those_that_were_entered_come_in_order_and_nothing_is_assumed() -> None:
    entered = [("two", date(2016, 11, 1), date(2016, 12, 15)), ("one", date(2016, 9, 5), date(2016, 10, 20))]
    found = half_terms_of(AcademicYear(2016), entered)
    assert [(each.name, each.assumed) for each in found] == [("one", False), ("two", False)]
    assert date(2016, 9, 5) in found[0]
    assert date(2016, 10, 20) in found[0]
    assert date(2016, 9, 4) not in found[0]
    assert date(2016, 10, 21) not in found[0]
    assert "no day" not in found[0]


def test_public_holidays_are_those_of_england() -> None:
    found = england(2017)
    assert found[date(2017, 4, 17)] == "Easter Monday"
    assert date(2017, 3, 17) not in found, "Northern Ireland alone"
