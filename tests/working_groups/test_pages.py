"""The pages of working groups behind the wall: who opens which, what they say, and what a form changes."""

import re
from datetime import date
from html import unescape
from typing import Any, Final

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from dashboard.access import Grant, Reader
from dashboard.models import (
    GroupOutcome,
    Membership,
    Participation,
    Project,
    ProjectStep,
    WorkingGroup,
    WorkingGroupSchool,
)
from dashboard.vocabulary import GroupStatus, OutcomeState, ProjectStage, Role
from dashboard.working_groups import pages
from dashboard.working_groups.checks import OutcomeSaid
from tests import plain_pages
from tests.accounts.places import statements
from tests.plain_pages import BEHIND_THE_WALL
from tests.working_groups.world import World

pytestmark = BEHIND_THE_WALL
LIST: Final = "/cluster/mill-cluster/working-groups"
NEW: Final = f"{LIST}/new"


class Browser(plain_pages.Browser):
    pages = (pages.pages,)
    form_on = NEW

    def seen(self, path: str) -> str:
        """The sign that a form sends of what it shows."""
        (found,) = re.findall(r'name="seen"[^>]*value="([0-9a-f]*)"', self.get(path).text)
        return str(found)


def plain(answer: TestResponse) -> str:
    assert answer.status_code in {200, 422}, answer.text
    main = answer.text.partition('<main id="page"')[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.fixture
def coordinator(world: World) -> Browser:
    return Browser(world.walled, world.coordinator)


@pytest.fixture
def filled(world: World) -> dict[str, int]:
    project = world.add_project(
        "Stars", words="Looking up", starts=date(2016, 9, 1),
        steps={ProjectStage.SHARED_EVALUATION: (date(2016, 9, 1), None), ProjectStage.TRIAD_WORK: (None, None)},
    )  # fmt: skip
    group = world.add(
        lead="Maths lead", lead_school_id=world.lock, topics=("Solving <problems>", "Shapes"), project_id=project,
        target_id=world.target, schools={world.ford: 3, world.lock: 2, world.weir: None},
    )  # fmt: skip
    world.add("Governors", status=GroupStatus.PAUSED)
    world.write(lambda book: book.add_outcome(group, OutcomeSaid("Buy together", OutcomeState.OPEN)))
    saved = OutcomeSaid("Cheaper meals", OutcomeState.REACHED, date(2017, 2, 1), 120_050)
    world.write(lambda book: book.add_outcome(group, saved))
    counts = {(world.ford, "Year 4"): 12, (world.lock, "Year 4"): 0, (world.weir, "Year 1"): 3}
    world.record(project, counts)
    return {"project": project, "group": group}


def test_the_register_says_what_there_is(world: World, coordinator: Browser, filled: dict[str, int]) -> None:
    words = plain(coordinator.get(LIST))
    for told in (
        "Two working groups: one at work and one paused. One of two outcomes is reached.",
        "£1,200.50 saved or earned by one reached outcome; it is in no pot and no sum of pots.",
        "◐ 2. Shared evaluation Going on, from 1 September 2016",
        "● 4. Triad work Reached, dates not known",
        "– 1. School evaluation Not recorded",
        "Lead Maths lead, Lock School Schools Ford School (3 people); Lock School (2 people); Weir School",
        "Solving <problems> Shapes",
        "Works for READING , plan of 2016-17",
        "○ Open : Buy together",
        "● Reached on 1 February 2017: Cheaper meals £1,200.50 saved or earned",
        "Year 1 Year 4 Together Ford School – not recorded 12 12 Lock School – not recorded 0 0 Weir School 3",
        "3 – not recorded 3 All schools 3 12 15",
    ):
        assert told in words, words
    assert "Decoy" not in words
    assert f'href="{LIST}/{filled["group"]}"' in coordinator.get(LIST).text
    steering = Browser(world.walled, world.steering).get(LIST)
    assert "Lock School (2 people)" in plain(steering)
    assert f'href="{NEW}"' not in steering.text


def test_a_headteacher_reads_the_own_part_and_no_other_school(world: World, filled: dict[str, int]) -> None:
    answer = Browser(world.walled, world.head).get(LIST)
    words = plain(answer)
    for told in (
        "Lead Maths lead, another school",
        "your school and two other schools (3 people of Ford School)",
        "One of two outcomes is reached.",
        "Ford School – not recorded 12 12 All schools too few to tell too few to tell not told",
    ):
        assert told in words, words
    assert not re.search("Lock School|Weir School|Decoy", answer.text)
    assert f'href="{LIST}/{filled["group"]}"' not in answer.text


def test_a_group_stands_on_the_page_though_its_project_was_before_the_school_came(world: World) -> None:
    project = world.add_project("Long ago", starts=date(2014, 9, 1), ends=date(2015, 7, 31))
    world.add(project_id=project, starts=date(2016, 9, 1))
    with world.store.writing() as session:
        spell = session.scalars(sa.select(Membership).where(Membership.school_id == world.ford)).one()
        spell.joined = date(2016, 1, 1)
    words = plain(Browser(world.walled, world.head).get(LIST))
    assert "Groups Numeracy ◐ At work , from 1 September 2016" in words
    assert "Long ago" not in words


def test_an_empty_register_says_what_would_stand_there(world: World, coordinator: Browser) -> None:
    assert "No working group is recorded." in plain(coordinator.get(LIST))
    assert "The coordinator enters it." in plain(Browser(world.walled, world.head).get(LIST))


def test_whoever_has_no_part_in_it_is_refused(world: World) -> None:
    for role in (Role.BURSAR, Role.ADMINISTRATOR):
        reader = Reader("R", (Grant(role, cluster_id=world.mill),), None, str(role))
        assert {Browser(world.walled, reader).get(path).status_code for path in (LIST, NEW)} == {403}


def test_what_is_anothers_answers_like_what_is_not_there(world: World, coordinator: Browser) -> None:
    decoys, nobodys = "/cluster/decoy-cluster/working-groups", "/cluster/nowhere/working-groups"
    group, project = f"/{world.decoy_group}", f"/projects/{world.decoy_project}"
    outcome = f"{group}/outcomes/{world.decoy_outcome}"
    for theirs, nothing in (
        (decoys, nobodys), (f"{decoys}/new", f"{nobodys}/new"), (f"{LIST}{group}", f"{LIST}/999"),
        (f"{LIST}{project}", f"{LIST}/projects/999"), (f"{LIST}{project}/children", f"{LIST}/projects/999/children"),
        (f"{LIST}{outcome}", f"{LIST}/999/outcomes/999"), (f"{LIST}{group}/outcomes/new", f"{LIST}/999/outcomes/new"),
    ):  # fmt: skip
        answers = [coordinator.get(path) for path in (theirs, nothing)]
        assert [each.status_code for each in answers] == [404, 404]
        assert answers[0].text == answers[1].text
    for path in (f"{group}/remove", f"{outcome}/remove", f"{project}/remove"):
        for cluster in ("mill-cluster", "nowhere", "mill-cluster%00"):
            assert coordinator.post(f"/cluster/{cluster}/working-groups{path}").status_code == 404
    for reader in (world.steering, world.head):
        assert Browser(world.walled, reader).get(NEW).status_code == 403
    assert [len(world.rows(model)) for model in (WorkingGroup, GroupOutcome, Project)] == [1, 1, 1]


def test_a_group_is_added_changed_and_taken_out(world: World, coordinator: Browser) -> None:
    sent: dict[str, Any] = {
        "name": "Inclusion", "status": "at_work", "lead": "SENCo", "lead_school": str(world.ford),
        "topics": "- Targets\r\n\r\n• Interventions", "target": str(world.target), "starts": "2016-09-05",
        f"school_{world.ford}": "y", f"people_{world.ford}": "2", f"school_{world.weir}": "y",
    }  # fmt: skip
    assert coordinator.post(NEW, **sent).status_code == 303
    (row,) = [each for each in world.rows(WorkingGroup) if each.cluster_id == world.mill]
    assert ([topic.text for topic in row.topics], row.target_id) == (["Targets", "Interventions"], world.target)
    page = f"{LIST}/{row.id}"
    shown = coordinator.get(page)
    assert 'value="Inclusion"' in shown.text
    assert re.search(rf'<input checked[^>]*name="school_{world.weir}"', shown.text)
    first = coordinator.seen(page)
    changed = {name: value for name, value in sent.items() if name != f"school_{world.weir}"}
    changed |= {"status": "finished", "seen": first}
    assert coordinator.post(page, page, **changed).status_code == 303
    in_it = {each.school_id for each in world.rows(WorkingGroupSchool) if each.working_group_id == row.id}
    assert in_it == {world.ford}
    # Who opened the page before that is told what stands there now, and what was typed is still there.
    typed = sent | {"name": "Inclusion for all", "lead": "", "topics": "Targets\r\nInterventions", "seen": first}
    late = coordinator.post(page, page, **typed)
    assert "Somebody changed this meanwhile. Nothing of yours is lost: look, and store it." in plain(late)
    assert (
        "What is stored now, where it is not what you sent Name: Inclusion How far it is: Finished Who leads it: SENCo"
        " Weir School takes part: not ticked" in plain(late)
    )
    assert 'value="Inclusion for all"' in late.text
    (again,) = re.findall(r'name="seen"[^>]*value="([0-9a-f]*)"', late.text)
    assert coordinator.post(page, page, **(sent | {"name": "Inclusion for all", "seen": again})).status_code == 303
    assert coordinator.post(f"{page}/remove", page).status_code == 303
    assert len(world.rows(WorkingGroup)) == 1


def test_what_is_wrong_is_said_and_nothing_is_lost(world: World, coordinator: Browser) -> None:
    for more, told in (
        ({"name": ""}, "Give the group a name."),
        ({"status": "never"}, "Choose one from the list."),
        ({"lead_school": "999999"}, "Choose one from the list."),
        ({"ends": "2016-09-01"}, "It cannot end on 1 September 2016, before it began on 5 September 2016."),
        ({f"people_{world.lock}": "many"}, "“many” is not a whole number up to 999"),
        ({f"people_{world.lock}": "4"}, "Tick Lock School as well, or leave its number empty."),
    ):
        sent = {"name": "Inclusion", "status": "at_work", "topics": "Kept", "starts": "2016-09-05", **more}
        answer = coordinator.post(NEW, **sent)
        assert answer.status_code == 422
        assert told in plain(answer)
        assert "Kept" in answer.text
    assert len(world.rows(WorkingGroup)) == 1


def test_an_outcome_goes_from_open_to_reached(world: World, coordinator: Browser) -> None:
    group = world.add()
    new = f"{LIST}/{group}/outcomes/new"
    assert coordinator.post(new, new, words="Cheaper meals", state="open").status_code == 303
    (row,) = [each for each in world.rows(GroupOutcome) if each.cluster_id == world.mill]
    page = f"{LIST}/{group}/outcomes/{row.id}"
    assert "Say on which day it was reached." in plain(
        coordinator.post(page, page, words="Cheaper", state="reached", seen=coordinator.seen(page))
    )
    wrong = coordinator.post(page, page, words="Cheaper", state="open", saved="1.234")
    assert "has parts of a penny" in plain(wrong)
    sent = {"words": "Cheaper meals", "state": "reached", "reached_on": "2017-02-01", "saved": "£1,200.50"}
    assert "Somebody changed this meanwhile." in plain(coordinator.post(page, page, **sent))
    sent["seen"] = coordinator.seen(page)
    assert coordinator.post(page, page, **sent).status_code == 303
    (row,) = [each for each in world.rows(GroupOutcome) if each.cluster_id == world.mill]
    assert (row.state, row.saved) == (OutcomeState.REACHED, 120_050)
    assert coordinator.post(f"{page}/remove", page).status_code == 303
    assert len(world.rows(GroupOutcome)) == 1


def test_a_project_with_its_stages_is_added_and_changed(world: World, coordinator: Browser) -> None:
    new = f"{LIST}/projects/new"
    sent = {"name": "Stars", "reached_triad_work": "y", "started_school_evaluation": "2016-09-01"}
    assert coordinator.post(new, new, **sent).status_code == 303
    (row,) = [each for each in world.rows(Project) if each.cluster_id == world.mill]
    steps = {each.stage: each.started_on for each in world.rows(ProjectStep) if each.project_id == row.id}
    assert steps == {ProjectStage.TRIAD_WORK: None, ProjectStage.SCHOOL_EVALUATION: date(2016, 9, 1)}
    page = f"{LIST}/projects/{row.id}"
    wrong = sent | {"ended_school_evaluation": "2016-08-01", "seen": coordinator.seen(page)}
    assert "before it began" in plain(coordinator.post(page, page, **wrong))
    group = world.add(project_id=row.id)
    refused = coordinator.post(f"{page}/remove", page)
    assert "belong to this project" in plain(refused)
    assert 'value="Stars"' in refused.text, "the project stands in the form as before"
    assert re.search(r'<input checked[^>]*name="reached_triad_work"', refused.text)
    world.write(lambda book: book.remove_group(group))
    assert coordinator.post(f"{page}/remove", page).status_code == 303
    assert len(world.rows(Project)) == 1


def test_children_are_entered_as_a_grid(world: World, coordinator: Browser) -> None:
    number = world.add_project()
    page = f"{LIST}/projects/{number}/children"
    heads = {f"year_group_{place}": name for place, name in enumerate(("Reception", "Year 3/4", ""))}
    cells = {f"count_{world.ford}_0": "12", f"count_{world.lock}_0": "0", f"count_{world.lock}_1": "30"}

    def kept() -> dict[tuple[int, str], int]:
        rows = [each for each in world.rows(Participation) if each.cluster_id == world.mill]
        return {(each.school_id, each.year_group): each.children for each in rows}

    first = coordinator.seen(page)
    assert coordinator.post(page, page, seen=first, **heads, **cells).status_code == 303
    assert kept() == {(world.ford, "Reception"): 12, (world.lock, "Reception"): 0, (world.lock, "Year 3/4"): 30}
    # Who opened the page before that is told, and what was typed is still there.
    late = coordinator.post(page, page, seen=first, **heads, **(cells | {f"count_{world.ford}_0": "13"}))
    assert "Somebody changed this meanwhile." in plain(late)
    assert "Children of Ford School, column 1: 12" in plain(late), "what is stored now"
    assert 'value="13"' in late.text
    # A year group with another name takes its figures along.
    renamed = heads | {"year_group_1": "Year 3"}
    assert coordinator.post(page, page, seen=coordinator.seen(page), **renamed, **cells).status_code == 303
    assert (world.lock, "Year 3") in kept()
    assert (world.lock, "Year 3/4") not in kept()
    for wrong, told in (
        ({f"count_{world.ford}_0": "a few"}, "“a few” is not a whole number"),
        ({f"count_{world.ford}_2": "1"}, "Name the year group of this column."),
        ({"year_group_2": "reception"}, "stands twice"),
    ):
        assert told in plain(coordinator.post(page, page, seen=coordinator.seen(page), **(heads | cells | wrong)))
    assert coordinator.post(page, page, seen=coordinator.seen(page), **renamed).status_code == 303
    assert kept() == {}


def test_the_page_asks_as_often_for_many_groups_as_for_one(world: World, coordinator: Browser) -> None:
    coordinator.get(LIST)
    counts = []
    for names in (("A",), ("B", "C", "D")):
        for name in names:
            number = world.add_project(f"Project {name}")
            group = world.add(f"Group {name}", project_id=number, schools={world.ford: 1})
            world.write(lambda book, group=group: book.add_outcome(group, OutcomeSaid("x")))
        with statements(world.walled) as sent:
            coordinator.get(LIST)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 10
