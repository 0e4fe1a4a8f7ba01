"""What is the same for every application and every store of a process is worked out for the first of them alone.

A server makes one application and one engine and keeps them; the tests make thousands. Statements would be compiled,
templates translated and addresses turned into functions anew for each, which took as long as what is tested. Nothing
that a test can change is kept: each of these is a pure function of what stands in its key.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import flask
import sqlalchemy as sa
from dash._hooks import HooksManager
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from dashboard import db

_STATEMENTS: Final = 4_000
"""As many as all tests of a worker have of each kind, and not without end."""


def work_out_once() -> None:
    """From now on, in this process."""
    _statements()
    _templates()
    _addresses()
    _plugins()


def _statements() -> None:
    """One store of a kind compiles as another: by the same driver, to a server of the same version. SQLAlchemy looks
    compiled statements up by dialect, and each engine has one of its own.
    """
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__eq__ = lambda self, other: type(self) is type(other)
        dialect.__hash__ = lambda self: hash(type(self))
    _server()
    make, compiled = db._create_engine, LRUCache(_STATEMENTS)

    def make_knowing(url: str, wall: Mapping[str, str]) -> sa.Engine:
        engine = make(url, wall)
        engine.update_execution_options(compiled_cache=compiled)
        return engine

    db._create_engine = make_knowing


def _server() -> None:
    """All databases of PostgreSQL are of one server: each engine would ask it five questions about itself."""
    ask, told = PGDialect_psycopg.initialize, {}

    def ask_once(dialect: PGDialect_psycopg, connection: sa.Connection) -> None:
        if told:
            vars(dialect).update(told)
            return
        before = dict(vars(dialect))
        ask(dialect, connection)
        plain = (bool, int, str, tuple, type(None))
        unset = object()
        told.update(
            (name, value)
            for name, value in vars(dialect).items()
            if isinstance(value, plain) and before.get(name, unset) != value
        )

    PGDialect_psycopg.initialize = ask_once


class _Translated(BytecodeCache):
    """Templates as Python, by their text and by the filters and tests that it may name."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get(self._of(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[self._of(bucket)] = bucket.code

    @staticmethod
    def _of(bucket: Bucket) -> tuple[object, ...]:
        known = bucket.environment
        names = (frozenset(each) for each in (known.filters, known.tests, known.extensions))
        return (bucket.key, bucket.checksum, known.trim_blocks, known.lstrip_blocks, *names)


def _templates() -> None:
    flask.Flask.jinja_options = {**flask.Flask.jinja_options, "bytecode_cache": _Translated()}


def _addresses() -> None:
    """How an address is put together hangs on its rule alone, but where a default is written into it."""
    build, built = Rule._compile_builder, {}

    def build_once(rule: Rule, append_unknown: bool = True) -> Any:
        if rule.defaults:
            return build(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in built:
            built[key] = build(rule, append_unknown)
        return built[key]

    Rule._compile_builder = build_once
    _parts_of_addresses()


def _parts_of_addresses() -> None:
    """What an address is recognised by hangs on its rule and on the kinds of parts that the application knows."""
    parse, parsed = Rule._parse_rule, {}

    def parse_once(rule: Rule, text: str) -> Any:
        assert rule.map is not None
        key = (text, frozenset(rule.map.converters.items()))
        if key not in parsed:
            before = len(rule._trace)
            parsed[key] = (tuple(parse(rule, text)), tuple(rule._trace[before:]), dict(rule._converters))
            return parsed[key][0]
        parts, trace, converters = parsed[key]
        rule._trace.extend(trace)
        rule._converters.update(converters)
        rule.arguments.update(converters)
        return parts

    Rule._parse_rule = parse_once


def _plugins() -> None:
    """Dash asks what is installed each time: a hundred files are read."""
    HooksManager.register_setuptools = cache(HooksManager.register_setuptools)
