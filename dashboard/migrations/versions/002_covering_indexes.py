"""Indexes that hold every column of a balance and a rate."""

from alembic import op

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocation_cluster_id_year"))
        batch_op.create_index(
            "ix_allocation_balance",
            ["cluster_id", "year", "pot", "part", "school_id", "amount", "illustrative"],
            unique=False,
        )

    with op.batch_alter_table("ledger_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_line_cluster_id_year"))
        batch_op.create_index(
            "ix_ledger_line_balance",
            ["cluster_id", "year", "pot", "part", "school_id", "state", "amount", "illustrative"],
            unique=False,
        )

    with op.batch_alter_table("school_mark", schema=None) as batch_op:
        batch_op.create_index("ix_school_mark_rate", ["meeting_id", "school_id", "mark", "illustrative"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("school_mark", schema=None) as batch_op:
        batch_op.drop_index("ix_school_mark_rate")

    with op.batch_alter_table("ledger_line", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_line_balance")
        batch_op.create_index(batch_op.f("ix_ledger_line_cluster_id_year"), ["cluster_id", "year"], unique=False)

    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.drop_index("ix_allocation_balance")
        batch_op.create_index(batch_op.f("ix_allocation_cluster_id_year"), ["cluster_id", "year"], unique=False)
