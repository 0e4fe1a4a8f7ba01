"""Opens the store that DATABASE_URL names, for commands that need its schema to be current."""

from dashboard import migrations
from dashboard.access import whole_store
from dashboard.db import Store
from dashboard.intake.problems import Refused
from dashboard.settings import Settings


def named_store() -> Store:
    """The store of the settings, whatever its schema; its sessions see everything."""
    settings = Settings()
    return whole_store(settings.database_url, owner_url=settings.database_owner_url or None)


def open_store() -> Store:
    """The store. One that has no schema at all gets it: nothing can be lost there.

    Raises Refused when the schema is an older one: moving data between schemas is a decision of its own.
    """
    store = named_store()
    current = migrations.current_revision(store)
    if current is None:
        migrations.upgrade(store)
    elif current != migrations.newest_revision():
        store.close()
        raise Refused.because("the store has an older schema; run “python -m dashboard upgrade” first")
    return store
