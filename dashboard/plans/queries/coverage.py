"""What the plan's targets cover: aims, money, meetings, and kinds of work. A draft counts nowhere."""

from datetime import date

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, may_see_totals
from dashboard.frames import count_where, read_frame, total
from dashboard.models import Aim, LedgerLine, Meeting, Target, TargetAim, TargetMeeting
from dashboard.plans.queries._chosen import in_year
from dashboard.vocabulary import COMMITTED_STATES, SPENT_STATES, Pot


def load_paid_targets(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """One row for each target of the chosen cluster-years, in the order of the plan, with what it took of the money
    that the lead school holds (4.12): cluster_id, target_id, code, title, spent, committed (pence of lines of that
    year), illustrative.
    """
    lines = (
        sa.select(
            LedgerLine.target_id,
            LedgerLine.year,
            total(sa.case((LedgerLine.state.in_(SPENT_STATES), LedgerLine.amount), else_=0)).label("spent"),
            total(sa.case((LedgerLine.state.in_(COMMITTED_STATES), LedgerLine.amount), else_=0)).label("committed"),
            count_where(LedgerLine.illustrative).label("made_up"),
        )
        .join(years, sa.and_(LedgerLine.cluster_id == years.c.cluster_id, LedgerLine.year == years.c.year))
        .where(LedgerLine.pot == Pot.LEAD_HELD, LedgerLine.target_id.is_not(None))
        .group_by(LedgerLine.target_id, LedgerLine.year)
        .subquery("lines")
    )
    made_up = sa.or_(Target.illustrative, sa.func.coalesce(lines.c.made_up, 0) > 0)
    frame = read_frame(
        session,
        sa.select(
            Target.cluster_id,
            Target.id.label("target_id"),
            Target.code,
            Target.title,
            sa.func.coalesce(lines.c.spent, 0).label("spent"),
            sa.func.coalesce(lines.c.committed, 0).label("committed"),
            made_up.label("illustrative"),
        )
        .select_from(years)
        .join(Target, in_year(years))
        .outerjoin(lines, sa.and_(lines.c.target_id == Target.id, lines.c.year == Target.year))
        .where(may_see_totals(scope, Target.cluster_id, Target.year))
        .order_by(Target.cluster_id, Target.position, Target.id),
    )
    frame["illustrative"] = frame["illustrative"].map(bool)
    return frame


def load_served(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """Which targets of the chosen cluster-years serve which aims: cluster_id, target_id, aim_id."""
    return read_frame(
        session,
        sa.select(Target.cluster_id, Target.id.label("target_id"), Aim.id.label("aim_id"))
        .select_from(years)
        .join(Target, in_year(years))
        .join(TargetAim, TargetAim.target_id == Target.id)
        .join(Aim, sa.and_(Aim.id == TargetAim.aim_id, Aim.cluster_id == Target.cluster_id))
        .where(may_see_totals(scope, Target.cluster_id, Target.year))
        .order_by(Target.cluster_id, Target.position, Target.id, Aim.position),
    )


def load_meetings_of_targets(session: Session, scope: Scope, years: sa.CTE, as_of: date) -> pd.DataFrame:
    """At which meetings, held so far, the targets of the chosen cluster-years were worked on: cluster_id, target_id,
    meeting_id, each pair once.

    A meeting names the target, or a line of the cluster's own money names both. What schools hold does not count, so
    that everybody who sees the cluster's totals sees the same.
    """
    worked_on = (
        sa.select(Target.id.label("target_id"), TargetMeeting.meeting_id)
        .select_from(years)
        .join(Target, in_year(years))
        .join(TargetMeeting, TargetMeeting.target_id == Target.id)
        .union(
            sa.select(Target.id, LedgerLine.meeting_id)
            .select_from(years)
            .join(Target, in_year(years))
            .join(LedgerLine, sa.and_(LedgerLine.target_id == Target.id, LedgerLine.cluster_id == Target.cluster_id))
            .where(
                LedgerLine.meeting_id.is_not(None),
                LedgerLine.pot != Pot.SCHOOL_HELD,
                LedgerLine.state.in_((*SPENT_STATES, *COMMITTED_STATES)),
            )
        )
        .subquery("worked_on")
    )
    return read_frame(
        session,
        sa.select(Target.cluster_id, worked_on.c.target_id, worked_on.c.meeting_id)
        .join(Target, Target.id == worked_on.c.target_id)
        .join(Meeting, sa.and_(Meeting.id == worked_on.c.meeting_id, Meeting.cluster_id == Target.cluster_id))
        .where(Meeting.held_on <= as_of, may_see_totals(scope, Target.cluster_id, Target.year))
        .order_by(Target.cluster_id, Target.position, Target.id, Meeting.held_on, Meeting.id),
    )


def load_balance(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """The targets of the chosen cluster-years by kind of work (3.1), horizon (3.9) and focus area (4.6); None where
    nobody said: cluster_id, year, activity, horizon, focus_area, targets, illustrative (how many are made up).
    """
    groups = (Target.cluster_id, Target.year, Target.activity, Target.horizon, Target.focus_area)
    return read_frame(
        session,
        sa.select(*groups, sa.func.count().label("targets"), count_where(Target.illustrative).label("illustrative"))
        .select_from(years)
        .join(Target, in_year(years))
        .where(may_see_totals(scope, Target.cluster_id, Target.year))
        .group_by(*groups)
        .order_by(*groups[:2], *(sa.func.coalesce(sa.cast(each, sa.String), "") for each in groups[2:])),
    )
