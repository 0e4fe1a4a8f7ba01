"""Every kind of file that can be brought in, and the sample, which comes in the same way."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from dashboard.academic_year import AcademicYear
from dashboard.approvals.imports import Requests
from dashboard.benchmarks.imports import Benchmarks
from dashboard.concerns.imports import Concerns
from dashboard.contributions.imports import Contributions, Grants
from dashboard.db import Session, Store
from dashboard.directory.imports import Clusters, Schools
from dashboard.directory.programmes import Programmes
from dashboard.engagement.imports import Attendance
from dashboard.evaluation.imports import CollaborationNotes, SelfEvaluations
from dashboard.funding.imports import Allocations, Spend
from dashboard.intake.mapping import NO_MAPPING
from dashboard.intake.mapping import Mapping as FileMapping
from dashboard.intake.pipeline import Importer, ImportOptions, ImportResult, bring_in
from dashboard.intake.problems import Refused
from dashboard.lifecycle.imports import Events
from dashboard.plans.imports import PlanImporter
from dashboard.stages.imports import Stages
from dashboard.vocabulary import Provenance
from dashboard.workgroups.imports import Workgroups
from dashboard.working_groups.imports import WorkingGroups

_ALL: Final[tuple[Importer, ...]] = (
    Schools(),
    Clusters(),
    Attendance(),
    Events(),
    Allocations(),
    Spend(),
    PlanImporter(),
    Benchmarks(),
    Workgroups(),
    Concerns(),
    Requests(),
    Contributions(),
    Grants(),
    Stages(),
    WorkingGroups(),
    SelfEvaluations(),
    CollaborationNotes(),
)

IMPORTERS: Final[Mapping[str, Importer]] = MappingProxyType({importer.kind: importer for importer in _ALL})
"""Kind → importer, in the order in which an empty store wants them."""

_WITH_PROGRAMMES: Final[Mapping[str, Importer]] = {**IMPORTERS, Programmes.kind: Programmes()}


class SampleRefused(Exception):
    """A file of the sample could not be stored; the text names it and says why."""


class _Entry(BaseModel):
    """One file of `sample.json`."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    file: str
    mapping: str | None = None
    cluster: str | None = None
    year: str | None = None
    provenance: Provenance
    source: str | None = None


_MANIFEST: Final = TypeAdapter(list[_Entry])


def load_sample(store: Store, folder: Path, report: Callable[[str], None]) -> list[ImportResult]:
    """Bring in every file of the manifest `sample.json`, in its order.

    All files are one transaction: a start that is cut off leaves no half of a sample behind. `report` gets a line for
    each file. Raises SampleRefused at the first that cannot be stored, and nothing of any stays.
    """
    entries = _read_manifest(folder / "sample.json")
    with store.writing() as session:
        return [_load(session, folder, entry, report) for entry in entries]


def _read_manifest(path: Path) -> list[_Entry]:
    try:
        return _MANIFEST.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise SampleRefused(f"{path.name} cannot be used: {error}") from error


def _load(session: Session, folder: Path, entry: _Entry, report: Callable[[str], None]) -> ImportResult:
    importer = _WITH_PROGRAMMES.get(entry.kind)
    if importer is None:
        raise SampleRefused(f"{entry.file}: there is no kind of file “{entry.kind}”")
    try:
        options = ImportOptions(
            cluster=entry.cluster,
            year=AcademicYear.parse(entry.year) if entry.year else None,
            mapping=FileMapping.from_json((folder / entry.mapping).read_bytes()) if entry.mapping else NO_MAPPING,
            provenance=entry.provenance,
            source=entry.source,
        )
    except (OSError, ValueError, Refused) as error:
        raise SampleRefused(f"{entry.file}: {error}") from error
    result = bring_in(session, importer, folder / entry.file, options)
    if not result.stored:
        raise SampleRefused(f"{entry.file}: {'; '.join(map(str, result.errors))}")
    report(f"{entry.file}: {result.added} added, {result.changed} changed, {result.unchanged} unchanged")
    return result
