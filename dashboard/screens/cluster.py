"""`/cluster/SLUG`: one cluster in one year, for its coordinator and for the director who looks closer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import dcc, html

from dashboard.access import Action, Object, may
from dashboard.db import Session
from dashboard.directory.queries import ClusterFacts, load_members
from dashboard.directory.view import View, view_cluster
from dashboard.engagement import panels as engagement
from dashboard.funding import panels as funding
from dashboard.naming import short_names
from dashboard.plans import panels as plans
from dashboard.screens.visit import Page, Sight, Visit
from dashboard.screens.watching import star
from dashboard.screens.ways_on import keeps_registers, not_a_member, opens_ledger, steps_from, ways_from_cluster
from dashboard.ui.components import crumbs, unbroken, year_links
from dashboard.ui.panel import Panel, show
from dashboard.wording import counted

PANELS = (*engagement.ON_CLUSTER_PAGE, *funding.ON_CLUSTER_PAGE, *plans.ON_CLUSTER_PAGE)
IN_TOTALS = (*engagement.ON_CLUSTER_PAGE_IN_TOTALS, *funding.ON_CLUSTER_PAGE, *plans.ON_CLUSTER_PAGE)
"""What the headteacher of one of the schools sees of the cluster: the same questions, no other school's answer."""


def look(session: Session, visit: Visit, slug: str) -> Sight | None:
    """What the reader sees of a cluster; None when there is none they may see."""
    view = view_cluster(session, visit.scope, slug, year=visit.year, as_of=visit.as_of)
    if view is None or view.cluster is None:
        return None
    if not view.of_a_member:
        return Sight(view, ())
    cluster = view.cluster
    view = replace(view, keeps_registers=keeps_registers(visit, cluster), opens_ledger=opens_ledger(visit, cluster))
    named = 0 if cluster.whole else len(load_members(session, view.scope, view.cluster_years, view.as_of))
    return Sight(view, _panels(view, named))


def build(session: Session, visit: Visit, slug: str) -> Page | None:
    """The page of a cluster; None when there is none the reader may see."""
    sight = look(session, visit, slug)
    if sight is None or sight.view.cluster is None:
        return None
    view, cluster = sight.view, sight.view.cluster
    if not view.of_a_member:
        return Page(cluster.name, [_head(visit, view, cluster, (), None), not_a_member(view)])
    named = load_members(session, view.scope, view.cluster_years, view.as_of)
    step = steps_from(visit, cluster, set(named["school"]))
    shown = [show(panel, session, view, visit.look, step=step) for panel in sight.panels]
    return Page(
        cluster.name,
        [
            _head(
                visit,
                view,
                cluster,
                [each.headline for each in shown if each.headline],
                star(session, visit, cluster),
            ),
            *(each.card for each in shown),
            _schools(view, named),
        ],
    )


def _head(visit: Visit, view: View, cluster: ClusterFacts, headlines: Sequence[str], watching: Any) -> html.Header:
    about = [part for part in (cluster.programme, cluster.focus and f"focus: {cluster.focus}") if part]
    return html.Header(
        [
            crumbs(("All clusters", "/")) if may(visit.reader, Action.SEE, Object.OVERVIEW) else None,
            html.H1(cluster.name),
            html.P(" · ".join([*about, f"academic year {view.year}"]), className="about"),
            watching,
            ways_from_cluster(visit, cluster),
            html.Ul([html.Li(unbroken(each)) for each in headlines], className="headlines") if headlines else None,
            year_links(view.years, view.year, visit.path),
        ],
        className="page-head",
    )


def _panels(view: View, named: int) -> Sequence[Panel[Any]]:
    if view.cluster is None or view.cluster.whole:
        return PANELS
    return (*IN_TOTALS, *engagement.IN_THE_OPEN_BOOK) if named > 1 else IN_TOTALS


def _schools(view: View, members: Any) -> html.Section:
    cluster = f"&cluster={view.cluster.slug}" if view.cluster else ""
    whole = view.cluster is None or view.cluster.whole
    shorter = short_names(members["name"])
    items = []
    for row in members.itertuples():
        own = whole or row.school_id in view.scope.school_ids
        address = f"/school/{row.school}?year={view.year}{cluster}"
        name = shorter[row.name]
        items.append(html.Li(dcc.Link(name, href=address, title=row.name) if own else name))
    title = f"{counted(len(items), 'school').capitalize()} in {view.year}" if whole else "Schools by name"
    note = None if whole else html.P("Other schools are named where they and yours agreed to an open book.")
    return html.Section([html.H2(title, id="schools"), note, html.Ul(items)], className="panel school-links")
