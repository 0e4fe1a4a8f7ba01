"""What the pages of a target show, made of what was read: states and their shapes, resources, what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard.kinds import CONTRIBUTIONS, OUTSIDE, OUTSIDE_STATES
from dashboard.plans.brackets import say_figure
from dashboard.plans.cell_text import write_lines
from dashboard.plans.commands.by_hand import CriterionSaid, EvidenceSaid, UpdateSaid, WordsSaid
from dashboard.plans.queries.target import (
    ChangeRow,
    ContributionSum,
    CriterionRow,
    EvidenceRow,
    LineSum,
    OutsideSum,
    SchoolCount,
    TargetRow,
    TickRow,
)
from dashboard.plans.target_sentences import NOTHING, say_count, say_schools, say_state, tell_change, tell_states
from dashboard.plans.words import ACTIVITY_WORDS, CRITERION_SYMBOLS, FOCUS_WORDS, HORIZON_WORDS
from dashboard.vocabulary import PLAN_HEADINGS, CriterionState, OutsideKind, OutsideState, PlanCell, Pot
from dashboard.wording import counted, day, hours, money

ON_THE_WAY: Final = "◉"
"""Of a criterion of which some is reached."""
_LOOKS: Final = {
    CriterionState.MET: "state-ok",
    CriterionState.NOT_MET: "state-act",
    CriterionState.NO_EVIDENCE: "state-info",
}
_POTS: Final[Mapping[Pot, str]] = {
    Pot.LEAD_HELD: "From the pot that the lead school holds",
    Pot.SCHOOL_HELD: "From money that schools hold",
    Pot.TRUST_HELD: "From what the Trust holds",
}


@dataclass(frozen=True)
class Shown:
    """A state in words, with its shape and how it looks."""

    symbol: str
    words: str
    look: str


@dataclass(frozen=True)
class Told:
    """One kind of resource, and what is known of it."""

    what: str
    words: str
    apart: bool = False
    """Whether it is no money or time of the cluster."""


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that became of a target: what, by whom, and what stood there before and after."""

    when: str
    words: str
    by: str
    states: tuple[str, str] | None


def show_criterion(row: CriterionRow, count: SchoolCount | None) -> Shown:
    """The state of a criterion. What is counted and on its way is said by its number, never as a failure (2.10)."""
    if row.per_school and count is not None:
        told, some, failed = say_schools(count.met, count.schools), count.met > 0, count.not_met > 0
    else:
        told, some = say_count(row.text, row.wanted, row.reached) or "", bool(row.reached)
        failed = row.wanted is None
    if row.state is not CriterionState.MET and some and not failed:
        return Shown(ON_THE_WAY, told, "")
    state = say_state(row.state)
    return Shown(CRITERION_SYMBOLS[row.state], f"{state}: {told}" if told else state, _LOOKS[row.state])


def group_evidence(evidence: Sequence[EvidenceRow]) -> dict[int | None, list[EvidenceRow]]:
    """The pieces of evidence by the criterion that they show; under None those that show no particular one."""
    grouped: dict[int | None, list[EvidenceRow]] = {}
    for row in evidence:
        grouped.setdefault(row.criterion_id, []).append(row)
    return grouped


def tell_resources(
    contributions: Sequence[ContributionSum], lines: Sequence[LineSum], outside: Sequence[OutsideSum]
) -> list[Told]:
    """The money and time of a target, one line for each kind. Nothing is added up across kinds or
    holders.
    """
    return [
        *(Told(CONTRIBUTIONS[each.kind], _contribution(each)) for each in contributions),
        *(Told(_POTS[each.pot], _line(each)) for each in lines),
        *(Told(OUTSIDE[each.kind], _outside(each), each.kind is OutsideKind.CHARITY) for each in outside),
    ]


def tell_history(changes: Sequence[ChangeRow]) -> list[HistoryEntry]:
    """The history of a target in words."""
    return [
        HistoryEntry(
            day(row.happened_at.date()),
            tell_change(row.kind, row.cell, row.about, row.before, row.after),
            f"{row.known_as}, by a file" if row.from_file else row.known_as,
            tell_states(row.kind, row.before, row.after),
        )
        for row in changes
    ]


def word_differences(now: TargetRow, mine: WordsSaid) -> list[tuple[str, str, str]]:
    """What somebody typed and what stands there meanwhile, where they differ: name, theirs, mine."""
    pairs: list[tuple[str, Any, Any]] = [
        ("Title", now.title, mine.title),
        ("Owner", now.owner, mine.owner),
        ("Due", now.due and day(now.due), mine.due and day(mine.due)),
        ("Next review", now.review_on and day(now.review_on), mine.review_on and day(mine.review_on)),
        ("Kind of work", ACTIVITY_WORDS.get(now.activity), ACTIVITY_WORDS.get(mine.activity)),  # type: ignore[arg-type]
        ("Horizon", HORIZON_WORDS.get(now.horizon), HORIZON_WORDS.get(mine.horizon)),  # type: ignore[arg-type]
        ("Focus area", FOCUS_WORDS.get(now.focus_area), FOCUS_WORDS.get(mine.focus_area)),  # type: ignore[arg-type]
        *((PLAN_HEADINGS[cell], write_lines(now.cells[cell]), write_lines(mine.cells[cell])) for cell in PlanCell),
    ]
    return _differing(pairs)


def update_differences(
    now: TargetRow, criteria: Sequence[CriterionRow], mine: UpdateSaid
) -> list[tuple[str, str, str]]:
    """The same of what was to bring a target up to date: each criterion that is known otherwise by now, and the cells
    to which something was to be added.
    """
    rows = []
    for row in criteria:
        said = mine.criteria.get(row.criterion_id)
        if isinstance(said, CriterionState) and said is not row.state:
            rows.append((f"Criterion {row.number}: {row.text}", say_state(row.state), say_state(said)))
        elif isinstance(said, int) and said != row.reached:
            theirs = NOTHING if row.reached is None else str(row.reached)
            rows.append((f"Criterion {row.number}: {row.text}", theirs, str(said)))
    for cell, text in ((PlanCell.EVALUATION, mine.evidence), (PlanCell.NEXT_STEPS, mine.next_step)):
        if text.strip():
            rows.append((PLAN_HEADINGS[cell], write_lines(now.cells[cell]) or NOTHING, f"To be added: {text.strip()}"))
    return rows


def criterion_differences(
    now: CriterionRow, ticks: Sequence[TickRow], mine: CriterionSaid
) -> list[tuple[str, str, str]]:
    """The same of one criterion, and of the schools that have to meet it. What is known of it is said in any case."""
    known = ("What is known", show_criterion(now, None).words, say_state(mine.state) if mine.state else "It follows")
    pairs = [
        ("How many are wanted", _count(now.wanted), _count(mine.wanted)),
        ("How many are reached", _count(now.reached), _count(mine.reached)),
        ("Each school has to meet it", _yes_or_no(now.per_school), _yes_or_no(mine.per_school)),
        *(
            (row.name, say_state(row.state), say_state(mine.ticks[row.school_id]))
            for row in ticks
            if row.school_id in mine.ticks
        ),
    ]
    return [known, *_differing(pairs)]


def evidence_differences(
    now: EvidenceRow, criteria: Sequence[CriterionRow], mine: EvidenceSaid
) -> list[tuple[str, str, str]]:
    """The same of one piece of evidence."""
    named = {row.criterion_id: f"{row.number}. {row.text}" for row in criteria}
    return _differing([
        ("Words", now.text, " ".join(mine.text.split())),
        ("Day", day(now.dated) if now.dated else "no day", day(mine.dated) if mine.dated else "no day"),
        ("Which criterion it shows", named.get(now.criterion_id or 0), named.get(mine.about or 0)),
        ("Where it can be seen", now.link, mine.link),
        ("Figure", say_figure(now.value, now.unit), say_figure(mine.value, mine.unit)),
    ])  # fmt: skip


def _differing(pairs: Sequence[tuple[str, str | None, str | None]]) -> list[tuple[str, str, str]]:
    return [(name, theirs or NOTHING, own or NOTHING) for name, theirs, own in pairs if (theirs or "") != (own or "")]


def _count(number: int | None) -> str | None:
    return None if number is None else f"{number:,}"


def _yes_or_no(said: bool) -> str:
    return "yes" if said else "no"


def _contribution(each: ContributionSum) -> str:
    told = []
    if each.minutes:
        told.append(f"{hours(each.minutes)} agreed, {hours(each.minutes_given)} given")
    if each.amount or not (each.minutes or each.no_figure):
        vat = f" and {money(each.vat)} VAT" if each.vat else ""
        told.append(f"{money(each.amount)}{vat} agreed, {money(each.paid)} paid")
    if each.no_figure:
        told.append("agreed, no figure" if len(told) == 0 else f"{each.no_figure:,} of them agreed, no figure")
    return f"{'; '.join(told)} ({counted(each.schools, 'school')})"


def _line(each: LineSum) -> str:
    promised = f", {money(each.committed)} promised" if each.committed else ""
    return f"{money(each.spent)} spent{promised} ({counted(each.lines, 'line')} of the ledger, before VAT)"


def _outside(each: OutsideSum) -> str:
    source = f" {'for' if each.kind is OutsideKind.CHARITY else 'from'} {each.party}" if each.party else ""
    if each.state in {OutsideState.WON, OutsideState.RAISED}:
        received = "" if each.kind is OutsideKind.CHARITY else f", {money(each.received)} received"
        return f"{money(each.won)} {OUTSIDE_STATES[each.state]}{source}{received}"
    return f"{OUTSIDE_STATES[each.state]}{source}: {money(each.asked) if each.asked else 'no figure'}"
