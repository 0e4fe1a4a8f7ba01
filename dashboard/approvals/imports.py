"""The importer of requests: what was asked of the advisor and decided before, one request in a row."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from dashboard.approvals.checks import (
    DECIDED,
    LONGEST_AS,
    LONGEST_CANDIDATE,
    LONGEST_REASON,
    LONGEST_SUMMARY,
    Asked,
    RequestRefused,
    Verdict,
    check_asked,
    check_verdict,
)
from dashboard.approvals.commands import Key, RequestList
from dashboard.directory.intake import Finder
from dashboard.intake.cells import limited_text, read_date, read_money
from dashboard.intake.columns import Headings
from dashboard.intake.pipeline import Job
from dashboard.intake.reader import RowReader
from dashboard.intake.words import read_request_kind, read_request_state
from dashboard.models import School
from dashboard.vocabulary import RequestState

_COLUMNS: Final = {"decided_on": "decided"}
"""The field that a check names → the column of a file."""


class Requests:
    """cluster, school, kind, summary, amount, candidate, starts, ends, asked, asked_as; state, granted, decided,
    decided_as, reason.

    A file tells history: what was decided stays as it was decided, and an approval changes nothing else.
    """

    kind: Final = "requests"
    headings: Final[Headings] = {
        "cluster": ("cluster name",),
        "school": ("school name", "member school"),
        "kind": ("type", "kind of request"),
        "summary": ("request", "what is asked"),
        "amount": ("amount asked", "requested"),
        "candidate": ("school that would join",),
        "starts": ("first day", "from"),
        "ends": ("last day", "until"),
        "asked": ("asked on", "date asked"),
        "asked_as": ("asked by role",),
        "state": ("status", "decision"),
        "granted": ("amount approved",),
        "decided": ("decided on", "date decided"),
        "decided_as": ("decided by role",),
        "reason": ("reason of the decision",),
    }

    def apply(self, job: Job) -> None:
        """Record every request of the file."""
        finder, requests = Finder(job), RequestList(job.changes)
        seen: dict[Key, int] = {}
        for row in job.plain_rows(self.headings, ("kind", "summary", "asked")):
            cluster = finder.cluster(row)
            school = finder.school(row, cluster) if cluster is not None else None
            read = _read(job, row, school)
            if read is None or cluster is None or not row.clean:
                continue
            asked, asked_on, said = read
            key = (cluster.id, school.id if school else None, asked.kind, asked_on, asked.summary)
            if key in seen:
                row.refuse("summary", f"the same request stands in row {seen[key]} already")
                continue
            seen[key] = row.number
            try:
                job.count(requests.note(key, said))
            except ValueError as error:
                row.refuse("state", str(error))


def _read(job: Job, row: RowReader, school: School | None) -> tuple[Asked, date, dict[str, Any]] | None:
    """The request of a row, the day it was asked, and its columns but for those that make it this one."""
    kind, summary = row.need("kind", read_request_kind), row.need("summary", limited_text(LONGEST_SUMMARY))
    asked_on = _day(job, row, "asked", needed=True)
    said: dict[str, Any] = {
        "amount": row.read("amount", read_money),
        "candidate": row.read("candidate", limited_text(LONGEST_CANDIDATE)),
        "starts": _day(job, row, "starts"),
        "ends": _day(job, row, "ends"),
        "asked_as": row.read("asked_as", limited_text(LONGEST_AS)),
        "state": row.read("state", read_request_state),
        "granted": row.read("granted", read_money),
        "decided_on": _day(job, row, "decided"),
        "decided_as": row.read("decided_as", limited_text(LONGEST_AS)),
        "reason": row.read("reason", limited_text(LONGEST_REASON)),
    }
    if asked_on is not None and asked_on > job.options.today:
        row.refuse("asked", f"{asked_on} is still to come; give the day on which it was asked")
    if not row.clean or kind is None or summary is None or asked_on is None:
        return None
    asked = Asked(
        kind, summary, said["amount"], school.slug if school else None, said["candidate"], said["starts"], said["ends"]
    )
    _checked(row, lambda: check_asked(asked))
    _check_end(job, row, asked, asked_on, said)
    return (asked, asked_on, said) if row.clean else None


def _check_end(job: Job, row: RowReader, asked: Asked, asked_on: date, said: dict[str, Any]) -> None:
    """What belongs to a decision is wrong without one, and a decision is whole."""
    state: RequestState = said["state"] or RequestState.WAITING
    decided = {name: said[name] for name in ("granted", "decided_on", "decided_as", "reason") if said[name] is not None}
    if state in DECIDED:
        if said["decided_on"] is None:
            row.refuse("decided", "say on which day it was decided; the cell is empty")
            return
        verdict = Verdict(state, said["reason"] or "", said["decided_on"], said["granted"])
        _checked(row, lambda: check_verdict(verdict, asked.kind, asked.amount, asked_on, job.options.today))
    elif state is RequestState.WAITING and decided:
        first = next(iter(decided))
        row.refuse(_COLUMNS.get(first, first), "nothing is decided yet; fill in the column for the state")


def _day(job: Job, row: RowReader, meaning: str, *, needed: bool = False) -> date | None:
    read = row.need if needed else row.read
    return read(meaning, lambda cell: read_date(cell, job.mapping.dates))


def _checked(row: RowReader, check: Callable[[], None]) -> None:
    """Do a check and note what it refuses at its column."""
    try:
        check()
    except RequestRefused as refusal:
        text = str(refusal).rstrip(".")
        field = refusal.field or "summary"
        row.refuse(_COLUMNS.get(field, field), f"{text[:1].lower()}{text[1:]}")
