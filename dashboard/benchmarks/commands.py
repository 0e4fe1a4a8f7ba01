"""Writes of benchmark figures."""

from decimal import Decimal

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.changes import Changes, Outcome
from dashboard.models import Benchmark, Cluster, School


class BenchmarkBook:
    """The benchmark figures of one cluster, loaded once. Every write goes through the changes of a batch."""

    def __init__(self, changes: Changes, cluster: Cluster) -> None:
        self._changes = changes
        self._cluster = cluster
        self._figures: dict[tuple[int, str, str], Benchmark] = {}
        self._positions: dict[tuple[int, str], int] = {}
        mine = sa.select(Benchmark).where(Benchmark.cluster_id == cluster.id)
        for row in changes.session.scalars(mine):
            self._figures[row.year, row.measure, row.school_label] = row
            self._positions[row.year, row.measure] = row.position

    def record_figure(
        self,
        *,
        year: AcademicYear,
        measure: str,
        label: str,
        school: School | None,
        value: Decimal | None,
        unit: str,
    ) -> tuple[Benchmark, Outcome]:
        """Store one printed figure under the printed name of its school.

        No value means "not supplied": it is stored as that, and never overwrites a figure. A label that matched no
        school before takes its school once one is found.
        """
        found = self._figures.get((year.start, measure, label))
        if found is not None:
            said = {"unit": unit, "value": value, "school_id": school.id if school else None}
            return found, self._changes.edit(found, **{name: each for name, each in said.items() if each is not None})
        place = self._positions.setdefault((year.start, measure), self._next_position(year))
        row = Benchmark(
            cluster_id=self._cluster.id,
            school_id=school.id if school else None,
            school_label=label,
            year=year.start,
            measure=measure,
            position=place,
            value=value,
            unit=unit,
        )
        self._changes.add(row)
        self._figures[year.start, measure, label] = row
        return row, Outcome.ADDED

    def _next_position(self, year: AcademicYear) -> int:
        return max((place for (start, _), place in self._positions.items() if start == year.start), default=0) + 1
