"""The importer of programmes with their rules, from JSON: rules are data, because programmes contradict each other."""

from datetime import date
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from dashboard.directory.commands import RuleValue, define_programme
from dashboard.intake.pipeline import Job
from dashboard.intake.problems import Problem, Refused


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
