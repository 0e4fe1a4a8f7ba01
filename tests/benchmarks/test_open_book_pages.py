"""The headteacher's page on the open book."""

from datetime import date

import pytest
import sqlalchemy as sa

from dashboard.access import Grant, Reader
from dashboard.benchmarks.open_book_pages import open_book_pages
from dashboard.benchmarks.pages import figure_pages
from dashboard.db import Store
from dashboard.decisions.pages import decision_pages
from dashboard.models import OpenBook, School
from dashboard.vocabulary import Role
from tests import plain_pages
from tests.accounts.places import Places, headteacher, refusals
from tests.builders import put


class Browser(plain_pages.Browser):
    pages = (open_book_pages, figure_pages, decision_pages)
    form_on = "/open-book"


def test_a_headteacher_opens_and_closes_the_own_book(store: Store, walled: Store, at: Places) -> None:
    other, own = Browser(walled, headteacher(at.ford_school)), Browser(walled, headteacher(at.mill_school))
    shown = own.get("/open-book").text
    assert "Mill School in Mill Cluster" in shown
    assert "Ford School" not in shown
    assert "No other school of the cluster has agreed yet." in shown
    assert other.post(f"/open-book/{at.mill}/{at.ford_school}/agree", "/open-book").status_code == 303
    shown = own.get("/open-book").text
    assert "One other school of the cluster has agreed." in shown
    assert "Ford School" not in shown
    own.post(f"/open-book/{at.mill}/{at.mill_school}/agree", "/open-book")
    shown = own.get("/open-book").text
    assert "You see, and are seen by, Ford School." in shown
    assert "The book is open." in shown
    own.post(f"/open-book/{at.mill}/{at.mill_school}/withdraw", "/open-book")
    shown = own.get("/open-book").text
    assert "Ford School" not in shown
    with store.reading() as session:
        told_ = session.execute(sa.select(OpenBook.school_id, OpenBook.withdrawn_on.is_(None)).order_by(OpenBook.id))
        assert [tuple(row) for row in told_] == [(at.ford_school, True), (at.mill_school, False)]


def test_who_agreed_to_attendance_alone_is_asked_about_figures(store: Store, walled: Store, at: Places) -> None:
    with store.writing() as session:
        for school_id in (at.mill_school, at.ford_school):
            put(
                session,
                OpenBook(cluster_id=at.mill, school_id=school_id, agreed_on=date(2016, 9, 1), covers_figures=False),
            )
    own, other = Browser(walled, headteacher(at.mill_school)), Browser(walled, headteacher(at.ford_school))
    shown = " ".join(own.get("/open-book").text.split())
    assert "since 1 September 2016, for attendance alone." in shown
    assert "When you agreed, the open book was of attendance." in shown
    own.post(f"/open-book/{at.mill}/{at.mill_school}/agree", "/open-book")
    shown = " ".join(own.get("/open-book").text.split())
    assert "for figures too since" in shown
    assert "None of them has opened its figures yet." in shown
    assert "Open the figures" not in shown
    other.post(f"/open-book/{at.mill}/{at.ford_school}/agree", "/open-book")
    assert "That goes for figures, too." in own.get("/open-book").text
    own.post(f"/open-book/{at.mill}/{at.mill_school}/withdraw", "/open-book")
    with store.reading() as session:
        still = session.scalars(sa.select(OpenBook.school_id).where(OpenBook.withdrawn_on.is_(None)))
        assert set(still) == {at.ford_school}, "both consents are taken back at once"


def test_the_book_of_another_school_answers_as_one_that_does_not_exist(store: Store, walled: Store, at: Places) -> None:
    own = Browser(walled, headteacher(at.mill_school))
    tries = ((at.mill, at.ford_school), (at.mill, 999), (at.weir, at.mill_school), (999, at.mill_school))
    for cluster_id, school_id in tries:
        assert own.post(f"/open-book/{cluster_id}/{school_id}/agree", "/open-book").status_code == 404
    assert refusals(store) == [("edit", "open book", f"cluster {one}, school {other}") for one, other in tries]
    with store.reading() as session:
        assert session.scalars(sa.select(OpenBook.id)).all() == []


def test_a_school_in_no_cluster_is_told_so(store: Store, walled: Store, at: Places) -> None:
    with store.writing() as session:
        alone = School(slug="alone", name="Alone School")
        session.add(alone)
        session.flush()
        number = alone.id
    assert "belongs to no cluster at present" in Browser(walled, headteacher(number)).get("/open-book").text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HEADTEACHER])
def test_the_open_book_is_for_headteachers_alone(walled: Store, at: Places, role: Role) -> None:
    reader = Reader("Reader", (Grant(role, at.river, at.mill, at.mill_school),))
    assert Browser(walled, reader).get("/open-book").status_code == 403
