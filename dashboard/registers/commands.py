"""Taking a register: every tap is written at once, and none over what somebody else has written meanwhile.

Whoever writes says what they believe to stand there. Where it does, their word is written; where their word stands
already, all is well: an answer was lost and they sent it again. Where anything else stands, nothing is written and they
are told.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.access import Scope, visible_clusters
from dashboard.audit import Actor
from dashboard.changes import Outcome
from dashboard.directory.commands import bring_person
from dashboard.directory.expected import is_expected, stands_for_its_school
from dashboard.marks import roll_up
from dashboard.models import Appointment, Meeting, Membership, OpenRegister, Person, PersonMark, School, SchoolMark
from dashboard.naming import slug
from dashboard.vocabulary import ATTENDED_MARKS, Mark, PersonRole
from dashboard.wording import day

LONGEST_NOTE: Final = 500
LONGEST_NAME: Final = 200
FORGOTTEN_AFTER: Final = timedelta(seconds=30)
"""A page that was not heard of for so long is closed."""
PURPOSE: Final = "register of meetings"
SETTABLE: Final = frozenset(Mark) - {Mark.NOT_RECORDED}
OF_A_PERSON: Final = frozenset({Mark.PRESENT, Mark.SUBSTITUTE, Mark.ABSENT})
DETAILS: Final = ("starts_at", "ends_at", "in_school_time", "headcount", "note")


class NoSuchRegister(Exception):
    """There is no such meeting, school or person, or it is not the reader's."""


class NotTaken(Exception):
    """A register cannot be taken so; the text says why and what to do."""


class StandsOtherwise(Exception):
    """Somebody else has written something else meanwhile. Nothing was written."""


def follow(standing: Mark | None, ticks: Iterable[Mark | None]) -> Mark | None:
    """The mark of a school after a tick of one of its people, None for nobody's word.

    `ticks` are the marks of all its people of that day, None for each of whom nothing was said. They roll up, and no
    tick says less than stands there already: that the usual person did not come takes back no substitute and no
    apologies, and says nothing of the school while a colleague may still have come.
    """
    said = list(ticks)
    rolled = roll_up(each for each in said if each is not None)
    if rolled in ATTENDED_MARKS:
        return rolled
    if None in said or not said or standing in {Mark.SUBSTITUTE, Mark.APOLOGIES}:
        return standing
    return rolled


class Taking:
    """The register of one meeting, for one actor within one transaction. Nobody else writes in it until that ends."""

    def __init__(self, session: Session, actor: Actor, scope: Scope, meeting_id: int, today: date) -> None:
        """Raises NoSuchRegister; NotTaken before the day of the meeting."""
        self._session, self._actor = session, actor
        meeting = session.scalar(
            sa.select(Meeting)
            .where(Meeting.id == meeting_id, Meeting.cluster_id.in_(visible_clusters(scope)))
            .with_for_update()
        )
        if meeting is None:
            raise NoSuchRegister
        if meeting.held_on > today:
            raise NotTaken(f"This register opens on {day(meeting.held_on)}, the day of the meeting.")
        self._meeting = meeting
        self._own: set[int] = set()
        """Schools whose mark was written within this transaction: it is this actor's own word that stands there."""

    def mark_school(self, school_id: int, mark: Mark | None, was: Mark | None) -> Outcome:
        """Set the mark of a school, or take it out (None), where `was` stands. Raises StandsOtherwise."""
        self._check_expected(school_id)
        row = self._school_mark(school_id)
        stands = _said(row)
        if stands == mark:
            return Outcome.UNCHANGED
        if stands != was:
            raise StandsOtherwise
        self._write_school(row, school_id, mark)
        self._tell(f"school {school_id}", {"mark": stands}, {"mark": mark})
        return Outcome.CHANGED

    def mark_person(
        self, school_id: int, person_id: int, mark: Mark | None, was: Mark | None, school_was: Mark | None
    ) -> Outcome:
        """Say of a person whether they came, or take it back (None); the school's mark follows (`follow`).

        `was` and `school_was` are what stands there for the person and the school. Raises StandsOtherwise.
        """
        self._check_expected(school_id)
        marks = self._person_marks(school_id)
        row = marks.get(person_id)
        if row is None and person_id not in self._expected_people(school_id):
            raise NoSuchRegister
        stands = _said(row)
        if stands == mark:
            return Outcome.UNCHANGED
        if stands != was:
            raise StandsOtherwise
        self._write_person(row, school_id, person_id, mark)
        rolled = self._roll_up(school_id, school_was)
        self._tell_person(school_id, person_id, {"person": stands}, {"person": mark}, rolled)
        return Outcome.CHANGED

    def add_colleague(self, school_id: int, name: str, *, substitute: bool, school_was: Mark | None) -> Outcome:
        """Write down somebody who came and was not asked for: for this time as a substitute (3.13), or as one of the
        school's people from the day of the meeting on (0.10). Raises NotTaken, StandsOtherwise.

        Somebody of that name at that school is the same person.
        """
        self._check_expected(school_id)
        called = " ".join(name.split())
        if not called or len(called) > LONGEST_NAME:
            raise NotTaken(f"Enter the colleague’s name, in at most {LONGEST_NAME} letters.")
        mark = Mark.SUBSTITUTE if substitute else Mark.PRESENT
        marks, usual = self._person_marks(school_id), self._expected_people(school_id)
        person_id = self._find_person(called, {*marks, *usual})
        row = marks.get(person_id) if person_id is not None else None
        if _said(row) == mark:
            return Outcome.UNCHANGED
        if _said(row) is not None:
            raise StandsOtherwise
        if person_id is None:
            person_id = bring_person(self._session, called, purpose=PURPOSE).id
        if not substitute and person_id not in usual:
            self._session.add(
                Appointment(
                    person_id=person_id, role=PersonRole.TEACHER, cluster_id=self._meeting.cluster_id,
                    school_id=school_id, starts=self._meeting.held_on,
                )
            )  # fmt: skip
        self._write_person(row, school_id, person_id, mark)
        rolled = self._roll_up(school_id, school_was)
        after = {"person": mark, "from now on": not substitute}
        self._tell_person(school_id, person_id, {"person": None}, after, rolled)
        return Outcome.ADDED

    def note_school(self, school_id: int, note: str | None, was: str | None) -> Outcome:
        """Write a note beside the mark of a school. Raises StandsOtherwise, NotTaken for one that is too long."""
        self._check_expected(school_id)
        note, was = _text(note), _text(was)
        _check_length(note)
        row = self._school_mark(school_id)
        stands = row.note if row is not None else None
        if stands == note:
            return Outcome.UNCHANGED
        if stands != was:
            raise StandsOtherwise
        if row is None:
            row = SchoolMark(meeting_id=self._meeting.id, school_id=school_id, mark=Mark.NOT_RECORDED)
            self._session.add(row)
        row.note = note
        row.changed_by_hand()
        self._tell(f"school {school_id}", {"note": _is_there(stands)}, {"note": _is_there(note)})
        return Outcome.CHANGED

    def describe(self, wanted: Mapping[str, Any], was: Mapping[str, Any]) -> Outcome:
        """Say when the meeting was, whether in school time (4.20), how many came where only a number was kept (2.9),
        and a note; all of `DETAILS`. Raises StandsOtherwise where one of them changed meanwhile, NotTaken.
        """
        if wanted["starts_at"] and wanted["ends_at"] and wanted["ends_at"] <= wanted["starts_at"]:
            raise NotTaken("The meeting would end before it starts. Correct one of the two times.")
        _check_length(wanted["note"])
        stands = {name: getattr(self._meeting, name) for name in DETAILS}
        changed = [name for name in DETAILS if wanted[name] != stands[name]]
        if any(stands[name] != was[name] for name in changed):
            raise StandsOtherwise
        if not changed:
            return Outcome.UNCHANGED
        for name in changed:
            setattr(self._meeting, name, wanted[name])
        self._meeting.changed_by_hand()
        self._session.flush()
        before, after = (
            {name: _is_there(values[name]) if name == "note" else values[name] for name in changed}
            for values in (stands, wanted)
        )
        self._tell(None, audit.quote(self._meeting, before), audit.quote(self._meeting, after))
        return Outcome.CHANGED

    def _check_expected(self, school_id: int) -> None:
        meeting = self._meeting
        expected = sa.exists().where(
            is_expected(Membership, meeting.cluster_id, meeting.held_on), Membership.school_id == school_id
        )
        if self._session.scalar(sa.select(expected)):
            return
        name = self._session.scalar(
            sa.select(School.name)
            .join(Membership, Membership.school_id == School.id)
            .where(School.id == school_id, Membership.cluster_id == meeting.cluster_id)
        )
        if name is None:
            raise NoSuchRegister
        raise NotTaken(f"{name} is not expected on {day(meeting.held_on)}, so it gets no mark.")

    def _school_mark(self, school_id: int) -> SchoolMark | None:
        return self._session.scalar(
            sa.select(SchoolMark)
            .where(SchoolMark.meeting_id == self._meeting.id, SchoolMark.school_id == school_id)
            .with_for_update()  # an import may be at it
        )

    def _person_marks(self, school_id: int) -> dict[int, PersonMark]:
        rows = self._session.scalars(
            sa.select(PersonMark)
            .where(PersonMark.meeting_id == self._meeting.id, PersonMark.school_id == school_id)
            .with_for_update()
        )
        return {row.person_id: row for row in rows}

    def _expected_people(self, school_id: int) -> set[int]:
        meeting = self._meeting
        return set(
            self._session.scalars(
                sa.select(Appointment.person_id).where(
                    stands_for_its_school(meeting.cluster_id, meeting.held_on), Appointment.school_id == school_id
                )
            )
        )

    def _find_person(self, name: str, among: set[int]) -> int | None:
        named = self._session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(among)))
        return next((number for number, called in named if slug(called) == slug(name)), None)

    def _roll_up(self, school_id: int, school_was: Mark | None) -> list[Mark | None]:
        """Let the school's mark follow its people's, unless it is one that this actor does not know of. Gives the mark
        before and after; nothing where it stays.
        """
        ticks = {person_id: _said(row) for person_id, row in self._person_marks(school_id).items()}
        came_unasked = {person_id for person_id, mark in ticks.items() if mark is not None}
        people = self._expected_people(school_id) | came_unasked
        row = self._school_mark(school_id)
        stands = _said(row)
        mark = follow(stands, [ticks.get(person_id) for person_id in people])
        if mark == stands:
            return []
        if stands != school_was and school_id not in self._own:
            raise StandsOtherwise
        self._write_school(row, school_id, mark)
        return [stands, mark]

    def _write_school(self, row: SchoolMark | None, school_id: int, mark: Mark | None) -> None:
        """A mark that is taken out leaves its row, which the record of an import may name."""
        if row is None:
            row = SchoolMark(meeting_id=self._meeting.id, school_id=school_id)
            self._session.add(row)
        row.mark = mark or Mark.NOT_RECORDED
        row.changed_by_hand()
        self._own.add(school_id)

    def _write_person(self, row: PersonMark | None, school_id: int, person_id: int, mark: Mark | None) -> None:
        if row is None:
            row = PersonMark(meeting_id=self._meeting.id, school_id=school_id, person_id=person_id)
            self._session.add(row)
        row.mark = mark or Mark.NOT_RECORDED
        row.changed_by_hand()
        self._session.flush()

    def _tell_person(
        self,
        school_id: int,
        person_id: int,
        before: dict[str, Any],
        after: dict[str, Any],
        rolled: Sequence[Mark | None],
    ) -> None:
        """People by their number: it leads to nobody once they are erased."""
        if rolled:
            before, after = {**before, "mark": rolled[0]}, {**after, "mark": rolled[1]}
        self._tell(f"school {school_id}, person {person_id}", before, after)

    def _tell(self, key: str | None, before: dict[str, Any], after: dict[str, Any]) -> None:
        number = f"meeting {self._meeting.id}"
        audit.record(
            self._session, self._actor, "take register", "register", f"{number}, {key}" if key else number,
            cluster_id=self._meeting.cluster_id, before=before, after=after,
        )  # fmt: skip


def note_open(
    session: Session,
    scope: Scope,
    meeting_id: int,
    page: str,
    account_id: int | None,
    now: datetime,
    *,
    leaves: bool = False,
) -> None:
    """Note that a page has a register open now, or no longer; forget those that were not heard of for long. Raises
    NoSuchRegister.
    """
    is_mine = sa.and_(Meeting.id == meeting_id, Meeting.cluster_id.in_(visible_clusters(scope)))
    if session.scalar(sa.select(Meeting.id).where(is_mine)) is None:
        raise NoSuchRegister
    is_this, over = OpenRegister.page == page, OpenRegister.seen_at < now - FORGOTTEN_AFTER
    session.execute(sa.delete(OpenRegister).where(OpenRegister.meeting_id == meeting_id, sa.or_(over, is_this)))
    if not leaves:
        session.add(OpenRegister(meeting_id=meeting_id, page=page, account_id=account_id, seen_at=now))
        session.flush()


def _said(row: SchoolMark | PersonMark | None) -> Mark | None:
    """The mark of a row, None where nobody has said anything."""
    return None if row is None or row.mark is Mark.NOT_RECORDED else row.mark


def _text(text: str | None) -> str | None:
    return (text or "").strip().replace("\r\n", "\n") or None


def _is_there(text: str | None) -> str | None:
    """Of a note the record says that there is one: it may name a colleague."""
    return audit.NOT_QUOTED if text else None


def _check_length(note: str | None) -> None:
    if note and len(note) > LONGEST_NOTE:
        raise NotTaken(f"The note has {len(note)} letters; use at most {LONGEST_NOTE}.")
