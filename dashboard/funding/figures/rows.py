"""Rows of bars under the heading of who holds the money, and the axis beneath them: the frame of several charts."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import plotly.graph_objects as go

from dashboard.funding.words import POT_WORDS
from dashboard.ui.charts import BOLD, LABEL_LIFT, REGULAR, write
from dashboard.ui.theme import Look
from dashboard.vocabulary import Pot
from dashboard.wording import money

Row = TypeVar("Row")

_HEADING: Final = 1.0
_NARROW_HEADING: Final = 0.5
"""What a heading takes of a row."""


def under_headings(
    groups: Mapping[str, Sequence[Row]], look: Look
) -> tuple[list[tuple[float, str]], list[tuple[float, Row]], float]:
    """The lines of a chart from the top, each with its place: the headings, what stands under them, and all the rows.

    A group without anything has no heading.
    """
    heading = _NARROW_HEADING if look.narrow else _HEADING
    headings: list[tuple[float, str]] = []
    bars: list[tuple[float, Row]] = []
    top = -0.5
    for words, rows in groups.items():
        if not rows:
            continue
        headings.append((top + heading / 2, words))
        bars += [(top + heading + number + 0.5, row) for number, row in enumerate(rows)]
        top += heading + len(rows)
    return headings, bars, top + 0.5


def by_holder(rows: Sequence[Row], pot_of: Callable[[Row], Any]) -> dict[str, list[Row]]:
    """The rows under the words of their holders, holders in their order."""
    return {POT_WORDS[holder]: [row for row in rows if pot_of(row) == holder] for holder in Pot}


def place(look: Look, row: float) -> tuple[float, float]:
    """The middle and the thickness of a bar: on a phone it makes way for the words above it."""
    return (row + 0.18, 0.4) if look.narrow else (row, 0.6)


def ticks(longest: float) -> list[float]:
    """At most four round amounts from 0 on, none beyond the longest bar, where its words stand."""
    if longest <= 0:
        return [0]
    unit = 10 ** math.floor(math.log10(longest))
    step = next(size * unit for size in (0.5, 1, 2, 5) if longest / (size * unit) < _MOST_TICKS)
    return [number * step for number in range(_MOST_TICKS) if number * step <= longest]


_MOST_TICKS: Final = 4


def mark_pounds(figure: go.Figure, at: Sequence[float], low: float, high: float) -> None:
    """Amounts in pounds along the foot of a chart that shows so much."""
    figure.update_xaxes(
        range=[low, high or 1], tickvals=list(at), ticktext=[money(round(tick * 100)) for tick in at], tickangle=0
    )


GAP: Final = 2
"""Pixels of ground between parts of a bar that do not differ enough from each other in luminance."""


def add_bars(
    figure: go.Figure,
    look: Look,
    rows: Sequence[float],
    parts: Sequence[tuple[str, str, str, Sequence[int]]],
    told: Sequence[Any],
    *,
    linked: bool = False,
) -> None:
    """Stacked bars: of each part its name, fill and edge (as the palette calls them) and the pence of each row.

    Ground as an edge sets parts apart.

    `told` is what is said of each row; where `linked` it is those words and the address they lead to.
    """
    for name, fill, edge, pence in parts:
        edge_width = GAP if edge == "ground" else 1
        widths = [edge_width if amount else 0 for amount in pence]
        figure.add_bar(
            name=name,
            orientation="h",
            x=[amount / 100 for amount in pence],
            y=[place(look, row)[0] for row in rows],
            width=place(look, 0)[1],
            customdata=list(told),
            hovertemplate=f"%{{customdata{'[0]' if linked else ''}}}<extra></extra>",
            marker={
                "color": getattr(look.palette, fill), "line": {"color": getattr(look.palette, edge), "width": widths},
            },
        )  # fmt: skip


def tell(figure: go.Figure, look: Look, text: str, *, row: float, beyond: float, alarming: bool = False) -> None:
    """Words behind a bar that reaches so many pounds; on a phone above it, at the right edge."""
    colour = look.palette.act if alarming else look.palette.ink
    if look.narrow:
        write(figure, look, text, row=row, at_end=True, lift=LABEL_LIFT, colour=colour, bold=alarming)
        return
    font = {"size": look.size(14), "color": colour, "weight": BOLD if alarming else REGULAR}
    figure.add_annotation(x=beyond, y=row, xanchor="left", xshift=look.size(8), showarrow=False, text=text, font=font)
