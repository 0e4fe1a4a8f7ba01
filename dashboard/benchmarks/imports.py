"""The importer of benchmark figures: one row for each figure, or measures down and schools across."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dashboard.academic_year import AcademicYear
from dashboard.benchmarks.commands import BenchmarkBook
from dashboard.directory.intake import Finder
from dashboard.intake.cells import limited_text, read_decimal, read_year
from dashboard.intake.columns import Columns, Headings, find_columns, require, warn_unused
from dashboard.intake.pipeline import Job
from dashboard.intake.problems import Problem, Refused
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import Table, is_blank, show
from dashboard.models import Cluster, School

_LABEL: Final = limited_text(200)
_UNIT: Final = limited_text(60)
_STORED: Final = Decimal("0.001")


@dataclass(frozen=True)
class _Figure:
    where: Problem
    cluster: Cluster
    label: str
    year: AcademicYear
    measure: str
    value: Decimal | None
    unit: str


class Benchmarks:
    """school, year, measure, value, unit; or measures down and schools across, with the year and unit declared.

    A blank is "not supplied", never 0. A name that matches no member stays as printed and is never guessed (1.8, 1.10).
    """

    kind: Final = "benchmarks"
    headings: Final[Headings] = {
        "cluster": ("cluster name",),
        "school": ("school name", "member school"),
        "year": ("academic year",),
        "measure": ("indicator", "item"),
        "value": ("figure", "amount"),
        "unit": ("units",),
    }

    def apply(self, job: Job) -> None:
        """Store every figure of the file."""
        finder = Finder(job)
        table = job.open_table()
        columns = find_columns(table, self.headings, job.mapping, job.warn)
        long = "school" in columns.by_meaning or ("measure" in columns.by_meaning and "value" in columns.by_meaning)
        figures = _long(job, finder, table, columns) if long else _wide(job, finder, table, columns)
        _record(job, finder, figures)


def _long(job: Job, finder: Finder, table: Table, columns: Columns) -> Iterator[_Figure]:
    require(table, columns, ("school", "measure", "value"), job.mapping.defaults)
    _require_declared(job, columns)
    warn_unused(table, columns.unclaimed, job.warn)
    for row in job.rows(table, columns):
        cluster = finder.cluster(row)
        label, measure = row.need("school", _LABEL), row.need("measure", _LABEL)
        year, unit = _declared(job, row)
        value = row.read("value", read_decimal)
        if row.clean and cluster and label and measure and year and unit:
            yield _Figure(row.problem("school", ""), cluster, label, year, measure, value, unit)


def _wide(job: Job, finder: Finder, table: Table, columns: Columns) -> Iterator[_Figure]:
    schools = list(columns.unclaimed)
    if "measure" not in columns.by_meaning:
        if not schools:
            raise Refused.because("there is no column that names the measures")
        columns = Columns({**columns.by_meaning, "measure": schools.pop(0)}, ())
    unnamed = [index for index in schools if is_blank(table.headings[index])]
    warn_unused(table, unnamed, job.warn)
    schools = [index for index in schools if index not in unnamed]
    if not schools:
        raise Refused.because("there is no column with the figures of a school")
    _require_declared(job, columns)
    for index in schools:
        try:
            _LABEL(table.headings[index])
        except ValueError as error:
            raise Refused(Problem(str(error), table.header_row, table.heading(index))) from error
    for row, source in zip(job.rows(table, columns), table.rows, strict=True):
        cluster = finder.cluster(row if row.has("cluster") else None)
        measure = row.need("measure", _LABEL)
        year, unit = _declared(job, row)
        for index in schools:
            label = table.heading(index)
            cell = source.cells[index]
            try:
                value = None if is_blank(cell) else read_decimal(cell)
            except ValueError as error:
                job.error(Problem(str(error), row.number, label, show(cell)))
                continue
            if row.clean and cluster and measure and year and unit:
                where = Problem("", table.header_row, label, label)
                yield _Figure(where, cluster, label, year, measure, value, unit)


def _require_declared(job: Job, columns: Columns) -> None:
    missing = []
    if "unit" not in columns.by_meaning and "unit" not in job.mapping.defaults:
        missing.append(
            Problem('say the unit of the figures: a column “unit”, or a mapping with {"defaults": {"unit": …}}')
        )
    if "year" not in columns.by_meaning and "year" not in job.mapping.defaults and job.options.year is None:
        missing.append(Problem("say the year of the figures: a column “year”, a mapping's “defaults”, or --year"))
    if missing:
        raise Refused(*missing)


def _declared(job: Job, row: RowReader) -> tuple[AcademicYear | None, str | None]:
    asked = job.options.year
    blank = is_blank(row.cell("year"))
    year = asked if asked is not None and blank else row.need("year", read_year)
    if asked is not None and year is not None and year != asked:
        row.refuse("year", f"this row is about {year}, but --year says {asked}")
    return year, row.need("unit", _UNIT)


def _record(job: Job, finder: Finder, figures: Iterator[_Figure]) -> None:
    books: dict[int, BenchmarkBook] = {}
    schools: dict[tuple[int, str], School | None] = {}
    seen: dict[tuple[int, str, AcademicYear, str], int | None] = {}
    rounded = 0
    for figure in figures:
        name = (figure.cluster.id, figure.label)
        if name not in schools:
            schools[name] = _school(job, finder, figure)
        key = (*name, figure.year, figure.measure)
        if key in seen:
            job.error(
                Problem(
                    f"“{figure.measure}” of {figure.label} stands twice",
                    figure.where.row,
                    figure.where.column,
                    figure.label,
                )
            )
            continue
        seen[key] = figure.where.row
        value = figure.value.quantize(_STORED) if figure.value is not None else None
        rounded += value != figure.value
        book = books.get(figure.cluster.id)
        if book is None:
            book = books[figure.cluster.id] = BenchmarkBook(job.changes, figure.cluster)
        _, outcome = book.record_figure(
            year=figure.year,
            measure=figure.measure,
            label=figure.label,
            school=schools[name],
            value=value,
            unit=figure.unit,
        )
        job.count(outcome)
    if rounded:
        job.warn(Problem(f"{rounded} figure{'s' * (rounded != 1)} rounded to three places"))


def _school(job: Job, finder: Finder, figure: _Figure) -> School | None:
    try:
        return finder.directory.school(figure.label, figure.cluster)
    except ValueError as error:
        sentence = f"kept as printed: {error}. To match it, say so in a mapping's “aliases”"
        job.warn(Problem(sentence, figure.where.row, figure.where.column, figure.label))
        return None
