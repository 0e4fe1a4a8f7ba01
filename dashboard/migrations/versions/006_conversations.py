"""From a mark to the right conversation: reasons apart from events, concerns, returns, calendars, feeds."""

import sqlalchemy as sa
from alembic import op

revision = "006"
down_revision = "005"
branch_labels = None
depends_on = None

EVERYTHING = "(SELECT coalesce(current_setting('dashboard.everything', true), '') = 'on')"


def ids(setting: str) -> str:
    return f"(SELECT string_to_array(nullif(current_setting('dashboard.{setting}', true), ''), ',')::integer[])"


def cluster(column: str, *, totals: bool) -> str:
    return f"{EVERYTHING} OR {column} IN (SELECT wall_clusters({totals}))"


def of_the_same_cluster(table: str, column: str, whole: str) -> str:
    """What a row hangs on is of the cluster that the row says it is of."""
    return (
        f"({EVERYTHING} OR EXISTS (SELECT FROM {whole} AS whole WHERE whole.id = {column}"
        f" AND whole.cluster_id = {table}.cluster_id))"
    )


KEPT = cluster("cluster_id", totals=False)
"""Whoever keeps a cluster."""
OWN_SCHOOL = f"school_id = ANY ({ids('schools')}::integer[])"
IN_TOTALS = "cluster_id IN (SELECT wall_clusters(true))"
AWAY = "NOT of_a_person AND kind IN ('sabbatical', 'closed')"
"""When schools were not expected: of that, and of nothing else that happened, totals are made."""
OF_THE_PROGRAMME = (
    f"{EVERYTHING} OR EXISTS (SELECT FROM cluster WHERE cluster.id = cluster_id"
    f" AND cluster.programme_id = ANY ({ids('programmes')}::integer[]))"
)
OF_THE_MEETING = (
    f"EXISTS (SELECT FROM meeting WHERE meeting.id = meeting_id AND ({cluster('meeting.cluster_id', totals=False)}))"
)
REASON_OF_AN_EVENT = of_the_same_cluster("lifecycle_reason", "event_id", "lifecycle_event")

WALLS = {
    "context_event": (KEPT, None),
    "concern": (KEPT, None),
    "concern_step": (f"{EVERYTHING} OR EXISTS (SELECT FROM concern WHERE concern.id = concern_id)", None),
    "open_register": (f"{EVERYTHING} OR {OF_THE_MEETING}", None),
    "workgroup_return": (KEPT, None),
    "workgroup_line": (KEPT, of_the_same_cluster("workgroup_line", "return_id", "workgroup_return")),
    "calendar_period": (KEPT, None),
    "lifecycle_reason": (OF_THE_PROGRAMME, REASON_OF_AN_EVENT),
}
"""Table → who sees and writes its rows, and what else is asked of a row that is written."""

MORE = {
    # Whoever reads a cluster's totals reads what they have to be read with, and writes none of it.
    "context_event": f"FOR SELECT USING ({IN_TOTALS})",
    "workgroup_line": f"FOR SELECT USING ({OWN_SCHOOL})",
    "lifecycle_event": f"FOR SELECT USING ({OWN_SCHOOL} OR ({AWAY} AND {IN_TOTALS}))",
    # Terms and holidays of everybody are public; whoever reads a cluster's totals may know its days.
    "calendar_period": f"FOR SELECT USING (cluster_id IS NULL OR {IN_TOTALS})",
    # Whoever keeps a cluster writes down why, and does not read it again.
    "lifecycle_reason": f"FOR INSERT WITH CHECK (({KEPT}) AND {REASON_OF_AN_EVENT})",
    # A new colleague, who is then seen by a role or a mark alone.
    "person": "FOR INSERT WITH CHECK (EXISTS (SELECT wall_clusters(false)))",
}
"""Table → what else is let through."""

EVENT_BEFORE = f"{KEPT} OR {OWN_SCHOOL}"
"""Who saw and wrote events until now."""

# By a role or a mark a person is seen: so these are given only to whom one sees, or to whom nobody does. Functions,
# because policies may not ask each other in a circle. `wall_is_new` answers for the whole store, with yes or no.
NAMING = f"""
CREATE FUNCTION wall_is_new(number integer) RETURNS boolean LANGUAGE plpgsql STABLE AS
$$
DECLARE
    before text := current_setting('dashboard.everything', true);
    new boolean;
BEGIN
    PERFORM set_config('dashboard.everything', 'on', true);
    new := NOT EXISTS (SELECT FROM appointment WHERE appointment.person_id = number)
        AND NOT EXISTS (SELECT FROM person_mark WHERE person_mark.person_id = number);
    PERFORM set_config('dashboard.everything', coalesce(before, ''), true);
    RETURN new;
END
$$;
CREATE FUNCTION wall_may_name(number integer) RETURNS boolean LANGUAGE plpgsql STABLE AS
$$
BEGIN
    RETURN {EVERYTHING} OR EXISTS (SELECT FROM person WHERE person.id = number) OR wall_is_new(number);
END
$$;
"""
NAMED = {
    "appointment": f"{KEPT} OR {OWN_SCHOOL}",
    "person_mark": f"{EVERYTHING} OR {OWN_SCHOOL} OR {OF_THE_MEETING}",
}
"""Table by whose rows people are seen → who wrote them until now, of whomever."""


NUMBERED_ONCE = ("meeting", "lifecycle_event", "calendar_period", "school_agreement")
"""Tables of earlier steps that the audit knows by number from now on: on SQLite none is given out twice (005)."""


def upgrade() -> None:
    _make_tables()
    _part_reasons_from_events()
    _rebuild(once=True)
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, (condition, also) in WALLS.items():
        check = f"({condition}) AND {also}" if also else condition
        op.execute(f"CREATE POLICY wall ON {table} USING ({condition}) WITH CHECK ({check})")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for table, policy in MORE.items():
        op.execute(f"CREATE POLICY more ON {table} {policy}")
    op.execute(f"ALTER POLICY wall ON lifecycle_event USING ({KEPT}) WITH CHECK ({KEPT})")
    op.execute(NAMING)
    for table, condition in NAMED.items():
        op.execute(f"ALTER POLICY wall ON {table} WITH CHECK (({condition}) AND wall_may_name(person_id))")


def downgrade() -> None:
    _rebuild(once=False)
    if op.get_bind().dialect.name == "postgresql":
        for table, condition in NAMED.items():
            op.execute(f"ALTER POLICY wall ON {table} WITH CHECK ({condition})")
        for function in ("wall_may_name", "wall_is_new"):
            op.execute(f"DROP FUNCTION {function}(integer)")
        op.execute(f"ALTER POLICY wall ON lifecycle_event USING ({EVENT_BEFORE}) WITH CHECK ({EVENT_BEFORE})")
        for table in MORE:
            op.execute(f"DROP POLICY more ON {table}")
        op.execute("DROP POLICY wall ON calendar_period")
        op.execute("ALTER TABLE calendar_period NO FORCE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE calendar_period DISABLE ROW LEVEL SECURITY")
    _put_reasons_back()
    for table in (
        "feed_link", "open_register", "workgroup_line", "workgroup_return", "workgroup_call", "concern_step",
        "concern", "context_event",
    ):  # fmt: skip
        op.drop_table(table)
    op.execute("DELETE FROM calendar_period WHERE cluster_id IS NOT NULL")
    with op.batch_alter_table("calendar_period") as batch_op:
        batch_op.drop_constraint("fk_calendar_period_cluster_id_cluster", type_="foreignkey")
        batch_op.drop_index("ix_calendar_period_cluster_id")
        batch_op.drop_column("cluster_id")


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
        "context_event",
        *_key("context_event"),
        *_points("context_event", "cluster_id", "cluster"),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        *_provenance("context_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_context_event_cluster_id", "context_event", ["cluster_id"])
    op.create_table(
        "concern",
        *_key("concern"),
        *_points("concern", "cluster_id", "cluster"),
        *_points("concern", "school_id", "school", nullable=True),
        sa.Column("rule", sa.String(length=60), nullable=True),
        sa.Column("summary", sa.String(length=1000), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        *_points("concern", "raised_by_id", "account", nullable=True, ondelete="SET NULL"),
        sa.Column("raised_as", sa.String(length=60), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.Column("decision_note", sa.String(length=500), nullable=True),
        *_points("concern", "replaced_by_school_id", "school", nullable=True),
        *_provenance("concern"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_concern_cluster_id_closed_on", "concern", ["cluster_id", "closed_on"])
    op.create_index("ix_concern_school_id", "concern", ["school_id"])
    op.create_table(
        "concern_step",
        *_key("concern_step"),
        *_points("concern_step", "concern_id", "concern"),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.Column("outcome_note", sa.String(length=500), nullable=True),
        *_provenance("concern_step"),
    )
    op.create_index("ix_concern_step_concern_id", "concern_step", ["concern_id"])
    op.create_table(
        "workgroup_call",
        *_key("workgroup_call"),
        *_points("workgroup_call", "programme_id", "programme"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("programme_id", "year", name="uq_workgroup_call_programme_id_year"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "workgroup_return",
        *_key("workgroup_return"),
        *_points("workgroup_return", "cluster_id", "cluster"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        *_points("workgroup_return", "returned_by_id", "account", nullable=True, ondelete="SET NULL"),
        *_provenance("workgroup_return"),
        sa.UniqueConstraint("cluster_id", "year", "version", name="uq_workgroup_return_cluster_id_year_version"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "workgroup_line",
        *_key("workgroup_line"),
        *_points("workgroup_line", "return_id", "workgroup_return"),
        *_points("workgroup_line", "cluster_id", "cluster"),
        *_points("workgroup_line", "school_id", "school"),
        *_points("workgroup_line", "person_id", "person"),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("year_groups", sa.JSON(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        *_points("workgroup_line", "replaces_id", "person", nullable=True),
        *_provenance("workgroup_line"),
        sa.UniqueConstraint(
            "return_id", "school_id", "person_id", name="uq_workgroup_line_return_id_school_id_person_id"
        ),
    )
    for column in ("cluster_id", "school_id", "person_id"):
        op.create_index(f"ix_workgroup_line_{column}", "workgroup_line", [column])
    op.create_table(
        "open_register",
        *_key("open_register"),
        *_points("open_register", "meeting_id", "meeting", ondelete="CASCADE"),
        sa.Column("page", sa.String(length=40), nullable=False),
        *_points("open_register", "account_id", "account", nullable=True, ondelete="CASCADE"),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("meeting_id", "page", name="uq_open_register_meeting_id_page"),
    )
    op.create_table(
        "feed_link",
        *_key("feed_link"),
        *_points("feed_link", "account_id", "account", ondelete="CASCADE"),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("token_sha256", name="uq_feed_link_token_sha256"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feed_link_account_id", "feed_link", ["account_id"])
    with op.batch_alter_table("calendar_period") as batch_op:
        batch_op.add_column(sa.Column("cluster_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("fk_calendar_period_cluster_id_cluster", "cluster", ["cluster_id"], ["id"])
        batch_op.create_index("ix_calendar_period_cluster_id", ["cluster_id"])


def _rebuild(*, once: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in NUMBERED_ONCE:
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": once}):
            pass


def _part_reasons_from_events() -> None:
    op.create_table(
        "lifecycle_reason",
        *_key("lifecycle_reason"),
        *_points("lifecycle_reason", "event_id", "lifecycle_event", ondelete="CASCADE"),
        *_points("lifecycle_reason", "cluster_id", "cluster"),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.UniqueConstraint("event_id", name="uq_lifecycle_reason_event_id"),
    )
    op.create_index("ix_lifecycle_reason_cluster_id", "lifecycle_reason", ["cluster_id"])
    op.execute(
        "INSERT INTO lifecycle_reason (event_id, cluster_id, reason)"
        " SELECT id, cluster_id, reason FROM lifecycle_event WHERE reason IS NOT NULL AND reason <> ''"
    )
    with op.batch_alter_table("lifecycle_event") as batch_op:
        batch_op.drop_column("reason")
        batch_op.drop_column("sensitive")
        batch_op.add_column(sa.Column("reviewed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("batch_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("illustrative", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("of_a_person", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_foreign_key("fk_lifecycle_event_batch_id_import_batch", "import_batch", ["batch_id"], ["id"])
        batch_op.drop_index("ix_lifecycle_event_cluster_id_school_id")
        batch_op.create_index(
            "ix_lifecycle_event_away", ["cluster_id", "school_id", "kind", "of_a_person", "happened_on", "ends_on"]
        )
    with op.batch_alter_table("lifecycle_event") as batch_op:
        batch_op.alter_column("illustrative", server_default=None)
        batch_op.alter_column("of_a_person", server_default=None)
    op.execute("UPDATE lifecycle_event SET of_a_person = (person_id IS NOT NULL)")


def _put_reasons_back() -> None:
    with op.batch_alter_table("lifecycle_event") as batch_op:
        batch_op.drop_index("ix_lifecycle_event_away")
        batch_op.drop_constraint("fk_lifecycle_event_batch_id_import_batch", type_="foreignkey")
        for column in ("of_a_person", "illustrative", "batch_id", "reviewed_on"):
            batch_op.drop_column(column)
        batch_op.add_column(sa.Column("reason", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("sensitive", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.create_index("ix_lifecycle_event_cluster_id_school_id", ["cluster_id", "school_id"])
    op.execute(
        "UPDATE lifecycle_event SET reason ="
        " (SELECT reason FROM lifecycle_reason WHERE lifecycle_reason.event_id = lifecycle_event.id)"
    )
    with op.batch_alter_table("lifecycle_event") as batch_op:
        batch_op.alter_column("sensitive", server_default=None)
    op.drop_table("lifecycle_reason")
