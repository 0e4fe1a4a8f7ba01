"""Each target with its success criteria as dots."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from dashboard.plans.sentences import is_on_the_way
from dashboard.plans.words import CRITERION_SYMBOLS, CRITERION_WORDS, ON_THE_WAY, STATUS_SYMBOLS, STATUS_WORDS
from dashboard.ui.charts import new_figure, plain, write
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import Look
from dashboard.vocabulary import CriterionState
from dashboard.wording import of


class _Mark(NamedTuple):
    """How the criteria of a state are drawn."""

    state: CriterionState
    symbol: str
    colour: str
    word: str
    on_the_way: bool = False


_MARKS: Final = (
    _Mark(CriterionState.MET, "circle", "blue", CRITERION_WORDS[CriterionState.MET]),
    _Mark(CriterionState.NOT_MET, "x", "plum", CRITERION_WORDS[CriterionState.NOT_MET]),
    _Mark(CriterionState.NO_EVIDENCE, "circle-open", "rest_edge", CRITERION_WORDS[CriterionState.NO_EVIDENCE]),
    _Mark(CriterionState.NOT_MET, "circle-open-dot", "blue", "counted, not all yet", on_the_way=True),
)
_HOVER_WIDTH: Final = 60
_LONGEST_CODE: Final = 20


def key_of(criteria: pd.DataFrame) -> tuple[KeyItem, ...]:
    """What the dots mean; of those that are on the way only where there are any."""
    some = any(is_on_the_way(row) for row in criteria.itertuples())
    return tuple(
        KeyItem(ON_THE_WAY if mark.on_the_way else CRITERION_SYMBOLS[mark.state], mark.colour, mark.word)
        for mark in _MARKS
        if some or not mark.on_the_way
    )


Address = Callable[[str, int], str]


def draw_progress(
    targets: pd.DataFrame, criteria: pd.DataFrame, look: Look, address: Address | None = None
) -> go.Figure:
    """Two lines for each target: its code and title; a dot for each success criterion with the status in words.

    Takes the frames of `load_targets` and `load_criteria` of one cluster. `address` gives the page of a criterion by
    the code of its target and its place there, which its dot then carries.
    """
    rows = {target_id: row for row, target_id in enumerate(targets["target_id"])}
    lines = _NARROW_LINES if look.narrow else _WIDE_LINES if look.scale == 1 else _room_lines(len(rows))
    figure = new_figure(look, len(rows), bottom=4, row_height=lines.height)
    # Counted here: places in the store have gaps where criteria were taken out.
    criteria = criteria.assign(number=criteria.groupby("target_id").cumcount() + 1)
    on_the_way = pd.Series([is_on_the_way(row) for row in criteria.itertuples()], index=criteria.index, dtype=bool)
    for mark in _MARKS:
        some = criteria[(criteria["state"] == mark.state) & (on_the_way == mark.on_the_way)]
        if mark.on_the_way and some.empty:
            continue
        colour = getattr(look.palette, mark.colour)
        figure.add_scatter(
            name=mark.word,
            x=list(some["number"]),
            y=[rows[target_id] + lines.dots for target_id in some["target_id"]],
            mode="markers",
            marker={
                "symbol": mark.symbol,
                "size": look.size(13),
                "color": colour,
                "line": {"width": 2, "color": colour},
            },
            **_told(mark.word, some, look, address),
        )
    for row, target in enumerate(targets.itertuples()):
        _name_target(figure, look, target, row, lines)
        told = f"{of(target.met, target.criteria)} met" if target.criteria else "no criterion"
        status = f"{STATUS_SYMBOLS[target.status]} {STATUS_WORDS[target.status]}, {told}"
        write(figure, look, status, row=row + lines.dots, at_end=True)
    most = max([int(count) for count in targets["criteria"]], default=0)
    figure.update_yaxes(visible=False)
    # The dots keep to the left, the words beside them to the right, on a phone too.
    last = max(most, 4) * lines.spread
    figure.update_xaxes(visible=False, range=[0.5 - last * lines.before, last])
    return figure


class _Lines(NamedTuple):
    """Where the lines of a target stand in its row, the row's height and how many letters of a title have room."""

    height: int
    code: float
    title: float
    dots: float
    letters: int
    spread: float
    """How much wider the chart is than its dots need."""
    before: float = 0
    """The room for words before the dots, as a share of that width."""


_WIDE_LINES: Final = _Lines(height=62, code=-0.22, title=-0.22, dots=0.22, letters=72, spread=2)
_ROOM_LINES: Final = _WIDE_LINES._replace(code=-0.24, title=-0.24, dots=0.28, letters=80)
_NARROW_LINES: Final = _Lines(height=82, code=-0.32, title=-0.06, dots=0.27, letters=36, spread=2.6)
"""On a phone the title has a line of its own."""
_ONE_LINE: Final = _ROOM_LINES._replace(code=0, title=0, dots=0, letters=_LONGEST_CODE, before=0.45)
_MOST_WITH_TITLES: Final = 4


def _room_lines(targets: int) -> _Lines:
    """On the room's screen more than four targets have no room for two lines each: codes stand before the dots."""
    return _ROOM_LINES if targets <= _MOST_WITH_TITLES else _ONE_LINE


def _name_target(figure: go.Figure, look: Look, target: Any, row: int, lines: _Lines) -> None:
    code = plain(target.code)
    if lines.before:
        write(figure, look, _clipped(target.code, lines.letters), row=row)
    elif target.title == target.code:
        write(figure, look, code, row=row + lines.code, bold=True)
    elif lines.code != lines.title:
        write(figure, look, code, row=row + lines.code, bold=True)
        write(figure, look, _clipped(target.title, lines.letters), row=row + lines.title)
    else:
        title = _clipped(target.title, lines.letters - len(target.code))
        write(figure, look, f"{code}  {title}", row=row + lines.code)


def _told(word: str, criteria: pd.DataFrame, look: Look, address: Address | None) -> dict[str, Any]:
    """What a dot says to whoever points at it, and where it leads."""
    if look.room:
        return {"hoverinfo": "skip"}
    told = [_said(word, row) for row in criteria.itertuples()]
    if address is None:
        return {"customdata": told, "hovertemplate": "%{customdata}<extra></extra>"}
    to = [address(code, int(number)) for code, number in zip(criteria["code"], criteria["number"], strict=True)]
    data = [list(pair) for pair in zip(told, to, strict=True)]
    return {"customdata": data, "hovertemplate": "%{customdata[0]}<extra></extra>"}


def _said(word: str, criterion: Any) -> str:
    wanted, reached = criterion.number_wanted, criterion.number_reached
    counted = f", {of(reached, wanted)}" if wanted is not None and reached else ""
    return f"{word}{counted}:<br>{_wrapped(criterion.text)}"


def _clipped(text: str, length: int) -> str:
    return plain(text if len(text) <= length else f"{text[: max(length - 1, 8)].rstrip()}…")


def _wrapped(text: str) -> str:
    """Long text in lines, because a chart's tooltip does not wrap."""
    lines = [""]
    for word in plain(text).split():
        if len(lines[-1]) + len(word) > _HOVER_WIDTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)
