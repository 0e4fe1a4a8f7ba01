"""What a careful reader would ask of the plan: each question with its reason and the words it is about."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.directory.view import View
from dashboard.plans import queries
from dashboard.plans.addresses import plan_address, target_address
from dashboard.plans.prompts import Prompt
from dashboard.plans.record import PlanRecord
from dashboard.shown_figures import ShownFigure
from dashboard.ui.panel import Message, Panel
from dashboard.ui.rows import rows_at
from dashboard.vocabulary import PLAN_HEADINGS
from dashboard.wording import counted, sentence

_MOST_WORDS = 160


@dataclass(frozen=True)
class Questions:
    """A plan and what would be asked of it; none where there is no plan."""

    plan: PlanRecord | None
    prompts: list[Prompt]


def load_questions(session: Session, view: View) -> Questions:
    """The prompts of the view's cluster and year."""
    plans = queries.load_plans(session, view.scope, view.cluster_years)
    return Questions(plans[0], plans[0].ask(view.as_of)) if plans else Questions(None, [])


def _headline(asked: Questions, _view: View) -> str:
    if not asked.prompts:
        return "A careful reader would ask nothing of this plan."
    about = len({each.code for each in asked.prompts if each.code})
    questions = counted(len(asked.prompts), "question")
    return f"A careful reader would ask {questions}" + (f", about {counted(about, 'target')}." if about else ".")


def _table(asked: Questions) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "About": [each.code or "The whole plan" for each in asked.prompts],
            "Column": [PLAN_HEADINGS[each.cell] if each.cell else "–" for each in asked.prompts],
            "What a careful reader would ask": [sentence(each.message) for each in asked.prompts],
            "The words": [_shown(each) for each in asked.prompts],
        }
    )


def _shown(prompt: Prompt) -> str:
    words = "; ".join(prompt.words)
    if prompt.rule == "aims_alike" or not words:
        return "–"  # the question quotes them
    return words if len(words) <= _MOST_WORDS else f"{words[:_MOST_WORDS].rstrip()}…"


def _links(asked: Questions) -> dict[int, str]:
    """Each question leads to its target; that of aims to the page on which wordings are said to be one."""
    if asked.plan is None:
        return {}
    cluster, year = asked.plan.cluster, asked.plan.year
    return {
        number: target_address(cluster, year, each.code) if each.code else plan_address(cluster, year, page="aims")
        for number, each in enumerate(asked.prompts)
        if each.code or each.rule == "aims_alike"
    }


def _figures(asked: Questions, view: View) -> list[ShownFigure]:
    at, about = partial(rows_at, view, "plan", by="question"), {each.code for each in asked.prompts if each.code}
    return [
        ShownFigure("Questions", f"{len(asked.prompts):,}", "questions", at("questions")),
        ShownFigure("Targets they are about", f"{len(about):,}", "targets", at("about")),
    ]


PROMPTS = Panel(
    id="plan-prompts",
    title="What a careful reader would ask",
    load=load_questions,
    is_empty=lambda asked: asked.plan is None,
    headline=_headline,
    measure=lambda _asked, _view: (
        "Questions, not verdicts: each has its reason, and whoever knows the plan decides.",
    ),
    draw=None,
    key=lambda _asked: (),
    table=_table,
    made_up=lambda asked: (
        asked.plan is not None and asked.plan.illustrative,
        asked.plan is not None and all(each.illustrative for each in asked.plan.targets),
    ),
    flags=lambda _asked, _view: (),
    empty=lambda view: Message(
        f"No development plan is recorded for {view.year}.",
        "Questions show here once there is one.",
        other_years=True,
    ),
    explain=(
        "The words of each target are read as a careful reader would: is there a criterion that can be met, a number "
        "where most or many are claimed, evidence of the plan’s own time, an impact beside the activity, an amount "
        "where money is agreed? Where it is not certain that something is missing, nothing is said."
    ),
    links=_links,
    figures=_figures,
    quiet=True,
)
"""The prompts of one cluster's year, as a table."""
