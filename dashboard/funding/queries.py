"""Where the money went against what was allocated, as frames in whole pence.

`remaining` = brought_forward + allocated − spent − committed. Pots never add up across holders (4.12–4.14).
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.access import Scope, may_see, may_see_totals, visible_clusters
from dashboard.frames import Rows, count_where, read_frame, total
from dashboard.funding.checks import ALLOWANCES, CPD_CODES
from dashboard.models import Allocation, ApprovalRequest, CarriedBalance, Cluster, LedgerLine, School
from dashboard.models.funding import MAY_BREAK_A_RULE, MISPLACED
from dashboard.rules import RuleSet
from dashboard.vocabulary import (
    COMMITTED_STATES,
    SPENT_STATES,
    LineState,
    Part,
    Pot,
)

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


def load_lines_to_check(
    session: Session,
    scope: Scope,
    years: sa.CTE,
    rules: Mapping[int | None, RuleSet],
    as_of: date,
    pots: pd.DataFrame,
) -> pd.DataFrame:
    """The lines that a rule of money may ask about, and those beside which it must be judged: one row for each.

    Columns: cluster_id, line_id, this_year (else of an earlier one), the columns of a line, school (slug) and
    school_name, taken_back, mark_since, request_id and what is known of that request; `request_hidden` where it rests
    on one that the reader may not see. `pots` are those of `load_pots` for the same cluster-years: what came forward in
    an allowance. Of a school that the scope names itself, lines of the money that it holds alone; what the lead school
    pays is told in totals (4.12, 4.13).
    """
    suspects = _suspects(years, rules, as_of, pots).subquery("suspects")
    back, request, whole = aliased(LedgerLine), aliased(ApprovalRequest), _sees_whole(scope)
    taken_back = sa.or_(LedgerLine.reverses_id.is_not(None), sa.exists().where(back.reverses_id == LedgerLine.id))
    same_request = (LedgerLine.request_id == request.id, request.cluster_id == LedgerLine.cluster_id, whole)
    return read_frame(
        session,
        sa.select(
            LedgerLine.cluster_id,
            LedgerLine.id.label("line_id"),
            (LedgerLine.year == years.c.year).label("this_year"),
            *(getattr(LedgerLine, name) for name in _OF_A_LINE),
            School.slug.label("school"),
            School.name.label("school_name"),
            School.quality_mark_on.label("mark_since"),
            taken_back.label("taken_back"),
            sa.and_(LedgerLine.request_id.is_not(None), sa.not_(whole)).label("request_hidden"),
            request.kind.label("request_kind"),
            request.state.label("request_state"),
            request.decided_on,
            sa.func.coalesce(request.granted, request.amount).label("granted"),
        )
        .select_from(suspects)
        .join(LedgerLine, LedgerLine.id == suspects.c.line_id)
        .join(years, years.c.cluster_id == LedgerLine.cluster_id)
        .outerjoin(School, School.id == LedgerLine.school_id)
        .outerjoin(request, sa.and_(*same_request))
        .where(sa.or_(whole, sa.and_(LedgerLine.pot == Pot.SCHOOL_HELD, LedgerLine.school_id.in_(scope.school_ids))))
        .order_by(LedgerLine.cluster_id, LedgerLine.year, LedgerLine.spent_on, LedgerLine.id),
    )


_OF_A_LINE = (
    "year", "spent_on", "pot", "part", "use_code", "purpose", "amount", "vat", "state", "school_id", "request_id",
    "illustrative",
)  # fmt: skip


def _sees_whole(scope: Scope) -> sa.ColumnElement[bool]:
    return sa.true() if scope.everything else LedgerLine.cluster_id.in_(visible_clusters(scope))


def _suspects(
    years: sa.CTE, rules: Mapping[int | None, RuleSet], as_of: date, pots: pd.DataFrame
) -> sa.CompoundSelect[int]:
    """The numbers of the lines to be read: those that may break a rule as they stand, and whole groups of those that
    may together. Thresholds are the least of all the programmes'; which one counts is decided line by line.
    """
    line = LedgerLine
    this_year = sa.select(line.id.label("line_id")).join(
        years, sa.and_(years.c.cluster_id == line.cluster_id, years.c.year == line.year)
    )
    until_now = sa.select(line.id.label("line_id")).join(
        years, sa.and_(years.c.cluster_id == line.cluster_id, years.c.year >= line.year)
    )
    late = as_of - timedelta(days=_least(rules, "uninvoiced_days", money=False) or 0)
    old_enough = sa.or_(line.spent_on.is_(None), line.spent_on < late)
    whatever_its_age = sa.or_(line.purpose.is_not(None), line.request_id.is_not(None), sa.text(f"({MISPLACED})"))
    many = _schools_with_many(years, rules)
    return sa.union(
        until_now.where(sa.text(f"({MAY_BREAK_A_RULE})"), sa.or_(old_enough, whatever_its_age)),
        this_year.join(many, sa.and_(many.c.cluster_id == line.cluster_id, many.c.school_id == line.school_id)).where(
            line.pot == Pot.SCHOOL_HELD, line.part == Part.RELEASE
        ),
        *(this_year.where(condition) for condition in (*_dear(rules), *_allowances_over(rules, pots))),
    )


def _dear(rules: Mapping[int | None, RuleSet]) -> list[sa.ColumnElement[bool]]:
    """Half days that cost too much (4.5), and sessions that are known by their use code alone (4.9)."""
    line, found = LedgerLine, []
    half_day, session = _least(rules, "half_day_max"), _least(rules, "cpd_session_max")
    if half_day is not None:
        found.append(sa.and_(line.pot == Pot.SCHOOL_HELD, line.part == Part.RELEASE, line.amount > half_day))
    if session is not None and any(each.yes("cpd_by_use_code") for each in rules.values()):
        found.append(sa.and_(line.pot == Pot.LEAD_HELD, line.amount > session, line.use_code.in_(CPD_CODES)))
    return found


def _schools_with_many(years: sa.CTE, rules: Mapping[int | None, RuleSet]) -> sa.Subquery:
    """The schools with more lines of release money in the year than there are half days (4.5)."""
    most = _least(rules, "release_half_days", money=False)
    line = LedgerLine
    return (
        sa.select(line.cluster_id, line.school_id)
        .join(years, sa.and_(years.c.cluster_id == line.cluster_id, years.c.year == line.year))
        .where(line.pot == Pot.SCHOOL_HELD, line.part == Part.RELEASE, line.amount > 0)
        .group_by(line.cluster_id, line.school_id)
        .having(sa.func.count() > most if most is not None else sa.false())
        .subquery("many")
    )


def _allowances_over(rules: Mapping[int | None, RuleSet], pots: pd.DataFrame) -> list[sa.ColumnElement[bool]]:
    """The lines of an allowance of which more is spent and committed than a year brings (4.15, 4.16)."""
    line, found = LedgerLine, []
    for part, (name, _) in ALLOWANCES.items():
        a_year = _least(rules, name)
        of_it = pots[(pots["pot"] == Pot.LEAD_HELD) & (pots["part"] == part)]
        if a_year is not None and not of_it.empty:
            over = of_it[of_it["spent"] + of_it["committed"] > of_it["brought_forward"] + a_year]
            clusters = line.cluster_id.in_([int(each) for each in over["cluster_id"]])
            found.append(sa.and_(line.pot == Pot.LEAD_HELD, line.part == part, clusters))
    return found


def _least(rules: Mapping[int | None, RuleSet], name: str, *, money: bool = True) -> int | None:
    """The smallest value that any programme gives a rule."""
    values = [each.pence(name) if money else each.count(name) for each in rules.values()]
    return min((value for value in values if value is not None), default=None)


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
