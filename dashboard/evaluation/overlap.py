"""Which schools share which need (1.16), and what comes back over the years (1.19), out of rows that were read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.evaluation.queries import AnswerRow, NoteRow, TagSum
from dashboard.vocabulary import NoteKind, SelfAnswer


@dataclass(frozen=True)
class AreaOverlap:
    """What each school says of one area. A school that said nothing has no answer: that is not "so so"."""

    area: str
    answers: dict[int, AnswerRow]
    """School → its answer."""

    def of(self, answer: SelfAnswer) -> tuple[str, ...]:
        """The schools that say so, by name."""
        return tuple(row.school_name for row in self.answers.values() if row.answer is answer)

    @property
    def wanting(self) -> tuple[str, ...]:
        """Those that want to improve it."""
        return self.of(SelfAnswer.WANT_TO_IMPROVE)


def find_overlaps(rows: Iterable[AnswerRow]) -> list[AreaOverlap]:
    """The areas of a year, the one that most schools want to improve first; then the one that is so so for most."""
    found: dict[str, dict[int, AnswerRow]] = {}
    for row in rows:
        found.setdefault(row.area, {})[row.school_id] = row
    overlaps = [AreaOverlap(area, answers) for area, answers in found.items()]
    return sorted(
        overlaps,
        key=lambda each: (
            -len(each.wanting), -len(each.of(SelfAnswer.SO_SO)), -len(each.of(SelfAnswer.WORKS_WELL)), each.area,
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Recurring:
    """A tag with the years in which it came up, and the notes behind it as far as the reader may read them."""

    kind: NoteKind
    tag: str
    by_year: dict[int, int]
    """Year → how many notes."""
    notes: tuple[NoteRow, ...]


def find_recurring(tags: Sequence[TagSum], notes: Sequence[NoteRow], kind: NoteKind) -> list[Recurring]:
    """The tags of a kind: what came up in most years first, then most often, then by name."""
    by_tag: dict[str, dict[int, int]] = {}
    for each in tags:
        if each.kind is kind:
            by_tag.setdefault(each.tag, {})[each.year] = each.notes
    found = [
        Recurring(kind, tag, years, tuple(note for note in notes if note.kind is kind and note.tag == tag))
        for tag, years in by_tag.items()
    ]
    return sorted(found, key=lambda each: (-len(each.by_year), -sum(each.by_year.values()), each.tag))
