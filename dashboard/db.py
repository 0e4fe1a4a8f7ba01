"""The store: one SQLAlchemy engine over SQLite or PostgreSQL, read in one snapshot, written in one transaction."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

import sqlalchemy as sa
from sqlalchemy.exc import DataError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session

__all__ = ["Base", "Session", "Store", "StoreError", "UnstorableError", "UtcTime", "choice", "now_utc"]

StoreError = SQLAlchemyError
"""Whatever goes wrong between us and the database."""
UnstorableError = DataError
"""A value that the database does not take, such as a text with a NUL."""

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, because a SQLite migration cannot drop one that has none."""

APPLICATION_ROLE: Final = "schools_dashboard"
"""The PostgreSQL role in which everything but a change of schema runs. It owns no table."""

_NO_WALL: Final[Mapping[str, str]] = MappingProxyType({})

_PATIENCE: Final = timedelta(seconds=15)
"""A second writer of a SQLite store waits its turn instead of failing."""

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",  # readers never wait for the one writer
    "PRAGMA synchronous = FULL",  # what was acknowledged survives a power cut
    "PRAGMA foreign_keys = ON",  # off by default in SQLite
    "PRAGMA cache_size = -65536",  # 64 MiB of pages: a national overview reads them again and again
)


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = sa.MetaData(naming_convention=_NAMES)


NUMBERED_ONCE: Final = {"sqlite_autoincrement": True}
"""For tables that the audit, a link or a feed knows by number: SQLite gives none out twice."""


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
    block ends and rolls everything back when it raises. On PostgreSQL both run as `APPLICATION_ROLE` behind row-level
    security: `wall` is what the transaction says of its reader (`dashboard.access.wall`), and without one it sees
    nothing of any cluster. SQLite has no such wall; there the scope of each query stands alone.
    """

    def __init__(self, url: str, *, wall: Mapping[str, str] = _NO_WALL, owner_url: str | None = None) -> None:
        """`wall` holds where a session names none itself; `owner_url` is who may change the schema, if another."""
        self.engine = _create_engine(url, wall)
        self.owner_engine = _create_engine(owner_url, _NO_WALL) if owner_url else self.engine

    @contextmanager
    def reading(self, wall: Mapping[str, str] | None = None) -> Generator[Session]:
        """A session on one snapshot of the store; whatever it changed is thrown away."""
        options: dict[str, Any] = (
            {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            if self.is_postgresql
            else {"sqlite_readonly": True}
        )
        with self._connect(wall, **options) as connection, Session(connection) as session:
            yield session

    @contextmanager
    def writing(self, wall: Mapping[str, str] | None = None, *, patience: timedelta = _PATIENCE) -> Generator[Session]:
        """A session in one write transaction: all of the block is stored, or nothing.

        `patience` is how long to wait for another writer of a SQLite store before OperationalError is raised.
        """
        with (
            self._connect(wall, sqlite_begin="IMMEDIATE", patience=patience) as connection,
            Session(connection) as session,
            session.begin(),
        ):
            yield session

    def _connect(self, wall: Mapping[str, str] | None, **options: Any) -> sa.Connection:
        if wall is not None:
            options["wall"] = wall
        return self.engine.connect().execution_options(**options)

    @property
    def is_postgresql(self) -> bool:
        """Whether this store is PostgreSQL rather than SQLite."""
        return self.engine.dialect.name == "postgresql"

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()
        self.owner_engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self.close()


def _create_engine(url: str, wall: Mapping[str, str]) -> sa.Engine:
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        if address.database and address.database != ":memory:":
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(address, hide_parameters=True)
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    if address.drivername in {"postgres", "postgresql"}:
        address = address.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(
        address,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=8,
        hide_parameters=True,  # a stack in the log quotes no address and no digest
        execution_options={"wall": wall},
    )
    sa.event.listen(engine, "connect", _prepare_postgresql)
    sa.event.listen(engine, "begin", _begin_postgresql)
    return engine


_MAY_TAKE_ROLE: Final = """
SELECT EXISTS (
    SELECT FROM pg_roles AS role
    WHERE role.rolname = %s AND pg_has_role(role.oid, 'MEMBER')
        AND has_table_privilege(role.oid, to_regclass('audit_head'), 'SELECT')
)"""


def _prepare_postgresql(connection: Any, record: Any) -> None:
    """Note whether the application's role is there to be taken; in an older schema it is not."""
    with connection.cursor() as cursor:
        cursor.execute(_MAY_TAKE_ROLE, (APPLICATION_ROLE,))
        record.info["has_role"] = cursor.fetchone()[0]
    connection.rollback()


def _begin_postgresql(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if options.get("as_owner"):  # a step between schemas moves every row, and an owner stands before the wall too
        connection.exec_driver_sql("SELECT set_config('dashboard.everything', 'on', true)")
        return
    settings = dict(options.get("wall", _NO_WALL))
    if connection.info["has_role"]:
        settings["role"] = APPLICATION_ROLE
    if settings:
        # For this transaction alone: the pool hands one connection to readers of every kind in turn.
        said = ", ".join("set_config(%s, %s, true)" for _ in settings)
        connection.exec_driver_sql(f"SELECT {said}", tuple(part for pair in settings.items() for part in pair))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions of its own: a read that later writes would lose updates.
    connection.isolation_level = None
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    kind = options.get("sqlite_begin", "DEFERRED")
    # Set each time, because the pool hands one connection to readers and writers in turn.
    patience = options.get("patience", _PATIENCE) // timedelta(milliseconds=1)
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience}")
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if options.get('sqlite_readonly') else 'OFF'}")
    connection.exec_driver_sql(f"BEGIN {kind}")
