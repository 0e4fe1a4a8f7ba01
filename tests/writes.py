"""A batch for tests that call commands themselves."""

from collections.abc import Generator
from contextlib import contextmanager

from dashboard.changes import Changes
from dashboard.db import Store
from dashboard.models import ImportBatch


@contextmanager
def writing(store: Store) -> Generator[Changes]:
    """The changes of one batch, stored when the block ends."""
    with store.writing() as session:
        changes = Changes(session, ImportBatch(kind="test", file_name="test"))
        yield changes
        changes.finish()
