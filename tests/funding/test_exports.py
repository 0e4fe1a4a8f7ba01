"""What goes out comes in again and changes nothing, and no more goes out than the store holds."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, NOTHING, Action, Scope
from dashboard.audit import COMMAND_LINE
from dashboard.db import Store
from dashboard.exporting import EXPORTERS, Asked, ExportRefused, Written, export
from dashboard.funding.commands import LedgerBook
from dashboard.funding.exports import ALLOCATIONS, SPEND, SPEND_IF_ANY
from dashboard.funding.imports import Allocations, Spend
from dashboard.importing import IMPORTERS
from dashboard.intake.files import SourceFile
from dashboard.intake.pipeline import ImportOptions, ImportResult, bring_in
from dashboard.models import Allocation, Contribution, LedgerLine
from dashboard.vocabulary import (
    ContributionKind,
    ContributionState,
    LinePurpose,
    LineState,
    MeetingKind,
    Part,
    Pot,
    UseCode,
)  # fmt: skip
from tests import builders as put
from tests.floor.test_sheets import FORMULAS
from tests.funding.ledger_world import TODAY, World, line, release

AS_OF: Final = date(2017, 6, 1)
ENDINGS: Final = ("csv", "xlsx")


def written(session: Session, kind: str, ending: str, scope: Scope = EVERYTHING, **asked: Any) -> Written:
    return export(session, scope, Asked(kind, ending, **asked), AS_OF)


def back(session: Session, kind: str, ending: str, content: bytes) -> ImportResult:
    result = bring_in(session, IMPORTERS[kind], SourceFile(f"file.{ending}", content), ImportOptions())
    assert result.stored, result.errors
    return result


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_columns_are_those_of_the_import() -> None:
    assert set(SPEND) | set(SPEND_IF_ANY) == set(Spend.headings)
    assert set(ALLOCATIONS) == set(Allocations.headings)
    assert set(EXPORTERS) <= set(IMPORTERS)


# A file of the ledger, by hand


def test_a_ledger_goes_out_as_it_would_come_in(world: World) -> None:
    world.recorded(use_code=UseCode.B6, supplier="=SUM(A1)", meeting_id=world.meeting, target_id=world.target)
    world.recorded(world.headteacher, **vars(release(state=LineState.INVOICED)))
    with world.store.reading() as session:
        found = rows_of(written(session, "spend", "csv", cluster="mill-cluster").content)
    assert [tuple(row) for row in found] == [SPEND, SPEND]
    assert [list(row.values()) for row in found] == [
        ["Mill Cluster", "", "2017-02-01", "lead_held", "B", "B6", "'=SUM(A1)", "Cover for somebody ill", "INV 7",
         "52.00", "10.40", "paid", "2017-02-01", "READING"],
        ["Mill Cluster", "Ford School", "2017-02-01", "school_held", "release", "", "Books Ltd",
         "Cover for somebody ill", "INV 7", "95.00", "0.00", "invoiced", "", ""],
    ]  # fmt: skip


def test_json_is_a_list_of_objects_with_money_as_strings(world: World) -> None:
    world.recorded()
    with world.store.reading() as session:
        (row,) = json.loads(written(session, "spend", "json", cluster="mill-cluster").content)
    assert (row["amount"], row["date"], row["school"]) == ("52.00", "2017-02-01", None)


def test_a_scope_gets_what_it_sees_and_nothing_of_the_decoy(world: World) -> None:
    world.recorded()
    world.recorded(world.headteacher, **vars(release()))

    def seen(scope: Scope, kind: str = "spend") -> list[tuple[str, str]]:
        with world.store.reading() as session:
            found = rows_of(written(session, kind, "csv", scope, every_year=True).content)
            return [(row["cluster"], row["pot"]) for row in found]

    of_mill = [("Mill Cluster", "lead_held"), ("Mill Cluster", "school_held")]
    assert seen(EVERYTHING) == [*of_mill, ("Weir Cluster", "lead_held")]
    assert seen(world.scope(world.bursar, Action.SEE)) == of_mill
    assert seen(world.scope(world.headteacher, Action.SEE)) == [("Mill Cluster", "school_held")]
    assert seen(NOTHING) == []
    with pytest.raises(ExportRefused, match="There is no cluster “weir-cluster”"), world.store.reading() as session:
        written(session, "spend", "csv", world.scope(world.bursar), cluster="weir-cluster")


def test_without_a_year_it_is_the_latest_and_all_of_them_may_be_asked_for(world: World) -> None:
    world.recorded()
    world.recorded(spent_on=date(2015, 10, 5))
    with world.store.reading() as session:

        def days(**asked: Any) -> list[str]:
            return [
                row["date"]
                for row in rows_of(written(session, "spend", "csv", cluster="mill-cluster", **asked).content)
            ]

        assert days() == ["2017-02-01"]
        assert days(year=AcademicYear(2015)) == ["2015-10-05"]
        assert days(every_year=True) == ["2015-10-05", "2017-02-01"]
        assert days(year=AcademicYear(2012)) == []


@pytest.mark.parametrize(
    ("kind", "ending", "sentence"),
    [
        ("cakes", "csv", "known are spend, allocations"),
        ("spend", "pdf", r"\.csv, \.xlsx, \.json"),
        ("spend", "", "ending"),
    ],
)
def test_what_cannot_be_had_is_refused(store: Store, kind: str, ending: str, sentence: str) -> None:
    with pytest.raises(ExportRefused, match=sentence), store.reading() as session:
        written(session, kind, ending)


# Out and in again


def test_what_was_changed_or_taken_back_by_hand_is_known_again(world: World) -> None:
    changed, wrong = world.recorded(), world.recorded(reference="INV 8")
    world.recorded()
    with world.store.writing() as session:
        book = LedgerBook(session, COMMAND_LINE, EVERYTHING, TODAY)
        book.change(changed, line(amount=53_00), 1)
        book.reverse(wrong, "Entered twice", TODAY)
    for ending in ENDINGS:
        with world.store.writing() as session:
            content = written(session, "spend", ending, every_year=True).content
            result = back(session, "spend", ending, content)
            assert (result.rows_read, result.unchanged, result.batch) == (5, 5, None)


def test_places_of_one_name_stand_by_their_slugs(shared_store: Store) -> None:
    with put.taken_back(shared_store) as session:
        mill, alone = put.cluster(session, "Mill Cluster"), put.cluster(session, "Weir Cluster")
        put.cluster(session, "Another Cluster").name = "Mill cluster"
        for of in (mill, alone):
            member = put.school(session, f"School of {of.name}", within=of)
            member.name = "Ford School"
            put.line(session, of, 1_00, by=member)
        twin = put.school(session, "Twin School", within=mill)
        twin.name = "Ford School"
        put.line(session, mill, 2_00, by=twin)
        found = rows_of(written(session, "spend", "csv").content)
        names = {(row["cluster"], row["school"]) for row in found}
        assert {cluster for cluster, _ in names} == {mill.slug, "Weir Cluster"}
        assert len(names) == 3
        assert ("Weir Cluster", "Ford School") in names
        assert (mill.slug, twin.slug) in names


ODD: Final = (*FORMULAS, "'quoted'", "'=1", "a\nb", "a\r\nb", "x  y", '"', "1e5", "007", "00:00:00")
TEXT: Final = (
    st.none()
    | st.sampled_from(ODD)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)
)


@st.composite
def drawn_lines(draw: st.DrawFn) -> list[dict[str, Any]]:
    line = st.fixed_dictionaries(
        {
            "spent_on": st.sampled_from([None, date(2016, 10, 5), date(2015, 9, 1)]),
            "pot": st.sampled_from(Pot),
            "part": st.sampled_from(Part),
            "use_code": st.none() | st.sampled_from(UseCode),
            "purpose": st.none() | st.sampled_from(LinePurpose),
            "amount": st.integers(-300, 300) | st.integers(-(10**11), 10**11),
            "vat": st.integers(0, 20),
            "state": st.sampled_from(LineState),
            "supplier": TEXT,
            "description": TEXT,
            "reference": TEXT,
            "school": st.sampled_from(range(3)),
            "meeting": st.sampled_from([None, 0, 1]),
            "target": st.sampled_from([None, 0, 1]),
        }
    )
    lines = draw(st.lists(line, min_size=1, max_size=4))
    return [*lines, *draw(st.lists(st.sampled_from(lines), max_size=3))]


@put.EXAMPLES
@given(lines=drawn_lines())
def test_a_ledger_that_went_out_changes_nothing_when_it_comes_in(
    shared_store: Store, lines: list[dict[str, Any]]
) -> None:
    with put.taken_back(shared_store) as session:
        stored = put_lines(session, lines)
        total = sum(row.amount for row in stored)
        for ending in ENDINGS:
            out = written(session, "spend", ending, every_year=True)
            result = back(session, "spend", ending, out.content)
            assert (result.rows_read, result.added, result.changed) == (len(lines), 0, 0)
            assert result.unchanged == out.rows == len(lines)
        amounts = [Decimal(row["amount"]) for row in rows_of(written(session, "spend", "csv", every_year=True).content)]
        assert sum(amounts) * 100 == total


def put_lines(session: Session, lines: list[dict[str, Any]]) -> list[LedgerLine]:
    """Lines of one cluster as they may stand in a store: some known by what they said before they were changed."""
    mill, decoy = put.cluster(session, "Mill Cluster"), put.cluster(session, "Weir Cluster")
    schools = [put.school(session, name, within=mill) for name in ("Ford School", "Twin School", "Lock School")]
    schools[1].name = "The Ford School"
    put.school(session, "Weir School", within=decoy).name = "Lock School"
    decoy.name = "Mill cluster"
    held = date(2016, 10, 5)
    meetings = [
        put.meeting(session, mill, held, kind=kind) for kind in (MeetingKind.STEERING_GROUP, MeetingKind.CLUSTER)
    ]
    targets = [put.target(session, mill, "READING", year=year) for year in (2013, 2014)]
    stored = []
    for number, said in enumerate(lines):
        row = LedgerLine(
            cluster_id=mill.id,
            school_id=schools[said["school"]].id,
            year=AcademicYear.of(said["spent_on"]).start if said["spent_on"] else 2013,
            meeting_id=None if said["meeting"] is None else meetings[said["meeting"]].id,
            target_id=None if said["target"] is None else targets[said["target"]].id,
            fingerprint=f"as it was once {number % 2}",
            occurrence=number + 1,
            **{name: value for name, value in said.items() if name not in ("school", "meeting", "target")},
        )
        stored.append(put.put(session, row))
    return stored


def test_allocations_go_out_with_what_contributions_paid_in_and_change_nothing(world: World) -> None:
    with world.store.writing() as session:
        free = Allocation(cluster_id=world.mill, year=2016, pot=Pot.LEAD_HELD, part=Part.A, amount=1_000_00)
        put.put(session, free)
        for amount in (50_00, 50_00):
            paid = Contribution(
                cluster_id=world.mill, school_id=world.ford_school, year=2016, kind=ContributionKind.LEVY,
                state=ContributionState.PAID, amount=amount,
            )  # fmt: skip
            put.put(session, paid)
            put.put(
                session,
                Allocation(
                    cluster_id=world.mill, school_id=world.ford_school, year=2016, pot=Pot.LEAD_HELD, part=Part.LEVY,
                    amount=amount, contribution_id=paid.id,
                ),
            )  # fmt: skip
    for ending in ENDINGS:
        with world.store.writing() as session:
            out = written(session, "allocations", ending, cluster="mill-cluster")
            result = back(session, "allocations", ending, out.content)
            assert (result.rows_read, result.unchanged, result.batch) == (2, 2, None)
    with world.store.writing() as session:
        content = written(session, "allocations", "csv", cluster="mill-cluster").content
        assert [list(row.values()) for row in rows_of(content)] == [
            ["Mill Cluster", "", "2016-17", "lead_held", "A", "1000.00"],
            ["Mill Cluster", "Ford School", "2016-17", "lead_held", "levy", "100.00"],
        ]
        wrong = SourceFile("file.csv", content.replace(b"100.00", b"90.00"))
        result = bring_in(session, IMPORTERS["allocations"], wrong, ImportOptions())
        assert [(each.row, each.column) for each in result.errors] == [(3, "amount")]
        assert "contributions of £100.00 were paid into this part" in result.errors[0].problem
