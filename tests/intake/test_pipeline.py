import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear
from dashboard.access import whole_store
from dashboard.db import Store
from dashboard.importing import IMPORTERS
from dashboard.intake.files import SourceFile
from dashboard.models import ImportBatch
from dashboard.vocabulary import Provenance
from tests.uploads import MILL, add_two_clusters, bring, brought, csv_file, everything, problems, xlsx_file

REGISTER = "school,2017-03-12\nMill Primary School,P\nThe Ford School,A\n"


@pytest.fixture
def two_clusters(store: Store) -> Store:
    add_two_clusters(store)
    return store


def test_the_result_has_the_form_of_the_contract(two_clusters: Store) -> None:
    result = bring(two_clusters, "attendance", "school,2017-03-12\nMill Primary School,?\n", cluster=MILL)
    assert json.loads(json.dumps(result.as_dict())) == {
        "kind": "attendance",
        "batch": None,
        "stored": False,
        "rows_read": 1,
        "added": 0,
        "changed": 0,
        "unchanged": 0,
        "errors": [
            {
                "row": 2,
                "column": "2017-03-12",
                "value": "?",
                "problem": "“?” is not a mark; use present, substitute, apologies, absent or not_expected, "
                "or give the register's own key in the mapping's “marks”",
            }
        ],
        "warnings": [],
    }


def test_the_batch_says_what_came_in(two_clusters: Store) -> None:
    mapping = {"marks": {"A": "absent"}}
    result = brought(
        two_clusters,
        "attendance",
        csv_file(REGISTER, "march.csv"),
        cluster=MILL,
        mapping=mapping,
        provenance=Provenance.ILLUSTRATIVE,
        source="Made up",
    )
    with two_clusters.reading() as session:
        batch = session.get(ImportBatch, result.batch)
        assert batch is not None
        assert (batch.kind, batch.file_name, batch.cluster) == ("attendance", "march.csv", MILL)
        assert (batch.rows_read, batch.added, batch.changed, batch.unchanged) == (2, 2, 0, 0)
        assert batch.mapping == mapping
        assert batch.sha256 == csv_file(REGISTER).sha256
    marks = everything(two_clusters)["school_mark"]
    assert {(mark["batch_id"], mark["illustrative"], mark["mark"]) for mark in marks} == {
        (result.batch, True, "present"),
        (result.batch, True, "absent"),
    }


def test_a_dry_run_counts_and_stores_nothing(two_clusters: Store) -> None:
    before = everything(two_clusters)
    result = bring(two_clusters, "attendance", REGISTER, cluster=MILL, dry_run=True)
    assert (result.added, result.stored, result.batch) == (2, False, None)
    assert everything(two_clusters) == before
    with two_clusters.reading() as session:
        assert session.query(ImportBatch).count() == 1


def test_all_errors_come_at_once_and_nothing_is_stored(two_clusters: Store) -> None:
    before = everything(two_clusters)
    result = bring(
        two_clusters,
        "spend",
        "school,date,pot,part,amount\n"
        "Mill Primary School,2017-03-12,lead_held,A,10.00\n"
        "Mill Primary Scool,2017-03-40,lead_held,Q,ten\n"
        "Weir School,2017-03-12,nobody,A,0.001\n",
        cluster=MILL,
    )
    assert not result.stored
    assert problems(result) == [
        (3, "school", "Mill Primary Scool"),
        (3, "date", "2017-03-40"),
        (3, "part", "Q"),
        (3, "amount", "ten"),
        (4, "school", "Weir School"),
        (4, "pot", "nobody"),
        (4, "amount", "0.001"),
    ]
    assert "did you mean “Mill Primary School”?" in result.errors[0].problem
    assert "a school of that name is in Weir Cluster" in result.errors[4].problem
    assert everything(two_clusters) == before


def test_a_missing_column_is_named_with_what_there_is(two_clusters: Store) -> None:
    result = bring(two_clusters, "spend", "Paid,Supplier Name\n1,2\n", cluster=MILL)
    assert [problem.column for problem in result.errors] == ["date", "pot", "amount"]
    assert "the file has “Paid”, “Supplier Name”" in result.errors[0].problem
    assert "“columns”" in result.errors[0].problem


def test_a_column_nobody_knows_is_a_warning_unless_it_is_ignored(two_clusters: Store) -> None:
    file = "name,urn,VAT code,Colour\nMill Primary School,100001,2,red\n"
    result = brought(two_clusters, "schools", file, mapping={"ignore": ["vat CODE"]})
    assert [(each.row, each.column, each.problem) for each in result.warnings] == [
        (1, "Colour", "the column “Colour” was not used")
    ]


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"columns": {"Paid": "payday"}}, "uses “payday”"),
        ({"defaults": {"colour": "red"}}, "uses “colour”"),
        ({"columns": {"Net": "amount", "Gross": "amount"}}, "“Net” and “Gross” both read as amount"),
        ({"header_row": 9}, "no headings in row 9"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(two_clusters: Store, mapping: dict[str, Any], sentence: str) -> None:
    result = bring(two_clusters, "spend", "Net,Gross,Paid\n1,2,3\n", cluster=MILL, mapping=mapping)
    assert sentence in " ".join(problem.problem for problem in result.errors)


def test_a_mapping_reads_a_strange_file(two_clusters: Store) -> None:
    file = "Spending of the term\n\nPaid Date;Net;Whom;Gross\n12.3.17;£1,000.00;Ford;1200\n"
    mapping = {
        "header_row": 3,
        "columns": {"Paid Date": "date", "Whom": "school", "Old column": "supplier"},
        "ignore": ["Gross"],
        "defaults": {"pot": "lead_held", "part": "B"},
        "dates": "%d.%m.%y",
        "aliases": {"Ford": "The Ford School"},
    }
    result = brought(two_clusters, "spend", file, cluster=MILL, mapping=mapping)
    assert [problem.problem for problem in result.warnings] == [
        "the mapping names a column “Old column” that the file does not have"
    ]
    (line,) = everything(two_clusters)["ledger_line"]
    assert (line["spent_on"].isoformat(), line["amount"], line["part"]) == ("2017-03-12", 100_000, "B")


@pytest.mark.parametrize("heading", ["Pupil name", "child", "PUPIL", "Student Name", "UPN", "Date of birth"])
@pytest.mark.parametrize("kind", ["attendance", "benchmarks", "plan", "spend"])
def test_columns_about_pupils_are_refused(new_sqlite: Any, kind: str, heading: str) -> None:
    store = whole_store(new_sqlite())
    result = bring(store, kind, f"school,{heading},2017-03-12\nMill,QX,P\n", cluster=MILL, create_missing=True)
    store.close()
    assert not result.stored
    assert result.errors[0].column == heading
    assert "no data of pupils is kept here" in result.errors[0].problem


def test_an_import_without_a_word_about_the_cluster_is_refused(two_clusters: Store) -> None:
    result = bring(two_clusters, "attendance", "school,2017-03-12\nMill Primary School,P\n")
    assert "say which cluster" in result.errors[0].problem


def test_a_row_about_another_cluster_than_the_one_asked_for_is_refused(two_clusters: Store) -> None:
    file = "cluster,school,2017-03-12\nWeir Cluster,Weir School,P\n"
    result = bring(two_clusters, "attendance", file, cluster=MILL)
    assert problems(result) == [(2, "cluster", "Weir Cluster")]


def test_an_unknown_cluster_is_refused_with_what_comes_near(two_clusters: Store) -> None:
    result = bring(two_clusters, "attendance", REGISTER, cluster="mil-cluster")
    assert "did you mean “Mill Cluster” or" in result.errors[0].problem
    assert "--create-missing" in result.errors[0].problem
    result = bring(two_clusters, "attendance", REGISTER, cluster="New_Cluster", create_missing=True)
    assert "is not a slug; it would be “new-cluster”" in result.errors[0].problem


def test_a_workbook_and_a_csv_file_are_the_same_to_an_importer(two_clusters: Store) -> None:
    brought(two_clusters, "attendance", REGISTER, cluster=MILL)
    rows = [["School", "12 March 2017"], ["mill primary school.", "yes"], [100003, "apologies"]]
    result = brought(two_clusters, "attendance", xlsx_file(rows), cluster=MILL)
    assert (result.added, result.unchanged) == (0, 2)


def test_a_file_of_the_wrong_sort_is_refused(two_clusters: Store) -> None:
    for file in (SourceFile("a.csv", b""), SourceFile("a.docx", b"PK\x03\x04"), SourceFile("a.xlsx", b"hello")):
        for kind in ("spend", "plan"):
            assert not bring(two_clusters, kind, file, cluster=MILL).stored


def test_two_people_at_once_store_a_file_once(new_store: Any) -> None:
    url = new_store()
    stores = [whole_store(url), whole_store(url)]
    add_two_clusters(stores[0])
    with ThreadPoolExecutor() as pool:
        results = list(pool.map(lambda store: bring(store, "attendance", REGISTER, cluster=MILL), stores))
    assert sorted(result.added for result in results) == [0, 2]
    assert len(everything(stores[0])["school_mark"]) == 2
    for each in stores:
        each.close()


def test_names_that_would_not_fit_are_refused_on_both_databases(two_clusters: Store) -> None:
    long = "Very " * 50 + "Long School"
    options: dict[str, Any] = {"cluster": MILL, "create_missing": True}
    for kind, file in (
        ("attendance", f"school,2017-03-12\n{long},P\n"),
        ("attendance", f"cluster,school,2017-03-12\n{long},Ford School,P\n"),
        ("attendance", f"school,person,2017-03-12\nFord School,{long},P\n"),
        ("schools", f"name\n{long}\n"),
        ("clusters", f"name\n{long}\n"),
        ("benchmarks", f"measure,{long}\nPupils,1\n"),
        ("spend", f"date,pot,part,amount,reference\n2017-03-12,lead_held,A,1,{long}\n"),
        ("plan", f"target,code\nGo on,{long}\n"),
    ):
        mapping = {"defaults": {"unit": "count"}} if kind == "benchmarks" else {}
        result = bring(two_clusters, kind, file, **options, year=AcademicYear(2016), mapping=mapping)
        assert not result.stored, kind
        assert "letters; at most" in result.errors[0].problem
    assert not bring(two_clusters, "attendance", REGISTER, cluster="x" * 300, create_missing=True).stored


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(IMPORTERS)),
    st.lists(
        st.lists(st.sampled_from(["school", "date", "amount", "2017-03-12", "P", "é", "", "0", "x,y"]), max_size=5),
        max_size=5,
    ),
)
def test_no_table_does_worse_than_a_refusal(two_clusters: Store, kind: str, rows: list[list[str]]) -> None:
    file = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    result = bring(two_clusters, kind, file, cluster=MILL, create_missing=True, dry_run=True)
    assert not result.stored
