"""How events read, and what the form asks for each. Plain English; a colleague by name only where the row has one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from dashboard.lifecycle.queries import EventRow
from dashboard.lifecycle.telling import Telling
from dashboard.vocabulary import AWAY_EVENTS, EventKind
from dashboard.wording import amid, counted, day, sentence


@dataclass(frozen=True)
class Asked:
    """One field of the form: the name it has there, what stands above it, and a hint."""

    field: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Form:
    """What the form asks for one telling."""

    title: str
    """As it stands in the list to choose from, and above the form."""
    asks: tuple[Asked, ...]


_SCHOOL: Final = Asked("school", "School")
_REASON: Final = Asked("reason", "Reason, if it should be kept", "Only the director of the programme can read it.")
_NEWCOMER: Final = "Its name, its number in the national register (URN), or its address on this site."

FORMS: Final[Mapping[Telling, Form]] = MappingProxyType(
    {
        Telling.SABBATICAL: Form(
            "A school or colleague goes on sabbatical",
            (
                _SCHOOL,
                Asked("person", "Colleague, if it is not the whole school", "The school is then expected as before."),
                Asked("date", "First day"),
                Asked("until", "Last day, if it is known"),
                Asked("review", "Review on", "Needed where the last day is not known."),
                _REASON,
            ),
        ),
        Telling.HANDOVER: Form(
            "A colleague hands over to another",
            (
                _SCHOOL,
                Asked("person", "Who hands over"),
                Asked("replaced_by", "Who takes over"),
                Asked("date", "First day of whoever takes over"),
                Asked("until", "Last day of whoever hands over", "If left empty, the day before. They may overlap."),
                _REASON,
            ),
        ),
        Telling.INDUCTED: Form(
            "A new colleague was brought up to speed", (_SCHOOL, Asked("person", "Colleague"), Asked("date", "Day"))
        ),
        Telling.JOB_SHARE: Form(
            "A second colleague shares a role",
            (
                _SCHOOL,
                Asked("person", "The second colleague"),
                Asked("date", "First day"),
                Asked("until", "Last day, if it is known"),
            ),
        ),
        Telling.SUBSTITUTE: Form(
            "Somebody will come for the usual person",
            (
                _SCHOOL,
                Asked("person", "Who will come"),
                Asked("date", "First day"),
                Asked("until", "Last day, if it is known"),
                _REASON,
            ),
        ),
        Telling.AGREEMENT: Form("A headteacher signed the school agreement", (_SCHOOL, Asked("date", "Signed on"))),
        Telling.JOINED: Form(
            "A school joins the cluster",
            (Asked("newcomer", "School", _NEWCOMER), Asked("date", "First day as a member"), _REASON),
        ),
        Telling.LEFT: Form("A school leaves the cluster", (_SCHOOL, Asked("date", "Last day as a member"), _REASON)),
        Telling.REPLACED: Form(
            "Another school takes a school’s place",
            (
                _SCHOOL,
                Asked("date", "Last day as a member", "The other school is a member from the day after."),
                Asked("newcomer", "The school that takes its place", _NEWCOMER),
                _REASON,
            ),
        ),
        Telling.CLOSED: Form(
            "A school closes",
            (
                _SCHOOL,
                Asked("date", "First day closed"),
                Asked("until", "Last day closed", "If left empty, for good: it is a member until the day before."),
                _REASON,
            ),
        ),
        Telling.JOINED_TRUST: Form(
            "A school joins a trust or federation",
            (_SCHOOL, Asked("date", "First day in it"), Asked("words", "Name of the trust, if it is known")),
        ),
        Telling.LEFT_TRUST: Form("A school leaves its trust or federation", (_SCHOOL, Asked("date", "Last day in it"))),
        Telling.DISENGAGED: Form(
            "A school has lost touch with the cluster", (_SCHOOL, Asked("date", "Since"), _REASON)
        ),
        Telling.STAGE_GATE: Form("The cluster passed a stage gate", (Asked("date", "Day"),)),
        Telling.INDEPENDENT: Form("The cluster became independent", (Asked("date", "From"),)),
        Telling.CONTEXT: Form(
            "Something outside the cluster changed",
            (
                Asked("date", "Day", "Of something that is known by the year alone, the first day of that year."),
                Asked("words", "What happened", "It stands beside the charts, for everybody who sees them."),
            ),
        ),
    }
)
"""Everything that can be told, the most usual first."""


def words_of(row: EventRow) -> str:
    """What happened, without its dates: “Ford School on sabbatical”."""
    return _WORDS[row.kind].format(
        school=row.name,
        person=row.person or "a colleague",
        whose=f"{row.person or 'a colleague'} of {row.name}" if row.of_a_person else row.name,
        successor=row.successor or "another colleague",
        newcomer=row.newcomer or "another school",
        trust=row.trust or "a trust or federation",
        how="for a time" if row.ends_on else "for good",
    )


_WORDS: Final[Mapping[EventKind, str]] = MappingProxyType(
    {
        EventKind.JOINED: "{school} joined the cluster",
        EventKind.AGREEMENT_SIGNED: "The headteacher of {school} signed the school agreement",
        EventKind.HANDOVER: "{person} handed over to {successor} at {school}",
        EventKind.JOB_SHARE: "{person} shares the role at {school}",
        EventKind.SUBSTITUTE_ARRANGED: "{person} comes for the usual person of {school}",
        EventKind.INDUCTED: "{person} of {school} was brought up to speed",
        EventKind.SABBATICAL: "{whose} on sabbatical",
        EventKind.FEDERATED: "{school} in {trust}",
        EventKind.CLOSED: "{school} closed {how}",
        EventKind.DISENGAGED: "{school} lost touch with the cluster",
        EventKind.DROPPED_OUT: "{school} left the cluster",
        EventKind.REPLACED: "{newcomer} took the place of {school}",
        EventKind.STAGE_GATE: "The cluster passed a stage gate",
        EventKind.INDEPENDENT: "The cluster became independent",
    }
)
_LASTING: Final = frozenset(
    {*AWAY_EVENTS, EventKind.JOB_SHARE, EventKind.SUBSTITUTE_ARRANGED, EventKind.FEDERATED, EventKind.DISENGAGED}
)


def dates_of(row: EventRow) -> str:
    """When: “5 January 2017 – 31 March 2017”, “from 5 January 2017”, “5 January 2017”."""
    if row.ends_on is not None and row.ends_on != row.happened_on:
        return f"{day(row.happened_on)} – {day(row.ends_on)}"
    return f"from {day(row.happened_on)}" if row.kind in _LASTING and row.ends_on is None else day(row.happened_on)


def review_of(row: EventRow, today: date) -> str | None:
    """What there is to say of the review of a sabbatical (3.6)."""
    if row.kind is not EventKind.SABBATICAL:
        return None
    if row.reviewed_on is not None:
        return f"reviewed on {day(row.reviewed_on)}"
    if row.review_on is None:
        return None
    return f"review {'was due' if row.review_on < today else 'due'} on {day(row.review_on)}"


def is_overdue(row: EventRow, today: date) -> bool:
    """Whether the review of a sabbatical is past and nobody wrote one down; of one that ended before it nobody asks."""
    over = row.ends_on is not None and row.review_on is not None and row.ends_on < row.review_on
    waits = row.kind is EventKind.SABBATICAL and row.reviewed_on is None and not over
    return waits and row.review_on is not None and row.review_on < today


def headline(cluster: str, rows: Sequence[EventRow], today: date, *, context: bool = False) -> str:
    """What matters now: who is away, and whether a review is overdue. `context`: whether there are context events."""
    if not rows and not context:
        return f"Nothing is on record of {amid(cluster)} yet"
    away = {row.school_id for row in rows if _is_away(row, today)}
    overdue = sum(is_overdue(row, today) for row in rows)
    told = f"{counted(len(away), 'school')} of {amid(cluster)} {'is' if len(away) == 1 else 'are'} away"
    if overdue:
        told += f"; {counted(overdue, 'review')} {'is' if overdue == 1 else 'are'} overdue"
    return sentence(told)


def _is_away(row: EventRow, today: date) -> bool:
    for_good = row.kind is EventKind.CLOSED and row.ends_on is None
    lasts = row.happened_on <= today and (row.ends_on is None or row.ends_on >= today)
    return row.kind in AWAY_EVENTS and not row.of_a_person and not for_good and lasts
