"""What a pot brought forward, got, spent and carried on, year by year, as steps (4.10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from dashboard.academic_year import AcademicYear
from dashboard.funding.figures.rows import mark_pounds, place, tell, ticks, under_headings
from dashboard.ui.charts import label_rows, new_figure, write
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import Look
from dashboard.wording import money

MOST_YEARS: Final = 4
"""The chart shows so many, the table all."""
_NARROW_MOST_YEARS: Final = 3

KEY: Final = (
    KeyItem("□", "muted", "brought forward and allocated"),
    KeyItem("■", "blue", "spent"),
    KeyItem("■", "teal", "committed"),
    KeyItem("■", "muted", "what is left"),
)
DEFICIT_KEY: Final = KeyItem("■", "plum", "a deficit")


@dataclass(frozen=True)
class PotYear:
    """One year of one holder's money, all parts together, in pence."""

    year: AcademicYear
    opening: int
    carried: int
    allocated: int
    spent: int
    committed: int
    closing: int
    rolls: bool
    over: bool = True
    """Whether the year is over."""


@dataclass(frozen=True)
class Step:
    """One bar: from where to where, in pence."""

    label: str
    start: int
    end: int
    fill: str
    edge: str
    told: str
    total: bool = False


def steps_of(of: PotYear) -> list[Step]:
    """The bars of a year; what did not move has none, but the last, what is left, is always there."""
    level = of.opening
    steps = []
    if of.opening:
        steps.append(_balance("Brought forward", of.opening))
    for label, amount, fill, edge in (
        ("Balance entered", of.carried, "rest", "rest_edge"),
        ("Allocated", of.allocated, "rest", "rest_edge"),
        ("Spent", -of.spent, "blue", "blue"),
        ("Committed", -of.committed, "teal", "teal"),
    ):
        if amount:
            sign = "+" if amount > 0 else ""
            steps.append(Step(label, level, level + amount, fill, edge, f"{sign}{money(amount)}"))
            level += amount
    return [*steps, _balance(_left(of), of.closing)]


def _left(of: PotYear) -> str:
    if not of.rolls:
        return "Left, for its year alone"
    return "Carried forward" if of.over else "Left so far"


def _balance(label: str, amount: int) -> Step:
    fill = "plum" if amount < 0 else "muted" if label != "Brought forward" else "rest"
    edge = fill if fill != "rest" else "rest_edge"
    return Step(label, 0, amount, fill, edge, money(amount), total=True)


def draw_roll_over(years: Sequence[PotYear], look: Look) -> go.Figure:
    """The last years under one another, each as steps from what came forward to what goes on; below nothing lies a
    deficit.
    """
    shown = years[-(_NARROW_MOST_YEARS if look.narrow else MOST_YEARS) :]
    headings, rows, height = under_headings({str(each.year): steps_of(each) for each in shown}, look)
    figure = new_figure(look, height, bottom=36, sides=20 if look.narrow else 4, row_height=None if look.narrow else 30)
    label_rows(figure, look, {row: step.label for row, step in rows})
    for row, words in headings:
        write(figure, look, words, row=row, bold=True)
    figure.add_bar(
        orientation="h",
        base=[step.start / 100 for _, step in rows],
        x=[(step.end - step.start) / 100 for _, step in rows],
        y=[place(look, row)[0] for row, _ in rows],
        width=place(look, 0)[1],
        customdata=[f"{step.label}: {step.told}" for _, step in rows],
        hovertemplate="%{customdata}<extra></extra>",
        marker={
            "color": [getattr(look.palette, step.fill) for _, step in rows],
            "line": {"color": [getattr(look.palette, step.edge) for _, step in rows], "width": 1},
        },
    )
    for row, step in rows:
        tell(
            figure, look, step.told, row=row, beyond=max(step.start, step.end) / 100,
            alarming=step.total and step.end < 0,
        )  # fmt: skip
    ends = [0, *(end / 100 for _, step in rows for end in (step.start, step.end))]
    highest, lowest = max(ends), min(ends)
    if lowest < 0 and not look.narrow:  # there it would run through the words
        figure.add_shape(
            type="line", x0=0, x1=0, y0=0, y1=1, yref="paper", line={"color": look.palette.ink, "width": look.size(1)}
        )
    span = highest - lowest
    room = 0.02 if look.narrow else 0.16
    mark_pounds(figure, _ticks(lowest, highest), lowest, highest + span * room)
    return figure


def _ticks(lowest: float, highest: float) -> list[float]:
    """Round amounts on both sides of nothing."""
    above, below = ticks(highest), ticks(-lowest)
    step = max((each[1] for each in (above, below) if len(each) > 1), default=0)
    if not step:
        return [0]
    return [turn * step for turn in range(-int(-lowest // step), int(highest // step) + 1)]
