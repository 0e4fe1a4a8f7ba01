"""Rows of a spreadsheet on their way into a ledger: pasted, put right by keyboard, stored and taken out again."""

from collections.abc import Generator
from datetime import date
from typing import Final

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from dashboard import migrations
from dashboard.db import Store
from dashboard.main import create_app
from dashboard.models import LedgerLine
from dashboard.vocabulary import Role
from tests import builders as put
from tests.browser.axe import broken_rules
from tests.browser.serving import served
from tests.visitors import SETTINGS, Visitor, account

_COPIED: Final = (
    "05/10/2016\tlead_held\tB\tB2\t\tBooks Ltd\tWord cards\tINV 1\t1,052.00\t210.40\tpaid\t\n"
    '06/10/2016\tlead_held\tB\tB2\t\tBooks Ltd\t"Two\nlines"\tINV 2\t52\t10.40\tpaid\t\n'
    "31/11/2016\tlead_held\tA\tA1\t\tSupply agency\tCover\tINV 3\t95\t\tinvoiced\tFord School\n"
    "08/11/2016\tlead_held\tA\tA1\t\tSupply agency\tCover\tINV 4\tninety\t\tpaid\tFord School\n"
    "09/11/2016\tlead_held\tB\tB2\t\tBooks Ltd\tCredit\tINV 1\t-12.00\t-2.40\tpaid\t\n"
    "10/11/2016\tlead_held\tB\tB6\tCPD session\tA trainer\tTalk for writing\tINV 6\t400\t80\tcommitted\t\n"
)
_PASTE: Final = """(cell, text) => {
    const copied = new DataTransfer();
    copied.setData("text/plain", text);
    cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: copied, bubbles: true, cancelable: true}));
}"""


def _fill(store: Store) -> str:
    """Mill Cluster without a line; gives the session of its coordinator, who has signed in."""
    migrations.upgrade(store)
    with store.writing() as session:
        mill = put.cluster(session, under=put.programme(session))
        put.school(session, within=mill)
        unique = account(session, Role.COORDINATOR, cluster=mill).fs_uniquifier
    cookie = Visitor.signed_in(create_app(store, SETTINGS), store, unique).client.get_cookie("session")
    assert cookie is not None
    return cookie.value


@pytest.fixture
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Page, str, Store]]:
    path, kept = tmp_path_factory.mktemp("paste") / "store.sqlite", []

    def fill(store: Store) -> None:
        kept.append((store, _fill(store)))

    with served(f"sqlite:///{path.as_posix()}", fill) as base:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "session", "value": kept[0][1], "url": base}])
        yield context.new_page(), base, kept[0][0]
        context.close()


def test_six_rows_are_pasted_put_right_by_keyboard_stored_and_undone(page: tuple[Page, str, Store]) -> None:
    shown, base, store = page
    complaints: list[str] = []
    shown.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    shown.on("dialog", lambda question: question.accept())
    shown.goto(f"{base}/cluster/mill-cluster/ledger")
    shown.get_by_role("link", name="Paste rows").click()
    _check(shown)
    rows = shown.locator(".paste-row")
    expect(rows).to_have_count(5)
    shown.get_by_label("Date, row 1", exact=True).evaluate(_PASTE, _COPIED)
    expect(rows).to_have_count(6)
    expect(shown.locator("#grid-said")).to_have_text("6 rows are in the grid.")
    expect(shown.get_by_label("Description, row 2", exact=True)).to_have_value("Two lines")
    expect(shown.get_by_label("Net £, row 6", exact=True)).to_have_value("400")
    shown.get_by_role("button", name="Store these rows").click()

    # Two cells are wrong: the summary has the focus and leads to each, the rest is as it was.
    expect(shown.locator("#problem")).to_be_focused()
    expect(shown.locator("#problem-title")).to_have_text("2 cells are not right yet. Nothing is stored.")
    _check(shown)
    day, net = shown.get_by_label("Date, row 3", exact=True), shown.get_by_label("Net £, row 4", exact=True)
    like = "write it like 2017-03-12 or 12/03/2017 (day first)"
    expect(day).to_have_accessible_description(f"Error: “31/11/2016” is not a date; {like}")
    expect(net).to_have_accessible_description("Error: “ninety” is not an amount in pounds; write it like 1234.50")
    shown.keyboard.press("Tab")
    shown.keyboard.press("Enter")
    expect(day).to_be_focused()
    shown.keyboard.press("Control+A")
    shown.keyboard.type("30/11/2016")
    expect(day).to_have_accessible_description("")
    shown.keyboard.press("Enter")
    expect(shown.get_by_label("Date, row 4", exact=True)).to_be_focused()
    for _ in range(8):
        shown.keyboard.press("Tab")
    expect(net).to_be_focused()
    shown.keyboard.press("Control+A")
    shown.keyboard.type("90")
    for _ in range(3):
        shown.keyboard.press("Enter")
    expect(shown.get_by_label("Net £, row 7", exact=True)).to_be_focused()
    out = shown.get_by_role("button", name="Take out row 7")
    out.focus()
    shown.keyboard.press("Enter")
    expect(rows).to_have_count(6)
    expect(shown.get_by_label("Date, row 6", exact=True)).to_be_focused()
    shown.get_by_role("button", name="Store these rows").focus()
    shown.keyboard.press("Enter")

    expect(shown.get_by_role("heading", level=1)).to_have_text("Six lines are stored")
    expect(shown.locator(".headlines")).to_contain_text("£1,677.00 before VAT and £298.40 VAT were added")
    _check(shown)
    assert _lines(store) == [
        (date(2016, 10, 5), 1052_00, "paid"),
        (date(2016, 10, 6), 52_00, "paid"),
        (date(2016, 11, 30), 95_00, "invoiced"),
        (date(2016, 11, 8), 90_00, "paid"),
        (date(2016, 11, 9), -12_00, "paid"),
        (date(2016, 11, 10), 400_00, "committed"),
    ]
    shown.get_by_role("button", name="Undo").click()
    expect(shown.get_by_role("status").first).to_have_text("Six lines are taken out again.")
    assert _lines(store) == []
    assert [words for words in complaints if "422" not in words] == [], "the browser notes that rows were refused"


def _lines(store: Store) -> list[tuple[date | None, int, str]]:
    with store.reading() as session:
        return [(row.spent_on, row.amount, str(row.state)) for row in session.scalars(sa.select(LedgerLine))]


def _check(shown: Page) -> None:
    """Readable by everybody, and nothing is wider than the screen."""
    assert broken_rules(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
