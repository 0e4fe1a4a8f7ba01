"""On a server that is not one's own: who owns the database is no superuser, and the walls stand all the same."""

from collections.abc import Callable, Generator
from importlib import import_module

import pytest
import sqlalchemy as sa

from dashboard import migrations
from dashboard.access import EVERYTHING, Scope, reading, wall, whole_store
from dashboard.db import APPLICATION_ROLE, Store
from dashboard.integrity import find_faults
from tests.floor.whole_world import build, ids_of

MAKE_ROLE: str = import_module("dashboard.migrations.versions.004_walls").MAKE_ROLE
KEEPER = "plain_keeper"

Administer = Callable[[str], None]


@pytest.fixture
def administer(postgresql_server: sa.URL) -> Generator[Administer]:
    """Runs a statement as the server's superuser, each by itself."""
    engine = sa.create_engine(postgresql_server, isolation_level="AUTOCOMMIT")

    def run(statement: str) -> None:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)

    yield run
    engine.dispose()


@pytest.fixture
def kept_store(postgresql_server: sa.URL, administer: Administer) -> Generator[Store]:
    """An empty database of a user who may do nothing but own it, and take on the application's role."""
    administer(f"CREATE ROLE {KEEPER} LOGIN")
    administer(f"GRANT {APPLICATION_ROLE} TO {KEEPER}")
    administer(f"CREATE DATABASE kept OWNER {KEEPER}")
    address = postgresql_server.set(database="kept", username=KEEPER)
    with whole_store(address.render_as_string(hide_password=False)) as store:
        yield store
    administer("DROP DATABASE kept WITH (FORCE)")
    administer(f"DROP ROLE {KEEPER}")


def test_a_plain_owner_sets_the_store_up_fills_it_and_takes_it_down(kept_store: Store) -> None:
    migrations.upgrade(kept_store)
    whole = build(kept_store)
    assert find_faults(kept_store) == []
    with reading(kept_store, Scope(cluster_ids=frozenset({whole.clusters["mill"]}))) as session:
        assert session.scalar(sa.text("SELECT current_user")) == APPLICATION_ROLE
        assert ids_of(session)["meeting"] == whole.rows("mill")["meeting"]
    migrations.downgrade(kept_store, "base")
    migrations.upgrade(kept_store)
    with kept_store.reading() as session:
        assert ids_of(session)["meeting"] == set()


def test_even_the_owner_stands_before_the_wall(kept_store: Store) -> None:
    migrations.upgrade(kept_store)
    whole = build(kept_store)
    with kept_store.engine.connect().execution_options(as_owner=True) as connection:
        for name, value in wall(Scope(cluster_ids=frozenset({whole.clusters["mill"]}))).items():
            connection.execute(sa.select(sa.func.set_config(name, value, True)))
        assert connection.scalar(sa.text("SELECT current_user")) == KEEPER
        assert set(connection.scalars(sa.text("SELECT id FROM meeting"))) == whole.rows("mill")["meeting"]
        connection.execute(sa.select(sa.func.set_config("dashboard.everything", "on", True)))
        assert len(connection.scalars(sa.text("SELECT id FROM meeting")).all()) == 3


def test_references_are_checked_and_followed_behind_the_wall(kept_store: Store) -> None:
    migrations.upgrade(kept_store)
    whole = build(kept_store)
    with kept_store.writing(wall(EVERYTHING)) as session, pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.text("DELETE FROM cluster"))
    hidden = {"cluster_id": whole.clusters["decoy"], "school_id": whole.schools["mill ford"]}
    with kept_store.writing(wall(Scope(school_ids=frozenset({hidden["school_id"]})))) as session:
        # A school may be named with a cluster that its reader does not see: that it is there is checked past the wall.
        session.execute(
            sa.text(
                "INSERT INTO open_book (cluster_id, school_id, agreed_on, covers_figures) "
                "VALUES (:cluster_id, :school_id, now(), true)"
            ),
            hidden,
        )
        session.rollback()


def test_a_user_who_may_make_roles_makes_the_applications_and_may_take_it_on(
    postgresql_server: sa.URL, administer: Administer
) -> None:
    administer(f"CREATE ROLE {KEEPER} LOGIN CREATEROLE")
    engine = sa.create_engine(postgresql_server.set(username=KEEPER))
    role = "made_by_the_keeper"
    try:
        with engine.begin() as connection:
            connection.execute(sa.text(MAKE_ROLE.replace(APPLICATION_ROLE, role)))
            connection.execute(sa.text(MAKE_ROLE.replace(APPLICATION_ROLE, role)))
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL ROLE {role}")
            assert connection.scalar(sa.text("SELECT current_user")) == role
    finally:
        engine.dispose()
        administer(f"DROP ROLE IF EXISTS {role}")
        administer(f"DROP ROLE {KEEPER}")


def test_a_user_who_may_make_no_role_is_told_what_to_ask_for(postgresql_server: sa.URL, administer: Administer) -> None:
    administer(f"CREATE ROLE {KEEPER} LOGIN")
    engine = sa.create_engine(postgresql_server.set(username=KEEPER))
    try:
        with engine.connect() as connection, pytest.raises(sa.exc.ProgrammingError) as refused:
            connection.execute(sa.text(MAKE_ROLE.replace(APPLICATION_ROLE, "not_there")))
        assert "the role not_there is missing and this user may not make it" in str(refused.value)
        assert "CREATE ROLE not_there NOLOGIN" in str(refused.value.orig.diag.message_hint)
    finally:
        engine.dispose()
        administer(f"DROP ROLE {KEEPER}")
