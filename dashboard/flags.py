"""Flags: prompts to look at something, each with its reason in words. Never a verdict (a flag names a figure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dashboard.vocabulary import Severity

SIGNS: Final[Mapping[Severity, tuple[str, str]]] = {
    Severity.ACT: ("■", "Needs action"),
    Severity.LOOK: ("▲", "Look at this"),
    Severity.INFO: ("○", "Not known"),
}
"""The shape and the words of how much a flag asks for, the most pressing first: colour never stands alone."""

_URGENCY = {Severity.ACT: 0, Severity.LOOK: 1, Severity.INFO: 2}


@dataclass(frozen=True)
class Flag:
    """One prompt: the stable name of its rule, how much it asks for, the sentence, and the slug or code it is about."""

    rule: str
    severity: Severity
    message: str
    subject: str
    statement: str = field(default="", compare=False)
    """The rule in words, with the numbers of the programme and where it comes from."""
    figure: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """The numbers that the rule was held against, by name."""
    rows: Sequence[Mapping[str, Any]] = field(default=(), compare=False)
    """What the figure is made of, where it was read: one mapping of the same keys for each row, as JSON knows them."""

    def as_dict(self) -> dict[str, str]:
        """The short form, of which the overview has thousands."""
        return {
            "rule": self.rule, "severity": str(self.severity), "message": self.message, "subject": self.subject,
        }  # fmt: skip

    def in_full(self) -> dict[str, Any]:
        """The form of a cluster's report: with the rule in words, the figure and the rows behind it."""
        return {
            **self.as_dict(),
            "statement": self.statement,
            "figure": dict(self.figure),
            "rows": [dict(row) for row in self.rows],
        }


def most_pressing_first(flags: Iterable[Flag]) -> list[Flag]:
    """Flags by urgency, then in the order in which they came."""
    return sorted(flags, key=lambda flag: _URGENCY[flag.severity])
