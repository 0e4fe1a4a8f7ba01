"""What changed since a moment, counted by cluster and kind out of the audit: no event's words, no person."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from dashboard.access import Scope, visible_clusters
from dashboard.models import AuditEvent, Cluster
from dashboard.overview.changes import Change
from dashboard.vocabulary import Attempt

_BATCH: Final = "batch"


class up_to_comma(FunctionElement[str]):  # noqa: N801 (reads as a function of SQL)
    """The part of a text before its first comma: "meeting 3, school 7" → "meeting 3"."""

    inherit_cache = True
    type = sa.String()
    name = "up_to_comma"


@compiles(up_to_comma, "sqlite")
def _cut(element: up_to_comma, compiler: SQLCompiler, **options: object) -> str:
    text = compiler.process(element.clauses, **options)
    return f"substr({text}, 1, instr({text} || ',', ',') - 1)"


@compiles(up_to_comma, "postgresql")
def _split(element: up_to_comma, compiler: SQLCompiler, **options: object) -> str:
    return f"split_part({compiler.process(element.clauses, **options)}, ',', 1)"


def load_changes(session: Session, scope: Scope, kinds: Collection[str], seen_since: datetime) -> list[Change]:
    """How many things of some kinds were changed since a moment, in each cluster seen whole; one statement.

    Refusals are no changes. Events of no one cluster, such as a file of many, are nobody's here: the audit has them.
    """
    # What a file held is said in its event: not in `import_batch`, which also knows the file's name.
    kind = sa.case(
        (AuditEvent.object_kind == _BATCH, sa.literal("batch ").concat(AuditEvent.after["kind"].as_string())),
        else_=AuditEvent.object_kind,
    )
    events = (
        sa.select(
            AuditEvent.cluster_id,
            kind.label("kind"),
            sa.case((AuditEvent.object_kind == "register", up_to_comma(AuditEvent.object_key)),
                    else_=AuditEvent.object_key).label("thing"),
        )
        .where(
            AuditEvent.happened_at >= seen_since,
            AuditEvent.outcome == Attempt.DONE,
            AuditEvent.object_kind.in_({_BATCH if each.startswith(_BATCH) else each for each in kinds}),
            AuditEvent.cluster_id.is_not(None),
        )
        .cte("events")
        .prefix_with("MATERIALIZED")  # by the moment first: going by cluster would read the whole audit
    )  # fmt: skip
    counts = (
        sa.select(
            events.c.cluster_id,
            events.c.kind,
            sa.func.count(sa.distinct(events.c.thing)).label("things"),
            sa.func.count().label("times"),
        )
        .where(events.c.kind.in_(list(kinds)), events.c.cluster_id.in_(visible_clusters(scope)))
        .group_by(events.c.cluster_id, events.c.kind)
        .subquery("counts")
    )
    rows = session.execute(
        sa.select(
            counts.c.cluster_id, Cluster.slug, Cluster.name, counts.c.kind, counts.c.things, counts.c.times
        ).join(Cluster, Cluster.id == counts.c.cluster_id)
    )  # fmt: skip
    return [Change(*row) for row in rows]
