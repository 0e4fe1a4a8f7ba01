"""`/school/SLUG`: the headteacher's ten minutes, phone first.

What waits, then the panels in the order of the questions that a headteacher asks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from dash import dcc, html

from dashboard.access import Action, Object, may, scope_for
from dashboard.db import Session
from dashboard.directory.queries import ClusterFacts, SchoolFacts
from dashboard.directory.view import View, view_school
from dashboard.engagement import panels as engagement
from dashboard.funding import panels as funding
from dashboard.headteacher.panels import DONE, TASKS, Tasks, load_tasks
from dashboard.headteacher.tasks import Task
from dashboard.plans import panels as plans
from dashboard.screens.sides import list_missing
from dashboard.screens.visit import Page, Sight, Visit
from dashboard.screens.ways_on import opens_ledger, steps_from
from dashboard.ui.aria import aria
from dashboard.ui.components import cluster_links, crumbs, message, unbroken, year_links
from dashboard.ui.panel import Panel, Shown, share_loads, show

PANELS: Final[Sequence[Panel[Any]]] = (
    TASKS, *engagement.ON_SCHOOL_PAGE, *funding.ON_SCHOOL_PAGE, *plans.ON_SCHOOL_PAGE,
    *engagement.BESIDE_ON_SCHOOL_PAGE, DONE,
)  # fmt: skip
IN_SHORT: Final = ("school-register", "school-release", "school-promises")
"""What is said of at the top: did we come, what is left, what did we promise."""

_TITLED: Final = (TASKS.id, "school-register", "school-release")
"""The panels that are headed by their question: their message stands at the top. Of the others it is the heading, and
of one whose table stands open too, which has the question for its name.
"""


def look(session: Session, visit: Visit, slug: str) -> Sight | None:
    """What the reader sees of a school; None when there is none they may see."""
    view = view_school(
        session, visit.scope, slug, year=visit.year, as_of=visit.as_of, cluster=visit.choices.get("cluster")
    )
    if view is None:
        return None
    if view.school is None or view.cluster is None:
        return Sight(view, ())
    seen = replace(view, opens_ledger=opens_ledger(visit, view.cluster))
    return Sight(seen, _for_reader(visit, seen, view.school, view.cluster))


def build(session: Session, visit: Visit, slug: str) -> Page | None:
    """The page of a school; None when there is none the reader may see."""
    sight = look(session, visit, slug)
    if sight is None or sight.view.school is None:
        return None
    view, school, cluster = sight.view, sight.view.school, sight.view.cluster
    if cluster is None:
        note = message(
            "This school belongs to no cluster you can see.",
            "Its meetings, money and plan appear here once it is a member of one.",
        )
        return Page(school.name, [html.Header(html.H1(school.name), className="page-head"), note])
    step = steps_from(visit, cluster, {school.slug})
    shown = {
        panel.id: show(panel, session, view, visit.look, headed=panel.id not in _TITLED, step=step)
        for panel in sight.panels
    }
    cards = [each.card for each in shown.values() if not each.missing]
    # What waits is said at the top; where there is no plan at all, nobody asks for the school's part of it.
    silent = {TASKS.id, *(["school-promises"] if shown["school-plan"].missing else [])}
    missing = [(panel.title, shown[panel.id]) for panel in sight.panels if panel.id not in silent]
    return Page(school.name, [_head(visit, view, school, cluster, shown), *cards, list_missing(missing)])


def _for_reader(visit: Visit, view: View, school: SchoolFacts, cluster: ClusterFacts) -> Sequence[Panel[Any]]:
    """The panels with what each reads once; of the tasks those that the reader may do."""
    shared = {panel.id: panel for panel in share_loads(PANELS)}
    may_do = _may_do(visit, view, school, cluster)

    def load(session: Session, seen: View) -> Tasks:
        found = load_tasks(session, seen, shared["school-release"].load, shared["school-promises"].load)
        return replace(found, tasks=[task for task in found.tasks if may_do(task)])

    return [replace(panel, load=load) if panel.id == TASKS.id else panel for panel in shared.values()]


def _may_do(visit: Visit, view: View, school: SchoolFacts, cluster: ClusterFacts) -> Callable[[Task], bool]:
    def may_do(task: Task) -> bool:
        reach = scope_for(visit.reader, *task.asks)
        own = school.id in reach.school_ids and school.id in view.scope.school_ids
        return own or reach.holds(cluster.id, cluster.programme_id)

    return may_do


def _head(
    visit: Visit, view: View, school: SchoolFacts, cluster: ClusterFacts, shown: Mapping[str, Shown]
) -> html.Header:
    """One message, at most three sentences, and the ways on."""
    several = len(school.clusters) > 1
    asked = f"?year={view.year}&cluster={cluster.slug}"
    return html.Header(
        [
            crumbs(*_way_up(visit, cluster.name, f"/cluster/{cluster.slug}?year={view.year}")),
            html.H1(school.name),
            html.P(f"{cluster.name} · academic year {view.year}", className="about"),
            html.P(unbroken(shown[TASKS.id].headline), className="message-of-the-page"),
            html.Ul([html.Li(unbroken(each)) for each in _in_short(shown)], className="headlines"),
            html.Nav(
                [
                    html.A("Print for governors", href=f"/school/{school.slug}/one-page{asked}"),
                    html.A("Meetings for your calendar", href=f"/school/{school.slug}/meetings.ics{asked}"),
                    dcc.Link("The cluster", href=f"/cluster/{cluster.slug}?year={view.year}"),
                ],
                className="ways-on",
                **aria(label="This school’s pages"),
            ),
            cluster_links({each.slug: each.name for each in school.clusters}, cluster.slug, visit.path),
            year_links(view.years, view.year, visit.path, cluster=cluster.slug if several else None),
        ],
        className="page-head",
    )


def _in_short(shown: Mapping[str, Shown]) -> list[str]:
    """Three sentences; of a plan that names the school nowhere, how far the whole plan is."""
    promised = "school-plan" if shown["school-promises"].missing else "school-promises"
    return [shown[each].headline for each in ("school-register", "school-release", promised)]


def _way_up(visit: Visit, cluster: str, address: str) -> list[tuple[str, str]]:
    overview = [("All clusters", "/")] if may(visit.reader, Action.SEE, Object.OVERVIEW) else []
    return [*overview, (cluster, address)]
