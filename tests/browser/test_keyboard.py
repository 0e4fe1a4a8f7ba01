"""The main job of each role, by keyboard alone: nothing here presses the mouse or puts the focus anywhere."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from dashboard.models import Account
from dashboard.vocabulary import Role
from tests.accounts.house import PASSWORD, hashed
from tests.browser.pages import OVERVIEW, PATIENCE, Shown
from tests.browser.serving import running
from tests.test_access_matrix import World, world_in

_MOST: Final = 90
"""Presses of Tab until something must have been reached."""
_FOCUSED: Final = """() => {
    const at = document.activeElement;
    if (at === document.body) { return {words: "", hidden: false, drawn: true}; }
    const box = at.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 12));
    const style = getComputedStyle(at);
    return {
        words: (at.getAttribute("aria-label") || at.innerText || at.labels?.[0]?.innerText || "").trim(),
        hidden: box.width > 0 && !(top && (at.contains(top) || top.contains(at))),
        drawn: !at.matches("a, button, input, select, textarea, summary") || style.outlineStyle !== "none"
            || style.boxShadow !== "none" || style.opacity === "0",
    };
}"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Generator[World]:
    copy = tmp_path_factory.mktemp("keyboard") / "store.sqlite"
    copy.write_bytes(sqlite_template.read_bytes())
    with world_in(f"sqlite:///{copy.as_posix()}") as made:
        with made.store.writing() as session:
            session.execute(sa.update(Account).values(password=hashed(PASSWORD)))
        yield made


@pytest.fixture
def at(browser: Browser, world: World) -> Generator[Callable[[str, str], Page]]:
    """Opens an address as a role that signs in first, in a window without a mouse. The second factor of directors has a
    test of its own (`test_sign_in.py`); they come signed in.
    """
    contexts = []
    with running(world.app.server) as base:

        def open_page(role: str, address: str) -> Page:
            context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
            contexts.append(context)
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            if role == Role.DIRECTOR:
                context.add_cookies([{"name": "session", "value": world.visitor(role).session, "url": base}])
            page.goto(base + address)
            if role != Role.DIRECTOR:
                _tab_to(page, "E-mail address")
                page.keyboard.type(_email(world, role))
                _tab_to(page, "Password")
                page.keyboard.type(PASSWORD)
                page.keyboard.press("Enter")
                page.wait_for_url(base + address)
            _settle(page)
            return page

        yield open_page
        for context in contexts:
            context.close()


def _email(world: World, role: str) -> str:
    with world.store.reading() as session:
        found = session.scalars(sa.select(Account.email).where(Account.fs_uniquifier == world.marks[role])).one()
        return str(found)


def _settle(page: Page) -> None:
    page.locator("main").first.wait_for()  # the frame of a page comes before what is in it
    if page.locator("#shell").count():
        page.wait_for_load_state("networkidle")  # what is drawn anew takes the focus with it
        Shown(page, page.url, 1280).settle()


def _tab_to(page: Page, words: str) -> None:
    """Press Tab until something of these words has the focus; on the way each stop is drawn, and none is covered."""
    for _ in range(_MOST):
        page.keyboard.press("Tab")
        found = page.evaluate(_FOCUSED)
        assert not found["hidden"], f"{found['words']!r} has the focus and something lies on it"
        assert found["drawn"], f"{found['words']!r} has the focus and nothing shows it"
        if words in found["words"]:
            return
    raise AssertionError(f"no stop of the keyboard is called {words!r}")


def test_a_director_gets_from_the_first_page_to_the_rows_behind_what_presses(page_at: Callable[..., Shown]) -> None:
    page = page_at(OVERVIEW).page
    way = page.locator(".pressing-steps a").first
    address = way.get_attribute("href") or ""
    _tab_to(page, way.inner_text())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    assert "/rows/" in address
    expect(page.locator(".rows-table tfoot").first).to_be_visible()


def test_a_director_opens_a_flag_of_a_cluster(at: Callable[[str, str], Page]) -> None:
    page = at(Role.DIRECTOR, "/cluster/mill-cluster")
    _tab_to(page, page.locator(".flags summary").first.inner_text().strip())
    page.keyboard.press("Enter")
    expect(page.locator(".flags details[open] .why").first).to_be_visible()
    _tab_to(page, "Table")
    page.keyboard.press("Enter")
    expect(page.locator(".beneath details[open] table").first).to_be_visible()


def test_a_headteacher_opens_the_number_of_the_own_school(at: Callable[[str, str], Page]) -> None:
    page = at(Role.HEADTEACHER, "/school/ford-school")
    _tab_to(page, "What is this number?")
    page.keyboard.press("Enter")
    expect(page.locator(".beneath details[open] .disclosed").first).to_be_visible()
    _tab_to(page, "Help")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Help")


def test_a_headteacher_goes_from_what_waits_to_where_it_is_done(at: Callable[[str, str], Page]) -> None:
    page = at(Role.HEADTEACHER, "/school/ford-school")
    task = page.locator(".tasks a").first
    address, name = task.get_attribute("href") or "", task.get_attribute("aria-label") or ""
    _tab_to(page, name)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.partition("#")[0].endswith(address.partition("#")[0]))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_steering_group_steps_through_the_screen_and_notes_an_action(at: Callable[[str, str], Page]) -> None:
    page = at(Role.STEERING, "/screen/mill-cluster")
    page.keyboard.press("2")
    expect(page.locator(".room-to[aria-current=true]")).to_contain_text("2/5 Money")
    _tab_to(page, "Note a decision or an action")
    page.keyboard.press("Enter")
    expect(page.get_by_label("In a sentence or two")).to_be_focused()
    page.keyboard.type("Ask three schools for their dates")
    _tab_to(page, "Keep the note")
    page.keyboard.press("Enter")
    expect(page.locator("#room-dialog .room-list")).to_contain_text("Ask three schools for their dates")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_coordinator_takes_a_register(at: Callable[[str, str], Page], world: World) -> None:
    page = at(Role.COORDINATOR, f"/register/{world.numbers['own']['meeting_id']}")
    _tab_to(page, "present")
    page.keyboard.press("ArrowRight")
    expect(page.locator("main input[type=radio]:checked").first).to_be_focused()
    expect(page.locator(".register-status")).to_contain_text("aved")


def test_a_bursar_opens_a_line_of_the_ledger(at: Callable[[str, str], Page], world: World) -> None:
    page = at(Role.BURSAR, "/cluster/mill-cluster/ledger")
    assert page.locator("td a, th a").count() > 0
    words = page.locator("main .ledger-lines a").first.inner_text().splitlines()[0]
    _tab_to(page, words)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ledger/*")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
