"""What may be told of a cluster, and the command it becomes: a form and a file tell in the same way (R.5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeVar

from dashboard.changes import Outcome
from dashboard.directory.lifecycle import EventRefused, Lifecycle, Recorded
from dashboard.models import ContextEvent, LifecycleEvent, School
from dashboard.vocabulary import EventKind

T = TypeVar("T")

LONGEST_REASON: Final = 500
LONGEST_WORDS: Final = 200
LONGEST_NAME: Final = 180


class Telling(StrEnum):
    """What somebody tells of."""

    JOINED = "joined"
    LEFT = "left"
    REPLACED = "replaced"
    SABBATICAL = "sabbatical"
    CLOSED = "closed"
    JOINED_TRUST = "joined_trust"
    LEFT_TRUST = "left_trust"
    AGREEMENT = "agreement_signed"
    HANDOVER = "handover"
    JOB_SHARE = "job_share"
    SUBSTITUTE = "substitute_arranged"
    INDUCTED = "inducted"
    DISENGAGED = "disengaged"
    STAGE_GATE = "stage_gate"
    INDEPENDENT = "independent"
    CONTEXT = "context"


@dataclass(frozen=True)
class Told:
    """What somebody said, read and found. What was not said is None."""

    on: date
    school: School | None = None
    until: date | None = None
    review: date | None = None
    reviewed: date | None = None
    person: str | None = None
    successor: str | None = None
    newcomer: School | None = None
    reason: str | None = None
    words: str | None = None


@dataclass(frozen=True)
class Written:
    """The row that was written down, and what became of it."""

    row: LifecycleEvent | ContextEvent
    outcome: Outcome


def write_down(lifecycle: Lifecycle, telling: Telling, told: Told) -> Written:
    """Turn what was told into the command it means. Raises EventRefused with what is missing, or contradicts."""
    if telling is Telling.CONTEXT:
        return Written(*lifecycle.add_context(told.on, _need(told.words, "words", "say in a sentence what happened")))
    recorded = _COMMANDS[telling](lifecycle, told)
    return Written(recorded.event, recorded.outcome)


def _need(value: T | None, about: str, sentence: str) -> T:
    if value is None:
        raise EventRefused(about, sentence)
    return value


def _school(told: Told) -> School:
    return _need(told.school, "school", "say which school")


def _person(told: Told) -> str:
    return _need(told.person, "person", "say which colleague, by name")


def _join(life: Lifecycle, told: Told) -> Recorded:
    return life.join(_school(told), told.on, reason=told.reason)


def _leave(life: Lifecycle, told: Told) -> Recorded:
    return life.leave(_school(told), told.on, reason=told.reason)


def _replace(life: Lifecycle, told: Told) -> Recorded:
    newcomer = _need(told.newcomer, "replaced_by", "say which school takes its place")
    return life.replace(_school(told), newcomer, told.on, reason=told.reason)


def _sabbatical(life: Lifecycle, told: Told) -> Recorded:
    return life.begin_sabbatical(
        _school(told), told.on, until=told.until, review=told.review, reviewed=told.reviewed, person=told.person,
        reason=told.reason,
    )  # fmt: skip


def _close(life: Lifecycle, told: Told) -> Recorded:
    return life.close(_school(told), told.on, until=told.until, reason=told.reason)


def _join_trust(life: Lifecycle, told: Told) -> Recorded:
    return life.join_trust(_school(told), told.on, trust=told.words, until=told.until, reason=told.reason)


def _leave_trust(life: Lifecycle, told: Told) -> Recorded:
    return life.leave_trust(_school(told), told.on)


def _agree(life: Lifecycle, told: Told) -> Recorded:
    return life.sign_agreement(_school(told), told.on)


def _hand_over(life: Lifecycle, told: Told) -> Recorded:
    successor = _need(told.successor, "replaced_by", "say who takes over, by name")
    return life.hand_over(
        _school(told), _person(told), successor, told.on, last=told.until, reason=told.reason
    )  # fmt: skip


def _share(life: Lifecycle, told: Told) -> Recorded:
    return life.share_role(_school(told), _person(told), told.on, until=told.until)


def _substitute(life: Lifecycle, told: Told) -> Recorded:
    return life.arrange_substitute(_school(told), _person(told), told.on, until=told.until, reason=told.reason)


def _induct(life: Lifecycle, told: Told) -> Recorded:
    return life.induct(_school(told), _person(told), told.on)


def _disengage(life: Lifecycle, told: Told) -> Recorded:
    return life.note(EventKind.DISENGAGED, told.school, told.on, reason=told.reason)


def _pass_gate(life: Lifecycle, told: Told) -> Recorded:
    return life.note(EventKind.STAGE_GATE, None, told.on)


def _stand_alone(life: Lifecycle, told: Told) -> Recorded:
    return life.note(EventKind.INDEPENDENT, None, told.on)


_COMMANDS: Final[Mapping[Telling, Callable[[Lifecycle, Told], Recorded]]] = MappingProxyType(
    {
        Telling.JOINED: _join,
        Telling.LEFT: _leave,
        Telling.REPLACED: _replace,
        Telling.SABBATICAL: _sabbatical,
        Telling.CLOSED: _close,
        Telling.JOINED_TRUST: _join_trust,
        Telling.LEFT_TRUST: _leave_trust,
        Telling.AGREEMENT: _agree,
        Telling.HANDOVER: _hand_over,
        Telling.JOB_SHARE: _share,
        Telling.SUBSTITUTE: _substitute,
        Telling.INDUCTED: _induct,
        Telling.DISENGAGED: _disengage,
        Telling.STAGE_GATE: _pass_gate,
        Telling.INDEPENDENT: _stand_alone,
    }
)
