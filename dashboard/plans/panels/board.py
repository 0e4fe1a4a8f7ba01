"""Where the targets stand, as a board."""

from dashboard.plans.figures import draw_board
from dashboard.plans.flags import flag_targets
from dashboard.plans.panels.shared import STATUS_EXPLAINED, load_plan, no_plan, target_figures, targets_table
from dashboard.plans.sentences import say_board
from dashboard.ui.panel import Panel
from dashboard.wording import counted

BOARD = Panel(
    id="plan-board",
    title="Where the targets stand",
    load=load_plan,
    is_empty=lambda plan: plan.targets.empty,
    headline=lambda plan, view: say_board(plan.targets, view.as_of),
    measure=lambda plan, view: (f"{counted(len(plan.targets), 'target').capitalize()} of {view.year} by status.",),
    draw=None,
    shows=lambda plan: draw_board(plan.targets, plan.as_of, plan.address),
    key=lambda _plan: (),
    table=targets_table,
    made_up=lambda plan: plan.made_up,
    flags=lambda plan, view: flag_targets(plan.targets, view.as_of),
    empty=no_plan,
    explain=STATUS_EXPLAINED,
    links=lambda plan: plan.links,
    figures=target_figures,
)
"""A card for each target, under its status."""
