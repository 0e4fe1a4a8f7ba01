"""How a year's money went, day by day, against what is available, and where it is heading."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import plotly.graph_objects as go

from dashboard.funding.figures.rows import ticks
from dashboard.funding.forecast import Course, Forecast
from dashboard.ui.charts import ROW_HEIGHT, new_figure
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import TEXT_SIZE, Look
from dashboard.wording import day, money


def draw_course(course: Course, look: Look) -> go.Figure:
    """A stepped line of what was spent; the whole that is spent and committed on the last day; the year's straight
    course to what is available; and the forecast with its range to the end of the year.
    """
    figure = new_figure(look, _ROWS, top=12, bottom=36, sides=16 if look.narrow else 8, row_height=ROW_HEIGHT)
    if isinstance(course.ahead, Forecast):
        _draw_ahead(figure, look, course, course.ahead)
    _draw_straight(figure, look, course)
    _draw_spent(figure, look, course)
    _draw_now(figure, look, course)
    amounts = [course.available, course.spending.bound, *course.running.values()]
    if isinstance(course.ahead, Forecast):
        amounts.append(course.ahead.high)
    highest, lowest = max(amounts) / 100, min(0, *amounts) / 100
    marks = ticks(highest)
    figure.update_yaxes(
        range=[lowest, highest * 1.08 or 1], tickvals=marks, showgrid=True, gridcolor=look.palette.line,
        autorange=False, showticklabels=not look.narrow, ticktext=[f"{words} " for words in map(_pounds, marks)],
    )  # fmt: skip
    if look.narrow:
        _write_amounts(figure, look, marks)
    months = [date(course.year.start + (month < 9), month, 1) for month in _MONTHS[:: 3 if look.narrow else 1]]
    figure.update_xaxes(
        type="date", range=[_text(course.year.starts - timedelta(days=4)), _text(course.year.ends + timedelta(days=6))],
        tickvals=[_text(each) for each in months], ticktext=[f"{each:%b}" for each in months], tickangle=0,
    )  # fmt: skip
    return figure


_ROWS: Final = 8
_MONTHS: Final = (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8)


def _pounds(amount: float) -> str:
    return money(round(amount * 100))


def _write_amounts(figure: go.Figure, look: Look, marks: Sequence[float]) -> None:
    """On a phone amounts stand on their lines, where they take no width; at nothing the line of the money begins."""
    for mark in filter(None, marks):
        figure.add_annotation(
            x=0, xref="paper", y=mark, xanchor="left", yanchor="bottom", showarrow=False, text=_pounds(mark),
            font={"size": look.size(TEXT_SIZE), "color": look.palette.muted},
        )  # fmt: skip


def _text(when: date) -> str:
    return when.isoformat()


def _draw_straight(figure: go.Figure, look: Look, course: Course) -> None:
    if course.available <= 0:
        return
    figure.add_scatter(
        x=[_text(course.year.starts), _text(course.year.ends)], y=[0, course.available / 100], mode="lines",
        line={"color": look.palette.rest_edge, "width": look.size(1.5), "dash": "dot"},
        hovertemplate=f"the year’s straight course to {money(course.available)}<extra></extra>",
    )  # fmt: skip
    figure.add_shape(
        type="line", x0=0, x1=1, xref="paper", y0=course.available / 100, y1=course.available / 100,
        line={"color": look.palette.ink, "width": look.size(2)},
    )  # fmt: skip


def _draw_spent(figure: go.Figure, look: Look, course: Course) -> None:
    running = course.running
    spent = list(running.values())
    days = [course.year.starts, *running, course.until]
    figure.add_scatter(
        x=[_text(each) for each in days],
        y=[amount / 100 for amount in (0, *spent, spent[-1] if spent else 0)],
        mode="lines",
        line={"shape": "hv", "color": look.palette.blue, "width": look.size(3)},
        customdata=[f"{day(each)}: {money(amount)}" for each, amount in zip(
            days, (0, *spent, spent[-1] if spent else 0), strict=True)],
        hovertemplate="spent by %{customdata}<extra></extra>",
    )  # fmt: skip


def _draw_now(figure: go.Figure, look: Look, course: Course) -> None:
    """Everything that is spent, with a day or without, and above it what is committed besides."""
    spent, bound = course.spending.so_far + course.spending.later, course.spending.bound
    x = _text(course.until)
    if bound != spent:
        figure.add_scatter(
            x=[x, x], y=[spent / 100, bound / 100], mode="lines+markers",
            line={"color": look.palette.teal, "width": look.size(4)},
            marker={"symbol": "line-ew-open", "size": look.size(14), "line": {"width": look.size(3)}},
            hovertemplate=f"spent and committed: {money(bound)}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=[x], y=[spent / 100], mode="markers",
        marker={"symbol": "circle", "size": look.size(12), "color": look.palette.blue},
        hovertemplate=f"spent: {money(spent)}<extra></extra>",
    )  # fmt: skip


def _draw_ahead(figure: go.Figure, look: Look, course: Course, ahead: Forecast) -> None:
    start, end = _text(course.until), _text(course.year.ends)
    bound = course.spending.bound / 100
    figure.add_scatter(
        x=[start, end, end, start], y=[bound, ahead.high / 100, ahead.low / 100, bound], mode="lines", fill="toself",
        fillcolor=look.palette.rest, line={"color": look.palette.rest_edge, "width": 1}, hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(
        x=[start, end], y=[bound, ahead.expected / 100], mode="lines+markers",
        line={"color": look.palette.plum, "width": look.size(2), "dash": "dash"},
        marker={"symbol": "diamond", "size": [0, look.size(11)], "color": look.palette.plum},
        hovertemplate=f"forecast to {day(course.year.ends)}: {money(ahead.expected)}<extra></extra>",
    )  # fmt: skip


def key_of(course: Course) -> list[KeyItem]:
    """What occurs in the chart."""
    straight = [
        KeyItem("—", "ink", f"available, {money(course.available)}"),
        KeyItem("┄", "rest_edge", "the year’s straight course"),
    ]
    ahead = [KeyItem("◆", "plum", "forecast")]
    if isinstance(course.ahead, Forecast) and course.ahead.low < course.ahead.high:
        ahead.append(KeyItem("□", "muted", "its range"))
    return [
        KeyItem("●", "blue", "spent"),
        *([KeyItem("■", "teal", "committed")] if course.spending.committed else []),
        *(straight if course.available > 0 else []),
        *(ahead if isinstance(course.ahead, Forecast) else []),
    ]
