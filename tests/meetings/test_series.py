"""Series of meetings: dates worked out by hand, each kind of clash, and what holds of every series."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear
from dashboard.half_terms import HalfTerm, half_terms_of
from dashboard.meetings.series import Known, Period, Rhythm, Series, clashes, propose
from dashboard.vocabulary import PeriodKind

YEAR = AcademicYear(2016)
USUAL = half_terms_of(YEAR)
MONDAY, TUESDAY, THURSDAY, SATURDAY = 0, 1, 3, 5


def dates(series: Series) -> list[str]:
    return [f"{each.day:%-d %b}" if each.day else each.missing for each in propose(series, YEAR, USUAL)]


def test_the_third_week_of_each_half_term_is_as_worked_out_by_hand() -> None:
    assert dates(Series(Rhythm.SAME_WEEK, THURSDAY, week=3)) == [
        "15 Sep", "17 Nov", "19 Jan", "9 Mar", "18 May", "22 Jun",
    ]  # fmt: skip


def test_once_in_each_half_term_falls_into_its_middle_week() -> None:
    # of 8, 7, 6, 8, 4 and 7 weeks the fourth, fourth, third, fourth, second and fourth
    assert dates(Series(Rhythm.HALF_TERMLY, TUESDAY)) == ["20 Sep", "22 Nov", "17 Jan", "14 Mar", "9 May", "27 Jun"]
    places = [each.place for each in propose(Series(Rhythm.HALF_TERMLY, TUESDAY), YEAR, USUAL)]
    assert places[0] == "first half of autumn, fourth week of 8"


def test_a_week_that_a_half_term_does_not_have_is_said_and_not_moved() -> None:
    found = dates(Series(Rhythm.SAME_WEEK, THURSDAY, week=6))
    assert found == ["6 Oct", "8 Dec", "9 Feb", "30 Mar", "It has no sixth week: it lasts 4.", "13 Jul"]


def test_a_day_before_the_half_term_begins_is_not_in_its_first_week() -> None:
    found = dates(Series(Rhythm.SAME_WEEK, MONDAY, week=1))
    assert found == ["The Monday of that week is not in it.", "31 Oct", "2 Jan", "20 Feb", "1 May", "5 Jun"]


def test_every_so_many_weeks_are_counted_from_the_first_day_to_the_end_of_the_year() -> None:
    found = dates(Series(Rhythm.EVERY_WEEKS, TUESDAY, every=6, first=date(2016, 11, 9)))
    assert found == ["15 Nov", "27 Dec", "7 Feb", "21 Mar", "2 May", "13 Jun", "25 Jul"]
    assert dates(Series(Rhythm.EVERY_WEEKS, THURSDAY, every=12))[0] == "1 Sep"
    assert dates(Series(Rhythm.EVERY_WEEKS, THURSDAY, every=12, first=date(2001, 1, 1)))[0] == "1 Sep"
    assert dates(Series(Rhythm.EVERY_WEEKS, THURSDAY, every=1, first=date(2017, 9, 1))) == []


KNOWN = Known(
    USUAL,
    {date(2017, 5, 1): "May Day"},
    (
        Period(1, PeriodKind.INSET, "training day", date(2016, 9, 5), date(2016, 9, 5), own=True),
        Period(2, PeriodKind.HOLIDAY, "October half term", date(2016, 10, 24), date(2016, 10, 28), own=False),
        Period(3, PeriodKind.TERM, "autumn term", date(2016, 9, 1), date(2016, 12, 16), own=False),
    ),
    own={date(2016, 11, 17): ("Steering group", "Network: phonics")},
    busy={date(2016, 11, 17): 2, date(2016, 11, 18): 1},
    today=date(2016, 9, 2),
)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2016, 9, 8), []),
        (date(2016, 9, 2), []),
        (date(2016, 9, 1), ["already past"]),
        (date(2016, 9, 10), ["a Saturday"]),
        (date(2016, 9, 11), ["a Sunday"]),
        (date(2017, 5, 1), ["public holiday: May Day"]),
        (date(2016, 9, 5), ["INSET day: training day"]),
        (date(2016, 10, 24), ["in a holiday: October half term"]),
        (date(2016, 10, 28), ["in a holiday: October half term"]),
        (date(2016, 12, 19), ["outside every half term"]),
        (date(2016, 11, 18), ["one school has a meeting of another cluster"]),
        (
            date(2016, 11, 17),
            [
                "this cluster meets that day: Steering group",
                "this cluster meets that day: Network: phonics",
                "two schools have a meeting of another cluster",
            ],
        ),
        (date(2016, 12, 24), ["a Saturday", "outside every half term"]),
    ],
)
def test_what_speaks_against_a_day_is_said_in_words(day: date, said: list[str]) -> None:
    assert clashes(day, KNOWN) == said


@st.composite
def years_of_half_terms(draw: st.DrawFn) -> tuple[AcademicYear, tuple[HalfTerm, ...]]:
    """The usual ones, or odd ones that somebody entered."""
    year = AcademicYear(draw(st.integers(1990, 2098)))
    if draw(st.booleans()):
        return year, half_terms_of(year)
    entered, begins = [], year.starts
    for number in range(draw(st.integers(1, 7))):
        begins += timedelta(days=draw(st.integers(0, 10)))
        ends = begins + timedelta(days=draw(st.integers(0, 40)))
        entered.append((f"half term {number}", begins, ends))
        begins = ends + timedelta(days=1)
    return year, half_terms_of(year, entered)


@given(
    years_of_half_terms(),
    st.sampled_from((Rhythm.HALF_TERMLY, Rhythm.SAME_WEEK)),
    st.integers(0, 6),
    st.integers(1, 6),
)
def test_every_date_lies_in_its_half_term_on_its_weekday(
    given_year: tuple[AcademicYear, tuple[HalfTerm, ...]], rhythm: Rhythm, weekday: int, week: int
) -> None:
    year, half_terms = given_year
    found = propose(Series(rhythm, weekday, week), year, half_terms)
    assert len(found) == len(half_terms)
    for each, half_term in zip(found, half_terms, strict=True):
        assert (each.day is None) == bool(each.missing)
        if each.day is None:
            continue
        assert each.day in half_term
        assert each.day.weekday() == weekday
        if rhythm is Rhythm.SAME_WEEK:  # counted the slow way: how many Mondays have begun a week by then
            slow = {half_term.starts + timedelta(days=n) for n in range((each.day - half_term.starts).days + 1)}
            assert len({(day - timedelta(days=day.weekday())) for day in slow}) == week


@given(
    st.integers(1990, 2098).map(AcademicYear),
    st.integers(0, 6),
    st.integers(1, 12),
    st.none() | st.integers(0, 364),
)
def test_every_so_many_weeks_keep_their_weekday_and_distance(
    year: AcademicYear, weekday: int, every: int, after: int | None
) -> None:
    first = None if after is None else year.starts + timedelta(days=after)
    found = [each.day for each in propose(Series(Rhythm.EVERY_WEEKS, weekday, 3, every, first), year, ())]
    days = [day for day in found if day is not None]
    assert len(days) == len(found)
    assert all(day.weekday() == weekday and (first or year.starts) <= day <= year.ends for day in days)
    assert {(two - one).days for one, two in pairwise(days)} <= {7 * every}
    if days:
        assert days[0] - (first or year.starts) < timedelta(days=7)
        assert year.ends - days[-1] < timedelta(weeks=every)
