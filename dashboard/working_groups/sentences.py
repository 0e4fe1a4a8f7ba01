"""What the page of working groups says. Pure: counts and dates in, words out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from dashboard.vocabulary import GroupStatus, OutcomeState
from dashboard.wording import all_of, counted, day, in_words, money, sentence
from dashboard.working_groups.words import AT_WORK_FIRST, STATUS_WORDS


def say_groups(statuses: Iterable[GroupStatus]) -> str:
    """How many groups there are and how far they are: "Five working groups: three at work and two finished"."""
    of = Counter(statuses)
    if len(of) == 1:
        ((status, number),) = of.items()
        return sentence(f"{counted(number, 'working group')}, {'' if number == 1 else 'all '}{STATUS_WORDS[status]}")
    told = [f"{in_words(of[status])} {STATUS_WORDS[status]}" for status in AT_WORK_FIRST if of[status]]
    return sentence(f"{counted(of.total(), 'working group')}: {all_of(told)}")


def say_outcomes(states: Sequence[OutcomeState]) -> str | None:
    """How many outcomes are reached, of those that were not dropped; nothing where none was set."""
    if not states:
        return None
    dropped = sum(state is OutcomeState.DROPPED for state in states)
    kept = len(states) - dropped
    reached = sum(state is OutcomeState.REACHED for state in states)
    behind = f"; {counted(dropped, 'was', 'were')} dropped" if dropped else ""
    if not kept:
        return sentence(f"{counted(dropped, 'outcome was', 'outcomes were')} dropped, none is left")
    if not reached:
        told = (
            "the one outcome is not reached yet" if kept == 1 else f"none of {counted(kept, 'outcome')} is reached yet"
        )
    elif reached == kept:
        told = "the one outcome is reached" if kept == 1 else f"all {counted(kept, 'outcome')} are reached"
    else:
        told = f"{in_words(reached)} of {counted(kept, 'outcome')} {'is' if reached == 1 else 'are'} reached"
    return sentence(told + behind)


def say_saved(amounts: Iterable[tuple[OutcomeState, int | None]]) -> str | None:
    """What reached outcomes saved or earned, to the penny; never added to any pot (1.21)."""
    known = [pence for state, pence in amounts if state is OutcomeState.REACHED and pence is not None]
    if not known:
        return None
    of = "one reached outcome" if len(known) == 1 else f"{in_words(len(known))} reached outcomes"
    return f"{money(sum(known))} saved or earned by {of}; it is in no pot and no sum of pots"


def say_span(first: date | None, last: date | None) -> str:
    """From when until when, as far as it is known."""
    if first and last:
        return day(first) if first == last else f"{day(first)} to {day(last)}"
    if first:
        return f"from {day(first)}"
    return f"until {day(last)}" if last else "dates not known"


def say_step(first: date | None, last: date | None, today: date) -> tuple[str, str]:
    """The shape and the words of a stage that a project has reached, or will (1.14)."""
    if first is not None and first > today:
        return "○", f"to begin on {day(first)}"
    if last is not None and last <= today:
        return "●", f"done, {say_span(first, last)}"
    if first is not None:
        return "◐", f"going on, {say_span(first, last)}"
    return ("◐", f"going on until {day(last)}") if last else ("●", "reached, dates not known")


def say_others(schools: int, own: int) -> str:
    """A group's schools to somebody who is told of the own alone."""
    others = schools - own
    if not schools:
        return "schools not recorded"
    if not own:
        return counted(schools, "other school")
    return f"your school and {counted(others, 'other school')}" if others else "your school alone"
