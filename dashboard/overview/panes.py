"""How a map is laid out on paper: the whole, and a close-up of where marks lie on one another. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dashboard.overview.hulls import Box, Point
from dashboard.overview.places import Map, Spot, squeeze

_GAP: Final = 32.0
_MARK: Final = 16.0
"""Pixels of a mark: nearer ones lie on one another."""
_SMALLEST: Final = 0.05
"""Degrees that a map shows at least, so that one cluster is no map of a street."""
_AIR: Final = 0.1
_FEWEST: Final = 3
"""A third of the clusters at least: less is not worth the room that a close-up takes from the whole."""
_NO_CLOSER: Final = 0.6
"""What takes so much of the whole is not drawn again."""
_NARROWEST, _WIDEST = 0.28, 0.45
"""The share of the paper that the whole takes beside a close-up."""

Rectangle = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels from the upper left."""


@dataclass(frozen=True)
class Pane:
    """A part of the country (squeezed degrees) on a part of the paper, at one scale, in its middle."""

    box: Box
    paper: Rectangle
    by: float
    """By how much longitudes are squeezed."""

    @property
    def scale(self) -> float:
        """Pixels of a degree."""
        (x0, y0), (x1, y1) = self.box
        left, top, right, bottom = self.paper
        return min((right - left) / (x1 - x0), (bottom - top) / (y1 - y0))

    def squeezed(self, longitude: float, latitude: float) -> Point:
        """A place in degrees that are alike in both directions."""
        return longitude * self.by, latitude

    def on_paper(self, x: float, y: float) -> Point:
        """Where squeezed degrees are on the paper; north is up."""
        (x0, y0), (x1, y1) = self.box
        left, top, right, bottom = self.paper
        return (
            (left + right) / 2 + (x - (x0 + x1) / 2) * self.scale,
            (top + bottom) / 2 - (y - (y0 + y1) / 2) * self.scale,
        )

    def at(self, spot: Spot) -> Point:
        """Where a cluster is on the paper."""
        return self.on_paper(*self.squeezed(*spot.where))

    def holds(self, spots: Iterable[Spot]) -> list[Spot]:
        """The clusters within."""
        (x0, y0), (x1, y1) = self.box
        places = ((spot, self.squeezed(*spot.where)) for spot in spots)
        return [spot for spot, (x, y) in places if x0 <= x <= x1 and y0 <= y <= y1]


def panes_of(told: Map, size: Point, *, narrow: bool) -> list[Pane]:
    """The whole map, and a close-up where it helps: beside it, or below it on a narrow page."""
    corners = [corner for outline in told.outlines for corner in outline.corners]
    by = squeeze([spot.where[1] for spot in told.drawn] + [latitude for _, latitude in corners])
    points = [(x * by, y) for x, y in [*(spot.where for spot in told.drawn), *corners]]
    box = around(points)
    whole = _pane(box, (0.0, 0.0, *size), by)
    crowd = crowd_of([whole.at(spot) for spot in told.drawn])
    close = around([whole.squeezed(*told.drawn[number].where) for number in crowd])
    (x0, y0), (x1, y1) = box
    (left, low), (right, high) = close
    if (
        len(crowd) < max(2, len(told.drawn) / _FEWEST)
        or max((right - left) / (x1 - x0), (high - low) / (y1 - y0)) > _NO_CLOSER
    ):
        return [whole]
    if narrow:
        return [whole, _pane(close, (0.0, size[1] + _GAP, size[0], size[1] + _GAP + size[0]), by)]
    wide = min(max(size[1] * (x1 - x0) / (y1 - y0), size[0] * _NARROWEST), size[0] * _WIDEST)
    return [_pane(box, (0.0, 0.0, wide, size[1]), by), _pane(close, (wide + _GAP, 0.0, *size), by)]


def _pane(box: Box, paper: Rectangle, by: float) -> Pane:
    """A pane whose box fills its paper: what lies beside it is shown, too."""
    (x0, y0), (x1, y1) = box
    left, top, right, bottom = paper
    scale = Pane(box, paper, by).scale
    across, up = (((right - left) / scale) - (x1 - x0)) / 2, (((bottom - top) / scale) - (y1 - y0)) / 2
    return Pane(((x0 - across, y0 - up), (x1 + across, y1 + up)), paper, by)


def around(points: Sequence[Point]) -> Box:
    """A box around points with air on each side."""
    (x0, x1), (y0, y1) = (_stretched([point[axis] for point in points]) for axis in (0, 1))
    return (x0, y0), (x1, y1)


def _stretched(values: Sequence[float]) -> Point:
    low, high = min(values), max(values)
    air = max((high - low) * _AIR, (_SMALLEST - (high - low)) / 2)
    return low - air, high + air


def crowd_of(points: Sequence[Point]) -> list[int]:
    """The numbers of the largest group of points that lie on one another, each on some other of the group.

    Points are put into squares as large as a mark, so that each is held against its neighbours alone.
    """
    squares: dict[tuple[int, int], list[int]] = {}
    for number, (x, y) in enumerate(points):
        squares.setdefault((int(x // _MARK), int(y // _MARK)), []).append(number)
    largest: list[int] = []
    left = set(range(len(points)))
    while left:
        group = [left.pop()]
        for number in group:
            x, y = points[number]
            near = (
                other
                for across in (-1, 0, 1)
                for down in (-1, 0, 1)
                for other in squares.get((int(x // _MARK) + across, int(y // _MARK) + down), ())
            )
            new = [each for each in near if each in left and _on_one_another(points[number], points[each])]
            left.difference_update(new)
            group += new
        largest = max(largest, sorted(group), key=lambda each: (len(each), [-number for number in each]))
    return largest


def _on_one_another(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) < _MARK and abs(one[1] - other[1]) < _MARK
