"""The importers of clusters and schools: columns to commands."""

from typing import Any, Final

from dashboard.changes import Changes, Outcome
from dashboard.directory.commands import (
    define_cluster,
    define_cohort,
    define_programme,
    define_school,
    set_lead_school,
    set_membership,
    set_trust,
)
from dashboard.directory.intake import Finder
from dashboard.directory.lookup import Directory
from dashboard.intake.cells import LONGEST_NAME, limited_text, read_count, read_date, read_decimal
from dashboard.intake.columns import Headings
from dashboard.intake.pipeline import Job
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import Cell, show
from dashboard.intake.words import read_phase
from dashboard.models import Cluster, Cohort, Programme, School

_NAME: Final = limited_text(LONGEST_NAME)
_SHORT: Final = limited_text(100)
_POSTCODE: Final = limited_text(10)


class Clusters:
    """name, programme, cohort, focus, lead_school, start, end. A programme or cohort nobody knows is made."""

    kind: Final = "clusters"
    headings: Final[Headings] = {
        "name": ("cluster", "cluster name"),
        "programme": ("programme name",),
        "cohort": (),
        "focus": ("theme",),
        "lead_school": ("lead",),
        "start": ("starts", "start date", "from"),
        "end": ("ends", "end date", "to"),
    }

    def apply(self, job: Job) -> None:
        """Make or complete a cluster for each row."""
        directory = Directory(job.session, job.mapping.aliases)
        shelf = _ProgrammeShelf(job.changes)
        seen: dict[int, int] = {}
        for row in job.plain_rows(self.headings, ("name",)):
            found = self._define(job, directory, shelf, row)
            if found is None:
                continue
            cluster, outcome = found
            if cluster.id in seen:
                row.refuse("name", f"this cluster stands in row {seen[cluster.id]} already")
                continue
            seen[cluster.id] = row.number
            job.count(_together(outcome, self._set_lead(job, directory, row, cluster)))

    @staticmethod
    def _define(
        job: Job, directory: Directory, shelf: "_ProgrammeShelf", row: RowReader
    ) -> tuple[Cluster, Outcome] | None:
        name, focus = row.need("name", _NAME), row.read("focus", _NAME)
        starts, ends = row.read("start", _date(job)), row.read("end", _date(job))
        programme_name, cohort_name = row.read("programme", _NAME), row.read("cohort", _SHORT)
        if cohort_name and not programme_name:
            row.refuse("cohort", "a cohort belongs to a programme; say which")
        if not row.clean or name is None:
            return None
        programme, cohort = shelf.get(programme_name, cohort_name)
        try:
            return define_cluster(
                job.changes,
                directory,
                name,
                programme=programme,
                cohort=cohort,
                focus=focus,
                starts=starts,
                ends=ends,
            )
        except ValueError as error:
            row.refuse("end" if ends else "name", str(error))
            return None

    @staticmethod
    def _set_lead(job: Job, directory: Directory, row: RowReader, cluster: Cluster) -> Outcome:
        written = row.read("lead_school", _NAME)
        if written is None:
            return Outcome.UNCHANGED
        try:
            school = directory.find_school(written, cluster)
            if school is None and job.options.create_missing:
                school, _ = define_school(job.changes, directory, written)
                set_membership(job.changes, directory, cluster, school)
        except ValueError as error:
            row.refuse("lead_school", str(error))
            return Outcome.UNCHANGED
        if school is None:
            # Clusters come before their schools, so this cannot be an error: nobody could ever start.
            sentence = f"no lead school was set: “{written}” is no member yet; import the schools, then this file again"
            job.warn(row.problem("lead_school", sentence))
            return Outcome.UNCHANGED
        return set_lead_school(job.changes, cluster, school)[1]


class _ProgrammeShelf:
    """The programmes and cohorts a file names, each looked up or made once."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._programmes: dict[str, Programme] = {}
        self._cohorts: dict[tuple[int, str], Cohort] = {}

    def get(self, programme: str | None, cohort: str | None) -> tuple[Programme | None, Cohort | None]:
        """The programme of a name, and its cohort of a name."""
        if programme is None:
            return None, None
        if programme not in self._programmes:
            self._programmes[programme] = define_programme(self._changes, programme)[0]
        found = self._programmes[programme]
        if cohort is None:
            return found, None
        key = (found.id, cohort)
        if key not in self._cohorts:
            self._cohorts[key] = define_cohort(self._changes, found, cohort)[0]
        return found, self._cohorts[key]


class Schools:
    """urn, name, cluster and what is known of a school; with a cluster, its membership too.

    The same URN is the same school. Without a URN, the same name in the same cluster is. A blank cell says nothing.
    """

    kind: Final = "schools"
    headings: Final[Headings] = {
        "urn": ("unique reference number",),
        "name": ("school", "school name", "establishment name"),
        "cluster": ("cluster name",),
        "phase": ("phase of education", "school phase"),
        "local_authority": ("la", "local authority name", "la name"),
        "trust": ("trust name", "multi-academy trust", "mat", "federation"),
        "postcode": ("post code",),
        "latitude": ("lat",),
        "longitude": ("lon", "long", "lng"),
        "pupils": ("number of pupils", "pupils on roll", "roll", "nor"),
        "free_school_meals": ("fsm", "number eligible for free school meals"),
        "joined": ("joined on", "member since", "date joined"),
        "left": ("left on", "date left", "member until"),
        "quality_mark": ("quality mark", "quality mark on", "psqm", "psqm awarded"),
    }

    def apply(self, job: Job) -> None:
        """Make or complete a school for each row."""
        finder = Finder(job)
        for row in job.plain_rows(self.headings, ()):
            name = row.read("name", _NAME) or self._name_by_urn(finder.directory, row)
            cluster = finder.cluster(row) if show(row.cell("cluster")) or job.options.cluster else None
            said = self._read(row, job)
            joined, left = row.read("joined", _date(job)), row.read("left", _date(job))
            trust = row.read("trust", _NAME)
            if (joined or left) and cluster is None and row.clean:
                row.refuse("joined" if joined else "left", "say which cluster the school joined or left")
            if not row.clean or name is None:
                continue
            try:
                school = self._same(finder.directory, name, said.get("urn"), cluster)
                school, outcome = define_school(job.changes, finder.directory, name, school=school, **said)
            except ValueError as error:
                row.refuse("name", str(error))
                continue
            try:
                outcomes = [outcome]
                if cluster is not None:
                    member = set_membership(job.changes, finder.directory, cluster, school, joined=joined, left=left)
                    outcomes.append(member[1])
            except ValueError as error:
                row.refuse("joined" if joined else "left", str(error))
                continue
            if trust:
                outcomes.append(set_trust(job.changes, finder.directory, school, trust)[1])
            job.count(_together(*outcomes))

    @staticmethod
    def _read(row: RowReader, job: Job) -> dict[str, Any]:
        said = {
            "urn": row.read("urn", _urn),
            "phase": row.read("phase", read_phase),
            "local_authority": row.read("local_authority", _SHORT),
            "postcode": row.read("postcode", _POSTCODE),
            "latitude": row.read("latitude", _degrees(90)),
            "longitude": row.read("longitude", _degrees(180)),
            "pupils": row.read("pupils", read_count),
            "free_school_meals": row.read("free_school_meals", read_count),
            "quality_mark_on": row.read("quality_mark", _date(job)),
        }
        return {name: value for name, value in said.items() if value is not None}

    @staticmethod
    def _name_by_urn(directory: Directory, row: RowReader) -> str | None:
        # A list of figures may give the URN alone, for schools that the store knows.
        urn = row.read("urn", _urn) if row.clean else None
        if urn in directory.by_urn:
            return directory.by_urn[urn].name
        if row.clean:
            row.refuse("name", "say the name; the cell is empty and the store knows no school of this URN")
        return None

    @staticmethod
    def _same(directory: Directory, name: str, urn: int | None, cluster: Cluster | None) -> School | None:
        if urn is not None and urn in directory.by_urn:
            return directory.by_urn[urn]
        if urn is not None:
            # Another URN is another school, even of the same name in the same place: an academy after its predecessor.
            members = directory.members(cluster) if cluster is not None else None
            same = [each for each in directory.named(name) if each.urn is None and (members is None or each in members)]
            return same[0] if len(same) == 1 else None
        found = directory.find_school(name, cluster)
        if found is None and cluster is not None:
            alone = directory.in_no_cluster(directory.named(name))
            found = alone[0] if len(alone) == 1 else None
        return found


def _date(job: Job) -> Any:
    return lambda cell: read_date(cell, job.mapping.dates)


def _urn(cell: Cell) -> int:
    number = read_count(cell)
    if not 10_000 <= number <= 9_999_999:
        raise ValueError(f"“{show(cell)}” is not a URN; it has six digits")
    return number


def _degrees(most: int) -> Any:
    def read(cell: Cell) -> float:
        value = float(read_decimal(cell))
        if abs(value) > most:
            raise ValueError(f"“{show(cell)}” lies outside −{most} to {most} degrees")
        return value

    return read


def _together(*outcomes: Outcome) -> Outcome:
    if outcomes[0] is Outcome.ADDED:
        return Outcome.ADDED
    return Outcome.UNCHANGED if all(each is Outcome.UNCHANGED for each in outcomes) else Outcome.CHANGED
