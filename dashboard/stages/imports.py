"""The importer of the times that clusters spent in the stages of their programme, one time in a row (4.2)."""

from typing import Any, Final

from dashboard.directory.intake import Finder
from dashboard.intake.cells import limited_text, read_date
from dashboard.intake.columns import Headings
from dashboard.intake.pipeline import Job
from dashboard.stages.checks import StageRefused
from dashboard.stages.commands import TimeList

_NAME: Final = limited_text(200)


class Stages:
    """cluster, stage, start, end. A missing date says nothing; a stage may have several times, stages may overlap."""

    kind: Final = "stages"
    headings: Final[Headings] = {
        "cluster": ("cluster name",),
        "stage": ("stage name", "name of the stage"),
        "start": ("starts", "start date", "from"),
        "end": ("ends", "end date", "to", "until"),
    }

    def apply(self, job: Job) -> None:
        """Record the time of every row."""
        finder, times = Finder(job), TimeList(job.changes)
        seen: dict[Any, int] = {}
        for row in job.plain_rows(self.headings, ("stage",)):
            cluster = finder.cluster(row)
            written = row.need("stage", _NAME)
            starts, ends = (
                row.read(name, lambda cell: read_date(cell, job.mapping.dates)) for name in ("start", "end")
            )
            if cluster is None or written is None or not row.clean:
                continue
            try:
                stage = times.stage(cluster, written)
            except ValueError as error:
                row.refuse("stage", str(error))
                continue
            key = (cluster.id, stage.id, starts, ends)
            if key in seen:
                row.refuse("stage", f"the same time stands in row {seen[key]} already")
                continue
            seen[key] = row.number
            try:
                job.count(times.note(cluster, stage, starts, ends))
            except StageRefused as refusal:
                text = str(refusal).rstrip(".")
                row.refuse("end" if refusal.field == "ends" else "start", f"{text[:1].lower()}{text[1:]}")
