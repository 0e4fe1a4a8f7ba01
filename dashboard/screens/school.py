"""`/school/SLUG`: the headteacher's ten minutes, phone first."""

from dataclasses import replace

from dash import html

from dashboard.access import Action, Object, may
from dashboard.db import Session
from dashboard.directory.view import view_school
from dashboard.engagement import panels as engagement
from dashboard.funding import panels as funding
from dashboard.plans import panels as plans
from dashboard.screens.visit import Page, Sight, Visit
from dashboard.screens.ways_on import opens_ledger, steps_from
from dashboard.ui.components import cluster_links, crumbs, message, unbroken, year_links
from dashboard.ui.panel import show

PANELS = (*engagement.ON_SCHOOL_PAGE, *funding.ON_SCHOOL_PAGE, *plans.ON_SCHOOL_PAGE)


def look(session: Session, visit: Visit, slug: str) -> Sight | None:
    """What the reader sees of a school; None when there is none they may see."""
    view = view_school(
        session, visit.scope, slug, year=visit.year, as_of=visit.as_of, cluster=visit.choices.get("cluster")
    )
    if view is None or view.cluster is None:
        return None if view is None else Sight(view, ())
    return Sight(replace(view, opens_ledger=opens_ledger(visit, view.cluster)), PANELS)


def build(session: Session, visit: Visit, slug: str) -> Page | None:
    """The page of a school; None when there is none the reader may see."""
    sight = look(session, visit, slug)
    if sight is None or sight.view.school is None:
        return None
    view = sight.view
    school, cluster = sight.view.school, view.cluster
    if cluster is None:
        note = message(
            "This school belongs to no cluster you can see.",
            "Its meetings, money and plan appear here once it is a member of one.",
        )
        return Page(school.name, [html.Header(html.H1(school.name), className="page-head"), note])
    several = len(school.clusters) > 1
    step = steps_from(visit, cluster, {school.slug})
    shown = [show(panel, session, view, visit.look, step=step) for panel in sight.panels]
    return Page(
        school.name,
        [
            html.Header(
                [
                    crumbs(*_way_up(visit, cluster.name, f"/cluster/{cluster.slug}?year={view.year}")),
                    html.H1(school.name),
                    html.P(f"{cluster.name} · academic year {view.year}", className="about"),
                    html.Ul([html.Li(unbroken(each.headline)) for each in shown], className="headlines"),
                    cluster_links({each.slug: each.name for each in school.clusters}, cluster.slug, visit.path),
                    year_links(view.years, view.year, visit.path, cluster=cluster.slug if several else None),
                ],
                className="page-head",
            ),
            *(each.card for each in shown),
        ],
    )


def _way_up(visit: Visit, cluster: str, address: str) -> list[tuple[str, str]]:
    overview = [("All clusters", "/")] if may(visit.reader, Action.SEE, Object.OVERVIEW) else []
    return [*overview, (cluster, address)]
