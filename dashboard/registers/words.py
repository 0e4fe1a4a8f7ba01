"""How a register speaks: its days, its people, who is not expected and why."""

from collections.abc import Collection
from datetime import date, time
from typing import Final

from dashboard.roles import ROLE_WORDS
from dashboard.vocabulary import EventKind, Mark, PersonRole
from dashboard.wording import day

OFFERED: Final = (Mark.PRESENT, Mark.SUBSTITUTE, Mark.APOLOGIES, Mark.ABSENT)
"""The marks that one tap sets."""
TICKS: Final = {Mark.PRESENT: "came", Mark.SUBSTITUTE: "came for somebody", Mark.ABSENT: "did not come"}
"""What is said of a person."""


def say_time(starts: time | None, ends: time | None, in_school_time: bool | None) -> str:
    """When on its day a meeting was: "13:30 to 15:30, in school time"; nothing of what nobody said (4.20)."""
    clock = " to ".join(f"{each:%H:%M}" for each in (starts, ends) if each)
    released = {True: "in school time", False: "after school", None: ""}[in_school_time]
    return ", ".join(part for part in (clock, released) if part)


def say_away(kind: EventKind, until: date | None) -> str:
    """Why a school is not expected: "closed", "on sabbatical until 31 August 2017"."""
    if kind is EventKind.CLOSED:
        return "closed"
    return f"on sabbatical until {day(until)}" if until else "on sabbatical, no last day is known"


def say_roles(roles: Collection[PersonRole], new_since: date | None, ends: date | None) -> str:
    """What a person does, and during a handover who goes and who comes: "subject lead, until 31 March 2017"."""
    parts = [ROLE_WORDS[each] for each in roles]
    if new_since:
        parts.append(f"since {day(new_since)}")
    if ends:
        parts.append(f"until {day(ends)}")
    return ", ".join(parts)
