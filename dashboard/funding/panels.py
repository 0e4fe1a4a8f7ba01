"""The panels of money."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.directory.view import View
from dashboard.flags import Flag
from dashboard.funding import queries
from dashboard.funding.figures import KEY, draw_pots
from dashboard.funding.flags import flag_pots, year_gone
from dashboard.funding.sentences import say_money, say_release
from dashboard.funding.words import PART_WORDS, POT_WORDS
from dashboard.ui.panel import Message, Panel
from dashboard.vocabulary import Part, Pot
from dashboard.wording import day, money, share


def load_pots(session: Session, view: View) -> pd.DataFrame:
    """The pots of the view's cluster and year (`queries.load_pots`)."""
    return queries.load_pots(session, view.scope, view.cluster_years, view.rule_sets)


def load_own_release(session: Session, view: View) -> "Release":
    """The release money that the view's school holds (4.5)."""
    pots = queries.load_pots(session, view.scope, view.cluster_years, view.rule_sets, school_id=view.school_id)
    release = queries.load_release_by_school(session, view.scope, view.cluster_years)
    own = release[release["school_id"] == view.school_id]
    return Release(pots[pots["part"] == Part.RELEASE], int(own["half_days"].sum()))


@dataclass(frozen=True)
class Release:
    """A school's release money: its pot as in `load_pots`, and the half days it has paid for."""

    pots: pd.DataFrame
    half_days: int


def _flags(pots: pd.DataFrame, view: View) -> list[Flag]:
    cluster = view.cluster.slug if view.cluster else ""
    return flag_pots(list(pots.itertuples()), cluster, view.year, view.as_of, view.rules)


def _measure(_pots: pd.DataFrame, view: View) -> Sequence[str]:
    gone = (
        "the year is over"
        if view.as_of > view.year.ends
        else f"{share(year_gone(view.year, view.as_of))} of the year gone"
    )
    return (
        f"Spent and committed against what was allocated and brought forward in {view.year}, net of VAT; {gone}.",
        "Money held by different bodies is never added up.",
        *(("Of what schools hold, only your school’s is shown.",) if _in_totals(view) else ()),
    )


def _in_totals(view: View) -> bool:
    return view.cluster is not None and not view.cluster.whole


def _table(pots: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Part": [PART_WORDS[Part(part)] for part in pots["part"]],
            "Held by": [POT_WORDS[Pot(pot)].removeprefix("Held by ") for pot in pots["pot"]],
            **{
                heading: [money(int(amount)) for amount in pots[column]]
                for heading, column in (
                    ("Brought forward", "brought_forward"),
                    ("Allocated", "allocated"),
                    ("Spent", "spent"),
                    ("Committed", "committed"),
                    ("Left", "remaining"),
                )
            },
            "Figures": [_provenance(int(row.illustrative), int(row.rows)) for row in pots.itertuples()],
        }
    )


def _provenance(illustrative: int, rows: int) -> str:
    if not illustrative:
        return "real"
    return "illustrative" if illustrative == rows else f"{illustrative} of {rows} entries illustrative"


def _made_up(pots: pd.DataFrame) -> tuple[bool, bool]:
    made_up, rows = int(pots["illustrative"].sum()), int(pots["rows"].sum())
    return made_up > 0, made_up == rows


def _empty(view: View) -> Message:
    return Message(
        f"No money is recorded for {view.year}.",
        "It shows here once what was allocated and what was spent is brought in from a spreadsheet.",
        other_years=True,
    )


_EXPLAIN = (
    "Left = brought forward + allocated − spent − committed, to the penny. Spent counts lines that are invoiced or "
    "paid; committed counts lines that are approved or promised; a request binds nobody and a reversed line counts "
    "nothing. Amounts are net of VAT. What an earlier year left over comes forward in the pot held by the lead school; "
    "release money is for its own year."
)

SPEND_AGAINST_ALLOCATION = Panel(
    id="funding-spend-against-allocation",
    title="Money",
    load=load_pots,
    is_empty=lambda pots: pots.empty,
    headline=lambda pots, _view: say_money(pots),
    measure=_measure,
    draw=draw_pots,
    key=lambda _pots: KEY,
    table=_table,
    made_up=_made_up,
    flags=_flags,
    empty=_empty,
    explain=_EXPLAIN,
)
"""Every pot and part of one cluster's year."""

OWN_RELEASE = Panel(
    id="school-release",
    title="Release money",
    load=load_own_release,
    is_empty=lambda release: release.pots.empty,
    headline=lambda release, view: say_release(
        int(release.pots["allocated"].sum()),
        int(release.pots["spent"].sum()),
        release.half_days,
        view.rules.count("release_half_days"),
    ),
    measure=lambda release, view: (
        f"{money(int(release.pots['remaining'].sum()))} left; it is for the year to {day(view.year.ends)}.",
    ),
    draw=lambda release, look: draw_pots(release.pots, look),
    key=lambda _release: KEY,
    table=lambda release: _table(release.pots),
    made_up=lambda release: _made_up(release.pots),
    flags=lambda release, view: _flags(release.pots, view),
    empty=lambda view: Message(
        f"No release money is recorded for your school in {view.year}.",
        "Ask your coordinator whether an allocation was made.",
    ),
    explain=_EXPLAIN,
)
"""What one school holds to release its teachers."""

ON_CLUSTER_PAGE = (SPEND_AGAINST_ALLOCATION,)
ON_SCHOOL_PAGE = (OWN_RELEASE,)
