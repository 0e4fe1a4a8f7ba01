"""What the money of a year was spent on, and how it went day by day. Sums equal those of the pots, to the penny."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, may_see, may_see_totals, visible_clusters
from dashboard.frames import alphabetical, read_frame
from dashboard.funding.counting import counting_lines, rank, sums
from dashboard.models import Aim, LedgerLine, School, Target, TargetAim
from dashboard.vocabulary import COMMITTED_STATES, SPENT_STATES, LinePurpose, Part, Pot, UseCode


def load_by_use(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """The lines by what they paid for: cluster_id, pot, part, use_code, purpose (None where nobody said), and as in
    every query here committed, spent (pence), illustrative, lines.
    """
    return read_frame(
        session,
        counting_lines(scope, years, LedgerLine.part, LedgerLine.use_code, LedgerLine.purpose).order_by(
            LedgerLine.cluster_id,
            rank(LedgerLine.pot, Pot),
            rank(LedgerLine.use_code, UseCode),
            rank(LedgerLine.part, Part),
            rank(LedgerLine.purpose, LinePurpose),
        ),
    )


def load_by_school(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """The lines by the school that they are of: cluster_id, pot, school_id, school (slug), name (None where a line is
    of no one school), committed, spent, illustrative, lines. For whoever sees a cluster whole; to others the own
    school's.
    """
    columns = (LedgerLine.school_id, School.slug.label("school"), School.name)
    return read_frame(
        session,
        counting_lines(scope, years, *columns)
        .outerjoin(School, School.id == LedgerLine.school_id)
        .where(may_see(scope, LedgerLine.cluster_id, LedgerLine.school_id))
        .order_by(
            LedgerLine.cluster_id,
            rank(LedgerLine.pot, Pot),
            sa.case((LedgerLine.school_id.is_(None), 1), else_=0),
            alphabetical(sa.func.coalesce(School.name, "")),
            LedgerLine.school_id,
        ),
    )


def load_by_target(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """The lines by the target of the plan that they serve: cluster_id, pot, target_id, code, title (None where a line
    serves none), committed, spent, illustrative, lines.
    """
    return read_frame(
        session,
        counting_lines(scope, years, LedgerLine.target_id, Target.code, Target.title, Target.position)
        .outerjoin(Target, (Target.id == LedgerLine.target_id) & (Target.cluster_id == LedgerLine.cluster_id))
        .order_by(
            LedgerLine.cluster_id,
            rank(LedgerLine.pot, Pot),
            sa.case((Target.position.is_(None), 1), else_=0),
            Target.position,
            LedgerLine.target_id,
        ),
    ).drop(columns="position")


def load_aims_of_targets(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """Which aims the targets of the chosen cluster-years serve: cluster_id, target_id, position, text."""
    return read_frame(
        session,
        sa.select(Target.cluster_id, Target.id.label("target_id"), Aim.position, Aim.text)
        .join(years, sa.and_(Target.cluster_id == years.c.cluster_id, Target.year == years.c.year))
        .join(TargetAim, TargetAim.target_id == Target.id)
        .join(Aim, sa.and_(Aim.id == TargetAim.aim_id, Aim.cluster_id == Target.cluster_id))
        .where(may_see_totals(scope, Target.cluster_id, Target.year))
        .order_by(Target.cluster_id, Target.id, Aim.position),
    )


def load_course(session: Session, scope: Scope, years: sa.CTE, stretches: Sequence[date]) -> pd.DataFrame:
    """What the lead school spent and committed, day by day: cluster_id, day, committed, spent, illustrative, lines.

    `day` is None for lines whose day nobody knows. To a reader of totals it is the last day of the stretch in which it
    lies, because one day is often one line; `stretches` are those last days, in order. Only days with a line.
    """
    written = sa.cast(LedgerLine.spent_on, sa.String)
    ends = [each.isoformat() for each in stretches]
    day = sa.case(
        (written.is_(None), sa.null()),
        (LedgerLine.cluster_id.in_(visible_clusters(scope)), written),
        *((written <= end, sa.literal(end)) for end in ends[:-1]),
        else_=sa.literal(ends[-1]),
    )
    lines = (
        sa.select(LedgerLine.cluster_id, day.label("day"), LedgerLine.id)
        .join(years, sa.and_(LedgerLine.cluster_id == years.c.cluster_id, LedgerLine.year == years.c.year))
        .where(
            LedgerLine.pot == Pot.LEAD_HELD,
            LedgerLine.state.in_((*SPENT_STATES, *COMMITTED_STATES)),
            may_see_totals(scope, LedgerLine.cluster_id, LedgerLine.year),
        )
        .subquery("lines")
    )
    frame = read_frame(
        session,
        sa.select(lines.c.cluster_id, lines.c.day, *sums())
        .join(LedgerLine, LedgerLine.id == lines.c.id)
        .group_by(lines.c.cluster_id, lines.c.day)
        .order_by(lines.c.cluster_id, sa.case((lines.c.day.is_(None), 1), else_=0), lines.c.day),
    )
    days = [None if each is None else date.fromisoformat(each) for each in frame["day"]]
    frame["day"] = pd.Series(days, dtype=object, index=frame.index)
    return frame
