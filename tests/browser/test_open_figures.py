"""A headteacher answers on the telephone what was printed of the school; the coordinator confirms whose a name is, and
notes a decision with the figures on which it was taken.
"""

import re
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard import migrations
from dashboard.db import Store
from dashboard.main import create_app
from dashboard.models import Account, AnsweredFigure, Benchmark, Decision, School, SchoolAlias
from dashboard.vocabulary import Role
from tests.benchmarks.world import SLUG, make_world
from tests.browser.axe import check
from tests.browser.serving import served
from tests.visitors import SETTINGS, Visitor, account

PAGE: Final = f"/cluster/{SLUG}/open-figures"


@dataclass
class Served:
    """The product with the Leamington tables, and how its two readers come to it."""

    browser: Browser
    base: str = ""
    store: Store | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    opened: list[BrowserContext] = field(default_factory=list)

    def fill(self, store: Store) -> None:
        migrations.upgrade(store)
        world = make_world(store, store)
        with store.writing() as session:
            lillington = session.get_one(School, world.schools["lillington-primary-school"])
            keys = {
                "head": account(session, Role.HEADTEACHER, school=lillington).fs_uniquifier,
                "coordinator": session.get_one(Account, world.coordinator.account_id).fs_uniquifier,
            }
        app = create_app(store, SETTINGS)
        for who, unique in keys.items():
            cookie = Visitor.signed_in(app, store, unique).client.get_cookie("session")
            assert cookie is not None
            self.cookies[who] = cookie.value
        self.store = store

    def come(self, who: str, width: int) -> Page:
        context = self.browser.new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce")
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "session", "value": self.cookies[who], "url": self.base}])
        self.opened.append(context)
        page = context.new_page()
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in {"error", "warning"} else None
        )
        return page


@pytest.fixture
def product(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    path, made = tmp_path_factory.mktemp("figures") / "store.sqlite", Served(browser)
    with served(f"sqlite:///{path.as_posix()}", made.fill) as made.base:
        yield made
        for context in made.opened:
            context.close()


def test_what_contradicts_is_answered_a_name_confirmed_and_a_decision_kept(product: Served) -> None:
    head = product.come("head", 390)
    head.goto(f"{product.base}/open-book")
    question = head.locator(".ladder > li").filter(has_text="Income per pupil is printed as 4,529")
    expect(question).to_contain_text("the first differs by −28.8 %.")
    check(head, 390)
    question.get_by_role("radio", name="The right figure is another one").check()
    question.get_by_role("button", name="Answer").click()
    expect(head.get_by_role("alert")).to_contain_text("Give the right figure, or choose another answer.")
    check(head, 390)
    head.get_by_role("alert").get_by_role("link").click()
    expect(question.get_by_label("The right figure", exact=True)).to_be_focused()
    head.keyboard.type("6,360")
    question.get_by_role("button", name="Answer").click()
    expect(head.get_by_role("status")).to_have_text("Thank you. Your answer stands beside the printed figure.")
    expect(question).to_contain_text("Your school’s answer: The right figure is 6,360")
    check(head, 390)
    head.get_by_role("link", name="The figures brought in for Leamington").click()
    expect(head.locator(".headlines")).to_contain_text("no other school’s are open to you")
    expect(head.locator("main")).not_to_contain_text("Netona")
    check(head, 390)

    coming = product.come("coordinator", 1440)
    coming.goto(f"{product.base}/cluster/{SLUG}")
    coming.get_by_role("navigation", name="This cluster’s pages").get_by_role("link", name="Open figures").click()
    expect(coming.locator(".headlines")).to_contain_text("Eight printed figures contradict others")
    check(coming, 1440)
    row = coming.locator("#names ~ .table-box tbody tr").filter(has_text="Netona")
    row.get_by_label("Netona is the name of").select_option("brookhurst-primary-school")
    row.get_by_role("button", name="Confirm Netona").click()
    expect(coming.get_by_role("status")).to_have_text("The name is confirmed.")
    expect(row).to_contain_text("Brookhurst Primary School; confirmed by the coordinator")
    coming.get_by_text("Note a decision", exact=True).click()
    coming.get_by_label("What was decided").fill("Ask for one price for all cleaners")
    coming.get_by_label("Who sees to it").select_option("business_managers")
    coming.get_by_label("TOTAL INCOME", exact=True).check()
    check(coming, 1440)
    coming.get_by_role("button", name="Note the decision").click()
    expect(coming.get_by_role("status")).to_contain_text("The decision is noted")
    coming.get_by_text("The figures on which it was taken (10)").click()
    expect(coming.locator("#decisions ~ .ladder")).to_contain_text("TOTAL INCOME, Netona4,060 (contradicts another)")
    check(coming, 1440)
    coming.get_by_role("button", name=re.compile("^Done ?: Ask for one price")).click()
    expect(coming.locator("#decisions ~ .ladder")).to_contain_text("Done on")
    (refused,) = product.complaints  # the browser says so in its own time
    assert "422" in refused
    assert product.store is not None
    with product.store.reading() as session:
        assert [(row.answer, row.value) for row in session.query(AnsweredFigure)] == [("corrected", 6360)]
        assert [row.alias for row in session.query(SchoolAlias)] == ["Netona"]
        assert {row.school_id is None for row in session.query(Benchmark).filter_by(school_label="Netona")} == {False}
        assert [(row.done_on, len(row.figures or ())) for row in session.query(Decision)] == [(date.today(), 10)]
