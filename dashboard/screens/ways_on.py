"""Where a reader may go on from a screen: the plain pages of a cluster and of all clusters, in one place.

What a page shows there is its own to decide; here it is only whether this reader is offered the way.
"""

from collections.abc import Callable, Collection
from typing import Any, Final
from urllib.parse import urlencode

from dash import html

from dashboard.access import Action, Object, Scope, may, scope_for
from dashboard.directory.queries import ClusterFacts
from dashboard.flags import Flag
from dashboard.screens.visit import Visit
from dashboard.ui.aria import aria

LEADING_CHARTS: Final = ("engagement-heatmap", "overview-spread")
"""The charts whose marks may carry an address, to which a click on one leads."""

_OF_A_CLUSTER: Final = (
    (Action.EDIT, Object.REGISTER, "Meetings", "meetings"),
    (Action.SEE, Object.CONCERNS, "Concerns", "concerns"),
    (Action.SEE, Object.WORKGROUP, "Workgroup", "workgroup"),
    (Action.SEE, Object.REQUESTS, "Requests", "requests"),
    (Action.SEE, Object.LEDGER, "Contributions", "contributions"),
    (Action.EDIT, Object.LIFECYCLE, "Events", "events"),
    (Action.SEE, Object.OPEN_FIGURES, "Open figures", "open-figures"),
    (Action.EDIT, Object.REGISTER, "Terms and holidays", "calendar"),
    (Action.EDIT, Object.SCREEN_LINKS, "Links for the meeting room’s screen", "screen-links"),
)
_OF_ALL_CLUSTERS: Final = (
    (Action.SEE, Object.CONCERNS, "Open concerns", "/concerns"),
    (Action.SEE, Object.WORKGROUP, "Workgroups", "/workgroups"),
    (Action.SEE, Object.REQUESTS, "Requests", "/requests"),
    (Action.EDIT, Object.REGISTER, "Registers", "/registers"),
)


def ways_from_cluster(visit: Visit, cluster: ClusterFacts) -> Any:
    """The row of links under a cluster's name; nothing for who may do none of it."""
    links = [
        html.A(words, href=f"/cluster/{cluster.slug}/{page}")
        for action, thing, words, page in _OF_A_CLUSTER
        if _leads(scope_for(visit.reader, action, thing), thing, cluster)
    ]
    return _row("This cluster’s pages", links)


def _leads(scope: Scope, thing: Object, cluster: ClusterFacts) -> bool:
    """Whether there is something for a reader: of the whole cluster, or of the accounts their own school's part."""
    if scope.holds(cluster.id, cluster.programme_id):
        return True
    return thing is Object.LEDGER and bool(scope.school_ids) and not cluster.whole


def ways_from_overview(visit: Visit) -> Any:
    """The same for all clusters together."""
    links = [
        html.A(words, href=href) for action, thing, words, href in _OF_ALL_CLUSTERS if may(visit.reader, action, thing)
    ]
    return _row("Pages of all clusters", links)


def steps_from(visit: Visit, cluster: ClusterFacts, schools: Collection[str]) -> Callable[[Flag], str | None]:
    """Where the reader may log a step about a flag of a cluster: about one of the `schools` (slugs), else the whole."""
    if not scope_for(visit.reader, Action.EDIT, Object.CONCERNS).holds(cluster.id, cluster.programme_id):
        return lambda _flag: None

    def step(flag: Flag) -> str:
        about = {"school": flag.subject} if flag.subject in schools else {}
        return f"/cluster/{cluster.slug}/concerns/new?{urlencode({**about, 'rule': flag.rule})}"

    return step


def keeps_registers(visit: Visit, cluster: ClusterFacts) -> bool:
    """Whether the reader may open the register of each of a cluster's meetings."""
    edits = scope_for(visit.reader, Action.EDIT, Object.REGISTER)
    return cluster.whole and edits.holds(cluster.id, cluster.programme_id)


def _row(label: str, links: list[Any]) -> Any:
    return html.Nav(links, className="ways-on", **aria(label=label)) if links else None
