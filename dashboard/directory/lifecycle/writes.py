"""How a command writes behind a form; within a batch that can be undone it is `dashboard.changes.Changes`."""

from typing import Any

from sqlalchemy.orm import Session

from dashboard.changes import Outcome
from dashboard.db import Base
from dashboard.models import Provenanced


class ByHand:
    """The writes behind a form, which belong to no batch: the audit event of the command tells of them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def session(self) -> Session:
        """The session of the one transaction."""
        return self._session

    def add(self, row: Base) -> None:
        """Put a new row into the store."""
        self._session.add(row)

    def edit(self, row: Base, **values: Any) -> Outcome:
        """Set columns of a stored row. Says UNCHANGED when all of them stood there already."""
        if all(getattr(row, name) == value for name, value in values.items()):
            return Outcome.UNCHANGED
        for name, value in values.items():
            setattr(row, name, value)
        if isinstance(row, Provenanced):
            row.changed_by_hand()
        return Outcome.CHANGED

    def remove(self, row: Base) -> None:
        """Take a stored row out."""
        self._session.delete(row)
