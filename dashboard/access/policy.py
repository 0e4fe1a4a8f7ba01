"""Which role may do what to which objects, read from `matrix.csv`, and the one decision that rests on it.

A cell of the matrix says how far a role reaches: `programme` (every cluster of the programme the role was given for, or
of all programmes), `cluster` (the cluster it was given for), `totals` (of the clusters its school belongs to, without
naming another school), `school` (the school it was given for), `people` (accounts and contacts, no school data). An
empty cell is no.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from dashboard.access.scope import NOTHING, Scope
from dashboard.vocabulary import Role


class Action(StrEnum):
    """What somebody wants to do."""

    SEE = "see"
    EDIT = "edit"


class Object(StrEnum):
    """What somebody wants to do it to."""

    OVERVIEW = "overview"
    CLUSTER = "cluster"
    SCHOOL = "school"
    SCREEN = "screen"
    REGISTER = "register"
    LIFECYCLE = "lifecycle"
    REASONS = "reasons"
    CONCERNS = "concerns"
    EXITS = "exits"
    WORKGROUP = "workgroup"
    MONEY = "money"
    LEDGER = "ledger"
    REQUESTS = "requests"
    APPROVALS = "approvals"
    OPEN_FIGURES = "open figures"
    DECISIONS = "decisions"
    PLAN = "plan"
    STAGES = "stages"
    WORKING_GROUPS = "working groups"
    EVALUATION = "evaluation"
    SCREEN_LINKS = "screen links"
    OPEN_BOOK = "open book"
    AUDIT = "audit"
    PEOPLE = "people"
    CONTACTS = "contacts"


class Range(StrEnum):
    """How far a role reaches."""

    PROGRAMME = "programme"
    CLUSTER = "cluster"
    TOTALS = "totals"
    SCHOOL = "school"
    PEOPLE = "people"


class Refused(Exception):
    """Somebody tried what is not theirs. The text says it to that person and gives nothing away."""

    def __init__(self, action: Action, thing: Object) -> None:
        self.action, self.thing = action, thing
        super().__init__(f"You may not {action} this {thing}.")


@dataclass(frozen=True)
class Grant:
    """One role and where it holds. A director or advisor without a programme has all of them."""

    role: Role
    programme_id: int | None = None
    cluster_id: int | None = None
    school_id: int | None = None

    @property
    def of_no_place(self) -> bool:
        """Whether no place was named."""
        return self.programme_id is self.cluster_id is self.school_id is None


@dataclass(frozen=True)
class Reader:
    """Whoever asks: as what, and with which grants. Nobody holds any grant unless one was given."""

    name: str = ""
    """What the page says: the person's name or address."""
    grants: tuple[Grant, ...] = ()
    account_id: int | None = None
    known_as: str = "nobody signed in"
    """What the audit says: roles, never a person's name."""
    looks_only: bool = False
    """A guest of the sample or a screen link: may see what its grants say and change nothing."""
    sees_only: Object | None = None
    """A screen link: whoever stands before a screen in a room reads the screen, whatever its role may see besides."""

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles held, each once."""
        return tuple(dict.fromkeys(grant.role for grant in self.grants))


_OF_EVERY_PROGRAMME: Final = frozenset({Role.DIRECTOR, Role.ADVISOR})
"""The roles that, given without any place, are held for every programme. Of another role that is no place at all."""

Matrix = Mapping[tuple[Action, Object], Mapping[Role, Range]]


def _read_matrix(path: Path) -> Matrix:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (Action(row["action"]), Object(row["object"])): {
                role: Range(row[role]) for role in Role if row[role]
            }
            for row in csv.DictReader(file)
        }  # fmt: skip


MATRIX: Final = _read_matrix(Path(__file__).with_name("matrix.csv"))
_NONE: Final[Mapping[Role, Range]] = {}


def _is_shut(reader: Reader, action: Action, thing: Object) -> bool:
    """Whether this is shut to a reader whatever the grants say."""
    if reader.sees_only is not None and thing is not reader.sees_only:
        return True
    return reader.looks_only and action is not Action.SEE


def scope_for(reader: Reader, action: Action, thing: Object) -> Scope:
    """What a reader may do an action to: the union of what each grant reaches. Nothing unless the matrix says so."""
    if _is_shut(reader, action, thing):
        return NOTHING
    reaches = MATRIX.get((action, thing), _NONE)
    scope = NOTHING
    for grant in reader.grants:
        scope |= _reach(grant, reaches.get(grant.role))
    return scope


def may(reader: Reader, action: Action, thing: Object) -> bool:
    """Whether a reader may do this to anything at all: enough for a menu, never for a row."""
    if _is_shut(reader, action, thing):
        return False
    reaches = MATRIX.get((action, thing), _NONE)
    return any(_reaches_something(grant, reaches.get(grant.role)) for grant in reader.grants)


def reaches_people(reader: Reader, action: Action, thing: Object) -> bool:
    """Whether a reader may do this where it is about people, accounts and contacts: no school comes with it."""
    if _is_shut(reader, action, thing):
        return False
    reaches = MATRIX.get((action, thing), _NONE)
    return any(reaches.get(role) is Range.PEOPLE for role in reader.roles)


def check(reader: Reader, action: Action, thing: Object) -> Scope:
    """The scope in which a reader may do this. Raises Refused where there is none."""
    if not may(reader, action, thing):
        raise Refused(action, thing)
    return scope_for(reader, action, thing)


def _reach(grant: Grant, reach: Range | None) -> Scope:
    if reach is Range.PROGRAMME and grant.programme_id is not None:
        return Scope(programme_ids=frozenset({grant.programme_id}))
    if reach is Range.PROGRAMME and grant.role in _OF_EVERY_PROGRAMME and grant.of_no_place:
        return Scope(everything=True)
    if reach is Range.CLUSTER and grant.cluster_id is not None:
        return Scope(cluster_ids=frozenset({grant.cluster_id}))
    if reach in {Range.SCHOOL, Range.TOTALS} and grant.school_id is not None:
        return Scope(school_ids=frozenset({grant.school_id}))
    return NOTHING


def _reaches_something(grant: Grant, reach: Range | None) -> bool:
    return reach is Range.PEOPLE or _reach(grant, reach) != NOTHING


def describe_matrix() -> str:
    """The matrix as a table in Markdown, as the README shows it."""
    roles = list(Role)
    head = f"| | {' | '.join(roles)} |"
    rows = [
        f"| {action} {thing} | {' | '.join(reaches.get(role, '–') for role in roles)} |"
        for (action, thing), reaches in MATRIX.items()
    ]
    return "\n".join([head, "| --- " * (len(roles) + 1) + "|", *rows])
