"""Passkeys as a second factor: made, used, removed, and none of them by anybody else."""

import json

import pytest
import sqlalchemy as sa

from dashboard.accounts.commands import AccountBook
from dashboard.audit import COMMAND_LINE
from dashboard.db import Store
from dashboard.models import Account, Passkey
from dashboard.vocabulary import Role
from tests.accounts.authenticator import SecurityKey, asked
from tests.accounts.house import PASSWORD, Browser, House, Person, heading, said
from tests.plain_pages import BEHIND_THE_WALL
from tests.visitors import Visitor

pytestmark = BEHIND_THE_WALL


@pytest.fixture
def house(store: Store, walled: Store) -> House:
    return House.over(store, walled)


def add(house: House, person: Person, name: str = "office key", key: SecurityKey | None = None) -> SecurityKey:
    """Give somebody a passkey, as the pages do."""
    made, browser = key or SecurityKey(), house.signed_in(person)
    there, options = asked(browser.fill_in("/passkeys", {"name": name}))
    assert browser.fill_in(there, {"credential": made.make(options)}, at="/passkeys").location == "/passkeys"
    assert said(browser.get("/passkeys")) == ["The passkey is added. It is asked for from now on."]
    return made


def half_way(house: House, person: Person, there: str = "/passkey") -> Browser:
    browser = house.browser()
    assert browser.sign_in(person.email).location.startswith(there)
    assert not browser.is_in
    return browser


def held(house: House, person: Person) -> list[str]:
    with house.store.reading() as session:
        return list(session.scalars(sa.select(Passkey.name).where(Passkey.user_id == person.id).order_by(Passkey.id)))


def test_a_passkey_is_made_named_and_asked_for_at_the_next_sign_in(house: House) -> None:
    director = house.person(Role.DIRECTOR)
    key = add(house, director)
    assert held(house, director) == ["office key"]
    assert "office key" in house.signed_in(director).get("/passkeys").text
    browser = half_way(house, director)
    assert heading(browser.get("/passkey")) == "Use your passkey"
    there, options = asked(browser.fill_in("/passkey", {}))
    assert [each["id"] for each in options["allowCredentials"]] == [json.loads(key.use(options))["id"]]
    assert browser.fill_in(there, {"credential": key.use(options)}, at="/passkey").location == "/"
    assert browser.is_in
    assert [(event.action, event.reason) for event in house.events()] == [
        ("add passkey", None), ("sign in", "by passkey"),
    ]  # fmt: skip


def test_the_way_one_wanted_to_go_is_kept(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    key = add(house, head)
    browser = house.browser()
    start = browser.sign_in(head.email, next_page="/school/mill-school").location
    there, options = asked(browser.fill_in(start, {}))
    assert browser.fill_in(there, {"credential": key.use(options)}, at=start).location == "/school/mill-school"


def test_case_27_a_set_up_that_was_left_half_way_is_over_when_the_owner_has_a_passkey(house: House) -> None:
    director = house.person(Role.DIRECTOR)
    early = half_way(house, director, "/second-factor")
    token = early.token("/second-factor")
    add(house, director)
    answer = early.client.post("/second-factor", data={"setup": "authenticator", "csrf_token": token})
    assert answer.location == "/sign-in"
    assert not early.is_in
    assert house.row(director).tf_totp_secret is None


def test_case_20_a_passkey_comes_within_ten_minutes_of_the_password(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    key = add(house, head)
    house.clock()
    browser = half_way(house, head)
    house.later(minutes=9)
    there, options = asked(browser.fill_in("/passkey", {}))
    token = browser.token("/passkey")
    house.later(minutes=2)
    answer = browser.client.post(there, data={"credential": key.use(options), "csrf_token": token})
    assert answer.location == "/sign-in"
    assert browser.get("/passkey").status_code == 404
    assert not browser.is_in


def test_what_a_passkey_gave_is_good_once(house: House) -> None:
    """The same answer again, in another window and in the same one."""
    head = house.person(Role.HEADTEACHER)
    key = add(house, head)
    browser, other = half_way(house, head), half_way(house, head)
    there, options = asked(browser.fill_in("/passkey", {}))
    given = {"credential": key.use(options)}
    other_there, _options = asked(other.fill_in("/passkey", {}))
    assert other.fill_in(other_there, given, at="/passkey").location == "/passkey", "another challenge"
    assert browser.fill_in(there, given, at="/passkey").location == "/"
    third = half_way(house, head)
    assert third.fill_in(there, given, at="/passkey").location == "/passkey", "its count does not go on"
    assert not other.is_in
    assert not third.is_in
    assert house.refusals() == ["wrong passkey", "wrong passkey"]


@pytest.mark.parametrize("wrong", ["other key", "other site", "signature", "no json", "empty", "a list", "older count"])
def test_what_is_not_the_passkeys_is_refused(house: House, wrong: str) -> None:
    head = house.person(Role.HEADTEACHER)
    key = add(house, head)
    browser = half_way(house, head)
    there, options = asked(browser.fill_in("/passkey", {}))
    if wrong == "older count":
        browser.fill_in(there, {"credential": key.use(options, count=9)}, at="/passkey")
        browser = half_way(house, head)
        there, options = asked(browser.fill_in("/passkey", {}))
    good = json.loads(key.use(options))
    forged = SecurityKey(number=key.number, handle=key.handle)
    given = {
        "other key": SecurityKey(handle=key.handle).use(options),
        "other site": key.use(options, "https://evil.example"),
        "signature": forged.use(options, count=50),
        "no json": "{",
        "empty": "",
        "a list": "[1]",
        "older count": key.use(options, count=3),
    }[wrong]
    assert good["id"]
    assert browser.fill_in(there, {"credential": given}, at="/passkey").location == "/passkey"
    assert not browser.is_in
    assert len(said(browser.get("/passkey"))) == 1


def test_a_passkey_opens_only_the_account_whose_password_was_given(house: House) -> None:
    """Whoever finds a key and knows a password of their own is not let in as the key's owner."""
    head, director = house.person(Role.HEADTEACHER), house.person(Role.DIRECTOR)
    own, found = add(house, head), add(house, director)
    browser = half_way(house, head)
    there, options = asked(browser.fill_in("/passkey", {}))
    assert browser.fill_in(there, {"credential": found.use(options)}, at="/passkey").location == "/passkey"
    assert said(browser.get("/passkey")) == ["This passkey belongs to another account."]
    assert not browser.is_in
    there, options = asked(browser.fill_in("/passkey", {}))
    browser.fill_in(there, {"credential": own.use(options)}, at="/passkey")
    assert head.email in browser.get("/account").text


def test_without_a_password_a_passkey_opens_nothing(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    key = add(house, head)
    there, options = asked(half_way(house, head).fill_in("/passkey", {}))
    stranger = house.browser()
    assert stranger.get("/passkey").status_code == 404
    assert stranger.fill_in("/passkey", {"identity": head.email}, at="/sign-in").status_code == 404
    stranger.fill_in(there, {"credential": key.use(options)}, at="/sign-in")
    assert not stranger.is_in


@pytest.mark.parametrize("by_hand", [False, True])
def test_an_account_that_is_disabled_in_between_is_not_let_in(house: House, by_hand: bool) -> None:
    head = house.person(Role.HEADTEACHER)
    key = add(house, head)
    browser = half_way(house, head)
    there, options = asked(browser.fill_in("/passkey", {}))
    with house.store.writing() as session:
        if by_hand:
            session.get_one(Account, head.id).active = False
        else:
            AccountBook(session, COMMAND_LINE).disable(head.id)
    browser.fill_in(there, {"credential": key.use(options)}, at="/passkey")
    assert not browser.is_in
    assert [event for event in house.events("sign in") if event.outcome == "done"] == []


def test_passkeys_wait_too_after_five_wrong_ones(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    key = add(house, head)
    browser = half_way(house, head)
    for _time in range(5):
        there, options = asked(browser.fill_in("/passkey", {}))
        browser.fill_in(there, {"credential": SecurityKey().use(options)}, at="/passkey")
    there, options = asked(browser.fill_in("/passkey", {}))
    assert browser.fill_in(there, {"credential": key.use(options)}, at="/passkey").status_code == 429


# Looking after them.


def test_several_have_several_names_and_each_is_known_once(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    key = add(house, head, "blue key")
    add(house, head, "office laptop")
    browser = house.signed_in(head)
    answer = browser.fill_in("/passkeys", {"name": "blue key"})
    assert said(answer) == ["You have a passkey of that name already. Choose another name."]
    there, options = asked(browser.fill_in("/passkeys", {"name": "the same again"}))
    assert len(options["excludeCredentials"]) == 2
    browser.fill_in(there, {"credential": key.make(options)}, at="/passkeys")
    assert said(browser.get("/passkeys")) == ["This passkey is known already."]
    assert held(house, head) == ["blue key", "office laptop"]


@pytest.mark.parametrize("name", ["", "<b>", "a" * 65, "x\x00y", "=1+1", "a,b"])
def test_a_name_that_cannot_be_is_refused_with_a_reason(house: House, name: str) -> None:
    browser = house.signed_in(house.person(Role.HEADTEACHER))
    answer = browser.fill_in("/passkeys", {"name": name})
    assert (answer.status_code, len(said(answer))) == (200, 1)
    assert "data-options" not in answer.text


def test_one_is_removed_by_its_owner_alone(house: House) -> None:
    head, decoy = house.person(Role.HEADTEACHER), house.person(Role.HEADTEACHER)
    add(house, head, "mine"), add(house, decoy, "theirs")
    browser = house.signed_in(head)
    browser.fill_in("/passkeys/remove", {"name": "theirs"}, at="/passkeys")
    assert said(browser.get("/passkeys")) == ["You have no passkey of that name."]
    browser.fill_in("/passkeys/remove", {"name": "mine"}, at="/passkeys")
    assert said(browser.get("/passkeys"))[0] == "The passkey is removed."
    assert (held(house, head), held(house, decoy)) == ([], ["theirs"])
    later = house.browser()
    later.sign_in(head.email)
    assert later.is_in, "nothing more is asked for"
    assert [event.actor_id for event in house.events("remove passkey")] == [head.id]


@pytest.mark.parametrize("given", ["", "{", "[1]", "{}", json.dumps({"id": "x", "rawId": "x", "response": {}})])
def test_what_no_browser_gives_makes_no_passkey(house: House, given: str) -> None:
    head = house.person(Role.HEADTEACHER)
    browser = house.signed_in(head)
    there, _options = asked(browser.fill_in("/passkeys", {"name": "key"}))
    assert browser.fill_in(there, {"credential": given}, at="/passkeys").location == "/passkeys"
    assert browser.fill_in("/passkeys/nobody-made-this", {"credential": given}, at="/passkeys").location == "/passkeys"
    assert held(house, head) == []


def test_what_a_browser_says_beyond_it_is_not_kept(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    browser = house.signed_in(head)
    there, options = asked(browser.fill_in("/passkeys", {"name": "key"}))
    given = json.loads(SecurityKey().make(options)) | {"extensions": "{" + "x" * 500}
    assert browser.fill_in(there, {"credential": json.dumps(given)}, at="/passkeys").location == "/passkeys"
    assert browser.get("/passkeys").status_code == 200
    assert held(house, head) == ["key"]


# Once more that it is you.


def stale(house: House, person: Person) -> Browser:
    return Browser(Visitor.of_session(house.app, house.store, _user_id=person.unique, _fresh=True, fs_paa=1).client)


def test_a_passkey_confirms_that_it_is_you(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    key = add(house, head)
    browser = stale(house, head)
    assert "Use a passkey instead" in browser.get("/confirm-it-is-you?next=/recovery-codes").text
    there, options = asked(browser.fill_in("/confirm-by-passkey?next=/recovery-codes", {}))
    done = browser.fill_in(there, {"credential": key.use(options)}, at="/confirm-by-passkey")
    assert done.location == "/recovery-codes"
    assert browser.get("/recovery-codes").status_code == 200


def test_the_passkey_of_somebody_else_does_not(house: House) -> None:
    head, decoy = house.person(Role.HEADTEACHER), house.person(Role.HEADTEACHER)
    add(house, head)
    theirs = add(house, decoy)
    browser = stale(house, head)
    there, options = asked(browser.fill_in("/confirm-by-passkey", {}))
    answer = browser.fill_in(there, {"credential": theirs.use(options)}, at="/confirm-by-passkey")
    assert answer.location == "/confirm-by-passkey"
    assert browser.get("/recovery-codes").status_code == 302


def test_who_has_none_is_not_offered_one(house: House) -> None:
    page = house.signed_in(house.person(Role.HEADTEACHER)).get("/confirm-it-is-you").text
    assert "passkey" not in page


def test_the_password_of_a_person_with_a_passkey_is_never_enough(house: House) -> None:
    head = house.person(Role.HEADTEACHER)
    add(house, head)
    browser = house.browser()
    for path in ("/account", "/passkeys", "/second-factor", "/recovery-codes"):
        browser.sign_in(head.email, PASSWORD)
        browser.fill_in("/second-factor", {"setup": "authenticator"}, at="/passkey")
        assert browser.get(path).status_code == 302
    assert not browser.is_in
