"""What the marks of a register look like, are called, and come to when people roll up to their school."""

from collections.abc import Iterable
from typing import Final

from dashboard.vocabulary import Mark, MeetingKind
from dashboard.wording import sentence

SYMBOLS: Final = {
    Mark.PRESENT: "●",
    Mark.SUBSTITUTE: "◐",
    Mark.APOLOGIES: "○",
    Mark.ABSENT: "■",
    Mark.NOT_RECORDED: "?",
    Mark.NOT_EXPECTED: "–",
}
WORDS: Final = {
    Mark.PRESENT: "present",
    Mark.SUBSTITUTE: "substitute",
    Mark.APOLOGIES: "apologies",
    Mark.ABSENT: "absent",
    Mark.NOT_RECORDED: "not recorded",
    Mark.NOT_EXPECTED: "not expected",
}
MEETING_WORDS: Final = {
    MeetingKind.CLUSTER: "cluster meeting",
    MeetingKind.STEERING_GROUP: "steering group",
    MeetingKind.SUB_GROUP: "sub-group",
    MeetingKind.NETWORK: "network",
    MeetingKind.TRAINING: "training",
    MeetingKind.EVENT: "event",
    MeetingKind.REVIEW: "review",
}


def name_meeting(kind: MeetingKind, title: str | None) -> str:
    """What a meeting is called: "Cluster meeting", or "Training: guided reading"."""
    named = sentence(MEETING_WORDS[kind])
    return f"{named}: {title}" if title else named


_ROLL_UP: Final = (Mark.PRESENT, Mark.SUBSTITUTE, Mark.APOLOGIES, Mark.ABSENT, Mark.NOT_EXPECTED)


def roll_up(marks: Iterable[Mark]) -> Mark:
    """The mark of a school from those of its people: present if any came, else substitute, else apologies, else absent.

    Nobody expected is not expected; nothing written is not recorded.
    """
    written = set(marks)
    return next((mark for mark in _ROLL_UP if mark in written), Mark.NOT_RECORDED)
