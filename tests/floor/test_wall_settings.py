"""A scope as the settings of a transaction, and the sessions that are opened with them."""

from typing import Any, Final

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from dashboard.access import EVERYTHING, NOTHING, Scope, reading, wall, whole_store, writing
from dashboard.access.wall import _admit_totals
from dashboard.db import Session, Store
from dashboard.models import Cluster, Membership, School, Trust
from tests import builders as put
from tests.conftest import NewStore

NAMES: Final = ("everything", "programmes", "clusters", "schools", "totals")
SCOPE: Final = Scope(programme_ids=frozenset({3}), cluster_ids=frozenset({10, 9, 2}), school_ids=frozenset({40, 5}))


def said(*values: str) -> dict[str, str]:
    return dict(zip((f"dashboard.{name}" for name in NAMES), values, strict=True))


def test_a_scope_is_said_in_full() -> None:
    assert wall(SCOPE) == said("off", "3", "2,9,10", "5,40", "")
    assert wall(EVERYTHING) == said("on", "", "", "", "")
    assert wall(NOTHING) == said("off", "", "", "", "")


@pytest.fixture
def schools(store: Store) -> dict[str, int]:
    """Ford and Lock are in the Mill cluster, Ford in Weir too; the decoy is alone in a cluster."""
    with store.writing() as session:
        mill, weir, decoy = (put.cluster(session, f"{name} Cluster") for name in ("Mill", "Weir", "Decoy"))
        ford, lock = (put.school(session, name, within=mill) for name in ("Ford", "Lock"))
        put.membership(session, weir, ford)
        put.membership(session, weir, ford)
        put.school(session, "Decoy", within=decoy)
        return {"ford": ford.id, "lock": lock.id, "mill": mill.id, "weir": weir.id, "decoy": decoy.id}


def set_in(session: Session) -> dict[str, str | None]:
    """What a transaction of PostgreSQL says of its reader."""
    return {f"dashboard.{name}": session.scalar(sa.select(sa.func.current_setting(f"dashboard.{name}", True)))
            for name in NAMES}  # fmt: skip


def clusters_in(session: Session) -> set[int]:
    return set(session.scalars(sa.select(Cluster.id)))


def test_reading_for_a_scope_says_it_and_admits_the_totals_of_its_schools(
    walled: Store, schools: dict[str, int]
) -> None:
    mill, weir, ford, decoy = (schools[name] for name in ("mill", "weir", "ford", "decoy"))
    expected = {
        Scope(school_ids=frozenset({ford})): ({mill, weir}, said("off", "", "", f"{ford}", f"{mill},{weir}")),
        Scope(cluster_ids=frozenset({decoy}), school_ids=frozenset({ford})): (
            {mill, weir, decoy}, said("off", "", f"{decoy}", f"{ford}", f"{mill},{weir}"),
        ),
        Scope(cluster_ids=frozenset({decoy})): ({decoy}, said("off", "", f"{decoy}", "", "")),
        NOTHING: (set(), said("off", "", "", "", "")),
        EVERYTHING: ({mill, weir, decoy}, said("on", "", "", "", "")),
    }  # fmt: skip
    for scope, (seen, settings) in expected.items():
        with reading(walled, scope) as session:
            if walled.is_postgresql:
                assert set_in(session) == settings
                assert clusters_in(session) == seen
            else:
                assert clusters_in(session) == {mill, weir, decoy}, "SQLite has no such wall"


def test_a_session_that_reads_stores_nothing(walled: Store) -> None:
    for scope in (NOTHING, EVERYTHING, SCOPE):
        with pytest.raises(DBAPIError), reading(walled, scope) as session:
            put.put(session, Trust(slug="new", name="New"))


def test_what_one_reader_said_is_forgotten_with_the_transaction(walled: Store, schools: dict[str, int]) -> None:
    for opened in (reading, writing):
        with opened(walled, Scope(school_ids=frozenset({schools["ford"]}))):
            pass
        with walled.reading() as session:
            if walled.is_postgresql:
                assert {value or "" for value in set_in(session).values()} == {""}
            wanted = () if walled.is_postgresql else ("mill", "weir", "decoy")
            assert clusters_in(session) == {schools[name] for name in wanted}


def test_totals_are_admitted_to_one_transaction_even_if_it_is_stored(new_postgresql: NewStore) -> None:
    address = new_postgresql()
    with whole_store(address) as whole, whole.writing() as session:
        mill = put.cluster(session)
        scope = Scope(school_ids=frozenset({put.school(session, "Ford", within=mill).id}))
        admitted = str(mill.id)
    with Store(address) as walled:
        with writing(walled, scope) as session:
            _admit_totals(session, scope)
            assert set_in(session)["dashboard.totals"] == admitted
        with walled.reading() as session:  # the same connection, and nobody says anything on it
            assert not set_in(session)["dashboard.totals"]


@pytest.mark.usefixtures("schools")
def test_only_a_reader_of_a_school_is_asked_for_its_clusters(walled: Store) -> None:
    """One question more, and only where there is a wall to admit them through."""
    for scope, more in ((EVERYTHING, 0), (Scope(cluster_ids=frozenset({1})), 0), (SCOPE, 1)):
        asked: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any, asked: list[str] = asked) -> None:
            asked.append(statement)

        sa.event.listen(walled.engine, "before_cursor_execute", note)
        with reading(walled, scope):
            pass
        sa.event.remove(walled.engine, "before_cursor_execute", note)
        assert sum("FROM membership" in each for each in asked) == (more if walled.is_postgresql else 0)


def test_writing_for_a_scope_says_it_and_stores_what_is_its_own(walled: Store, schools: dict[str, int]) -> None:
    mill, lock, decoy = schools["mill"], schools["lock"], schools["decoy"]
    scope = Scope(cluster_ids=frozenset({mill}), school_ids=frozenset({lock}))
    with writing(walled, scope) as session:
        if walled.is_postgresql:
            assert set_in(session) == said("off", "", f"{mill}", f"{lock}", "")
            assert clusters_in(session) == {mill}
        session.execute(sa.update(Cluster).values(focus="Reading"))
    with whole_store(walled.engine.url.render_as_string(hide_password=False)) as whole, whole.reading() as session:
        changed = set(session.scalars(sa.select(Cluster.id).where(Cluster.focus == "Reading")))
        assert (changed == {mill}) if walled.is_postgresql else (decoy in changed)


def put_and_fail(session: Session) -> None:
    put.put(session, School(slug="new", name="New"))
    raise RuntimeError


def test_what_fails_while_it_is_written_is_not_stored(walled: Store) -> None:
    with pytest.raises(RuntimeError), writing(walled, EVERYTHING) as session:
        put_and_fail(session)
    with reading(walled, EVERYTHING) as session:
        assert session.scalars(sa.select(School.slug)).all() == []


def test_a_whole_store_sees_everything_and_its_owner_is_who_was_named(
    store: Store, schools: dict[str, int], tmp_path: Any
) -> None:
    address = store.engine.url.render_as_string(hide_password=False)
    with whole_store(address) as whole:
        assert whole.owner_engine is whole.engine
        with whole.reading() as session:
            assert clusters_in(session) == {schools[name] for name in ("mill", "weir", "decoy")}
            assert len(session.scalars(sa.select(Membership.id)).all()) == 5
        with whole.writing() as session:
            session.add(Cluster(slug="new", name="New"))
    with pytest.raises(TypeError):
        whole_store(address, address)  # type: ignore[misc]
    another = f"sqlite:///{(tmp_path / 'owner.sqlite').as_posix()}"
    with whole_store(address, owner_url=another) as whole:
        assert whole.engine.url == store.engine.url
        assert whole.owner_engine.url == sa.make_url(another)
