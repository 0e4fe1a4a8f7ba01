"""Which contributions are found, and what they add up to, computed by hand."""

from dataclasses import replace

import pytest

from dashboard.academic_year import AcademicYear
from dashboard.access import Action, reading
from dashboard.contributions.checks import Agreed, Figures, OutsideSaid
from dashboard.contributions.queries import (
    find_contribution,
    find_outside,
    load_contribution_years,
    load_contributions,
    load_outside,
    load_outside_sums,
    load_sums_by_kind,
    load_sums_by_school,
    load_target_choices,
)
from dashboard.models import Cluster
from dashboard.vocabulary import ContributionKind, OutsideKind, OutsideState
from tests import builders as put
from tests.contributions.world import LEVY, TODAY, YEAR, World, scope_of

CASH, TIME, COVER = ContributionKind.CASH, ContributionKind.TIME_IN_KIND, ContributionKind.RELEASE_IN_KIND


@pytest.fixture
def filled(world: World) -> World:
    """Levies of £50, Ford's paid, both due in February; cash of £10 + £2 VAT, agreed by Ford; hours and cover of Lock;
    a levy without a figure and one that is waived; and a levy of the year before.
    """
    ford, _lock = world.agreed()
    world.write(lambda book: book.mark_paid("mill-cluster", [ford], TODAY))
    world.agreed(Agreed(YEAR, CASH, ("ford-school",), Figures(1_000, 200)))
    (hours,) = world.agreed(Agreed(YEAR, TIME, ("lock-school",), Figures(4_000, 0, 150)))
    world.agreed(Agreed(YEAR, TIME, ("lock-school",), Figures(None, 0, 30, "More")))
    world.write(lambda book: book.mark_paid("mill-cluster", [hours], TODAY))
    world.agreed(Agreed(YEAR, COVER, ("lock-school",), Figures(9_000, 0, None, None, TODAY)))
    world.agreed(Agreed(YEAR, ContributionKind.LEVY, ("lock-school",), Figures(None, 0, None, "Agreed")))
    (waived,) = world.agreed(Agreed(YEAR, ContributionKind.LEVY, ("ford-school",), Figures(99_900)))
    world.write(lambda book: book.waive(waived, "left"))
    world.agreed(replace(LEVY, year=AcademicYear(2015), schools=("ford-school",)))
    return world


def test_the_sums_by_kind_keep_money_and_what_is_in_kind_apart(filled: World) -> None:
    scope = scope_of(filled.bursar, Action.SEE)
    with reading(filled.walled, scope) as session:
        sums = {each.kind: each for each in load_sums_by_kind(session, scope, filled.mill, YEAR, TODAY)}
        assert load_sums_by_kind(session, scope, filled.mill, AcademicYear(2014), TODAY) == []
    assert list(sums) == [ContributionKind.LEVY, CASH, COVER, TIME]
    levy, cash, hours, cover = sums[ContributionKind.LEVY], sums[CASH], sums[TIME], sums[COVER]
    assert (levy.schools, levy.agreed, levy.paid, levy.open, levy.no_figure) == (2, 10_000, 5_000, 5_000, 1)
    assert (levy.overdue, levy.overdue_amount) == (1, 5_000)
    assert (cash.agreed, cash.agreed_vat, cash.paid, cash.paid_vat, cash.open, cash.open_vat) == (
        1_000, 200, 0, 0, 1_000, 200,
    )  # fmt: skip
    assert (hours.minutes, hours.minutes_given, hours.agreed, hours.paid, hours.no_figure) == (
        180,
        150,
        4_000,
        4_000,
        0,
    )
    assert (cover.agreed, cover.paid, cover.overdue) == (9_000, 0, 0), "due today is not overdue"


def test_the_sums_by_school(filled: World) -> None:
    scope = scope_of(filled.coordinator, Action.SEE)
    with reading(filled.walled, scope) as session:
        ford, lock = load_sums_by_school(session, scope, filled.mill, YEAR, TODAY)
    assert (ford.name, ford.agreed, ford.agreed_vat, ford.paid, ford.open, ford.open_vat) == (
        "Ford School", 6_000, 200, 5_000, 1_000, 200,
    )  # fmt: skip
    assert (ford.in_kind, ford.minutes, ford.no_figure, ford.overdue) == (0, 0, 0, 0)
    assert (lock.agreed, lock.paid, lock.in_kind, lock.minutes, lock.no_figure, lock.overdue) == (
        5_000, 0, 13_000, 180, 1, 1,
    )  # fmt: skip


def test_a_headteacher_sees_what_the_own_school_puts_in(filled: World) -> None:
    scope = scope_of(filled.head, Action.SEE)
    with reading(filled.walled, scope) as session:
        rows = load_contributions(session, scope, filled.mill, YEAR)
        assert {row.school for row in rows} == {"ford-school"}
        assert len(rows) == 3
        (only,) = load_sums_by_school(session, scope, filled.mill, YEAR, TODAY)
        assert (only.school, only.agreed) == ("ford-school", 6_000)
        assert sum(each.agreed for each in load_sums_by_kind(session, scope, filled.mill, YEAR, TODAY)) == 6_000
        assert load_contribution_years(session, scope, filled.mill) == [YEAR, AcademicYear(2015)]
        assert load_target_choices(session, scope, filled.mill, YEAR) == []
        assert find_contribution(session, scope, filled.decoy) is None
        assert find_outside(session, scope, filled.decoy_outside) is None


def test_rows_stand_by_school_with_what_is_overdue(filled: World) -> None:
    scope = scope_of(filled.advisor, Action.SEE)
    with reading(filled.walled, scope) as session:
        rows = load_contributions(session, scope, filled.mill, YEAR)
        assert [row.school_name for row in rows] == sorted(row.school_name for row in rows)
        assert [row.school for row in rows if row.is_overdue(TODAY)] == ["lock-school"]
        assert load_contributions(session, scope, 999, YEAR) == []
        assert find_contribution(session, scope, filled.decoy) is None


def test_money_from_outside_adds_up_apart_from_charity(world: World) -> None:
    won = OutsideSaid(YEAR, OutsideKind.GRANT, "Polar Fund", OutsideState.WON, None, 60_000, 50_000, 20_000)
    for said in (
        won, replace(won, kind=OutsideKind.AWARD, party="Arts Award", won=1_000, received=None, declared_on=TODAY),
        OutsideSaid(YEAR, OutsideKind.SPONSORSHIP, "Bakery", OutsideState.APPLIED, None, 7_000),
        OutsideSaid(YEAR, OutsideKind.GRANT, "Sea Fund", OutsideState.DECLINED, None, 99_000),
        OutsideSaid(YEAR, OutsideKind.CHARITY, "Hospital", OutsideState.RAISED, None, None, 497_600),
        OutsideSaid(AcademicYear(2015), OutsideKind.GRANT, "Old Fund", OutsideState.WON, None, None, 3),
    ):  # fmt: skip
        world.write(lambda book, said=said: book.declare("mill-cluster", said))
    scope = scope_of(world.coordinator, Action.SEE)
    with reading(world.walled, scope) as session:
        money, charity = load_outside_sums(session, scope, world.mill, YEAR)
        assert (money.charity, money.entries, money.asked, money.won, money.received, money.undeclared) == (
            False, 4, 7_000, 51_000, 20_000, 1,
        )  # fmt: skip
        assert (charity.charity, charity.entries, charity.asked, charity.won, charity.undeclared) == (
            True, 1, 0, 497_600, 0,
        )  # fmt: skip
        rows = load_outside(session, scope, world.mill, YEAR)
        assert [row.party for row in rows] == ["Arts Award", "Bakery", "Hospital", "Polar Fund", "Sea Fund"]
        assert [row.party for row in rows if row.undeclared] == ["Polar Fund"]
        assert load_contribution_years(session, scope, world.mill) == [YEAR, AcademicYear(2015)]
    head = scope_of(world.head, Action.SEE)
    with reading(world.walled, head) as session:
        assert load_outside(session, head, world.mill, YEAR) == []
        assert load_outside_sums(session, head, world.mill, YEAR) == []


def test_the_targets_of_a_year_stand_in_the_order_of_the_plan(world: World) -> None:
    with world.store.writing() as session:
        mill = session.get_one(Cluster, world.mill)
        put.target(session, mill, "LATER", position=2)
        put.target(session, mill, "FIRST", position=1)
        put.target(session, mill, "OLD", year=2015)
    scope = scope_of(world.coordinator)
    with reading(world.walled, scope) as session:
        assert [each.code for each in load_target_choices(session, scope, world.mill, YEAR)] == ["FIRST", "LATER"]
