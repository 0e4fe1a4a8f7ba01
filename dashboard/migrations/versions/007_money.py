"""Money: receipts and reversals, approvals, contributions, money from outside, decisions, answers about figures."""

import sqlalchemy as sa
from alembic import op

revision = "007"
down_revision = "006"
branch_labels = None
depends_on = None

EVERYTHING = "(SELECT coalesce(current_setting('dashboard.everything', true), '') = 'on')"


def ids(setting: str) -> str:
    return f"(SELECT string_to_array(nullif(current_setting('dashboard.{setting}', true), ''), ',')::integer[])"


def of_the_same_cluster(table: str, column: str, whole: str) -> str:
    """What a row hangs on, if on anything, is of the cluster that the row says it is of."""
    return (
        f"({EVERYTHING} OR {column} IS NULL OR EXISTS (SELECT FROM {whole} AS whole WHERE whole.id = {column}"
        f" AND whole.cluster_id = {table}.cluster_id))"
    )


KEPT = f"{EVERYTHING} OR cluster_id IN (SELECT wall_clusters(false))"
"""Whoever keeps a cluster."""
IN_TOTALS = "cluster_id IN (SELECT wall_clusters(true))"
OWN_SCHOOL = f"school_id = ANY ({ids('schools')}::integer[])"

WALLS = {
    "receipt": (f"{KEPT} OR {OWN_SCHOOL}", of_the_same_cluster("receipt", "line_id", "ledger_line")),
    "approval_request": (KEPT, None),
    "contribution": (f"{KEPT} OR {OWN_SCHOOL}", of_the_same_cluster("contribution", "line_id", "ledger_line")),
    "outside_money": (KEPT, None),
    "decision": (KEPT, None),
    "answered_figure": (f"{KEPT} OR {OWN_SCHOOL}", None),
}
"""Table → who sees and writes its rows, and what else is asked of a row that is written."""
MORE = ("contribution", "outside_money", "decision", "answered_figure")
"""Tables whose rows are read, and not written, by whoever reads a cluster's totals."""
MAY_BREAK_A_RULE = (
    "purpose IS NOT NULL OR request_id IS NOT NULL OR state IN ('approved', 'committed')"
    " OR part = 'release' AND pot <> 'school_held'"
    " OR part IN ('lead_allowance', 'finance_allowance') AND pot <> 'lead_held'"
    " OR part IN ('A', 'B') AND substr(use_code, 1, 1) <> part"
    " OR part = 'coordinator' AND substr(use_code, 1, 1) <> 'C'"
)
"""The lines that a rule of money may ask about whatever they cost: few of many, found without reading the others."""
NUMBERED_ONCE = ("allocation", "carried_balance", "ledger_line")
"""Tables of earlier steps that the audit knows by number from now on: on SQLite none is given out twice (005)."""


def upgrade() -> None:
    _make_tables()
    _widen(once=True)
    op.create_index(
        "ix_ledger_line_may_break_a_rule",
        "ledger_line",
        ["cluster_id", "year"],
        sqlite_where=sa.text(MAY_BREAK_A_RULE),
        postgresql_where=sa.text(MAY_BREAK_A_RULE),
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, (condition, also) in WALLS.items():
        check = f"({condition}) AND {also}" if also else condition
        op.execute(f"CREATE POLICY wall ON {table} USING ({condition}) WITH CHECK ({check})")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for table in MORE:
        op.execute(f"CREATE POLICY more ON {table} FOR SELECT USING ({IN_TOTALS})")


def downgrade() -> None:
    op.execute("DELETE FROM ledger_line WHERE spent_on IS NULL")
    op.execute("DELETE FROM school_alias WHERE school_id IS NULL")
    op.drop_index("ix_ledger_line_may_break_a_rule", "ledger_line")
    op.drop_table("receipt")
    _narrow()
    for table in ("answered_figure", "decision", "outside_money", "contribution", "approval_request"):
        op.drop_table(table)


def _provenance(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=f"fk_{table}_batch_id_import_batch"),
    ]


def _key(table: str) -> list[sa.schema.SchemaItem]:
    return [sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id", name=f"pk_{table}")]


def _points(
    table: str, column: str, to: str, *, nullable: bool = False, ondelete: str | None = None
) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column(column, sa.Integer(), nullable=nullable),
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}", ondelete=ondelete),
    ]


def _make_tables() -> None:
    op.create_table(
        "approval_request",
        *_key("approval_request"),
        *_points("approval_request", "cluster_id", "cluster"),
        *_points("approval_request", "school_id", "school", nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("summary", sa.String(length=1000), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("candidate", sa.String(length=200), nullable=True),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        *_points("approval_request", "asked_by_id", "account", nullable=True, ondelete="SET NULL"),
        sa.Column("asked_as", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("granted", sa.BigInteger(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        *_points("approval_request", "decided_by_id", "account", nullable=True, ondelete="SET NULL"),
        sa.Column("decided_as", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        *_provenance("approval_request"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_approval_request_cluster_id_state", "approval_request", ["cluster_id", "state"])
    op.create_index("ix_approval_request_school_id", "approval_request", ["school_id"])
    op.create_table(
        "contribution",
        *_key("contribution"),
        *_points("contribution", "cluster_id", "cluster"),
        *_points("contribution", "school_id", "school"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("vat", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        *_points("contribution", "line_id", "ledger_line", nullable=True),
        *_points("contribution", "target_id", "target", nullable=True),
        *_provenance("contribution"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contribution_cluster_id_year", "contribution", ["cluster_id", "year"])
    op.create_index("ix_contribution_school_id", "contribution", ["school_id"])
    op.create_index("ix_contribution_line_id", "contribution", ["line_id"])
    op.create_table(
        "outside_money",
        *_key("outside_money"),
        *_points("outside_money", "cluster_id", "cluster"),
        *_points("outside_money", "school_id", "school", nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("party", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=True),
        sa.Column("won", sa.BigInteger(), nullable=True),
        sa.Column("received", sa.BigInteger(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("declared_on", sa.Date(), nullable=True),
        *_points("outside_money", "target_id", "target", nullable=True),
        *_provenance("outside_money"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outside_money_cluster_id", "outside_money", ["cluster_id"])
    op.create_index("ix_outside_money_school_id", "outside_money", ["school_id"])
    op.create_table(
        "decision",
        *_key("decision"),
        *_points("decision", "cluster_id", "cluster"),
        *_points("decision", "meeting_id", "meeting", nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.Column("owner", sa.String(length=60), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        *_points("decision", "noted_by_id", "account", nullable=True, ondelete="SET NULL"),
        sa.Column("noted_as", sa.String(length=60), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decision_cluster_id_decided_on", "decision", ["cluster_id", "decided_on"])
    op.create_index("ix_decision_meeting_id", "decision", ["meeting_id"])
    op.create_table(
        "answered_figure",
        *_key("answered_figure"),
        *_points("answered_figure", "cluster_id", "cluster"),
        *_points("answered_figure", "school_id", "school"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("check_name", sa.String(length=120), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("answered_as", sa.String(length=60), nullable=False),
        sa.UniqueConstraint(
            "cluster_id", "year", "school_id", "check_name",
            name="uq_answered_figure_cluster_id_year_school_id_check_name",
        ),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_index("ix_answered_figure_school_id", "answered_figure", ["school_id"])
    op.create_table(
        "receipt",
        *_key("receipt"),
        *_points("receipt", "line_id", "ledger_line"),
        *_points("receipt", "cluster_id", "cluster"),
        *_points("receipt", "school_id", "school", nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_receipt_line_id", "receipt", ["line_id"])
    op.create_index("ix_receipt_cluster_id", "receipt", ["cluster_id"])


def _widen(*, once: bool) -> None:
    # Whoever agreed before agreed to show attendance: figures are covered by what is agreed from now on.
    with op.batch_alter_table("open_book") as batch_op:
        batch_op.add_column(sa.Column("covers_figures", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("open_book", recreate="auto", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.alter_column("covers_figures", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("school") as batch_op:
        batch_op.add_column(sa.Column("quality_mark_on", sa.Date(), nullable=True))
    with op.batch_alter_table("school_alias") as batch_op:
        batch_op.alter_column("school_id", existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table("allocation") as batch_op:
        batch_op.add_column(sa.Column("contribution_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            "fk_allocation_contribution_id_contribution", "contribution", ["contribution_id"], ["id"]
        )
        batch_op.create_index("ix_allocation_contribution_id", ["contribution_id"])
    with op.batch_alter_table("ledger_line") as batch_op:
        batch_op.add_column(sa.Column("purpose", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("request_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("note", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.alter_column("spent_on", existing_type=sa.Date(), nullable=True)
        batch_op.create_foreign_key(
            "fk_ledger_line_request_id_approval_request", "approval_request", ["request_id"], ["id"]
        )
        batch_op.create_index("ix_ledger_line_request_id", ["request_id"])
        batch_op.create_unique_constraint("uq_ledger_line_reverses_id", ["reverses_id"])
    with op.batch_alter_table("ledger_line") as batch_op:
        batch_op.alter_column("version", existing_type=sa.Integer(), server_default=None)
    _rebuild(once=once)


def _narrow() -> None:
    _rebuild(once=False)
    with op.batch_alter_table("ledger_line") as batch_op:
        batch_op.drop_constraint("uq_ledger_line_reverses_id", type_="unique")
        batch_op.drop_index("ix_ledger_line_request_id")
        batch_op.drop_constraint("fk_ledger_line_request_id_approval_request", type_="foreignkey")
        batch_op.alter_column("spent_on", existing_type=sa.Date(), nullable=False)
        for column in ("version", "note", "request_id", "purpose"):
            batch_op.drop_column(column)
    with op.batch_alter_table("allocation") as batch_op:
        batch_op.drop_index("ix_allocation_contribution_id")
        batch_op.drop_constraint("fk_allocation_contribution_id_contribution", type_="foreignkey")
        batch_op.drop_column("contribution_id")
    with op.batch_alter_table("school_alias") as batch_op:
        batch_op.alter_column("school_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("school") as batch_op:
        batch_op.drop_column("quality_mark_on")
    with op.batch_alter_table("open_book", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.drop_column("covers_figures")


def _rebuild(*, once: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in NUMBERED_ONCE:
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": once}):
            pass
