from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear
from dashboard.intake.cells import limited_text, read_count, read_date, read_decimal, read_money, read_year
from dashboard.intake.tables import Cell
from dashboard.money import pounds

DAY = date(2017, 3, 12)
DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "cell",
    [
        "2017-03-12",
        "12/03/2017",
        "12-03-2017",
        "12.03.2017",
        "12 March 2017",
        "12 mar 2017",
        "12th March 2017",
        "Sunday 12 March 2017",
        " 12/3/2017 ",
        "12/03/2017 00:00",
        "2017-03-12T09:30:00",
        DAY,
        datetime(2017, 3, 12, 9, 30),
    ],
)
def test_a_date_is_read_in_the_ways_people_write_it(cell: Cell) -> None:
    assert read_date(cell) == DAY
    assert type(read_date(cell)) is date


@pytest.mark.parametrize("text", ["03/13/2017", "31/02/2017", "12 Mars", "tbc", "2017", "12/03-2017", "0017-03-12"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        read_date(text)


def test_a_date_of_which_only_the_time_is_left_is_lost() -> None:
    for text in ("00:00:00", "9:30", "00:00:00.000"):
        with pytest.raises(ValueError, match=f"“{text}” is a time of day; the date is lost"):
            read_date(text)


def test_a_year_of_two_digits_is_refused_unless_the_form_is_given() -> None:
    with pytest.raises(ValueError, match="two digits"):
        read_date("12/03/17")
    assert read_date("12/03/17", "%d/%m/%y") == DAY
    assert read_date(170312, "%y%m%d") == DAY
    assert read_date("2017-03-12", "%d/%m/%y") == DAY
    with pytest.raises(ValueError, match="in the form"):
        read_date("12/03/2017", "%y%m%d")


@given(DAYS)
def test_every_day_reads_back_as_itself(day: date) -> None:
    for text in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", f"{day:%-d %B %Y}", f"{day:%d %b %Y}"):
        assert read_date(text) == day


@given(st.integers(-(10**12), 10**12))
def test_every_amount_reads_back_as_itself(pence: int) -> None:
    assert read_money(pounds(pence)) == pence
    assert read_money(f"£{abs(pence) // 100:,}.{abs(pence) % 100:02d}") == abs(pence)


@given(st.integers(-(10**9), 10**9))
def test_a_number_of_a_workbook_is_the_amount_it_shows(pence: int) -> None:
    assert read_money(pence / 100) == pence
    assert read_money(Decimal(pence) / 100) == pence


@pytest.mark.parametrize(
    ("cell", "pence"),
    [("(12.00)", -1200), ("£1,234.5", 123450), (0.1 + 0.2, 30), (1054.1099999999999, 105411), (1500, 150000)],
)
def test_money_is_exact(cell: Cell, pence: int) -> None:
    assert read_money(cell) == pence


@pytest.mark.parametrize("cell", ["12.345", 12.345, "1,23", "12p", "", True, float("nan"), float("inf"), "9" * 20, DAY])
def test_what_is_no_amount_is_refused(cell: Cell) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_money(cell)


def test_figures() -> None:
    assert read_decimal("£48,747") == 48747
    assert read_decimal("92%") == 92
    assert read_decimal("-1.25") == Decimal("-1.25")
    assert read_decimal(12.72) == Decimal("12.72")
    assert read_count("1,204") == 1204
    assert read_count(231.0) == 231
    for text in ("z", "NA", "12.5.1", "1,23", "1e9"):
        with pytest.raises(ValueError, match="is not a number"):
            read_decimal(text)
    for cell in ("12.5", "-1", "many", str(2**31)):
        with pytest.raises(ValueError, match="whole number"):
            read_count(cell)


def test_years_and_texts() -> None:
    assert read_year("2016/17") == AcademicYear(2016)
    for text in ("2016", "2016-18", "0001-02", "9999-00"):
        with pytest.raises(ValueError, match="academic year"):
            read_year(text)
    assert limited_text(5)(" abc ") == "abc"
    with pytest.raises(ValueError, match="at most 5"):
        limited_text(5)("abcdef")
