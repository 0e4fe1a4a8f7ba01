"""The forms of watched clusters and saved views, as somebody with an account and as a guest, behind the second wall."""

from dataclasses import dataclass
from typing import ClassVar, Final

import pytest
import sqlalchemy as sa
from flask import Blueprint

from dashboard.access import Grant, Reader
from dashboard.db import Store
from dashboard.models import SavedView, WatchedCluster
from dashboard.overview.pages import overview_pages
from dashboard.vocabulary import Role
from tests import builders as put
from tests.plain_pages import BEHIND_THE_WALL, Browser
from tests.visitors import account

pytestmark = BEHIND_THE_WALL
GUEST: Final = Reader("a director", (Grant(Role.DIRECTOR),), known_as="looking around as director", looks_only=True)


class Views(Browser):
    pages: ClassVar[tuple[Blueprint, ...]] = (overview_pages,)
    form_on: ClassVar[str] = "/views"


@dataclass(frozen=True)
class Place:
    store: Store
    me: Reader
    walled: Store
    first: int
    theirs: int
    """The number of a view of another account."""

    def browser(self) -> Views:
        return Views(self.walled, self.me)

    def views(self) -> list[tuple[str, str]]:
        with self.store.reading() as session:
            kept = sa.select(SavedView.name, SavedView.query).where(SavedView.account_id == self.me.account_id)
            return [(name, query) for name, query in session.execute(kept.order_by(SavedView.id))]

    def watched(self) -> int:
        with self.store.reading() as session:
            return len(session.scalars(sa.select(WatchedCluster.id)).all())


@pytest.fixture
def place(store: Store, walled: Store) -> Place:
    """An advisor of one programme with one saved view; a cluster of it, and one of nobody's."""
    with store.writing() as session:
        programme = put.programme(session)
        put.cluster(session, under=programme)
        put.cluster(session, "Decoy Cluster")
        mine = account(session, Role.ADVISOR, programme=programme)
        theirs = SavedView(account_id=account(session, Role.DIRECTOR).id, name="Theirs alone", query="flag=act")
        first = SavedView(account_id=mine.id, name="First", query="area=Wiltshire&flag=unspent")
        session.add_all([theirs, first])
        session.flush()
        me = Reader("Me", (Grant(Role.ADVISOR, programme.id),), account_id=mine.id)
        return Place(store, me, walled, first.id, theirs.id)


def test_a_cluster_is_watched_and_the_way_leads_back(place: Place) -> None:
    browser = place.browser()
    answer = browser.post("/watch/mill-cluster", wanted="1", back="/?flag=act&area=Wiltshire")
    assert (answer.status_code, answer.location) == (303, "/?flag=act&area=Wiltshire")
    assert place.watched() == 1
    for elsewhere in ("https://example.org/", "//example.org/", "/\\example.org", "", "/a b"):
        assert browser.post("/watch/mill-cluster", wanted="1", back=elsewhere).location == "/"
    assert browser.post("/watch/decoy-cluster", wanted="1").status_code == 404
    assert browser.post("/watch/nowhere", wanted="1").status_code == 404
    assert place.watched() == 1
    assert browser.client.post("/watch/mill-cluster", data={"wanted": "0"}).status_code == 400, "without a token"
    browser.post("/watch/mill-cluster", wanted="0")
    assert place.watched() == 0


def test_views_are_kept_listed_and_changed(place: Place) -> None:
    browser = place.browser()
    answer = browser.post("/views", name="Needs action", query="flag=act&nonsense=<b>")
    assert (answer.status_code, answer.location) == (303, "/?flag=act")
    listed = browser.get("/views").text
    assert "Area: Wiltshire · Flag: Money not spent" in listed
    assert 'href="/?area=Wiltshire&amp;flag=unspent"' in listed
    assert "Theirs alone" not in listed
    assert browser.post("/views", name="", query="watched=1", replaces=str(place.first)).location == "/?watched=1"
    assert browser.post("/views", name="Mine", query="q=a", replaces=str(place.first)).status_code == 303
    assert place.views() == [("Mine", "q=a"), ("Needs action", "flag=act")]
    refused = browser.post("/views", name="mine", query="flag=none")
    assert refused.status_code == 400
    assert "You have a view called “mine” already" in refused.text
    assert 'name="query" value="flag=none"' in refused.text, "what was chosen is not lost"
    assert browser.post(f"/views/{place.first}/rename", name=" ").status_code == 400
    for path in (f"/views/{place.theirs}/rename", f"/views/{place.theirs}/remove", "/views/999999/remove"):
        assert browser.post(path, name="Mine too").status_code == 404
    for number in (str(place.theirs), "x", "9" * 30):
        assert browser.post("/views", name="Mine too", query="", replaces=number).status_code == 404
    browser.post(f"/views/{place.first}/rename", name="Renamed")
    assert "The view has its new name." in browser.get("/views").text
    browser.post(f"/views/{place.first}/remove")
    assert place.views() == [("Needs action", "flag=act")]


def test_a_guest_is_told_that_it_needs_an_account(place: Place) -> None:
    guest = Views(place.walled, GUEST)
    told = guest.get("/views")
    assert told.status_code == 200
    assert "This needs an account" in told.text
    guest.app.config["WTF_CSRF_ENABLED"] = False
    for path in ("/watch/mill-cluster", "/views", "/views/1/remove"):
        answer = guest.client.post(path, data={"wanted": "1", "name": "x"})
        assert answer.status_code == 403
        assert "This needs an account" in answer.text
    assert place.watched() == 0
    head = Views(place.walled, Reader("A head", (Grant(Role.HEADTEACHER, school_id=1),), account_id=1))
    assert head.get("/views").status_code == 403
