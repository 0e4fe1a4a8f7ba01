"""How far the plan is, target by target."""

from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.directory.view import View
from dashboard.plans import queries
from dashboard.plans.figures import KEY, draw_progress
from dashboard.plans.flags import flag_targets
from dashboard.plans.sentences import say_progress
from dashboard.plans.words import STATUS_SYMBOLS, STATUS_WORDS
from dashboard.ui.panel import Message, Panel
from dashboard.wording import counted, day, of


@dataclass(frozen=True)
class PlanPicture:
    """The targets of a cluster's year and their criteria."""

    targets: pd.DataFrame
    criteria: pd.DataFrame


def load_plan(session: Session, view: View) -> PlanPicture:
    """The plan of the view's cluster and year."""
    years = view.cluster_years
    return PlanPicture(
        queries.load_targets(session, view.scope, years, view.as_of),
        queries.load_criteria(session, view.scope, years),
    )


def _table(plan: PlanPicture) -> pd.DataFrame:
    targets = plan.targets
    return pd.DataFrame(
        {
            "Target": [
                f"{row.code}: {row.title}" if row.title != row.code else row.code for row in targets.itertuples()
            ],
            "Status": [f"{STATUS_SYMBOLS[status]} {STATUS_WORDS[status]}" for status in targets["status"]],
            "Criteria met": [of(row.met, row.criteria) for row in targets.itertuples()],
            "Not met": list(targets["not_met"]),
            "No evidence": list(targets["no_evidence"]),
            "Last evidence": [
                day(row.last_evidence) if row.last_evidence else "not dated" if row.evidence else "none"
                for row in targets.itertuples()
            ],
            "Due": [day(due) if due else "no date" for due in targets["due"]],
            "Cells filled": [of(filled, queries.CELLS_TOTAL) for filled in targets["cells_filled"]],
        }
    )


def _empty(view: View) -> Message:
    return Message(
        f"No development plan is recorded for {view.year}.",
        "It shows here once the Word table of the plan is brought in.",
        other_years=True,
    )


_EXPLAIN = (
    "Progress is success criteria met out of all criteria. A criterion without evidence is not counted as failed; it "
    "is shown as “no evidence”. A target’s status is the one a person gave, else: achieved when all criteria are met, "
    "in progress when there is any evidence, stalled when its due date has passed without any, else not started. What "
    "was done is never shown as impact."
)


PROGRESS = Panel(
    id="plan-progress",
    title="Plan",
    load=load_plan,
    is_empty=lambda plan: plan.targets.empty,
    headline=lambda plan, _view: say_progress(plan.targets),
    measure=lambda plan, view: (f"Success criteria of {counted(len(plan.targets), 'target')} for {view.year}.",),
    draw=lambda plan, look: draw_progress(plan.targets, plan.criteria, look),
    key=lambda _plan: KEY,
    table=_table,
    made_up=lambda plan: (bool(plan.targets["illustrative"].any()), bool(plan.targets["illustrative"].all())),
    flags=lambda plan, view: flag_targets(plan.targets, view.as_of),
    empty=_empty,
    explain=_EXPLAIN,
)
"""Every target of one cluster's year."""

PROMISED = replace(
    PROGRESS,
    id="school-plan",
    title="What we promised together",
    empty=lambda view: Message(
        f"No development plan is recorded for {view.year}.",
        "Your coordinator keeps the cluster’s plan; ask there, or choose another year above.",
    ),
)
"""The same on a school's page: the plan is the whole cluster's."""
