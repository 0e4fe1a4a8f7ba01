"""How a command writes, whoever calls it: a batch that can be undone, or a form."""

from typing import Any, Protocol

from sqlalchemy.orm import Session

from dashboard.changes import Outcome
from dashboard.db import Base
from dashboard.models import Provenanced


class Writes(Protocol):
    """What a command needs to write: `dashboard.changes.Changes` within a batch, `ByHand` behind a form."""

    @property
    def session(self) -> Session:
        """The session of the one transaction."""

    def add(self, row: Base) -> None:
        """Put a new row into the store."""

    def edit(self, row: Base, **values: Any) -> Outcome:
        """Set columns of a stored row. Says UNCHANGED when all of them stood there already."""

    def remove(self, row: Base) -> None:
        """Take a stored row out."""


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
