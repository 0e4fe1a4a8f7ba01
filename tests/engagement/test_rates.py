"""How the attendance of many clusters is spread: bins, the middle half, what is left out, and the way to them."""

import json
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Grant, Reader
from dashboard.db import Store
from dashboard.directory.view import View
from dashboard.engagement.figures import draw_spread
from dashboard.engagement.panels import SPREAD
from dashboard.engagement.rates import BINS, Spread, bin_of, called, read, spread_of, written
from dashboard.engagement.sentences import say_left_out, say_spread
from dashboard.screens.addresses import choices_of, find_place
from dashboard.screens.visit import Visit
from dashboard.ui.theme import LIGHT, Look
from dashboard.vocabulary import Role
from tests import builders as put
from tests.builders import AS_OF

VIEW = View(EVERYTHING, AS_OF, AcademicYear(2016), ())


class Row(NamedTuple):
    attended: int
    expected: int
    illustrative: bool = False


SIX = [Row(0, 5), Row(7, 10), Row(69, 100, True), Row(9, 10), Row(5, 5), Row(19, 20)]


@given(st.lists(st.integers(0, 40).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))), max_size=30))
def test_every_cluster_is_in_one_bin_or_left_out(counts: list[tuple[int, int]]) -> None:
    spread = spread_of(Row(*each) for each in counts)
    slow = [0] * BINS
    for attended, expected in counts:
        if expected >= 3:
            percent = attended * 100 / expected
            slow[next(number for number in range(BINS) if percent < number * 10 + 10 or number == BINS - 1)] += 1
    assert list(spread.clusters) == slow
    assert sum(slow) + spread.few_marks + spread.no_marks == len(counts)
    assert list(spread.rates) == sorted(spread.rates)


@pytest.mark.parametrize(
    ("row", "number"),
    [
        ((0, 3), 0),
        ((3, 30), 1),
        ((69, 100), 6),
        ((7, 10), 7),
        ((99, 100), 9),
        ((3, 3), 9),
        ((2, 2), None),
        ((0, 0), None),
    ],
)
def test_the_bin_of_a_cluster(row: tuple[int, int], number: int | None) -> None:
    assert bin_of(Row(*row)) == number


def test_a_bin_is_written_read_and_called() -> None:
    assert [read(written(number)) for number in range(BINS)] == list(range(BINS))
    assert [called(number) for number in (0, 6, 9)] == ["0 to 9 %", "60 to 69 %", "90 to 100 %"]
    for text in (None, "", "60", "65-75", "100-110", "60-70 ", "-10-0"):
        assert read(text) is None


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (SIX, "Half of the clusters lie between 69 % and 95 %."),
        ([Row(4, 5)] * 4, "Half of the clusters lie at 80 %."),
    ],
)
def test_where_half_of_the_clusters_lie(rows: list[Row], said: str) -> None:
    assert say_spread(spread_of(rows)) == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], ""),
        ([Row(1, 2)], "One cluster has fewer than three marks and is left out."),
        (
            [Row(1, 2), Row(0, 0), Row(0, 0)],
            "One cluster has fewer than three marks and two clusters have no marks and are left out.",
        ),
    ],
)
def test_what_is_left_out_is_said_apart(rows: list[Row], said: str) -> None:
    assert say_left_out(spread_of([*SIX, *rows])) == said


def test_a_column_stands_for_a_bin_and_leads_to_its_clusters() -> None:
    columns, half = draw_spread(spread_of(SIX, path="/?year=2016-17"), Look()).data
    assert list(columns.y) == [1, 0, 0, 0, 0, 0, 1, 1, 0, 3]
    assert list(columns.text) == ["1", "", "", "", "", "", "1", "1", "", "3"]
    assert list(columns.customdata[6]) == ["60 to 69 %: one cluster<br>click to list them", "/?year=2016-17&rate=60-70"]
    assert list(half.x) == [pytest.approx(6.4), pytest.approx(9.0)]
    assert set(columns.marker.color) == {LIGHT.blue}
    chosen, _ = draw_spread(spread_of(SIX, chosen=6), Look(narrow=True)).data
    assert [colour == LIGHT.blue for colour in chosen.marker.color] == [number == 6 for number in range(BINS)]


def test_the_table_has_the_same_and_leads_to_the_same() -> None:
    spread = spread_of(SIX)
    table = SPREAD.table(spread)
    assert list(table.iloc[0]) == ["90 to 100 %", 3, 0]
    assert list(table["With illustrative figures"]) == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert SPREAD.links(spread)["60 to 69 %"] == "/?rate=60-70"
    assert "10 to 19 %" not in SPREAD.links(spread)
    assert list(SPREAD.table(spread_of([Row(4, 5)])).columns) == ["Attendance", "Clusters"]
    assert SPREAD.made_up(spread) == (True, False)
    assert SPREAD.is_empty(spread_of(SIX[:3]))
    assert not SPREAD.is_empty(spread)


@pytest.fixture
def five(store: Store) -> Store:
    """Five clusters that came to 0, 1, 2, 3 and 4 of four meetings, and one without a mark."""
    with store.writing() as session:
        for number in range(5):
            cluster = put.cluster(session, f"Cluster {number}")
            school = put.school(session, f"School {number}", within=cluster)
            put.register(session, cluster, school, "P" * number + "N" * (4 - number))
        put.cluster(session, "Bare Cluster")
    return store


def shown(store: Store, search: str) -> str:
    place, reader = find_place("/"), Reader("A director", (Grant(Role.DIRECTOR),))
    assert place is not None
    visit = Visit(reader, place.scope(reader), AS_OF, "/", choices_of(search), Look())
    with store.reading() as session:
        page = place.build(session, visit)
    content: Any = page.content if page else None
    return json.dumps(content, default=lambda each: each.to_plotly_json(), ensure_ascii=False).replace(
        "\N{NO-BREAK SPACE}", " "
    )


def named(page: str) -> set[str]:
    return {
        f"Cluster {number}"
        for number in range(5)
        if f'"href": "/cluster/cluster-{number}?year' in page.partition("rowData")[2]
    }


def test_a_copied_address_lists_the_clusters_of_one_bin(five: Store) -> None:
    every, some = shown(five, ""), shown(five, "?rate=50-60&year=2016-17")
    assert "Half of the clusters lie between 25 % and 75 %." in every
    assert "One cluster has no marks and is left out." in every
    assert named(every) == {f"Cluster {number}" for number in range(5)}
    assert named(some) == {"Cluster 2"}
    assert "Only some clusters: 1 of 6. " in some
    assert "Attendance: 50 to 59 % " in some
    assert '"href": "/?year=2016-17"' in some
    assert "Half of the clusters lie between 25 % and 75 %." in some
    assert named(shown(five, "?rate=55-65")) == named(every)


def test_a_bin_without_a_cluster_says_so(five: Store) -> None:
    page = shown(five, "?rate=10-20")
    assert "Only some clusters: 0 of 6. " in page
    assert "Attendance: 10 to 19 % " in page
    assert "No cluster matches all of these choices." in page
    assert named(page) == set()


def test_few_clusters_have_no_spread(store: Store) -> None:
    with store.writing() as session:
        put.cluster(session)
    assert "There is no spread to show." in shown(store, "")


def test_an_unused_spread_is_not_read_from_the_store(store: Store) -> None:
    with store.reading() as session, pytest.raises(NotImplementedError):
        SPREAD.load(session, VIEW)


def test_a_spread_holds_no_name() -> None:
    assert {"rates", "clusters", "illustrative", "few_marks", "no_marks", "path", "chosen"} == set(
        Spread.__dataclass_fields__
    )
