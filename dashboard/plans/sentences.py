"""What the plan's figures say, in a sentence. Pure: frames in, words out."""

from collections.abc import Sequence

import pandas as pd

from dashboard.vocabulary import TargetStatus
from dashboard.wording import counted, in_words, listed, of, sentence, share_of


def say_progress(targets: pd.DataFrame) -> str:
    """One sentence on a plan: criteria met of all, and how many targets lack evidence or have stalled."""
    criteria, met = int(targets["criteria"].sum()), int(targets["met"].sum())
    start = (
        f"{of(met, criteria)} success criteria {'is' if met == 1 else 'are'} met"
        if criteria
        else f"{sentence(counted(len(targets), 'target'))} without success criteria"
    )
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
