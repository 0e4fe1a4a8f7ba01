"""A panel: one question, answered by a sentence, proved by a chart, evidenced by a table. Declared in one place.

A feature lists its panels in `panels.py`; a screen chooses and orders them; this module turns one into a card.
"""

import json
import logging
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlencode

import pandas as pd
import plotly.graph_objects as go
from dash import html
from sqlalchemy.orm import Session

from dashboard.directory.view import View
from dashboard.flags import Flag
from dashboard.shown_figures import ShownFigure
from dashboard.ui.aria import aria
from dashboard.ui.charts import chart
from dashboard.ui.components import (
    KeyItem,
    disclosure,
    flag_list,
    illustrative_note,
    key_list,
    message,
    table,
    unbroken,
)
from dashboard.ui.theme import LIGHT, ROOM_SCALE, Look, Palette
from dashboard.wording import day

log = logging.getLogger(__name__)

Data = TypeVar("Data")


@dataclass(frozen=True)
class Message:
    """What a panel says instead of a chart: what is so, and what to do about it."""

    title: str
    text: str
    other_years: bool = False
    """Whether another year may tell more."""


@dataclass(frozen=True)
class Panel(Generic[Data]):
    """One question about one view.

    `load` reads (the only part that sees the store), everything else is a function of what it gave. `id` is the id of
    the chart on the page.
    """

    id: str
    title: str
    load: Callable[[Session, View], Data]
    is_empty: Callable[[Data], bool]
    headline: Callable[[Data, View], str]
    measure: Callable[[Data, View], Sequence[str]]
    """What is measured, over what: the first sentence stands everywhere, the others where there is room."""
    draw: Callable[[Data, Look], go.Figure] | None
    """The chart; None where something else is shown in its place, or the table says it all and stands open."""
    key: Callable[[Data], Sequence[KeyItem]]
    """What the shapes and colours mean, as far as they occur."""
    table: Callable[[Data], pd.DataFrame]
    made_up: Callable[[Data], tuple[bool, bool]]
    """Whether some of the figures are illustrative, and whether all are."""
    flags: Callable[[Data, View], Sequence[Flag]]
    empty: Callable[[View], Message]
    explain: str
    """What the figure is, in words: the answer to "What is this number?"."""
    shows: Callable[[Data], Any] | None = None
    """What is shown where there is no chart, such as cards or sentences; the table then opens in one click, too."""
    aside: Callable[[Data], str] = lambda _data: ""
    """What the chart shows besides its message, for those who cannot see it."""
    links: Callable[[Data], Mapping[Any, str]] = lambda _data: {}
    """Where headings and rows of the table lead, by their words or by the row's number."""
    figures: Callable[[Data, View], Sequence[ShownFigure]] = lambda _data, _view: ()
    """The figures it shows, as printed, each with the rows that add up to it. Decisions are kept with them (1.11)."""
    leads: bool = True
    """Whether the marks of the chart lead to the same addresses."""
    quiet: bool = False
    """Whether nothing is said of it at the top of the page while there is nothing to show."""


@dataclass(frozen=True)
class Shown:
    """A panel that was read: its headline for the top of the page ("" for none), its flags, and its card."""

    headline: str
    flags: Sequence[Flag]
    card: html.Section
    figures: Sequence[ShownFigure] = ()
    missing: Message | None = None
    """What it says instead of a chart where there is nothing to show."""


Step = Callable[[Flag], str | None]
"""The address at which a reader may do something about a flag; None where it is not theirs to do."""


def _no_step(_flag: Flag) -> str | None:
    return None


def show(
    panel: Panel[Any],
    session: Session,
    view: View,
    look: Look,
    *,
    large: bool = False,
    headed: bool = False,
    step: Step = _no_step,
) -> Shown:
    """Read one panel and make its card. A panel that fails says so, with a number to quote; the others stand.

    `headed` sets its message over the chart, for pages with more panels than fit at their top. A panel knows nothing of
    readers: where a flag leads is `step`'s to say.
    """
    drawn_for = replace(look, room=large, scale=ROOM_SCALE if large and not look.narrow else look.scale)
    try:
        return _show(panel, session, view, drawn_for, large, headed, step)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("panel %s failed, reference %s", panel.id, reference)
        session.rollback()
        note = message(
            "This part could not be shown.",
            "Nothing was lost or changed. Load the page again; if it stays so, quote the reference below.",
            action=f"Reference {reference}",
            kind="error",
        )
        return Shown(f"{panel.title}: could not be shown.", (), _card(panel, large, panel.title, [note]))


def not_from_the_store(_session: Session, _view: View) -> Any:
    """The `load` of a panel of which the page says what it shows: see `given` and `loaded_by`."""
    raise NotImplementedError("the page that shows this panel says what it shows")


def given(panel: Panel[Data], data: Data) -> Panel[Data]:
    """A panel of what was read already."""
    return replace(panel, load=lambda _session, _view: data)


def loaded_by(panel: Panel[Data], load: Callable[[Session], Data]) -> Panel[Data]:
    """A panel of what is read when it is shown, so that it fails alone."""
    return replace(panel, load=lambda session, _view: load(session))


def share_loads(panels: Sequence[Panel[Any]]) -> list[Panel[Any]]:
    """The panels of one page, of one view: those that load the same read it once, when the first of them is shown."""
    loads = {panel.load: _once(panel.load) for panel in panels}
    return [replace(panel, load=loads[panel.load]) for panel in panels]


def _once(load: Callable[[Session, View], Data]) -> Callable[[Session, View], Data]:
    known: list[Data] = []

    def load_once(session: Session, view: View) -> Data:
        if not known:
            known.append(load(session, view))
        return known[0]

    return load_once


def _show(panel: Panel[Any], session: Session, view: View, look: Look, large: bool, headed: bool, step: Step) -> Shown:
    data = panel.load(session, view)
    if panel.is_empty(data):
        empty = panel.empty(view)
        # On the room's screen no year can be chosen.
        choice = " Choose another year above." if empty.other_years and len(view.years) > 1 and not large else ""
        card = _card(panel, large, panel.title, [message(empty.title, empty.text + choice)])
        return Shown("" if panel.quiet else empty.title, (), card, missing=empty)
    headline, flags = panel.headline(data, view), panel.flags(data, view)
    some, every = panel.made_up(data)
    body: list[Any] = [illustrative_note(some, every, has_table=not large)]
    if panel.draw is not None:
        drawn = chart(
            panel.id,
            panel.draw(data, look),
            f"{headline} {panel.aside(data)}".strip(),
            fill=look.scale > 1,
            leads=panel.leads and bool(panel.links(data)) and not large,
            stops=not large,
        )
        body += [drawn, key_list(panel.key(data), look.palette)]
    elif panel.shows is not None:
        body.append(panel.shows(data))
    measure, figures = panel.measure(data, view), panel.figures(data, view)
    if not large:
        stands_open = panel.draw is None and panel.shows is None
        rows = table(panel.table(data), panel.title, panel.links(data), cards=stands_open)
        files = _files(panel, view)
        why = disclosure("What is this number?", [html.P(panel.explain), _rows_of(figures)])
        opened = [] if stands_open else [disclosure("Table", [rows, files])]
        body += [
            rows if stands_open else None,
            flag_list(flags, step),
            files if stands_open else None,
            html.Div(
                [*opened, _pictures(panel, view, headline, measure, some, every, look) if panel.draw else None, why],
                className="beneath",
            ),
        ]
    title = headline if large or headed else panel.title
    card = _card(panel, large, title, body, measure[0] if large else " ".join(measure))
    return Shown(headline, flags, card, figures)


def _rows_of(figures: Sequence[ShownFigure]) -> Any:
    """The figures of a panel, each with its rows in one click."""
    if not figures:
        return None
    items = [
        html.Li(
            [
                html.Span(figure.label, className="figure-name"),
                html.Strong(unbroken(f"{figure.value} {figure.unit}".strip())),
                html.A(["rows", html.Span(f" of {figure.label}", className="visually-hidden")], href=figure.rows)
                if figure.rows
                else html.Span(figure.why, className="figure-why")
                if figure.why
                else None,
            ]
        )
        for figure in figures
    ]
    return html.Ul(items, className="figure-rows")


def _files(panel: Panel[Any], view: View) -> html.P:
    """The table as files, of the year and choices that are looked at."""
    about = html.Span(f" of {panel.title}", className="visually-hidden")
    return html.P(
        [
            "Download the table",
            about,
            " as ",
            html.A("CSV", href=file_address(panel.id, view, "csv")),
            " or as ",
            html.A("a workbook", href=file_address(panel.id, view, "xlsx")),
        ],
        className="files on-screen",
    )


def file_address(panel_id: str, view: View, ending: str) -> str:
    """Where the table of a panel is a file, behind the page that shows it: of a school, a cluster, or all clusters."""
    if view.cluster is None:
        return f"/files/{panel_id}.{ending}{view.asked and f'?{view.asked}'}"
    said = {"year": str(view.year)}
    if view.school is not None:
        return (
            f"/school/{view.school.slug}/files/{panel_id}.{ending}?{urlencode({**said, 'cluster': view.cluster.slug})}"
        )
    since = {"since": view.since.isoformat()} if view.since else {}
    return f"/cluster/{view.cluster.slug}/files/{panel_id}.{ending}?{urlencode({**said, **since})}"


def _pictures(
    panel: Panel[Any], view: View, headline: str, measure: Sequence[str], some: bool, every: bool, look: Look
) -> html.Div:
    """The chart as a picture, which the browser makes and nobody else sees. What stands in it beside the chart is
    sent along, and the colours of the light page, because a picture has a white ground.
    """
    about = view.school or view.cluster
    made_up = "Illustrative figures" if every else "Partly illustrative figures" if some else ""
    name = "-".join(filter(None, (panel.id, about.slug if about else "", "illustrative" if some else "")))
    told = _sent(
        chart=panel.id,
        name=name,
        headline=headline,
        measure=" ".join(measure),
        about=" · ".join(filter(None, (about.name if about else "", f"as of {day(view.as_of)}", made_up))),
        repaint=json.dumps(_repainted(look.palette)),
    )
    buttons = [
        html.Button(
            [f"Picture ({form.upper()})", html.Span(f" of {panel.title}", className="visually-hidden")],
            type="button",
            className="as-link",
            **_sent(picture=form),
        )
        for form in ("png", "svg")
    ]
    return html.Div(buttons, className="pictures on-screen", **told)


def _sent(**values: str) -> Any:
    """Attributes for our script: `_sent(picture="svg")` → {"data-picture": "svg"}."""
    return {f"data-{name}": value for name, value in values.items()}


def _repainted(palette: Palette) -> dict[str, str]:
    """The colours of a palette by those of the light one that stand in their place."""
    if palette == LIGHT:
        return {}
    return {str(getattr(palette, field.name)): str(getattr(LIGHT, field.name)) for field in fields(palette)}


@dataclass(frozen=True)
class TableFile:
    """The table of a panel as it leaves the product, and whether any of it is made up."""

    frame: pd.DataFrame
    title: str
    made_up: bool


def table_file(panel: Panel[Any], session: Session, view: View) -> TableFile | None:
    """The table of a panel for a file: amounts are numbers, and where some of it is made up a column says so. None
    where there is nothing to show.
    """
    data = panel.load(session, view)
    if panel.is_empty(data):
        return None
    frame, (some, every) = _for_a_file(panel.table(data)), panel.made_up(data)
    if some and _PROVENANCE not in frame.columns:
        frame = frame.assign(**{_PROVENANCE: "illustrative" if every else "partly illustrative"})
    return TableFile(frame, panel.title, some)


_PROVENANCE: Final = "Figures"
_MONEY: Final = re.compile("(−?)£([0-9,]+(?:[.][0-9]{2})?)")


def _for_a_file(frame: pd.DataFrame) -> pd.DataFrame:
    columns = {}
    for place, name in enumerate(frame.columns):
        cells = [_cell(cell) for cell in frame.iloc[:, place]]
        columns[f"{name} (£)" if any(isinstance(cell, Decimal) for cell in cells) else str(name)] = cells
    return pd.DataFrame(columns, dtype=object)


def _cell(cell: Any) -> Any:
    """A cell of a table on a page as a file holds it."""
    words = getattr(cell, "children", cell)  # a piece of a page is its words
    if words is None or not isinstance(words, str):
        return words
    amount = _MONEY.fullmatch(words)
    if amount is None:
        return words
    return Decimal(f"{'-' if amount[1] else ''}{amount[2].replace(',', '')}")


def _card(panel: Panel[Any], large: bool, title: str, body: list[Any], measure: str | None = None) -> html.Section:
    heading = f"{panel.id}-title"
    return html.Section(
        [
            html.H2(unbroken(title), id=heading),
            *([html.P(unbroken(measure), className="measure")] if measure else []),
            *(part for part in body if part is not None),
        ],
        className="panel panel-large" if large else "panel",
        **aria(labelledby=heading),
    )
