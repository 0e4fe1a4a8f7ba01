"""The screen through a meeting of an hour: it turns by itself, the server starts anew, the network is cut, a note is
taken meanwhile. The browser's clock is moved on; nothing sleeps.
"""

from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask.json.tag import TaggedJSONSerializer
from playwright.sync_api import Browser, Page, Route, expect

from dashboard import migrations
from dashboard.access import EVERYTHING, whole_store
from dashboard.accounts.sessions import digest
from dashboard.audit import COMMAND_LINE
from dashboard.db import Store
from dashboard.decisions.commands import DecisionBook, DecisionSaid
from dashboard.decisions.words import About
from dashboard.models import Cluster, Decision, WebSession
from dashboard.vocabulary import CriterionState, Mark, Role, UseCode
from tests import builders as put
from tests.browser.serving import TODAY, served
from tests.visitors import account

SCREEN: Final = "/screen/mill-cluster"
EVERY: Final = 15
"""Seconds between two looks for changes."""
HOUR: Final = 60 * 60
_ROTATES: Final = 30
_DRAWN: Final = """() => document.documentElement.dataset.roomPanel
    && document.querySelectorAll(".room-panel .main-svg").length >= 3"""
_VISIBLE: Final = """() => [...document.querySelectorAll(".room-panel")]
    .filter(each => getComputedStyle(each).visibility === "visible").map(each => each.id)"""
_BUTTONS: Final = """() => [...document.querySelectorAll("#room nav button")]
    .map(each => each.getBoundingClientRect().height).filter(height => height)"""
_SIZE: Final = "() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
_WHERE: Final = "() => Number(document.documentElement.dataset.roomPanel)"


@dataclass
class Room:
    """The computer in the room, and the server that it looks at."""

    page: Page
    store: Store
    servers: ExitStack
    address: str
    base: str

    def wait(self, seconds: int, *, answered: bool = True, step: int = EVERY) -> set[int]:
        """So much later, look by look; which panels were shown meanwhile."""
        shown = set()
        for _ in range(0, seconds, step):
            if answered:
                with self.page.expect_response(lambda come: come.url.endswith("/pulse")):
                    self.page.clock.fast_forward(step * 1000)
            else:
                with self.page.expect_event("requestfailed", lambda asked: asked.url.endswith("/pulse")):
                    self.page.clock.fast_forward(step * 1000)
            shown.add(self.shown)
        return shown

    def restart(self) -> None:
        """Nobody answers, then the same server does again."""
        port = urlsplit(self.base).port
        self.servers.close()
        self.wait(60, answered=False)
        expect(self.line).to_contain_text("No connection since")
        assert "trying again" in self.line.inner_text()
        assert self.seen() == 5
        self.servers.enter_context(served(self.address, lambda _store: None, port or 0))
        self.wait(EVERY)
        expect(self.line).to_be_empty()

    def decide(self, words: str) -> None:
        """A coordinator elsewhere notes something."""
        with self.store.writing() as session:
            cluster = session.scalars(sa.select(Cluster.id).where(Cluster.slug == "mill-cluster")).one()
            book = DecisionBook(session, COMMAND_LINE, EVERYTHING, date.today())
            book.note(cluster, DecisionSaid(date.today(), words), about=About.MONEY)

    def seen(self) -> int:
        """How many panels there are, each with its message."""
        return self.page.locator(".room-panel h2").count()

    @property
    def line(self) -> Any:
        return self.page.locator("#room-line")

    @property
    def shown(self) -> int:
        return int(self.page.evaluate(_WHERE))

    def memory(self) -> dict[str, float]:
        """What is left after the rubbish is thrown away."""
        tools = self.page.context.new_cdp_session(self.page)
        tools.send("Performance.enable")
        for _ in range(2):
            tools.send("HeapProfiler.collectGarbage")
        told = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
        tools.detach()
        return {name: told[name] for name in ("Nodes", "JSEventListeners", "JSHeapUsedSize")}


def _fill(store: Store) -> None:
    migrations.upgrade(store)
    with store.writing() as session:
        cluster = put.cluster(session)
        schools = [put.school(session, f"School {number}", within=cluster) for number in range(12)]
        for held in (date(2016, 10, 5), date(2017, 2, 1)):
            meeting = put.meeting(session, cluster, held)
            for number, each in enumerate(schools):
                put.mark(session, meeting, each, Mark.PRESENT if number % 3 else Mark.APOLOGIES)
        put.allocation(session, cluster, 90_000)
        put.line(session, cluster, 5_000, use=UseCode.A1)
        for number in range(14):
            put.target(session, cluster, f"TARGET{number}", criteria=(CriterionState.MET, CriterionState.NO_EVIDENCE))
        put.meeting(session, cluster, TODAY + timedelta(30))
        person = account(session, Role.COORDINATOR, cluster=cluster)
        said = TaggedJSONSerializer().dumps({"_permanent": True, "_user_id": person.fs_uniquifier, "_fresh": True})
        session.add(WebSession(token_sha256=digest("coordinator"), data=said.encode()))


@pytest.fixture
def room(browser: Browser, tmp_path: Path) -> Generator[Room]:
    address = f"sqlite:///{(tmp_path / 'room.sqlite').as_posix()}"
    with ExitStack() as servers:
        base = servers.enter_context(served(address, _fill))
        with browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce") as context:
            context.add_cookies([{"name": "session", "value": "coordinator", "url": base}])
            page = context.new_page()
            page.clock.install()
            store = whole_store(address)
            yield Room(page, store, servers, address, base)
            store.close()


def _open(room: Room, asked: str = "") -> None:
    room.page.goto(f"{room.base}{SCREEN}?year=2016-17{asked}")
    room.page.wait_for_function(_DRAWN)


def test_an_hour_of_rotation_with_a_restart_a_cut_and_a_note(room: Room) -> None:
    page = room.page
    _open(room, f"&panel=2&rotate={_ROTATES}")
    page.evaluate("() => { window.neverReloaded = true; }")
    assert room.shown == 2
    expect(page.locator("#room-as-of")).to_contain_text("changes show within 15 seconds")
    expect(page.locator("#room-panel-3")).to_contain_text("10 are shown, and 4 more stand in the plan.")

    _changes(room, "Buy the books together")
    room.wait(120)
    before, turned = room.memory(), set[int]()
    for step in range(0, HOUR, 300):
        turned |= room.wait(300, step=_ROTATES)
        if step == HOUR // 2 - 300:
            room.restart()
        if step % 1200 == 0:
            _changes(room, f"Noted at minute {step // 60}")
    assert turned == {1, 2, 3, 4, 5}
    after = room.memory()
    assert after["Nodes"] <= before["Nodes"] * 1.2 + 200, (before, after)
    assert after["JSEventListeners"] <= before["JSEventListeners"] * 1.2 + 50, (before, after)
    assert after["JSHeapUsedSize"] <= before["JSHeapUsedSize"] * 1.25 + 2e6, (before, after)

    _cut_for_five_minutes(room)
    assert page.evaluate("() => window.neverReloaded") is True

    with room.store.writing() as session:  # its session ends: in words, and what is shown stays
        session.execute(sa.delete(WebSession))
    room.wait(EVERY)
    expect(room.line).to_contain_text("its link or its sign-in has ended")
    assert room.seen() == 5


def _changes(room: Room, words: str) -> None:
    """What somebody else notes is there with the next look, and the panel that is shown stays."""
    room.decide(words)
    before = room.shown
    with room.page.expect_response("**/_dash-update-component*"):
        room.page.clock.fast_forward(EVERY * 1000)
    expect(room.page.locator("#room-panel-4")).to_contain_text(words[:20])
    assert room.shown in {before, before % 5 + 1}


def _cut_for_five_minutes(room: Room) -> None:
    page = room.page
    page.keyboard.press("r")
    page.keyboard.press("2")
    page.context.set_offline(True)
    room.wait(300, answered=False)
    assert "No connection since" in room.line.inner_text()
    assert "What is shown is as of" in room.line.inner_text()
    assert (room.seen(), room.shown) == (5, 2)
    page.keyboard.press("ArrowRight")
    assert room.shown == 3, "turning needs nobody"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("n")
    page.get_by_label("In a sentence or two").fill("Ask three suppliers for a price")
    page.get_by_label("Who sees to it").select_option("bursar")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".room-waiting")).to_contain_text("kept in this browser until there is a connection")
    expect(page.locator(".room-problem")).to_contain_text("There is no connection")
    with page.expect_response(lambda come: come.request.method == "POST" and come.url.endswith("/notes")) as sent:
        page.context.set_offline(False)
        page.clock.fast_forward(EVERY * 1000)
    assert sent.value.status == 201
    expect(page.locator(".room-note .room-list")).to_contain_text("Ask three suppliers for a price")
    expect(page.locator(".room-waiting")).to_be_empty()
    page.keyboard.press("Escape")
    room.wait(EVERY)
    expect(room.line).to_be_empty()
    with room.store.reading() as session:
        (row,) = session.scalars(sa.select(Decision).where(Decision.words == "Ask three suppliers for a price"))
    assert (row.about, row.owner) == ("money", "bursar")
    assert {"label": "Part A, held by the lead school: left to spend", "value": "£850", "unit": "net of VAT"} in (
        row.figures or []
    )


def test_keys_buttons_and_addresses_show_the_same(room: Room) -> None:
    page = room.page
    _open(room)
    assert page.evaluate(_VISIBLE) == ["room-panel-1"]
    for key, number in (("ArrowRight", 2), (" ", 3), ("5", 5), ("ArrowRight", 1), ("ArrowLeft", 5), ("3", 3)):
        page.keyboard.press(key)
        assert (room.shown, page.evaluate(_VISIBLE)) == (number, [f"room-panel-{number}"]), key
    expect(page.locator(".room-to[aria-current=true]")).to_contain_text("3/5 Plan")
    assert page.url.endswith("?year=2016-17&panel=3")
    page.reload()
    page.wait_for_selector("#room-panel-3 h2")
    assert page.evaluate(_VISIBLE) == ["room-panel-3"]
    page.keyboard.press("r")
    assert page.url.endswith(f"&panel=3&rotate={_ROTATES}")
    page.clock.fast_forward(_ROTATES * 1000)
    assert room.shown == 4
    page.get_by_role("button", name="Pause").click()
    page.clock.fast_forward(_ROTATES * 1000)
    assert room.shown == 4, "it can be paused at any time (WCAG 2.2.2)"
    page.keyboard.press("p")
    page.get_by_role("button", name="Note a decision").click()
    expect(page.locator("dialog[open]")).to_have_count(1)
    page.get_by_label("In a sentence or two").press_sequentially("3 pr")
    page.clock.fast_forward(_ROTATES * 1000)
    assert room.shown == 4, "nothing turns while somebody writes"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_role("button", name="Turn the keys off").click()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("2")
    assert room.shown == 4, "keys of one letter can be turned off (WCAG 2.1.4)"
    assert min(page.evaluate(_BUTTONS)) >= 24
    assert page.evaluate(_SIZE) == [1280, 720]


def test_a_key_pressed_before_the_screen_is_drawn_counts(room: Room) -> None:
    page = room.page
    held: list[Route] = []
    page.route("**/_dash-update-component", lambda route: held.append(route))
    page.goto(f"{room.base}{SCREEN}?year=2016-17")
    page.locator("main .loading").wait_for()
    page.keyboard.press("3")
    page.unroute("**/_dash-update-component")
    for each in held:
        each.continue_()
    page.wait_for_selector("#room-panel-3 h2")
    page.wait_for_function(f"() => ({_WHERE})() === 3")
    assert page.evaluate(_VISIBLE) == ["room-panel-3"]
    assert page.url.endswith("?year=2016-17&panel=3")
