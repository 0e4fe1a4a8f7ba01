"""Runs the generator: one transaction, one batch, a chunk of clusters at a time so that memory stays small."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from dashboard.audit import COMMAND_LINE
from dashboard.changes import record_batch
from dashboard.db import Base, Store
from dashboard.generate.engagement import add_meetings
from dashboard.generate.funding import add_funding
from dashboard.generate.places import Places
from dashboard.generate.plan import GenerateRefused, Sizes, Span, seeded
from dashboard.generate.plans import add_plan
from dashboard.generate.rows import FILLED, Rows
from dashboard.models import Cluster, ImportBatch, Programme, School
from dashboard.vocabulary import Provenance

_CLUSTERS_AT_A_TIME = 100


class StoreNotEmpty(GenerateRefused):
    """The store has clusters or schools already; made-up data must not be mixed with them."""


@dataclass(frozen=True)
class GeneratedCounts:
    """What was made: the batch it stands under, the years it covers, and how many rows each table got."""

    batch_id: int
    first_year: str
    last_year: str
    rows: dict[str, int]

    @property
    def total(self) -> int:
        """All rows together."""
        return sum(self.rows.values())


def generate(
    store: Store, *, clusters: int, schools: int, years: int, seed: int, today: date, report: Callable[[str], None]
) -> GeneratedCounts:
    """Fill an empty store with illustrative data and give back the counts.

    The latest year is the one of `today`; nothing has happened after that day. `report` gets a line now and then.
    Raises SizesRefused or StoreNotEmpty, with nothing stored.
    """
    sizes = Sizes(clusters, schools, years)
    sizes.check()
    span = Span.ending(today, years)
    with store.writing() as session:
        _refuse_unless_empty(session)
        batch_id = _last_id(session, ImportBatch) + 1
        _insert_batch(session, batch_id, sizes, span, seed)
        rows = Rows(batch_id, {model.__tablename__: _last_id(session, model) for model in FILLED})
        taken = set(session.scalars(sa.select(Programme.slug)))
        places = Places(rows, span, seeded(seed, "names"), taken)
        for number, count in enumerate(sizes.schools_per_cluster(seeded(seed, "sizes")), start=1):
            _make_cluster(rows, places, span, seed, number, count)
            if number % _CLUSTERS_AT_A_TIME == 0 or number == clusters:
                _insert(session, rows)
                report(f"{number:,} of {clusters:,} clusters")
        total = rows.counts.total()
        session.execute(sa.update(ImportBatch).where(ImportBatch.id == batch_id).values(added=total))
        if store.is_postgresql:
            _continue_sequences(session)
        record_batch(session, session.get_one(ImportBatch, batch_id), COMMAND_LINE, "generate")
    return GeneratedCounts(batch_id, str(span.first), str(span.last), dict(rows.counts))


def _make_cluster(rows: Rows, places: Places, span: Span, seed: int, number: int, schools: int) -> None:
    rng = seeded(seed, f"cluster {number}")
    cluster = places.add_cluster(rng, schools)
    for year in span.years:
        held = add_meetings(rows, rng, cluster, year, span)
        targets = add_plan(rows, rng, cluster, year, span)
        add_funding(rows, rng, cluster, year, span, held, targets)


def _refuse_unless_empty(session: Session) -> None:
    for model, words in ((Cluster, "clusters"), (School, "schools")):
        if session.scalar(sa.select(sa.exists().select_from(model))):
            raise StoreNotEmpty(f"the store has {words} already; generate fills an empty store only")


def _last_id(session: Session, model: type[Base]) -> int:
    """The last number that was given to a row, also to one that is gone: what the audit tells of it is not told of
    another.
    """
    there = session.scalar(sa.select(sa.func.max(model.__table__.c.id))) or 0
    if session.get_bind().dialect.name == "sqlite":
        given = session.scalar(
            sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": model.__tablename__}
        )
    else:
        sequence = session.scalar(sa.select(sa.func.pg_get_serial_sequence(model.__tablename__, "id")))
        given = session.scalar(sa.select(sa.func.pg_sequence_last_value(sa.cast(sequence, postgresql.REGCLASS))))
    return max(there, given or 0)


def _insert_batch(session: Session, batch_id: int, sizes: Sizes, span: Span, seed: int) -> None:
    made = f"{sizes.clusters:,} clusters, {sizes.schools:,} schools, {sizes.years} years up to {span.today.isoformat()}"
    session.execute(
        sa.insert(ImportBatch).values(
            id=batch_id,
            kind="generate",
            file_name="generated",
            provenance=Provenance.ILLUSTRATIVE,
            source=f"Made up by the generator: {made}, seed {seed}. No school, person or figure is real.",
            created_at=datetime.combine(span.today, time(), UTC),  # not the clock: the same run makes the same rows
        )
    )


def _insert(session: Session, rows: Rows) -> None:
    waiting = rows.take()
    for model in FILLED:
        made = waiting.get(model.__tablename__)
        if made:
            session.connection().execute(sa.insert(Base.metadata.tables[model.__tablename__]), made)


def _continue_sequences(session: Session) -> None:
    """PostgreSQL must go on after the keys that we gave."""
    filled: tuple[type[Base], ...] = (ImportBatch, *FILLED)
    for model in filled:
        sequence = sa.func.pg_get_serial_sequence(model.__tablename__, "id")
        last = _last_id(session, model)
        if last:
            session.execute(sa.select(sa.func.setval(sequence, last)))
