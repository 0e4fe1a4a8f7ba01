"""A coordinator brings a target up to date in six interactions: with the mouse on a wide screen, and by keyboard alone
on a telephone whose browser runs no scripts. Nothing else of the page is beyond those who cannot see it.
"""

from collections.abc import Callable, Generator
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from dashboard import migrations
from dashboard.db import Store
from dashboard.main import create_app
from dashboard.models import Cluster, Criterion, Evidence, Target
from dashboard.plans.commands.by_hand import CriterionSaid
from dashboard.vocabulary import CriterionState, PlanCell, Role
from tests.browser.axe import check
from tests.browser.serving import served
from tests.plans.target_world import ARTS, World, make_world
from tests.visitors import SETTINGS, Visitor, account

_MOST: Final = 6
_TABS: Final = 60
Opened = tuple[Callable[..., BrowserContext], str, World]


class Hands:
    """What somebody does on a page, counted: each control that is operated once. Moving between them is not counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def click(self, on: Locator) -> None:
        self.count += 1
        on.click()

    def fill(self, on: Locator, words: str) -> None:
        self.count += 1
        on.fill(words)

    def choose(self, on: Locator, words: str) -> None:
        self.count += 1
        on.select_option(label=words)

    def tab_to(self, on: Locator) -> None:
        """Go on by the tab key until a control has the focus."""
        for _ in range(_TABS):
            if on.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"no way by keyboard to {on}")

    def press(self, on: Locator, key: str) -> None:
        self.tab_to(on)
        self.count += 1
        self.page.keyboard.press(key)

    def type(self, on: Locator, words: str) -> None:
        self.tab_to(on)
        self.count += 1
        self.page.keyboard.type(words)


@pytest.fixture
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Generator[Opened]:
    path, kept = tmp_path_factory.mktemp("target") / "store.sqlite", []

    def fill(store: Store) -> None:
        migrations.upgrade(store)
        world = make_world(store, store)
        with store.writing() as session:
            unique = account(session, Role.COORDINATOR, cluster=session.get_one(Cluster, world.mill)).fs_uniquifier
        kept.append((world, Visitor.signed_in(create_app(store, SETTINGS), store, unique).session))

    with served(f"sqlite:///{path.as_posix()}", fill) as base:
        contexts = []

        def context_of(width: int, **more: bool) -> BrowserContext:
            context = browser.new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce", **more)
            context.set_default_timeout(15_000)
            context.add_cookies([{"name": "session", "value": kept[0][1], "url": base}])
            contexts.append(context)
            return context

        yield context_of, base, kept[0][0]
        for context in contexts:
            context.close()


def test_with_the_mouse(opened: Opened) -> None:
    context_of, base, world = opened
    page = context_of(1440).new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.goto(f"{base}/cluster/mill-cluster/plan/{ARTS}?year=2016-17")
    hands, form = Hands(page), page.locator("#update")
    hands.click(page.locator("summary", has_text="Bring up to date"))
    check(page, 1440)
    hands.click(form.get_by_role("group", name="1. An exhibition is open").get_by_text("● Met"))
    hands.fill(form.get_by_label("New evidence"), "Twelve families came")
    hands.choose(form.get_by_label("Which criterion it shows"), "1. An exhibition is open to families")
    hands.fill(form.get_by_label("A next step"), "Ask the museum")
    hands.click(form.get_by_role("button", name="Store"))
    expect(page.get_by_role("status")).to_have_text("The target is up to date.")
    assert hands.count <= _MOST
    expect(page.locator("#criterion-1")).to_contain_text("Twelve families came")
    _is_up_to_date(world)
    check(page, 1440)

    for more in ("words", "status", f"criteria/{world.criteria[2]}", f"evidence/{world.evidence[0]}"):
        page.goto(f"{base}/cluster/mill-cluster/plan/{ARTS}/{more}?year=2016-17")
        check(page, 1440)
        page.set_viewport_size({"width": 390, "height": 844})
        check(page, 390)
        page.set_viewport_size({"width": 1440, "height": 844})
    # Two at once: the later one is told, keeps the words, and stores them having seen the others.
    page.goto(f"{base}/cluster/mill-cluster/plan/{ARTS}/words?year=2016-17")
    page.get_by_label("Impact").fill("- Children talk of it")
    told = CriterionSaid(CriterionState.NOT_MET)
    world.do(lambda desk: desk.say_criterion(world.target, world.criteria[0], told, world.version))
    page.get_by_role("button", name="Store the words").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing that you typed is lost")
    expect(page.get_by_label("Impact")).to_have_value("- Children talk of it")
    check(page, 1440)
    page.get_by_role("button", name="Store the words").click()
    expect(page.get_by_role("status")).to_have_text("The words are stored.")
    assert world.cell(PlanCell.IMPACT) == ["Children talk of it"]
    assert [said for said in complaints if "409" not in said] == []


def test_by_keyboard_alone_and_without_scripts(opened: Opened) -> None:
    context_of, base, world = opened
    page = context_of(390, java_script_enabled=False).new_page()
    page.goto(f"{base}/cluster/mill-cluster/plan/{ARTS}?year=2016-17")
    hands, form = Hands(page), page.locator("#update")
    hands.press(page.locator("summary", has_text="Bring up to date"), "Enter")
    group = form.get_by_role("group", name="1. An exhibition is open")
    hands.press(group.get_by_label("No evidence"), "ArrowDown")  # the last of the three leads to the first
    hands.type(form.get_by_label("New evidence"), "Twelve families came")
    hands.type(form.get_by_label("Which criterion it shows"), "1")
    hands.type(form.get_by_label("A next step"), "Ask the museum")
    hands.press(form.get_by_role("button", name="Store"), "Enter")
    expect(page.get_by_role("status")).to_have_text("The target is up to date.")
    assert hands.count <= _MOST
    _is_up_to_date(world)


def _is_up_to_date(world: World) -> None:
    assert world.row(Criterion, world.criteria[0]).state is CriterionState.MET
    new = world.rows(Evidence)[-1]
    assert (new.text, new.criterion_id) == ("Twelve families came", world.criteria[0])
    assert new.dated is not None
    assert world.cell(PlanCell.EVALUATION)[-1] == "Twelve families came"
    assert world.cell(PlanCell.NEXT_STEPS) == ["Do it again", "Ask the museum"]
    assert world.row(Target, world.target).version == 2
