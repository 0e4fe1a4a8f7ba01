"""The importers of self-evaluations (long, or schools down and areas across) and of notes on working together."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeVar

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.directory.intake import Finder
from dashboard.directory.members import load_members_of_year
from dashboard.evaluation.checks import (
    LONGEST_AREA,
    LONGEST_NOTE,
    LONGEST_TAG,
    LONGEST_WORDS,
    EvaluationRefused,
    NoteSaid,
    check_note,
    folded,
)
from dashboard.evaluation.commands import AnswerList, NoteList
from dashboard.intake.cells import TextReader, read_year
from dashboard.intake.columns import Columns, Headings, find_columns, require, warn_unused
from dashboard.intake.pipeline import Job
from dashboard.intake.problems import Problem, Refused
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import Cell, Table, is_blank, show
from dashboard.models import Cluster, School
from dashboard.vocabulary import NoteKind, SelfAnswer

Word = TypeVar("Word", SelfAnswer, NoteKind)

_ANSWERS: Final[Mapping[str, SelfAnswer]] = {
    **dict.fromkeys(
        ("works well", "working well", "work well", "well", "good", "strength", "a strength", "strong", "green"),
        SelfAnswer.WORKS_WELL,
    ),
    **dict.fromkeys(
        ("so so", "soso", "ok", "okay", "works ok", "works okay", "fair", "amber", "middling"), SelfAnswer.SO_SO
    ),
    **dict.fromkeys(
        (
            "want to improve", "wants to improve", "we want to improve", "to improve", "improve", "improvement",
            "need to improve", "needs to improve", "needs improvement", "needs improving", "area for improvement",
            "for improvement", "red",
        ),
        SelfAnswer.WANT_TO_IMPROVE,
    ),
}  # fmt: skip
_KINDS: Final[Mapping[str, NoteKind]] = {
    **dict.fromkeys(("positive", "positives", "went well", "strength"), NoteKind.POSITIVE),
    **dict.fromkeys(("barrier", "barriers", "got in the way", "obstacle", "difficulty"), NoteKind.BARRIER),
}
_PLACES: Final[Headings] = {
    "cluster": ("cluster name",),
    "school": ("school name", "member school"),
    "year": ("academic year",),
}


def read_answer(cell: Cell) -> SelfAnswer:
    """Read one of the three answers as people write it: "Works well", "so-so", "want to improve" (1.15)."""
    return _word(cell, _ANSWERS, "one of the three answers", "works well, so so, want to improve")


def read_note_kind(cell: Cell) -> NoteKind:
    """Read whether something went well or got in the way (1.19)."""
    return _word(cell, _KINDS, "a kind of note", "positive, barrier")


def _word(cell: Cell, known: Mapping[str, Word], what: str, which: str) -> Word:
    found = known.get(" ".join(re.sub(r"[^a-z0-9]+", " ", show(cell).casefold()).split()))
    if found is None:
        raise ValueError(f"“{show(cell)}” is not {what}; known are {which}")
    return found


class _Line(NamedTuple):
    """One answer of a file."""

    row: RowReader
    cluster: Cluster
    school: School
    year: AcademicYear
    area: str
    answer: SelfAnswer
    note: str | None


class SelfEvaluations:
    """cluster, school, year, area, answer, note; or schools down and areas across.

    A blank answer means that the school said nothing: that is not "so so", and takes back nothing it said before.
    """

    kind: Final = "self-evaluation"
    headings: Final[Headings] = {
        **_PLACES,
        "area": ("feature", "question", "area of work"),
        "answer": ("self evaluation", "rating", "judgement"),
        "note": ("notes", "comment", "comments"),
    }

    def apply(self, job: Job) -> None:
        """Store every answer of the file."""
        finder, table = Finder(job), job.open_table()
        columns = find_columns(table, self.headings, job.mapping, job.warn)
        long = bool({"area", "answer"} & columns.by_meaning.keys())
        book = AnswerList(job.changes, job.options.today)
        members = _Members(job)
        lines = _long(job, finder, table, columns) if long else _wide(job, finder, table, columns)
        seen: dict[tuple[int, int, int, str], int] = {}
        for line in lines:
            key = (line.cluster.id, line.school.id, line.year.start, folded(line.area))
            if seen.setdefault(key, line.row.number) != line.row.number:
                line.row.refuse("school", f"row {seen[key]} has the answer of this school on “{line.area}”")
            elif members.belongs(line):
                job.count(
                    book.note(line.cluster.id, line.school.id, line.year, line.area, line.answer, line.note)
                )  # fmt: skip


class _Members:
    """Who belonged to which cluster in which year, looked up once."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._known: dict[tuple[int, int], set[int]] = {}

    def belongs(self, line: _Line) -> bool:
        """Whether a school was a member in the year of its answer; said where it was not."""
        key = (line.cluster.id, line.year.start)
        if line.school.id not in self._known.get(key, set()):
            self._job.session.flush()  # the file may have made it a member
            rows = load_members_of_year(self._job.session, EVERYTHING, line.cluster.id, line.year)
            self._known[key] = {each.school_id for each in rows}
        if line.school.id in self._known[key]:
            return True
        line.row.refuse("school", f"{line.school.name} was no member of {line.cluster.name} in {line.year}")
        return False


def _long(job: Job, finder: Finder, table: Table, columns: Columns) -> Iterator[_Line]:
    needed = ("school", "area", "answer") if job.options.year else ("school", "year", "area", "answer")
    require(table, columns, needed, job.mapping.defaults)
    warn_unused(table, columns.unclaimed, job.warn)
    for row in job.rows(table, columns):
        cluster, school, year = _place(job, finder, row)
        area = row.need("area", _text(LONGEST_AREA))
        answer, note = row.read("answer", read_answer), row.read("note", _text(LONGEST_NOTE))
        if row.clean and cluster and school and year and area and answer is not None:
            yield _Line(row, cluster, school, year, area, answer, note)


def _wide(job: Job, finder: Finder, table: Table, columns: Columns) -> Iterator[_Line]:
    needed = ("school",) if job.options.year else ("school", "year")
    require(table, columns, needed, job.mapping.defaults)
    unnamed = [index for index in columns.unclaimed if is_blank(table.headings[index])]
    notes = [columns.by_meaning["note"]] if "note" in columns.by_meaning else []
    warn_unused(table, [*unnamed, *notes], job.warn)  # of which area a note would be nobody can say
    areas = [index for index in columns.unclaimed if index not in unnamed]
    if not areas:
        raise Refused.because("there is no column with the answers on an area")
    names = {index: _area_of(table, index) for index in areas}
    for row, source in zip(job.rows(table, columns), table.rows, strict=True):
        cluster, school, year = _place(job, finder, row)
        for index, area in names.items():
            cell = source.cells[index]
            try:
                answer = None if is_blank(cell) else read_answer(cell)
            except ValueError as error:
                job.error(Problem(str(error), row.number, table.heading(index), show(cell)))
                continue
            if row.clean and cluster and school and year and answer is not None:
                yield _Line(row, cluster, school, year, area, answer, None)


def _area_of(table: Table, index: int) -> str:
    try:
        return str(_text(LONGEST_AREA)(table.headings[index]))
    except ValueError as error:
        raise Refused(Problem(str(error), table.header_row, table.heading(index))) from error


class CollaborationNotes:
    """cluster, year, kind, tag, words, project: what went well in working together, and what got in the way (1.19)."""

    kind: Final = "collaboration-notes"
    headings: Final[Headings] = {
        "cluster": ("cluster name",),
        "year": ("academic year",),
        "kind": ("type",),
        "tag": ("theme", "label"),
        "words": ("note", "what", "description"),
        "project": ("project name",),
    }

    def apply(self, job: Job) -> None:
        """Store the note of each row."""
        finder, book = Finder(job), NoteList(job.changes, job.options.today)
        needed = ("kind", "tag", "words") if job.options.year else ("year", "kind", "tag", "words")
        seen: dict[tuple[object, ...], int] = {}
        for row in job.plain_rows(self.headings, needed):
            cluster, year = finder.cluster(row), _year(job, row)
            kind = row.need("kind", read_note_kind)
            tag, words = row.need("tag", _text(LONGEST_TAG)), row.need("words", _text(LONGEST_WORDS))
            project = row.read("project", _text(200))
            if cluster is None or year is None or kind is None or tag is None or words is None or not row.clean:
                continue
            key = (cluster.id, year.start, kind, words)
            if seen.setdefault(key, row.number) != row.number:
                row.refuse("words", f"row {seen[key]} says the same")
                continue
            try:
                said = NoteSaid(kind, tag, words, book.project(cluster.id, project) if project else None)
                check_note(said)
            except EvaluationRefused as refusal:
                row.refuse(refusal.field or "words", str(refusal))
                continue
            job.count(book.note(cluster.id, year, said))


def _place(job: Job, finder: Finder, row: RowReader) -> tuple[Cluster | None, School | None, AcademicYear | None]:
    cluster = finder.cluster(row)
    if is_blank(row.cell("school")):
        row.refuse("school", "say the school; the cell is empty")
    school = finder.school(row, cluster) if cluster is not None else None
    return cluster, school, _year(job, row)


def _year(job: Job, row: RowReader) -> AcademicYear | None:
    """The year of a row: the one it names, else the one that was asked for."""
    asked = job.options.year
    year = asked if asked is not None and is_blank(row.cell("year")) else row.need("year", read_year)
    if asked is not None and year is not None and year != asked:
        row.refuse("year", f"this row is about {year}, but --year says {asked}")
    if year is not None and year > AcademicYear.of(job.options.today):
        row.refuse("year", f"{year} has not begun")
    return year


def _text(most: int) -> Any:
    """A reader of text in one line."""
    reader = TextReader(most)
    return lambda cell: " ".join(reader(cell).split())
