"""The importer of events: one row for each thing that happened to a school, a colleague or the cluster (R.5)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard.directory.commands import define_school
from dashboard.directory.intake import Finder
from dashboard.directory.lifecycle import EventRefused, Lifecycle
from dashboard.intake.cells import limited_text, read_date
from dashboard.intake.columns import Headings
from dashboard.intake.pipeline import Job
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import Cell, is_blank, show
from dashboard.lifecycle.telling import LONGEST_NAME, LONGEST_REASON, LONGEST_WORDS, Telling, Told, write_down
from dashboard.models import Cluster, School
from dashboard.naming import slug

_NAME: Final = limited_text(LONGEST_NAME)
_REASON: Final = limited_text(LONGEST_REASON)
_WORDS: Final = limited_text(LONGEST_WORDS)
_WITHOUT_SCHOOL: Final = frozenset({Telling.STAGE_GATE, Telling.INDEPENDENT, Telling.CONTEXT})

_VARIANTS: Final[Mapping[str, Telling]] = {
    "joins": Telling.JOINED,
    "joined_the_cluster": Telling.JOINED,
    "added": Telling.JOINED,
    "added_later": Telling.JOINED,
    "leaves": Telling.LEFT,
    "dropped_out": Telling.LEFT,
    "drop_out": Telling.LEFT,
    "left_the_cluster": Telling.LEFT,
    "on_sabbatical": Telling.SABBATICAL,
    "leave_of_absence": Telling.SABBATICAL,
    "closure": Telling.CLOSED,
    "federated": Telling.JOINED_TRUST,
    "federation": Telling.JOINED_TRUST,
    "joined_a_trust": Telling.JOINED_TRUST,
    "joined_a_federation": Telling.JOINED_TRUST,
    "joined_mat": Telling.JOINED_TRUST,
    "left_a_trust": Telling.LEFT_TRUST,
    "left_a_federation": Telling.LEFT_TRUST,
    "agreement": Telling.AGREEMENT,
    "school_agreement": Telling.AGREEMENT,
    "school_agreement_signed": Telling.AGREEMENT,
    "handed_over": Telling.HANDOVER,
    "hand_over": Telling.HANDOVER,
    "staff_handover": Telling.HANDOVER,
    "shared_role": Telling.JOB_SHARE,
    "jobshare": Telling.JOB_SHARE,
    "substitute": Telling.SUBSTITUTE,
    "induction": Telling.INDUCTED,
    "brought_up_to_speed": Telling.INDUCTED,
    "gate": Telling.STAGE_GATE,
    "independence": Telling.INDEPENDENT,
    "context_event": Telling.CONTEXT,
}


def read_telling(cell: Cell) -> Telling:
    """Read what happened: "sabbatical", "Dropped out", "job-share"."""
    text = re.sub(r"[^a-z0-9]+", "_", show(cell).casefold()).strip("_")
    known = {each.value: each for each in Telling} | dict(_VARIANTS)
    if text not in known:
        raise ValueError(f"“{show(cell)}” is not an event; known are {', '.join(Telling)}")
    return known[text]


@dataclass(frozen=True)
class _Row:
    """One row, read and found."""

    reader: RowReader
    cluster: Cluster
    telling: Telling
    told: Told


class Events:
    """cluster, school, person, event, date, until, review, reviewed, replaced_by, reason, words.

    `replaced_by` is the school that takes another's place, or the colleague who takes over; `words` tell a context
    event, or name the trust that a school joins. Rows become events in the order of their dates, whatever stands first.
    """

    kind: Final = "events"
    headings: Final[Headings] = {
        "cluster": ("cluster name",),
        "school": ("school name", "member school"),
        "person": ("colleague", "name of person", "science lead", "subject lead"),
        "event": ("what happened", "kind", "event kind"),
        "date": ("on", "from", "start", "day"),
        "until": ("to", "end", "ends", "last day"),
        "review": ("review on", "review date", "review due"),
        "reviewed": ("reviewed on", "date reviewed"),
        "replaced_by": ("successor", "handed over to", "newcomer"),
        "reason": ("why",),
        "words": ("what", "description", "trust"),
    }

    def apply(self, job: Job) -> None:
        """Write down every event of the file."""
        finder = Finder(job)
        readers = list(job.plain_rows(self.headings, ("event", "date")))
        arriving = _arriving(readers)
        rows = [row for reader in readers if (row := _read(job, finder, reader, arriving)) is not None]
        lifecycles: dict[int, Lifecycle] = {}
        for row in sorted(rows, key=lambda each: each.told.on):
            if row.cluster.id not in lifecycles:
                lifecycles[row.cluster.id] = Lifecycle(job.changes, row.cluster, job.options.today)
            try:
                job.count(write_down(lifecycles[row.cluster.id], row.telling, row.told).outcome)
            except EventRefused as refusal:
                row.reader.refuse(refusal.about, str(refusal))


def _arriving(readers: Iterable[RowReader]) -> frozenset[str]:
    """The schools that join with this file: other rows may be about them, members or not."""
    columns = {Telling.JOINED: "school", Telling.REPLACED: "replaced_by"}
    found = set()
    for row in readers:
        try:
            column = columns.get(read_telling(row.cell("event")))
        except ValueError:
            continue  # said when the row is read
        if column is not None:
            found.add(slug(show(row.cell(column))))
    return frozenset(found)


def _read(job: Job, finder: Finder, row: RowReader, arriving: frozenset[str]) -> _Row | None:
    cluster = finder.cluster(row)
    telling = row.need("event", read_telling)
    said: dict[str, Any] = {"on": row.need("date", _date(job))}
    said |= {name: row.read(name, _date(job)) for name in ("until", "review", "reviewed")}
    said |= {"person": row.read("person", _NAME), "reason": row.read("reason", _REASON)}
    said |= {"words": row.read("words", _WORDS)}
    if cluster is None or telling is None:
        return None
    if telling is Telling.HANDOVER:
        said["successor"] = row.read("replaced_by", _NAME)
    elif telling is Telling.REPLACED:
        said["newcomer"] = _anywhere(job, finder, row, cluster, "replaced_by")
    if telling is Telling.JOINED or slug(show(row.cell("school"))) in arriving:
        said["school"] = _anywhere(job, finder, row, cluster, "school")
    elif telling not in _WITHOUT_SCHOOL:
        said["school"] = finder.school(row, cluster)
    return _Row(row, cluster, telling, Told(**said)) if row.clean else None


def _anywhere(job: Job, finder: Finder, row: RowReader, cluster: Cluster, meaning: str) -> School | None:
    """A school that need not be a member: one of the cluster, else of the store, else made with --create-missing."""
    if is_blank(row.cell(meaning)):
        return None
    try:
        written = _NAME(row.cell(meaning))
        directory = finder.directory
        found = directory.find_school(written, cluster) or directory.find_school(written)
        if found is None and job.options.create_missing:
            return define_school(job.changes, directory, written)[0]
        return found or directory.school(written)
    except ValueError as error:
        row.refuse(meaning, str(error))
        return None


def _date(job: Job) -> Any:
    def read(cell: Cell) -> date:
        return read_date(cell, job.mapping.dates)

    return read
