"""A page asks the store a fixed number of times, however many clusters there are."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.access import Grant, Reader, whole_store
from dashboard.db import Store
from dashboard.generate import generate
from dashboard.models import Cluster, School
from dashboard.screens.addresses import find_place
from dashboard.screens.visit import Visit
from dashboard.ui.theme import Look
from dashboard.vocabulary import Role
from tests.conftest import NewStore

TODAY = date(2026, 2, 12)
DIRECTOR = Reader("A director", (Grant(Role.DIRECTOR),))
STATEMENTS = {"/": 23, "/cluster/": 20, "/school/": 26, "/screen/": 19, "/money": 21, "/plan": 28}
"""How many statements each page takes, whatever the size of the store."""


@contextmanager
def statements(store: Store) -> Generator[list[str]]:
    """The SELECTs that are sent while the block runs."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "set_config" in statement:
            return  # PostgreSQL's wall: it comes with the beginning of the transaction
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            sent.append(statement)

    sa.event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(store.engine, "before_cursor_execute", note)


def count(store: Store, path: str, **choices: str) -> int:
    place = find_place(path)
    assert place is not None
    visit = Visit(DIRECTOR, place.scope(DIRECTOR), TODAY, path, choices, Look())
    with store.reading() as session, statements(store) as sent:
        assert place.build(session, visit) is not None
    return len(sent)


def filled(new_store: Callable[[], str], clusters: int) -> Store:
    store = whole_store(new_store())
    generate(store, clusters=clusters, schools=6 * clusters, years=2, seed=3, today=TODAY, report=lambda _line: None)
    return store


def paths(store: Store) -> dict[str, str]:
    with store.reading() as session:
        cluster = session.scalar(sa.select(Cluster.slug).limit(1))
        school = session.scalar(sa.select(School.slug).limit(1))
    return {
        "/": "/",
        "/cluster/": f"/cluster/{cluster}",
        "/school/": f"/school/{school}",
        "/screen/": f"/screen/{cluster}",
        "/money": f"/cluster/{cluster}/money",
        "/plan": f"/cluster/{cluster}/plan",
    }


@pytest.mark.parametrize("clusters", [2, 12])
def test_each_page_takes_a_fixed_number_of_statements(new_store: NewStore, clusters: int) -> None:
    store = filled(new_store, clusters)
    counts = {page: count(store, path) for page, path in paths(store).items()}
    filtered, by_year = count(store, "/", rate="80-90", flag="act"), count(store, "/", by="programme-year")
    searched = count(store, "/", q="a")
    store.close()
    assert counts == STATEMENTS
    assert filtered == STATEMENTS["/"], "the spread is made of rows that are there"
    assert by_year == STATEMENTS["/"] + 1
    assert searched == STATEMENTS["/"] + 1, "the schools that are found"
