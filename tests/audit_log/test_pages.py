"""The page “Who did what” and its files, as directors and administrators get them."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from dashboard import audit
from dashboard.access import Grant, Reader
from dashboard.audit import Actor
from dashboard.audit_log import pages
from dashboard.audit_log.words import HEADINGS
from dashboard.db import Store
from dashboard.models import Account
from dashboard.vocabulary import Attempt, Role
from tests.audit_log.told import ADMINISTRATOR, BOTH, DIRECTOR, Browser, Told, director_of, last_event
from tests.plain_pages import BEHIND_THE_WALL
from tests.test_query_counts import statements

pytestmark = BEHIND_THE_WALL

Browse = Callable[[Reader], Browser]
ADDRESSES = ("/audit", "/audit/export.csv", "/audit/export.xlsx")
FILES = ADDRESSES[1:]


def words_of(text: str) -> str:
    """A page without its mark-up, with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# Who may come in


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.DIRECTOR, Role.ADMINISTRATOR}])
def test_others_are_refused_and_the_attempt_is_told(told: Told, browse: Browse, role: Role) -> None:
    cluster = told.clusters["mill"]
    browser = browse(Reader("Somebody", (Grant(role, cluster_id=cluster, school_id=1),), known_as=role))
    for path in ADDRESSES:
        answer = browser.get(path, cluster="mill-cluster")
        assert answer.status_code == 403
        assert "mill state" not in answer.text
        event = last_event(told.store)
        assert (event.outcome, event.object_kind, event.object_key) == (Attempt.REFUSED, "audit", path)


def test_a_director_sees_the_events_about_data(told: Told, browse: Browse) -> None:
    browser = browse(DIRECTOR)
    text = words_of(browser.get("/audit").text)
    assert "8 events" in text
    for told_there in ("mill state", "decoy reason", "whole.csv", "/cluster/decoy-cluster", "Ada (ada@example.org)"):
        assert told_there in text
    for hidden in ("disable", "sign in", "strange", "bea@example.org"):
        assert hidden not in text


def test_a_director_of_one_programme_never_reads_of_another(told: Told, browse: Browse) -> None:
    browser = browse(director_of(told.river))
    for path in ADDRESSES:
        for query in ({}, {"cluster": "decoy-cluster"}):
            content = browser.get(path, **query).data
            assert b"decoy" not in content.lower().replace(b'value="decoy-cluster"', b"")
    assert browser.numbers() == told.numbers("mill link", "mill import", "weir link", "weir import")


def test_an_administrator_learns_nothing_of_a_cluster(told: Told, browse: Browse) -> None:
    browser = browse(ADMINISTRATOR)
    assert len(browser.numbers()) == 11
    text = words_of(browser.get("/audit").text)
    for hidden in ("mill", "weir", "decoy", "whole.csv", "strange key", "strange reason"):
        assert hidden not in text.lower().replace("such as mill-cluster", "")
    assert text.count("not shown to you") == 9
    assert "active yes → no" in text
    rows = rows_of(browser.get("/audit/export.csv").data)
    assert len(rows) == 12
    assert not [cell for row in rows[1:] for cell in row if "mill" in cell.lower() or "decoy" in cell.lower()]
    assert "11 events" in text


def test_whoever_holds_both_roles_gets_the_union(told: Told, browse: Browse) -> None:
    text = words_of(browse(BOTH).get("/audit").text)
    assert "11 events" in text
    assert text.count("not shown to you") == 1
    assert "mill state" in text
    assert "active" in text


# How an event reads


def test_an_event_reads_as_a_sentence_would(told: Told, browse: Browse) -> None:
    answer = browse(DIRECTOR).get("/audit", cluster="mill-cluster", action="import").text
    text = words_of(answer)
    assert "2 November 2026, 00:30:00 event 2" in text
    assert f"an erased account ({told.accounts['gone']})" in text
    assert "coordinator 203.0.113.2 import batch 4 Mill Cluster done mill reason" in text
    assert 'aria-label="What changed in event 2"' in answer
    assert "What changed file mill.csv" in text
    assert '<time datetime="2026-11-02T00:30:00+00:00">' in answer
    assert "When (UTC)" in text


def test_what_somebody_typed_is_text_on_the_page(told: Told, browse: Browse) -> None:
    with told.store.writing() as session:
        account = session.get_one(Account, told.accounts["ada"])
        account.name = "<script>alert(1)</script>"
        audit.record(
            session, Actor("director", "here"), "add", "cluster", "<b>bold</b>\r\nnext",
            reason="<i>why</i>", after={"<u>name</u>": ["<s>", "\ud800"], "empty": "", "flag": False},
        )  # fmt: skip
    answer = browse(DIRECTOR).get("/audit")
    assert answer.status_code == 200
    for mark_up in ("<script>alert", "<b>", "<i>", "<u>", "<s>"):
        assert mark_up not in answer.text
    assert "cluster &lt;b&gt;bold&lt;/b&gt;\\r\\nnext" in answer.text
    assert "flag no" in words_of(answer.text)
    assert "empty nothing" in words_of(answer.text)


# Filters stand in the address


def test_a_copied_address_shows_the_same_events_and_fills_the_form(told: Told, browse: Browse) -> None:
    browser = browse(BOTH)
    query: dict[str, Any] = {
        "since": "2026-11-01", "until": "2026-11-02", "action": "make", "cluster": "mill-cluster",
        "actor": str(told.accounts["ada"]), "outcome": "done",
    }  # fmt: skip
    assert browser.numbers(**query) == told.numbers("mill link")
    text = browser.get("/audit", **query).text
    for shown in (
        'value="2026-11-01"',
        'value="2026-11-02"',
        'value="mill-cluster"',
        f'value="{told.accounts["ada"]}"',
    ):
        assert shown in text
    assert '<option selected value="make">' in text
    assert '<option selected value="done">' in text
    for link in re.findall(r'href="(/audit/export[^"]+)"', text):
        assert browser.get(unescape(link)).status_code == 200
        assert {f"{name}={value}" for name, value in query.items()} <= set(unescape(link).split("?")[1].split("&"))


def test_links_in_the_table_narrow_the_page(told: Told, browse: Browse) -> None:
    browser = browse(BOTH)
    text = browser.get("/audit").text
    assert f'href="/audit?actor={told.accounts["ada"]}"' in text
    assert 'href="/audit?cluster=weir-cluster"' in text
    assert browser.numbers(cluster="weir-cluster") == told.numbers("weir link", "weir import")


def test_an_action_that_nobody_did_stays_chosen(told: Told, browse: Browse) -> None:
    text = browse(BOTH).get("/audit", action="fly").text
    assert '<option selected value="fly">' in text


# Designed states


def test_nothing_matches(told: Told, browse: Browse) -> None:
    answer = browse(DIRECTOR).get("/audit", cluster="no-such-cluster")
    text = words_of(answer.text)
    assert answer.status_code == 200
    assert "Nothing matches this filter." in text
    assert text.count("Clear the filter") == 2
    assert "<table" not in answer.text


def test_nothing_has_happened_yet(browse: Browse) -> None:
    nobody = director_of(99)
    text = words_of(browse(nobody).get("/audit").text)
    assert "Nothing has happened yet that you may see." in text


BAD = [
    ({"since": "31 November"}, "since", "“31 November” is not a day"),
    ({"until": "2026-02-30"}, "until", "“2026-02-30” is not a day"),
    ({"since": "2026-11-02", "until": "2026-11-01"}, "until", "The last day is before the first."),
    ({"actor": "Ada"}, "actor", "“Ada” is not the number of an account"),
    ({"actor": "99999999999999"}, "actor", "is not the number of an account"),
    ({"actor": "0000000000000012"}, "actor", "is not the number of an account"),
    ({"actor": "-1"}, "actor", "is not the number of an account"),
    ({"outcome": "perhaps"}, "outcome", "Not a valid choice"),
    ({"cluster": "mill\x00"}, "cluster", "stand in no such name"),
    ({"action": "make\r\n"}, "action", "stand in no such name"),
]


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize(("query", "name", "sentence"), BAD)
def test_a_filter_that_cannot_be_read_is_told_beside_the_field_and_at_the_top(
    told: Told, browse: Browse, path: str, query: dict[str, str], name: str, sentence: str
) -> None:
    answer = browse(DIRECTOR).get(path, **query)
    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert f'href="#{name}"' in answer.text
    assert words_of(answer.text).count(sentence) == 2
    assert "Clear the filter" in answer.text
    assert "mill state" not in answer.text


@pytest.mark.parametrize(
    "query", [{"since": "0001-01-01"}, {"until": "9999-12-31"}, {"cluster": "’;--"}, {"action": "%"}]
)
def test_the_edges_of_what_can_be_asked_are_answered(told: Told, browse: Browse, query: dict[str, str]) -> None:
    for path in ADDRESSES:
        assert browse(DIRECTOR).get(path, **query).status_code == 200


@pytest.mark.parametrize("before", ["x", "", "0", "-1", "1.5", "99999999999", "1 OR 1=1"])
def test_a_page_that_there_cannot_be_is_not_found(told: Told, browse: Browse, before: str) -> None:
    assert browse(DIRECTOR).get("/audit", before=before).status_code == 404


def test_many_pages(told: Told, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "ON_A_PAGE", 3)
    browser = browse(BOTH)
    found: list[int] = []
    address: str | None = "/audit?outcome=done"
    while address:
        text = browser.get(address).text
        found += [int(number) for number in re.findall(r">event (\d+)<", text)]
        following = re.search(r'href="([^"]+)" rel="next"', text)
        address = unescape(following[1]) if following else None
        assert ("Back to the newest" in text) == (len(found) > 3)
    assert found == [each for each in range(11, 0, -1) if each not in told.numbers("refused", "sign-in")]
    assert "There are no older events." in browser.get("/audit", before=1).text


def test_a_page_takes_a_fixed_number_of_statements(told: Told, walled: Store, browse: Browse) -> None:
    browser = browse(BOTH)
    counts = []
    for query in ({}, {"cluster": "mill-cluster"}):
        with statements(walled) as sent:
            browser.get("/audit", **query)
        counts.append(len([each for each in sent if "set_config" not in each]))
    assert counts == [4, 4]


# Files


def test_a_file_holds_what_the_page_shows(told: Told, browse: Browse) -> None:
    browser = browse(BOTH)
    answer = browser.get("/audit/export.csv", cluster="mill-cluster")
    assert answer.mimetype == "text/csv"
    assert re.fullmatch(
        r'attachment; filename="who-did-what-\d{4}-\d\d-\d\d\.csv"', answer.headers["Content-Disposition"]
    )
    headings, second, first = rows_of(answer.data)
    assert headings == HEADINGS
    assert first == [
        "1", "2026-11-01T23:30:00Z", str(told.accounts["ada"]), "Ada", "ada@example.org", "director",
        "203.0.113.1", "make", "screen link", "1", "Mill Cluster", "done", "", "", '{"state": "mill state"}', "", "",
    ]  # fmt: skip
    assert second[3:5] == ["an erased account", ""]
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/audit/export.xlsx", cluster="mill-cluster").data))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert book.sheetnames == ["Who did what"]
    assert [row[0] for row in cells] == ["Number", 2, 1]
    assert cells[2][14] == '{"state": "mill state"}'


def test_case_34_nothing_in_a_file_is_a_formula(told: Told, browse: Browse) -> None:
    with told.store.writing() as session:
        session.execute(sa.update(Account).values(name="=cmd|' /C calc'!A0"))
        audit.record(session, Actor("+director", "@here"), "-add", "cluster", "=1+1", reason="＝1+1", after={"a": "=1"})
    browser = browse(DIRECTOR)
    rows = rows_of(browser.get("/audit/export.csv").data)
    assert rows[1][5:10] == ["'+director", "'@here", "'-add", "cluster", "'=1+1"]
    assert rows[1][12] == "'＝1+1"
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@", "＝"}]
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/audit/export.xlsx").data))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n", "d"}


@pytest.mark.parametrize("path", FILES)
def test_a_file_that_cannot_hold_all_says_so(
    told: Told, browse: Browse, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(pages, "MOST_IN_A_FILE", 5)
    content = browse(BOTH).get(path).data
    note = "These are the newest 5 of 11 events. Narrow the filter for the others."
    if path.endswith("csv"):
        rows = rows_of(content)
        assert (len(rows), rows[-1][0]) == (7, note)
        assert rows[1][0] == "11"
    else:
        cells = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
        assert (len(cells), cells[-1][0]) == (7, note)
    assert "A file holds the newest 5 events." in browse(BOTH).get("/audit").text


def test_an_empty_file_is_its_headings(told: Told, browse: Browse) -> None:
    assert rows_of(browse(DIRECTOR).get("/audit/export.csv", cluster="no-such-cluster").data) == [HEADINGS]


def test_what_changed_is_told_with_what_stood_there_before(told: Told, browse: Browse) -> None:
    before = {"name": "Old", "kept": 1, "gone": True, "empty": None}
    after = {"name": "New", "kept": 1, "empty": ["a", "b"], "new": "there"}
    with told.store.writing() as session:
        audit.record(session, Actor("director", "here"), "edit", "cluster", 1, before=before, after=after)
    text = words_of(browse(DIRECTOR).get("/audit").text)
    assert 'name Old → New gone yes → taken out empty nothing → ["a", "b"] new there' in text
    assert "kept" not in text
