"""From a statement to a frame, the same on both databases."""

from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

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


def count_where(condition: sa.SQLColumnExpression[bool]) -> sa.ColumnElement[int]:
    """How many rows of a group meet a condition."""
    return total(sa.case((condition, 1), else_=0))
