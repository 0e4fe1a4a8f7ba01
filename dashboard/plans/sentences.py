"""What the plan's figures say, in a sentence. Pure: frames in, words out."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd

from dashboard.plans.words import CRITERION_SYMBOLS, CRITERION_WORDS, ON_THE_WAY
from dashboard.vocabulary import CriterionState, TargetStatus
from dashboard.wording import all_of, counted, day, in_words, listed, of, sentence, share_of


def say_progress(targets: pd.DataFrame, *, amid: bool = False) -> str:
    """One sentence on a plan: criteria met of all, and how many targets lack evidence or have stalled.

    `amid` gives it as it stands behind other words.
    """
    criteria, met = int(targets["criteria"].sum()), int(targets["met"].sum())
    start = (
        f"{of(met, criteria)} success criteria {'is' if met == 1 else 'are'} met"
        if criteria
        else f"{counted(len(targets), 'target')} {'has' if len(targets) == 1 else 'have'} no success criteria"
    )
    start = start if amid else sentence(start)
    bare = int((targets["evidence"] == 0).sum())
    stalled = int((targets["status"] == TargetStatus.STALLED).sum())
    worries = []
    if bare:
        worries.append(f"{share_of(bare, len(targets), 'target')} {'has' if bare == 1 else 'have'} no evidence yet")
    if stalled:
        worries.append(f"{counted(stalled, 'has', 'have')} stalled")
    return f"{start}; {' and '.join(worries)}." if worries else f"{start}; every target has evidence."


def say_coverage(bare: Sequence[int], aims: int, without: Sequence[str]) -> str:
    """What the plan does not cover: the numbers of the aims that no target serves, of so many aims, and the codes of
    the targets that serve none.
    """
    if not aims:
        return "The cluster has no aims yet that its targets could serve."
    if len(bare) == aims:
        served = "No target serves an aim"
    elif bare:
        numbers = [str(each) for each in bare]
        served = f"No target serves aim{'s' * (len(bare) > 1)} {_either(numbers)}"
    else:
        served = f"Every one of {counted(aims, 'aim')} is served" if aims > 1 else "The one aim is served"
    if not without or len(bare) == aims:
        return f"{served}."
    return f"{served}; {listed(without)} {'serves' if len(without) == 1 else 'serve'} no aim."


def _either(numbers: Sequence[str]) -> str:
    return " or ".join([", ".join(numbers[:-1]), numbers[-1]] if len(numbers) > 1 else numbers)


def say_balance(kinds: int, of_all: int, unsaid: int, targets: int) -> str:
    """How many of all kinds of work a year's targets are of, and how many of the targets do not say it."""
    if unsaid == targets:
        return f"{sentence(share_of(0, targets, 'target'))} says what kind of work it is."
    told = f"{sentence(in_words(kinds))} of the {in_words(of_all)} kinds of work {'stands' if kinds == 1 else 'stand'}"
    rest = f"; {counted(unsaid, 'target')} {'does' if unsaid == 1 else 'do'} not say" if unsaid else ""
    return f"{told} in the plan{rest}."


def say_alike(pairs: int) -> str:
    """How many pairs of aims wait for somebody to say whether they are one."""
    looks = "looks" if pairs == 1 else "look"
    return f"{sentence(counted(pairs, 'pair'))} of aims {looks} like one aim in two wordings."


def say_next_steps(steps: int, done: int, drafts: int) -> str:
    """How many next steps a year's targets name, of how many something came, and how many drafts wait."""
    if not steps:
        told = "No target names a next step"
    elif done == 0:
        told = f"{sentence(share_of(0, steps, 'next step'))} has become a draft or a target yet"
    else:
        verb = "has" if done == 1 else "have"
        told = f"{sentence(share_of(done, steps, 'next step'))} {verb} become a draft or a target"
    waits = f"; {counted(drafts, 'draft')} {'waits' if drafts == 1 else 'wait'}" if drafts else ""
    return f"{told}{waits}."


def say_board(targets: pd.DataFrame, as_of: date) -> str:
    """One sentence on how many targets stand where: "Two of five targets are achieved, one has stalled; one is past its
    due date.".
    """
    done, stalled = (
        int((targets["status"] == status).sum()) for status in (TargetStatus.ACHIEVED, TargetStatus.STALLED)
    )
    verb = "is" if done == 1 or len(targets) == 1 else "are"
    start = f"{sentence(share_of(done, len(targets), 'target'))} {verb} achieved"
    if stalled:
        start += f", {counted(stalled, 'has', 'have')} stalled"
    late = overdue(targets, as_of)
    return (
        f"{start}; {counted(late, 'is', 'are')} past {'its' if late == 1 else 'their'} due date."
        if late
        else f"{start}."
    )


def say_promised(targets: pd.DataFrame, as_of: date) -> str:
    """The same for a school of the cluster: how far it is, what is overdue and what is due next."""
    told = say_progress(targets).removesuffix(".")
    late = overdue(targets, as_of)
    ahead = [row for row in targets.itertuples() if row.due and row.due >= as_of and not _achieved(row)]
    more = [f"{counted(late, 'target is', 'targets are')} overdue"] if late else []
    if ahead:
        first = min(ahead, key=lambda row: row.due)
        more.append(f"next, {first.code} is due on {day(first.due)}")
    return f"{told}. {sentence('; '.join(more))}." if more else f"{told}."


def say_own_promises(own: Sequence[Any], achieved: Collection[int], as_of: date) -> str:
    """What a plan asks of one school, in a sentence, of rows of `load_own_targets` and the ids of what is achieved."""
    leads, waiting = sum(row.leads > 0 for row in own), sum(row.ticks - row.ticked for row in own)
    named = f"{sentence(counted(len(own), 'target'))} of the plan {'names' if len(own) == 1 else 'name'} your school"
    led = f", {'which' if len(own) == 1 else in_words(leads)} you lead" if leads else ""
    waits = f"; {counted(waiting, 'tick')} of yours {'waits' if waiting == 1 else 'wait'}" if waiting else ""
    dated = sorted((row.due, row.code) for row in own if row.due and row.target_id not in achieved)
    if not dated:
        return f"{named}{led}{waits}."
    late = [code for due, code in dated if due < as_of]
    if late:
        return f"{named}{led}{waits}; {listed(late)} {'is' if len(late) == 1 else 'are'} past the due date."
    due, code = dated[0]
    return f"{named}{led}{waits}; {code} is due on {day(due)}."


def say_own_part(row: Any) -> str:
    """What a school has to do with a target, of a row of `load_own_targets`: "leads a group; 1 of 2 ticked"."""
    parts = []
    if row.leads:
        parts.append("leads a group for it")
    elif row.works:
        parts.append("works on it in a group")
    if row.ticks:
        parts.append(f"{of(row.ticked, row.ticks)} ticked")
    return "; ".join(parts)


def say_criterion(criterion: Any) -> str:
    """What is known of a row of `load_criteria`: "● met, 2 of 2", "◉ 1 of 2 so far; for each school" (2.10, 2.13)."""
    wanted, reached = criterion.number_wanted, criterion.number_reached
    if is_on_the_way(criterion):
        told = f"{ON_THE_WAY} {of(reached, wanted)} so far"
    else:
        told = f"{CRITERION_SYMBOLS[criterion.state]} {CRITERION_WORDS[criterion.state]}"
        told += f", {of(reached, wanted)}" if wanted is not None and reached else ""
    return f"{told}; for each school" if criterion.per_school else told


def is_on_the_way(criterion: Any) -> bool:
    """Whether a countable criterion is reached in part: nothing that failed (2.10)."""
    wanted, reached = criterion.number_wanted, criterion.number_reached
    return bool(criterion.state == CriterionState.NOT_MET and wanted and reached and reached < wanted)


def overdue(targets: pd.DataFrame, as_of: date) -> int:
    """How many targets are past their due date and not achieved."""
    return sum(is_overdue(row, as_of) for row in targets.itertuples())


def is_overdue(target: Any, as_of: date) -> bool:
    """Whether a row of `load_targets` is past its due date and not achieved."""
    return target.due is not None and target.due < as_of and not _achieved(target)


def _achieved(target: Any) -> bool:
    return bool(target.status == TargetStatus.ACHIEVED)


def say_due(target: Any, as_of: date) -> str:
    """When a target is due: "3 June 2017", with "overdue" beside it where that is past."""
    if target.due is None:
        return "no date"
    return f"{day(target.due)}, overdue" if is_overdue(target, as_of) else day(target.due)


def say_age(target: Any, as_of: date) -> str:
    """How old the last evidence of a target is, and of which day: "12 days ago (17 February 2017)"."""
    if not target.evidence:
        return "no evidence yet"
    if target.last_evidence is None:
        return "not dated"
    return f"{say_ago(target.last_evidence, as_of)} ({day(target.last_evidence)})"


def say_ago(when: date, as_of: date) -> str:
    """How long ago a day was, or how far ahead it is: days, then months, then years."""
    days = (as_of - when).days
    if days in _NEAR:
        return _NEAR[days]
    far = abs(days)
    if far <= _DAYS_AT_MOST:
        told = f"{far} days"
    elif far < _DAYS_OF_TWO_YEARS:
        told = f"{round(far / _DAYS_OF_A_MONTH)} months"
    else:
        told = f"{int(far // _DAYS_OF_A_YEAR)} years"
    return f"{told} ago" if days > 0 else f"{told} ahead"


_NEAR: Final = {-1: "tomorrow", 0: "today", 1: "yesterday"}
_DAYS_AT_MOST: Final = 60
_DAYS_OF_A_MONTH: Final = 30.44
_DAYS_OF_A_YEAR: Final = 365.25
_DAYS_OF_TWO_YEARS: Final = 731


def say_ahead(days: pd.DataFrame, achieved: Collection[str], as_of: date) -> str:
    """What comes next of a plan's days (`when`, `what`, `code`), besides the targets that are `achieved`: "Next, ART is
    due on 3 June 2017.".
    """
    ahead = [
        row
        for row in days.itertuples()
        if row.when >= as_of and row.what in _AHEAD and (row.what != "due" or row.code not in achieved)
    ]
    if not ahead:
        return "Nothing of this plan is due or to be reviewed from today on."
    first = min(ahead, key=lambda row: row.when)
    return f"Next, {first.code or 'the plan'} {_AHEAD[first.what]} on {day(first.when)}."


_AHEAD: Final = {"due": "is due", "review planned": "is to be reviewed"}


def say_changed(codes: list[str], since: str) -> str:
    """How much changed since a moment: "Two targets changed since the meeting on 8 March 2017: A and B."."""
    if not codes:
        return f"Nothing changed in the plan {since}."
    named = f": {all_of(codes)}" if len(codes) <= _FEW else ""
    return f"{sentence(counted(len(codes), 'target'))} changed {since}{named}."


_FEW: Final = 2
"""So many codes have room in a headline."""
