"""Writes of who holds a role at the schools of a cluster: handovers, shared roles, substitutes (0.11–0.13, 3.8)."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from dashboard.changes import Writes
from dashboard.directory.commands import bring_person
from dashboard.directory.lifecycle.refusals import EventRefused
from dashboard.models import Appointment, Cluster, LifecycleEvent, Meeting, Person, PersonMark, School
from dashboard.naming import slug
from dashboard.vocabulary import LEAD_ROLES, EventKind, Mark, PersonRole
from dashboard.wording import day

PURPOSE = "role in a cluster of schools"


class Colleagues:
    """The colleagues of one cluster by school and name, from their roles and from registers; loaded once."""

    def __init__(self, writes: Writes, cluster: Cluster) -> None:
        self._writes, self._session, self._cluster = writes, writes.session, cluster
        self._people: dict[tuple[int | None, str], Person] = {}
        self._roles: list[Appointment] = []
        roles = sa.select(Appointment, Person).join(Person, Person.id == Appointment.person_id)
        for role, person in self._session.execute(roles.where(Appointment.cluster_id == cluster.id)):
            self._roles.append(role)
            self._people[role.school_id, slug(person.name)] = person
        marks = sa.select(PersonMark.school_id, Person).join(Person, Person.id == PersonMark.person_id)
        of_cluster = marks.join(Meeting, Meeting.id == PersonMark.meeting_id).where(Meeting.cluster_id == cluster.id)
        for school_id, person in self._session.execute(of_cluster.distinct()):
            self._people.setdefault((school_id, slug(person.name)), person)

    def find(self, school: School, name: str) -> Person | None:
        """The colleague of a name at a school."""
        return self._people.get((school.id, slug(name)))

    def need(self, school: School, name: str) -> Person:
        """As `find`, but it is wrong if there is none."""
        found = self.find(school, name)
        if found is None:
            raise EventRefused(
                "person", f"nobody called “{name}” is known at {school.name}; record first that they came"
            )
        return found

    def bring(self, school: School, name: str) -> Person:
        """The colleague of a name; whoever is not known yet leads the subject there, since nobody knows when."""
        return self.find(school, name) or self.appoint(school, name, PersonRole.SUBJECT_LEAD, None, None)

    def appoint(
        self, school: School, name: str, role: PersonRole, starts: date | None, ends: date | None
    ) -> Person:  # fmt: skip
        """Give a colleague a role from a day on; brought in by name where the school knew nobody of that name."""
        person = self.find(school, name)
        if person is not None:
            for each in self._roles_of(school, person):
                if each.role is role and (starts is None or _still(each) >= starts):
                    since = f"since {day(each.starts)}" if each.starts else "already"
                    raise EventRefused("person", f"{person.name} holds this role at {school.name} {since}")
        else:
            person = bring_person(self._session, name, purpose=PURPOSE)
            self._writes.add(person)
            self._people[school.id, slug(name)] = person
        appointment = Appointment(
            person_id=person.id, role=role, cluster_id=self._cluster.id, school_id=school.id, starts=starts, ends=ends
        )
        self._writes.add(appointment)
        self._session.flush()
        self._roles.append(appointment)
        return person

    def end(
        self, school: School, person: Person, starts: date, ends: date, role: PersonRole | None = None
    ) -> None:  # fmt: skip
        """Say when a role that began on a day ends."""
        for each in self._roles_of(school, person):
            if each.starts == starts and role in (None, each.role):
                self._writes.edit(each, ends=ends)

    def hand_over(
        self, school: School, name: str, successor: str, on: date, last: date, role: PersonRole
    ) -> tuple[Person, Person]:
        """End the role of one colleague on a day and let another begin. Gives both."""
        if slug(name) == slug(successor):
            raise EventRefused("replaced_by", f"{name} cannot hand over to themselves")
        held = self._held(school, name, last)
        role = held.role if held is not None else role
        new = self.find(school, successor)
        begins = [each for each in self._roles_of(school, new) if each.role is role and _still(each) >= on]
        if any(each.starts != on for each in begins):
            raise EventRefused("replaced_by", f"{successor} holds this role at {school.name} already")
        if not begins:
            new = self.appoint(school, successor, role, on, None)
        if held is None:
            self.appoint(school, name, role, None, last)
            held = self._roles[-1]
        old, heir = self.find(school, name), self.find(school, successor)
        assert old is not None, "found or just brought in"  # noqa: S101
        assert heir is not None, "found or just brought in"  # noqa: S101
        self._writes.edit(held, ends=last, replaced_by_id=heir.id)
        return old, heir

    def _held(self, school: School, name: str, last: date) -> Appointment | None:
        """The role that a colleague holds on the last day before a handover; None where nobody wrote one down."""
        person = self.find(school, name)
        roles = [each for each in self._roles_of(school, person) if each.role in LEAD_ROLES]
        for each in roles:
            if (each.starts or date.min) <= last <= _still(each):
                if each.ends not in (None, last):
                    raise EventRefused("until", f"{name} holds the role until {day(each.ends)} already")
                return each
        if not roles:
            return None
        first, ends = min(each.starts or date.min for each in roles), max(_still(each) for each in roles)
        if last < first:
            raise EventRefused("until", f"{name} holds the role since {day(first)}; it cannot end before")
        raise EventRefused("until", f"{name} held the role until {day(ends)}; choose that day or an earlier one")

    def take_back(self, school: School, event: LifecycleEvent, others: Iterable[LifecycleEvent]) -> None:
        """Put roles back as they were before a handover, a shared role or a substitute."""
        if event.kind is EventKind.HANDOVER:
            self._drop(school, event.replaced_by_person_id, event.happened_on, others)
            for each in self._roles:
                if (each.school_id, each.person_id) == (school.id, event.person_id) and (
                    each.replaced_by_id == event.replaced_by_person_id
                ):
                    self._writes.edit(each, ends=None, replaced_by_id=None)
        elif event.kind in (EventKind.JOB_SHARE, EventKind.SUBSTITUTE_ARRANGED):
            self._drop(school, event.person_id, event.happened_on, others)

    def _drop(
        self, school: School, person_id: int | None, starts: date, others: Iterable[LifecycleEvent]
    ) -> None:  # fmt: skip
        """Take out the role that somebody was given on a day, unless registers or events know the person."""
        role = next(
            (e for e in self._roles if (e.school_id, e.person_id, e.starts) == (school.id, person_id, starts)), None
        )
        if role is None:
            return
        marks = sa.select(PersonMark.id).join(Meeting, Meeting.id == PersonMark.meeting_id)
        mine = marks.where(
            PersonMark.person_id == person_id, PersonMark.school_id == school.id, PersonMark.mark != Mark.NOT_RECORDED,
            Meeting.cluster_id == self._cluster.id, Meeting.held_on >= starts,
        )  # fmt: skip
        told = any(person_id in (each.person_id, each.replaced_by_person_id) for each in others)
        if told or self._session.scalar(mine.limit(1)) is not None:
            raise EventRefused(
                "event",
                f"the colleague who came in with this at {school.name} stands in registers or other events; take those "
                "back first, or record a handover to whoever it really was",
            )
        self._roles.remove(role)
        self._writes.remove(role)

    def _roles_of(self, school: School, person: Person | None) -> list[Appointment]:
        if person is None:
            return []
        return [each for each in self._roles if (each.school_id, each.person_id) == (school.id, person.id)]


def _still(role: Appointment) -> date:
    return role.ends or date.max
