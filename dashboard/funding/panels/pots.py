"""What each pot had, spent and has left: of a cluster, and of a school its release money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.directory.view import View
from dashboard.flags import Flag
from dashboard.funding import queries
from dashboard.funding.figures.pots import KEY, draw_pots
from dashboard.funding.flags import flag_pots, year_gone
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
from dashboard.funding.sentences import say_money, say_release
from dashboard.funding.words import PART_WORDS, POT_WORDS
from dashboard.shown_figures import ShownFigure
from dashboard.ui.panel import Message, Panel
from dashboard.vocabulary import Part, Pot
from dashboard.wording import counted, day, money, share


@dataclass(frozen=True)
class Money:
    """The pots of a cluster's year (`queries.load_pots`) and the lines that a rule may ask about.

    Where the reader may open the ledger, each pot has the `address` of its lines.
    """

    pots: pd.DataFrame
    lines: pd.DataFrame


def load_money(session: Session, view: View) -> Money:
    """The money of the view's cluster and year."""
    pots = queries.load_pots(session, view.scope, view.cluster_years, view.rule_sets)
    return Money(_addressed(pots, view), _load_lines(session, view, pots))


def _addressed(pots: pd.DataFrame, view: View) -> pd.DataFrame:
    if not view.opens_ledger:
        return pots
    school = view.school.slug if view.school else None
    addresses = [lines_at(view, Pot(pot.pot), part=pot.part, school=school) for pot in pots.itertuples()]
    return pots.assign(address=pd.Series(addresses, dtype=object, index=pots.index))


def _links(pots: pd.DataFrame) -> dict[int, str]:
    return links_of(list(pots["address"])) if "address" in pots.columns else {}


@dataclass(frozen=True)
class Release:
    """A school's release money: its pot as in `load_pots`, the half days it has paid for, and as of a cluster the
    lines that a rule may ask about.
    """

    pots: pd.DataFrame
    half_days: int
    lines: pd.DataFrame


def load_own_release(session: Session, view: View) -> Release:
    """The release money that the view's school holds (4.5)."""
    pots = queries.load_pots(session, view.scope, view.cluster_years, view.rule_sets, school_id=view.school_id)
    release = queries.load_release_by_school(session, view.scope, view.cluster_years)
    own = release[release["school_id"] == view.school_id]
    held = pots[(pots["pot"] == Pot.SCHOOL_HELD) & (pots["part"] == Part.RELEASE)].reset_index(drop=True)
    return Release(_addressed(held, view), int(own["half_days"].sum()), _load_lines(session, view, pots))


def _load_lines(session: Session, view: View, pots: pd.DataFrame) -> pd.DataFrame:
    return queries.load_lines_to_check(session, view.scope, view.cluster_years, view.rule_sets, view.as_of, pots)


def _flags(money: Money | Release, view: View) -> list[Flag]:
    cluster, lines = view.cluster.slug if view.cluster else "", list(money.lines.itertuples())
    return flag_pots(list(money.pots.itertuples()), cluster, view.year, view.as_of, view.rules, lines)


def _flags_of_school(release: Release, view: View) -> list[Flag]:
    """The flags of the school's own pot and lines, and of no other school's."""
    own = view.school.slug if view.school else ""
    return [flag for flag in _flags(release, view) if flag.subject == own or flag.rule == "overspent"]


def _measure(_money: Money, view: View) -> Sequence[str]:
    gone = (
        "the year is over"
        if view.as_of > view.year.ends
        else f"{share(year_gone(view.year, view.as_of))} of the year gone"
    )
    return (
        f"Spent and committed against what was allocated and brought forward in {view.year}, net of VAT; {gone}.",
        "Money held by different bodies is never added up.",
        *((OWN_SCHOOL_ONLY,) if in_totals(view) else ()),
    )


def _table(pots: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Part": [PART_WORDS[Part(part)] for part in pots["part"]],
            "Held by": [POT_WORDS[Pot(pot)].removeprefix("Held by ") for pot in pots["pot"]],
            **{
                heading: column(pots, name)
                for heading, name in (
                    ("Brought forward", "brought_forward"),
                    ("Allocated", "allocated"),
                    ("Spent", "spent"),
                    ("Committed", "committed"),
                    ("Left", "remaining"),
                )
            },
            "Figures": figures_of(pots, "rows"),
        }
    )


def _figures(money_of: Money, view: View) -> list[ShownFigure]:
    """What each holder had, spent and has left, then each part."""
    figures = []
    for pot in Pot:
        rows = money_of.pots[money_of.pots["pot"] == pot]
        if rows.empty:
            continue
        sums = {
            name: int(rows[name].sum()) for name in ("brought_forward", "allocated", "spent", "committed", "remaining")
        }
        figures += _of_holder(view, pot, sums)
        figures += [
            ShownFigure(
                f"{PART_WORDS[Part(row.part)]}, {_HELD[pot]}: left", money(int(row.remaining)), "",
                money_at(view, pot, "left", part=row.part),
            )
            for row in rows.itertuples()
        ]  # fmt: skip
    return figures


_HELD = {pot: words[:1].lower() + words[1:] for pot, words in POT_WORDS.items()}


def _of_holder(view: View, pot: Pot, sums: Mapping[str, int]) -> list[ShownFigure]:
    available = sums["brought_forward"] + sums["allocated"]
    told = [
        ("Left", money(sums["remaining"]), "left"), ("Available", money(available), "available"),
        ("Spent", money(sums["spent"]), "spent"), ("Committed", money(sums["committed"]), "committed"),
        ("Brought forward", money(sums["brought_forward"]), "brought"),
        ("Allocated", money(sums["allocated"]), "allocated"),
    ]  # fmt: skip
    if available:
        told.append(("Spent of what is available", share(sums["spent"] / available), "share"))
    return [
        ShownFigure(f"{label}, {_HELD[pot]}", value, "", money_at(view, pot, foot))
        for label, value, foot in told
    ]  # fmt: skip


def _release_figures(release: Release, view: View) -> list[ShownFigure]:
    at = partial(
        money_at, view, Pot.SCHOOL_HELD, part=Part.RELEASE, school=view.school.slug if view.school else None
    )  # fmt: skip
    sums = {name: int(release.pots[name].sum()) for name in ("allocated", "spent", "committed", "remaining")}
    told = [
        ("Release money used", "spent", "spent"), ("Release money allocated", "allocated", "allocated"),
        ("Release money committed", "committed", "committed"), ("Release money left", "remaining", "left"),
    ]  # fmt: skip
    of = view.rules.count("release_half_days")
    half_days = (
        [ShownFigure("Half days used", f"{release.half_days} of {of}", "half days", at("of-half-days"))] if of else []
    )
    return [*(ShownFigure(label, money(sums[name]), "", at(foot)) for label, name, foot in told), *half_days]


def _empty(view: View) -> Message:
    return Message(
        f"No money is recorded for {view.year}.",
        "It shows here once what was allocated and what was spent is brought in from a spreadsheet.",
        other_years=True,
    )


_EXPLAIN = (
    "Left = brought forward + allocated − spent − committed, to the penny. Spent counts lines that are invoiced or "
    "paid; committed counts lines that are approved or promised; a request binds nobody, and a line that was taken "
    "back comes to nothing with the one that takes it back. Amounts are net of VAT. What an earlier year left over "
    "comes forward in the pot held by the lead school; release money is for its own year."
)

SPEND_AGAINST_ALLOCATION = Panel(
    id="funding-spend-against-allocation",
    title="Money",
    load=load_money,
    is_empty=lambda found: found.pots.empty,
    headline=lambda found, _view: say_money(found.pots),
    measure=_measure,
    draw=lambda found, look: draw_pots(found.pots, look),
    key=lambda _found: KEY,
    table=lambda found: _table(found.pots),
    made_up=lambda found: made_up(found.pots, "rows"),
    links=lambda found: _links(found.pots),
    flags=_flags,
    empty=_empty,
    explain=_EXPLAIN,
    figures=_figures,
)
"""Every pot and part of one cluster's year."""


def _say_left(release: Release, view: View) -> str:
    left, meant = money(int(release.pots["remaining"].sum())), view.rules.count("release_half_days")
    days = f" and {counted(max(meant - release.half_days, 0), 'half day')}" if meant else ""
    return f"{left}{days} left; it is for the year to {day(view.year.ends)}."


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
    measure=lambda release, view: (_say_left(release, view),),
    draw=lambda release, look: draw_pots(release.pots, look),
    key=lambda _release: KEY,
    table=lambda release: _table(release.pots),
    made_up=lambda release: made_up(release.pots, "rows"),
    links=lambda release: _links(release.pots),
    flags=_flags_of_school,
    empty=lambda view: Message(
        f"No release money is recorded for your school in {view.year}.",
        "Ask your coordinator whether an allocation was made.",
    ),
    explain=_EXPLAIN,
    figures=_release_figures,
)
"""What one school holds to release its teachers."""
