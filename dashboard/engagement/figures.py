"""Charts of attendance. Each is a function of frames; nothing else is in scope."""

from datetime import date
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.naming import short_names
from dashboard.ui.charts import LABEL_LIFT, label_rows, new_figure, plain, write
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import Look
from dashboard.vocabulary import Mark, MeetingKind
from dashboard.wording import day

SYMBOLS: Final = {
    Mark.PRESENT: "●",
    Mark.SUBSTITUTE: "◐",
    Mark.APOLOGIES: "○",
    Mark.ABSENT: "■",
    Mark.NOT_RECORDED: "?",
    Mark.NOT_EXPECTED: "–",
}
WORDS: Final = {
    Mark.PRESENT: "present",
    Mark.SUBSTITUTE: "substitute",
    Mark.APOLOGIES: "apologies",
    Mark.ABSENT: "absent",
    Mark.NOT_RECORDED: "not recorded",
    Mark.NOT_EXPECTED: "not expected",
}


MEETING_WORDS: Final = {
    MeetingKind.CLUSTER: "cluster meeting",
    MeetingKind.STEERING_GROUP: "steering group",
    MeetingKind.SUB_GROUP: "sub-group",
    MeetingKind.NETWORK: "network",
    MeetingKind.TRAINING: "training",
    MeetingKind.EVENT: "event",
    MeetingKind.REVIEW: "review",
}


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
    rows = list(range(len(turnout)))
    figure = new_figure(look, len(turnout))
    missed = turnout["expected"] - turnout["attended"]
    for counts, colour, word in ((turnout["attended"], "blue", "came"), (missed, "rest", "did not come")):
        figure.add_bar(
            orientation="h",
            y=rows,
            x=list(counts),
            width=0.5,
            marker={
                "color": getattr(look.palette, colour),
                "line": {"color": look.palette.rest_edge, "width": 1 if colour == "rest" else 0},
            },
            customdata=[
                f"{day(held)}: {count} of {expected} schools {word}"
                for held, count, expected in zip(turnout["held_on"], counts, turnout["expected"], strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
    label_rows(
        figure, look, {row: f"{held.day} {held:%b %Y}" for row, held in zip(rows, turnout["held_on"], strict=True)}
    )
    figure.update_xaxes(showticklabels=False, range=[0, max(1, int(turnout["expected"].max()))])
    for row, meeting in enumerate(turnout.itertuples()):
        told = f"{meeting.attended} of {meeting.expected}" if meeting.expected else "no marks"
        if look.narrow:
            write(figure, look, told, row=row, at_end=True, lift=LABEL_LIFT)
        else:
            _write_beside(figure, look, told, row)
    return figure


TURNOUT_KEY: Final = (KeyItem("■", "blue", "schools that came"), KeyItem("□", "muted", "expected and did not come"))


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


def _write_beside(figure: go.Figure, look: Look, text: str, row: int) -> None:
    figure.add_annotation(
        x=1, xref="paper", xshift=look.size(8), y=row, xanchor="left", showarrow=False, text=text,
        font={"size": look.size(14), "color": look.palette.ink},
    )  # fmt: skip
    figure.update_layout(margin_r=look.size(76))


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
