"""Consent to an open book is given by the school itself, and can be taken back."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from dashboard import access, migrations
from dashboard.access import EVERYTHING, NOTHING, Scope
from dashboard.audit import Actor
from dashboard.benchmarks.open_book import OpenBookRefused, OpenBooks, load_open_books
from dashboard.changes import Outcome
from dashboard.db import Store
from dashboard.models import Cluster, Membership, OpenBook, School
from tests.accounts.places import events, settled
from tests.builders import membership, put, school

DAY = date(2017, 3, 1)
LATER = date(2017, 4, 1)
ACTOR = Actor("headteacher", "192.0.2.7", 41)


def own(*school_ids: int) -> Scope:
    return Scope(school_ids=frozenset(school_ids))


def agree(store: Store, cluster_id: int, school_id: int, *, scope: Scope | None = None, on: date = DAY) -> Outcome:
    chosen = scope if scope is not None else own(school_id)
    with access.writing(store, chosen) as session:
        books = OpenBooks(session, ACTOR, chosen)
        books.agree(cluster_id, school_id, on)
        return books.outcome


def withdraw(store: Store, cluster_id: int, school_id: int, *, scope: Scope | None = None, on: date = LATER) -> Outcome:
    chosen = scope if scope is not None else own(school_id)
    with access.writing(store, chosen) as session:
        books = OpenBooks(session, ACTOR, chosen)
        books.withdraw(cluster_id, school_id, on)
        return books.outcome


def books(store: Store) -> list[tuple[int, int, date, date | None]]:
    with store.reading() as session:
        columns = (OpenBook.cluster_id, OpenBook.school_id, OpenBook.agreed_on, OpenBook.withdrawn_on)
        return [tuple(row) for row in session.execute(sa.select(*columns).order_by(OpenBook.id))]


def test_a_school_agrees_once_and_can_take_it_back_and_agree_again(store: Store) -> None:
    at = settled(store)
    assert agree(store, at.mill, at.mill_school) is Outcome.CHANGED
    assert agree(store, at.mill, at.mill_school, on=LATER) is Outcome.UNCHANGED
    assert withdraw(store, at.mill, at.mill_school) is Outcome.CHANGED
    assert withdraw(store, at.mill, at.mill_school) is Outcome.UNCHANGED
    assert agree(store, at.mill, at.mill_school, on=LATER) is Outcome.CHANGED
    assert books(store) == [(at.mill, at.mill_school, DAY, LATER), (at.mill, at.mill_school, LATER, None)]
    told = events(store)
    assert [(event.action, event.cluster_id) for event in told] == [
        ("agree to open book", at.mill), ("withdraw from open book", at.mill), ("agree to open book", at.mill),
    ]  # fmt: skip
    assert (told[1].before or {})["withdrawn_on"] is None
    assert (told[1].after or {})["withdrawn_on"] == LATER.isoformat()


@pytest.mark.parametrize("scope", [EVERYTHING, NOTHING, "cluster", "programme", "neighbour"])
def test_nobody_else_opens_or_closes_the_book_of_a_school(store: Store, scope: Scope | str) -> None:
    at = settled(store)
    scopes = {
        "cluster": Scope(cluster_ids=frozenset({at.mill})),
        "programme": Scope(programme_ids=frozenset({at.river})),
        "neighbour": own(at.ford_school),
    }
    chosen = scopes[scope] if isinstance(scope, str) else scope
    with pytest.raises(OpenBookRefused):
        agree(store, at.mill, at.mill_school, scope=chosen)
    agree(store, at.mill, at.mill_school)
    with pytest.raises(OpenBookRefused):
        withdraw(store, at.mill, at.mill_school, scope=chosen)
    assert books(store) == [(at.mill, at.mill_school, DAY, None)]
    assert len(events(store)) == 1


def test_a_school_opens_its_book_only_to_a_cluster_it_belongs_to_that_day(store: Store) -> None:
    at = settled(store)
    with store.writing() as session:
        session.execute(sa.update(Membership).where(Membership.school_id == at.mill_school).values(left=DAY))
    for cluster_id, day in ((at.weir, DAY), (999, DAY), (at.mill, DAY + timedelta(days=1))):
        with pytest.raises(OpenBookRefused, match="does not belong"):
            agree(store, cluster_id, at.mill_school, on=day)
    assert agree(store, at.mill, at.mill_school, on=DAY) is Outcome.CHANGED
    # Once it has left it still can take its word back.
    assert withdraw(store, at.mill, at.mill_school, on=LATER) is Outcome.CHANGED


def test_a_headteacher_reads_the_names_of_those_who_agreed_only_after_agreeing(store: Store) -> None:
    at = settled(store)
    agree(store, at.mill, at.ford_school)
    agree(store, at.weir, at.weir_school)

    def read() -> tuple[date | None, int, tuple[str, ...]]:
        with access.reading(store, own(at.mill_school)) as session:
            (row,) = load_open_books(session, own(at.mill_school), DAY)
        assert (row.cluster, row.school) == ("mill-cluster", "mill-school")
        return row.agreed_on, row.others, row.names

    assert read() == (None, 1, ())
    agree(store, at.mill, at.mill_school)
    assert read() == (DAY, 1, ("Ford School",))
    withdraw(store, at.mill, at.ford_school)
    assert read() == (DAY, 0, ())
    agree(store, at.mill, at.ford_school)
    withdraw(store, at.mill, at.mill_school)
    assert read() == (None, 1, ())


def test_a_book_that_was_open_before_covers_attendance_alone(store: Store) -> None:
    at = settled(store)
    agree(store, at.mill, at.mill_school)
    migrations.downgrade(store, "006")
    migrations.upgrade(store)

    def read() -> tuple[date | None, date | None]:
        with access.reading(store, own(at.mill_school)) as session:
            (row,) = load_open_books(session, own(at.mill_school), LATER)
        return row.agreed_on, row.figures_on

    assert read() == (DAY, None)
    assert agree(store, at.mill, at.mill_school, on=LATER) is Outcome.CHANGED
    assert read() == (DAY, LATER)
    assert agree(store, at.mill, at.mill_school, on=LATER) is Outcome.UNCHANGED
    assert withdraw(store, at.mill, at.mill_school) is Outcome.CHANGED
    assert [row[3] for row in books(store)] == [LATER, LATER]


def test_each_own_school_is_listed_once_for_each_cluster_it_belongs_to_or_is_open_in(store: Store) -> None:
    at = settled(store)
    with store.writing() as session:
        session.execute(sa.update(Membership).where(Membership.school_id == at.mill_school).values(left=DAY))
        mill = session.get_one(School, at.mill_school)
        put(session, Membership(cluster_id=at.weir, school_id=mill.id, joined=date(2016, 1, 1), left=date(2016, 2, 1)))
        put(session, Membership(cluster_id=at.weir, school_id=mill.id, joined=date(2016, 6, 1)))
        put(session, Membership(cluster_id=at.weir, school_id=mill.id))
    agree(store, at.mill, at.mill_school)

    def read(on: date, *schools: int) -> list[tuple[str, str]]:
        with access.reading(store, own(*schools)) as session:
            return [(row.school, row.cluster) for row in load_open_books(session, own(*schools), on)]

    both = [("mill-school", "mill-cluster"), ("mill-school", "weir-cluster")]
    assert read(LATER, at.mill_school) == both
    withdraw(store, at.mill, at.mill_school)
    assert read(LATER, at.mill_school) == [("mill-school", "weir-cluster")]
    assert read(DAY, at.mill_school, at.weir_school) == [*both, ("weir-school", "weir-cluster")]
    with store.reading() as session:
        for scope in (EVERYTHING, NOTHING, Scope(cluster_ids=frozenset({at.mill}))):
            assert load_open_books(session, scope, DAY) == []


def test_two_own_schools_in_one_cluster_do_not_speak_for_each_other(store: Store) -> None:
    at = settled(store)
    with store.writing() as session:
        third = school(session, "Brook School").id
        membership(session, session.get_one(Cluster, at.mill), session.get_one(School, third))
    agree(store, at.mill, at.ford_school)
    agree(store, at.mill, third)
    scope = own(at.mill_school, at.ford_school)
    with access.reading(store, scope) as session:
        rows = {row.school: row for row in load_open_books(session, scope, DAY)}
    assert (rows["ford-school"].names, rows["mill-school"].names) == (("Brook School",), ())
    assert rows["mill-school"].agreed_on is None
