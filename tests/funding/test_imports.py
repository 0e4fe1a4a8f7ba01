from datetime import date

from dashboard.academic_year import AcademicYear
from dashboard.db import Store
from dashboard.funding.commands import Ledger, Line
from dashboard.models import Cluster
from dashboard.vocabulary import Part, Pot
from tests.uploads import (
    MILL,
    assert_idempotent_and_undoable,
    bring,
    brought,
    everything,
    problems,
    xlsx_file,
)
from tests.writes import writing

ALLOCATIONS = (
    "cluster,school,year,pot,part,amount\n"
    'Mill Cluster,,2016-17,lead_held,A,"£1,200.00"\n'
    "Mill Cluster,,2016-17,lead_held,Part B,600\n"
    "Mill Cluster,Ford School,2016-17,school_held,release,500.50\n"
    "Weir Cluster,St Joseph's School,2016-17,school held,release,500\n"
)
HEAD = "school,date,pot,part,use_code,supplier,description,reference,amount,vat,state,meeting,target\n"
SPEND = (
    HEAD
    + ",2016-10-05,lead_held,A,A1,Supply agency,Cover,INV-1,100.00,20.00,committed,,\n"
    + ",2016-10-05,lead_held,A,A1,Supply agency,Cover,INV-1,100.00,20.00,committed,,\n"
    + "Ford School,05/11/2016,school held,release,,,Cover,,-12.34,,,,\n"
)


def test_allocations(two_clusters: Store) -> None:
    result = assert_idempotent_and_undoable(two_clusters, "allocations", ALLOCATIONS)
    assert (result.rows_read, result.added) == (4, 4)
    brought(two_clusters, "allocations", ALLOCATIONS)
    assert [(row["part"], row["amount"], row["year"]) for row in everything(two_clusters)["allocation"]] == [
        ("A", 120_000, 2016),
        ("B", 60_000, 2016),
        ("release", 50_050, 2016),
        ("release", 50_000, 2016),
    ]
    result = assert_idempotent_and_undoable(two_clusters, "allocations", ALLOCATIONS.replace("600", "650"))
    assert (result.added, result.changed, result.unchanged) == (0, 1, 3)


def test_the_year_may_be_said_beside_the_file(two_clusters: Store) -> None:
    file = "pot,part,amount\nlead_held,A,1\n"
    brought(two_clusters, "allocations", file, cluster=MILL, year=AcademicYear(2016))
    assert everything(two_clusters)["allocation"][0]["year"] == 2016
    result = bring(two_clusters, "allocations", ALLOCATIONS, year=AcademicYear(2017))
    assert problems(result) == [(row, "year", "2016-17") for row in (2, 3, 4, 5)]
    result = bring(two_clusters, "allocations", file, cluster=MILL)
    assert problems(result) == [(1, "year", None)]


def test_an_allocation_stands_once_and_a_school_holds_its_own(two_clusters: Store) -> None:
    result = bring(
        two_clusters,
        "allocations",
        "year,pot,part,amount\n2016-17,lead_held,A,1\n2016/17,lead_held,Part A,2\n2016-17,school_held,A,3\n,,,x\n",
        cluster=MILL,
    )
    assert problems(result) == [
        (3, "amount", "2"),
        (4, "school", None),
        (5, "year", None),
        (5, "pot", None),
        (5, "part", None),
        (5, "amount", "x"),
    ]


def test_spend(two_clusters: Store) -> None:
    result = assert_idempotent_and_undoable(two_clusters, "spend", SPEND, cluster=MILL)
    assert (result.rows_read, result.added, result.warnings) == (3, 3, ())
    brought(two_clusters, "spend", SPEND, cluster=MILL)
    lines = everything(two_clusters)["ledger_line"]
    assert [(row["amount"], row["vat"], row["state"], row["occurrence"]) for row in lines] == [
        (10_000, 2_000, "committed", 1),
        (10_000, 2_000, "committed", 2),
        (-1_234, 0, "paid", 1),
    ]
    assert [row["year"] for row in lines] == [2016] * 3


def test_a_line_that_is_paid_later_is_the_same_line(two_clusters: Store) -> None:
    first = brought(two_clusters, "spend", SPEND, cluster=MILL)
    paid = SPEND.replace("committed", "paid", 1)
    result = assert_idempotent_and_undoable(two_clusters, "spend", paid, cluster=MILL)
    assert (result.added, result.changed, result.unchanged) == (0, 1, 2)
    (warning,) = result.warnings
    assert f"3 lines were in the ledger already, from batch {first.batch} (file.csv)" in warning.problem


def test_the_same_lines_in_another_cluster_are_other_lines(two_clusters: Store) -> None:
    file = HEAD + ",2016-10-05,lead_held,A,A1,Supply agency,Cover,INV-1,100.00,20.00,paid,,\n"
    brought(two_clusters, "spend", file, cluster=MILL)
    result = brought(two_clusters, "spend", file, cluster="weir-cluster")
    assert (result.added, result.warnings) == (1, ())


def test_a_line_may_name_its_meeting_and_target(two_clusters: Store) -> None:
    brought(two_clusters, "attendance", "school,2016-10-05\nFord School,P\n", cluster=MILL)
    brought(two_clusters, "attendance", "school,2016-11-05\nWeir School,P\n", cluster="weir-cluster")
    brought(two_clusters, "plan", "target,code\nTalk more,TALK-SEPT16\n", cluster=MILL)
    head = "date,pot,part,amount,meeting,target\n"
    file = head + "2016-10-05,lead_held,A,1,5 October 2016,talk-sept16\n"
    assert_idempotent_and_undoable(two_clusters, "spend", file, cluster=MILL)
    wrong = head + "2016-10-05,lead_held,A,1,2016-11-05,TALK-SEPT17\n"
    result = bring(two_clusters, "spend", wrong, cluster=MILL)
    assert problems(result) == [(2, "meeting", "2016-11-05"), (2, "target", "TALK-SEPT17")]
    assert "known are TALK-SEPT16" in result.errors[1].problem


def test_a_use_code_of_another_part_is_a_warning_and_gives_the_part_where_none_is_said(two_clusters: Store) -> None:
    head = "date,pot,part,use_code,amount\n"
    file = head + "2016-10-05,lead_held,A,B2,1\n2016-10-05,lead_held,,C1,2\n"
    result = brought(two_clusters, "spend", file, cluster=MILL)
    assert [(each.row, each.column, each.value) for each in result.warnings] == [(2, "use_code", "B2")]
    assert [row["part"] for row in everything(two_clusters)["ledger_line"]] == ["A", "coordinator"]
    result = bring(two_clusters, "spend", head + "2016-10-05,lead_held,,,1\n", cluster=MILL)
    assert problems(result) == [(2, "part", None)]


def test_a_line_outside_the_year_is_refused(two_clusters: Store) -> None:
    file = "date,pot,part,amount\n2017-08-31,lead_held,A,1\n2017-09-01,lead_held,A,1\n"
    result = bring(two_clusters, "spend", file, cluster=MILL, year=AcademicYear(2016))
    assert problems(result) == [(3, "date", "2017-09-01")]


def test_money_of_a_workbook_is_exact(two_clusters: Store) -> None:
    rows = [["date", "pot", "part", "amount"], [date(2016, 10, 5), "lead_held", "A", 0.1 + 0.2]]
    brought(two_clusters, "spend", xlsx_file(rows), cluster=MILL)
    assert everything(two_clusters)["ledger_line"][0]["amount"] == 30
    rows[1][3] = 0.125
    assert problems(bring(two_clusters, "spend", xlsx_file(rows), cluster=MILL)) == [(2, "amount", "0.125")]


def test_a_line_entered_by_hand_is_always_one_more(two_clusters: Store) -> None:
    line = Line(None, date(2016, 10, 5), Pot.LEAD_HELD, Part.A, 100)
    for _ in range(2):
        with writing(two_clusters) as changes:
            mill = changes.session.query(Cluster).filter_by(slug=MILL).one()
            Ledger(changes, mill).record_line(line, new=True)
    assert [row["occurrence"] for row in everything(two_clusters)["ledger_line"]] == [1, 2]


def test_a_long_ledger_comes_in_whole(two_clusters: Store) -> None:
    body = "".join(f",2016-10-05,lead_held,A,A1,Agency,Cover,INV-{n},{n}.50,,paid,,\n" for n in range(1500))
    assert brought(two_clusters, "spend", HEAD + body, cluster=MILL).added == 1500
    assert brought(two_clusters, "spend", HEAD + body, cluster=MILL).unchanged == 1500
