"""Tables as a page shows them: what is computed, and what is not."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dashboard.benchmarks.checks import Answer, Figure, find_contradictions
from dashboard.benchmarks.figures import Row, build_tables, looks_of, pair_up
from dashboard.benchmarks.words import Look
from dashboard.vocabulary import FigureAnswer

P, PP = "pounds", "pounds per pupil"


def figures(*rows: tuple[str, str, Any, Any], table: int = 1) -> list[Figure]:
    """Two schools, Ford (7) and Weir (8): measure, unit, their figures."""
    return [
        Figure(1, 2016, table, place, measure, unit, label, None if value is None else Decimal(str(value)), school)
        for place, (measure, unit, *values) in enumerate(rows, start=1)
        for label, school, value in zip(("Ford", "Weir"), (7, 8), values, strict=True)
    ]


PUPILS = ("Number of pupils", "count", 200, 30)


def row(rows: list[Figure], look: Look, measure: str) -> Row:
    return next(each for shown in build_tables(rows, (), look) for each in shown.rows if each.measure == measure)


@pytest.mark.parametrize(
    ("rows", "looks"),
    [
        (figures(PUPILS, ("Income", P, 1, 2)), ["printed", "per-pupil"]),
        (figures(PUPILS, ("Income", PP, 1, 2)), ["printed", "in-total"]),
        (figures(PUPILS, ("Income", "£", 1, 2), ("Costs", "£ per pupil", 1, 2)), ["printed", "per-pupil", "in-total"]),
        (figures(PUPILS, ("Income", "as printed", 1, 2)), ["printed"]),
        (figures(("Income", P, 1, 2)), ["printed"]),
        (figures(("Number of pupils", "count", None, None), ("Income", P, 1, 2)), ["printed"]),
        (figures(PUPILS, table=1) + figures(("Income", P, 1, 2), table=2), ["printed"]),
    ],
)
def test_only_pounds_beside_pupils_of_the_same_table_are_turned(rows: list[Figure], looks: list[str]) -> None:
    assert [each.value for each in looks_of(rows)] == looks


def test_pounds_are_divided_by_pupils_and_multiplied_by_them_to_whole_pounds() -> None:
    rows = figures(PUPILS, ("Income", P, 500_100, None), ("Costs", PP, "2.25", "87.5"), ("Rooms", "count", 9, 8))
    income = row(rows, Look.PER_PUPIL, "Income")
    assert ([each.words for each in income.cells], income.unit) == (["2,501", "not supplied"], PP)
    assert income.computed
    costs = row(rows, Look.TOTAL, "Costs")
    assert ([each.words for each in costs.cells], costs.unit) == (["450", "2,625"], P)
    for look in Look:
        assert not row(rows, look, "Rooms").computed
        assert [each.words for each in row(rows, look, "Number of pupils").cells] == ["200", "30"]
    assert [each.words for each in row(rows, Look.TOTAL, "Income").cells] == ["500,100", "not supplied"]
    without = figures(("Number of pupils", "count", 200, None), ("Income", P, 400, 500))
    assert [each.words for each in row(without, Look.PER_PUPIL, "Income").cells] == ["2", "no number of pupils"]


def test_nought_is_a_figure_and_a_blank_is_none() -> None:
    shown = row(figures(("Gifts", P, 0, None)), Look.PRINTED, "Gifts")
    assert ([each.words for each in shown.cells], shown.supplied, shown.empty) == (["0", "not supplied"], 1, False)
    assert row(figures(("Gifts", P, None, None)), Look.PRINTED, "Gifts").empty


@pytest.mark.parametrize(
    ("answer", "value", "beside", "per_pupil"),
    [
        (FigureAnswer.STANDS, None, "the school: it stands", "10"),
        (FigureAnswer.CORRECTED, Decimal(1500), "the school: 1,500", "8"),
        (FigureAnswer.WITHDRAWN, None, "the school: not known to be right", "not known"),
    ],
)
def test_the_printed_figure_stays_and_the_answer_stands_beside_it(
    answer: FigureAnswer, value: Decimal | None, beside: str, per_pupil: str
) -> None:
    rows = figures(PUPILS, ("Grant", P, 1000, 1), ("Gifts", P, 500, 1), ("Total", P, 2000, 2))
    (found,) = find_contradictions(rows)
    said = Answer(1, 7, 2016, found.name, answer, value, None, date(2017, 1, 1), "headteacher")
    told = pair_up([found], [said])
    total = build_tables(rows, told)[0].rows[3]
    assert (total.cells[0].words, total.cells[0].beside, total.cells[1].beside) == ("2,000", beside, "")
    turned = build_tables(rows, told, Look.PER_PUPIL)[0].rows[3]
    assert turned.cells[0].words == per_pupil


def test_dots_lie_between_the_lowest_and_the_highest_and_the_own_one_is_marked() -> None:
    (shown,) = build_tables(figures(("Income", P, 300, 100), ("Same", P, 5, 5), ("One", P, 1, None)), own={7})
    income, same, one = shown.rows
    assert [(dot.x, dot.own) for dot in income.dots] == [(4, False), (116, True)]
    assert (income.lowest, income.highest) == ("100", "300")
    assert {dot.x for dot in same.dots} == {60}
    assert one.dots == ()
    assert [column.own for column in shown.columns] == [True, False]
