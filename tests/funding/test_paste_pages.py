"""The grid of a ledger: pasted, checked cell by cell, stored as one batch and taken out again."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from dashboard.access import Grant, Reader
from dashboard.funding.download_pages import download_pages
from dashboard.funding.pages import pages as ledger_pages
from dashboard.funding.paste import COLUMNS
from dashboard.funding.paste_pages import HEADS, paste_pages
from dashboard.models import AuditEvent, ImportBatch, LedgerLine
from dashboard.vocabulary import Role
from tests import plain_pages
from tests.funding.ledger_world import SECRET, World
from tests.plain_pages import BEHIND_THE_WALL

pytestmark = BEHIND_THE_WALL

GRID: Final = "/cluster/mill-cluster/ledger/paste"
Row = dict[str, str]


class Browser(plain_pages.Browser):
    pages = (ledger_pages, paste_pages, download_pages)
    form_on = GRID

    def send(self, rows: Sequence[Row], how: str, text: str = "", **more: str) -> TestResponse:
        said = {"csrf_token": self.token(), "how": how, "rows": text, "all-pot": "lead_held", **more}
        data: MultiDict[str, str] = MultiDict(said)
        for name in COLUMNS:
            data.setlist(name, [row.get(name, "") for row in rows])
        return self.client.post(GRID, data=data)


def with_account(reader: Reader, number: int = 7) -> Reader:
    return Reader(reader.name, reader.grants, number, reader.known_as)


def row(**said: str) -> Row:
    return {
        "date": "5/10/2016",
        "part": "Part B",
        "supplier": "Books Ltd",
        "amount": "£1,052.00",
        "vat": "10.40",
        **said,
    }


def lines(world: World) -> list[tuple[Any, ...]]:
    return [
        (each.spent_on, each.pot, each.part, each.supplier, each.amount, each.vat, each.state, each.school_id)
        for each in world.rows(LedgerLine)
        if each.cluster_id == world.mill
    ]


def cell_of(shown: str, name: str, number: int) -> str:
    found = re.search(rf'<td class="cell-{name}[^>]*>((?:(?!</td>).)*id="{name}-{number}".*?)</td>', shown, re.DOTALL)
    assert found, f"no cell {name} {number}"
    return found[1]


# Splitting


def test_without_a_script_the_text_is_put_into_the_grid_and_rows_are_added_and_taken_out(world: World) -> None:
    browser = Browser(world.walled, world.bursar)
    shown = browser.get(GRID).text
    assert len(re.findall(r'class="paste-row', shown)) == 5
    shown = browser.send([{}, row(amount="7")], "split", text="2016-10-05\tlead_held\tB\n2016-10-06\t\tA").text
    for number, day in enumerate(("5/10/2016", "2016-10-05", "2016-10-06")):
        assert f'value="{day}"' in cell_of(shown, "date", number)
    assert len(re.findall(r'class="paste-row', browser.send([row()], "add").text)) == 6
    left = browser.send([row(supplier="First"), row(supplier="Second")], "remove-0").text
    assert "Second" in left
    assert "First" not in left
    assert len(re.findall(r'class="paste-row', browser.send([row()], "remove-0").text)) == 1
    too_many = browser.send([], "split", text="1\t2\n" * 300)
    assert (too_many.status_code, "the grid holds at most 200" in too_many.text) == (422, True)
    assert lines(world) == []


# Checking


def test_each_wrong_cell_is_told_beside_it_and_nothing_is_stored(world: World) -> None:
    browser = Browser(world.walled, world.bursar)
    rows = [
        row(),
        {},
        row(date="31/02/2016", amount="twelve"),
        row(part="", school="Weir School"),
        row(state="reversed"),
    ]
    for how in ("check", "store"):
        answer = browser.send(rows, how)
        assert answer.status_code == 422
        shown = answer.text
        assert "5 cells are not right yet. Nothing is stored." in shown
        for name, number, words in (
            ("date", 1, "“31/02/2016” is not a date"),
            ("amount", 1, "“twelve” is not an amount in pounds"),
            ("part", 2, "say the part; the cell is empty"),
            ("school", 2, "“Weir School” is no member of Mill Cluster"),
            ("state", 3, "a new line is not reversed"),
        ):
            cell = cell_of(shown, name, number)
            assert f'aria-describedby="wrong-{name}-{number}"' in cell
            assert 'aria-invalid="true"' in cell
            told = re.search(rf'id="wrong-{name}-{number}">(.*?)</p>', cell, re.DOTALL)
            assert told is not None
            assert words in told[1]
            assert f'<a href="#{name}-{number}">Row {number + 1}, {HEADS[name]}' in shown
        assert 'aria-invalid="true"' not in cell_of(shown, "amount", 0)
    assert lines(world) == []


def test_what_nobody_may_record_by_hand_is_told_at_its_cell(world: World) -> None:
    browser = Browser(world.walled, world.bursar)
    shown = browser.send([row(date="2090-01-01"), row(amount="0", vat="0"), row(vat="-1")], "check").text
    assert "is still to come" in cell_of(shown, "date", 0)
    assert "A line of nothing says nothing" in cell_of(shown, "amount", 1)
    assert "the same sign" in cell_of(shown, "vat", 2)


def test_a_row_without_a_supplier_is_told_so_and_no_error(world: World) -> None:
    browser = Browser(world.walled, world.bursar)
    answer = browser.send([row(supplier="")], "check")
    assert answer.status_code == 200
    assert "no usable supplier" in cell_of(answer.text, "supplier", 0)
    assert "Every cell is right: 1 new line." in answer.text


def test_an_empty_grid_is_told_so(world: World) -> None:
    answer = Browser(world.walled, world.bursar).send([{}, {}], "store")
    assert answer.status_code == 422
    assert "There is nothing in the grid yet." in answer.text


# Storing


def test_right_rows_are_stored_as_one_batch_told_to_the_audit_and_undone(world: World) -> None:
    browser = Browser(world.walled, with_account(world.bursar))
    rows = [row(), row(), row(part="", use_code="B2", amount="-5", vat="", state="committed", description=SECRET)]
    answer = browser.send(rows, "store")
    assert answer.status_code == 303
    stored = [
        (date(2016, 10, 5), "lead_held", "B", "Books Ltd", 1052_00, 10_40, "paid", None),
        (date(2016, 10, 5), "lead_held", "B", "Books Ltd", 1052_00, 10_40, "paid", None),
        (date(2016, 10, 5), "lead_held", "B", "Books Ltd", -5_00, 0, "committed", None),
    ]
    assert lines(world) == stored
    (batch,) = world.rows(ImportBatch)
    assert (batch.kind, batch.cluster, batch.rows_read, batch.added) == ("spend", "mill-cluster", 3, 3)
    (event,) = world.rows(AuditEvent)
    assert (event.action, event.object_kind, event.cluster_id, event.batch_id) == (
        "import",
        "batch",
        world.mill,
        batch.id,
    )
    assert SECRET not in str(event.after)
    shown = browser.get(answer.location).text
    assert "£2,099.00 before VAT and £20.80 VAT were added" in shown
    assert "Undo" in shown
    done = browser.post(f"{answer.location}/undo", answer.location)
    assert (done.status_code, done.location) == (303, GRID)
    assert "Three lines are taken out again." in browser.get(GRID).text
    assert lines(world) == []
    assert [each.action for each in world.rows(AuditEvent)] == ["import", "undo"]
    assert browser.get(answer.location).status_code == 404


def test_the_same_rows_again_add_nothing(world: World) -> None:
    browser = Browser(world.walled, world.bursar)
    browser.send([row()], "store")
    again = browser.send([row()], "store")
    assert again.status_code == 200
    assert "This row is in the ledger already." in again.text
    assert len(lines(world)) == 1
    more = browser.send([row(), row()], "store")
    assert more.status_code == 303
    assert len(lines(world)) == 2


def test_a_breach_is_told_with_its_reason_and_stored_only_as_it_happened(world: World) -> None:
    browser = Browser(world.walled, world.bursar)
    rows = [row(), row(amount="520", vat="104", purpose="CPD session")]
    for how in ("check", "store"):
        answer = browser.send(rows, how)
        assert answer.status_code == 422
        assert "Every cell is right, but one row does not keep the rules" in answer.text
        assert "The session costs £520 before VAT; cluster funds pay at most £400" in answer.text
        assert 'aria-describedby="rules-1"' in cell_of(answer.text, "amount", 1)
        assert ("tick the box and give the reason." in answer.text) == (how == "store")
    assert browser.send(rows, "store", as_it_happened="1").status_code == 422
    assert lines(world) == []
    answer = browser.send(rows, "store", as_it_happened="1", reason="Booked before\0 the rule was known")
    assert answer.status_code == 303
    notes = [each.note for each in world.rows(LedgerLine) if each.cluster_id == world.mill]
    assert notes == [None, "Booked before\N{REPLACEMENT CHARACTER} the rule was known"]


def test_half_days_of_one_paste_count_with_each_other(world: World) -> None:
    browser = Browser(world.walled, world.bursar)
    rows = [
        row(
            date=f"2016-1{month}-0{day}",
            pot="school_held",
            part="release",
            supplier="",
            amount="95",
            vat="",
            school="Ford School",
        )
        for month, day in ((0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3))
    ]
    shown = browser.send(rows, "check").text
    assert "one row does not keep the rules" in shown
    assert 'id="rules-5"' in shown


# Who


def test_a_headteacher_records_the_own_schools_money_alone(world: World) -> None:
    browser = Browser(world.walled, world.headteacher)
    shown = browser.get(GRID).text
    assert "Ford School" in shown
    assert "Lock School" not in shown
    wrong = browser.send([row(school="Lock School"), row(school="Weir School"), row(pot="lead_held")], "check").text
    assert "“Lock School” is not your school" in cell_of(wrong, "school", 0)
    assert "“Weir School” is not your school" in cell_of(wrong, "school", 1)
    wrong = browser.send([row(pot="lead_held", school="Ford School")], "check").text
    assert "A school records the money that it holds itself" in cell_of(wrong, "pot", 0)
    own = {"all-pot": "school_held", "all-part": "release", "all-school": "ford-school"}
    answer = browser.send([{"date": "2016-10-05", "amount": "95"}], "store", **own)
    assert answer.status_code == 303
    assert lines(world) == [(date(2016, 10, 5), "school_held", "release", None, 95_00, 0, "paid", world.ford_school)]
    (event,) = world.rows(AuditEvent)
    assert event.cluster_id == world.mill


def test_another_ledger_answers_as_one_that_is_not_there(world: World) -> None:
    stranger, own = Browser(world.walled, world.stranger), Browser(world.walled, with_account(world.bursar))
    stored = own.send([row()], "store").location
    their = "/cluster/weir-cluster/ledger/paste"
    token = stranger.token(their)
    assert stranger.get(GRID).status_code == 404
    assert stranger.get(stored).status_code == 404
    assert stranger.get(stored.replace("mill", "weir")).status_code == 404
    for path in (GRID, f"{stored}/undo", f"{stored}/undo".replace("mill", "weir")):
        assert stranger.client.post(path, data={"csrf_token": token}).status_code == 404
    assert len(lines(world)) == 1


def test_only_who_stored_the_rows_takes_them_out_and_nothing_changed_by_hand(world: World) -> None:
    own, director = (
        Browser(world.walled, with_account(world.bursar)),
        Browser(world.walled, with_account(world.director, 8)),
    )
    stored = own.send([row()], "store").location
    assert "Undo" not in director.get(stored).text
    refused = director.post(f"{stored}/undo", GRID)
    assert "by whoever stored them" in director.get(refused.location).text
    with world.store.writing() as session:
        line = session.query(LedgerLine).filter_by(cluster_id=world.mill).one()
        line.amount += 1
        line.changed_by_hand()
    refused = own.post(f"{stored}/undo", GRID)
    assert refused.status_code == 404, "the line is no longer of the batch"
    assert len(lines(world)) == 1


@pytest.mark.parametrize("role", [Role.STEERING, Role.ADMINISTRATOR, Role.ADVISOR])
def test_who_edits_no_ledger_has_no_grid(world: World, role: Role) -> None:
    reader = Reader("Reader", (Grant(role, None, world.mill, None),))
    assert Browser(world.walled, reader).get(GRID).status_code in (403, 404)


# The list as a file


def test_the_lines_of_a_list_are_downloaded_with_its_filters(world: World) -> None:
    world.recorded(supplier="@Books")
    world.recorded(reference="INV 8", vat=0)
    browser = Browser(world.walled, world.bursar)
    answer = browser.get("/cluster/mill-cluster/ledger.csv?year=2016-17&part=B")
    assert answer.headers["Content-Disposition"] == "attachment; filename=ledger-mill-cluster-2016-17.csv"
    assert answer.mimetype == "text/csv"
    assert [line.split(",")[6] for line in answer.text.splitlines()] == ["supplier", "'@Books", "Books Ltd"]
    assert len(browser.get("/cluster/mill-cluster/ledger.csv?part=A").text.splitlines()) == 1
    assert browser.get("/cluster/mill-cluster/ledger.xlsx").data[:2] == b"PK"
    assert browser.get("/cluster/mill-cluster/ledger.csv?part=cake").status_code == 404
    assert browser.get("/cluster/weir-cluster/ledger.csv").status_code == 404
    shown = browser.get("/cluster/mill-cluster/ledger?year=2016-17").text
    assert 'href="/cluster/mill-cluster/ledger.csv?year=2016-17"' in shown
