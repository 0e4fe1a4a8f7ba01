"""A file of events: its rows go the way of the form, twice changes nothing, and all of it can be taken out again."""

from datetime import date

import pytest
import sqlalchemy as sa

from dashboard.db import Store
from dashboard.lifecycle.imports import read_telling
from dashboard.lifecycle.telling import Telling
from dashboard.models import LifecycleReason, School
from tests.uploads import MILL, add_two_clusters, assert_idempotent_and_undoable, bring, brought, everything, problems

HEAD = "Cluster,School,Person,Event,Date,Until,Review,Reviewed,Replaced by,Reason,Words\n"
ALL = HEAD + (
    "Mill Cluster,Mill Primary School,,Sabbatical,05/01/2017,31/03/2017,10/03/2017,2017-03-09,,maternity,\n"
    "Mill Cluster,New School,,sabbatical,2017-02-01,2017-02-10,,,,,\n"
    "Mill Cluster,St Joseph's School,Ada Brook,Hand-over,2016-11-01,2016-11-30,,,Ben Dale,,\n"
    "Mill Cluster,St Joseph's School,Ben Dale,brought up to speed,2016-12-05,,,,,,\n"
    "Mill Cluster,St Joseph's School,Cas Elm,Job share,2017-01-09,,,,,,\n"
    "Mill Cluster,St Joseph's School,Di Fern,Substitute,2017-01-10,2017-02-10,,,,,\n"
    "Mill Cluster,St Joseph's School,,Agreement signed,2016-09-01,,,,,,\n"
    "Mill Cluster,St Joseph's School,,Federated,2016-10-01,,,,,,River Trust\n"
    "Mill Cluster,St Joseph's School,,Left trust,2017-01-31,,,,,,\n"
    "Mill Cluster,The Ford School,,Replaced,2016-12-31,,,,New School,,\n"
    "Mill Cluster,Mill Primary School,,Closed,2017-04-03,2017-04-07,,,,,\n"
    "Mill Cluster,Mill Primary School,,Dropped out,2017-05-31,,,,,,\n"
    "Mill Cluster,,,Stage gate,2017-03-01,,,,,,\n"
    "Mill Cluster,,,Context,2010-09-01,,,,,,Services are traded\n"
)


@pytest.fixture
def two(store: Store) -> Store:
    add_two_clusters(store)
    brought(store, "schools", "name\nNew School\n")
    return store


def test_every_event_comes_in_once_and_goes_out_again(two: Store) -> None:
    result = assert_idempotent_and_undoable(two, "events", ALL)
    # Leaving a trust ends the event of joining it.
    assert (result.added, result.changed, result.unchanged) == (13, 1, 0)


def test_what_the_rows_became(two: Store) -> None:
    brought(two, "events", ALL)
    stored = everything(two)
    schools = {row["id"]: row["slug"] for row in stored["school"]}
    spells = {
        (schools[row["school_id"]], row["joined"], row["left_on"]) for row in stored["membership"]
        if row["cluster_id"] == 1
    }  # fmt: skip
    assert spells == {
        ("mill-primary-school", None, date(2017, 5, 31)), ("st-josephs-school", None, None),
        ("ford-school", None, date(2016, 12, 31)), ("new-school", date(2017, 1, 1), None),
    }  # fmt: skip
    sabbatical = next(row for row in stored["lifecycle_event"] if row["kind"] == "sabbatical" and row["reviewed_on"])
    assert (sabbatical["ends_on"], sabbatical["review_on"]) == (date(2017, 3, 31), date(2017, 3, 10))
    assert [row["reason"] for row in stored["lifecycle_reason"]] == ["maternity"]
    people = {row["id"]: row["name"] for row in stored["person"]}
    assert {(people[row["person_id"]], row["role"], row["starts"], row["ends"]) for row in stored["appointment"]} == {
        ("Ada Brook", "subject_lead", None, date(2016, 11, 30)), ("Ben Dale", "subject_lead", date(2016, 11, 1), None),
        ("Cas Elm", "subject_lead", date(2017, 1, 9), None),
        ("Di Fern", "teacher", date(2017, 1, 10), date(2017, 2, 10)),
    }  # fmt: skip
    assert [row["left_on"] for row in stored["trust_membership"]] == [date(2017, 1, 31)]
    assert [row["words"] for row in stored["context_event"]] == ["Services are traded"]


def test_a_file_that_knows_more_completes_what_stands_there(two: Store) -> None:
    brought(
        two, "events", "school,event,date,review\nMill Primary School,sabbatical,2017-01-05,2017-03-10\n", cluster=MILL
    )
    more = "school,event,date,until,reviewed\nMill Primary School,sabbatical,2017-01-05,2017-03-31,2017-03-09\n"
    result = assert_idempotent_and_undoable(two, "events", more, cluster=MILL)
    assert (result.added, result.changed) == (0, 1)


def test_a_school_that_nobody_knows_is_made_when_that_was_asked(two: Store) -> None:
    text = "school,event,date\nQuay School,joined,2017-01-05\nQuay School,sabbatical,2017-01-09\n"
    assert problems(bring(two, "events", text, cluster=MILL)) == [
        (2, "school", "Quay School"),
        (3, "school", "Quay School"),
    ]
    wrong = bring(two, "events", text, cluster=MILL, create_missing=True)
    assert "say when the sabbatical is reviewed" in wrong.errors[0].problem
    done = text.replace("sabbatical", "disengaged")
    assert_idempotent_and_undoable(two, "events", done, cluster=MILL, create_missing=True)
    with two.reading() as session:
        assert session.scalar(sa.select(School.id).where(School.name == "Quay School")) is None


@pytest.mark.parametrize(
    ("row", "column", "value", "sentence"),
    [
        ("Mill Primary School,,retired,2017-01-05,,,,", "event", "retired", "is not an event; known are joined, left"),
        ("Mill Primary School,,,2017-01-05,,,,", "event", None, "the cell is empty"),
        ("Mill Primary School,,left,5/1/17,,,,", "date", "5/1/17", "two digits"),
        ("Mill Primary School,,left,,,,,", "date", None, "the cell is empty"),
        ("Weir School,,left,2017-01-05,,,,", "school", "Weir School", "is no member of Mill Cluster"),
        (",,left,2017-01-05,,,,", "school", None, "say which school"),
        ("Mill Primary School,,handover,2017-01-05,,,,", "replaced_by", None, "say who takes over"),
        ("Mill Primary School,,handover,2017-01-05,,,Ben,", "person", None, "say which colleague"),
        ("Mill Primary School,,replaced,2017-01-05,,,Nowhere,", "replaced_by", "Nowhere", "there is no school"),
        ("Mill Primary School,,sabbatical,2017-01-05,2017-01-04,,,", "until", "2017-01-04", "before it begins"),
        ("Mill Primary School,,sabbatical,2017-01-05,,2017-01-04,,", "review", "2017-01-04", "before the start"),
        ("Mill Primary School,,joined,2017-01-05,,,,", "date", "2017-01-05", "is a member of Mill Cluster already"),
        ("Mill Primary School,,closed,2087-01-05,2087-02-05,,,", "date", "2087-01-05", "check the year"),
        (",,context,2017-01-05,,,,", "words", None, "say in a sentence"),
        (f",,context,2017-01-05,,,,{'x' * 201}", "words", "x" * 201, "at most 200 fit"),
    ],
)
def test_what_is_wrong_is_said_at_its_row_and_column(
    two: Store, row: str, column: str, value: str | None, sentence: str
) -> None:
    before = everything(two)
    head = "school,person,event,date,until,review,replaced_by,words\n"
    result = bring(two, "events", head + row + "\n", cluster=MILL)
    assert problems(result) == [(2, column, value)]
    assert sentence in result.errors[0].problem
    assert everything(two) == before


def test_two_rows_that_contradict_one_another(two: Store) -> None:
    text = (
        "school,event,date,until\n"
        "Mill Primary School,sabbatical,2017-01-05,2017-02-05\n"
        "Mill Primary School,closed,2017-02-05,2017-02-06\n"
    )
    result = bring(two, "events", text, cluster=MILL)
    assert problems(result) == [(3, "date", "2017-02-05")]
    assert "two at once" in result.errors[0].problem


@pytest.mark.parametrize("telling", Telling)
def test_every_word_is_read_as_itself(telling: Telling) -> None:
    assert read_telling(telling.value.upper().replace("_", " ")) is telling


def test_no_reason_stays_when_the_file_is_taken_out(two: Store) -> None:
    assert_idempotent_and_undoable(two, "events", ALL)
    with two.reading() as session:
        assert session.scalars(sa.select(LifecycleReason.id)).all() == []
