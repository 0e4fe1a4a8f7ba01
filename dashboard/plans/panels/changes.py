"""What changed in the plan since the last meeting, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import dash_bootstrap_components as dbc
import pandas as pd
from dash import html
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.directory.view import View
from dashboard.plans import queries
from dashboard.plans.addresses import plan_address, target_address
from dashboard.plans.history import say_changes, say_new, say_one
from dashboard.plans.sentences import say_changed
from dashboard.shown_figures import ShownFigure
from dashboard.ui.components import choices
from dashboard.ui.panel import Message, Panel
from dashboard.ui.rows import rows_at
from dashboard.vocabulary import MeetingKind
from dashboard.wording import day

_MEETINGS_TO_CHOOSE = 5
_CALLED = {MeetingKind.CLUSTER: "the meeting", MeetingKind.STEERING_GROUP: "the steering group"}


@dataclass(frozen=True)
class Since:
    """A day from which on changes are told, and why that one."""

    when: date
    why: str
    """As it stands in a sentence: "since the meeting on 8 March 2017"."""


@dataclass(frozen=True)
class Changes:
    """What became of the targets of a cluster's year since a day, and the other days one may choose."""

    rows: pd.DataFrame
    criteria: pd.DataFrame
    since: Since
    to_choose: Sequence[Since]
    cluster: str
    year: AcademicYear

    @property
    def codes(self) -> list[str]:
        """The targets of which there is something to say, in the order of the plan."""
        return [code for code, sentences in self.told.items() if sentences]

    @property
    def told(self) -> dict[str, list[str]]:
        """The sentences on each target that was touched, by its code."""
        return {
            str(code): say_changes(rows, self.criteria[self.criteria["code"] == code])
            for code, rows in self.rows.groupby("code", sort=False)
        }


def load_changes(session: Session, view: View) -> Changes:
    """The changes since the day that was chosen, else since the last meeting before today."""
    years = view.cluster_years
    held = queries.load_meetings_held(session, view.scope, years, view.as_of)
    meetings = [
        Since(row.held_on, f"since {_CALLED[row.kind]} on {day(row.held_on)}")
        for row in held.head(_MEETINGS_TO_CHOOSE).itertuples()
    ]
    begins = Since(view.year.starts, f"since {day(view.year.starts)}")
    if view.since is not None:
        known = [each for each in (*meetings, begins) if each.when == view.since]
        since = known[0] if known else Since(view.since, f"since {day(view.since)}")
    else:
        since = meetings[0] if meetings else begins
    to_choose = [*meetings, *([] if any(each.when == begins.when for each in meetings) else [begins])]
    return Changes(
        queries.load_changes(session, view.scope, years, since.when),
        queries.load_criteria(session, view.scope, years),
        since,
        to_choose,
        view.cluster.slug if view.cluster else "",
        view.year,
    )


def _content(changes: Changes) -> html.Div:
    told = {code: sentences for code, sentences in changes.told.items() if sentences}
    new = [code for code, sentences in told.items() if sentences == [say_new([code])]]
    if len(new) > 1:
        told = {code: sentences for code, sentences in told.items() if code not in new}
    parts = [
        html.Div(
            [
                html.H3(html.A(code, href=target_address(changes.cluster, changes.year, code))),
                html.Ul([html.Li(each) for each in sentences]),
            ]
        )
        for code, sentences in told.items()
    ]
    # Of those that are new and no more a sentence is enough, as when the whole plan was brought in.
    together = html.P(say_new(new)) if len(new) > 1 else None
    return html.Div([_choice(changes), _form(changes), together, *parts], className="changes")


def _choice(changes: Changes) -> Any:
    """The days to choose from, as links that keep the year."""
    return choices(
        "Changes since",
        [
            (
                f"{day(each.when)}{_NAMED.get(each.why.partition(' on ')[0], '')}",
                f"{plan_address(changes.cluster, changes.year)}&since={each.when.isoformat()}",
                each.when == changes.since.when,
            )
            for each in changes.to_choose
        ],
    )


def _form(changes: Changes) -> Any:
    """Any other day, for a browser that has a calendar to choose it from."""
    return html.Form(
        [
            html.Label("Or since", htmlFor="changes-since"),
            dbc.Input(id="changes-since", type="date", name="since", value=changes.since.when.isoformat()),
            dbc.Input(type="hidden", name="year", value=str(changes.year)),
            html.Button("Show", type="submit", className="plain"),
        ],
        method="get",
        action=f"/cluster/{changes.cluster}/plan",
        className="changes-form on-screen",
    )


_NAMED = {f"since {called}": f", {called.removeprefix('the ')}" for called in _CALLED.values()}


def _table(changes: Changes) -> pd.DataFrame:
    """Every single thing that was done, in the order of the plan and of time."""
    rows = list(changes.rows.itertuples())
    return pd.DataFrame(
        {
            "Target": [row.code for row in rows],
            "What": [say_one(row) for row in rows],
            "When": [day(row.happened_at.date()) for row in rows],
            "Said as": [row.known_as for row in rows],
        }
    )


def _figures(changes: Changes, view: View) -> list[ShownFigure]:
    since = changes.since.when.isoformat()
    return [
        ShownFigure(
            f"Targets that changed {changes.since.why}", f"{len(changes.codes):,}", "targets",
            rows_at(view, "plan", "targets", by="change", since=since),
        )
    ]  # fmt: skip


CHANGES = Panel(
    id="plan-changes",
    title="What changed",
    load=load_changes,
    is_empty=lambda changes: changes.rows.empty and changes.criteria.empty,
    headline=lambda changes, _view: say_changed(changes.codes, changes.since.why),
    measure=lambda _changes, view: (f"What was written into the plan of {view.year} from that day on.",),
    draw=None,
    shows=_content,
    key=lambda _changes: (),
    table=_table,
    made_up=lambda _changes: (False, False),
    flags=lambda _changes, _view: (),
    empty=lambda view: Message(
        f"Nothing is known of changes to a plan of {view.year}.",
        "They stand here once a plan is brought in or written.",
    ),
    explain=(
        "Every change of a target, its criteria and its evidence is kept with the day on which it was made. The "
        "sentences say what is different now: what was changed and changed back is left out. A change on the day of "
        "the meeting itself counts."
    ),
    figures=_figures,
)
"""For those who hold the cluster whole: a headteacher gets no words of the history."""
