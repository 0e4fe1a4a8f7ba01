"""What the headteacher of one school is told, whatever the history: schools that came and went, open books that nobody
closed, years without data. Every query beside a slow answer, over drawn worlds.
"""

import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, whole_store
from dashboard.db import Session, Store
from dashboard.directory.queries import cluster_years, load_members
from dashboard.engagement.queries import load_marks, load_turnout
from dashboard.main import create_app
from dashboard.models import Membership, SchoolMark
from dashboard.vocabulary import EXPECTED_MARKS, Mark, Role
from tests import builders as put
from tests.any_query import every_answer, keys_of
from tests.builders import AS_OF, CHOSEN_YEARS, EXAMPLES, MOMENTS, DrawnWorld, World, build, taken_back, worlds
from tests.conftest import NewStore
from tests.slow_answers import SlowAnswers
from tests.test_scoping import QUERIES, as_rows, ids
from tests.visitors import SETTINGS, Visitor, account

BOOKS: Final = st.frozensets(st.tuples(st.integers(0, 2), st.integers(0, 4)), max_size=10)
"""Which schools (by number) lay their books open to which clusters (by number)."""


@dataclass(frozen=True)
class History:
    """Who belonged where and when, and whose book is open; answered by going through everything, row by row."""

    own: int
    memberships: list[Membership]
    books: set[tuple[int, int]]
    """All agreed on 1 September 2015."""
    as_of: date

    def _spells(self, cluster_id: int, school_id: int) -> list[tuple[date, date]]:
        return [
            (row.joined or date.min, row.left or date.max)
            for row in self.memberships
            if (row.cluster_id, row.school_id) == (cluster_id, school_id)
        ]

    def belonged(self, cluster_id: int, year: int) -> bool:
        """Whether the own school belonged to a cluster on any day of a year."""
        first, last = date(year, 9, 1), date(year + 1, 8, 31)
        return any(joined <= last and left >= first for joined, left in self._spells(cluster_id, self.own))

    def was_there(self, cluster_id: int, school_id: int, day: date) -> bool:
        return any(joined <= day <= left for joined, left in self._spells(cluster_id, school_id))

    def by_name(self, cluster_id: int, school_id: int, year: int) -> bool:
        """Whether a school is named to the own one: it is the own one, or both books are open and both were members at
        the end of the year, or today while it goes on.
        """
        last = min(date(year + 1, 8, 31), self.as_of)
        both = all(
            year >= 2015 and (cluster_id, each) in self.books and self.was_there(cluster_id, each, last)
            for each in (self.own, school_id)
        )
        return school_id == self.own or both


def history_of(session: Session, world: World, books: frozenset[tuple[int, int]], as_of: date) -> History:
    there = {(world.clusters[of].id, world.schools[who].id) for of, who in books if who < len(world.schools)}
    for cluster_id, school_id in there:
        cluster = next(each for each in world.clusters if each.id == cluster_id)
        school = next(each for each in world.schools if each.id == school_id)
        put.open_book(session, cluster, school, date(2015, 9, 1))
    return History(world.schools[0].id, list(session.scalars(sa.select(Membership))), there, as_of)


@settings(EXAMPLES, max_examples=8)
@given(drawn=worlds(), books=BOOKS, year=CHOSEN_YEARS, as_of=MOMENTS)
def test_whatever_is_asked_only_schools_of_an_open_book_are_named(
    shared_store: Store, drawn: DrawnWorld, books: frozenset[tuple[int, int]], year: int | None, as_of: date
) -> None:
    with taken_back(shared_store) as session:
        history = history_of(session, build(session, drawn), books, as_of)
        scope = Scope(school_ids=frozenset({history.own}))
        chosen = AcademicYear(year) if year is not None else None
        years = cluster_years(scope, as_of, year=chosen)
        pairs = {row.cluster_id: row.year for row in session.execute(sa.select(years))}
        assert all(history.belonged(cluster_id, of) for cluster_id, of in pairs.items())
        keys = {name: values for name, values in keys_of(session, most=1).items() if name != "slug"}
        for name, query in zip(ids, QUERIES, strict=True):
            parameters = inspect.signature(query).parameters
            if "slug" in parameters:
                continue
            for row in _rows(session, every_answer(query, session, scope, years, as_of, keys, year=chosen)):
                of = row.get("cluster_id") if "years" in parameters else None
                if row.get("school_id") not in (None, history.own):
                    assert any(
                        history.by_name(each, row["school_id"], pairs[each]) for each in ([of] if of else pairs)
                    ), name
                if of is not None and name != "directory.load_clusters":
                    assert of in pairs, name


def _rows(session: Session, answers: Iterator[Any]) -> list[dict[str, Any]]:
    return [row for answer in answers if answer is not None for row in as_rows(session, answer)]


@settings(EXAMPLES, max_examples=8)
@given(drawn=worlds(), books=BOOKS, year=CHOSEN_YEARS, as_of=MOMENTS)
def test_a_meeting_is_told_in_totals_unless_one_school_would_be_left(
    shared_store: Store, drawn: DrawnWorld, books: frozenset[tuple[int, int]], year: int | None, as_of: date
) -> None:
    with taken_back(shared_store) as session:
        world = build(session, drawn)
        history = history_of(session, world, books, as_of)
        scope = Scope(school_ids=frozenset({history.own}))
        years = cluster_years(scope, as_of, year=AcademicYear(year) if year is not None else None)
        pairs = {row.cluster_id: row.year for row in session.execute(sa.select(years))}
        shown = set(load_turnout(session, scope, years, as_of)["meeting_id"])
        said = {(each.meeting_id, each.school_id): each.mark for each in session.scalars(sa.select(SchoolMark))}
        expected, slow = set(), SlowAnswers.of(session)
        for held in slow.meetings:
            if pairs.get(held.cluster_id) != held.year or held.held_on > as_of:
                continue
            there = [each.id for each in world.schools if slow.is_expected(held.cluster_id, each.id, held.held_on)]
            unnamed = [
                said.get((held.id, each), Mark.NOT_RECORDED)
                for each in there
                if not history.by_name(held.cluster_id, each, held.year)
            ]
            counted = sum(each in EXPECTED_MARKS for each in unnamed)
            blank = sum(each is Mark.NOT_RECORDED for each in unnamed)
            if there and counted != 1 and counted + blank != 1:
                expected.add(held.id)
        assert shown == expected


@pytest.mark.parametrize("asked", [None, 2016])
def test_a_school_that_left_before_there_was_data_is_told_nothing(shared_store: Store, asked: int | None) -> None:
    """Its open book was never closed; asked without a year, the present one must not stand in for one of its own."""
    with taken_back(shared_store) as session:
        cluster = put.cluster(session)
        left, stays = put.school(session, "Ford School"), put.school(session, "Weir School", within=cluster)
        put.membership(session, cluster, left, left=date(2014, 7, 31))
        for each in (left, stays):
            put.open_book(session, cluster, each, date(2013, 9, 1))
        put.meeting(session, cluster, date(2016, 10, 5), weir_school=Mark.PRESENT)
        scope = Scope(school_ids=frozenset({left.id}))
        years = cluster_years(scope, AS_OF, year=AcademicYear(asked) if asked else None)
        assert session.execute(sa.select(years)).all() == []
        assert load_members(session, scope, years, AS_OF).empty
        assert load_marks(session, scope, years, AS_OF).empty
        assert load_turnout(session, scope, years, AS_OF).empty
        theirs = Scope(school_ids=frozenset({stays.id}))
        years = cluster_years(theirs, AS_OF, year=None)
        assert set(load_marks(session, theirs, years, AS_OF)["school"]) == {"weir-school"}


def test_the_pages_of_a_school_that_left_name_no_other_and_say_why_they_are_empty(new_store: NewStore) -> None:
    """As a person meets it: with and without a year in the address, as a page and as a callback past the page."""
    address = new_store()
    with whole_store(address) as store, Store(address) as walled:
        with store.writing() as session:
            cluster = put.cluster(session)
            left, stays = put.school(session, "Ford School"), put.school(session, "Weir School", within=cluster)
            put.membership(session, cluster, left, date(2010, 9, 1), date(2014, 7, 31))
            for each in (left, stays):
                put.open_book(session, cluster, each, date(2013, 9, 1))
            put.meeting(session, cluster, date(2013, 10, 5), weir_school=Mark.PRESENT)
            put.meeting(session, cluster, date(2016, 10, 5), weir_school=Mark.PRESENT)
            put.target(session, cluster, "NOT-YOURS", title="Not yours")
            unique = account(session, Role.HEADTEACHER, school=left).fs_uniquifier
        coming = Visitor.signed_in(create_app(walled, SETTINGS, lambda: AS_OF), store, unique)
        told = {
            (path, search): json.dumps(coming.show(path, search)) + coming.get(path + search).text
            for path in ("/cluster/mill-cluster", "/school/ford-school")
            for search in ("", "?year=2013-14", "?year=2016-17", "?cluster=mill-cluster")
        }
    for where, said in told.items():
        assert "weir" not in said.lower(), where
        assert "not yours" not in said.lower(), where
    assert "did not belong to this cluster in 2016-17" in told["/cluster/mill-cluster", "?year=2016-17"]
    assert "did not belong" not in told["/cluster/mill-cluster", ""]
    assert "2013-14" in told["/cluster/mill-cluster", ""]


def test_with_all_but_one_by_name_a_total_would_be_that_ones_mark(shared_store: Store) -> None:
    """Four schools came or not; three of them are known by name. The total less the three is the fourth's mark."""
    with taken_back(shared_store) as session:
        cluster = put.cluster(session)
        schools = [put.school(session, name, within=cluster) for name in ("Ford", "Lock", "Mere", "Weir")]
        came, not_there = Mark.PRESENT, Mark.ABSENT
        put.meeting(session, cluster, date(2016, 10, 5), ford=came, lock=came, mere=not_there, weir=not_there)
        scope = Scope(school_ids=frozenset({schools[0].id}))
        years = cluster_years(scope, AS_OF, year=None)
        put.open_book(session, cluster, schools[0])
        put.open_book(session, cluster, schools[1])
        assert len(load_turnout(session, scope, years, AS_OF)) == 1, "two are unnamed"
        third = put.open_book(session, cluster, schools[2])
        assert load_turnout(session, scope, years, AS_OF).empty
        put.open_book(session, cluster, schools[3])
        assert len(load_turnout(session, scope, years, AS_OF)) == 1, "all are named"
        third.withdrawn_on = date(2016, 12, 1)
        session.flush()
        assert load_turnout(session, scope, years, AS_OF).empty


P, N, X, BLANK = Mark.PRESENT, Mark.ABSENT, Mark.NOT_EXPECTED, None
TOLD: Final[dict[tuple[Mark | None, ...], tuple[int, int, int] | None]] = {
    (P, N, X): None,  # the one of two that came is the own school
    (P, P, BLANK): None,
    (P, BLANK, X): None,  # the one that is not recorded
    (P, N, P): (2, 3, 0),
    (P, N, N, X): (1, 3, 0),
    (P, N, N, BLANK): (1, 3, 1),
    (X, N, X, P): (1, 2, 0),
    (P, BLANK, BLANK): (1, 1, 2),
    (BLANK, BLANK, BLANK): (0, 0, 3),
    (P, X, X): (1, 1, 0),
    (P,): (1, 1, 0),
}
"""The marks of the own school and of others → what is told: came, expected, not recorded; None: nothing."""


@pytest.mark.parametrize("marks", TOLD, ids=lambda marks: " ".join(str(each) for each in marks))
def test_a_total_counts_the_schools_that_are_in_it(shared_store: Store, marks: tuple[Mark | None, ...]) -> None:
    """A school that was not expected, or is not recorded, hides nobody."""
    with taken_back(shared_store) as session:
        cluster = put.cluster(session)
        schools = [put.school(session, f"School {number}", within=cluster) for number in range(len(marks))]
        held = put.meeting(session, cluster, date(2016, 10, 5))
        for school, said in zip(schools, marks, strict=True):
            if said is not None:
                put.mark(session, held, school, said)
        scope = Scope(school_ids=frozenset({schools[0].id}))
        turnout = load_turnout(session, scope, cluster_years(scope, AS_OF, year=None), AS_OF)
        told = [tuple(row) for row in turnout[["attended", "expected", "not_recorded"]].to_numpy()]
        assert told == ([] if TOLD[marks] is None else [TOLD[marks]])
