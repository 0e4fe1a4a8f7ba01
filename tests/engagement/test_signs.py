"""Sabbaticals, who comes again, who took over, the steering group: each query beside a slow answer on drawn worlds."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Scope
from dashboard.changes import Changes
from dashboard.db import Store
from dashboard.directory.queries import cluster_years
from dashboard.engagement.commands import Register
from dashboard.engagement.queries import load_attendance_by_school
from dashboard.engagement.signs import load_changes, load_regulars, load_sabbaticals, load_signs, load_steering
from dashboard.marks import roll_up
from dashboard.models import Appointment, ImportBatch, LifecycleEvent, Meeting, Person, PersonMark
from dashboard.vocabulary import EventKind, Mark, MeetingKind, PersonRole
from tests import builders as put
from tests.builders import AS_OF, CHOSEN_YEARS, DAYS, EXAMPLES, MOMENTS, DrawnWorld, World, taken_back, worlds
from tests.slow_answers import Answer, SlowAnswers, in_any_order, records

LEADS: Final = (PersonRole.SUBJECT_LEAD, PersonRole.YEAR_6_TEACHER)
PEOPLE: Final = 3
CAME: Final = (Mark.PRESENT, Mark.SUBSTITUTE)


@dataclass(frozen=True)
class DrawnRole:
    cluster: int
    school: int
    person: int
    role: PersonRole
    starts: date | None
    ends: date | None
    inducted: bool


ROLES: Final = st.lists(
    st.builds(
        DrawnRole,
        cluster=st.integers(0, 2),
        school=st.integers(0, 4),
        person=st.integers(0, PEOPLE - 1),
        role=st.sampled_from((*LEADS, PersonRole.HEADTEACHER)),
        starts=st.one_of(st.none(), st.sampled_from(DAYS)),
        ends=st.one_of(st.none(), st.sampled_from(DAYS)),
        inducted=st.booleans(),
    ),
    max_size=6,
)


def people_of(session: Session) -> list[Person]:
    return [put.put(session, Person(name=f"Colleague {number}")) for number in range(PEOPLE)]


def take_roles(session: Session, world: World, drawn: list[DrawnRole]) -> None:
    people = people_of(session)
    for each in drawn:
        cluster, school = world.clusters[each.cluster], world.schools[each.school % len(world.schools)]
        person = people[each.person]
        row = Appointment(person_id=person.id, role=each.role, cluster_id=cluster.id, school_id=school.id)
        row.starts, row.ends = each.starts, each.ends
        put.put(session, row)
        if each.inducted:
            put.event(session, cluster, school, EventKind.INDUCTED, AS_OF, person=person)


def slow_changes(session: Session, slow: SlowAnswers, cluster_id: int, year: int, as_of: date) -> list[Answer]:
    first, last = AcademicYear(year).starts, AcademicYear(year).ends
    roles = [row for row in session.query(Appointment) if row.cluster_id == cluster_id and row.role in _ALL_LEADS]
    lasting = {row.school_id for row in roles if (row.starts or date.min) <= last and (row.ends or date.max) >= first}
    found: dict[tuple[Any, int], Answer] = {}
    for row in roles:
        if row.starts is None or not first <= row.starts <= last or row.starts > as_of:
            continue
        if row.school_id not in slow.members_in(cluster_id, year):
            continue
        before = [
            each
            for each in roles
            if each.school_id == row.school_id
            and each.person_id != row.person_id
            and each.ends is not None
            and (each.starts or date.min) < row.starts
        ]
        if not before:
            continue
        events = [
            event.happened_on
            for event in session.query(LifecycleEvent)
            if (event.cluster_id, event.school_id, event.person_id, event.kind)
            == (cluster_id, row.school_id, row.person_id, EventKind.INDUCTED)
        ]
        answer = found.setdefault(
            (row.school_id, row.person_id),
            {"cluster_id": cluster_id, "school_id": row.school_id, "starts": row.starts,
             "inducted_on": min(events, default=None), "schools_with_leads": len(lasting)},
        )  # fmt: skip
        answer["starts"] = min(answer["starts"], row.starts)
    assert all(each["school_id"] in slow.schools for each in found.values())
    return list(found.values())


_ALL_LEADS: Final = (
    PersonRole.SUBJECT_LEAD, PersonRole.KEY_STAGE_3_LEAD, PersonRole.YEAR_6_TEACHER, PersonRole.ENGLISH_LEAD,
)  # fmt: skip


@EXAMPLES
@given(drawn=worlds(), roles=ROLES, as_of=MOMENTS, year=CHOSEN_YEARS)
def test_who_took_over_in_any_world(
    shared_store: Store, drawn: DrawnWorld, roles: list[DrawnRole], as_of: date, year: int | None
) -> None:
    with taken_back(shared_store) as session:
        world = put.build(session, drawn)
        take_roles(session, world, roles)
        slow, scope = SlowAnswers.of(session), world.scope
        years = cluster_years(scope, as_of, year=AcademicYear(year) if year is not None else None)
        pairs = slow.cluster_years(scope.cluster_ids, as_of, year)
        expected = [row for cluster_id, of in pairs for row in slow_changes(session, slow, cluster_id, of, as_of)]
        answer = records(load_changes(session, scope, years, as_of), expected)
        assert in_any_order(answer) == in_any_order(expected)


@EXAMPLES
@given(drawn=worlds(), as_of=MOMENTS, year=CHOSEN_YEARS, reviews=st.lists(st.sampled_from(DAYS), min_size=9))
def test_sabbaticals_and_steering_groups_in_any_world(
    shared_store: Store, drawn: DrawnWorld, as_of: date, year: int | None, reviews: list[date]
) -> None:
    with taken_back(shared_store) as session:
        world = put.build(session, drawn)
        for number, event in enumerate(session.query(LifecycleEvent)):
            event.review_on = reviews[number % len(reviews)]
        for meeting in session.query(Meeting).filter_by(kind=MeetingKind.TRAINING):
            meeting.kind = MeetingKind.STEERING_GROUP
        session.flush()
        slow, scope = SlowAnswers.of(session), world.scope
        years = cluster_years(scope, as_of, year=AcademicYear(year) if year is not None else None)
        pairs = dict(slow.cluster_years(scope.cluster_ids, as_of, year))
        expected = [
            {"cluster_id": each.cluster_id, "school_id": each.school_id, "happened_on": each.happened_on,
             "ends_on": each.ends_on, "review_on": each.review_on, "of_a_person": each.of_a_person}
            for each in slow.events
            if each.cluster_id in pairs
            and each.kind == EventKind.SABBATICAL
            and each.school_id in slow.members_in(each.cluster_id, pairs[each.cluster_id])
            and each.happened_on <= min(as_of, AcademicYear(pairs[each.cluster_id]).ends)
            and (each.ends_on or date.max) >= AcademicYear(pairs[each.cluster_id]).starts
        ]  # fmt: skip
        answer = records(load_sabbaticals(session, scope, years, as_of), expected)
        assert [row | {"of_a_person": bool(row["of_a_person"])} for row in in_any_order(answer)] == in_any_order(
            expected
        )
        steering = [
            {"cluster_id": each.cluster_id, "held_on": each.held_on}
            for each in slow.meetings
            if each.kind == MeetingKind.STEERING_GROUP and pairs.get(each.cluster_id) == each.year
        ]
        assert in_any_order(records(load_steering(session, scope, years), steering)) == in_any_order(steering)
        signs = load_signs(session, scope, years, as_of)
        assert set(signs) == set(pairs)
        for cluster_id, each in signs.items():
            assert len(each.half_terms) == 6
            assert {row.cluster_id for row in (*each.sabbaticals, *each.regulars, *each.changes)} <= {cluster_id}


VISITS: Final = st.lists(
    st.tuples(st.integers(0, 17), st.integers(0, 4), st.integers(0, PEOPLE - 1), st.sampled_from(tuple(Mark))),
    max_size=14,
    unique_by=lambda each: each[:3],
)
"""Which meeting, school, person; and the mark."""


@EXAMPLES
@given(drawn=worlds(), visits=VISITS, as_of=MOMENTS)
def test_who_comes_again_in_any_world(
    shared_store: Store, drawn: DrawnWorld, visits: list[tuple[int, int, int, Mark]], as_of: date
) -> None:
    with taken_back(shared_store) as session:
        world = put.build(session, drawn)
        people, meetings = people_of(session), session.query(Meeting).order_by(Meeting.id).all()
        seen = set()
        for number, school, person, mark in visits if meetings else ():
            key = (meetings[number % len(meetings)].id, world.schools[school % len(world.schools)].id)
            if (*key, person) not in seen:
                seen.add((*key, person))
                row = PersonMark(meeting_id=key[0], school_id=key[1], person_id=people[person].id, mark=mark)
                put.put(session, row)
        slow, scope = SlowAnswers.of(session), world.scope
        years = cluster_years(scope, as_of, year=None)
        pairs = slow.cluster_years(scope.cluster_ids, as_of, None)
        marks = session.query(PersonMark).all()
        expected = [
            row
            for cluster_id, year in pairs
            for school_id in slow.schools
            if (row := slow_regulars(slow, marks, cluster_id, school_id, year, as_of)) is not None
        ]
        answer = records(load_regulars(session, scope, years, as_of), expected)
        assert in_any_order(answer) == in_any_order(expected)


def slow_regulars(
    slow: SlowAnswers, marks: list[PersonMark], cluster_id: int, school_id: int, year: int, as_of: date
) -> Answer | None:
    known: set[int] = set()
    meetings = again = 0
    for held in slow.past_meetings(cluster_id, year, as_of):
        came = {row.person_id for row in marks if row.meeting_id == held.id and row.school_id == school_id
                and row.mark in CAME}  # fmt: skip
        if held.kind != MeetingKind.CLUSTER or not came or not slow.is_expected(cluster_id, school_id, held.held_on):
            continue
        meetings += 1
        again += bool(came & known)
        known |= came
    if not meetings:
        return None
    return {
        "cluster_id": cluster_id,
        "school_id": school_id,
        "meetings": meetings,
        "people": len(known),
        "again": again,
    }


SAID: Final = (Mark.PRESENT, Mark.SUBSTITUTE, Mark.APOLOGIES, Mark.ABSENT, Mark.NOT_EXPECTED)
"""In the order in which one person's mark goes before another's."""


@st.composite
def split_registers(draw: st.DrawFn) -> list[list[Mark]]:
    """For each meeting the marks of a school's people; the first of them alone would be the school's."""
    registers = []
    for _ in range(draw(st.integers(1, 6))):
        mark = draw(st.sampled_from(SAID))
        others = st.sampled_from(SAID[SAID.index(mark) :])
        people = [mark, *draw(st.lists(others, max_size=3))]
        registers.append(draw(st.permutations(people)))
    return registers


@EXAMPLES
@given(split=split_registers())
def test_splitting_a_register_by_person_and_rolling_it_up_changes_nothing(
    shared_store: Store, split: list[list[Mark]]
) -> None:
    whole = [min(people, key=SAID.index) for people in split]
    with taken_back(shared_store) as session:
        changes = Changes(session, ImportBatch(kind="test", file_name="test"))
        mill, dale = put.cluster(session, "Mill Cluster"), put.cluster(session, "Dale Cluster")
        ford = put.school(session, within=mill)
        put.membership(session, dale, ford)
        by_school, by_person = Register(changes, mill), Register(changes, dale)
        for number, people in enumerate(split):
            day = date(2016, 10, 3) + timedelta(days=number)
            by_school.record_school_mark(by_school.hold_meeting(day)[0], ford, whole[number])
            held = by_person.hold_meeting(day)[0]
            for who, mark in enumerate(people):
                by_person.record_person_mark(held, ford, f"Colleague {who}", mark)
            assert roll_up(people) is whole[number]
        session.flush()
        years = cluster_years(EVERYTHING, AS_OF, year=AcademicYear(2016))
        rows = load_attendance_by_school(session, EVERYTHING, years, AS_OF).to_dict("records")
        first, second = ({key: row[key] for key in row if key != "cluster_id"} for row in rows)
        assert first == second
        assert first["expected"] == sum(mark is not Mark.NOT_EXPECTED for mark in whole)


def test_a_reader_of_one_school_gets_the_signs_of_that_school_alone(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        ford, weir = put.school(session, within=mill), put.school(session, "Weir School", within=mill)
        for each in (ford, weir):
            put.event(session, mill, each, EventKind.SABBATICAL, date(2017, 1, 9))
        put.meeting(session, mill, date(2016, 10, 5))
        own = Scope(school_ids=frozenset({ford.id}))
        years = cluster_years(own, AS_OF, year=AcademicYear(2016))
        [signs] = load_signs(session, own, years, AS_OF).values()
        assert [row.school for row in signs.sabbaticals] == ["ford-school"]
        [whole] = load_signs(session, EVERYTHING, years, AS_OF).values()
        assert [row.school for row in whole.sabbaticals] == ["ford-school", "weir-school"]
        [of_weir] = load_signs(session, EVERYTHING, years, AS_OF, weir.id).values()
        assert [row.school for row in of_weir.sabbaticals] == ["weir-school"]
