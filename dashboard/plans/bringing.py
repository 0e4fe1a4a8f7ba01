"""A plan that somebody brings in: looked at side by side with the plan that stands, stored as one batch, and undone.

The importer of plans reads it, so that the page says what the command line would.
"""

import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, may_see_totals
from dashboard.audit import Actor
from dashboard.changes import Outcome
from dashboard.directory.queries import ClusterFacts
from dashboard.intake.archives import BROKEN
from dashboard.intake.documents import read_document
from dashboard.intake.files import SourceFile
from dashboard.intake.mapping import Mapping as FileMapping
from dashboard.intake.pipeline import ImportOptions, ImportResult, Job, bring_in
from dashboard.intake.problems import Problem, Refused
from dashboard.models import AuditEvent, BatchChange, CellLine, ImportBatch, Target
from dashboard.plans.cell_text import CellLines
from dashboard.plans.commands import PlanBook, TargetText
from dashboard.plans.imports import PlanImporter, SaidRow, meaning_of, unknown_headings
from dashboard.plans.queries import load_plans
from dashboard.plans.record import PlanRecord, TargetRecord
from dashboard.plans.words import STATUS_WORDS
from dashboard.vocabulary import PLAN_HEADINGS, PlanCell
from dashboard.wording import day

MEANINGS: Final[Mapping[str, str]] = {
    **{str(cell): heading for cell, heading in PLAN_HEADINGS.items()},
    "code": "Code", "due": "Due", "review": "Next review", "owner": "Owner", "status": "Status", "reason": "Reason",
}  # fmt: skip
"""What a column may be said to hold, and what it is called."""

IGNORED: Final = "ignore"
"""Said of a column that is passed over."""
_PARTS: Final = ("[Content_Types].xml", "word/document.xml", "word/styles.xml")
"""Of a Word file: what its text and its bullets are in. Pictures are most of the rest."""
_RELATION: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{0}" Target="{1}"/></Relationships>'
)


@dataclass(frozen=True)
class Shown:
    """One cell, or one thing beside the cells, of one target: what the file says, and what stands in the plan."""

    name: str
    heading: str
    says: CellLines | None
    """None where the file does not have it."""
    stands: CellLines
    mark: str
    """One of "added", "changed", "unchanged", "absent"."""
    kept: int = 0
    """Lines that somebody entered by hand, which stay though the file lacks them."""
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class ShownTarget:
    """One target of the file: what would become of it, cell by cell."""

    code: str
    title: str
    mark: str
    cells: Sequence[Shown]
    notes: Sequence[str] = ()
    """What is said of it as a whole."""

    @property
    def questions(self) -> int:
        """How many things are asked of it."""
        return len(self.notes) + sum(len(each.notes) for each in self.cells)


@dataclass(frozen=True)
class Look:
    """What a file would do to a plan."""

    result: ImportResult
    targets: Sequence[ShownTarget]
    notes: Sequence[Problem]
    """What is said of the file as a whole."""
    aims: Sequence[str]
    """Wordings of aims that the cluster does not have yet."""
    staying: Sequence[str]
    """The codes of targets that stand in the plan and not in the file: nothing becomes of them."""
    headings: Sequence[str]
    """Headings of which nobody knows what they mean."""
    seen: str
    """Tells this state of the plan from every other."""


@dataclass
class _Seen:
    number: int
    text: TargetText
    outcome: Outcome


class _Looking(PlanImporter):
    """The importer, watched: it notes what each row says, and how the plan reads once all is put."""

    def __init__(self, scope: Scope, cluster_id: int, year: AcademicYear) -> None:
        self._scope, self._cluster_id, self._year = scope, cluster_id, year
        self.seen: list[_Seen] = []
        self.after: PlanRecord | None = None
        self.new_aims: list[str] = []

    def apply(self, job: Job) -> None:
        super().apply(job)
        if not job.errors:
            job.session.flush()
            self.after = find_plan(job.session, self._scope, self._cluster_id, self._year)

    def put(self, book: PlanBook, row: SaidRow, year: AcademicYear, said: TargetText) -> Outcome:
        for line in said.cells.get(PlanCell.AIMS, ()):
            if book.aim_of(line.text) is None and line.text not in self.new_aims:
                self.new_aims.append(line.text)
        outcome = super().put(book, row, year, said)
        self.seen.append(_Seen(row.row.number, said, outcome))
        return outcome


@dataclass(frozen=True)
class Bringer:
    """Looks at files and stores them, for one actor on one day, within one write transaction of a scope."""

    session: Session
    actor: Actor
    scope: Scope
    today: date

    def look_at(self, cluster: ClusterFacts, year: AcademicYear, file: SourceFile, mapping: FileMapping) -> Look:
        """Say what a file would do; store nothing."""
        before = find_plan(self.session, self.scope, cluster.id, year)
        importer = _Looking(self.scope, cluster.id, year)
        result = bring_in(self.session, importer, file, self._options(cluster, year, mapping, dry_run=True))
        stands = {each.code: each for each in before.targets} if before else {}
        after = {each.code: each for each in importer.after.targets} if importer.after else {}
        notes, by_row = _sorted_out(result.warnings, importer.seen, mapping)
        shown = [
            _shown(seen, stands.get(seen.text.code), after[seen.text.code], by_row.get(index, []), mapping)
            for index, seen in enumerate(importer.seen)
            if seen.text.code in after
        ]
        return Look(
            result,
            shown,
            notes,
            importer.new_aims if before or importer.after else (),
            [code for code in stands if code not in {seen.text.code for seen in importer.seen}] if shown else [],
            headings_of(file, mapping),
            seen_as(before),
        )

    def store(
        self, cluster: ClusterFacts, year: AcademicYear, file: SourceFile, mapping: FileMapping, seen: str
    ) -> ImportResult | None:
        """Store a file; None when the plan is not the one that was seen any more."""
        if seen_as(find_plan(self.session, self.scope, cluster.id, year)) != seen:
            return None
        return bring_in(self.session, PlanImporter(), file, self._options(cluster, year, mapping, dry_run=False))

    def _options(
        self, cluster: ClusterFacts, year: AcademicYear, mapping: FileMapping, *, dry_run: bool
    ) -> ImportOptions:
        return ImportOptions(
            cluster=cluster.slug, year=year, mapping=mapping, dry_run=dry_run, today=self.today, actor=self.actor
        )


def find_plan(session: Session, scope: Scope, cluster_id: int, year: AcademicYear) -> PlanRecord | None:
    """The plan of a cluster for a year, if it has one."""
    chosen = sa.select(sa.literal(cluster_id).label("cluster_id"), sa.literal(year.start).label("year")).cte("chosen")
    return next(iter(load_plans(session, scope, chosen)), None)


def seen_as(plan: PlanRecord | None) -> str:
    """What tells a state of a plan from every other."""
    versions = [(each.code, each.version) for each in plan.targets] if plan else []
    return hashlib.sha256(repr(versions).encode()).hexdigest()[:16]


def headings_of(file: SourceFile, mapping: FileMapping) -> list[str]:
    """The headings of a file of which nobody knows what they mean; none where the file cannot be read."""
    try:
        return unknown_headings(file, mapping)
    except Refused:
        return []


def slimmed(file: SourceFile) -> SourceFile:
    """A Word file without pictures and whatever else its text is not in; it keeps the digest of the whole.

    Any other file, and one that is built otherwise, is as it was.
    """
    if not file.is_document:
        return file
    try:
        file.check()
    except Refused:
        return file
    out = io.BytesIO()
    try:
        with ZipFile(io.BytesIO(file.data)) as whole, ZipFile(out, "w", ZIP_DEFLATED) as slim:
            if not set(_PARTS) <= set(whole.namelist()):
                return file
            for name in _PARTS:
                slim.writestr(name, whole.read(name))
            slim.writestr("_rels/.rels", _RELATION.format("officeDocument", "word/document.xml"))
            slim.writestr("word/_rels/document.xml.rels", _RELATION.format("styles", "styles.xml"))
        if read_document(out.getvalue()) != read_document(file.data):
            return file
    except (Refused, *BROKEN):
        return file
    return SourceFile(file.name, out.getvalue(), file.sha256)


# Side by side


def _sorted_out(
    warnings: Sequence[Problem], seen: Sequence[_Seen], mapping: FileMapping
) -> tuple[list[Problem], dict[int, list[Problem]]]:
    """Warnings about the file, and those about each target by its place in `seen`."""
    general, by_row = [], defaultdict(list)
    for each in warnings:
        of_row = [index for index, one in enumerate(seen) if one.number == each.row]
        named = [index for index in of_row if seen[index].text.code in each.problem]
        if named or of_row:
            by_row[(named or of_row)[0]].append(each)
        elif not re.search(r"^the column “.*” was not used$", each.problem):  # it has a box of its own
            general.append(each)
    return general, dict(by_row)


def _shown(
    seen: _Seen, stands: TargetRecord | None, after: TargetRecord, warnings: Sequence[Problem], mapping: FileMapping
) -> ShownTarget:
    said, prefix = seen.text, f"{seen.text.code}: "
    notes: defaultdict[str, list[str]] = defaultdict(list)
    for each in warnings:
        notes[meaning_of(each.column or "", mapping) or ""].append(each.problem.removeprefix(prefix))
    old, new = stands.written() if stands else {}, after.written()
    cells = []
    for cell in PlanCell:
        was, now = old.get(cell, ()), new[cell]
        says = said.cells.get(cell)
        kept = len([line for line in now if says is not None and line.text not in {each.text for each in says}])
        cells.append(
            Shown(
                str(cell),
                PLAN_HEADINGS[cell],
                says,
                was,
                _mark(was, now, known=says is not None),
                kept if cell is PlanCell.EVALUATION and stands else 0,
                notes.pop(cell, ()),
            )
        )
    standing = {name: value for name, _, value in _beside_of(stands)} if stands else {}
    for name, heading, value in _beside(said):
        before = standing.get(name)
        if value is not None or notes.get(name):
            mark = "unchanged" if value == before or value is None else "changed" if before is not None else "added"
            cells.append(Shown(name, heading, _as_lines(value), _as_lines(before) or (), mark, 0, notes.pop(name, ())))
    mark = {Outcome.ADDED: "added", Outcome.CHANGED: "changed", Outcome.UNCHANGED: "unchanged"}[seen.outcome]
    rest = [note for left in notes.values() for note in left]
    return ShownTarget(said.code, "" if said.title == said.code else said.title, mark, cells, rest)


def _mark(before: CellLines, now: CellLines, *, known: bool) -> str:
    if not known:
        return "absent"
    if before == now:
        return "unchanged"
    return "changed" if before else "added"


def _beside(said: TargetText) -> list[tuple[str, str, str | None]]:
    return [
        ("due", "Due", day(said.due) if said.due else None),
        ("review", "Next review", day(said.review_on) if said.review_on else None),
        ("owner", "Owner", said.owner),
        ("status", "Status", STATUS_WORDS[said.own_status] if said.own_status else None),
        ("reason", "Reason", said.own_status_reason),
    ]


def _beside_of(record: TargetRecord) -> list[tuple[str, str, str | None]]:
    return _beside(
        TargetText(
            record.code, record.title, due=record.due, review_on=record.review_on, owner=record.owner,
            own_status=record.own_status, own_status_reason=record.own_status_reason,
        )
    )  # fmt: skip


def _as_lines(value: str | None) -> CellLines | None:
    return (CellLine(False, value),) if value is not None else None


# What was stored, and its way back


@dataclass(frozen=True)
class Brought:
    """A batch that brought a plan, as whoever keeps the plan sees it."""

    batch_id: int
    file_name: str
    year: AcademicYear | None
    added: int
    changed: int
    unchanged: int
    codes: Sequence[str] = field(default=())
    undone: bool = False
    may_undo: bool = False
    """Whether this reader stored it, and it is not undone yet. Whether anything rests on it, the undoing finds out."""


def find_brought(session: Session, scope: Scope, cluster: ClusterFacts, batch_id: int, actor: Actor) -> Brought | None:
    """The batch of a number, if it brought a plan into a cluster; else None."""
    batch = session.get(ImportBatch, batch_id)
    if batch is None or (batch.kind, batch.cluster) != (PlanImporter.kind, cluster.slug):
        return None
    touched = sa.select(BatchChange.row_id).where(
        BatchChange.batch_id == batch_id, BatchChange.table_name == Target.__tablename__
    )
    codes = session.scalars(
        sa.select(Target.code)
        .where(
            sa.or_(Target.id.in_(touched), Target.batch_id == batch_id),
            Target.cluster_id == cluster.id,
            may_see_totals(scope, Target.cluster_id, Target.year),
        )
        .order_by(Target.position, Target.id)
    ).all()
    mine = sa.exists().where(
        AuditEvent.batch_id == batch_id, AuditEvent.action == "import", AuditEvent.actor_id == actor.account_id
    )
    may_undo = actor.account_id is not None and batch.undone_at is None and bool(session.scalar(sa.select(mine)))
    year = AcademicYear(batch.year) if batch.year is not None else None
    return Brought(
        batch_id, batch.file_name, year, batch.added or 0, batch.changed or 0, batch.unchanged or 0, codes,
        batch.undone_at is not None, may_undo,
    )  # fmt: skip


def last_mapping(session: Session, cluster: ClusterFacts) -> FileMapping:
    """What was said of the columns of the last plan that was brought into a cluster: its next has the same, mostly."""
    stored = session.scalar(
        sa.select(ImportBatch.mapping)
        .where(
            ImportBatch.kind == PlanImporter.kind,
            ImportBatch.cluster == cluster.slug,
            ImportBatch.undone_at.is_(None),
            ImportBatch.mapping.is_not(None),
        )
        .order_by(ImportBatch.id.desc())
        .limit(1)
    )
    stored = stored or {}
    return FileMapping(
        columns={title: meaning for title, meaning in stored.get("columns", {}).items() if meaning in MEANINGS},
        ignore=tuple(stored.get("ignore", ())),
    )
