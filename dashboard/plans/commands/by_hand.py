"""What somebody keeps of a plan by hand: how far a target is, its words, its evidence. All of it goes through the book,
as what a file brings does; what is added besides is who may, what is refused, and the event that tells of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, visible_clusters, was_member
from dashboard.attachments import check_file, plain_name
from dashboard.audit import Actor
from dashboard.changes import Outcome
from dashboard.db import now_utc
from dashboard.directory.lifecycle import ByHand
from dashboard.models import (
    CellLine,
    Cluster,
    Criterion,
    CriterionSchool,
    Evidence,
    EvidenceFile,
    Meeting,
    Membership,
    Target,
    TargetAim,
    TargetMeeting,
)
from dashboard.plans.brackets import (
    MOST_COUNTED,
    CriterionLine,
    EvidenceLine,
    fits_a_bracket,
    is_link,
    join_evidence,
    say_figure,
    split_evidence,
    state_of_count,
)
from dashboard.plans.cell_text import CellLines, find_code, read_lines
from dashboard.plans.codes import check_code
from dashboard.plans.commands.book import PlanBook, TargetText, known_of
from dashboard.vocabulary import (
    ActivityKind,
    CriterionState,
    EvidenceKind,
    FocusArea,
    Horizon,
    PlanCell,
    PlanChangeKind,
    TargetStatus,
)
from dashboard.wording import day

LONGEST_LINE: Final = 2_000
LONGEST_CELL: Final = 20_000
LONGEST_TITLE: Final = 500
LONGEST_OWNER: Final = 200
LONGEST_REASON: Final = 500
_EARLIEST: Final = date(1990, 1, 1)
_LATEST: Final = date(2100, 12, 31)
_WANTED: Final = "the photograph, list or letter"


class TargetRefused(Exception):
    """What was said of a target cannot be stored. The text says why and what to do; `field` is where."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NoSuchTarget(Exception):
    """The target, or what was named of it, is not there, or not the writer's."""


class ChangedMeanwhile(Exception):
    """Somebody else changed the target since the writer looked at it. Nothing was stored."""


@dataclass(frozen=True)
class UpdateSaid:
    """What is new of a target. What is None or empty is not said."""

    criteria: Mapping[int, CriterionState | int | None] = field(default_factory=dict)
    """By the number of a criterion: what is known of it, or how many were reached."""
    evidence: str = ""
    dated: date | None = None
    about: int | None = None
    """Which criterion the evidence shows."""
    next_step: str = ""


@dataclass(frozen=True)
class WordsSaid:
    """The words of a target as they are to stand from now on; what is None is emptied."""

    title: str
    cells: Mapping[PlanCell, CellLines]
    due: date | None = None
    review_on: date | None = None
    owner: str | None = None
    activity: ActivityKind | None = None
    horizon: Horizon | None = None
    focus_area: FocusArea | None = None


@dataclass(frozen=True)
class CriterionSaid:
    """What is known of a criterion. Without a state it follows from what is counted; where every school has to meet it,
    from the ticks.
    """

    state: CriterionState | None = None
    wanted: int | None = None
    reached: int | None = None
    per_school: bool = False
    ticks: Mapping[int, CriterionState] = field(default_factory=dict)
    """By the number of a school."""


@dataclass(frozen=True)
class EvidenceSaid:
    """A piece of evidence as it is to stand from now on. Its kind follows from what it has."""

    text: str
    dated: date | None = None
    about: int | None = None
    link: str | None = None
    value: Decimal | None = None
    unit: str | None = None


class TargetsByHand:
    """The targets of the clusters of a scope, for one actor on one day, within one transaction.

    `version` is the one that the writer saw: ChangedMeanwhile is raised where there is another one by now.
    """

    def __init__(self, session: Session, actor: Actor, scope: Scope, today: date) -> None:
        self._session, self._actor, self._scope, self._today = session, actor, scope, today
        self._writes = ByHand(session)

    def update(self, target_id: int, said: UpdateSaid, version: int) -> bool:
        """Bring a target up to date: criteria, one new piece of evidence, a next step. False where nothing was new."""
        open_ = self._open(target_id, version)
        changed = 0
        rows = {row.id: row for row in open_.criteria}
        for number, known in said.criteria.items():
            if number not in rows:
                raise NoSuchTarget
            changed += self._say(open_, rows[number], known)
        cells: dict[PlanCell, CellLines] = {}
        if said.evidence.strip():
            line = self._new_evidence(open_, said)
            cells[PlanCell.EVALUATION] = (*open_.cell(PlanCell.EVALUATION), line)
        if said.next_step.strip():
            step = CellLine(True, _line(said.next_step, "next_step"))
            cells[PlanCell.NEXT_STEPS] = (*open_.cell(PlanCell.NEXT_STEPS), step)
        if cells:
            self._put(open_, cells)
        told = {"criteria": changed} | {f"new_{cell}": True for cell in cells}
        return self._finish(open_, "update", told) if changed or cells else False

    def put_words(self, target_id: int, said: WordsSaid, version: int) -> bool:
        """Store the words of a target. False where nothing was different."""
        open_ = self._open(target_id, version)
        columns = _checked(said)
        if PlanCell.EVALUATION in said.cells:
            self._refuse_to_lose_a_file(open_, said.cells[PlanCell.EVALUATION])
        edited = open_.book.edit(open_.target, **columns)
        before = open_.target.version
        self._put(open_, {cell: _cell(lines, cell) for cell, lines in said.cells.items()}, columns["title"])
        if edited is Outcome.UNCHANGED and open_.target.version == before:
            return False
        return self._finish(open_, "change words", {})

    def say_status(self, target_id: int, status: TargetStatus, reason: str, version: int) -> bool:
        """Say the status of a target oneself; that needs a reason. False where it was said so already."""
        open_ = self._open(target_id, version)
        why = " ".join(reason.split())
        if not why:
            raise TargetRefused("Give the reason: whoever reads the status will ask for it.", "reason")
        if len(why) > LONGEST_REASON:
            raise TargetRefused(f"Use at most {LONGEST_REASON} letters.", "reason")
        return self._put_status(open_, status, why, "say status")

    def take_status_back(self, target_id: int, version: int) -> bool:
        """Let the status follow from criteria and evidence again."""
        return self._put_status(self._open(target_id, version), None, None, "take status back")

    def say_criterion(self, target_id: int, criterion_id: int, said: CriterionSaid, version: int) -> bool:
        """Say what is known of a criterion, and how it is measured. False where nothing was different."""
        open_ = self._open(target_id, version)
        row = next((each for each in open_.criteria if each.id == criterion_id), None)
        if row is None:
            raise NoSuchTarget
        _check_counts(said)
        stood, stood_ticks = known_of(row), self._ticks(row)
        ticks = self._put_ticks(open_, row, said) if said.per_school else stood_ticks
        columns: dict[str, Any] = {
            "number_wanted": said.wanted, "number_reached": said.reached, "per_school": said.per_school,
            "state": self._state(open_, said, ticks),
        }  # fmt: skip
        if columns["state"] != row.state:
            columns["said_on"] = self._today
        changed = self._writes.edit(row, **columns) is Outcome.CHANGED
        if not changed and ticks == stood_ticks:
            return False
        before, after = _with_schools(stood, row, stood_ticks), _with_schools(known_of(row), row, ticks)
        open_.book.note(open_.target, PlanChangeKind.CRITERION, about=row.text, before=before, after=after)
        return self._finish(open_, "say criterion", {"criterion": row.id})

    def change_evidence(self, target_id: int, evidence_id: int, said: EvidenceSaid, version: int) -> bool:
        """Change a piece of evidence; its words stand in the evaluation cell too. False where nothing was different."""
        open_ = self._open(target_id, version)
        row = self._evidence(open_, evidence_id)
        _, (piece,) = split_evidence((CellLine(True, _line(said.text, "text")),))
        text, dated = piece.text, said.dated or piece.dated  # a day in brackets is one that was said
        self._check_day(dated)
        if said.link is not None and not is_link(said.link):
            raise TargetRefused("Give an address that begins with https://, without spaces or round brackets.", "link")
        if text != row.text:
            self._refuse_twice(open_, text, "text")
        columns = {
            "text": text, "dated": dated, "criterion_id": self._about(open_, said.about), "link": said.link,
            "value": said.value, "unit": fits_a_bracket(said.unit or "")[:60] or None,
        }  # fmt: skip
        has_file = self._file(row) is not None
        columns["kind"] = _kind(said.link, said.value, has_file=has_file)
        stood, words = _known_evidence(row, open_), row.text
        if self._writes.edit(row, **columns) is Outcome.UNCHANGED:
            return False
        if text != words:
            cell = open_.cell(PlanCell.EVALUATION)
            said_anew = tuple(line._replace(text=text) if line.text == words else line for line in cell)
            open_.book.edit(open_.target, cell_evaluation=said_anew)
        known = _known_evidence(row, open_)
        if known != stood:
            open_.book.note(open_.target, PlanChangeKind.EVIDENCE, about=text, before=stood, after=known)
        return self._finish(open_, "change evidence", {"evidence": row.id})

    def take_out(self, target_id: int, evidence_id: int, version: int) -> bool:
        """Take a piece of evidence out, with its line of the evaluation cell and its file."""
        open_ = self._open(target_id, version)
        row = self._evidence(open_, evidence_id)
        kept = tuple(line for line in open_.cell(PlanCell.EVALUATION) if line.text != row.text)
        open_.book.note(open_.target, PlanChangeKind.EVIDENCE_GONE, about=row.text)
        open_.book.edit(open_.target, cell_evaluation=kept or None)
        file = self._file(row)
        self._writes.remove(row)
        return self._finish(open_, "take out evidence", {"evidence": evidence_id, "file": file is not None})

    def attach(self, target_id: int, evidence_id: int, file_name: str, content: bytes) -> bool:
        """Attach a file to a piece of evidence. What it is, its first bytes say."""
        open_ = self._open(target_id, None)
        row = self._evidence(open_, evidence_id)
        try:
            kind = check_file(content, _WANTED)
        except ValueError as error:
            raise TargetRefused(str(error), "file") from error
        if self._file(row) is not None:
            raise TargetRefused("There is a file already; take it out first.", "file")
        digest = sha256(content).hexdigest()
        stood = _known_evidence(row, open_)
        file = EvidenceFile(
            evidence_id=row.id, cluster_id=open_.cluster.id, file_name=plain_name(file_name, kind, "evidence"),
            media_type=kind, size=len(content), sha256=digest, content=content,
        )  # fmt: skip
        file.added_at = now_utc()
        self._writes.add(file)
        self._writes.edit(row, kind=EvidenceKind.FILE)
        open_.book.note(
            open_.target, PlanChangeKind.EVIDENCE, about=row.text, before=stood, after=stood | {"file": "a file"}
        )
        return self._finish(open_, "attach file", {"evidence": row.id, "size": len(content), "sha256": digest})

    def take_file_out(self, target_id: int, evidence_id: int) -> bool:
        """Take the file of a piece of evidence out; its words stay."""
        open_ = self._open(target_id, None)
        row = self._evidence(open_, evidence_id)
        file = self._file(row)
        if file is None:
            raise NoSuchTarget
        told = {"evidence": row.id, "size": file.size, "sha256": file.sha256}
        known = _known_evidence(row, open_)
        self._writes.remove(file)
        self._writes.edit(row, kind=_kind(row.link, row.value, has_file=False))
        open_.book.note(
            open_.target, PlanChangeKind.EVIDENCE, about=row.text, before=known | {"file": "a file"}, after=known
        )
        return self._finish(open_, "take file out", told)

    def worked_on_at(self, target_id: int, meeting_ids: Collection[int]) -> bool:
        """Say at which meetings of its year a target was worked on: at these, and at no other."""
        open_ = self._open(target_id, None)
        of_year = sa.select(Meeting.id).where(Meeting.cluster_id == open_.cluster.id, Meeting.year == open_.target.year)
        if set(meeting_ids) - set(self._session.scalars(of_year)):
            raise NoSuchTarget
        there = {
            row.meeting_id: row
            for row in self._session.scalars(sa.select(TargetMeeting).where(TargetMeeting.target_id == target_id))
        }
        for gone in there.keys() - set(meeting_ids):
            self._writes.remove(there[gone])
        new = sorted(set(meeting_ids) - there.keys())
        for meeting_id in new:
            self._writes.add(TargetMeeting(target_id=target_id, meeting_id=meeting_id))
        if not new and there.keys() == set(meeting_ids):
            return False
        self._tell("say meetings", open_.target, {"meetings": len(there)}, {"meetings": len(set(meeting_ids))})
        return True

    def add(self, cluster_id: int, year: AcademicYear, code: str, said: WordsSaid) -> int:
        """A new target at the end of a year's plan; gives its number."""
        written = " ".join(code.split()).upper()
        if find_code((CellLine(False, written),)) is None:
            raise TargetRefused(
                "Use at least three capitals, figures and hyphens, and no spaces, such as READING-SEPT26.", "code"
            )
        try:
            check_code(written)
        except ValueError as error:
            raise TargetRefused(f"{error}.", "code") from error
        cluster, book = self._book(cluster_id)
        if book.find(year, written) is not None:
            raise TargetRefused(
                f"There is a target {written} in {year} already, or a draft of one; choose another code.", "code"
            )
        columns = _checked(said)
        cells = {cell: _cell(lines, cell) for cell, lines in said.cells.items()}
        if not cells.get(PlanCell.TARGET):
            cells[PlanCell.TARGET] = (CellLine(False, columns["title"]),)
        if find_code(cells[PlanCell.TARGET]) != written:
            cells[PlanCell.TARGET] = (CellLine(False, written), *cells[PlanCell.TARGET])
        target, _ = book.put_target(year, TargetText(written, columns["title"], cells))
        self._writes.edit(target, **columns)
        self._session.flush()
        self._tell("add", target, None, {"year": target.year, "cluster": cluster.slug})
        return target.id

    def put_into_plan(self, target_id: int) -> bool:
        """Make a target of a draft: from now on it counts."""
        open_ = self._open(target_id, None)
        if not open_.target.draft:
            return False
        text = TargetText(open_.target.code, open_.target.title)
        open_.book.put_target(AcademicYear(open_.target.year), text)
        return self._finish(open_, "put into plan", {"draft": False}, {"draft": True})

    def remove_draft(self, target_id: int) -> None:
        """Remove a draft. A target stays: somebody promised it, and it may be stalled."""
        open_ = self._open(target_id, None)
        target = open_.target
        if not target.draft:
            raise TargetRefused(
                "A target of the plan is not removed: say that it has stalled, with the reason. Only a draft is."
            )
        cluster_id, version = target.cluster_id, target.version
        for criterion in open_.criteria:
            for tick in self._rows(CriterionSchool, CriterionSchool.criterion_id == criterion.id):
                self._writes.remove(tick)
        for of_it in (
            *self._rows(Evidence, Evidence.target_id == target.id),
            *self._rows(TargetAim, TargetAim.target_id == target.id),
        ):
            self._writes.remove(of_it)
        for later in self._rows(Target, Target.came_from_id == target.id):
            self._writes.edit(later, came_from_id=None)
        try:
            self._session.flush()
            for criterion in open_.criteria:
                self._writes.remove(criterion)
            self._session.flush()
            self._writes.remove(target)
            self._session.flush()
        except IntegrityError as error:
            raise TargetRefused("Something rests on this draft, such as money; take that away first.") from error
        audit.record(
            self._session, self._actor, "remove draft", "target", target_id, cluster_id=cluster_id,
            before={"version": version},
        )  # fmt: skip

    # How

    def _open(self, target_id: int, version: int | None) -> "_Open":
        found = self._session.execute(
            sa.select(Target.cluster_id).where(
                Target.id == target_id, Target.cluster_id.in_(visible_clusters(self._scope))
            )
        ).one_or_none()
        if found is None:
            raise NoSuchTarget
        cluster, book = self._book(found.cluster_id)
        target = self._session.get(Target, target_id)
        if target is None:  # removed while we waited
            raise NoSuchTarget
        if version is not None and target.version != version:
            raise ChangedMeanwhile
        criteria = self._rows(Criterion, Criterion.target_id == target_id)
        return _Open(cluster, book, target, sorted(criteria, key=lambda row: row.position), target.version)

    def _book(self, cluster_id: int) -> tuple[Cluster, PlanBook]:
        """The plans of a cluster, held until the transaction ends: two people write one after the other."""
        cluster = self._session.scalar(
            sa.select(Cluster)
            .where(Cluster.id == cluster_id, Cluster.id.in_(visible_clusters(self._scope)))
            .with_for_update()
        )
        if cluster is None:
            raise NoSuchTarget
        return cluster, PlanBook(self._writes, cluster, self._actor, self._today, keeps_by_hand=False)

    def _rows(self, table: type[Any], condition: sa.ColumnElement[bool]) -> list[Any]:
        return list(self._session.scalars(sa.select(table).where(condition)))

    def _put(self, open_: "_Open", cells: Mapping[PlanCell, CellLines], title: str | None = None) -> None:
        target = open_.target
        text = TargetText(target.code, title or target.title, cells)
        open_.book.put_target(AcademicYear(target.year), text, draft=target.draft)

    def _say(self, open_: "_Open", row: Criterion, known: CriterionState | int | None) -> bool:
        """What is known of a criterion from a form that shows it by its state or by its count."""
        if isinstance(known, CriterionState):
            if row.per_school:
                raise TargetRefused("Every school has to meet this criterion; tick the schools.", f"state_{row.id}")
            return known is not row.state and open_.book.say_criterion(
                open_.target, row, CriterionLine(row.text, known)
            )
        if known is None or known == row.number_reached:
            return False
        if row.number_wanted is None:
            raise NoSuchTarget
        if not 0 <= known <= MOST_COUNTED:
            raise TargetRefused(f"Give a number from 0 to {MOST_COUNTED:,}.", f"reached_{row.id}")
        line = CriterionLine(row.text, wanted=row.number_wanted, reached=known)
        return open_.book.say_criterion(open_.target, row, line)

    def _new_evidence(self, open_: "_Open", said: UpdateSaid) -> CellLine:
        """The line of the evaluation cell that tells of a new piece of evidence, with its bracket."""
        written = CellLine(True, _line(said.evidence, "evidence"))
        _, (piece,) = split_evidence((written,))
        self._check_day(said.dated)
        self._refuse_twice(open_, piece.text, "evidence")
        about = self._about(open_, said.about)
        numbers = [row.id for row in open_.criteria]
        told = replace(
            piece,
            dated=said.dated or piece.dated,
            criterion=numbers.index(about) + 1 if about is not None else piece.criterion,
            file_name=None,
        )
        (line,) = join_evidence((CellLine(True, piece.text),), (told,))
        return line

    def _about(self, open_: "_Open", criterion_id: int | None) -> int | None:
        if criterion_id is not None and criterion_id not in {row.id for row in open_.criteria}:
            raise TargetRefused("Choose one of the criteria of this target.", "about")
        return criterion_id

    def _refuse_twice(self, open_: "_Open", text: str, field: str) -> None:
        same = sa.exists().where(Evidence.target_id == open_.target.id, Evidence.text == text)
        if self._session.scalar(sa.select(same)):
            raise TargetRefused(
                "The very same words stand there as evidence already. Change that piece, or say what is new.", field
            )

    def _refuse_to_lose_a_file(self, open_: "_Open", cell: CellLines) -> None:
        """A line that is written anew is a new piece of evidence: the file of the one that stood there would go."""
        there = {line.text for line in split_evidence(cell)[0]}
        with_file = sa.select(Evidence.text).join(EvidenceFile).where(Evidence.target_id == open_.target.id)
        lost = next((text for text in self._session.scalars(with_file) if text not in there), None)
        if lost is not None:
            raise TargetRefused(
                f"“{lost[:80]}” has a file, which would go with this line. Change its words, or take it out, on the "
                "page of that piece of evidence.",
                "cell_evaluation",
            )

    def _check_day(self, dated: date | None) -> None:
        if dated is None:
            return
        if dated > self._today:
            raise TargetRefused(f"{day(dated)} is still to come; give the day on which it was seen.", "dated")
        if dated < _EARLIEST:
            raise TargetRefused(f"{day(dated)} is long past; give the day on which it was seen.", "dated")

    def _evidence(self, open_: "_Open", evidence_id: int) -> Evidence:
        row = self._session.get(Evidence, evidence_id)
        if row is None or row.target_id != open_.target.id:
            raise NoSuchTarget
        return row

    def _file(self, row: Evidence) -> EvidenceFile | None:
        return self._session.scalar(sa.select(EvidenceFile).where(EvidenceFile.evidence_id == row.id))

    def _put_status(self, open_: "_Open", status: TargetStatus | None, reason: str | None, action: str) -> bool:
        target = open_.target
        before = target.own_status
        if self._writes.edit(target, own_status=status, own_status_reason=reason) is Outcome.UNCHANGED:
            return False
        open_.book.note(target, PlanChangeKind.STATUS, about=reason, before=before, after=status)
        return self._finish(open_, action, {"own_status": status}, {"own_status": before})

    def _members(self, target: Target) -> set[int]:
        year = sa.literal(target.year)
        member = was_member(Membership, sa.literal(target.cluster_id), year)
        return set(self._session.scalars(sa.select(Membership.school_id).where(member)))

    def _ticks(self, row: Criterion) -> dict[int, CriterionState]:
        """What is known of schools; what nobody knows is left out."""
        ticks = self._rows(CriterionSchool, CriterionSchool.criterion_id == row.id)
        return {tick.school_id: tick.state for tick in ticks if tick.state is not CriterionState.NO_EVIDENCE}

    def _put_ticks(self, open_: "_Open", row: Criterion, said: CriterionSaid) -> dict[int, CriterionState]:
        if said.ticks.keys() - self._members(open_.target):
            raise NoSuchTarget
        there = {tick.school_id: tick for tick in self._rows(CriterionSchool, CriterionSchool.criterion_id == row.id)}
        for school_id, state in said.ticks.items():
            if school_id in there:
                self._writes.edit(there[school_id], state=state)
            elif state is not CriterionState.NO_EVIDENCE:
                self._writes.add(CriterionSchool(criterion_id=row.id, school_id=school_id, state=state))
        self._session.flush()
        return self._ticks(row)

    def _state(self, open_: "_Open", said: CriterionSaid, ticks: Mapping[int, CriterionState]) -> CriterionState:
        """The state of a criterion: that of the schools, a person's, or the one that follows from what is counted."""
        if said.per_school:
            of_members = [ticks.get(each, CriterionState.NO_EVIDENCE) for each in self._members(open_.target)]
            if of_members and all(state is CriterionState.MET for state in of_members):
                return CriterionState.MET
            return CriterionState.NOT_MET if CriterionState.NOT_MET in of_members else CriterionState.NO_EVIDENCE
        return said.state or state_of_count(said.wanted, said.reached) or CriterionState.NO_EVIDENCE

    def _finish(
        self, open_: "_Open", action: str, told: Mapping[str, Any], before: Mapping[str, Any] | None = None
    ) -> bool:
        """Count the version up, once for each command, and write down what was done, without any words."""
        if open_.target.version != open_.version + 1:
            self._writes.edit(open_.target, version=open_.version + 1)
        self._tell(
            action, open_.target, {"version": open_.version, **(before or {})},
            {"version": open_.target.version, **told},
        )  # fmt: skip
        return True

    def _tell(self, action: str, target: Target, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        audit.record(
            self._session, self._actor, action, "target", target.id, cluster_id=target.cluster_id, before=before,
            after=after,
        )  # fmt: skip


@dataclass(frozen=True)
class _Open:
    """A target that is being written, with the book of its cluster and its criteria in their order."""

    cluster: Cluster
    book: PlanBook
    target: Target
    criteria: Sequence[Criterion]
    version: int
    """The one that stood there before."""

    def cell(self, cell: PlanCell) -> CellLines:
        return getattr(self.target, f"cell_{cell}") or ()


def _line(text: str, field: str) -> str:
    """One line of a cell from what somebody typed, who may have begun it as a bullet."""
    lines = read_lines(" ".join(text.split()))
    if not lines:
        raise TargetRefused("Say it in a few words.", field)
    line = lines[0].text
    if len(line) > LONGEST_LINE:
        raise TargetRefused(f"Use at most {LONGEST_LINE:,} letters.", field)
    return line


def _cell(lines: CellLines, cell: PlanCell) -> CellLines:
    if sum(len(line.text) for line in lines) > LONGEST_CELL:
        raise TargetRefused(f"Use at most {LONGEST_CELL:,} letters in one cell.", f"cell_{cell}")
    return tuple(lines)


def _checked(said: WordsSaid) -> dict[str, Any]:
    """What is said beside the cells, by column."""
    title = " ".join(said.title.split())
    if not title:
        raise TargetRefused("Give the target a title.", "title")
    if len(title) > LONGEST_TITLE:
        raise TargetRefused(f"Use at most {LONGEST_TITLE} letters.", "title")
    owner = " ".join((said.owner or "").split()) or None
    if owner is not None and len(owner) > LONGEST_OWNER:
        raise TargetRefused(f"Use at most {LONGEST_OWNER} letters.", "owner")
    for name, when in (("due", said.due), ("review_on", said.review_on)):
        if when is not None and not _EARLIEST <= when <= _LATEST:
            raise TargetRefused(f"{day(when)} cannot be right; give another day, or leave it empty.", name)
    return {
        "title": title, "due": said.due, "review_on": said.review_on, "owner": owner, "activity": said.activity,
        "horizon": said.horizon, "focus_area": said.focus_area,
    }  # fmt: skip


def _check_counts(said: CriterionSaid) -> None:
    if said.reached is not None and said.wanted is None:
        raise TargetRefused("Say how many are wanted, or leave the number reached empty.", "wanted")
    for name, number in (("wanted", said.wanted), ("reached", said.reached)):
        if number is not None and not (name == "wanted") <= number <= MOST_COUNTED:
            raise TargetRefused(f"Give a number from {int(name == 'wanted')} to {MOST_COUNTED:,}.", name)


def _with_schools(known: dict[str, Any], row: Criterion, ticks: Mapping[int, CriterionState]) -> dict[str, Any]:
    met = sum(state is CriterionState.MET for state in ticks.values())
    return known | {"schools": met} if row.per_school else known


def _known_evidence(row: Evidence, open_: _Open) -> dict[str, Any]:
    """What is known of a piece of evidence besides its words."""
    numbers = [each.id for each in open_.criteria]
    number = numbers.index(row.criterion_id) + 1 if row.criterion_id in numbers else None
    figure = say_figure(row.value, row.unit)
    return {
        "dated": row.dated.isoformat() if row.dated else None,
        **({"criterion": f"criterion {number}"} if number else {}),
        **({"figure": figure} if figure else {}),
        **({"link": row.link} if row.link else {}),
    }


def _kind(link: str | None, value: Decimal | None, *, has_file: bool) -> EvidenceKind:
    """What sort of evidence it is: the strongest that it has."""
    return EvidenceLine("", link=link, value=value, file_name="file" if has_file else None).kind
