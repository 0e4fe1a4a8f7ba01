"""Where a reader may go on from a screen: the plain pages of a cluster and of all clusters, in one place.

What a page shows there is its own to decide; here it is only whether this reader is offered the way.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from dash import html

from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object, Scope, may, scope_for
from dashboard.directory.queries import ClusterFacts
from dashboard.directory.view import View
from dashboard.flags import Flag
from dashboard.overview.filters import Filters
from dashboard.screens.visit import Visit
from dashboard.ui.aria import aria
from dashboard.ui.components import message

LEADING_CHARTS: Final = (
    "engagement-heatmap", "overview-spread", "overview-compare", "overview-map", "funding-spend-against-allocation",
    "funding-by-use", "funding-by-school", "funding-by-target", "funding-meetings", "school-release", "plan-progress",
    "plan-criteria", "plan-timeline", "school-plan",
)  # fmt: skip
"""The charts whose marks may carry an address, to which a click on one leads."""

_Way = tuple[Action, Object, str, str]
"""What one must be allowed, the words of a link, and the last part of its address."""
_MONEY: Final[_Way] = (Action.SEE, Object.MONEY, "Money", "money")
_LEDGER: Final[_Way] = (Action.SEE, Object.LEDGER, "Ledger", "ledger")
_CONTRIBUTIONS: Final[_Way] = (Action.SEE, Object.LEDGER, "Contributions", "contributions")
_PLAN: Final[_Way] = (Action.SEE, Object.PLAN, "Plan", "plan")
_ONE_PAGE: Final[_Way] = (Action.SEE, Object.PLAN, "On one page, for governors", "plan/one-page")
_AIMS: Final[_Way] = (Action.SEE, Object.PLAN, "Aims", "plan/aims")
_REVIEWS: Final[_Way] = (Action.SEE, Object.PLAN, "Reviews", "plan/reviews")
_WORD: Final[_Way] = (Action.SEE, Object.PLAN, "As a Word document", "plan/word")
_STAGES: Final[_Way] = (Action.SEE, Object.STAGES, "Stages", "stages")
_GROUPS: Final[_Way] = (Action.SEE, Object.WORKING_GROUPS, "Working groups", "working-groups")
_EVALUATION: Final[_Way] = (Action.SEE, Object.EVALUATION, "Self-evaluation", "evaluation")
_OF_A_CLUSTER: Final[Sequence[_Way]] = (
    _MONEY,
    _LEDGER,
    _PLAN,
    (Action.EDIT, Object.REGISTER, "Meetings", "meetings"),
    (Action.SEE, Object.CONCERNS, "Concerns", "concerns"),
    (Action.SEE, Object.WORKGROUP, "Workgroup", "workgroup"),
    _GROUPS,
    _EVALUATION,
    _STAGES,
    (Action.SEE, Object.REQUESTS, "Requests", "requests"),
    (Action.SEE, Object.DECISIONS, "Papers", "papers"),
    _CONTRIBUTIONS,
    (Action.EDIT, Object.LIFECYCLE, "Events", "events"),
    (Action.SEE, Object.OPEN_FIGURES, "Open figures", "open-figures"),
    (Action.SEE, Object.DECISIONS, "Decisions", "decisions"),
    (Action.EDIT, Object.REGISTER, "Terms and holidays", "calendar"),
    (Action.EDIT, Object.SCREEN_LINKS, "Links for the meeting room’s screen", "screen-links"),
)
_OF_THE_MONEY: Final[Sequence[_Way]] = (
    _LEDGER,
    (Action.SEE, Object.REQUESTS, "Requests for approval", "requests"),
    _CONTRIBUTIONS,
    (Action.SEE, Object.OPEN_FIGURES, "Open figures", "open-figures"),
)
_OF_THE_PLAN: Final[Sequence[_Way]] = (
    _ONE_PAGE,
    _AIMS,
    _REVIEWS,
    (Action.EDIT, Object.PLAN, "New target", "plan/new"),
    (Action.EDIT, Object.PLAN, "Next year", "plan/next-year"),
    _WORD,
    (Action.EDIT, Object.PLAN, "Bring in a plan", "plan/bring-in"),
)
_ALSO_OF_ONE_SCHOOL: Final = (
    _MONEY, _LEDGER, _CONTRIBUTIONS, _PLAN, _ONE_PAGE, _AIMS, _REVIEWS, _WORD, _STAGES, _GROUPS, _EVALUATION,
)  # fmt: skip
"""What somebody with a school in the cluster may see of it: its totals, and the part of the own school."""
_OF_ALL_CLUSTERS: Final = (
    (Action.SEE, Object.CONCERNS, "Open concerns", "/concerns"),
    (Action.SEE, Object.WORKGROUP, "Workgroups", "/workgroups"),
    (Action.SEE, Object.REQUESTS, "Requests", "/requests"),
    (Action.EDIT, Object.REGISTER, "Registers", "/registers"),
)


def ways_from_cluster(visit: Visit, cluster: ClusterFacts) -> Any:
    """The row of links under a cluster's name; nothing for who may do none of it."""
    links = _links(visit, cluster, _OF_A_CLUSTER)
    if scope_for(visit.reader, Action.SEE, Object.SCREEN).holds(cluster.id, cluster.programme_id):
        links.append(html.A("Screen for a meeting", href=f"/screen/{cluster.slug}"))
    return _row("This cluster’s pages", links)


def ways_from_money(visit: Visit, cluster: ClusterFacts) -> Any:
    """The same on the page of its money."""
    return _row("Pages of this cluster’s money", _links(visit, cluster, _OF_THE_MONEY))


def ways_from_plan(visit: Visit, cluster: ClusterFacts, year: AcademicYear) -> Any:
    """The same on the page of its plan, each of the year that is looked at."""
    return _row("Pages of this cluster’s plan", _links(visit, cluster, _OF_THE_PLAN, f"?year={year}"))


def _links(visit: Visit, cluster: ClusterFacts, ways: Sequence[_Way], asked: str = "") -> list[Any]:
    links = []
    for way in ways:
        action, thing, words, page = way
        reach = scope_for(visit.reader, action, thing)
        own = way in _ALSO_OF_ONE_SCHOOL and _has_a_school(visit, cluster, reach)
        if own or reach.holds(cluster.id, cluster.programme_id):
            links.append(html.A(words, href=f"/cluster/{cluster.slug}/{page}{asked}"))
    return links


def _has_a_school(visit: Visit, cluster: ClusterFacts, reach: Scope) -> bool:
    """Whether a reader sees a cluster for a school's sake, and may do something there for the same school."""
    return not cluster.whole and bool(reach.school_ids & visit.scope.school_ids)


def ways_from_overview(visit: Visit) -> Any:
    """The same for all clusters together."""
    links = [
        html.A(words, href=href) for action, thing, words, href in _OF_ALL_CLUSTERS if may(visit.reader, action, thing)
    ]
    if may(visit.reader, Action.SEE, Object.OVERVIEW):
        links.append(html.A("Board pack of these clusters", href=Filters.read(visit.choices).address("/pack.pdf")))
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


def opens_ledger(visit: Visit, cluster: ClusterFacts) -> bool:
    """Whether the reader may open the lines behind the amounts of a cluster, or those of the own school."""
    reach = scope_for(visit.reader, Action.SEE, Object.LEDGER)
    return reach.holds(cluster.id, cluster.programme_id) or _has_a_school(visit, cluster, reach)


def sees_cluster(visit: Visit, cluster: ClusterFacts) -> bool:
    """Whether the reader may open the cluster's own page from one of its others."""
    reach = scope_for(visit.reader, Action.SEE, Object.CLUSTER)
    return reach.holds(cluster.id, cluster.programme_id) or _has_a_school(visit, cluster, reach)


def not_a_member(view: View) -> html.Div:
    """What a headteacher is told of a year in which the school was no member."""
    return message(
        f"Your school did not belong to this cluster in {view.year}.",
        "You see the cluster’s figures of the years in which it did; choose one of those above."
        if view.years
        else "You would see the cluster’s figures of the years in which it did, but nothing is recorded of them.",
    )


def _row(label: str, links: list[Any]) -> Any:
    return html.Nav(links, className="ways-on", **aria(label=label)) if links else None
