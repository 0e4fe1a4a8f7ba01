"""What the panels of a meeting's agenda say. Pure: rows in, words out; a school is named, a person never."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from dashboard.flags import Flag
from dashboard.vocabulary import Severity
from dashboard.wording import counted, day, in_words, sentence, share_of


@dataclass(frozen=True)
class Turnout:
    """How many schools came to one meeting, of those expected with a mark."""

    held_on: date
    came: int
    expected: int
    meeting_id: int = 0


def since_last_time(turnouts: Sequence[Turnout], steering: Sequence[date]) -> Sequence[Turnout]:
    """The meetings of a year since the steering group met last, before the newest meeting; the newest where none is.

    `turnouts` come in order; `steering` are the days on which the steering group met.
    """
    if not turnouts:
        return ()
    newest = turnouts[-1].held_on
    last = max((held for held in steering if held < newest), default=None)
    return [each for each in turnouts if last is not None and each.held_on > last] or [turnouts[-1]]


def say_turnouts(turnouts: Sequence[Turnout], steering: Sequence[date]) -> str:
    """Who came since last time: "Six of eight schools came on 8 March 2017, two fewer than the time before."."""
    told = [each for each in turnouts if each.expected]
    if not told:
        return "Meetings were held, but no marks are recorded yet."
    shown = since_last_time(told, steering)
    if len(shown) > 1:
        came, expected = sum(each.came for each in shown), sum(each.expected for each in shown)
        last = shown[-1]
        return (
            f"Since the last steering group schools came {came} of {expected} times, to "
            f"{counted(len(shown), 'meeting')}; {last.came} of {last.expected} on {day(last.held_on)}."
        )
    return f"{_on(shown[0])}{_beside(shown[0], told[-2] if len(told) > 1 else None)}."


def _on(turnout: Turnout) -> str:
    return f"{sentence(share_of(turnout.came, turnout.expected, 'school'))} came on {day(turnout.held_on)}"


def _beside(now: Turnout, before: Turnout | None) -> str:
    if before is None:
        return ""
    if before.expected != now.expected:
        return f"; {before.came} of {before.expected} the time before"
    if before.came == now.came:
        return ", as many as the time before"
    than = "more" if now.came > before.came else "fewer"
    return f", {in_words(abs(now.came - before.came))} {than} than the time before"


QUESTIONS: Final[Mapping[str, str]] = {
    "low_attendance": "What would help it to come?",
    "no_recent_attendance": "Who asks it why?",
    "missed_half_term": "When do we meet instead?",
    "after_school": "Can we meet in school time?",
    "cluster_size": "Is that how we want it?",
    "overspent": "Who pays for it?",
    "unspent": "What do we spend it on?",
    "unallocated": "Where does it come from?",
    "overdue": "What do we do about it?",
    "no_evidence": "Who brings some, and by when?",
    "no_measurable_criterion": "How will we know that it is met?",
}
"""The rules whose flags are worth a decision of the whole group, and what to ask. A flag of any other rule, such as one
on changes of staff or a sabbatical, is nothing for a wall."""


def ask(flags: Sequence[Flag]) -> list[Flag]:
    """The flags that are put to the group, the most pressing first and of one rule all together."""
    urgency = {Severity.ACT: 0, Severity.LOOK: 1}
    asked = [flag for flag in flags if flag.rule in QUESTIONS and flag.severity in urgency]
    return sorted(asked, key=lambda flag: urgency[flag.severity])


def say_to_decide(still: int, overdue: int, questions: int) -> str:
    """How much waits: "Three decisions and actions are open, one of them overdue; two questions wait."."""
    asked = f"{counted(questions, 'question waits', 'questions wait')} for an answer" if questions else ""
    if not still:
        return f"Nothing is open from before{'; ' + asked if asked else ''}."
    open_ones = "One decision or action is" if still == 1 else f"{sentence(in_words(still))} decisions and actions are"
    late = ""
    if overdue:
        late = ", and overdue" if still == 1 else f", {in_words(overdue)} of them overdue"
    return f"{open_ones} open{late}{'; ' + asked if asked else ''}."


def say_when(held_on: date, starts_at: time | None = None) -> str:
    """A day, with the time where it is known: "10 May 2017, 13:30"."""
    return f"{day(held_on)}, {starts_at:%H:%M}" if starts_at else day(held_on)


def say_in(when: date, as_of: date) -> str:
    """How far away a day is: "today", "in 12 days"."""
    days = (when - as_of).days
    return "today" if days == 0 else f"in {counted(days, 'day')}"


def say_dates(next_meeting: str | None, others: int) -> str:
    """The next meeting, or that there is none, and how many other days are to be kept in mind."""
    if next_meeting is not None:
        return f"The next meeting is on {next_meeting}."
    if not others:
        return "No meeting is planned, and nothing is due."
    return f"No meeting is planned; {counted(others, 'day is', 'days are')} to be kept in mind."
