"""The outline around points: plain geometry, no store, no map."""

from collections.abc import Iterable, Sequence

Point = tuple[float, float]


def hull(points: Iterable[Point]) -> list[Point]:
    """The corners of the smallest convex outline around points, counter-clockwise, each once, the leftmost first.

    Points on an edge are no corners. Of points on one line only the two ends are left, of equal points one, of none
    nothing. (Andrew's monotone chain.)
    """
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return [*_half(ordered)[:-1], *_half(ordered[::-1])[:-1]]


def _half(ordered: Iterable[Point]) -> list[Point]:
    """One side of the outline, from the first point to the last."""
    side: list[Point] = []
    for point in ordered:
        while len(side) > 1 and turns(side[-2], side[-1], point) <= 0:
            side.pop()
        side.append(point)
    return side


def turns(start: Point, middle: Point, end: Point) -> float:
    """Above 0 where the way turns left at its middle, below where it turns right, 0 where it goes straight on."""
    return (middle[0] - start[0]) * (end[1] - start[1]) - (middle[1] - start[1]) * (end[0] - start[0])


Box = tuple[Point, Point]
"""The lower left and the upper right corner."""


def clip(corners: Sequence[Point], box: Box) -> list[Point]:
    """The part of an outline that lies within a box, its corners in order; nothing where no part does.

    (Sutherland and Hodgman: what lies beyond each edge of the box is cut off in turn.)
    """
    (low_x, low_y), (high_x, high_y) = box
    left = list(corners)
    for axis, edge, sign in ((0, low_x, 1), (0, high_x, -1), (1, low_y, 1), (1, high_y, -1)):
        left = _cut(left, axis, edge, sign)
    return left


def _cut(corners: Sequence[Point], axis: int, edge: float, sign: int) -> list[Point]:
    """What lies on one side of a line: above it for sign 1, below it for -1."""
    kept: list[Point] = []
    for before, corner in zip([*corners[-1:], *corners[:-1]], corners, strict=True):
        inside, was_inside = (sign * (each[axis] - edge) >= 0 for each in (corner, before))
        if inside != was_inside:
            kept.append(_crossing(before, corner, axis, edge))
        if inside:
            kept.append(corner)
    return kept


def _crossing(start: Point, end: Point, axis: int, edge: float) -> Point:
    part = (edge - start[axis]) / (end[axis] - start[axis])
    other = start[1 - axis] + part * (end[1 - axis] - start[1 - axis])
    return (edge, other) if axis == 0 else (other, edge)
