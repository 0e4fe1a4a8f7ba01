"""Rows of a register that say nothing."""

import sqlalchemy as sa

from dashboard.models import PersonMark, SchoolMark
from dashboard.vocabulary import Mark


def is_blank(table: type[SchoolMark | PersonMark]) -> sa.ColumnElement[bool]:
    """The condition on rows of a register that say nothing: their mark was taken out, and no note is left."""
    return sa.and_(table.mark == Mark.NOT_RECORDED, table.note.is_(None))
