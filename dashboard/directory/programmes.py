"""The importer of programmes with their rules, stages and cohorts, from JSON: rules are data, because programmes
contradict each other.
"""

from datetime import date
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from dashboard.changes import Outcome
from dashboard.directory.commands import RuleValue, StageValue, define_cohort, define_programme, define_stages
from dashboard.intake.pipeline import Job
from dashboard.intake.problems import Problem, Refused


class _RuleOfFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    value: str
    unit: Literal["count", "pounds", "text", "yes_no"] | None = None
    source: str | None = None
    statement: str | None = None


class _StageOfFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=200)
    words: str | None = Field(None, max_length=500)
    first_programme_year: int | None = Field(None, ge=0, le=99)
    last_programme_year: int | None = Field(None, ge=0, le=99)


class _CohortOfFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=100)
    starts: date | None = None


class _ProgrammeOfFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    starts: date | None = None
    ends: date | None = None
    rules: list[_RuleOfFile] = []
    stages: list[_StageOfFile] = []
    """In their order; they may overlap."""
    cohorts: list[_CohortOfFile] = []


_PROGRAMMES: Final = TypeAdapter(list[_ProgrammeOfFile])


class Programmes:
    """`programmes.json`: a list of {"name", "starts", "ends", "rules": [{"name", "value", "source", "statement"}],
    "stages": [{"name", "words", "first_programme_year", "last_programme_year"}], "cohorts": [{"name", "starts"}]}.
    """

    kind: Final = "programmes"

    def apply(self, job: Job) -> None:
        """Make or complete each programme with its rules, stages and cohorts."""
        try:
            programmes = _PROGRAMMES.validate_json(job.file.data)
        except ValidationError as error:
            raise Refused(*(Problem(f"{'.'.join(map(str, e['loc']))}: {e['msg']}") for e in error.errors())) from error
        job.rows_read = len(programmes)
        for number, each in enumerate(programmes, start=1):
            rules = [RuleValue(rule.name, rule.value, rule.source, rule.statement) for rule in each.rules]
            stages = [StageValue(**stage.model_dump()) for stage in each.stages]
            try:
                made, outcome = define_programme(
                    job.changes, each.name, starts=each.starts, ends=each.ends, rules=rules
                )
                parts = [define_stages(job.changes, made, stages)]
            except ValueError as error:
                job.error(Problem(str(error), row=number, value=each.name))
                continue
            parts += [define_cohort(job.changes, made, one.name, starts=one.starts)[1] for one in each.cohorts]
            if outcome is Outcome.UNCHANGED and any(part is not Outcome.UNCHANGED for part in parts):
                outcome = Outcome.CHANGED
            job.count(outcome)
