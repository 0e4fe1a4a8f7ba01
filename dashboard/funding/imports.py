"""The importers of allocations and of ledgers: columns to commands."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.changes import Outcome
from dashboard.directory.intake import Finder
from dashboard.funding.commands import Ledger, Line
from dashboard.intake.cells import BARE_TIME, limited_text, read_date, read_money, read_text, read_year
from dashboard.intake.columns import Columns, Headings, find_columns, require, warn_unused
from dashboard.intake.pipeline import Job
from dashboard.intake.problems import Problem, Refused
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import Table, is_blank, show
from dashboard.intake.words import read_part, read_pot, read_purpose, read_state, read_use_code
from dashboard.models import Cluster, ImportBatch, LedgerLine, Meeting, School, Target
from dashboard.vocabulary import LinePurpose, LineState, MeetingKind, Part, UseCode

_PART_OF_USE: Final = {"A": Part.A, "B": Part.B, "C": Part.COORDINATOR}
"""The use codes of Part A (3.2), Part B (3.3) and the coordinator's allowance (3.4)."""

_OF_BOTH: Final[Headings] = {
    "cluster": ("cluster name",),
    "school": ("school name", "member school"),
    "pot": ("holder", "held by"),
    "part": ("funding part", "fund"),
}


class Allocations:
    """cluster, school, year, pot, part, amount. One school, year, pot and part has one amount."""

    kind: Final = "allocations"
    headings: Final[Headings] = {
        **_OF_BOTH,
        "year": ("academic year",),
        "amount": ("allocation", "allocated", "value"),
    }

    def apply(self, job: Job) -> None:
        """Store the allocation of each row."""
        finder, ledgers = Finder(job), _Ledgers(job)
        seen: dict[tuple[object, ...], int] = {}
        needed = ("pot", "part", "amount") if job.options.year else ("year", "pot", "part", "amount")
        for row in job.plain_rows(self.headings, needed):
            cluster = finder.cluster(row)
            year = _year_of(row, job)
            pot, part = row.need("pot", read_pot), row.need("part", read_part)
            amount = row.need("amount", read_money)
            school = finder.school(row, cluster) if cluster is not None else None
            if not row.clean or cluster is None or year is None or pot is None or part is None or amount is None:
                continue
            key = (cluster.id, school.id if school else None, year, pot, part)
            if key in seen:
                row.refuse("amount", f"row {seen[key]} gives an amount for the same school, year, pot and part")
                continue
            seen[key] = row.number
            try:
                ledger = ledgers.of(cluster)
                _, outcome = ledger.allocate(year=year, pot=pot, part=part, amount=amount, school=school)
            except ValueError as error:
                row.refuse("amount" if school else "school", str(error))
                continue
            job.count(outcome)


class Spend:
    """One row for each line of a ledger.

    The same file again adds nothing, yet two equal lines within one file are two lines. A line without a day is stored
    in the year that a person said; one without a supplier is stored as it is; both are told, row by row.
    """

    kind: Final = "spend"
    headings: Final[Headings] = {
        **_OF_BOTH,
        "date": ("spent on", "date spent", "paid date", "date paid", "payment date", "invoice date"),
        "use_code": ("use", "use code", "spend code", "code"),
        "purpose": (),
        "supplier": ("supplier name", "payee", "paid to"),
        "description": ("details", "detail", "what for", "item"),
        "reference": ("ref", "invoice", "invoice number", "invoice no", "transaction", "trans no"),
        "amount": ("net", "net amount", "amount net", "amount (net)", "amount excluding vat", "amount ex vat"),
        "vat": ("vat amount", "tax"),
        "state": ("status",),
        "meeting": ("meeting date",),
        "target": ("target code", "plan target"),
        "year": ("academic year",),
    }

    def apply(self, job: Job) -> None:
        """Record each line."""
        table = job.open_table()
        columns = find_columns(table, self.headings, job.mapping, job.warn)
        _require_columns(job, table, columns)
        warn_unused(table, columns.unclaimed, job.warn)
        finder, ledgers, gaps = self.finder(job), _Ledgers(job), _Gaps(job)
        there: Counter[int | None] = Counter()
        for row in job.rows(table, columns):
            cluster = finder.cluster(row)
            school = self.school(finder, row, cluster) if cluster is not None else None
            line = self._line(row, job, gaps)
            state, purpose = row.read("state", read_state), row.read("purpose", read_purpose)
            if line is None or cluster is None or not row.clean:
                continue
            line, ledger = replace(line, school=school), ledgers.of(cluster)
            known = ledger.equal_line(line)
            meeting = ledgers.meeting(row, cluster, job.mapping.dates, known)
            target = ledgers.target(row, cluster, line.year, known)
            if row.clean:
                self.look_at(row, cluster, line, Told(state, purpose, known))
            if not row.clean:
                continue
            try:
                stored, outcome = ledger.record_line(line, state=state, meeting=meeting, target=target, purpose=purpose)
            except ValueError as error:
                row.refuse("school", str(error))
                continue
            job.count(outcome)
            if outcome is Outcome.ADDED:
                self.added(row, stored)
            else:
                there[stored.batch_id] += 1
        gaps.tell()
        _say_what_was_there(job, there)

    def finder(self, job: Job) -> Finder:
        """What finds the cluster and the schools of the rows."""
        return Finder(job)

    def school(self, finder: Finder, row: RowReader, cluster: Cluster) -> School | None:
        """The school of a row; None when it names none or a problem was noted."""
        return finder.school(row, cluster)

    def look_at(self, row: RowReader, cluster: Cluster, line: Line, told: "Told") -> None:
        """Refuse what may not be recorded. A file tells what happened: whatever can be stored is."""

    def added(self, row: RowReader, stored: LedgerLine) -> None:
        """A new line was put into the store."""

    @staticmethod
    def _line(row: RowReader, job: Job, gaps: "_Gaps") -> Line | None:
        spent_on, year = gaps.day(row)
        pot = row.need("pot", read_pot)
        use_code = row.read("use_code", read_use_code)
        # A use code says which part it belongs to; without one the row must.
        own = _PART_OF_USE[use_code[0]] if use_code else None
        part = row.read("part", read_part) if not is_blank(row.cell("part")) or own else row.need("part", read_part)
        amount, vat = row.need("amount", read_money), row.read("vat", read_money)
        supplier = row.read("supplier", limited_text(300))
        description, reference = row.read("description", limited_text(500)), row.read("reference", limited_text(100))
        if not row.clean or pot is None or amount is None or (part or own) is None:
            return None
        if supplier is None:
            gaps.no_supplier(row)
        if use_code and part and part is not own:
            sentence = f"{use_code} is a use of {_name(own)}, but the line is of {_name(part)}"
            job.warn(row.problem("use_code", sentence))
        return Line(
            None,
            spent_on,
            pot,
            part or _part_of(use_code),
            amount,
            vat or 0,
            use_code,
            supplier,
            description,
            reference,
            None if spent_on else year,
        )


@dataclass(frozen=True)
class Told:
    """What a row tells of a line besides what identifies it."""

    state: LineState | None
    purpose: LinePurpose | None
    known: LedgerLine | None
    """The line of the store that it is, if it is one already."""


@dataclass
class _Gaps:
    """The rows of a ledger that lack a day or a supplier: never filled in, always told."""

    job: Job
    undated: list[Problem] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    anonymous: list[Problem] = field(default_factory=list)

    def day(self, row: RowReader) -> tuple[date | None, AcademicYear | None]:
        """The day of a line and the year it is of. No day where there is none and the year was said, by the row or for
        the whole file; neither when a problem was noted.
        """
        year = row.read("year", read_year)
        asked = self.job.options.year
        if year and asked and year != asked:
            row.refuse("year", f"this row is about {year}, but --year says {asked}")
        year = year or asked
        cell = row.cell("date")
        if is_blank(cell):
            if year is None:
                row.refuse("date", "say the date; the cell is empty")
                self.refused.append(row.problem("date", ""))
            else:
                self.undated.append(row.problem("date", f"no usable date; kept in {year} without a day"))
            return None, year
        spent_on = row.read("date", lambda cell: read_date(cell, self.job.mapping.dates))
        if spent_on is None:
            if BARE_TIME.match(show(cell)):
                self.refused.append(row.problem("date", ""))
            return None, None
        if year and AcademicYear.of(spent_on) != year:
            about = "this file was said to be about" if year == asked else "that the row names"
            row.refuse("date", f"{spent_on} lies outside {year}, the year {about}")
        return spent_on, AcademicYear.of(spent_on)

    def no_supplier(self, row: RowReader) -> None:
        """Note a line of which nobody knows who was paid: no supplier, nor a school that claims its release money."""
        if row.has("supplier") and is_blank(row.cell("school")):
            self.anonymous.append(row.problem("supplier", "no usable supplier; kept without one"))

    def tell(self) -> None:
        """Report every row; before them a sentence on all of one kind."""
        if self.refused:
            self.job.error(_lost_days(self.job, self.refused))
        year = self.job.options.year
        for rows, what in (
            (self.undated, f"no usable date; kept in {year or 'the year of the row'} without a day"),
            (self.anonymous, "no usable supplier; kept without one"),
        ):
            if rows:
                self.job.warn(Problem(f"{_rows(rows)} {what}: {_first_of(rows)}", column=rows[0].column))
                for row in rows:
                    self.job.warn(row)


def _require_columns(job: Job, table: Table, columns: Columns) -> None:
    try:
        require(table, columns, ("date", "pot", "amount"), job.mapping.defaults)
    except Refused as refusal:
        # Whoever adds the pot would otherwise learn only then that the days are lost.
        raise Refused(*refusal.problems, *_told_early(job, table, columns)) from refusal


def _told_early(job: Job, table: Table, columns: Columns) -> Iterator[Problem]:
    index = columns.by_meaning.get("date")
    if index is None or "date" in job.mapping.defaults:
        return
    year_said = job.options.year is not None or "year" in columns.by_meaning or "year" in job.mapping.defaults
    printed = [(row, show(row.cells[index]) or table.emptied.get((row.number, index))) for row in table.rows]
    lost = [
        Problem("", row.number, table.heading(index), text)
        for row, text in printed
        if BARE_TIME.match(show(row.cells[index])) or (is_blank(row.cells[index]) and not year_said)
    ]
    if lost:
        yield _lost_days(job, lost)


def _lost_days(job: Job, rows: list[Problem]) -> Problem:
    """What to do about rows without a day."""
    texts = dict.fromkeys(row.value for row in rows if row.value)
    known = {text.casefold() for text in job.mapping.blank}
    nothing = [text for text in texts if text.casefold() not in known]
    ways = []
    if job.options.year is None:
        ways.append("say the academic year of all of them with --year, such as --year 2016-17")
    if nothing:
        ways.append(f"list “{nothing[0]}” in the mapping's “blank”, as a text that means nothing")
    sentence = f"{_rows(rows)} no usable date: {_first_of(rows)}. Fill in the dates; or, where they are lost, "
    end = "; the lines are then kept in that year without a day"
    return Problem(f"{sentence}{' and '.join(ways)}{end}", column=rows[0].column)


def _rows(rows: list[Problem]) -> str:
    return "1 row has" if len(rows) == 1 else f"{len(rows):,} rows have"


_FIRST: Final = 3


def _first_of(rows: list[Problem]) -> str:
    shown = [f"row {row.row}{f' (“{row.value}”)' if row.value else ''}" for row in rows[:_FIRST]]
    more = len(rows) - _FIRST
    return f"{', '.join(shown)} and {more:,} more" if more > 0 else ", ".join(shown)


class _Ledgers:
    """The ledgers, meetings and targets of the clusters a file is about, each loaded at its first row."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._session: Session = job.session
        self._ledgers: dict[int, Ledger] = {}
        self._meetings: dict[int, defaultdict[date, list[Meeting]]] = {}
        self._targets: dict[int, defaultdict[str, list[Target]]] = {}

    def of(self, cluster: Cluster) -> Ledger:
        """The ledger of a cluster."""
        if cluster.id not in self._ledgers:
            self._ledgers[cluster.id] = Ledger(self._job.changes, cluster)
        return self._ledgers[cluster.id]

    def meeting(
        self, row: RowReader, cluster: Cluster, form: str | None, known: LedgerLine | None = None
    ) -> Meeting | None:
        """The meeting a line was spent on: the one of that day; of several that of the line, if the store knows it."""
        held_on = row.read("meeting", lambda cell: read_date(cell, form))
        if held_on is None:
            return None
        if cluster.id not in self._meetings:
            self._meetings[cluster.id] = defaultdict(list)
            for meeting in self._session.scalars(sa.select(Meeting).where(Meeting.cluster_id == cluster.id)):
                self._meetings[cluster.id][meeting.held_on].append(meeting)
        found = self._meetings[cluster.id][held_on]
        if not found:
            row.refuse("meeting", f"{cluster.name} has no meeting on {held_on}; import its register first")
            return None
        own = [each for each in found if known is not None and each.id == known.meeting_id]
        return next((each for each in (*own, *found) if each in own or each.kind is MeetingKind.CLUSTER), found[0])

    def target(
        self, row: RowReader, cluster: Cluster, year: AcademicYear, known: LedgerLine | None = None
    ) -> Target | None:
        """The target a line was spent for: the one the store has for it if of that code, else that of the line's year,
        else the only one of that code.
        """
        code = row.read("target", read_text)
        if code is None:
            return None
        if cluster.id not in self._targets:
            self._targets[cluster.id] = defaultdict(list)
            for target in self._session.scalars(sa.select(Target).where(Target.cluster_id == cluster.id)):
                self._targets[cluster.id][target.code.casefold()].append(target)
        found = self._targets[cluster.id][code.casefold()]
        own = [each for each in found if known is not None and each.id == known.target_id]
        same_year = own or [each for each in found if each.year == year.start]
        if same_year or len(found) == 1:
            return (same_year or found)[0]
        codes = {each.code for targets in self._targets[cluster.id].values() for each in targets}
        others = ", ".join(sorted(codes)) or "none"
        why = f"stands in {len(found)} plans, none of {year}" if found else f"is no target; known are {others}"
        row.refuse("target", f"“{code}” {why}")
        return None


def _year_of(row: RowReader, job: Job) -> AcademicYear | None:
    asked = job.options.year
    year = row.read("year", read_year) if asked and is_blank(row.cell("year")) else row.need("year", read_year)
    if asked is None or not row.clean:
        return year
    if year is not None and year != asked:
        row.refuse("year", f"this row is about {year}, but --year says {asked}")
    return asked


def _part_of(use_code: UseCode | None) -> Part:
    return _PART_OF_USE[use_code[0]] if use_code else Part.OTHER


def _name(part: Part | None) -> str:
    return {Part.A: "Part A", Part.B: "Part B", Part.COORDINATOR: "the coordinator's allowance"}.get(
        part or Part.OTHER, f"“{part}”"
    )


def _say_what_was_there(job: Job, there: Counter[int | None]) -> None:
    if not there:
        return
    names = {
        batch.id: f"batch {batch.id} ({batch.file_name})"
        for batch in job.session.scalars(sa.select(ImportBatch).where(ImportBatch.id.in_(list(there))))
    }
    where = ", ".join(names.get(batch or 0, "entries by hand") for batch in there)
    lines = f"{there.total()} line was" if there.total() == 1 else f"{there.total()} lines were"
    job.warn(Problem(f"{lines} in the ledger already, from {where}; equal lines in another file are not added again"))
