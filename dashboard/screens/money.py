"""`/cluster/SLUG/money`: where one cluster's money went in one year, and what is left of it."""

from dataclasses import replace

from dashboard.db import Session
from dashboard.directory.view import view_cluster
from dashboard.funding.panels import ON_MONEY_PAGE, ON_MONEY_PAGE_IN_TOTALS
from dashboard.screens.sides import head_of_side, list_missing
from dashboard.screens.visit import Page, Sight, Visit
from dashboard.screens.ways_on import not_a_member, opens_ledger, steps_from, ways_from_money
from dashboard.ui.panel import show
from dashboard.wording import amid


def look(session: Session, visit: Visit, slug: str) -> Sight | None:
    """What the reader sees of a cluster's money; None when there is none they may see."""
    view = view_cluster(session, visit.scope, slug, year=visit.year, as_of=visit.as_of)
    if view is None or view.cluster is None:
        return None
    if not view.of_a_member:
        return Sight(view, ())
    panels = ON_MONEY_PAGE if view.cluster.whole else ON_MONEY_PAGE_IN_TOTALS
    return Sight(replace(view, opens_ledger=opens_ledger(visit, view.cluster)), panels)


def build(session: Session, visit: Visit, slug: str) -> Page | None:
    """The money page of a cluster; None when there is none the reader may see."""
    sight = look(session, visit, slug)
    if sight is None or sight.view.cluster is None:
        return None
    view, cluster = sight.view, sight.view.cluster
    title = f"Money of {amid(cluster.name)}"
    head = head_of_side(visit, view, cluster, title, ways_from_money(visit, cluster))
    if not view.of_a_member:
        return Page(title, [head, not_a_member(view)])
    step = steps_from(visit, cluster, ())
    shown = [(panel.title, show(panel, session, view, visit.look, headed=True, step=step)) for panel in sight.panels]
    # The first says for all of them that there is no money; of the others that are empty a line is enough.
    cards = [each.card for number, (_, each) in enumerate(shown) if not each.missing or not number]
    return Page(title, [head, *cards, list_missing(shown[1:])])
