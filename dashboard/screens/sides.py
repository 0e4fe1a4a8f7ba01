"""What the pages on one side of a cluster, its money and its plan, have in common: the head, and what is not there."""

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.access import Action, Object, may
from dashboard.directory.queries import ClusterFacts
from dashboard.directory.view import View
from dashboard.screens.visit import Visit
from dashboard.screens.ways_on import sees_cluster
from dashboard.ui.components import crumbs, year_links
from dashboard.ui.panel import Shown


def head_of_side(visit: Visit, view: View, cluster: ClusterFacts, title: str, ways_on: Any) -> html.Header:
    """The title and the year, with the ways back, to the pages of this side, and to other years."""
    up: list[tuple[str, str]] = [("All clusters", "/")] if may(visit.reader, Action.SEE, Object.OVERVIEW) else []
    if sees_cluster(visit, cluster):
        up.append((cluster.name, f"/cluster/{cluster.slug}?year={view.year}"))
    return html.Header(
        [
            crumbs(*up) if up else None,
            html.H1(title),
            html.P(f"Academic year {view.year}", className="about"),
            ways_on,
            year_links(view.years, view.year, visit.path),
        ],
        className="page-head",
    )


def list_missing(shown: Sequence[tuple[str, Shown]]) -> Any:
    """What there is nothing to show of, by the titles of the panels, each with what is so and what to do about it."""
    items = [
        html.Li([html.Strong(title), f": {each.missing.title} {each.missing.text}"])
        for title, each in shown
        if each.missing
    ]
    if not items:
        return None
    return html.Section([html.H2("Nothing to show yet", id="missing"), html.Ul(items)], className="panel")
