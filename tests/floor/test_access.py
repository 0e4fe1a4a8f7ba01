"""Nothing is visible unless a scope names it."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass
from datetime import date
from typing import Any, Final

import pytest
import sqlalchemy as sa

from dashboard.access import (
    EVERYTHING,
    NOTHING,
    Scope,
    clusters_in_totals,
    may_see,
    may_see_totals,
    open_to,
    visible_clusters,
    visible_schools,
)
from dashboard.db import Store
from dashboard.models import Cluster, Membership, OpenBook, Programme, School

MEMBERS: Final = {
    "n1": ("north",), "n2": ("north",), "s1": ("south",), "both": ("north", "south"), "w1": ("west",), "alone": (),
}  # fmt: skip
CLUSTERS: Final = {"north": "river", "east": "river", "south": "hill", "west": None}
EVERY_PAIR: Final = {(cluster, school) for cluster in CLUSTERS for school in MEMBERS}


@dataclass(frozen=True)
class Places:
    """Four clusters, two of one programme and one of none; one school is in two clusters, one in no cluster."""

    store: Store
    ids: dict[str, int]

    def scope(self, *, programmes: str = "", clusters: str = "", schools: str = "") -> Scope:
        """A scope of the places with these names."""
        named = (frozenset(self.ids[name] for name in names.split()) for names in (programmes, clusters, schools))
        return Scope(False, *named)

    def clusters(self, condition: Callable[[Scope], sa.Select[int]], scope: Scope) -> set[str]:
        """The clusters of a selection, by name."""
        with self.store.reading() as session:
            return set(session.scalars(sa.select(Cluster.slug).where(Cluster.id.in_(condition(scope)))))

    def schools(self, scope: Scope) -> set[str]:
        with self.store.reading() as session:
            return set(session.scalars(sa.select(School.slug).where(School.id.in_(visible_schools(scope)))))

    def pairs(self, condition: Callable[..., sa.ColumnElement[bool]], scope: Scope) -> set[tuple[str, str]]:
        """Clusters and schools for which a condition holds of rows about the one within the other."""
        pairs = sa.select(Cluster.slug, School.slug).join(School, sa.true())
        with self.store.reading() as session:
            return {(row[0], row[1]) for row in session.execute(pairs.where(condition(scope, Cluster.id, School.id)))}

    def in_totals(self, scope: Scope, year: int = 2016) -> set[str]:
        """The clusters of whose year totals are seen."""
        condition = may_see_totals(scope, Cluster.id, sa.literal(year))
        with self.store.reading() as session:
            return set(session.scalars(sa.select(Cluster.slug).where(condition)))


def open_in(year: int) -> Callable[..., sa.ColumnElement[bool]]:
    """`open_to` about rows of an academic year, asked on 1 March 2017."""
    return lambda scope, cluster_id, school_id: open_to(
        scope, cluster_id, school_id, sa.literal(year), date(2017, 3, 1)
    )


def years_open(places: Places) -> set[int]:
    """The years of which n1 reads the book of n2."""
    mine, theirs = places.scope(schools="n1"), ("north", "n2")
    return {year for year in (2015, 2016, 2017) if theirs in places.pairs(open_in(year), mine)}


@pytest.fixture
def places(store: Store) -> Places:
    with store.writing() as session:
        programmes = {name: Programme(slug=name, name=name) for name in ("river", "hill")}
        session.add_all(programmes.values())
        session.flush()
        clusters = {
            name: Cluster(slug=name, name=name, programme_id=programmes[under].id if under else None)
            for name, under in CLUSTERS.items()
        }
        schools = {name: School(slug=name, name=name) for name in MEMBERS}
        session.add_all([*clusters.values(), *schools.values()])
        session.flush()
        for school, within in MEMBERS.items():
            session.add_all(Membership(cluster_id=clusters[each].id, school_id=schools[school].id) for each in within)
        rows: dict[str, Any] = {**programmes, **clusters, **schools}
        return Places(store, {name: row.id for name, row in rows.items()})


# Whole clusters, and their schools


def test_an_empty_scope_gives_no_rows(places: Places) -> None:
    for scope in (NOTHING, Scope()):
        assert places.clusters(visible_clusters, scope) == places.clusters(clusters_in_totals, scope) == set()
        assert places.schools(scope) == places.in_totals(scope) == set()
        assert places.pairs(may_see, scope) == places.pairs(open_in(2016), scope) == set()


def test_everything(places: Places) -> None:
    assert places.clusters(visible_clusters, EVERYTHING) == places.clusters(clusters_in_totals, EVERYTHING)
    assert places.clusters(visible_clusters, EVERYTHING) == places.in_totals(EVERYTHING) == set(CLUSTERS)
    assert places.schools(EVERYTHING) == set(MEMBERS)
    assert places.pairs(may_see, EVERYTHING) == EVERY_PAIR


def test_a_scope_holds_the_clusters_that_are_seen_whole(places: Places) -> None:
    for scope in (
        NOTHING, EVERYTHING, places.scope(programmes="river"), places.scope(clusters="south west"),
        places.scope(schools="both"), places.scope(programmes="hill", clusters="east"),
    ):  # fmt: skip
        held = {name for name, under in CLUSTERS.items() if scope.holds(places.ids[name], places.ids.get(under or ""))}
        assert held == places.clusters(visible_clusters, scope)


def test_of_everything_no_row_is_asked_whose_it_is() -> None:
    assert str(may_see(EVERYTHING, Cluster.id, School.id)) == "true"
    assert str(may_see_totals(EVERYTHING, Cluster.id, sa.literal(2016))) == "true"
    for places, table in ((visible_clusters, "cluster"), (clusters_in_totals, "cluster"), (visible_schools, "school")):
        assert str(places(EVERYTHING)).split() == ["SELECT", f"{table}.id", "FROM", table]


def test_of_whole_clusters_no_row_is_asked_for_open_books() -> None:
    condition = open_to(Scope(programme_ids=frozenset({1})), Cluster.id, School.id, sa.literal(2016), date(2017, 3, 1))
    assert str(condition) == "false"


def test_a_programme_brings_its_clusters_and_none_without_a_programme(places: Places) -> None:
    scope = places.scope(programmes="river")
    assert places.clusters(visible_clusters, scope) == places.clusters(clusters_in_totals, scope) == {"north", "east"}
    assert places.in_totals(scope) == {"north", "east"}
    assert places.schools(scope) == {"n1", "n2", "both"}
    assert places.pairs(may_see, scope) == {pair for pair in EVERY_PAIR if pair[0] in {"north", "east"}}


def test_a_cluster_brings_its_schools_and_no_others(places: Places) -> None:
    scope = places.scope(clusters="south")
    assert places.clusters(visible_clusters, scope) == places.clusters(clusters_in_totals, scope) == {"south"}
    assert places.in_totals(scope) == {"south"}
    assert places.schools(scope) == {"s1", "both"}
    assert places.pairs(may_see, scope) == {("south", school) for school in MEMBERS}


def test_a_school_alone_brings_no_cluster_and_no_neighbour(places: Places) -> None:
    scope = places.scope(schools="both")
    assert places.clusters(visible_clusters, scope) == set()
    assert places.clusters(clusters_in_totals, scope) == places.in_totals(scope) == {"north", "south"}
    assert places.schools(scope) == {"both"}
    assert places.pairs(may_see, scope) == {(cluster, "both") for cluster in CLUSTERS}


def test_programmes_clusters_and_schools_add_up(places: Places) -> None:
    scope = places.scope(programmes="hill", clusters="west", schools="n1 alone")
    assert places.clusters(visible_clusters, scope) == {"south", "west"}
    assert places.clusters(clusters_in_totals, scope) == places.in_totals(scope) == {"south", "west", "north"}
    assert places.schools(scope) == {"s1", "both", "w1", "n1", "alone"}
    whole = {pair for pair in EVERY_PAIR if pair[0] in {"south", "west"}}
    named = {pair for pair in EVERY_PAIR if pair[1] in {"n1", "alone"}}
    assert places.pairs(may_see, scope) == whole | named


def test_numbers_that_name_nothing_bring_nothing(places: Places) -> None:
    nobodys = frozenset({9999})
    scope = Scope(programme_ids=nobodys, cluster_ids=nobodys, school_ids=nobodys)
    assert places.clusters(visible_clusters, scope) == places.clusters(clusters_in_totals, scope) == set()
    assert places.schools(scope) == places.in_totals(scope) == set()
    assert places.pairs(may_see, scope) == set()


def test_a_school_in_two_clusters_is_seen_once(places: Places) -> None:
    scope = places.scope(clusters="north south", schools="both")
    with places.store.reading() as session:
        assert len(session.scalars(visible_schools(scope)).all()) == 4
        assert len(session.scalars(clusters_in_totals(scope)).all()) == 2


# Totals of a year: who was a member

EDGES: Final = {
    (None, None): {2015, 2016, 2017},
    (date(2016, 8, 31), None): {2015, 2016, 2017},
    (date(2016, 9, 1), None): {2016, 2017},
    (date(2017, 8, 31), None): {2016, 2017},
    (date(2017, 9, 1), None): {2017},
    (None, date(2016, 8, 31)): {2015},
    (None, date(2016, 9, 1)): {2015, 2016},
    (None, date(2017, 8, 31)): {2015, 2016},
    (None, date(2017, 9, 1)): {2015, 2016, 2017},
    (date(2016, 9, 1), date(2016, 9, 1)): {2016},
    (date(2016, 8, 31), date(2016, 8, 31)): {2015},
    (date(2017, 1, 10), date(2017, 1, 9)): {2016},
}
"""When a school joined and left, and the academic years (1 September to 31 August) that this covers a day of."""


@pytest.mark.parametrize("spell", EDGES)
def test_a_membership_counts_in_every_year_of_which_it_covers_a_day(
    places: Places, spell: tuple[date | None, date | None]
) -> None:
    joined, left = spell
    with places.store.writing() as session:
        session.add(Membership(cluster_id=places.ids["east"], school_id=places.ids["alone"], joined=joined, left=left))
    own = places.scope(schools="alone")
    assert {year for year in (2015, 2016, 2017) if places.in_totals(own, year) == {"east"}} == EDGES[spell]
    assert places.clusters(clusters_in_totals, own) == {"east"}


# Open books


@pytest.mark.parametrize(
    ("books", "seen"),
    [
        ("", set()),
        ("n1", {("north", "n1")}),
        ("n2", set()),
        ("n1 n2", {("north", "n1"), ("north", "n2")}),
        ("n1 n2-", {("north", "n1")}),
        ("n1- n2", set()),
        ("n1- n1 n2", {("north", "n1"), ("north", "n2")}),
        ("n1- n2-", set()),
        ("n2 both", set()),
    ],
)
def test_books_are_open_to_those_that_opened_theirs_and_not_to_others(
    places: Places, books: str, seen: set[tuple[str, str]]
) -> None:
    """A minus stands for an agreement that was taken back. The decoys opened their books in another cluster."""
    with places.store.writing() as session:
        for cluster, name in [("north", book) for book in books.split()] + [("south", "s1"), ("south", "both")]:
            book = OpenBook(
                cluster_id=places.ids[cluster], school_id=places.ids[name.rstrip("-")], agreed_on=date(2016, 9, 1)
            )
            book.withdrawn_on = date(2016, 12, 1) if name.endswith("-") else None
            session.add(book)
    assert places.pairs(open_in(2016), places.scope(schools="n1")) == seen
    assert places.pairs(open_in(2016), places.scope(clusters="north")) == set(), "clusters bring no open books"


LEAVINGS: Final[dict[date | None, set[int]]] = {
    None: {2015, 2016, 2017},
    date(2015, 8, 31): set(),
    date(2016, 8, 30): set(),
    date(2016, 8, 31): {2015},
    date(2017, 2, 28): {2015},
    date(2017, 3, 1): {2015, 2016, 2017},
    date(2017, 8, 31): {2015, 2016, 2017},
}
"""The last day in the cluster, and the years of which an open book is read on 1 March 2017: of those at whose end, or
today while they go on, the school belonged to it."""


@pytest.mark.parametrize("who", ["n1", "n2"])
@pytest.mark.parametrize("left", LEAVINGS)
def test_a_book_that_nobody_closed_ends_with_the_membership_of_either(
    places: Places, left: date | None, who: str
) -> None:
    with places.store.writing() as session:
        for name in ("n1", "n2"):
            session.add(
                OpenBook(cluster_id=places.ids["north"], school_id=places.ids[name], agreed_on=date(2014, 9, 1))
            )
        session.execute(sa.update(Membership).where(Membership.school_id == places.ids[who]).values(left=left))
    assert years_open(places) == LEAVINGS[left]


JOININGS: Final[dict[date, set[int]]] = {
    date(2016, 8, 31): {2015, 2016, 2017},
    date(2016, 9, 1): {2016, 2017},
    date(2017, 3, 1): {2016, 2017},
    date(2017, 3, 2): set(),
}


@pytest.mark.parametrize("who", ["n1", "n2"])
@pytest.mark.parametrize("joined", JOININGS)
def test_a_book_is_open_to_those_that_have_joined(places: Places, joined: date, who: str) -> None:
    with places.store.writing() as session:
        for name in ("n1", "n2"):
            session.add(
                OpenBook(cluster_id=places.ids["north"], school_id=places.ids[name], agreed_on=date(2014, 9, 1))
            )
        session.execute(sa.update(Membership).where(Membership.school_id == places.ids[who]).values(joined=joined))
    assert years_open(places) == JOININGS[joined]


@pytest.mark.parametrize("who", ["n1", "n2"])
@pytest.mark.parametrize(
    ("agreed", "years"), [(date(2016, 8, 31), {2015, 2016, 2017}), (date(2016, 9, 1), {2016, 2017})]
)
def test_a_book_is_open_from_the_year_on_in_which_both_had_agreed(
    places: Places, agreed: date, years: set[int], who: str
) -> None:
    with places.store.writing() as session:
        for name in ("n1", "n2"):
            day = agreed if name == who else date(2014, 9, 1)
            session.add(OpenBook(cluster_id=places.ids["north"], school_id=places.ids[name], agreed_on=day))
    assert years_open(places) == years


def test_membership_of_another_cluster_opens_no_book(places: Places) -> None:
    """Both opened their books in a cluster that one of them never belonged to."""
    with places.store.writing() as session:
        for name in ("n1", "n2"):
            session.add(OpenBook(cluster_id=places.ids["east"], school_id=places.ids[name], agreed_on=date(2014, 9, 1)))
        session.add(Membership(cluster_id=places.ids["east"], school_id=places.ids["n2"]))
    assert places.pairs(open_in(2016), places.scope(schools="n1")) == set()
    assert places.pairs(open_in(2016), places.scope(schools="n2")) == {("east", "n2")}


# Scopes themselves


def test_a_scope_cannot_be_widened_later() -> None:
    with pytest.raises(FrozenInstanceError):
        NOTHING.everything = True  # type: ignore[misc]


def test_a_scope_is_empty_when_it_names_nothing() -> None:
    assert NOTHING.empty
    assert Scope(cluster_ids=frozenset()).empty
    for scope in (EVERYTHING, *(Scope(**{kind: frozenset({1})}) for kind in KINDS)):
        assert not scope.empty


KINDS: Final = ("programme_ids", "cluster_ids", "school_ids")


def test_scopes_add_up_kind_by_kind() -> None:
    one, other = (
        Scope(programme_ids=frozenset({n, 5}), cluster_ids=frozenset({n + 1, 6}), school_ids=frozenset({n + 2, 7}))
        for n in (10, 20)
    )
    both = Scope(False, frozenset({5, 10, 20}), frozenset({6, 11, 21}), frozenset({7, 12, 22}))
    assert one | other == other | one == both
    assert one | NOTHING == NOTHING | one == one
    assert (one | EVERYTHING).everything
    assert (EVERYTHING | one).everything
    assert (EVERYTHING | one).school_ids == one.school_ids
