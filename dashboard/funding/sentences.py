"""What the money figures say, in a sentence. Pure: figures in, words out."""

from collections.abc import Collection, Mapping, Sequence
from statistics import median

import pandas as pd

from dashboard.academic_year import AcademicYear
from dashboard.funding.forecast import Course, Forecast, Silence
from dashboard.funding.words import PART_WORDS
from dashboard.vocabulary import Part, Pot
from dashboard.wording import counted, day, in_words, listed, money, sentence, share, share_of

HOLDERS = {Pot.LEAD_HELD: "the lead school", Pot.SCHOOL_HELD: "the schools", Pot.TRUST_HELD: "the Trust"}
"""Whoever holds money, within a sentence."""


def say_money(pots: pd.DataFrame) -> str:
    """One sentence on the lead-held pot; what the schools or the Trust hold is another pot and is named as such."""
    held = pots[pots["pot"] == Pot.LEAD_HELD]
    if held.empty:
        # Of one holder alone: what different bodies hold is never added up.
        held = pots[pots["pot"] == next((pot for pot in Pot if (pots["pot"] == pot).any()), None)]
    available = int(held["brought_forward"].sum() + held["allocated"].sum())
    spent, left = int(held["spent"].sum()), int(held["remaining"].sum())
    if not available:
        return f"{money(spent)} is spent; no allocation is recorded."
    over = [PART_WORDS[Part(row.part)] for row in held.itertuples() if row.remaining < 0]
    tail = f"; {listed(over)} {'is' if len(over) == 1 else 'are'} overspent" if over else ""
    return f"{money(left)} of {money(available)} is left to spend ({share(spent / available)} spent){tail}."


def say_release(allocated: int, spent: int, half_days: int, half_days_of: int | None) -> str:
    """A school's release money: "£400 of £500 used: four of five half days."."""
    if not allocated:
        return "No release money is recorded for your school."
    days = f": {half_days} of {half_days_of} half days" if half_days_of else ""
    return f"{money(spent)} of {money(allocated)} release money used{days}."


def say_course(course: Course) -> str:
    """How much is spent, and where the year will end."""
    spent = course.spending.so_far + course.spending.later
    of = f"{money(spent)} of {money(course.available)}" if course.available else money(spent)
    if course.ahead is Silence.OVER:
        left = course.left
        rest = f"{money(left)} was left" if left >= 0 else f"{money(-left)} more than there was is spent and committed"
        return f"{of} was spent in {course.year}; {rest}."
    if isinstance(course.ahead, Forecast):
        by = day(course.year.ends)
        if course.ahead.expected > course.spending.bound:
            return f"{of} is spent; at this year’s pace it will be {say_range(course.ahead)} by {by}."
        more = "what is committed" if course.spending.committed else "what is recorded of later days"
        bound = money(course.spending.bound)
        return f"{of} is spent; with {more} it will be {bound} by {by}, at this year’s pace no more."
    return f"{of} is spent by {day(course.until)}; {say_silence(course.ahead)}."


def say_range(ahead: Forecast) -> str:
    """The forecast with its ends, in whole pounds: it is no more exact than that."""
    expected, low, high = (money(round(amount / 100) * 100) for amount in (ahead.expected, ahead.low, ahead.high))
    return f"about {expected}" if low == high else f"about {expected} ({low} to {high})"


def say_silence(why: Silence) -> str:
    """Why nothing is forecast."""
    return {
        Silence.OVER: "the year is over",
        Silence.EARLY: "it is too early in the year to say where it will end",
        Silence.NO_WEEKS_LEFT: "no school week is left, so nothing more is forecast",
        Silence.UNDATED: "there is no forecast, because most of it has no day",
        Silence.NOTHING_SPENT: "there is no pace to make a forecast from",
    }[why]


def say_how(course: Course) -> list[str]:
    """How the forecast was made, and what has no day."""
    spending, told = course.spending, []
    if isinstance(course.ahead, Forecast):
        ahead = course.ahead
        told.append(
            f"Forecast: the pace of {counted(ahead.weeks_gone, 'school week')} over the {ahead.weeks_left} left; its "
            f"range is the pace of the slowest half term ({ahead.slowest}) to that of the fastest ({ahead.fastest}), "
            "never below what is spent and committed."
        )
        if ahead.assumed:
            told.append("Nobody has entered the half terms: the usual ones are assumed.")
    if spending.undated:
        told.append(f"{money(spending.undated)} spent has no day: it is in the sums, not in the line.")
    if spending.later:
        told.append(f"{money(spending.later)} is of lines with a later day.")
    if course.stretches:
        told.append("Single days are not shown: the line rises at the end of each half term.")
    return told


def say_uses(largest: tuple[str, int] | None, spent: int, uncoded: int, holder: Pot) -> str:
    """What most was spent on, of what one holder spent, and how much has no code (pence)."""
    who = HOLDERS[holder]
    if largest is None or largest[1] <= 0:
        return f"{sentence(who)} spent {money(spent)}."
    missing = f"; {money(uncoded)} has no use code" if uncoded else ""
    what, amount = largest
    return f"The largest part of the {money(spent)} that {who} spent went to {what}: {money(amount)}{missing}."


def say_assigned(spent: int, assigned: int, holder: Pot, what: str, none: str) -> str:
    """How much of what one holder spent is for something: "£400 of £1,000 … serves a target; £600 serves none."."""
    of = f"{money(spent)} that {HOLDERS[holder]} spent"
    if not spent:
        return f"Of what {HOLDERS[holder]} hold{'' if holder is Pot.SCHOOL_HELD else 's'} nothing is spent yet."
    if assigned == spent:
        return f"All of the {of} {what}."
    if not assigned:
        return f"None of the {of} {what}."
    return f"{money(assigned)} of the {of} {what}; {money(spent - assigned)} {none}."


def say_roll_over(year: AcademicYear, opening: int, closing: int, *, rolls: bool, over: bool) -> str:
    """What came into a year and what goes on."""
    if not rolls:
        return f"What is left is for its year alone: {money(closing)} {'was' if over else 'is'} left in {year}."
    came = (
        f"A deficit of {money(-opening)} came forward into {year}"
        if opening < 0
        else f"{money(opening)} came forward into {year}"
        if opening
        else f"Nothing came forward into {year}"
    )
    if closing < 0:
        return f"{came}; it {'ended' if over else 'stands'} {money(-closing)} over."
    return f"{came}; {money(closing)} {'went on into the next year' if over else 'is left so far'}."


def say_release_of_schools(half_days: Sequence[int], of: int, *, own: bool = False) -> str:
    """How many half days the schools used, of all that they have; `own` is said to the one school that it is about."""
    used, every = sum(half_days), of * len(half_days)
    if own:
        return f"Your school used {used} of {every} half days."
    none = sum(1 for each in half_days if each <= 0)
    beyond = sum(1 for each in half_days if each > of)
    tail = [
        *([f"{counted(none, 'school has', 'schools have')} used none"] if none else []),
        *([f"{counted(beyond, 'school')} used more than {in_words(of)}"] if beyond else []),
    ]
    who = "The one school" if len(half_days) == 1 else sentence(counted(len(half_days), "school"))
    return f"{who} used {used} of {every} half days{''.join(f'; {each}' for each in tail)}."


def say_meeting_costs(each_school: Mapping[Pot, Sequence[int]], silent: int, meetings: int) -> str:
    """What meetings cost for each school present (pence), by holder, and how many have no line."""
    told = [
        f"{money(round(median(amounts)))} of what {HOLDERS[holder]} hold{'' if holder is Pot.SCHOOL_HELD else 's'}"
        for holder, amounts in each_school.items()
        if amounts
    ]
    missing = f"{share_of(silent, meetings, 'meeting')} {'has' if silent == 1 else 'have'} no line"
    if not told:
        return f"{sentence(missing)}: what they cost is not recorded." if silent else "Nobody’s marks are recorded."
    tail = f"; {missing}" if silent else ""
    return f"A meeting cost each school present {' and '.join(told)}{tail}."


def say_inputs(schools: Collection[str], programme: Collection[str], agreed: int) -> str:
    """What both sides put in, each amount with its words; the sides are never added up across who holds the money.
    What schools have only agreed (pence) is told where nothing is recorded as given.
    """
    if schools:
        theirs = f"The schools put in {listed(list(schools), most=4)}"
    elif agreed:
        theirs = f"The schools agreed to put in {money(agreed)}, and nothing is recorded as paid"
    else:
        theirs = "Nothing that schools put in is recorded as paid or given"
    other = listed(list(programme), most=4)
    return f"{theirs}; {f'the programme {other}' if programme else 'nothing from the programme is recorded'}."
