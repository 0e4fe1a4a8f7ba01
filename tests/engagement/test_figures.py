"""The register as a chart: symbols, places, and text that is shown and not obeyed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.academic_year import AcademicYear, Term
from dashboard.access import EVERYTHING
from dashboard.directory.view import View
from dashboard.engagement.figures import (
    COLOURS,
    SYMBOLS,
    WORDS,
    Tile,
    draw_register,
    draw_trend,
    draw_turnout,
    key_of,
)
from dashboard.engagement.panels import OWN_REGISTER, REGISTER, TREND, RegisterPicture, TermPicture
from dashboard.ui.theme import DARK, LIGHT, ROOM_SCALE, Look
from dashboard.vocabulary import AWAY_EVENTS, EventKind, Mark, MeetingKind

VIEW = View(EVERYTHING, date(2017, 3, 1), AcademicYear(2016), ())
DAYS = (date(2016, 10, 4), date(2016, 11, 8), date(2016, 12, 6))


def register(rows: dict[str, tuple[Mark, ...]], days: tuple[date, ...] = DAYS) -> RegisterPicture:
    """The two frames of a register: schools by name with a mark for each day."""
    marks = [
        {"school_id": row, "school": name.lower(), "name": name, "meeting_id": at, "held_on": day, "mark": said[at]}
        for row, (name, said) in enumerate(rows.items())
        for at, day in enumerate(days)
    ]
    attendance = [
        {
            "school": name.lower(),
            "name": name,
            "attended": sum(each in (Mark.PRESENT, Mark.SUBSTITUTE) for each in said),
            "expected": sum(each not in (Mark.NOT_RECORDED, Mark.NOT_EXPECTED) for each in said),
            "not_recorded": said.count(Mark.NOT_RECORDED),
        }
        for name, said in rows.items()
    ]
    columns = ["school_id", "school", "name", "meeting_id", "held_on", "mark"]
    return RegisterPicture(
        pd.DataFrame(marks, columns=columns, dtype=object).assign(
            illustrative=False, kind=MeetingKind.CLUSTER, away=None
        ),
        pd.DataFrame(attendance, columns=["school", "name", "attended", "expected", "not_recorded"], dtype=object),
    )


THREE = register(
    {
        "Ash": (Mark.PRESENT, Mark.SUBSTITUTE, Mark.APOLOGIES),
        "Elm": (Mark.ABSENT, Mark.NOT_RECORDED, Mark.NOT_EXPECTED),
        "Oak": (Mark.NOT_EXPECTED, Mark.NOT_RECORDED, Mark.NOT_RECORDED),
    }
)


AWAY = register({"Ash": (Mark.NOT_EXPECTED, Mark.NOT_EXPECTED, Mark.PRESENT), "Elm": (Mark.NOT_EXPECTED,) * 3})
AWAY.marks["away"] = pd.Series(
    [EventKind.SABBATICAL, EventKind.SABBATICAL, None, None, EventKind.CLOSED, EventKind.CLOSED], dtype=object
)
"""Ash is on sabbatical for two meetings; Elm joins after the first and closes before the second."""


def draw(of: RegisterPicture, look: Look | None = None) -> go.Figure:
    return draw_register(of.marks, of.attendance, look or Look())


def texts(figure: go.Figure) -> list[str]:
    return [each.text for each in figure.layout.annotations]


def test_every_mark_stands_at_its_school_and_meeting() -> None:
    tiles, free = draw(THREE).data
    assert [list(row) for row in tiles.text] == [["●", "◐", "○"], ["■", "?", ""], ["", "?", "?"]]
    assert [list(row) for row in tiles.z] == [[0, 1, 2], [3, 4, None], [None, 4, 4]]
    assert (list(tiles.x), list(tiles.y)) == ([0, 1, 2], [0, 1, 2])
    assert list(zip(free.x, free.y, free.text, strict=True)) == [(2, 1, "–"), (0, 2, "–")]


def test_a_time_away_is_one_outline_over_its_meetings_and_no_absence() -> None:
    figure = draw(AWAY)
    tiles, free = figure.data
    assert [list(row) for row in tiles.z] == [[None, None, 0], [None, None, None]]
    assert list(zip(free.x, free.y, free.text, strict=True)) == [
        (0, 0, "◇"), (1, 0, "◇"), (0, 1, "–"), (1, 1, "×"), (2, 1, "×"),
    ]  # fmt: skip
    assert [(shape.x0, shape.x1, round(shape.y0)) for shape in figure.layout.shapes] == [
        (-0.46, 1.46, 0), (0.54, 2.46, 1),
    ]  # fmt: skip
    assert tiles.customdata[0][0] == "Ash<br>4 October 2016: on sabbatical"
    assert tiles.customdata[1][2] == "Elm<br>6 December 2016: closed"
    assert [(each.shape, each.word) for each in key_of(AWAY.marks)] == [
        ("●", "present"), ("◇", "on sabbatical"), ("×", "closed"), ("–", "not expected"),
    ]  # fmt: skip


def test_a_time_away_is_said_in_the_table_and_to_those_who_cannot_see_it() -> None:
    assert list(REGISTER.table(AWAY).iloc[1])[:4] == ["Elm", "– not expected", "× closed", "× closed"]
    assert REGISTER.aside(AWAY) == "Ash was on sabbatical at two meetings; Elm was closed at two meetings."
    assert REGISTER.aside(THREE) == ""


def test_an_outline_fits_its_row_on_a_phone() -> None:
    (shape, _) = draw(AWAY, Look(narrow=True)).layout.shapes
    assert 0.15 < shape.y1 < 0.3


def test_a_meeting_leads_to_its_register_where_the_reader_may_keep_it() -> None:
    linked = replace(THREE, linked=True)
    (tiles, *_) = REGISTER.draw(linked, Look()).data
    assert tiles.customdata[0][1] == ["Ash<br>8 November 2016: substitute<br>click for the register", "/register/1"]
    assert tiles.hovertemplate == "%{customdata[0]}<extra></extra>"
    assert REGISTER.links(linked) == {
        "4 October 2016": "/register/0", "8 November 2016": "/register/1", "6 December 2016": "/register/2",
    }  # fmt: skip
    assert REGISTER.links(THREE) == {}
    assert "/register/" not in str(REGISTER.draw(THREE, Look()).to_dict())
    assert "/register/" not in str(REGISTER.draw(linked, Look(room=True)).to_dict())


def test_each_kind_of_mark_has_a_symbol_a_word_and_a_colour_of_its_own() -> None:
    assert set(SYMBOLS) == set(WORDS) == set(COLOURS) == set(Tile)
    assert len(set(SYMBOLS.values())) == len(set(WORDS.values())) == len(Tile)
    assert {str(tile) for tile in Tile} == {str(each) for each in (*Mark, *AWAY_EVENTS)}


def test_a_tile_tells_school_day_and_mark() -> None:
    tiles = draw(THREE).data[0]
    assert tiles.customdata[0][1] == "Ash<br>8 November 2016: substitute"


def test_schools_and_days_are_named_and_each_school_has_both_numbers() -> None:
    figure = draw(THREE)
    assert list(figure.layout.yaxis.ticktext) == ["Ash ", "Elm ", "Oak "]
    assert list(figure.layout.xaxis.ticktext) == ["4 Oct", "8 Nov", "6 Dec"]
    assert texts(figure) == ["2 of 3", "0 of 1", "no marks"]


def test_a_gap_in_the_colours_is_impossible() -> None:
    tiles = draw(THREE).data[0]
    edges = [edge for edge, _ in tiles.colorscale]
    assert (edges[0], edges[-1]) == (0, 1)
    assert edges[1:-1:2] == edges[2:-1:2]
    assert (tiles.zmin, tiles.zmax) == (-0.5, 4.5)


def test_on_a_phone_words_stand_above_the_tiles() -> None:
    figure = draw(THREE, Look(narrow=True))
    assert texts(figure) == ["Ash", "Elm", "Oak", "2 of 3", "0 of 1", "no marks"]
    assert figure.layout.yaxis.showticklabels is False
    assert list(figure.layout.xaxis.ticktext) == ["4<br>Oct", "8<br>Nov", "6<br>Dec"]
    assert figure.layout.height > draw(THREE).layout.height


def test_in_a_room_everything_grows() -> None:
    small, large = draw(THREE), draw(THREE, Look(scale=ROOM_SCALE))
    assert large.layout.font.size == pytest.approx(22)
    assert large.data[0].textfont.size > small.data[0].textfont.size
    assert large.layout.height > small.layout.height


def test_in_the_dark_colours_are_those_of_the_dark() -> None:
    assert draw(THREE).data[0].colorscale[0][1] == LIGHT.blue
    assert draw(THREE, Look(DARK)).data[0].colorscale[0][1] == DARK.blue


@pytest.mark.parametrize(("meetings", "angle"), [(6, 0), (7, -45)])
def test_many_dates_stand_aslant(meetings: int, angle: int) -> None:
    days = tuple(date(2016, 10, 1 + number) for number in range(meetings))
    figure = draw(register({"Ash": (Mark.PRESENT,) * meetings}, days))
    assert figure.layout.xaxis.tickangle == angle


def test_meetings_stand_in_the_order_of_their_days() -> None:
    days = (date(2016, 12, 6), date(2016, 10, 4))
    (tiles,) = draw(register({"Ash": (Mark.PRESENT, Mark.ABSENT)}, days)).data
    assert list(tiles.text[0]) == ["■", "●"]


def test_mark_up_in_a_name_is_not_obeyed() -> None:
    figure = draw(register({"<b>Ash</b>": (Mark.PRESENT,) * 3}))
    narrow = draw(register({"<b>Ash</b>": (Mark.PRESENT,) * 3}), Look(narrow=True))
    assert "<b>" not in figure.layout.yaxis.ticktext[0]
    assert "<b>" not in figure.data[0].customdata[0][0]
    assert "<b>" not in texts(narrow)[0]


def test_an_empty_register_is_an_empty_chart() -> None:
    figure = draw(register({}))
    assert len(figure.data[0].z) == 0
    assert texts(figure) == []


def test_the_key_names_the_marks_that_occur_in_their_order() -> None:
    some = register({"Ash": (Mark.NOT_RECORDED, Mark.ABSENT, Mark.PRESENT)})
    assert [(each.shape, each.word) for each in key_of(some.marks)] == [
        ("●", "present"),
        ("■", "absent"),
        ("?", "not recorded"),
    ]
    assert key_of(register({}).marks) == []


def test_the_table_behind_the_chart_says_the_same() -> None:
    table = REGISTER.table(THREE)
    assert list(table.columns) == [
        "School", "4 October 2016", "8 November 2016", "6 December 2016", "Came", "Expected", "Not recorded", "Rate",
    ]  # fmt: skip
    assert list(table.iloc[0]) == ["Ash", "● present", "◐ substitute", "○ apologies", 2, 3, 0, "67 % (2 of 3)"]
    assert list(table.iloc[2]) == ["Oak", "– not expected", "? not recorded", "? not recorded", 0, 0, 2, "not known"]


def test_two_meetings_of_one_day_are_two_columns_of_the_table() -> None:
    picture = register({"Ash": (Mark.PRESENT, Mark.ABSENT)}, (DAYS[0], DAYS[0]))
    picture.marks["kind"] = [MeetingKind.CLUSTER, MeetingKind.TRAINING]
    table = REGISTER.table(picture)
    assert [heading.split(", ")[1] for heading in table.columns[1:3]] == ["cluster meeting", "training"]
    assert [cell for cell in table.iloc[0] if str(cell)[0] in "●■"] == ["● present", "■ absent"]


# One school beside the others

OTHERS: dict[str, Any] = {
    "others": 7, "lower": 0.6, "median": 0.8, "upper": 1.0, "lowest": None, "highest": None,
}  # fmt: skip
ONE = replace(register({"Ash": (Mark.PRESENT, Mark.ABSENT, Mark.PRESENT)}), others=OTHERS)


def test_one_school_stands_beside_the_middle_half_and_the_median_of_the_others() -> None:
    figure = OWN_REGISTER.draw(ONE, Look())
    half, median, own = figure.data[1:]
    assert [list(each.x) for each in (half, median)] == [[0.6, 1.0], [0.8]]
    assert list(own.x) == [pytest.approx(2 / 3)]
    assert {each.xaxis for each in (half, median, own)} == {"x2"}
    assert figure.layout.height == draw(ONE).layout.height + 60
    assert [each.word for each in OWN_REGISTER.key(ONE)] == [
        "present", "absent", "your school, of its own meetings", "middle half of seven other schools",
        "their median, 80 %",
    ]  # fmt: skip
    table = OWN_REGISTER.table(ONE)
    assert list(table["School"]) == ["Ash", "Seven other schools"]
    assert table["Rate"][1] == "median 80 %, middle half 60 % to 100 %"


def test_who_sees_the_cluster_whole_sees_the_lowest_and_the_highest_too() -> None:
    whole = replace(ONE, others=OTHERS | {"lowest": 0.25, "highest": 1.0})
    span = OWN_REGISTER.draw(whole, Look(narrow=True)).data[1]
    assert list(span.x) == [0.25, 1.0]
    assert OWN_REGISTER.key(whole)[-1].word == "all of them, 25 % to 100 %"
    assert OWN_REGISTER.table(whole)["Rate"][1].endswith(", all 25 % to 100 %")


@pytest.mark.parametrize(
    "picture", [replace(ONE, others=None), replace(register({"Ash": (Mark.NOT_RECORDED,) * 3}), others=OTHERS)]
)
def test_without_others_or_marks_there_are_the_tiles_alone(picture: RegisterPicture) -> None:
    figure = OWN_REGISTER.draw(picture, Look())
    assert len(figure.data) == 1
    assert "other schools" not in OWN_REGISTER.headline(picture, VIEW)


# From term to term

TERMS = pd.DataFrame(
    [(1, 2016, Term.AUTUMN, 2, 3, 4, 0, 0, 4), (1, 2016, Term.SPRING, 1, 0, 2, 1, 0, 3)],
    columns=[
        "cluster_id", "year", "term", "meetings", "attended", "expected", "not_recorded", "illustrative", "marks",
    ],
    dtype=object,
)  # fmt: skip


def test_a_term_is_a_bar_from_nothing_to_all_with_both_numbers() -> None:
    figure = draw_trend(TERMS, Look())
    came, missed = figure.data
    assert [list(bar.x) for bar in (came, missed)] == [[0.75, 0.0], [0.25, 1.0]]
    assert list(figure.layout.xaxis.range) == [0, 1]
    assert [label.strip() for label in figure.layout.yaxis.ticktext] == ["Autumn 2016", "Spring 2017"]
    assert texts(figure) == ["75 % (3 of 4)", "0 % (0 of 2)"]
    assert came.customdata[0] == missed.customdata[0] == "Autumn term 2016: 75 % (3 of 4) over two meetings"


def test_the_numbers_beside_a_bar_have_room_and_stand_above_it_on_a_phone() -> None:
    assert draw_trend(TERMS, Look()).layout.margin.r >= 8 * len("75 % (3 of 4)")
    assert texts(draw_trend(TERMS, Look(narrow=True))) == [
        "Autumn 2016", "Spring 2017", "75 % (3 of 4)", "0 % (0 of 2)",
    ]  # fmt: skip


def test_the_table_of_terms_says_the_same() -> None:
    table = TREND.table(TermPicture(TERMS))
    assert list(table.columns) == ["Term", "Meetings", "Came", "Expected", "Not recorded", "Rate"]
    assert list(table.iloc[1]) == ["Spring term 2017", 1, 0, 2, 1, "0 % (0 of 2)"]
    assert TREND.made_up(TermPicture(TERMS)) == (False, False)
    assert TREND.made_up(TermPicture(TERMS.assign(illustrative=[4, 0]))) == (True, False)
    assert TREND.made_up(TermPicture(TERMS.assign(illustrative=[4, 3]))) == (True, True)


OUTSIDE = (
    {"happened_on": date(2016, 11, 2), "words": "Services become <b>traded</b>"},
    {"happened_on": date(2017, 6, 1), "words": "A new coordinator began, and the school improvement partners went."},
)


@pytest.mark.parametrize("narrow", [False, True])
def test_what_happened_outside_stands_under_its_term_also_under_one_without_a_mark(narrow: bool) -> None:
    bare, noted = (draw_trend(TERMS, Look(narrow=narrow), outside) for outside in ((), OUTSIDE))
    assert noted.layout.height > bare.layout.height
    places = list(noted.data[0].y)
    notes = [each for each in noted.layout.annotations if each.text.startswith("↳")]
    assert len(places) == 3
    assert places[0] < notes[0].y < places[1] < places[2] < notes[1].y
    assert notes[0].text == "↳ 2 November 2016: Services become ‹b›traded‹/b›".replace(
        "become ‹b›", "become<br>‹b›" if narrow else "become ‹b›"
    )
    assert ("<br>" in notes[1].text) is narrow
    assert "no marks" in texts(noted)


def test_what_happened_outside_stands_in_the_table_and_is_said_to_those_who_cannot_see_it() -> None:
    picture = TermPicture(TERMS, OUTSIDE)
    table = TREND.table(picture)
    assert list(table["Term"]) == ["Autumn term 2016", "Spring term 2017", "Summer term 2017"]
    assert list(table["What happened outside"])[:2] == ["2 November 2016: Services become <b>traded</b>", ""]
    assert list(table.iloc[2])[1:6] == [0, 0, 0, 0, "not known"]
    assert TREND.aside(picture) == (
        "In the autumn term 2016: Services become <b>traded</b>. In the summer term 2017: A new coordinator began, and "
        "the school improvement partners went."
    )
    assert [each.word for each in TREND.key(picture)][-1] == "what happened outside the cluster"
    assert TREND.headline(picture, VIEW) == TREND.headline(TermPicture(TERMS), VIEW)


def test_a_meeting_is_a_bar_of_schools() -> None:
    turnout = pd.DataFrame(
        {"held_on": DAYS[:2], "attended": [2, 0], "expected": [3, 0], "not_recorded": [0, 3]}, dtype=object
    )
    figure = draw_turnout(turnout, Look())
    came, missed = figure.data
    assert [list(bar.x) for bar in (came, missed)] == [[2, 0], [1, 0]]
    assert texts(figure) == ["2 of 3", "no marks"]
    assert came.customdata[0] == "4 October 2016: 2 of 3 schools came"
    assert missed.customdata[0] == "4 October 2016: 1 of 3 schools did not come"
    assert list(figure.layout.xaxis.range) == [0, 3]
