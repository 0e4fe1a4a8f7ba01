"""What the money was spent on: one bar for each use, school, target or meeting, under who holds the money."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Final

import plotly.graph_objects as go

from dashboard.funding.figures.rows import add_bars, by_holder, mark_pounds, tell, ticks, under_headings
from dashboard.ui.charts import label_rows, new_figure, plain, write
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import Look
from dashboard.vocabulary import Pot
from dashboard.wording import money

KEY: Final = (KeyItem("■", "blue", "spent"), KeyItem("■", "teal", "committed"))


@dataclass(frozen=True)
class Bar:
    """One row: who holds the money, what it is for, and how much (pence)."""

    pot: Pot
    label: str
    spent: int
    committed: int
    told: str
    """What stands behind the bar."""
    short: str | None = None
    """The same where there is little room."""
    address: str | None = None
    """Where its lines are."""


def tell_amount(spent: int, committed: int) -> str:
    """An amount in words: "£120", or "£120 and £30 committed"."""
    if not committed:
        return money(spent)
    return f"{money(spent)} and {money(committed)} committed" if spent else f"{money(committed)} committed"


def draw_bars(bars: Sequence[Bar], look: Look) -> go.Figure:
    """The bars in their order under the heading of who holds the money: spent, and committed behind it."""
    headings, rows, height = under_headings(by_holder(bars, lambda bar: bar.pot), look)
    figure = new_figure(look, height, bottom=36, sides=20 if look.narrow else 4)
    most = _NARROW_LETTERS if look.narrow else _LETTERS
    words = {row: (bar.short or bar.told) if look.narrow else bar.told for row, bar in rows}
    beside = {row: len(words[row]) if look.narrow else 0 for row, _ in rows}
    label_rows(figure, look, {row: _short(bar.label, most - beside[row]) for row, bar in rows})
    for row, holder in headings:
        write(figure, look, holder, row=row, bold=True)
    linked = any(bar.address for bar in bars)
    said = [f"{plain(bar.label)}<br>{bar.told}" for _, bar in rows]
    add_bars(
        figure,
        look,
        [row for row, _ in rows],
        (
            ("spent", "blue", "ground", [bar.spent for _, bar in rows]),
            ("committed", "teal", "ground", [bar.committed for _, bar in rows]),
        ),
        [[each, bar.address] for each, (_, bar) in zip(said, rows, strict=True)] if linked else said,
        linked=linked,
    )
    for row, bar in rows:
        tell(figure, look, words[row], row=row, beyond=_reach(bar) / 100)
    longest = max((_reach(bar) for bar in bars), default=0) / 100
    lowest = min((min(bar.spent, bar.committed, 0) for bar in bars), default=0) / 100
    mark_pounds(figure, ticks(longest), lowest, longest * _room(bars, look))
    return figure


_LETTERS: Final = 44
_NARROW_LETTERS: Final = 42
"""So many letters of a label fit beside a bar, and above one with the words at its other end; the table has all."""


def _short(label: str, most: int) -> str:
    return plain(shorten(label, max(most, 12), placeholder=" …"))


def _reach(bar: Bar) -> int:
    """How far a bar reaches to the right, in pence."""
    return max(bar.spent, 0) + max(bar.committed, 0)


def _room(bars: Sequence[Bar], look: Look) -> float:
    """How much longer than the longest bar the chart is, so that the words fit behind each."""
    if look.narrow:
        return 1.02
    widest = max((len(bar.told) for bar in bars), default=0)
    return 1.1 + widest / 60
