"""What the plan covers: each aim of the cluster beside the targets that serve it, their money and their meetings."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import pandas as pd
from dash import html
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.directory.view import View
from dashboard.plans import queries
from dashboard.plans.addresses import target_address
from dashboard.plans.cell_text import year_of_code
from dashboard.plans.sentences import say_coverage
from dashboard.shown_figures import ShownFigure
from dashboard.ui.panel import Message, Panel
from dashboard.ui.rows import rows_at
from dashboard.wording import counted, money

SERVES: Final = "● yes"
SERVES_NOT: Final = "no"
_NO_AIM: Final = "No aim"


@dataclass(frozen=True)
class Covered:
    """One row: an aim with its place and words, or the targets that serve none; and what they took."""

    place: int | None
    text: str
    targets: frozenset[int]
    spent: int
    committed: int
    meetings: int


@dataclass(frozen=True)
class Coverage:
    """The aims and targets of a cluster's year, and what was spent and met for each target."""

    aims: pd.DataFrame
    targets: pd.DataFrame
    served: pd.DataFrame
    meetings: pd.DataFrame
    cluster: str
    year: AcademicYear

    @property
    def rows(self) -> list[Covered]:
        """A row for each aim in order, and one for the targets that serve none, if there are any."""
        of_aim: dict[int, set[int]] = {}
        for pair in self.served.itertuples():
            of_aim.setdefault(pair.aim_id, set()).add(pair.target_id)
        rows = [self._row(aim.position, aim.text, of_aim.get(aim.aim_id, set())) for aim in self.aims.itertuples()]
        rest = set(self.targets["target_id"]) - set(self.served["target_id"])
        return [*rows, self._row(None, _NO_AIM, rest)] if rest else rows

    @property
    def bare(self) -> list[int]:
        """The places of the aims that no target serves."""
        return [row.place for row in self.rows if row.place is not None and not row.targets]

    @property
    def without(self) -> list[str]:
        """The codes of the targets that serve no aim."""
        serving = set(self.served["target_id"])
        return [target.code for target in self.targets.itertuples() if target.target_id not in serving]

    @property
    def headline(self) -> str:
        """What is not covered."""
        return say_coverage(self.bare, len(self.aims), self.without)

    def _row(self, place: int | None, text: str, targets: set[int]) -> Covered:
        mine = self.targets[self.targets["target_id"].isin(targets)]
        met = self.meetings[self.meetings["target_id"].isin(targets)]
        return Covered(
            place, text, frozenset(targets), sum(map(int, mine["spent"])), sum(map(int, mine["committed"])),
            met["meeting_id"].nunique(),
        )  # fmt: skip


def load_coverage(session: Session, view: View) -> Coverage:
    """The aims of the view's cluster and year, and what its targets cover of them."""
    years = view.cluster_years
    return Coverage(
        queries.load_aims(session, view.scope, years),
        queries.load_paid_targets(session, view.scope, years),
        queries.load_served(session, view.scope, years),
        queries.load_meetings_of_targets(session, view.scope, years, view.as_of),
        view.cluster.slug if view.cluster else "",
        view.year,
    )


def say_money(spent: int, committed: int) -> str:
    """What was paid for an aim: "£120", "£120 and £30 committed"."""
    if not committed:
        return money(spent) if spent else "none"
    return f"{money(spent)} and {money(committed)} committed" if spent else f"{money(committed)} committed"


def _table(coverage: Coverage) -> pd.DataFrame:
    rows = coverage.rows
    columns: dict[str, list[Any]] = {
        "Aim": [row.text if row.place is None else f"{row.place}. {row.text}" for row in rows]
    }
    for target_id, head in _heads(coverage).items():
        columns[head] = [SERVES if target_id in row.targets else _not_served() for row in rows]
    columns["Money"] = [say_money(row.spent, row.committed) for row in rows]
    columns["Meetings"] = [row.meetings or "none" for row in rows]
    return pd.DataFrame(columns)


def _not_served() -> html.Span:
    """Left out on a phone, where an aim is a card of what serves it."""
    return html.Span(SERVES_NOT, className="not-served")


def _heads(coverage: Coverage) -> dict[int, str]:
    """The code of each target, without an ending that says the year of all of them: "SCIENCE" for SCIENCE-SEPT19."""
    codes = {target.target_id: str(target.code) for target in coverage.targets.itertuples()}
    endings = {code[len(code.rpartition("-")[0]) :] for code in codes.values() if year_of_code(code) is not None}
    same = len(endings) == 1 and all(year_of_code(code) is not None for code in codes.values())
    shorter = {number: code.removesuffix(next(iter(endings))) for number, code in codes.items()} if same else codes
    heads = shorter if len(set(shorter.values())) == len(codes) else codes
    return {number: f"{head} (target)" if head in _OWN else head for number, head in heads.items()}


_OWN: Final = frozenset({"Aim", "Money", "Meetings"})


def _links(coverage: Coverage) -> dict[str, str]:
    """Each code leads to its target."""
    codes = dict(zip(coverage.targets["target_id"], coverage.targets["code"], strict=True))
    return {
        head: target_address(coverage.cluster, coverage.year, codes[number])
        for number, head in _heads(coverage).items()
    }


def _made_up(coverage: Coverage) -> tuple[bool, bool]:
    flags = [bool(each) for each in (*coverage.aims["illustrative"], *coverage.targets["illustrative"])]
    return any(flags), all(flags)


def _measure(coverage: Coverage, view: View) -> Sequence[str]:
    aims, targets = counted(len(coverage.aims), "aim"), counted(len(coverage.targets), "target")
    return (
        f"{aims} and {targets} of {view.year}.".capitalize(),
        "Money is what the lead school spent on those targets; a target that serves several aims counts with each.",
    )


def _figures(coverage: Coverage, view: View) -> list[ShownFigure]:
    """How many aims are served and targets serve one, then what each aim took."""
    at, bare, without = partial(rows_at, view, "plan", by="aim"), len(coverage.bare), len(coverage.without)
    told = [
        ("Aims", len(coverage.aims), "aims", "aims-aims"),
        ("Aims that a target serves", len(coverage.aims) - bare, "aims", "aims-served"),
        ("Aims that no target serves", bare, "aims", "aims-unserved"),
        ("Targets", len(coverage.targets), "targets", "targets-targets"),
        ("Targets that serve no aim", without, "targets", "targets-without"),
    ]
    return [
        *(ShownFigure(label, f"{number:,}", unit, at(foot)) for label, number, unit, foot in told),
        *(figure for row in coverage.rows if row.targets for figure in _figures_of_aim(row, view)),
    ]


def _figures_of_aim(row: Covered, view: View) -> list[ShownFigure]:
    name = f"Aim {row.place}" if row.place is not None else _NO_AIM
    at = partial(rows_at, view, "plan", by="served", what=row.place if row.place is not None else "none")
    told = [("spent", money(row.spent), "spent")] if row.spent else []
    told += [("committed", money(row.committed), "committed")] if row.committed else []
    told += [("meetings", f"{row.meetings:,}", "meetings")] if row.meetings else []
    return [ShownFigure(f"{name}: {words}", value, "", at(foot)) for words, value, foot in told]


COVERAGE: Final = Panel(
    id="plan-coverage",
    title="Aims and what serves them",
    load=load_coverage,
    is_empty=lambda coverage: coverage.aims.empty or coverage.targets.empty,
    headline=lambda coverage, _view: coverage.headline,
    measure=_measure,
    draw=None,
    key=lambda _coverage: (),
    table=_table,
    made_up=_made_up,
    flags=lambda _coverage, _view: (),
    empty=lambda view: Message(
        f"No aims beside targets in {view.year}.",
        "What serves which aim shows here once the cluster has aims and a plan whose targets name them.",
        other_years=True,
    ),
    explain=(
        "A target serves an aim where its “Links to Aims” says so. An aim stands here in the years in which it holds, "
        "or when a target of the year serves it. Money is what the lead school spent or promised on the targets that "
        "serve the aim, by the lines of the ledger that name them; the rows do not add up, because one target may "
        "serve several aims. Meetings are those held so far at which one of the targets was worked on. An aim without "
        "a target is a question for the next meeting, not a fault."
    ),
    links=_links,
    figures=_figures,
    quiet=True,
)
"""Aims beside targets, as a table: whole clusters and headteachers see the same."""
