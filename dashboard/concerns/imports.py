"""The importer of concerns: one row for each step; rows about the same thing raised on the same day are one concern."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from dashboard.changes import Outcome
from dashboard.concerns.checks import (
    LONGEST_NOTE,
    LONGEST_RAISED_AS,
    LONGEST_SUMMARY,
    ConcernRefused,
    check_close,
    check_outcome,
    check_raised,
    check_step,
)
from dashboard.concerns.commands import ConcernList, Key, StepSaid
from dashboard.concerns.words import RULES, known_rule
from dashboard.directory.intake import Finder
from dashboard.intake.cells import limited_text, read_date
from dashboard.intake.columns import Headings
from dashboard.intake.pipeline import Job
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import Cell, is_blank, show
from dashboard.intake.words import read_decision, read_outcome, read_step_kind
from dashboard.models import Concern
from dashboard.vocabulary import ConcernDecision, StepOutcome

_SUMMARY: Final = limited_text(LONGEST_SUMMARY)
_NOTE: Final = limited_text(LONGEST_NOTE)
_RAISED_AS: Final = limited_text(LONGEST_RAISED_AS)
_COLUMNS: Final = {"taken_on": "step_date", "outcome_on": "outcome_date", "raised": "raised", "closed_on": "closed"}
"""The field that a check names → the column of a file."""
_ONCE: Final = ("rule", "review_on", "closed_on", "decision", "decision_note")
_MEANINGS: Final = {"review_on": "review", "closed_on": "closed"}


@dataclass(frozen=True)
class _Step:
    said: StepSaid
    outcome: StepOutcome | None
    outcome_on: date | None


@dataclass
class _Entry:
    """One row, read and found."""

    row: RowReader
    key: Key
    raised_as: str | None
    said: dict[str, Any]
    step: _Step | None


@dataclass
class _File:
    """What the rows of one file said so far, to find two that say the same or contradict one another."""

    said: dict[Key, dict[str, tuple[Any, int]]] = field(default_factory=dict)
    seen: dict[tuple[Any, ...], int] = field(default_factory=dict)


class Concerns:
    """cluster, school, raised, raised_as, rule, summary, review; step, step_date, step_note, outcome, outcome_date;
    closed, decision, decision_note.

    A blank school means the cluster as a group; a blank says nothing and never overwrites. A file tells history: a
    decision it holds changes no membership.
    """

    kind: Final = "concerns"
    headings: Final[Headings] = {
        "cluster": ("cluster name",),
        "school": ("school name", "member school"),
        "raised": ("raised on", "date raised"),
        "raised_as": ("raised by role",),
        "rule": ("flag",),
        "summary": ("concern", "what worries us"),
        "review": ("review on", "next review"),
        "step": ("step taken", "what was done"),
        "step_date": ("date of step", "taken on"),
        "step_note": ("note",),
        "outcome": ("what came of it", "result"),
        "outcome_date": ("date of outcome",),
        "closed": ("closed on",),
        "decision": (),
        "decision_note": (),
    }

    def apply(self, job: Job) -> None:
        """Record every concern of the file with its steps."""
        finder, concerns, file = Finder(job), ConcernList(job.changes), _File()
        # Read to the end before anything is written: a step of a later row may be after the day of closing.
        entries = [entry for entry in _read(job, finder) if _agrees(file, entry)]
        for entry in entries:
            _record(job, concerns, file, entry)
        for entry in entries:
            if entry.row.clean:
                _check_whole(job, concerns, entry)


def _read(job: Job, finder: Finder) -> Iterator[_Entry]:
    for row in job.plain_rows(Concerns.headings, ("raised", "summary")):
        cluster = finder.cluster(row)
        school = finder.school(row, cluster) if cluster is not None else None
        raised, summary = _day(job, row, "raised", needed=True), row.need("summary", _SUMMARY)
        said = {
            "rule": row.read("rule", _read_rule),
            "review_on": _day(job, row, "review"),
            "closed_on": _day(job, row, "closed"),
            "decision": row.read("decision", read_decision),
            "decision_note": row.read("decision_note", _NOTE),
        }
        raised_as, step = row.read("raised_as", _RAISED_AS), _read_step(job, row)
        if raised is not None:
            _checked(row, lambda raised=raised: check_raised(raised, job.options.today))
        if row.clean and cluster is not None and raised is not None and summary is not None:
            key = (cluster.id, school.id if school is not None else None, raised, summary)
            yield _Entry(row, key, raised_as, said, step)


def _day(job: Job, row: RowReader, meaning: str, *, needed: bool = False) -> date | None:
    read = row.need if needed else row.read
    return read(meaning, lambda cell: read_date(cell, job.mapping.dates))


def _read_rule(cell: Cell) -> str:
    found = known_rule(show(cell))
    if found is None:
        raise ValueError(f"“{show(cell)}” is no rule of a flag; known are {', '.join(RULES)}")
    return found


def _read_step(job: Job, row: RowReader) -> _Step | None:
    """The step of a row. What belongs to a step is wrong without one."""
    kind, taken_on = row.read("step", read_step_kind), _day(job, row, "step_date")
    note, outcome = row.read("step_note", _NOTE), row.read("outcome", read_outcome)
    outcome_on = _day(job, row, "outcome_date")
    if is_blank(row.cell("step")):
        for meaning in ("step_date", "step_note", "outcome", "outcome_date"):
            if not is_blank(row.cell(meaning)):
                row.refuse(meaning, "there is no step it could belong to; fill in the column for the step")
        return None
    if is_blank(row.cell("step_date")):
        row.refuse("step_date", "say on which day the step was taken; the cell is empty")
    if outcome_on is not None and outcome in {None, StepOutcome.WAITING} and row.clean:
        row.refuse("outcome_date", "nothing came of the step yet; say what, or leave the day empty")
    if not row.clean or kind is None or taken_on is None:
        return None
    if outcome_on is not None:
        _checked(row, lambda: check_outcome(outcome_on, taken_on, job.options.today))
    return _Step(StepSaid(kind, taken_on, note or ""), outcome, outcome_on)


def _agrees(file: _File, entry: _Entry) -> bool:
    """Whether a row says nothing twice and contradicts no row before it; notes what is wrong."""
    row, number = entry.row, entry.row.number
    said = file.said.setdefault(entry.key, {})
    for name in ("raised_as", *_ONCE):
        value = entry.raised_as if name == "raised_as" else entry.said[name]
        if value is None:
            continue
        first, at = said.setdefault(name, (value, number))
        if first != value:
            row.refuse(_MEANINGS.get(name, name), f"row {at} says “{first}” of the same concern")
    whole = (entry.key, entry.step.said if entry.step else None)
    first_at = file.seen.setdefault(whole, number)
    if first_at != number:
        what = "this step of the same concern" if entry.step else "the same concern"
        row.refuse("step" if entry.step else "summary", f"{what} stands in row {first_at} already")
    return row.clean


def _record(job: Job, concerns: ConcernList, file: _File, entry: _Entry) -> None:
    told = {name: value for name, (value, _) in file.said[entry.key].items()}
    raised_as = told.pop("raised_as", "not said")
    if entry.step is not None:
        step = entry.step
        _checked(entry.row, lambda: check_step(step.said.taken_on, entry.key[2], job.options.today))
    if not entry.row.clean:
        return
    concern, outcome = concerns.note_concern(entry.key, raised_as, told)
    if entry.step is not None:
        _, of_step = concerns.note_step(concern, entry.step.said, entry.step.outcome, entry.step.outcome_on)
        outcome = of_step if outcome is Outcome.UNCHANGED else outcome
    job.count(outcome)


def _check_whole(job: Job, concerns: ConcernList, entry: _Entry) -> None:
    """What can only be told once all rows of a concern are in."""
    concern = concerns.find(entry.key)
    if concern is None:
        return
    row = entry.row
    if (concern.closed_on is None) != (concern.decision is None):
        missing = "closed" if concern.closed_on is None else "decision"
        row.refuse(missing, "a concern is closed on a day with a decision; fill in both, or neither")
    elif concern.closed_on is not None:
        closed_on = concern.closed_on
        last_on = concerns.last_day(concern)
        _checked(row, lambda: check_close(closed_on, concern.raised_on, last_on, job.options.today))
        _warn_of_exit(job, row, concern)


def _warn_of_exit(job: Job, row: RowReader, concern: Concern) -> None:
    if concern.decision is ConcernDecision.EXIT and not is_blank(row.cell("decision")):
        told = "an exit is told here, but no membership is changed by it; bring its last day in with the schools"
        job.warn(row.problem("decision", told))


def _checked(row: RowReader, check: Any) -> None:
    """Do a check and note what it refuses at its column."""
    try:
        check()
    except ConcernRefused as refusal:
        text = str(refusal).rstrip(".")
        row.refuse(_COLUMNS.get(refusal.field or "", "summary"), f"{text[:1].lower()}{text[1:]}")
