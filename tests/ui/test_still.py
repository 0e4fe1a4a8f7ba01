"""What a page becomes on its way to the browser: one component, with what is alive in its place."""

import json
from typing import Any

import pytest
from dash import dcc, html
from plotly.io.json import to_json_plotly

from dashboard.ui.still import still


def sent(content: Any) -> Any:
    return json.loads(to_json_plotly(still(content)))["props"]


def test_elements_are_written_as_tag_attributes_and_what_is_inside() -> None:
    row = html.Tr(
        [html.Th("Ford", scope="row", className="name"), html.Td(3, **{"data-head": "Came", "aria-label": "three"})]
    )
    assert sent([html.H1("Mill"), row, None, "words"]) == {
        "tree": [
            "", None,
            ["h1", None, "Mill"],
            [
                "tr", None,
                ["th", {"scope": "row", "className": "name"}, "Ford"],
                ["td", {"data-head": "Came", "aria-label": "three"}, 3],
            ],
            None,
            "words",
        ],
        "children": [],
    }  # fmt: skip


def test_what_is_alive_keeps_its_place_and_all_that_it_has() -> None:
    told = sent(html.Section([html.P(["See ", dcc.Link("Ford", href="/school/ford")]), dcc.Graph(id="chart")]))
    assert told["tree"] == ["section", None, ["p", None, "See ", {"live": 0}], {"live": 1}]
    assert [each["type"] for each in told["children"]] == ["Link", "Graph"]
    assert told["children"][0]["props"] == {"children": "Ford", "href": "/school/ford"}
    assert told["children"][1]["props"]["id"] == "chart"


LITTLE = [
    ("words", "words"), (12, 12), (None, None), ([], ["", None]), (html.Br(), ["br", None]),
    (html.Div([]), ["div", None]), (html.Div(0), ["div", None, 0]), (html.P([[], "x"]), ["p", None, ["", None], "x"]),
]  # fmt: skip


@pytest.mark.parametrize(("content", "tree"), LITTLE)
def test_little_is_written_too(content: Any, tree: Any) -> None:
    assert sent(content) == {"tree": tree, "children": []}


def test_no_word_of_a_reader_becomes_an_element() -> None:
    """Words stay words: the browser's script makes text of them, whatever they look like."""
    words = "<img src=x onerror=alert(1)>"
    assert sent(html.Td(words))["tree"] == ["td", None, words]
    assert sent(html.Td(["b", None, words]))["tree"] == ["td", None, "b", None, words]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/school/ford?year=2016-17#plan", True), ("#page", True), ("?year=2016-17", True),
        ("https://example.org/minutes.pdf", True), ("mailto:office@example.org", True),
        ("javascript:alert(1)", False), (" javascript:alert(1)", False), ("java\tscript:alert(1)", False),
        ("data:text/html,x", False), ("//example.org", False), ("/\\example.org", False), ("", False),
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_good_is_left_out(address: str, kept: bool) -> None:
    tree = sent(html.A("Minutes", href=address))["tree"]
    assert tree == ["a", {"href": address} if kept else None, "Minutes"]
