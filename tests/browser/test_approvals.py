"""A coordinator asks twice, the advisor declines one and approves the other for less, the coordinator finds the
precedent and marks a levy as paid: on a telephone, signed in as each.
"""

import re
from collections.abc import Callable, Generator
from datetime import date, timedelta
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard import migrations
from dashboard.db import Store
from dashboard.main import create_app
from dashboard.models import Allocation, ApprovalRequest
from dashboard.vocabulary import RequestKind, RequestState, Role
from tests import builders as put
from tests.browser.axe import check
from tests.browser.serving import served
from tests.visitors import SETTINGS, Visitor, account

_YEAR: Final = f"{date.today().year - (date.today().month < 9)}"
Opened = tuple[Callable[[Role], Page], str, Store]


def _fill(store: Store) -> dict[Role, str]:
    """Mill Cluster with two schools and a request that waits for long; gives the sessions of both who sign in."""
    migrations.upgrade(store)
    with store.writing() as session:
        under = put.programme(session)
        mill = put.cluster(session, under=under)
        ford = put.school(session, within=mill)
        put.school(session, "Weir School", within=mill)
        old = ApprovalRequest(cluster_id=mill.id, school_id=ford.id, kind=RequestKind.OTHER, summary="A shed")
        old.asked_on, old.asked_as, old.state = date.today() - timedelta(40), "coordinator", RequestState.WAITING
        put.put(session, old)
        keys = {
            Role.COORDINATOR: account(session, Role.COORDINATOR, cluster=mill).fs_uniquifier,
            Role.ADVISOR: account(session, Role.ADVISOR, programme=under).fs_uniquifier,
        }
    app, sessions = create_app(store, SETTINGS), {}
    for role, unique in keys.items():
        cookie = Visitor.signed_in(app, store, unique).client.get_cookie("session")
        assert cookie is not None
        sessions[role] = cookie.value
    return sessions


@pytest.fixture
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Generator[Opened]:
    path, kept = tmp_path_factory.mktemp("approvals") / "store.sqlite", []

    def fill(store: Store) -> None:
        kept.append((store, _fill(store)))

    with served(f"sqlite:///{path.as_posix()}", fill) as base:
        contexts = []

        def page_of(role: Role) -> Page:
            context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
            context.set_default_timeout(15_000)
            context.add_cookies([{"name": "session", "value": kept[0][1][role], "url": base}])
            contexts.append(context)
            return context.new_page()

        yield page_of, base, kept[0][0]
        for context in contexts:
            context.close()


def test_from_two_requests_to_the_precedent_and_a_paid_levy(opened: Opened) -> None:
    page_of, base, store = opened
    asks, decides = page_of(Role.COORDINATOR), page_of(Role.ADVISOR)
    complaints: list[str] = []
    for page in (asks, decides):
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    for summary, pounds in (("Coach to the river in May", "120"), ("Taxi for one colleague", "45.50")):
        asks.goto(f"{base}/cluster/mill-cluster/requests")
        asks.get_by_role("link", name="Ask the advisor").click()
        asks.get_by_label("What it is about").select_option("travel")
        asks.get_by_label("What you ask for, and why").fill(summary)
        asks.get_by_label("Amount").fill(pounds)
        asks.get_by_label("School", exact=True).select_option("ford-school")
        check(asks, 390)
        asks.get_by_role("button", name="Send the request").click()
        expect(asks.get_by_role("status")).to_contain_text("It waits for the advisor’s decision.")
    expect(asks.get_by_role("button", name="Withdraw the request")).to_be_visible()
    expect(asks.get_by_role("button", name="Store the decision")).to_have_count(0)
    check(asks, 390)

    decides.goto(f"{base}/requests")
    expect(decides.locator(".headlines")).to_have_text("Three requests are waiting, the oldest for 40 days.")
    expect(decides.locator("tbody tr").first).to_contain_text("A shed")
    check(decides, 390)
    decides.get_by_role("link", name="Taxi for one colleague").click()
    decides.get_by_label("Decision", exact=True).select_option("declined")
    decides.get_by_label("Reason").fill("There is a bus at that hour")
    decides.get_by_role("button", name="Store the decision").click()
    expect(decides.locator(".headlines")).to_contain_text("Declined on")
    decides.goto(f"{base}/requests")
    decides.get_by_role("link", name="Coach to the river").click()
    expect(decides.get_by_role("region", name="Decided requests of the same kind")).to_contain_text("There is a bus")
    decides.get_by_label("Decision", exact=True).select_option("approved")
    decides.get_by_label("Amount approved").fill("130")
    decides.get_by_label("Reason").fill("One coach carries both schools")
    check(decides, 390)
    with decides.expect_response("**/decide") as answered:
        decides.get_by_role("button", name="Store the decision").click()
    assert answered.value.status == 422
    decides.get_by_role("alert").get_by_role("link").click()
    expect(decides.get_by_label("Amount approved")).to_be_focused()
    check(decides, 390)
    decides.get_by_label("Amount approved").fill("90")
    decides.get_by_role("button", name="Store the decision").click()
    expect(decides.locator(".headlines li")).to_contain_text(
        ["Approved on", "£90 approved of £120 asked for.", "£0 spent of £90 approved; £90 left."]
    )
    check(decides, 390)

    asks.goto(f"{base}/requests?state=decided")
    asks.get_by_label("Words").fill("BUS hour")
    asks.get_by_role("button", name="Search").click()
    expect(asks.locator(".headlines")).to_have_text("One decided request for this search.")
    expect(asks.locator("tbody tr")).to_contain_text("There is a bus at that hour")
    check(asks, 390)

    asks.goto(f"{base}/cluster/mill-cluster/contributions")
    asks.get_by_role("link", name="Note what schools put in").click()
    asks.get_by_label("Amount each").fill("50")
    check(asks, 390)
    asks.get_by_role("button", name="Note it for each chosen school").click()
    expect(asks.locator(".headlines")).to_contain_text("Nothing of the £100")
    asks.get_by_label("Choose Ford School, Levy").check()
    check(asks, 390)
    asks.get_by_role("button", name="Mark the chosen ones as paid or given").click()
    expect(asks.locator(".headlines")).to_contain_text("£50 of £100")
    asks.get_by_role("link", name=re.compile(r"Weir School ?: Levy")).click()
    for words in asks.locator("#change-title ~ details > summary").all():
        words.click()
    check(asks, 390)
    asks.goto(f"{base}/cluster/mill-cluster/contributions")
    asks.get_by_role("link", name="Declare money from outside").click()
    asks.get_by_label("From whom").fill("Polar Fund")
    check(asks, 390)
    asks.get_by_role("button", name="Store it").click()
    expect(asks.get_by_role("region", name="Money from outside")).to_contain_text("Polar Fund")
    check(asks, 390)
    (refused,) = complaints  # the browser says so in its own time
    assert "422" in refused
    with store.reading() as session:
        assert [(row.amount, row.year) for row in session.query(Allocation)] == [(5_000, int(_YEAR))]
