"""A register taken in a real browser: by touch and by keyboard on a phone without a network, and by two at once."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pytest
from flask.json.tag import TaggedJSONSerializer
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from dashboard import migrations
from dashboard.accounts.sessions import digest
from dashboard.db import Store
from dashboard.models import School, SchoolMark, WebSession
from dashboard.vocabulary import Mark, Role
from tests import builders as put
from tests.browser.axe import broken_rules
from tests.browser.pages import PATIENCE
from tests.browser.serving import served
from tests.registers.hall import event, person
from tests.visitors import account

_PHONE: Final = {"width": 390, "height": 844}
_NAMES: Final = tuple(
    f"{name} School" for name in ("Ash", "Brook", "Cedar", "Dale", "Elm", "Ford", "Grange", "Hill", "Ivy", "Lock")
)
_MARKS: Final = ("present", "present", "substitute", "apologies", "absent")
_CUT: Final = 10.0
"""Seconds without a network."""
_KEPT: Final = """() => Object.keys(localStorage).filter(name => name.startsWith('register '))
    .reduce((sum, name) => sum + JSON.parse(localStorage.getItem(name)).queue.length, 0)"""


@dataclass(frozen=True)
class Hall:
    """A served store with a meeting today, and two people who may take its register."""

    base: str
    store: Store
    meeting: int
    browser: Browser

    @property
    def address(self) -> str:
        return f"{self.base}/register/{self.meeting}"

    @contextmanager
    def phone(self, who: str = "one", scheme: Any = "light", **more: Any) -> Generator[BrowserContext]:
        """The phone of one of the two, signed in."""
        context = self.browser.new_context(
            viewport=more.pop("viewport", _PHONE), color_scheme=scheme, reduced_motion="reduce", **more
        )
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "session", "value": who, "url": self.base}])
        yield context
        context.close()

    def standing(self) -> dict[str, Mark]:
        """What the store holds, by the name of the school."""
        with self.store.reading() as session:
            rows = session.query(School.name, SchoolMark.mark).join(SchoolMark, SchoolMark.school_id == School.id)
            return {row.name: row.mark for row in rows.filter(SchoolMark.meeting_id == self.meeting)}

    def clear(self) -> None:
        """Begin anew."""
        with self.store.writing() as session:
            session.query(SchoolMark).filter_by(meeting_id=self.meeting).delete()


@pytest.fixture(scope="module")
def hall(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Generator[Hall]:
    path, kept = tmp_path_factory.mktemp("registers") / "store.sqlite", []

    def fill(store: Store) -> None:
        migrations.upgrade(store)
        with store.writing() as session:
            cluster = put.cluster(session, "Mill Cluster")
            schools = [put.school(session, name, within=cluster) for name in (*_NAMES, "Away School")]
            event(session, cluster.id, schools[-1].id, date(2020, 1, 1))
            person(session, "Ann Example", (cluster.id, schools[0].id))
            kept.append((store, put.meeting(session, cluster, date.today()).id))
            for who in ("one", "two"):
                unique = account(session, Role.COORDINATOR, cluster=cluster).fs_uniquifier
                data = {"_permanent": True, "_user_id": unique, "_fresh": True}
                row = WebSession(token_sha256=digest(who), data=TaggedJSONSerializer().dumps(data).encode())
                put.put(session, row)

    with served(f"sqlite:///{path.as_posix()}", fill) as base:
        yield Hall(base, *kept[0], browser)


def school(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name)


def tap(page: Page, name: str, mark: str) -> None:
    school(page, name).get_by_role("radio", name=mark, exact=True).tap()


def status(page: Page) -> Locator:
    return page.get_by_role("status")


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    for _ in range(100):
        if is_so():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came")


@contextmanager
def cut_off(context: BrowserContext, page: Page) -> Generator[None]:
    """No network for `_CUT` seconds, whatever is done meanwhile."""
    since = time.monotonic()
    context.set_offline(True)
    yield
    page.wait_for_timeout(max(0, _CUT - (time.monotonic() - since)) * 1000)
    context.set_offline(False)


def complaints_of(page: Page) -> list[str]:
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda said: heard.append(said.text) if "ERR_INTERNET" not in said.text else None)
    return heard


def test_a_register_of_ten_schools_is_taken_by_touch_and_by_keyboard_without_a_network_in_the_middle(
    hall: Hall,
) -> None:
    hall.clear()
    wanted = {name: _MARKS[number % len(_MARKS)] for number, name in enumerate(_NAMES)}
    with hall.phone(has_touch=True) as context:
        page = context.new_page()
        complaints = complaints_of(page)
        page.goto(f"{hall.base}/registers")
        page.get_by_role("link", name="Today").tap()
        expect(page.get_by_text("Away School: on sabbatical")).to_be_attached()
        expect(page.get_by_role("button", name="Save")).to_be_hidden()
        for box in page.locator(".taps:visible .tap").all():
            shape = box.bounding_box()
            assert shape is not None
            assert shape["height"] >= 44
            assert shape["width"] >= 44
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        for name in _NAMES[:3]:
            tap(page, name, wanted[name])
        expect(status(page)).to_contain_text("Saved")
        assert set(hall.standing()) == set(_NAMES[:3])
        high = page.locator(".register-bar").bounding_box()
        with cut_off(context, page):
            for number, name in enumerate(_NAMES[3:5], start=1):
                tap(page, name, wanted[name])
                said = "1 tap is" if number == 1 else f"{number} taps are"
                expect(status(page)).to_have_text(f"Not connected: {said} kept on this phone and will be sent")
            take_by_keyboard(page, _NAMES[5:7], wanted)
            expect(status(page)).to_have_text("Not connected: 4 taps are kept on this phone and will be sent")
            expect(school(page, _NAMES[3])).to_contain_text("not sent yet")
            assert page.locator(".register-bar").bounding_box() == high, "what is said moves nothing"
            assert page.evaluate(_KEPT) == 4
            assert set(hall.standing()) == set(_NAMES[:3])
        take_by_keyboard(page, _NAMES[7:], wanted)
        wait_until(page, lambda: hall.standing() == wanted)
        expect(status(page)).to_contain_text("Saved")
        expect(page.locator(".register-count")).to_have_text("10 of 10 schools")
        assert page.evaluate(_KEPT) == 0
        tap(page, "Lock School", "present")
        wait_until(page, lambda: hall.standing()["Lock School"] is Mark.PRESENT)
        page.get_by_role("button", name="Undo").tap()
        wait_until(page, lambda: hall.standing() == wanted)
        assert complaints == []


def take_by_keyboard(page: Page, names: tuple[str, ...], wanted: dict[str, str]) -> None:
    """Tab from school to school, past what lies between; the arrow keys choose."""
    offered = ["present", "substitute", "apologies", "absent"]
    for name in names:
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.closest('[data-school]')?.dataset.name") == name:
                break
        assert page.evaluate("document.activeElement.type") == "radio"
        box = page.evaluate("document.activeElement.nextElementSibling.getBoundingClientRect().bottom")
        assert box < page.evaluate("document.querySelector('.register-bar').getBoundingClientRect().top")
        page.keyboard.press("Space")
        for _ in range(offered.index(wanted[name])):
            page.keyboard.press("ArrowRight")
        expect(school(page, name).get_by_role("radio", name=wanted[name], exact=True)).to_be_checked()


def test_taps_survive_a_closed_page_and_two_at_once_overwrite_nothing_silently(hall: Hall) -> None:
    hall.clear()
    with hall.phone("one", has_touch=True) as first, hall.phone("two", has_touch=True) as second:
        one, two = first.new_page(), second.new_page()
        one.goto(hall.address)
        two.goto(hall.address)
        for page in (one, two):
            expect(status(page)).to_contain_text("Somebody else is taking this register too")
        # Two different schools at once: both stand, and each sees the other's.
        tap(one, "Ash School", "present")
        tap(two, "Brook School", "apologies")
        wait_until(one, lambda: hall.standing() == {"Ash School": Mark.PRESENT, "Brook School": Mark.APOLOGIES})
        expect(school(one, "Brook School").get_by_role("radio", name="apologies")).to_be_checked()
        expect(school(two, "Ash School").get_by_role("radio", name="present")).to_be_checked()
        # An answer that is lost on its way: the tap is sent again, and nobody is blamed for what stands there.
        lost: list[dict[str, Mark]] = []

        def lose(route: Route) -> None:
            route.fetch()
            lost.append(hall.standing())
            route.abort()

        one.route("**/mark", lose, times=1)
        tap(one, "Hill School", "substitute")
        wait_until(one, lambda: bool(lost) and one.evaluate(_KEPT) == 0)
        assert lost[0]["Hill School"] is hall.standing()["Hill School"] is Mark.SUBSTITUTE
        expect(one.get_by_role("button", name="Decide")).to_be_hidden()
        # The same school, without a network: the later one is told, and what stands is left alone.
        second.set_offline(True)
        tap(one, "Ford School", "absent")
        tap(two, "Ford School", "present")
        tap(two, "Grange School", "present")
        wait_until(one, lambda: hall.standing().get("Ford School") is Mark.ABSENT)
        # The page is loaded again where it was kept: no tap is lost.
        expect(status(two)).to_contain_text("2 taps are kept")
        two.on("dialog", lambda dialog: dialog.accept())
        second.set_offline(False)
        two.reload()
        told = school(two, "Ford School").get_by_role("alert")
        expect(told).to_contain_text(
            "Ford School was set to absent by somebody else a moment ago; you had tapped present."
        )
        wait_until(two, lambda: hall.standing().get("Grange School") is Mark.PRESENT)
        assert hall.standing()["Ford School"] is Mark.ABSENT
        expect(school(two, "Ford School").get_by_role("radio", name="absent")).to_be_checked()
        two.get_by_role("button", name="Decide").tap()
        expect(told.get_by_role("button", name="Keep absent")).to_be_focused()
        told.get_by_role("button", name="Set present").tap()
        wait_until(two, lambda: hall.standing()["Ford School"] is Mark.PRESENT)
        # Now the first is told, and lets it be.
        told = school(one, "Ford School").get_by_role("alert")
        expect(told).to_contain_text(
            "Ford School was set to present by somebody else a moment ago; you had tapped absent."
        )
        assert hall.standing()["Ford School"] is Mark.PRESENT
        told.get_by_role("button", name="Keep present").tap()
        expect(told).to_be_empty()
        expect(school(one, "Ford School").get_by_role("radio", name="present")).to_be_checked()
        assert hall.standing()["Ford School"] is Mark.PRESENT
        # A person's tick brings the school's mark.
        ash = school(one, "Ash School")
        one.get_by_text("Who came of Ash School").tap()
        one.get_by_role("group", name="Ann Example").get_by_role("radio", name="came", exact=True).tap()
        expect(status(one)).to_contain_text("Saved")
        expect(ash.get_by_role("radio", name="present")).to_be_checked()
        # A session that ended keeps the taps and says so.
        first.clear_cookies()
        tap(one, "Ivy School", "present")
        expect(status(one)).to_contain_text("Your session has ended: 1 tap is kept on this phone")
        first.add_cookies([{"name": "session", "value": "one", "url": hall.base}])
        one.on("dialog", lambda dialog: dialog.accept())
        one.reload()
        wait_until(one, lambda: hall.standing().get("Ivy School") is Mark.PRESENT)


def test_without_a_script_the_register_is_one_form(hall: Hall) -> None:
    hall.clear()
    with hall.phone(has_touch=True, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(hall.address)
        tap(page, "Ash School", "present")
        tap(page, "Lock School", "apologies")
        page.get_by_role("button", name="Save").tap()
        expect(page.get_by_text("The register is saved.")).to_be_visible()
        assert hall.standing() == {"Ash School": Mark.PRESENT, "Lock School": Mark.APOLOGIES}
        with hall.store.writing() as session:
            session.query(SchoolMark).update({"mark": Mark.ABSENT})
        tap(page, "Ash School", "substitute")
        page.get_by_role("button", name="Save").tap()
        expect(page.get_by_text("Ash School was set to absent by somebody else")).to_be_visible()
        assert hall.standing()["Ash School"] is Mark.ABSENT


def test_the_pages_break_no_rule_that_axe_can_check(hall: Hall) -> None:
    for scheme in ("light", "dark"):
        with hall.phone(scheme=scheme) as context:
            page = context.new_page()
            for address in (f"{hall.base}/registers", hall.address):
                page.goto(address)
                for width in (390, 1440):
                    page.set_viewport_size({"width": width, "height": 900})
                    page.evaluate(
                        "document.querySelectorAll('details').forEach((each, turn) => { each.open = !turn; })"
                    )
                    assert broken_rules(page) == [], f"{address} {scheme} {width}"
                    assert page.evaluate("document.documentElement.scrollWidth") <= width
