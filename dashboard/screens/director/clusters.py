"""The clusters of the overview side by side: their order, the grid, and what its cells say and lead to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any, Final

import dash_ag_grid as dag
from dash import dcc, html

from dashboard.flags import SIGNS
from dashboard.overview.filters import Filters
from dashboard.reports.overview import ClusterRow
from dashboard.screens.visit import Visit
from dashboard.ui.aria import aria
from dashboard.ui.components import choices, message
from dashboard.wording import counted, money, of, sentence, share

GRID_ID = "overview-clusters"


@dataclass(frozen=True)
class _Order:
    """An order of the clusters that may be asked for in the address: its words, and what is sorted by."""

    words: str
    key: Callable[[ClusterRow], tuple[float, ...]]


_NO_EVIDENCE: Final = 1_000_000
_NOT_DATED: Final = _NO_EVIDENCE - 1
"""Days, as the grid sorts: no evidence presses most, then evidence of which nobody said the day."""


def _evidence_days(row: ClusterRow) -> int | None:
    """How old the last evidence of a plan is, in days; None without a plan, of which nothing is asked."""
    if not row.targets:
        return None
    if not row.evidence:
        return _NO_EVIDENCE
    return _NOT_DATED if row.evidence_age is None else row.evidence_age


def _progress_first(row: ClusterRow) -> tuple[float, ...]:
    """Least progress first, then plans without a criterion, then clusters without a plan."""
    return (not row.targets, row.progress is None, row.progress or 0)


_ORDERS: Final = {
    "": _Order("Most pressing", lambda _row: ()),
    "progress": _Order("Least of the plan met", _progress_first),
    "overdue": _Order("Most targets overdue", lambda row: (not row.targets, -row.overdue)),
    "evidence": _Order("Oldest evidence", lambda row: (not row.targets, -(_evidence_days(row) or 0))),
}


def _orders(filters: Filters) -> Any:
    """The orders to choose from, as links that keep the other choices; the heads of the columns sort as well."""
    chosen = _order(filters)
    return choices(
        "Order", [(each.words, filters.address(sort=name), name == chosen) for name, each in _ORDERS.items()]
    )


def _order(filters: Filters) -> str:
    return filters.sort if filters.sort in _ORDERS else ""


def in_order(kept: Sequence[ClusterRow], filters: Filters) -> list[ClusterRow]:
    """The clusters in the order that was asked for."""
    return sorted(kept, key=_ORDERS[_order(filters)].key)


def list_clusters(kept: Sequence[ClusterRow], visit: Visit, filters: Filters, choosing: Sequence[Any]) -> html.Section:
    """The clusters that the choices leave, under what may be chosen."""
    when = f"in {visit.year}" if visit.year else "each in its latest year with any data"
    rows = in_order(kept, filters)
    return html.Section(
        [
            html.H2("Clusters", id=f"{GRID_ID}-title"),
            *choosing,
            *(_listed(rows, visit, filters, when) if rows else [_none_left(filters, visit)]),
        ],
        className="panel",
        **aria(labelledby=f"{GRID_ID}-title"),
    )


def _listed(rows: Sequence[ClusterRow], visit: Visit, filters: Filters, when: str) -> list[Any]:
    narrow, watches = visit.look.narrow, visit.reader.account_id is not None
    return [
        html.P(
            f"{sentence(counted(len(rows), 'cluster'))}, {when}. Attendance: meetings come to, of those expected. "
            "Spent: of what the lead school held. Plan: success criteria met. Overdue: targets past their due date "
            "and not achieved. Evidence: days since the last that has a date. A figure leads to the rows behind it.",
            className="measure",
        ),
        _orders(filters) if len(rows) > 1 else None,
        html.P("Figures marked “illustrative” are made up to show how this works.", className="illustrative")
        if any(row.illustrative for row in rows)
        else None,
        dag.AgGrid(
            id=GRID_ID,
            rowData=[_cells(row, watches=watches) for row in rows],
            columnDefs=_PHONE_COLUMNS if narrow else [*_COLUMNS, *([_WATCHED] if watches else [])],
            defaultColDef={"sortable": True, "resizable": True, "suppressHeaderMenuButton": True},
            dashGridOptions={
                "rowHeight": (292 if watches else 256) if narrow else 80,
                "headerHeight": 0 if narrow else 44,
                "suppressCellFocus": False,
                "enableCellTextSelection": True,
                "tooltipShowDelay": 300,
                "domLayout": "autoHeight" if len(rows) <= _FEW else "normal",
            },
            className="ag-theme-quartz grid",
            style={"height": None if len(rows) <= _FEW else "70vh"},
        ),
    ]


def _none_left(filters: Filters, visit: Visit) -> Any:
    """Why the choices leave nothing, and the way back to all clusters."""
    if filters.watched and visit.reader.account_id is None:
        title, why = "You watch no clusters here.", "Watching a cluster needs an account, and nobody is signed in."
    elif filters.words() == [("Clusters", "watched by you")]:
        title, why = "You watch no cluster yet.", "Choose “☆ Watch” beside a cluster in the list, or on its own page."
    else:
        title = "No cluster matches all of these choices."
        why = "Nothing is wrong: every choice has to hold of a cluster at once. Take one of them back."
    return message(title, why, action=dcc.Link("Show all clusters", href=filters.cleared))


_FEW = 20
"""So many rows are shown whole; more scroll in a box that draws only what is in sight."""

_COLUMNS: list[dict[str, Any]] = [
    {"field": "name", "headerName": "Cluster", "cellRenderer": "ClusterLink", "minWidth": 200, "flex": 6},
    {"field": "rate", "headerName": "Attendance", "cellRenderer": "ShareBar", "width": 130},
    {"field": "spent", "headerName": "Spent", "cellRenderer": "ShareBar", "width": 140},
    {"field": "plan", "headerName": "Plan", "cellRenderer": "ShareBar", "width": 104},
    {"field": "overdue", "headerName": "Overdue", "cellRenderer": "InWords", "width": 92},
    {"field": "evidence", "headerName": "Evidence", "cellRenderer": "InWords", "width": 106},
    {
        "field": "flags", "headerName": "Flags", "cellRenderer": "FlagLink", "minWidth": 210, "flex": 7,
        "wrapText": True, "cellClass": "flag-words",
    },
]  # fmt: skip

_WATCHED: Final[Mapping[str, Any]] = {"field": "watched", "headerName": "Watch", "cellRenderer": "Star", "width": 116}

_PHONE_COLUMNS: list[dict[str, Any]] = [
    {"field": "name", "headerName": "Clusters", "cellRenderer": "ClusterCard", "flex": 1}
]


def _cells(row: ClusterRow, *, watches: bool) -> dict[str, Any]:
    """One row of the grid: numbers to sort by, words to read, nothing that is not shown."""
    return {
        **({"watched": int(row.watched)} if watches else {}),
        "name": row.name,
        "href": address_of(row),
        "about": _about(row),
        "rate": row.rate,
        "rate_words": f"{share(row.rate)} ({of(row.attended, row.expected)})" if row.expected else "no marks",
        "spent": row.spent_share,
        "spent_words": _spent(row),
        "plan": row.progress,
        "plan_words": _plan(row),
        "overdue": row.overdue if row.targets else None,
        "overdue_words": _overdue(row),
        "evidence": _evidence_days(row),
        "evidence_words": _evidence(row),
        "flags": _flag_words(row),
    }


def _about(row: ClusterRow) -> str:
    return f"{counted(row.schools, 'school')} · {row.year}" + (" · illustrative" if row.illustrative else "")


def _spent(row: ClusterRow) -> str:
    available = row.brought_forward + row.allocated
    if row.spent_share is None:
        return f"{money(row.spent)}, no allocation" if row.spent else "no money"
    return f"{share(row.spent_share)} of {money(available)}"


def _plan(row: ClusterRow) -> str:
    if not row.targets:
        return "no plan"
    return f"{of(row.met, row.criteria)} met" if row.criteria else "no criteria"


def _overdue(row: ClusterRow) -> str:
    if not row.targets:
        return "no plan"
    return of(row.overdue, row.targets) if row.overdue else "none"


def _evidence(row: ClusterRow) -> str:
    if not row.targets:
        return "no plan"
    if not row.evidence:
        return "no evidence"
    return "not dated" if row.evidence_age is None else _days_old(row.evidence_age)


def _days_old(days: int) -> str:
    """Evidence may bear a day to come."""
    told = f"{abs(days):,} {'day' if abs(days) == 1 else 'days'}"
    return f"in {told}" if days < 0 else told


def _flag_words(row: ClusterRow) -> str:
    """The most pressing flag and how many more there are: "■ Needs action: … and two more"."""
    if not row.flags:
        return "● No flags" if row.recorded else "○ Not known: no register, money or plan is recorded"
    first = row.flags[0]
    symbol, word = SIGNS[first.severity]
    more = f", and {counted(len(row.flags) - 1, 'more', 'more')}" if len(row.flags) > 1 else ""
    return f"{symbol} {word}: {shorten(first.message, _FLAG_LETTERS, placeholder=' …')}{more}"


_FLAG_LETTERS: Final = 76
"""So much of a flag's sentence fits into its cell; the page of the cluster has all of it."""


def address_of(row: ClusterRow) -> str:
    """The page of a cluster in the year that is told of it."""
    return f"/cluster/{row.cluster}?year={row.year}"
