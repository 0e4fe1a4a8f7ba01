"""From a statement to a frame, the same on both databases."""

from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

Rows = sa.Select[*tuple[Any, ...]]
"""A statement whose columns are told by its docstring."""


def read_frame(session: Session, statement: Rows) -> pd.DataFrame:
    """The rows of a statement under the statement's own column names.

    Values stay plain Python objects (int, str, date, None): pandas must not turn a missing count into 0 or NaN,
    nor pence into floats.
    """
    names = [column.key for column in statement.selected_columns]
    rows = [tuple(row) for row in session.execute(statement)]
    return pd.DataFrame(rows, columns=names, dtype=object)


def total(amount: sa.SQLColumnExpression[Any]) -> sa.ColumnElement[int]:
    """The sum of whole numbers as a whole number, 0 when there are none (PostgreSQL would answer with a decimal)."""
    return sa.cast(sa.func.coalesce(sa.func.sum(amount), 0), sa.BigInteger)


class largest(FunctionElement[int]):  # noqa: N801 (reads as a function of SQL)
    """The largest of several whole numbers, none of them missing: `greatest` in PostgreSQL, `max` in SQLite."""

    inherit_cache = True
    type = sa.Integer()
    name = "largest"


@compiles(largest)
def _greatest(element: largest, compiler: SQLCompiler, **options: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **options)})"


@compiles(largest, "sqlite")
def _max(element: largest, compiler: SQLCompiler, **options: Any) -> str:
    return f"max({compiler.process(element.clauses, **options)})"


class alphabetical(FunctionElement[str]):  # noqa: N801 (reads as a function of SQL)
    """Text to order by, letter by letter: PostgreSQL would follow the language of its server, SQLite never does."""

    inherit_cache = True
    type = sa.String()
    name = "alphabetical"


@compiles(alphabetical)
def _as_it_is(element: alphabetical, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(alphabetical, "postgresql")
def _collated(element: alphabetical, compiler: SQLCompiler, **options: Any) -> str:
    return f'{compiler.process(element.clauses, **options)} COLLATE "C"'


def count_where(condition: sa.SQLColumnExpression[bool]) -> sa.ColumnElement[int]:
    """How many rows of a group meet a condition."""
    return total(sa.case((condition, 1), else_=0))


def began_within(began: sa.SQLColumnExpression[date], days: tuple[date | None, date | None]) -> sa.ColumnElement[bool]:
    """Whether something began on one of some days, the first and the last included; None is no end (`Band.days`)."""
    first, last = days
    return sa.and_(
        sa.true() if first is None else began >= first, sa.true() if last is None else began <= last
    )  # fmt: skip
