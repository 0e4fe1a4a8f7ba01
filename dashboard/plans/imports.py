"""The importer of development plans: Word tables of eight columns, or the same in a CSV file or workbook."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.changes import Outcome
from dashboard.directory.intake import Finder
from dashboard.intake.cells import limited_text, read_date, read_year
from dashboard.intake.columns import Columns, Headings, find_columns, plain, warn_unused
from dashboard.intake.documents import DocumentRow, DocumentTable, read_document
from dashboard.intake.files import SourceFile
from dashboard.intake.mapping import Mapping as FileMapping
from dashboard.intake.pipeline import Job
from dashboard.intake.problems import Problem, Refused
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import Row, Table, is_blank, show
from dashboard.intake.words import read_activity, read_focus_area, read_horizon, read_status
from dashboard.models import Allocation, Cluster, LedgerLine, Meeting, Target
from dashboard.plans.brackets import split_criteria, split_evidence
from dashboard.plans.cell_text import CellLines, read_lines, title_of, year_of_code
from dashboard.plans.codes import check_code, propose_code, take_code
from dashboard.plans.commands import PlanBook, TargetText
from dashboard.plans.prompts import OF_THE_PLAN, AskedPlan, AskedTarget, Prompt, aims_alike, ask_plan, ask_target
from dashboard.plans.record import asked_of_file
from dashboard.vocabulary import PLAN_HEADINGS, PlanCell

_FEWEST_HEADINGS: Final = 6
"""So many of the eight headings make a table a plan; the others may be missing or reworded."""
_FEWEST_OTHERS: Final = 5
"""So many others tell that a first column without a heading holds the targets."""
_LOOKED_AT: Final = 3
"""Rows in which the headings of a table in a document may stand: a title may stand above them."""
_BESIDE: Final[Headings] = {
    "code": ("target code",),
    "due": ("due date",),
    "review": ("next review",),
    "owner": ("lead", "responsible"),
    "status": ("state",),
    "reason": ("reason for the status",),
    "title": (),
    "activity": ("kind of work",),
    "horizon": ("how far it looks ahead",),
    "focus_area": ("focus area",),
}
"""What the second table of an exported document says of each target."""
_LONGEST_REASON: Final = 500


class PlanImporter:
    """The eight cells, code, due, review, owner, status and its reason. One row is one target."""

    kind: Final = "plan"
    headings: Final[Headings] = {
        "target": ("targets", "objective", "objectives", "target/objective"),
        "aims": ("links to aims", "link to aims", "links to aim", "link to aim", "links to cluster aims", "aim"),
        "criteria": ("success criteria", "success criterion", "success measures", "measures of success"),
        "organisation": (
            "organisation/expenditure", "organisation and expenditure", "organisation/cost", "organisation & costs",
            "expenditure",
        ),
        "personnel": ("monitoring/personnel", "monitoring and personnel", "personnel/monitoring", "monitoring"),
        "evaluation": ("evaluation/evidence", "evaluation and evidence", "evidence/evaluation", "evidence"),
        "impact": ("impact on children", "impact on pupils"),
        "next_steps": ("next steps/future targets", "next steps and future targets", "next steps", "future targets"),
        "code": ("target code",),
        "due": ("due date", "deadline", "by when"),
        "review": ("next review", "review date"),
        "owner": ("lead", "responsible"),
        "status": ("state", "progress"),
        "reason": ("reason for the status",),
        "title": (),
        "activity": ("kind of work",),
        "horizon": ("how far it looks ahead",),
        "focus_area": ("focus area",),
        "cluster": ("cluster name",),
        "year": ("academic year",),
    }  # fmt: skip

    def apply(self, job: Job) -> None:
        """Put every target of the file into its plan."""
        _decline(job.file)
        finder = Finder(job)
        document = read_document(job.file.data) if job.file.is_document else None
        put = _Put(job, self, document.paragraphs if document else ())
        for each in _from_document(job, document.tables) if document else _from_table(job):
            put.one(finder, each)
        if not put.rows:
            job.warn(Problem("no row of the table says anything; there is no target to store"))
        put.finish()

    def put(self, book: PlanBook, row: "SaidRow", year: AcademicYear, said: TargetText) -> Outcome:
        """Write one target; for whoever looks at a file without storing it, the place to look."""
        return book.put_target(year, said)[1]


@dataclass(frozen=True)
class SaidRow:
    """What one row of a file says: its reader, its eight cells, and where another table says more of the same code."""

    row: RowReader
    cells: Mapping[PlanCell, CellLines]
    beside: Mapping[str, RowReader] = field(default_factory=dict)

    def reader_of(self, meaning: str, code: str) -> RowReader:
        """Who reads a meaning: the table beside, where it has a row for the code and the own row says nothing."""
        other = self.beside.get(code)
        if other is None or not is_blank(self.row.cell(meaning)) or not other.has(meaning):
            return self.row
        return other


class _Put:
    """Puts rows into the books of their clusters, and says what a careful reader would ask of them."""

    def __init__(self, job: Job, importer: PlanImporter, paragraphs: Sequence[str]) -> None:
        self.job, self._importer, self._paragraphs = job, importer, paragraphs
        self.rows = 0
        self._books: dict[int, PlanBook] = {}
        self._years: dict[int, AcademicYear] = {}
        self._seen: dict[tuple[int, AcademicYear, str], int] = {}
        self._asked: dict[tuple[int, AcademicYear], list[tuple[SaidRow, AskedTarget]]] = {}

    def one(self, finder: Finder, said: SaidRow) -> None:
        """Store the target of one row, unless something in it is wrong."""
        self.rows += 1
        row = said.row
        cluster = finder.cluster(row if row.has("cluster") else None)
        text, named = self._target(said)
        if text is None or cluster is None or not row.clean or (named is not None and not named.clean):
            return
        year = self._year(row, cluster, text.code)
        if not row.clean:
            return
        key = (cluster.id, year, text.code)
        if key in self._seen:
            _refuse_code(row, f"“{text.code}” stands in row {self._seen[key]} already")
            return
        self._seen[key] = row.number
        if cluster.id not in self._books:
            changes = self.job.changes
            self._books[cluster.id] = PlanBook(changes, cluster, changes.actor, self.job.options.today)
        self.job.count(self._importer.put(self._books[cluster.id], said, year, text))
        if text.own_status is not None and text.own_status_reason is None:
            sentence = f"{text.code}: no reason is given for the status; the page says so"
            self.job.warn((named or row).problem("status", sentence))
        cells = dict(text.cells)
        cells[PlanCell.CRITERIA], criteria = split_criteria(cells.get(PlanCell.CRITERIA, ()))
        cells[PlanCell.EVALUATION], evidence = split_evidence(cells.get(PlanCell.EVALUATION, ()))
        cells = {cell: lines for cell, lines in cells.items() if cell in text.cells}
        dated = _dated(self._paragraphs, year) is not None
        asked = asked_of_file(text.code, cells, criteria, evidence, text.owner, dated=dated)
        self._asked.setdefault((cluster.id, year), []).append((said, asked))

    def finish(self) -> None:
        """Date the plans that a document dates, and warn of what a careful reader would stumble over."""
        for (cluster_id, year), asked in self._asked.items():
            book = self._books[cluster_id]
            dated = _dated(self._paragraphs, year)
            if dated is not None:
                book.date_plan(year, dated)
            known_on = max(filter(None, (dated, _dated(self._paragraphs, year, _CHANGED))), default=book.dated(year))
            plan = AskedPlan(year, self.job.options.today, known_on)
            for said, target in asked:
                for prompt in ask_target(target, plan):
                    if prompt.rule not in OF_THE_PLAN:
                        self._warn(said.row, prompt, f"{prompt.code}: {prompt.message}")
            for prompt in ask_plan([target for _, target in asked], plan):
                if prompt.rule in OF_THE_PLAN:
                    self.job.warn(Problem(prompt.message, value=", ".join(prompt.words)))
            self._warn_of_aims(book, asked)

    def _warn_of_aims(self, book: PlanBook, asked: Sequence[tuple[SaidRow, AskedTarget]]) -> None:
        """Name each wording that looks like another aim, at the row where it stands."""
        first: dict[str, RowReader] = {}
        for said, target in asked:
            for text in target.cells.get(PlanCell.AIMS, ()):
                first.setdefault(text, said.row)
        known = {text: book.aim_of(text) for text in first}
        others = [text for text in book.aims() if text not in first]
        for one, other in aims_alike([*others, *first], book.apart):
            if other in first and known.get(one, one) != known[other]:
                sentence = f"“{other}” looks like the aim “{one}”; say on the page of aims whether they are one"
                self.job.warn(replace(first[other].problem(PlanCell.AIMS, sentence), value=other))

    def _warn(self, row: RowReader, prompt: Prompt, sentence: str) -> None:
        problem = row.problem(prompt.cell or PlanCell.TARGET, sentence)
        self.job.warn(replace(problem, value="; ".join(prompt.words) or None))

    def _target(self, said: SaidRow) -> tuple[TargetText | None, RowReader | None]:
        row, cells = said.row, dict(said.cells)
        told, lines = take_code(cells.get(PlanCell.TARGET, ()))
        if PlanCell.TARGET in cells:
            cells[PlanCell.TARGET] = lines
        code = row.read("code", limited_text(60)) or told
        if code is None:
            self._refuse_without_code(row, lines)
            return None, None
        try:
            check_code(code)
        except ValueError as error:
            _refuse_code(row, str(error))

        def read(meaning: str, parse: Callable[[Any], Any]) -> Any:
            return said.reader_of(meaning, code).read(meaning, parse)

        def read_day(cell: Any) -> date:
            return read_date(cell, self.job.mapping.dates)

        text = TargetText(
            code,
            read("title", limited_text(500)) or title_of(lines, code),
            cells,
            due=read("due", read_day),
            review_on=read("review", read_day),
            owner=read("owner", limited_text(200)),
            own_status=read("status", read_status),
            own_status_reason=read("reason", limited_text(_LONGEST_REASON)),
            activity=read("activity", read_activity),
            horizon=read("horizon", read_horizon),
            focus_area=read("focus_area", read_focus_area),
        )
        return text, said.beside.get(code)

    def _refuse_without_code(self, row: RowReader, lines: CellLines) -> None:
        if not lines:
            row.refuse(
                "target",
                "this row says something, but names no target; put its text into the row of its target, or merge the "
                "Target cell with the one above",
            )
            return
        like = propose_code(lines, self.job.options.year or AcademicYear.of(self.job.options.today))
        row.refuse("target", f"the target has no code; put one such as {like} in the first line of the cell")

    def _year(self, row: RowReader, cluster: Cluster, code: str) -> AcademicYear:
        told, asked, coded = row.read("year", read_year), self.job.options.year, year_of_code(code)
        if told is not None and asked is not None and told != asked:
            row.refuse("year", f"this row is about {told}, but {asked} was asked for")
        year = asked or told or coded or self._years.get(cluster.id)
        if year is None:
            year = self._years[cluster.id] = _latest_year(self.job, cluster)
        elif coded is not None and coded != year:
            sentence = f"{code}: the code reads like {coded}, and the plan is that of {year}"
            self.job.warn(row.problem("code" if row.has("code") else "target", sentence))
        return year


def _refuse_code(row: RowReader, sentence: str) -> None:
    row.refuse("code" if row.has("code") and not is_blank(row.cell("code")) else "target", sentence)


# Tables of CSV files and workbooks


def _from_table(job: Job) -> Iterator[SaidRow]:
    table = _named(job.open_table(), job)
    columns = find_columns(table, PlanImporter.headings, job.mapping, job.warn)
    _require_targets(table, columns)
    warn_unused(table, columns.unclaimed, job.warn)
    _warn_missing(job, table, set(columns.by_meaning))
    told = [
        columns.by_meaning[name] for name in PlanImporter.headings if name in columns.by_meaning and name not in _WHOSE
    ]
    kept = tuple(row for row in table.rows if any(read_lines(show(row.cells[index])) for index in told))
    job.rows_read = len(kept)
    for row in job.rows(replace(table, rows=kept), columns):
        yield SaidRow(row, {cell: read_lines(show(row.cell(cell))) for cell in PlanCell if row.has(cell)})


def _require_targets(table: Table, columns: Columns) -> None:
    if "target" not in columns.by_meaning:
        there = ", ".join(f"“{table.heading(index)}”" for index in range(len(table.headings)))
        heading = PLAN_HEADINGS[PlanCell.TARGET]
        sentence = f"no column is known to hold the targets; there are {there}. Say which it is, or head it “{heading}”"
        raise Refused(Problem(sentence, table.header_row, heading))


_WHOSE: Final = frozenset({"cluster", "year"})
"""Columns that make no target by themselves."""


def _named(table: Table, job: Job) -> Table:
    """The table with the heading of its first column, where it has none and the others are those of a plan."""
    titles = [show(cell) for cell in table.headings]
    if not titles or titles[0] or "" in job.mapping.columns:
        return table
    others = _meanings(titles[1:], job.mapping)
    if "target" in others or len(others & set(PlanCell)) < _FEWEST_OTHERS:
        return table
    heading = PLAN_HEADINGS[PlanCell.TARGET]
    job.warn(Problem(f"the first column has no heading; it was read as {heading}", table.header_row, heading))
    return replace(table, headings=(heading, *table.headings[1:]))


def _meanings(titles: Sequence[str], mapping: FileMapping, headings: Headings = PlanImporter.headings) -> set[str]:
    """What some headings mean, as far as they are known."""
    usual = {plain(name): meaning for meaning, others in headings.items() for name in (*others, meaning)}
    own = {_key(title): meaning for title, meaning in mapping.columns.items()}
    found = (own.get(_key(title)) or (usual.get(plain(title)) if plain(title) else None) for title in titles)
    return {meaning for meaning in found if meaning}


def _key(title: str) -> str:
    return plain(title) or title.strip().casefold()


def meaning_of(heading: str, mapping: FileMapping) -> str | None:
    """What a printed heading, or the word for it, means."""
    return next(iter(_meanings([heading], mapping)), None)


def unknown_headings(file: SourceFile, mapping: FileMapping) -> list[str]:
    """The headings of a file of which it is not known what they mean, or of which the mapping alone says it.

    In a document without a plan they are those of its widest table. Raises Refused when the file cannot be read.
    """
    _decline(file)
    file.check()
    if file.is_document:
        tables = read_document(file.data).tables
        plans = find_plan_tables(tables, mapping)
        widest = max((_first_titles(table) for table in tables), key=len, default=[])
        titles = [title for plan in plans for title in plan.headings] if plans else widest if len(widest) > 1 else []
    else:
        titles = [show(cell) for cell in file.table(mapping).headings]
    known = _meanings(titles, FileMapping())
    blank = [] if titles and not titles[0] and "target" in known else titles[:1]
    asked = (title for title in [*blank, *titles[1:]] if not _meanings([title], FileMapping()))
    return list(dict.fromkeys(asked))


# Documents


@dataclass(frozen=True)
class PlanTable:
    """A table of a document with the headings of a plan: which one it is, counted from 1, and in which row they are."""

    number: int
    header_row: int
    table: DocumentTable

    @property
    def header(self) -> DocumentRow:
        """The row with the headings."""
        return next(row for row in self.table.rows if row.number == self.header_row)

    @property
    def headings(self) -> list[str]:
        """The headings as printed."""
        return [_title(cell.text) for cell in self.header.cells]


def _title(text: str) -> str:
    return " ".join(text.split())


def find_plan_tables(tables: Sequence[DocumentTable], mapping: FileMapping) -> list[PlanTable]:
    """The tables of a document that hold a plan: those with enough of its headings, or with one that a mapping names.

    Raises Refused when the mapping names a table that is not there.
    """
    if mapping.table is not None:
        if mapping.table > len(tables):
            raise Refused.because(f"the document has {len(tables)} tables; there is no table {mapping.table}")
        chosen = tables[mapping.table - 1]
        rows = [row for row in chosen.rows if row.number >= mapping.header_row]
        if not rows:
            raise Refused.because(f"table {mapping.table} has no row {mapping.header_row}")
        return [PlanTable(mapping.table, rows[0].number, chosen)]
    found = (_as_plan(number, table, mapping) for number, table in enumerate(tables, start=1))
    return [each for each in found if each is not None]


def _as_plan(number: int, table: DocumentTable, mapping: FileMapping) -> PlanTable | None:
    named = {_key(title) for title in mapping.columns}
    for row in table.rows:
        if row.number < mapping.header_row or row.band:
            continue
        if row.number >= mapping.header_row + _LOOKED_AT:
            break
        titles = [_title(cell.text) for cell in row.cells]
        found = _meanings(titles, mapping)
        cells = len(found & set(PlanCell))
        mapped = "target" in found and named & {_key(title) for title in titles}
        if cells >= _FEWEST_HEADINGS or mapped:
            return PlanTable(number, row.number, table)
        if "target" not in found and titles and not titles[0] and cells >= _FEWEST_OTHERS:
            return PlanTable(number, row.number, table)
    return None


def _from_document(job: Job, tables: Sequence[DocumentTable]) -> Iterator[SaidRow]:
    plans = find_plan_tables(tables, job.mapping)
    if not plans:
        raise Refused.because(_no_plan(tables))
    numbers = {plan.number for plan in plans}
    within = any(plan.table.nested for plan in plans)  # then the tables around it say nothing of their own
    beside: dict[str, RowReader] = {}
    for number, table in enumerate(tables, start=1):
        if number in numbers or job.mapping.table is not None:
            continue
        if (
            not _read_beside(job, table, number, beside)
            and not (table.nested or within)
            and any(_filled(row) for row in table.rows)
        ):
            job.warn(Problem(f"table {number} has not the headings of a plan and was passed over"))
    codes: set[str] = set()
    for plan in plans:
        place = f"table {plan.number}: " if len(plans) > 1 else ""
        for said in _plan_rows(job, plan, beside, place):
            codes.add(take_code(said.cells.get(PlanCell.TARGET, ()))[0] or show(said.row.cell("code")))
            yield said
    for code in beside.keys() - codes:
        job.warn(
            beside[code].problem("code", f"there is no target “{code}” in the plan above; the row was passed over")
        )


def _no_plan(tables: Sequence[DocumentTable]) -> str:
    headings = ", ".join(PLAN_HEADINGS.values())
    if not tables:
        return f"there is no table in this document; a plan is a table with the headings {headings}"
    most = max(range(len(tables)), key=lambda index: len(_first_titles(tables[index])))
    there = ", ".join(f"“{title}”" if title else "one without words" for title in _first_titles(tables[most]))
    return (
        f"no table in this document has the headings of a plan ({headings}); table {most + 1} has {there}. If it is a "
        "plan in other words, say which column is which; else put its targets under those headings"
    )


def _first_titles(table: DocumentTable) -> list[str]:
    row = next((row for row in table.rows if not row.band), None)
    return [_title(cell.text) for cell in row.cells] if row else []


def _filled(row: DocumentRow) -> bool:
    return any(cell.lines for cell in row.cells)


def _plan_rows(job: Job, plan: PlanTable, beside: Mapping[str, RowReader], place: str) -> Iterator[SaidRow]:
    headings = plan.headings
    bare = _named(Table(plan.header_row, tuple(headings), ()), job)
    columns = find_columns(bare, PlanImporter.headings, job.mapping, job.warn)
    _require_targets(bare, columns)
    warn_unused(bare, columns.unclaimed, job.warn)
    _warn_missing(job, bare, set(columns.by_meaning))
    lines, merged = _targets(job, plan, columns.by_meaning["target"], place)
    rows = tuple(
        Row(number, tuple("\n".join(line.text for line in cell) for cell in cells)) for number, cells in lines.items()
    )
    job.rows_read += len(rows)
    for row in rows:
        reader = RowReader(bare, row, columns, job.mapping.defaults, _noting(job, place))
        cells = {}
        for cell in PlanCell:
            index = columns.by_meaning.get(cell)
            if index is None:
                continue
            if (row.number, index) in merged:
                sentence = f"{place}the cell is merged with the one above; its text counts for the target above alone"
                job.warn(reader.problem(cell, sentence))
                continue
            cells[cell] = lines[row.number][index]
        yield SaidRow(reader, cells, beside)


def _noting(job: Job, place: str) -> Callable[[Problem], None]:
    return lambda problem: job.error(replace(problem, problem=f"{place}{problem.problem}"))


def _targets(
    job: Job, plan: PlanTable, target: int, place: str
) -> tuple[dict[int, list[CellLines]], set[tuple[int, int]]]:
    """The lines of each row that begins a target, by its number, and the cells that are merged with those above.

    A row whose Target cell is merged with the one above goes on with the target there. Empty rows, headings that stand
    again, and headings across the table are passed over.
    """
    width = len(plan.header.cells)
    again = [plain(title) for title in plan.headings]
    found: dict[int, list[CellLines]] = {}
    merged: set[tuple[int, int]] = set()
    last: list[CellLines] | None = None
    for row in plan.table.rows:
        if row.number <= plan.header_row or not (_filled(row) or any(cell.continues for cell in row.cells)):
            continue
        cells = [cell.lines for cell in row.cells] + [()] * (width - len(row.cells))
        if row.cells[target].continues and not row.band:
            if last is not None:
                last[:] = [above + below for above, below in zip(last, cells, strict=False)]
            continue
        if not _filled(row) or [plain(_title(cell.text)) for cell in row.cells] == again:
            continue
        if row.band:
            text = _title(row.cells[0].text)[:80]
            job.warn(Problem(f"{place}“{text}” stands across the whole table and was passed over", row.number))
            continue
        if any(cells[width:]):
            job.warn(
                Problem(f"{place}this row is wider than the headings; what has no heading is not read", row.number)
            )
        last = found[row.number] = cells[:width]
        merged |= {(row.number, index) for index, cell in enumerate(row.cells[:width]) if cell.continues}
    return found, merged


def _read_beside(job: Job, table: DocumentTable, number: int, found: dict[str, RowReader]) -> bool:
    """Read a table that says more of each code, as the second of an exported document; whether it is one."""
    header = next((row for row in table.rows if not row.band), None)
    titles = [_title(cell.text) for cell in header.cells] if header else []
    if header is None or "code" not in (known := _meanings(titles, FileMapping(), _BESIDE)) or len(known) < 2:
        return False
    rows = tuple(
        Row(row.number, tuple(cell.text for cell in row.cells[: len(titles)]))
        for row in table.rows
        if row.number > header.number and not row.band and _filled(row)
    )
    whole = Table(header.number, tuple(titles), rows)
    columns = find_columns(whole, _BESIDE, FileMapping(), job.warn)
    for row in rows:
        reader = RowReader(whole, row, columns, {}, _noting(job, f"table {number}: "))
        code = reader.need("code", limited_text(60))
        if code is not None:
            found[code] = reader
    return True


# Which plan it is


def _decline(file: SourceFile) -> None:
    """Refuse what is no table: a text, a picture of a page."""
    if file.name.casefold().endswith((".txt", ".md")) and not _is_table(file.data):
        raise Refused.because(
            "this is running text, not a table; put the targets into a table with the eight headings of a plan, in "
            "Word (.docx), Excel (.xlsx) or CSV"
        )


def _is_table(data: bytes) -> bool:
    """Whether the first line that says anything has several columns."""
    first = next((line for line in data.splitlines() if line.strip()), b"")
    return b"\t" in first or b";" in first or b"," in first


_DAY: Final = re.compile(
    r"\b(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})\b|\b(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\s+(\d{4})\b"
)


_OF_A_PLAN: Final = re.compile(r"\bplan\b", re.IGNORECASE)
_CHANGED: Final = re.compile(r"^Last changed on\b")
"""How an exported document says of when its latest entry is."""


def _dated(paragraphs: Sequence[str], year: AcademicYear, about: "re.Pattern[str]" = _OF_A_PLAN) -> date | None:
    """The date of a plan, if exactly one stands in a paragraph that speaks of a plan and is near its year."""
    found = {
        day
        for text in paragraphs
        if about.search(text)
        for match in _DAY.finditer(text)
        if (day := _read_day(match)) is not None and abs(AcademicYear.of(day).start - year.start) <= 1
    }
    return found.pop() if len(found) == 1 else None


def _read_day(match: "re.Match[str]") -> date | None:
    try:
        if match[1]:
            written = int(match[3])
            return date(written if written > 99 else 2000 + written, int(match[2]), int(match[1]))
        return read_date(f"{match[4]} {match[5]} {match[6]}")
    except ValueError:
        return None


def _warn_missing(job: Job, table: Table, found: set[str]) -> None:
    for cell in PlanCell:
        if cell not in found:
            sentence = f"there is no column “{PLAN_HEADINGS[cell]}”; what is stored for it stays"
            job.warn(Problem(sentence, table.header_row, PLAN_HEADINGS[cell]))


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
