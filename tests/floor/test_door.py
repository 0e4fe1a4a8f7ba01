"""The door before a small server: no rule, no entry; what has one asks for it; and nobody is led to sign in."""

import logging
from dataclasses import FrozenInstanceError
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.access import Action, Object, Reader
from dashboard.web.door import FOR_EVERYBODY_SIGNED_IN, PUBLIC, Rule, needs, public, rule_of, signed_in
from tests.floor.small_door import COORDINATOR, METHODS, NO_ROLE, READERS, come, small_server

# No rule


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("reader", [*READERS, None])
def test_what_has_no_rule_is_refused_to_everybody(
    reader: Reader | None, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = come(reader, "/forgotten", method)
    assert answer.status_code == 403
    assert "nobody thought" not in answer.text
    assert [(line.name, line.levelno, line.getMessage()) for line in caplog.records] == [
        ("dashboard.web.door", logging.ERROR, "no rule for at /forgotten: refused")
    ]


def test_a_rule_is_what_a_view_says_of_itself_or_a_list_says_of_its_endpoint() -> None:
    server = small_server(lambda: None)
    assert rule_of(server, "at /for-all") == Rule(public=True)
    assert rule_of(server, "at /for-somebody") == Rule()
    assert rule_of(server, "at /for-coordinators") == Rule((Action.EDIT, Object.SCREEN_LINKS))
    assert rule_of(server, "at /forgotten") is None
    assert rule_of(server, "no such endpoint") is None
    assert {rule_of(server, endpoint) for endpoint in PUBLIC} == {Rule(public=True)}
    assert {rule_of(server, endpoint) for endpoint in FOR_EVERYBODY_SIGNED_IN} == {Rule()}
    assert not PUBLIC & FOR_EVERYBODY_SIGNED_IN


def test_a_rule_asks_to_be_somebody_unless_it_says_otherwise_and_stays_as_it_is() -> None:
    assert Rule() == Rule(asks=None, public=False)
    with pytest.raises(FrozenInstanceError):
        Rule().public = True  # type: ignore[misc]


def test_saying_what_a_view_needs_changes_nothing_else_of_it() -> None:
    def view() -> str:
        return "as it was"

    for mark in (needs(Action.SEE, Object.AUDIT), public, signed_in):
        assert mark(view) is view
        assert view() == "as it was"


# Public, for everybody who is somebody, and for those who may


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", ["/for-all", "/_for-all"])
def test_what_is_public_is_answered_without_asking_who_comes(address: str, method: str) -> None:
    def nobody_asks() -> Reader:
        raise AssertionError("the store is not to be asked for a style sheet")

    answer = small_server(nobody_asks).test_client().open(address, method=method)
    assert answer.status_code == 200
    assert answer.text == "" if method == "HEAD" else answer.json == {"account": None, "clusters": []}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("address", ["/", "/for-somebody", "/_internal"])
def test_whoever_is_somebody_comes_in_and_may_act_on_nothing_by_that(address: str, reader: Reader) -> None:
    answer = come(reader, address)
    assert (answer.status_code, answer.json) == (200, {"account": reader.account_id, "clusters": []})


@pytest.mark.parametrize("method", METHODS)
def test_who_may_is_let_in_and_acts_on_their_own(method: str) -> None:
    answer = come(COORDINATOR, "/for-coordinators", method)
    assert answer.status_code == 200
    assert answer.text == "" if method == "HEAD" else answer.json == {"account": 4, "clusters": [7]}


def test_one_request_leaves_nothing_to_the_next() -> None:
    coming = iter((COORDINATOR, NO_ROLE))
    client = small_server(lambda: next(coming)).test_client()
    assert client.get("/for-coordinators").json == {"account": 4, "clusters": [7]}
    assert client.get("/for-somebody").json == {"account": 6, "clusters": []}


def test_which_methods_an_address_has_is_told_to_those_who_may_use_it() -> None:
    answer = come(COORDINATOR, "/only-read", "OPTIONS")
    assert (answer.status_code, set(answer.allow)) == (200, {"GET", "HEAD", "OPTIONS"})
    assert come(None, "/only-read", "OPTIONS").status_code == 401


def test_what_is_not_there_is_told_to_somebody_alone() -> None:
    assert come(NO_ROLE, "/nowhere").status_code == 404
    assert come(NO_ROLE, "/only-read", "DELETE").status_code == 405


# Nobody

LED: Final = {
    "/": "/sign-in",
    "/?": "/sign-in",
    "/?year=2016-17": "/sign-in?next=%2F%3Fyear%3D2016-17",
    "/for-somebody": "/sign-in?next=%2Ffor-somebody",
    "/for-coordinators?a=b&c=d?": "/sign-in?next=%2Ffor-coordinators%3Fa%3Db%26c%3Dd",
    "/asks-later": "/sign-in?next=%2Fasks-later",
    "/nowhere/at-all": "/sign-in?next=%2Fnowhere%2Fat-all",
    "/for-somebody?next=//other.example": "/sign-in?next=%2Ffor-somebody%3Fnext%3D%2F%2Fother.example",
}
"""Address → where nobody is led from there."""


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("address", LED)
def test_nobody_is_led_to_the_sign_in_and_back(address: str, method: str) -> None:
    answer = come(None, address, method)
    assert (answer.status_code, answer.headers["Location"]) == (302, LED[address])


@pytest.mark.parametrize("path", ["//other.example/a", "///other.example", "//for-somebody"])
def test_the_way_back_never_leads_to_another_site(path: str) -> None:
    location = come(None, "/", PATH_INFO=path).headers["Location"]
    assert location.startswith("/sign-in?")
    [after] = parse_qs(urlsplit(location).query)["next"]
    assert after.startswith("/")
    assert not after.startswith("//")


SCRIPTS: Final = [
    *((address, method) for address in ("/", "/for-somebody", "/for-coordinators", "/asks-later", "/nowhere")
      for method in METHODS if method not in {"GET", "HEAD"}),
    *(("/_internal", method) for method in METHODS),
    ("/_nowhere", "GET"), ("/_nowhere", "POST"), ("/only-read", "DELETE"),
]  # fmt: skip
"""What no person follows a link to."""


@pytest.mark.parametrize(("address", "method"), SCRIPTS)
def test_a_script_is_told_that_it_is_nobody(address: str, method: str) -> None:
    answer = come(None, address, method)
    assert (answer.status_code, answer.mimetype) == (401, "text/plain")
    assert answer.text == ("" if method == "HEAD" else "Sign in first.")
