"""Printed names of schools beside the names of members (1.10). Pure: it offers, and a person decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from dashboard.naming import slug

_NEAR: Final = 0.6
_MOST_NEAR: Final = 3


class Standing(StrEnum):
    """What is known of a printed name."""

    SAME = "same"
    """It is the member's name, or plainly its beginning."""
    CONFIRMED = "confirmed"
    """A person has said whose it is."""
    VARIANT = "variant"
    """A file's mapping has said whose it is; it reads differently, and nobody has confirmed it."""
    NOBODY = "nobody"
    """A person has said that it is no member's."""
    UNMATCHED = "unmatched"
    """It matches no member."""


ASKS: Final = frozenset({Standing.VARIANT, Standing.UNMATCHED})
"""What waits for somebody to decide."""


@dataclass(frozen=True)
class Member:
    """A school that is or was a member of the cluster."""

    cluster_id: int
    school_id: int
    school: str
    name: str


@dataclass(frozen=True)
class Alias:
    """What a person has confirmed of a printed name. Without a school: no member's."""

    cluster_id: int
    alias: str
    school_id: int | None
    school_name: str | None
    confirmed_as: str | None
    confirmed_at: datetime | None = None


@dataclass(frozen=True)
class PrintedName:
    """A printed name, what is known of it, and members whose names come near."""

    label: str
    standing: Standing
    school_name: str | None
    confirmed_as: str | None = None
    confirmed_at: datetime | None = None
    near: tuple[Member, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether somebody has to decide."""
        return self.standing in ASKS


def look_at_names(
    printed: Mapping[str, str | None], aliases: Iterable[Alias], members: Sequence[Member]
) -> list[PrintedName]:
    """Each printed name in its order; `printed` has the name of the school that its figures are held under."""
    confirmed = {slug(each.alias): each for each in aliases}
    names = [member.name for member in members]
    return [_look_at(label, name, confirmed.get(slug(label)), members, names) for label, name in printed.items()]


def _look_at(
    label: str, school_name: str | None, alias: Alias | None, members: Sequence[Member], names: Sequence[str]
) -> PrintedName:
    if alias is not None and (alias.school_id is None) == (school_name is None):
        standing = Standing.NOBODY if alias.school_id is None else Standing.CONFIRMED
        return PrintedName(label, standing, school_name, alias.confirmed_as, alias.confirmed_at)
    if school_name is None:
        return PrintedName(label, Standing.UNMATCHED, None, near=come_near(label, members))
    same = begins(label, school_name) and sum(begins(label, name) for name in names) <= 1
    if same:
        return PrintedName(label, Standing.SAME, school_name)
    return PrintedName(
        label, Standing.VARIANT, school_name, near=tuple(each for each in members if each.name == school_name)
    )


def begins(label: str, name: str) -> bool:
    """Whether a name begins with the words of a label, without regard to apostrophes and an "s" at a word's end."""
    short, whole = _words(label), _words(name)
    return whole[: len(short)] == short


def come_near(label: str, members: Sequence[Member]) -> tuple[Member, ...]:
    """The members whose names, or the beginnings of them, look like a label: at most three, the nearest first."""
    near = [(_likeness(label, member.name), member) for member in members]
    close = sorted((each for each in near if each[0] >= _NEAR), key=lambda each: (-each[0], each[1].name))
    return tuple(member for _, member in close[:_MOST_NEAR])


def _likeness(label: str, name: str) -> float:
    short, whole = slug(label), slug(name)
    return max(SequenceMatcher(None, short, each).ratio() for each in (whole, whole[: len(short)]))


def _words(text: str) -> list[str]:
    return [word if len(word) == 1 else word.removesuffix("s") for word in slug(text).split("-")]
