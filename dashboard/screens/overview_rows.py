"""The clusters of the overview as rows whose columns add up to the figures that are told of all of them."""

from collections.abc import Sequence
from typing import Final

from dashboard.academic_year import AcademicYear
from dashboard.engagement.rates import FEWEST_MARKS, spread_of
from dashboard.engagement.rows import say_span
from dashboard.engagement.sentences import say_rate
from dashboard.reports.overview import ClusterRow
from dashboard.spread import middle_half
from dashboard.ui.rows import Column, Sheet, Table, WorkedOut, counts, real_or_not
from dashboard.vocabulary import Severity
from dashboard.wording import counted, money, sentence

_COLUMNS: Final = (
    Column("cluster", "Cluster"),
    Column("year", "Year"),
    *counts(clusters="Clusters", schools="Schools", expected="Expected", came="Came"),
    Column("rate", "Rate"),
    *counts(rated="With a rate", few="Too few marks", none="No marks"),
    Column("spent", "Spent"),
    *counts(
        criteria="Criteria", met="Met", targets="Targets", overdue="Overdue", acting="Needs action",
        looking="Worth a look",
    ),
)  # fmt: skip


_MONEY_NOTE: Final = "What the lead school of each cluster spent of what it held; their money is not added up."


def clusters_sheet(rows: Sequence[ClusterRow], year: AcademicYear | None) -> Sheet | None:
    """The rows of the overview, of the clusters that its choices leave; None where there are none."""
    if not rows:
        return None
    table = Table(sentence(counted(len(rows), "cluster")), _COLUMNS, [_row(row) for row in rows])
    foot, rates = table.foot, spread_of(rows).rates
    how = "By the rates of the clusters, a quarter of them, rounded down, left out at either end."
    worked_out = [WorkedOut("rate", "Attendance", say_rate(foot["came"], foot["expected"]), "Came out of expected.")]
    if rates:
        worked_out.append(WorkedOut("middle-half", "Middle half of the rates", say_span(*middle_half(rates)), how))
    when = f"in {year}" if year else "each in its latest year with any data"
    return Sheet(
        "Rows of all clusters",
        f"{sentence(counted(len(rows), 'cluster'))}, {when}: attendance {say_rate(foot['came'], foot['expected'])}.",
        [table],
        worked_out,
        (f"A cluster with fewer than {counted(FEWEST_MARKS, 'mark')} has no rate to compare.", _MONEY_NOTE),
    )


def _row(row: ClusterRow) -> dict[str, object]:
    acts, looks = (any(flag.severity == each for flag in row.flags) for each in (Severity.ACT, Severity.LOOK))
    return {
        "cluster": row.name, "year": str(row.year), "clusters": 1, "schools": row.schools,
        "expected": row.expected, "came": row.attended, "rate": say_rate(row.attended, row.expected),
        "rated": int(row.expected >= FEWEST_MARKS), "few": int(0 < row.expected < FEWEST_MARKS),
        "none": int(not row.expected), "spent": _spent(row),
        "criteria": row.criteria, "met": row.met, "targets": row.targets,
        "overdue": row.overdue, "acting": int(acts), "looking": int(looks and not acts),
        "href": f"/cluster/{row.cluster}/rows/attendance?year={row.year}",
        "figures": real_or_not(row.illustrative),
    }  # fmt: skip


def _spent(row: ClusterRow) -> str:
    available = row.brought_forward + row.allocated
    return f"{money(row.spent)} of {money(available)}" if available or row.spent else "no money"
