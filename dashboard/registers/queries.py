"""Registers as they stand: which there are, and one with everybody who is expected.

They are for those who keep a whole cluster. A scope that names schools one by one finds no register.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, visible_clusters
from dashboard.directory.expected import belongs, is_away, is_expected, stands_for_its_school
from dashboard.frames import alphabetical
from dashboard.models import (
    Appointment,
    Cluster,
    LifecycleEvent,
    Meeting,
    Membership,
    OpenRegister,
    Person,
    PersonMark,
    School,
    SchoolMark,
)
from dashboard.vocabulary import EventKind, Mark, MeetingKind, PersonRole

MOST: Final = 100
"""Registers that are listed."""
_NEW: Final = timedelta(days=92)
"""For about a term it is told since when somebody has come for the school (0.12)."""


@dataclass(frozen=True)
class RegisterRow:
    """One meeting, and how many of the schools that were expected have a mark."""

    meeting_id: int
    held_on: date
    kind: MeetingKind
    title: str | None
    cluster_id: int
    cluster_name: str
    expected: int
    marked: int


@dataclass(frozen=True)
class PersonLine:
    """Somebody who may come for a school, or who was there."""

    person_id: int
    name: str
    roles: tuple[PersonRole, ...]
    new_since: date | None
    ends: date | None
    mark: Mark | None


@dataclass(frozen=True)
class SchoolLine:
    """A school that is expected, with its mark and its people."""

    school_id: int
    name: str
    mark: Mark | None
    note: str | None
    illustrative: bool
    people: tuple[PersonLine, ...]


@dataclass(frozen=True)
class AwayLine:
    """A school that belongs to the cluster and is not expected; `until` is the last day of it, if one is known."""

    school_id: int
    name: str
    kind: EventKind
    until: date | None


@dataclass(frozen=True)
class Sheet:
    """The register of one meeting."""

    meeting_id: int
    cluster_id: int
    cluster: str
    cluster_name: str
    held_on: date
    kind: MeetingKind
    title: str | None
    starts_at: time | None
    ends_at: time | None
    in_school_time: bool | None
    headcount: int | None
    note: str | None
    schools: tuple[SchoolLine, ...]
    away: tuple[AwayLine, ...]

    @property
    def marked(self) -> int:
        """How many of the schools have a mark."""
        return sum(each.mark is not None for each in self.schools)

    @property
    def illustrative(self) -> bool:
        """Whether any mark is made up."""
        return any(each.illustrative for each in self.schools)


@dataclass(frozen=True)
class State:
    """What stands in a register at a moment: marks by school, and by school and person; pages that have it open."""

    meeting_id: int
    schools: Mapping[int, Mark]
    people: Mapping[tuple[int, int], Mark]
    others: int
    """Pages of other people."""
    own: int
    """Other pages of the same account."""


def load_registers(session: Session, scope: Scope, since: date, as_of: date) -> list[RegisterRow]:
    """The meetings of the clusters of a scope from a day on until another, newest first, at most `MOST`."""
    newest = (
        sa.select(Meeting.id, Meeting.cluster_id, Meeting.held_on, Meeting.kind, Meeting.title)
        .where(Meeting.held_on.between(since, as_of), Meeting.cluster_id.in_(visible_clusters(scope)))
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .limit(MOST)
        .subquery("newest")
    )
    known = sa.case((_says_something(SchoolMark.mark), Membership.school_id))
    rows = session.execute(
        sa.select(
            newest.c.id.label("meeting_id"),
            newest.c.held_on,
            newest.c.kind,
            newest.c.title,
            Cluster.id.label("cluster_id"),
            Cluster.name.label("cluster_name"),
            sa.func.count(sa.distinct(Membership.school_id)).label("expected"),
            sa.func.count(sa.distinct(known)).label("marked"),
        )
        .select_from(newest)
        .join(Cluster, Cluster.id == newest.c.cluster_id)
        .outerjoin(Membership, is_expected(Membership, newest.c.cluster_id, newest.c.held_on))
        .outerjoin(SchoolMark, (SchoolMark.meeting_id == newest.c.id) & (SchoolMark.school_id == Membership.school_id))
        .group_by(newest.c.id, newest.c.held_on, newest.c.kind, newest.c.title, Cluster.id, Cluster.name)
        .order_by(newest.c.held_on.desc(), newest.c.id.desc())
    )
    return [RegisterRow(**row._asdict()) for row in rows]


def find_sheet(session: Session, scope: Scope, meeting_id: int) -> Sheet | None:
    """The register of a meeting; None when there is none or it is not the reader's."""
    meeting = session.execute(
        sa.select(
            Meeting.id.label("meeting_id"), Cluster.id.label("cluster_id"), Cluster.slug.label("cluster"),
            Cluster.name.label("cluster_name"), Meeting.held_on, Meeting.kind, Meeting.title, Meeting.starts_at,
            Meeting.ends_at, Meeting.in_school_time, Meeting.headcount, Meeting.note,
        )
        .join(Cluster, Cluster.id == Meeting.cluster_id)
        .where(Meeting.id == meeting_id, Meeting.cluster_id.in_(visible_clusters(scope)))
    ).one_or_none()  # fmt: skip
    if meeting is None:
        return None
    cluster_id, held_on = meeting.cluster_id, meeting.held_on
    people = _people(session, meeting_id, cluster_id, held_on)
    away = _away(session, cluster_id, held_on)
    schools = session.execute(
        sa.select(School.id, School.name, SchoolMark.mark, SchoolMark.note, SchoolMark.illustrative)
        .outerjoin(SchoolMark, (SchoolMark.meeting_id == meeting_id) & (SchoolMark.school_id == School.id))
        .where(School.id.in_(sa.select(Membership.school_id).where(belongs(Membership, cluster_id, held_on))))
        .order_by(alphabetical(School.name), School.id)
    ).all()
    return Sheet(
        **meeting._asdict(),
        schools=tuple(
            SchoolLine(
                row.id, row.name, said(row.mark), row.note, bool(row.illustrative) and said(row.mark) is not None,
                tuple(people[row.id]),
            )
            for row in schools
            if row.id not in away
        ),
        away=tuple(AwayLine(row.id, row.name, *away[row.id]) for row in schools if row.id in away),
    )  # fmt: skip


def find_state(session: Session, scope: Scope, meeting_id: int, page: str, seen_since: datetime) -> State | None:
    """What stands in a register now, and how many pages but this one were seen with it since a moment."""
    is_mine = sa.and_(Meeting.id == meeting_id, Meeting.cluster_id.in_(visible_clusters(scope)))
    if session.scalar(sa.select(Meeting.id).where(is_mine)) is None:
        return None
    schools = session.execute(
        sa.select(SchoolMark.school_id, SchoolMark.mark).where(
            SchoolMark.meeting_id == meeting_id, _says_something(SchoolMark.mark)
        )
    )
    people = session.execute(
        sa.select(PersonMark.school_id, PersonMark.person_id, PersonMark.mark).where(
            PersonMark.meeting_id == meeting_id, _says_something(PersonMark.mark)
        )
    )
    pages = session.execute(
        sa.select(OpenRegister.page, OpenRegister.account_id).where(
            OpenRegister.meeting_id == meeting_id, OpenRegister.seen_at >= seen_since
        )
    ).all()
    me = next((account for each, account in pages if each == page), None)
    elsewhere = [account for each, account in pages if each != page]
    own = sum(account == me for account in elsewhere) if me is not None else 0
    return State(
        meeting_id,
        {row.school_id: row.mark for row in schools},
        {(row.school_id, row.person_id): row.mark for row in people},
        others=len(elsewhere) - own,
        own=own,
    )


def said(mark: Mark | None) -> Mark | None:
    """A mark, or None where nobody has said anything: no row and "not recorded" are the same."""
    return None if mark is Mark.NOT_RECORDED else mark


def _says_something(mark: sa.SQLColumnExpression[Mark]) -> sa.ColumnElement[bool]:
    return mark != Mark.NOT_RECORDED  # and is there: of nothing, nothing is true


def _away(session: Session, cluster_id: int, day: date) -> dict[int, tuple[EventKind, date | None]]:
    """Schools that are away → why, and until when: of several reasons the one that lasts longest, closed before all."""
    rows = session.execute(
        sa.select(LifecycleEvent.school_id, LifecycleEvent.kind, LifecycleEvent.ends_on).where(is_away(cluster_id, day))
    )
    found: dict[int, tuple[EventKind, date | None]] = {}
    for school_id, kind, until in rows:
        if school_id is None:
            continue
        known = found.get(school_id)
        if known is None or _lasting(kind, until) > _lasting(*known):
            found[school_id] = (kind, until)
    return found


def _lasting(kind: EventKind, until: date | None) -> tuple[bool, date]:
    return kind is EventKind.CLOSED, until or date.max


def _people(session: Session, meeting_id: int, cluster_id: int, day: date) -> defaultdict[int, list[PersonLine]]:
    """School → who may come for it that day, and who has a mark without being asked for."""
    roles = session.execute(
        sa.select(Appointment.school_id, Person.id, Person.name, Appointment.role, Appointment.starts, Appointment.ends)
        .join(Person, Person.id == Appointment.person_id)
        .where(stands_for_its_school(cluster_id, day))
        .order_by(Appointment.id)
    ).all()
    marked = session.execute(
        sa.select(PersonMark.school_id, Person.id, Person.name, PersonMark.mark)
        .join(Person, Person.id == PersonMark.person_id)
        .where(PersonMark.meeting_id == meeting_id)
    ).all()
    marks = {(row.school_id, row.id): said(row.mark) for row in marked}
    holds: dict[tuple[int, int], list[Any]] = defaultdict(list)
    names = {(row.school_id, row.id): row.name for row in marked if said(row.mark) is not None}
    for row in roles:
        holds[row.school_id, row.id].append(row)
        names[row.school_id, row.id] = row.name
    people: defaultdict[int, list[PersonLine]] = defaultdict(list)
    for (school_id, person_id), name in sorted(names.items(), key=lambda item: (item[1], item[0])):
        held = holds[school_id, person_id]
        people[school_id].append(
            PersonLine(
                person_id, name, tuple(dict.fromkeys(row.role for row in held)), _new_since(held, day), _ends(held),
                marks.get((school_id, person_id)),
            )
        )  # fmt: skip
    return people


def _new_since(held: list[Any], day: date) -> date | None:
    """Since when somebody has come for the school, where that is new."""
    starts = [row.starts for row in held]
    first = None if None in starts or not starts else min(starts)
    return first if first is not None and day - first <= _NEW else None


def _ends(held: list[Any]) -> date | None:
    ends = [row.ends for row in held]
    return None if None in ends or not ends else max(ends)
