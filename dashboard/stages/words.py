"""What stands on the two checklists, and what stages, ticks and answers are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dashboard.vocabulary import Checklist, Commitment, TickState


@dataclass(frozen=True)
class Item:
    """One item of a checklist: the key under which it is stored, what is to be done, and what it is while it is not."""

    key: str
    title: str
    missing: str


GATE: Final = (
    Item("review", "The review at the end of the stage was held and went well", "the review at its end"),
    Item("report", "A report was written", "the report"),
    Item("application", "An application for what comes next was made", "the application"),
    Item("accepted", "The application succeeded", "a yes to the application"),
)
"""What leads out of a stage (4.3)."""
INDEPENDENCE: Final = (
    Item("succession", "Who runs the cluster from here on is agreed", "a succession plan"),
    Item("finances", "The money for years 5 and 6 is in place", "the money for years 5 and 6"),
    Item("successors", "Successors are named, each with a head who supports them", "successors with a supportive head"),
    Item("additions", "Schools that would be added are known", "which schools would be added"),
)
"""What a cluster settles before it runs itself (3.17, 4.3)."""
ITEMS: Final[Mapping[Checklist, tuple[Item, ...]]] = {
    Checklist.STAGE_GATE: GATE,
    Checklist.INDEPENDENCE: INDEPENDENCE,
}


class Standing(StrEnum):
    """Where a cluster stands with a stage."""

    DONE = "done"
    CURRENT = "current"
    TO_COME = "to_come"
    NOT_KNOWN = "not_known"


STANDINGS: Final[Mapping[Standing, tuple[str, str, str]]] = {
    Standing.DONE: ("●", "done", "state-ok"),
    Standing.CURRENT: ("◐", "current", "state-look"),
    Standing.TO_COME: ("○", "still to come", "state-info"),
    Standing.NOT_KNOWN: ("·", "not recorded", "state-info"),
}
"""Shape, word and the class of the style sheet."""
TICKS: Final[Mapping[TickState, tuple[str, str, str]]] = {
    TickState.OPEN: ("○", "open", "state-look"),
    TickState.DONE: ("●", "done", "state-ok"),
    TickState.NOT_NEEDED: ("–", "not needed", "state-info"),
}
COMMITMENTS: Final[Mapping[Commitment, tuple[str, str, str]]] = {
    Commitment.CONTINUES: ("●", "continues", "state-ok"),
    Commitment.UNDECIDED: ("◐", "undecided", "state-look"),
    Commitment.LEAVES: ("■", "leaves", "state-act"),
}
NOT_ASKED: Final = ("·", "not recorded", "state-info")
"""Nobody asked the school yet: missing is not a no."""
