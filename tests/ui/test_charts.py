"""The one chart factory."""

from typing import Any

import pytest
from dash import dcc

from dashboard.ui.charts import CONFIG, chart, label_rows, new_figure, write
from dashboard.ui.theme import DARK, LIGHT, ROOM_SCALE, Look, look_of


def test_no_chart_sends_its_figures_away() -> None:
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["displaylogo"] is False


@pytest.mark.parametrize(
    ("look", "row_height", "height"),
    [(Look(), None, 140), (Look(narrow=True), None, 218), (Look(), 62, 218), (Look(scale=2), None, 280)],
)
def test_a_chart_is_as_tall_as_its_rows(look: Look, row_height: int | None, height: float) -> None:
    assert new_figure(look, 3, row_height=row_height).layout.height == height


def test_rows_count_from_the_top() -> None:
    figure = new_figure(Look(), 3)
    assert list(figure.layout.yaxis.range) == [2.5, -0.5]
    assert figure.layout.yaxis.autorange is False


def test_no_chart_can_be_dragged_or_zoomed() -> None:
    figure = new_figure(Look(), 3)
    assert (figure.layout.dragmode, figure.layout.xaxis.fixedrange, figure.layout.yaxis.fixedrange) == (
        False,
        True,
        True,
    )


@pytest.mark.parametrize(("palette", "ink"), [(LIGHT, "#1b1f24"), (DARK, "#f2f4f6")])
def test_words_have_the_ink_of_the_palette(palette: object, ink: str) -> None:
    assert new_figure(look_of({"theme": "dark" if palette is DARK else "light"}), 1).layout.font.color == ink


def test_labels_stand_beside_the_rows_or_above_them() -> None:
    wide, narrow = new_figure(Look(), 2), new_figure(Look(narrow=True), 2)
    label_rows(wide, Look(), {0: "Ash", 1: "Elm"})
    label_rows(narrow, Look(narrow=True), {0: "Ash", 1: "Elm"})
    assert list(wide.layout.yaxis.ticktext) == ["Ash ", "Elm "]
    assert list(wide.layout.yaxis.tickvals) == [0, 1]
    assert len(wide.layout.annotations) == 0
    assert narrow.layout.yaxis.showticklabels is False
    assert [(each.text, each.y) for each in narrow.layout.annotations] == [("Ash", 0), ("Elm", 1)]


@pytest.mark.parametrize(("at_end", "x", "side"), [(False, 0, "left"), (True, 1, "right")])
def test_text_stands_at_either_edge(at_end: bool, x: int, side: str) -> None:
    figure = new_figure(Look(), 1)
    write(figure, Look(scale=2), "Said", row=0, at_end=at_end, lift=10, colour="#123456")
    (said,) = figure.layout.annotations
    assert (said.x, said.xref, said.xanchor, said.yshift) == (x, "paper", side, 20)
    assert (said.font.size, said.font.color) == (28, "#123456")


def test_a_chart_on_a_page_says_its_message_to_those_who_cannot_see_it() -> None:
    figure = new_figure(Look(), 3)
    shown: Any = chart("an-id", figure, "All is well.")
    (graph,) = shown.children
    assert type(graph) is dcc.Graph
    assert (graph.id, graph.config, graph.style) == ("an-id", CONFIG, {"height": 140})
    told = shown.to_plotly_json()["props"]
    assert (told["role"], told["aria-label"], told["tabIndex"]) == ("img", "All is well.", "0")
    assert "tabIndex" not in chart("an-id", figure, "", stops=False).to_plotly_json()["props"]


def test_a_chart_may_fill_its_box() -> None:
    shown = chart("an-id", new_figure(Look(), 3), "", fill=True)
    assert shown.children[0].style == {"height": "100%"}


@pytest.mark.parametrize(
    ("asked", "look"),
    [
        (None, Look()),
        ("dark", Look()),
        ({}, Look()),
        ({"theme": "dark"}, Look(DARK)),
        ({"theme": "purple", "narrow": "yes"}, Look()),
        ({"theme": "light", "narrow": True}, Look(narrow=True)),
    ],
)
def test_the_look_a_browser_asks_for(asked: object, look: Look) -> None:
    assert look_of(asked) == look


def test_text_in_a_room_is_legible_at_five_metres() -> None:
    assert new_figure(Look(scale=ROOM_SCALE), 1).layout.font.size == pytest.approx(22)


@pytest.mark.parametrize(
    ("fill", "leads", "classes"),
    [(False, False, "chart"), (True, False, "chart chart-fill"), (False, True, "chart leads")],
)
def test_a_chart_that_leads_somewhere_says_so_to_the_pointer(fill: bool, leads: bool, classes: str) -> None:
    assert chart("an-id", new_figure(Look(), 3), "", fill=fill, leads=leads).className == classes
