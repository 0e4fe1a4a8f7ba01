"""From one year's next steps to the next year's targets (2.11): drafts, which a person makes, changes and lets go.

Nothing is made by itself. Events hold codes' numbers and years, never a text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, visible_clusters
from dashboard.audit import Actor
from dashboard.directory.lifecycle import ByHand
from dashboard.models import (
    Cluster,
    Criterion,
    CriterionSchool,
    Evidence,
    EvidenceFile,
    PlanChange,
    PlanReview,
    Target,
    TargetAim,
    TargetMeeting,
)
from dashboard.models.plans import CellLine
from dashboard.naming import slug as same
from dashboard.plans.cell_text import CellLines, clean_line, find_code
from dashboard.plans.commands.book import PlanBook, TargetText
from dashboard.plans.next_codes import LONGEST_CODE, code_of_words, next_code
from dashboard.vocabulary import PlanCell

LONGEST_TITLE: Final = 500
LONGEST_OWNER: Final = 200
MOST_LINES: Final = 40


class DraftRefused(Exception):
    """A draft cannot be stored. The text says what is wrong and what to do; `field` is where."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NoSuchDraft(Exception):
    """The draft, target or cluster is not there, or not the writer's to change."""


@dataclass(frozen=True)
class Chosen:
    """Next steps of one target, by the numbers of their lines from 0; all in one draft, or each in its own."""

    target_id: int
    lines: tuple[int, ...]
    together: bool = False


@dataclass(frozen=True)
class DraftText:
    """What is said of a draft: its code, what it is called, the other lines of its Target cell, who leads it."""

    code: str
    title: str
    lines: CellLines = ()
    owner: str | None = None


class NextYear:
    """The drafts of one cluster's next plan, for one actor on one day, within one transaction.

    `year` is the year whose next steps are looked at; the drafts are of the year after.
    """

    def __init__(
        self, session: Session, actor: Actor, scope: Scope, today: date, cluster: str, year: AcademicYear
    ) -> None:
        self._session, self._actor, self._year, self._next = session, actor, year, AcademicYear(year.start + 1)
        # Locked: whoever comes second sees the codes that the first one took.
        found = sa.select(Cluster).where(Cluster.slug == cluster, Cluster.id.in_(visible_clusters(scope)))
        row = session.scalar(found.with_for_update())
        if row is None:
            raise NoSuchDraft
        self._cluster = row
        self._writes = ByHand(session)
        self._book = PlanBook(self._writes, row, actor, today)
        mine = sa.select(Target).where(Target.cluster_id == row.id)
        self._targets = {each.id: each for each in session.scalars(mine)}
        self._taken = {each.code for each in self._targets.values() if each.year == self._next.start}

    def draft(self, chosen: Sequence[Chosen]) -> list[int]:
        """Make drafts of next steps, which keep aims and owner of their target; gives the numbers of the drafts.

        A step that a draft or a target came from already makes no second one.
        """
        made = []
        for each in chosen:
            target = self._targets.get(each.target_id)
            if target is None or target.draft or target.year != self._year.start:
                raise NoSuchDraft
            cell, used = target.cell_next_steps or (), self._used(target)
            if any(not 0 <= number < len(cell) for number in each.lines):
                raise DraftRefused("The next steps were changed meanwhile. Look at them again, then choose.")
            steps = [cell[number] for number in dict.fromkeys(each.lines) if same(cell[number].text) not in used]
            groups = [steps] if each.together else [[step] for step in steps]
            made += [self._from_steps(target, tuple(group)) for group in groups if group]
        if not made:
            raise DraftRefused("Tick at least one next step that nothing came of yet.")
        self._tell("draft", made)
        return made

    def write(self, name: str, written: str, *, together: bool) -> list[int]:
        """Make drafts of work that no target's next steps name, one item on a line, such as the work items of a project
        (1.22); gives their numbers. `name` gives the codes their first word.
        """
        lines = _items(written)
        if not lines:
            raise DraftRefused("Write at least one item.", "items")
        if len(lines) > MOST_LINES:
            raise DraftRefused(f"These are {len(lines)} items; at most {MOST_LINES} can be added at once.", "items")
        too_long = next((line for line in lines if len(line) > LONGEST_TITLE), None)
        if too_long is not None:
            raise DraftRefused(f"“{too_long[:40]}…” has more than {LONGEST_TITLE} letters; shorten it.", "items")
        clean = clean_line(" ".join(name.split()))[:LONGEST_TITLE]
        made = []
        if together:
            title = clean or lines[0]
            rest = lines if clean else lines[1:]
            made.append(self._put(self._code(title), title, tuple(CellLine(True, line) for line in rest)))
        else:
            made = [self._put(self._code(clean or line), line, ()) for line in lines]
        self._tell("draft", made)
        return made

    def change(self, target_id: int, said: DraftText, version: int) -> None:
        """Say a draft anew. `version` is the one that was shown: nobody writes over what they did not see."""
        target = self._draft(target_id)
        if target.version != version:
            raise DraftRefused("Somebody changed this draft meanwhile. It stands here as it is now; change it again.")
        code, title = said.code.strip(), clean_line(" ".join(said.title.split()))
        owner = clean_line(" ".join((said.owner or "").split())) or None
        self._check_code(target, code)
        if not title:
            raise DraftRefused("Say what the target is.", "title")
        if len(title) > LONGEST_TITLE:
            raise DraftRefused(f"This has {len(title)} letters; at most {LONGEST_TITLE} fit. Shorten it.", "title")
        if owner and len(owner) > LONGEST_OWNER:
            raise DraftRefused(f"This has {len(owner)} letters; at most {LONGEST_OWNER} fit. Shorten it.", "owner")
        self._book.edit(
            target, code=code, title=title, owner=owner, cell_target=_cell(code, title, said.lines),
            version=target.version + 1,
        )  # fmt: skip
        self._tell("change", [target_id])

    def begin(self, target_ids: Sequence[int]) -> int:
        """Make drafts targets of the next year's plan: from now on they count. How many there are."""
        drafts = [self._draft(each) for each in dict.fromkeys(target_ids)]
        if not drafts:
            raise DraftRefused("There is no draft to make a target of.")
        for each in drafts:
            self._book.put_target(self._next, TargetText(each.code, each.title), draft=False)
        self._tell("begin", [each.id for each in drafts])
        return len(drafts)

    def remove(self, target_id: int) -> None:
        """Let go of a draft; its next steps are open again."""
        draft, session = self._draft(target_id), self._session
        session.execute(sa.update(Target).where(Target.came_from_id == draft.id).values(came_from_id=None))
        criteria = sa.select(Criterion.id).where(Criterion.target_id == draft.id)
        pieces = sa.select(Evidence.id).where(Evidence.target_id == draft.id)
        session.execute(sa.delete(CriterionSchool).where(CriterionSchool.criterion_id.in_(criteria)))
        session.execute(sa.delete(EvidenceFile).where(EvidenceFile.evidence_id.in_(pieces)))
        for table in (Evidence, Criterion, TargetAim, TargetMeeting, PlanChange, PlanReview):
            session.execute(sa.delete(table).where(table.target_id == draft.id))
        session.delete(draft)
        self._tell("remove", [target_id])

    def _from_steps(self, target: Target, steps: tuple[CellLine, ...]) -> int:
        title = steps[0].text[:LONGEST_TITLE]
        rest = steps if title != steps[0].text else steps[1:]  # a step of many words stands whole below its beginning
        aims, code = target.cell_aims or (), next_code(target.code, self._next, self._taken)
        number = self._put(code, title, rest, aims=aims, owner=target.owner)
        self._book.edit(self._targets[number], came_from_id=target.id, from_steps=steps)
        return number

    def _put(self, code: str, title: str, lines: CellLines, *, aims: CellLines = (), owner: str | None = None) -> int:
        cells = {PlanCell.TARGET: _cell(code, title, lines)} | ({PlanCell.AIMS: aims} if aims else {})
        made, _ = self._book.put_target(self._next, TargetText(code, title, cells, owner=owner), draft=True)
        self._taken.add(code)
        self._targets[made.id] = made
        return made.id

    def _code(self, words: str) -> str:
        return code_of_words(words, self._next, self._taken)

    def _used(self, target: Target) -> set[str]:
        """The next steps of a target that something came of."""
        came = [each for each in self._targets.values() if each.came_from_id == target.id]
        return {same(line.text) for each in came for line in each.from_steps or ()}

    def _draft(self, target_id: int) -> Target:
        found = self._targets.get(target_id)
        if found is None or not found.draft or found.year != self._next.start:
            raise NoSuchDraft
        return found

    def _check_code(self, target: Target, code: str) -> None:
        if code == target.code:
            return
        if len(code) > LONGEST_CODE or find_code((CellLine(bullet=False, text=code),)) is None:
            raise DraftRefused("Write a code such as READING-SEPT20: capitals, figures and hyphens.", "code")
        if code in self._taken:
            raise DraftRefused(f"{code} already stands in the plan of {self._next}; choose another code.", "code")

    def _tell(self, action: str, numbers: Sequence[int]) -> None:
        self._session.flush()
        after: dict[str, Any] = {"year": self._next.start, "drafts": list(numbers)}
        key = numbers[0] if len(numbers) == 1 else None
        audit.record(
            self._session, self._actor, action, "target", key, cluster_id=self._cluster.id, after=after
        )  # fmt: skip


def _cell(code: str, title: str, lines: CellLines) -> CellLines:
    """The Target cell: the code, what the target is called, and what else is said of it."""
    return (CellLine(True, code), CellLine(False, title), *(line for line in lines if line.text))


def _items(written: str) -> list[str]:
    """The lines of a box, without the bullets that somebody wrote before them; the same words once."""
    lines = (" ".join(clean_line(line).lstrip("-–•*· ").split()) for line in written.splitlines())
    return list(dict.fromkeys(line for line in lines if line))
