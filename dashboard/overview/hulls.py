"""The outline around points: plain geometry, no store, no map."""

from collections.abc import Iterable

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
