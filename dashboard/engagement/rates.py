"""How the attendance of many clusters is spread. Pure: counts in, figures of no single cluster out."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol

BINS: Final = 10
"""Bins of ten points each; the last holds 100 %, too."""
FEWEST_MARKS: Final = 3
"""A cluster with fewer marks that count has no rate to compare."""
FEWEST_CLUSTERS: Final = 4
"""Of fewer clusters the grid says more than a spread."""


class Counts(Protocol):
    """A cluster in a year: how often schools came, of the times they were expected, and whether that is made up."""

    @property
    def attended(self) -> int: ...
    @property
    def expected(self) -> int: ...
    @property
    def illustrative(self) -> bool: ...


@dataclass(frozen=True)
class Spread:
    """The rates of clusters in their order, how many lie in each bin, and how many have no rate to compare."""

    rates: tuple[Fraction, ...]
    clusters: tuple[int, ...]
    illustrative: tuple[int, ...]
    """Clusters of each bin with figures that are made up."""
    few_marks: int
    no_marks: int
    path: str = "/"
    """The page on which a bin can be chosen, with what else is chosen there."""
    chosen: int | None = None

    def address(self, number: int) -> str:
        """Where the clusters of a bin are listed."""
        joint = "&" if "?" in self.path else "?"
        return f"{self.path}{joint}rate={written(number)}"


def spread_of(clusters: Iterable[Counts], *, path: str = "/", chosen: int | None = None) -> Spread:
    """The spread of clusters; `chosen` is the bin that is listed."""
    rated, few, none = [], 0, 0
    for cluster in clusters:
        if cluster.expected >= FEWEST_MARKS:
            rated.append(cluster)
        elif cluster.expected:
            few += 1
        else:
            none += 1
    counts, made_up = [0] * BINS, [0] * BINS
    for cluster in rated:
        counts[_bin(cluster)] += 1
        made_up[_bin(cluster)] += bool(cluster.illustrative)
    rates = tuple(sorted(Fraction(cluster.attended, cluster.expected) for cluster in rated))
    return Spread(rates, tuple(counts), tuple(made_up), few, none, path, chosen)


def bin_of(cluster: Counts) -> int | None:
    """The bin in which a cluster lies; None where it has no rate to compare."""
    return _bin(cluster) if cluster.expected >= FEWEST_MARKS else None


def _bin(cluster: Counts) -> int:
    return min(cluster.attended * BINS // cluster.expected, BINS - 1)


def written(number: int) -> str:
    """A bin as an address says it: "60-70"."""
    return f"{number * 10}-{number * 10 + 10}"


def read(text: str | None) -> int | None:
    """The bin of an address; None when that says none."""
    return next((number for number in range(BINS) if written(number) == text), None)


def called(number: int) -> str:
    """A bin in words: "60 to 69 %", "90 to 100 %"."""
    return f"{number * 10} to {100 if number == BINS - 1 else number * 10 + 9} %"
