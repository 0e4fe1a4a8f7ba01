"""What a run of the generator is asked for: how much, over which years, and from which seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from dashboard.academic_year import AcademicYear

_YEARS_AT_MOST = 30
_USUAL_SMALLEST = 3
_USUAL_LARGEST = 12


class GenerateRefused(Exception):
    """Nothing was generated; the text says why."""


class SizesRefused(GenerateRefused):
    """The sizes that were asked for cannot be made."""


@dataclass(frozen=True)
class Sizes:
    """How much to make. Every school belongs to exactly one cluster."""

    clusters: int
    schools: int
    years: int

    def check(self) -> None:
        """Raise SizesRefused, with a sentence for a person, when the sizes make no sense."""
        if self.clusters < 1:
            raise SizesRefused(f"there must be at least 1 cluster, not {self.clusters}")
        if self.schools < self.clusters:
            raise SizesRefused(
                f"{self.schools:,} schools are too few for {self.clusters:,} clusters; each cluster needs at least one"
            )
        if not 1 <= self.years <= _YEARS_AT_MOST:
            raise SizesRefused(f"years must be from 1 to {_YEARS_AT_MOST}, not {self.years}")

    def schools_per_cluster(self, rng: Random) -> list[int]:
        """How many schools each cluster has: 3 to 12 where the numbers allow it, and all schools placed."""
        smallest = min(_USUAL_SMALLEST, self.schools // self.clusters)
        largest = max(_USUAL_LARGEST, -(-self.schools // self.clusters))
        counts = [smallest] * self.clusters
        with_room = list(range(self.clusters))
        for _ in range(self.schools - smallest * self.clusters):
            place = rng.randrange(len(with_room))
            cluster = with_room[place]
            counts[cluster] += 1
            if counts[cluster] == largest:
                with_room[place] = with_room[-1]
                with_room.pop()
        return counts


@dataclass(frozen=True)
class Span:
    """The academic years to fill. The last is the one of `today`, and only partly over."""

    first: AcademicYear
    last: AcademicYear
    today: date

    @classmethod
    def ending(cls, today: date, years: int) -> "Span":
        """The span of so many years up to the one of `today`."""
        last = AcademicYear.of(today)
        return cls(AcademicYear(last.start - years + 1), last, today)

    @property
    def years(self) -> list[AcademicYear]:
        """Every year, the earliest first."""
        return [AcademicYear(start) for start in range(self.first.start, self.last.start + 1)]

    def over_until(self, year: AcademicYear) -> date:
        """The last day of a year that has happened."""
        return min(year.ends, self.today)

    def share_over(self, year: AcademicYear) -> float:
        """How much of a year is over, 0 to 1."""
        return ((self.over_until(year) - year.starts).days + 1) / ((year.ends - year.starts).days + 1)

    def age(self, year: AcademicYear) -> float:
        """Where a year stands in the span: 0 for the first, 1 for the last (and for an only one)."""
        years = self.last.start - self.first.start
        return (year.start - self.first.start) / years if years else 1.0


def seeded(seed: int, purpose: str) -> Random:
    """A source of choices of its own for one purpose, so that more of one thing does not change another."""
    return Random(f"{seed} {purpose}")  # noqa: S311  (made-up figures, no secrets)


def day_between(rng: Random, first: date, last: date) -> date:
    """Any day from `first` to `last`; `first` when that is the later one."""
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))
