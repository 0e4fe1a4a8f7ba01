"""Each target with its success criteria as dots."""

from typing import Any, Final, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from dashboard.plans.words import CRITERION_WORDS, STATUS_SYMBOLS, STATUS_WORDS
from dashboard.ui.charts import new_figure, plain, write
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import Look
from dashboard.vocabulary import CriterionState
from dashboard.wording import of

_MARKS: Final = {
    CriterionState.MET: "circle",
    CriterionState.NOT_MET: "x",
    CriterionState.NO_EVIDENCE: "circle-open",
}
_HOVER_WIDTH: Final = 60
_LONGEST_CODE: Final = 20


KEY: Final = (
    KeyItem("●", "blue", "met"),
    KeyItem("✕", "plum", "not met"),
    KeyItem("○", "rest_edge", "no evidence"),
)
_COLOURS: Final = {CriterionState.MET: "blue", CriterionState.NOT_MET: "plum", CriterionState.NO_EVIDENCE: "rest_edge"}


def draw_progress(targets: pd.DataFrame, criteria: pd.DataFrame, look: Look) -> go.Figure:
    """Two lines for each target: its code and title; a dot for each success criterion with the status in words.

    Takes the frames of `load_targets` and `load_criteria` of one cluster.
    """
    rows = {target_id: row for row, target_id in enumerate(targets["target_id"])}
    lines = _NARROW_LINES if look.narrow else _WIDE_LINES if look.scale == 1 else _room_lines(len(rows))
    figure = new_figure(look, len(rows), bottom=4, row_height=lines.height)
    for state, symbol in _MARKS.items():
        some = criteria[criteria["state"] == state]
        colour = getattr(look.palette, _COLOURS[state])
        figure.add_scatter(
            name=CRITERION_WORDS[state],
            x=list(some["position"]),
            y=[rows[target_id] + lines.dots for target_id in some["target_id"]],
            mode="markers",
            marker={"symbol": symbol, "size": look.size(13), "color": colour, "line": {"width": 2, "color": colour}},
            **_told(state, some, look),
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
_ROOM_LINES: Final = _WIDE_LINES._replace(code=-0.24, title=-0.24, dots=0.28, letters=46)
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


def _told(state: CriterionState, criteria: pd.DataFrame, look: Look) -> dict[str, Any]:
    """What a dot says to whoever points at it."""
    if look.room:
        return {"hoverinfo": "skip"}
    told = [f"{CRITERION_WORDS[state]}:<br>{_wrapped(text)}" for text in criteria["text"]]
    return {"customdata": told, "hovertemplate": "%{customdata}<extra></extra>"}


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
