"""What the money was spent on: by use, by school, by target and by aim. Each holder apart, nothing left out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.directory.view import View
from dashboard.funding import queries
from dashboard.funding.figures.spending import KEY, Bar, draw_bars, tell_amount
from dashboard.funding.panels.shared import (
    COUNTING,
    NONE,
    OWN_SCHOOL_ONLY,
    column,
    figures_of,
    in_totals,
    lines_at,
    links_of,
    made_up,
    rows_of_lines,
)
from dashboard.funding.sentences import HOLDERS, say_assigned, say_uses
from dashboard.funding.words import PART_WORDS, PURPOSE_WORDS, USE_WORDS
from dashboard.naming import short_names
from dashboard.shown_figures import ShownFigure
from dashboard.ui.panel import Message, Panel
from dashboard.ui.rows import rows_at
from dashboard.vocabulary import LinePurpose, Part, Pot, UseCode
from dashboard.wording import all_of, counted, money

CODED_PARTS: Final = (Part.A, Part.B, Part.COORDINATOR)
"""The parts whose lines should say for which of their uses they are (3.2–3.4)."""


@dataclass(frozen=True)
class Spending:
    """The lines of one year in groups: the frame of a query, its bars, and where its rows lead."""

    frame: pd.DataFrame
    bars: Sequence[Bar]
    labels: Sequence[str]
    """What each row of the frame is called."""
    addresses: Sequence[str | None] = field(default_factory=tuple)

    def spent(self, holder: Pot, of: Callable[[Mapping[str, Any]], bool] = lambda _row: True) -> int:
        """What one holder spent, of the rows that fit."""
        rows = self.frame.to_dict("records")
        return sum(int(row["spent"]) for row in rows if row["pot"] == holder and of(row))

    @property
    def holder(self) -> Pot:
        """Whose money the headline is about: the lead school's where it has any line."""
        return next((pot for pot in Pot if (self.frame["pot"] == pot).any()), Pot.LEAD_HELD)


def _gathered(frame: pd.DataFrame, labels: Sequence[str], addresses: Sequence[str | None]) -> list[Bar]:
    """A bar for each label of a holder, in the order in which they come first."""
    sums: dict[tuple[Pot, str], tuple[int, int, str | None]] = {}
    for row, label, address in zip(frame.to_dict("records"), labels, addresses, strict=True):
        spent, committed, first = sums.get((row["pot"], label), (0, 0, address))
        sums[row["pot"], label] = spent + int(row["spent"]), committed + int(row["committed"]), first
    return [
        Bar(
            Pot(pot),
            label,
            spent,
            committed,
            tell_amount(spent, committed),
            f"{money(spent)} + {money(committed)}" if spent and committed else None,
            address,
        )
        for (pot, label), (spent, committed, address) in sums.items()
    ]


def _held_by(frame: pd.DataFrame) -> list[str]:
    return [HOLDERS[Pot(pot)] for pot in frame["pot"]]


def _sums(frame: pd.DataFrame) -> dict[str, list[Any]]:
    return {
        "Spent": column(frame, "spent"),
        "Committed": column(frame, "committed"),
        "Lines": list(frame["lines"]),
        "Figures": figures_of(frame),
    }


def _figures_by(by: str) -> Callable[[Spending, View], list[ShownFigure]]:
    """The figures of lines in groups: what the headline says of one holder, how many lines there are, each group."""

    def figures(spending: Spending, view: View) -> list[ShownFigure]:
        holder, at = spending.holder, partial(rows_at, view, "money", by=by)
        spent, assigned = spending.spent(holder), spending.spent(holder, partial(GROUPINGS[by].assigned, spending))
        who = HOLDERS[holder]
        groups = len(
            {label for label, pot in zip(spending.labels, spending.frame["pot"], strict=True) if pot == holder}
        )
        told = [
            ShownFigure(f"Spent by {who}", money(spent), "", at(f"{holder}-spent", pot=holder)),
            ShownFigure(f"{GROUPINGS[by].yes}, {who}", money(assigned), "", at(f"{holder}-assigned", pot=holder)),
            ShownFigure(f"{GROUPINGS[by].no}, {who}", money(spent - assigned), "", at(f"{holder}-rest", pot=holder)),
            ShownFigure("Lines", f"{int(spending.frame['lines'].sum()):,}", "lines", at("lines")),
        ]
        if by == "school" and holder is Pot.SCHOOL_HELD:
            told.append(ShownFigure("Schools", f"{groups:,}", "schools", at(f"{holder}-groups", pot=holder)))
        return [*told, *(figure for bar in spending.bars for figure in _of_bar(bar, view, by))]

    return figures


def _of_bar(bar: Bar, view: View, by: str) -> Iterator[ShownFigure]:
    """What a group of lines comes to: its single lines where they are the reader's to see."""
    for words, amount, foot in (("spent", bar.spent, "spent"), ("committed", bar.committed, "committed")):
        if amount or (words == "spent" and not bar.committed):
            key = f"{bar.pot}-{foot}"
            lines = rows_of_lines(bar.address)
            at = f"{lines}#{key}" if lines else rows_at(view, "money", key, by=by, pot=bar.pot, what=bar.label)
            yield ShownFigure(f"{bar.label}, {HOLDERS[bar.pot]}: {words}", money(amount), "", at)


def _measure(spending: Spending, view: View) -> Sequence[str]:
    return (
        f"Spent and committed in {view.year}, net of VAT, on {counted(int(spending.frame['lines'].sum()), 'line')}.",
        "Money held by different bodies is never added up.",
        *((OWN_SCHOOL_ONLY,) if in_totals(view) else ()),
    )


def _empty(view: View) -> Message:
    return Message(
        f"Nothing is spent or committed in {view.year}.",
        "Each line of the ledger shows here with what it was for.",
        other_years=True,
    )


def _aside(spending: Spending) -> str:
    told = [f"{bar.label}, {HOLDERS[bar.pot]}: {bar.told}" for bar in spending.bars[:_MOST_TOLD]]
    return "; ".join(told) + "." if told else ""


_MOST_TOLD: Final = 12


# ---------------------------------------------------------------------------------------------------------- by use
def load_uses(session: Session, view: View) -> Spending:
    """By use code and purpose."""
    frame = queries.load_by_use(session, view.scope, view.cluster_years)
    rows = frame.to_dict("records")
    labels = [_use(row["part"], row["use_code"]) for row in rows]
    addresses = [
        lines_at(
            view,
            Pot(row["pot"]),
            part=row["part"],
            use=row["use_code"] or NONE,
            purpose=row["purpose"] or NONE,
            state=COUNTING,
        )
        for row in rows
    ]
    of_bars = [
        lines_at(view, Pot(row["pot"]), part=row["part"], use=row["use_code"] or NONE, state=COUNTING) for row in rows
    ]
    return Spending(frame, _gathered(frame, labels, of_bars), labels, addresses)


def _use(part: str, use_code: str | None) -> str:
    """What a use is called: "A1, cover for meetings"; a part that has no uses is its own."""
    if use_code is None:
        words = PART_WORDS[Part(part)]
        return f"{words}, no use code" if part in CODED_PARTS else words
    usual = USE_WORDS[UseCode(use_code)]
    own = part == _PART_OF[use_code[0]]
    return f"{use_code}, {usual}" if own else f"{use_code}, {usual} ({PART_WORDS[Part(part)]})"


_PART_OF: Final = {"A": Part.A, "B": Part.B, "C": Part.COORDINATOR}


def _uses_headline(spending: Spending, _view: View) -> str:
    holder = spending.holder
    bars = [bar for bar in spending.bars if bar.pot is holder and "no use code" not in bar.label]
    largest = max(bars, key=lambda bar: bar.spent, default=None)
    uncoded = spending.spent(holder, lambda row: row["use_code"] is None and row["part"] in CODED_PARTS)
    told = (largest.label, largest.spent) if largest else None
    return say_uses(told, spending.spent(holder), uncoded, holder)


def _uses_table(spending: Spending) -> pd.DataFrame:
    frame = spending.frame
    purposes = [PURPOSE_WORDS[LinePurpose(each)] if each else "not said" for each in frame["purpose"]]
    named = {"Use": list(spending.labels), "Held by": _held_by(frame), "Purpose": purposes}
    return pd.DataFrame({**named, **_sums(frame)})


BY_USE = Panel(
    id="funding-by-use",
    title="What it was used for",
    load=load_uses,
    is_empty=lambda spending: spending.frame.empty,
    headline=_uses_headline,
    measure=_measure,
    draw=lambda spending, look: draw_bars(spending.bars, look),
    key=lambda _spending: KEY,
    table=_uses_table,
    made_up=lambda spending: made_up(spending.frame),
    flags=lambda _spending, _view: (),
    empty=_empty,
    explain=(
        "Every line of the ledger that is spent or committed counts once, for the use that it names: Part A has five "
        "(3.2), Part B seven (3.3), the coordinator’s allowance three (3.4); other parts have none and stand under "
        "their own name. Lines that should name a use and do not stand as such. The table tells the purpose, too, "
        "where somebody said it. The sums are those of the pots."
    ),
    figures=_figures_by("use"),
    aside=_aside,
    links=lambda spending: links_of(spending.addresses),
)  # fmt: skip
"""By the uses of each part."""


# ------------------------------------------------------------------------------------------------------- by school
_NO_SCHOOL: Final = "Of no one school"


def load_schools(session: Session, view: View) -> Spending:
    """By the school that a line is of."""
    frame = queries.load_by_school(session, view.scope, view.cluster_years)
    shorter = short_names(name for name in frame["name"] if name)
    labels = [shorter[name] if name else _NO_SCHOOL for name in frame["name"]]
    addresses = [lines_at(view, Pot(row.pot), school=row.school or NONE, state=COUNTING) for row in frame.itertuples()]
    return Spending(frame, _gathered(frame, labels, addresses), labels, addresses)


def _schools_headline(spending: Spending, _view: View) -> str:
    holder = spending.holder
    if holder is Pot.SCHOOL_HELD:
        schools = len({bar.label for bar in spending.bars})
        return f"{counted(schools, 'school').capitalize()} spent {money(spending.spent(holder))} of what they hold."
    assigned = spending.spent(holder, lambda row: row["school_id"] is not None)
    return say_assigned(
        spending.spent(holder), assigned, holder, "is of a single school", "is of the cluster as a whole"
    )


BY_SCHOOL = Panel(
    id="funding-by-school",
    title="School by school",
    load=load_schools,
    is_empty=lambda spending: spending.frame.empty,
    headline=_schools_headline,
    measure=_measure,
    draw=lambda spending, look: draw_bars(spending.bars, look),
    key=lambda _spending: KEY,
    table=lambda spending: pd.DataFrame(
        {
            "School": [name or _NO_SCHOOL for name in spending.frame["name"]],
            "Held by": _held_by(spending.frame),
            **_sums(spending.frame),
        }
    ),
    made_up=lambda spending: made_up(spending.frame),
    flags=lambda _spending, _view: (),
    empty=_empty,
    explain=(
        "Every line that is spent or committed counts once, for the school that it names. What the lead school holds "
        "is mostly spent for the cluster as a whole and names none; that is no fault. What a school holds is its "
        "own. A school that spent little may have released its teachers without claiming it."
    ),
    figures=_figures_by("school"),
    aside=_aside,
    links=lambda spending: links_of(spending.addresses),
)  # fmt: skip
"""By school, for who sees the cluster whole."""


# ---------------------------------------------------------------------------------------------- by target and by aim
_NO_TARGET: Final = "No target"
_NO_AIM: Final = "A target without an aim"


def load_targets(session: Session, view: View) -> Spending:
    """By the target of the plan that a line serves."""
    frame = queries.load_by_target(session, view.scope, view.cluster_years)
    labels = [_target(row["code"], row["title"]) for row in frame.to_dict("records")]
    addresses = [
        lines_at(view, Pot(row.pot), target=row.target_id or NONE, state=COUNTING) for row in frame.itertuples()
    ]
    return Spending(frame, _gathered(frame, labels, addresses), labels, addresses)


def _target(code: str | None, title: str | None) -> str:
    if code is None or title is None:
        return _NO_TARGET
    return title if title.casefold() == code.casefold() else f"{code}, {title}"


def _targets_headline(spending: Spending, _view: View) -> str:
    holder = spending.holder
    assigned = spending.spent(holder, lambda row: row["code"] is not None)
    return say_assigned(spending.spent(holder), assigned, holder, "serves a target of the plan", "serves none")


_OF_TARGETS_MEASURE: Final = "A line serves a target where somebody said so."

BY_TARGET = Panel(
    id="funding-by-target",
    title="For which target",
    load=load_targets,
    is_empty=lambda spending: spending.frame.empty,
    headline=_targets_headline,
    measure=lambda spending, view: (*_measure(spending, view), _OF_TARGETS_MEASURE),
    draw=lambda spending, look: draw_bars(spending.bars, look),
    key=lambda _spending: KEY,
    table=lambda spending: pd.DataFrame(
        {"Target": list(spending.labels), "Held by": _held_by(spending.frame), **_sums(spending.frame)}
    ),
    made_up=lambda spending: made_up(spending.frame),
    flags=lambda _spending, _view: (),
    empty=_empty,
    explain=(
        "Every line that is spent or committed counts once, for the target of the plan that it names. Money beside a "
        "target says what was paid for, not what came of it. The sums are those of the pots."
    ),
    figures=_figures_by("target"),
    aside=_aside,
    links=lambda spending: links_of(spending.addresses),
)  # fmt: skip
"""By the targets of the plan."""


@dataclass(frozen=True)
class AimSpending(Spending):
    """The same by the aims of those targets, with the text of each aim by its number."""

    aims: Mapping[int, str] = field(default_factory=dict)
    served: frozenset[int] = frozenset()
    """The targets that serve an aim."""


def load_aims(session: Session, view: View) -> AimSpending:
    """By the aims that the targets serve; one that serves several is a group of its own, so that sums stay whole."""
    frame = queries.load_by_target(session, view.scope, view.cluster_years)
    aims_of: dict[int, list[int]] = {}
    texts = {}
    for row in queries.load_aims_of_targets(session, view.scope, view.cluster_years).itertuples():
        aims_of.setdefault(row.target_id, []).append(row.position)
        texts[row.position] = row.text
    labels = [_aims(row.target_id if row.code else None, aims_of) for row in frame.itertuples()]
    order = sorted(range(len(labels)), key=lambda number: _place(frame["target_id"].iloc[number], aims_of))
    frame = frame.iloc[order].reset_index(drop=True)
    labels = [labels[number] for number in order]
    return AimSpending(
        frame, _gathered(frame, labels, [None] * len(labels)), labels, aims=texts, served=frozenset(aims_of)
    )


def _aims(target_id: int | None, aims_of: Mapping[int, Sequence[int]]) -> str:
    if target_id is None:
        return _NO_TARGET
    numbers = [str(position) for position in aims_of.get(target_id, ())]
    if not numbers:
        return _NO_AIM
    return f"Aim {numbers[0]}" if len(numbers) == 1 else f"Aims {all_of(numbers)}"


def _place(target_id: int | None, aims_of: Mapping[int, Sequence[int]]) -> tuple[int, Sequence[int]]:
    """Aims in their order, then targets without one, then no target."""
    aims = aims_of.get(target_id, ()) if target_id is not None else ()
    return (0, list(aims)) if aims else (1 if target_id is not None else 2, [])


def _aims_table(spending: AimSpending) -> pd.DataFrame:
    targets = [_target(row["code"], row["title"]) for row in spending.frame.to_dict("records")]
    return pd.DataFrame(
        {"Aims": list(spending.labels), "Target": targets, "Held by": _held_by(spending.frame), **_sums(spending.frame)}
    )


def _aims_headline(spending: AimSpending, _view: View) -> str:
    holder = spending.holder
    assigned = spending.spent(holder, lambda row: row["target_id"] in spending.served)
    return say_assigned(spending.spent(holder), assigned, holder, "serves an aim of the cluster", "serves none")


BY_AIM = Panel(
    id="funding-by-aim",
    title="For which aim",
    load=load_aims,
    is_empty=lambda spending: not any(row in spending.served for row in spending.frame["target_id"]),
    headline=_aims_headline,
    measure=lambda spending, view: (
        *_measure(spending, view),
        "A target that serves several aims stands under all of them together.",
    ),
    draw=lambda spending, look: draw_bars(spending.bars, look),
    key=lambda _spending: KEY,
    table=_aims_table,
    made_up=lambda spending: made_up(spending.frame),
    flags=lambda _spending, _view: (),
    empty=lambda view: Message(
        f"No money of {view.year} serves an aim yet.",
        "It shows here once lines name a target of the plan and that target names the aims it serves.",
    ),
    explain=(
        "The money of each target counts for the aims that the target serves. A target that serves two counts once, "
        "under both together: shared out between them it would be a guess."
    ),
    figures=_figures_by("aim"),
    aside=lambda spending: " ".join(
        [_aside(spending), *(f"Aim {position}: {text}." for position, text in sorted(spending.aims.items()))]
    ),
    quiet=True,
)  # fmt: skip
"""By the aims of the cluster (1.6)."""


# ------------------------------------------------------------------------------------------------------- for figures
def _has_a_use(_spending: Spending, row: Mapping[str, Any]) -> bool:
    return row["use_code"] is not None or row["part"] not in CODED_PARTS


def _serves_an_aim(spending: Spending, row: Mapping[str, Any]) -> bool:
    return isinstance(spending, AimSpending) and row["target_id"] in spending.served


@dataclass(frozen=True)
class Grouping:
    """How lines are told apart: of which groups it is asked how much they hold, and what these and the others are
    called.
    """

    assigned: Callable[[Spending, Mapping[str, Any]], bool]
    yes: str
    no: str


GROUPINGS: Final = {
    "use": Grouping(_has_a_use, "With a use", "No use code"),
    "school": Grouping(lambda _all, row: row["school_id"] is not None, "Of one school", "Of no one school"),
    "target": Grouping(lambda _all, row: row["code"] is not None, "For a target", "For no target"),
    "aim": Grouping(_serves_an_aim, "For an aim", "For no aim"),
}
"""By what the panels of spending add lines up."""
