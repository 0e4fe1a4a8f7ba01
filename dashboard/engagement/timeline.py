"""Who stood for each school and when, as a chart: persons by their turn, never by name (3.8, 3.14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.academic_year import AcademicYear
from dashboard.naming import short_names
from dashboard.ui.charts import LABEL_LIFT, ROW_HEIGHT, STACKED_ROW_HEIGHT, label_rows, new_figure, plain
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import Look
from dashboard.wording import day

_LANE: Final = 24
"""Pixels for each bar: who stands for a school at the same time stands under one another."""
_GAP: Final = 12
_LABEL: Final = 20
_SHORTEST: Final = 0.04
_SHORTEST_NARROW: Final = 0.1
"""A bar shorter than this share of the time has no room for its word."""
_TICKS: Final = 4
_NARROW_TICKS: Final = 3
_FOR_A_LABEL: Final = 0.15
"""The share of the time at the right edge in which a year would have no room for its label."""


@dataclass(frozen=True)
class _Bar:
    row: Any
    first: int
    last: int
    lane: int


def draw_timeline(tenure: pd.DataFrame, as_of: date, look: Look) -> go.Figure:
    """A block of bars for each school, one for each time somebody stood for it, from the first day known to a last one.

    Takes the frame of `load_tenure`. An unknown beginning is drawn from the left edge, an open end to the right one. A
    role that is shared is hatched; a day of induction is a diamond.
    """
    begins, ends = _edges(tenure, as_of)
    row_height = STACKED_ROW_HEIGHT if look.narrow else ROW_HEIGHT
    shorter = short_names(tenure["name"].unique())
    placed: list[tuple[_Bar, float]] = []
    labels: dict[float, str] = {}
    pixels = 0.0
    for _, rows in tenure.groupby("school_id", sort=False):
        bars = _in_lanes(rows, begins, ends)
        lanes, head = max(bar.lane for bar in bars) + 1, _LABEL if look.narrow else 0
        middle = pixels + (_LABEL / 2 + LABEL_LIFT if look.narrow else lanes * _LANE / 2)
        labels[middle / row_height - 0.5] = plain(shorter[bars[0].row.name])
        placed += [(bar, (pixels + head + (bar.lane + 0.5) * _LANE) / row_height - 0.5) for bar in bars]
        pixels += head + lanes * _LANE + _GAP
    figure = new_figure(look, pixels / row_height)
    _draw_bars(figure, look, placed, row_height, ends - begins)
    _draw_inductions(figure, look, placed, begins)
    label_rows(figure, look, labels)
    years = range(AcademicYear.of(date.fromordinal(begins)).start, AcademicYear.of(date.fromordinal(ends)).start + 2)
    most = _NARROW_TICKS if look.narrow else _TICKS
    starts = [date(year, 9, 1).toordinal() for year in years][:: max(1, -(-len(years) // most))]
    ticks = [start for start in starts if begins <= start <= ends - (ends - begins) * _FOR_A_LABEL]
    figure.update_xaxes(
        range=[begins, ends + (ends - begins) * 0.01],
        tickvals=ticks,
        ticklabelposition="outside right",  # at the left edge a label in the middle would be cut
        ticktext=[f"Sept {date.fromordinal(each).year}" for each in ticks],
    )
    return figure


def _edges(tenure: pd.DataFrame, as_of: date) -> tuple[int, int]:
    """The first and the last day of the chart: what is known, today, and at least the academic year that this is."""
    known = [each for name in ("starts", "ends", "inducted_on") for each in tenure[name] if each is not None]
    first = min([*known, AcademicYear.of(as_of).starts])
    return first.toordinal(), max([*known, as_of]).toordinal()


def _in_lanes(rows: pd.DataFrame, begins: int, ends: int) -> list[_Bar]:
    bars: list[_Bar] = []
    free: list[int] = []
    for row in rows.itertuples():
        first = row.starts.toordinal() if row.starts else begins
        last = row.ends.toordinal() if row.ends else ends
        lane = next((number for number, until in enumerate(free) if until < first), len(free))
        free[lane : lane + 1] = [last]
        bars.append(_Bar(row, first, last, lane))
    return bars


def _draw_bars(figure: go.Figure, look: Look, placed: Sequence[tuple[_Bar, float]], row_height: int, span: int) -> None:
    shortest = span * (_SHORTEST_NARROW if look.narrow else _SHORTEST)
    for odd, shared in product((True, False), repeat=2):
        some = [
            (bar, place) for bar, place in placed if (bar.row.person_number % 2 == 1, bar.row.shared) == (odd, shared)
        ]
        if not some:
            continue
        colour = look.palette.blue if odd else look.palette.teal
        hatched = {
            "shape": "/",
            "fillmode": "replace",
            "fgcolor": colour,
            "bgcolor": look.palette.rest,
            "solidity": 0.2,
        }
        figure.add_bar(
            orientation="h",
            y=[place for _, place in some],
            base=[bar.first for bar, _ in some],
            x=[max(bar.last - bar.first, span / 200) for bar, _ in some],
            width=(_LANE - 4) / row_height,
            marker={
                "color": colour,
                "line": {"color": colour, "width": 1},
                **({"pattern": hatched} if shared else {}),
            },
            text=[turn(bar.row.person_number) if bar.last - bar.first > shortest else "" for bar, _ in some],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            constraintext="none",
            insidetextfont={"color": look.palette.ink if shared else look.palette.on("blue" if odd else "teal")},
            customdata=[tell(bar.row) for bar, _ in some],
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.update_layout(barmode="overlay")


def _draw_inductions(figure: go.Figure, look: Look, placed: Sequence[tuple[_Bar, float]], begins: int) -> None:
    inducted = [(bar, place) for bar, place in placed if bar.row.inducted_on is not None]
    if inducted:
        figure.add_scatter(
            x=[max(bar.row.inducted_on.toordinal(), begins) for bar, _ in inducted],
            y=[place for _, place in inducted],
            mode="markers",
            marker={
                "symbol": "diamond", "size": look.size(12), "color": look.palette.orange,
                "line": {"color": look.palette.rest, "width": 2},
            },
            customdata=[f"brought up to speed on {day(bar.row.inducted_on)}" for bar, _ in inducted],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip


def turn(number: int) -> str:
    """Which lead of a school somebody is: "1st", "2nd", "11th"."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def tell(row: Any) -> str:
    """A row of `load_tenure` in words."""
    since = f"since {day(row.starts)}" if row.starts else "since a day that is not known"
    until = f", until {day(row.ends)}" if row.ends else ""
    more = [
        words
        for words, so in (("held with another", row.shared), ("handed it on", row.handover))
        if so
    ]  # fmt: skip
    return f"{turn(row.person_number)} lead {since}{until}" + "".join(f", {each}" for each in more)


def timeline_key(tenure: pd.DataFrame) -> list[KeyItem]:
    """What occurs."""
    several = [KeyItem("■", "teal", "the next")] if (tenure["person_number"] > 1).any() else []
    shared = [KeyItem("▨", "muted", "held with another")] if tenure["shared"].any() else []
    inducted = any(each is not None for each in tenure["inducted_on"])
    return [
        KeyItem("■", "blue", "one lead" if several else "the first lead"), *several, *shared,
        *([KeyItem("◆", "orange", "brought up to speed")] if inducted else []),
    ]  # fmt: skip
