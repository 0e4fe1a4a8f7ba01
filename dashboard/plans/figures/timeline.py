"""The days of a plan along the academic year: what is due, when it is looked at, and when there was evidence."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from textwrap import wrap
from typing import Any, Final, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from dashboard.academic_year import AcademicYear
from dashboard.ui.charts import label_rows, new_figure, plain
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import TEXT_SIZE, Look
from dashboard.wording import day


class _Kind(NamedTuple):
    """How the days of one kind are drawn."""

    symbol: str
    size: int
    colour: str
    key: KeyItem


_KINDS: Final = {
    "plan dated": _Kind("square", 12, "ink", KeyItem("■", "ink", "the plan’s own date")),
    "evidence": _Kind("circle", 11, "blue", KeyItem("●", "blue", "evidence")),
    "reviewed": _Kind("triangle-down", 13, "teal", KeyItem("▼", "teal", "reviewed")),
    "review planned": _Kind("triangle-down-open", 13, "teal", KeyItem("▽", "teal", "to be reviewed")),
    "due": _Kind("diamond", 13, "orange", KeyItem("◆", "orange", "due")),
}
_OUTSIDE: Final = KeyItem("◂ ▸", "ink", "before or after the year")
_CONTEXT: Final = KeyItem("↳", "ink", "what happened outside the cluster")
_MONTHS: Final = (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8)
_LONGEST_CODE: Final = 24
_BOTTOM: Final = 32
_LINE: Final = 100
_NARROW_LINE: Final = 40
"""So many letters of what happened outside fit beside one another."""
_LINE_HEIGHT: Final = 20
_TODAY_LIFT: Final = 8
_AIR: Final = timedelta(days=6)


def draw_days(
    days: pd.DataFrame,
    rows: Sequence[str],
    year: AcademicYear,
    as_of: date,
    look: Look,
    address: Callable[[str], str],
    context: Sequence[Mapping[str, Any]] = (),
) -> go.Figure:
    """A row for the plan as a whole and one for each target, from 1 September to 31 August.

    `days` has the columns row (one of `rows`, by its name), code (None of the whole plan), when, what (a kind of day)
    and told (a sentence). What lies outside the year stands at its edge. `context` are rows of `load_context`.
    """
    notes = [line for event in context for line in _note(event, look)]
    bottom = _BOTTOM + _LINE_HEIGHT * len(notes)
    figure = new_figure(look, len(rows), top=34 if look.narrow else 24, bottom=bottom, sides=8)
    labels = {float(place): _clipped(name) for place, name in enumerate(rows)}
    for place in range(len(rows)):
        _draw_line(figure, look, place, year)
    for what, kind in _KINDS.items():
        some = days[days["what"] == what]
        if not some.empty:
            _draw_kind(figure, look, some, rows, kind, year, address)
    label_rows(figure, look, labels)
    _draw_today(figure, look, year, as_of)
    _draw_context(figure, look, year, context, notes)
    months = [date(year.start + (month < 9), month, 1) for month in _MONTHS[:: 3 if look.narrow else 1]]
    figure.update_xaxes(
        type="date", range=[(year.starts - _AIR).isoformat(), (year.ends + _AIR).isoformat()],
        tickvals=[each.isoformat() for each in months], ticktext=[f"{each:%b}" for each in months], tickangle=0,
    )  # fmt: skip
    return figure


def _draw_line(figure: go.Figure, look: Look, place: int, year: AcademicYear) -> None:
    figure.add_shape(
        type="line", x0=year.starts.isoformat(), x1=year.ends.isoformat(), y0=place, y1=place, layer="below",
        line={"color": look.palette.line, "width": look.size(1)},
    )  # fmt: skip


def _draw_kind(
    figure: go.Figure,
    look: Look,
    days: pd.DataFrame,
    rows: Sequence[str],
    kind: _Kind,
    year: AcademicYear,
    address: Callable[[str], str],
) -> None:
    colour = getattr(look.palette, kind.colour)
    figure.add_scatter(
        x=[min(max(when, year.starts), year.ends).isoformat() for when in days["when"]],
        y=[rows.index(name) for name in days["row"]],
        mode="markers",
        marker={
            "symbol": [_symbol(when, kind, year) for when in days["when"]], "size": look.size(kind.size),
            "color": colour, "line": {"width": 2, "color": colour},
        },
        customdata=[
            [_wrapped(f"{day(row.when)}: {row.told}"), *([address(row.code)] if row.code else [])]
            for row in days.itertuples()
        ],
        hovertemplate="%{customdata[0]}<extra></extra>",
    )  # fmt: skip


def _symbol(when: date, kind: _Kind, year: AcademicYear) -> str:
    if when < year.starts:
        return "triangle-left"
    return "triangle-right" if when > year.ends else kind.symbol


def _draw_today(figure: go.Figure, look: Look, year: AcademicYear, as_of: date) -> None:
    if not year.starts <= as_of <= year.ends:
        return
    figure.add_shape(
        type="line", x0=as_of.isoformat(), x1=as_of.isoformat(), y0=0, y1=1, yref="paper", layer="below",
        line={"color": look.palette.ink, "width": look.size(1.5)},
    )  # fmt: skip
    late = (as_of - year.starts).days > (year.ends - year.starts).days * 0.9
    figure.add_annotation(
        x=as_of.isoformat(), y=1, yref="paper", yanchor="bottom", yshift=look.size(_TODAY_LIFT if look.narrow else 0),
        xanchor="right" if late else "left", showarrow=False,
        text=f"today, {day(as_of)}", font={"size": look.size(TEXT_SIZE), "color": look.palette.ink},
    )  # fmt: skip


def _draw_context(
    figure: go.Figure, look: Look, year: AcademicYear, context: Sequence[Mapping[str, Any]], notes: Sequence[str]
) -> None:
    """A dotted line on the day of each event, and its words beneath the months, as they stand under other charts."""
    for event in context:
        if year.starts <= event["happened_on"] <= year.ends:
            when = event["happened_on"].isoformat()
            figure.add_shape(
                type="line", x0=when, x1=when, y0=0, y1=1, yref="paper", layer="below",
                line={"color": look.palette.muted, "width": look.size(1), "dash": "dot"},
            )  # fmt: skip
    for number, words in enumerate(notes):
        figure.add_annotation(
            x=0, xref="paper", xanchor="left", y=0, yref="paper", yanchor="top", showarrow=False, align="left",
            yshift=-look.size(_BOTTOM - 4 + number * _LINE_HEIGHT), text=words,
            font={"size": look.size(TEXT_SIZE), "color": look.palette.ink},
        )  # fmt: skip


def _note(event: Mapping[str, Any], look: Look) -> list[str]:
    words = plain(f"↳ {day(event['happened_on'])}: {event['words']}")
    return wrap(words, _NARROW_LINE if look.narrow else _LINE, max_lines=3, placeholder=" …")


def key_of_days(days: pd.DataFrame, year: AcademicYear, context: Sequence[Mapping[str, Any]]) -> list[KeyItem]:
    """What occurs."""
    there = set(days["what"])
    outside = any(not year.starts <= when <= year.ends for when in days["when"])
    return [
        *(kind.key for what, kind in _KINDS.items() if what in there),
        *([_OUTSIDE] if outside else []),
        *([_CONTEXT] if context else []),
    ]


def _clipped(name: str) -> str:
    return plain(name if len(name) <= _LONGEST_CODE else f"{name[: _LONGEST_CODE - 1].rstrip()}…")


def _wrapped(text: str) -> str:
    return "<br>".join(wrap(plain(text), 60, max_lines=4, placeholder=" …"))
