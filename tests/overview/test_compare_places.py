"""The geometry of the map: outlines, cuts and panes against hand-made points and slow answers."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear
from dashboard.flags import Flag
from dashboard.overview.figures import draw_map, map_key
from dashboard.overview.hulls import Point, clip, hull, turns
from dashboard.overview.panels import MAP
from dashboard.overview.panes import around, crowd_of, panes_of
from dashboard.overview.places import Map, Place, Spot, outlines_of, say_beside, say_map, spot_of, squeeze
from dashboard.ui.theme import Look
from dashboard.vocabulary import Severity
from tests.builders import EXAMPLES

YEAR = AcademicYear(2016)
POINTS = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), max_size=14)


@pytest.mark.parametrize(
    ("points", "corners"),
    [
        ([], []),
        ([(1, 1), (1, 1)], [(1, 1)]),
        ([(2, 2), (0, 0), (1, 1)], [(0, 0), (2, 2)]),
        ([(0, 0), (2, 0), (1, 1), (2, 2), (0, 2), (1, 0)], [(0, 0), (2, 0), (2, 2), (0, 2)]),
        ([(0, 0), (4, 0), (2, 1), (2, 3)], [(0, 0), (4, 0), (2, 3)]),
    ],
)
def test_the_outline_of_hand_made_points(points: list[Point], corners: list[Point]) -> None:
    assert hull(points) == corners


@given(POINTS)
@EXAMPLES
def test_an_outline_is_convex_and_holds_every_point(points: list[Point]) -> None:
    corners = hull(points)
    assert set(corners) <= set(points)
    assert len(set(corners)) == len(corners)
    if len(corners) < 3:
        return
    ring = [*corners, corners[0], corners[1]]
    assert all(turns(*three) > 0 for three in zip(ring, ring[1:], ring[2:], strict=False))
    assert all(turns(start, end, point) >= 0 for start, end in pairwise(ring) for point in points)


@given(POINTS)
@EXAMPLES
def test_what_is_cut_holds_the_points_within_the_box_and_no_other(points: list[Point]) -> None:
    corners, box = hull([(Fraction(x), Fraction(y)) for x, y in points]), ((-4, -4), (4, 3))
    left = clip(corners, box)
    assert all(-4 <= x <= 4 and -4 <= y <= 3 for x, y in left)
    inside = [point for point in points if -4 <= point[0] <= 4 and -4 <= point[1] <= 3]
    if len(corners) < 3:
        return
    ring = hull(left)
    assert all(turns(*edge, point) >= 0 for edge in pairwise([*ring, *ring[:1]]) for point in inside if len(ring) > 2)
    assert left or not inside


def test_a_crowd_is_what_lies_on_one_another() -> None:
    assert crowd_of([(0, 0), (100, 0), (10, 10), (20, 20), (101, 1)]) == [0, 2, 3], "each on another of the group"
    assert crowd_of([(0, 0), (100, 0)]) == [0]
    assert crowd_of([]) == []


def spot(name: str, longitude: float | None, latitude: float | None, state: Severity | None = None) -> Spot:
    flags = [Flag("rule", state, f"{name} has a flag", name)] if state else []
    place = Place(1, name, latitude, longitude, int(latitude is not None), 2)
    return spot_of(name.lower(), name, YEAR, flags, place, recorded=name != "Unknown")


FAR = [spot("North", -1.5, 53.0, Severity.LOOK), spot("A", -1.80, 51.10, Severity.ACT), spot("B", -1.79, 51.08)]
OUTLINES = outlines_of([("Fordshire", -1.9, 51.0), ("Fordshire", -1.7, 51.0), ("Fordshire", -1.8, 51.2), ("X", -1, 52)])


def test_crowded_clusters_are_drawn_once_more_at_one_scale_in_both_directions() -> None:
    told = Map(tuple(FAR), tuple(OUTLINES))
    whole, close = panes_of(told, (1000, 560), narrow=False)
    assert [each.name for each in close.holds(told.drawn)] == ["B", "A"], "the most pressing lie on top"
    assert len(whole.holds(told.drawn)) == 3
    for pane in (whole, close):
        assert all(
            pane.paper[0] <= x <= pane.paper[2] and pane.paper[1] <= y <= pane.paper[3]
            for x, y in map(pane.at, pane.holds(told.drawn))
        )
        (x0, y0), (x1, y1) = pane.box
        left, top, right, bottom = pane.paper
        assert (right - left) / (x1 - x0) == pytest.approx((bottom - top) / (y1 - y0))
    assert whole.by == pytest.approx(squeeze([51.0, 53.0])) == pytest.approx(0.6157, abs=1e-3)  # cos 52°
    figure = draw_map(told, Look())
    assert [tuple(each.marker.symbol for each in figure.data if each.mode == "markers")] == [
        ("circle", "triangle-up", "square")
    ]
    assert {each.customdata[0][-1] for each in figure.data if each.mode == "markers"} >= {"/cluster/b?year=2016-17"}
    assert len(panes_of(Map(tuple(FAR[:2]), ()), (1000, 560), narrow=True)) == 1
    assert around([(0, 0)]) == ((-0.025, -0.025), (0.025, 0.025)), "one cluster is no map of a street"


def test_what_the_map_says_and_whom_it_names_beside_it() -> None:
    told = Map((*FAR, spot("Nowhere", None, None, Severity.ACT), spot("Unknown", -1.6, 51.5)), tuple(OUTLINES))
    assert say_map(told) == "One of four clusters on the map needs action."
    assert say_beside(told) == "Not on the map, because no school of theirs has coordinates: Nowhere."
    table = MAP.table(told).set_index("Cluster")
    assert list(table["State"]) == [
        "▲ Look at this", "■ Needs action", "● Nothing pressing", "■ Needs action", "○ Not known"
    ]  # fmt: skip
    assert table.loc["Nowhere", "Latitude, longitude"] == "not on the map"
    assert [item.word for item in map_key(told)] == [
        "Needs action", "Look at this", "Nothing pressing", "Not known", "outermost schools of a local authority",
    ]  # fmt: skip
    assert say_map(Map((FAR[0],), ())) == "The one cluster on the map is worth a look; none needs action."
    assert say_map(Map((FAR[2],), ())) == "Nothing presses in the one cluster on the map."
    assert MAP.is_empty(Map((spot("Nowhere", None, None),), ()))
