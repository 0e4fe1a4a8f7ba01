"""Old lists of concerns, brought in: read, refused at row and column, the same again adds nothing, undone."""

from datetime import date

import pytest

from dashboard.db import Store
from tests.uploads import MILL, assert_idempotent_and_undoable, bring, brought, everything, problems

HEAD = (
    "cluster,school,raised,raised_as,rule,summary,review,step,step_date,step_note,outcome,outcome_date,"
    "closed,decision,decision_note\n"
)
LIST = HEAD + (
    "Mill Cluster,The Ford School,2016-11-01,coordinator,low_attendance,Came once,2017-02-01,"
    "reminded of funding,2016-11-03,By letter,no change,2016-11-20,,,\n"
    "Mill Cluster,The Ford School,2016-11-01,,,Came once,,visited the head,12 January 2017,,head came,,2017-03-01,"
    "settled,A new start\n"
    "Mill Cluster,,2016-12-05,director,,Too few meetings,,,,,,,,,\n"
    "Weir Cluster,St Joseph's School,2016-12-05,,,Too few meetings,,,,,,,,,\n"
)
TODAY = date(2017, 6, 1)


def test_several_rows_are_one_concern_with_several_steps(two_clusters: Store) -> None:
    result = assert_idempotent_and_undoable(two_clusters, "concerns", LIST, today=TODAY)
    assert (result.rows_read, result.added, result.changed, result.warnings) == (4, 4, 0, ())
    brought(two_clusters, "concerns", LIST, today=TODAY)
    stored = everything(two_clusters)
    schools = {row["id"]: row["slug"] for row in stored["school"]}
    clusters = {row["id"]: row["slug"] for row in stored["cluster"]}
    assert [
        (clusters[row["cluster_id"]], schools.get(row["school_id"]), row["raised_as"], row["rule"], row["decision"])
        for row in stored["concern"]
    ] == [
        (MILL, "ford-school", "coordinator", "low_attendance", "settled"),
        (MILL, None, "director", None, None),
        ("weir-cluster", "st-josephs-school-2", "not said", None, None),
    ]
    ford = stored["concern"][0]
    assert (ford["raised_on"], ford["review_on"], ford["closed_on"], ford["decision_note"]) == (
        date(2016, 11, 1), date(2017, 2, 1), date(2017, 3, 1), "A new start",
    )  # fmt: skip
    assert [
        (row["concern_id"], row["kind"], row["taken_on"], row["note"], row["outcome"], row["outcome_on"])
        for row in stored["concern_step"]
    ] == [
        (ford["id"], "reminded_of_funding", date(2016, 11, 3), "By letter", "no_change", date(2016, 11, 20)),
        (ford["id"], "visited_the_head", date(2017, 1, 12), None, "head_came", None),
    ]
    assert {row["raised_by_id"] for row in stored["concern"]} == {None}


def test_a_later_list_completes_what_stands_there_and_is_undone_alone(two_clusters: Store) -> None:
    begun = HEAD + "Mill Cluster,Mill Primary School,2016-11-01,,,Drifts,,spoke to the school,2016-11-02,,,,,,\n"
    brought(two_clusters, "concerns", begun, today=TODAY)
    before = everything(two_clusters)
    ended = HEAD + (
        "Mill Cluster,Mill Primary School,2016-11-01,,,Drifts,,spoke to the school,2016-11-02,,agreed,2016-11-09,,,\n"
        "Mill Cluster,Mill Primary School,2016-11-01,,,Drifts,,visited the head,2016-12-02,,,,2017-01-09,watched,\n"
    )
    result = assert_idempotent_and_undoable(two_clusters, "concerns", ended, today=TODAY)
    assert (result.added, result.changed) == (1, 1)
    assert everything(two_clusters) == before


def test_an_exit_of_an_old_list_changes_no_membership_and_says_so(two_clusters: Store) -> None:
    left = HEAD + "Mill Cluster,The Ford School,2016-11-01,,,Never came,,,,,,,2017-01-09,exit,\n"
    before = everything(two_clusters)["membership"]
    result = brought(two_clusters, "concerns", left, today=TODAY)
    assert [(each.row, each.column) for each in result.warnings] == [(2, "decision")]
    assert everything(two_clusters)["membership"] == before


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (",,2016-11-01,,,A,,,,,,,,,", ("cluster", None)),
        ("Mill Cluster,Nobody,2016-11-01,,,A,,,,,,,,,", ("school", "Nobody")),
        ("Mill Cluster,,soon,,,A,,,,,,,,,", ("raised", "soon")),
        ("Mill Cluster,,2017-06-02,,,A,,,,,,,,,", ("raised", "2017-06-02")),
        ("Mill Cluster,,2016-11-01,,,,,,,,,,,,", ("summary", None)),
        ("Mill Cluster,,2016-11-01,,bad_luck,A,,,,,,,,,", ("rule", "bad_luck")),
        ("Mill Cluster,,2016-11-01,,,A,never,,,,,,,,", ("review", "never")),
        ("Mill Cluster,,2016-11-01,,,A,,sang,2016-11-02,,,,,,", ("step", "sang")),
        ("Mill Cluster,,2016-11-01,,,A,,other,,,,,,,", ("step_date", None)),
        ("Mill Cluster,,2016-11-01,,,A,,other,2015-11-01,,,,,,", ("step_date", "2015-11-01")),
        ("Mill Cluster,,2016-11-01,,,A,,other,2017-06-02,,,,,,", ("step_date", "2017-06-02")),
        ("Mill Cluster,,2016-11-01,,,A,,,2016-11-02,,,,,,", ("step_date", "2016-11-02")),
        ("Mill Cluster,,2016-11-01,,,A,,,,,agreed,,,,", ("outcome", "agreed")),
        ("Mill Cluster,,2016-11-01,,,A,,other,2016-11-02,,,2016-11-03,,,", ("outcome_date", "2016-11-03")),
        ("Mill Cluster,,2016-11-01,,,A,,other,2016-11-02,,agreed,2016-11-01,,,", ("outcome_date", "2016-11-01")),
        ("Mill Cluster,,2016-11-01,,,A,,,,,,,2016-12-01,,", ("decision", None)),
        ("Mill Cluster,,2016-11-01,,,A,,,,,,,,settled,", ("closed", None)),
        ("Mill Cluster,,2016-11-01,,,A,,,,,,,2016-10-01,settled,", ("closed", "2016-10-01")),
        ("Mill Cluster,,2016-11-01,,,A,,other,2016-12-02,,,,2016-12-01,settled,", ("closed", "2016-12-01")),
        ("Mill Cluster,,2016-11-01,,,A,,,,,,,2016-12-01,lost,", ("decision", "lost")),
    ],
)
def test_what_is_wrong_is_said_at_its_row_and_column(
    two_clusters: Store, row: str, wrong: tuple[str, str | None]
) -> None:
    before = everything(two_clusters)
    result = bring(
        two_clusters, "concerns", HEAD + "Weir Cluster,,2016-11-01,,,Fine,,,,,,,,,\n" + row + "\n", today=TODAY
    )
    assert not result.stored
    assert problems(result)[0] == (3, *wrong)
    assert everything(two_clusters) == before


def test_two_rows_may_not_say_the_same_or_contradict_one_another(two_clusters: Store) -> None:
    said = "Mill Cluster,,2016-11-01,{},,A,{},other,2016-11-{},,,,,,\n"
    twice = HEAD + said.format("", "", "02") + said.format("", "", "02")
    assert problems(bring(two_clusters, "concerns", twice, today=TODAY)) == [(3, "step", "other")]
    other = HEAD + said.format("director", "2017-07-01", "02") + said.format("advisor", "2017-07-02", "03")
    assert problems(bring(two_clusters, "concerns", other, today=TODAY)) == [
        (3, "raised_as", "advisor"), (3, "review", "2017-07-02"),
    ]  # fmt: skip


def test_a_day_of_closing_is_held_against_the_steps_that_are_stored(two_clusters: Store) -> None:
    first = HEAD + "Mill Cluster,,2016-11-01,,,A,,other,2017-02-02,,,,,,\n"
    brought(two_clusters, "concerns", first, today=TODAY)
    closed = HEAD + "Mill Cluster,,2016-11-01,,,A,,,,,,,2017-02-01,settled,\n"
    assert problems(bring(two_clusters, "concerns", closed, today=TODAY)) == [(2, "closed", "2017-02-01")]
