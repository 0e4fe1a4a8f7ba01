"""The importers of allocations and of ledgers: columns to commands."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.changes import Outcome
from dashboard.directory.intake import Finder
from dashboard.funding.commands import Ledger, Line
from dashboard.intake.cells import limited_text, read_date, read_money, read_text, read_year
from dashboard.intake.columns import Headings
from dashboard.intake.pipeline import Job
from dashboard.intake.problems import Problem
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import is_blank
from dashboard.intake.words import read_part, read_pot, read_state, read_use_code
from dashboard.models import Cluster, ImportBatch, Meeting, Target
from dashboard.vocabulary import MeetingKind, Part, UseCode

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
                row.refuse("school", str(error))
                continue
            job.count(outcome)


class Spend:
    """One row for each line of a ledger.

    The same file again adds nothing, yet two equal lines within one file are two lines.
    """

    kind: Final = "spend"
    headings: Final[Headings] = {
        **_OF_BOTH,
        "date": ("spent on", "date spent", "paid date", "date paid", "payment date", "invoice date"),
        "use_code": ("use", "use code", "spend code", "code"),
        "supplier": ("supplier name", "payee", "paid to"),
        "description": ("details", "detail", "what for", "purpose", "item"),
        "reference": ("ref", "invoice", "invoice number", "invoice no", "transaction", "trans no"),
        "amount": ("net", "net amount", "amount net", "amount (net)", "amount excluding vat", "amount ex vat"),
        "vat": ("vat amount", "tax"),
        "state": ("status",),
        "meeting": ("meeting date",),
        "target": ("target code", "plan target"),
    }

    def apply(self, job: Job) -> None:
        """Record each line."""
        finder, ledgers = Finder(job), _Ledgers(job)
        there: Counter[int | None] = Counter()
        for row in job.plain_rows(self.headings, ("date", "pot", "amount")):
            cluster = finder.cluster(row)
            school = finder.school(row, cluster) if cluster is not None else None
            line = self._line(row, job)
            state = row.read("state", read_state)
            if line is None or cluster is None or not row.clean:
                continue
            meeting = ledgers.meeting(row, cluster, job.mapping.dates)
            target = ledgers.target(row, cluster, AcademicYear.of(line.spent_on))
            if not row.clean:
                continue
            try:
                stored, outcome = ledgers.of(cluster).record_line(
                    replace(line, school=school), state=state, meeting=meeting, target=target
                )
            except ValueError as error:
                row.refuse("school", str(error))
                continue
            job.count(outcome)
            if outcome is not Outcome.ADDED:
                there[stored.batch_id] += 1
        _say_what_was_there(job, there)

    @staticmethod
    def _line(row: RowReader, job: Job) -> Line | None:
        spent_on = row.need("date", lambda cell: read_date(cell, job.mapping.dates))
        year = job.options.year
        if spent_on and year and AcademicYear.of(spent_on) != year:
            row.refuse("date", f"{spent_on} lies outside {year}, the year this file was said to be about")
        pot = row.need("pot", read_pot)
        use_code = row.read("use_code", read_use_code)
        # A use code says which part it belongs to; without one the row must.
        own = _PART_OF_USE[use_code[0]] if use_code else None
        part = row.read("part", read_part) if not is_blank(row.cell("part")) or own else row.need("part", read_part)
        amount, vat = row.need("amount", read_money), row.read("vat", read_money)
        supplier = row.read("supplier", limited_text(300))
        description, reference = row.read("description", limited_text(500)), row.read("reference", limited_text(100))
        if not row.clean or spent_on is None or pot is None or amount is None or (part or own) is None:
            return None
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
        )


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

    def meeting(self, row: RowReader, cluster: Cluster, form: str | None) -> Meeting | None:
        """The meeting a line was spent on: the one of that day."""
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
        return next((each for each in found if each.kind is MeetingKind.CLUSTER), found[0])

    def target(self, row: RowReader, cluster: Cluster, year: AcademicYear) -> Target | None:
        """The target a line was spent for: that of the line's year, else the only one of that code."""
        code = row.read("target", read_text)
        if code is None:
            return None
        if cluster.id not in self._targets:
            self._targets[cluster.id] = defaultdict(list)
            for target in self._session.scalars(sa.select(Target).where(Target.cluster_id == cluster.id)):
                self._targets[cluster.id][target.code.casefold()].append(target)
        found = self._targets[cluster.id][code.casefold()]
        same_year = [each for each in found if each.year == year.start]
        if same_year or len(found) == 1:
            return (same_year or found)[0]
        known = ", ".join(sorted({each.code for targets in self._targets[cluster.id].values() for each in targets}))
        why = f"stands in {len(found)} plans, none of {year}" if found else f"is no target; known are {known or 'none'}"
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
