"""What the meetings of a year cost, and how many schools had something of each."""

from datetime import date

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, visible_clusters
from dashboard.directory.expected import is_expected
from dashboard.frames import count_where, read_frame
from dashboard.funding.counting import rank, sums
from dashboard.models import LedgerLine, Meeting, Membership, SchoolMark
from dashboard.vocabulary import ATTENDED_MARKS, COMMITTED_STATES, EXPECTED_MARKS, SPENT_STATES, Pot


def load_meeting_costs(session: Session, scope: Scope, years: sa.CTE, as_of: date) -> pd.DataFrame:
    """One row for each past meeting of the chosen cluster-years and each holder with a line for it, by day.

    Columns: cluster_id, meeting_id, held_on, kind, present (schools that came or sent a substitute), marks (schools
    with a mark), pot, committed, spent (pence; None where the meeting has no line), illustrative (lines or marks that
    are made up), lines. For whoever sees a cluster whole: what a meeting cost is mostly what schools paid for cover.
    """
    member = sa.exists().where(
        Membership.school_id == SchoolMark.school_id, is_expected(Membership, Meeting.cluster_id, Meeting.held_on)
    )
    came = (
        sa.select(
            Meeting.id.label("meeting_id"),
            count_where(SchoolMark.mark.in_(ATTENDED_MARKS)).label("present"),
            count_where(SchoolMark.mark.in_(EXPECTED_MARKS)).label("marks"),
            count_where(SchoolMark.illustrative).label("made_up"),
        )
        .join(years, sa.and_(Meeting.cluster_id == years.c.cluster_id, Meeting.year == years.c.year))
        .join(SchoolMark, SchoolMark.meeting_id == Meeting.id)
        .where(member)
        .group_by(Meeting.id)
        .subquery("came")
    )
    costs = (
        sa.select(LedgerLine.cluster_id, LedgerLine.meeting_id, LedgerLine.pot, *sums())
        .where(
            LedgerLine.meeting_id.is_not(None),
            LedgerLine.state.in_((*SPENT_STATES, *COMMITTED_STATES)),
            LedgerLine.cluster_id.in_(sa.select(years.c.cluster_id)),
        )
        .group_by(LedgerLine.cluster_id, LedgerLine.meeting_id, LedgerLine.pot)
        .subquery("costs")
    )
    return read_frame(
        session,
        sa.select(
            Meeting.cluster_id,
            Meeting.id.label("meeting_id"),
            Meeting.held_on,
            Meeting.kind,
            sa.func.coalesce(came.c.present, 0).label("present"),
            sa.func.coalesce(came.c.marks, 0).label("marks"),
            costs.c.pot,
            costs.c.committed,
            costs.c.spent,
            (sa.func.coalesce(costs.c.illustrative, 0) + sa.func.coalesce(came.c.made_up, 0)).label("illustrative"),
            sa.func.coalesce(costs.c.lines, 0).label("lines"),
        )
        .join(years, sa.and_(Meeting.cluster_id == years.c.cluster_id, Meeting.year == years.c.year))
        .outerjoin(came, came.c.meeting_id == Meeting.id)
        .outerjoin(costs, (costs.c.meeting_id == Meeting.id) & (costs.c.cluster_id == Meeting.cluster_id))
        .where(Meeting.held_on <= as_of, Meeting.cluster_id.in_(visible_clusters(scope)))
        .order_by(Meeting.held_on, Meeting.id, rank(costs.c.pot, Pot)),
    )
