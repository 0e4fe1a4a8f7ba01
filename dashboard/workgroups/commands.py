"""Writes of workgroups: versions of a return with the roles that follow from it, deadlines, agreements.

A file and a form write the same way: what differs is only how a row is put into the store (`Writer`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, visible_clusters
from dashboard.audit import Actor
from dashboard.changes import Changes, Outcome
from dashboard.db import Base
from dashboard.directory.commands import bring_person
from dashboard.models import (
    Appointment,
    Cluster,
    Meeting,
    Membership,
    Person,
    PersonMark,
    Programme,
    SchoolAgreement,
    WorkgroupCall,
    WorkgroupLine,
    WorkgroupReturn,
)
from dashboard.naming import slug
from dashboard.vocabulary import PersonRole
from dashboard.workgroups.deadline import day_of
from dashboard.workgroups.words import in_order

_LONGEST_PURPOSE: Final = 200


class Writer(Protocol):
    """How rows come into the store."""

    @property
    def session(self) -> Session:
        """The session of the one transaction."""

    def add(self, row: Base) -> None:
        """Put a new row in."""

    def edit(self, row: Base, **values: Any) -> Outcome:
        """Set columns of a row, and say whether any was another."""

    def bring(self, name: str, *, purpose: str, work_email: str | None) -> Person:
        """A new colleague."""


@dataclass(frozen=True)
class ByFile:
    """Rows of a batch, which remembers them."""

    changes: Changes

    @property
    def session(self) -> Session:
        """The session of the import."""
        return self.changes.session

    def add(self, row: Base) -> None:
        """Put a new row in, stamped with the batch."""
        self.changes.add(row)

    def edit(self, row: Base, **values: Any) -> Outcome:
        """Set columns of a row; the batch remembers what stood there."""
        return self.changes.edit(row, **values)

    def bring(self, name: str, *, purpose: str, work_email: str | None) -> Person:
        """A new colleague, whom an undo takes out again."""
        person = Person(name=name, purpose=purpose, work_email=work_email)
        self.changes.add(person)
        self.changes.session.flush()
        return person


@dataclass(frozen=True)
class ByForm:
    """Rows of somebody who writes behind the wall of their own cluster."""

    session: Session

    def add(self, row: Base) -> None:
        """Put a new row in."""
        self.session.add(row)

    def edit(self, row: Base, **values: Any) -> Outcome:
        """Set columns of a row."""
        other = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in other.items():
            setattr(row, name, value)
        return Outcome.CHANGED if other else Outcome.UNCHANGED

    def bring(self, name: str, *, purpose: str, work_email: str | None) -> Person:
        """A new colleague; the role follows within the same transaction."""
        return bring_person(self.session, name, purpose=purpose, work_email=work_email)


@dataclass(frozen=True)
class Line:
    """What a return says of one person of one school (0.16)."""

    school_id: int
    name: str
    roles: tuple[PersonRole, ...]
    work_email: str | None = None
    """Nothing said leaves the address that is known."""
    year_groups: tuple[int, ...] = ()
    starts: date | None = None
    ends: date | None = None
    replaces: str | None = None
    """The name of a colleague of the same school, who hands over (0.12)."""

    @property
    def who(self) -> tuple[int, str]:
        """A person is known by name within the school."""
        return self.school_id, slug(self.name)


@dataclass(frozen=True)
class LineProblem:
    """What is wrong with one line: its place in the list, the column it is about, a sentence."""

    index: int
    column: str
    sentence: str


class ReturnRefused(Exception):
    """A return cannot be stored as it is; nothing of it was."""

    def __init__(self, *problems: LineProblem) -> None:
        super().__init__("; ".join(problem.sentence for problem in problems))
        self.problems = problems


class Stale(Exception):
    """Somebody else has stored a newer version meanwhile; nothing was stored now."""

    def __init__(self, newest: int) -> None:
        super().__init__(f"version {newest} was stored meanwhile")
        self.newest = newest


class NotTheirs(Exception):
    """Somebody tried to change what is not theirs, or not there."""


@dataclass
class Received:
    """What became of a return."""

    version: int
    is_new: bool
    """Whether a version was made; else the newest says the same already."""
    outcomes: list[Outcome] = field(default_factory=list)
    """Of each line, compared with the version before."""
    dropped: list[str] = field(default_factory=list)
    """Who stood on the version before and stands on this no more."""
    row: WorkgroupReturn | None = None


class ReturnBook:
    """The return of one cluster and year, held so that nobody else can write it until the transaction ends."""

    def __init__(self, writer: Writer, cluster: Cluster, year: AcademicYear) -> None:
        self._writer, self._cluster, self._year = writer, cluster, year
        session = writer.session
        # Two who save at once come one after the other, and the second sees what the first stored.
        session.execute(sa.select(Cluster.id).where(Cluster.id == cluster.id).with_for_update())
        versions = list(
            session.scalars(
                sa.select(WorkgroupReturn)
                .where(WorkgroupReturn.cluster_id == cluster.id)
                .order_by(WorkgroupReturn.year.desc(), WorkgroupReturn.version.desc())
            )
        )
        self.newest = next((each for each in versions if each.year == year.start), None)
        self._is_latest_year = not versions or versions[0].year <= year.start
        self._stored = self._lines_of(self.newest)
        self._before = self._stored if self.newest else self._lines_of(versions[0] if versions else None)
        self._members = set(
            session.scalars(sa.select(Membership.school_id).where(Membership.cluster_id == cluster.id).distinct())
        )
        self._roles: defaultdict[tuple[int, int], list[Appointment]] = defaultdict(list)
        self._people: dict[tuple[int, str], Person] = {}
        self._by_address: dict[tuple[str, str], Person] = {}
        self._know_people()

    def check(self, lines: Sequence[Line]) -> list[LineProblem]:
        """What is wrong with lines that were each read without a problem."""
        return [problem for index in range(len(lines)) for problem in self._problems(index, lines)]

    def receive(
        self, lines: Sequence[Line], *, received_at: datetime, account_id: int | None, seen: int | None = None
    ) -> Received:
        """Store the lines as the newest version, and the roles that follow from them if no later year has a return.

        The lines are the whole return: whoever is not among them is no longer in the workgroup. The same again makes no
        version. `seen` is the version that whoever writes had before them (0: none). Raises Stale when that is no
        longer the newest, and ReturnRefused with every problem of `check`.
        """
        standing = self.newest.version if self.newest else 0
        if seen is not None and seen != standing:
            raise Stale(standing)
        problems = self.check(lines)
        if problems:
            raise ReturnRefused(*problems)
        people = [self._person(line) for line in lines]
        self._writer.session.flush()
        replaced = [self._replaced(line, lines, people) for line in lines]
        new = {
            (line.school_id, person.id): self._line(line, person, earlier)
            for line, person, earlier in zip(lines, people, replaced, strict=True)
        }
        written = self._write_addresses(lines, people)
        outcomes = [
            self._outcome(new[line.school_id, person.id], person.id in written)
            for line, person in zip(lines, people, strict=True)
        ]
        dropped = [key for key in self._stored if key not in new]
        is_new = bool(dropped) or any(_differ(self._stored.get(key), line) for key, line in new.items())
        if self.newest is None and not new:
            return Received(0, False)
        row = self._add_version(standing + 1, received_at, account_id) if is_new else self.newest
        if self._is_latest_year:
            self._write_roles(new, day_of(received_at))
        else:
            self._write_past_roles(new)
        if is_new and row is not None:
            for line in new.values():
                line.return_id = row.id
                self._writer.add(line)
        self._writer.session.flush()
        self._keep_until(people)
        names = [self._name(person_id) for _, person_id in dropped]
        return Received(standing + is_new, is_new, outcomes, names, row)

    # ----------------------------------------------------------------------------------------------- what is known
    def _lines_of(self, version: WorkgroupReturn | None) -> dict[tuple[int, int], WorkgroupLine]:
        if version is None:
            return {}
        lines = self._writer.session.scalars(sa.select(WorkgroupLine).where(WorkgroupLine.return_id == version.id))
        return {(line.school_id, line.person_id): line for line in lines}

    def _know_people(self) -> None:
        """Whoever has a role in the cluster for a school, or a mark at one of its meetings; the newest role counts."""
        session, cluster = self._writer.session, self._cluster
        marks = (
            sa.select(PersonMark.school_id, Person)
            .join(Person, Person.id == PersonMark.person_id)
            .join(Meeting, Meeting.id == PersonMark.meeting_id)
            .where(Meeting.cluster_id == cluster.id)
            .distinct()
        )
        for school_id, person in session.execute(marks):
            self._know(school_id, person)
        roles = (
            sa.select(Appointment, Person)
            .join(Person, Person.id == Appointment.person_id)
            .where(Appointment.cluster_id == cluster.id, Appointment.school_id.is_not(None))
            .order_by(Appointment.id)
        )
        held = [(role.school_id or 0, person, role) for role, person in session.execute(roles)]
        for school_id, person, role in held:
            self._know(school_id, person)
            self._roles[school_id, person.id].append(role)
        for school_id, person, _ in held:
            if (school_id, person.id) in self._stored:
                self._know(school_id, person)

    def _know(self, school_id: int, person: Person) -> None:
        self._people[school_id, slug(person.name)] = person
        if person.work_email:
            self._by_address[slug(person.name), person.work_email] = person

    def _find(self, line: Line) -> Person | None:
        """By name within the school; else by name and address, for somebody who works at two."""
        return self._people.get(line.who) or self._by_address.get((slug(line.name), line.work_email or ""))

    def _name(self, person_id: int) -> str:
        person = self._writer.session.get(Person, person_id)
        return person.name if person else "somebody"

    # ------------------------------------------------------------------------------------------------------ checks
    def _problems(self, index: int, lines: Sequence[Line]) -> Iterator[LineProblem]:
        line = lines[index]
        if line.school_id not in self._members:
            yield LineProblem(index, "school", f"this school is no member of {self._cluster.name}")
        if not line.roles:
            yield LineProblem(index, "roles", f"say what {line.name} does: at least one role")
        if line.starts and line.ends and line.ends < line.starts:
            yield LineProblem(index, "to", f"{line.name} would end ({line.ends}) before they start ({line.starts})")
        if line.who in (each.who for each in lines[:index]):
            sentence = f"{line.name} stands for this school already; give all roles of a person in one place"
            yield LineProblem(index, "name", sentence)
        if line.replaces is None:
            return
        colleague = line.school_id, slug(line.replaces)
        if colleague == line.who:
            yield LineProblem(index, "replaces", f"{line.name} cannot take over from themselves")
        elif colleague not in self._people and colleague not in (each.who for each in lines):
            sentence = (
                f"nobody called “{line.replaces}” is or was named for this school; write the name as it stands there"
            )
            yield LineProblem(index, "replaces", sentence)

    # ------------------------------------------------------------------------------------------------------ people
    def _person(self, line: Line) -> Person:
        found = self._find(line)
        if found is None:
            found = self._writer.bring(line.name, purpose=self._purpose, work_email=line.work_email)
            self._know(line.school_id, found)
        return found

    @property
    def _purpose(self) -> str:
        return f"workgroup of {self._cluster.name}"[:_LONGEST_PURPOSE]

    def _replaced(self, line: Line, lines: Sequence[Line], people: Sequence[Person]) -> int | None:
        if line.replaces is None:
            return None
        colleague = line.school_id, slug(line.replaces)
        on_it = next((each for said, each in zip(lines, people, strict=True) if said.who == colleague), None)
        return (on_it or self._people[colleague]).id

    def _write_addresses(self, lines: Sequence[Line], people: Sequence[Person]) -> set[int]:
        """Names and addresses as the return has them; gives those of whom either was another."""
        written = set()
        for line, person in zip(lines, people, strict=True):
            said = {"name": line.name, **({"work_email": line.work_email} if line.work_email else {})}
            if line.work_email and not person.work_email and (line.school_id, person.id) not in self._stored:
                said["purpose"] = self._purpose  # the address is held for the workgroup, whatever the name was held for
            if self._writer.edit(person, **said) is Outcome.CHANGED:
                written.add(person.id)
        return written

    def _keep_until(self, people: Iterable[Person]) -> None:
        """Contacts are held for the duration of the programme (0.4), and of the longest where there are several."""
        programme = self._cluster.programme_id and self._writer.session.get(Programme, self._cluster.programme_id)
        ends = (programme.ends if programme else None) or self._cluster.ends
        if ends is None:
            return
        for person in people:
            if person.delete_after is None or person.delete_after < ends:
                self._writer.edit(person, delete_after=ends)

    # --------------------------------------------------------------------------------------------------- the lines
    def _line(self, line: Line, person: Person, replaces_id: int | None) -> WorkgroupLine:
        return WorkgroupLine(
            cluster_id=self._cluster.id, school_id=line.school_id, person_id=person.id,
            roles=[str(role) for role in in_order(line.roles)], year_groups=sorted(set(line.year_groups)),
            starts=line.starts, ends=line.ends, replaces_id=replaces_id, illustrative=False,
        )  # fmt: skip

    def _outcome(self, line: WorkgroupLine, is_written: bool) -> Outcome:
        stored = self._stored.get((line.school_id, line.person_id))
        if stored is None:
            return Outcome.ADDED
        return Outcome.CHANGED if is_written or _differ(stored, line) else Outcome.UNCHANGED

    def _add_version(self, number: int, received_at: datetime, account_id: int | None) -> WorkgroupReturn:
        row = WorkgroupReturn(
            cluster_id=self._cluster.id, year=self._year.start, version=number, received_at=received_at,
            returned_by_id=account_id,
        )  # fmt: skip
        self._writer.add(row)
        self._writer.session.flush()
        return row

    # --------------------------------------------------------------------------------------------------- the roles
    def _write_roles(self, new: dict[tuple[int, int], WorkgroupLine], received_on: date) -> None:
        """Bring roles in line with the newest return, so that registers know who is expected. Nothing is deleted."""
        last = max(received_on, self._year.starts) - timedelta(days=1)
        successors = {
            (line.school_id, line.replaces_id): line
            for line in sorted(new.values(), key=lambda line: line.person_id, reverse=True)
            if line.replaces_id is not None
        }
        for key, line in new.items():
            successor = successors.get(key)
            for role in in_order(line.roles):
                held = self._hold(line, role, received_on)
                self._writer.edit(held, replaced_by_id=successor.person_id if successor else None)
        for key, earlier in self._before.items():
            kept = set(new[key].roles) if key in new else set()
            successor = successors.get(key)
            gone = [held for held in self._roles[key] if held.role in set(earlier.roles) - kept]
            for held in gone:
                self._end(held, last, successor if key not in new else None)
        for key, successor in successors.items():
            if key not in new and key not in self._before:
                for held in self._roles[key]:
                    self._end(held, last, successor)

    def _write_past_roles(self, new: dict[tuple[int, int], WorkgroupLine]) -> None:
        """A return of a year behind the latest changes no role that is known; others were held within that year."""
        for key, line in new.items():
            for role in in_order(line.roles):
                if not any(held.role == role for held in self._roles[key]):
                    held = self._begin(line, role)
                    self._writer.edit(held, ends=line.ends or self._year.ends)

    def _hold(self, line: WorkgroupLine, role: PersonRole, received_on: date) -> Appointment:
        """The role of a line: the one that stands is set right; one that ended goes on, or another begins after it."""
        held = [each for each in self._roles[line.school_id, line.person_id] if each.role == role]
        standing = next((each for each in reversed(held) if each.ends is None or each.ends >= received_on), None)
        ended = held[-1] if held else None
        if standing is None and ended is not None and ended.ends and not (line.starts and line.starts > ended.ends):
            standing = ended
        if standing is not None:
            said = {"starts": line.starts} if line.starts else {}
            self._writer.edit(standing, year_groups=line.year_groups or None, ends=line.ends, **said)
            return standing
        return self._begin(line, role)

    def _begin(self, line: WorkgroupLine, role: PersonRole) -> Appointment:
        # Without a first day somebody belongs from the beginning of the year that the return is of.
        made = Appointment(
            person_id=line.person_id, role=role, cluster_id=self._cluster.id, school_id=line.school_id,
            year_groups=line.year_groups or None, starts=line.starts or self._first_day(line.ends), ends=line.ends,
        )  # fmt: skip
        self._writer.add(made)
        self._writer.session.flush()
        self._roles[line.school_id, line.person_id].append(made)
        return made

    def _first_day(self, ends: date | None) -> date | None:
        return self._year.starts if ends is None or ends >= self._year.starts else None

    def _end(self, held: Appointment, last: date, successor: WorkgroupLine | None) -> None:
        if successor is not None:
            self._writer.edit(held, replaced_by_id=successor.person_id)
            if successor.starts:
                last = max(last, successor.starts - timedelta(days=1))
        if held.ends is None:
            self._writer.edit(held, ends=last)


def _differ(stored: WorkgroupLine | None, line: WorkgroupLine) -> bool:
    names = ("roles", "year_groups", "starts", "ends", "replaces_id")
    return stored is None or any(getattr(stored, name) != getattr(line, name) for name in names)


# ---------------------------------------------------------------------------------------------------- from the browser
@dataclass(frozen=True)
class Desk:
    """What somebody may change of workgroups, within one transaction of their own scope."""

    session: Session
    actor: Actor
    scope: Scope

    def enter(
        self, cluster_slug: str, year: AcademicYear, lines: Sequence[Line], *, seen: int, received_at: datetime
    ) -> Received:
        """Store a return as the newest version. Raises NotTheirs, Stale or ReturnRefused; then nothing is stored."""
        cluster = self._cluster(cluster_slug)
        book = ReturnBook(ByForm(self.session), cluster, year)
        received = book.receive(lines, received_at=received_at, account_id=self.actor.account_id, seen=seen)
        changed = received.is_new or any(outcome is not Outcome.UNCHANGED for outcome in received.outcomes)
        if changed and received.row is not None:
            action = "store return" if received.is_new else "change addresses"
            self._tell(
                action, "workgroup return", received.row.id, cluster.id,
                after={
                    "year": year.start, "version": received.version, "people": len(lines),
                    **{str(outcome): received.outcomes.count(outcome) for outcome in Outcome},
                    "removed": len(received.dropped),
                },
            )  # fmt: skip
        return received

    def note_agreement(
        self, cluster_slug: str, school_id: int, *, signed_on: date, signed_by: PersonRole, today: date
    ) -> Outcome:
        """Write down that a school has signed its agreement (0.11). Of one academic year the last said counts."""
        cluster = self._cluster(cluster_slug)
        member = sa.select(Membership.id).where(Membership.cluster_id == cluster.id, Membership.school_id == school_id)
        if self.session.scalar(member.limit(1)) is None:
            raise NotTheirs
        if signed_on > today:
            raise ValueError("An agreement cannot have been signed on a day to come.")
        year = AcademicYear.of(signed_on)
        found = self.session.scalar(
            sa.select(SchoolAgreement)
            .where(
                SchoolAgreement.cluster_id == cluster.id, SchoolAgreement.school_id == school_id,
                SchoolAgreement.signed_on.between(year.starts, year.ends),
            )
            .order_by(SchoolAgreement.signed_on.desc(), SchoolAgreement.id.desc())
        )  # fmt: skip
        said = {"signed_on": signed_on, "signed_by_role": signed_by}
        before = audit.quote(found) if found else None
        if found is None:
            found = SchoolAgreement(cluster_id=cluster.id, school_id=school_id, **said)
            self.session.add(found)
            outcome = Outcome.ADDED
        else:
            outcome = ByForm(self.session).edit(found, **said)
        if outcome is not Outcome.UNCHANGED:
            self.session.flush()
            self._tell(
                "note agreement", "school agreement", found.id, cluster.id, before=before, after=audit.quote(found)
            )  # fmt: skip
        return outcome

    def set_deadline(self, programme_id: int, year: AcademicYear, due_at: datetime) -> Outcome:
        """Ask the clusters of a programme for their returns of a year by a moment (0.3). Raises NotTheirs.

        For those who look after the whole programme: a deadline is every cluster's.
        """
        if not (self.scope.everything or programme_id in self.scope.programme_ids):
            raise NotTheirs
        held = sa.select(Programme).where(Programme.id == programme_id).with_for_update()
        if self.session.scalar(held) is None:
            raise NotTheirs
        call = self.session.scalar(
            sa.select(WorkgroupCall).where(
                WorkgroupCall.programme_id == programme_id, WorkgroupCall.year == year.start
            )
        )  # fmt: skip
        before = audit.quote(call) if call else None
        if call is None:
            call = WorkgroupCall(programme_id=programme_id, year=year.start, due_at=due_at)
            self.session.add(call)
            outcome = Outcome.ADDED
        else:
            outcome = ByForm(self.session).edit(call, due_at=due_at)
        if outcome is not Outcome.UNCHANGED:
            self.session.flush()
            self._tell("set deadline", "workgroup call", call.id, None, before=before, after=audit.quote(call))
        return outcome

    def _cluster(self, cluster_slug: str) -> Cluster:
        cluster = self.session.scalar(
            sa.select(Cluster).where(Cluster.slug == cluster_slug, Cluster.id.in_(visible_clusters(self.scope)))
        )
        if cluster is None:
            raise NotTheirs
        return cluster

    def _tell(self, action: str, kind: str, key: int, cluster_id: int | None, **said: Any) -> None:
        audit.record(self.session, self.actor, action, kind, key, cluster_id=cluster_id, **said)
