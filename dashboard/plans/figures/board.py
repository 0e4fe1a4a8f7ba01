"""The targets of a plan as cards in four columns, by their status."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pandas as pd
from dash import html

from dashboard.plans.sentences import is_overdue, say_age
from dashboard.plans.words import STATUS_SYMBOLS, STATUS_WORDS
from dashboard.ui.aria import aria
from dashboard.vocabulary import TargetStatus
from dashboard.wording import day, of

_COLUMNS: Final = (
    TargetStatus.NOT_STARTED,
    TargetStatus.IN_PROGRESS,
    TargetStatus.STALLED,
    TargetStatus.ACHIEVED,
)


def draw_board(targets: pd.DataFrame, as_of: date, address: Callable[[str], str]) -> html.Div:
    """A column for each status with a card for each of its targets. Takes the frame of `load_targets`; `address` gives
    the page of a target by its code.
    """
    columns = []
    for status in _COLUMNS:
        cards = [_card(row, as_of, address(row.code)) for row in targets.itertuples() if row.status == status]
        head = html.H3(
            [
                html.Span(STATUS_SYMBOLS[status], **aria(hidden="true")),
                f" {STATUS_WORDS[status]} ",
                html.Span(str(len(cards)), className="board-count"),
            ]
        )
        columns.append(html.Div([head, html.Ul(cards) if cards else html.P("None.")], className="board-column"))
    return html.Div(columns, className="board")


def _card(target: Any, as_of: date, address: str) -> html.Li:
    titled = target.title != target.code
    criteria = f"{of(target.met, target.criteria)} criteria met" if target.criteria else "No success criterion"
    # The page of a target is one that the server brings.
    return html.Li(
        [
            html.A([html.Strong(target.code), *([html.Span(target.title)] if titled else [])], href=address),
            html.P(criteria),
            html.P(f"Last evidence: {say_age(target, as_of)}" if target.evidence else "No evidence yet"),
            html.P(_due(target, as_of)),
            html.P(f"Owner: {target.owner}" if target.owner else "No owner named"),
        ],
        className="board-card",
    )


def _due(target: Any, as_of: date) -> Any:
    if target.due is None:
        return "No due date"
    if not is_overdue(target, as_of):
        return f"Due {day(target.due)}"
    overdue = html.Span([html.Span("■", **aria(hidden="true")), " Overdue"], className="state state-act")
    return [overdue, f" since {day(target.due)}"]
