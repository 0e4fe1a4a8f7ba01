"""A school on one side of paper, for its governors; and its meetings as a calendar file."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

import flask
import pandas as pd
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object, Scope
from dashboard.db import Session, now_utc
from dashboard.directory.view import View, view_school
from dashboard.engagement.panels import BESIDE, COMERS, OWN_REGISTER
from dashboard.funding.panels import OWN_RELEASE
from dashboard.headteacher.panels import DONE, TASKS, state_of
from dashboard.meetings.feed import calendar_file
from dashboard.plans.panels import OWN_PROMISES
from dashboard.ui.panel import Panel, share_loads
from dashboard.web.asked import named_year
from dashboard.web.context import the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.downloads import send_file
from dashboard.web.pages import page

headteacher_pages: Final = Blueprint("headteacher", __name__, template_folder="templates")
MOST_DATES: Final = 6
MOST_ROWS: Final = 7
"""More would not go on one side; how many there are besides is said."""
_NO_HOST: Final = "schools-cluster-dashboard.invalid"


@dataclass(frozen=True)
class Section:
    """A panel on paper: its question, its sentence, what is measured, its table without what is for the screen."""

    title: str
    headline: str
    measure: str
    heads: list[str]
    rows: list[list[str]]
    more: int


@headteacher_pages.get("/school/<school>/one-page")
@needs(Action.SEE, Object.SCHOOL)
def one_page(school: str) -> ResponseReturnValue:
    """The figures of the school's page, for people who read them on paper. Whoever prints it, it holds what the school
    itself may read: no other school's figures, and nobody's name.
    """
    today = date.today()
    with access.reading(the_store(), the_scope()) as reading:
        view = _view(reading, school, today)
        if view is None or view.school is None:
            not_there("see", Object.SCHOOL, school)
        sections, dates, illustrative = ([], [], False) if view.cluster is None else _on_paper(reading, view)
    return page(
        "headteacher/one_page.html", view.school.name, view=view, sections=sections, dates=dates, today=today,
        illustrative=illustrative,
    )  # fmt: skip


@headteacher_pages.get("/school/<school>/meetings.ics")
@needs(Action.SEE, Object.SCHOOL)
def meetings(school: str) -> ResponseReturnValue:
    """The meetings of the clusters of a school, as far as the reader sees them, as a file for a calendar."""
    now = now_utc()
    with access.reading(the_store(), the_scope()) as reading:
        view = _view(reading, school, now.date())
        if view is None or view.school is None:
            not_there("see", Object.SCHOOL, school)
        host = urlsplit(flask.current_app.config.get("PUBLIC_URL") or "").hostname or _NO_HOST
        made = calendar_file(reading, _meetings_scope(view), now, host)
    return send_file(made, "text/calendar", f"{view.school.slug}-meetings.ics")


def _view(session: Session, slug: str, today: date) -> View | None:
    if not slug.isprintable():
        return None
    return view_school(session, the_scope(), slug, year=named_year(), as_of=today, cluster=request.args.get("cluster"))


def _meetings_scope(view: View) -> Scope:
    """The school's own; to a reader of a cluster the clusters of the school that are theirs, and no other."""
    if view.school is None:
        return access.NOTHING
    if view.school.id in view.scope.school_ids:
        return Scope(school_ids=frozenset({view.school.id}))
    return Scope(cluster_ids=frozenset(each.id for each in view.school.clusters))


def _on_paper(session: Session, view: View) -> tuple[list[Section], list[Any], bool]:
    """The sections, the next dates, and whether some figures are made up; read as the school itself reads them."""
    own = Scope(school_ids=frozenset({view.school.id} if view.school else ()))
    whole = replace(view.cluster, whole=False) if view.cluster else None
    view = replace(view, scope=own, cluster=whole)
    sections, made_up = [], False
    panels = share_loads([OWN_REGISTER, COMERS, OWN_RELEASE, OWN_PROMISES, BESIDE, DONE])
    for panel in panels:
        data = panel.load(session, view)
        if panel.id == BESIDE.id:
            data = replace(data, named=None)  # the open book is open to schools, not to whoever finds the paper
        section = _section(panel, data, view)
        made_up = made_up or (not panel.is_empty(data) and panel.made_up(data)[0])
        sections.append(section)
    tasks = TASKS.load(session, view)
    dates = [(*state_of(task, tasks.as_of), task) for task in tasks.tasks if task.due is not None]
    return sections, dates[:MOST_DATES], made_up


_LEFT_OUT: Final = ("Figures", "Where it is from", "Waits for your tick", "Status")


def _section(panel: Panel[Any], data: Any, view: View) -> Section:
    if panel.is_empty(data):
        return Section(panel.title, panel.empty(view).title, "", [], [], 0)
    table = pd.DataFrame() if panel.draw is not None else panel.table(data)
    kept = [name for name in table.columns if name not in _LEFT_OUT]
    rows = [[str(cell) for cell in row] for row in table[kept].itertuples(index=False, name=None)]
    return Section(
        panel.title, panel.headline(data, view), panel.measure(data, view)[0], kept, rows[:MOST_ROWS],
        len(rows) - len(rows[:MOST_ROWS]),
    )  # fmt: skip
