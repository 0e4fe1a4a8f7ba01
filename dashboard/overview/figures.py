"""Charts of the overview: small ones on the same axes, and where clusters lie. Plain values in, a figure out."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from textwrap import shorten
from typing import Any, Final

import plotly.graph_objects as go

from dashboard.academic_year import AcademicYear
from dashboard.overview.hulls import clip
from dashboard.overview.multiples import Comparison, Small, Turnout, say_small
from dashboard.overview.panes import Pane, panes_of
from dashboard.overview.places import STATES, Map, Spot
from dashboard.ui.charts import BOLD, new_figure, plain
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import TEXT_SIZE, Look
from dashboard.wording import day, of, share

_COLUMNS, _NARROW_COLUMNS = 3, 2
_CELL: Final = 148
"""Pixels of a small chart with its two lines of words."""
_NARROW_CELL: Final = 148
_BARS: Final = 64
"""Pixels from 0 to 100 %."""
_WORDS: Final = 44
"""Pixels above them."""
_AIR: Final = 0.06
"""The share of a cell that is left free at its right."""
_LETTERS, _NARROW_LETTERS = 34, 16
_BAR_WIDTH: Final = 0.021
"""As a share of the year: about eight days."""
_TERMS: Final = ((0.0, "Autumn"), (122 / 365, "Spring"), (212 / 365, "Summer"))
"""Where a term begins (`Term`), as a share of the year."""


def draw_comparison(comparison: Comparison, look: Look) -> go.Figure:
    """A small chart for each cluster, all on one pair of axes: the academic year across, 0 to 100 % up.

    A column is the share of schools that came to a meeting; it is hatched where more marks are missing than recorded,
    an open circle where all are. A dotted line is the median of the clusters shown. Where there are too few marks
    nothing is drawn but the words that say so.
    """
    across, cell = (_NARROW_COLUMNS, _NARROW_CELL) if look.narrow else (_COLUMNS, _CELL)
    rows = -(-len(comparison.shown) // across)
    figure = new_figure(look, rows, top=0, bottom=0, row_height=cell)
    cells = [_Cell(number, across, cell, look) for number in range(len(comparison.shown))]
    for at, small in zip(cells, comparison.shown, strict=True):
        _frame(figure, look, at, small, None if not small.enough else comparison.median)
    drawn = [pair for pair in zip(cells, comparison.shown, strict=True) if pair[1].enough]
    _columns(figure, look, drawn)
    _circles(figure, look, drawn)
    figure.update_xaxes(range=[0, across], visible=False)
    figure.update_yaxes(range=[rows, 0], visible=False)
    figure.update_layout(barmode="overlay")
    return figure


class _Cell:
    """Where a small chart stands: columns and rows of whole numbers, and what is within them."""

    def __init__(self, number: int, across: int, pixels: int, look: Look) -> None:
        self.left, self.top = number % across, number // across
        self._pixels, self.look = pixels, look

    def down(self, pixels: float) -> float:
        """So many pixels under the upper edge."""
        return self.top + pixels / self._pixels

    def along(self, part: float) -> float:
        """A part of the year."""
        return self.left + part * (1 - _AIR)

    @property
    def floor(self) -> float:
        """Where 0 % is."""
        return self.down(_WORDS + _BARS)

    def high(self, rate: float) -> float:
        """How far a rate reaches up, as the axis counts: downwards."""
        return -rate * _BARS / self._pixels


def _frame(figure: go.Figure, look: Look, at: _Cell, small: Small, median: float | None) -> None:
    letters = _NARROW_LETTERS if look.narrow else _LETTERS
    said = {"xref": "x", "yref": "y", "showarrow": False, "xanchor": "left", "yanchor": "top", "align": "left"}
    name = shorten(small.name.removesuffix(" Cluster").removeprefix("The "), letters, placeholder=" …")
    for pixels, text, colour, bold in (
        (0, name, look.palette.ink, True),
        (20, say_small(small), look.palette.muted, False),
    ):
        figure.add_annotation(
            x=at.along(0), y=at.down(pixels), text=plain(text),
            font={"size": look.size(TEXT_SIZE), "color": colour, "weight": BOLD if bold else 400}, **said,
        )  # fmt: skip
    if not small.enough:
        return
    lines = [(0.0, look.palette.rest_edge, "solid"), (1.0, look.palette.line, "solid")]
    if median is not None:
        lines.append((median, look.palette.plum, "dot"))
    for rate, colour, dash in lines:
        height = at.floor + at.high(rate)
        figure.add_shape(
            type="line", x0=at.along(0), x1=at.along(1), y0=height, y1=height, layer="below",
            line={"color": colour, "width": 1 if dash == "solid" else 2, "dash": dash},
        )  # fmt: skip
    for part, word in _TERMS:
        if part:
            figure.add_shape(
                type="line", x0=at.along(part), x1=at.along(part), y0=at.floor, y1=at.floor + at.high(1),
                layer="below", line={"color": look.palette.line, "width": 1},
            )  # fmt: skip
        figure.add_annotation(
            x=at.along(part), y=at.floor, text=word[:3] if look.narrow else word,
            font={"size": look.size(TEXT_SIZE), "color": look.palette.muted}, **said,
        )  # fmt: skip


def _meetings(drawn: Sequence[tuple[_Cell, Small]]) -> Iterator[tuple[_Cell, Small, Turnout]]:
    for at, small in drawn:
        for each in small.meetings:
            yield at, small, each


def _columns(figure: go.Figure, look: Look, drawn: Sequence[tuple[_Cell, Small]]) -> None:
    rated = [each for each in _meetings(drawn) if each[2].expected]
    hatched = [each.not_recorded > each.expected for _, _, each in rated]
    figure.add_bar(
        x=[at.along(part_of_year(each.held_on, small.year)) for at, small, each in rated],
        y=[at.high(each.attended / each.expected) for at, _, each in rated],
        base=[at.floor for at, _, _ in rated],
        width=_BAR_WIDTH * (1.8 if look.narrow else 1),
        marker={
            "color": look.palette.blue,
            "line": {"width": 0},
            "pattern": {
                "shape": ["/" if each else "" for each in hatched], "fillmode": "replace",
                "fgcolor": look.palette.blue, "bgcolor": look.palette.rest, "solidity": 0.3,
            },
        },
        customdata=[[tell(small, each), small.address] for _, small, each in rated],
        hovertemplate="%{customdata[0]}<extra></extra>",
    )  # fmt: skip
    nobody = [each for each in rated if not each[2].attended]
    _marks(figure, look, nobody, {"symbol": "line-ew", "size": 8, "line": {"color": look.palette.orange, "width": 4}})


def _circles(figure: go.Figure, look: Look, drawn: Sequence[tuple[_Cell, Small]]) -> None:
    missing = [each for each in _meetings(drawn) if not each[2].expected]
    line = {"color": look.palette.muted, "width": 2}
    _marks(figure, look, missing, {"symbol": "circle", "size": 8, "color": look.palette.rest, "line": line})


def _marks(figure: go.Figure, look: Look, some: Sequence[tuple[_Cell, Small, Turnout]], marker: dict[str, Any]) -> None:
    if some:
        figure.add_scatter(
            x=[at.along(part_of_year(each.held_on, small.year)) for at, small, each in some],
            y=[at.floor + at.high(0.08) for at, _, _ in some],
            mode="markers", marker=marker | {"size": look.size(marker["size"])}, cliponaxis=False,
            customdata=[[tell(small, each), small.address] for _, small, each in some],
            hovertemplate="%{customdata[0]}<extra></extra>",
        )  # fmt: skip


def part_of_year(when: date, year: AcademicYear) -> float:
    """How much of an academic year has gone by in the middle of a day, between 0 and 1."""
    gone = (when - year.starts).days + 0.5
    return min(max(gone / ((year.ends - year.starts).days + 1), 0), 1)


def tell(small: Small, each: Turnout) -> str:
    """A meeting in words."""
    missing = f", {each.not_recorded} not recorded" if each.not_recorded else ""
    came = f"{of(each.attended, each.expected)} schools came ({share(each.rate)})" if each.expected else "no mark"
    return plain(f"{small.name}, {day(each.held_on)}: {came}{missing}")


def comparison_key(comparison: Comparison) -> list[KeyItem]:
    """What occurs."""
    meetings = [each for small in comparison.rated for each in small.meetings]
    median = comparison.median
    keys = (
        (KeyItem("▮", "blue", "schools that came to a meeting, full height 100 %"), True),
        (KeyItem("▨", "blue", "more marks missing than recorded"),
         any(each.not_recorded > each.expected > 0 for each in meetings)),
        (KeyItem("▬", "orange", "nobody came"), any(each.expected and not each.attended for each in meetings)),
        (KeyItem("○", "muted", "a meeting not recorded (not: nobody came)"),
         any(not each.expected for each in meetings)),
        (KeyItem("┄", "plum", f"median of the clusters shown, {share(median)}"), median is not None),
    )  # fmt: skip
    return [key for key, occurs in keys if occurs]


_MAP: Final = (1000.0, 560.0)
_NARROW_MAP: Final = (340.0, 400.0)
"""Across and down, in pixels as drawn; a narrower page shows it smaller, alike in both directions."""
_MARK: Final = 14
"""Pixels."""
_LETTER: Final = 7.4
_LABELS, _NARROW_LABELS = 40, 10
_LOOKS: Final = {
    "act": ("square", "plum"), "look": ("triangle-up", "orange"), "none": ("circle", "teal"),
    "unknown": ("circle-open", "muted"),
}  # fmt: skip


def draw_map(told: Map, look: Look) -> go.Figure:
    """Clusters where their schools are, over the outlines of local authorities; no ground of any map maker.

    Degrees of longitude are squeezed so that distances are alike in both directions. Where marks lie on one another the
    largest group of them is drawn once more, enlarged. Names stand where there is room, the most pressing first; the
    table has all.
    """
    size = _NARROW_MAP if look.narrow else _MAP
    panes = panes_of(told, size, narrow=look.narrow)
    down = max(pane.paper[3] for pane in panes)
    figure = new_figure(look, 1, top=4, bottom=4, row_height=round(down))
    named: set[str] = set()
    for pane in reversed(panes):  # a name that stands in the close-up need not stand twice
        _ground(figure, look, told, pane)
        named |= _name(figure, look, told, pane, named)
    if len(panes) > 1:
        _close_up(figure, look, *panes)
    for state, (_, word) in STATES.items():
        _spots(figure, look, [(pane, spot) for pane in panes for spot in pane.holds(told.drawn)], state, word)
    figure.update_xaxes(range=[0, size[0]], visible=False)
    figure.update_yaxes(range=[down, 0], visible=False, scaleanchor="x", scaleratio=1)
    return figure


def _ground(figure: go.Figure, look: Look, told: Map, pane: Pane) -> None:
    for outline in told.outlines:
        corners = clip([pane.squeezed(x, y) for x, y in outline.corners], pane.box)
        if not corners:
            continue
        ring = [pane.on_paper(*corner) for corner in [*corners, corners[0]]]
        figure.add_scatter(
            x=[x for x, _ in ring], y=[y for _, y in ring], mode="lines", fill="toself",
            fillcolor=look.palette.rest, line={"color": look.palette.rest_edge, "width": 1}, hoveron="fills",
            hoverinfo="text", text=plain(outline.name),
        )  # fmt: skip


def _spots(figure: go.Figure, look: Look, drawn: Sequence[tuple[Pane, Spot]], state: str, word: str) -> None:
    some = [(pane.at(spot), spot) for pane, spot in drawn if spot.known_as == state]
    if not some:
        return
    symbol, colour = _LOOKS[state]
    edge = getattr(look.palette, "muted" if state == "unknown" else "rest")
    figure.add_scatter(
        x=[x for (x, _), _ in some], y=[y for (_, y), _ in some], mode="markers",
        marker={
            "symbol": symbol, "size": look.size(_MARK), "color": getattr(look.palette, colour), "opacity": 1,
            "line": {"color": edge, "width": 2},
        },
        customdata=[[plain(f"{spot.name}: {word}"), spot.address] for _, spot in some],
        hovertemplate="%{customdata[0]}<extra></extra>",
    )  # fmt: skip


def _close_up(figure: go.Figure, look: Look, whole: Pane, close: Pane) -> None:
    """A frame around the close-up, a small one around what it enlarges, and words that say so."""
    line = {"color": look.palette.muted, "width": 1}
    (x0, y1), (x1, y0) = close.box
    left, top, right, bottom = *whole.on_paper(x0, y0), *whole.on_paper(x1, y1)
    frames = [(left, top, right, bottom), close.paper]
    for x0, y0, x1, y1 in frames:
        figure.add_shape(type="rect", x0=x0, y0=y0, x1=x1, y1=y1, line=line, layer="above")
    figure.add_annotation(
        x=close.paper[0] + 8, y=close.paper[1] + 4, xanchor="left", yanchor="top", showarrow=False,
        text="The framed part, enlarged", font={"size": look.size(TEXT_SIZE), "color": look.palette.muted},
    )  # fmt: skip


def _name(figure: go.Figure, look: Look, told: Map, pane: Pane, named: Collection[str]) -> set[str]:
    """Names beside marks, where none covers another mark or name; gives those that found room."""
    at = {spot.cluster: pane.at(spot) for spot in pane.holds(told.drawn)}
    taken = [(x - 8, y - 8, x + 8, y + 8) for x, y in at.values()]
    found: set[str] = set()
    some = [spot for spot in reversed(told.drawn) if spot.cluster in at and spot.cluster not in named]
    for spot in some[: _NARROW_LABELS if look.narrow else _LABELS]:
        name = shorten(spot.name.removesuffix(" Cluster").removeprefix("The "), 26, placeholder=" …")
        (x, y), long = at[spot.cluster], len(name) * _LETTER
        for side, edge in (("left", x + 11), ("right", x - 11 - long)):
            words = (edge, y - 9, edge + long, y + 9)
            if words[0] < pane.paper[0] or words[2] > pane.paper[2] or any(_meet(words, other) for other in taken):
                continue
            taken.append(words)
            found.add(spot.cluster)
            figure.add_annotation(
                x=x, y=y, xanchor=side, yanchor="middle", showarrow=False, xshift=11 if side == "left" else -11,
                text=plain(name), font={"size": look.size(TEXT_SIZE), "color": look.palette.ink},
            )  # fmt: skip
            break
    return found


_Rectangle = tuple[float, float, float, float]


def _meet(one: _Rectangle, other: _Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def map_key(told: Map) -> list[KeyItem]:
    """The states that occur, and what an outline is."""
    occurring = {spot.known_as for spot in told.drawn}
    states = [KeyItem(shape, _LOOKS[name][1], word) for name, (shape, word) in STATES.items() if name in occurring]
    outlines = [KeyItem("▱", "rest_edge", "outermost schools of a local authority")] if told.outlines else []
    return [*reversed(states), *outlines]
