"""Development plans: drafts, history, reviews and files of evidence; stages, working groups and self-evaluation."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "008"
down_revision = "007"
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
    "evidence_file": (
        KEPT,
        (
            f"({EVERYTHING} OR EXISTS (SELECT FROM evidence AS piece JOIN target AS whole ON whole.id = piece.target_id"
            " WHERE piece.id = evidence_id AND whole.cluster_id = evidence_file.cluster_id))"
        ),
    ),
    "plan_change": (KEPT, of_the_same_cluster("plan_change", "target_id", "target")),
    "plan_review": (KEPT, of_the_same_cluster("plan_review", "target_id", "target")),
    "target_meeting": (
        f"{EVERYTHING} OR EXISTS (SELECT FROM target AS whole WHERE whole.id = target_id)",
        (
            f"({EVERYTHING} OR EXISTS (SELECT FROM target AS whole JOIN meeting"
            " ON meeting.cluster_id = whole.cluster_id WHERE whole.id = target_id AND meeting.id = meeting_id))"
        ),
    ),
    "checklist_tick": (KEPT, None),
    "school_commitment": (f"{KEPT} OR {OWN_SCHOOL}", None),
    "project": (KEPT, None),
    "project_step": (KEPT, of_the_same_cluster("project_step", "project_id", "project")),
    "participation": (f"{KEPT} OR {OWN_SCHOOL}", of_the_same_cluster("participation", "project_id", "project")),
    "working_group": (
        KEPT,
        of_the_same_cluster("working_group", "project_id", "project")
        + " AND "
        + of_the_same_cluster("working_group", "target_id", "target"),
    ),
    "working_group_school": (
        f"{KEPT} OR {OWN_SCHOOL}",
        of_the_same_cluster("working_group_school", "working_group_id", "working_group"),
    ),
    "group_outcome": (KEPT, of_the_same_cluster("group_outcome", "working_group_id", "working_group")),
    "self_evaluation": (f"{KEPT} OR {OWN_SCHOOL}", None),
    "collaboration_note": (KEPT, of_the_same_cluster("collaboration_note", "project_id", "project")),
}
"""Table → who sees and writes its rows, and what else is asked of a row that is written."""
MORE = (
    "plan_review", "checklist_tick", "school_commitment", "project", "project_step", "participation", "working_group",
    "working_group_school", "group_outcome", "self_evaluation", "collaboration_note",
)  # fmt: skip
"""Tables whose rows are read, and not written, by whoever reads a cluster's totals."""
NUMBERED_ONCE = ("aim", "evidence", "target")
"""Tables of earlier steps that the audit or an address knows by number from now on (005)."""


def upgrade() -> None:
    _widen()
    _make_tables()
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
    for table in (
        "collaboration_note", "self_evaluation", "group_outcome", "working_group_school", "working_group",
        "participation", "project_step", "project", "school_commitment", "checklist_tick", "target_meeting",
        "plan_review", "plan_change", "evidence_file",
    ):  # fmt: skip
        op.drop_table(table)
    # What was no target yet, and was counted nowhere, would be one in the older schema.
    for table, column in (("criterion_school", "criterion"), ("evidence", None), ("criterion", None)):
        of = f"SELECT id FROM {column} WHERE target_id IN (SELECT id FROM target WHERE draft)" if column else ""
        where = f"{column}_id IN ({of})" if column else "target_id IN (SELECT id FROM target WHERE draft)"
        op.execute(f"DELETE FROM {table} WHERE {where}")
    op.execute("DELETE FROM target_aim WHERE target_id IN (SELECT id FROM target WHERE draft)")
    op.execute("DELETE FROM target WHERE draft")
    op.execute("DELETE FROM aim_wording WHERE declined_by IS NOT NULL")
    _narrow()


def _key(table: str) -> list[sa.schema.SchemaItem]:
    return [sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id", name=f"pk_{table}")]


def _provenance(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=f"fk_{table}_batch_id_import_batch"),
    ]


def _points(
    table: str, column: str, to: str, *, nullable: bool = False, ondelete: str | None = None
) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column(column, sa.Integer(), nullable=nullable),
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}", ondelete=ondelete),
    ]


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _day(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _make_tables() -> None:
    _make_tables_of_plans()
    _make_tables_of_stages()
    _make_tables_of_working_groups()
    _make_tables_of_evaluation()


def _make_tables_of_plans() -> None:
    op.create_table(
        "evidence_file",
        *_key("evidence_file"),
        *_points("evidence_file", "evidence_id", "evidence", ondelete="CASCADE"),
        *_points("evidence_file", "cluster_id", "cluster"),
        _text("file_name", 200),
        _text("media_type", 60),
        sa.Column("size", sa.Integer(), nullable=False),
        _text("sha256", 64),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("evidence_id", name="uq_evidence_file_evidence_id"),
        sqlite_autoincrement=True,
    )
    _index("evidence_file", "cluster_id")
    op.create_table(
        "plan_change",
        *_key("plan_change"),
        *_points("plan_change", "cluster_id", "cluster"),
        *_points("plan_change", "target_id", "target", nullable=True, ondelete="CASCADE"),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        _text("kind", 40),
        _text("cell", 40, nullable=True),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        _text("known_as", 60),
        *_provenance("plan_change"),
    )
    _index("plan_change", "cluster_id", "happened_at")
    _index("plan_change", "target_id")
    op.create_table(
        "plan_review",
        *_key("plan_review"),
        *_points("plan_review", "cluster_id", "cluster"),
        sa.Column("year", sa.Integer(), nullable=False),
        *_points("plan_review", "target_id", "target", nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        _day("reviewed_on", nullable=False),
        _text("rating", 40),
        _text("words", 1000),
        _day("next_on"),
        _text("known_as", 60),
        *_provenance("plan_review"),
        sqlite_autoincrement=True,
    )
    _index("plan_review", "cluster_id", "year")
    _index("plan_review", "target_id")
    op.create_table(
        "target_meeting",
        *_key("target_meeting"),
        *_points("target_meeting", "target_id", "target", ondelete="CASCADE"),
        *_points("target_meeting", "meeting_id", "meeting", ondelete="CASCADE"),
        sa.UniqueConstraint("target_id", "meeting_id", name="uq_target_meeting_target_id_meeting_id"),
    )
    _index("target_meeting", "meeting_id")


def _make_tables_of_stages() -> None:
    op.create_table(
        "checklist_tick",
        *_key("checklist_tick"),
        *_points("checklist_tick", "cluster_id", "cluster"),
        _text("checklist", 40),
        *_points("checklist_tick", "stage_id", "stage", nullable=True),
        _text("item", 60),
        _text("state", 40),
        _day("dated"),
        _text("note", 500, nullable=True),
        _text("said_as", 60),
        *_provenance("checklist_tick"),
        sa.UniqueConstraint(
            "cluster_id", "checklist", "stage_id", "item", name="uq_checklist_tick_cluster_id_checklist_stage_id_item"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "school_commitment",
        *_key("school_commitment"),
        *_points("school_commitment", "cluster_id", "cluster"),
        *_points("school_commitment", "school_id", "school"),
        _text("answer", 40),
        _day("said_on", nullable=False),
        _text("said_as", 60),
        *_provenance("school_commitment"),
        sa.UniqueConstraint("cluster_id", "school_id", name="uq_school_commitment_cluster_id_school_id"),
        sqlite_autoincrement=True,
    )
    _index("school_commitment", "school_id")


def _make_tables_of_working_groups() -> None:
    op.create_table(
        "project",
        *_key("project"),
        *_points("project", "cluster_id", "cluster"),
        _text("name", 200),
        _text("words", 1000, nullable=True),
        _day("starts"),
        _day("ends"),
        *_provenance("project"),
        sqlite_autoincrement=True,
    )
    _index("project", "cluster_id")
    op.create_table(
        "project_step",
        *_key("project_step"),
        *_points("project_step", "project_id", "project"),
        *_points("project_step", "cluster_id", "cluster"),
        _text("stage", 40),
        _day("started_on"),
        _day("ended_on"),
        sa.UniqueConstraint("project_id", "stage", name="uq_project_step_project_id_stage"),
    )
    _index("project_step", "cluster_id")
    op.create_table(
        "participation",
        *_key("participation"),
        *_points("participation", "project_id", "project"),
        *_points("participation", "cluster_id", "cluster"),
        *_points("participation", "school_id", "school"),
        _text("year_group", 20),
        sa.Column("children", sa.Integer(), nullable=False),
        *_provenance("participation"),
        sa.UniqueConstraint(
            "project_id", "school_id", "year_group", name="uq_participation_project_id_school_id_year_group"
        ),
    )
    _index("participation", "cluster_id")
    _index("participation", "school_id")
    op.create_table(
        "working_group",
        *_key("working_group"),
        *_points("working_group", "cluster_id", "cluster"),
        *_points("working_group", "project_id", "project", nullable=True),
        _text("name", 200),
        _text("lead", 60, nullable=True),
        *_points("working_group", "lead_school_id", "school", nullable=True),
        sa.Column("topics", sa.JSON(), nullable=True),
        _text("status", 40),
        _day("starts"),
        _day("ends"),
        *_points("working_group", "target_id", "target", nullable=True, ondelete="SET NULL"),
        *_provenance("working_group"),
        sqlite_autoincrement=True,
    )
    for column in ("cluster_id", "project_id", "lead_school_id", "target_id"):
        _index("working_group", column)
    op.create_table(
        "working_group_school",
        *_key("working_group_school"),
        *_points("working_group_school", "working_group_id", "working_group"),
        *_points("working_group_school", "cluster_id", "cluster"),
        *_points("working_group_school", "school_id", "school"),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.UniqueConstraint("working_group_id", "school_id", name="uq_working_group_school_working_group_id_school_id"),
    )
    _index("working_group_school", "cluster_id")
    _index("working_group_school", "school_id")
    op.create_table(
        "group_outcome",
        *_key("group_outcome"),
        *_points("group_outcome", "working_group_id", "working_group"),
        *_points("group_outcome", "cluster_id", "cluster"),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("words", 500),
        _text("state", 40),
        _day("reached_on"),
        sa.Column("saved", sa.BigInteger(), nullable=True),
        *_provenance("group_outcome"),
        sa.UniqueConstraint("working_group_id", "position", name="uq_group_outcome_working_group_id_position"),
        sqlite_autoincrement=True,
    )
    _index("group_outcome", "cluster_id")


def _make_tables_of_evaluation() -> None:
    op.create_table(
        "self_evaluation",
        *_key("self_evaluation"),
        *_points("self_evaluation", "cluster_id", "cluster"),
        *_points("self_evaluation", "school_id", "school"),
        sa.Column("year", sa.Integer(), nullable=False),
        _text("area", 120),
        _text("answer", 40),
        _text("note", 500, nullable=True),
        _day("said_on", nullable=False),
        _text("said_as", 60),
        *_provenance("self_evaluation"),
        sa.UniqueConstraint(
            "cluster_id", "year", "school_id", "area", name="uq_self_evaluation_cluster_id_year_school_id_area"
        ),
        sqlite_autoincrement=True,
    )
    _index("self_evaluation", "school_id")
    op.create_table(
        "collaboration_note",
        *_key("collaboration_note"),
        *_points("collaboration_note", "cluster_id", "cluster"),
        *_points("collaboration_note", "project_id", "project", nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        _text("kind", 40),
        _text("tag", 60),
        _text("words", 500),
        _day("said_on", nullable=False),
        _text("said_as", 60),
        *_provenance("collaboration_note"),
        sqlite_autoincrement=True,
    )
    _index("collaboration_note", "cluster_id", "year")
    _index("collaboration_note", "project_id")


_NEW_COLUMNS: dict[str, dict[str, sa.types.TypeEngine[Any]]] = {
    "target": {
        "draft": sa.Boolean(),
        "review_on": sa.Date(),
        "activity": sa.String(length=40),
        "horizon": sa.String(length=40),
        "focus_area": sa.String(length=40),
        "version": sa.Integer(),
        "from_steps": sa.JSON(),
    },
    "criterion": {"per_school": sa.Boolean(), "said_on": sa.Date()},
    "evidence": {"link": sa.String(length=1000), "value": sa.BigInteger(), "unit": sa.String(length=60)},
    "aim": {"agreed_on": sa.Date()},
    "aim_wording": {"declined_by": sa.String(length=60)},
    "stage": {"words": sa.String(length=500)},
}
_OF_EARLIER_ROWS: dict[str, Any] = {"draft": sa.false(), "version": "1", "per_school": sa.false()}
"""What the rows that were there get: the database's default, for the moment of this step alone."""


def _widen() -> None:
    for table, columns in _NEW_COLUMNS.items():
        with op.batch_alter_table(table) as batch_op:
            for name, kind in columns.items():
                default = _OF_EARLIER_ROWS.get(name)
                batch_op.add_column(sa.Column(name, kind, nullable=default is None, server_default=default))
        with op.batch_alter_table(table) as batch_op:
            for name in columns.keys() & _OF_EARLIER_ROWS.keys():
                batch_op.alter_column(name, existing_type=columns[name], server_default=None)
    with op.batch_alter_table("target") as batch_op:
        batch_op.drop_index("ix_target_cluster_id_year_position")
        batch_op.create_index("ix_target_came_from_id", ["came_from_id"])
        batch_op.create_index("ix_target_cluster_id", ["cluster_id"])
    _tie_wordings("CASCADE")
    _rebuild(once=True)
    op.create_index(
        "ix_target_cluster_id_year_position",
        "target",
        ["cluster_id", "year", "position"],
        sqlite_where=sa.text("draft IS 0"),
        postgresql_where=sa.text("draft IS false"),
    )


def _narrow() -> None:
    with op.batch_alter_table("target") as batch_op:
        batch_op.drop_index("ix_target_cluster_id_year_position")
        batch_op.drop_index("ix_target_cluster_id")
        batch_op.drop_index("ix_target_came_from_id")
    for table, columns in _NEW_COLUMNS.items():
        with op.batch_alter_table(table) as batch_op:
            for name in columns:
                batch_op.drop_column(name)
    _tie_wordings(None)
    _rebuild(once=False)
    op.create_index("ix_target_cluster_id_year_position", "target", ["cluster_id", "year", "position"])


def _tie_wordings(ondelete: str | None) -> None:
    """A wording goes with its aim: what somebody said of an aim does not keep a file from being undone."""
    name = "fk_aim_wording_aim_id_aim"
    with op.batch_alter_table("aim_wording") as batch_op:
        batch_op.drop_constraint(name, type_="foreignkey")
        batch_op.create_foreign_key(name, "aim", ["aim_id"], ["id"], ondelete=ondelete)


def _rebuild(*, once: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in NUMBERED_ONCE:
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": once}):
            pass
