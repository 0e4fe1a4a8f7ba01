"""A scope as the second wall: row-level security of PostgreSQL, which stands behind every query.

A query that forgot its scope would still see nothing that its transaction was not opened for. SQLite has no such wall.
The wall is a little coarser than the queries: a headteacher's transaction may read the rows of the school's clusters,
because their totals are made of them.
"""

from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa

from dashboard.access.scope import EVERYTHING, Scope
from dashboard.db import Session, Store
from dashboard.models import Membership


def wall(scope: Scope) -> Mapping[str, str]:
    """A scope as the settings of a transaction."""
    return {
        "dashboard.everything": "on" if scope.everything else "off",
        "dashboard.programmes": _numbers(scope.programme_ids),
        "dashboard.clusters": _numbers(scope.cluster_ids),
        "dashboard.schools": _numbers(scope.school_ids),
        "dashboard.totals": "",
    }


@contextmanager
def reading(store: Store, scope: Scope) -> Generator[Session]:
    """A reading session for somebody who may see a scope and nothing else."""
    with store.reading(wall(scope)) as session:
        if store.is_postgresql and scope.school_ids:
            _admit_totals(session, scope)
        yield session


@contextmanager
def writing(store: Store, scope: Scope) -> Generator[Session]:
    """A write transaction for somebody who may change a scope and nothing else."""
    with store.writing(wall(scope)) as session:
        yield session


@contextmanager
def looking_up(session: Session, scope: Scope) -> Generator[None]:
    """Within a write transaction: what totals are made of may be read for a moment, as in a reading one.

    Whoever writes for a school must know its cluster, the meeting and the target that they name. Nothing is written
    meanwhile: the wall would let rows of other schools pass.
    """
    if session.get_bind().dialect.name != "postgresql" or not scope.school_ids:
        yield
        return
    with session.no_autoflush:
        before = session.scalar(sa.select(sa.func.current_setting("dashboard.totals", True))) or ""
        _admit_totals(session, scope)
        try:
            yield
        finally:
            session.execute(sa.select(sa.func.set_config("dashboard.totals", before, True)))


def whole_store(url: str, *, owner_url: str | None = None) -> Store:
    """A store whose sessions see everything: for the command line and imports, never for pages."""
    return Store(url, wall=wall(EVERYTHING), owner_url=owner_url)


def _admit_totals(session: Session, scope: Scope) -> None:
    clusters = session.scalars(
        sa.select(Membership.cluster_id).where(Membership.school_id.in_(scope.school_ids)).distinct()
    )
    session.execute(sa.select(sa.func.set_config("dashboard.totals", _numbers(list(clusters)), True)))


def _numbers(ids: Collection[int]) -> str:
    return ",".join(str(each) for each in sorted(ids))
