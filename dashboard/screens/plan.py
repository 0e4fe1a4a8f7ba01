"""`/cluster/SLUG/plan`: how far one cluster's plan of one year is, what moved in it and what comes next."""

from dataclasses import replace
from datetime import date

from dashboard.db import Session
from dashboard.directory.view import view_cluster
from dashboard.plans.panels import ON_PLAN_PAGE, ON_PLAN_PAGE_IN_TOTALS
from dashboard.screens.sides import head_of_side, list_missing
from dashboard.screens.visit import Page, Sight, Visit
from dashboard.screens.ways_on import not_a_member, steps_from, ways_from_plan
from dashboard.ui.panel import share_loads, show
from dashboard.wording import amid


def look(session: Session, visit: Visit, slug: str) -> Sight | None:
    """What the reader sees of a cluster's plan; None when there is none they may see."""
    view = view_cluster(session, visit.scope, slug, year=visit.year, as_of=visit.as_of)
    if view is None or view.cluster is None:
        return None
    if not view.of_a_member:
        return Sight(view, ())
    panels = share_loads(ON_PLAN_PAGE if view.cluster.whole else ON_PLAN_PAGE_IN_TOTALS)
    return Sight(replace(view, since=_since(visit)), panels)


def build(session: Session, visit: Visit, slug: str) -> Page | None:
    """The page of a cluster's plan; None when there is none the reader may see."""
    sight = look(session, visit, slug)
    if sight is None or sight.view.cluster is None:
        return None
    view, cluster = sight.view, sight.view.cluster
    title = f"Plan of {amid(cluster.name)}"
    head = head_of_side(visit, view, cluster, title, ways_from_plan(visit, cluster, view.year))
    if not view.of_a_member:
        return Page(title, [head, not_a_member(view)])
    step = steps_from(visit, cluster, ())
    shown = [(panel.title, show(panel, session, view, visit.look, headed=True, step=step)) for panel in sight.panels]
    # The first says for all of them that there is no plan; of the others that are empty a line is enough.
    cards = [each.card for number, (_, each) in enumerate(shown) if not each.missing or not number]
    return Page(title, [head, *cards, None if shown[0][1].missing else list_missing(shown)])


def _since(visit: Visit) -> date | None:
    """The day from which on changes are asked for; None when none is, or what is asked for is no day."""
    try:
        return date.fromisoformat(visit.choices["since"])
    except (KeyError, ValueError):
        return None
