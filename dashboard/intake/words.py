"""Cells that hold one of the field's words: marks, pots, parts, states, phases. Anything else is refused."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from dashboard.intake.tables import Cell, show
from dashboard.vocabulary import (
    ConcernDecision,
    LinePurpose,
    LineState,
    Mark,
    MeetingKind,
    Part,
    Phase,
    Pot,
    StepKind,
    StepOutcome,
    TargetStatus,
    UseCode,
)

Word = TypeVar("Word", bound=StrEnum)

_PRESENT: Final = ("y", "yes", "p", "present", "✓", "✔", "x", "1")
_SUBSTITUTE: Final = ("s", "sub", "substitute")
_APOLOGIES: Final = ("a", "apologies", "apols")
_ABSENT: Final = ("n", "no", "0", "absent", "✗")
_NOT_EXPECTED: Final = ("n/a", "-", "–", "not_expected", "not expected")
_NOT_RECORDED: Final = ("", "not_recorded", "not recorded")

_MARKS: Final = {
    text: mark
    for mark, texts in (
        (Mark.PRESENT, _PRESENT),
        (Mark.SUBSTITUTE, _SUBSTITUTE),
        (Mark.APOLOGIES, _APOLOGIES),
        (Mark.ABSENT, _ABSENT),
        (Mark.NOT_EXPECTED, _NOT_EXPECTED),
        (Mark.NOT_RECORDED, _NOT_RECORDED),
    )
    for text in texts
}

_PARTS: Final = {
    "part_a": Part.A,
    "part_b": Part.B,
    "c": Part.COORDINATOR,
    "coordinators_allowance": Part.COORDINATOR,
    "coordinator_allowance": Part.COORDINATOR,
    "co_ordinator": Part.COORDINATOR,
    "co_ordinators_allowance": Part.COORDINATOR,
    "joint_pot": Part.JOINT,
    "cluster_lead_allowance": Part.LEAD_ALLOWANCE,
    "supply": Part.RELEASE,
    "release_time": Part.RELEASE,
    "resource": Part.RESOURCES,
}
_POTS: Final = {
    "lead": Pot.LEAD_HELD,
    "lead_school": Pot.LEAD_HELD,
    "school": Pot.SCHOOL_HELD,
    "trust": Pot.TRUST_HELD,
}
_PURPOSES: Final = {
    "cpd": LinePurpose.CPD_SESSION,
    "psqm": LinePurpose.QUALITY_MARK,
    "primary_science_quality_mark": LinePurpose.QUALITY_MARK,
}
_MEETING_KINDS: Final = {
    "cluster_meeting": MeetingKind.CLUSTER,
    "steering": MeetingKind.STEERING_GROUP,
    "steering_group_meeting": MeetingKind.STEERING_GROUP,
    "subgroup": MeetingKind.SUB_GROUP,
    "sub_group_meeting": MeetingKind.SUB_GROUP,
    "network_meeting": MeetingKind.NETWORK,
    "networking": MeetingKind.NETWORK,
    "cpd": MeetingKind.TRAINING,
    "inset": MeetingKind.TRAINING,
    "annual_review": MeetingKind.REVIEW,
}
_PHASES: Final = {
    "infants": Phase.INFANT,
    "juniors": Phase.JUNIOR,
    "first": Phase.PRIMARY,
    "middle_deemed_primary": Phase.MIDDLE,
    "middle_deemed_secondary": Phase.MIDDLE,
    "16_plus": Phase.OTHER,
    "not_applicable": Phase.OTHER,
}


def read_mark(cell: Cell, key: Mapping[str, Mark]) -> Mark:
    """Read the mark of a register; the register's own key goes first. A blank is NOT_RECORDED, never absence."""
    text = show(cell).replace("\N{VARIATION SELECTOR-16}", "").casefold()
    own = {written.strip().casefold(): mark for written, mark in key.items()}
    mark = own.get(text, _MARKS.get(text))
    if mark is None:
        raise ValueError(
            f"“{show(cell)}” is not a mark; use present, substitute, apologies, absent or not_expected, "
            "or give the register's own key in the mapping's “marks”"
        )
    return mark


def read_pot(cell: Cell) -> Pot:
    """Read who holds the money."""
    return _word(cell, Pot, _POTS, "a pot")


def read_part(cell: Cell) -> Part:
    """Read what the money was given for: "A", "Part A", "Coordinator's Allowance"."""
    return _word(cell, Part, _PARTS, "a part of the funding")


def read_use_code(cell: Cell) -> UseCode:
    """Read a use code, such as A1 (3.2–3.4)."""
    return _word(cell, UseCode, {}, "a use code")


def read_purpose(cell: Cell) -> LinePurpose:
    """Read what a line paid for, where a rule asks it: "CPD session" (4.9)."""
    return _word(cell, LinePurpose, _PURPOSES, "a purpose of a line")


def read_state(cell: Cell) -> LineState:
    """Read how far a line of the ledger has got."""
    return _word(cell, LineState, {}, "a state of a line")


def read_meeting_kind(cell: Cell) -> MeetingKind:
    """Read what a meeting was for: "cluster", "Steering group"."""
    return _word(cell, MeetingKind, _MEETING_KINDS, "a kind of meeting")


def read_in_school_time(cell: Cell) -> bool:
    """Whether a meeting was held in released school time (4.20): yes, in school; no, after school."""
    text = show(cell).casefold().replace("-", " ").replace("_", " ")
    if text in {"yes", "y", "1", "true", "in school", "in school time", "school time", "released"}:
        return True
    if text in {"no", "n", "0", "false", "after school", "twilight"}:
        return False
    raise ValueError("say “in school” or “after school”; yes and no are understood too")


def read_phase(cell: Cell) -> Phase:
    """Read the phase of a school, as people or the national register write it."""
    return _word(cell, Phase, _PHASES, "a phase")


def read_status(cell: Cell) -> TargetStatus:
    """Read the status a person gave a target."""
    return _word(cell, TargetStatus, {}, "a status")


def read_step_kind(cell: Cell) -> StepKind:
    """Read what was done about a concern: "visited the head" (3.12)."""
    return _word(cell, StepKind, {}, "a kind of step")


def read_outcome(cell: Cell) -> StepOutcome:
    """Read what came of a step: "head came" (3.12)."""
    return _word(cell, StepOutcome, {}, "something that comes of a step")


def read_decision(cell: Cell) -> ConcernDecision:
    """Read how a concern was closed (4.22)."""
    return _word(cell, ConcernDecision, {}, "a decision")


def _word(cell: Cell, words: type[Word], others: Mapping[str, Word], what: str) -> Word:
    text = re.sub(r"[^a-z0-9]+", "_", re.sub(r"['’]", "", show(cell).casefold())).strip("_")
    for word in words:
        if text == word.value.casefold():
            return word
    if text in others:
        return others[text]
    raise ValueError(f"“{show(cell)}” is not {what}; known are {', '.join(words)}")
