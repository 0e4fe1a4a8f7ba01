"""Cells that hold one of the field's words: marks, pots, parts, states, phases. Anything else is refused."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from dashboard.intake.tables import Cell, show
from dashboard.vocabulary import (
    ActivityKind,
    ConcernDecision,
    ContributionKind,
    ContributionState,
    FocusArea,
    Horizon,
    LinePurpose,
    LineState,
    Mark,
    MeetingKind,
    OutsideKind,
    OutsideState,
    Part,
    Phase,
    Pot,
    RequestKind,
    RequestState,
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
_CONTRIBUTIONS: Final = {
    "excess": ContributionKind.CPD_EXCESS,
    "share_of_cpd": ContributionKind.CPD_EXCESS,
    "money": ContributionKind.CASH,
    "release": ContributionKind.RELEASE_IN_KIND,
    "release_time": ContributionKind.RELEASE_IN_KIND,
    "hours": ContributionKind.TIME_IN_KIND,
    "time": ContributionKind.TIME_IN_KIND,
}
_GIVEN: Final = {"given": ContributionState.PAID}
_OUTSIDE: Final = {"sponsor": OutsideKind.SPONSORSHIP, "fundraising": OutsideKind.CHARITY}
_OUTCOMES: Final = {
    "awarded": OutsideState.WON,
    "approved": OutsideState.WON,
    "pending": OutsideState.APPLIED,
    "refused": OutsideState.DECLINED,
    "unsuccessful": OutsideState.DECLINED,
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


def read_activity(cell: Cell) -> ActivityKind:
    """Read what kind of work a target is (3.1)."""
    return _word(cell, ActivityKind, {}, "a kind of work")


def read_horizon(cell: Cell) -> Horizon:
    """Read how far a target looks ahead (3.9): short, medium, long."""
    return _word(cell, Horizon, {}, "a horizon")


def read_focus_area(cell: Cell) -> FocusArea:
    """Read which focus area a target belongs to (4.6)."""
    return _word(cell, FocusArea, {}, "a focus area")


def read_step_kind(cell: Cell) -> StepKind:
    """Read what was done about a concern: "visited the head" (3.12)."""
    return _word(cell, StepKind, {}, "a kind of step")


def read_outcome(cell: Cell) -> StepOutcome:
    """Read what came of a step: "head came" (3.12)."""
    return _word(cell, StepOutcome, {}, "something that comes of a step")


def read_decision(cell: Cell) -> ConcernDecision:
    """Read how a concern was closed (4.22)."""
    return _word(cell, ConcernDecision, {}, "a decision")


def read_request_kind(cell: Cell) -> RequestKind:
    """Read what the advisor is asked for: "Extra time" (4.17), "travel" (4.26)."""
    return _word(cell, RequestKind, {}, "a kind of request")


def read_request_state(cell: Cell) -> RequestState:
    """Read what became of a request."""
    return _word(cell, RequestState, {}, "a state of a request")


def read_contribution_kind(cell: Cell) -> ContributionKind:
    """Read what a school puts in: "levy", "time in kind" (2.4, 4.4)."""
    return _word(cell, ContributionKind, _CONTRIBUTIONS, "a kind of contribution")


def read_contribution_state(cell: Cell) -> ContributionState:
    """Read how far a contribution has got; what is in kind is given where money is paid."""
    return _word(cell, ContributionState, _GIVEN, "a state of a contribution")


def read_outside_kind(cell: Cell) -> OutsideKind:
    """Read what sort of money comes from outside: "grant", "charity" (2.5, 4.21)."""
    return _word(cell, OutsideKind, _OUTSIDE, "a kind of money from outside")


def read_outside_state(cell: Cell) -> OutsideState:
    """Read how far money from outside has got: "applied", "awarded"."""
    return _word(cell, OutsideState, _OUTCOMES, "a state of a grant")


def _word(cell: Cell, words: type[Word], others: Mapping[str, Word], what: str) -> Word:
    text = re.sub(r"[^a-z0-9]+", "_", re.sub(r"['’]", "", show(cell).casefold())).strip("_")
    for word in words:
        if text == word.value.casefold():
            return word
    if text in others:
        return others[text]
    raise ValueError(f"“{show(cell)}” is not {what}; known are {', '.join(words)}")
