"""What each pot and part had, spent and has left."""

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.funding.figures.rows import add_bars, by_holder, mark_pounds, place, tell, ticks, under_headings
from dashboard.funding.words import PART_WORDS
from dashboard.ui.charts import label_rows, new_figure, write
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import Look
from dashboard.vocabulary import Part
from dashboard.wording import money

KEY: Final = (
    KeyItem("■", "blue", "spent"),
    KeyItem("■", "teal", "committed"),
    KeyItem("□", "rest_edge", "left"),
    KeyItem("|", "ink", "available"),
)


def draw_pots(pots: pd.DataFrame, look: Look) -> go.Figure:
    """A bar for each pot and part: spent, committed, left; a tick where the allocation ends.

    Takes the frame of `load_pots` for one cluster (pence), with an `address` where bars lead to their lines. Holders
    are kept apart under their own heading.
    """
    headings, bars, rows = under_headings(by_holder(list(pots.itertuples()), lambda pot: pot.pot), look)
    figure = new_figure(look, rows, bottom=36, sides=20 if look.narrow else 4)
    label_rows(figure, look, {row: PART_WORDS[Part(pot.part)] for row, pot in bars})
    for row, holder in headings:
        write(figure, look, holder, row=row, bold=True)
    linked = "address" in pots.columns
    add_bars(
        figure,
        look,
        [row for row, _ in bars],
        (
            ("spent", "blue", "ground", [pot.spent for _, pot in bars]),
            ("committed", "teal", "ground", [pot.committed for _, pot in bars]),
            ("left to spend", "rest", "rest_edge", [max(pot.remaining, 0) for _, pot in bars]),
        ),
        [[_told(pot), pot.address] if linked else _told(pot) for _, pot in bars],
        linked=linked,
    )
    for row, pot in bars:
        _mark_available(figure, look, row, pot)
        over = pot.remaining < 0
        left = f"{money(-pot.remaining)} over" if over else f"{money(pot.remaining)} left"
        tell(figure, look, left, row=row, beyond=_length(pot) / 100, alarming=over)
    longest = max((_length(pot) for _, pot in bars), default=0) / 100
    mark_pounds(figure, ticks(longest), 0, longest * _room_for_words(look))
    return figure


def _room_for_words(look: Look) -> float:
    """How much longer than the longest bar the chart is, so that "£2,435 left" fits behind it."""
    if look.narrow:
        return 1.02
    return 1.32 if look.scale == 1 else 1.55


def _mark_available(figure: go.Figure, look: Look, row: float, pot: Any) -> None:
    """The tick where brought forward and allocated end."""
    middle, thickness = place(look, row)
    end, reach = _available(pot) / 100, thickness / 2 + 0.08
    line = {"width": look.size(3), "color": look.palette.ink}
    figure.add_shape(type="line", x0=end, x1=end, y0=middle - reach, y1=middle + reach, line=line)


def _length(pot: Any) -> int:
    """How far a bar and its tick reach, in pence."""
    return max(_available(pot), int(pot.spent + pot.committed))


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
