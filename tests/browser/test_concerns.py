"""A director's way from the list of concerns to an exit with a replacement, on a telephone."""

from collections.abc import Generator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard import migrations
from dashboard.db import Store
from dashboard.main import create_app
from dashboard.models import Concern, LeadSchool, Membership, School
from dashboard.vocabulary import Role
from tests import builders as put
from tests.browser.axe import check
from tests.browser.serving import served
from tests.visitors import SETTINGS, Visitor, account


def _fill(store: Store) -> str:
    """Mill Cluster with a concern about its lead school; gives the session of a director who has signed in."""
    migrations.upgrade(store)
    with store.writing() as session:
        mill = put.cluster(session, under=put.programme(session))
        ford = put.school(session, within=mill)
        put.school(session, "Weir School", within=mill)
        put.school(session, "Lock School")
        put.put(session, LeadSchool(cluster_id=mill.id, school_id=ford.id))
        row = Concern(
            cluster_id=mill.id, school_id=ford.id, summary="Came to one of five meetings", raised_as="advisor"
        )
        row.raised_on, row.review_on = date.today() - timedelta(94), date.today() - timedelta(12)
        put.put(session, row)
        unique = account(session, Role.DIRECTOR).fs_uniquifier
    cookie = Visitor.signed_in(create_app(store, SETTINGS), store, unique).client.get_cookie("session")
    assert cookie is not None
    return cookie.value


@pytest.fixture
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Page, str, Store]]:
    path, kept = tmp_path_factory.mktemp("concerns") / "store.sqlite", []

    def fill(store: Store) -> None:
        kept.append((store, _fill(store)))

    with served(f"sqlite:///{path.as_posix()}", fill) as base:
        context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "session", "value": kept[0][1], "url": base}])
        yield context.new_page(), base, kept[0][0]
        context.close()


def test_from_the_list_to_an_exit_with_a_replacement(page: tuple[Page, str, Store]) -> None:
    shown, base, store = page
    complaints: list[str] = []
    shown.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    shown.goto(f"{base}/concerns")
    expect(shown.locator(".headlines")).to_have_text("One open concern; one review is overdue.")
    shown.get_by_text("Menu", exact=True).click()
    expect(shown.get_by_role("navigation", name="Main").get_by_role("link", name="Concerns")).to_have_attribute(
        "aria-current", "page"
    )
    expect(shown.locator("tbody tr")).to_contain_text("review was due 12 days ago")
    check(shown, 390)
    shown.get_by_role("link", name="Came to one of five meetings").click()
    expect(shown.locator(".headlines")).to_have_text("Open for 94 days; review was due 12 days ago.")
    shown.get_by_label("What was done").select_option("asked_the_advisor")
    shown.get_by_label("Day", exact=True).fill((date.today() - timedelta(2)).isoformat())
    shown.get_by_role("button", name="Note the step").click()
    expect(shown.get_by_role("status")).to_have_text("The step is noted.")
    expect(shown.locator(".ladder")).to_contain_text("Discussed it with the director or advisor.")
    for words in shown.locator("#close-title ~ details > summary").all():
        words.click()
    check(shown, 390)
    shown.get_by_label("Last day as a member").fill(date.today().isoformat())
    shown.get_by_label("School that comes instead").fill("Lock School")
    shown.get_by_label("First day of that school").fill((date.today() + timedelta(1)).isoformat())
    shown.once("dialog", lambda dialog: dialog.dismiss())
    shown.get_by_role("button", name="End the membership and close").click()
    expect(shown.locator(".headlines")).to_contain_text("Open for 94 days")
    shown.on("dialog", lambda dialog: dialog.accept())
    with shown.expect_response("**/exit") as answered:
        shown.get_by_role("button", name="End the membership and close").click()
    assert answered.value.status == 422
    expect(shown.get_by_role("alert")).to_contain_text("Ford School is the lead school")
    expect(shown.get_by_label("School that comes instead")).to_have_value("Lock School")
    shown.get_by_role("alert").get_by_role("link").click()
    expect(shown.get_by_label("New lead school")).to_be_focused()
    check(shown, 390)
    shown.get_by_label("New lead school").select_option("weir-school")
    shown.get_by_role("button", name="End the membership and close").click()
    expect(shown.get_by_role("status")).to_contain_text("The membership ends, and the concern is closed.")
    expect(shown.locator(".headlines")).to_contain_text("after 94 days: an exit from the cluster")
    expect(shown.locator(".ladder")).to_contain_text("Lock School came instead.")
    expect(shown.get_by_text("It stays closed and as it is.")).to_be_visible()
    check(shown, 390)
    shown.goto(f"{base}/cluster/mill-cluster/concerns?state=closed")
    expect(shown.locator("tbody tr")).to_contain_text("an exit from the cluster")
    shown.get_by_role("link", name="Raise a concern").click()
    expect(shown.get_by_label("About", exact=True).locator("option")).to_contain_text(
        ["The cluster as a group", "Ford School", "Weir School"]
    )
    check(shown, 390)
    (refused,) = complaints  # the browser says so in its own time
    assert "422" in refused
    with store.reading() as session:
        spells = session.query(School.name, Membership.joined, Membership.left).join(Membership).order_by(School.id)
        assert [tuple(row) for row in spells] == [
            ("Ford School", None, date.today()), ("Weir School", None, None),
            ("Lock School", date.today() + timedelta(1), None),
        ]  # fmt: skip
