"""Money is whole pence; what is not exact to the penny is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.money import pence_from_pounds, pence_from_text, pounds

AMOUNTS = st.integers(min_value=-(10**14), max_value=10**14)


@given(AMOUNTS)
def test_what_is_written_reads_back(pence: int) -> None:
    assert pence_from_text(pounds(pence)) == pence


@given(AMOUNTS)
def test_it_reads_back_with_groups_signs_and_brackets(pence: int) -> None:
    grouped = f"{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
    assert pence_from_text(f"£{grouped}") == abs(pence)
    assert pence_from_text(f"(£{grouped})") == -abs(pence)
    assert pence_from_text(f"-£{grouped}") == -abs(pence)
    assert pence_from_text(f"£ \N{MINUS SIGN}{grouped}") == -abs(pence)


@given(AMOUNTS)
def test_exact_decimals_become_pence(pence: int) -> None:
    assert pence_from_pounds(Decimal(pence).scaleb(-2)) == pence


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("1,234.50", 123450),
        ("£1,234.50", 123450),
        ("-3", -300),
        ("(12.00)", -1200),
        ("12.5", 1250),
        (".5", 50),
        ("7.", 700),
        ("0", 0),
        ("-0.01", -1),
        ("12.500", 1250),
        (" 1234.50 ", 123450),
        ("£\N{NO-BREAK SPACE}12", 1200),
    ],
)
def test_amounts_as_people_write_them(text: str, pence: int) -> None:
    assert pence_from_text(text) == pence


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "£",
        "-",
        ".",
        "()",
        "twelve",
        "12,34",
        "1,2345.00",
        "1.234,50",
        "12 34",
        "1e3",
        "NaN",
        "inf",
        "--3",
        "(-)",
        "1.2.3",
    ],
)
def test_what_is_not_an_amount_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="is not an amount in pounds"):
        pence_from_text(text)


@pytest.mark.parametrize("text", ["0.005", "12.345", "(1.001)", "£1,000.999"])
def test_parts_of_a_penny_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="parts of a penny"):
        pence_from_text(text)


@pytest.mark.parametrize("text", ["10,000,000,000,000.00", "-" + "9" * 40, "1" + "0" * 40 + ".01"])
def test_amounts_that_no_store_can_hold_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="too large"):
        pence_from_text(text)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_decimals_that_are_no_amount_are_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="is not an amount in pounds"):
        pence_from_pounds(Decimal(amount))


@pytest.mark.parametrize(
    ("pence", "text"), [(123450, "1234.50"), (5, "0.05"), (-5, "-0.05"), (0, "0.00"), (-123456, "-1234.56")]
)
def test_the_decimal_string_of_the_report(pence: int, text: str) -> None:
    assert pounds(pence) == text
