"""The commands `user` and `screen-link`: what they print, what they refuse, and that the rest of the store stays."""

import json
from collections.abc import Generator

import pytest
import sqlalchemy as sa
import typer
from click.testing import Result
from typer.testing import CliRunner

from dashboard import migrations
from dashboard.access import EVERYTHING, whole_store
from dashboard.accounts.screen_links import ScreenLinks, find_link
from dashboard.audit import Actor
from dashboard.cli import people as people_commands
from dashboard.cli.people import register
from dashboard.db import Store, now_utc
from dashboard.models import Account, ScreenLink
from dashboard.vocabulary import Role
from tests.accounts.places import account, events, settled, told
from tests.conftest import NewStore


@pytest.fixture
def at(new_store: NewStore, monkeypatch: pytest.MonkeyPatch) -> Generator[Store]:
    """A store with places, and the commands pointed at it."""
    url = new_store()
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("SECRET_KEY", "for tests alone, and long enough to sign with")
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    store = whole_store(url)
    settled(store)
    yield store
    store.close()


@pytest.fixture
def given_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign-in takes a while to load; where only the words matter it stays out."""
    monkeypatch.setattr(people_commands, "_link_for", lambda _store, number: f"https://example.org/choose/{number}")


def run(*arguments: str) -> Result:
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, list(arguments))


def done(*arguments: str) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


@pytest.mark.usefixtures("given_links")
def test_a_person_is_added_with_a_link_then_given_a_role_then_left_alone(at: Store) -> None:
    added = done("user", "add", "New@Example.org", "--role", "coordinator", "--cluster", "mill-cluster")
    assert "new@example.org has an account now." in added
    assert "https://example.org/choose/1" in added
    given = done("user", "add", "new@example.org", "--role", "headteacher", "--school", "weir-school", "--name", "Ada")
    assert "had an account already; it is changed" in given
    same = done("user", "add", "new@example.org", "--role", "headteacher", "--school", "weir-school")
    assert "nothing was changed" in same
    assert "choose" not in given + same
    assert {event.actor for event in events(at)} == {"command line"}
    assert "example.org" not in told(at)


@pytest.mark.usefixtures("given_links")
def test_the_result_is_printed_as_json(at: Store) -> None:
    arguments = ("user", "add", "new@example.org", "--role", "director", "--json")
    made = json.loads(done(*arguments))
    assert made == {
        "account": 1,
        "email": "new@example.org",
        "name": None,
        "active": True,
        "roles": [{"role": "director", "place": "all programmes"}],
        "second_factor": "none",
        "last_signed_in_at": None,
        "sessions": 0,
        "outcome": "added",
        "link": "https://example.org/choose/1",
    }
    again = json.loads(done(*arguments))
    assert (again["outcome"], again["link"]) == ("unchanged", None)
    told_ = {key: value for key, value in made.items() if key not in {"outcome", "link"}}
    assert json.loads(done("user", "list", "--json")) == [told_]


WRONG = (
    (("new@example.org", "--role", "coordinator"), "needs a cluster. (--cluster)"),
    (("new@example.org", "--role", "headteacher", "--school", "nowhere"), "There is no school “nowhere”. (--school)"),
    (("new@example.org", "--role", "administrator", "--cluster", "mill-cluster"), "(--cluster)"),
    (("new", "--role", "administrator"), "“new” is not an e-mail address"),
    (("new@example.org", "--role", "administrator", "--name", "x" * 201), "(--name)"),
)


@pytest.mark.usefixtures("given_links")
@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_what_cannot_be_is_refused_with_the_option_and_nothing_is_stored(
    at: Store, arguments: tuple[str, ...], words: str
) -> None:
    said = refused("user", "add", *arguments)
    assert said.startswith("Nothing was stored. ")
    assert words in said
    assert events(at) == []


def test_a_role_that_nobody_knows_is_refused(at: Store) -> None:
    result = run("user", "add", "new@example.org", "--role", "king")
    assert result.exit_code == 2
    assert "king" in result.stderr
    assert events(at) == []


@pytest.mark.usefixtures("given_links")
def test_people_are_disabled_enabled_and_listed(at: Store) -> None:
    with at.writing() as session:
        account(session, "keeper@example.org")
        account(session, "one@example.org", Role.COORDINATOR, cluster="mill-cluster")
    assert done("user", "disable", "ONE@example.org") == "one@example.org is disabled now.\n"
    assert done("user", "disable", "one@example.org") == "one@example.org is disabled already.\n"
    assert done("user", "list") == (
        "keeper@example.org: active; administrator; second factor: none\n"
        "one@example.org: disabled; coordinator (Mill Cluster); second factor: none\n"
    )
    assert "disabled" in refused("user", "link", "one@example.org")
    assert "(the account is disabled)" in done("user", "add", "one@example.org", "--role", "director")
    assert done("user", "enable", "one@example.org") == "one@example.org is enabled now.\n"
    with at.reading() as session:
        assert session.scalars(sa.select(Account.active)).all() == [True, True]


def test_nobody_and_the_last_administrator_are_refused(at: Store) -> None:
    with at.writing() as session:
        account(session, "keeper@example.org")
    for command in ("disable", "enable", "link"):
        assert "Nobody has an account with the address x@example.org." in refused("user", command, "x@example.org")
    assert "last administrator" in refused("user", "disable", "keeper@example.org")


def test_a_real_link_to_choose_a_password_is_printed_and_kept_nowhere(
    at: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://dashboard.example.org")
    with at.writing() as session:
        account(session, "one@example.org")
    link = done("user", "link", "one@example.org").strip()
    assert link.startswith("https://dashboard.example.org/new-password/")
    assert link.rpartition("/")[2] not in told(at)
    assert events(at)[-1].action == "give out password link"


def test_a_person_without_a_password_who_gets_a_role_is_said_to_need_another_link(at: Store) -> None:
    first = done("user", "add", "new@example.org", "--role", "director").splitlines()[-1]
    said = done("user", "add", "new@example.org", "--role", "advisor")
    assert "No password is chosen yet. A link that was given out before may be dead: user link new@example.org" in said
    with at.writing() as session:
        session.scalars(sa.select(Account)).one().password = "hash"
    assert "No password" not in done("user", "add", "new@example.org", "--role", "administrator")
    assert done("user", "link", "new@example.org").strip() != first


@pytest.mark.parametrize("arguments", [("add", "new@example.org", "--role", "director"), ("link", "one@example.org")])
def test_a_secret_that_is_too_short_signs_no_link_and_nothing_is_stored(
    at: Store, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    with at.writing() as session:
        account(session, "one@example.org")
    before = len(events(at))
    monkeypatch.setenv("SECRET_KEY", "x")
    assert refused("user", *arguments).startswith("Nothing was stored. SECRET_KEY is too short")
    assert len(events(at)) == before


def test_whoever_is_disabled_leaves_no_screen_link(at: Store) -> None:
    with at.writing() as session:
        account(session, "keeper@example.org")
        one = account(session, "one@example.org", Role.COORDINATOR, cluster="mill-cluster").id
        ScreenLinks(session, Actor("coordinator", "192.0.2.7", one)).add("mill-cluster", scope=EVERYTHING)
    done("user", "disable", "one@example.org")
    (listed,) = json.loads(done("screen-link", "list", "--json"))
    assert not listed["open"]
    assert [event.action for event in events(at)][-2:] == ["revoke", "disable"]


def test_a_screen_link_is_printed_once_and_revoked_once(at: Store) -> None:
    made = done("screen-link", "add", "mill-cluster", "--days", "7", "--label", "Library")
    address = made.splitlines()[-1]
    assert made.startswith("Screen link 1, good until ")
    assert address.startswith("http://127.0.0.1:8050/link/")
    token = address.rpartition("/")[2]
    assert token not in told(at)
    with at.reading() as session:
        assert find_link(session, token, now_utc()) is not None
    assert "1: Mill Cluster; Library; open until " in done("screen-link", "list")
    assert done("screen-link", "revoke", "1") == "Screen link 1 is revoked now.\n"
    assert done("screen-link", "revoke", "1") == "Screen link 1 is revoked already.\n"
    with at.reading() as session:
        assert find_link(session, token, now_utc()) is None
    (listed,) = json.loads(done("screen-link", "list", "--json"))
    assert (listed["id"], listed["cluster"], listed["open"]) == (1, "mill-cluster", False)


def test_a_screen_link_as_json_has_the_public_address(at: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://dashboard.example.org/")
    made = json.loads(done("screen-link", "add", "weir-cluster", "--json"))
    assert (made["id"], made["cluster"]) == (1, "weir-cluster")
    assert made["link"].startswith("https://dashboard.example.org/link/")
    with at.reading() as session:
        assert session.get_one(ScreenLink, 1).expires_at.isoformat() == made["expires_at"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "no-such-cluster"), "There is no cluster “no-such-cluster”."),
        (("add", "mill-cluster", "--days", "0"), "A link lasts from 1 to 366 days, not 0."),
        (("add", "mill-cluster", "--label", "x" * 101), "at most 100"),
        (("revoke", "99"), "There is no screen link 99."),
    ],
)
def test_a_screen_link_that_cannot_be_is_refused(at: Store, arguments: tuple[str, ...], words: str) -> None:
    assert words in refused("screen-link", *arguments)
    assert events(at) == []


def test_lists_of_nobody_and_nothing_are_empty(at: Store) -> None:
    assert (done("user", "list"), json.loads(done("user", "list", "--json"))) == ("", [])
    assert (done("screen-link", "list"), json.loads(done("screen-link", "list", "--json"))) == ("", [])


def test_a_store_with_an_older_schema_is_refused(at: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "newest_revision", lambda: "999")
    assert "older schema" in refused("user", "list")
