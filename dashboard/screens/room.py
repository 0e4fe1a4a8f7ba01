"""`/screen/SLUG`: the steering group's screen. Three charts large, one message each, nothing to press."""

from dash import html

from dashboard.db import Session
from dashboard.directory.view import view_cluster
from dashboard.engagement import panels as engagement
from dashboard.funding import panels as funding
from dashboard.plans import panels as plans
from dashboard.screens.visit import Page, Visit
from dashboard.ui.panel import show
from dashboard.wording import day

PANELS = (*engagement.IN_THE_ROOM, *funding.ON_CLUSTER_PAGE, *plans.ON_CLUSTER_PAGE)


def build(session: Session, visit: Visit, slug: str) -> Page | None:
    """The screen of a cluster; None when there is none the reader may see."""
    view = view_cluster(session, visit.scope, slug, year=visit.year, as_of=visit.as_of)
    if view is None or view.cluster is None:
        return None
    return Page(
        f"{view.cluster.name}: screen",
        [
            html.Header(
                [html.H1(view.cluster.name), html.P(f"Academic year {view.year} · as of {day(view.as_of)}")],
                className="room-head",
            ),
            html.Div([show(panel, session, view, visit.look, large=True).card for panel in PANELS], className="room"),
        ],
        bare=True,
    )
