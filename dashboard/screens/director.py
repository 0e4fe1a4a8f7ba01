"""`/`: the director's overview. Which clusters need a look, in words, the most pressing first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Any, Final
from urllib.parse import urlencode

import dash_ag_grid as dag
import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.academic_year import AcademicYear
from dashboard.db import Session
from dashboard.directory.queries import years_with_data
from dashboard.directory.view import View
from dashboard.engagement.panels import PROGRAMME_YEARS, SPREAD
from dashboard.engagement.rates import Spread, bin_of, called, spread_of
from dashboard.engagement.rates import read as read_bin
from dashboard.engagement.sentences import say_spread
from dashboard.flags import Flag
from dashboard.reports.overview import ClusterRow, load_overview
from dashboard.screens.visit import Page, Sight, Visit
from dashboard.screens.ways_on import ways_from_overview
from dashboard.ui.aria import aria
from dashboard.ui.components import choices, flag_item, message, unbroken, year_links
from dashboard.ui.panel import Panel, show
from dashboard.vocabulary import Severity
from dashboard.wording import counted, money, of, sentence, share, share_of

SEARCH_ID = "cluster-search"
GRID_ID = "overview-clusters"
_MOST_PRESSING = 3


def build(session: Session, visit: Visit) -> Page:
    """The overview of every cluster the reader may see."""
    rows = _ranked(load_overview(session, visit.scope, year=visit.year, as_of=visit.as_of))
    years = years_with_data(session, visit.scope)
    view = _view(visit, years)
    spread = _spread_of(rows, visit)
    card = _spread_card(session, view, visit, spread)
    return Page(
        "All clusters",
        [
            html.Header(
                [
                    html.H1(_headline(rows)),
                    ways_from_overview(visit),
                    _most_pressing(rows),
                    year_links(years, visit.year, "/", latest=True),
                ],
                className="page-head",
            ),
            card if rows else None,
            _programme_years(session, view, visit) if rows else None,
            _clusters(rows, visit, spread) if rows else _nothing(),
        ],
    )


def look(session: Session, visit: Visit) -> Sight:
    """The panels of the overview that have a table, as the page shows them."""
    rows = load_overview(session, visit.scope, year=visit.year, as_of=visit.as_of)
    if not rows:
        return Sight(_view(visit, ()), ())
    return Sight(_view(visit, ()), (_spread_panel(_spread_of(rows, visit)), PROGRAMME_YEARS))


def _view(visit: Visit, years: Sequence[AcademicYear]) -> View:
    year = visit.year or AcademicYear.of(visit.as_of)
    return View(visit.scope, visit.as_of, year, tuple(years), asked=urlencode(visit.choices))


def _spread_of(rows: Sequence[ClusterRow], visit: Visit) -> Spread:
    chosen = read_bin(visit.choices.get("rate"))
    return spread_of(rows, path=f"/?year={visit.year}" if visit.year else "/", chosen=chosen)


def _ranked(rows: Sequence[ClusterRow]) -> list[ClusterRow]:
    """Most flags that ask for action first, then most that ask for a look, then the lowest attendance."""
    return sorted(
        rows,
        key=lambda row: (
            -_count(row.flags, Severity.ACT),
            -_count(row.flags, Severity.LOOK),
            row.rate if row.rate is not None else 2,
            row.name,
        ),
    )


def _headline(rows: Sequence[ClusterRow]) -> str:
    acting = sum(1 for row in rows if _count(row.flags, Severity.ACT))
    looking = sum(1 for row in rows if not _count(row.flags, Severity.ACT) and _count(row.flags, Severity.LOOK))
    if not rows:
        return "No clusters yet."
    if acting:
        more = f", {counted(looking, 'more is', 'more are')} worth a look" if looking else ""
        return f"{sentence(share_of(acting, len(rows), 'cluster'))} {'needs' if acting == 1 else 'need'} action{more}."
    if looking:
        some = share_of(looking, len(rows), "cluster")
        return f"No cluster needs action; {some} {'is' if looking == 1 else 'are'} worth a look."
    return f"None of {counted(len(rows), 'cluster')} needs you today."


def _most_pressing(rows: Sequence[ClusterRow]) -> Any:
    """The first flag of each of the most pressing clusters, so that one cluster does not hide the next."""
    first = [(row, row.flags[0]) for row in rows if row.flags and row.flags[0].severity != Severity.INFO]
    if not first:
        return None
    items = [
        flag_item(flag, html.Span(["– ", dcc.Link(f"{row.name}, {row.year}", href=_address(row))]))
        for row, flag in first[:_MOST_PRESSING]
    ]
    return html.Ol(items, className="flags pressing")


def _spread_card(session: Session, view: View, visit: Visit, spread: Spread) -> html.Section:
    """The panel of the rows that were read already, under its message."""
    return show(_spread_panel(spread), session, view, visit.look).card


def _spread_panel(spread: Spread) -> Panel[Spread]:
    title = say_spread(spread) if spread.rates else SPREAD.title
    return replace(SPREAD, load=lambda _session, _view: spread, title=title)


def _programme_years(session: Session, view: View, visit: Visit) -> Any:
    """The years of the programme where they are asked for: reading all years of all clusters takes as long as the rest
    of the page together, so that the page is not kept waiting for it.
    """
    year = {"year": str(visit.year)} if visit.year else {}
    asked = visit.choices.get("by") == _BY_PROGRAMME_YEAR
    address = f"/?{urlencode(year if asked else {**year, 'by': _BY_PROGRAMME_YEAR})}".rstrip("?")
    words = "Close the years of the programme" if asked else "Attendance year by year of the programme"
    link = html.P(dcc.Link(words, href=address), className="more")
    return html.Div([show(PROGRAMME_YEARS, session, view, visit.look).card, link]) if asked else link


_BY_PROGRAMME_YEAR: Final = "programme-year"


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


def _orders(visit: Visit, chosen: str) -> Any:
    """The orders to choose from, as links that keep the other choices; the heads of the columns sort as well."""
    kept = {name: visit.choices[name] for name in ("year", "rate", "by") if name in visit.choices}
    return choices(
        "Order",
        [
            (each.words, f"/?{urlencode({**kept, **({'sort': name} if name else {})})}".rstrip("?"), name == chosen)
            for name, each in _ORDERS.items()
        ],
    )


def _clusters(every: Sequence[ClusterRow], visit: Visit, spread: Spread) -> html.Section:
    year = f"in {visit.year}" if visit.year else "each in its latest year with any data"
    order = visit.choices.get("sort", "")
    order = order if order in _ORDERS else ""
    rows = sorted((row for row in every if spread.chosen in (None, bin_of(row))), key=_ORDERS[order].key)
    return html.Section(
        [
            html.H2("Clusters", id=f"{GRID_ID}-title"),
            html.P(
                f"{sentence(counted(len(rows), 'cluster'))}, {year}. Attendance: meetings come to, of those expected. "
                "Spent: of what the lead school held. Plan: success criteria met. Overdue: targets past their due date "
                "and not achieved. Evidence: days since the last that has a date.",
                className="measure",
            ),
            _chosen(rows, every, spread),
            _orders(visit, order) if len(rows) > 1 else None,
            html.P("Figures marked “illustrative” are made up to show how this works.", className="illustrative")
            if any(row.illustrative for row in rows)
            else None,
            dbc.Label("Search clusters", html_for=SEARCH_ID, className="visually-hidden"),
            dbc.Input(id=SEARCH_ID, type="search", placeholder="Search clusters and flags", debounce=False),
            dag.AgGrid(
                id=GRID_ID,
                rowData=[_cells(row) for row in rows],
                columnDefs=_PHONE_COLUMNS if visit.look.narrow else _COLUMNS,
                defaultColDef={"sortable": True, "resizable": True, "suppressHeaderMenuButton": True},
                dashGridOptions={
                    "rowHeight": 256 if visit.look.narrow else 64,
                    "headerHeight": 0 if visit.look.narrow else 44,
                    "suppressCellFocus": False,
                    "enableCellTextSelection": True,
                    "tooltipShowDelay": 300,
                    "domLayout": "autoHeight" if len(rows) <= _FEW else "normal",
                },
                className="ag-theme-quartz grid",
                style={"height": None if len(rows) <= _FEW else "70vh"},
            ),
        ],
        className="panel",
        **aria(labelledby=f"{GRID_ID}-title"),
    )


def _chosen(rows: Sequence[ClusterRow], every: Sequence[ClusterRow], spread: Spread) -> Any:
    """Says that only some clusters are listed, and the way back to all of them."""
    if spread.chosen is None:
        return None
    words = f"Only those with an attendance of {called(spread.chosen)}: {of(len(rows), len(every))}. "
    return html.P([unbroken(words), dcc.Link("Show all clusters", href=spread.path)], className="chosen", role="status")


_FEW = 20
"""So many rows are shown whole; more scroll in a box that draws only what is in sight."""

_COLUMNS: list[dict[str, Any]] = [
    {"field": "name", "headerName": "Cluster", "cellRenderer": "ClusterLink", "minWidth": 200, "flex": 6},
    {"field": "rate", "headerName": "Attendance", "cellRenderer": "ShareBar", "width": 130},
    {"field": "spent", "headerName": "Spent", "cellRenderer": "ShareBar", "width": 150},
    {"field": "plan", "headerName": "Plan", "cellRenderer": "ShareBar", "width": 104},
    {"field": "overdue", "headerName": "Overdue", "cellRenderer": "InWords", "width": 92},
    {"field": "evidence", "headerName": "Evidence", "cellRenderer": "InWords", "width": 114},
    {"field": "flags", "headerName": "Flags", "minWidth": 210, "flex": 7, "wrapText": True, "cellClass": "flag-words"},
]  # fmt: skip

_PHONE_COLUMNS: list[dict[str, Any]] = [
    {"field": "name", "headerName": "Clusters", "cellRenderer": "ClusterCard", "flex": 1}
]


def _cells(row: ClusterRow) -> dict[str, Any]:
    """One row of the grid: numbers to sort by, words to read, nothing that is not shown."""
    return {
        "name": row.name,
        "href": _address(row),
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
    symbol, word = {
        Severity.ACT: ("■", "Needs action"), Severity.LOOK: ("▲", "Look at this"), Severity.INFO: ("○", "Not known"),
    }[first.severity]  # fmt: skip
    more = f", and {counted(len(row.flags) - 1, 'more', 'more')}" if len(row.flags) > 1 else ""
    return f"{symbol} {word}: {shorten(first.message, _FLAG_LETTERS, placeholder=' …')}{more}"


_FLAG_LETTERS: Final = 76
"""So much of a flag's sentence fits into its cell; the page of the cluster has all of it."""


def _address(row: ClusterRow) -> str:
    return f"/cluster/{row.cluster}?year={row.year}"


def _count(flags: Sequence[Flag], severity: Severity) -> int:
    return sum(1 for flag in flags if flag.severity == severity)


def _nothing() -> html.Div:
    return message(
        "There is no cluster in this store.",
        "Bring in your own with “python -m dashboard import clusters FILE” and “import schools FILE”, or look around "
        "with the sample: “python -m dashboard init --sample”.",
    )
