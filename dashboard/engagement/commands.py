"""Writes of the register: meetings, and the marks of schools and people."""

from datetime import date

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.changes import Changes, Outcome
from dashboard.marks import roll_up
from dashboard.models import Cluster, Meeting, Person, PersonMark, School, SchoolMark
from dashboard.naming import slug
from dashboard.vocabulary import Mark, MeetingKind


class Register:
    """The register of one cluster, loaded once. Every write goes through the changes of a batch."""

    def __init__(self, changes: Changes, cluster: Cluster) -> None:
        self._changes = changes
        self._cluster = cluster
        session = changes.session
        mine = Meeting.cluster_id == cluster.id
        self._new: set[Meeting] = set()
        self._meetings = {(m.held_on, m.kind): m for m in session.scalars(sa.select(Meeting).where(mine))}
        self._marks = {
            (mark.meeting_id, mark.school_id): mark
            for mark in session.scalars(sa.select(SchoolMark).join(Meeting).where(mine))
        }
        self._people: dict[tuple[int, str], Person] = {}
        self._person_marks: dict[tuple[int, int], dict[int, PersonMark]] = {}
        rows = session.execute(sa.select(PersonMark, Person).join(Meeting).join(Person).where(mine))
        for mark, person in rows:
            self._people[mark.school_id, slug(person.name)] = person
            self._person_marks.setdefault((mark.meeting_id, mark.school_id), {})[person.id] = mark

    def hold_meeting(self, held_on: date, kind: MeetingKind = MeetingKind.CLUSTER) -> tuple[Meeting, Outcome]:
        """The meeting of a day and kind; made when there is none."""
        found = self._meetings.get((held_on, kind))
        if found is not None:
            return found, Outcome.UNCHANGED
        meeting = Meeting(cluster_id=self._cluster.id, held_on=held_on, year=AcademicYear.of(held_on).start, kind=kind)
        self._changes.add(meeting)
        self._changes.session.flush()
        self._meetings[held_on, kind] = meeting
        self._new.add(meeting)
        return meeting, Outcome.ADDED

    def note_time(self, meeting: Meeting, *, in_school_time: bool) -> Outcome:
        """Say whether a meeting was held in released school time (4.20)."""
        if meeting in self._new:
            meeting.in_school_time = in_school_time
            return Outcome.UNCHANGED
        return self._changes.edit(meeting, in_school_time=in_school_time)

    def record_school_mark(
        self, meeting: Meeting, school: School, mark: Mark, note: str | None = None
    ) -> tuple[SchoolMark | None, Outcome]:
        """Set the mark of a school. NOT_RECORDED says nothing: it never makes or overwrites a mark."""
        found = self._marks.get((meeting.id, school.id))
        if mark is Mark.NOT_RECORDED:
            return found, Outcome.UNCHANGED
        if found is not None:
            outcome = self._changes.edit(found, mark=mark, **({"note": note} if note else {}))
            return found, outcome
        row = SchoolMark(meeting_id=meeting.id, school_id=school.id, mark=mark, note=note)
        self._changes.add(row)
        self._marks[meeting.id, school.id] = row
        return row, Outcome.ADDED

    def record_person_mark(
        self, meeting: Meeting, school: School, person_name: str, mark: Mark, note: str | None = None
    ) -> tuple[PersonMark | None, Outcome]:
        """Set the mark of a person and roll the school's mark up from all of its people.

        A person is known by name within the school. A blank never overwrites, and makes no person.
        """
        person = self._people.get((school.id, slug(person_name)))
        marks = self._person_marks.setdefault((meeting.id, school.id), {})
        found = marks.get(person.id) if person is not None else None
        if mark is Mark.NOT_RECORDED:
            return found, Outcome.UNCHANGED
        if found is not None:
            outcome = self._changes.edit(found, mark=mark, **({"note": note} if note else {}))
        else:
            person = person or self._add_person(school, person_name)
            found = PersonMark(meeting_id=meeting.id, school_id=school.id, person_id=person.id, mark=mark, note=note)
            self._changes.add(found)
            marks[person.id] = found
            outcome = Outcome.ADDED
        self.record_school_mark(meeting, school, roll_up(each.mark for each in marks.values()))
        return found, outcome

    def _add_person(self, school: School, name: str) -> Person:
        person = Person(name=name, purpose="register of meetings")
        self._changes.add(person)
        self._changes.session.flush()
        self._people[school.id, slug(name)] = person
        return person
