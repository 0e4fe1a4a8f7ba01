"""The part of the plan that is one school's, and after it the whole plan (2.13)."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.directory.view import View
from dashboard.plans import queries
from dashboard.plans.panels.progress import PROMISED
from dashboard.plans.panels.shared import PlanPicture, load_plan, name_of
from dashboard.plans.sentences import say_due, say_own_part, say_own_promises, say_progress
from dashboard.plans.words import STATUS_SYMBOLS, STATUS_WORDS
from dashboard.shown_figures import ShownFigure
from dashboard.ui.panel import Message, Panel
from dashboard.vocabulary import TargetStatus
from dashboard.wording import counted


@dataclass(frozen=True)
class OwnPlan(PlanPicture):
    """The plan, and the targets that name the one school (`queries.load_own_targets`)."""

    own: pd.DataFrame

    @property
    def achieved(self) -> set[int]:
        """The targets that are achieved."""
        targets = self.targets
        return set(targets[targets["status"] == TargetStatus.ACHIEVED]["target_id"])

    def target(self, target_id: int) -> Any:
        """The row of `load_targets` of a target."""
        return next(row for row in self.targets.itertuples() if row.target_id == target_id)


def load_own_plan(session: Session, view: View) -> OwnPlan:
    """The plan of the view's cluster and year, with what it asks of the view's school."""
    plan = load_plan(session, view)
    own = queries.load_own_targets(session, view.scope, view.cluster_years, view.school_id)
    return OwnPlan(plan.targets, plan.criteria, plan.cluster, plan.year, plan.as_of, own)


def _table(plan: OwnPlan) -> pd.DataFrame:
    rows = [(row, plan.target(row.target_id)) for row in plan.own.itertuples()]
    return pd.DataFrame(
        {
            "Target": [name_of(row.code, row.title) for row, _ in rows],
            "Your part": [say_own_part(row) for row, _ in rows],
            "Waits for your tick": [
                counted(row.ticks - row.ticked, "criterion", "criteria") if row.ticks > row.ticked else "nothing"
                for row, _ in rows
            ],
            "Due": [say_due(target, plan.as_of) for _, target in rows],
            "Status": [f"{STATUS_SYMBOLS[target.status]} {STATUS_WORDS[target.status]}" for _, target in rows],
        }
    )


_OF_A_SCHOOL: Panel[Any] = PROMISED

OWN_PROMISES = replace(
    _OF_A_SCHOOL,
    id="school-promises",
    title="What we promised",
    load=load_own_plan,
    is_empty=lambda plan: plan.own.empty,
    headline=lambda plan, view: say_own_promises(list(plan.own.itertuples()), plan.achieved, view.as_of),
    measure=lambda plan, view: (
        f"Targets for {view.year} that name your school, of {counted(len(plan.targets), 'target')} in the plan.",
        "Your coordinator sets the ticks; tell them when something is done.",
    ),
    draw=None,
    key=lambda _plan: (),
    flags=lambda _plan, _view: (),
    table=_table,
    links=lambda plan: {row: plan.address(code) for row, code in enumerate(plan.own["code"])},
    empty=lambda view: Message(
        f"No target of the plan for {view.year} names your school.",
        "It leads no group that works for one, is in none, and no success criterion is for each school by itself.",
    ),
    figures=lambda plan, _view: [
        ShownFigure(f"{row.code}: ticked by your school", f"{row.ticked} of {row.ticks}", "", plan.address(row.code))
        for row in plan.own.itertuples()
        if row.ticks
    ],
    explain=(
        "A target names your school where it leads a working group for it, works in one, or has ticks of its own: "
        "success criteria that each school has to meet by itself. A tick waits until somebody has said that your "
        "school has met the criterion."
    ),
)
"""What a school leads, works on and ticks, with what waits and when it is due; said to the school."""

WHOLE_PLAN = replace(
    _OF_A_SCHOOL,
    load=load_own_plan,
    title="The cluster’s whole plan",
    headline=lambda plan, _view: f"In the whole plan {say_progress(plan.targets, amid=True)}",
)
"""Every target of the plan on a school's page: the plan is the whole cluster's."""
