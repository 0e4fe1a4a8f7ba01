"""What contradicts in printed figures: precisely what a table says, and nothing invented (1.9)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.benchmarks.checks import Check, Contradiction, Figure, find_contradictions
from dashboard.vocabulary import Severity

P = "pounds"
PP = "pounds per pupil"


def table(*rows: tuple[str, str, Any], label: str = "Ford", file: int | None = 1, year: int = 2016) -> list[Figure]:
    """The figures of one school: measure, unit, value."""
    return [
        Figure(1, year, file, place, measure, unit, label, None if value is None else Decimal(str(value)), 7)
        for place, (measure, unit, value) in enumerate(rows, start=1)
    ]


def told(figures: Iterable[Figure]) -> list[tuple[str, str, str, str, str]]:
    return [
        (each.check, each.measure, str(each.printed), str(each.expected), each.severity)
        for each in find_contradictions(figures)
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("Grant", P, 10), ("Gifts", P, 5), ("TOTAL INCOME", P, 15)], []),
        ([("Grant", P, 10), ("Gifts", P, 5), ("TOTAL INCOME", P, 16)], [("16", "15", "info")]),
        ([("Grant", P, 10), ("Gifts", P, 5), ("Total", P, 13)], [("13", "15", "info")]),
        ([("Grant", P, 10), ("Gifts", P, 5), ("Total:", P, 18)], [("18", "15", "look")]),
        ([("A", P, 1), ("B", P, 1), ("C", P, 1), ("Total", P, 6)], [("6", "3", "info")]),
        ([("A", P, "0.5"), ("B", P, "0.25"), ("Total", P, "0.75")], []),
        # A blank is not 0, and nobody can say what the sum would be.
        ([("Grant", P, 10), ("Gifts", P, None), ("Total", P, 99)], []),
        ([("Grant", P, 10), ("Gifts", P, 5), ("Total", P, None)], []),
        # One row above is no sum, and what stands in another unit is no part of it.
        ([("Grant", P, 10), ("Total", P, 99)], []),
        ([("Pupils", "count", 10), ("Grant", P, 5), ("Gifts", P, 5), ("Total", P, 10)], []),
        ([("Grant", P, 5), ("Gifts", P, 5), ("Pupils", "count", 1), ("Total", P, 99)], []),
        # A total begins anew what the next one sums.
        ([("A", P, 1), ("B", P, 1), ("Total a", P, 2), ("C", P, 9), ("D", P, 9), ("Total c", P, 88)],
         [("88", "18", "look")]),
        # The word stands at the beginning, and is a word.
        ([("Grant", P, 10), ("Gifts", P, 5), ("Grand total", P, 99)], []),
        ([("Grant", P, 10), ("Gifts", P, 5), ("Totally", P, 99)], []),
    ],
)  # fmt: skip
def test_a_total_is_what_the_rows_above_it_add_up_to(
    rows: list[tuple[str, str, Any]], expected: list[tuple[str, str, str]]
) -> None:
    assert [each[2:] for each in told(table(*rows))] == expected


def test_rows_of_another_file_school_year_or_cluster_are_no_parts() -> None:
    rows = (("Grant", P, 10), ("Gifts", P, 5))
    total = ("Total", P, 99)
    assert told(table(*rows, file=1) + table(total, file=2)) == []
    assert told(table(*rows) + table(total, label="Weir")) == []
    assert told(table(*rows) + table(total, year=2015)) == []
    assert len(told(table(*rows, total) + table(*rows, total, label="Weir") + table(*rows, total, year=2015))) == 3


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("Income per pupil", PP, 980), ("Total income", PP, 1000)], []),
        ([("Income per pupil", PP, 1020), ("Total income", PP, 1000)], []),
        ([("Income per pupil", PP, "979.9"), ("Total income", PP, 1000)], [("979.9", "1000", "look")]),
        ([("Income per pupil", PP, 1021), ("Total income", PP, 1000)], [("1021", "1000", "look")]),
        ([("Income per pupil", "as printed", 720), ("TOTAL INCOME", "as printed", 1000)], [("720", "1000", "look")]),
        ([("Income per pupil", P, 720), ("TOTAL INCOME", PP, 1000)], [("720", "1000", "look")]),
        # Units that were declared differently say nothing of one another, unless pounds can be divided by pupils.
        ([("Income per pupil", "as printed", 720), ("TOTAL INCOME", PP, 1000)], []),
        ([("Income per pupil", PP, 10), ("Total income", P, 1000)], []),
        ([("Number of pupils", "count", 100), ("Income per pupil", PP, 10), ("Total income", P, 1000)], []),
        ([("Number of pupils", "count", 80), ("Income per pupil", PP, 10), ("Total income", P, 1000)],
         [("10", "12.50", "look")]),
        ([("Number of pupils", "count", 0), ("Income per pupil", PP, 10), ("Total income", P, 1000)], []),
        # Of the same thing, and both supplied.
        ([("Costs per pupil", PP, 10), ("Total income", PP, 1000)], []),
        ([("Income per pupil", PP, None), ("Total income", PP, 1000)], []),
        ([("Income per pupil", PP, 10), ("Total income", PP, 0)], []),
    ],
)  # fmt: skip
def test_an_amount_per_pupil_is_what_the_total_says_within_two_percent(
    rows: list[tuple[str, str, Any]], expected: list[tuple[str, str, str]]
) -> None:
    assert [each[2:] for each in told(table(*rows))] == expected


@given(st.lists(st.integers(-500, 500), min_size=2, max_size=6), st.integers(-600, 600))
def test_a_sum_is_exact_however_many_rows_there_are(parts: list[int], total: int) -> None:
    rows = [(f"Row {number}", P, part) for number, part in enumerate(parts)]
    found = find_contradictions(table(*rows, ("Total", P, total)))
    assert bool(found) == (sum(parts) != total)
    for each in found:
        assert (each.off, each.expected) == (total - sum(parts), sum(parts))
        assert (each.severity is Severity.INFO) == (abs(total - sum(parts)) <= len(parts))


def test_an_answer_is_to_these_numbers_alone() -> None:
    def asked(gifts: str, total: str = "18") -> Contradiction:
        (found,) = find_contradictions(table(("Grant", P, 10), ("Gifts", P, gifts), ("Total", P, total)))
        return found

    assert asked("5").name == asked("5.000").name == f"sum: Total #{asked('5').key}"
    assert len({asked("5").name, asked("6").name, asked("5", "19").name}) == 3
    long = find_contradictions(table(("A", P, 1), ("B", P, 1), ("Total " + "x" * 190, P, 99)))
    assert len(long[0].name) <= 120
    assert long[0].check is Check.SUM
