"""A bursar's way through the ledger: a session that costs too much, a receipt, and somebody else who was faster."""

from collections.abc import Generator
from datetime import date
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard import migrations
from dashboard.db import Store
from dashboard.main import create_app
from dashboard.models import Contribution, LedgerLine, Receipt
from dashboard.vocabulary import ContributionKind, LineState, Part, Role
from tests import builders as put
from tests.browser.axe import check
from tests.browser.serving import served
from tests.funding.ledger_world import PDF
from tests.visitors import SETTINGS, Visitor, account

_LEDGER: Final = "/cluster/mill-cluster/ledger"


def _fill(store: Store) -> list[str]:
    """Mill Cluster of three schools; gives the sessions of its bursar and its coordinator."""
    migrations.upgrade(store)
    with store.writing() as session:
        mill = put.cluster(session, under=put.programme(session))
        for name in ("Ford School", "Lock School", "Weir School"):
            put.school(session, name, within=mill)
        put.allocation(session, mill, 2_000_00, part=Part.B)
        marks = [account(session, role, cluster=mill).fs_uniquifier for role in (Role.BURSAR, Role.COORDINATOR)]
    app = create_app(store, SETTINGS)
    cookies = [Visitor.signed_in(app, store, mark).client.get_cookie("session") for mark in marks]
    return [cookie.value for cookie in cookies if cookie is not None]


@pytest.fixture
def pages(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Page, Page, str, Store]]:
    """A bursar at a telephone, the coordinator at a desk, both signed in."""
    path, kept = tmp_path_factory.mktemp("ledger") / "store.sqlite", []

    def fill(store: Store) -> None:
        kept.append((store, _fill(store)))

    with served(f"sqlite:///{path.as_posix()}", fill) as base:
        store, cookies = kept[0]
        contexts: list[BrowserContext] = []
        for width, cookie in zip((390, 1440), cookies, strict=True):
            context = browser.new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce")
            context.set_default_timeout(15_000)
            context.add_cookies([{"name": "session", "value": cookie, "url": base}])
            contexts.append(context)
        yield contexts[0].new_page(), contexts[1].new_page(), base, store
        for context in contexts:
            context.close()


def test_from_an_invoice_that_costs_too_much_to_a_line_that_two_people_change(
    pages: tuple[Page, Page, str, Store],
) -> None:
    bursar, coordinator, base, store = pages
    bursar.goto(f"{base}/")
    expect(bursar).to_have_url(f"{base}/cluster/mill-cluster/money")  # a bursar's own page
    bursar.get_by_role("link", name="Ledger").first.click()
    expect(bursar).to_have_url(f"{base}{_LEDGER}")
    expect(bursar.locator(".message-title")).to_have_text("Nothing is recorded in this ledger yet.")
    check(bursar, 390)
    bursar.get_by_role("link", name="Record a line").click()
    _enter_by_keyboard(bursar)
    expect(bursar.get_by_role("alert")).to_contain_text("The session costs £520 before VAT")
    expect(bursar.locator(".breaches")).to_contain_text("Record £400 and £80 VAT as paid from cluster funds")
    split = bursar.get_by_role("region", name="How the invoice is shared")
    expect(split.locator("tbody tr")).to_contain_text(["The pot", "Ford School", "Lock School", "Weir School"])
    expect(split.locator("tbody tr").nth(1)).to_contain_text("£40.00£8.00£48.00")
    check(bursar, 390)
    bursar.get_by_label("Weir School").uncheck()
    bursar.get_by_role("button", name="Share it as shown").click()
    expect(bursar.locator("#sharers-wrong")).to_contain_text("The division below is new.")
    expect(split.locator("tbody tr").nth(1)).to_contain_text("£60.00£12.00£72.00")
    bursar.get_by_role("button", name="Share it as shown").press("Enter")
    expect(bursar.get_by_role("status")).to_have_text("The line is recorded.")
    expect(bursar.get_by_role("heading", level=1)).to_have_text("Line 1: £400.00, Dance in Schools")
    shares = bursar.get_by_role("region", name="Shares of the schools")
    expect(shares.locator("tfoot")).to_contain_text("£520.00£104.00")

    bursar.get_by_label("Invoice or receipt").set_input_files(
        {"name": "Not an invoice.pdf", "mimeType": "application/pdf", "buffer": b"<script>"}
    )
    bursar.get_by_role("button", name="Attach it").click()
    expect(bursar.get_by_role("alert")).to_contain_text("This file is no PDF, PNG or JPEG")
    large = PDF + b" " * (4 * 1024 * 1024)
    bursar.get_by_label("Invoice or receipt").set_input_files(
        {"name": "Invoice 17.pdf", "mimeType": "application/pdf", "buffer": large}
    )
    bursar.get_by_role("button", name="Attach it").click()
    expect(bursar.get_by_role("status")).to_have_text("The receipt is attached.")
    with bursar.expect_download() as downloaded:
        bursar.get_by_role("link", name="invoice-17.pdf").click()
    assert downloaded.value.suggested_filename == "invoice-17.pdf"
    check(bursar, 390)

    for shown in (bursar, coordinator):
        shown.goto(f"{base}{_LEDGER}/1/change")
    coordinator.get_by_label("Number of the invoice").fill("INV 17")
    coordinator.get_by_role("button", name="Store the change").click()
    expect(coordinator.get_by_role("status")).to_have_text("The line is changed.")
    bursar.get_by_label("What for").fill("Half a day for all teachers")
    bursar.get_by_role("button", name="Store the change").click()
    expect(bursar.get_by_role("alert")).to_contain_text("Somebody else changed this line while you were typing")
    differs = bursar.get_by_role("region", name="Theirs and yours").locator("tbody tr")
    expect(differs).to_contain_text(["What fornoneHalf a day for all teachers", "NumberINV 17none"])
    expect(bursar.get_by_label("What for")).to_have_value("Half a day for all teachers")
    check(bursar, 390)
    bursar.get_by_label("Number of the invoice").fill("INV 17")
    bursar.get_by_role("button", name="Store the change").click()
    expect(bursar.get_by_role("status")).to_have_text("The line is changed.")

    coordinator.goto(f"{base}{_LEDGER}/1")
    coordinator.get_by_role("button", name="It is paid").click()
    expect(coordinator.get_by_role("status")).to_have_text("The line is paid.")
    coordinator.get_by_text("Reverse this line").click()
    coordinator.get_by_label("Reason", exact=True).fill("The session was cancelled")
    coordinator.once("dialog", lambda dialog: dialog.accept())
    coordinator.get_by_role("button", name="Reverse the line").click()
    expect(coordinator.get_by_role("heading", level=1)).to_have_text("Line 2: −£400.00, Dance in Schools")
    coordinator.goto(f"{base}{_LEDGER}?state=spent")
    expect(coordinator.locator(".headlines")).to_have_text("Held by the lead school: £0.00 spent in two lines.")
    expect(coordinator.get_by_label("State")).to_have_value("spent")
    check(coordinator, 1440)
    with store.reading() as session:
        lines = session.query(LedgerLine.amount, LedgerLine.state, LedgerLine.spent_on).order_by(LedgerLine.id)
        assert [tuple(row) for row in lines] == [(each, LineState.PAID, date.today()) for each in (400_00, -400_00)]
        assert {row.kind for row in session.query(Contribution)} == {ContributionKind.CPD_EXCESS}
        assert [row.size for row in session.query(Receipt)] == [len(large)]


def _enter_by_keyboard(shown: Page) -> None:
    """Fill in the line of a CPD session, from field to field, and send it with Enter."""
    shown.get_by_label("Amount before VAT").focus()
    shown.keyboard.type("520")
    shown.keyboard.press("Tab")
    shown.keyboard.type("104")
    for label, value in (
        ("How far it has got", "invoiced"), ("Part of the pot", "B"), ("What it paid for", "cpd_session"),
    ):  # fmt: skip
        shown.get_by_label(label).select_option(value)
    shown.get_by_label("Supplier").focus()
    shown.keyboard.type("Dance in Schools")
    shown.keyboard.press("Enter")
