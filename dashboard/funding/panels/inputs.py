"""What both sides put in (4.4), and what came from elsewhere (2.4, 2.5, 4.21)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import pandas as pd
from sqlalchemy.orm import Session

from dashboard import kinds
from dashboard.directory.view import View
from dashboard.funding import queries
from dashboard.funding.figures.inputs import PROGRAMME, SCHOOLS, Input, draw_inputs, key_of
from dashboard.funding.panels.shared import provenance
from dashboard.funding.sentences import say_inputs
from dashboard.funding.words import PART_WORDS, POT_WORDS
from dashboard.naming import slug
from dashboard.shown_figures import ShownFigure
from dashboard.ui.panel import Message, Panel
from dashboard.ui.rows import rows_at
from dashboard.vocabulary import ContributionKind, ContributionState, OutsideKind, OutsideState, Part, Pot
from dashboard.wording import counted, day, hours, money, sentence


@dataclass(frozen=True)
class Inputs:
    """Everything that was put in in one year, by kind, with how many entries stand behind each and how many are made
    up.
    """

    rows: Sequence[Input]
    behind: Sequence[tuple[int, int]]
    """Of each row: made up, entries."""
    left_out: Sequence[str] = ()
    """What is in none of them, in sentences."""


def load_inputs(session: Session, view: View) -> Inputs:
    """The schools' contributions and release money beside what was allocated otherwise."""
    contributions = queries.load_contributions(session, view.scope, view.cluster_years)
    given = queries.load_given(session, view.scope, view.cluster_years)
    schools = [*_release(given), *_levies(given), *_contributed(contributions)]
    programme = _of_the_programme(given)
    every = [*schools, *programme]
    return Inputs([row for row, _ in every], [behind for _, behind in every], _left_out(contributions, given))


_Told = tuple[Input, tuple[int, int]]


def _of_given(given: pd.DataFrame, side: str, label: str, chosen: "pd.Series[bool]") -> list[_Told]:
    rows = given[chosen]
    if rows.empty:
        return []
    amount = int(rows["amount"].sum())
    return [(Input(side, label, amount, 0, money(amount)), (int(rows["illustrative"].sum()), int(rows["rows"].sum())))]


def _release(given: pd.DataFrame) -> list[_Told]:
    held = given["pot"] == Pot.SCHOOL_HELD
    release = held & (given["part"] == Part.RELEASE)
    return [
        *_of_given(given, SCHOOLS, "Release money", release),
        *_of_given(given, SCHOOLS, "Other money that they hold", held & ~release),
    ]


def _levies(given: pd.DataFrame) -> list[_Told]:
    return _of_given(
        given, SCHOOLS, "Levy in the pot", (given["pot"] != Pot.SCHOOL_HELD) & (given["part"] == Part.LEVY)
    )


FROM_ELSEWHERE: Final = (Part.LEVY, Part.GRANT)


def of_each_side(pot: str, part: str) -> str | None:
    """Under which name an allocation stands among what both sides put in; None for a grant in a pot, which stands on
    neither.
    """
    if pot == Pot.SCHOOL_HELD:
        return "Release money" if part == Part.RELEASE else "Other money that they hold"
    if part == Part.LEVY:
        return "Levy in the pot"
    return None if part in FROM_ELSEWHERE else POT_WORDS[Pot(pot)]


def _of_the_programme(given: pd.DataFrame) -> list[_Told]:
    own = ~given["part"].isin(FROM_ELSEWHERE)
    return [
        told
        for pot in (Pot.LEAD_HELD, Pot.TRUST_HELD)
        for told in _of_given(given, PROGRAMME, POT_WORDS[pot], own & (given["pot"] == pot))
    ]


def _contributed(contributions: pd.DataFrame) -> list[_Told]:
    told = []
    for kind in ContributionKind:
        rows = contributions[(contributions["kind"] == kind) & (contributions["state"] != ContributionState.WAIVED)]
        if rows.empty:
            continue
        paid = rows["state"] == ContributionState.PAID
        given, agreed = int(rows[paid]["amount"].sum()), int(rows[~paid]["amount"].sum())
        minutes = int(rows["minutes"].sum())
        words = _told(given, agreed, minutes, int(rows["without_figure"].sum()))
        row = Input(SCHOOLS, kinds.CONTRIBUTIONS[kind], given, agreed, words, hours(minutes) if minutes else "")
        told.append((row, (int(rows["illustrative"].sum()), int(rows["rows"].sum()))))
    return told


def _told(given: int, agreed: int, minutes: int, without_figure: int) -> str:
    parts = [
        *([money(given)] if given else []),
        *([f"{money(agreed)} agreed"] if agreed else []),
        *([hours(minutes)] if minutes else []),
        *([f"{without_figure} without a figure"] if without_figure else []),
    ]
    return ", ".join(parts) or money(0)


def _left_out(contributions: pd.DataFrame, given: pd.DataFrame) -> list[str]:
    waived = int(contributions[contributions["state"] == ContributionState.WAIVED]["rows"].sum())
    grants = int(given[given["part"] == Part.GRANT]["amount"].sum())
    return [
        *(
            [f"{sentence(counted(waived, 'contribution'))} waived {'is' if waived == 1 else 'are'} left out."]
            if waived
            else []
        ),
        *(
            [f"{PART_WORDS[Part.GRANT]} money in a pot, {money(grants)}, is from elsewhere and on neither side."]
            if grants
            else []
        ),
    ]


def _said(inputs: Inputs, side: str) -> list[str]:
    """What one side has given: what is only agreed is in the chart."""
    rows = [row for row in inputs.rows if row.side == side]
    amounts = [f"{money(row.given)} ({row.label[:1].lower()}{row.label[1:]})" for row in rows if row.given]
    return [*amounts, *(row.hours for row in rows if row.hours)]


def _figures(inputs: Inputs, view: View) -> list[ShownFigure]:
    agreed = sum(row.agreed for row in inputs.rows)
    figures = []
    for row in inputs.rows:
        at, key = partial(rows_at, view, "money", by="input", what=row.label), slug(row.label)
        told = [("", money(row.given), "given")] if row.given or not (row.agreed or row.hours) else []
        told += [(", agreed", money(row.agreed), "agreed")] if row.agreed else []
        told += [(", time", row.hours, "minutes")] if row.hours else []
        figures += [ShownFigure(f"{row.label}{more}", value, "", at(f"{key}-{foot}")) for more, value, foot in told]
    told_of_all = ShownFigure(
        "Agreed by schools, not paid yet", money(agreed), "", rows_at(view, "money", "agreed", by="input")
    )
    return [*figures, told_of_all] if agreed else figures


MATCH = Panel(
    id="funding-match",
    title="What both sides put in",
    load=load_inputs,
    is_empty=lambda inputs: not inputs.rows,
    headline=lambda inputs, _view: say_inputs(
        _said(inputs, SCHOOLS), _said(inputs, PROGRAMME), sum(row.agreed for row in inputs.rows)
    ),
    measure=lambda inputs, view: (
        f"Amounts recorded for {view.year}, net of VAT; money to scale, time in hours.",
        "Nothing is assumed: what nobody entered is not here.",
        *inputs.left_out,
    ),
    draw=lambda inputs, look: draw_inputs(inputs.rows, look),
    key=lambda inputs: key_of(inputs.rows),
    table=lambda inputs: pd.DataFrame(
        {
            "What": [row.label for row in inputs.rows],
            "Who": ["schools" if row.side == SCHOOLS else "programme" for row in inputs.rows],
            "Given": [money(row.given) for row in inputs.rows],
            "Agreed, not paid yet": [money(row.agreed) for row in inputs.rows],
            "In words": [row.told for row in inputs.rows],
            "Figures": [provenance(*behind) for behind in inputs.behind],
        }
    ),
    made_up=lambda inputs: (
        any(made for made, _ in inputs.behind), all(made == rows for made, rows in inputs.behind)
    ),
    flags=lambda _inputs, _view: (),
    empty=lambda view: Message(
        f"Nothing is recorded of what both sides put in for {view.year}.",
        "Amounts are entered, never assumed: allocations, what the schools contribute, and their time.",
        other_years=True,
    ),
    explain=(
        "Match funding is what the schools put in beside what the programme does (4.4). The schools’ side: the "
        "release money that they hold, levies, their share of training dearer than the pot may pay (4.9), other "
        "money, and time in kind, which stays in hours because nobody gave it a price. The programme’s side: what "
        "was allocated to the pots of the lead school and the Trust, without what the schools paid in. Who holds "
        "what is never added up."
    ),
    figures=_figures,
    aside=lambda inputs: "; ".join(f"{row.side}, {row.label}: {row.told}" for row in inputs.rows),
)  # fmt: skip
"""The schools' input beside the programme's, for who sees the cluster whole."""


# ---------------------------------------------------------------------------------------------------- from elsewhere
def _outside(session: Session, view: View) -> pd.DataFrame:
    frame = queries.load_outside(session, view.scope, view.cluster_years)
    return frame[frame["kind"] != OutsideKind.CHARITY].reset_index(drop=True)


def _charity(session: Session, view: View) -> pd.DataFrame:
    frame = queries.load_outside(session, view.scope, view.cluster_years)
    return frame[frame["kind"] == OutsideKind.CHARITY].reset_index(drop=True)


def _amount(pence: Any) -> str:
    return "not said" if pence is None else money(int(pence))


def _outside_table(frame: pd.DataFrame) -> pd.DataFrame:
    rows = frame.to_dict("records")
    return pd.DataFrame(
        {
            "From": [row["party"] for row in rows],
            "What": [kinds.OUTSIDE[OutsideKind(row["kind"])] for row in rows],
            "For": [row["words"] or "not said" for row in rows],
            "State": [kinds.OUTSIDE_STATES[OutsideState(row["state"])] for row in rows],
            "Asked": [_amount(row["asked"]) for row in rows],
            "Won": [_amount(row["won"]) for row in rows],
            "Received": [_amount(row["received"]) for row in rows],
            "Declared": [day(row["declared_on"]) if row["declared_on"] else "not yet" for row in rows],
            "Figures": ["illustrative" if row["illustrative"] else "real" for row in rows],
        }
    )


def _outside_headline(frame: pd.DataFrame, _view: View) -> str:
    rows = frame.to_dict("records")
    won = [row for row in rows if row["state"] == OutsideState.WON]
    waiting = [row for row in rows if row["state"] == OutsideState.APPLIED]
    got = sum(row["won"] or 0 for row in won)
    parts = [
        f"{money(got)} was won from elsewhere in {counted(len(won), 'award')}"
        if won
        else "Nothing was won from elsewhere",
        *([f"{counted(len(waiting), 'application')} {'is' if len(waiting) == 1 else 'are'} open"] if waiting else []),
    ]
    return "; ".join(parts) + "."


def _outside_figures(frame: pd.DataFrame, view: View) -> list[ShownFigure]:
    rows = frame.to_dict("records")
    won = [row for row in rows if row["state"] == OutsideState.WON]
    at = partial(rows_at, view, "money", by="outside")
    return [
        ShownFigure("Won from elsewhere", money(sum(row["won"] or 0 for row in won)), "", at("won")),
        ShownFigure("Awards", f"{len(won):,}", "awards", at("awards")),
        ShownFigure(
            "Open applications", f"{sum(row['state'] == OutsideState.APPLIED for row in rows):,}", "applications",
            at("open"),
        ),
    ]  # fmt: skip


def _charity_figures(frame: pd.DataFrame, view: View) -> list[ShownFigure]:
    raised = sum(row["won"] or row["received"] or 0 for row in frame.to_dict("records"))
    return [ShownFigure("Raised for others", money(raised), "", rows_at(view, "money", "raised", by="charity"))]


OUTSIDE = Panel(
    id="funding-outside",
    title="Money from elsewhere",
    load=_outside,
    is_empty=lambda frame: frame.empty,
    headline=_outside_headline,
    measure=lambda _frame, view: (f"Grants, awards and sponsorship of {view.year}. They are in no pot and in no sum.",),
    draw=None,
    key=lambda _frame: (),
    table=_outside_table,
    made_up=lambda frame: (any(frame["illustrative"]), all(frame["illustrative"])),
    flags=lambda _frame, _view: (),
    empty=lambda view: Message(
        f"No money from elsewhere is declared for {view.year}.",
        "Other funding is welcome and has to be declared.",
    ),
    explain=(
        "Other funding is encouraged, changes nothing about the programme’s, and has to be declared (4.21). “Won” is "
        "what was awarded, “received” what has come, which may be less."
    ),
    figures=_outside_figures,
    quiet=True,
)  # fmt: skip
"""The register of other funding."""

CHARITY = replace(
    OUTSIDE,
    id="funding-charity",
    title="Raised for charity",
    load=_charity,
    figures=_charity_figures,
    headline=lambda frame, _view: (
        f"{money(sum(row['won'] or row['received'] or 0 for row in frame.to_dict('records')))} was raised for others."
    ),
    measure=lambda _frame, view: (f"Raised in {view.year} for somebody else: never money of the cluster.",),
    table=lambda frame: pd.DataFrame(
        {
            "For whom": [row["party"] for row in frame.to_dict("records")],
            "What": [row["words"] or "not said" for row in frame.to_dict("records")],
            "Raised": [
                _amount(row["won"] if row["won"] is not None else row["received"]) for row in frame.to_dict("records")
            ],
            "Figures": ["illustrative" if each else "real" for each in frame["illustrative"]],
        }
    ),
    empty=lambda view: Message(
        f"Nothing raised for charity is recorded for {view.year}.", "It is kept apart from all pots."
    ),
    explain="What schools raise for charity is given on. It is kept apart from every pot and every sum (2.5).",
)
"""What the schools raised for somebody else."""
