"""Charts of attendance. Each is a function of frames; nothing else is in scope."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from dashboard.engagement.sentences import say_rate, say_term
from dashboard.marks import SYMBOLS, WORDS
from dashboard.naming import short_names
from dashboard.ui.charts import LABEL_LIFT, label_rows, new_figure, plain, write
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import Look
from dashboard.vocabulary import Mark
from dashboard.wording import counted, day, sentence


def draw_register(marks: pd.DataFrame, attendance: pd.DataFrame, look: Look) -> go.Figure:
    """School × meeting tiles, a symbol and a colour for each mark, with "4 of 5" beside each school.

    Takes the frames of `load_marks` and `load_attendance_by_school`, schools in the same order.
    """
    short_of = short_names(attendance["name"])
    shorter = [plain(short_of[name]) for name in attendance["name"]]
    meetings = marks[["meeting_id", "held_on"]].drop_duplicates().sort_values(["held_on", "meeting_id"])
    grid = marks.pivot_table(index="school", columns="meeting_id", values="mark", aggfunc="first", sort=False)
    tiles = grid.reindex(index=list(attendance["school"]), columns=list(meetings["meeting_id"])).to_numpy()
    figure = new_figure(look, len(shorter), top=34)
    figure.add_heatmap(
        z=[[_ORDER.index(Mark(mark)) for mark in row] for row in tiles],
        x=list(range(len(meetings))),
        y=list(range(len(shorter))),
        text=[[SYMBOLS[Mark(mark)] for mark in row] for row in tiles],
        texttemplate="%{text}",
        textfont={"size": look.size(15)},
        customdata=[
            [f"{name}<br>{day(held)}: {WORDS[Mark(mark)]}" for held, mark in zip(meetings["held_on"], row, strict=True)]
            for name, row in zip(shorter, tiles, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
        colorscale=_steps([getattr(look.palette, COLOURS[mark]) for mark in _ORDER]),
        zmin=-0.5,
        zmax=len(_ORDER) - 0.5,
        showscale=False,
        xgap=3,
        ygap=36 if look.narrow else 3,
    )
    label_rows(figure, look, dict(enumerate(shorter)))
    figure.update_xaxes(
        side="top",
        tickvals=list(range(len(meetings))),
        ticktext=[_heading(held, in_two_lines=look.narrow or look.scale > 1) for held in meetings["held_on"]],
        tickangle=0 if len(meetings) <= _MOST_LEVEL else -45,
    )
    for row, school in enumerate(attendance.itertuples()):
        told = f"{school.attended} of {school.expected}" if school.expected else "no marks"
        if look.narrow:
            write(figure, look, told, row=row, at_end=True, lift=LABEL_LIFT)
        else:
            _write_beside(figure, look, told, row)
    return figure


def draw_turnout(turnout: pd.DataFrame, look: Look) -> go.Figure:
    """A bar for each meeting: schools that came, out of those expected, with "5 of 8" beside it.

    Takes the frame of `load_turnout`.
    """
    came, expected = list(turnout["attended"]), list(turnout["expected"])
    bars = [
        _Bar(
            f"{held.day} {held:%b %Y}", some, of_all - some, f"{some} of {of_all}" if of_all else "no marks",
            *(f"{day(held)}: {count} of {of_all} schools {word}"
              for count, word in ((some, "came"), (of_all - some, "did not come"))),
        )
        for held, some, of_all in zip(turnout["held_on"], came, expected, strict=True)
    ]  # fmt: skip
    return _draw_bars(bars, look, most=max(1, *expected) if expected else 1)


def draw_trend(terms: pd.DataFrame, look: Look) -> go.Figure:
    """A bar for each term: in what share of the times at which they were expected schools came, with both numbers.

    Takes the frame of `load_turnout_by_term`.
    """
    bars = []
    for row in terms.to_dict("records"):
        came, told = row["attended"] / row["expected"], say_rate(row["attended"], row["expected"])
        spoken = f"{sentence(say_term(row))}: {told} over {counted(row['meetings'], 'meeting')}"
        bars.append(_Bar(sentence(say_term(row)).replace(" term", ""), came, 1 - came, told, spoken, spoken))
    return _draw_bars(bars, look, most=1)


class _Bar(NamedTuple):
    """One row: its label, how long the part that came is and the other, what is said beside them and of each."""

    label: str
    came: float
    missed: float
    told: str
    told_of_came: str
    told_of_missed: str


def _draw_bars(bars: Sequence[_Bar], look: Look, *, most: float) -> go.Figure:
    rows = list(range(len(bars)))
    figure = new_figure(look, len(bars))
    for lengths, colour, told in (
        ([bar.came for bar in bars], "blue", [bar.told_of_came for bar in bars]),
        ([bar.missed for bar in bars], "rest", [bar.told_of_missed for bar in bars]),
    ):
        figure.add_bar(
            orientation="h",
            y=rows,
            x=lengths,
            width=0.5,
            marker={
                "color": getattr(look.palette, colour),
                "line": {"color": look.palette.rest_edge, "width": 1 if colour == "rest" else 0},
            },
            customdata=told,
            hovertemplate="%{customdata}<extra></extra>",
        )
    label_rows(figure, look, {row: bar.label for row, bar in zip(rows, bars, strict=True)})
    figure.update_xaxes(showticklabels=False, range=[0, most])
    widest = max((len(bar.told) for bar in bars), default=0)
    for row, bar in zip(rows, bars, strict=True):
        if look.narrow:
            write(figure, look, bar.told, row=row, at_end=True, lift=LABEL_LIFT)
        else:
            _write_beside(figure, look, bar.told, row, room=max(76, 8 * widest + 12))
    return figure


TURNOUT_KEY: Final = (KeyItem("■", "blue", "schools that came"), KeyItem("□", "muted", "expected and did not come"))
TREND_KEY: Final = (KeyItem("■", "blue", "came"), KeyItem("□", "muted", "expected and did not come"))


def key_of(marks: pd.DataFrame) -> list[KeyItem]:
    """The marks that occur, in their order."""
    return [
        KeyItem(SYMBOLS[mark], "muted" if COLOURS[mark] == "rest" else COLOURS[mark], WORDS[mark])
        for mark in _ORDER
        if (marks["mark"] == mark).any()
    ]


_MOST_LEVEL: Final = 6
"""With more meetings than this their dates stand aslant."""


def _heading(held: date, *, in_two_lines: bool) -> str:
    return f"{held.day}<br>{held:%b}" if in_two_lines else f"{held.day} {held:%b}"


def _write_beside(figure: go.Figure, look: Look, text: str, row: int, room: int = 76) -> None:
    figure.add_annotation(
        x=1, xref="paper", xshift=look.size(8), y=row, xanchor="left", showarrow=False, text=text,
        font={"size": look.size(14), "color": look.palette.ink},
    )  # fmt: skip
    figure.update_layout(margin_r=look.size(room))


COLOURS: Final = {
    Mark.PRESENT: "blue",
    Mark.SUBSTITUTE: "teal",
    Mark.APOLOGIES: "rest",
    Mark.ABSENT: "plum",
    Mark.NOT_RECORDED: "rest",
    Mark.NOT_EXPECTED: "rest",
}
_ORDER: Final = (
    Mark.PRESENT, Mark.SUBSTITUTE, Mark.APOLOGIES, Mark.ABSENT, Mark.NOT_RECORDED, Mark.NOT_EXPECTED,
)  # fmt: skip


def _steps(fills: list[str]) -> list[list[float | str]]:
    width = 1 / len(fills)
    return [[edge, fill] for turn, fill in enumerate(fills) for edge in (turn * width, (turn + 1) * width)]
