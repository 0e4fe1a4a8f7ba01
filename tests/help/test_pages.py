"""Help and the accessibility statement: for everybody, with the way out for who has signed in."""

import re

from flask.testing import FlaskClient

from dashboard.access import Grant, Reader
from dashboard.db import Store
from dashboard.help.pages import Explained, help_pages
from dashboard.screens.questions import questions
from dashboard.vocabulary import Role
from tests.plain_pages import BEHIND_THE_WALL, small_app

pytestmark = BEHIND_THE_WALL

_ONE = (Explained("A school", "Did we come?", "A rate of a school."),)


def _client(store: Store, reader: Reader | None = None, **settings: str) -> FlaskClient:
    app = small_app(store, reader, help_pages(lambda: _ONE))
    app.config.update(settings)
    return app.test_client()


def test_help_is_for_everybody_and_says_what_a_number_a_flag_and_a_term_are(store: Store) -> None:
    answer = _client(store).get("/help")
    assert answer.status_code == 200
    for words in (
        "A rate of a school.",
        "It is never a verdict",
        "Release money",
        "Needs action",
        "Whole pence, net of VAT",
    ):
        assert words in answer.text
    assert "Ask whoever gave you access" in answer.text
    assert "Sign out" not in answer.text
    assert answer.text.count('href="/sign-in"') == 1


def test_who_has_signed_in_finds_menu_and_way_out(store: Store) -> None:
    reader = Reader(grants=(Grant(Role.DIRECTOR),), name="A director", known_as="director", account_id=1)
    answer = _client(store, reader).get("/help")
    assert "Sign out" in answer.text
    assert 'aria-label="Main"' in answer.text


def test_help_and_statement_name_whom_to_ask(store: Store) -> None:
    client = _client(store, HELP_CONTACT="the office, office@example.org", ORGANISATION="Ashby Schools")
    assert "Ask the office, office@example.org." in client.get("/help").text
    told = client.get("/accessibility").text
    assert "Write to the office, office@example.org." in told
    assert "as it is run by Ashby Schools" in told


def test_the_statement_has_what_the_regulations_ask_for(store: Store) -> None:
    told = re.sub(r"\s+", " ", _client(store).get("/accessibility").text)
    for words in (
        "(No. 2) Accessibility Regulations 2018", "version 2.2, level AA", "<strong>partially compliant</strong>",
        "What is known not to work", "Equality and Human Rights Commission (EHRC)",
        "This statement was prepared on 26 November 2026",
    ):  # fmt: skip
        assert words in told


def test_every_panel_explains_its_figure_on_the_page_of_help() -> None:
    assert len(questions()) > 20
    assert all(each.question and each.answer.endswith((".", ")")) for each in questions())
