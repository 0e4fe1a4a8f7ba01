"""A panel becomes a card: the sentence, the chart, the evidence; or why there is none."""

import json
import logging
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from dash import html

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.db import Store
from dashboard.directory.view import View
from dashboard.flags import Flag
from dashboard.ui.charts import new_figure
from dashboard.ui.components import KeyItem
from dashboard.ui.panel import Message, Panel, Shown, share_loads, show
from dashboard.ui.theme import ROOM_SCALE, Look
from dashboard.vocabulary import Severity

VIEW = View(EVERYTHING, date(2017, 3, 1), AcademicYear(2016), ())
FLAGS = (Flag("b", Severity.INFO, "Not known", "x"), Flag("a", Severity.ACT, "Do it", "x"))

PANEL: Panel[list[int]] = Panel(
    id="a-panel",
    title="A question",
    load=lambda _session, _view: [1, 2, 3],
    is_empty=lambda data: not data,
    headline=lambda data, _view: f"The answer is {sum(data)}.",
    measure=lambda data, view: (f"Of {len(data)} in {view.year}.", "And no more."),
    draw=lambda data, look: new_figure(look, len(data)),
    key=lambda _data: (KeyItem("●", "blue", "here"),),
    table=lambda data: pd.DataFrame({"Number": data}),
    made_up=lambda _data: (False, False),
    flags=lambda _data, _view: FLAGS,
    empty=lambda view: Message(f"Nothing in {view.year}.", "Bring something in."),
    explain="What it is.",
)


def shown(store: Store, panel: Panel[Any] = PANEL, look: Look | None = None, *, large: bool = False) -> Shown:
    with store.reading() as session:
        return show(panel, session, VIEW, look or Look(), large=large)


def page(of: Shown) -> str:
    card: Any = of.card
    return json.dumps(card.to_plotly_json(), default=lambda each: each.to_plotly_json(), ensure_ascii=False)


def test_a_card_has_title_measure_chart_flags_table_and_explanation(store: Store) -> None:
    told = shown(store)
    text = page(told)
    assert (told.headline, tuple(told.flags)) == ("The answer is 6.", FLAGS)
    for part in (
        "A question",
        "Of 3 in 2016-17.",
        '"a-panel"',
        "here",
        "Do it",
        "Number",
        "What it is.",
        "The answer is 6.",
    ):
        assert part in text
    assert text.index("Do it") < text.index("Not known")
    assert "llustrative" not in text


@pytest.mark.parametrize(
    ("made_up", "words"),
    [((True, True), "Illustrative figures: made up"), ((True, False), "Partly illustrative")],
)
def test_made_up_figures_are_said_to_be(store: Store, made_up: tuple[bool, bool], words: str) -> None:
    assert words in page(shown(store, replace(PANEL, made_up=lambda _data: made_up)))


def test_a_large_card_has_the_message_for_its_title_and_nothing_to_press(store: Store) -> None:
    text = page(shown(store, large=True))
    assert "A question" not in text
    assert "The answer is 6." in text
    assert "Details" not in text
    assert "Do it" not in text
    assert "panel-large" in text


@pytest.mark.parametrize(("look", "scale"), [(Look(), ROOM_SCALE), (Look(narrow=True), 1)])
def test_a_large_chart_is_large_unless_the_screen_is_narrow(store: Store, look: Look, scale: float) -> None:
    seen: list[Look] = []

    def draw(_data: object, asked: Look) -> Any:
        seen.append(asked)
        return new_figure(asked, 1)

    shown(store, replace(PANEL, draw=draw), look, large=True)
    assert [each.scale for each in seen] == [scale]


@pytest.mark.parametrize("large", [False, True])
def test_what_is_no_chart_stands_in_its_place_and_the_table_opens_as_under_a_chart(store: Store, large: bool) -> None:
    told = replace(PANEL, draw=None, shows=lambda data: html.P(f"Cards for {len(data)}"))
    text = page(shown(store, told, large=large))
    assert "Cards for 3" in text
    assert '"a-panel"' not in text, "there is no chart"
    assert ('"Summary"' in text) == (not large)
    assert ("open-table" in text) is False
    bare = page(shown(store, replace(PANEL, draw=None), large=large))
    assert ("open-table" in bare) == (not large), "without anything else the table stands open"


def test_an_empty_panel_says_so_and_what_to_do(store: Store) -> None:
    told = shown(store, replace(PANEL, load=lambda _session, _view: []))
    assert (told.headline, tuple(told.flags)) == ("Nothing in 2016-17.", ())
    assert "Bring something in." in page(told)
    assert '"a-panel"' not in page(told)


def fail(*_args: object) -> Any:
    raise ZeroDivisionError("secret words")


@pytest.mark.parametrize(
    "part", ["load", "is_empty", "headline", "measure", "draw", "key", "table", "made_up", "flags"]
)
def test_a_failure_in_any_part_is_said_with_a_reference_that_stands_in_the_log(
    store: Store, caplog: pytest.LogCaptureFixture, part: str
) -> None:
    with caplog.at_level(logging.ERROR):
        broken: dict[str, Any] = {part: fail}
        told = shown(store, replace(PANEL, **broken))
    (record,) = caplog.records
    reference = record.getMessage().rsplit(" ", 1)[1]
    assert told.headline == "A question: could not be shown."
    assert f"Reference {reference}" in page(told)
    assert "secret words" not in page(told)
    assert record.exc_info is not None


def test_a_failed_query_does_not_spoil_the_session(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    def ask(session: Any, _view: View) -> Any:
        session.execute(sa.text("SELECT nothing FROM nowhere"))

    with store.reading() as session, caplog.at_level(logging.CRITICAL):
        show(replace(PANEL, load=ask), session, VIEW, Look())
        assert session.scalar(sa.text("SELECT 1")) == 1
        assert show(PANEL, session, VIEW, Look()).headline == "The answer is 6."


def test_panels_of_a_page_that_load_the_same_read_it_once(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    asked: list[AcademicYear] = []

    def ask(_session: Any, view: View) -> list[int]:
        asked.append(view.year)
        if len(asked) == 1:
            raise ZeroDivisionError
        return [1, 2, 3]

    same = replace(PANEL, load=ask)
    panels = share_loads([same, same, PANEL, replace(same, headline=lambda data, _view: f"{len(data)} numbers.")])
    with caplog.at_level(logging.CRITICAL):
        told = [shown(store, panel).headline for panel in panels]
    assert told == ["A question: could not be shown.", "The answer is 6.", "The answer is 6.", "3 numbers."]
    assert len(asked) == 2, "what failed is read again, what was read is not"
    shown(store, share_loads([same])[0])
    assert len(asked) == 3, "and nothing is kept for another page"
