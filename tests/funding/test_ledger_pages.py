"""The pages of a ledger: who opens which, what they say, what a form changes, and what nobody else is told."""

import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from typing import Any, Final

import pytest
from werkzeug.test import TestResponse

from dashboard.access import Grant, Reader
from dashboard.funding import pages
from dashboard.funding.pages import pages as ledger_pages
from dashboard.models import Contribution, LedgerLine, Receipt
from dashboard.vocabulary import Attempt, ContributionState, LineState, Part, Pot, Role
from dashboard.wording import day
from tests import builders as put
from tests import plain_pages
from tests.accounts.places import statements
from tests.funding.ledger_world import PDF, SECRET, World, release
from tests.funding.test_ledger_commands import do
from tests.plain_pages import BEHIND_THE_WALL

pytestmark = BEHIND_THE_WALL
TODAY: Final = date.today()
MILL: Final = "/cluster/mill-cluster/ledger"


class Browser(plain_pages.Browser):
    pages = (ledger_pages,)
    form_on = f"{MILL}/new"

    def words(self, path: str, status: int = 200) -> str:
        """What a page says, without its tags."""
        answer = self.get(path)
        assert answer.status_code == status, answer.text
        return plain(answer)


def plain(answer: TestResponse) -> str:
    main = answer.text.partition('<main id="page"')[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def typed(**said: Any) -> dict[str, Any]:
    """The form of a line, filled in."""
    return {
        "spent_on": TODAY.isoformat(), "pot": "lead_held", "part": "B", "amount": "52.00", "vat": "10.40",
        "state": "paid", "supplier": "Books Ltd", "description": SECRET, "reference": "INV 7", **said,
    }  # fmt: skip


CPD: Final = {"amount": "520", "vat": "104", "purpose": "cpd_session", "use_code": "B6"}


@pytest.fixture
def bursar(world: World) -> Browser:
    return Browser(world.walled, world.bursar)


@pytest.fixture
def head(world: World) -> Browser:
    return Browser(world.walled, world.headteacher)


def recorded(world: World, **said: Any) -> int:
    return world.recorded(today=TODAY, **{"spent_on": TODAY, **said})


# Who


@pytest.mark.parametrize("role", [Role.STEERING, Role.ADMINISTRATOR])
def test_whoever_has_no_part_in_it_is_refused(world: World, role: Role) -> None:
    number = recorded(world)
    reader = Reader("R", (Grant(role, cluster_id=world.mill),), None, str(role))
    for path in ("/ledger", MILL, f"{MILL}/new", f"{MILL}/{number}", f"{MILL}/{number}/change"):
        answer = Browser(world.walled, reader).get(path)
        assert answer.status_code == 403
        assert "Books Ltd" not in answer.text


def test_what_is_anothers_answers_like_what_is_not_there(world: World, bursar: Browser) -> None:
    theirs = "/cluster/weir-cluster/ledger"
    pairs = (
        (theirs, "/cluster/nowhere/ledger"),
        (f"{theirs}/new", "/cluster/nowhere/ledger/new"),
        (f"{theirs}/{world.other_line}", f"{MILL}/999999"),
        (f"{MILL}/{world.other_line}", f"{MILL}/999999"),
        (f"{MILL}/{world.other_line}/change", f"{MILL}/999999/change"),
        (f"{MILL}/{world.other_line}/receipts/1", f"{MILL}/999999/receipts/1"),
    )
    for one, other in pairs:
        answers = [bursar.get(path) for path in (one, other)]
        assert [each.status_code for each in answers] == [404, 404]
        assert answers[0].text == answers[1].text
    assert {(event.object_kind, event.outcome) for event in world.events()} == {("ledger", Attempt.REFUSED)}


def test_no_form_changes_what_is_anothers(world: World) -> None:
    own = recorded(world)
    receipt = do(world, lambda book: book.attach(own, "a.pdf", PDF))
    of_lock = do(
        world, lambda book: book.record("mill-cluster", release(school="lock-school", spent_on=TODAY)), today=TODAY
    )
    before = len(world.rows(LedgerLine))
    for reader, token_on in ((world.headteacher, f"{MILL}/new"), (world.stranger, "/cluster/weir-cluster/ledger/new")):
        browser = Browser(world.walled, reader)
        for number in (own, of_lock):
            for form, data in (
                ("change", typed(version="1")),
                ("move", {"move-state": "paid", "move-version": "1"}),
                ("reverse", {"reverse-on": TODAY, "reverse-note": "x", "reverse-version": "1"}),
                ("receipts", {"receipt-receipt": (BytesIO(PDF), "b.pdf")}),
                (f"receipts/{receipt}/take-away", {}),
            ):
                answer = browser.post(f"{MILL}/{number}/{form}", token_on, **data)
                assert answer.status_code == 404, (form, answer.text)
    assert len(world.rows(LedgerLine)) == before
    assert len(world.rows(Receipt)) == 1


def test_an_advisor_reads_and_changes_nothing(world: World) -> None:
    number = recorded(world, state=LineState.REQUESTED)
    advisor = Browser(world.walled, Reader("A", (Grant(Role.ADVISOR),), None, "advisor"))
    assert "Record a line" not in advisor.words(MILL)
    words = advisor.words(f"{MILL}/{number}")
    assert "Books Ltd" in words
    for form in ("Change this line", "It is approved", "Withdraw", "Attach it", "Reverse"):
        assert form not in words
    assert advisor.get(f"{MILL}/new").status_code == 403


def test_a_headteacher_sees_and_records_the_money_that_the_own_school_holds(world: World, head: Browser) -> None:
    recorded(world, school="ford-school", supplier="Lead Held Ltd")
    do(world, lambda book: book.record("mill-cluster", release(school="lock-school", supplier="Of Lock")))
    assert "Nothing is recorded of your school’s money yet." in head.words(MILL)
    form = head.get(f"{MILL}/new").text
    assert "Held by the lead school" not in form
    assert "Lock School" not in form
    assert "Approval it rests on" not in form
    answer = head.post(f"{MILL}/new", **typed(
        pot="school_held", part="release", school="ford-school", amount="95", vat="", meeting=world.meeting
    ))  # fmt: skip
    assert answer.status_code == 303, answer.text
    words = head.words(MILL)
    assert "Held by the schools: £95.00 spent in one line." in words
    for theirs in ("Lead Held Ltd", "Of Lock", "Lock School"):
        assert theirs not in words
    refused = head.post(f"{MILL}/new", **typed(school="ford-school"))
    assert refused.status_code == 422
    assert "Choose one from the list." in plain(refused)


# The way to it


def test_the_ledger_of_the_menu_leads_to_the_one_own_cluster(world: World, bursar: Browser, head: Browser) -> None:
    for browser in (bursar, head):
        answer = browser.get("/ledger")
        assert (answer.status_code, answer.headers["Location"]) == (302, MILL)
    boss = Browser(world.walled, Reader("B", (Grant(Role.DIRECTOR),), None, "director"))
    words = boss.words("/ledger")
    assert "2 clusters" in words
    assert "Mill Cluster Weir Cluster" in words
    assert "Weir Cluster" not in boss.words("/ledger?cluster=Mill")
    assert "No cluster of yours goes by “nowhere”." in boss.words("/ledger?cluster=nowhere")
    nobody = Browser(world.walled, Reader("H", (Grant(Role.HEADTEACHER, school_id=999_999),), None, "headteacher"))
    assert "There is no ledger to see." in nobody.words("/ledger")


# The list


def test_the_list_says_what_the_lines_are_and_what_they_come_to(world: World, bursar: Browser) -> None:
    recorded(world, use_code=None, school="ford-school")
    recorded(world, amount=100_00, vat=0, state=LineState.COMMITTED, supplier=None)
    recorded(world, amount=7_00, vat=1_40, state=LineState.REQUESTED)
    do(world, lambda book: book.record("mill-cluster", release(spent_on=TODAY)), today=TODAY)
    words = bursar.words(MILL)
    assert "Held by the lead school: £52.00 spent and £100.00 committed in 3 lines." in words.replace("three", "3")
    assert "Held by the schools: £95.00 spent in one line." in words
    assert (
        f"{day(TODAY)} Books Ltd {SECRET} Part B Held by the lead school Ford School £52.00 £10.40 Paid none" in words
    )
    assert "Held by the lead school 3 £159.00 £11.80 £170.80 £52.00 1 line £100.00 1 line £7.00 1 line none" in words
    assert "Held by the schools 1 £95.00 £0.00 £95.00 £95.00 1 line none none none" in words
    assert "Decoy" not in words
    assert f'href="{MILL}/new"' in bursar.get(MILL).text


def test_filters_stand_in_the_address_and_the_sums_follow(world: World, bursar: Browser) -> None:
    recorded(world, state=LineState.INVOICED, part=Part.A)
    recorded(world, amount=100_00, vat=0, state=LineState.COMMITTED, target_id=world.target)
    recorded(world, amount=3_00, vat=0, state=LineState.APPROVED, meeting_id=world.meeting)
    for query, sums in {
        "part=A": "£52.00", "state=spent": "£52.00", "state=invoiced,paid": "£52.00", "state=committed": "£100.00",
        "state=promised": "£103.00", "state=approved&state=committed": "£103.00", "target=READING": "£100.00",
        f"target={world.target}": "£100.00", "target=none": "£55.00", f"meeting={world.meeting}": "£3.00",
        "school=none&use=none&purpose=none": "£155.00", "pot=lead_held": "£155.00",
    }.items():  # fmt: skip
        found = re.search(r"Sums|Held by the lead school (\d) (£[\d.]+)", bursar.words(f"{MILL}?{query}"))
        assert found is not None, query
        assert found[2] == sums, query
    assert "No line is like that." in bursar.words(f"{MILL}?school=nobody")
    assert '<option value="A" selected>' in bursar.get(f"{MILL}?part=A").text
    assert "<details open>" in bursar.get(f"{MILL}?use=none").text
    assert '<option value="approved,committed" selected>' in bursar.get(f"{MILL}?state=approved,committed").text
    for wrong in (
        "year=2016", "year=2016-17,2017-18", "pot=purse", "part=Z", "use=D1", "purpose=fun", "state=lost", "line=x",
        "meeting=-1", "meeting=99999999999", "page=0", "page=x", "page=99999", f"line={','.join(map(str, range(60)))}",
    ):  # fmt: skip
        assert bursar.get(f"{MILL}?{wrong}").status_code == 404, wrong


def test_a_long_ledger_goes_on_on_the_next_page(world: World, bursar: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "ON_A_PAGE", 2)
    for days in range(3):
        recorded(world, spent_on=TODAY - timedelta(days), supplier=f"Supplier {days}")
    first = bursar.get(f"{MILL}?pot=lead_held")
    assert "Supplier 2" not in plain(first)
    assert f'href="{MILL}?pot=lead_held&amp;page=2"' in first.text.replace(
        "page=2&amp;pot=lead_held", "pot=lead_held&amp;page=2"
    )
    second = bursar.words(f"{MILL}?pot=lead_held&page=2")
    assert "Supplier 2" in second
    assert "Held by the lead school 3 £156.00" in second, "the sums are of all pages"
    assert "There is no such page." in bursar.words(f"{MILL}?page=3")


def test_an_empty_ledger_says_what_would_stand_there(world: World, bursar: Browser) -> None:
    words = bursar.words(MILL)
    assert "Nothing is recorded in this ledger yet." in words
    assert "Record the first line" in words


@pytest.mark.parametrize("lines", [1, 30])
def test_a_list_takes_the_same_statements_however_long_it_is(world: World, lines: int) -> None:
    with world.store.writing() as session:
        for _ in range(lines):
            put.line(session, session.get_one(put.Cluster, world.mill), 5)
    browser = Browser(world.walled, world.bursar)
    with statements(world.walled) as sent:
        browser.words(MILL)
    assert len(sent) <= 11


# Recording


def test_a_line_is_recorded_and_its_page_says_it_all(world: World, bursar: Browser) -> None:
    answer = bursar.post(
        f"{MILL}/new", **typed(school="ford-school", target=world.target, state="invoiced", use_code="B1")
    )
    assert answer.status_code == 303, answer.text
    words = bursar.words(answer.headers["Location"])
    assert "The line is recorded." in words
    assert f"State Invoiced Day {day(TODAY)} Before VAT £52.00 VAT £10.40 With VAT £62.40" in words
    assert "Use B1: resources from audits School Ford School Supplier Books Ltd" in words
    assert "Target READING: Reading" in words
    assert f"{day(TODAY)} Recorded by: bursar" in words
    assert "It is paid" in words
    assert "It is approved" not in words


def test_a_new_line_is_filled_in_from_the_address(world: World, bursar: Browser) -> None:
    text = bursar.get(f"{MILL}/new?part=joint&school=ford-school&meeting={world.meeting}&pot=purse").text
    for chosen in ('value="joint"', 'value="ford-school"', f'value="{world.meeting}"', 'value="lead_held"'):
        assert f"<option selected {chosen}>" in text
    assert "Weir School" not in text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"amount": "a lot"}, "“a lot” is not an amount in pounds"),
        ({"amount": ""}, "Give the amount before VAT."),
        ({"vat": "1.234"}, "has parts of a penny"),
        ({"spent_on": "yesterday"}, "“yesterday” is not a date"),
        ({"spent_on": ""}, "Give the day of the invoice or the payment."),
        ({"spent_on": (TODAY + timedelta(1)).isoformat()}, "is still to come"),
        ({"part": ""}, "Choose the part of the pot that pays."),
        ({"school": "weir-school"}, "Choose one from the list."),
        ({"meeting": "999999"}, "Choose one from the list."),
        ({"state": "reversed"}, "Choose one from the list."),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(
    world: World, bursar: Browser, said: dict[str, str], words: str
) -> None:
    answer = bursar.post(f"{MILL}/new", **typed(**said))
    assert answer.status_code == 422
    assert words in plain(answer)
    assert "There is a problem" in plain(answer)
    assert 'value="Books Ltd"' in answer.text
    assert len(world.rows(LedgerLine)) == 1


def test_a_breach_is_explained_and_may_be_recorded_as_it_happened(world: World, bursar: Browser) -> None:
    dear = typed(pot="school_held", part="release", school="ford-school", amount="120", vat="")
    answer = bursar.post(f"{MILL}/new", **dear)
    assert answer.status_code == 422
    words = plain(answer)
    assert "This half day of cover costs £120; release money pays at most £100 of one. (4.5)" in words
    assert "Record £100 as paid from release money; the school pays the other £20 itself." in words
    assert "Share it as shown" not in words
    again = bursar.post(f"{MILL}/new", **dear, how="as_it_happened")
    assert again.status_code == 422
    assert "Give the reason why it is recorded as it happened." in plain(again)
    assert "Or record it as it happened" in plain(again)
    done = bursar.post(f"{MILL}/new", **dear, how="as_it_happened", note="The agency asked for it")
    assert done.status_code == 303
    words = bursar.words(done.headers["Location"])
    assert "Reason The agency asked for it" in words
    assert "Flagged: a rule of the programme is not kept" in words
    assert "This half day of cover costs £120; release money pays at most £100 of one. (4.5)" in words
    lawful = bursar.post(f"{MILL}/new", **{**dear, "amount": "95"})
    assert "Flagged" not in bursar.words(lawful.headers["Location"])


def test_the_invoice_of_a_session_is_shared_as_it_was_shown(world: World, bursar: Browser) -> None:
    shown = bursar.post(f"{MILL}/new", **typed(**CPD))
    assert shown.status_code == 422
    words = plain(shown)
    assert "The session costs £520 before VAT; cluster funds pay at most £400 of one session. (4.9)" in words
    assert (
        "The pot £400.00 £80.00 £480.00 Ford School £40.00 £8.00 £48.00 Late School £40.00 £8.00 £48.00 "
        "Lock School £40.00 £8.00 £48.00 The invoice £520.00 £104.00 £624.00"
    ) in words
    seen = _hidden(shown, "split_seen")
    two = ["ford-school", "lock-school"]
    unseen = bursar.post(f"{MILL}/new", **typed(**CPD, how="share", split_seen=seen, sharers=two))
    assert unseen.status_code == 422
    assert "The division below is new." in plain(unseen)
    assert "Ford School £60.00 £12.00 £72.00 Late School none Lock School £60.00 £12.00 £72.00" in plain(unseen)
    assert world.rows(Contribution) == []
    nobody = bursar.post(f"{MILL}/new", **typed(**CPD, how="share", split_seen=_hidden(unseen, "split_seen")))
    assert nobody.status_code == 422
    other = typed(**{**CPD, "amount": "530"}, how="share", split_seen=_hidden(unseen, "split_seen"), sharers=two)
    assert "£65.00" in plain(bursar.post(f"{MILL}/new", **other)), "another amount is shown anew"
    done = bursar.post(
        f"{MILL}/new", **typed(**CPD, how="share", split_seen=_hidden(unseen, "split_seen"), sharers=two)
    )
    assert done.status_code == 303, done.text
    words = bursar.words(done.headers["Location"])
    assert "The pot £400.00 £80.00 paid Ford School £60.00 £12.00 agreed, not paid yet" in words
    assert "The invoice £520.00 £104.00" in words
    assert [each.amount for each in world.rows(Contribution)] == [60_00, 60_00]


def _hidden(answer: TestResponse, name: str) -> str:
    found = re.search(f'name="{name}" type="hidden" value="([^"]*)"', answer.text)
    assert found is not None
    return unescape(found[1])


# Changing


def test_a_line_is_changed_and_the_story_tells_from_what_to_what(world: World, bursar: Browser) -> None:
    number = recorded(world, meeting_id=world.meeting, request_id=world.request)
    form = bursar.get(f"{MILL}/{number}/change")
    assert 'value="52.00"' in form.text
    assert _hidden(form, "version") == "1"
    same = {"version": "1", "meeting": world.meeting, "request": world.request}
    assert bursar.post(f"{MILL}/{number}/change", **typed(**same)).status_code == 303
    assert "Nothing was different, so nothing was changed." in bursar.words(f"{MILL}/{number}")
    answer = bursar.post(f"{MILL}/{number}/change", **typed(**same, amount="53", supplier="Other Ltd", part="A"))
    assert answer.status_code == 303
    words = bursar.words(f"{MILL}/{number}")
    assert "The line is changed." in words
    assert (
        "Changed by: bursar. Amount £53.00, before £52.00; part Part A, before Part B; written anew: supplier." in words
    )


def test_of_two_who_change_a_line_the_second_sees_both_and_may_store_theirs(world: World, bursar: Browser) -> None:
    number = recorded(world)
    boss = Browser(world.walled, world.director)
    assert (
        boss.post(f"{MILL}/{number}/change", **typed(version="1", amount="60", supplier="Theirs Ltd")).status_code
        == 303
    )
    answer = bursar.post(f"{MILL}/{number}/change", **typed(version="1", amount="70", part="A"))
    assert answer.status_code == 409
    words = plain(answer)
    assert "Somebody else changed this line while you were typing" in words
    assert "Amount £60.00 £70.00 Part Part B Part A Supplier Theirs Ltd Books Ltd" in words
    assert 'value="70"' in answer.text
    assert world.line(number).amount == 60_00
    again = bursar.post(f"{MILL}/{number}/change", **typed(version=_hidden(answer, "version"), amount="70", part="A"))
    assert again.status_code == 303
    assert (world.line(number).amount, world.line(number).supplier) == (70_00, "Books Ltd")
    for forged in ("", "x", "1", "9" * 40):
        assert bursar.post(f"{MILL}/{number}/change", **typed(version=forged)).status_code == 409
    late = bursar.post(f"{MILL}/{number}/reverse", **{
        "reverse-on": TODAY, "reverse-note": "Wrong", "reverse-version": "1"
    })  # fmt: skip
    assert late.status_code == 303
    assert "Somebody else changed this line meanwhile." in bursar.words(f"{MILL}/{number}")


def test_a_line_goes_on_by_its_buttons(world: World, bursar: Browser) -> None:
    number = recorded(world, state=LineState.REQUESTED)
    assert "Withdraw the request" in bursar.words(f"{MILL}/{number}")
    path = f"{MILL}/{number}/move"
    assert bursar.post(path, **{"move-state": "committed", "move-version": "1"}).status_code == 303
    assert "The line is committed." in bursar.words(f"{MILL}/{number}")
    refused = bursar.post(path, **{"move-state": "approved", "move-version": "2"})
    assert refused.status_code == 422
    assert "A line that is committed does not become approved" in plain(refused)
    assert bursar.post(path, **{"move-state": "lost", "move-version": "2"}).status_code == 422
    assert bursar.post(path, **{"move-state": "paid", "move-version": "1"}).status_code == 303
    assert "Somebody else changed this line meanwhile." in bursar.words(f"{MILL}/{number}")
    assert world.line(number).state is LineState.COMMITTED


def test_what_was_only_asked_for_answers_to_the_rules_when_it_binds(world: World, bursar: Browser) -> None:
    number = recorded(
        world,
        state=LineState.REQUESTED,
        pot=Pot.SCHOOL_HELD,
        part=Part.RELEASE,
        school="ford-school",
        amount=120_00,
        vat=0,
    )
    path = f"{MILL}/{number}/move"
    refused = bursar.post(path, **{"move-state": "paid", "move-version": "1"})
    assert refused.status_code == 422
    assert "release money pays at most £100" in plain(refused)
    bare = bursar.post(path, **{"move-state": "paid", "move-version": "1", "how": "as_it_happened", "move-note": " "})
    assert "Give the reason" in plain(bare)
    done = {"move-state": "paid", "move-version": "1", "how": "as_it_happened", "move-note": "A bank holiday"}
    assert bursar.post(path, **done).status_code == 303
    assert "Reason A bank holiday" in bursar.words(f"{MILL}/{number}")


def test_a_line_is_taken_back_and_both_pages_lead_to_one_another(world: World, bursar: Browser) -> None:
    number = recorded(world)
    path = f"{MILL}/{number}/reverse"
    bare = bursar.post(path, **{"reverse-on": TODAY.isoformat(), "reverse-note": "", "reverse-version": "1"})
    assert bare.status_code == 422
    assert "Give the reason" in plain(bare)
    answer = bursar.post(path, **{"reverse-on": TODAY.isoformat(), "reverse-note": "Sent back", "reverse-version": "1"})
    assert answer.status_code == 303
    words = bursar.words(answer.headers["Location"])
    assert f"This line takes back line {number} ." in words
    assert "Before VAT −£52.00 VAT −£10.40 With VAT −£62.40" in words
    words = bursar.words(f"{MILL}/{number}")
    assert f"This line was taken back by line {number + 1} ." in words
    for form in ("Change this line", "Reverse this line", "It is"):
        assert form not in words.partition("What happened to it")[0]
    assert bursar.get(f"{MILL}/{number}/change").status_code == 303
    assert "£0.00 spent in two lines" in bursar.words(MILL)


# Receipts


def test_a_receipt_goes_in_and_comes_out_as_a_file_to_keep(world: World, bursar: Browser, head: Browser) -> None:
    number = do(world, lambda book: book.record("mill-cluster", release(spent_on=TODAY)), today=TODAY)
    answer = bursar.post(f"{MILL}/{number}/receipts", **{"receipt-receipt": (BytesIO(PDF), "Invoice 7 <b>.pdf")})
    assert answer.status_code == 303
    words = bursar.words(f"{MILL}/{number}")
    assert "invoice-7-b.pdf 1 KB, attached on" in words
    (row,) = world.rows(Receipt)
    for browser in (bursar, head):
        kept = browser.get(f"{MILL}/{number}/receipts/{row.id}")
        assert (kept.data, kept.mimetype) == (PDF, "application/pdf")
        assert kept.headers["Content-Disposition"] == 'attachment; filename="invoice-7-b.pdf"'
        assert kept.headers["X-Content-Type-Options"] == "nosniff"
    other = recorded(world)
    assert bursar.get(f"{MILL}/{other}/receipts/{row.id}").status_code == 404, "it is of another line"
    assert bursar.post(f"{MILL}/{other}/receipts/{row.id}/take-away").status_code == 404
    assert len(world.rows(Receipt)) == 1
    assert head.post(f"{MILL}/{number}/receipts/{row.id}/take-away").status_code == 303
    words = bursar.words(f"{MILL}/{number}")
    assert "None is attached yet." in words
    assert "A receipt that was attached by mistake was taken away by: headteacher" in words


def test_what_is_no_receipt_is_refused_with_what_to_do(world: World, bursar: Browser) -> None:
    number = recorded(world)
    for sent, words in (
        ((BytesIO(b"<html>"), "invoice.pdf"), "This file is no PDF, PNG or JPEG, whatever its name says"),
        ((BytesIO(b""), "invoice.pdf"), "This file is empty"),
        ((BytesIO(b""), ""), "Choose the file of the invoice or receipt."),
    ):
        answer = bursar.post(f"{MILL}/{number}/receipts", **{"receipt-receipt": sent})
        assert answer.status_code == 422
        assert words in plain(answer)
    assert world.rows(Receipt) == []


def test_a_reversal_tells_that_the_shares_of_schools_are_waived(world: World, bursar: Browser) -> None:
    shown = bursar.post(f"{MILL}/new", **typed(**CPD))
    done = bursar.post(f"{MILL}/new", **typed(
        **CPD, how="share", split_seen=_hidden(shown, "split_seen"),
        sharers=["ford-school", "late-school", "lock-school"],
    ))  # fmt: skip
    path = done.headers["Location"]
    assert "What the schools had agreed to share is waived" in bursar.words(path)
    bursar.post(f"{path}/reverse", **{"reverse-on": TODAY.isoformat(), "reverse-note": "x", "reverse-version": "1"})
    assert {each.state for each in world.rows(Contribution)} == {ContributionState.WAIVED}
