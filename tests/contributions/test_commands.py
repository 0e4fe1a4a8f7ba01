"""What is written of contributions, and what a paid levy does to the pot."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope
from dashboard.audit import COMMAND_LINE
from dashboard.contributions.checks import (
    Agreed,
    ContributionRefused,
    Figures,
    NoSuchContribution,
    OutsideSaid,
    minutes_from_text,
)
from dashboard.contributions.commands import ContributionBook
from dashboard.db import Store
from dashboard.integrity import find_faults
from dashboard.models import Allocation, Contribution, LedgerLine, OutsideMoney
from dashboard.vocabulary import ContributionKind, ContributionState, OutsideKind, OutsideState, Part, Pot
from tests import builders as put
from tests.builders import EXAMPLES, taken_back
from tests.contributions.world import LEVY, LEVY_POT, SECRET, TODAY, YEAR, World

HOURS = Agreed(YEAR, ContributionKind.TIME_IN_KIND, ("ford-school",), Figures(None, 0, 180, "Headteacher’s hours"))
GRANT = OutsideSaid(YEAR, OutsideKind.GRANT, "Polar Fund", OutsideState.APPLIED, "Kits", applied_on=date(2017, 1, 9))
CHARITY = OutsideSaid(YEAR, OutsideKind.CHARITY, "Hospital", OutsideState.RAISED, "Cake sale", won=497_600)


def pay(*numbers: int, on: date = TODAY) -> Callable[[ContributionBook], int]:
    return lambda book: book.mark_paid("mill-cluster", numbers, on)


def test_one_form_makes_one_levy_for_each_chosen_school(world: World) -> None:
    numbers = world.agreed(replace(LEVY, figures=replace(LEVY.figures, words=f"  {SECRET}\n again ")))
    rows = [world.one(number) for number in numbers]
    assert [row.school_id for row in rows] == [world.ford, world.lock]
    assert {(row.cluster_id, row.year, row.kind, row.amount, row.vat, row.minutes, row.state) for row in rows} == {
        (world.mill, 2016, ContributionKind.LEVY, 5_000, 0, None, ContributionState.AGREED)
    }
    assert {(row.words, row.due_on, row.paid_on) for row in rows} == {(f"{SECRET} again", date(2017, 2, 1), None)}
    assert [each[0] for each in world.allocated()] == [None, None], "what is agreed is no money yet"


def test_a_levy_may_be_agreed_without_a_figure_and_hours_without_money(world: World) -> None:
    (levy,) = world.agreed(Agreed(YEAR, ContributionKind.LEVY, ("ford-school",), Figures()))
    (hours,) = world.agreed(HOURS)
    assert (world.one(levy).amount, world.one(hours).minutes) == (None, 180)
    with pytest.raises(ContributionRefused, match="There is no figure yet"):
        world.write(pay(levy))
    world.write(pay(hours))
    assert world.one(hours).state is ContributionState.PAID
    assert [each[0] for each in world.allocated()] == [None, None], "hours are no money"


def test_a_paid_levy_is_money_of_the_pot_and_taking_it_back_removes_just_that(world: World) -> None:
    first, second = world.agreed()
    before = world.allocated()
    assert world.write(pay(first, second, first)) == 2
    assert world.allocated() == [
        *before,
        (first, world.ford, 2016, *LEVY_POT, 5_000),
        (second, world.lock, 2016, *LEVY_POT, 5_000),
    ]
    world.write(lambda book: book.take_back(first))
    assert world.allocated() == [*before, (second, world.lock, 2016, *LEVY_POT, 5_000)]
    row = world.one(first)
    assert (row.state, row.paid_on) == (ContributionState.AGREED, None)
    world.write(pay(first, on=date(2017, 2, 27)))
    assert world.one(first).paid_on == date(2017, 2, 27)
    assert sorted(each[0] or 0 for each in world.allocated()) == [0, 0, first, second]


def test_the_store_is_sound_while_the_pot_holds_what_was_paid(world: World) -> None:
    first, _ = world.agreed()
    world.write(pay(first))
    assert find_faults(world.store) == []
    with world.store.writing() as session:
        session.query(Allocation).filter_by(contribution_id=first).one().amount = 4_999
        session.get_one(Contribution, world.decoy).state = ContributionState.AGREED
    assert find_faults(world.store) == [
        f"Contribution {number} is not what the pot holds of it." for number in sorted((first, world.decoy))
    ]


def test_money_that_is_no_levy_is_no_allocation(world: World) -> None:
    (cash,) = world.agreed(Agreed(YEAR, ContributionKind.CASH, ("ford-school",), Figures(1_000, 200)))
    before = world.allocated()
    world.write(pay(cash))
    assert world.allocated() == before
    assert (world.one(cash).state, world.one(cash).vat) == (ContributionState.PAID, 200)


def test_some_that_cannot_be_paid_leave_all_unpaid(world: World) -> None:
    first, _ = world.agreed()
    (no_figure,) = world.agreed(Agreed(YEAR, ContributionKind.CASH, ("lock-school",), Figures()))
    with pytest.raises(ContributionRefused):
        world.write(pay(first, no_figure))
    assert world.one(first).state is ContributionState.AGREED
    for numbers in ((first, world.decoy), (999,)):
        with pytest.raises(NoSuchContribution):
            world.write(pay(*numbers))
    with pytest.raises(ContributionRefused, match="Choose at least one"):
        world.write(pay())
    with pytest.raises(ContributionRefused, match="2 March 2017 is still to come"):
        world.write(pay(first, on=date(2017, 3, 2)))
    with pytest.raises(NoSuchContribution):
        world.write(lambda book: book.mark_paid("weir-cluster", [first], TODAY))
    assert world.one(first).state is ContributionState.AGREED


def test_what_is_waived_keeps_its_reason_in_the_record_alone(world: World) -> None:
    first, second = world.agreed()
    world.write(lambda book: book.waive(first, "cannot_pay"))
    assert world.one(first).state is ContributionState.WAIVED
    assert world.events()[-1].reason == "The school cannot pay it"
    with pytest.raises(ContributionRefused, match="Choose why"):
        world.write(lambda book: book.waive(second, SECRET))
    for do in (pay(first), lambda book: book.waive(first, "left"), lambda book: book.edit(first, Figures(1))):
        with pytest.raises(ContributionRefused, match="It is waived already; take that back first"):
            world.write(do)
    world.write(lambda book: book.take_back(first))
    assert world.one(first).state is ContributionState.AGREED
    with pytest.raises(ContributionRefused, match="nothing to take back"):
        world.write(lambda book: book.take_back(first))


def test_what_is_agreed_may_be_changed_until_it_is_paid(world: World) -> None:
    first, _ = world.agreed()
    world.write(lambda book: book.edit(first, Figures(6_050, 0, None, "Poster", None)))
    row = world.one(first)
    assert (row.amount, row.words, row.due_on) == (6_050, "Poster", None)
    world.write(pay(first))
    assert world.allocated()[-1][-1] == 6_050
    with pytest.raises(ContributionRefused, match="It is paid already"):
        world.write(lambda book: book.edit(first, Figures(1)))


def test_a_share_of_a_session_comes_from_the_ledger_alone(world: World) -> None:
    excess = ContributionKind.CPD_EXCESS
    with pytest.raises(ContributionRefused, match="made with the session’s line in the ledger"):
        world.agreed(replace(LEVY, kind=excess))
    with world.store.writing() as session:
        line = LedgerLine(cluster_id=world.mill, year=2016, pot=Pot.LEAD_HELD, part=Part.B, amount=40_000)
        line.fingerprint = "session"
        put.put(session, line)
        row = Contribution(cluster_id=world.mill, school_id=world.ford, year=2016, kind=excess, line_id=line.id)
        row.amount, row.vat = 6_000, 1_200
        number = put.put(session, row).id
    with pytest.raises(ContributionRefused, match="change that line instead"):
        world.write(lambda book: book.edit(number, Figures(6_001, 1_200)))
    world.write(lambda book: book.edit(number, Figures(6_000, 1_200, None, "Session of May", TODAY)))
    before = world.allocated()
    world.write(pay(number))
    row = world.one(number)
    assert (row.amount, row.vat, row.words, row.state) == (6_000, 1_200, "Session of May", ContributionState.PAID)
    assert world.allocated() == before, "it is no money of a pot (4.9)"


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        (replace(LEVY, schools=()), "schools", "Choose at least one school."),
        (replace(LEVY, schools=("ford-school", "weir-school")), "schools", "is no member in 2016-17"),
        (replace(LEVY, figures=Figures(0)), "amount", "£0 cannot be agreed"),
        (replace(LEVY, figures=Figures(-1)), "amount", "−£0.01 cannot be agreed"),
        (replace(LEVY, figures=Figures(100, 20)), "vat", "no VAT on a levy"),
        (replace(LEVY, kind=ContributionKind.CASH, figures=Figures(100, 101)), "vat", "£1.01 cannot be the VAT"),
        (replace(LEVY, kind=ContributionKind.CASH, figures=Figures(None, 1)), "vat", "cannot be the VAT"),
        (replace(LEVY, figures=Figures(100, 0, 60)), "minutes", "Hours belong to what is given in kind"),
        (replace(HOURS, figures=Figures(None, 0, 0)), "minutes", "Give hours such as 3, 1.5 or 1:30"),
        (replace(LEVY, figures=Figures(100, 0, None, "x" * 201)), "words", "This has 201 letters"),
        (replace(LEVY, target="NOTHING"), "target", "no such target"),
    ],
)
def test_what_cannot_be_agreed_is_said_and_nothing_is_stored(
    world: World, said: Agreed, field: str, words: str
) -> None:
    with pytest.raises(ContributionRefused) as refused:
        world.agreed(said)
    assert refused.value.field == field
    assert words in str(refused.value)
    assert [row.id for row in world.rows(Contribution)] == [world.decoy]
    assert world.events() == []


def test_a_contribution_may_be_for_a_target_of_its_year(world: World) -> None:
    with world.store.writing() as session:
        cluster = session.get_one(put.Cluster, world.mill)
        number = put.target(session, cluster, "ARTS").id
        put.target(session, cluster, "OLD", year=2015)
    (levy, _) = world.agreed(replace(LEVY, target="ARTS"))
    assert world.one(levy).target_id == number
    with pytest.raises(ContributionRefused):
        world.agreed(replace(LEVY, target="OLD"))


def test_nobody_writes_about_anothers_cluster(world: World) -> None:
    for do in (
        lambda book: book.agree("weir-cluster", LEVY), lambda book: book.take_back(world.decoy),
        lambda book: book.waive(world.decoy, "left"), lambda book: book.edit(world.decoy, Figures(1)),
        lambda book: book.declare("weir-cluster", GRANT), lambda book: book.edit_outside(world.decoy_outside, GRANT),
    ):  # fmt: skip
        for reader in (world.coordinator, world.bursar):
            with pytest.raises(NoSuchContribution):
                world.write(do, reader)
    (number, _) = world.agreed()
    for reader in (world.head, world.advisor):
        for do in (pay(number), lambda book: book.agree("mill-cluster", LEVY)):
            with pytest.raises(NoSuchContribution):
                world.write(do, reader)
    assert world.write(pay(number), world.bursar) == 1


def test_money_from_outside_is_declared_and_changed_and_is_in_no_pot(world: World) -> None:
    before = world.allocated()
    grant = world.write(lambda book: book.declare("mill-cluster", replace(GRANT, party=" Polar  Fund ")))
    charity = world.write(lambda book: book.declare("mill-cluster", replace(CHARITY, school="lock-school")))
    won = replace(
        GRANT, state=OutsideState.WON, asked=None, won=50_000, received=20_000, decided_on=date(2017, 2, 1),
        declared_on=TODAY,
    )  # fmt: skip
    world.write(lambda book: book.edit_outside(grant, won))
    rows = {row.id: row for row in world.rows(OutsideMoney)}
    row = rows[grant]
    assert (row.party, row.words, row.state, row.asked, row.won, row.received) == (
        "Polar Fund", "Kits", OutsideState.WON, None, 50_000, 20_000,
    )  # fmt: skip
    assert (row.applied_on, row.decided_on, row.declared_on) == (date(2017, 1, 9), date(2017, 2, 1), TODAY)
    assert (rows[charity].won, rows[charity].school_id) == (497_600, world.lock)
    assert world.allocated() == before
    with pytest.raises(ContributionRefused, match="stays apart"):
        world.write(lambda book: book.edit_outside(charity, GRANT))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (replace(GRANT, party=" "), "party"),
        (replace(GRANT, asked=-1), "asked"),
        (replace(GRANT, applied_on=date(2017, 3, 2)), "applied_on"),
        (replace(GRANT, won=1), "won"),
        (replace(GRANT, received=1), "received"),
        (replace(GRANT, decided_on=TODAY), "decided_on"),
        (replace(GRANT, state=OutsideState.RAISED), "state"),
        (replace(GRANT, state=OutsideState.WON, decided_on=date(2017, 1, 8)), "decided_on"),
        (replace(GRANT, state=OutsideState.WON, won=10, received=11), "received"),
        (replace(GRANT, state=OutsideState.DECLINED, won=10), "won"),
        (replace(GRANT, school="weir-school"), "school"),
        (replace(GRANT, target="NOTHING"), "target"),
        (replace(GRANT, words="x" * 501), "words"),
        (replace(CHARITY, state=OutsideState.WON), "state"),
        (replace(CHARITY, asked=1), "asked"),
        (replace(CHARITY, received=1), "received"),
        (replace(CHARITY, applied_on=TODAY), "applied_on"),
    ],
)
def test_money_from_outside_that_cannot_be_is_refused_at_its_field(world: World, said: OutsideSaid, field: str) -> None:
    with pytest.raises(ContributionRefused) as refused:
        world.write(lambda book: book.declare("mill-cluster", said))
    assert refused.value.field == field
    assert [row.id for row in world.rows(OutsideMoney)] == [world.decoy_outside]


def test_events_tell_kinds_days_and_amounts_but_nothing_that_was_written(world: World) -> None:
    first, second = world.agreed()
    world.write(pay(first))
    world.write(lambda book: book.take_back(first))
    world.write(lambda book: book.waive(second, "left"))
    world.write(lambda book: book.edit(first, Figures(100, 0, None, SECRET)))
    outside = world.write(lambda book: book.declare("mill-cluster", replace(GRANT, party=SECRET, words=SECRET)))
    world.write(lambda book: book.edit_outside(outside, replace(GRANT, party=SECRET, asked=5)))
    events = world.events()
    assert [(event.action, event.object_kind, event.object_key) for event in events] == [
        ("agree", "contribution", str(first)), ("agree", "contribution", str(second)),
        ("mark paid", "contribution", str(first)), ("take back", "contribution", str(first)),
        ("waive", "contribution", str(second)), ("change", "contribution", str(first)),
        ("declare", "outside money", str(outside)), ("change", "outside money", str(outside)),
    ]  # fmt: skip
    assert {event.cluster_id for event in events} == {world.mill}
    assert SECRET not in json.dumps([(event.before, event.after, event.reason) for event in events])
    assert events[2].after is not None
    assert (events[2].after["state"], events[2].after["paid_on"], events[2].after["amount"]) == (
        "paid", "2017-03-01", 5_000,
    )  # fmt: skip


def test_what_a_form_changes_is_no_longer_a_files(world: World) -> None:
    first, _ = world.agreed()
    with world.store.writing() as session:
        session.get_one(Contribution, first).illustrative = True
    world.write(pay(first))
    assert not world.one(first).illustrative


@pytest.mark.parametrize(
    ("text", "minutes"), [("3", 180), (" 1.5 ", 90), ("1:30", 90), ("0.25", 15), ("0:05", 5), ("2.0", 120)]
)
def test_hours_are_read_as_people_write_them(text: str, minutes: int) -> None:
    assert minutes_from_text(text) == minutes


@pytest.mark.parametrize("text", ["", "three", "1:60", "-1", "1,5", "0.001", "1:3", "²"])
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write"):
        minutes_from_text(text)


# Any sequence

_STEPS = st.lists(
    st.tuples(
        st.sampled_from(("agree", "hours", "pay", "pay both", "back", "waive", "edit", "cash")),
        st.integers(0, 5),
        st.sampled_from((1, 5_000, 12_345)),
    ),
    max_size=14,
)


@given(steps=_STEPS)
@EXAMPLES
def test_allocations_are_always_exactly_the_paid_levies(
    shared_store: Store, steps: Sequence[tuple[str, int, int]]
) -> None:
    """Whatever is agreed, paid, taken back, waived and changed, in any order; what else is allocated stays."""
    with taken_back(shared_store) as session:
        mill = put.cluster(session, "Mill Cluster")
        schools = [put.school(session, name, within=mill) for name in ("Ford School", "Lock School")]
        put.allocation(session, mill, 777, part=Part.LEVY, to=schools[0])
        slugs = tuple(each.slug for each in schools)
        keeper = ContributionBook(session, COMMAND_LINE, Scope(cluster_ids=frozenset({mill.id})), TODAY)
        numbers: list[int] = []
        known: dict[int, list[Any]] = {}
        for what, pick, pence in steps:
            number = numbers[pick % len(numbers)] if numbers else -1
            if what in {"agree", "cash", "hours"}:
                kind = {"agree": ContributionKind.LEVY, "cash": ContributionKind.CASH}.get(what, HOURS.kind)
                figures = Figures(None, 0, 60) if what == "hours" else Figures(pence)
                made = keeper.agree(mill.slug, Agreed(AcademicYear(2016), kind, slugs, figures))
                numbers += made
                known |= {each: ["agreed", kind, figures.amount] for each in made}
                continue
            chosen = {number, numbers[-1]} if what == "pay both" and numbers else {number}
            try:
                _do(keeper, what, mill.slug, sorted(chosen), pence)
            except (ContributionRefused, NoSuchContribution):
                continue
            for each in chosen:
                _then(known[each], what, pence)
        session.flush()
        paid = {
            each: amount for each, (state, kind, amount) in known.items()
            if state == "paid" and kind is ContributionKind.LEVY
        }  # fmt: skip
        stored = {
            row.contribution_id: row.amount
            for row in session.query(Allocation).filter_by(cluster_id=mill.id)
            if row.contribution_id is not None
        }
        assert stored == paid
        total = sum(row.amount for row in session.query(Allocation).filter_by(cluster_id=mill.id))
        assert total == 777 + sum(paid.values())


def _do(keeper: ContributionBook, what: str, slug: str, chosen: list[int], pence: int) -> None:
    if what in {"pay", "pay both"}:
        keeper.mark_paid(slug, chosen, TODAY)
    elif what == "back":
        keeper.take_back(chosen[0])
    elif what == "waive":
        keeper.waive(chosen[0], "left")
    else:
        keeper.edit(chosen[0], Figures(pence))


def _then(known: list[Any], what: str, pence: int) -> None:
    if what == "edit":
        known[2] = pence
    else:
        known[0] = {"back": "agreed", "waive": "waived"}.get(what, "paid")
