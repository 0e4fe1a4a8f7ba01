"""The kinds of work of a cluster's targets, year by year, as stacked bars (3.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from dashboard.plans.words import ACTIVITY_WORDS, NOT_SAID
from dashboard.ui.charts import label_rows, new_figure, write
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import Look
from dashboard.vocabulary import ActivityKind
from dashboard.wording import counted

_SOLID: Final = "■"
_HATCHED: Final = "▨"
_EMPTY: Final = "□"
# Four colours; the others differ by their shape, so that nothing hangs on colour alone.
_MARKS: Final[dict[ActivityKind | None, tuple[str, str, str]]] = {
    ActivityKind.LINKED_INITIATIVE: (_SOLID, "blue", ""),
    ActivityKind.DEVELOPMENT: (_HATCHED, "teal", "/"),
    ActivityKind.CLUSTER_PROJECT: (_SOLID, "plum", ""),
    ActivityKind.BEYOND_THE_CLUSTER: (_HATCHED, "orange", "\\"),
    ActivityKind.ACHIEVEMENT: (_SOLID, "muted", ""),
    None: (_EMPTY, "rest", ""),
}
_WORDS: Final = {kind: ACTIVITY_WORDS[kind] if kind else NOT_SAID for kind in _MARKS}


@dataclass(frozen=True)
class YearOfWork:
    """One bar: a year, and how many targets are of each kind; None for those that do not say."""

    year: str
    targets: dict[ActivityKind | None, int]


def key_of(years: Sequence[YearOfWork]) -> list[KeyItem]:
    """What the parts of the bars are, as far as they occur."""
    return [
        KeyItem(shape, "rest_edge" if shape == _EMPTY else colour, _WORDS[kind])
        for kind, (shape, colour, _) in _MARKS.items()
        if any(each.targets.get(kind) for each in years)
    ]


def draw_balance(years: Sequence[YearOfWork], look: Look) -> go.Figure:
    """A bar for each year, the latest first, as long as it has targets, in the order of the key."""
    figure = new_figure(look, len(years), bottom=8, sides=20 if look.narrow else 4)
    label_rows(figure, look, {row: each.year for row, each in enumerate(years)})
    middle, thickness = (0.18, 0.4) if look.narrow else (0.0, 0.6)
    for kind, (_, colour, hatch) in _MARKS.items():
        counts = [each.targets.get(kind, 0) for each in years]
        if not any(counts):
            continue
        fill = getattr(look.palette, colour)
        edge = look.palette.rest_edge if kind is None else fill
        figure.add_bar(
            name=_WORDS[kind],
            orientation="h",
            x=counts,
            y=[row + middle for row in range(len(years))],
            width=thickness,
            customdata=[f"{_WORDS[kind]}, {each.year}:<br>{counted(count, 'target')}" for each, count in
                        zip(years, counts, strict=True)],
            hovertemplate="%{customdata}<extra></extra>",
            marker={
                "color": fill,
                "line": {"color": edge, "width": [1 if count else 0 for count in counts]},
                "pattern": {"shape": hatch, "solidity": 0.5, "size": look.size(8)},
            },
        )  # fmt: skip
    most = max((sum(each.targets.values()) for each in years), default=0)
    for row, each in enumerate(years):
        _tell(figure, look, counted(sum(each.targets.values()), "target"), row, sum(each.targets.values()))
    figure.update_xaxes(visible=False, range=[0, (most or 1) * (1.02 if look.narrow else 1.3)])
    return figure


def _tell(figure: go.Figure, look: Look, text: str, row: int, beyond: int) -> None:
    """Words behind a bar; on a phone above it, at the right edge."""
    if look.narrow:
        write(figure, look, text, row=row, at_end=True, lift=23)
        return
    figure.add_annotation(x=beyond, y=row, xanchor="left", xshift=look.size(8), showarrow=False, text=text)
