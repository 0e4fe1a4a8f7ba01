"""Charts of money. Each is a function of a frame; nothing else is in scope."""

import math
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.funding.words import PART_WORDS, POT_WORDS
from dashboard.ui.charts import BOLD, LABEL_LIFT, REGULAR, label_rows, new_figure, write
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import Look
from dashboard.vocabulary import Part, Pot
from dashboard.wording import money

KEY: Final = (
    KeyItem("■", "blue", "spent"),
    KeyItem("■", "teal", "committed"),
    KeyItem("□", "rest_edge", "left"),
    KeyItem("|", "ink", "available"),
)


def draw_pots(pots: pd.DataFrame, look: Look) -> go.Figure:
    """A bar for each pot and part: spent, committed, left; a tick where the allocation ends.

    Takes the frame of `load_pots` for one cluster (pence). Holders are kept apart under their own heading.
    """
    headings, bars, rows = _lines(pots, _NARROW_HEADING if look.narrow else _HEADING)
    figure = new_figure(look, rows, bottom=36, sides=20 if look.narrow else 4)
    label_rows(figure, look, {place: PART_WORDS[Part(pot.part)] for place, pot in bars})
    for place, holder in headings:
        write(figure, look, POT_WORDS[holder], row=place, bold=True)
    _add_bars(figure, look, bars)
    for place, pot in bars:
        _mark_available(figure, look, place, pot)
        _tell_remaining(figure, look, place, pot)
    longest = max((_length(pot) for _, pot in bars), default=0) / 100
    ticks = _ticks(longest)
    figure.update_xaxes(
        range=[0, longest * _room_for_words(look) or 1],
        tickvals=ticks,
        ticktext=[money(round(tick * 100)) for tick in ticks],
        tickangle=0,
    )
    return figure


def _ticks(longest: float) -> list[float]:
    """At most four round amounts from 0 on, none beyond the longest bar, where its words stand."""
    if longest <= 0:
        return [0]
    unit = 10 ** math.floor(math.log10(longest))
    step = next(size * unit for size in (0.5, 1, 2, 5) if longest / (size * unit) < _MOST_TICKS)
    return [number * step for number in range(_MOST_TICKS) if number * step <= longest]


_MOST_TICKS: Final = 4


_HEADING: Final = 1.0
_NARROW_HEADING: Final = 0.5
"""What a holder's heading takes of a row."""


def _room_for_words(look: Look) -> float:
    """How much longer than the longest bar the chart is, so that "£2,435 left" fits behind it."""
    if look.narrow:
        return 1.02
    return 1.32 if look.scale == 1 else 1.55


def _place(look: Look, row: float) -> tuple[float, float]:
    """The middle and the thickness of a bar: on a phone it makes way for the words above it."""
    return (row + 0.18, 0.4) if look.narrow else (row, 0.6)


def _add_bars(figure: go.Figure, look: Look, bars: list[tuple[float, Any]]) -> None:
    palette = look.palette
    amounts = (
        ("spent", palette.blue, palette.blue, [pot.spent for _, pot in bars]),
        ("committed", palette.teal, palette.teal, [pot.committed for _, pot in bars]),
        ("left to spend", palette.rest, palette.rest_edge, [max(pot.remaining, 0) for _, pot in bars]),
    )
    for name, fill, edge, pence in amounts:
        figure.add_bar(
            name=name,
            orientation="h",
            x=[amount / 100 for amount in pence],
            y=[_place(look, row)[0] for row, _ in bars],
            width=_place(look, 0)[1],
            customdata=[_told(pot) for _, pot in bars],
            hovertemplate="%{customdata}<extra></extra>",
            marker={"color": fill, "line": {"color": edge, "width": 1}},
        )


def _mark_available(figure: go.Figure, look: Look, row: float, pot: Any) -> None:
    """The tick where brought forward and allocated end."""
    middle, thickness = _place(look, row)
    end, reach = _available(pot) / 100, thickness / 2 + 0.08
    line = {"width": look.size(3), "color": look.palette.ink}
    figure.add_shape(type="line", x0=end, x1=end, y0=middle - reach, y1=middle + reach, line=line)


def _tell_remaining(figure: go.Figure, look: Look, row: float, pot: Any) -> None:
    over = pot.remaining < 0
    text = f"{money(-pot.remaining)} over" if over else f"{money(pot.remaining)} left"
    colour = look.palette.plum if over else look.palette.ink
    if look.narrow:
        write(figure, look, text, row=row, at_end=True, lift=LABEL_LIFT, colour=colour, bold=over)
        return
    font = {"size": look.size(14), "color": colour, "weight": BOLD if over else REGULAR}
    x = _length(pot) / 100
    figure.add_annotation(x=x, y=row, xanchor="left", xshift=look.size(8), showarrow=False, text=text, font=font)


def _length(pot: Any) -> int:
    """How far a bar and its tick reach, in pence."""
    return max(_available(pot), int(pot.spent + pot.committed))


def _lines(pots: pd.DataFrame, heading: float) -> tuple[list[tuple[float, Pot]], list[tuple[float, Any]], float]:
    """The lines of the chart from the top, each with its place: the holders' headings, the parts, and all the rows."""
    headings: list[tuple[float, Pot]] = []
    bars: list[tuple[float, Any]] = []
    top = -0.5
    for holder in Pot:
        parts = [pot for pot in pots.itertuples() if pot.pot == holder]
        if not parts:
            continue
        headings.append((top + heading / 2, holder))
        bars += [(top + heading + number + 0.5, pot) for number, pot in enumerate(parts)]
        top += heading + len(parts)
    return headings, bars, top + 0.5


def _told(pot: Any) -> str:
    lines = [
        f"{PART_WORDS[Part(pot.part)]}:",
        f"brought forward {money(pot.brought_forward)}",
        f"allocated {money(pot.allocated)}",
        f"spent {money(pot.spent)}",
        f"committed {money(pot.committed)}",
        f"left {money(pot.remaining)}",
    ]
    return "<br>".join(lines)


def _available(pot: Any) -> int:
    return int(pot.brought_forward + pot.allocated)
