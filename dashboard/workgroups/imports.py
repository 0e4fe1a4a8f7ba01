"""The importer of workgroup returns. One file is the whole return of every cluster it names."""

from dataclasses import dataclass, field
from typing import Any, Final

from dashboard.academic_year import AcademicYear
from dashboard.db import now_utc
from dashboard.directory.intake import Finder
from dashboard.intake.cells import read_date
from dashboard.intake.columns import Headings
from dashboard.intake.pipeline import Job
from dashboard.intake.reader import RowReader
from dashboard.intake.work_email import check_work_email
from dashboard.models import Cluster
from dashboard.vocabulary import PersonRole
from dashboard.wording import counted, listed
from dashboard.workgroups.cells import read_name, read_roles, read_year_groups
from dashboard.workgroups.commands import ByFile, Line, ReturnBook
from dashboard.workgroups.words import year_words


@dataclass
class _Sheet:
    """The rows of one cluster."""

    cluster: Cluster
    rows: list[RowReader] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


class Workgroups:
    """cluster, school, name, work_email, roles, year_groups, from, to, replaces. A row is one person of one school."""

    kind: Final = "workgroup"
    headings: Final[Headings] = {
        "cluster": ("cluster name",),
        "school": ("school name",),
        "name": ("person", "full name", "name of person", "name of colleague", "teacher name", "staff name"),
        "work_email": (
            "email", "e-mail", "work e-mail address", "work email address", "email address", "e-mail address",
            "school email", "work address",
        ),
        "roles": ("role", "role(s)"),
        "year_groups": ("year group", "year group(s)", "year groups taught", "years taught"),
        "from": ("starts", "start date", "from date"),
        "to": ("ends", "end date", "to date", "until"),
        "replaces": ("takes over from", "replacement for"),
    }  # fmt: skip

    def apply(self, job: Job) -> None:
        """Make a version of the return of each cluster in the file, unless its newest one says the same."""
        finder = Finder(job)
        sheets: dict[int, _Sheet] = {}
        for row in job.plain_rows(self.headings, ("school", "name", "roles")):
            cluster = finder.cluster(row)
            if cluster is None:
                continue
            line = _read(job, finder, row, cluster)
            if line is not None:
                sheet = sheets.setdefault(cluster.id, _Sheet(cluster))
                sheet.rows.append(row)
                sheet.lines.append(line)
        year = job.options.year or AcademicYear.of(job.options.today)
        for sheet in sheets.values():
            _receive(job, sheet, year)


def _read(job: Job, finder: Finder, row: RowReader, cluster: Cluster) -> Line | None:
    """The line of a row: one with a problem too, as far as it goes, so that others may speak of that colleague."""

    def day(cell: Any) -> Any:
        return read_date(cell, job.mapping.dates)

    row.need("school", str)
    school = finder.school(row, cluster)
    name, roles = row.need("name", read_name), row.need("roles", read_roles)
    address, years = row.read("work_email", check_work_email), row.read("year_groups", read_year_groups)
    starts, ends, replaces = row.read("from", day), row.read("to", day), row.read("replaces", read_name)
    if school is None or name is None:
        return None
    return Line(school.id, name, roles or (), address, years or (), starts, ends, replaces)


def _receive(job: Job, sheet: _Sheet, year: AcademicYear) -> None:
    book = ReturnBook(ByFile(job.changes), sheet.cluster, year)
    read_well = [row.clean for row in sheet.rows]
    for problem in book.check(sheet.lines):
        if read_well[problem.index] or problem.column == "name":
            sheet.rows[problem.index].refuse(problem.column, problem.sentence)
    if job.errors:
        return
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        if PersonRole.YEAR_6_TEACHER in line.roles and line.year_groups and 6 not in line.year_groups:
            told = f"{line.name} is named as Year 6 teacher but teaches {year_words(line.year_groups)}"
            job.warn(row.problem("year_groups", told))
    received = book.receive(sheet.lines, received_at=now_utc(), account_id=job.options.actor.account_id)
    for outcome in received.outcomes:
        job.count(outcome)
    if received.dropped:
        who = counted(len(received.dropped), "person", "people")
        is_ = "is" if len(received.dropped) == 1 else "are"
        sentence = f"{who} of the version before {is_} not in this file and {is_} taken to have left: "
        job.warn(sheet.rows[0].problem("cluster", f"{sheet.cluster.name}: {sentence}{listed(received.dropped)}"))
