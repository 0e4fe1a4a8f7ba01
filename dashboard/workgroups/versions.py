"""What a later version of a return says otherwise than an earlier one, by school. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.wording import day
from dashboard.workgroups.words import role_words, year_words


@dataclass(frozen=True)
class ReturnLine:
    """One person of one school on one version of a return."""

    school_id: int
    slug: str
    """Of the school."""
    school: str
    person_id: int
    name: str
    work_email: str | None
    roles: tuple[str, ...]
    year_groups: tuple[int, ...]
    starts: date | None
    ends: date | None
    replaces: str | None
    illustrative: bool = False

    @property
    def time(self) -> str:
        """From when until when, in words; nothing where it is the whole year."""
        told = [f"from {day(self.starts)}"] if self.starts else []
        return " ".join([*told, *([f"until {day(self.ends)}"] if self.ends else [])])


@dataclass(frozen=True)
class SchoolChange:
    """What became of one school from one version to the next."""

    school: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    """Each a sentence about one person, without a full stop."""


def compare(earlier: Sequence[ReturnLine], later: Sequence[ReturnLine]) -> list[SchoolChange]:
    """The schools, by name, of which something is said otherwise, with whom it is about."""
    before = {(line.school_id, line.person_id): line for line in earlier}
    after = {(line.school_id, line.person_id): line for line in later}
    schools = {line.school_id: line.school for line in (*earlier, *later)}
    changes = [
        SchoolChange(
            school,
            tuple(after[key].name for key in after if key[0] == number and key not in before),
            tuple(before[key].name for key in before if key[0] == number and key not in after),
            tuple(
                f"{after[key].name}: {', '.join(told)}"
                for key in after
                if key[0] == number and key in before and (told := list(_told(before[key], after[key])))
            ),
        )
        for number, school in sorted(schools.items(), key=lambda each: (each[1], each[0]))
    ]
    return [change for change in changes if change.added or change.removed or change.changed]


def _told(before: ReturnLine, after: ReturnLine) -> Iterator[str]:
    if before.roles != after.roles:
        yield f"{role_words(before.roles)} → {role_words(after.roles)}"
    if before.year_groups != after.year_groups:
        was, is_ = (year_words(line.year_groups) or "no year group" for line in (before, after))
        yield f"{was} → {is_}"
    if (before.starts, before.ends) != (after.starts, after.ends):
        yield f"{before.time or 'the whole year'} → {after.time or 'the whole year'}"
    if before.replaces != after.replaces:
        yield f"takes over from {after.replaces}" if after.replaces else f"takes over from {before.replaces} no more"
