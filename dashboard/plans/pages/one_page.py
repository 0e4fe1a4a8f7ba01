"""The plan on a page, for governors: read on paper, so nothing on it has to be pressed."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd
from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import access
from dashboard.access import Action, Object
from dashboard.directory.view import View, view_cluster
from dashboard.plans import queries
from dashboard.plans.sentences import is_overdue, say_board, say_criterion, say_due, say_progress
from dashboard.plans.words import STATUS_SYMBOLS, STATUS_WORDS
from dashboard.web.asked import named_year
from dashboard.web.context import the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid, of

one_page: Final = Blueprint("one_page", __name__, template_folder="../templates")


@dataclass(frozen=True)
class OnPaper:
    """A target as it stands on the page."""

    code: str
    title: str | None
    """Where it says more than the code."""
    status: str
    said_by_a_person: bool
    reason: str | None
    due: str
    overdue: bool
    owner: str | None
    met: str
    criteria: list[tuple[str, str]]
    """What is to be met, and what is known of it."""
    impact: Any
    next_steps: Any


@one_page.get("/cluster/<slug>/plan/one-page")
@needs(Action.SEE, Object.PLAN)
def show(slug: str) -> ResponseReturnValue:
    """The plan of a year, the latest unless one is asked for."""
    today = date.today()
    with access.reading(the_store(), the_scope()) as reading:
        view = view_cluster(reading, the_scope(), slug, year=named_year(), as_of=today) if slug.isprintable() else None
        if view is None or view.cluster is None:
            not_there("see", Object.PLAN, slug)
        targets = queries.load_targets(reading, view.scope, view.cluster_years, today)
        rows = _on_paper(reading, view, targets) if view.of_a_member else []
    return page(
        "plans/one_page.html", f"Plan of {amid(view.cluster.name)}, {view.year}", cluster=view.cluster, view=view,
        rows=rows, of_a_member=view.of_a_member, today=today,
        progress=say_progress(targets) if rows else None, board=say_board(targets, today) if rows else None,
        illustrative=bool(targets["illustrative"].any()),
    )  # fmt: skip


def _on_paper(session: Session, view: View, targets: pd.DataFrame) -> list[OnPaper]:
    years = view.cluster_years
    outcomes = {row.target_id: row for row in queries.load_outcomes(session, view.scope, years).itertuples()}
    criteria: dict[int, list[tuple[str, str]]] = {}
    for row in queries.load_criteria(session, view.scope, years).itertuples():
        criteria.setdefault(row.target_id, []).append((row.text, say_criterion(row)))
    return [
        OnPaper(
            code=target.code,
            title=target.title if target.title != target.code else None,
            status=f"{STATUS_SYMBOLS[target.status]} {STATUS_WORDS[target.status]}",
            said_by_a_person=target.own_status is not None,
            reason=outcomes[target.target_id].own_status_reason,
            due=say_due(target, view.as_of),
            overdue=is_overdue(target, view.as_of),
            owner=target.owner,
            met=of(target.met, target.criteria),
            criteria=criteria.get(target.target_id, []),
            impact=outcomes[target.target_id].impact,
            next_steps=outcomes[target.target_id].next_steps,
        )
        for target in targets.itertuples()
    ]
