"""Money, to the penny: against slow answers on drawn worlds, and against sums worked out by hand."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.db import Store
from dashboard.directory.queries import cluster_years, load_rule_sets
from dashboard.funding.queries import load_pots, load_release_by_school
from dashboard.vocabulary import LineState, Part, Pot
from tests import builders as put
from tests.builders import AS_OF, CHOSEN_YEARS, EXAMPLES, MOMENTS, YEAR, DrawnWorld, taken_back, worlds
from tests.slow_answers import SlowAnswers, in_any_order, records


@EXAMPLES
@given(drawn=worlds(), as_of=MOMENTS, year=CHOSEN_YEARS)
def test_money_in_any_world(shared_store: Store, drawn: DrawnWorld, as_of: date, year: int | None) -> None:
    with taken_back(shared_store) as session:
        world = put.build(session, drawn)
        slow, scope, rules = SlowAnswers.of(session), world.scope, load_rule_sets(session)
        years = cluster_years(scope, as_of, year=AcademicYear(year) if year is not None else None)
        pairs = slow.cluster_years(scope.cluster_ids, as_of, year)
        pots = slow.load_pots(pairs)
        assert records(load_pots(session, scope, years, rules), pots) == pots
        release = slow.load_release_by_school(pairs)
        assert in_any_order(records(load_release_by_school(session, scope, years), release)) == in_any_order(release)


@EXAMPLES
@given(drawn=worlds(), chosen=st.integers(0, 4))
def test_one_school_of_any_world(shared_store: Store, drawn: DrawnWorld, chosen: int) -> None:
    with taken_back(shared_store) as session:
        world = put.build(session, drawn)
        slow, scope, rules = SlowAnswers.of(session), world.scope, load_rule_sets(session)
        school_id = world.schools[chosen % len(world.schools)].id
        years = cluster_years(scope, AS_OF, year=None)
        pairs = slow.cluster_years(scope.cluster_ids, AS_OF, None)
        own = slow.load_pots(pairs, school_id=school_id)
        assert records(load_pots(session, scope, years, rules, school_id=school_id), own) == own


def pots(session: Session, year: int = YEAR) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of the only cluster by pot and part."""
    years = cluster_years(EVERYTHING, AS_OF, year=AcademicYear(year))
    rows = records(load_pots(session, EVERYTHING, years, load_rule_sets(session)))
    return {(str(row["pot"]), str(row["part"])): row for row in rows}


def lead_held_a(session: Session, year: int = YEAR) -> tuple[int, ...]:
    """Brought forward, allocated, committed, spent, remaining of Part A in the lead-held pot."""
    row = pots(session, year)["lead_held", "A"]
    return tuple(row[name] for name in ("brought_forward", "allocated", "committed", "spent", "remaining"))


@pytest.mark.parametrize(
    ("state", "committed", "spent", "remaining"),
    [
        (LineState.REQUESTED, 0, 0, 10_000),
        (LineState.APPROVED, 2_501, 0, 7_499),
        (LineState.COMMITTED, 2_501, 0, 7_499),
        (LineState.INVOICED, 0, 2_501, 7_499),
        (LineState.PAID, 0, 2_501, 7_499),
        (LineState.REVERSED, 0, 0, 10_000),
    ],
)
def test_what_a_line_takes_in_each_state(
    shared_store: Store, state: LineState, committed: int, spent: int, remaining: int
) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.allocation(session, mill, 10_000)
        put.line(session, mill, 2_501, state)
        assert lead_held_a(session) == (0, 10_000, committed, spent, remaining)


def test_a_credit_gives_back(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.allocation(session, mill, 10_000)
        put.line(session, mill, 4_000)
        put.line(session, mill, -1_500)
        put.line(session, mill, -300, LineState.COMMITTED)
        assert lead_held_a(session) == (0, 10_000, -300, 2_500, 7_800)


def test_every_entry_counts_once(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.carried(session, mill, 1_001)
        put.carried(session, mill, -1)
        for pence in (10_000, 5_000, 5_000):
            put.allocation(session, mill, pence)
        for state in LineState:
            put.line(session, mill, 100, state)
            put.line(session, mill, 100, state)
        assert lead_held_a(session) == (1_000, 20_000, 400, 400, 20_200)


@pytest.mark.parametrize(
    ("earlier", "forward"),
    [
        ((10_000, 4_000, 0), 6_000),
        ((10_000, 12_000, 0), -2_000),
        ((10_000, 10_000, 0), 0),
        ((10_000, 4_000, 1_000), 5_000),
    ],
    ids=["left over", "a deficit", "nothing", "less what is committed"],
)
def test_what_an_earlier_year_left_comes_forward(
    shared_store: Store, earlier: tuple[int, int, int], forward: int
) -> None:
    allocated, spent, committed = earlier
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.allocation(session, mill, allocated, year=YEAR - 1)
        put.line(session, mill, spent, year=YEAR - 1)
        put.line(session, mill, committed, LineState.COMMITTED, year=YEAR - 1)
        put.allocation(session, mill, 3_000)
        assert lead_held_a(session) == (forward, 3_000, 0, 0, forward + 3_000)
        assert lead_held_a(session, YEAR - 1) == (0, allocated, committed, spent, forward)


def test_balances_come_forward_over_several_years(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.carried(session, mill, 700, year=2014)
        put.allocation(session, mill, 1_000, year=2014)
        put.line(session, mill, 2_000, year=2014)
        put.allocation(session, mill, 1_000, year=2016)
        put.line(session, mill, 5_555, year=2017)
        assert lead_held_a(session, 2014) == (700, 1_000, 0, 2_000, -300)
        assert lead_held_a(session, 2015) == (-300, 0, 0, 0, -300)
        assert lead_held_a(session, 2016) == (-300, 1_000, 0, 0, 700)
        assert lead_held_a(session, 2017) == (700, 0, 0, 5_555, -4_855)


def test_a_programme_may_say_that_nothing_rolls_over(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session, under=put.programme(session, roll_over="no"))
        put.allocation(session, mill, 10_000, year=YEAR - 1)
        put.carried(session, mill, 250)
        put.allocation(session, mill, 3_000)
        assert lead_held_a(session) == (250, 3_000, 0, 0, 3_250)


@pytest.mark.parametrize("pot", [Pot.SCHOOL_HELD, Pot.TRUST_HELD])
def test_only_the_lead_held_pot_rolls_over(shared_store: Store, pot: Pot) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.allocation(session, mill, 10_000, year=YEAR - 1, pot=pot)
        assert pots(session) == {}
        put.allocation(session, mill, 3_000, pot=pot)
        row = pots(session)[str(pot), "A"]
        assert (row["brought_forward"], row["remaining"]) == (0, 3_000)


def test_pots_and_parts_are_kept_apart_and_in_their_order(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        for pot in (Pot.TRUST_HELD, Pot.SCHOOL_HELD, Pot.LEAD_HELD):
            for part in (Part.RESOURCES, Part.COORDINATOR, Part.A):
                put.allocation(session, mill, 100, pot=pot, part=part)
        parts = ("A", "coordinator", "resources")
        assert list(pots(session)) == [
            (pot, part) for pot in ("lead_held", "school_held", "trust_held") for part in parts
        ]
        assert {row["allocated"] for row in pots(session).values()} == {100}


def test_a_pot_holds_whole_pence_of_any_size(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        for pence in (9_007_199_254_740_993, 1):
            put.allocation(session, mill, pence)
        assert lead_held_a(session) == (0, 9_007_199_254_740_994, 0, 0, 9_007_199_254_740_994)


def test_entries_that_are_made_up_are_counted(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.allocation(session, mill, 100, illustrative=True)
        put.carried(session, mill, 100)
        put.line(session, mill, 100, LineState.REQUESTED, illustrative=True)
        row = pots(session)["lead_held", "A"]
        assert (row["illustrative"], row["rows"]) == (2, 3)


def test_a_balance_from_made_up_entries_is_made_up_when_it_comes_forward(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.allocation(session, mill, 100, year=YEAR - 1, illustrative=True)
        row = pots(session)["lead_held", "A"]
        assert row["brought_forward"] == 100
        assert (row["illustrative"], row["rows"]) == (1, 1)


def test_the_release_money_of_each_school(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        ford, weir = put.school(session, within=mill), put.school(session, "Weir School", within=mill)
        for member in (ford, weir):
            put.allocation(session, mill, 50_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=member)
        for state in LineState:
            put.line(session, mill, 10_000, state, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=ford)
        put.line(session, mill, 10_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=ford, year=YEAR - 1)
        put.line(session, mill, 10_000, pot=Pot.LEAD_HELD, part=Part.RELEASE, by=ford)
        frame = load_release_by_school(session, EVERYTHING, cluster_years(EVERYTHING, AS_OF, year=None))
        told = {row.school_id: (row.allocated, row.committed, row.spent, row.half_days) for row in frame.itertuples()}
        assert told == {ford.id: (50_000, 20_000, 20_000, 2), weir.id: (50_000, 0, 0, 0)}
