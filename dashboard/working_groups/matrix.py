"""Who took part in a project: schools down, year groups across (1.18). Counts alone; what is blank is not recorded."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.working_groups.checks import by_age
from dashboard.working_groups.queries import ParticipationRow, ParticipationSum


@dataclass(frozen=True)
class MatrixRow:
    """The children of one school."""

    school_id: int
    school_name: str
    counts: tuple[int | None, ...]
    """By year group; None where nothing is recorded."""

    @property
    def total(self) -> int:
        """All its children that are recorded."""
        return sum(count for count in self.counts if count is not None)


@dataclass(frozen=True)
class Matrix:
    """Who took part in one project, as far as a reader may know."""

    year_groups: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    totals: tuple[int | None, ...]
    """Of all schools, by year group; None where the reader may not know it."""

    @property
    def total(self) -> int | None:
        """Of all schools and year groups; None while a part of it may not be known: it could be worked out."""
        known = [count for count in self.totals if count is not None]
        return sum(known) if len(known) == len(self.totals) else None

    @property
    def hides(self) -> bool:
        """Whether a total is left out."""
        return None in self.totals


def put_together(rows: Sequence[ParticipationRow], sums: Sequence[ParticipationSum], project_id: int) -> Matrix:
    """The matrix of one project out of the rows and sums of a cluster."""
    totals = {each.year_group: each.children for each in sums if each.project_id == project_id}
    mine = [row for row in rows if row.project_id == project_id]
    across = tuple(sorted(totals, key=by_age))
    schools = dict.fromkeys((row.school_id, row.school_name) for row in mine)
    counts = {(row.school_id, row.year_group): row.children for row in mine}
    return Matrix(
        across,
        tuple(
            MatrixRow(number, name, tuple(counts.get((number, each)) for each in across)) for number, name in schools
        ),
        tuple(totals[each] for each in across),
    )
