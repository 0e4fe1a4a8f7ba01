from datetime import date
from typing import Any

import pytest

from dashboard.access import whole_store
from dashboard.db import Store
from dashboard.directory.commands import confirm_alias, define_school, set_lead_school, set_membership
from dashboard.directory.lookup import Directory
from dashboard.directory.programmes import Programmes
from dashboard.intake.files import SourceFile
from dashboard.intake.pipeline import ImportOptions, import_file
from tests.uploads import (
    MILL,
    add_two_clusters,
    assert_idempotent_and_undoable,
    bring,
    brought,
    everything,
    problems,
    undo,
)
from tests.writes import writing

CLUSTERS = (
    "name,programme,cohort,focus,lead_school,start,end\n"
    "The Mill Cluster,River Programme,Cohort 1,Science,Mill Primary School,2015-09-01,31/08/2017\n"
    "Weir Cluster,River Programme,,,,,\n"
)
SCHOOLS = (
    "URN,School name,Cluster,Phase,Local Authority,Trust,Postcode,Pupils,FSM,Joined,Left\n"
    "100001,Mill Primary School,Mill Cluster,Primary,Rivershire,River Trust,RV1 1AA,210,31,2015-09-01,\n"
    ",St Joseph's School,Mill Cluster,infant,,,,,,,\n"
    ",St. Joseph's School,Weir Cluster,junior,,,,,,2015-09-01,2016-08-31\n"
)


def test_clusters(store: Store) -> None:
    result = assert_idempotent_and_undoable(store, "clusters", CLUSTERS)
    assert (result.added, result.changed) == (2, 0)
    assert "no lead school was set" in result.warnings[0].problem
    brought(store, "clusters", CLUSTERS)
    stored = everything(store)
    assert [(row["slug"], row["name"]) for row in stored["cluster"]] == [
        ("mill-cluster", "The Mill Cluster"),
        ("weir-cluster", "Weir Cluster"),
    ]
    assert [row["slug"] for row in stored["programme"]] == ["river-programme"]
    assert [row["name"] for row in stored["cohort"]] == ["Cohort 1"]


def test_the_lead_school_is_set_once_the_schools_are_there(store: Store) -> None:
    brought(store, "clusters", CLUSTERS)
    brought(store, "schools", SCHOOLS)
    result = assert_idempotent_and_undoable(store, "clusters", CLUSTERS)
    assert (result.added, result.changed, result.unchanged) == (0, 1, 1)


def test_clusters_that_make_no_sense_are_refused(store: Store) -> None:
    result = bring(
        store,
        "clusters",
        "name,cohort,start,end\n,,,\nMill Cluster,,2017-09-01,2016-08-31\nA,Cohort 1,,\nWeir,,,\nWEIR,,,\n",
    )
    assert problems(result) == [
        (3, "end", "2016-08-31"),
        (4, "cohort", "Cohort 1"),
        (6, "name", "WEIR"),
    ]


def test_schools(store: Store) -> None:
    brought(store, "clusters", CLUSTERS)
    result = assert_idempotent_and_undoable(store, "schools", SCHOOLS)
    assert (result.added, result.changed, result.unchanged) == (3, 0, 0)
    brought(store, "schools", SCHOOLS)
    stored = everything(store)
    assert [row["slug"] for row in stored["school"]] == [
        "mill-primary-school",
        "st-josephs-school",
        "st-josephs-school-2",
    ]
    assert stored["school"][0]["free_school_meals"] == 31
    assert [row["name"] for row in stored["trust"]] == ["River Trust"]
    assert len(stored["membership"]) == 3


def test_a_cluster_nobody_knows_is_an_error_unless_it_may_be_made(store: Store) -> None:
    assert problems(bring(store, "schools", "name,cluster\nMill School,Mill Cluster\n")) == [
        (2, "cluster", "Mill Cluster")
    ]
    brought(store, "schools", "name,cluster\nMill School,The Mill Cluster\n", create_missing=True)
    assert [row["slug"] for row in everything(store)["cluster"]] == ["mill-cluster"]


def test_the_urn_tells_schools_apart_and_a_blank_says_nothing(store: Store) -> None:
    add_two_clusters(store)
    result = brought(
        store,
        "schools",
        "urn,name,cluster,phase\n"
        "100001,Mill Primary and Nursery School,,\n"  # the same school by another name
        "100009,The Ford School,Mill Cluster,primary\n"  # an academy after its predecessor
        ",St Joseph's School,Weir Cluster,junior\n",
    )
    assert (result.added, result.changed, result.unchanged) == (1, 2, 0)
    schools = {row["slug"]: row for row in everything(store)["school"]}
    assert schools["mill-primary-school"]["name"] == "Mill Primary and Nursery School"
    assert schools["ford-school-2"]["urn"] == 100009
    assert schools["st-josephs-school-2"]["phase"] == "junior"
    assert schools["st-josephs-school"]["phase"] is None


def test_times_of_membership_may_not_overlap(store: Store) -> None:
    add_two_clusters(store)
    head = "name,cluster,joined,left\n"
    brought(store, "schools", head + "Weir School,Weir Cluster,2015-09-01,2016-08-31\n")
    brought(store, "schools", head + "Weir School,Weir Cluster,2017-09-01,\n")
    assert len([row for row in everything(store)["membership"] if row["joined"]]) == 2
    result = bring(store, "schools", head + "Weir School,Weir Cluster,2016-05-01,2016-12-31\n")
    assert problems(result) == [(2, "joined", "2016-05-01")]
    assert "may not overlap" in result.errors[0].problem
    assert problems(bring(store, "schools", head + "Weir School,Weir Cluster,2019-09-01,2018-09-01\n"))


@pytest.mark.parametrize(
    ("column", "value"),
    [("urn", "12"), ("urn", "abc"), ("latitude", "91"), ("pupils", "z"), ("phase", "big"), ("postcode", "x" * 11)],
)
def test_facts_that_cannot_be_are_refused(new_sqlite: Any, column: str, value: str) -> None:
    store = whole_store(new_sqlite())
    result = bring(store, "schools", f"name,{column}\nMill School,{value}\n")
    store.close()
    assert problems(result) == [(2, column, value)]


def test_two_rows_of_one_urn_are_one_school_and_a_taken_urn_is_refused(store: Store) -> None:
    add_two_clusters(store)
    result = bring(store, "schools", "urn,name,cluster\n100001,Weir School,Weir Cluster\n")
    assert result.stored
    names = {row["urn"]: row["name"] for row in everything(store)["school"]}
    assert names[100001] == "Weir School"


PROGRAMMES = (
    '[{"name": "River Programme", "starts": "2015-09-01", "ends": null, "rules": [{"name": "half_day_max",'
    ' "value": "400.00", "unit": "pounds", "source": "4.9", "statement": "At most"}]}]'
)


def test_programmes(store: Store) -> None:
    def load(text: str) -> Any:
        return import_file(store, Programmes(), SourceFile("programmes.json", text.encode()), ImportOptions())

    before = everything(store)
    first = load(PROGRAMMES)
    assert (first.added, load(PROGRAMMES).unchanged) == (1, 1)
    changed = load(PROGRAMMES.replace("400.00", "450.00"))
    assert changed.changed == 1
    assert [row["value"] for row in everything(store)["programme_rule"]] == ["450.00"]
    undo(store, changed.batch)
    undo(store, first.batch)
    assert everything(store) == before
    assert "no rule “half_day”" in load(PROGRAMMES.replace("half_day_max", "half_day")).errors[0].problem
    assert not load('[{"title": "River Programme"}]').stored


def test_names_are_found_without_merging(store: Store) -> None:
    add_two_clusters(store)
    with writing(store) as changes:
        directory = Directory(changes.session, {"Ford": "The Ford School"})
        mill = directory.cluster("the MILL cluster")
        names = ("ford school", "THE FORD SCHOOL.", "100003", "ford-school", "Ford")
        assert {directory.school(name, mill).slug for name in names} == {"ford-school"}
        assert directory.school("St Joseph's School", mill).urn == 100002
        assert directory.school("St Joseph's School", directory.cluster("weir-cluster")).urn == 200002
        with pytest.raises(ValueError, match="the name of 2 schools; give the URN or one of st-josephs-school, st-j"):
            directory.school("St. Joseph's School")
        with pytest.raises(ValueError, match="no member of Mill Cluster; did you mean “The Ford School”"):
            directory.school("The Frod School", mill)
        ford = directory.school("Ford School", mill)
        confirm_alias(changes, directory, mill, ford, "F'd Sch", "the coordinator")
        assert directory.school("Fd sch.", mill) is ford
        with pytest.raises(ValueError, match="no member of Weir Cluster"):
            directory.school("Fd sch", directory.cluster("weir-cluster"))


def test_there_is_one_lead_school_at_any_date(store: Store) -> None:
    add_two_clusters(store)
    with writing(store) as changes:
        directory = Directory(changes.session)
        mill = directory.cluster(MILL)
        first, second = directory.members(mill)[:2]
        set_lead_school(changes, mill, first, starts=date(2015, 9, 1))
        set_lead_school(changes, mill, second, starts=date(2016, 9, 1))
        with pytest.raises(ValueError, match="must start later"):
            set_lead_school(changes, mill, first, starts=date(2016, 1, 1))
    leads = [(row["starts"], row["ends"]) for row in everything(store)["lead_school"]]
    assert leads == [(date(2015, 9, 1), date(2016, 8, 31)), (date(2016, 9, 1), None)]


def test_a_taken_urn_is_refused(store: Store) -> None:
    add_two_clusters(store)
    with writing(store) as changes:
        directory = Directory(changes.session)
        with pytest.raises(ValueError, match="URN 100001 belongs to Mill Primary School"):
            define_school(changes, directory, "New School", urn=100001)
        mill = directory.cluster(MILL)
        spell, outcome = set_membership(changes, directory, mill, directory.members(mill)[0])
        assert outcome == "unchanged"
        assert spell.joined is None


def test_another_urn_is_another_school_however_many_share_the_name(store: Store) -> None:
    file = "urn,name\n" + "".join(f"{urn},St Joseph's School\n" for urn in (100001, 100002, 100003))
    result = assert_idempotent_and_undoable(store, "schools", file)
    assert result.added == 3
    brought(store, "schools", file)
    result = bring(store, "schools", "name,pupils\nSt Joseph's School,9\n")
    assert "the name of 3 schools" in result.errors[0].problem


def test_figures_may_come_by_urn_alone(store: Store) -> None:
    add_two_clusters(store)
    result = assert_idempotent_and_undoable(store, "schools", "URN,NOR\n100001,210\n100003,95\n")
    assert result.changed == 2
    assert problems(bring(store, "schools", "URN,NOR\n999999,210\n,1\n")) == [(2, "name", None), (3, "name", None)]


def test_since_when_a_school_holds_the_quality_mark(two_clusters: Store) -> None:
    file = "name,cluster,quality mark\nFord School,Mill Cluster,1 July 2015\nMill Primary School,Mill Cluster,\n"
    assert_idempotent_and_undoable(two_clusters, "schools", file)
    brought(two_clusters, "schools", file)
    marks = {row["name"]: row["quality_mark_on"] for row in everything(two_clusters)["school"]}
    assert {name: on for name, on in marks.items() if on} == {"Ford School": date(2015, 7, 1)}
    wrong = file.replace("1 July 2015", "yes")
    assert problems(bring(two_clusters, "schools", wrong)) == [(2, "quality mark", "yes")]
