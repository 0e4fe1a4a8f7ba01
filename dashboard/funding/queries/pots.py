"""What each pot had, what it spent and what is left, in one year and from year to year."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, may_see, may_see_totals
from dashboard.frames import Rows, alphabetical, count_where, read_frame, total
from dashboard.funding.counting import rank, total_in
from dashboard.models import Allocation, CarriedBalance, Cluster, LedgerLine, School
from dashboard.rules import RuleSet
from dashboard.vocabulary import COMMITTED_STATES, SPENT_STATES, Part, Pot

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


def load_roll_over(session: Session, scope: Scope, years: sa.CTE, rules: Mapping[int | None, RuleSet]) -> pd.DataFrame:
    """One row for each cluster, year, pot and part that holds any money in that year, oldest year first (4.10).

    Columns: cluster_id, year, pot, part, rolls (whether what is left goes on into the next year), opening (what the
    earlier years left over, deficits too; of a pot for its year alone nothing), carried (balances that a person brought
    in), allocated, committed, spent, closing = opening + carried + allocated − spent − committed (pence), illustrative
    and rows as in `load_pots`. `years` may name many years of a cluster. Where a pot rolls over, the opening of a year
    is the closing of the one before.
    """
    frame = read_frame(session, _by_part(scope, years))
    rolls = _rolls(frame, rules)
    frame = frame.rename(columns={"carried_in": "carried"})
    frame["rolls"] = pd.Series(rolls, dtype=object, index=frame.index)
    frame["opening"] = frame["earlier"].where(rolls, 0)
    frame["closing"] = frame["opening"] + frame["carried"] + frame["allocated"] - frame["spent"] - frame["committed"]
    return _with_money(frame, rolls, ["opening", "carried", "allocated", "committed", "spent"])


def load_release_by_school(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """Release money that each school holds (4.5), schools by name.

    Columns: cluster_id, school_id, school (slug), name, allocated, committed, spent (pence), half_days, illustrative
    and rows. `half_days` counts the lines that are spent, less those that are credits: each pays for half a day of
    cover.
    """
    entries = _entries(years, by_school=True).subquery("entries")
    return read_frame(
        session,
        sa.select(
            entries.c.cluster_id,
            entries.c.school_id,
            School.slug.label("school"),
            School.name,
            total(entries.c.allocated).label("allocated"),
            total(entries.c.committed).label("committed"),
            total(entries.c.spent).label("spent"),
            total(entries.c.half_days).label("half_days"),
            total(entries.c.illustrative).label("illustrative"),
            total(entries.c.rows).label("rows"),
        )
        .outerjoin(School, School.id == entries.c.school_id)
        .where(
            may_see(scope, entries.c.cluster_id, entries.c.school_id),
            entries.c.pot == Pot.SCHOOL_HELD,
            entries.c.part == Part.RELEASE,
        )
        .group_by(entries.c.cluster_id, entries.c.school_id, School.slug, School.name)
        .having(total(entries.c.rows) > 0)
        .order_by(alphabetical(sa.func.coalesce(School.name, "")), entries.c.school_id),
    )


def _with_balances(frame: pd.DataFrame, rules: Mapping[int | None, RuleSet]) -> pd.DataFrame:
    rolls = _rolls(frame, rules)
    frame["brought_forward"] = frame["carried_in"] + frame["earlier"].where(rolls, 0)
    frame["remaining"] = frame["brought_forward"] + frame["allocated"] - frame["spent"] - frame["committed"]
    frame = _with_money(frame, rolls, ["brought_forward", "allocated", "committed", "spent"])
    return frame.drop(columns=["year", "carried_in"])


def _rolls(frame: pd.DataFrame, rules: Mapping[int | None, RuleSet]) -> list[bool]:
    """Of each row whether what its pot leaves over goes on into the next year."""
    return [
        pot == Pot.LEAD_HELD and rules[programme_id].yes("roll_over")
        for pot, programme_id in zip(frame["pot"], frame["programme_id"], strict=True)
    ]


def _with_money(frame: pd.DataFrame, rolls: list[bool], amounts: list[str]) -> pd.DataFrame:
    """The rows with any money; what was made up in earlier years counts where those come forward."""
    empty = (frame[amounts] == 0).all(axis="columns")
    moved = frame["rows"] > 0  # this year, that is: a part that came to nothing in earlier years is not shown
    for name in ("illustrative", "rows"):
        frame[name] = frame[name] + frame[f"earlier_{name}"].where(rolls, 0)
    return (
        frame[~empty | moved]
        .drop(columns=["earlier", "earlier_illustrative", "earlier_rows", "programme_id"])
        .reset_index(drop=True)
    )


def _by_part(scope: Scope, years: sa.CTE, *, school_id: int | None = None) -> Rows:
    entries = _entries(years, by_school=school_id is not None or bool(scope.school_ids)).subquery("entries")
    statement = (
        sa.select(
            entries.c.cluster_id,
            Cluster.programme_id,
            entries.c.year,
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
        .group_by(entries.c.cluster_id, Cluster.programme_id, entries.c.year, entries.c.pot, entries.c.part)
        .order_by(entries.c.cluster_id, entries.c.year, rank(entries.c.pot, Pot), rank(entries.c.part, Part))
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
            committed=total_in(COMMITTED_STATES),
            spent=total_in(SPENT_STATES),
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


def _half_days() -> sa.ColumnElement[int]:
    spent = LedgerLine.state.in_(SPENT_STATES)
    return total(
        sa.case((sa.and_(spent, LedgerLine.amount > 0), 1), (sa.and_(spent, LedgerLine.amount < 0), -1), else_=0)
    )
