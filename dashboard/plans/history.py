"""What became of a target, in sentences. Pure: rows of its history in, words out."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd

from dashboard.plans.words import CRITERION_WORDS, RATING_WORDS, STATUS_WORDS
from dashboard.vocabulary import PLAN_HEADINGS, CriterionState, PlanCell, PlanChangeKind, Rating, TargetStatus
from dashboard.wording import all_of, counted, day, of, sentence

_Say = Callable[[Any], str]


def say_changes(rows: pd.DataFrame, criteria: pd.DataFrame) -> list[str]:
    """What is different of one target, from the rows of its history in the order of time: what was changed and changed
    back is left out. `criteria` are its rows of `load_criteria`, which give each criterion its number.
    """
    code = str(rows["code"].iloc[0])
    every = list(rows.itertuples())
    of_kind = {kind: [row for row in every if row.kind == kind] for kind in PlanChangeKind}
    numbers = {row.text: row.number for row in criteria.itertuples()}
    told = []
    if of_kind[PlanChangeKind.TARGET_ADDED]:
        told.append(say_new([code]))
    for kind, say in _LAST_WORD.items():
        told += [f"{say(last)}." for last in _net(of_kind[kind])]
    told += _cells(code, of_kind[PlanChangeKind.CELL])
    told += _come_and_gone(every, PlanChangeKind.CRITERION_ADDED, "success criterion", "success criteria")
    told += [_say_criterion(code, last, numbers) for last in _net(of_kind[PlanChangeKind.CRITERION])]
    told += _come_and_gone(every, PlanChangeKind.EVIDENCE_ADDED, "piece of evidence", "pieces of evidence")
    told += _put_right(of_kind[PlanChangeKind.EVIDENCE])
    reviews = _together(of_kind[PlanChangeKind.REVIEWED])
    told += [f"{_say_review(net)}." for net in reviews if net.before is None or net.before != net.after]
    return told


def say_new(codes: Sequence[str]) -> str:
    """That targets came into the plan, by their codes."""
    return f"{all_of(codes)} {'is' if len(codes) == 1 else 'are'} new in the plan."


def say_one(row: Any) -> str:
    """One row of the history by itself, as a table lists it."""
    if row.kind in _LAST_WORD:
        return sentence(_LAST_WORD[row.kind](_Net(row.code, row.about, row.before, row.after)))
    return sentence(_ONE[row.kind](row))


class _Net:
    """What stood before the first of several changes of one thing, and what stands since the last."""

    def __init__(self, code: str, about: str | None, before: Any, after: Any) -> None:
        self.code, self.about, self.before, self.after = code, about, before, after


def _net(rows: Iterable[Any]) -> list[_Net]:
    """The changes of each thing in one; what stands again as it stood is none."""
    return [net for net in _together(rows) if net.before != net.after]


def _together(rows: Iterable[Any]) -> list[_Net]:
    """The changes of each thing in one."""
    of_each: dict[tuple[Any, Any], list[Any]] = {}
    for row in rows:
        of_each.setdefault((row.cell, row.about), []).append(row)
    return [_Net(each[0].code, each[0].about, each[0].before, each[-1].after) for each in of_each.values()]


def _moved(what: str, nothing: str) -> _Say:
    """Says a date that was moved."""

    def say(net: Any) -> str:
        before, after = _as_day(net.before), _as_day(net.after)
        if after is None:
            return f"{net.code} {nothing}"
        return f"{net.code} {what} {after}" + (f" (it was {before})" if before else "")

    return say


def _as_day(value: Any) -> str | None:
    return day(date.fromisoformat(value)) if isinstance(value, str) else None


def _say_owner(net: Any) -> str:
    return f"{net.code} is now with {net.after}" if net.after else f"{net.code} has no owner any more"


def _say_status(net: Any) -> str:
    if not net.after:
        return f"The status of {net.code} follows from its criteria and evidence again"
    return f"{net.code} is now said to be {STATUS_WORDS[TargetStatus(net.after)].lower()}"


_LAST_WORD: Final[Mapping[PlanChangeKind, _Say]] = {
    PlanChangeKind.TITLE: lambda net: f"{net.code} is now called “{net.after}”",
    PlanChangeKind.STATUS: _say_status,
    PlanChangeKind.DUE: _moved("is now due on", "has no due date any more"),
    PlanChangeKind.REVIEW_ON: _moved("is now to be reviewed on", "has no day for a review any more"),
    PlanChangeKind.OWNER: _say_owner,
}
"""The kinds of which the last change says all."""


def _cells(code: str, rows: Sequence[Any]) -> list[str]:
    """Which cells were filled, changed or emptied. Those of criteria and evidence have sentences of their own."""
    of_each: dict[PlanCell, list[Any]] = {}
    for row in rows:
        if row.cell not in _TOLD_OTHERWISE:
            of_each.setdefault(PlanCell(row.cell), []).append(row)
    verbs: dict[str, list[str]] = {}
    for cell in PlanCell:
        if cell in of_each:
            before, after = of_each[cell][0].before, of_each[cell][-1].after
            if before != after:
                verb = "changed" if before and after else "filled" if after else "emptied"
                verbs.setdefault(verb, []).append(PLAN_HEADINGS[cell])
    return [
        f"{all_of(names)} of {code} {'was' if len(names) == 1 else 'were'} {verb}." for verb, names in verbs.items()
    ]


_TOLD_OTHERWISE: Final = frozenset({PlanCell.CRITERIA, PlanCell.EVALUATION})


_GONE: Final = {
    PlanChangeKind.CRITERION_ADDED: PlanChangeKind.CRITERION_GONE,
    PlanChangeKind.EVIDENCE_ADDED: PlanChangeKind.EVIDENCE_GONE,
}


def _come_and_gone(rows: Sequence[Any], added: PlanChangeKind, one: str, many: str) -> list[str]:
    """How many came and how many went, told apart by their words; what came and went again did neither."""
    more: Counter[str | None] = Counter()
    for row in rows:
        more[row.about] += (row.kind == added) - (row.kind == _GONE[added])
    came, gone = sum(each > 0 for each in more.values()), sum(each < 0 for each in more.values())
    return [
        f"{sentence(counted(number, one, many))} {'was' if number == 1 else 'were'} {verb}."
        for number, verb in ((came, "added"), (gone, "taken out"))
        if number
    ]


def _put_right(rows: Iterable[Any]) -> list[str]:
    """Of how many pieces of evidence the day, the criterion or the proof is another one."""
    number = len({net.about for net in _net(rows)})
    return [f"{sentence(counted(number, 'piece'))} of evidence {'was' if number == 1 else 'were'} changed."] * (
        number > 0
    )


def _say_criterion(code: str, net: _Net, numbers: Mapping[str, int]) -> str:
    number = numbers.get(net.about or "")
    name = f"Criterion {number} of {code}" if number is not None else f"“{net.about}”"
    return f"{name} {_say_known(net.before, net.after)}."


def _say_known(before: Any, after: Any) -> str:
    """How a criterion stands: "is now met", "now stands at 1 of 2"."""
    state, reached, wanted = CriterionState(after["state"]), after.get("reached"), after.get("wanted")
    counts = f"{of(reached, wanted)}" if wanted is not None and reached is not None else ""
    if counts and state == CriterionState.NOT_MET:
        return f"now stands at {counts}"
    if isinstance(before, Mapping) and before.get("state") == state and counts:
        return f"now stands at {counts}"
    word = "without evidence" if state == CriterionState.NO_EVIDENCE else CRITERION_WORDS[state]
    return f"is now {word}" + (f", {counts}" if counts else "")


def _say_review(row: Any) -> str:
    """E.g. "ART was reviewed: on track"; what was found is told where the history has it."""
    told = f"the {row.about} of {row.code} was corrected" if row.before else f"{row.code} was reviewed"
    found = row.after.get("rating") if isinstance(row.after, Mapping) else row.after
    known = next((rating for rating in Rating if rating == found), None)
    return sentence(f"{told}: {RATING_WORDS[known].lower()}" if known else told)


def _say_cell(row: Any) -> str:
    verb = "changed" if row.before and row.after else "filled" if row.after else "emptied"
    return f"{PLAN_HEADINGS[PlanCell(row.cell)]} {verb}"


_ONE: Final[Mapping[PlanChangeKind, _Say]] = {
    PlanChangeKind.TARGET_ADDED: lambda row: f"{row.code} is new in the plan",
    PlanChangeKind.CELL: _say_cell,
    PlanChangeKind.CRITERION_ADDED: lambda row: f"success criterion added: “{row.about}”",
    PlanChangeKind.CRITERION_GONE: lambda row: f"success criterion taken out: “{row.about}”",
    PlanChangeKind.CRITERION: lambda row: f"“{row.about}” {_say_known(row.before, row.after)}",
    PlanChangeKind.EVIDENCE_ADDED: lambda row: f"evidence added: “{row.about}”",
    PlanChangeKind.EVIDENCE: lambda row: f"what is known of the evidence “{row.about}” changed",
    PlanChangeKind.EVIDENCE_GONE: lambda row: f"evidence taken out: “{row.about}”",
    PlanChangeKind.REVIEWED: _say_review,
}
