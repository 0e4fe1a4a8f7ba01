"""Cells of a return, read exactly or refused in words: a name, roles, year groups. No database, no page.

Each takes a cell that is not blank and raises ValueError with a sentence for the person who wrote it.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from dashboard.intake.tables import Cell, show
from dashboard.vocabulary import PersonRole
from dashboard.workgroups.words import LAST_YEAR_GROUP, RECEPTION, ROLES, in_order

LONGEST_NAME: Final = 120

_VARIANTS: Final[Mapping[PersonRole, tuple[str, ...]]] = {
    PersonRole.KEY_STAGE_3_LEAD: (
        "ks3 lead", "ks 3 lead", "ks3 leader", "ks 3 leader", "key stage 3 leader", "key stage three lead",
        "key stage three leader", "keystage 3 lead", "head of ks3", "head of ks 3", "head of key stage 3",
        "ks3 coordinator", "ks3 co ordinator", "key stage 3 coordinator", "key stage 3 co ordinator",
    ),
    PersonRole.YEAR_6_TEACHER: (
        "y6 teacher", "y 6 teacher", "yr6 teacher", "yr 6 teacher", "year6 teacher", "year six teacher",
        "y6 class teacher", "yr6 class teacher", "yr 6 class teacher", "year 6 class teacher", "teacher of year 6",
    ),
    PersonRole.ENGLISH_LEAD: (
        "english leader", "english subject lead", "english subject leader", "english coordinator",
        "english co ordinator", "lead for english", "leader of english",
    ),
    PersonRole.TEACHER: ("class teacher", "classroom teacher"),
    PersonRole.SUBJECT_LEAD: (
        "subject leader", "subject coordinator", "subject co ordinator", "ssl", "science subject lead",
        "science subject leader", "science lead", "science leader",
    ),
    PersonRole.COORDINATOR: (
        "coordinator", "workgroup coordinator", "workgroup co ordinator", "cluster coordinator",
        "cluster co ordinator", "nominated coordinator", "nominated co ordinator",
    ),
    PersonRole.HEADTEACHER: ("head teacher", "head"),
    PersonRole.CLUSTER_LEAD: ("cluster leader",),
    PersonRole.CHAIR: ("nominated chair", "chair of the steering group", "steering group chair"),
    PersonRole.STEERING_GROUP: ("steering group", "member of the steering group"),
    PersonRole.GOVERNOR: ("school governor",),
    PersonRole.BURSAR: ("school business manager", "business manager", "sbm"),
    PersonRole.ADVISOR: ("adviser", "cluster advisor", "cluster adviser"),
    PersonRole.DIRECTOR: ("cluster director",),
}  # fmt: skip


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


_ROLES: Final = {
    _key(written): role for role, label in ROLES.items() for written in (label, role, *_VARIANTS.get(role, ()))
}
_HOLDS_YEARS: Final = re.compile(r"(?:years?|yrs?|y)\s*\d")
_A_YEAR: Final = re.compile(r"(?:years?|yrs?|y)?\s*(\d{1,2}|reception|rec|r)\Z|yr\Z")
_BETWEEN: Final = re.compile(r"\s*(?:[,;/&+]|\band\b)\s*")
_STRETCH: Final = re.compile(r"\s*(?:[-–—]|\bto\b)\s*")


def read_name(cell: Cell) -> str:
    """What somebody is called: begins with a letter, as no formula and no e-mail address does."""
    text = " ".join(show(cell).split())
    if len(text) > LONGEST_NAME:
        raise ValueError(f"this name has {len(text)} letters; at most {LONGEST_NAME} fit")
    if not text.isprintable() or "@" in text or any(sign.isdecimal() for sign in text):
        raise ValueError(f"“{show(cell)}” is not a person’s name; the address has a place of its own")
    if not text.lstrip("'’‘")[:1].isalpha():
        raise ValueError(f"“{show(cell)}” is not a person’s name; a name begins with a letter")
    return text


def read_roles(cell: Cell) -> tuple[PersonRole, ...]:
    """The roles of one person, parted by ; or , (0.9). Labels and usual ways to write them; all else is an error."""
    written = [part.strip() for part in re.split(r"[;,\n]", show(cell)) if part.strip()]
    if not written:
        raise ValueError("say at least one role")
    unknown = [part for part in written if _key(part) not in _ROLES]
    if unknown:
        years = any(_HOLDS_YEARS.search(part.casefold()) for part in unknown)
        more = "; which years somebody teaches goes into year_groups, beside “Teacher” or “Year 6 teacher”"
        known = ", ".join(ROLES.values())
        named = " and ".join(f"“{part}”" for part in unknown)
        are = "is not a role" if len(unknown) == 1 else "are not roles"
        raise ValueError(f"{named} {are}; known are {known}{more if years else ''}")
    return in_order([_ROLES[_key(part)] for part in written])


def read_year_groups(cell: Cell) -> tuple[int, ...]:
    """Which year groups somebody teaches, each once and in order: "5,6", "Y5/6", "Year 6", "R", "4-6". Reception is 0.

    A stretch holds all years from the first to the last. A date is what a spreadsheet makes of 5/6, and is refused.
    """
    if isinstance(cell, date):
        raise ValueError(f"“{show(cell)}” is a date, which a spreadsheet makes of 5/6; write “5, 6”")
    groups: set[int] = set()
    for part in _BETWEEN.split(show(cell).casefold()):
        ends = [_year(end, cell) for end in _STRETCH.split(part)]
        if len(ends) > 2 or ends[0] > ends[-1]:
            raise _no_year(cell)
        groups.update(range(ends[0], ends[-1] + 1))
    return tuple(sorted(groups))


def _year(text: str, cell: Cell) -> int:
    found = _A_YEAR.match(text.strip())
    if found is None:
        raise _no_year(cell)
    year = RECEPTION if found[1] is None or found[1].startswith("r") else int(found[1])
    if year > LAST_YEAR_GROUP or (found[1] is not None and year == RECEPTION and not found[1].startswith("r")):
        raise _no_year(cell)
    return year


def _no_year(cell: Cell) -> ValueError:
    return ValueError(
        f"“{show(cell)}” is not a list of year groups; write them like “5, 6”, R for Reception, up to {LAST_YEAR_GROUP}"
    )
