"""The contacts' pages: who may open them, what they say and keep to themselves, and that nothing goes unseen."""

import json
import re
from datetime import date, timedelta
from typing import Final

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from dashboard.access import Grant, Reader
from dashboard.db import Store
from dashboard.models import NAMELESS, AuditEvent, Meeting, Person
from dashboard.privacy.pages import ON_A_PAGE, pages
from dashboard.privacy.rules import REMOVED
from dashboard.vocabulary import Role
from tests import builders as put
from tests import plain_pages
from tests.plain_pages import BEHIND_THE_WALL
from tests.privacy.world import EMAIL, NAME, OTHER, World, make_world, reports
from tests.uploads import everything

pytestmark = BEHIND_THE_WALL

ADDRESSES: Final = (
    ("GET", "/contacts"), ("POST", "/contacts/find"), ("POST", "/contacts/purge"), ("GET", "/contacts/contact-1"),
    ("GET", "/contacts/account-1"), ("POST", "/contacts/contact-1/term"), ("POST", "/contacts/contact-1/export"),
    ("POST", "/contacts/contact-1/erase"),
)  # fmt: skip


@pytest.fixture
def world(store: Store) -> World:
    return make_world(store)


def administrator(world: World) -> Reader:
    return Reader("Ada Min", (Grant(Role.ADMINISTRATOR),), world.administrator, "administrator")


class Browser(plain_pages.Browser):
    pages = (pages,)
    form_on = "/contacts"


@pytest.fixture
def browser(walled: Store, world: World) -> Browser:
    return Browser(walled, administrator(world))


def events(store: Store) -> list[AuditEvent]:
    with store.reading() as session:
        return list(session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)))


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_the_pages_are_for_administrators_alone(
    store: Store, walled: Store, world: World, method: str, path: str
) -> None:
    others = [role for role in Role if role is not Role.ADMINISTRATOR]
    everybody_else = Reader("All others", tuple(Grant(role, None, world.mill, world.school) for role in others))
    looks_only = Reader("Guest", (Grant(Role.ADMINISTRATOR),), looks_only=True)
    before = everything(store)
    for reader, statuses in ((None, {302, 401}), (everybody_else, {403}), (looks_only, {403}), (Reader("No"), {403})):
        client = Browser(walled, reader).client
        client.application.config["WTF_CSRF_ENABLED"] = False  # type: ignore[attr-defined]
        answer = client.open(path, method=method)
        assert answer.status_code in statuses
        assert NAME not in answer.text
        assert OTHER not in answer.text
    assert everything(store) == before


@pytest.mark.parametrize("path", [path for method, path in ADDRESSES if method == "POST"])
def test_a_form_without_its_token_is_refused(store: Store, browser: Browser, path: str) -> None:
    before = everything(store)
    assert browser.client.post(path, data={"reason": "x", "who": EMAIL, "seen": "{}"}).status_code == 400
    assert everything(store) == before


def test_the_headline_says_the_message_and_the_pressing_come_first(store: Store, browser: Browser) -> None:
    text = browser.get("/contacts").text
    assert re.search(r"<h1>Three contacts are past their date</h1>", text)
    assert text.index("Zebedee Quill</a>") < text.index("Una Kerr</a>")
    assert "Of 1 nobody knows until when" in text
    assert "past its date, 31 July 2017" in text
    assert "subject lead, Ford School" in text
    assert "science leads of the cluster" in text


@pytest.mark.parametrize(
    ("over", "headline"), [(0, "No contacts are past their date"), (1, "One contact is past its date")]
)
def test_the_headline_counts(store: Store, browser: Browser, world: World, over: int, headline: str) -> None:
    with store.writing() as session:
        for number, person in enumerate(session.scalars(sa.select(Person).order_by(Person.id))):
            person.delete_after = date.today() - timedelta(days=1) if number < over else date.today()
    assert f"<h1>{headline}</h1>" in browser.get("/contacts").text


def test_neither_attendance_nor_money_nor_reasons_stand_on_the_pages(browser: Browser) -> None:
    for path in ("/contacts", "/contacts/contact-1"):
        text = browser.get(path).text
        assert not re.search(r"came late|apologies|absent|was ill|400\.25|1,000|£", text), path


def test_a_store_without_contacts_says_so(store: Store, walled: Store) -> None:
    text = Browser(walled, Reader("Ada Min", (Grant(Role.ADMINISTRATOR),))).get("/contacts").text
    assert "There is no contact yet." in text
    assert "<h1>No contacts are past their date</h1>" in text


def test_many_contacts_come_in_pages(store: Store, browser: Browser) -> None:
    with store.writing() as session:
        session.add_all(Person(name=f"Colleague {number:04}") for number in range(2 * ON_A_PAGE))
    first = browser.get("/contacts").text
    assert "Page 1 of 3, 204 contacts." in first
    assert first.count("/contacts/contact-") == ON_A_PAGE
    assert "Colleague 0199" in browser.get("/contacts?page=3").text
    for odd in ("99", "-4", "0", "x", "9" * 40):
        assert browser.get(f"/contacts?page={odd}").status_code == 200


@pytest.mark.parametrize("who", [EMAIL, EMAIL.upper(), f"  {EMAIL}  "])
def test_somebody_is_found_by_address_without_an_address_in_the_link(browser: Browser, world: World, who: str) -> None:
    answer = browser.post("/contacts/find", who=who)
    assert (answer.status_code, answer.location) == (303, f"/contacts/contact-{world.person}")


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("", "Enter a work e-mail address, or a number"),
        ("nobody@example.org", "Nobody is held under “nobody@example.org”"),
        ("1", "1 is the number of a contact and of an account"),
        ("x" * 300, "This is too long to be an address."),
        ("<script>", "Nobody is held under “&lt;script&gt;”"),
    ],
)
def test_somebody_who_is_not_found_is_said_beside_the_field_and_at_the_top(
    browser: Browser, who: str, words: str
) -> None:
    answer = browser.post("/contacts/find", who=who)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert answer.text.count(words) == 2


@pytest.mark.parametrize(
    "path", ["/contacts/contact-999", "/contacts/account-999", "/contacts/school-1", "/contacts/contact-x"]
)
def test_nobody_has_no_page(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_the_holders_of_nameless_marks_have_no_page(store: Store, browser: Browser) -> None:
    with store.writing() as session:
        number = put.put(session, Person(name=f"{REMOVED} 1", purpose=NAMELESS)).id
    assert browser.get(f"/contacts/contact-{number}").status_code == 404
    assert REMOVED not in browser.get("/contacts").text


def test_a_purge_is_shown_first_and_takes_out_what_was_seen(store: Store, browser: Browser, world: World) -> None:
    before, figures = everything(store), reports(store)
    dry = browser.post("/contacts/purge")
    assert everything(store) == before
    assert events(store) == []
    assert re.search(r"<h1>[\w ]+ would be taken out or emptied</h1>", dry.text)
    assert NAME not in dry.text
    seen = _seen(dry)
    assert seen["contacts"] == 3
    done = browser.post("/contacts/purge", seen=json.dumps(seen))
    assert (done.status_code, done.location) == (303, "/contacts")
    assert events(store)[-1].after == seen
    assert (events(store)[-1].actor, events(store)[-1].actor_id) == ("administrator", world.administrator)
    assert reports(store) == figures
    text = browser.get("/contacts").text
    assert f"Taken out or emptied, because past its date: {sum(seen.values())} rows." in text
    assert "contacts: 3" in text
    assert "Zebedee" not in text
    assert "There is nothing to take out today." in browser.post("/contacts/purge").text


def _seen(answer: TestResponse) -> dict[str, int]:
    found = re.search(r'name="seen" value="([^"]*)"', answer.text)
    assert found is not None
    seen: dict[str, int] = json.loads(found[1].replace("&#34;", '"'))
    return seen


@pytest.mark.parametrize("seen", ['{"contacts": 1}', "{}", "nonsense"])
def test_what_became_due_since_is_shown_and_not_taken_out_unseen(store: Store, browser: Browser, seen: str) -> None:
    before = everything(store)
    answer = browser.post("/contacts/purge", seen=seen)
    assert answer.status_code == 200
    assert "What is due has changed since you looked." in answer.text
    assert everything(store) == before


def test_a_contact_gets_a_purpose_and_a_last_day(store: Store, browser: Browser, world: World) -> None:
    path = f"/contacts/contact-{world.unknown}"
    answer = browser.post(f"{path}/term", page=path, purpose="the director", delete_after="2031-07-31")
    assert (answer.status_code, answer.location) == (303, path)
    with store.reading() as session:
        person = session.get_one(Person, world.unknown)
        assert (person.purpose, person.delete_after) == ("the director", date(2031, 7, 31))
    assert 'value="2031-07-31"' in browser.get(path).text
    assert browser.post(f"{path}/term", page=path, purpose="", delete_after="").status_code == 303
    with store.reading() as session:
        assert session.get_one(Person, world.unknown).delete_after is None
    assert [event.action for event in events(store)] == ["set term", "set term"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"purpose": "x" * 201}, "Use at most 200 letters."),
        ({"purpose": NAMELESS}, "say it in other words"),
        ({"delete_after": "31 July"}, "“31 July” is not a date; write it like 2027-07-31."),
        ({"delete_after": "2031-02-30"}, "“2031-02-30” is not a date"),
    ],
)
def test_a_term_that_cannot_be_kept_is_refused_beside_the_field(
    store: Store, browser: Browser, said: dict[str, str], words: str
) -> None:
    before = everything(store)
    answer = browser.post("/contacts/contact-1/term", page="/contacts/contact-1", **said)
    assert (answer.status_code, everything(store)) == (422, before)
    assert answer.text.count(words) == 2


def test_an_account_that_is_no_contact_has_no_term(browser: Browser, world: World) -> None:
    path = f"/contacts/account-{world.administrator}"
    assert "What for, and until when" not in browser.get(path).text
    assert browser.post(f"{path}/term", page=path, purpose="x").status_code == 404


def test_an_export_is_a_file_and_is_written_down(store: Store, browser: Browser, world: World) -> None:
    path = f"/contacts/contact-{world.person}"
    answer = browser.post(f"{path}/export", page=path)
    assert answer.headers["Content-Disposition"] == f"attachment; filename=personal-data-contact-{world.person}.json"
    assert answer.mimetype == "application/json"
    assert (answer.json["contact"]["name"], answer.json["account"]["email"]) == (NAME, EMAIL.lower())  # type: ignore[index]
    told = [(event.action, event.object_kind, event.object_key) for event in events(store)]
    assert told == [("export personal data", kind, str(world.person)) for kind in ("contact", "account")]


def test_an_erasure_asks_why_and_tells_where_to_look(store: Store, browser: Browser, world: World) -> None:
    path = f"/contacts/contact-{world.person}"
    with store.writing() as session:
        for held in session.scalars(sa.select(Meeting).where(Meeting.cluster_id == world.mill).limit(1)):
            held.note = f"thanks to {NAME}"
            number = held.id
    before = everything(store)
    assert f"meeting {number}, note" in browser.get(path).text
    for reason, words in (("", "Say why, for the record"), (f"{NAME} asked", "Leave the person out of the reason")):
        answer = browser.post(f"{path}/erase", page=path, reason=reason)
        assert (answer.status_code, everything(store)) == (422, before)
        assert answer.text.count(words) == 2
    answer = browser.post(f"{path}/erase", page=path, reason="asked for it")
    assert answer.status_code == 200
    assert f"meeting {number}, note" in answer.text
    assert NAME not in answer.text
    assert browser.get(path).status_code == 404
    assert [event.reason for event in events(store)] == ["asked for it", "asked for it"]
    assert "asked for it" in browser.get("/contacts").text


def test_the_last_administrator_stays(store: Store, browser: Browser, world: World) -> None:
    path = f"/contacts/account-{world.administrator}"
    before = everything(store)
    answer = browser.post(f"{path}/erase", page=path, reason="left")
    assert (answer.status_code, everything(store)) == (422, before)
    assert answer.text.count("This is the last administrator. Make another one first.") == 2


def test_somebody_who_erases_their_own_account_is_signed_out(store: Store, browser: Browser, world: World) -> None:
    with store.writing() as session:
        session.execute(sa.text("UPDATE account_grant SET role = 'administrator'"))
    path = f"/contacts/account-{world.administrator}"
    with browser.client.session_transaction() as kept:
        kept["kept"] = "yes"
    answer = browser.post(f"{path}/erase", page=path, reason="left")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    with browser.client.session_transaction() as kept:
        assert "kept" not in kept
    assert [row["id"] for row in everything(store)["account"]] == [world.account]


def test_cruel_names_are_shown_as_text(store: Store, browser: Browser, world: World) -> None:
    with store.writing() as session:
        person = session.get_one(Person, world.other)
        person.name = person.purpose = "<script>alert(1)</script>\"'&"
    for path in ("/contacts", f"/contacts/contact-{world.other}"):
        text = browser.get(path).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_no_page_has_a_style_or_a_script_of_its_own(browser: Browser) -> None:
    for text in (
        browser.get("/contacts").text,
        browser.get("/contacts/contact-1").text,
        browser.post("/contacts/purge").text,
    ):
        assert not re.search(r"style=|onclick|<script(?! src)", text)
