"""What the three answers and the two kinds of notes are called, and the shape each has beside its word."""

from collections.abc import Mapping
from typing import Final

from dashboard.vocabulary import NoteKind, SelfAnswer

ANSWER_WORDS: Final[Mapping[SelfAnswer, str]] = {
    SelfAnswer.WORKS_WELL: "works well",
    SelfAnswer.SO_SO: "so so",
    SelfAnswer.WANT_TO_IMPROVE: "want to improve",
}
"""How a school sees itself in one area (1.15)."""
ANSWERS_IN_A_CELL: Final[Mapping[SelfAnswer, str]] = {
    SelfAnswer.WORKS_WELL: "well",
    SelfAnswer.SO_SO: "so so",
    SelfAnswer.WANT_TO_IMPROVE: "improve",
}
"""The same where there is little room; the key above says them whole."""
ANSWER_SYMBOLS: Final[Mapping[SelfAnswer, str]] = {
    SelfAnswer.WORKS_WELL: "●",
    SelfAnswer.SO_SO: "◐",
    SelfAnswer.WANT_TO_IMPROVE: "▲",
}
ANSWER_LOOKS: Final[Mapping[SelfAnswer, str]] = {
    SelfAnswer.WORKS_WELL: "state-ok",
    SelfAnswer.SO_SO: "state-info",
    SelfAnswer.WANT_TO_IMPROVE: "state-look",
}
NOTE_WORDS: Final[Mapping[NoteKind, str]] = {
    NoteKind.POSITIVE: "Went well",
    NoteKind.BARRIER: "Got in the way",
}
NOTE_SYMBOLS: Final[Mapping[NoteKind, str]] = {
    NoteKind.POSITIVE: "●",
    NoteKind.BARRIER: "■",
}
