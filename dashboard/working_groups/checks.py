"""What a working group, its outcomes, a project and the children who took part have to be like. Pure, and in words."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from dashboard.vocabulary import GroupStatus, OutcomeState, ProjectStage
from dashboard.wording import day

LONGEST_NAME: Final = 200
LONGEST_LEAD: Final = 60
LONGEST_TOPIC: Final = 300
LONGEST_OUTCOME: Final = 500
LONGEST_WORDS: Final = 1000
LONGEST_YEAR_GROUP: Final = 20
MOST_TOPICS: Final = 30
MOST_CHILDREN: Final = 5_000
MOST_YEAR_GROUPS: Final = 40
"""Of one project: a form shows them all, so that none is lost when it is stored."""
MOST_PEOPLE: Final = 999
_MOST_PENCE: Final = 10**11
_BULLET: Final = re.compile(r"^[-•*·]\s*")
_NUMBERED: Final = re.compile(r"^(?:year|yr|y)\s*(\d{1,2})\b", re.IGNORECASE)


class GroupRefused(Exception):
    """Something cannot be stored. The text says what is wrong and what to do; `field` is where."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class ChangedMeanwhile(GroupRefused):
    """Somebody stored something else since the form was opened."""

    def __init__(self) -> None:
        super().__init__("Somebody changed this meanwhile. Nothing of yours is lost: look, and store it.")


class NoSuchGroup(Exception):
    """The cluster, group, outcome or project is not there, or not the writer's."""


@dataclass(frozen=True)
class GroupSaid:
    """A working group as somebody tells it. Schools, target and project by number, looked up within the scope."""

    name: str
    status: GroupStatus = GroupStatus.PLANNED
    lead: str | None = None
    """By role, never by name."""
    lead_school_id: int | None = None
    topics: tuple[str, ...] = ()
    starts: date | None = None
    ends: date | None = None
    project_id: int | None = None
    target_id: int | None = None
    schools: Mapping[int, int | None] = field(default_factory=dict)
    """School → how many of its people, where that is known."""


@dataclass(frozen=True)
class OutcomeSaid:
    """An outcome that a group set itself (1.20), and what became of it."""

    words: str
    state: OutcomeState = OutcomeState.OPEN
    reached_on: date | None = None
    saved: int | None = None
    """Pence saved or earned (1.21): in no pot."""


Dates = tuple[date | None, date | None]


@dataclass(frozen=True)
class ProjectSaid:
    """A project as somebody tells it; of each stage it has reached, from when until when, as far as known (1.14)."""

    name: str
    words: str | None = None
    starts: date | None = None
    ends: date | None = None
    steps: Mapping[ProjectStage, Dates] = field(default_factory=dict)


def sign_of_group(group: Any, schools: Iterable[Any]) -> str:
    """A short sign of a group as somebody was shown it, out of rows of a query or of the store; as of all below. A form
    sends it, so that nobody writes over what they did not see.
    """
    columns = ("name", "status", "lead", "lead_school_id", "topics", "starts", "ends", "project_id", "target_id")
    return _sign(_told((group,), *columns), _told(schools, "school_id", "people"))


def sign_of_outcome(outcome: Any) -> str:
    """Of an outcome."""
    return _sign(_told((outcome,), "words", "state", "reached_on", "saved"))


def sign_of_project(project: Any, steps: Iterable[Any]) -> str:
    """Of a project with its stages."""
    return _sign(_told((project,), "name", "words", "starts", "ends"), _told(steps, "stage", "started_on", "ended_on"))


def sign_of_children(rows: Iterable[Any]) -> str:
    """Of the children who took part in a project."""
    return _sign(_told(rows, "school_id", "year_group", "children"))


def _told(rows: Iterable[Any], *columns: str) -> list[list[str]]:
    values = ([getattr(row, column) for column in columns] for row in rows)
    return sorted(["" if value is None or value == () else str(value) for value in row] for row in values)


def _sign(*told: list[list[str]]) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def lines_of(text: str, *, also: str = "") -> tuple[str, ...]:
    """The entries of a list that somebody typed: one on each line, with or without a bullet; `also` parts them too."""
    written = text.replace(also, "\n") if also else text
    told = (" ".join(_BULLET.sub("", line.strip()).split()) for line in written.splitlines())
    return tuple(line for line in told if line)


def check_group(said: GroupSaid) -> None:
    """Refuse a group whose own words or dates cannot hold."""
    _check_text(said.name, LONGEST_NAME, "name", "Give the group a name.")
    _check_length(said.lead, LONGEST_LEAD, "lead")
    if len(said.topics) > MOST_TOPICS:
        raise GroupRefused(f"A group may have {MOST_TOPICS} topics; these are {len(said.topics)}.", "topics")
    for topic in said.topics:
        _check_length(topic, LONGEST_TOPIC, "topics")
    _check_order(said.starts, said.ends, "ends")


def check_project(said: ProjectSaid) -> None:
    """Refuse a project whose own words or dates cannot hold. Its stages may overlap; none is before its own start."""
    _check_text(said.name, LONGEST_NAME, "name", "Give the project a name.")
    _check_length(said.words, LONGEST_WORDS, "words")
    _check_order(said.starts, said.ends, "ends")
    for stage, (first, last) in said.steps.items():
        _check_order(first, last, f"ended_{stage}")


def check_outcome(said: OutcomeSaid, today: date) -> None:
    """Refuse an outcome without words, one reached on no day or a day to come, and money below nought."""
    _check_text(said.words, LONGEST_OUTCOME, "words", "Say in a sentence what is to be reached.")
    if said.state is OutcomeState.REACHED and said.reached_on is None:
        raise GroupRefused("Say on which day it was reached.", "reached_on")
    if said.reached_on is not None and said.state is not OutcomeState.REACHED:
        raise GroupRefused("Leave the day empty, or say that it is reached.", "reached_on")
    if said.reached_on is not None and said.reached_on > today:
        raise GroupRefused(f"{day(said.reached_on)} is still to come; until then the outcome is open.", "reached_on")
    if said.saved is not None and not 0 <= said.saved <= _MOST_PENCE:
        raise GroupRefused("Give what was saved or earned in pounds, such as 1200 or 1200.50.", "saved")


def check_year_group(text: str) -> str:
    """The name of a year group, squeezed into one line."""
    told = " ".join(text.split())
    if len(told) > LONGEST_YEAR_GROUP:
        raise GroupRefused(f"“{told[:40]}” is too long for a year group; use at most {LONGEST_YEAR_GROUP} letters.")
    return told


def by_age(year_group: str) -> tuple[int, str]:
    """What to order year groups by: nursery, reception, Year 1 and so on, and then all others by name."""
    plain = year_group.casefold()
    found = _NUMBERED.match(plain)
    if found:
        return int(found[1]), plain
    if plain.startswith("nurs"):
        return -1, plain
    return (0, plain) if plain.startswith("rec") or plain == "r" else (99, plain)


def _check_text(text: str, most: int, where: str, missing: str) -> None:
    if not text.strip():
        raise GroupRefused(missing, where)
    _check_length(text, most, where)


def _check_length(text: str | None, most: int, where: str) -> None:
    if text is not None and len(text) > most:
        raise GroupRefused(f"Use at most {most} letters; these are {len(text)}.", where)


def _check_order(first: date | None, last: date | None, where: str) -> None:
    if first is not None and last is not None and last < first:
        raise GroupRefused(f"It cannot end on {day(last)}, before it began on {day(first)}.", where)
