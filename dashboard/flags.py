"""Flags: prompts to look at something, each with its reason in words. Never a verdict (a flag names a figure)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from dashboard.vocabulary import Severity

_URGENCY = {Severity.ACT: 0, Severity.LOOK: 1, Severity.INFO: 2}


@dataclass(frozen=True)
class Flag:
    """One prompt: the stable name of its rule, how much it asks for, the sentence, and the slug or code it is about."""

    rule: str
    severity: Severity
    message: str
    subject: str

    def as_dict(self) -> dict[str, str]:
        """The form of the report."""
        return {key: str(value) for key, value in asdict(self).items()}


def most_pressing_first(flags: Iterable[Flag]) -> list[Flag]:
    """Flags by urgency, then in the order in which they came."""
    return sorted(flags, key=lambda flag: _URGENCY[flag.severity])
