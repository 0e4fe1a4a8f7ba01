"""The words of a workgroup’s return: roles, year groups, and how both read in a sentence."""

from collections.abc import Mapping, Sequence
from typing import Final

from dashboard.roles import ROLE_WORDS
from dashboard.vocabulary import PersonRole
from dashboard.wording import all_of, sentence

ROLES: Final[Mapping[PersonRole, str]] = {role: sentence(words) for role, words in ROLE_WORDS.items()}
"""Every role with its label, in the order in which a return lists them."""

USUAL: Final = tuple(ROLES)[:7]
"""What the form offers to everybody; another role is offered to whoever has it."""

RECEPTION: Final = 0
LAST_YEAR_GROUP: Final = 13


def role_words(roles: Sequence[str]) -> str:
    """Labels of roles in one line: "Year 6 teacher; English lead". A file with it reads back as the same roles."""
    return "; ".join(ROLES[PersonRole(role)] for role in roles)


def in_order(roles: Sequence[str]) -> tuple[PersonRole, ...]:
    """Each role once, in the order of `ROLES`."""
    held = {PersonRole(role) for role in roles}
    return tuple(role for role in ROLES if role in held)


def year_words(groups: Sequence[int]) -> str:
    """Year groups in a sentence: "years 5 and 6", "Reception and year 1"; nothing for none."""
    years = [str(group) for group in groups if group != RECEPTION]
    told = [f"year{'s' if len(years) > 1 else ''} {all_of(years)}"] if years else []
    return all_of([*(["Reception"] if RECEPTION in groups else []), *told])


def year_figures(groups: Sequence[int]) -> str:
    """Year groups as a file or a field holds them: "R, 1"."""
    return ", ".join("R" if group == RECEPTION else str(group) for group in groups)
