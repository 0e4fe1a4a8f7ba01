"""What a cluster did for a school, and who came for it: by hand, and against plain loops over drawn worlds."""

from collections import Counter
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from hypothesis import given, settings

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope
from dashboard.db import Session, Store
from dashboard.directory.queries import cluster_years
from dashboard.directory.view import view_school
from dashboard.engagement.panels import BESIDE, COMERS
from dashboard.engagement.queries import load_comers
from dashboard.headteacher import queries
from dashboard.headteacher.panels import DONE
from dashboard.models import (
    Cluster,
    Participation,
    PersonMark,
    Project,
    School,
    SchoolMark,
    WorkingGroup,
    WorkingGroupSchool,
)
from dashboard.vocabulary import (
    ATTENDED_MARKS,
    EXPECTED_MARKS,
    SPENT_STATES,
    ContributionKind,
    ContributionState,
    GroupStatus,
    LineState,
    Mark,
    MeetingKind,
    Part,
    PersonRole,
    Pot,
    UseCode,
)
from tests import builders as put
from tests.builders import AS_OF, CHOSEN_YEARS, EXAMPLES, MOMENTS, DrawnWorld, build, taken_back, worlds
from tests.slow_answers import SlowAnswers


def fill(session: Session, of: Cluster, own: School, other: School) -> None:
    """The same facts of two schools, of which the other's are ten times as large."""
    for day, mark, kind in (
        (date(2016, 10, 5), Mark.PRESENT, MeetingKind.CLUSTER),
        (date(2016, 12, 7), Mark.SUBSTITUTE, MeetingKind.CLUSTER),
        (date(2017, 2, 1), Mark.APOLOGIES, MeetingKind.CLUSTER),
        (date(2017, 2, 8), Mark.PRESENT, MeetingKind.TRAINING),
    ):
        held = put.meeting(session, of, day, kind)
        put.mark(session, held, own, mark)
        put.mark(session, held, other, Mark.ABSENT)
    blank = put.meeting(session, of, date(2017, 2, 15))
    put.mark(session, blank, own, Mark.NOT_RECORDED)
    project = put.put(session, Project(cluster_id=of.id, name="Rivers"))
    long_ago = put.put(
        session, Project(cluster_id=of.id, name="Bridges", starts=date(2014, 9, 1), ends=date(2015, 7, 1))
    )
    group = WorkingGroup(cluster_id=of.id, name="Numeracy", lead_school_id=own.id, status=GroupStatus.AT_WORK)
    put.put(session, group)
    for school, times in ((own, 1), (other, 10)):
        put.allocation(session, of, 50_000 * times, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=school)
        put.line(session, of, 9_000 * times, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=school)
        put.line(session, of, 12_500 * times, pot=Pot.TRUST_HELD, part=Part.RESOURCES, by=school)
        put.line(session, of, 6_000 * times, use=UseCode.A3, by=school)
        put.line(session, of, 1_000 * times, LineState.COMMITTED, use=UseCode.A3, by=school)
        put.contribution(session, of, school, ContributionKind.LEVY, 5_000 * times)
        put.contribution(session, of, school, ContributionKind.TIME_IN_KIND, minutes=180 * times)
        put.contribution(session, of, school, ContributionKind.CASH, 100 * times, state=ContributionState.AGREED)
        there = WorkingGroupSchool(working_group_id=group.id, cluster_id=of.id, school_id=school.id)
        there.people = 2 * times
        put.put(session, there)
        for of_project, year_group in ((project, "Year 3"), (project, "Year 4"), (long_ago, "Year 4")):
            row = Participation(project_id=of_project.id, cluster_id=of.id, school_id=school.id, children=12 * times)
            row.year_group = year_group
            put.put(session, row)


BY_HAND: Final = [
    ("Cluster meeting, held for you", "2 of 3 attended", "the register"),
    ("Training, held for you", "1 of 1 attended", "the register"),
    ("Release money for your school", "£500, held by your school", "what was allocated"),
    ("Resources for your school", "£125 in one line, held by the Trust", "the ledger"),
    ("Visits", "£60 in one line, held by the lead school", "the ledger"),
    ("Working group “Numeracy”", "you lead it, two colleagues; at work", "working groups"),
    ("Project “Rivers”", "24 of your children, two year groups", "projects, counts only"),
    ("You put in: levy", "£50", "contributions"),
    ("You put in: time in kind", "3 hours", "contributions"),
]


def test_what_the_cluster_did_is_told_with_its_amounts_and_never_of_the_school_next_door(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill, decoy = put.cluster(session), put.cluster(session, "Decoy Cluster")
        ford, weir = (put.school(session, name, within=mill) for name in ("Ford School", "Weir School"))
        put.membership(session, decoy, ford)
        far = put.school(session, "Decoy School", within=decoy)
        fill(session, mill, ford, weir)
        fill(session, decoy, far, ford)
        for scope in (Scope(school_ids=frozenset({ford.id})), Scope(cluster_ids=frozenset({mill.id}))):
            view = view_school(session, scope, "ford-school", year=None, as_of=AS_OF, cluster="mill-cluster")
            assert view is not None
            done = DONE.load(session, view)
            assert [(line.what, line.amount, line.source) for line in done.lines] == BY_HAND
            assert DONE.headline(done, view) == (
                "The cluster held four meetings for you, gave £500 release money, paid two bills for your school, "
                "worked with you in one group and had 24 children of yours take part."
            )
            assert DONE.table(done).columns.tolist() == ["What", "How much", "Where it is from"]


@settings(EXAMPLES, max_examples=12)
@given(drawn=worlds(), year=CHOSEN_YEARS, as_of=MOMENTS)
def test_meetings_and_money_are_those_that_loops_over_all_rows_find(
    shared_store: Store, drawn: DrawnWorld, year: int | None, as_of: date
) -> None:
    with taken_back(shared_store) as session:
        world = build(session, drawn)
        slow = SlowAnswers.of(session)
        chosen = AcademicYear(year) if year is not None else None
        years = cluster_years(world.scope, as_of, year=chosen)
        pairs = [(row.cluster_id, row.year) for row in session.execute(sa.select(years))]
        found = queries.load_done(session, world.scope, years, as_of).to_dict("records")
        marks = {(each.meeting_id, each.school_id): each.mark for each in session.scalars(sa.select(SchoolMark))}
        expected: Counter[tuple[Any, ...]] = Counter()
        for of, start in pairs:
            for school in slow.members_in(of, start):
                for held in slow.past_meetings(of, start, as_of):
                    said = marks.get((held.id, school))
                    if said in EXPECTED_MARKS and slow.is_expected(of, school, held.held_on):
                        expected[of, school, "meeting", held.kind, "whole"] += 1
                        expected[of, school, "meeting", held.kind, "number"] += said in ATTENDED_MARKS
                for gift in slow.allocations:
                    if (gift.cluster_id, gift.year, gift.school_id) == (of, start, school):
                        expected[of, school, "given", gift.pot, gift.part] += gift.amount
                for line in slow.lines:
                    own = (line.cluster_id, line.year, line.school_id) == (of, start, school)
                    if own and line.state in SPENT_STATES and line.part != Part.RELEASE:
                        expected[of, school, "spent", line.pot, "lines"] += 1
                        expected[of, school, "spent", line.pot, "amount"] += line.amount
        told: Counter[tuple[Any, ...]] = Counter()
        for row in found:
            key = (row["cluster_id"], row["school_id"], row["kind"], row["code"])
            if row["kind"] == "meeting":
                told[*key, "whole"], told[*key, "number"] = row["whole"], row["number"]
            elif row["kind"] == "given":
                told[*key, row["words"]] = row["amount"]
            else:
                told[*key, "lines"], told[*key, "amount"] = row["number"], row["amount"]
        assert told == expected


def test_who_came_is_told_by_role_and_never_by_name(shared_store: Store) -> None:
    """A lead, another who took over in January, and a teacher with two roles who came for one of them."""
    with taken_back(shared_store) as session:
        mill, decoy = put.cluster(session), put.cluster(session, "Decoy Cluster")
        ford, weir = (put.school(session, name, within=mill) for name in ("Ford School", "Weir School"))
        far = put.school(session, "Decoy School", within=decoy)
        old, new, teacher, nobody = (
            put.person(session, f"Invented {name}") for name in ("Ash", "Birch", "Cedar", "Elm")
        )
        put.appointment(session, mill, ford, old, ends=date(2017, 1, 31), replaced_by=new)
        put.appointment(session, mill, ford, new, starts=date(2017, 1, 10))
        put.appointment(session, mill, ford, teacher, PersonRole.TEACHER)
        put.appointment(session, mill, ford, teacher, PersonRole.YEAR_6_TEACHER)
        put.appointment(session, mill, weir, nobody, PersonRole.GOVERNOR)
        came = {
            date(2016, 10, 5): [(old, Mark.PRESENT)],
            date(2016, 12, 7): [(teacher, Mark.SUBSTITUTE)],
            date(2017, 1, 18): [(old, Mark.PRESENT), (new, Mark.PRESENT)],
            date(2017, 2, 8): [(new, Mark.PRESENT), (nobody, Mark.PRESENT)],
            date(2017, 2, 22): [(old, Mark.APOLOGIES)],
        }
        for day, people in came.items():
            held = put.meeting(session, mill, day)
            best = Mark.PRESENT if any(mark is Mark.PRESENT for _, mark in people) else people[0][1]
            put.mark(session, held, ford, best)
            for who, mark in people:
                row = PersonMark(meeting_id=held.id, school_id=ford.id, person_id=who.id, mark=mark)
                put.put(session, row)
            put.put(session, PersonMark(meeting_id=held.id, school_id=weir.id, person_id=nobody.id, mark=Mark.PRESENT))
        for scope in (Scope(school_ids=frozenset({ford.id})), Scope(cluster_ids=frozenset({mill.id}))):
            years = cluster_years(scope, AS_OF, year=None)
            comers = load_comers(session, scope, years, AS_OF, ford.id)
            rows = {row.role: (row.usual, row.substitute, row.people) for row in comers.itertuples()}
            assert rows == {
                PersonRole.SUBJECT_LEAD: (3, 0, 2), PersonRole.TEACHER: (0, 1, 1), PersonRole.YEAR_6_TEACHER: (0, 1, 1),
                None: (1, 0, 1),
            }  # fmt: skip
            view = view_school(session, scope, "ford-school", year=None, as_of=AS_OF)
            assert view is not None
            register = COMERS.load(session, view)
            assert COMERS.headline(register, view) == "The usual person came three times, somebody else once."
            table = COMERS.table(register)
            assert list(table["Who came"]) == [
                "Your school", "Year 6 teacher", "Teacher", "Subject lead", "Role not recorded",
            ]  # fmt: skip
            assert "Invented" not in table.to_csv()
        theirs = Scope(school_ids=frozenset({far.id}))
        assert load_comers(session, theirs, cluster_years(theirs, AS_OF, year=None), AS_OF, ford.id).empty


def test_a_school_sits_beside_others_that_are_named_by_an_open_book_alone(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        ford, *others = (put.school(session, f"{name} School", within=mill) for name in ("Ford", "Dam", "Lock", "Mere"))
        for day in (1, 2, 3):
            held = put.meeting(session, mill, date(2016, 10, day))
            for school in (ford, *others):
                put.mark(session, held, school, Mark.PRESENT if school is not others[0] or day == 1 else Mark.ABSENT)
        scope = Scope(school_ids=frozenset({ford.id}))
        view = view_school(session, scope, "ford-school", year=None, as_of=AS_OF)
        assert view is not None
        assert BESIDE.is_empty(BESIDE.load(session, view)), "three others are too few to be told of"
        put.open_book(session, mill, ford)
        put.open_book(session, mill, others[0])
        register = BESIDE.load(session, view)
        told = BESIDE.table(register)
        assert told.values.tolist() == [["Your school", "100 % (3 of 3)"], ["Dam School", "33 % (1 of 3)"]]
        said = "You came to 100 % of your meetings; how the other schools did is told of those with an open book."
        assert BESIDE.headline(register, view) == said
