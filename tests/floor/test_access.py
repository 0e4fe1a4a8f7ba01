"""Nothing is visible unless a scope names it."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from dashboard.access import EVERYTHING, NOTHING, Scope, visible_clusters, visible_schools
from dashboard.db import Store
from dashboard.models import Cluster, Membership, School


@dataclass(frozen=True)
class Places:
    """Two clusters of two schools each; one school is in no cluster."""

    north: int
    south: int
    schools: dict[str, int]


@pytest.fixture
def places(store: Store) -> Places:
    with store.writing() as session:
        clusters = [Cluster(slug=name, name=name) for name in ("north", "south")]
        schools = [School(slug=name, name=name) for name in ("n1", "n2", "s1", "s2", "alone")]
        session.add_all([*clusters, *schools])
        session.flush()
        session.add_all(
            Membership(cluster_id=clusters[number // 2].id, school_id=schools[number].id) for number in range(4)
        )
        return Places(clusters[0].id, clusters[1].id, {school.slug: school.id for school in schools})


def seen(store: Store, scope: Scope) -> tuple[set[int], set[str]]:
    with store.reading() as session:
        clusters = session.scalars(sa.select(Cluster.id).where(Cluster.id.in_(visible_clusters(scope))))
        schools = session.scalars(sa.select(School.slug).where(School.id.in_(visible_schools(scope))))
        return set(clusters), set(schools)


@pytest.mark.usefixtures("places")
def test_an_empty_scope_gives_no_rows(store: Store) -> None:
    assert seen(store, NOTHING) == seen(store, Scope()) == (set(), set())


def test_everything(store: Store, places: Places) -> None:
    assert seen(store, EVERYTHING) == ({places.north, places.south}, set(places.schools))


def test_a_cluster_brings_its_schools_and_no_others(store: Store, places: Places) -> None:
    assert seen(store, Scope(cluster_ids=frozenset({places.north}))) == ({places.north}, {"n1", "n2"})


def test_a_school_alone_brings_no_cluster_and_no_neighbour(store: Store, places: Places) -> None:
    assert seen(store, Scope(school_ids=frozenset({places.schools["s1"]}))) == (set(), {"s1"})


def test_clusters_and_schools_add_up(store: Store, places: Places) -> None:
    scope = Scope(cluster_ids=frozenset({places.south}), school_ids=frozenset({places.schools["alone"]}))
    assert seen(store, scope) == ({places.south}, {"s1", "s2", "alone"})


@pytest.mark.usefixtures("places")
def test_numbers_that_name_nothing_bring_nothing(store: Store) -> None:
    assert seen(store, Scope(cluster_ids=frozenset({99}), school_ids=frozenset({99}))) == (set(), set())


def test_a_school_in_two_clusters_is_seen_once(store: Store, places: Places) -> None:
    with store.writing() as session:
        session.add(Membership(cluster_id=places.south, school_id=places.schools["n1"]))
    with store.reading() as session:
        scope = Scope(cluster_ids=frozenset({places.north, places.south}))
        assert len(session.scalars(visible_schools(scope)).all()) == 4


def test_a_scope_cannot_be_widened_later() -> None:
    with pytest.raises(AttributeError):
        NOTHING.everything = True  # type: ignore[misc]
