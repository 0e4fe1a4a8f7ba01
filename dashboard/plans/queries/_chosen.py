"""Which targets a view is about."""

import sqlalchemy as sa

from dashboard.models import Target


def in_year(years: sa.CTE) -> sa.ColumnElement[bool]:
    """The targets of the chosen cluster-years, without drafts."""
    return sa.and_(Target.cluster_id == years.c.cluster_id, Target.year == years.c.year, Target.draft.is_(False))
