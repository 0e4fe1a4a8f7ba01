"""The importer of development plans: a Word table of eight columns, or the same in a CSV file or workbook."""

from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.directory.intake import Finder
from dashboard.intake.cells import limited_text, read_date
from dashboard.intake.columns import Headings, find_columns, require, warn_unused
from dashboard.intake.documents import read_document
from dashboard.intake.pipeline import Job
from dashboard.intake.problems import Problem, Refused
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import Row, Table, show
from dashboard.intake.words import read_status
from dashboard.models import Allocation, Cluster, LedgerLine, Meeting, Target
from dashboard.plans.brackets import split_criteria
from dashboard.plans.cell_text import (
    CellLines,
    find_code,
    read_lines,
    reads_like_headings,
    title_of,
    year_of_code,
)
from dashboard.plans.commands import PlanBook, TargetText
from dashboard.vocabulary import PLAN_HEADINGS, PlanCell

_FEWEST_HEADINGS: Final = 6
"""So many of the eight headings make a table a plan; one may be missing or reworded."""
_EXPECTED_TEXT: Final = (PlanCell.EVALUATION, PlanCell.IMPACT, PlanCell.NEXT_STEPS)

_Read = tuple[RowReader, dict[PlanCell, CellLines]]


class PlanImporter:
    """The eight cells, code, due, owner, status. One row is one target."""

    kind: Final = "plan"
    headings: Final[Headings] = {
        "target": ("targets",),
        "aims": ("links to aims", "link to aims", "links to aim", "aim"),
        "criteria": ("success criteria", "success criterion"),
        "organisation": ("organisation/expenditure", "organisation and expenditure", "expenditure"),
        "personnel": ("monitoring/personnel", "monitoring and personnel", "monitoring"),
        "evaluation": ("evaluation/evidence", "evaluation and evidence", "evidence"),
        "impact": (),
        "next_steps": ("next steps/future targets", "next steps and future targets", "next steps", "future targets"),
        "code": ("target code",),
        "due": ("due date", "deadline", "by when"),
        "owner": ("lead", "responsible"),
        "status": ("state", "progress"),
        "cluster": ("cluster name",),
    }

    def apply(self, job: Job) -> None:
        """Put every target of the file into its plan."""
        finder = Finder(job)
        books: dict[int, PlanBook] = {}
        years: dict[int, AcademicYear] = {}
        seen: dict[tuple[int, AcademicYear, str], int] = {}
        rows = self._document_rows(job) if job.file.is_document else self._table_rows(job)
        for row, cells in rows:
            cluster = finder.cluster(row if row.has("cluster") else None)
            said = _target(row, cells, job)
            if said is None or cluster is None or not row.clean:
                continue
            year = job.options.year or year_of_code(said.code) or years.get(cluster.id)
            if year is None:
                year = years[cluster.id] = _latest_year(job, cluster)
            key = (cluster.id, year, said.code)
            if key in seen:
                row.refuse("code" if row.has("code") else "target", f"“{said.code}” stands in row {seen[key]} already")
                continue
            seen[key] = row.number
            if cluster.id not in books:
                books[cluster.id] = PlanBook(job.changes, cluster, job.changes.actor, job.options.today)
            _, outcome = books[cluster.id].put_target(year, said)
            job.count(outcome)
            _warn(job, row, said)

    def _table_rows(self, job: Job) -> Iterator[_Read]:
        table = job.open_table()
        columns = find_columns(table, self.headings, job.mapping, job.warn)
        require(table, columns, ("target",), job.mapping.defaults)
        warn_unused(table, columns.unclaimed, job.warn)
        _warn_missing(job, table, set(columns.by_meaning))
        for row in job.rows(table, columns):
            yield row, {cell: read_lines(show(row.cell(cell))) for cell in PlanCell if row.has(cell)}

    def _document_rows(self, job: Job) -> Iterator[_Read]:
        cells, table = self._document_table(job)
        job.rows_read = len(table.rows)
        columns = find_columns(table, self.headings, job.mapping, job.warn)
        warn_unused(table, columns.unclaimed, job.warn)
        _warn_missing(job, table, set(columns.by_meaning))
        for row, source in zip(job.rows(table, columns), table.rows, strict=True):
            found = dict(enumerate(cells[source.number - 1]))  # a row of merged cells may be short
            yield row, {cell: found.get(columns.by_meaning[cell], ()) for cell in PlanCell if row.has(cell)}

    def _document_table(self, job: Job) -> tuple[list[list[CellLines]], Table]:
        tables = read_document(job.file.data)
        wanted = job.mapping.table
        if wanted is not None:
            if wanted > len(tables):
                raise Refused.because(f"the document has {len(tables)} tables; there is no table {wanted}")
            table = _as_table(tables[wanted - 1], job.mapping.header_row)
            require(table, find_columns(table, self.headings, job.mapping, job.warn), ("target",), ())
            return tables[wanted - 1], table
        for cells in tables:
            if len(cells) >= job.mapping.header_row:
                table = _as_table(cells, job.mapping.header_row)
                found = find_columns(table, self.headings, job.mapping, lambda _problem: None).by_meaning
                if "target" in found and len(set(found) & set(PlanCell)) >= _FEWEST_HEADINGS:
                    return cells, table
        headings = ", ".join(PLAN_HEADINGS.values())
        raise Refused.because(
            f"no table in this document has the headings of a plan ({headings}); name it in a mapping's “table”"
        )


def _as_table(cells: list[list[CellLines]], header_row: int) -> Table:
    def text(lines: CellLines) -> str:
        return "\n".join(line.text for line in lines)

    headings = tuple(text(lines).replace("\n", " ") for lines in cells[header_row - 1])
    rows = tuple(
        Row(number, tuple(text(lines) for lines in row))
        for number, row in enumerate(cells, start=1)
        if number > header_row and any(row)
    )
    return Table(header_row, headings, rows)


def _target(row: RowReader, cells: dict[PlanCell, CellLines], job: Job) -> TargetText | None:
    lines = cells.get(PlanCell.TARGET, ())
    code = row.read("code", limited_text(60)) or find_code(lines)
    if code is None:
        row.refuse("target", "the target has no code; put one such as SCIENCE-SEPT19 in the first line of the cell")
        return None
    due = row.read("due", lambda cell: read_date(cell, job.mapping.dates))
    owner, status = row.read("owner", limited_text(200)), row.read("status", read_status)
    return TargetText(code, title_of(lines, code), cells, due=due, owner=owner, own_status=status)


def _warn_missing(job: Job, table: Table, found: set[str]) -> None:
    for cell in PlanCell:
        if cell not in found:
            sentence = f"there is no column “{PLAN_HEADINGS[cell]}”; what is stored for it stays"
            job.warn(Problem(sentence, table.header_row, PLAN_HEADINGS[cell]))


def _warn(job: Job, row: RowReader, said: TargetText) -> None:
    """Say what a reader of the plan would stumble over (2.7, 2.12)."""

    def warn(cell: PlanCell, sentence: str) -> None:
        job.warn(row.problem(cell, f"{said.code}: {sentence}"))

    cells = said.cells
    if not [line for line in cells.get(PlanCell.TARGET, ()) if line.text != said.code]:
        warn(PlanCell.TARGET, "the target cell holds only a code")
    if PlanCell.CRITERIA in cells:
        criteria = [each.text for each in split_criteria(cells[PlanCell.CRITERIA])[1]]
        if not criteria:
            warn(PlanCell.CRITERIA, "no measurable criterion: the cell is empty")
        elif reads_like_headings(criteria):
            warn(PlanCell.CRITERIA, "no measurable criterion in the cell, only names or headings")
            warn(PlanCell.CRITERIA, "the cells look shifted; see whether this text belongs in another column")
    for cell in _EXPECTED_TEXT:
        if cell in cells and not cells[cell]:
            warn(cell, f"the cell {PLAN_HEADINGS[cell]} is empty")
    if cells.get(PlanCell.EVALUATION) and PlanCell.IMPACT in cells and not cells[PlanCell.IMPACT]:
        warn(PlanCell.IMPACT, "there is evidence but no impact: activity without impact")


def _latest_year(job: Job, cluster: Cluster) -> AcademicYear:
    starts: list[int | None] = [
        job.session.scalar(sa.select(sa.func.max(table.year)).where(table.cluster_id == cluster.id))
        for table in (Meeting, Allocation, LedgerLine, Target)
    ]
    known = [start for start in starts if start is not None]
    if known:
        return AcademicYear(max(known))
    year = AcademicYear.of(job.options.today)
    job.warn(Problem(f"nothing says which year this plan is for; it was taken for {year}. Say so with --year"))
    return year
