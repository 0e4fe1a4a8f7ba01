"""What an answer of a school and a note on working together have to be like. Pure, and in words."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from dashboard.academic_year import AcademicYear
from dashboard.vocabulary import NoteKind, SelfAnswer

LONGEST_AREA: Final = 120
LONGEST_NOTE: Final = 500
LONGEST_TAG: Final = 60
LONGEST_WORDS: Final = 500
MOST_AREAS: Final = 60
FEWEST: Final = 3
"""So many schools have to have answered on an area before a headteacher is told how many said what, or that an area
was named at all that the own school did not name: of fewer it would be the neighbour's answer."""


class EvaluationRefused(Exception):
    """Something cannot be stored. The text says what is wrong and what to do; `field` is where."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class ChangedMeanwhile(EvaluationRefused):
    """Somebody stored something else since the form was opened."""


class NotThere(Exception):
    """The cluster, school, project or note is not there, or not the writer's."""


@dataclass(frozen=True)
class AreaSaid:
    """What a school says of one area. No answer takes back what it said before."""

    area: str
    answer: SelfAnswer | None
    note: str | None = None


@dataclass(frozen=True)
class NoteSaid:
    """Something that went well in working together, or got in the way (1.19)."""

    kind: NoteKind
    tag: str
    words: str
    project_id: int | None = None


def folded(text: str) -> str:
    """A name to compare by: neither case nor spaces count."""
    return " ".join(text.split()).casefold()


def seen_as(answers: Iterable[tuple[str, SelfAnswer, str | None]]) -> str:
    """A short sign of a school's answers: a form sends it, so that nobody writes over what they did not see."""
    return _sign(sorted((folded(area), str(answer), note or "") for area, answer, note in answers))


def sign_of_note(note: Any) -> str:
    """The same of a note, a row of the store or of a query."""
    return _sign((note.year, str(note.kind), note.tag, note.words, note.project_id))


def _sign(told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def check_areas(said: Iterable[AreaSaid]) -> None:
    """Refuse an area without a name or named twice, a note without an answer, and what is too long or too much."""
    said, seen = list(said), set[str]()
    for place, each in enumerate(said):
        if not each.area and (each.answer is not None or each.note):
            raise EvaluationRefused("Name the area that this answer is about.", f"area_{place}")
        if not each.area:
            continue
        if len(each.area) > LONGEST_AREA:
            raise EvaluationRefused(f"Use at most {LONGEST_AREA} letters for an area.", f"area_{place}")
        if folded(each.area) in seen:
            raise EvaluationRefused(f"“{each.area}” stands twice; answer it once.", f"area_{place}")
        seen.add(folded(each.area))
        if each.note and each.answer is None:
            raise EvaluationRefused(f"Choose an answer for “{each.area}”, or take the note out.", f"answer_{place}")
        if each.note and len(each.note) > LONGEST_NOTE:
            raise EvaluationRefused(f"Use at most {LONGEST_NOTE} letters for a note.", f"note_{place}")
    answered = sum(each.answer is not None for each in said)
    if answered > MOST_AREAS:
        raise EvaluationRefused(f"A school may answer on {MOST_AREAS} areas; these are {answered}.")


def check_year(year: AcademicYear, this_year: AcademicYear) -> None:
    """Refuse a year that has not begun."""
    if year > this_year:
        raise EvaluationRefused(f"{year} has not begun; choose {this_year} or an earlier year.")


def check_note(said: NoteSaid) -> None:
    """Refuse a note without a tag or words, or with too many letters."""
    if not said.tag:
        raise EvaluationRefused("Give it a tag of a word or two, so that it can be found again next year.", "tag")
    if len(said.tag) > LONGEST_TAG:
        raise EvaluationRefused(f"Use at most {LONGEST_TAG} letters for a tag.", "tag")
    if not said.words:
        raise EvaluationRefused("Say in a sentence what went well, or got in the way.", "words")
    if len(said.words) > LONGEST_WORDS:
        raise EvaluationRefused(f"Use at most {LONGEST_WORDS} letters.", "words")
