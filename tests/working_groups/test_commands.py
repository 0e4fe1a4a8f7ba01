"""Groups, outcomes, projects and participation by hand: what is stored, what is refused, and what the audit keeps."""

from datetime import date
from typing import Any

import pytest

from dashboard.changes import Outcome
from dashboard.models import (
    CellLine,
    GroupOutcome,
    Participation,
    Project,
    ProjectStep,
    WorkingGroup,
    WorkingGroupSchool,
)
from dashboard.vocabulary import GroupStatus, OutcomeState, ProjectStage
from dashboard.working_groups.checks import (
    ChangedMeanwhile,
    GroupRefused,
    GroupSaid,
    NoSuchGroup,
    OutcomeSaid,
    ProjectSaid,
)
from tests.working_groups.world import SECRET, World

REACHED = OutcomeSaid("Buy paper together", OutcomeState.REACHED, date(2017, 2, 1), 120_050)


def in_group(world: World, group: int) -> dict[int, int | None]:
    return {row.school_id: row.people for row in world.rows(WorkingGroupSchool) if row.working_group_id == group}


def of_mill(world: World, model: Any) -> list[Any]:
    return [row for row in world.rows(model) if row.cluster_id == world.mill]


def test_a_group_is_kept_with_its_schools_topics_and_target(world: World) -> None:
    group = world.add(
        lead=SECRET[:60], lead_school_id=world.ford, topics=("Solving problems", SECRET), target_id=world.target,
        schools={world.ford: 3, world.lock: None},
    )  # fmt: skip
    (row,) = of_mill(world, WorkingGroup)
    assert (row.id, row.name, row.status, row.target_id) == (group, "Numeracy", GroupStatus.AT_WORK, world.target)
    assert row.topics == (CellLine(bullet=True, text="Solving problems"), CellLine(bullet=True, text=SECRET))
    assert in_group(world, group) == {world.ford: 3, world.lock: None}
    said = GroupSaid("Numeracy", GroupStatus.FINISHED, schools={world.lock: 1, world.weir: None})
    assert world.write(lambda book: book.change_group(group, said, world.sign_of_group(group))) is Outcome.CHANGED
    assert in_group(world, group) == {world.lock: 1, world.weir: None}
    assert world.write(lambda book: book.change_group(group, said, world.sign_of_group(group))) is Outcome.UNCHANGED
    assert [(event.action, event.object_kind, event.object_key) for event in world.events()] == [
        ("add", "working group", str(group)), ("change", "working group", str(group)),
    ]  # fmt: skip
    assert world.events()[1].after["status"] == "finished"
    assert SECRET[:30] not in repr([(event.before, event.after, event.reason) for event in world.events()])


def test_a_group_that_cannot_be_is_refused_whole(world: World) -> None:
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "at most 200"),
        ({"lead": "x" * 61}, "at most 60"),
        ({"topics": ("x" * 301,)}, "at most 300"),
        ({"topics": ("x",) * 31}, "30 topics"),
        ({"starts": date(2017, 2, 2), "ends": date(2017, 2, 1)}, "before it began"),
        ({"schools": {world.ford: 0}}, "how many people"),
    )
    for said, words in wrong:
        with pytest.raises(GroupRefused, match=words):
            world.add(**{"name": "Numeracy", **said})
    assert of_mill(world, WorkingGroup) == []
    assert world.events() == []


def test_a_group_names_nothing_of_another_cluster_no_draft_and_no_name_twice(world: World) -> None:
    world.add("Pupils’ voice")
    for said in (
        {"lead_school_id": world.decoy_school},
        {"schools": {world.decoy_school: 1}},
        {"target_id": world.decoy_target},
        {"target_id": world.draft},
    ):
        with pytest.raises(GroupRefused):
            world.add(**said)
    with pytest.raises(NoSuchGroup):
        world.add(project_id=world.decoy_project)
    with pytest.raises(GroupRefused, match="already"):
        world.add("Pupils' Voice")
    assert len(of_mill(world, WorkingGroup)) == 1


def test_what_is_anothers_is_not_there(world: World) -> None:
    group = world.add()
    for do in (
        lambda book: book.change_group(world.decoy_group, GroupSaid("x"), ""),
        lambda book: book.remove_group(world.decoy_group),
        lambda book: book.add_outcome(world.decoy_group, REACHED),
        lambda book: book.change_outcome(world.decoy_group, world.decoy_outcome, REACHED, ""),
        lambda book: book.change_outcome(group, world.decoy_outcome, REACHED, ""),
        lambda book: book.remove_outcome(group, world.decoy_outcome),
        lambda book: book.change_project(world.decoy_project, ProjectSaid("x"), ""),
        lambda book: book.remove_project(world.decoy_project),
        lambda book: book.record_children(world.decoy_project, {}, ""),
    ):
        with pytest.raises(NoSuchGroup):
            world.write(do)
    for reader, cluster in ((None, "decoy-cluster"), (world.steering, "mill-cluster"), (world.head, "mill-cluster")):
        with pytest.raises(NoSuchGroup):
            world.write(lambda book: book.add_group(GroupSaid("x")), reader, cluster=cluster)
    assert len(world.events()) == 1


def test_an_outcome_is_reached_on_a_day_with_what_it_saved(world: World) -> None:
    group = world.add()
    number = world.write(lambda book: book.add_outcome(group, OutcomeSaid(SECRET)))
    assert (
        world.write(lambda book: book.change_outcome(group, number, REACHED, world.sign_of_outcome(number)))
        is Outcome.CHANGED
    )
    (row,) = of_mill(world, GroupOutcome)
    assert (row.words, row.state, row.reached_on, row.saved) == (
        "Buy paper together", OutcomeState.REACHED, date(2017, 2, 1), 120_050,
    )  # fmt: skip
    assert world.events()[-1].after == {
        "state": "reached", "reached_on": "2017-02-01", "saved": 120_050, "outcome": number,
    }  # fmt: skip
    second = world.write(lambda book: book.add_outcome(group, OutcomeSaid("Another")))
    assert [row.position for row in of_mill(world, GroupOutcome)] == [1, 2]
    world.write(lambda book: book.remove_outcome(group, second))
    assert [row.id for row in of_mill(world, GroupOutcome)] == [number]
    assert SECRET not in repr([(event.before, event.after) for event in world.events()])


def test_an_outcome_that_cannot_be_is_refused(world: World) -> None:
    group = world.add()
    for said, words in (
        (OutcomeSaid(" "), "sentence"),
        (OutcomeSaid("x" * 501), "at most 500"),
        (OutcomeSaid("x", OutcomeState.REACHED), "which day"),
        (OutcomeSaid("x", OutcomeState.OPEN, date(2017, 1, 1)), "say that it is reached"),
        (OutcomeSaid("x", OutcomeState.REACHED, date(2017, 3, 2)), "still to come"),
        (OutcomeSaid("x", saved=-1), "pounds"),
    ):
        with pytest.raises(GroupRefused, match=words):
            world.write(lambda book, said=said: book.add_outcome(group, said))
    assert of_mill(world, GroupOutcome) == []


def test_a_group_goes_with_its_schools_and_outcomes_and_leaves_the_decoys(world: World) -> None:
    group = world.add(schools={world.ford: 1})
    world.write(lambda book: book.add_outcome(group, REACHED))
    world.write(lambda book: book.remove_group(group))
    assert [len(world.rows(model)) for model in (WorkingGroup, WorkingGroupSchool, GroupOutcome)] == [1, 1, 1]
    assert world.events()[-1].before["status"] == "at_work"


def test_a_project_keeps_stages_that_overlap_and_some_without_days(world: World) -> None:
    first, second = ProjectStage.ACTION_PLANNING, ProjectStage.TRIAD_WORK
    steps = {first: (date(2016, 10, 1), date(2017, 1, 31)), second: (date(2016, 11, 1), None)}
    number = world.add_project(steps={**steps, ProjectStage.SCHOOL_EVALUATION: (None, None)})
    kept = {row.stage: (row.started_on, row.ended_on) for row in of_mill(world, ProjectStep)}
    assert kept == {**steps, ProjectStage.SCHOOL_EVALUATION: (None, None)}
    said = ProjectSaid("Stars", steps=steps)
    assert world.write(lambda book: book.change_project(number, said, world.sign_of_project(number))) is Outcome.CHANGED
    assert {row.stage for row in of_mill(world, ProjectStep)} == set(steps)
    assert (
        world.write(lambda book: book.change_project(number, said, world.sign_of_project(number))) is Outcome.UNCHANGED
    )
    wrong = {first: (date(2017, 1, 2), date(2017, 1, 1))}
    sign = world.sign_of_project(number)
    with pytest.raises(GroupRefused, match="before it began"):
        world.write(lambda book: book.change_project(number, ProjectSaid("Stars", steps=wrong), sign))
    with pytest.raises(GroupRefused, match="already"):
        world.add_project("stars")


def test_a_project_on_which_something_rests_stays(world: World) -> None:
    number = world.add_project(steps={ProjectStage.TRIAD_WORK: (None, None)})
    group = world.add(project_id=number)
    with pytest.raises(GroupRefused, match="belong to this project"):
        world.write(lambda book: book.remove_project(number))
    world.write(lambda book: book.remove_group(group))
    world.write(lambda book: book.remove_project(number))
    assert of_mill(world, Project) == of_mill(world, ProjectStep) == []


def test_children_are_counted_and_an_empty_cell_is_not_nought(world: World) -> None:
    number = world.add_project()
    said: dict[tuple[int, str], int | None] = {
        (world.ford, "Year 4"): 12, (world.lock, " Year  4 "): 0, (world.weir, "Year 4"): None,
    }  # fmt: skip
    assert world.record(number, said) is Outcome.CHANGED
    kept = {(row.school_id, row.year_group): row.children for row in of_mill(world, Participation)}
    assert kept == {(world.ford, "Year 4"): 12, (world.lock, "Year 4"): 0}
    assert world.record(number, said) is Outcome.UNCHANGED
    world.record(number, {(world.ford, "Year 4"): None})
    assert {(row.school_id, row.children) for row in of_mill(world, Participation)} == {(world.lock, 0)}
    for wrong in ({(world.decoy_school, "Year 4"): 1}, {(world.ford, " "): 1}, {(world.ford, "Year 4"): -1}):
        with pytest.raises(GroupRefused):
            world.record(number, wrong)
    with pytest.raises(GroupRefused, match="too long"):
        world.record(number, {(world.ford, "y" * 21): 1})
    assert [event.after.get("figures") for event in world.events()[1:]] == [2, 1]
    many: dict[tuple[int, str], int | None] = {(world.ford, f"Group {place}"): 1 for place in range(40)}
    with pytest.raises(GroupRefused, match="40 year groups"):
        world.record(number, many)
    assert world.record(number, {**many, (world.ford, "Group 0"): None}) is (Outcome.CHANGED)


def test_nobody_writes_over_what_they_did_not_see(world: World) -> None:
    project = world.add_project()
    group = world.add(schools={world.ford: 1})
    outcome = world.write(lambda book: book.add_outcome(group, OutcomeSaid("Buy paper")))
    world.record(project, {(world.ford, "Year 4"): 12})
    signs = (
        world.sign_of_group(group), world.sign_of_outcome(outcome), world.sign_of_project(project),
        world.sign_of_children(project),
    )  # fmt: skip
    first, steps = (
        GroupSaid("Numeracy", GroupStatus.AT_WORK, schools={world.ford: 2}),
        {ProjectStage.TRIAD_WORK: (None, None)},
    )
    writes: tuple[tuple[Any, Any], ...] = (
        (lambda book, seen: book.change_group(group, first, seen),
         lambda book, seen: book.change_group(group, GroupSaid("Late"), seen)),
        (lambda book, seen: book.change_outcome(group, outcome, OutcomeSaid("Buy paper", saved=0), seen),
         lambda book, seen: book.change_outcome(group, outcome, OutcomeSaid("Late"), seen)),
        (lambda book, seen: book.change_project(project, ProjectSaid("Stars", steps=steps), seen),
         lambda book, seen: book.change_project(project, ProjectSaid("Late"), seen)),
        (lambda book, seen: book.record_children(project, {(world.ford, "Year 5"): 1}, seen),
         lambda book, seen: book.record_children(project, {(world.ford, "Year 4"): None}, seen)),
    )  # fmt: skip
    for sign, (early, late) in zip(signs, writes, strict=True):
        assert world.write(lambda book, do=early, seen=sign: do(book, seen)) is Outcome.CHANGED
        for seen in (sign, ""):
            with pytest.raises(ChangedMeanwhile, match="Nothing of yours is lost"):
                world.write(lambda book, do=late, seen=seen: do(book, seen))
    assert [(row.name, in_group(world, row.id)) for row in of_mill(world, WorkingGroup)] == [
        ("Numeracy", {world.ford: 2})
    ]
    assert [(row.words, row.saved) for row in of_mill(world, GroupOutcome)] == [("Buy paper", 0)]
    assert [row.stage for row in of_mill(world, ProjectStep)] == [ProjectStage.TRIAD_WORK]
    assert [(row.year_group, row.children) for row in of_mill(world, Participation)] == [("Year 4", 12), ("Year 5", 1)]
