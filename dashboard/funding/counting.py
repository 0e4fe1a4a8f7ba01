"""How the lines of the ledger count, the same in every query, and the order of pots and parts."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from dashboard.access import Scope, may_see, may_see_totals
from dashboard.frames import Rows, count_where, total
from dashboard.models import LedgerLine
from dashboard.vocabulary import COMMITTED_STATES, SPENT_STATES, LineState, Pot


def total_in(states: Collection[LineState]) -> sa.ColumnElement[int]:
    """What the lines in some states add up to."""
    return total(sa.case((LedgerLine.state.in_(states), LedgerLine.amount), else_=0))


def sums() -> tuple[sa.ColumnElement[int], ...]:
    """What a group of lines adds up to: committed, spent (pence), illustrative, lines (how many there are)."""
    return (
        total_in(COMMITTED_STATES).label("committed"),
        total_in(SPENT_STATES).label("spent"),
        count_where(LedgerLine.illustrative).label("illustrative"),
        sa.func.count().label("lines"),
    )


def counting_lines(scope: Scope, years: sa.CTE, *columns: Any) -> Rows:
    """The lines of the chosen cluster-years that are spent or committed, for a group of them by the given columns.

    What a school holds is its own; what the lead school or the Trust holds is the cluster's (4.12–4.14).
    """
    return (
        sa.select(LedgerLine.cluster_id, LedgerLine.pot, *columns, *sums())
        .join(years, sa.and_(LedgerLine.cluster_id == years.c.cluster_id, LedgerLine.year == years.c.year))
        .where(
            LedgerLine.state.in_((*SPENT_STATES, *COMMITTED_STATES)),
            may_see_totals(scope, LedgerLine.cluster_id, LedgerLine.year),
            sa.or_(LedgerLine.pot != Pot.SCHOOL_HELD, may_see(scope, LedgerLine.cluster_id, LedgerLine.school_id)),
        )
        .group_by(LedgerLine.cluster_id, LedgerLine.pot, *columns)
    )


def rank(column: Any, words: type[StrEnum]) -> sa.ColumnElement[int]:
    """Orders by the list of words instead of the alphabet; what has no word stands last."""
    places = {word.value: position for position, word in enumerate(words)}
    return sa.case(places, value=sa.cast(column, sa.String), else_=len(places))
