"""The importers of clusters, schools and programmes: columns to commands."""

from datetime import date
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from dashboard.changes import Outcome
from dashboard.directory.commands import (
    RuleValue,
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
from dashboard.intake.cells import limited_text, read_count, read_date, read_decimal
from dashboard.intake.columns import Headings
from dashboard.intake.pipeline import Job
from dashboard.intake.problems import Problem, Refused
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import Cell, show
from dashboard.intake.words import read_phase
from dashboard.models import Cluster, Cohort, Programme, School

_NAME: Final = limited_text(200)
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
        programmes: dict[str, Programme] = {}
        cohorts: dict[tuple[int, str], Cohort] = {}
        seen: dict[int, int] = {}
        for row in job.plain_rows(self.headings, ("name",)):
            name = row.need("name", _NAME)
            starts, ends = row.read("start", _date(job)), row.read("end", _date(job))
            focus, programme_name = row.read("focus", _NAME), row.read("programme", _NAME)
            cohort_name = row.read("cohort", _SHORT)
            if cohort_name and not programme_name:
                row.refuse("cohort", "a cohort belongs to a programme; say which")
            if not row.clean or name is None:
                continue
            programme = cohort = None
            if programme_name:
                programme = programmes.get(programme_name)
                if programme is None:
                    programme = programmes[programme_name] = define_programme(job.changes, programme_name)[0]
                if cohort_name:
                    key = (programme.id, cohort_name)
                    if key not in cohorts:
                        cohorts[key] = define_cohort(job.changes, programme, cohort_name)[0]
                    cohort = cohorts[key]
            try:
                cluster, outcome = define_cluster(
                    job.changes, directory, name,
                    programme=programme, cohort=cohort, focus=focus, starts=starts, ends=ends,
                )  # fmt: skip
            except ValueError as error:
                row.refuse("end" if ends else "name", str(error))
                continue
            if cluster.id in seen:
                row.refuse("name", f"this cluster stands in row {seen[cluster.id]} already")
                continue
            seen[cluster.id] = row.number
            lead = self._set_lead(job, directory, row, cluster)
            job.count(_together(outcome, lead))

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


class Schools:
    """urn, name, cluster and what is known of a school; with a cluster, its membership too.

    The same URN is the same school. Without a URN, the same name in the same cluster is. A blank cell says nothing.
    """

    kind: Final = "schools"
    headings: Final[Headings] = {
        "urn": ("unique reference number",),
        "name": ("school", "school name", "establishment name"),
        "cluster": ("cluster name",),
        "phase": ("phase of education", "type"),
        "local_authority": ("la", "local authority name", "la name"),
        "trust": ("trust name", "multi-academy trust", "mat", "federation"),
        "postcode": ("post code",),
        "latitude": ("lat",),
        "longitude": ("lon", "long", "lng"),
        "pupils": ("number of pupils", "pupils on roll", "roll", "nor"),
        "free_school_meals": ("fsm", "number eligible for free school meals"),
        "joined": ("joined on", "member since", "date joined"),
        "left": ("left on", "date left", "member until"),
    }

    def apply(self, job: Job) -> None:
        """Make or complete a school for each row."""
        finder = Finder(job)
        for row in job.plain_rows(self.headings, ("name",)):
            name = row.need("name", _NAME)
            cluster = finder.cluster(row) if show(row.cell("cluster")) or job.options.cluster else None
            said = self._read(row)
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
    def _read(row: RowReader) -> dict[str, Any]:
        said = {
            "urn": row.read("urn", _urn),
            "phase": row.read("phase", read_phase),
            "local_authority": row.read("local_authority", _SHORT),
            "postcode": row.read("postcode", _POSTCODE),
            "latitude": row.read("latitude", _degrees(90)),
            "longitude": row.read("longitude", _degrees(180)),
            "pupils": row.read("pupils", read_count),
            "free_school_meals": row.read("free_school_meals", read_count),
        }
        return {name: value for name, value in said.items() if value is not None}

    @staticmethod
    def _same(directory: Directory, name: str, urn: int | None, cluster: Cluster | None) -> School | None:
        if urn is not None and urn in directory.by_urn:
            return directory.by_urn[urn]
        if cluster is not None:
            found = directory.find_school(name, cluster)
            if found is None:
                alone = directory.in_no_cluster(directory.named(name))
                found = alone[0] if len(alone) == 1 else None
        else:
            found = directory.find_school(name)
        # Another URN is another school, even of the same name in the same place: an academy after its predecessor.
        return None if found is not None and urn is not None and found.urn not in (None, urn) else found


class _RuleOfFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    value: str
    unit: Literal["count", "pounds", "text", "yes_no"] | None = None
    source: str | None = None
    statement: str | None = None


class _ProgrammeOfFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    starts: date | None = None
    ends: date | None = None
    rules: list[_RuleOfFile] = []


_PROGRAMMES: Final = TypeAdapter(list[_ProgrammeOfFile])


class Programmes:
    """`programmes.json`: a list of {"name", "starts", "ends", "rules": [{"name", "value", "source", "statement"}]}."""

    kind: Final = "programmes"

    def apply(self, job: Job) -> None:
        """Make or complete each programme with its rules."""
        try:
            programmes = _PROGRAMMES.validate_json(job.file.data)
        except ValidationError as error:
            raise Refused(*(Problem(f"{'.'.join(map(str, e['loc']))}: {e['msg']}") for e in error.errors())) from error
        job.rows_read = len(programmes)
        for number, each in enumerate(programmes, start=1):
            rules = [RuleValue(rule.name, rule.value, rule.source, rule.statement) for rule in each.rules]
            try:
                _, outcome = define_programme(job.changes, each.name, starts=each.starts, ends=each.ends, rules=rules)
            except ValueError as error:
                job.error(Problem(str(error), row=number, value=each.name))
                continue
            job.count(outcome)


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
