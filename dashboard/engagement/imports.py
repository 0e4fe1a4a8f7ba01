"""The importer of registers: one row for each mark, or schools down and dates across."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.academic_year import AcademicYear
from dashboard.changes import Outcome
from dashboard.directory.intake import Finder
from dashboard.engagement.commands import Register
from dashboard.intake.cells import SHORT_YEAR, limited_text, read_date
from dashboard.intake.columns import Columns, Headings, find_columns, require, warn_unused
from dashboard.intake.pipeline import Job
from dashboard.intake.problems import Problem, Refused
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import Table, is_blank, show
from dashboard.intake.words import read_in_school_time, read_mark, read_meeting_kind
from dashboard.models import Cluster, School
from dashboard.vocabulary import Mark, MeetingKind

_NAME: Final = limited_text(200)
_NOTE: Final = limited_text(500)


@dataclass(frozen=True)
class _Entry:
    """One cell of a register, read and found."""

    problem: Problem
    """Where it stands, should something be wrong with it as a whole."""
    cluster: Cluster
    school: School
    person: str | None
    held_on: date
    kind: MeetingKind
    mark: Mark
    note: str | None
    in_school_time: bool | None = None


class Attendance:
    """cluster, school, person, date, kind, in_school_time, mark, note; or school (and person) down and dates across.

    A blank is "not recorded": it makes no mark and never overwrites one.
    """

    kind: Final = "attendance"
    headings: Final[Headings] = {
        "cluster": ("cluster name",),
        "school": ("school name", "member school"),
        "person": ("name of person", "attendee", "representative", "science lead", "subject lead"),
        "date": ("meeting date", "date of meeting", "held on", "meeting"),
        "kind": ("meeting kind", "kind of meeting", "meeting type", "type of meeting"),
        "in_school_time": ("in school time", "time of day", "school time"),
        "mark": ("attendance", "attended", "status"),
        "note": ("notes", "comment", "comments"),
    }

    def apply(self, job: Job) -> None:
        """Record every mark of the file, and every meeting it names."""
        finder = Finder(job)
        table = job.open_table()
        columns = find_columns(table, self.headings, job.mapping, job.warn, also=lambda text: _is_date(text, None))
        dates = {} if "date" in columns.by_meaning else _date_columns(table, columns, job)
        if not dates and "date" not in columns.by_meaning:
            _refuse_short_years(table, columns)
        meetings = _Meetings(job)
        entries = (
            _matrix(job, finder, table, columns, dates, meetings)
            if dates
            else _long(job, finder, table, columns, meetings)
        )
        _record(job, meetings, entries)


class _Meetings:
    """The meetings a file names, and the registers they belong to."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._registers: dict[int, Register] = {}

    def register(self, cluster: Cluster) -> Register:
        """The register of a cluster, loaded at its first row."""
        if cluster.id not in self._registers:
            self._registers[cluster.id] = Register(self._job.changes, cluster)
        return self._registers[cluster.id]

    def is_still_to_come(self, held_on: date) -> bool:
        """Whether the day lies ahead."""
        return held_on > self._job.options.today

    def outside(self, held_on: date) -> str | None:
        """What is wrong with a date that lies outside the year that was asked for."""
        year = self._job.options.year
        if year is None or AcademicYear.of(held_on) == year:
            return None
        return f"{held_on} lies outside {year}, the year this file was said to be about"


def _long(job: Job, finder: Finder, table: Table, columns: Columns, meetings: _Meetings) -> Iterator[_Entry]:
    require(table, columns, ("school", "date", "mark"), job.mapping.defaults)
    warn_unused(table, columns.unclaimed, job.warn)
    for row in job.rows(table, columns):
        cluster = finder.cluster(row)
        held_on = row.need("date", lambda cell: read_date(cell, job.mapping.dates))
        mark = _mark_of(row, job)
        kind = row.read("kind", read_meeting_kind) or MeetingKind.CLUSTER
        person, note = row.read("person", _NAME), row.read("note", _NOTE)
        in_school_time = row.read("in_school_time", read_in_school_time)
        if is_blank(row.cell("school")):
            row.refuse("school", "say which school; the cell is empty")
        outside = meetings.outside(held_on) if held_on else None
        if outside:
            row.refuse("date", outside)
        school = finder.school(row, cluster) if cluster is not None else None
        if not row.clean or cluster is None or school is None or held_on is None or mark is None:
            continue
        if mark is Mark.NOT_RECORDED and meetings.is_still_to_come(held_on):
            continue
        where = row.problem("school", "")
        yield _Entry(where, cluster, school, person, held_on, kind, mark, note, in_school_time)


def _mark_of(row: RowReader, job: Job) -> Mark | None:
    try:
        return read_mark(row.cell("mark"), job.mapping.marks)
    except ValueError as error:
        row.refuse("mark", str(error))
        return None


def _matrix(
    job: Job, finder: Finder, table: Table, columns: Columns, dates: dict[int, date], meetings: _Meetings
) -> Iterator[_Entry]:
    columns = _name_column(table, columns, dates)
    require(table, columns, ("school",), job.mapping.defaults)
    of_rows = ("kind", "in_school_time", "mark", "note")
    spare = {columns.by_meaning[each] for each in of_rows if each in columns.by_meaning}
    warn_unused(table, [i for i in (*columns.unclaimed, *sorted(spare)) if i not in dates], job.warn)
    kind = read_meeting_kind(job.mapping.defaults.get("kind", MeetingKind.CLUSTER))
    dates = _check_dates(job, table, dates, meetings)
    for row, source in zip(job.rows(table, columns), table.rows, strict=True):
        cluster = finder.cluster(row)
        person = row.read("person", _NAME)
        if is_blank(row.cell("school")):
            row.refuse("school", "say which school; the cell is empty")
        school = finder.school(row, cluster) if cluster is not None else None
        for index, held_on in dates.items():
            cell = source.cells[index]
            try:
                mark = read_mark(cell, job.mapping.marks)
            except ValueError as error:
                job.error(Problem(str(error), row.number, table.heading(index), show(cell)))
                continue
            if row.clean and cluster is not None and school is not None:
                where = row.problem("school", "")
                yield _Entry(where, cluster, school, person, held_on, kind, mark, None)


def _date_columns(table: Table, columns: Columns, job: Job) -> dict[int, date]:
    """The columns headed by a date, or said to be one by the mapping."""
    form = job.mapping.dates
    found = {
        index: read_date(table.headings[index], form)
        for index in columns.unclaimed
        if _is_date(table.headings[index], form)
    }
    for meaning, index in columns.by_meaning.items():
        if _is_date(meaning, None):
            found[index] = read_date(meaning)
    return dict(sorted(found.items()))


def _is_date(cell: object, form: str | None) -> bool:
    try:
        read_date(cell, form)  # type: ignore[arg-type]
    except ValueError:
        return False
    return True


def _refuse_short_years(table: Table, columns: Columns) -> None:
    # Without this a register headed 12/03/17 would only hear that it has no column for the date.
    short = [table.heading(index) for index in columns.unclaimed if SHORT_YEAR.match(table.heading(index))]
    if short:
        sentence = "this year has two digits; write four, or give the form in the mapping's “dates”"
        raise Refused(*(Problem(sentence, table.header_row, title, title) for title in short))


def _name_column(table: Table, columns: Columns, dates: dict[int, date]) -> Columns:
    # Whatever it is headed ("Member", "Board member", nothing at all), the first column that is no date names the
    # school, unless a heading says which one does.
    others = [index for index in columns.unclaimed if index not in dates]
    if "school" in columns.by_meaning or not others or others[0] > min(dates):
        return columns
    first, *rest = others
    return Columns({**columns.by_meaning, "school": first}, tuple(rest))


def _check_dates(job: Job, table: Table, dates: dict[int, date], meetings: _Meetings) -> dict[int, date]:
    """The date columns that are meetings. One of a day to come that is still blank is none, and is said so."""
    kept: dict[int, date] = {}
    for index, held_on in dates.items():
        title = table.heading(index)
        blank = all(is_blank(row.cells[index]) for row in table.rows)
        outside = meetings.outside(held_on)
        if held_on in kept.values():
            job.error(Problem(f"two columns are about {held_on}", table.header_row, title))
        elif outside:
            job.error(Problem(outside, table.header_row, title, title))
        elif blank and meetings.is_still_to_come(held_on):
            job.warn(Problem(f"{held_on} is still to come and blank; no meeting was made", table.header_row, title))
        else:
            kept[index] = held_on
    return kept


def _record(job: Job, meetings: _Meetings, entries: Iterable[_Entry]) -> None:
    seen: dict[tuple[int, int, str | None, date, MeetingKind], int | None] = {}
    direct: list[_Entry] = []
    early: set[date] = set()
    times: dict[tuple[int, date, MeetingKind], bool] = {}
    for entry in entries:
        _note_time(job, meetings, entry, times)
        key = (entry.cluster.id, entry.school.id, entry.person, entry.held_on, entry.kind)
        if key in seen:
            _refuse_double(job, entry, seen[key])
            continue
        seen[key] = entry.problem.row
        if entry.mark is not Mark.NOT_RECORDED and meetings.is_still_to_come(entry.held_on):
            early.add(entry.held_on)
        if entry.person is None:
            direct.append(entry)
            meetings.register(entry.cluster).hold_meeting(entry.held_on, entry.kind)
            continue
        register = meetings.register(entry.cluster)
        meeting, _ = register.hold_meeting(entry.held_on, entry.kind)
        _, outcome = register.record_person_mark(meeting, entry.school, entry.person, entry.mark, entry.note)
        if entry.mark is not Mark.NOT_RECORDED:
            job.count(outcome)
    # A school's own row is written last, so that it wins over what rolls up from its people.
    for entry in direct:
        register = meetings.register(entry.cluster)
        meeting, _ = register.hold_meeting(entry.held_on, entry.kind)
        _, outcome = register.record_school_mark(meeting, entry.school, entry.mark, entry.note)
        if entry.mark is not Mark.NOT_RECORDED:
            job.count(outcome)
    for held_on in sorted(early):
        job.warn(Problem(f"{held_on} is still to come, but there are marks for it", value=str(held_on)))


def _note_time(job: Job, meetings: _Meetings, entry: _Entry, times: dict[tuple[int, date, MeetingKind], bool]) -> None:
    """Whether the meeting was in school time, once for each meeting; rows that contradict one another are refused."""
    said, key = entry.in_school_time, (entry.cluster.id, entry.held_on, entry.kind)
    if said is None:
        return
    if key in times:
        if times[key] is not said:
            other = "in school time" if times[key] else "after school"
            sentence = f"an earlier row says that the meeting of {entry.held_on} was {other}; it can be one only"
            job.error(Problem(sentence, entry.problem.row, "in_school_time"))
        return
    times[key] = said
    register = meetings.register(entry.cluster)
    meeting, _ = register.hold_meeting(entry.held_on, entry.kind)
    if register.note_time(meeting, in_school_time=said) is Outcome.CHANGED:
        job.count(Outcome.CHANGED)


def _refuse_double(job: Job, entry: _Entry, first: int | None) -> None:
    where = entry.problem
    if any(each.row == where.row and each.column == where.column for each in job.errors):
        return  # said once for the row of a matrix, not for each of its dates
    who = f"{entry.person} of {entry.school.name}" if entry.person else entry.school.name
    job.error(Problem(f"{who} stands in row {first} already", where.row, where.column, where.value))
