"""The academic year: 1 September to 31 August, written 2016-17."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2016, 9, 1), 2016),
        (date(2016, 8, 31), 2015),
        (date(2016, 12, 31), 2016),
        (date(2017, 1, 1), 2016),
        (date(2016, 2, 29), 2015),
    ],
)
def test_a_day_falls_in_the_year_that_began_in_september(day: date, start: int) -> None:
    assert AcademicYear.of(day) == AcademicYear(start)


@pytest.mark.parametrize("text", ["2016-17", "2016/17", "2016-2017", " 2016 – 17 ", "2016–17"])
def test_it_is_read_as_people_write_it(text: str) -> None:
    assert AcademicYear.parse(text) == AcademicYear(2016)


@pytest.mark.parametrize(
    "text", ["", "2016", "2016-18", "2016-2018", "16-17", "2016-1", "2016-17 A", "2017-16", "2016-16"]
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="is not an academic year; write it like 2016-17"):
        AcademicYear.parse(text)


def test_the_turn_of_a_century() -> None:
    assert str(AcademicYear(1999)) == "1999-00"
    assert AcademicYear.parse("1999-00") == AcademicYear.parse("1999-2000") == AcademicYear(1999)
    with pytest.raises(ValueError, match="1999-01"):
        AcademicYear.parse("1999-01")


def test_years_have_an_order() -> None:
    assert sorted([AcademicYear(2017), AcademicYear(2015)]) == [AcademicYear(2015), AcademicYear(2017)]


@given(st.dates(min_value=date(1900, 9, 1), max_value=date(2199, 8, 31)))
def test_every_day_lies_in_its_year_and_the_year_reads_back(day: date) -> None:
    year = AcademicYear.of(day)
    assert year.starts <= day <= year.ends
    assert AcademicYear.parse(str(year)) == year
