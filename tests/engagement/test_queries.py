"""Who came, in numbers: against slow answers on drawn worlds, and against numbers worked out by hand."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.db import Store
from dashboard.directory.queries import cluster_years, years_with_data
from dashboard.engagement.queries import (
    load_attendance_by_school,
    load_marks,
    load_meetings,
    load_sizes,
    load_turnout_by_term,
)
from dashboard.vocabulary import Mark, MeetingKind
from tests import builders as put
from tests.builders import AS_OF, CHOSEN_YEARS, EXAMPLES, MOMENTS, YEAR, DrawnWorld, taken_back, worlds
from tests.slow_answers import SlowAnswers, as_pairs, in_any_order, records

COUNTS = ("expected", "attended", "rate", "not_recorded", "missed_in_a_row", "last_attended")


@EXAMPLES
@given(drawn=worlds(), as_of=MOMENTS, year=CHOSEN_YEARS)
def test_the_years_and_members_of_any_world(
    shared_store: Store, drawn: DrawnWorld, as_of: date, year: int | None
) -> None:
    with taken_back(shared_store) as session:
        world = put.build(session, drawn)
        slow, scope = SlowAnswers.of(session), world.scope
        chosen = AcademicYear(year) if year is not None else None
        years = cluster_years(scope, as_of, year=chosen)
        pairs = slow.cluster_years(scope.cluster_ids, as_of, year)
        assert as_pairs(session, years) == sorted(pairs)
        one = world.clusters[0].id
        assert as_pairs(session, cluster_years(scope, as_of, year=chosen, cluster_id=one)) == [
            pair for pair in pairs if pair[0] == one
        ]
        assert [each.start for each in years_with_data(session, scope)] == slow.years_with_data(scope.cluster_ids)
        assert [each.start for each in years_with_data(session, scope, one)] == slow.years_with_data([one])
        sizes = slow.load_sizes(pairs, as_of)
        assert in_any_order(records(load_sizes(session, scope, years, as_of), sizes)) == in_any_order(sizes)


@EXAMPLES
@given(drawn=worlds(), as_of=MOMENTS, year=CHOSEN_YEARS)
def test_attendance_in_any_world(shared_store: Store, drawn: DrawnWorld, as_of: date, year: int | None) -> None:
    with taken_back(shared_store) as session:
        world = put.build(session, drawn)
        slow, scope = SlowAnswers.of(session), world.scope
        years = cluster_years(scope, as_of, year=AcademicYear(year) if year is not None else None)
        pairs = slow.cluster_years(scope.cluster_ids, as_of, year)
        meetings = slow.load_meetings(pairs, as_of)
        assert records(load_meetings(session, scope, years, as_of), meetings) == meetings
        terms = slow.load_turnout_by_term(pairs, as_of)
        assert in_any_order(records(load_turnout_by_term(session, scope, years, as_of), terms)) == in_any_order(terms)
        marks = slow.load_marks(pairs, as_of)
        assert records(load_marks(session, scope, years, as_of), marks) == marks
        schools = in_any_order(slow.load_attendance_by_school(pairs, as_of))
        answer = load_attendance_by_school(session, scope, years, as_of)
        assert in_any_order(records(answer, schools)) == schools
        assert list(answer["name"]) == sorted(answer["name"])


@EXAMPLES
@given(drawn=worlds(), chosen=st.integers(0, 4))
def test_one_school_of_any_world(shared_store: Store, drawn: DrawnWorld, chosen: int) -> None:
    with taken_back(shared_store) as session:
        world = put.build(session, drawn)
        slow, scope = SlowAnswers.of(session), world.scope
        school_id = world.schools[chosen % len(world.schools)].id
        years = cluster_years(scope, AS_OF, year=None)
        pairs = slow.cluster_years(scope.cluster_ids, AS_OF, None)
        marks = slow.load_marks(pairs, AS_OF, school_id)
        assert records(load_marks(session, scope, years, AS_OF, school_id), marks) == marks
        own = in_any_order(slow.load_attendance_by_school(pairs, AS_OF, school_id))
        answer = load_attendance_by_school(session, scope, years, AS_OF, school_id)
        assert in_any_order(records(answer, own)) == own


def attendance(session: Session, *, year: int | None = YEAR, as_of: date = AS_OF) -> dict[str, dict[str, Any]]:
    """The rows of every school by slug."""
    years = cluster_years(EVERYTHING, as_of, year=AcademicYear(year) if year is not None else None)
    rows = records(load_attendance_by_school(session, EVERYTHING, years, as_of))
    return {row["school"]: row for row in rows}


def first_of_october(day: int) -> date:
    return date(YEAR, 10, day)


@pytest.mark.parametrize(
    ("letters", "expected", "attended", "rate", "not_recorded", "missed", "last"),
    [
        ("", 0, 0, None, 0, 0, None),
        (" ", 0, 0, None, 1, 0, None),
        ("?", 0, 0, None, 1, 0, None),
        ("-", 0, 0, None, 0, 0, None),
        ("P", 1, 1, 1.0, 0, 0, 1),
        ("S", 1, 1, 1.0, 0, 0, 1),
        ("A", 1, 0, 0.0, 0, 1, None),
        ("N", 1, 0, 0.0, 0, 1, None),
        ("PPNN", 4, 2, 0.5, 0, 2, 2),
        ("NNPS", 4, 2, 0.5, 0, 0, 4),
        ("PA-N?", 3, 1, 1 / 3, 1, 2, 1),
        ("P N", 2, 1, 0.5, 1, 1, 1),
        ("PN ?-", 2, 1, 0.5, 2, 1, 1),
        ("NPN-N", 4, 1, 0.25, 0, 2, 2),
    ],
)
def test_a_register_in_letters(
    shared_store: Store,
    letters: str,
    expected: int,
    attended: int,
    rate: float | None,
    not_recorded: int,
    missed: int,
    last: int | None,
) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.register(session, mill, put.school(session, within=mill), letters)
        row = attendance(session)["ford-school"]
        told = (expected, attended, rate, not_recorded, missed, last and first_of_october(last))
        assert tuple(row[name] for name in COUNTS) == told


JOINED, LEFT = first_of_october(3), first_of_october(6)


@pytest.mark.parametrize(
    ("times", "expected", "attended", "not_recorded", "missed"),
    [
        (((None, None),), 6, 3, 2, 1),
        (((JOINED, None),), 5, 2, 1, 1),
        (((JOINED, LEFT),), 3, 1, 1, 0),
        (((None, LEFT),), 4, 2, 2, 0),
        (((None, first_of_october(2)), (first_of_october(7), None)), 3, 2, 1, 1),
        (((first_of_october(1), first_of_october(1)),), 1, 1, 0, 0),
        (((date(2016, 1, 1), date(2016, 9, 1)),), 0, 0, 0, 0),
    ],
    ids=["always", "joined", "joined and left", "left", "two spells", "one day", "left before the first meeting"],
)
def test_only_days_as_a_member_count(
    shared_store: Store,
    times: tuple[tuple[date | None, date | None], ...],
    expected: int,
    attended: int,
    not_recorded: int,
    missed: int,
) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        ford = put.school(session)
        for joined, left in times:
            put.membership(session, mill, ford, joined, left)
        # The days:                  12345678
        put.register(session, mill, ford, "P NA PPN"[:8])
        row = attendance(session)["ford-school"]
        assert (row["expected"], row["attended"], row["not_recorded"], row["missed_in_a_row"]) == (
            expected, attended, not_recorded, missed,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("joined", "left", "is_row"),
    [
        (None, date(2016, 8, 31), False),
        (None, date(2016, 9, 1), True),
        (date(2017, 8, 31), None, True),
        (date(2017, 9, 1), None, False),
    ],
)
def test_a_member_for_one_day_of_the_year_has_a_row(
    shared_store: Store, joined: date | None, left: date | None, is_row: bool
) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.membership(session, mill, put.school(session), joined, left)
        assert ("ford-school" in attendance(session)) is is_row


def test_a_meeting_counts_on_its_day_and_not_before(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.school(session, within=mill)
        put.meeting(session, mill, date(2017, 2, 1), ford_school=Mark.PRESENT)
        for as_of, came in ((date(2017, 1, 31), 0), (date(2017, 2, 1), 1)):
            assert attendance(session, as_of=as_of)["ford-school"]["attended"] == came


def test_a_planned_meeting_is_neither_missed_nor_unrecorded(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.school(session, within=mill)
        put.meeting(session, mill, date(2017, 3, 2))
        row = attendance(session)["ford-school"]
        assert (row["expected"], row["not_recorded"], row["missed_in_a_row"]) == (0, 0, 0)


def test_two_meetings_of_one_day_are_two(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.school(session, within=mill)
        put.meeting(session, mill, date(2017, 2, 1), MeetingKind.CLUSTER, ford_school=Mark.PRESENT)
        put.meeting(session, mill, date(2017, 2, 1), MeetingKind.TRAINING, ford_school=Mark.ABSENT)
        row = attendance(session)["ford-school"]
        assert (row["expected"], row["attended"], row["missed_in_a_row"]) == (2, 1, 1)


def test_a_school_in_two_clusters_is_counted_in_each_alone(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill, dale = put.cluster(session), put.cluster(session, "Dale Cluster")
        ford = put.school(session, within=mill)
        put.membership(session, dale, ford)
        put.register(session, mill, ford, "PP")
        put.register(session, dale, ford, "NNN")
        years = cluster_years(EVERYTHING, AS_OF, year=None)
        frame = load_attendance_by_school(session, EVERYTHING, years, AS_OF)
        told = {row.cluster_id: (row.attended, row.expected) for row in frame.itertuples()}
        assert told == {mill.id: (2, 2), dale.id: (0, 3)}


def rates(session: Session) -> list[tuple[str, int, int, str]]:
    years = cluster_years(EVERYTHING, AS_OF, year=None)
    frame = load_attendance_by_school(session, EVERYTHING, years, AS_OF)
    return [(row.school, row.expected, row.attended, str(row.rate)) for row in frame.itertuples()]


def test_a_rate_of_nothing_is_none_beside_other_rates(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.register(session, mill, put.school(session, within=mill), "PN")
        put.school(session, "Weir School", within=mill)
        rows = attendance(session)
        assert (rows["ford-school"]["rate"], rows["weir-school"]["rate"]) == (0.5, None)


@EXAMPLES
@given(drawn=worlds(), said=st.sampled_from(tuple(Mark)), data=st.data())
def test_a_mark_outside_every_membership_changes_no_rate(
    shared_store: Store, drawn: DrawnWorld, said: Mark, data: st.DataObject
) -> None:
    with taken_back(shared_store) as session:
        put.build(session, drawn)
        slow = SlowAnswers.of(session)
        outside = [
            (meeting, school)
            for meeting in slow.meetings
            for school in slow.schools.values()
            if not slow.is_expected(meeting.cluster_id, school.id, meeting.held_on)
            and (meeting.id, school.id) not in slow.marks
        ]
        stranger = put.school(session, "Stranger")
        outside += [(meeting, stranger) for meeting in slow.meetings]
        before = rates(session)
        if outside:
            put.mark(session, *data.draw(st.sampled_from(outside)), said)
        assert rates(session) == before


@EXAMPLES
@given(drawn=worlds(), said=st.sampled_from((Mark.NOT_RECORDED, Mark.NOT_EXPECTED)), data=st.data())
def test_a_mark_that_says_nothing_changes_no_rate(
    shared_store: Store, drawn: DrawnWorld, said: Mark, data: st.DataObject
) -> None:
    with taken_back(shared_store) as session:
        put.build(session, drawn)
        slow = SlowAnswers.of(session)
        free = [
            (meeting, school)
            for meeting in slow.meetings
            for school in slow.schools.values()
            if (meeting.id, school.id) not in slow.marks
        ]
        before = rates(session)
        if free:
            put.mark(session, *data.draw(st.sampled_from(free)), said)
        assert rates(session) == before
