"""Rows of a spreadsheet that somebody pastes into the grid of a ledger: split into cells, checked, stored as one batch.

The importer of ledgers reads them, as a file with the grid's columns would be, so that each cell is told the same.
Beyond a file, whoever records by hand is held to the rules of the programme and to what they may record.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, looking_up
from dashboard.audit import Actor
from dashboard.db import now_utc
from dashboard.directory.intake import Finder
from dashboard.directory.queries import ClusterFacts
from dashboard.funding.checks import Breach
from dashboard.funding.commands import LedgerBook, Line
from dashboard.funding.entry import LedgerRefused, LineSaid, checked_text
from dashboard.funding.imports import Spend, Told
from dashboard.funding.lines import Filters, LineRow, load_lines
from dashboard.funding.reach import lines_within
from dashboard.intake.columns import plain
from dashboard.intake.files import SourceFile
from dashboard.intake.mapping import Mapping as FileMapping
from dashboard.intake.pipeline import ImportOptions, ImportResult, Job, bring_in
from dashboard.intake.problems import Problem
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import show
from dashboard.models import AuditEvent, Cluster, ImportBatch, LedgerLine, School
from dashboard.vocabulary import LineState

COLUMNS: Final = (
    "date", "pot", "part", "use_code", "purpose", "supplier", "description", "reference", "amount", "vat", "state",
    "school",
)  # fmt: skip
"""The columns of the grid, by the importer's words."""
MOST_ROWS: Final = 200
PASTED: Final = "pasted rows"
"""What the batch of such rows is called in the place of a file."""
_FIRST_ROW: Final = 2
"""Of the file that the grid stands for: its first has the headings."""
_AT: Final[Mapping[str | None, str]] = {"spent_on": "date"}
"""Fields of an entry by hand that the grid calls otherwise."""

Cells = dict[str, str]
"""One row of the grid: what stands in each column."""


class TooManyRows(Exception):
    """More was pasted than a grid holds; the text says how much it holds."""


@dataclass(frozen=True)
class Found:
    """What a look at the rows found. Rows are counted from 0, as they stand in the grid."""

    result: ImportResult
    rows: int
    """How many say anything."""
    wrong: Mapping[tuple[int, str], Sequence[str]]
    """Row and column → what is wrong with the cell."""
    breaches: Mapping[int, Sequence[Breach]]
    """Row → the rules that it does not keep."""
    notes: Mapping[tuple[int, str], Sequence[str]]
    """Row and column → what a person should know."""
    elsewhere: Sequence[str] = ()
    """What is wrong with the rows as a whole."""

    @property
    def clean(self) -> bool:
        """Whether every cell is right."""
        return not self.wrong and not self.elsewhere


def split(text: str) -> list[Cells]:
    """The rows of a text copied from a spreadsheet: cells parted by tabs, or by the commas of a CSV file.

    Headings in its first line say which column is which; without them the cells stand in the order of `COLUMNS`.
    Raises TooManyRows.
    """
    separator = "\t" if "\t" in text else ","
    records = [record for record in csv.reader(io.StringIO(text), delimiter=separator) if any(map(str.strip, record))]
    named = _headings(records[0]) if records else None
    order = named or COLUMNS
    rows = [
        {name: cell.strip() for name, cell in zip(order, record, strict=False) if name}
        for record in (records[1:] if named else records)
    ]
    if len(rows) > MOST_ROWS:
        raise TooManyRows(
            f"These are {len(rows)} rows; the grid holds at most {MOST_ROWS}. Paste them in parts, or import a file."
        )
    return [{name: row.get(name, "") for name in COLUMNS} for row in rows]


def _headings(record: Sequence[str]) -> list[str | None] | None:
    """What the cells of a first line mean, if they are headings: none for one that the grid does not have."""
    known = {plain(word): name for name in COLUMNS for word in (name, *Spend.headings[name])}
    found = [known.get(plain(cell)) for cell in record]
    named = [name for name in found if name]
    return found if "amount" in named and "date" in named and len(named) == len(set(named)) else None


def is_empty(row: Cells) -> bool:
    """Whether a row says nothing."""
    return not any(cell.strip() for cell in row.values())


@dataclass(frozen=True)
class Grid:
    """Rows somebody wants to record in a cluster, and what those that leave a cell empty mean."""

    cluster: ClusterFacts
    rows: Sequence[Cells]
    defaults: Mapping[str, str] = field(default_factory=dict)
    as_it_happened: bool = False
    """Whether rows that keep not every rule are recorded nevertheless."""
    reason: str | None = None
    """Why, to stand in the note of each of them."""


class PasteBook:
    """Looks at rows and stores them within a scope, for one actor on one day, within one write transaction."""

    def __init__(self, session: Session, actor: Actor, scope: Scope, today: date) -> None:
        self._session, self._actor, self._scope, self._today = session, actor, scope, today

    def look_at(self, grid: Grid) -> Found:
        """Say what is wrong with each cell and which rule each row breaks; store nothing."""
        return self._bring(grid, dry_run=True)

    def store(self, grid: Grid) -> Found:
        """Store the rows if every cell is right and every rule is kept, or else the reason is given why not."""
        found = self._bring(grid, dry_run=True)
        if not found.clean or (found.breaches and not (grid.as_it_happened and grid.reason)):
            return found
        return self._bring(grid, dry_run=False)

    def _bring(self, grid: Grid, *, dry_run: bool) -> Found:
        filled = [number for number, row in enumerate(grid.rows) if not is_empty(row)]
        importer = _ByHand(
            LedgerBook(self._session, self._actor, self._scope, self._today),
            self._scope,
            whole=self._scope.holds(grid.cluster.id, grid.cluster.programme_id),
            reason=grid.reason if grid.as_it_happened else None,
        )
        options = ImportOptions(
            cluster=grid.cluster.slug,
            mapping=FileMapping(defaults={name: value for name, value in grid.defaults.items() if value}),
            dry_run=dry_run,
            today=self._today,
            actor=self._actor,
        )
        result = bring_in(self._session, importer, SourceFile(PASTED, _as_file(grid.rows)), options)
        wrong, elsewhere = _by_cell(result.errors)
        notes, _ = _by_cell(each for each in result.warnings if each.row is not None and each.column != "use_code")
        breaches = {number - _FIRST_ROW: found for number, found in importer.breaches.items()}
        return Found(result, len(filled), wrong, breaches, notes, [each.problem for each in elsewhere])


class _ByHand(Spend):
    """The importer of ledgers for rows that somebody records by hand."""

    def __init__(self, book: LedgerBook, scope: Scope, *, whole: bool, reason: str | None) -> None:
        self._book, self._scope, self._whole, self._reason = book, scope, whole, reason
        self.breaches: dict[int, list[Breach]] = {}
        self._of_line: dict[int, School | None] = {}

    def finder(self, job: Job) -> Finder:
        """Whoever writes for a school may look its cluster up for a moment."""
        with looking_up(job.session, self._scope):
            return Finder(job)

    def school(self, finder: Finder, row: RowReader, cluster: Cluster) -> School | None:
        """The school of a row; for whoever writes for a school, only that one, and no other's name is told."""
        found = finder.school(row, cluster) if self._whole else self._own_school(finder, row, cluster)
        self._of_line[row.number] = found
        return found

    def _own_school(self, finder: Finder, row: RowReader, cluster: Cluster) -> School | None:
        written = show(row.cell("school"))
        try:
            found = finder.directory.find_school(written, cluster) if written else None
        except ValueError:
            found = None
        if found is not None and found.id in self._scope.school_ids:
            return found
        row.refuse("school", f"“{written}” is not your school" if written else "say which school; the cell is empty")
        return None

    def look_at(self, row: RowReader, cluster: Cluster, line: Line, told: Told) -> None:
        """Refuse what nobody may record by hand, and note the rules that a new line breaks."""
        if told.state is LineState.REVERSED:
            row.refuse("state", "a new line is not reversed; reverse the line that was wrong, on its own page")
            return
        school = self._of_line[row.number]
        said = LineSaid(
            line.spent_on, line.pot, line.part, line.amount, line.vat, told.state or LineState.PAID, line.use_code,
            told.purpose, school.slug if school else None, line.supplier, line.description, line.reference,
        )  # fmt: skip
        try:
            broken = self._book.look_at(cluster.slug, said)
        except LedgerRefused as refusal:
            row.refuse(_AT.get(refusal.field, refusal.field or "date"), str(refusal))
            return
        if broken and told.known is None:
            self.breaches[row.number] = broken

    def added(self, row: RowReader, stored: LedgerLine) -> None:
        """A line that keeps not every rule says why it was recorded."""
        if self._reason and row.number in self.breaches:
            stored.note = checked_text(self._reason, "note")


def _as_file(rows: Sequence[Cells]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([row.get(name, "") for name in COLUMNS] for row in rows)
    return out.getvalue().encode()


def _by_cell(problems: Iterable[Problem]) -> tuple[dict[tuple[int, str], list[str]], list[Problem]]:
    """Problems by the cell of the grid that they are about, and those that are about none."""
    cells: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    others = []
    for each in problems:
        if each.row is not None and each.row >= _FIRST_ROW and each.column in COLUMNS:
            cells[each.row - _FIRST_ROW, each.column].append(each.problem)
        elif each.row is not None or each.column is None:
            others.append(each)
    return dict(cells), others


# What was stored, and its way back


@dataclass(frozen=True)
class Pasted:
    """A batch of pasted rows, as its reader sees it."""

    batch_id: int
    cluster_id: int
    lines: Sequence[LineRow]
    may_undo: bool
    """Whether this reader stored it today, and nothing has been undone."""


def find_pasted(session: Session, scope: Scope, cluster: ClusterFacts, batch_id: int, actor: Actor) -> Pasted | None:
    """The batch of a number if it holds lines of a cluster within a scope, and was pasted; else None."""
    batch = session.get(ImportBatch, batch_id)
    if batch is None or (batch.kind, batch.file_name, batch.cluster) != (Spend.kind, PASTED, cluster.slug):
        return None
    numbers = session.scalars(
        sa.select(LedgerLine.id).where(
            LedgerLine.batch_id == batch_id, LedgerLine.cluster_id == cluster.id, lines_within(scope)
        )
    ).all()
    if not numbers:
        return None
    lines = load_lines(session, scope, cluster.id, Filters(lines=tuple(numbers)), most=MOST_ROWS)
    mine = sa.exists().where(
        AuditEvent.batch_id == batch_id,
        AuditEvent.action == "import",
        AuditEvent.actor_id == actor.account_id,
    )
    may_undo = (
        actor.account_id is not None
        and batch.created_at.date() == now_utc().date()
        and batch.undone_at is None
        and bool(session.scalar(sa.select(mine)))
    )
    return Pasted(batch_id, cluster.id, lines, may_undo)
