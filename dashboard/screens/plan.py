"""`/cluster/SLUG/plan`: how far one cluster's plan of one year is, what moved in it and what comes next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from dash import html

from dashboard.access import Action, Object, may
from dashboard.db import Session
from dashboard.directory.queries import ClusterFacts
from dashboard.directory.view import View, view_cluster
from dashboard.plans.panels import ON_PLAN_PAGE, ON_PLAN_PAGE_IN_TOTALS
from dashboard.screens.visit import Page, Visit
from dashboard.screens.ways_on import not_a_member, sees_cluster, steps_from, ways_from_plan
from dashboard.ui.components import crumbs, year_links
from dashboard.ui.panel import Shown, share_loads, show
from dashboard.wording import amid


def build(session: Session, visit: Visit, slug: str) -> Page | None:
    """The page of a cluster's plan; None when there is none the reader may see."""
    view = view_cluster(session, visit.scope, slug, year=visit.year, as_of=visit.as_of)
    if view is None or view.cluster is None:
        return None
    cluster = view.cluster
    title = f"Plan of {amid(cluster.name)}"
    if not view.of_a_member:
        return Page(title, [_head(visit, view, cluster), not_a_member(view)])
    view = replace(view, since=_since(visit))
    panels = share_loads(ON_PLAN_PAGE if cluster.whole else ON_PLAN_PAGE_IN_TOTALS)
    step = steps_from(visit, cluster, ())
    shown = [(panel.title, show(panel, session, view, visit.look, headed=True, step=step)) for panel in panels]
    # The first says for all of them that there is no plan; of the others that are empty a line is enough.
    cards = [each.card for number, (_, each) in enumerate(shown) if not each.missing or not number]
    return Page(title, [_head(visit, view, cluster), *cards, _missing(shown)])


def _since(visit: Visit) -> date | None:
    """The day from which on changes are asked for; None when none is, or what is asked for is no day."""
    try:
        return date.fromisoformat(visit.choices["since"])
    except (KeyError, ValueError):
        return None


def _missing(shown: Sequence[tuple[str, Shown]]) -> Any:
    """What there is nothing to show of where there is a plan, each with what is so and what to do about it."""
    items = [
        html.Li([html.Strong(title), f": {each.missing.title} {each.missing.text}"])
        for title, each in shown
        if each.missing
    ]
    if not items or shown[0][1].missing:
        return None
    return html.Section([html.H2("Nothing to show yet", id="missing"), html.Ul(items)], className="panel")


def _head(visit: Visit, view: View, cluster: ClusterFacts) -> html.Header:
    up: list[tuple[str, str]] = [("All clusters", "/")] if may(visit.reader, Action.SEE, Object.OVERVIEW) else []
    if sees_cluster(visit, cluster):
        up.append((cluster.name, f"/cluster/{cluster.slug}?year={view.year}"))
    return html.Header(
        [
            crumbs(*up) if up else None,
            html.H1(f"Plan of {amid(cluster.name)}"),
            html.P(f"Academic year {view.year}", className="about"),
            ways_from_plan(visit, cluster, view.year),
            year_links(view.years, view.year, visit.path),
        ],
        className="page-head",
    )
