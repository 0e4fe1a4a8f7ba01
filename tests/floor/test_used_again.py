"""A database that one test after another uses is to each of them like a new one."""

import sqlalchemy as sa

from dashboard.access import whole_store
from dashboard.models import Programme
from tests.conftest import NewStore
from tests.used_again import Template


def put(address: str, number: int) -> list[str]:
    """So many programmes, each changed once; and their names as the store gives them to who asks for no order."""
    with whole_store(address) as store:
        for each in range(number):
            with store.writing() as session:
                row = Programme(slug=f"p-{each}", name=f"Programme {each}")
                session.add(row)
                session.flush()
                row.name = f"Programme {each} " + "x" * 150
        with store.reading() as session:
            return [name.split()[1] for name in session.scalars(sa.select(Programme.name))]


def test_rows_lie_in_the_order_in_which_they_were_put_there(new_postgresql: NewStore, new_database: Template) -> None:
    address = new_postgresql()
    name = sa.make_url(address).database
    assert name is not None
    assert len(put(address, 120)) == 120
    assert new_database.restore(name)
    with whole_store(address) as store, store.reading() as session:
        assert session.scalar(sa.text("SELECT pg_relation_size('programme')")) == 0
    assert put(address, 60) == [str(each) for each in range(60)]
