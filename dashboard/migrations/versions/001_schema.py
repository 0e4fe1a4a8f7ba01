"""The schema of the whole field."""

import sqlalchemy as sa
from alembic import op

revision = "001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("local_authority", sa.String(length=100), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_period")),
    )
    with op.batch_alter_table("calendar_period", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_period_year_local_authority", ["year", "local_authority"], unique=False)

    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("cluster", sa.String(length=200), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("provenance", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=True),
        sa.Column("mapping", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("initials", sa.String(length=10), nullable=True),
        sa.Column("work_email", sa.String(length=254), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=True),
        sa.Column("delete_after", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("slug", name=op.f("uq_programme_slug")),
    )
    op.create_table(
        "trust",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust")),
        sa.UniqueConstraint("slug", name=op.f("uq_trust_slug")),
    )
    op.create_table(
        "batch_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=60), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_batch_change_batch_id_import_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_change")),
    )
    with op.batch_alter_table("batch_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_change_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index("ix_batch_change_table_name_row_id", ["table_name", "row_id"], unique=False)

    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_cohort_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("programme_id", "name", name=op.f("uq_cohort_programme_id_name")),
    )
    op.create_table(
        "programme_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("statement", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_rule_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_rule")),
        sa.UniqueConstraint("programme_id", "name", name=op.f("uq_programme_rule_programme_id_name")),
    )
    op.create_table(
        "school",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=True),
        sa.Column("phase", sa.String(length=40), nullable=True),
        sa.Column("local_authority", sa.String(length=100), nullable=True),
        sa.Column("postcode", sa.String(length=10), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("pupils", sa.Integer(), nullable=True),
        sa.Column("free_school_meals", sa.Integer(), nullable=True),
        sa.Column("opened", sa.Date(), nullable=True),
        sa.Column("closed", sa.Date(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_school_batch_id_import_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
        sa.UniqueConstraint("slug", name=op.f("uq_school_slug")),
        sa.UniqueConstraint("urn", name=op.f("uq_school_urn")),
    )
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_name"), ["name"], unique=False)

    op.create_table(
        "stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("first_programme_year", sa.Integer(), nullable=True),
        sa.Column("last_programme_year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_stage_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
        sa.UniqueConstraint("programme_id", "position", name=op.f("uq_stage_programme_id_position")),
    )
    op.create_table(
        "cluster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("focus", sa.String(length=200), nullable=True),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_cluster_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cluster_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_cluster_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
        sa.UniqueConstraint("slug", name=op.f("uq_cluster_slug")),
    )
    with op.batch_alter_table("cluster", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cluster_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "trust_membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trust_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_trust_membership_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_trust_membership_school_id_school")),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("fk_trust_membership_trust_id_trust")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust_membership")),
    )
    with op.batch_alter_table("trust_membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trust_membership_school_id"), ["school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trust_membership_trust_id"), ["trust_id"], unique=False)

    op.create_table(
        "aim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=True),
        sa.Column("last_year", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_aim_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_aim_cluster_id_cluster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aim")),
        sa.UniqueConstraint("cluster_id", "position", name=op.f("uq_aim_cluster_id_position")),
    )
    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("pot", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_allocation_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_allocation_cluster_id_cluster")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_allocation_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
    )
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.create_index("ix_allocation_cluster_id_year", ["cluster_id", "year"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocation_school_id"), ["school_id"], unique=False)

    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("year_groups", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_appointment_cluster_id_cluster")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appointment_person_id_person")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["person.id"], name=op.f("fk_appointment_replaced_by_id_person")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_appointment_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_cluster_id"), ["cluster_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_school_id"), ["school_id"], unique=False)

    op.create_table(
        "benchmark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("school_label", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_benchmark_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_benchmark_cluster_id_cluster")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_benchmark_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benchmark")),
        sa.UniqueConstraint(
            "cluster_id",
            "year",
            "measure",
            "school_label",
            name=op.f("uq_benchmark_cluster_id_year_measure_school_label"),
        ),
    )
    with op.batch_alter_table("benchmark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_benchmark_school_id"), ["school_id"], unique=False)

    op.create_table(
        "carried_balance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("pot", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_carried_balance_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_carried_balance_cluster_id_cluster")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_carried_balance_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carried_balance")),
    )
    with op.batch_alter_table("carried_balance", schema=None) as batch_op:
        batch_op.create_index("ix_carried_balance_cluster_id_year", ["cluster_id", "year"], unique=False)

    op.create_table(
        "cluster_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_cluster_stage_cluster_id_cluster")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_cluster_stage_stage_id_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster_stage")),
    )
    with op.batch_alter_table("cluster_stage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cluster_stage_cluster_id"), ["cluster_id"], unique=False)

    op.create_table(
        "lead_school",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_lead_school_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_lead_school_cluster_id_cluster")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_lead_school_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_school")),
    )
    with op.batch_alter_table("lead_school", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_school_cluster_id"), ["cluster_id"], unique=False)

    op.create_table(
        "lifecycle_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("replaced_by_school_id", sa.Integer(), nullable=True),
        sa.Column("replaced_by_person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_lifecycle_event_cluster_id_cluster")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lifecycle_event_person_id_person")),
        sa.ForeignKeyConstraint(
            ["replaced_by_person_id"], ["person.id"], name=op.f("fk_lifecycle_event_replaced_by_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_school_id"], ["school.id"], name=op.f("fk_lifecycle_event_replaced_by_school_id_school")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_lifecycle_event_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifecycle_event")),
    )
    with op.batch_alter_table("lifecycle_event", schema=None) as batch_op:
        batch_op.create_index("ix_lifecycle_event_cluster_id_school_id", ["cluster_id", "school_id"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.Column("in_school_time", sa.Boolean(), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_meeting_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_meeting_cluster_id_cluster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("cluster_id", "held_on", "kind", name=op.f("uq_meeting_cluster_id_held_on_kind")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_cluster_id_year_held_on", ["cluster_id", "year", "held_on"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_membership_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_membership_cluster_id_cluster")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_membership_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_cluster_id_school_id", ["cluster_id", "school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_school_id"), ["school_id"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_plan_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_plan_cluster_id_cluster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("cluster_id", "year", name=op.f("uq_plan_cluster_id_year")),
    )
    op.create_table(
        "school_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("signed_by_role", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_school_agreement_cluster_id_cluster")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_school_agreement_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_agreement")),
    )
    with op.batch_alter_table("school_agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_agreement_cluster_id"), ["cluster_id"], unique=False)

    op.create_table(
        "school_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_school_alias_cluster_id_cluster")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_school_alias_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_alias")),
        sa.UniqueConstraint("cluster_id", "alias", name=op.f("uq_school_alias_cluster_id_alias")),
    )
    with op.batch_alter_table("school_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_alias_school_id"), ["school_id"], unique=False)

    op.create_table(
        "aim_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("aim_id", sa.Integer(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["aim_id"], ["aim.id"], name=op.f("fk_aim_wording_aim_id_aim")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aim_wording")),
    )
    with op.batch_alter_table("aim_wording", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aim_wording_aim_id"), ["aim_id"], unique=False)

    op.create_table(
        "person_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_person_mark_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_person_mark_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_mark_person_id_person")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_person_mark_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_mark")),
        sa.UniqueConstraint(
            "meeting_id", "school_id", "person_id", name=op.f("uq_person_mark_meeting_id_school_id_person_id")
        ),
    )
    with op.batch_alter_table("person_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_mark_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_mark_school_id"), ["school_id"], unique=False)

    op.create_table(
        "school_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_school_mark_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_school_mark_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_school_mark_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_mark")),
        sa.UniqueConstraint("meeting_id", "school_id", name=op.f("uq_school_mark_meeting_id_school_id")),
    )
    with op.batch_alter_table("school_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_mark_school_id"), ["school_id"], unique=False)

    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("owner", sa.String(length=200), nullable=True),
        sa.Column("own_status", sa.String(length=40), nullable=True),
        sa.Column("own_status_reason", sa.String(length=500), nullable=True),
        sa.Column("came_from_id", sa.Integer(), nullable=True),
        sa.Column("cell_target", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("cell_aims", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("cell_criteria", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("cell_organisation", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("cell_personnel", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("cell_evaluation", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("cell_impact", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("cell_next_steps", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_target_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["came_from_id"], ["target.id"], name=op.f("fk_target_came_from_id_target")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_target_cluster_id_cluster")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_target_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("cluster_id", "year", "code", name=op.f("uq_target_cluster_id_year_code")),
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.create_index("ix_target_cluster_id_year_position", ["cluster_id", "year", "position"], unique=False)
        batch_op.create_index(batch_op.f("ix_target_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("number_wanted", sa.Integer(), nullable=True),
        sa.Column("number_reached", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_criterion_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_criterion_target_id_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("target_id", "position", name=op.f("uq_criterion_target_id_position")),
    )
    op.create_table(
        "ledger_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("pot", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("use_code", sa.String(length=40), nullable=True),
        sa.Column("supplier", sa.String(length=300), nullable=True),
        sa.Column("description", sa.String(length=500), nullable=True),
        sa.Column("reference", sa.String(length=100), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("vat", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_ledger_line_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_ledger_line_cluster_id_cluster")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_ledger_line_meeting_id_meeting")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["ledger_line.id"], name=op.f("fk_ledger_line_reverses_id_ledger_line")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_ledger_line_school_id_school")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_ledger_line_target_id_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_line")),
        sa.UniqueConstraint(
            "cluster_id", "fingerprint", "occurrence", name=op.f("uq_ledger_line_cluster_id_fingerprint_occurrence")
        ),
    )
    with op.batch_alter_table("ledger_line", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_line_cluster_id_year", ["cluster_id", "year"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_line_school_id"), ["school_id"], unique=False)

    op.create_table(
        "target_aim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("aim_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["aim_id"], ["aim.id"], name=op.f("fk_target_aim_aim_id_aim")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_target_aim_target_id_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_aim")),
        sa.UniqueConstraint("target_id", "aim_id", name=op.f("uq_target_aim_target_id_aim_id")),
    )
    with op.batch_alter_table("target_aim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_target_aim_aim_id"), ["aim_id"], unique=False)

    op.create_table(
        "criterion_school",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_criterion_school_criterion_id_criterion")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_criterion_school_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion_school")),
        sa.UniqueConstraint("criterion_id", "school_id", name=op.f("uq_criterion_school_criterion_id_school_id")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_evidence_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_evidence_criterion_id_criterion")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_evidence_target_id_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_target_id"), ["target_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_target_id"))

    op.drop_table("evidence")
    op.drop_table("criterion_school")
    with op.batch_alter_table("target_aim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_target_aim_aim_id"))

    op.drop_table("target_aim")
    with op.batch_alter_table("ledger_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_line_school_id"))
        batch_op.drop_index("ix_ledger_line_cluster_id_year")

    op.drop_table("ledger_line")
    op.drop_table("criterion")
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_target_plan_id"))
        batch_op.drop_index("ix_target_cluster_id_year_position")

    op.drop_table("target")
    with op.batch_alter_table("school_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_mark_school_id"))

    op.drop_table("school_mark")
    with op.batch_alter_table("person_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_mark_school_id"))
        batch_op.drop_index(batch_op.f("ix_person_mark_person_id"))

    op.drop_table("person_mark")
    with op.batch_alter_table("aim_wording", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aim_wording_aim_id"))

    op.drop_table("aim_wording")
    with op.batch_alter_table("school_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_alias_school_id"))

    op.drop_table("school_alias")
    with op.batch_alter_table("school_agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_agreement_cluster_id"))

    op.drop_table("school_agreement")
    op.drop_table("plan")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_school_id"))
        batch_op.drop_index("ix_membership_cluster_id_school_id")

    op.drop_table("membership")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_cluster_id_year_held_on")

    op.drop_table("meeting")
    with op.batch_alter_table("lifecycle_event", schema=None) as batch_op:
        batch_op.drop_index("ix_lifecycle_event_cluster_id_school_id")

    op.drop_table("lifecycle_event")
    with op.batch_alter_table("lead_school", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lead_school_cluster_id"))

    op.drop_table("lead_school")
    with op.batch_alter_table("cluster_stage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cluster_stage_cluster_id"))

    op.drop_table("cluster_stage")
    with op.batch_alter_table("carried_balance", schema=None) as batch_op:
        batch_op.drop_index("ix_carried_balance_cluster_id_year")

    op.drop_table("carried_balance")
    with op.batch_alter_table("benchmark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_benchmark_school_id"))

    op.drop_table("benchmark")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_school_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_person_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_cluster_id"))

    op.drop_table("appointment")
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocation_school_id"))
        batch_op.drop_index("ix_allocation_cluster_id_year")

    op.drop_table("allocation")
    op.drop_table("aim")
    with op.batch_alter_table("trust_membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trust_membership_trust_id"))
        batch_op.drop_index(batch_op.f("ix_trust_membership_school_id"))

    op.drop_table("trust_membership")
    with op.batch_alter_table("cluster", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cluster_programme_id"))

    op.drop_table("cluster")
    op.drop_table("stage")
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_name"))

    op.drop_table("school")
    op.drop_table("programme_rule")
    op.drop_table("cohort")
    with op.batch_alter_table("batch_change", schema=None) as batch_op:
        batch_op.drop_index("ix_batch_change_table_name_row_id")
        batch_op.drop_index(batch_op.f("ix_batch_change_batch_id"))

    op.drop_table("batch_change")
    op.drop_table("trust")
    op.drop_table("programme")
    op.drop_table("person")
    op.drop_table("import_batch")
    with op.batch_alter_table("calendar_period", schema=None) as batch_op:
        batch_op.drop_index("ix_calendar_period_year_local_authority")

    op.drop_table("calendar_period")
