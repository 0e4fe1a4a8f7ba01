"""How the other schools did: against a slow answer, and never so that one school's figure could be worked out."""

import math
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, NOTHING, Scope, whole_store
from dashboard.db import Store
from dashboard.directory.queries import cluster_years
from dashboard.engagement.queries import load_others
from dashboard.main import create_app
from dashboard.models import Cluster, School
from dashboard.spread import middle, middle_half
from dashboard.vocabulary import EventKind, Mark, Role
from tests import builders as put
from tests.builders import AS_OF, CHOSEN_YEARS, EXAMPLES, MOMENTS, DrawnWorld, taken_back, worlds
from tests.conftest import NewStore
from tests.slow_answers import SlowAnswers
from tests.visitors import SETTINGS, Visitor, account

LETTERS: Final = {"P": Mark.PRESENT, "S": Mark.SUBSTITUTE, "A": Mark.APOLOGIES, "N": Mark.ABSENT, "?": None}
DAYS: Final = tuple(date(2016, 10, day) for day in range(1, 7))


@dataclass(frozen=True)
class DrawnSchool:
    letters: str
    joined: date | None
    away_from: date | None
    open_book: bool


SCHOOLS: Final = st.lists(
    st.builds(
        DrawnSchool,
        letters=st.text("PPPPSAN?", min_size=6, max_size=6),
        joined=st.sampled_from((None, None, None, DAYS[1], DAYS[4])),
        away_from=st.sampled_from((None, None, None, None, DAYS[2], DAYS[5])),
        open_book=st.booleans(),
    ),
    min_size=5,
    max_size=9,
)


def build(session: Session, drawn: list[DrawnSchool]) -> tuple[Cluster, list[School]]:
    """A cluster of drawn schools, the first of which asks; and a decoy with the same schools, where nobody came."""
    mill, decoy = put.cluster(session), put.cluster(session, "Decoy Cluster")
    schools = [put.school(session, f"School {number}") for number in range(len(drawn))]
    held = [put.meeting(session, mill, day) for day in DAYS]
    missed = [put.meeting(session, decoy, day) for day in DAYS]
    for school, one in zip(schools, drawn, strict=True):
        put.membership(session, mill, school, one.joined)
        put.membership(session, decoy, school)
        if one.away_from:
            put.event(session, mill, school, EventKind.SABBATICAL, one.away_from)
        if one.open_book:
            put.open_book(session, mill, school)
        for at, elsewhere, letter in zip(held, missed, one.letters, strict=True):
            said = LETTERS[letter]
            if said:
                put.mark(session, at, school, said)
            put.mark(session, elsewhere, school, Mark.ABSENT)
    return mill, schools


def rates_of(drawn: list[DrawnSchool], least: int) -> dict[int, Fraction]:
    """The rate of each school but the first that had so many meetings which count, by its number."""
    rates = {}
    for number, one in enumerate(drawn[1:], start=1):
        counting = [
            letter
            for day, letter in zip(DAYS, one.letters, strict=True)
            if letter != "?" and day >= (one.joined or date.min) and day < (one.away_from or date.max)
        ]
        if len(counting) >= least:
            rates[number] = Fraction(sum(letter in "PS" for letter in counting), len(counting))
    return rates


@EXAMPLES
@given(drawn=SCHOOLS)
def test_the_others_as_a_headteacher_may_read_of_them(store: Store, drawn: list[DrawnSchool]) -> None:
    with taken_back(store) as session:
        mill, schools = build(session, drawn)
        scope = Scope(school_ids=frozenset({schools[0].id}))
        years = cluster_years(scope, AS_OF, year=None, cluster_id=mill.id)
        told = load_others(session, scope, years, AS_OF, schools[0].id).to_dict("records")
        rates = rates_of(drawn, 3)
        by_name = {number for number in rates if drawn[number].open_book and drawn[0].open_book}
        if len(rates) - len(by_name) < 5:
            assert told == []
            return
        ordered = sorted(rates.values())
        (lower, upper), median = middle_half(ordered), middle(ordered)
        assert told == [
            {
                "cluster_id": mill.id, "others": len(rates), "lower": math.floor(lower * 5) / 5,
                "median": math.floor(median * 5 + Fraction(1, 2)) / 5, "upper": math.ceil(upper * 5) / 5,
                "lowest": None, "highest": None,
            }
        ]  # fmt: skip


@EXAMPLES
@given(drawn=SCHOOLS)
def test_the_others_as_whoever_runs_the_cluster_reads_of_them(store: Store, drawn: list[DrawnSchool]) -> None:
    with taken_back(store) as session:
        mill, schools = build(session, drawn)
        scope = Scope(cluster_ids=frozenset({mill.id}))
        told = load_others(session, scope, cluster_years(scope, AS_OF, year=None), AS_OF, schools[0].id)
        ordered = sorted(rates_of(drawn, 1).values())
        expected = []
        if ordered:
            (lower, upper), median = middle_half(ordered), middle(ordered)
            figures = (lower, median, upper, ordered[0], ordered[-1])
            expected = [(mill.id, len(ordered), *map(float, figures))]
        assert [tuple(row) for row in told.to_numpy()] == expected


@EXAMPLES
@given(drawn=worlds(), year=CHOSEN_YEARS, as_of=MOMENTS)
def test_in_any_world_nothing_is_told_of_fewer_than_five(
    store: Store, drawn: DrawnWorld, year: int | None, as_of: date
) -> None:
    """A drawn world has five schools at most, so that no school has five others."""
    with taken_back(store) as session:
        world = put.build(session, drawn)
        chosen = AcademicYear(year) if year is not None else None
        for school in world.schools:
            scope = Scope(school_ids=frozenset({school.id}))
            assert load_others(session, scope, cluster_years(scope, as_of, year=chosen), as_of, school.id).empty
        years = cluster_years(world.scope, as_of, year=chosen)
        slow = SlowAnswers.of(session)
        pairs = slow.cluster_years(world.scope.cluster_ids, as_of, year)
        rated = [row for row in slow.load_attendance_by_school(pairs, as_of) if row["expected"]]
        counts = {row["cluster_id"]: sum(each["cluster_id"] == row["cluster_id"] for each in rated) for row in rated}
        told = load_others(session, world.scope, years, as_of)
        assert dict(zip(told["cluster_id"], told["others"], strict=True)) == counts
        assert load_others(session, NOTHING, cluster_years(EVERYTHING, as_of, year=chosen), as_of).empty


def of_schools(session: Session, *registers: str, opened: int = 0) -> tuple[Cluster, list[School]]:
    """A cluster whose first school asks; the first so many lay their books open to one another."""
    return build(session, [DrawnSchool(each, None, None, number < opened) for number, each in enumerate(registers)])


def told_to_the_first(session: Session, mill: Cluster, schools: list[School]) -> list[tuple[Any, ...]]:
    scope = Scope(school_ids=frozenset({schools[0].id}))
    years = cluster_years(scope, AS_OF, year=None, cluster_id=mill.id)
    told = load_others(session, scope, years, AS_OF, schools[0].id)
    return [tuple(row)[1:] for row in told.to_numpy()]


WORST, BEST, MOST, SOME = "NNNNNN", "PPPPPP", "PPPPNN", "PPP???"


@pytest.mark.parametrize(
    ("registers", "opened", "told"),
    [
        ((BEST, WORST, BEST, BEST, BEST), 0, None),  # four others
        ((BEST, WORST, BEST, BEST, BEST, "PP????"), 0, None),  # the fifth has two meetings that count
        ((BEST, WORST, BEST, BEST, BEST, SOME), 0, (5, 1.0, 1.0, 1.0, None, None)),
        ((BEST, WORST, WORST, MOST, BEST, BEST), 0, (5, 0.0, 0.6, 1.0, None, None)),  # 67 % is told as 60 %
        ((BEST, MOST, MOST, MOST, MOST, MOST), 0, (5, 0.6, 0.6, 0.8, None, None)),  # and never as itself
        ((BEST, MOST, WORST, BEST, BEST, BEST, BEST), 2, (6, 0.6, 1.0, 1.0, None, None)),  # five are unnamed
        ((BEST, WORST, MOST, BEST, BEST, BEST, BEST), 3, None),  # two are known by name, four are not
        ((WORST, WORST, WORST, BEST, BEST, BEST, BEST), 0, (6, 0.0, 1.0, 1.0, None, None)),
    ],
)
def test_what_is_told_by_hand(
    store: Store, registers: tuple[str, ...], opened: int, told: tuple[Any, ...] | None
) -> None:
    with taken_back(store) as session:
        mill, schools = of_schools(session, *registers, opened=opened)
        assert told_to_the_first(session, mill, schools) == ([told] if told else [])


@pytest.mark.parametrize("other", range(1, 6))
def test_the_marks_of_the_one_at_either_end_change_nothing_that_is_told(store: Store, other: int) -> None:
    """Five others of whom four came to all: whatever the fifth did, and whichever it is, the head reads the same."""
    answers = set()
    for letters in (WORST, "PNNNNN", "PPPNNN", BEST):
        with taken_back(store) as session:
            registers = [BEST] * 6
            registers[other] = letters
            answers.update(told_to_the_first(session, *of_schools(session, *registers)))
    assert answers == {(5, 1.0, 1.0, 1.0, None, None)}


def test_nothing_is_told_of_a_year_in_which_the_school_was_no_member(store: Store) -> None:
    with taken_back(store) as session:
        mill, _ = of_schools(session, *[BEST] * 7)
        late = put.school(session, "Late School")
        put.membership(session, mill, late, joined=date(2017, 9, 1))
        scope = Scope(school_ids=frozenset({late.id}))
        years = cluster_years(EVERYTHING, AS_OF, year=None, cluster_id=mill.id)
        assert load_others(session, scope, years, AS_OF, late.id).empty


def test_a_headteachers_page_says_it_through_the_wall_and_below_five_nothing(new_store: NewStore) -> None:
    """As a person meets it: on PostgreSQL behind row-level security, which lets the marks through for totals."""
    address = new_store()
    with whole_store(address) as store, Store(address) as walled:
        with store.writing() as session:
            _, schools = of_schools(session, MOST, WORST, MOST, BEST, BEST, BEST)
            unique = account(session, Role.HEADTEACHER, school=schools[0]).fs_uniquifier
            gone, name = schools[5].id, schools[1].name
        coming = Visitor.signed_in(create_app(walled, SETTINGS, lambda: AS_OF), store, unique)
        where = ("/school/school-0", "?cluster=mill-cluster")
        said = repr(coming.show(*where))
        assert (
            "You came to 4 of 6 meetings; the middle half of the other schools came to between 60 % and 100 %." in said
        )
        assert name not in said
        assert "67 %" not in said.replace("67 % (4 of 6)", "").replace("your school: 67 %", "")
        with store.writing() as session:
            mill = session.query(Cluster).filter_by(slug="mill-cluster").one()
            put.event(session, mill, session.get_one(School, gone), EventKind.CLOSED, DAYS[0])
        said = repr(coming.show(*where))
    assert "You came to 4 of 6 meetings." in said
    assert "other schools came" not in said
    assert "their median" not in said


@pytest.mark.parametrize(
    ("values", "half", "median"),
    [
        ((1,), (1, 1), 1),
        ((1, 2), (1, 2), Fraction(3, 2)),
        ((1, 2, 3), (1, 3), 2),
        ((1, 2, 3, 4), (2, 3), Fraction(5, 2)),
        ((1, 2, 3, 4, 5), (2, 4), 3),
        ((1, 2, 3, 4, 5, 6, 7, 8), (3, 6), Fraction(9, 2)),
    ],
)
def test_the_middle_half_leaves_out_a_quarter_at_either_end(
    values: tuple[int, ...], half: tuple[int, int], median: Fraction
) -> None:
    ordered = [Fraction(each) for each in values]
    assert middle_half(ordered) == half
    assert middle(ordered) == median
