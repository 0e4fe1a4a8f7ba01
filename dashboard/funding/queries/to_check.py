"""The lines that a rule of money may ask about: few of all that are stored, found by an index."""

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.access import Scope, visible_clusters
from dashboard.frames import read_frame
from dashboard.funding.checks import ALLOWANCES, CPD_CODES
from dashboard.models import ApprovalRequest, LedgerLine, School
from dashboard.models.funding import MAY_BREAK_A_RULE, MISPLACED
from dashboard.rules import RuleSet
from dashboard.vocabulary import Part, Pot


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
