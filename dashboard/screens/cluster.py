"""`/cluster/SLUG`: one cluster in one year, for its coordinator and for the director who looks closer."""

from dash import dcc, html

from dashboard.db import Session
from dashboard.directory.queries import load_members
from dashboard.directory.view import View, view_cluster
from dashboard.engagement import panels as engagement
from dashboard.funding import panels as funding
from dashboard.naming import short_names
from dashboard.plans import panels as plans
from dashboard.screens.visit import Page, Visit
from dashboard.ui.components import crumbs, unbroken, year_links
from dashboard.ui.panel import show
from dashboard.wording import counted

PANELS = (*engagement.ON_CLUSTER_PAGE, *funding.ON_CLUSTER_PAGE, *plans.ON_CLUSTER_PAGE)


def build(session: Session, visit: Visit, slug: str) -> Page | None:
    """The page of a cluster; None when there is none the reader may see."""
    view = view_cluster(session, visit.scope, slug, year=visit.year, as_of=visit.as_of)
    if view is None or view.cluster is None:
        return None
    shown = [show(panel, session, view, visit.look) for panel in PANELS]
    cluster = view.cluster
    about = [part for part in (cluster.programme, cluster.focus and f"focus: {cluster.focus}") if part]
    return Page(
        cluster.name,
        [
            html.Header(
                [
                    crumbs(("All clusters", "/")),
                    html.H1(cluster.name),
                    html.P(" · ".join([*about, f"academic year {view.year}"]), className="about"),
                    html.Ul([html.Li(unbroken(each.headline)) for each in shown], className="headlines"),
                    year_links(view.years, view.year, visit.path),
                ],
                className="page-head",
            ),
            *(each.card for each in shown),
            _schools(session, view),
        ],
    )


def _schools(session: Session, view: View) -> html.Section:
    members = load_members(session, view.scope, view.cluster_years)
    cluster = f"&cluster={view.cluster.slug}" if view.cluster else ""
    shorter = short_names(members["name"])
    links = [
        html.Li(dcc.Link(shorter[row.name], href=f"/school/{row.school}?year={view.year}{cluster}", title=row.name))
        for row in members.itertuples()
    ]
    return html.Section(
        [html.H2(f"{counted(len(links), 'school').capitalize()} in {view.year}", id="schools"), html.Ul(links)],
        className="panel school-links",
    )
