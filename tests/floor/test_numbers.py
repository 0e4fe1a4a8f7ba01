"""What the audit knows by number never gets the number of something that is gone."""

from datetime import date

import pytest
import sqlalchemy as sa

from dashboard.db import Base, Session, Store, now_utc
from dashboard.generate import generate
from dashboard.models import Account, Cluster, ImportBatch, OpenBook, Person, Programme, School, ScreenLink
from tests import builders as put


def _made(session: Session, model: type[Base], number: int) -> int:
    """A new row; gives back its number."""
    of_a_cluster = {"cluster_id": 1, "school_id": 1, "agreed_on": date(2016, 9, 1)}
    values = {
        Account: {"email": f"{number}@example.org", "fs_uniquifier": str(number)},
        Cluster: {"slug": f"c{number}", "name": ""},
        ImportBatch: {"kind": "plan", "file_name": ""},
        OpenBook: of_a_cluster,
        Person: {"name": ""},
        Programme: {"slug": f"p{number}", "name": ""},
        School: {"slug": f"s{number}", "name": ""},
        ScreenLink: {"cluster_id": 1, "token_sha256": str(number), "expires_at": now_utc()},
    }[model]
    return int(put.put(session, model(**values)).id)  # type: ignore[attr-defined]


@pytest.mark.parametrize("model", [Account, Cluster, ImportBatch, OpenBook, Person, Programme, School, ScreenLink])
def test_a_number_is_given_once(store: Store, model: type[Base]) -> None:
    with store.writing() as session:
        put.school(session, within=put.cluster(session))
        first = _made(session, model, 1)
        last = _made(session, model, 2)
    with store.writing() as session:
        session.execute(sa.delete(model).where(sa.inspect(model).columns["id"] == last))
    with store.writing() as session:
        assert _made(session, model, 3) > last > first


def test_the_generator_goes_on_after_what_is_gone(store: Store) -> None:
    with store.writing() as session:
        gone = [_made(session, model, number) for number, model in enumerate((Cluster, School, ImportBatch))]
        for model in (Cluster, School, ImportBatch):
            session.execute(sa.delete(model))
    generate(store, clusters=1, schools=3, years=1, seed=1, today=date(2017, 3, 1), report=lambda line: None)
    with store.writing() as session:
        for model, number in zip((Cluster, School, ImportBatch), gone, strict=True):
            least, most = session.execute(sa.select(sa.func.min(model.id), sa.func.max(model.id))).one()
            assert least > number
            assert _made(session, model, 9) > most
