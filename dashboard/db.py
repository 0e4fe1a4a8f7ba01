"""The store: one SQLAlchemy engine over SQLite or PostgreSQL, read in one snapshot, written in one transaction."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Session

__all__ = ["Base", "Session", "Store", "UtcTime", "choice", "now_utc"]

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, because a SQLite migration cannot drop one that has none."""

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",  # readers never wait for the one writer
    "PRAGMA synchronous = FULL",  # what was acknowledged survives a power cut
    "PRAGMA foreign_keys = ON",  # off by default in SQLite
    "PRAGMA busy_timeout = 15000",  # a second writer waits its turn instead of failing
    "PRAGMA cache_size = -65536",  # 64 MiB of pages: a national overview reads them again and again
)


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = sa.MetaData(naming_convention=_NAMES)


def choice(values: type[StrEnum]) -> sa.Enum:
    """A column type for a fixed list of words, stored as the word itself on both databases."""
    return sa.Enum(
        values,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda each: [v.value for v in each],
    )


def now_utc() -> datetime:
    """The present moment, in UTC, without parts of a second."""
    return datetime.now(UTC).replace(microsecond=0)


class UtcTime(sa.types.TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no time zone, so it is put back on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        return value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC) if value is not None else None


class Store:
    """The one way to the database.

    `reading()` gives a session that sees one moment and cannot write; `writing()` gives one that commits when the
    block ends and rolls everything back when it raises.
    """

    def __init__(self, url: str) -> None:
        self.engine = _create_engine(url)

    @contextmanager
    def reading(self) -> Generator[Session]:
        """A session on one snapshot of the store; whatever it changed is thrown away."""
        options: dict[str, Any] = (
            {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            if self.is_postgresql
            else {"sqlite_readonly": True}
        )
        with self.engine.connect().execution_options(**options) as connection, Session(connection) as session:
            yield session

    @contextmanager
    def writing(self) -> Generator[Session]:
        """A session in one write transaction: all of the block is stored, or nothing."""
        with (
            self.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection,
            Session(connection) as session,
            session.begin(),
        ):
            yield session

    @property
    def is_postgresql(self) -> bool:
        """Whether this store is PostgreSQL rather than SQLite."""
        return self.engine.dialect.name == "postgresql"

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self.close()


def _create_engine(url: str) -> sa.Engine:
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        if address.database and address.database != ":memory:":
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(address)
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    if address.drivername in {"postgres", "postgresql"}:
        address = address.set(drivername="postgresql+psycopg")
    return sa.create_engine(address, pool_pre_ping=True, pool_size=8, max_overflow=8)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions of its own: a read that later writes would lose updates.
    connection.isolation_level = None
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    kind = options.get("sqlite_begin", "DEFERRED")
    # Set each time, because the pool hands one connection to readers and writers in turn.
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if options.get('sqlite_readonly') else 'OFF'}")
    connection.exec_driver_sql(f"BEGIN {kind}")
