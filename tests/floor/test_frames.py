"""The few functions of SQL that the two databases spell differently."""

import pytest
import sqlalchemy as sa

from dashboard.db import Store
from dashboard.frames import alphabetical, count_where, largest, read_frame, total
from dashboard.models import School

NAMES = ["St. Nicholas", "St Mark", "ash", "Ash", "Élan", "Ash-Down", "Ash Down", "_Odd"]


def test_names_stand_in_one_order_on_both_databases(store: Store) -> None:
    with store.writing() as session:
        session.add_all(School(slug=str(number), name=name) for number, name in enumerate(NAMES))
    with store.reading() as session:
        stood = session.scalars(sa.select(School.name).order_by(alphabetical(School.name))).all()
    assert list(stood) == sorted(NAMES)


def test_the_order_does_not_follow_the_language_of_the_server(store: Store) -> None:
    statement = str(sa.select(alphabetical(School.name)).compile(store.engine))
    assert ('COLLATE "C"' in statement) == store.is_postgresql


@pytest.mark.parametrize(("numbers", "most"), [((1, 5, 3), 5), ((-1, -7), -1), ((2, 2), 2)])
def test_the_largest_of_several(store: Store, numbers: tuple[int, ...], most: int) -> None:
    with store.reading() as session:
        assert session.scalar(sa.select(largest(*(sa.literal(number) for number in numbers)))) == most


def test_sums_are_whole_numbers_and_nothing_sums_to_nought(store: Store) -> None:
    with store.reading() as session:
        frame = read_frame(
            session, sa.select(total(School.pupils).label("pupils"), count_where(School.pupils > 3).label("large"))
        )
    assert frame.to_dict("records") == [{"pupils": 0, "large": 0}]
    assert [type(value) for value in frame.iloc[0]] == [int, int]


def test_a_frame_keeps_what_is_missing_missing(store: Store) -> None:
    with store.writing() as session:
        session.add_all([School(slug="a", name="A", pupils=3), School(slug="b", name="B")])
    with store.reading() as session:
        frame = read_frame(session, sa.select(School.name, School.pupils).order_by(School.id))
    assert frame["pupils"].tolist() == [3, None]
    assert type(frame["pupils"][0]) is int
