"""A coordinator records a sabbatical with the keyboard alone, on a telephone: the meeting leaves the denominator."""

import secrets
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date

import pytest
from flask.json.tag import TaggedJSONSerializer
from playwright.sync_api import Browser, Page, expect

from dashboard import migrations
from dashboard.accounts.sessions import digest
from dashboard.db import Store, now_utc
from dashboard.models import WebSession
from dashboard.vocabulary import EventKind, Mark, Role
from tests import builders as put
from tests.browser.axe import broken_rules
from tests.browser.serving import served
from tests.visitors import account

EVENTS = "/cluster/mill-cluster/events"


@dataclass(frozen=True)
class Desk:
    """A served store, and the session of its coordinator."""

    base: str
    token: str


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Generator[Desk]:
    path, token = tmp_path_factory.mktemp("lifecycle") / "store.sqlite", secrets.token_urlsafe(32)

    def fill(store: Store) -> None:
        migrations.upgrade(store)
        with store.writing() as session:
            mill = put.cluster(session)
            ford, weir, lock = (put.school(session, f"{name} School", within=mill) for name in ("Ford", "Weir", "Lock"))
            held = put.meeting(session, mill, date(2016, 10, 4))
            for school, mark in ((ford, Mark.ABSENT), (weir, Mark.PRESENT), (lock, Mark.PRESENT)):
                put.mark(session, held, school, mark)
            put.event(session, mill, weir, EventKind.SABBATICAL, date(2017, 1, 9), review=date(2017, 3, 1))
            put.context(session, mill, date(2016, 9, 1), "Services of the local authority are traded")
            person = account(session, Role.COORDINATOR, cluster=mill)
            data = {"_user_id": person.fs_uniquifier, "_fresh": True}
            row = WebSession(token_sha256=digest(token), account_id=person.id, created_at=now_utc())
            row.data, row.used_at = TaggedJSONSerializer().dumps(data).encode(), now_utc()
            session.add(row)

    with served(f"sqlite:///{path.as_posix()}", fill) as base:
        yield Desk(base, token)


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Generator[Page]:
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": "session", "value": desk.token, "url": desk.base}])
    yield context.new_page()
    context.close()


def reach(page: Page, words: str) -> None:
    """Go on with the tab key until what is so called has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "() => { const at = document.activeElement;"
            " return (at.labels && at.labels.length ? at.labels[0] : at).innerText.trim(); }"
        )
        if name == words:
            return
    pytest.fail(f"the keyboard does not reach “{words}”")


def test_a_sabbatical_by_keyboard_leaves_the_denominator(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.base}/cluster/mill-cluster?year=2016-17")
    expect(page.locator("#page")).to_contain_text("2 of 3")
    page.goto(f"{desk.base}{EVENTS}")
    assert broken_rules(page) == []
    wide = page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide, "nobody has to scroll sideways"
    reach(page, "Record what happened")
    page.keyboard.press("Enter")
    reach(page, "A school or colleague goes on sabbatical")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="A school or colleague goes on sabbatical")).to_be_visible()
    reach(page, "School")
    page.keyboard.type("Ford")
    reach(page, "Record this")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Enter a date such as 2027-07-31.")
    assert broken_rules(page) == []
    reach(page, "First day")
    page.keyboard.type("10012016")  # the browser speaks American: month first
    reach(page, "Last day, if it is known")
    page.keyboard.type("10312016")
    reach(page, "Record this")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Recorded.")
    expect(page.locator(".timeline li").nth(1)).to_contain_text("1 October 2016 – 31 October 2016")
    page.goto(f"{desk.base}/cluster/mill-cluster?year=2016-17")
    expect(page.locator("#page")).to_contain_text("2 of 2")
