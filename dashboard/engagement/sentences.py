"""What the attendance figures say, in a sentence. Pure: frames in, words out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd

from dashboard.academic_year import AcademicYear, Term
from dashboard.engagement.rates import FEWEST_MARKS, Spread
from dashboard.flags import Flag
from dashboard.naming import short_names
from dashboard.spread import middle_half
from dashboard.vocabulary import EventKind
from dashboard.wording import counted, listed, sentence, share, share_of

DRIFTING = ("low_attendance", "no_recent_attendance")


def say_attendance(attendance: pd.DataFrame, flags: Sequence[Flag]) -> str:
    """One sentence on a cluster's attendance: who came to everything, who is drifting, what is not recorded."""
    asked = attendance[attendance["expected"] > 0]
    if asked.empty:
        return "Meetings were held, but no marks are recorded yet."
    every = int((asked["attended"] == asked["expected"]).sum())
    start = f"{sentence(share_of(every, len(asked), 'school'))} came to every meeting"
    shorter = short_names(attendance["name"])
    drifting = {flag.subject for flag in flags if flag.rule in DRIFTING}
    names = [
        shorter[name] for slug, name in zip(attendance["school"], attendance["name"], strict=True) if slug in drifting
    ]
    if names:
        return f"{start}; {listed(names)} {'is' if len(names) == 1 else 'are'} drifting."
    missing = int(attendance["not_recorded"].sum())
    return f"{start}; {counted(missing, 'mark')} not recorded." if missing else f"{start}; none is drifting."


def say_away(marks: pd.DataFrame) -> str:
    """Which schools were expected at no meeting for a time, and why: "Ford was on sabbatical at two meetings."."""
    away = marks[[each is not None for each in marks["away"]]]
    shorter = short_names(marks["name"].unique())
    told = [
        f"{shorter[name]} was {AWAY_WORDS[kind]} at {counted(len(rows), 'meeting')}"
        for (name, kind), rows in away.groupby(["name", "away"], sort=False)
    ]
    return f"{sentence('; '.join(told))}." if told else ""


AWAY_WORDS: Final = {EventKind.SABBATICAL: "on sabbatical", EventKind.CLOSED: "closed"}


def say_turnout(turnout: pd.DataFrame) -> str:
    """A cluster's attendance without a name: "Schools came to 31 of 50 times they were expected (62 %)."."""
    attended, expected = int(turnout["attended"].sum()), int(turnout["expected"].sum())
    if not expected:
        return "Meetings were held, but no marks are recorded yet."
    if attended == expected:
        return f"Every school came every time it was expected, {counted(expected, 'time')} in all."
    return f"Schools came {attended:,} of the {expected:,} times they were expected ({share(attended / expected)})."


def say_trend(terms: pd.DataFrame) -> str:
    """How attendance went from the first term to the last: "Attendance fell from 92 % in the autumn term 2015 to …"."""
    first, last = (terms.iloc[place].to_dict() for place in (0, -1))
    then, now = (share(row["attended"] / row["expected"]) for row in (first, last))
    if len(terms) == 1:
        return f"Schools came {now} of the times they were expected in the {say_term(last)}."
    if then == now:
        return f"Attendance is {now} in the {say_term(last)}, as it was in the {say_term(first)}."
    fell = last["attended"] * first["expected"] < first["attended"] * last["expected"]
    went = "fell" if fell else "rose"
    return f"Attendance {went} from {then} in the {say_term(first)} to {now} in the {say_term(last)}."


def say_term(row: Mapping[str, Any]) -> str:
    """A term (`year`, `term`) with the calendar year it falls in: "spring term 2017"."""
    return f"{row['term']} term {row['year'] + (row['term'] != Term.AUTUMN)}"


def term_of(when: date) -> tuple[int, Term]:
    """The academic year and term in which a day falls."""
    return AcademicYear.of(when).start, Term.of(when)


def say_context(context: Sequence[Mapping[str, Any]]) -> str:
    """What happened outside, from rows of `load_context`: "In the spring term 2011: services become traded."."""
    told = []
    for event in context:
        year, term = term_of(event["happened_on"])
        told.append(f"In the {say_term({'year': year, 'term': term})}: {str(event['words']).rstrip('.')}.")
    return " ".join(told)


def say_tenure(tenure: pd.DataFrame) -> str:
    """How many had more than one lead: "Two of eight schools with a lead on record have had more than one."."""
    most = tenure.groupby("school_id")["person_number"].max()
    several = int((most > 1).sum())
    if not several:
        one = "The one school" if len(most) == 1 else f"Each of {counted(len(most), 'school')}"
        return f"{one} with a lead on record has had one."
    have = "has" if several == 1 else "have"
    return f"{sentence(share_of(several, len(most), 'school'))} with a lead on record {have} had more than one."


def say_programme_years(totals: Mapping[int, tuple[int, int]]) -> str:
    """How attendance differs between the first and last year of the programme, from (came, expected) by year."""
    first, last = min(totals), max(totals)
    then, now = (share(came / expected) for came, expected in (totals[first], totals[last]))
    return f"Schools came {then} of the times in year {first} of their programme and {now} in year {last}."


def say_spread(spread: Spread) -> str:
    """Where half of many clusters lie: "Half of the clusters lie between 85 % and 96 %."."""
    lower, upper = (share(float(each)) for each in middle_half(spread.rates))
    return f"Half of the clusters lie {f'at {lower}' if lower == upper else f'between {lower} and {upper}'}."


def say_left_out(spread: Spread) -> str:
    """Which clusters are not in the spread, said apart; nothing where all are."""
    told = [
        f"{counted(number, 'cluster')} {'has' if number == 1 else 'have'} {what}"
        for number, what in (
            (spread.few_marks, f"fewer than {counted(FEWEST_MARKS, 'mark')}"),
            (spread.no_marks, "no marks"),
        )
        if number
    ]
    return f"{sentence(' and '.join(told))} and {'is' if _left_out(spread) == 1 else 'are'} left out." if told else ""


def _left_out(spread: Spread) -> int:
    return spread.few_marks + spread.no_marks


def say_rate(attended: int, expected: int) -> str:
    """A rate with both its numbers: "87 % (13 of 15)"."""
    return f"{share(attended / expected)} ({attended} of {expected})" if expected else "not known"


def say_own_attendance(attended: int, expected: int, others: Mapping[str, Any] | None = None) -> str:
    """The school's own, said to the school: "You came to 1 of 4 meetings".

    With a row of `load_others` also how the others did; without it nothing of them.
    """
    own = _own(attended, expected)
    return f"{own}; {say_others(others)}." if others and expected else f"{own}."


def _own(attended: int, expected: int) -> str:
    if not expected:
        return "No meeting with a mark for your school yet"
    if attended == expected:
        return "You came to the one meeting" if expected == 1 else f"You came to all {counted(expected, 'meeting')}"
    if expected == 1:
        return "You did not come to the one meeting"
    return f"You came to {attended} of {expected} meetings"


def say_comers(usual: int, substitute: int) -> str:
    """Whether the usual person came for a school, or somebody else: both represent it (3.13)."""
    if not substitute:
        return f"The usual person came each time, {_times(usual)} in all."
    if not usual:
        return f"Somebody else came for the usual person each time, {_times(substitute)} in all."
    return f"The usual person came {_times(usual)}, somebody else {_times(substitute)}."


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number) or counted(number, "time")


def say_beside(attended: int, expected: int, others: Mapping[str, Any] | None) -> str:
    """How a school sits among the others of its cluster, from a row of `load_others`; nothing of them without one."""
    own = f"You came to {share(attended / expected)} of your meetings" if expected else "You have no mark yet"
    if others is None:
        return f"{own}; how the other schools did is told of those with an open book."
    if others["others"] == 1:
        return f"{own}, {say_others(others).removeprefix('the ')}."
    return f"{own}; the median of {counted(others['others'], 'other school')} is {share(others['median'])}."


def say_others(others: Mapping[str, Any]) -> str:
    """How often the middle half of the other schools came, from a row of `load_others`."""
    lower, upper = share(others["lower"]), share(others["upper"])
    if others["others"] == 1:
        return f"the one other school came to {lower}"
    span = lower if lower == upper else f"between {lower} and {upper}"
    return f"the middle half of the other schools came to {span}"
