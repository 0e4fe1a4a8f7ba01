"""What the audit knows by number never gets the number of something that is gone.

SQLite would give the number of a row that was taken out last to the next one: then events of the one would be read as
events of the other. PostgreSQL's sequences never go back.
"""

from alembic import op

revision = "005"
down_revision = "004"
branch_labels = None
depends_on = None

TABLES = ("programme", "cluster", "school", "person", "import_batch", "open_book")


def upgrade() -> None:
    _rebuild(once=True)


def downgrade() -> None:
    _rebuild(once=False)


def _rebuild(*, once: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in TABLES:
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": once}):
            pass
