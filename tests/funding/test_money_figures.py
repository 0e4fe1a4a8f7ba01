"""The charts of the money page: pence become pounds, sums stay whole, what is missing is said."""

from dataclasses import replace
from datetime import date
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard.academic_year import AcademicYear
from dashboard.funding.figures.course import draw_course, key_of
from dashboard.funding.figures.inputs import PROGRAMME, SCHOOLS, Input, draw_inputs
from dashboard.funding.figures.release import Used, draw_release
from dashboard.funding.figures.roll_over import MOST_YEARS, PotYear, draw_roll_over, steps_of
from dashboard.funding.figures.spending import Bar, draw_bars, tell_amount
from dashboard.funding.forecast import Course, Forecast, Silence, Spending
from dashboard.ui.theme import DARK, ROOM_SCALE, Look
from dashboard.vocabulary import Pot

YEAR = AcademicYear(2016)
LOOKS = (Look(), Look(narrow=True), Look(DARK), Look(scale=ROOM_SCALE, room=True))


def texts(figure: go.Figure) -> list[str]:
    return [each.text for each in figure.layout.annotations]


def labels(figure: go.Figure) -> list[str]:
    return [each.strip() for each in figure.layout.yaxis.ticktext]


# ---------------------------------------------------------------------------------------------------------- the course
SPENT = {date(2016, 10, 1): 70_000, date(2017, 2, 1): 30_050}
AHEAD = Forecast(200_000, 180_000, 260_000, 20, 19, "three", "one", assumed=False)
COURSE = Course(YEAR, date(2017, 2, 10), 240_000, Spending(SPENT, undated=500, committed=12_000), AHEAD, lines=4)


def named(figure: go.Figure, words: str) -> Any:
    return next(each for each in figure.data if each.hovertemplate and words in each.hovertemplate)


def test_what_was_spent_rises_on_the_days_of_the_lines() -> None:
    line = named(draw_course(COURSE, Look()), "spent by")
    assert list(line.x) == ["2016-09-01", "2016-10-01", "2017-02-01", "2017-02-10"]
    assert list(line.y) == [0, 700, 1000.5, 1000.5]
    assert line.line.shape == "hv"


def test_what_has_no_day_stands_in_the_sum_at_the_end() -> None:
    figure = draw_course(COURSE, Look())
    assert list(named(figure, "spent: ").y) == [1005.5]
    assert list(named(figure, "spent and committed").y) == [1005.5, 1125.5]


def test_the_straight_course_ends_where_the_money_does() -> None:
    straight = named(draw_course(COURSE, Look()), "straight course")
    assert (list(straight.x), list(straight.y)) == (["2016-09-01", "2017-08-31"], [0, 2_400])
    assert [each.y0 for each in draw_course(COURSE, Look()).layout.shapes] == [2_400]


def test_the_forecast_opens_from_today_to_its_range() -> None:
    figure = draw_course(COURSE, Look())
    band = next(each for each in figure.data if each.fill == "toself")
    assert list(band.y) == [1125.5, 2_600, 1_800, 1125.5]
    assert list(named(figure, "forecast").y) == [1125.5, 2_000]


@pytest.mark.parametrize("look", LOOKS)
def test_the_course_fits_on_its_axes(look: Look) -> None:
    figure = draw_course(COURSE, look)
    assert figure.layout.yaxis.range[0] == 0
    assert figure.layout.yaxis.range[1] > 2_600
    assert figure.layout.xaxis.range[0] < "2016-09-01" < "2017-08-31" < figure.layout.xaxis.range[1]
    assert len(figure.data) <= 6
    assert figure.layout.yaxis.showticklabels is not look.narrow
    assert ("£1,000" in texts(figure)) is look.narrow, "on a phone amounts take no width"


def test_the_key_names_only_what_occurs() -> None:
    told = [item.word for item in key_of(COURSE)]
    assert told == ["spent", "committed", "available, £2,400", "the year’s straight course", "forecast", "its range"]
    bare = replace(COURSE, available=0, spending=Spending(SPENT), ahead=Silence.OVER)
    assert [item.word for item in key_of(bare)] == ["spent"]
    assert not any(each.fill for each in draw_course(bare, Look()).data)
    certain = replace(COURSE, ahead=replace(AHEAD, low=200_000, high=200_000))
    assert "its range" not in [item.word for item in key_of(certain)]


def test_a_year_in_which_nothing_is_spent_can_be_drawn() -> None:
    empty = Course(YEAR, date(2016, 9, 1), 0, Spending({}), Silence.EARLY)
    assert draw_course(empty, Look()).layout.yaxis.range == (0, 1)


# -------------------------------------------------------------------------------------------------------------- bars
BARS = (
    Bar(Pot.SCHOOL_HELD, "Release money", 4_000, 0, "£40", address="/cluster/mill/ledger?pot=school_held"),
    Bar(Pot.LEAD_HELD, "A1, cover", 10_050, 2_000, "£100.50 and £20 committed", address="/cluster/mill/ledger?use=A1"),
    Bar(Pot.LEAD_HELD, "Part A, no use code", -500, 0, "−£5"),
)  # fmt: skip


def test_bars_stand_under_their_holder_in_pounds() -> None:
    figure = draw_bars(BARS, Look())
    assert [each.text for each in figure.layout.annotations if "Held" in each.text] == [
        "Held by the lead school", "Held by the schools",
    ]  # fmt: skip
    assert labels(figure) == ["A1, cover", "Part A, no use code", "Release money"]
    spent, committed = figure.data
    assert (list(spent.x), list(committed.x)) == ([100.5, -5, 40], [20, 0, 0])
    assert figure.layout.xaxis.range[0] == -5


def test_a_bar_carries_its_words_and_its_address() -> None:
    figure = draw_bars(BARS, Look())
    assert figure.data[0].customdata[0] == ["A1, cover<br>£100.50 and £20 committed", "/cluster/mill/ledger?use=A1"]
    assert figure.data[0].hovertemplate.startswith("%{customdata[0]}")
    plain = draw_bars([replace(each, address=None) for each in BARS], Look())
    assert plain.data[0].customdata[0] == "A1, cover<br>£100.50 and £20 committed"


def test_what_somebody_wrote_is_text_and_shortened() -> None:
    long = Bar(Pot.LEAD_HELD, "T1, <b>An exhibition</b> of all that the pupils of the schools made", 1, 0, "1p")
    (label,) = labels(draw_bars([long], Look()))
    assert label.startswith("T1, ‹b›An exhibition")
    assert label.endswith("…")


def test_on_a_phone_the_words_of_both_ends_fit_above_a_bar() -> None:
    words = "Of no one school but of all of them"
    long = Bar(Pot.LEAD_HELD, words, 270_750, 40_800, "£2,707.50 and £408 committed", "£2,707.50 + £408")
    narrow = draw_bars([long], Look(narrow=True))
    label, amount = (each for each in texts(narrow) if "Held" not in each)
    assert (label, amount) == ("Of no one school but of …", "£2,707.50 + £408")


@pytest.mark.parametrize(
    ("spent", "committed", "words"),
    [(12_000, 0, "£120"), (12_000, 3_000, "£120 and £30 committed"), (0, 3_000, "£30 committed"), (0, 0, "£0")],
)
def test_spent_and_committed_in_words(spent: int, committed: int, words: str) -> None:
    assert tell_amount(spent, committed) == words


# --------------------------------------------------------------------------------------------------- from year to year
def year(start: int, *amounts: int, rolls: bool = True, over: bool = True) -> PotYear:
    opening, carried, allocated, spent, committed = amounts
    closing = opening + carried + allocated - spent - committed
    return PotYear(AcademicYear(start), opening, carried, allocated, spent, committed, closing, rolls, over)


def test_each_step_begins_where_the_last_one_ended() -> None:
    steps = steps_of(year(2016, 5_000, 200, 10_000, 12_000, 700))
    assert [(step.label, step.start, step.end, step.told) for step in steps] == [
        ("Brought forward", 0, 5_000, "£50"),
        ("Balance entered", 5_000, 5_200, "+£2"),
        ("Allocated", 5_200, 15_200, "+£100"),
        ("Spent", 15_200, 3_200, "−£120"),
        ("Committed", 3_200, 2_500, "−£7"),
        ("Carried forward", 0, 2_500, "£25"),
    ]


def test_what_did_not_move_has_no_step_and_what_is_left_always_one() -> None:
    assert [step.label for step in steps_of(year(2016, 0, 0, 100, 0, 0, over=False))] == ["Allocated", "Left so far"]
    assert [step.label for step in steps_of(year(2016, 0, 0, 0, 0, 0))] == ["Carried forward"]
    assert [step.label for step in steps_of(year(2016, 0, 0, 9, 9, 0, rolls=False))][-1] == "Left, for its year alone"


def test_a_deficit_lies_below_nothing() -> None:
    figure = draw_roll_over([year(2015, 0, 0, 1_000, 3_000, 0), year(2016, -2_000, 0, 5_000, 0, 0)], Look())
    (bars,) = figure.data
    assert list(bars.base) == [0, 10, 0, 0, -20, 0]
    assert list(bars.x) == [10, -30, -20, -20, 50, 30]
    assert figure.layout.xaxis.range[0] <= -20
    assert -20 in figure.layout.xaxis.tickvals
    assert bars.marker.color[2] == Look().palette.plum


@pytest.mark.parametrize(("look", "most"), [(Look(), MOST_YEARS), (Look(narrow=True), 3)])
def test_the_last_years_are_drawn(look: Look, most: int) -> None:
    figure = draw_roll_over([year(start, 0, 0, 100, 50, 0) for start in range(2010, 2017)], look)
    assert [each for each in texts(figure) if each.startswith("20")] == [
        str(AcademicYear(start)) for start in range(2017 - most, 2017)
    ]


# ------------------------------------------------------------------------------------------------------------- release
def test_a_dot_for_each_half_day() -> None:
    schools = [Used("Ford", 3, 27_000, 50_000), Used("Weir", 0, 0, 50_000), Used("Lock", 7, 70_000, 50_000)]
    used, left, beyond = draw_release(schools, 5, Look()).data
    assert [list(used.y).count(row) for row in (0, 1, 2)] == [3, 0, 5]
    assert [list(left.y).count(row) for row in (0, 1, 2)] == [2, 5, 0]
    assert list(zip(beyond.x, beyond.y, strict=True)) == [(5, 2), (6, 2)]
    assert "3 of 5 half days · £270 of £500" in texts(draw_release(schools, 5, Look()))


def test_credits_and_floods_of_lines_keep_the_chart_whole() -> None:
    figure = draw_release([Used("Ford", -1, -9_000, 50_000), Used("Weir", 60, 600_000, 50_000)], 5, Look(narrow=True))
    used, left, beyond = figure.data
    assert (len(used.x), len(left.x), len(beyond.x)) == (5, 5, 5)


# --------------------------------------------------------------------------------------------------------- both sides
def test_schools_to_the_left_and_the_programme_to_the_right() -> None:
    inputs = [
        Input(SCHOOLS, "Levy", 10_000, 700, "£100, £7 agreed"),
        Input(SCHOOLS, "Time in kind", 0, 0, "1.5 hours"),
        Input(PROGRAMME, "Held by the lead school", 120_000, 0, "£1,200"),
    ]
    for look in LOOKS:
        given, agreed = draw_inputs(inputs, look).data
        assert (list(given.x), list(agreed.x)) == ([-100, 0, 1_200], [-7, 0, 0])
        assert {"£100, £7 agreed", "1.5 hours", "£1,200"} <= set(texts(draw_inputs(inputs, look)))
        low, high = draw_inputs(inputs, look).layout.xaxis.range
        assert low == -high < -1_200
