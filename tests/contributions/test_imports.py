"""Contributions and grants that files tell of: stored once, undone whole, totals equal to a plain sum over the file."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.audit import COMMAND_LINE
from dashboard.changes import UndoRefused
from dashboard.contributions.commands import ContributionBook
from dashboard.contributions.queries import load_outside_sums
from dashboard.db import Store
from dashboard.intake.mapping import Mapping
from dashboard.models import Allocation, Cluster, Contribution, OutsideMoney, School
from dashboard.settings import PROJECT_ROOT
from dashboard.vocabulary import ContributionKind, ContributionState, OutsideKind, OutsideState
from tests.contributions.world import TODAY
from tests.uploads import add_two_clusters, assert_idempotent_and_undoable, bring, brought, problems, undo

HEAD = "cluster,school,year,kind,amount,vat,hours,for,state,due,paid\n"
FILE = HEAD + (
    "Mill Cluster,,2016-17,levy,50.00,,,Poster,,2017-02-01,\n"
    "Mill Cluster,Mill Primary School,2016-17,levy,25.00,,,Kit,paid,,2016-11-01\n"
    "Mill Cluster,Mill Primary School,2016-17,time in kind,,,3,Head’s hours,given,,2016-11-02\n"
    "Weir Cluster,Weir School,2016-17,CPD excess,40.00,8.00,,Session,waived,,\n"
    "Weir Cluster,Weir School,2016-17,cash,,,,Agreed,agreed,,\n"
)
GRANTS = (
    "cluster,school,kind,funder,for,applied,decided,asked,won,received,state,declared\n"
    "Mill Cluster,Mill Primary School,,Polar Fund,Kits,2016-10-01,2016-12-01,600.00,500.00,200.00,,2017-01-01\n"
    "Mill Cluster,,grant,Sea Fund,Boats,2016-10-01,,,,,applied,\n"
    "Weir Cluster,,charity,Hospital,Cakes,,2017-02-01,,4976.00,,,\n"
)


@pytest.fixture
def two(store: Store) -> Store:
    add_two_clusters(store)
    return store


def allocations(store: Store) -> list[tuple[Any, ...]]:
    with store.reading() as session:
        rows = session.execute(sa.select(Allocation.contribution_id, Allocation.amount).order_by(Allocation.id))
        return [tuple(row) for row in rows]


def test_contributions_come_in_and_go_again_with_the_money_of_a_paid_levy(two: Store) -> None:
    result = assert_idempotent_and_undoable(two, "contributions", FILE)
    assert (result.rows_read, result.added) == (5, 7), "a blank school means every member"
    brought(two, "contributions", FILE)
    with two.reading() as session:
        rows = session.scalars(sa.select(Contribution).order_by(Contribution.id)).all()
        assert [row.state for row in rows] == [
            *[ContributionState.AGREED] * 3, ContributionState.PAID, ContributionState.PAID, ContributionState.WAIVED,
            ContributionState.AGREED,
        ]  # fmt: skip
        assert {row.amount for row in rows[:3]} == {5_000}
        assert (rows[4].minutes, rows[4].kind) == (180, ContributionKind.TIME_IN_KIND)
        assert (rows[5].amount, rows[5].vat, rows[5].kind) == (4_000, 800, ContributionKind.CPD_EXCESS)
        assert (rows[6].amount, rows[6].kind) == (None, ContributionKind.CASH)
        paid = rows[3].id
    assert allocations(two) == [(paid, 2_500)]


def test_a_later_file_pays_corrects_and_takes_back(two: Store) -> None:
    brought(two, "contributions", FILE)
    before = allocations(two)
    corrected = FILE.replace("levy,25.00", "levy,30.00")
    batch = brought(two, "contributions", corrected).batch
    assert [each[1] for each in allocations(two)] == [3_000]
    undo(two, batch)
    assert allocations(two) == before
    back = FILE.replace("Kit,paid,,2016-11-01", "Kit,agreed,,")
    batch = brought(two, "contributions", back).batch
    assert allocations(two) == []
    undo(two, batch)
    assert allocations(two) == before


def test_what_a_form_changed_is_not_undone_with_the_file(two: Store) -> None:
    batch = brought(two, "contributions", FILE).batch
    with two.writing() as session:
        paid = session.scalars(sa.select(Allocation.contribution_id)).one()
        ContributionBook(session, COMMAND_LINE, EVERYTHING, TODAY).take_back(paid)
    assert allocations(two) == []
    with pytest.raises(UndoRefused, match="one entry was changed by hand"):
        undo(two, batch)


def test_a_file_of_allocations_leaves_a_paid_levy_alone(two: Store) -> None:
    """The sum that an export tells changes nothing, and another is refused."""
    brought(two, "contributions", FILE)
    before = allocations(two)
    file = "cluster,school,year,pot,part,amount\nMill Cluster,Mill Primary School,2016-17,lead_held,levy,70.00\n"
    refused = bring(two, "allocations", file)
    assert [error.problem for error in refused.errors] == [
        "contributions of £25.00 were paid into this part in 2016-17; a file cannot change them"
    ]
    assert brought(two, "allocations", file.replace("70.00", "25.00")).unchanged == 1
    assert allocations(two) == before


@pytest.mark.parametrize(
    ("old", "new", "column", "words"),
    [
        ("50.00", "-50.00", "amount", "cannot be agreed"),
        ("Kit,paid,,2016-11-01", "Kit,paid,,", "paid", "say on which day it was paid"),
        ("Kit,paid,,2016-11-01", "Kit,waived,,2016-11-01", "paid", "it is said to be waived"),
        ("2016-11-01", "2100-01-01", "paid", "still to come"),
        ("levy,25.00", "levy,", "amount", "there is no figure yet"),
        (",3,Head", ",many,Head", "hours", "are no hours"),
        ("levy,25.00,,", "levy,25.00,5.00,", "vat", "no vat on a levy"),
        ("cash", "tea", "kind", "is not a kind of contribution"),
        ("Weir Cluster,Weir School,2016-17,cash", "Weir Cluster,Weir School,,cash", "year", "say the year"),
        (",Kit,", ",Poster,", "school", "row 2 tells of the same school"),
    ],
)
def test_what_is_wrong_with_a_contribution_is_said_at_its_column(
    two: Store, old: str, new: str, column: str, words: str
) -> None:
    result = bring(two, "contributions", FILE.replace(old, new, 1), today=TODAY)
    assert not result.stored
    assert column in [each for _, each, _ in problems(result)]
    assert words in " ".join(error.problem for error in result.errors).lower()
    assert allocations(two) == []


def test_grants_come_in_and_go_again(two: Store) -> None:
    assert_idempotent_and_undoable(two, "grants", GRANTS)
    brought(two, "grants", GRANTS)
    with two.reading() as session:
        polar, sea, cakes = session.scalars(sa.select(OutsideMoney).order_by(OutsideMoney.id))
        assert (polar.kind, polar.state, polar.asked, polar.won, polar.received, polar.year) == (
            OutsideKind.GRANT, OutsideState.WON, 60_000, 50_000, 20_000, 2016,
        )  # fmt: skip
        assert (sea.state, sea.asked, sea.won, sea.school_id) == (OutsideState.APPLIED, None, None, None)
        assert (cakes.kind, cakes.state, cakes.won) == (OutsideKind.CHARITY, OutsideState.RAISED, 497_600)


@pytest.mark.parametrize(
    ("old", "new", "column", "words"),
    [
        ("500.00,200.00", "500.00,501.00", "received", "more than the £500"),
        ("2016-10-01,2016-12-01", "2017-01-01,2016-12-01", "decided", "before the application"),
        ("Polar Fund", "", "funder", "say the funder"),
        ("2016-10-01,,,,,applied", ",,,,,applied", "year", "say the year"),
        ("4976.00,,,", "4976.00,5.00,,", "received", "only what was raised"),
        (",applied,\n", ",hopeful,\n", "state", "is not a state of a grant"),
    ],
)
def test_what_is_wrong_with_a_grant_is_said_at_its_column(
    two: Store, old: str, new: str, column: str, words: str
) -> None:
    result = bring(two, "grants", GRANTS.replace(old, new, 1), today=TODAY)
    assert not result.stored
    assert column in [each for _, each, _ in problems(result)]
    assert words in " ".join(error.problem for error in result.errors).lower()


PUBLISHED = (
    "Identifier,Title,Description,Currency,Amount Awarded,Amount Disbursed,Award Date,Recipient Org:Name,"
    "Recipient Org:Street Address,Funding Org:Name\n"
    '360G-made-up-1,Grant to Mill,Laboratories,GBP,40000.0,40000.0,05/06/2014,Mill School,"One Road\nMilltown",Fund\n'
    "360G-made-up-2,Grant to Ford,Equipment,GBP,19602.5,0.0,04/12/2014,Ford School,Ford Road,Fund\n"
    "360G-made-up-3,Grant to Ford,Equipment,GBP,38000.0,19000.0,04/12/2014,Ford School,Ford Road,Fund\n"
)


def test_a_published_file_comes_in_by_its_mapping_with_its_exact_sums(store: Store) -> None:
    """Awarded against disbursed; two equal recipients and purposes are two grants."""
    mapping = Mapping.from_json((PROJECT_ROOT / "data" / "360giving-grants.mapping.json").read_bytes())
    options: dict[str, Any] = {"cluster": "register-of-grants", "create_missing": True}
    result = brought(store, "grants", PUBLISHED, mapping=mapping.model_dump(exclude_defaults=True), **options)
    assert (result.rows_read, result.added, result.warnings) == (3, 3, ())
    rows = list(csv.DictReader(io.StringIO(PUBLISHED)))
    awarded, disbursed = (
        int(100 * sum(Decimal(row[name]) for row in rows)) for name in ("Amount Awarded", "Amount Disbursed")
    )
    with store.reading() as session:
        cluster = session.scalars(sa.select(Cluster)).one()
        sums = [load_outside_sums(session, EVERYTHING, cluster.id, AcademicYear(year)) for year in (2013, 2014)]
        assert sum(each.won for (each,) in sums) == awarded == 9_760_250
        assert sum(each.received for (each,) in sums) == disbursed == 5_900_000
        assert session.scalars(sa.select(School.name).order_by(School.name)).all() == ["Ford School", "Mill School"]
    again = brought(store, "grants", PUBLISHED, mapping=mapping.model_dump(exclude_defaults=True), **options)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
