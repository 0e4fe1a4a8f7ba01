"""The numbered steps up and down, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from dashboard import migrations
from dashboard.db import Base, Store


def test_the_steps_lead_to_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
    assert migrations.current_revision(store) == migrations.newest_revision()
