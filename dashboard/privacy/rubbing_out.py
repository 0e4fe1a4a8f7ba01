"""Takes names out of the columns that are there to hold one, and out of what files were called."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.db import Base
from dashboard.models import BatchChange, Cluster, ImportBatch
from dashboard.privacy.traces import WHO, Names, rub_out, rub_out_who, rub_out_within


def rub_names_out(session: Session, names: Sequence[Names]) -> int:
    """Rub people's names out; gives back how many records of imports were changed by it."""
    for table, column, statement in WHO:
        rows = session.execute(statement.where(statement.selected_columns[1].is_not(None))).all()
        less = [(number, who, rub_out_who(names, who or "", place)) for number, who, place in rows]
        _store(session, table, [{"id": number, column: now} for number, who, now in less if now != who])
    return _out_of_records(session, names) + _out_of_batches(session, names)


def _out_of_records(session: Session, names: Sequence[Names]) -> int:
    """What imports changed in the columns that say who, whether the name stood there before or after."""
    return sum(_out_of_column(session, names, table, column, rows) for table, column, rows in WHO)


def _out_of_column(
    session: Session, names: Sequence[Names], table: type[Base], column: str, rows: sa.Select[int, str | None, int]
) -> int:
    there = rows.subquery()
    of_batch = sa.select(Cluster.id).where(Cluster.slug == ImportBatch.cluster).scalar_subquery()
    records = session.execute(
        sa.select(BatchChange.id, BatchChange.before, BatchChange.after, sa.func.coalesce(there.c.cluster_id, of_batch))
        .join(ImportBatch, ImportBatch.id == BatchChange.batch_id)
        .outerjoin(there, there.c.id == BatchChange.row_id)
        .where(
            BatchChange.table_name == table.__tablename__,
            sa.or_(*(said[column].as_string().is_not(None) for said in (BatchChange.before, BatchChange.after))),
        )
    ).all()
    changed = []
    for number, *was, place in records:
        before, after = (_who_out(names, columns, column, place) for columns in was)
        if [before, after] != was:
            changed.append({"id": number, "before": before, "after": after})
    return _store(session, BatchChange, changed)


def _who_out(
    names: Sequence[Names], columns: dict[str, Any] | None, column: str, place: int | None
) -> dict[str, Any] | None:
    """A record without the name. The cluster is the one it holds, else that of the row, of the batch, or not known."""
    if not columns or not columns.get(column):
        return columns
    return {**columns, column: rub_out_who(names, columns[column], columns.get("cluster_id", place))}


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
            changed.append({"id": batch.id, **now, "file_name": rub_out(meant, batch.file_name)})
    return _store(session, ImportBatch, changed)


def _store(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> int:
    kinds = {name: column.type for name, column in sa.inspect(table).columns.items()}
    if rows:
        session.execute(sa.update(table), [{name: _fitting(kinds[name], row[name]) for name in row} for row in rows])
    return len(rows)


def _fitting(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    """A text cut to its column: what stands instead of a name may be longer than the name was."""
    longest = kind.length if isinstance(kind, sa.String) else None
    return value[:longest] if longest and isinstance(value, str) else value
