"""From a file to the store: read, map, validate, then commit all of it or nothing.

What a kind of file means is the business of its `Importer`, in the feature that it belongs to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.audit import COMMAND_LINE, Actor
from dashboard.changes import Changes, Outcome
from dashboard.db import Store
from dashboard.intake.columns import Columns, Headings, find_columns, require, warn_unused
from dashboard.intake.files import SourceFile
from dashboard.intake.mapping import NO_MAPPING
from dashboard.intake.mapping import Mapping as FileMapping
from dashboard.intake.problems import Problem, Refused
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import Table
from dashboard.models import ImportBatch
from dashboard.vocabulary import Provenance

_ONE_AT_A_TIME: Final = 7_205_759
"""The PostgreSQL lock that lets imports in one after the other; SQLite has a single writer anyway."""


@dataclass(frozen=True)
class ImportOptions:
    """What a person says beside the file."""

    cluster: str | None = None
    """A slug: the cluster that every row is about."""
    year: AcademicYear | None = None
    mapping: FileMapping = NO_MAPPING
    create_missing: bool = False
    """Make the clusters and member schools that the file names and the store lacks."""
    dry_run: bool = False
    provenance: Provenance = Provenance.RECORDED
    source: str | None = None
    today: date = field(default_factory=date.today)
    actor: Actor = COMMAND_LINE
    """Who brings the file in, for the audit."""


@dataclass(frozen=True)
class ImportResult:
    """What became of a file. With errors nothing is stored and nothing counts as added or changed."""

    kind: str
    batch: int | None
    """The batch to undo it by; None when nothing was stored or there was nothing new to store."""
    stored: bool
    rows_read: int
    added: int
    changed: int
    unchanged: int
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    def as_dict(self) -> dict[str, Any]:
        """The contract's JSON."""
        return {
            "kind": self.kind,
            "batch": self.batch,
            "stored": self.stored,
            "rows_read": self.rows_read,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "errors": [problem.as_dict() for problem in self.errors],
            "warnings": [problem.as_dict() for problem in self.warnings],
        }


@dataclass
class Job:
    """One import under way: what an importer reads from and reports to."""

    file: SourceFile
    options: ImportOptions
    changes: Changes
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    rows_read: int = 0

    @property
    def session(self) -> Session:
        """The session of the one transaction."""
        return self.changes.session

    @property
    def mapping(self) -> FileMapping:
        """How the file is read."""
        return self.options.mapping

    def error(self, problem: Problem) -> None:
        """Note what must be put right before anything is stored."""
        self.errors.append(problem)

    def warn(self, problem: Problem) -> None:
        """Note what a person should know."""
        self.warnings.append(problem)

    def count(self, outcome: Outcome) -> None:
        """Count what became of one row."""
        self.counts[outcome] += 1

    def open_table(self) -> Table:
        """The table in the file, without the texts that mean nothing; counts its rows."""
        table = self.file.table(self.mapping)
        if self.mapping.blank:
            table = table.without(self.mapping.blank)
        self.rows_read = len(table.rows)
        return table

    def rows(
        self, table: Table, columns: Columns, more_defaults: Mapping[str, str] | None = None
    ) -> Iterator[RowReader]:
        """A reader for each row; a problem it notes is an error of the import."""
        defaults = {**(more_defaults or {}), **self.mapping.defaults}
        for row in table.rows:
            yield RowReader(table, row, columns, defaults, self.error)

    def plain_rows(self, headings: Headings, needed: tuple[str, ...]) -> Iterator[RowReader]:
        """The rows of a table that has one column for each meaning, with every other column named in a warning."""
        table = self.open_table()
        columns = find_columns(table, headings, self.mapping, self.warn)
        require(table, columns, needed, self.mapping.defaults)
        warn_unused(table, columns.unclaimed, self.warn)
        yield from self.rows(table, columns)


class Importer(Protocol):
    """One kind of file: knows its columns, and which commands its rows become."""

    @property
    def kind(self) -> str:
        """The word for it on the command line."""

    def apply(self, job: Job) -> None:
        """Write the rows of the file, counting each and noting every problem. May raise Refused to stop at once."""


def import_file(store: Store, importer: Importer, source: Path | SourceFile, options: ImportOptions) -> ImportResult:
    """Bring a file in, in a write transaction of its own, and say what became of it (`bring_in`)."""
    with store.writing() as session:
        return bring_in(session, importer, source, options)


def bring_in(session: Session, importer: Importer, source: Path | SourceFile, options: ImportOptions) -> ImportResult:
    """Bring a file in, within the transaction of a session, and say what became of it.

    Every error is collected, and any error means that nothing of the file stays. A dry run counts and keeps nothing. A
    file that brings nothing new leaves no batch behind.
    """
    try:
        file = source if isinstance(source, SourceFile) else SourceFile.open(source)
        file.check()
    except Refused as refusal:
        return ImportResult(importer.kind, None, False, 0, 0, 0, 0, refusal.problems, ())
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    savepoint = session.begin_nested()
    job = Job(file, options, Changes(session, _batch(importer.kind, file, options), options.actor))
    _apply(importer, job)
    batch_id: int | None = None
    if job.errors or options.dry_run or job.changes.empty:
        savepoint.rollback()
    else:
        _finish(job)
        batch_id = job.changes.batch.id
        savepoint.commit()
    counts = dict.fromkeys(Outcome, 0) if job.errors else job.counts
    return ImportResult(
        kind=importer.kind,
        batch=batch_id,
        stored=not job.errors and not options.dry_run,
        rows_read=job.rows_read,
        added=counts[Outcome.ADDED],
        changed=counts[Outcome.CHANGED],
        unchanged=counts[Outcome.UNCHANGED],
        errors=tuple(job.errors),
        warnings=tuple(job.warnings),
    )


def _batch(kind: str, file: SourceFile, options: ImportOptions) -> ImportBatch:
    return ImportBatch(
        kind=kind,
        file_name=file.name[:255],
        sha256=file.sha256,
        cluster=options.cluster[:200] if options.cluster else None,
        year=options.year.start if options.year else None,
        provenance=options.provenance,
        source=options.source[:500] if options.source else None,
        mapping=options.mapping.model_dump(mode="json", exclude_defaults=True) or None,
    )


def _apply(importer: Importer, job: Job) -> None:
    try:
        importer.apply(job)
        job.session.flush()
    except Refused as refusal:
        job.errors.extend(refusal.problems)
    job.errors.sort(key=lambda problem: problem.row or 0)


def _finish(job: Job) -> None:
    batch = job.changes.batch
    batch.rows_read = job.rows_read
    batch.added = job.counts[Outcome.ADDED]
    batch.changed = job.counts[Outcome.CHANGED]
    batch.unchanged = job.counts[Outcome.UNCHANGED]
    job.changes.finish()
