"""The importer of working groups: one row for each group, with its project, schools, topics and outcomes."""

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Final, TypeVar

from dashboard.changes import Outcome
from dashboard.directory.intake import Finder
from dashboard.intake.cells import TextReader, read_date
from dashboard.intake.columns import Headings
from dashboard.intake.pipeline import Job
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import Cell, show
from dashboard.models import Cluster
from dashboard.naming import slug
from dashboard.vocabulary import GroupStatus, ProjectStage
from dashboard.working_groups.checks import (
    LONGEST_LEAD,
    LONGEST_NAME,
    LONGEST_OUTCOME,
    LONGEST_TOPIC,
    MOST_PEOPLE,
    MOST_TOPICS,
    GroupRefused,
    lines_of,
)
from dashboard.working_groups.commands import GroupList, as_lines
from dashboard.working_groups.words import STAGE_WORDS

Word = TypeVar("Word", GroupStatus, ProjectStage)

_STATUS: Final[Mapping[str, GroupStatus]] = {
    **{status.value: status for status in GroupStatus},
    "plan": GroupStatus.PLANNED, "not started": GroupStatus.PLANNED, "working": GroupStatus.AT_WORK,
    "active": GroupStatus.AT_WORK, "in progress": GroupStatus.AT_WORK, "ongoing": GroupStatus.AT_WORK,
    "started": GroupStatus.AT_WORK, "on hold": GroupStatus.PAUSED, "done": GroupStatus.FINISHED,
    "complete": GroupStatus.FINISHED, "completed": GroupStatus.FINISHED, "closed": GroupStatus.FINISHED,
    "ended": GroupStatus.FINISHED,
}  # fmt: skip
_STAGES: Final[Mapping[str, ProjectStage]] = {
    **{str(number): stage for number, stage in enumerate(ProjectStage, start=1)},
    **{f"stage {number}": stage for number, stage in enumerate(ProjectStage, start=1)},
    **{stage.value: stage for stage in ProjectStage},
    **{words.casefold(): stage for stage, words in STAGE_WORDS.items()},
}
_PEOPLE: Final = re.compile(r"^(.+?)\s*\((\d{1,4})\)$")


class WorkingGroups:
    """cluster, project, name, lead, lead_school, schools, topics, outcomes, status, from, to, stages.

    Schools, topics, outcomes and stages are parted by ";" or lines; behind a school may stand how many of its people
    take part: "Ford School (3)". A project that is not there is made. What is empty says nothing, and nothing that is
    there is taken out.
    """

    kind: Final = "working-groups"
    headings: Final[Headings] = {
        "cluster": ("cluster name",),
        "project": ("project name",),
        "name": ("group", "working group", "triad", "group name"),
        "lead": ("led by", "lead role"),
        "lead_school": ("school of the lead",),
        "schools": ("members", "member schools"),
        "topics": ("topic", "focus"),
        "outcomes": ("outcome", "planned outcomes"),
        "status": ("state",),
        "from": ("start", "starts"),
        "to": ("end", "ends", "until"),
        "stages": ("stages of the project", "stage"),
    }

    def apply(self, job: Job) -> None:
        """Store the group of each row."""
        finder, book = Finder(job), GroupList(job.changes)
        seen: dict[tuple[int, str], int] = {}
        for row in job.plain_rows(self.headings, ("name",)):
            cluster = finder.cluster(row)
            name = row.need("name", _text(LONGEST_NAME))
            said, project, stages, outcomes = _read(job, row)
            if cluster is None or name is None:
                continue
            schools = _schools(finder, row, cluster)
            leading = finder.school(row, cluster, "lead_school")
            if seen.setdefault((cluster.id, slug(name)), row.number) != row.number:
                row.refuse("name", f"row {seen[cluster.id, slug(name)]} tells of the same group")
            if not row.clean:
                continue
            said["lead_school_id"] = leading.id if leading is not None else None
            outcome = Outcome.UNCHANGED
            if project is not None:
                of, outcome = book.note_project(cluster.id, project, stages)
                said["project_id"] = of.id
            with _noting(row):
                told = book.note(cluster.id, name, said, schools, outcomes)
                job.count(Outcome.CHANGED if told is Outcome.UNCHANGED and outcome is not told else told)


def _read(
    job: Job, row: RowReader
) -> tuple[dict[str, Any], str | None, tuple[ProjectStage, ...], tuple[str, ...]]:  # fmt: skip
    """The columns of a group, the project it belongs to with its stages, and its outcomes."""
    topics = row.read("topics", _list(LONGEST_TOPIC, MOST_TOPICS)) or ()
    project, stages = row.read("project", _text(LONGEST_NAME)), row.read("stages", _read_stages) or ()
    if stages and project is None and row.clean:
        row.refuse("project", "say of which project these are the stages; the cell is empty")
    said = {
        "lead": row.read("lead", _text(LONGEST_LEAD)),
        "topics": as_lines(topics),
        "status": row.read("status", read_status),
        "starts": _day(job, row, "from"),
        "ends": _day(job, row, "to"),
    }
    return said, project, stages, row.read("outcomes", _list(LONGEST_OUTCOME, MOST_TOPICS)) or ()


def _schools(finder: Finder, row: RowReader, cluster: Cluster) -> dict[int, int | None]:
    """The schools that a cell names, each with how many of its people."""
    found: dict[int, int | None] = {}
    for written in lines_of(show(row.cell("schools")), also=";"):
        counted = None if _is_a_member(finder, written, cluster) else _PEOPLE.match(written)
        name, people = (counted[1], int(counted[2])) if counted else (written, None)
        if people is not None and not 0 < people <= MOST_PEOPLE:
            row.refuse("schools", f"“{written}” has no number of people from 1 to {MOST_PEOPLE}")
            continue
        school = finder.member(row, cluster, name, "schools")
        if school is not None and school.id in found:
            row.refuse("schools", f"“{name}” stands twice")
        elif school is not None:
            found[school.id] = people
    return found


def _is_a_member(finder: Finder, written: str, cluster: Cluster) -> bool:
    """Whether a school goes by the whole of a text, as "St Mary's School (2)" might."""
    try:
        return finder.directory.find_school(written, cluster) is not None
    except ValueError:
        return True  # of more than one; said when it is looked up to be stored


def read_status(cell: Cell) -> GroupStatus:
    """Read how far a group is: "at work", "On hold", "finished"."""
    return _word(show(cell), _STATUS, "a status of a group", GroupStatus)


def _read_stages(cell: Cell) -> tuple[ProjectStage, ...]:
    """Read which stages a project has reached: "Stage 1; Shared Evaluation"."""
    told = (_word(each, _STAGES, "a stage of a project", ProjectStage) for each in lines_of(show(cell), also=";"))
    return tuple(dict.fromkeys(told))


def _word(text: str, known: Mapping[str, Word], what: str, words: type[Word]) -> Word:
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", text.casefold()).split())
    found = known.get(plain) or known.get(plain.replace(" ", "_"))
    if found is None:
        raise ValueError(f"“{text}” is not {what}; known are {', '.join(words)}")
    return found


def _text(most: int) -> Any:
    """A reader of text in one line."""
    reader = TextReader(most)
    return lambda cell: " ".join(reader(cell).split())


def _list(longest: int, most: int) -> Any:
    """A reader of a list whose entries are parted by ";" or lines."""

    def read(cell: Cell) -> tuple[str, ...]:
        told = lines_of(show(cell), also=";")
        too_long = next((each for each in told if len(each) > longest), None)
        if too_long is not None:
            raise ValueError(f"“{too_long[:40]}…” has {len(too_long)} letters; at most {longest} fit")
        if len(told) > most:
            raise ValueError(f"these are {len(told)} entries; at most {most} fit")
        return told

    return read


def _day(job: Job, row: RowReader, meaning: str) -> date | None:
    return row.read(meaning, lambda cell: read_date(cell, job.mapping.dates))


@contextmanager
def _noting(row: RowReader) -> Generator[None]:
    """What is refused while the block runs is noted at its column."""
    try:
        yield
    except GroupRefused as refusal:
        text, columns = str(refusal).rstrip("."), {"ends": "to", "starts": "from"}
        field = refusal.field or "name"
        row.refuse(columns.get(field, field), f"{text[:1].lower()}{text[1:]}")
