"""Moves a store from one schema to the next. Numbered steps stand in `versions/`; each can be taken back."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from dashboard.db import Store

_HERE = Path(__file__).parent


class BrokenReferences(Exception):
    """A step would have left rows that refer to nothing; the store stays as it was."""


def upgrade(store: Store, revision: str = "head") -> None:
    """Bring the store's schema to `revision`, in one transaction."""
    with _changing(store) as connection:
        command.upgrade(_config(connection), revision)
    store.close()  # connections note once whether the application's role may be taken


def downgrade(store: Store, revision: str = "-1") -> None:
    """Take the schema back, one step unless told otherwise."""
    with _changing(store) as connection:
        command.downgrade(_config(connection), revision)
    store.close()


def current_revision(store: Store) -> str | None:
    """The step the store stands at; None for a store without a schema."""
    with store.owner_engine.connect().execution_options(as_owner=True) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """The step this version of the program needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise LookupError("there is no migration step in dashboard/migrations/versions")
    return head


@contextmanager
def _changing(store: Store) -> Generator[sa.Connection]:
    """A connection in one write transaction, in which every table may be rebuilt."""
    options = {"sqlite_begin": "IMMEDIATE", "as_owner": True}
    with store.owner_engine.connect().execution_options(**options) as connection:
        if store.is_postgresql:
            with connection.begin():
                yield connection
            return
        # SQLite rebuilds a table to alter it, and would refuse to drop one that others refer to. The switch works
        # only outside a transaction, so it is set past SQLAlchemy, which would begin one.
        driver = connection.connection.cursor()
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                before = MigrationContext.configure(connection).get_current_revision()
                yield connection
                if MigrationContext.configure(connection).get_current_revision() != before:
                    _refuse_broken_references(connection)
        finally:
            driver.execute("PRAGMA foreign_keys = ON")
            driver.close()


def _refuse_broken_references(connection: sa.Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise BrokenReferences(f"the step would leave rows of {broken[0]} that refer to missing rows of {broken[2]}")


def _config(connection: object | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", _HERE.as_posix())
    config.attributes["connection"] = connection
    return config
