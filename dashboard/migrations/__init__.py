"""Moves a store from one schema to the next. Numbered steps stand in `versions/`; each can be taken back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from dashboard.db import Store

_HERE = Path(__file__).parent


def upgrade(store: Store, revision: str = "head") -> None:
    """Bring the store's schema to `revision`, in one transaction."""
    with store.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection, connection.begin():
        command.upgrade(_config(connection), revision)


def downgrade(store: Store, revision: str = "-1") -> None:
    """Take the schema back, one step unless told otherwise."""
    with store.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection, connection.begin():
        command.downgrade(_config(connection), revision)


def current_revision(store: Store) -> str | None:
    """The step the store stands at; None for a store without a schema."""
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """The step this version of the program needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise LookupError("there is no migration step in dashboard/migrations/versions")
    return head


def _config(connection: object | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", _HERE.as_posix())
    config.attributes["connection"] = connection
    return config
