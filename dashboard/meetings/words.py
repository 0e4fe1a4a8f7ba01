"""How meetings and the calendar read in words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Final

from dashboard.marks import MEETING_WORDS
from dashboard.vocabulary import MeetingKind, PeriodKind
from dashboard.wording import all_of, counted, day, in_words, sentence, share_of

KINDS: Final[Mapping[MeetingKind, str]] = {kind: sentence(words) for kind, words in MEETING_WORDS.items()}
PERIODS: Final[Mapping[PeriodKind, str]] = {
    PeriodKind.HALF_TERM: "Half term",
    PeriodKind.HOLIDAY: "Holiday",
    PeriodKind.INSET: "INSET day",
    PeriodKind.TERM: "Term",
}
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth")


def ordinal(number: int) -> str:
    """Which one, in words up to the sixth: "third", "7th"."""
    return _ORDINALS[number - 1] if number <= len(_ORDINALS) else f"{number}th"


def hours(starts: time | None, ends: time | None) -> str:
    """When on the day: "13:30 to 15:30", "from 13:30"."""
    if starts is None:
        return "time not said"
    return f"{starts:%H:%M} to {ends:%H:%M}" if ends else f"from {starts:%H:%M}"


def released(in_school_time: bool | None) -> str:
    """Whether staff were released for it (4.20)."""
    if in_school_time is None:
        return "not said"
    return "in school time" if in_school_time else "after school"


def headline(held: int, planned: int, least: int | None) -> str:
    """What a cluster's year holds: "Four cluster meetings held, two planned; at least four were agreed" (4.18)."""
    said = f"{counted(held, 'cluster meeting')} held, {in_words(planned) if planned else 'none'} planned"
    if not planned and not held:
        said = "no cluster meetings held or planned"
    return sentence(said if least is None else f"{said}; at least {in_words(least)} were agreed")


def besides(kinds: Iterable[MeetingKind]) -> str | None:
    """The meetings that are not of the whole cluster: "Besides these: two steering group, one network."."""
    counts: Counter[MeetingKind] = Counter(kind for kind in kinds if kind is not MeetingKind.CLUSTER)
    if not counts:
        return None
    each = [f"{words} ({counts[kind]})" for kind, words in MEETING_WORDS.items() if counts[kind]]
    return f"Besides these: {all_of(each)}."


def share_in_school_time(said: Sequence[bool | None]) -> str | None:
    """How many of the meetings are in school time, and of how many nobody said (4.20)."""
    known = [each for each in said if each is not None]
    if not said:
        return None
    if not known:
        return "Whether they are in school time is not said."
    words = sentence(f"{share_of(sum(known), len(known), 'meeting')} in school time")
    unknown = len(said) - len(known)
    return f"{words}; of {counted(unknown, 'other')} nobody said." if unknown else f"{words}."


def day_and_weekday(when: date) -> str:
    """A date with its weekday: "Thursday 12 March 2017"."""
    return f"{WEEKDAYS[when.weekday()]} {day(when)}"
