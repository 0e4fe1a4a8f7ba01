"""Takes names out of the columns that are there to hold one, and out of what files were called."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.db import Base
from dashboard.models import BatchChange, ImportBatch, Target
from dashboard.privacy.traces import WHO, Names, rub_out, rub_out_who, rub_out_within


def rub_names_out(session: Session, names: Sequence[Names]) -> int:
    """Rub people's names out; gives back how many records of imports were changed by it."""
    for table, column, statement in WHO:
        rows = session.execute(statement.where(statement.selected_columns[1].is_not(None))).all()
        less = [(number, who, rub_out_who(names, who or "", place)) for number, who, place in rows]
        _store(session, table, [{"id": number, column: now} for number, who, now in less if now != who])
    return _out_of_records(session, names) + _out_of_batches(session, names)


def _out_of_records(session: Session, names: Sequence[Names]) -> int:
    """What imports changed in who owns a target."""
    rows = session.execute(
        sa.select(BatchChange.id, BatchChange.before, BatchChange.after, Target.cluster_id)
        .outerjoin(Target, Target.id == BatchChange.row_id)
        .where(BatchChange.table_name == Target.__tablename__, BatchChange.before["owner"].as_string().is_not(None))
    ).all()
    less = [
        (number, before, after, _owner_out(names, before, place), _owner_out(names, after, place))
        for number, before, after, place in rows
    ]
    changed = [
        {"id": number, "before": before, "after": after}
        for number, was_before, was_after, before, after in less
        if (before, after) != (was_before, was_after)
    ]
    return _store(session, BatchChange, changed)


def _owner_out(names: Sequence[Names], columns: dict[str, Any] | None, place: int | None) -> dict[str, Any] | None:
    if not columns or not columns.get("owner"):
        return columns
    return {**columns, "owner": rub_out_who(names, columns["owner"], columns.get("cluster_id", place))}


def _out_of_batches(session: Session, names: Sequence[Names]) -> int:
    """A file may be called after a person, and a mapping may name one."""
    changed = []
    for batch in session.execute(
        sa.select(ImportBatch.id, ImportBatch.cluster, ImportBatch.file_name, ImportBatch.source, ImportBatch.mapping)
    ):
        meant = [name for name in names if not name.clusters or batch.cluster is None or batch.cluster in name.clusters]
        was = {"file_name": batch.file_name, "source": batch.source, "mapping": batch.mapping}
        now = {column: rub_out_within(meant, value) for column, value in was.items()}
        if now != was:
            changed.append({"id": batch.id, **now, "file_name": rub_out(meant, batch.file_name)[:255]})
    return _store(session, ImportBatch, changed)


def _store(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> int:
    if rows:
        session.execute(sa.update(table), rows)
    return len(rows)
