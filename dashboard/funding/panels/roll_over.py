"""What went on from year to year (4.10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.directory.view import View
from dashboard.funding import queries
from dashboard.funding.figures.roll_over import DEFICIT_KEY, KEY, MOST_YEARS, PotYear, draw_roll_over
from dashboard.funding.panels.shared import (
    OWN_SCHOOL_ONLY,
    column,
    figures_of,
    in_totals,
    lines_at,
    links_of,
    made_up,
    money_at,
)
from dashboard.funding.sentences import HOLDERS, say_roll_over
from dashboard.funding.words import PART_WORDS
from dashboard.shown_figures import ShownFigure
from dashboard.ui.panel import Message, Panel
from dashboard.vocabulary import Part, Pot
from dashboard.wording import all_of, money

_AMOUNTS = ("opening", "carried", "allocated", "spent", "committed", "closing")


@dataclass(frozen=True)
class RollOver:
    """The frame of `load_roll_over` for one cluster, and the years of the money that the lead school holds."""

    frame: pd.DataFrame
    years: Sequence[PotYear]
    addresses: Sequence[str | None]

    def of(self, year: AcademicYear) -> PotYear | None:
        """The year that the page is about; None where the lead school held nothing in it."""
        return next((each for each in self.years if each.year == year), None)


def load_roll_over(session: Session, view: View) -> RollOver:
    """All years that can be chosen and have begun."""
    frame = queries.load_roll_over(session, view.scope, view.all_years, view.rule_sets)
    frame = frame[frame["year"] <= max(AcademicYear.of(view.as_of), view.year).start].reset_index(drop=True)
    addresses = [lines_at(view, Pot(row.pot), year=AcademicYear(row.year), part=row.part) for row in frame.itertuples()]
    return RollOver(frame, _years(frame, view), addresses)


def _years(frame: pd.DataFrame, view: View) -> list[PotYear]:
    """The parts of the lead-held pot are of one holder and add up; years without an entry are among them where money
    went through them.
    """
    held = frame[frame["pot"] == Pot.LEAD_HELD]
    years = []
    for start, rows in held.groupby("year", sort=True):
        year = AcademicYear(int(start))
        sums: dict[str, Any] = {name: int(rows[name].sum()) for name in _AMOUNTS}
        years.append(PotYear(year, **sums, rolls=bool(rows["rolls"].all()), over=view.as_of > year.ends))
    return years


def _headline(roll_over: RollOver, view: View) -> str:
    year = roll_over.of(view.year) or (roll_over.years[-1] if roll_over.years else None)
    if year is None:
        return "Each year’s money is for that year alone: the lead school holds none."
    return say_roll_over(year.year, year.opening + year.carried, year.closing, rolls=year.rolls, over=year.over)


def _measure(roll_over: RollOver, view: View) -> Sequence[str]:
    others = sorted({HOLDERS[Pot(pot)] for pot in roll_over.frame["pot"]} - {HOLDERS[Pot.LEAD_HELD]})
    alone = f"The money of {all_of(others)} is for its year alone: see the table." if others else ""
    return (
        "What the lead school holds, all its parts, year by year, net of VAT.",
        *([f"The chart shows the last {MOST_YEARS} years."] if len(roll_over.years) > MOST_YEARS else []),
        *([alone] if alone else []),
        *((OWN_SCHOOL_ONLY,) if in_totals(view) else ()),
    )


def _table(roll_over: RollOver) -> pd.DataFrame:
    frame = roll_over.frame
    headings = ("Opening", "Entered by hand", "Allocated", "Spent", "Committed", "Left")
    return pd.DataFrame(
        {
            "Year": [str(AcademicYear(year)) for year in frame["year"]],
            "Held by": [HOLDERS[Pot(pot)] for pot in frame["pot"]],
            "Part": [PART_WORDS[Part(part)] for part in frame["part"]],
            **{words: column(frame, name) for words, name in zip(headings, _AMOUNTS, strict=True)},
            "What is left": ["goes on" if rolls else "for its year alone" for rolls in frame["rolls"]],
            "Figures": figures_of(frame, "rows"),
        }
    )


def _figures(roll_over: RollOver, view: View) -> list[ShownFigure]:
    """Year by year what the lead school held; a deficit is told without its sign in the message."""
    return [
        ShownFigure(f"{words} in {each.year}", money(amount), "", money_at(view, Pot.LEAD_HELD, foot, year=each.year))
        for each in reversed(roll_over.years)
        for words, amount, foot in (
            ("Brought forward", each.opening + each.carried, "brought"), ("Allocated", each.allocated, "allocated"),
            ("Spent", each.spent, "spent"), ("Committed", each.committed, "committed"), ("Left", each.closing, "left"),
        )
    ]  # fmt: skip


ROLL_OVER = Panel(
    id="funding-roll-over",
    title="From year to year",
    load=load_roll_over,
    is_empty=lambda roll_over: not roll_over.years,
    headline=_headline,
    measure=_measure,
    draw=lambda roll_over, look: draw_roll_over(roll_over.years, look),
    key=lambda roll_over: (*KEY, *([DEFICIT_KEY] if any(year.closing < 0 for year in roll_over.years) else [])),
    table=_table,
    made_up=lambda roll_over: made_up(roll_over.frame, "rows"),
    flags=lambda _roll_over, _view: (),
    empty=lambda _view: Message(
        "The lead school holds no money in any year.",
        "What goes on from one year to the next shows here once an allocation is recorded.",
    ),
    explain=(
        "Opening + entered by hand + allocated − spent − committed = left, to the penny, for each pot, part and "
        "year. What is left in the pot of the lead school is the next year’s opening, a deficit too, unless the "
        "programme says that nothing rolls over (4.10). What the schools or the Trust hold is for its year alone. "
        "Nothing is copied from year to year: a line that is added to an old year changes every opening after it; a "
        "reversal is a line of the day on which it is made."
    ),
    figures=_figures,
    aside=lambda roll_over: " ".join(
        f"{each.year}: opening {money(each.opening + each.carried)}, allocated {money(each.allocated)}, "
        f"spent {money(each.spent)}, committed {money(each.committed)}, left {money(each.closing)}."
        for each in roll_over.years[-MOST_YEARS:]
    ),
    links=lambda roll_over: links_of(roll_over.addresses),
    leads=False,
)  # fmt: skip
"""Opening, allocated, spent, committed and carried forward over the years."""
