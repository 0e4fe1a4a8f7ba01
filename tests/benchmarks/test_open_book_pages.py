"""The headteacher's page on the open book."""

import pytest
import sqlalchemy as sa

from dashboard.access import Grant, Reader
from dashboard.db import Store
from dashboard.models import OpenBook, School
from dashboard.vocabulary import Role
from tests.accounts.places import (
    Places,
    headteacher,
    refusals,
)
from tests.accounts.small_app import Browser


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
