"""What one school has to do with the targets of a plan: groups it leads or works in, and the ticks that are its own."""

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, may_see
from dashboard.directory.queries import members_in
from dashboard.frames import read_frame
from dashboard.models import Criterion, CriterionSchool, Target, WorkingGroup, WorkingGroupSchool
from dashboard.plans.queries._chosen import in_year
from dashboard.vocabulary import CriterionState


def load_own_targets(session: Session, scope: Scope, years: sa.CTE, school_id: int | None = None) -> pd.DataFrame:
    """The targets of the chosen cluster-years that name a school, in the order of the plan.

    Columns: cluster_id, school_id, target_id, code, title, due, leads (working groups for it that the school leads),
    works (those that it is in), ticks (criteria that each school has to meet, 2.13), ticked (those that it has met).
    """
    members = members_in(years).subquery("members")
    for_it = sa.and_(WorkingGroup.target_id == Target.id, WorkingGroup.cluster_id == Target.cluster_id)
    leads = sa.select(sa.func.count(WorkingGroup.id)).where(for_it, WorkingGroup.lead_school_id == members.c.school_id)
    works = (
        sa.select(sa.func.count(WorkingGroup.id))
        .join(WorkingGroupSchool, WorkingGroupSchool.working_group_id == WorkingGroup.id)
        .where(for_it, WorkingGroupSchool.school_id == members.c.school_id)
    )
    ticks = sa.select(sa.func.count(Criterion.id)).where(Criterion.target_id == Target.id, Criterion.per_school)
    ticked = ticks.join(CriterionSchool, CriterionSchool.criterion_id == Criterion.id).where(
        CriterionSchool.school_id == members.c.school_id, CriterionSchool.state == CriterionState.MET
    )
    parts = {"leads": leads, "works": works, "ticks": ticks, "ticked": ticked}
    each = (
        sa.select(
            members.c.cluster_id,
            members.c.school_id,
            Target.id.label("target_id"),
            Target.code,
            Target.title,
            Target.due,
            Target.position,
            *(count.correlate(Target, members).scalar_subquery().label(name) for name, count in parts.items()),
        )
        .select_from(years)
        .join(Target, in_year(years))
        .join(members, members.c.cluster_id == Target.cluster_id)
        .where(may_see(scope, members.c.cluster_id, members.c.school_id))
    )
    if school_id is not None:
        each = each.where(members.c.school_id == school_id)
    rows = each.subquery("rows")
    columns = [column for column in rows.c if column.key != "position"]
    return read_frame(
        session,
        sa.select(*columns)
        .where(sa.or_(rows.c.leads > 0, rows.c.works > 0, rows.c.ticks > 0))
        .order_by(rows.c.cluster_id, rows.c.school_id, rows.c.position, rows.c.target_id),
    )
