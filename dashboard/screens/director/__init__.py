"""`/`: the director's overview. What needs a look today, in words; then all clusters, and how they compare."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from dash import dcc, html

from dashboard.academic_year import AcademicYear
from dashboard.db import Session
from dashboard.directory.queries import years_with_data
from dashboard.directory.view import View
from dashboard.engagement.panels import PROGRAMME_YEARS, SPREAD
from dashboard.engagement.rates import Spread, spread_of
from dashboard.engagement.sentences import say_spread
from dashboard.overview.filters import Filters
from dashboard.overview.queries import load_views
from dashboard.reports.overview import ClusterRow, load_overview
from dashboard.screens.beside import beside_the_list, news_and_ages
from dashboard.screens.director.choosing import SEARCH_ID, choose, chosen, found_schools, saved_views
from dashboard.screens.director.clusters import GRID_ID, in_order, list_clusters
from dashboard.screens.director.pressing import headline, most_pressing, ranked, say_pressing
from dashboard.screens.visit import Page, Visit
from dashboard.screens.ways_on import ways_from_overview
from dashboard.ui.components import choices, message
from dashboard.ui.panel import show

__all__ = ["GRID_ID", "SEARCH_ID", "build"]


def build(session: Session, visit: Visit) -> Page:
    """The overview of every cluster the reader may see, or of those that the choices leave."""
    filters = Filters.read(visit.choices)
    every = load_rows(session, visit, filters)
    kept = ranked(filters.keep(every))
    years = years_with_data(session, visit.scope)
    view = View(visit.scope, visit.as_of, visit.year or AcademicYear.of(visit.as_of), tuple(years))
    return Page(
        "All clusters",
        [
            html.Header(
                [
                    html.H1(headline(kept, len(every))),
                    ways_from_overview(visit),
                ],
                className="page-head",
            ),
            say_pressing(most_pressing(kept), visit.reader, filters),
            *(_beneath(session, view, visit, filters, every, kept) if every else [_nothing()]),
        ],
    )


def load_rows(session: Session, visit: Visit, filters: Filters) -> list[ClusterRow]:
    """All clusters that the reader may see, with what they may be chosen by."""
    return load_overview(
        session,
        visit.scope,
        year=visit.year,
        as_of=visit.as_of,
        account_id=visit.reader.account_id,
        search=filters.q,
    )


def _beneath(
    session: Session,
    view: View,
    visit: Visit,
    filters: Filters,
    every: Sequence[ClusterRow],
    kept: Sequence[ClusterRow],
) -> list[Any]:
    choosing = [
        saved_views(load_views(session, visit.reader.account_id), visit, filters),
        _years(view.years, filters),
        *choose(every, filters, visit),
        chosen(kept, every, filters),
        found_schools(session, visit, filters),
        *beside_the_list(session, view, visit, filters, in_order(kept, filters)),
    ]
    spread = _spread_of(every, filters)
    return [
        list_clusters(kept, visit, filters, choosing),
        news_and_ages(session, view, visit),
        _spread_card(session, view, visit, spread) if not (filters.narrows and SPREAD.is_empty(spread)) else None,
        _programme_years(session, view, visit, filters),
    ]


def _years(years: Sequence[AcademicYear], filters: Filters) -> Any:
    """The choice of academic year, which keeps the other choices."""
    links = [("Latest of each", filters.address(year=None), filters.year is None)]
    links += [(str(year), filters.address(year=year), year == filters.year) for year in years]
    return choices("Academic year", links)


def _spread_of(every: Sequence[ClusterRow], filters: Filters) -> Spread:
    """The attendance of the clusters that the other choices leave, so that another bin can be chosen."""
    rows = replace(filters, rate=None).keep(every)
    return spread_of(rows, path=filters.address(rate=None), chosen=filters.rate)


def _spread_card(session: Session, view: View, visit: Visit, spread: Spread) -> html.Section:
    """The panel of the rows that were read already, under its message."""
    title = say_spread(spread) if spread.rates else SPREAD.title
    panel = replace(SPREAD, load=lambda _session, _view: spread, title=title)
    return show(panel, session, view, visit.look).card


def _programme_years(session: Session, view: View, visit: Visit, filters: Filters) -> Any:
    """The years of the programme where they are asked for: reading all years of all clusters takes as long as the rest
    of the page together, so that the page is not kept waiting for it.
    """
    asked = filters.by == _BY_PROGRAMME_YEAR
    words = "Close the years of the programme" if asked else "Attendance year by year of the programme"
    link = html.P(dcc.Link(words, href=filters.address(by="" if asked else _BY_PROGRAMME_YEAR)), className="more")
    return html.Div([show(PROGRAMME_YEARS, session, view, visit.look).card, link]) if asked else link


_BY_PROGRAMME_YEAR: Final = "programme-year"


def _nothing() -> html.Div:
    return message(
        "There is no cluster in this store.",
        "Bring in your own with “python -m dashboard import clusters FILE” and “import schools FILE”, or look around "
        "with the sample: “python -m dashboard init --sample”.",
    )
