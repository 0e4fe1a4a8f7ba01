"""What became of a plan, and since when one may ask: for those who hold the cluster whole."""

from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, visible_clusters
from dashboard.frames import read_frame
from dashboard.models import Meeting, PlanChange, Target
from dashboard.plans.queries._chosen import in_year
from dashboard.vocabulary import MeetingKind

_LONDON: Final = ZoneInfo("Europe/London")
_LOOKS_AT_THE_PLAN: Final = (MeetingKind.CLUSTER, MeetingKind.STEERING_GROUP)


def load_changes(session: Session, scope: Scope, years: sa.CTE, since: date) -> pd.DataFrame:
    """What became of the targets of the chosen cluster-years from a day on, in the order of the plan and then of time.

    Columns: cluster_id, target_id, code, happened_at, kind, cell, about, before, after, known_as.
    """
    begins = datetime.combine(since, time(), _LONDON)
    return read_frame(
        session,
        sa.select(
            PlanChange.cluster_id,
            PlanChange.target_id,
            Target.code,
            PlanChange.happened_at,
            PlanChange.kind,
            PlanChange.cell,
            PlanChange.about,
            PlanChange.before,
            PlanChange.after,
            PlanChange.known_as,
        )
        .select_from(years)
        .join(Target, in_year(years))
        .join(PlanChange, PlanChange.target_id == Target.id)
        .where(PlanChange.happened_at >= begins, PlanChange.cluster_id.in_(visible_clusters(scope)))
        .order_by(Target.cluster_id, Target.position, Target.id, PlanChange.happened_at, PlanChange.id),
    )


def load_meetings_held(session: Session, scope: Scope, years: sa.CTE, as_of: date) -> pd.DataFrame:
    """The meetings of the chosen clusters and of their steering groups before a day, the last first, of all years.

    Columns: cluster_id, held_on, kind.
    """
    return read_frame(
        session,
        sa.select(Meeting.cluster_id, Meeting.held_on, Meeting.kind)
        .where(
            Meeting.cluster_id.in_(sa.select(years.c.cluster_id)),
            Meeting.cluster_id.in_(visible_clusters(scope)),
            Meeting.kind.in_(_LOOKS_AT_THE_PLAN),
            Meeting.held_on < as_of,
        )
        .order_by(Meeting.held_on.desc(), Meeting.id.desc()),
    )
