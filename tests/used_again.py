"""Databases of PostgreSQL and connections to them that one test after another uses.

A new database takes the server and us as long as all that a short test does there: files are copied and dropped, and
every new connection reads the catalogue, the policies and the triggers again. So a database that a test has done with
is emptied, as far as it was filled, and given to the next. That one finds what a new one holds: no row but those of
the template, every sequence at its start, nothing set, locked or listened to. Whoever changed more than rows (any
entry of the catalogue) or left a connection open gives the next test no such database: it is dropped, as it always was.
"""

import json
import os
import select
from collections import defaultdict
from contextlib import suppress
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from psycopg.pq import ExecStatus, TransactionStatus

from dashboard import db

_MOST_ROWS: Final = 400_000
"""Bytes of a table or index of a database that is still worth emptying."""
_MOST_CONNECTIONS: Final = 4
"""To one database."""

_CATALOGUE: Final = (
    "pg_attrdef", "pg_attribute", "pg_class", "pg_constraint", "pg_default_acl", "pg_event_trigger", "pg_extension",
    "pg_index", "pg_namespace", "pg_policy", "pg_proc", "pg_rewrite", "pg_sequence", "pg_trigger", "pg_type",
)  # fmt: skip
_PRINT: Final = " UNION ALL ".join(
    f"SELECT '{each}', count(*), max(xmin::text::bigint) FROM {each}"  # noqa: S608 (names from above)
    for each in _CATALOGUE
)
"""Rows that were put in or changed are newer than all others, and of rows taken out there are fewer."""

_ALONE: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> ALL (%s::int[]) "
    "AND backend_type = 'client backend'"
)
_LARGEST: Final = (
    "SELECT max(pg_relation_size(oid)) FROM pg_class WHERE relnamespace = 'public'::regnamespace "
    "AND relkind IN ('r', 'i')"
)
_FILLED: Final = """SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0"""
_AT_THE_START: Final = "SELECT count(setval(seqrelid, seqstart, false)) FROM pg_sequence"
_FORGET: Final = (
    b"RESET ALL; RESET ROLE; SET SESSION AUTHORIZATION DEFAULT; UNLISTEN *; CLOSE ALL; DISCARD TEMP; "
    b"DISCARD SEQUENCES; SELECT pg_advisory_unlock_all()"
)

Key = tuple[int, str]


class Connections:
    """Those to databases of tests that an engine has closed, by what they were made with. Each forgets whatever it was
    told before another engine gets it.
    """

    close_returns = True
    """What psycopg asks the pool of a connection, before it calls `putconn` instead of closing it."""

    def __init__(self) -> None:
        self._closed: dict[str, list[tuple[Key, psycopg.Connection[Any]]]] = defaultdict(list)

    def listen(self, engine: sa.Engine) -> None:
        """Give an engine one of ours, if there is one, whenever it wants a connection."""
        sa.event.listen(engine, "do_connect", self._connect)

    def _connect(self, dialect: Any, _record: Any, parts: Any, named: Any) -> Any:
        name = named.get("dbname", "")
        if not name.startswith("store_"):
            return None
        key = (os.getpid(), repr((parts, sorted((each, str(named[each])) for each in named if each != "context"))))
        closed = self._closed[name]
        for entry in reversed(closed):
            if entry[0] == key:
                with suppress(ValueError):  # another thread has taken it
                    closed.remove(entry)
                    if _is_sound(entry[1]):
                        return entry[1]
                    _finish(entry[1])
        connection = dialect.connect(*parts, **named)
        connection._pool, connection.key = self, key
        return connection

    def putconn(self, connection: Any) -> None:
        """Take a connection back from whoever wanted to close it."""
        name = connection.info.dbname
        if len(self._closed[name]) < _MOST_CONNECTIONS and _forgets(connection):
            self._closed[name].append((connection.key, connection))
        else:
            _finish(connection)

    def to(self, name: str) -> list[psycopg.Connection[Any]]:
        """Those to one database that are not in use."""
        return [connection for _, connection in self._closed[name]]

    def finish(self, name: str) -> None:
        """Close those to a database that goes."""
        for connection in self.to(name):
            _finish(connection)
        self._closed.pop(name)


def _is_sound(connection: psycopg.Connection[Any]) -> bool:
    """Whether the server has not said good-bye meanwhile: there is nothing else that it says unasked."""
    return not connection.broken and not select.select([connection.fileno()], [], [], 0)[0]


def _forgets(connection: psycopg.Connection[Any]) -> bool:
    done = {TransactionStatus.IDLE, TransactionStatus.INTRANS, TransactionStatus.INERROR}
    if connection.key[0] != os.getpid() or connection.info.transaction_status not in done:  # type: ignore[attr-defined]
        return False
    try:
        connection.rollback()
        connection.autocommit = False
        connection.isolation_level = connection.read_only = connection.deferrable = None
        told = connection.pgconn.exec_(_FORGET)
    except psycopg.Error:
        return False
    connection._notice_handlers.clear()
    return told.status == ExecStatus.TUPLES_OK


def _finish(connection: psycopg.Connection[Any]) -> None:
    connection._pool = None
    connection.close()


KEPT: Final = Connections()


def use_connections_again() -> None:
    """From now on, in this process."""
    make = db._create_engine

    def make_listening(url: str, *more: Any) -> sa.Engine:
        engine = make(url, *more)
        if engine.dialect.name == "postgresql":
            KEPT.listen(engine)
        return engine

    db._create_engine = make_listening


class Template:
    """What a new database holds."""

    def __init__(self, connection: sa.Connection) -> None:
        self._print = connection.exec_driver_sql(_PRINT).all()
        self._rows: dict[str, str] = {}
        for (table,) in connection.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
            "AND pg_relation_size(oid) > 0"
        ):
            rows = connection.exec_driver_sql(f"SELECT to_json(each) FROM {table} AS each").scalars().all()  # noqa: S608
            self._rows[table] = json.dumps(rows)

    def restore(self, name: str) -> bool:
        """Make a database what it was when it was made; False if that cannot be done."""
        connections = KEPT.to(name)
        if not connections or connections[0].broken:
            return False
        first = connections[0]
        pids = [each.info.backend_pid for each in connections]
        try:
            with first.transaction(), first.cursor() as cursor:
                if cursor.execute(_ALONE, (pids,)).fetchone() != (0,):
                    return False
                if cursor.execute(_PRINT).fetchall() != [tuple(row) for row in self._print]:
                    return False
                largest = cursor.execute(_LARGEST).fetchone()
                if largest is None or largest[0] > _MOST_ROWS:
                    return False
                filled = [table for (table,) in cursor.execute(_FILLED)]
                cursor.execute("SET LOCAL session_replication_role = replica")
                for table in filled:
                    cursor.execute(f"DELETE FROM {table}")  # noqa: S608
                cursor.execute(_AT_THE_START)
            if filled:
                # Else a row would be put where one was, and those who ask for no order would get them in another one.
                first.autocommit = True
                first.execute(f"VACUUM {', '.join(filled)}")
                first.autocommit = False
            with first.transaction(), first.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                for table, rows in self._rows.items():
                    statement = f"INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608
                    cursor.execute(statement, (rows,))
        except psycopg.Error:
            return False
        return True
