"""What stands beside the list of clusters on the overview: what changed, what waits, and where it is asked for the
clusters side by side or on a map.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

from dashboard.access import Action, Object, scope_for
from dashboard.db import Session, now_utc
from dashboard.directory.queries import cluster_years
from dashboard.overview.changes import Change, News, read_since, told_to
from dashboard.overview.filters import Filters
from dashboard.overview.own import find_last_look
from dashboard.overview.panels import AGES, COMPARISON, MAP, Ages, changed
from dashboard.overview.places import Map, spot_of
from dashboard.overview.queries_of_ages import load_open_concerns, load_waiting_requests
from dashboard.overview.queries_of_changes import load_changes
from dashboard.overview.queries_of_places import load_outlines, load_places
from dashboard.reports.comparison import load_comparison
from dashboard.reports.overview import ClusterRow
from dashboard.screens.visit import Visit
from dashboard.ui.components import choices
from dashboard.ui.panel import Panel, loaded_by

_WAYS: Final = {"": "The list alone", "compare": "Side by side", "map": "On a map"}


def ways_to_look(filters: Filters) -> Any:
    """The choice between the list alone, small charts and a map."""
    chosen = filters.show if filters.show in _WAYS else ""
    return choices("Show also", [(words, filters.address(show=way), way == chosen) for way, words in _WAYS.items()])


def asked_beside(visit: Visit, filters: Filters, rows: Sequence[ClusterRow]) -> list[Panel[Any]]:
    """Small charts or a map of the clusters that are listed, in the order of the list; nothing while not asked for."""
    panel = {"compare": compared, "map": mapped}.get(filters.show)
    return [panel(visit, rows)] if panel and rows else []


def compared(visit: Visit, rows: Sequence[ClusterRow]) -> Panel[Any]:
    """Small charts of clusters."""
    return loaded_by(COMPARISON, lambda session: load_comparison(session, visit.scope, rows, visit.as_of))


def mapped(visit: Visit, rows: Sequence[ClusterRow]) -> Panel[Any]:
    """Clusters on a map."""

    def load(session: Session) -> Map:
        years = cluster_years(visit.scope, visit.as_of, year=visit.year)
        places = {place.cluster: place for place in load_places(session, visit.scope, years)}
        spots = [
            spot_of(row.cluster, row.name, row.year, row.flags, places.get(row.cluster), recorded=row.recorded)
            for row in rows
        ]
        return Map(tuple(spots), tuple(load_outlines(session, visit.scope)))

    return loaded_by(MAP, load)


def news_and_ages(session: Session, visit: Visit) -> list[Panel[Any]]:
    """What changed since the last visit and what waits, each of what the reader may see of it."""
    return [panel for panel in (_news(session, visit), _ages(visit)) if panel is not None]


def _news(session: Session, visit: Visit) -> Panel[News] | None:
    told = told_to(visit.reader)
    if not told:
        return None
    before = find_last_look(session, visit.reader.account_id, now_utc())
    since = read_since(visit.choices.get("since"), before.date() if before else None, visit.as_of)
    moment = before if before is not None and since.day == before.date() else _begins(since.day)

    def load(reading: Session) -> News:
        found: list[Change] = []
        for scope, kinds in told.items():
            found += load_changes(reading, scope, kinds, moment)
        return News(since, tuple(found))

    return loaded_by(changed(since), load)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _ages(visit: Visit) -> Panel[Ages] | None:
    scopes = {
        "requests": scope_for(visit.reader, Action.SEE, Object.REQUESTS),
        "concerns": scope_for(visit.reader, Action.SEE, Object.CONCERNS),
    }
    kinds = tuple(kind for kind, scope in scopes.items() if not scope.empty)
    if not kinds:
        return None

    def load(session: Session) -> Ages:
        requests = load_waiting_requests(session, scopes["requests"], visit.as_of) if "requests" in kinds else []
        concerns = load_open_concerns(session, scopes["concerns"], visit.as_of) if "concerns" in kinds else []
        return Ages(next(iter(requests), None), next(iter(concerns), None), visit.as_of, kinds)

    return loaded_by(AGES, load)
