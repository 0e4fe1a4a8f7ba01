"""The store: reading cannot write, writing is all or nothing, and writers at the same time lose nothing."""

import multiprocessing
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.access import whole_store
from dashboard.db import Store
from dashboard.models import ImportBatch, Programme, School
from tests.conftest import NewStore
from tests.floor.incrementing import INCREMENTS, increment

PROCESSES = 4
NEW_SCHOOL = {"slug": "b", "name": "B", "illustrative": False}


def add_school(store: Store, pupils: int = 0) -> None:
    with store.writing() as session:
        session.add(School(slug="a", name="A", pupils=pupils))


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(sa.select(School.name)))


def test_what_is_written_is_there(store: Store) -> None:
    add_school(store)
    assert names(store) == ["A"]


def test_reading_throws_changes_away(store: Store) -> None:
    add_school(store)
    with store.reading() as session:
        session.scalars(sa.select(School)).one().name = "B"
    assert names(store) == ["A"]


def test_reading_refuses_to_write(store: Store) -> None:
    add_school(store)
    for statement in (sa.update(School).values(name="B"), sa.delete(School), sa.insert(School).values(NEW_SCHOOL)):
        with store.reading() as session, pytest.raises(sa.exc.DBAPIError, match=r"read-?only"):
            session.execute(statement)
    with store.reading() as session:
        session.add(School(**NEW_SCHOOL))
        with pytest.raises(sa.exc.DBAPIError, match=r"read-?only"):
            session.commit()
    assert names(store) == ["A"]


def test_a_connection_that_read_can_write_afterwards(store: Store) -> None:
    names(store)
    add_school(store)
    with pytest.raises(RuntimeError), store.reading():
        raise RuntimeError
    with store.writing() as session:
        session.execute(sa.update(School).values(name="B"))
    assert names(store) == ["B"]


def test_reading_sees_one_moment(store: Store) -> None:
    add_school(store)
    with store.reading() as session:
        assert session.scalar(sa.select(School.name)) == "A"
        with store.writing() as other:
            other.execute(sa.update(School).values(name="B"))
        assert session.scalar(sa.select(School.name)) == "A"
    assert names(store) == ["B"]


def test_writing_keeps_nothing_when_the_block_raises(store: Store) -> None:
    def fail_half_way() -> None:
        with store.writing() as session:
            session.add(School(slug="a", name="A"))
            session.flush()
            session.add(Programme(slug="p", name="P"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert names(store) == []
    with store.reading() as session:
        assert session.scalar(sa.select(sa.func.count(Programme.id))) == 0
    add_school(store)
    assert names(store) == ["A"]


def test_a_row_that_refers_to_nothing_is_refused(store: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError), store.writing() as session:
        session.add(School(slug="a", name="A", batch_id=99))
    assert names(store) == []


def test_processes_that_read_and_write_at_the_same_time_lose_nothing(new_store: NewStore) -> None:
    address = new_store()
    store = whole_store(address)
    add_school(store)
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        pool.map(increment, [address] * PROCESSES, chunksize=1)
        pool.close()
        pool.join()
    with store.reading() as session:
        assert session.scalar(sa.select(School.pupils)) == PROCESSES * INCREMENTS
    store.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moment=st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)),
    hours=st.integers(min_value=-12, max_value=14),
)
def test_a_moment_comes_back_in_utc(store: Store, moment: datetime, hours: int) -> None:
    written = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    with store.writing() as session:
        session.execute(sa.delete(ImportBatch))
        session.add(ImportBatch(kind="schools", file_name="a.csv", created_at=written))
    with store.reading() as session:
        read = session.scalars(sa.select(ImportBatch.created_at)).one()
    assert read == written
    assert read.tzinfo is UTC


def test_a_moment_that_never_came_stays_empty_and_moments_compare(store: Store) -> None:
    with store.writing() as session:
        for hour in (9, 11):
            session.add(
                ImportBatch(kind="schools", file_name=str(hour), created_at=datetime(2026, 6, 1, hour, tzinfo=UTC))
            )
    summer_time = timezone(timedelta(hours=1))
    with store.reading() as session:
        later = sa.select(ImportBatch.file_name).where(
            ImportBatch.created_at > datetime(2026, 6, 1, 11, 30, tzinfo=summer_time)
        )
        assert session.scalars(later).all() == ["11"]
        assert set(session.scalars(sa.select(ImportBatch.undone_at))) == {None}
