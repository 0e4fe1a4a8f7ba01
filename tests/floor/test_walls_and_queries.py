"""The wall is never too tight: behind the wall of a scope, a query for that scope gives what it gives without one."""

import inspect
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, NOTHING, Scope, reading, wall, whole_store
from dashboard.access.wall import _admit_totals
from dashboard.db import Session, Store
from dashboard.directory.queries import cluster_years, load_rule_sets
from dashboard.models import Cluster, Membership, OpenBook, Programme, School, WorkgroupReturn
from tests.builders import AS_OF, EXAMPLES, DrawnWorld, build, put, taken_back, workgroup, worlds
from tests.conftest import NewStore
from tests.generate.test_generate import TODAY, make
from tests.test_scoping import QUERIES, as_rows, ids


@dataclass(frozen=True)
class World:
    """What there is to ask about."""

    clusters: tuple[int, ...]
    schools: tuple[int, ...]
    programmes: tuple[int, ...]
    slugs: tuple[str, ...]
    """Some of them."""

    @classmethod
    def of(cls, session: Session) -> "World":
        return cls(
            *(tuple(session.scalars(sa.select(model.id).order_by(model.id))) for model in (Cluster, School, Programme)),
            tuple(
                slug
                for model, most in ((Cluster, 2), (School, 3))
                for slug in session.scalars(sa.select(model.slug).order_by(model.id).limit(most))
            ),
        )

    def scopes(self) -> dict[str, Scope]:
        """Scopes of every shape, by what they are."""
        one, two = frozenset(self.clusters[:1]), frozenset(self.clusters[:2])
        school, schools = frozenset(self.schools[:1]), frozenset(self.schools[::3])
        programme = frozenset(self.programmes[:1])
        return {
            "everything": EVERYTHING,
            "a programme": Scope(programme_ids=programme),
            "a cluster": Scope(cluster_ids=one),
            "two clusters": Scope(cluster_ids=two),
            "a school": Scope(school_ids=school),
            "several schools": Scope(school_ids=schools),
            "of each": Scope(programme_ids=programme, cluster_ids=frozenset(self.clusters[-1:]), school_ids=schools),
        }


def ask(session: Session, scope: Scope, query: Callable[..., Any], slugs: tuple[str, ...], as_of: date) -> list[Any]:
    """The rows a query gives a scope, for each cluster's latest year and for a chosen one."""
    wanted = inspect.signature(query).parameters
    rows = []
    for year in (None, AcademicYear.of(as_of)):
        given = {
            "session": session, "scope": scope, "as_of": as_of, "years": cluster_years(scope, as_of, year=year),
            "rules": load_rule_sets(session), "year": year, "school_id": None, "cluster_id": None, "pot": None,
            "cluster_ids": None,
        }  # fmt: skip
        for slug in slugs if "slug" in wanted else ("",):
            answer = query(**{name: (given | {"slug": slug})[name] for name in wanted})
            # By what they say: among rows that a query orders alike, the database may choose.
            rows.append(answer if _is_one_row(answer) else sorted(as_rows(session, answer), key=repr))
    return rows


def asked_for(scope: Scope) -> list[tuple[str, Callable[..., Any]]]:
    """Every query by its name, but for the overview where a school asks: the matrix gives it to none."""
    queries = zip(ids, QUERIES, strict=True)
    return [(name, query) for name, query in queries if not (scope.school_ids and "overview" in name)]


def _is_one_row(answer: Any) -> bool:
    return answer is None or hasattr(answer, "__dataclass_fields__")


@pytest.fixture
def generated(new_postgresql: NewStore) -> Generator[Store]:
    """Made-up clusters; some schools belong to two, and some lay their books open."""
    with whole_store(new_postgresql()) as store:
        make(store, clusters=5, schools=20, years=2)
        with store.writing() as session:
            world = World.of(session)
            for school in world.schools[::4]:
                put(session, Membership(cluster_id=world.clusters[1], school_id=school))
            for school in world.schools[:12]:
                for cluster in session.scalars(sa.select(Membership.cluster_id).where(Membership.school_id == school)):
                    put(session, OpenBook(cluster_id=cluster, school_id=school, agreed_on=date(2025, 9, 1)))
            for row in session.scalars(sa.select(Membership).order_by(Membership.id)).all()[::6]:
                cluster, school = session.get_one(Cluster, row.cluster_id), session.get_one(School, row.school_id)
                if not session.query(WorkgroupReturn).filter_by(cluster_id=cluster.id).count():
                    workgroup(session, cluster, school, f"Alder of {school.slug}", year=2025)
        yield store


@pytest.fixture
def without_a_wall(generated: Store) -> Generator[Session]:
    with (
        generated.engine.connect().execution_options(as_owner=True) as connection,
        Session(connection) as session,
    ):
        yield session


def test_every_query_gives_the_same_behind_the_matching_wall(generated: Store, without_a_wall: Session) -> None:
    world = World.of(without_a_wall)
    assert (len(world.clusters), len(world.schools)) == (5, 20)
    found = dict.fromkeys(ids, 0)
    for words, scope in world.scopes().items():
        with reading(generated, scope) as session:
            for name, query in asked_for(scope):
                bare = ask(without_a_wall, scope, query, world.slugs, TODAY)
                assert ask(session, scope, query, world.slugs, TODAY) == bare, (words, name)
                found[name] += sum(bool(rows) for rows in bare)
    assert [name for name, rows in found.items() if not rows] == [], "each query was asked for something it found"


def test_a_wall_that_is_narrower_than_the_scope_is_felt(generated: Store) -> None:
    with generated.reading(wall(NOTHING)) as session:
        for query in QUERIES:
            assert not any(ask(session, EVERYTHING, query, (), TODAY))


@settings(EXAMPLES, max_examples=10)
@given(drawn=worlds(), words=st.sampled_from(("a programme", "a cluster", "a school", "several schools", "of each")))
def test_no_world_is_seen_differently_through_its_wall(one_store: Store, drawn: DrawnWorld, words: str) -> None:
    with taken_back(one_store) as session:
        build(session, drawn)
        world = World.of(session)
        scope = world.scopes()[words]
        for name, query in asked_for(scope):
            put_behind(session, EVERYTHING)
            bare = ask(session, scope, query, world.slugs, AS_OF)
            put_behind(session, scope)
            assert ask(session, scope, query, world.slugs, AS_OF) == bare, name


@pytest.fixture
def one_store(new_postgresql: NewStore) -> Generator[Store]:
    with whole_store(new_postgresql()) as store:
        yield store


def put_behind(session: Session, scope: Scope) -> None:
    """Put the rest of a transaction behind the wall of a scope, as `access.reading` does."""
    for name, value in wall(scope).items():
        session.execute(sa.select(sa.func.set_config(name, value, True)))
    if scope.school_ids:
        _admit_totals(session, scope)
