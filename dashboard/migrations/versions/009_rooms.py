"""What accounts keep of the overview; decisions are told from actions."""

import sqlalchemy as sa
from alembic import op

revision = "009"
down_revision = "008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, columns, once in (
        (
            "watched_cluster",
            [
                sa.Column("cluster_id", sa.Integer(), nullable=False),
                sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name="fk_watched_cluster_cluster_id_cluster"),
                sa.Column("since", sa.DateTime(timezone=True), nullable=False),
            ],
            ("account_id", "cluster_id"),
        ),
        (
            "saved_view",
            [
                sa.Column("name", sa.String(length=60), nullable=False),
                sa.Column("query", sa.String(length=1000), nullable=False),
                sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
            ],
            ("account_id", "name"),
        ),
        (
            "overview_visit",
            [
                sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
                sa.Column("before_at", sa.DateTime(timezone=True), nullable=True),
            ],
            ("account_id",),
        ),
    ):
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("account_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["account_id"], ["account.id"], name=f"fk_{table}_account_id_account", ondelete="CASCADE"
            ),
            *columns,
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
            sa.UniqueConstraint(*once, name=f"uq_{table}_{'_'.join(once)}"),
        )
    op.create_index("ix_watched_cluster_cluster_id", "watched_cluster", ["cluster_id"])
    with op.batch_alter_table("decision", table_kwargs={"sqlite_autoincrement": True}) as decision:
        decision.add_column(sa.Column("kind", sa.String(length=40), nullable=False, server_default="decision"))
        decision.add_column(sa.Column("sent_as", sa.String(length=40), nullable=True))
    with op.batch_alter_table("decision", table_kwargs={"sqlite_autoincrement": True}) as decision:
        decision.alter_column("kind", existing_type=sa.String(length=40), server_default=None)
        decision.create_unique_constraint("uq_decision_cluster_id_sent_as", ["cluster_id", "sent_as"])


def downgrade() -> None:
    with op.batch_alter_table("decision", table_kwargs={"sqlite_autoincrement": True}) as decision:
        decision.drop_constraint("uq_decision_cluster_id_sent_as", type_="unique")
        decision.drop_column("sent_as")
        decision.drop_column("kind")
    for table in ("overview_visit", "saved_view", "watched_cluster"):
        op.drop_table(table)
