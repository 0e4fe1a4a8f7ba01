"""A headteacher answers on a telephone, the coordinator sees what is shared and notes a group that reached something:
signed in as each, by keyboard where a form is sent.
"""

import re
from collections.abc import Callable, Generator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard import migrations
from dashboard.academic_year import AcademicYear
from dashboard.db import Store
from dashboard.main import create_app
from dashboard.models import GroupOutcome, SelfEvaluation, WorkingGroupSchool
from dashboard.vocabulary import OutcomeState, Role, SelfAnswer
from tests import builders as put
from tests.browser.axe import broken_rules
from tests.browser.serving import served
from tests.visitors import SETTINGS, Visitor, account

_AT: Final = "/cluster/mill-cluster"
_YEAR: Final = "2016-17"
Opened = tuple[Callable[[Role, int], Page], str, Store]


def _fill(store: Store) -> dict[Role, str]:
    migrations.upgrade(store)
    with store.writing() as session:
        mill = put.cluster(session)
        ford, lock, weir = (
            put.school(session, name, within=mill) for name in ("Ford School", "Lock School", "Weir School")
        )
        put.self_evaluation(session, mill, lock, "Writing", SelfAnswer.WANT_TO_IMPROVE)
        put.self_evaluation(session, mill, weir, "Writing", SelfAnswer.WORKS_WELL)
        put.working_groups(session, mill, (lock, weir))
        put.note(session, mill, "timing")
        keys = {
            Role.COORDINATOR: account(session, Role.COORDINATOR, cluster=mill).fs_uniquifier,
            Role.HEADTEACHER: account(session, Role.HEADTEACHER, school=ford).fs_uniquifier,
        }
    app = create_app(store, SETTINGS)
    return {role: Visitor.signed_in(app, store, unique).session for role, unique in keys.items()}


@pytest.fixture
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Generator[Opened]:
    path, kept = tmp_path_factory.mktemp("groups") / "store.sqlite", []

    def fill(store: Store) -> None:
        kept.append((store, _fill(store)))

    with served(f"sqlite:///{path.as_posix()}", fill) as base:
        contexts = []
        store, sessions = kept[0]

        def open_as(role: Role, width: int) -> Page:
            scheme = "dark" if width < 500 else "light"
            context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
            context.add_cookies([{"name": "session", "value": sessions[role], "url": base}])
            contexts.append(context)
            return context.new_page()

        yield open_as, base, store
        for context in contexts:
            context.close()


def _look(page: Page) -> None:
    """Nothing that axe can check is broken, and nothing needs sideways scrolling."""
    assert broken_rules(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_from_an_answer_to_what_is_shared_and_to_a_group_that_reached_something(opened: Opened) -> None:
    open_as, base, store = opened
    head = open_as(Role.HEADTEACHER, 390)
    head.goto(f"{base}{_AT}/evaluation?year={_YEAR}")
    head.get_by_role("link", name="Answer", exact=True).click()
    assert "Lock" not in head.content()
    line = head.get_by_role("group", name="Another area").first
    line.get_by_label("Name of the area").fill("writing")
    line.get_by_label("Want to improve").check()
    _look(head)
    head.get_by_role("button", name="Store the answers").press("Enter")
    expect(head.get_by_role("status")).to_have_text("The answers are stored.")
    expect(head.locator("main")).to_contain_text("Two of three schools that answered want to improve it, yours among")
    assert "Lock" not in head.locator("main").inner_text()
    _look(head)
    with store.reading() as session:
        mine = session.query(SelfEvaluation).order_by(SelfEvaluation.id.desc()).first()
    assert mine is not None
    assert (mine.area, mine.answer, mine.year) == (
        "Writing", SelfAnswer.WANT_TO_IMPROVE, AcademicYear.parse(_YEAR).start,
    )  # fmt: skip

    coordinator = open_as(Role.COORDINATOR, 1440)
    coordinator.goto(f"{base}{_AT}/evaluation?year={_YEAR}")
    expect(coordinator.locator(".headlines")).to_contain_text(
        "Two of three schools that answered want to improve “Writing”; they could learn from Weir School"
    )
    _look(coordinator)

    coordinator.goto(f"{base}{_AT}/working-groups")
    _look(coordinator)
    coordinator.get_by_role("link", name="Add a working group").click()
    coordinator.get_by_label("Name", exact=True).fill("Writing triad")
    coordinator.get_by_label("How far it is").select_option("at_work")
    coordinator.get_by_label("Topics").fill("Stories\nSpelling")
    coordinator.get_by_label("Ford School", exact=True).check()
    coordinator.get_by_label("People of Ford School").fill("2")
    _look(coordinator)
    coordinator.get_by_label("People of Ford School").press("Enter")
    expect(coordinator.get_by_role("status")).to_have_text("The group is noted.")
    coordinator.get_by_role("link", name=re.compile("Change it ?: Writing triad")).click()
    coordinator.get_by_role("link", name="Add an outcome").click()
    coordinator.get_by_label("What is to be reached").fill("Books bought together")
    coordinator.get_by_label("What became of it").select_option("reached")
    coordinator.get_by_label("Saved or earned").fill("£1,200.50")
    coordinator.get_by_role("button", name="Store it").click()
    expect(coordinator.get_by_role("alert")).to_contain_text("Say on which day it was reached.")
    coordinator.get_by_label("Reached on").fill("2017-02-01")
    coordinator.get_by_role("button", name="Store it").click()
    coordinator.goto(f"{base}{_AT}/working-groups")
    expect(coordinator.locator(".headlines")).to_contain_text("£1,200.50 saved or earned by one reached outcome")
    with store.reading() as session:
        outcome = session.query(GroupOutcome).order_by(GroupOutcome.id.desc()).first()
        people = session.query(WorkingGroupSchool).order_by(WorkingGroupSchool.id.desc()).first()
    assert outcome is not None
    assert people is not None
    assert (outcome.state, outcome.saved, people.people) == (OutcomeState.REACHED, 120_050, 2)
