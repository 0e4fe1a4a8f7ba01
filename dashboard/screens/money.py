"""`/cluster/SLUG/money`: where one cluster's money went in one year, and what is left of it."""

from dataclasses import replace

from dashboard.db import Session
from dashboard.directory.view import view_cluster
from dashboard.funding.panels import ON_MONEY_PAGE, ON_MONEY_PAGE_IN_TOTALS
from dashboard.screens.sides import head_of_side, list_missing
from dashboard.screens.visit import Page, Visit
from dashboard.screens.ways_on import not_a_member, opens_ledger, steps_from, ways_from_money
from dashboard.ui.panel import show
from dashboard.wording import amid


def build(session: Session, visit: Visit, slug: str) -> Page | None:
    """The money page of a cluster; None when there is none the reader may see."""
    view = view_cluster(session, visit.scope, slug, year=visit.year, as_of=visit.as_of)
    if view is None or view.cluster is None:
        return None
    cluster = view.cluster
    title = f"Money of {amid(cluster.name)}"
    head = head_of_side(visit, view, cluster, title, ways_from_money(visit, cluster))
    if not view.of_a_member:
        return Page(title, [head, not_a_member(view)])
    view = replace(view, opens_ledger=opens_ledger(visit, cluster))
    panels = ON_MONEY_PAGE if cluster.whole else ON_MONEY_PAGE_IN_TOTALS
    step = steps_from(visit, cluster, ())
    shown = [(panel.title, show(panel, session, view, visit.look, headed=True, step=step)) for panel in panels]
    # The first says for all of them that there is no money; of the others that are empty a line is enough.
    cards = [each.card for number, (_, each) in enumerate(shown) if not each.missing or not number]
    return Page(title, [head, *cards, list_missing(shown[1:])])
