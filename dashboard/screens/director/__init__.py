"""`/`: the director's overview. What needs a look today, in words; then all clusters, and how they compare."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
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
from dashboard.overview.own import load_views
from dashboard.reports.overview import ClusterRow, load_overview
from dashboard.screens.beside import asked_beside, news_and_ages, ways_to_look
from dashboard.screens.director.choosing import SEARCH_ID, choose, chosen, found_schools, saved_views
from dashboard.screens.director.clusters import GRID_ID, in_order, list_clusters
from dashboard.screens.director.pressing import headline, most_pressing, ranked, say_pressing
from dashboard.screens.visit import Page, Sight, Visit
from dashboard.screens.ways_on import ways_from_overview
from dashboard.ui.components import choices, message
from dashboard.ui.panel import Panel, given, show

__all__ = ["GRID_ID", "SEARCH_ID", "build", "look"]


@dataclass(frozen=True)
class _Morning:
    """What the overview shows to one reader: the clusters that the choices leave, and the panels around their list."""

    view: View
    filters: Filters
    every: Sequence[ClusterRow]
    kept: Sequence[ClusterRow]
    news: Sequence[Panel[Any]] = ()
    beside: Sequence[Panel[Any]] = ()
    spread: Sequence[Panel[Any]] = ()
    programme_years: Sequence[Panel[Any]] = ()


def look(session: Session, visit: Visit) -> Sight:
    """The panels of the overview, as the page shows them."""
    seen = _read(session, visit)
    return Sight(seen.view, (*seen.news, *seen.beside, *seen.spread, *seen.programme_years))


def build(session: Session, visit: Visit) -> Page:
    """The overview of every cluster the reader may see, or of those that the choices leave."""
    seen = _read(session, visit)
    head = html.Header(
        [html.H1(headline(seen.kept, len(seen.every))), ways_from_overview(visit)], className="page-head"
    )
    pressing = say_pressing(most_pressing(seen.kept), visit.reader, seen.filters)
    if not seen.every:
        return Page("All clusters", [head, pressing, _nothing()])

    def cards(panels: Sequence[Panel[Any]], *, headed: bool) -> list[Any]:
        return [show(panel, session, seen.view, visit.look, headed=headed).card for panel in panels]

    choosing = [
        saved_views(load_views(session, visit.reader.account_id), visit, seen.filters),
        _years(seen.view.years, seen.filters),
        *choose(seen.every, seen.filters, visit),
        chosen(seen.kept, seen.every, seen.filters),
        found_schools(session, visit, seen.filters),
        ways_to_look(seen.filters) if seen.kept else None,
        *cards(seen.beside, headed=True),
    ]
    return Page(
        "All clusters",
        [
            head,
            pressing,
            html.Div(cards(seen.news, headed=True), className="side-by-side") if seen.news else None,
            list_clusters(seen.kept, visit, seen.filters, choosing),
            *cards(seen.spread, headed=False),
            html.Div([*cards(seen.programme_years, headed=False), _way_to_programme_years(seen.filters)]),
        ],
    )


def _read(session: Session, visit: Visit) -> _Morning:
    filters = Filters.read(visit.choices)
    every = load_rows(session, visit, filters)
    kept = ranked(filters.keep(every))
    year = visit.year or AcademicYear.of(visit.as_of)
    years = tuple(years_with_data(session, visit.scope))
    view = View(visit.scope, visit.as_of, year, years, asked=_asked(visit, filters))
    if not every:
        return _Morning(view, filters, every, kept)
    spread = _spread_of(every, filters)
    return _Morning(
        view,
        filters,
        every,
        kept,
        news=news_and_ages(session, visit),
        beside=asked_beside(visit, filters, in_order(kept, filters)),
        spread=() if filters.narrows and SPREAD.is_empty(spread) else (_spread_panel(spread),),
        # Reading all years of all clusters takes as long as the rest of the page: only where they are asked for.
        programme_years=(PROGRAMME_YEARS,) if filters.by == _BY_PROGRAMME_YEAR else (),
    )


def _asked(visit: Visit, filters: Filters) -> str:
    """The choices that are ours, and nothing else that stands in the address."""
    try:
        since = date.fromisoformat(visit.choices.get("since", ""))
    except ValueError:
        return filters.query()
    return "&".join(filter(None, (filters.query(), f"since={since}")))


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


def _years(years: Sequence[AcademicYear], filters: Filters) -> Any:
    """The choice of academic year, which keeps the other choices."""
    links = [("Latest of each", filters.address(year=None), filters.year is None)]
    links += [(str(year), filters.address(year=year), year == filters.year) for year in years]
    return choices("Academic year", links)


def _spread_of(every: Sequence[ClusterRow], filters: Filters) -> Spread:
    """The attendance of the clusters that the other choices leave, so that another bin can be chosen."""
    rows = replace(filters, rate=None).keep(every)
    return spread_of(rows, path=filters.address(rate=None), chosen=filters.rate)


def _spread_panel(spread: Spread) -> Panel[Spread]:
    """The panel of the rows that were read already, under its message."""
    return replace(given(SPREAD, spread), title=say_spread(spread) if spread.rates else SPREAD.title)


def _way_to_programme_years(filters: Filters) -> html.P:
    asked = filters.by == _BY_PROGRAMME_YEAR
    words = "Close the years of the programme" if asked else "Attendance year by year of the programme"
    return html.P(dcc.Link(words, href=filters.address(by="" if asked else _BY_PROGRAMME_YEAR)), className="more")


_BY_PROGRAMME_YEAR: Final = "programme-year"


def _nothing() -> html.Div:
    return message(
        "There is no cluster in this store.",
        "Bring in your own with “python -m dashboard import clusters FILE” and “import schools FILE”, or look around "
        "with the sample: “python -m dashboard init --sample”.",
    )
