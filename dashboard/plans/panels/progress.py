"""How far the plan is, target by target."""

from dataclasses import replace

import pandas as pd

from dashboard.plans.figures import draw_progress, key_of
from dashboard.plans.flags import flag_targets
from dashboard.plans.panels.shared import (
    STATUS_EXPLAINED,
    PlanPicture,
    load_plan,
    no_plan,
    progress_figures,
    targets_table,
)
from dashboard.plans.sentences import say_criterion, say_progress, say_promised
from dashboard.ui.panel import Message, Panel
from dashboard.wording import counted, day

_EXPLAIN = (
    "Progress is success criteria met out of all criteria. A criterion without evidence is not counted as failed; it "
    f"is shown as “no evidence”. {STATUS_EXPLAINED}"
)

PROGRESS = Panel(
    id="plan-progress",
    title="Plan",
    load=load_plan,
    is_empty=lambda plan: plan.targets.empty,
    headline=lambda plan, _view: say_progress(plan.targets),
    measure=lambda plan, view: (f"Success criteria of {counted(len(plan.targets), 'target')} for {view.year}.",),
    draw=lambda plan, look: draw_progress(plan.targets, plan.criteria, look, plan.address),
    key=lambda plan: key_of(plan.criteria),
    table=targets_table,
    made_up=lambda plan: plan.made_up,
    flags=lambda plan, view: flag_targets(plan.targets, view.as_of),
    empty=no_plan,
    explain=_EXPLAIN,
    links=lambda plan: plan.links,
    figures=progress_figures,
)
"""Every target of one cluster's year; each dot leads to its criterion, each row of the table to its target."""

PROMISED = replace(
    PROGRESS,
    id="school-plan",
    title="What we promised together",
    headline=lambda plan, view: say_promised(plan.targets, view.as_of),
    empty=lambda view: Message(
        f"No development plan is recorded for {view.year}.",
        "Your coordinator keeps the cluster’s plan; ask there, or choose another year above.",
    ),
)
"""The same on a school's page: the plan is the whole cluster's."""


def _criteria_table(plan: PlanPicture) -> pd.DataFrame:
    """A row for each success criterion."""
    criteria = plan.criteria
    return pd.DataFrame(
        {
            "Success criterion": [f"{row.code}, {row.number}: {row.text}" for row in criteria.itertuples()],
            "State": [say_criterion(row) for row in criteria.itertuples()],
            "Evidence": [counted(pieces, "piece") if pieces else "none" for pieces in criteria["evidence"]],
            "Last evidence": [
                day(row.last_evidence) if row.last_evidence else "not dated" if row.evidence else "none"
                for row in criteria.itertuples()
            ],
        }
    )


CRITERIA = replace(
    PROGRESS,
    id="plan-criteria",
    title="Success criteria",
    table=_criteria_table,
    flags=lambda _plan, _view: (),
    links=lambda plan: {
        place: plan.address(row.code, row.number) for place, row in enumerate(plan.criteria.itertuples())
    },
)
"""The same on the plan's own page: there the board has the targets and what asks for a look, the table the criteria."""
