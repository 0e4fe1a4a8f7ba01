"""What money says in words."""

from typing import Any

import pandas as pd
import pytest

from dashboard.funding.sentences import say_money, say_release
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
