"""Opens the store that DATABASE_URL names, for commands that need its schema to be current."""

from dashboard import migrations
from dashboard.access import whole_store
from dashboard.db import Store
from dashboard.intake.problems import Refused
from dashboard.settings import Settings


def open_store() -> Store:
    """The store. One that has no schema at all gets it: nothing can be lost there.

    Raises Refused when the schema is an older one: moving data between schemas is a decision of its own.
    """
    store = whole_store(Settings().database_url)
    current = migrations.current_revision(store)
    if current is None:
        migrations.upgrade(store)
    elif current != migrations.newest_revision():
        store.close()
        raise Refused.because("the store has an older schema; run “python -m dashboard upgrade” first")
    return store
