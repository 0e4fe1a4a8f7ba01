"""Writes of self-evaluations and of notes on working together: by a form, with an event each, and by a file.

What people write may be about persons: events hold years, kinds and numbers, never a text.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, looking_up, may_see, was_member
from dashboard.audit import Actor
from dashboard.changes import Changes, Outcome
from dashboard.directory.lifecycle import ByHand
from dashboard.directory.queries import find_whole_cluster
from dashboard.evaluation.checks import (
    AreaSaid,
    ChangedMeanwhile,
    EvaluationRefused,
    NoteSaid,
    NotThere,
    check_areas,
    check_note,
    check_year,
    folded,
    seen_as,
    sign_of_note,
)
from dashboard.models import Cluster, CollaborationNote, Membership, Project, School, SelfEvaluation
from dashboard.vocabulary import NoteKind, SelfAnswer

_LONGEST_AS: Final = 60
_TOLD: Final = ("kind", "year", "project_id")


class EvaluationBook:
    """The answers of the schools of a scope in one cluster, for one actor on one day, within one transaction."""

    def __init__(self, session: Session, actor: Actor, scope: Scope, today: date) -> None:
        self._session, self._actor, self._scope, self._today = session, actor, scope, today
        self._writes = ByHand(session)

    def answer(self, cluster: str, school: str, year: AcademicYear, said: Sequence[AreaSaid], seen: str) -> Outcome:
        """Write down what a school says of itself in a year. An area without an answer is taken out, one that is not
        named stays.

        `seen` is the sign of the answers that the form showed; raises ChangedMeanwhile where others stand by now.
        """
        with looking_up(self._session, self._scope):
            cluster_id, school_id = self._place(cluster, school, year)
            spelt = _spellings(self._session, cluster_id)
        check_year(year, AcademicYear.of(self._today))
        check_areas(said)
        there = {
            folded(row.area): row
            for row in self._session.scalars(
                sa.select(SelfEvaluation)
                .where(
                    SelfEvaluation.cluster_id == cluster_id, SelfEvaluation.year == year.start,
                    SelfEvaluation.school_id == school_id,
                )
                .with_for_update()
            )
        }  # fmt: skip
        if seen_as((row.area, row.answer, row.note) for row in there.values()) != seen:
            raise ChangedMeanwhile(
                "Somebody stored other answers of this school meanwhile. Nothing of yours is lost: look, and store it."
            )
        counts = dict.fromkeys(("added", "changed", "removed"), 0)
        for each in said:
            done = self._set(cluster_id, school_id, year, there.get(folded(each.area)), each, spelt)
            if done:
                counts[done] += 1
        if not any(counts.values()):
            return Outcome.UNCHANGED
        told = {"school_id": school_id, "year": year.start, **counts}
        audit.record(
            self._session, self._actor, "answer", "self-evaluation", school_id, cluster_id=cluster_id, after=told
        )
        return Outcome.CHANGED

    def _set(
        self, cluster_id: int, school_id: int, year: AcademicYear, row: SelfEvaluation | None, said: AreaSaid,
        spelt: dict[str, str],
    ) -> str | None:  # fmt: skip
        """Write one answer; says what became of it."""
        if not said.area or (row is None and said.answer is None):
            return None
        if said.answer is None:
            if row is not None:
                self._session.delete(row)
            return "removed"
        if row is not None:
            if (row.answer, row.note) == (said.answer, said.note):
                return None
            self._writes.edit(row, answer=said.answer, note=said.note, **self._said_by())
            return "changed"
        area = spelt.setdefault(folded(said.area), said.area)
        made = SelfEvaluation(cluster_id=cluster_id, school_id=school_id, year=year.start, area=area, note=said.note)
        made.answer = said.answer
        made.said_on, made.said_as = self._said_by().values()
        self._session.add(made)
        return "added"

    def _said_by(self) -> dict[str, Any]:
        return {"said_on": self._today, "said_as": self._actor.known_as[:_LONGEST_AS]}

    def _place(self, cluster: str, school: str, year: AcademicYear) -> tuple[int, int]:
        """A member of that year whose answers are the actor's to give."""
        member = sa.exists().where(
            Membership.school_id == School.id, was_member(Membership, Cluster.id, sa.literal(year.start))
        )
        found = self._session.execute(
            sa.select(Cluster.id, School.id)
            .join(School, sa.true())
            .where(
                Cluster.slug == cluster, School.slug == school, member, may_see(self._scope, Cluster.id, School.id)
            )
        ).one_or_none()  # fmt: skip
        if found is None:
            raise NotThere
        return found[0], found[1]


class NoteBook:
    """The notes of one cluster that a scope sees whole, for one actor on one day, within one transaction."""

    def __init__(self, session: Session, actor: Actor, scope: Scope, cluster: str, today: date) -> None:
        self._session, self._actor, self._today = session, actor, today
        self._writes = ByHand(session)
        found = find_whole_cluster(session, scope, cluster)
        if found is None:
            raise NotThere
        self._cluster_id = found.id

    def add(self, year: AcademicYear, said: NoteSaid) -> int:
        """Write a note down; gives its number."""
        columns = self._checked(year, said)
        row = CollaborationNote(cluster_id=self._cluster_id, **columns)
        row.said_on, row.said_as = self._today, self._actor.known_as[:_LONGEST_AS]
        self._session.add(row)
        self._session.flush()
        self._tell("add", row, None)
        return row.id

    def change(self, note_id: int, year: AcademicYear, said: NoteSaid, seen: str) -> Outcome:
        """Say a note anew. Raises ChangedMeanwhile where another one stands by now than the form showed (`seen`)."""
        row = self._find(note_id)
        if sign_of_note(row) != seen:
            raise ChangedMeanwhile(
                "Somebody changed this note meanwhile. Nothing of yours is lost: look, and store it."
            )
        before = _quote(row)
        outcome = self._writes.edit(row, **self._checked(year, said))
        if outcome is not Outcome.UNCHANGED:
            self._tell("change", row, before)
        return outcome

    def remove(self, note_id: int) -> None:
        """Take a note out."""
        row = self._find(note_id)
        before = _quote(row)
        self._session.execute(sa.delete(CollaborationNote).where(CollaborationNote.id == row.id))
        audit.record(
            self._session, self._actor, "remove", "collaboration note", note_id, cluster_id=self._cluster_id,
            before=before,
        )  # fmt: skip

    def _checked(self, year: AcademicYear, said: NoteSaid) -> dict[str, Any]:
        check_year(year, AcademicYear.of(self._today))
        check_note(said)
        if said.project_id is not None:
            mine = sa.select(Project.id).where(Project.id == said.project_id, Project.cluster_id == self._cluster_id)
            if self._session.scalar(mine) is None:
                raise EvaluationRefused("There is no such project of this cluster; choose another.", "project")
        tags = _spellings_of_tags(self._session, self._cluster_id)
        return {
            "year": year.start, "kind": said.kind, "tag": tags.get(folded(said.tag), said.tag), "words": said.words,
            "project_id": said.project_id,
        }  # fmt: skip

    def _find(self, note_id: int) -> CollaborationNote:
        row = self._session.scalar(
            sa.select(CollaborationNote)
            .where(CollaborationNote.id == note_id, CollaborationNote.cluster_id == self._cluster_id)
            .with_for_update()
        )
        if row is None:
            raise NotThere
        return row

    def _tell(self, action: str, row: CollaborationNote, before: dict[str, Any] | None) -> None:
        self._session.flush()
        audit.record(
            self._session, self._actor, action, "collaboration note", row.id, cluster_id=self._cluster_id,
            before=before, after=_quote(row),
        )  # fmt: skip


def _quote(row: CollaborationNote) -> dict[str, Any]:
    return audit.quote(row, {name: getattr(row, name) for name in _TOLD})


def _spellings(session: Session, cluster_id: int) -> dict[str, str]:
    """How the areas of a cluster are spelt: “writing” and “Writing” are one."""
    areas = session.scalars(
        sa.select(SelfEvaluation.area).where(SelfEvaluation.cluster_id == cluster_id).order_by(SelfEvaluation.id.desc())
    )
    return {folded(area): area for area in areas}


def _spellings_of_tags(session: Session, cluster_id: int) -> dict[str, str]:
    tags = session.scalars(
        sa.select(CollaborationNote.tag)
        .where(CollaborationNote.cluster_id == cluster_id)
        .order_by(CollaborationNote.id.desc())
    )
    return {folded(tag): tag for tag in tags}


class AnswerList:
    """The answers of the clusters that a file is about, loaded once for each. What a file leaves empty stays."""

    def __init__(self, changes: Changes, today: date) -> None:
        self._changes, self._today = changes, today
        self._spelt: dict[int, dict[str, str]] = {}
        self._rows: dict[int, dict[tuple[int, int, str], SelfEvaluation]] = {}

    def note(
        self, cluster_id: int, school_id: int, year: AcademicYear, area: str, answer: SelfAnswer, note: str | None
    ) -> Outcome:
        """The answer of a school on an area, made or changed; a note that is None says nothing."""
        if cluster_id not in self._rows:
            self._load(cluster_id)
        spelt = self._spelt[cluster_id].setdefault(folded(area), area)
        key = (school_id, year.start, folded(area))
        found = self._rows[cluster_id].get(key)
        if found is not None:
            told: dict[str, Any] = {"answer": answer, **({"note": note} if note is not None else {})}
            if all(getattr(found, name) == value for name, value in told.items()):
                return Outcome.UNCHANGED
            return self._changes.edit(found, **told, said_on=self._today, said_as=self._said_as())
        row = SelfEvaluation(
            cluster_id=cluster_id, school_id=school_id, year=year.start, area=spelt, answer=answer, note=note,
            said_on=self._today, said_as=self._said_as(),
        )  # fmt: skip
        self._changes.add(row)
        self._rows[cluster_id][key] = row
        return Outcome.ADDED

    def _load(self, cluster_id: int) -> None:
        session = self._changes.session
        self._spelt[cluster_id] = _spellings(session, cluster_id)
        self._rows[cluster_id] = {
            (row.school_id, row.year, folded(row.area)): row
            for row in session.scalars(sa.select(SelfEvaluation).where(SelfEvaluation.cluster_id == cluster_id))
        }

    def _said_as(self) -> str:
        return self._changes.actor.known_as[:_LONGEST_AS]


class NoteList:
    """The notes of the clusters that a file is about, loaded once for each."""

    def __init__(self, changes: Changes, today: date) -> None:
        self._changes, self._today = changes, today
        self._tags: dict[int, dict[str, str]] = {}
        self._rows: dict[int, dict[tuple[int, NoteKind, str], CollaborationNote]] = {}
        self._projects: dict[int, dict[str, int]] = {}

    def project(self, cluster_id: int, name: str) -> int:
        """The project of a name. Raises EvaluationRefused where there is none."""
        if cluster_id not in self._projects:
            rows = self._changes.session.execute(
                sa.select(Project.name, Project.id).where(Project.cluster_id == cluster_id)
            )
            self._projects[cluster_id] = {folded(known): number for known, number in rows}
        found = self._projects[cluster_id].get(folded(name))
        if found is None:
            raise EvaluationRefused(
                f"“{name}” is no project of this cluster; bring in its working groups first", "project"
            )
        return found

    def note(self, cluster_id: int, year: AcademicYear, said: NoteSaid) -> Outcome:
        """The note of a year, kind and words, made or given another tag or project."""
        if cluster_id not in self._rows:
            session = self._changes.session
            self._tags[cluster_id] = _spellings_of_tags(session, cluster_id)
            self._rows[cluster_id] = {
                (row.year, row.kind, row.words): row
                for row in session.scalars(
                    sa.select(CollaborationNote).where(CollaborationNote.cluster_id == cluster_id)
                )
            }
        tag = self._tags[cluster_id].setdefault(folded(said.tag), said.tag)
        key = (year.start, said.kind, said.words)
        found = self._rows[cluster_id].get(key)
        if found is not None:
            told = {"tag": tag, **({"project_id": said.project_id} if said.project_id is not None else {})}
            return self._changes.edit(found, **told)
        row = CollaborationNote(
            cluster_id=cluster_id, year=year.start, kind=said.kind, tag=tag, words=said.words,
            project_id=said.project_id, said_on=self._today, said_as=self._changes.actor.known_as[:_LONGEST_AS],
        )  # fmt: skip
        self._changes.add(row)
        self._rows[cluster_id][key] = row
        return Outcome.ADDED
