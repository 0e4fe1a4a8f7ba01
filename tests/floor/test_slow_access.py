"""Every condition that a scope becomes, beside a slow answer in plain Python, over drawn worlds."""

from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any, Final

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dashboard.access import (
    Scope,
    clusters_in_totals,
    may_see,
    may_see_totals,
    open_to,
    visible_clusters,
    visible_schools,
    was_member,
)
from dashboard.db import Store
from dashboard.models import Cluster, Membership, School
from tests import builders as put
from tests.builders import AS_OF, EXAMPLES, taken_back

PROGRAMMES, CLUSTERS, SCHOOLS = range(2), range(4), range(4)
YEARS: Final = (2015, 2016, 2017)
DAYS: Final = (
    None, None, date(2016, 8, 31), date(2016, 9, 1), date(2017, 2, 28), AS_OF, date(2017, 8, 31), date(2017, 9, 1),
)  # fmt: skip
"""The edges of 2016-17, the day of asking and the one before, and no day."""


AGREED: Final = (date(2014, 9, 1), date(2016, 8, 31), date(2016, 9, 1), date(2017, 3, 1))


@dataclass(frozen=True)
class World:
    """Clusters, schools and programmes by number: who belongs where and when, and whose book is open to which cluster.

    Its questions are answered by going through everything, row by row.
    """

    under: tuple[int | None, ...]
    members: tuple[tuple[int, int, date | None, date | None], ...]
    books: tuple[tuple[int, int, date, bool], ...]
    everything: bool
    programmes: frozenset[int]
    clusters: frozenset[int]
    schools: frozenset[int]

    def whole(self, cluster: int) -> bool:
        return self.everything or cluster in self.clusters or self.under[cluster] in self.programmes

    def named(self, school: int) -> bool:
        return self.everything or school in self.schools

    def belonged(self, cluster: int, school: int, year: int) -> bool:
        spells = [spell for of, member, *spell in self.members if (of, member) == (cluster, school)]
        return any(_overlaps(joined, left, year) for joined, left in spells)

    def in_totals(self, cluster: int, year: int) -> bool:
        return self.whole(cluster) or any(self.belonged(cluster, school, year) for school in self.schools)

    def stayed(self, cluster: int, school: int, year: int) -> bool:
        last = min(date(year + 1, 8, 31), AS_OF)
        spells = [spell for of, member, *spell in self.members if (of, member) == (cluster, school)]
        return any((joined or date.min) <= last <= (left or date.max) for joined, left in spells)

    def laid_open(self, cluster: int, school: int, year: int) -> bool:
        open_books = {
            whose
            for of, whose, agreed, withdrawn in self.books
            if of == cluster and agreed <= date(year + 1, 8, 31) and not withdrawn and self.stayed(cluster, whose, year)
        }
        return school in open_books and bool(open_books & self.schools)

    def school_seen(self, school: int) -> bool:
        return self.named(school) or any(self.whole(of) for of, member, *_ in self.members if member == school)

    def cluster_in_totals(self, cluster: int) -> bool:
        return self.whole(cluster) or any(member in self.schools for of, member, *_ in self.members if of == cluster)


def _overlaps(joined: date | None, left: date | None, year: int) -> bool:
    return (joined or date.min) <= date(year + 1, 8, 31) and (left or date.max) >= date(year, 9, 1)


def some(numbers: range) -> st.SearchStrategy[frozenset[int]]:
    return st.frozensets(st.sampled_from(numbers), max_size=2)


WORLDS: Final = st.builds(
    World,
    under=st.tuples(*(st.none() | st.sampled_from(PROGRAMMES) for _ in CLUSTERS)),
    members=st.lists(
        st.tuples(st.sampled_from(CLUSTERS), st.sampled_from(SCHOOLS), st.sampled_from(DAYS), st.sampled_from(DAYS)),
        max_size=8,
    ).map(tuple),
    books=st.lists(
        st.tuples(st.sampled_from(CLUSTERS[:2]), st.sampled_from(SCHOOLS), st.sampled_from(AGREED), st.booleans()),
        max_size=8,
    ).map(tuple),
    everything=st.sampled_from((False,) * 9 + (True,)),
    programmes=some(PROGRAMMES),
    clusters=some(CLUSTERS),
    schools=some(SCHOOLS),
)  # fmt: skip


def build(session: Session, world: World) -> Scope:
    """Put a world into a store, its numbers as slugs, and give the scope it is asked with."""
    programmes = [put.programme(session) for _ in PROGRAMMES]
    under = [None if each is None else programmes[each].id for each in world.under]
    clusters = [put.put(session, Cluster(slug=str(n), name="", programme_id=under[n])) for n in CLUSTERS]
    # Further on than the clusters, so that no number of a school is one of a cluster or programme too.
    schools = [put.put(session, School(id=clusters[-1].id + 100 + n, slug=str(n), name="")) for n in SCHOOLS]
    for of, member, joined, left in world.members:
        put.membership(session, clusters[of], schools[member], joined, left)
    for of, whose, agreed, withdrawn in world.books:
        book = put.open_book(session, clusters[of], schools[whose], agreed)
        book.withdrawn_on = date(2017, 3, 1) if withdrawn else None
    session.flush()
    named = ((programmes, world.programmes), (clusters, world.clusters), (schools, world.schools))
    return Scope(world.everything, *(frozenset(rows[number].id for number in numbers) for rows, numbers in named))


def found(session: Session, select: sa.Select[Any]) -> set[tuple[int, ...]]:
    """The rows of a selection as numbers, of which none may come twice."""
    rows = [tuple(int(each) for each in row) for row in session.execute(select)]
    assert len(rows) == len(set(rows))
    return set(rows)


def every(*parts: range | tuple[int, ...]) -> list[Any]:
    return list(product(*parts))


@settings(EXAMPLES, max_examples=60)
@given(world=WORLDS)
def test_the_places_of_a_scope_are_those_that_a_slow_answer_finds(shared_store: Store, world: World) -> None:
    with taken_back(shared_store) as session:
        scope = build(session, world)
        cluster = sa.select(Cluster.slug)
        assert found(session, cluster.where(Cluster.id.in_(visible_clusters(scope)))) == {
            (each,) for each in CLUSTERS if world.whole(each)
        }
        assert found(session, cluster.where(Cluster.id.in_(clusters_in_totals(scope)))) == {
            (each,) for each in CLUSTERS if world.cluster_in_totals(each)
        }
        assert found(session, sa.select(School.slug).where(School.id.in_(visible_schools(scope)))) == {
            (each,) for each in SCHOOLS if world.school_seen(each)
        }
        pairs = sa.select(Cluster.slug, School.slug).join(School, sa.true())
        assert found(session, pairs.where(may_see(scope, Cluster.id, School.id))) == {
            (of, school) for of, school in every(CLUSTERS, SCHOOLS) if world.whole(of) or world.named(school)
        }


@settings(EXAMPLES, max_examples=60)
@given(world=WORLDS)
def test_the_years_of_a_scope_are_those_that_a_slow_answer_finds(shared_store: Store, world: World) -> None:
    years = sa.union_all(*(sa.select(sa.literal(year).label("year")) for year in YEARS)).subquery()
    with taken_back(shared_store) as session:
        scope = build(session, world)
        clusters = sa.select(Cluster.slug, years.c.year).select_from(Cluster).join(years, sa.true())
        assert found(session, clusters.where(may_see_totals(scope, Cluster.id, years.c.year))) == {
            (of, year) for of, year in every(CLUSTERS, YEARS) if world.in_totals(of, year)
        }
        each = sa.select(Cluster.slug, years.c.year, School.slug).select_from(Cluster).join(years, sa.true())
        is_open = open_to(scope, Cluster.id, School.id, years.c.year, AS_OF)
        assert found(session, each.join(School, sa.true()).where(is_open)) == {
            (of, year, whose) for of, year, whose in every(CLUSTERS, YEARS, SCHOOLS) if world.laid_open(of, whose, year)
        }
        belongs = sa.exists().where(
            Membership.school_id == School.id, was_member(Membership, Cluster.id, years.c.year)
        )  # fmt: skip
        assert found(session, each.join(School, sa.true()).where(belongs)) == {
            (of, year, member)
            for of, year, member in every(CLUSTERS, YEARS, SCHOOLS)
            if world.belonged(of, member, year)
        }
