"""Stages of programmes, and the times that clusters spent in them, out of files."""

import json
from datetime import date
from typing import Any

from dashboard.db import Store
from dashboard.directory.programmes import Programmes
from dashboard.intake.files import SourceFile
from dashboard.intake.pipeline import ImportOptions, ImportResult, import_file
from tests.uploads import MILL, assert_idempotent_and_undoable, bring, brought, everything, problems, undo

PROGRAMME: dict[str, Any] = {
    "name": "River Programme",
    "stages": [
        {"name": "Stage One", "words": "Spring 2012."},
        {"name": "Stage Two", "first_programme_year": 1, "last_programme_year": 4},
        {"name": "Stage Three", "first_programme_year": 4},
    ],
    "cohorts": [{"name": "2016", "starts": "2016-09-01"}, {"name": "2017"}],
}
TIMES = (
    "cluster,stage,start,end\n"
    "Mill Cluster,stage one,2012-01-09,2012-04-05\n"
    "Mill Cluster,Stage Two,2012-09-01,2013-08-31\n"
    "Mill Cluster,Stage Two,01/01/2014,\n"
    "Mill Cluster,Stage Three,,\n"
)


def define(store: Store, **changed: Any) -> ImportResult:
    source = SourceFile("programmes.json", json.dumps([PROGRAMME | changed]).encode())
    return import_file(store, Programmes(), source, ImportOptions())


def programme_of_two_clusters(store: Store) -> None:
    assert define(store).stored
    brought(store, "clusters", "name,programme\nMill Cluster,River Programme\nWeir Cluster,Hill Programme\n")


def test_a_programme_brings_its_stages_and_cohorts(store: Store) -> None:
    before = everything(store)
    first = define(store)
    assert (first.added, first.changed) == (1, 0)
    stored = everything(store)
    columns = ("position", "name", "words", "first_programme_year", "last_programme_year")
    assert [tuple(row[each] for each in columns) for row in stored["stage"]] == [
        (1, "Stage One", "Spring 2012.", None, None), (2, "Stage Two", None, 1, 4), (3, "Stage Three", None, 4, None),
    ]  # fmt: skip
    assert [(row["name"], row["starts"]) for row in stored["cohort"]] == [("2016", date(2016, 9, 1)), ("2017", None)]
    assert define(store).unchanged == 1
    renamed = [{**each, "words": "Known now."} for each in PROGRAMME["stages"]]
    second = define(store, stages=renamed, cohorts=[{"name": "2017", "starts": "2017-09-01"}])
    assert second.changed == 1
    assert {row["words"] for row in everything(store)["stage"]} == {"Known now."}
    assert everything(store)["cohort"][1]["starts"] == date(2017, 9, 1)
    undo(store, second.batch)
    assert everything(store) == stored
    undo(store, first.batch)
    assert everything(store) == before


def test_a_stage_that_makes_no_sense_is_refused(store: Store) -> None:
    wrong = define(store, stages=[{"name": "S", "first_programme_year": 4, "last_programme_year": 2}])
    assert "“S” would end with year 2 before it begins with year 4" in wrong.errors[0].problem
    for stage in ({"name": ""}, {"name": "S", "first_programme_year": -1}, {"name": "S", "dates": "2012"}):
        assert not define(store, stages=[stage]).stored
    assert everything(store)["stage"] == []


def test_times_in_stages(store: Store) -> None:
    programme_of_two_clusters(store)
    result = assert_idempotent_and_undoable(store, "stages", TIMES)
    assert (result.added, result.changed) == (4, 0)
    brought(store, "stages", TIMES)
    ended = brought(store, "stages", "stage,start,end\nStage Two,2014-01-01,2017-04-07\n", cluster=MILL)
    known = brought(store, "stages", "stage,start,end\nStage Three,2015-09-01,2017-08-31\n", cluster=MILL)
    assert (ended.changed, known.changed) == (1, 1), "what was not known is completed"
    assert [(row["starts"], row["ends"]) for row in everything(store)["cluster_stage"]] == [
        (date(2012, 1, 9), date(2012, 4, 5)), (date(2012, 9, 1), date(2013, 8, 31)),
        (date(2014, 1, 1), date(2017, 4, 7)), (date(2015, 9, 1), date(2017, 8, 31)),
    ]  # fmt: skip
    bare = brought(store, "stages", "stage,start,end\nStage One,,\n", cluster=MILL)
    assert bare.unchanged == 1, "a row without dates says nothing new"


def test_times_that_make_no_sense_are_refused(store: Store) -> None:
    programme_of_two_clusters(store)
    brought(store, "stages", TIMES)
    result = bring(
        store,
        "stages",
        "cluster,stage,start,end\nMill Cluster,Stage Four,,\nWeir Cluster,Stage One,,\nMill Cluster,,,\n"
        "Mill Cluster,Stage One,2012-05-01,2012-04-30\nMill Cluster,Stage Two,2013-08-31,2013-10-01\n"
        "Mill Cluster,Stage Three,soon,\nMill Cluster,Stage Three,2015-09-01,\nMill Cluster,Stage Three,2015-09-01,\n",
    )
    assert problems(result) == [
        (2, "stage", "Stage Four"), (3, "stage", "Stage One"), (4, "stage", None), (5, "end", "2012-04-30"),
        (6, "start", "2013-08-31"), (7, "start", "soon"), (9, "stage", "Stage Three"),
    ]  # fmt: skip
    assert "the stages are “Stage One”, “Stage Two”, “Stage Three”" in result.errors[0].problem
    assert "none are recorded" in result.errors[1].problem
    assert "overlaps with another time" in result.errors[4].problem
