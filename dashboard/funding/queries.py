"""Where the money went against what was allocated, as frames in whole pence.

`remaining` = brought_forward + allocated − spent − committed. Pots never add up across holders (4.12–4.14).
"""

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, may_see, may_see_totals
from dashboard.frames import Rows, count_where, read_frame, total
from dashboard.models import Allocation, CarriedBalance, Cluster, LedgerLine
from dashboard.rules import RuleSet
from dashboard.vocabulary import COMMITTED_STATES, SPENT_STATES, LineState, Part, Pot

_MONEY = (
    "carried_in", "earlier", "allocated", "committed", "spent", "illustrative", "rows", "earlier_illustrative",
    "earlier_rows",
)  # fmt: skip


def load_pots(
    session: Session,
    scope: Scope,
    years: sa.CTE,
    rules: Mapping[int | None, RuleSet],
    *,
    school_id: int | None = None,
) -> pd.DataFrame:
    """One row for each cluster, pot and part of the chosen cluster-years that holds any money.

    Columns: cluster_id, pot, part, brought_forward, allocated, committed, spent, remaining (pence), illustrative and
    rows (how many of the entries behind the figures are made up, and how many there are; those of earlier years count
    where what they left over comes forward). What an earlier year left
    over, deficits too, comes forward in the lead-held pot where the programme says so (4.10); release money that a
    school sets aside is for its year alone (4.5). `school_id` narrows to what concerns that school.
    """
    frame = read_frame(session, _by_part(scope, years, school_id=school_id))
    return _with_balances(frame, rules)


def load_release_by_school(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """Release money that each school holds (4.5): cluster_id, school_id, allocated, committed, spent, half_days.

    `half_days` counts the lines that are spent, less those that are credits: each pays for half a day of cover.
    """
    entries = _entries(years, by_school=True).subquery("entries")
    return read_frame(
        session,
        sa.select(
            entries.c.cluster_id,
            entries.c.school_id,
            total(entries.c.allocated).label("allocated"),
            total(entries.c.committed).label("committed"),
            total(entries.c.spent).label("spent"),
            total(entries.c.half_days).label("half_days"),
            total(entries.c.illustrative).label("illustrative"),
            total(entries.c.rows).label("rows"),
        )
        .where(
            may_see(scope, entries.c.cluster_id, entries.c.school_id),
            entries.c.pot == Pot.SCHOOL_HELD,
            entries.c.part == Part.RELEASE,
        )
        .group_by(entries.c.cluster_id, entries.c.school_id)
        .having(total(entries.c.rows) > 0),
    )


def _with_balances(frame: pd.DataFrame, rules: Mapping[int | None, RuleSet]) -> pd.DataFrame:
    rolls = [
        pot == Pot.LEAD_HELD and rules[programme_id].yes("roll_over")
        for pot, programme_id in zip(frame["pot"], frame["programme_id"], strict=True)
    ]
    frame["brought_forward"] = frame["carried_in"] + frame["earlier"].where(rolls, 0)
    frame["remaining"] = frame["brought_forward"] + frame["allocated"] - frame["spent"] - frame["committed"]
    empty = (frame[["brought_forward", "allocated", "committed", "spent"]] == 0).all(axis="columns")
    moved = frame["rows"] > 0  # this year, that is: a part that came to nothing in earlier years is not shown
    for name in ("illustrative", "rows"):
        frame[name] = frame[name] + frame[f"earlier_{name}"].where(rolls, 0)
    return (
        frame[~empty | moved]
        .drop(columns=["carried_in", "earlier", "earlier_illustrative", "earlier_rows", "programme_id"])
        .reset_index(drop=True)
    )


def _by_part(scope: Scope, years: sa.CTE, *, school_id: int | None = None) -> Rows:
    entries = _entries(years, by_school=school_id is not None or bool(scope.school_ids)).subquery("entries")
    statement = (
        sa.select(
            entries.c.cluster_id,
            Cluster.programme_id,
            entries.c.pot,
            entries.c.part,
            *(total(entries.c[name]).label(name) for name in _MONEY),
        )
        .join(Cluster, Cluster.id == entries.c.cluster_id)
        .where(
            may_see_totals(scope, entries.c.cluster_id, entries.c.year),
            # What a school holds is its own; what the lead school or the Trust holds is the cluster's (4.12–4.14).
            sa.or_(entries.c.pot != Pot.SCHOOL_HELD, may_see(scope, entries.c.cluster_id, entries.c.school_id)),
        )
        .group_by(entries.c.cluster_id, Cluster.programme_id, entries.c.pot, entries.c.part)
        .order_by(entries.c.cluster_id, _rank(entries.c.pot, Pot), _rank(entries.c.part, Part))
    )
    if school_id is not None:
        statement = statement.where(entries.c.school_id == school_id)
    return statement


def _entries(years: sa.CTE, *, by_school: bool = False) -> Rows:
    """Everything that moved money up to and including the chosen year, one column for each way it counts.

    Each table is summed by year in the order of its index before anything is joined: at national size that is the
    difference between reading an index once and sorting half a million rows.
    """
    sums = sa.union_all(
        _sums(years, CarriedBalance, by_school, carried=total(CarriedBalance.amount)),
        _sums(years, Allocation, by_school, allocated=total(Allocation.amount)),
        _sums(
            years,
            LedgerLine,
            by_school,
            committed=_total_in(COMMITTED_STATES),
            spent=_total_in(SPENT_STATES),
            half_days=_half_days(),
        ),
    ).subquery("sums")
    now, before = sums.c.year == years.c.year, sums.c.year < years.c.year
    came = sums.c.carried + sums.c.allocated - sums.c.committed - sums.c.spent
    return sa.select(
        sums.c.cluster_id,
        years.c.year,
        sums.c.school_id,
        sums.c.pot,
        sums.c.part,
        sa.case((now, sums.c.carried), else_=0).label("carried_in"),
        sa.case((before, came), else_=0).label("earlier"),
        *(
            sa.case((now, sums.c[name]), else_=0).label(name)
            for name in ("allocated", "committed", "spent", "half_days", "illustrative", "rows")
        ),
        *(sa.case((before, sums.c[name]), else_=0).label(f"earlier_{name}") for name in ("illustrative", "rows")),
    ).join(years, sa.and_(sums.c.cluster_id == years.c.cluster_id, sums.c.year <= years.c.year))


def _sums(years: sa.CTE, table: Any, by_school: bool, **sums: sa.ColumnElement[int]) -> Rows:
    nothing = sa.literal(0)
    keys = (table.cluster_id, table.year, table.pot, table.part)
    school = table.school_id if by_school else sa.null()
    return (
        sa.select(
            *keys,
            sa.cast(school, sa.Integer).label("school_id"),
            *(
                sums.get(name, nothing).label(name)
                for name in ("carried", "allocated", "committed", "spent", "half_days")
            ),
            count_where(table.illustrative).label("illustrative"),
            sa.func.count().label("rows"),
        )
        .where(table.cluster_id.in_(sa.select(years.c.cluster_id)))
        .group_by(*keys, *((table.school_id,) if by_school else ()))
    )


def _total_in(states: Collection[LineState]) -> sa.ColumnElement[int]:
    return total(sa.case((LedgerLine.state.in_(states), LedgerLine.amount), else_=0))


def _half_days() -> sa.ColumnElement[int]:
    spent = LedgerLine.state.in_(SPENT_STATES)
    return total(
        sa.case((sa.and_(spent, LedgerLine.amount > 0), 1), (sa.and_(spent, LedgerLine.amount < 0), -1), else_=0)
    )


def _rank(column: sa.ColumnElement[Any], words: type[Pot] | type[Part]) -> sa.ColumnElement[int]:
    """Orders by the list of words instead of the alphabet."""
    return sa.case({word.value: position for position, word in enumerate(words)}, value=sa.cast(column, sa.String))
