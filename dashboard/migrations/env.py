"""Alembic's entry: runs the steps on the connection that `dashboard.migrations` hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import types

import dashboard.models  # noqa: F401  (fills the metadata)
from dashboard.db import Base


def _render_plainly(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """A step must not change when the code does: our own column types are written as what they store."""
    if kind == "type" and isinstance(item, types.TypeDecorator):
        return f"sa.{item.impl!r}"
    if kind == "type" and isinstance(item, types.Enum):
        return f"sa.String(length={item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=_render_plainly,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
