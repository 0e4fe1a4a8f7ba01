"""The importers of what schools put in and of money from outside: columns to commands."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.contributions.checks import (
    LONGEST_ABOUT,
    LONGEST_PARTY,
    LONGEST_WORDS,
    ContributionRefused,
    OutsideSaid,
    check_outside,
    minutes_from_text,
)
from dashboard.contributions.commands import ContributionList, OutsideKey, OutsideList
from dashboard.directory.intake import Finder
from dashboard.directory.members import load_members_of_year
from dashboard.intake.cells import TextReader, read_date, read_money, read_text, read_year
from dashboard.intake.columns import Headings
from dashboard.intake.pipeline import Job
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import Cell, is_blank, show
from dashboard.intake.words import (
    read_contribution_kind,
    read_contribution_state,
    read_outside_kind,
    read_outside_state,
)
from dashboard.models import Cluster, OutsideMoney, School, Target
from dashboard.vocabulary import ContributionState, OutsideKind, OutsideState

_PLACES: Final[Headings] = {
    "cluster": ("cluster name",),
    "school": ("school name", "member school"),
    "year": ("academic year",),
}


class Contributions:
    """cluster, school, year, kind, amount, vat, hours, for, state, due, paid, target.

    A blank school means every school that belongs to the cluster in that year: one contribution each. A blank amount
    means that no figure was agreed. A levy that is paid becomes money of the lead-held pot.
    """

    kind: Final = "contributions"
    headings: Final[Headings] = {
        **_PLACES,
        "kind": ("type", "what"),
        "amount": ("net", "value", "per school"),
        "vat": ("vat amount",),
        "hours": ("time",),
        "for": ("what for", "purpose", "description"),
        "state": ("status",),
        "due": ("due on", "to be paid by"),
        "paid": ("paid on", "date paid"),
        "target": ("target code",),
    }

    def apply(self, job: Job) -> None:
        """Store the contribution of each row."""
        finder, book, years = Finder(job), ContributionList(job.changes), _Years(job)
        seen: dict[tuple[object, ...], int] = {}
        for row in job.plain_rows(self.headings, ("kind",) if job.options.year else ("year", "kind")):
            cluster = finder.cluster(row)
            year = years.of(row)
            kind = row.need("kind", read_contribution_kind)
            words, said = row.read("for", _Squeezed(LONGEST_WORDS)), _said(job, row)
            schools = years.schools(row, finder, cluster, year)
            if cluster is None or year is None or kind is None or not row.clean:
                continue
            said["target_id"] = years.target(row, cluster, year)
            for school_id in schools:
                if not row.clean:
                    break
                key = (cluster.id, school_id, year.start, kind, words)
                if seen.setdefault(key, row.number) != row.number:
                    row.refuse("school", f"row {seen[key]} tells of the same school, year, kind and purpose")
                    break
                with _noting(row):
                    job.count(book.note(key, said))


class Grants:
    """cluster, school, year, kind, funder, for, applied, decided, asked, won, received, state, declared, target.

    Without a year the row is of the year in which it was decided, else applied for. Amounts that a file holds are kept
    as they are: what was received never counts as won.
    """

    kind: Final = "grants"
    headings: Final[Headings] = {
        **_PLACES,
        "kind": ("type",),
        "funder": ("from", "funding org:name", "sponsor"),
        "for": ("what for", "purpose", "description", "title"),
        "applied": ("applied on", "date applied"),
        "decided": ("decided on", "award date"),
        "asked": ("amount applied for",),
        "won": ("amount awarded", "awarded", "raised"),
        "received": ("amount disbursed", "disbursed"),
        "state": ("status",),
        "declared": ("declared on", "date declared"),
        "target": ("target code",),
    }

    def apply(self, job: Job) -> None:
        """Store the money of each row."""
        finder, book, years = Finder(job), OutsideList(job.changes), _Years(job)
        seen: Counter[OutsideKey] = Counter()
        for row in job.plain_rows(self.headings, ("funder",)):
            cluster = finder.cluster(row)
            school = finder.school(row, cluster) if cluster is not None else None
            said = self._read(job, row, years)
            if cluster is None or said is None or not row.clean:
                continue
            target_id = years.target(row, cluster, said.year)
            with _noting(row):
                check_outside(said, job.options.today)
            if not row.clean:
                continue
            key = (cluster.id, school.id if school else None, said.year.start, said.kind, said.party, said.words)
            seen[key] += 1
            told = {
                **{name: getattr(said, name) for name in _COLUMNS_OF_GRANTS}, "state": said.state,
                "target_id": target_id,
            }  # fmt: skip
            stored, outcome = book.note(key, seen[key], told)
            job.count(outcome)
            with _noting(row):  # what an earlier file told counts too
                check_outside(_as_said(stored), job.options.today)

    @staticmethod
    def _read(job: Job, row: RowReader, years: "_Years") -> OutsideSaid | None:
        kind = row.read("kind", read_outside_kind) or OutsideKind.GRANT
        funder, words = row.need("funder", _Squeezed(LONGEST_PARTY)), row.read("for", _Squeezed(LONGEST_ABOUT))
        applied, decided, declared = (_day(job, row, name) for name in ("applied", "decided", "declared"))
        asked, won, received = (row.read(name, read_money) for name in ("asked", "won", "received"))
        state = row.read("state", read_outside_state) or _state_of(kind, won)
        year = years.of(row, decided or applied)
        if not row.clean or year is None or funder is None:
            return None
        return OutsideSaid(
            year, kind, funder, state, words, asked, won, received, applied, decided, declared,
        )  # fmt: skip


_COLUMNS_OF_GRANTS: Final = ("asked", "won", "received", "applied_on", "decided_on", "declared_on")
_COLUMNS: Final = {
    "party": "funder", "words": "for", "applied_on": "applied", "decided_on": "decided", "declared_on": "declared",
    "minutes": "hours", "due_on": "due", "paid_on": "paid",
}  # fmt: skip
"""The field that a check names → the column of a file."""


class _Years:
    """The years, members and targets that the rows of one file are about, each looked up once."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._members: dict[tuple[int, int], list[int]] = {}
        self._targets: dict[tuple[int, int], dict[str, int]] = {}

    def of(self, row: RowReader, day: date | None = None) -> AcademicYear | None:
        """The year of a row: the one it names, else the one that was asked for, else that of a day it tells."""
        asked, year = self._job.options.year, row.read("year", read_year)
        if asked is not None and year is not None and year != asked:
            row.refuse("year", f"this row is about {year}, but --year says {asked}")
        found = year or asked or (AcademicYear.of(day) if day else None)
        if found is None and row.clean:
            row.refuse("year", "say the year; the cell is empty")
        return found

    def schools(self, row: RowReader, finder: Finder, cluster: Cluster | None, year: AcademicYear | None) -> list[int]:
        """The school that a row names; all members of the year where it names none."""
        if cluster is None or year is None:
            return []
        if not is_blank(row.cell("school")):
            school: School | None = finder.school(row, cluster)
            return [school.id] if school is not None else []
        key = (cluster.id, year.start)
        if key not in self._members:
            found = load_members_of_year(self._job.session, EVERYTHING, cluster.id, year)
            self._members[key] = [each.school_id for each in found]
        if not self._members[key]:
            row.refuse("school", f"{cluster.name} has no member in {year}; name the school")
        return self._members[key]

    def target(self, row: RowReader, cluster: Cluster, year: AcademicYear) -> int | None:
        """The target of that year's plan that a row names by its code."""
        code = row.read("target", read_text)
        if code is None:
            return None
        key = (cluster.id, year.start)
        if key not in self._targets:
            rows = self._job.session.execute(
                sa.select(Target.code, Target.id).where(Target.cluster_id == cluster.id, Target.year == year.start)
            )
            self._targets[key] = {name.casefold(): number for name, number in rows}
        found = self._targets[key].get(code.casefold())
        if found is None:
            row.refuse("target", f"“{code}” is no target of the plan of {year}; import that plan first")
        return found


def _said(job: Job, row: RowReader) -> dict[str, Any]:
    """The columns of a contribution that a row tells."""
    state, paid_on = row.read("state", read_contribution_state), _day(job, row, "paid")
    said = {
        "amount": row.read("amount", read_money),
        "vat": row.read("vat", read_money),
        "minutes": row.read("hours", _read_minutes),
        "state": state or (ContributionState.PAID if paid_on else None),
        "due_on": _day(job, row, "due"),
        "paid_on": paid_on,
    }
    if paid_on is not None and paid_on > job.options.today:
        row.refuse("paid", f"{paid_on} is still to come; give the day on which it was paid")
    if state is ContributionState.PAID and paid_on is None and row.clean:
        row.refuse("paid", "say on which day it was paid; the cell is empty")
    if paid_on is not None and state not in {None, ContributionState.PAID}:
        row.refuse("paid", f"it is said to be {state}; leave the day empty, or say that it is paid")
    return said


class _Squeezed(TextReader):
    """Text in one line, as forms keep it."""

    def __call__(self, cell: Cell) -> str:
        """The text. Raises ValueError when it is too long."""
        return " ".join(super().__call__(cell).split())


def _read_minutes(cell: Cell) -> int:
    return minutes_from_text(show(cell))


def _day(job: Job, row: RowReader, meaning: str) -> date | None:
    return row.read(meaning, lambda cell: read_date(cell, job.mapping.dates))


def _state_of(kind: OutsideKind, won: int | None) -> OutsideState:
    """Of a row that names no state: what was awarded is won."""
    if kind is OutsideKind.CHARITY:
        return OutsideState.RAISED
    return OutsideState.APPLIED if won is None else OutsideState.WON


def _as_said(row: OutsideMoney) -> OutsideSaid:
    return OutsideSaid(
        AcademicYear(row.year), row.kind, row.party, row.state, row.words, row.asked, row.won, row.received,
        row.applied_on, row.decided_on, row.declared_on,
    )  # fmt: skip


@contextmanager
def _noting(row: RowReader) -> Generator[None]:
    """What is refused while the block runs is noted at its column."""
    try:
        yield
    except ContributionRefused as refusal:
        text, field = str(refusal).rstrip("."), refusal.field or "kind"
        row.refuse(_COLUMNS.get(field, field), f"{text[:1].lower()}{text[1:]}")
