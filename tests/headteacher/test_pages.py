"""The school's page, its side of paper and its calendar behind the wall: who opens which, and what nobody may read."""

import json
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date

import pytest

from dashboard.access import whole_store
from dashboard.db import Store
from dashboard.main import create_app
from dashboard.models import PersonMark
from dashboard.vocabulary import Mark, Role
from tests import builders as put
from tests.builders import AS_OF
from tests.conftest import NewStore
from tests.headteacher.world import Mill
from tests.plain_pages import BEHIND_THE_WALL
from tests.visitors import SETTINGS, Visitor, account

pytestmark = BEHIND_THE_WALL
FORD = "/school/ford-school"
FAR_AHEAD = date(2090, 3, 15)
"""Calendar files begin a year before the real day."""
ASKED = "year=2016-17&cluster=mill-cluster"


@dataclass
class House:
    """The product over the world, and everybody who comes."""

    visitors: dict[str, Visitor]

    def page(self, who: str, path: str = FORD) -> str:
        return json.dumps(self.visitors[who].show(path, f"?{ASKED}"), ensure_ascii=False)


@pytest.fixture
def house(new_store: NewStore) -> Generator[House]:
    address = new_store()
    with whole_store(address) as store, Store(address) as walled:
        with store.writing() as session:
            world = Mill(session)
            put.membership(session, world.decoy, world.ford)
            put.meeting(session, world.decoy, date(2017, 3, 15)).title = "Of the decoy"
            for each in (world.mill, world.decoy):
                put.meeting(session, each, FAR_AHEAD)
            colleague = put.person(session, "Invented Colleague")
            put.appointment(session, world.mill, world.ford, colleague)
            held = put.meeting(
                session, world.mill, date(2017, 2, 15), ford_school=Mark.PRESENT, weir_school=Mark.ABSENT
            )
            row = PersonMark(meeting_id=held.id, school_id=world.ford.id, person_id=colleague.id, mark=Mark.PRESENT)
            put.put(session, row)
            who = {
                "head": account(session, Role.HEADTEACHER, school=world.ford),
                "next door": account(session, Role.HEADTEACHER, school=world.weir),
                "decoy": account(session, Role.COORDINATOR, cluster=world.decoy),
                "coordinator": account(session, Role.COORDINATOR, cluster=world.mill),
                "director": account(session, Role.DIRECTOR),
            }
            keys = {name: row.fs_uniquifier for name, row in who.items()}
        app = create_app(walled, SETTINGS, lambda: AS_OF)
        yield House({name: Visitor.signed_in(app, store, key) for name, key in keys.items()})


def test_whoever_opens_a_schools_page_reads_the_same_of_that_school(house: House) -> None:
    pages = {who: house.page(who) for who in ("head", "coordinator", "director")}
    for who, said in pages.items():
        for told in (
            "You came to the one meeting",
            "£300 of £500 release money used",
            "T-mill-cluster is past the due date",
            "The usual person came each time, once in all.",
            "Subject lead",
            "The cluster held one meeting for you, gave £500 release money",
            "Levy: £50",
            "28 February 2017",
            "Overdue",
        ):
            assert told in said, (who, told)
        assert "Invented Colleague" not in said, who
        assert "27 February" not in said, "what waits for the school next door"
        assert "Of the decoy" not in said, who
    assert "Say whether your book is open" in pages["head"]
    assert "Say whether your book is open" not in pages["coordinator"], "not theirs to say"
    assert "Look at your school’s sabbatical again" not in pages["head"], "who keeps the cluster does that"
    assert "Look at your school’s sabbatical again" in pages["coordinator"]
    assert "Name your people for the workgroup" in pages["coordinator"]


def test_the_side_of_paper_names_nobody_and_holds_the_schools_own_figures_whoever_prints_it(house: House) -> None:
    papers = {who: house.visitors[who].get(f"{FORD}/one-page?{ASKED}") for who in ("head", "coordinator", "director")}
    for who, answer in papers.items():
        assert answer.status_code == 200, who
        main = answer.text.partition('<main id="page"')[2]
        assert "You came to the one meeting." in main
        assert "£300 of £500 release money used" in main
        for hidden in ("Invented", "Weir", "Decoy", "lowest"):
            assert hidden not in main, (who, hidden)
    assert "Nothing is told of the other schools yet." in papers["director"].text, "nor to who prints it for them"


def test_the_calendar_holds_the_meetings_of_the_readers_own_clusters_alone(house: House) -> None:
    """The school belongs to both clusters: its head reads both, who keeps one of them that one."""
    for who, own, other in (("head", True, True), ("coordinator", True, False), ("decoy", False, True)):
        answer = house.visitors[who].get(f"{FORD}/meetings.ics")
        assert answer.mimetype == "text/calendar"
        assert ("SUMMARY:Mill Cluster" in answer.text) is own, who
        assert ("SUMMARY:Decoy Cluster" in answer.text) is other, who


def test_another_schools_pages_are_not_there(house: House) -> None:
    for who, path in (("next door", FORD), ("head", "/school/weir-school"), ("coordinator", "/school/decoy-two")):
        visitor = house.visitors[who]
        for page in ("", "/one-page", "/meetings.ics"):
            answer = visitor.get(path + page)
            assert answer.status_code == 404, (who, path + page)
            assert "Levy" not in answer.text
        assert visitor.ask(path, "").status_code == 403


def test_a_school_of_no_cluster_has_a_paper_that_says_so(new_store: NewStore) -> None:
    address = new_store()
    with whole_store(address) as store, Store(address) as walled:
        with store.writing() as session:
            unique = account(session, Role.HEADTEACHER, school=put.school(session)).fs_uniquifier
        visitor = Visitor.signed_in(create_app(walled, SETTINGS, lambda: AS_OF), store, unique)
        answer = visitor.get(f"{FORD}/one-page")
        assert answer.status_code == 200
        assert "belongs to no cluster" in answer.text
