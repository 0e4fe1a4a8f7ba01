"""The half days of release that each school has used of its own (4.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from dashboard.ui.charts import LABEL_LIFT, label_rows, new_figure, plain, write
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import Look
from dashboard.wording import money

KEY: Final = (
    KeyItem("●", "blue", "half day used"),
    KeyItem("○", "muted", "half day left"),
    KeyItem("◆", "plum", "beyond what is meant"),
)
_MOST: Final = 10
"""More dots than this are told by their number alone."""


@dataclass(frozen=True)
class Used:
    """One school: what to call it, how many half days it used, what it spent and was given (pence)."""

    label: str
    half_days: int
    spent: int
    allocated: int

    @property
    def told(self) -> str:
        """What stands behind the dots."""
        return f"{money(self.spent)} of {money(self.allocated)}"


def draw_release(schools: Sequence[Used], of: int, look: Look) -> go.Figure:
    """A row of dots for each school: filled for half days used, open for those left `of` so many, a diamond beyond."""
    figure = new_figure(look, len(schools), bottom=8, sides=20 if look.narrow else 4)
    drop = 0.2 if look.narrow else 0
    palette = look.palette
    for symbol, colour, first, last in (
        ("circle", palette.blue, lambda _used: 0, lambda used: min(used, of)),
        ("circle-open", palette.rest_edge, lambda used: used, lambda _used: of),
        ("diamond", palette.plum, lambda _used: of, lambda used: min(used, _MOST)),
    ):
        dots = [
            (dot, row, school)
            for row, school in enumerate(schools)
            for dot in range(first(max(school.half_days, 0)), last(max(school.half_days, 0)))
        ]
        figure.add_scatter(
            x=[dot for dot, _, _ in dots],
            y=[row + drop for _, row, _ in dots],
            mode="markers",
            marker={"symbol": symbol, "size": look.size(18), "color": colour, "line": {"width": look.size(2)}},
            customdata=[f"{plain(school.label)}: {tell_half_days(school.half_days, of)}" for _, _, school in dots],
            hovertemplate="%{customdata}<extra></extra>",
        )
    label_rows(figure, look, {row: plain(school.label) for row, school in enumerate(schools)})
    widest = max([of, *(min(school.half_days, _MOST) for school in schools)])
    figure.update_xaxes(showticklabels=False, range=[-0.6, widest - 0.4] if look.narrow else [-0.6, widest * 2.4])
    for row, school in enumerate(schools):
        words = f"{tell_half_days(school.half_days, of)} · {school.told}"
        if look.narrow:
            write(figure, look, school.told, row=row, at_end=True, lift=LABEL_LIFT)
            continue
        figure.add_annotation(
            x=widest - 0.4, y=row, xanchor="left", showarrow=False, text=words,
            font={"size": look.size(14), "color": palette.ink},
        )  # fmt: skip
    return figure


def tell_half_days(used: int, of: int) -> str:
    """How many half days are used: "3 of 5 half days"."""
    return f"{used} of {of} half days"
