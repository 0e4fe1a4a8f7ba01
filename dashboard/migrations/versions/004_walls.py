"""A second wall on PostgreSQL, and an audit that the application cannot change on either database.

The application runs as a role that owns no table. What a transaction may see is said in its settings
(`dashboard.access.wall`); without them it sees nothing of any cluster.
"""

from alembic import op

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None

ROLE = "schools_dashboard"

# As sub-selects they are worked out once for a statement, not once for a row.
EVERYTHING = "(SELECT coalesce(current_setting('dashboard.everything', true), '') = 'on')"


def ids(setting: str) -> str:
    return f"(SELECT string_to_array(nullif(current_setting('dashboard.{setting}', true), ''), ','))::integer[]"


def cluster(column: str) -> str:
    """Rows of a whole cluster: it is named, or it is one whose totals a school of the reader may see."""
    return (
        f"{EVERYTHING} OR {column} = ANY ({ids('clusters')}) OR {column} = ANY ({ids('totals')}) "
        f"OR {column} IN (SELECT id FROM cluster AS named WHERE named.programme_id = ANY ({ids('programmes')}))"
    )


def school_in_cluster(cluster_column: str, school_column: str) -> str:
    return f"{cluster(cluster_column)} OR {school_column} = ANY ({ids('schools')})"


def part_of(column: str, table: str) -> str:
    """Rows that hang on a row of another table are seen with it."""
    return f"{EVERYTHING} OR {column} IN (SELECT id FROM {table})"


WALLS = {
    "cluster": (
        f"{EVERYTHING} OR id = ANY ({ids('clusters')}) OR id = ANY ({ids('totals')}) "
        f"OR programme_id = ANY ({ids('programmes')})"
    ),
    "cluster_stage": cluster("cluster_id"),
    "lead_school": cluster("cluster_id"),
    "lifecycle_event": cluster("cluster_id"),
    "membership": school_in_cluster("cluster_id", "school_id"),
    "open_book": school_in_cluster("cluster_id", "school_id"),
    "school_agreement": school_in_cluster("cluster_id", "school_id"),
    "school_alias": school_in_cluster("cluster_id", "school_id"),
    "school": f"{EVERYTHING} OR id = ANY ({ids('schools')}) OR id IN (SELECT school_id FROM membership)",
    "trust_membership": f"{EVERYTHING} OR school_id IN (SELECT id FROM school)",
    "meeting": (
        f"{cluster('cluster_id')} "
        f"OR cluster_id IN (SELECT cluster_id FROM membership WHERE school_id = ANY ({ids('schools')}))"
    ),
    "school_mark": f"{part_of('meeting_id', 'meeting')} OR school_id = ANY ({ids('schools')})",
    "person_mark": f"{part_of('meeting_id', 'meeting')} OR school_id = ANY ({ids('schools')})",
    "allocation": school_in_cluster("cluster_id", "school_id"),
    "carried_balance": school_in_cluster("cluster_id", "school_id"),
    "ledger_line": school_in_cluster("cluster_id", "school_id"),
    "plan": cluster("cluster_id"),
    "target": cluster("cluster_id"),
    "criterion": part_of("target_id", "target"),
    "criterion_school": part_of("criterion_id", "criterion"),
    "evidence": part_of("target_id", "target"),
    "aim": cluster("cluster_id"),
    "aim_wording": part_of("aim_id", "aim"),
    "target_aim": part_of("target_id", "target"),
    "benchmark": school_in_cluster("cluster_id", "school_id"),
    "appointment": school_in_cluster("cluster_id", "school_id"),
    "person": (
        f"{EVERYTHING} OR id IN (SELECT person_id FROM appointment) OR id IN (SELECT person_id FROM person_mark)"
    ),
    "screen_link": None,
    "audit_event": None,
}
"""Table → who sees and writes its rows; None: the application's own queries alone decide."""

HEAD = f"""
INSERT INTO audit_head (id, events, sha256)
SELECT 1, count(*), coalesce((SELECT sha256 FROM audit_event ORDER BY id DESC LIMIT 1), '{"0" * 64}') FROM audit_event
"""

SQLITE_TRIGGERS = """
CREATE TRIGGER audit_event_stays_{what} BEFORE {what} ON audit_event
BEGIN SELECT RAISE(ABORT, 'an event of the audit is never changed'); END
"""

POSTGRESQL_TRIGGER = """
CREATE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'an event of the audit is never changed'; END $$;
CREATE TRIGGER audit_event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION audit_event_stays();
"""

MAKE_ROLE = f"""
DO $$ BEGIN
    CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role {ROLE} is missing and this user may not make it'
            USING HINT = 'As an administrator of the server: CREATE ROLE {ROLE} NOLOGIN; then GRANT it to this user.';
END $$;
DO $$ BEGIN
    IF NOT pg_has_role('{ROLE}', 'MEMBER') THEN EXECUTE format('GRANT {ROLE} TO %I', current_user); END IF;
END $$;
"""

GRANTS = f"""
DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO {ROLE}', current_schema()); END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE};
GRANT USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, UPDATE ON SEQUENCES TO {ROLE};
REVOKE UPDATE, DELETE, TRUNCATE ON audit_event FROM {ROLE};
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {ROLE};
"""


def upgrade() -> None:
    op.execute(HEAD)
    if op.get_bind().dialect.name != "postgresql":
        for what in ("UPDATE", "DELETE"):
            op.execute(SQLITE_TRIGGERS.format(what=what))
        return
    for statement in (POSTGRESQL_TRIGGER, MAKE_ROLE, GRANTS):
        op.execute(statement)
    for table, condition in WALLS.items():
        if condition is not None:
            op.execute(f"CREATE POLICY wall ON {table} USING ({condition}) WITH CHECK ({condition})")
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    # What a batch changed is read by whoever may see everything, and written by everybody who writes.
    op.execute(f"CREATE POLICY wall ON batch_change USING ({EVERYTHING}) WITH CHECK (true)")
    op.execute("ALTER TABLE batch_change ENABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        for what in ("UPDATE", "DELETE"):
            op.execute(f"DROP TRIGGER audit_event_stays_{what}")
    else:
        for table in (*(table for table, condition in WALLS.items() if condition is not None), "batch_change"):
            op.execute(f"DROP POLICY wall ON {table}")
            op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute("DROP TRIGGER audit_event_stays ON audit_event")
        op.execute("DROP FUNCTION audit_event_stays()")
        op.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {ROLE}")
        op.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {ROLE}")
        op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM {ROLE}")
        op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {ROLE}")
    op.execute("DELETE FROM audit_head")
