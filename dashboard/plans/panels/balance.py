"""Whether the plan is balanced: kinds of work over the years, how far targets look ahead, and what they focus on."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Final

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.directory.view import View
from dashboard.plans import queries
from dashboard.plans.figures.balance import YearOfWork, draw_balance, key_of
from dashboard.plans.sentences import say_balance
from dashboard.plans.words import ACTIVITY_WORDS, FOCUS_WORDS, HORIZON_WORDS, NOT_SAID
from dashboard.shown_figures import ShownFigure
from dashboard.ui.panel import Message, Panel
from dashboard.ui.rows import rows_at
from dashboard.vocabulary import ActivityKind, FocusArea, Horizon
from dashboard.wording import counted, sentence

_QUESTIONS: Final[tuple[tuple[str, str, type[StrEnum], Mapping[Any, str]], ...]] = (
    ("Kind of work", "activity", ActivityKind, ACTIVITY_WORDS),
    ("How far it looks ahead", "horizon", Horizon, HORIZON_WORDS),
    ("Focus", "focus_area", FocusArea, FOCUS_WORDS),
)
_ALL_SHOWN: Final = {"activity", "horizon"}
"""Of these questions every answer stands in the table; of the sixteen areas of focus those that occur."""


@dataclass(frozen=True)
class Balance:
    """The targets of all years of a cluster by what they are about, and the year that is looked at."""

    frame: pd.DataFrame
    year: int

    @property
    def years(self) -> list[int]:
        """The years with a plan, the latest first."""
        return sorted(set(self.frame["year"]), reverse=True)

    @property
    def says_anything(self) -> bool:
        """Whether any target of the year that is looked at answers any question."""
        return any(set(self.by_answer(column, self.year)) - {None} for _, column, _, _ in _QUESTIONS)

    def count(self, column: str, answer: StrEnum | None, year: int) -> int:
        """How many targets of a year give an answer; None is that they give none."""
        return self.by_answer(column, year).get(answer, 0)

    def by_answer(self, column: str, year: int) -> dict[StrEnum | None, int]:
        """How many targets of a year give each answer."""
        found: dict[StrEnum | None, int] = {}
        for row in self.frame[self.frame["year"] == year].to_dict("records"):
            found[row[column]] = found.get(row[column], 0) + int(row["targets"])
        return found

    @property
    def bars(self) -> list[YearOfWork]:
        """Kinds of work, year by year."""
        return [
            YearOfWork(str(AcademicYear(year)), {
                kind: self.count("activity", kind, year) for kind in (*ActivityKind, None)
            })
            for year in self.years
        ]  # fmt: skip


def load_balance(session: Session, view: View) -> Balance:
    """The targets of every year of the view's cluster that can be chosen."""
    return Balance(queries.load_balance(session, view.scope, view.all_years), view.year.start)


def _headline(balance: Balance, view: View) -> str:
    kinds = balance.by_answer("activity", view.year.start)
    unsaid, targets = kinds.pop(None, 0), sum(kinds.values())
    return say_balance(len(kinds), len(ActivityKind), unsaid, targets + unsaid)


def _table(balance: Balance) -> pd.DataFrame:
    years = [balance.year, *(year for year in balance.years if year != balance.year)]
    rows = [
        {
            "What": words.get(answer, sentence(NOT_SAID)) if answer else sentence(NOT_SAID),
            "Question": question,
            **{str(AcademicYear(year)): balance.count(column, answer, year) for year in years},
        }
        for question, column, answers, words in _QUESTIONS
        for answer in (*answers, None)
        if column in _ALL_SHOWN or any(balance.count(column, answer, year) for year in years)
    ]
    return pd.DataFrame(rows)


def _aside(balance: Balance) -> str:
    told = [
        f"{each.year}: " + ", ".join(
            f"{counted(count, 'target')} {ACTIVITY_WORDS[kind] if kind else NOT_SAID}"
            for kind, count in each.targets.items() if count
        )
        for each in balance.bars
    ]  # fmt: skip
    return "; ".join(told) + "."


def _made_up(balance: Balance) -> tuple[bool, bool]:
    some, every = sum(map(int, balance.frame["illustrative"])), sum(map(int, balance.frame["targets"]))
    return some > 0, some >= every


def _called(kind: Any) -> str:
    return ACTIVITY_WORDS[kind] if kind else NOT_SAID


def _figures(balance: Balance, view: View) -> list[ShownFigure]:
    """Kinds of work of the year that is looked at, then each kind in each year."""
    kinds = balance.by_answer("activity", view.year.start)
    at = partial(rows_at, view, "plan", by="work")
    return [
        ShownFigure("Kinds of work in the plan", f"{len(set(kinds) - {None}):,}", "kinds", at("kinds")),
        ShownFigure("Kinds of work that there are", f"{len(ActivityKind):,}", "kinds", at("all-kinds")),
        ShownFigure("Targets", f"{sum(kinds.values()):,}", "targets", at("targets")),
        ShownFigure("Targets that do not say", f"{kinds.get(None, 0):,}", "targets", at("silent")),
        *(
            ShownFigure(
                f"{AcademicYear(year)}: {_called(kind)}", f"{count:,}", "targets",
                at("targets", year=AcademicYear(year), what=kind or "none"),
            )
            for year in balance.years
            for kind, count in balance.by_answer("activity", year).items()
        ),
    ]  # fmt: skip


BALANCE: Final = Panel(
    id="plan-balance",
    title="Kinds of work",
    load=load_balance,
    is_empty=lambda balance: not balance.says_anything,
    headline=_headline,
    measure=lambda balance, view: (
        f"Targets by kind of work, {view.year}"
        + (" and the other years of the cluster." if len(balance.years) > 1 else "."),
        "The table says as well how far they look ahead and what they focus on.",
    ),
    draw=lambda balance, look: draw_balance(balance.bars, look),
    key=lambda balance: key_of(balance.bars),
    table=_table,
    made_up=_made_up,
    flags=lambda _balance, _view: (),
    empty=lambda view: Message(
        f"No target of {view.year} says what kind of work it is.",
        "Kind of work, horizon and focus area are chosen among the words of a target, if you like.",
    ),
    explain=(
        "Each target counts once, for the kind of work, the horizon and the area of focus that somebody chose for it. "
        "Where nobody chose, it says so: an old plan is not asked for what nobody wrote down then. A plan need not "
        "hold every kind; the picture helps a group to see whether it looks only at the next term, or only at itself."
    ),
    aside=_aside,
    figures=_figures,
    quiet=True,
)
"""Kinds of work over the years, with horizons and focus areas in the table."""
