"""Money as a chart: pence become pounds, holders stay apart, a deficit is said."""

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.funding.figures.pots import draw_pots
from dashboard.funding.panels import SPEND_AGAINST_ALLOCATION, Money
from dashboard.ui.theme import DARK, LIGHT, ROOM_SCALE, Look
from dashboard.vocabulary import Part, Pot

COLUMNS = ["pot", "part", "brought_forward", "allocated", "committed", "spent", "remaining", "illustrative", "rows"]


def pots(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


THREE = pots(
    (Pot.LEAD_HELD, Part.A, 5_050, 100_000, 1_000, 40_025, 64_025, 0, 3),
    (Pot.LEAD_HELD, Part.B, 0, 50_000, 0, 60_000, -10_000, 2, 2),
    (Pot.SCHOOL_HELD, Part.RELEASE, 0, 50_000, 0, 0, 50_000, 1, 2),
)
NO_LINES = pd.DataFrame()


def texts(figure: go.Figure) -> list[str]:
    return [each.text for each in figure.layout.annotations]


def test_bars_of_spent_committed_and_left_in_pounds() -> None:
    spent, committed, left = draw_pots(THREE, Look()).data
    assert list(spent.x) == [400.25, 600, 0]
    assert list(committed.x) == [10, 0, 0]
    assert list(left.x) == [640.25, 0, 500]
    assert [list(bar.y) for bar in (spent, committed, left)] == [[1, 2, 4]] * 3


def test_each_holder_is_a_heading_over_its_own_parts() -> None:
    figure = draw_pots(THREE, Look())
    labels = {
        place: label.strip()
        for place, label in zip(figure.layout.yaxis.tickvals, figure.layout.yaxis.ticktext, strict=True)
    }
    labels |= {each.y: each.text for each in figure.layout.annotations if "Held" in each.text}
    assert [labels[place] for place in sorted(labels)] == [
        "Held by the lead school", "Part A", "Part B", "Held by the schools", "Release money",
    ]  # fmt: skip


def test_what_is_left_or_over_is_written_beside_each_bar() -> None:
    figure = draw_pots(THREE, Look())
    beside = [each for each in figure.layout.annotations if "Held" not in each.text]
    assert [each.text for each in beside] == ["£640.25 left", "£100 over", "£500 left"]
    assert [each.font.color for each in beside] == [LIGHT.ink, LIGHT.plum, LIGHT.ink]


def test_a_tick_stands_where_the_money_ends() -> None:
    assert [each.x0 for each in draw_pots(THREE, Look()).layout.shapes] == [1050.5, 500, 500]


def test_everything_fits_on_the_axis() -> None:
    for look in (Look(), Look(narrow=True)):
        low, high = draw_pots(THREE, look).layout.xaxis.range
        assert low == 0
        assert high > 1050.5


def test_a_bar_tells_every_figure() -> None:
    told = draw_pots(THREE, Look()).data[0].customdata[0]
    for words in (
        "Part A",
        "brought forward £50.50",
        "allocated £1,000",
        "spent £400.25",
        "committed £10",
        "left £640.25",
    ):
        assert words in told


def test_on_a_phone_words_stand_above_the_bars() -> None:
    figure = draw_pots(THREE, Look(narrow=True))
    assert figure.layout.yaxis.showticklabels is False
    assert {"Part A", "Part B", "Release money", "£640.25 left", "£100 over", "£500 left"} <= set(texts(figure))
    assert list(figure.data[0].y) == pytest.approx([0.68, 1.68, 3.18])  # a heading takes half a row


def test_in_a_room_everything_grows() -> None:
    small, large = draw_pots(THREE, Look()), draw_pots(THREE, Look(scale=ROOM_SCALE))
    assert large.layout.font.size == pytest.approx(22)
    assert large.layout.annotations[0].font.size == pytest.approx(22)
    assert large.layout.height > small.layout.height


def test_in_the_dark_colours_are_those_of_the_dark() -> None:
    assert draw_pots(THREE, Look(DARK)).data[0].marker.color == DARK.blue


def test_no_money_is_an_empty_chart() -> None:
    figure = draw_pots(pots(), Look())
    assert [list(bar.x) for bar in figure.data] == [[], [], []]
    assert list(figure.layout.xaxis.range) == [0, 1]


def test_a_pot_of_nothing_but_a_credit_can_be_drawn() -> None:
    figure = draw_pots(pots((Pot.LEAD_HELD, Part.A, 0, 0, 0, -5_000, 5_000, 0, 1)), Look())
    assert list(figure.data[0].x) == [-50]
    assert "£50 left" in texts(figure)


@pytest.mark.parametrize(
    ("pence", "ticks"),
    [(0, [0]), (50_000, [0, 200, 400]), (400_000, [0, 2_000, 4_000]), (100, [0, 0.5, 1]), (99_900, [0, 500])],
)
def test_round_amounts_on_the_axis_none_beyond_the_longest_bar(pence: int, ticks: list[float]) -> None:
    frame = pots((Pot.LEAD_HELD, Part.A, 0, pence, 0, 0, pence, 0, 1))
    assert list(draw_pots(frame, Look()).layout.xaxis.tickvals) == ticks


def test_the_table_behind_the_chart_says_the_same() -> None:
    table = SPEND_AGAINST_ALLOCATION.table(Money(THREE, NO_LINES))
    assert list(table.iloc[0]) == ["Part A", "the lead school", "£50.50", "£1,000", "£400.25", "£10", "£640.25", "real"]
    assert list(table["Figures"]) == ["real", "illustrative", "1 of 2 entries illustrative"]
    assert list(table["Left"]) == ["£640.25", "−£100", "£500"]


def test_some_and_all_made_up() -> None:
    assert SPEND_AGAINST_ALLOCATION.made_up(Money(THREE, NO_LINES)) == (True, False)
    assert SPEND_AGAINST_ALLOCATION.made_up(Money(THREE[:1], NO_LINES)) == (False, False)
    assert SPEND_AGAINST_ALLOCATION.made_up(Money(THREE[1:2], NO_LINES)) == (True, True)
