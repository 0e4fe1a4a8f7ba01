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


def said(setting: str) -> str:
    return f"string_to_array(nullif(current_setting('dashboard.{setting}', true), ''), ',')::integer[]"


def ids(setting: str) -> str:
    return f"(SELECT {said(setting)})::integer[]"


# A function, because a sub-select on `cluster` in each policy is planned anew for each table of a statement, behind the
# wall of `cluster` itself: that took four times as long as the query it guarded.
CLUSTERS = f"""
CREATE FUNCTION wall_clusters(totals boolean) RETURNS SETOF integer LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100 AS
$$
DECLARE
    whole integer[] := {said("programmes")};
BEGIN
    RETURN QUERY SELECT unnest({said("clusters")});
    IF totals THEN RETURN QUERY SELECT unnest({said("totals")}); END IF;
    IF whole IS NOT NULL THEN RETURN QUERY SELECT id FROM cluster WHERE programme_id = ANY (whole); END IF;
END
$$;
"""


def cluster(column: str, *, totals: bool = True) -> str:
    """Rows of a whole cluster: it is named itself or by its programme, or is one of a reader's school's, for totals."""
    return f"{EVERYTHING} OR {column} IN (SELECT wall_clusters({totals}))"


def school_in_cluster(*, totals: bool = True) -> str:
    """Rows about one school within one cluster."""
    return f"{cluster('cluster_id', totals=totals)} OR school_id = ANY ({ids('schools')})"


def part_of(table: str) -> str:
    """Rows that hang on a row of another table are seen with it."""
    return f"{EVERYTHING} OR EXISTS (SELECT FROM {table} AS whole WHERE whole.id = {table}_id)"


# What is about people, or told to the director alone, is nothing that totals are made of.
WALLS = {
    "cluster": (
        f"{EVERYTHING} OR id = ANY ({ids('clusters')}) OR id = ANY ({ids('totals')}) "
        f"OR programme_id = ANY ({ids('programmes')})"
    ),
    "cluster_stage": cluster("cluster_id"),
    "lead_school": cluster("cluster_id"),
    "lifecycle_event": school_in_cluster(totals=False),
    "membership": school_in_cluster(),
    "open_book": school_in_cluster(),
    "school_agreement": school_in_cluster(totals=False),
    "school_alias": school_in_cluster(totals=False),
    "school": (
        f"{EVERYTHING} OR id = ANY ({ids('schools')}) "
        "OR EXISTS (SELECT FROM membership WHERE membership.school_id = school.id)"
    ),
    "trust_membership": part_of("school"),
    "meeting": cluster("cluster_id"),
    "school_mark": f"{part_of('meeting')} OR school_id = ANY ({ids('schools')})",
    "person_mark": (
        f"{EVERYTHING} OR school_id = ANY ({ids('schools')}) OR EXISTS (SELECT FROM meeting WHERE "
        f"meeting.id = meeting_id AND ({cluster('meeting.cluster_id', totals=False)}))"
    ),
    "allocation": school_in_cluster(),
    "carried_balance": school_in_cluster(),
    "ledger_line": school_in_cluster(),
    "plan": cluster("cluster_id"),
    "target": cluster("cluster_id"),
    "criterion": part_of("target"),
    "criterion_school": part_of("criterion"),
    "evidence": part_of("target"),
    "aim": cluster("cluster_id"),
    "aim_wording": part_of("aim"),
    "target_aim": part_of("target"),
    "benchmark": school_in_cluster(),
    "appointment": school_in_cluster(totals=False),
    "person": (
        f"{EVERYTHING} OR EXISTS (SELECT FROM appointment WHERE appointment.person_id = person.id) "
        "OR EXISTS (SELECT FROM person_mark WHERE person_mark.person_id = person.id)"
    ),
    "screen_link": None,
    "audit_event": None,
}
"""Table → who sees and writes its rows; None: the application's own queries alone decide."""

HEAD = f"""
INSERT INTO audit_head (id, events, sha256)
SELECT 1, count(*), coalesce((SELECT sha256 FROM audit_event ORDER BY id DESC LIMIT 1), '{"0" * 64}') FROM audit_event
"""

# An event follows the last one, and the head goes on by one event: nothing else may become of either table.
FOLLOWS = "EXISTS (SELECT 1 FROM audit_head WHERE id = 1 AND events + 1 = NEW.id AND sha256 = NEW.previous_sha256)"
GOES_ON = (
    "NEW.id = OLD.id AND NEW.events = OLD.events + 1 AND EXISTS (SELECT 1 FROM audit_event"
    " WHERE audit_event.id = NEW.events AND audit_event.sha256 = NEW.sha256)"
)
SQLITE_TRIGGERS = {
    "audit_event_stays_update": "BEFORE UPDATE ON audit_event",
    "audit_event_stays_delete": "BEFORE DELETE ON audit_event",
    # INSERT OR REPLACE takes the old row out without asking the trigger on DELETE.
    "audit_event_stays_insert": (
        f"BEFORE INSERT ON audit_event WHEN NOT {FOLLOWS}"
        " OR EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id OR sha256 = NEW.sha256)"
    ),
    "audit_head_stays_update": f"BEFORE UPDATE ON audit_head WHEN NOT ({GOES_ON})",
    "audit_head_stays_delete": "BEFORE DELETE ON audit_head",
    "audit_head_stays_insert": "BEFORE INSERT ON audit_head WHEN EXISTS (SELECT 1 FROM audit_head)",
}
"""Trigger → when it says no."""

# The functions read the two tables as their owner, who stands before the wall: what an event follows does not depend on
# who may read of it. A table of the same name that somebody makes for the time of a session is looked for last.
POSTGRESQL_TRIGGERS = f"""
CREATE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'an event of the audit is never changed'; END $$;
CREATE TRIGGER audit_event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION audit_event_stays();
CREATE FUNCTION audit_event_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ BEGIN
    IF NOT {FOLLOWS} THEN RAISE EXCEPTION 'an event of the audit is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_event_follows BEFORE INSERT ON audit_event
FOR EACH ROW EXECUTE FUNCTION audit_event_follows();
CREATE FUNCTION audit_head_goes_on() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ BEGIN
    IF NOT ({GOES_ON}) THEN RAISE EXCEPTION 'an event of the audit is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_head_goes_on BEFORE UPDATE ON audit_head
FOR EACH ROW EXECUTE FUNCTION audit_head_goes_on();
"""

POSTGRESQL_TRIGGERS_ON = {
    "audit_event_stays": "audit_event", "audit_event_follows": "audit_event", "audit_head_goes_on": "audit_head",
}  # fmt: skip

# A user who may make roles may, from PostgreSQL 16 on, not take on those that it made until it is granted that as well.
MAKE_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role {ROLE} is missing and this user may not make it'
            USING HINT = 'As an administrator of the server: CREATE ROLE {ROLE} NOLOGIN; then GRANT it to this user.';
END $$;
DO $$ BEGIN
    IF NOT pg_has_role('{ROLE}', CASE WHEN current_setting('server_version_num')::integer < 160000
        THEN 'MEMBER' ELSE 'SET' END)
    THEN EXECUTE format('GRANT {ROLE} TO %I', current_user); END IF;
END $$;
"""

GRANTS = f"""
DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO {ROLE}', current_schema()); END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE};
GRANT USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, UPDATE ON SEQUENCES TO {ROLE};
REVOKE UPDATE, DELETE, TRUNCATE ON audit_event FROM {ROLE};
REVOKE INSERT, DELETE, TRUNCATE ON audit_head FROM {ROLE};
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {ROLE};
"""


def upgrade() -> None:
    op.execute(HEAD)
    if op.get_bind().dialect.name != "postgresql":
        for name, when in SQLITE_TRIGGERS.items():
            refusal = "SELECT RAISE(ABORT, 'an event of the audit is never changed')"
            op.execute(f"CREATE TRIGGER {name} {when} BEGIN {refusal}; END")
        return
    for statement in (POSTGRESQL_TRIGGERS, MAKE_ROLE, GRANTS, CLUSTERS):
        op.execute(statement)
    for table, condition in WALLS.items():
        if condition is not None:
            op.execute(f"CREATE POLICY wall ON {table} USING ({condition}) WITH CHECK ({condition})")
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    # What a batch changed is read by whoever may see everything, and written by everybody who writes.
    op.execute(f"CREATE POLICY wall ON batch_change USING ({EVERYTHING}) WITH CHECK (true)")
    op.execute("ALTER TABLE batch_change ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE batch_change FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        for name in SQLITE_TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
    else:
        for table in (*(table for table, condition in WALLS.items() if condition is not None), "batch_change"):
            op.execute(f"DROP POLICY wall ON {table}")
            op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        for trigger, table in POSTGRESQL_TRIGGERS_ON.items():
            op.execute(f"DROP TRIGGER {trigger} ON {table}")
            op.execute(f"DROP FUNCTION {trigger}()")
        op.execute("DROP FUNCTION wall_clusters(boolean)")
        op.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {ROLE}")
        op.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {ROLE}")
        op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM {ROLE}")
        op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {ROLE}")
    op.execute("DELETE FROM audit_head")
