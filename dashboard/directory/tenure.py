"""Who stood for a school at the cluster's meetings and when (3.8), and what a cluster's figures are read with (1.5)."""

from datetime import date
from typing import Final

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.access import Scope, may_see, may_see_totals
from dashboard.frames import alphabetical, read_frame
from dashboard.models import Appointment, ContextEvent, LifecycleEvent, School, WorkgroupLine
from dashboard.vocabulary import LEAD_ROLES, EventKind

_ALWAYS: Final = sa.literal(date.min, sa.Date())
_STILL: Final = sa.literal(date.max, sa.Date())


def load_tenure(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """The leads of each school on any day of the chosen cluster-years, in the order in which they came (0.12, 3.8).

    Columns: cluster_id, school_id, school (slug), name (of the school), person_number (1, 2, … within the school, over
    all its years in the cluster: never a person's name, 3.14), role, starts, ends (None: not known, or still), shared
    (bool: somebody else held such a role on the same days, and neither handed over to the other: 0.13), inducted_on
    (date or None), handover (bool: the role was handed on to a colleague who is named there: 0.12), illustrative (bool:
    a made-up event or a made-up return of the workgroup tells of this person).
    """
    leads, other = _numbered().subquery("leads"), aliased(Appointment)
    shared = sa.exists().where(
        other.cluster_id == leads.c.cluster_id,
        other.school_id == leads.c.school_id,
        other.person_id != leads.c.person_id,
        other.role.in_(LEAD_ROLES),
        sa.func.coalesce(other.starts, _ALWAYS) <= sa.func.coalesce(leads.c.ends, _STILL),
        sa.func.coalesce(other.ends, _STILL) >= sa.func.coalesce(leads.c.starts, _ALWAYS),
        sa.func.coalesce(other.replaced_by_id, 0) != leads.c.person_id,
        sa.func.coalesce(leads.c.replaced_by_id, 0) != other.person_id,
    )
    inducted_on = (
        sa.select(sa.func.min(LifecycleEvent.happened_on))
        .where(
            LifecycleEvent.cluster_id == leads.c.cluster_id,
            LifecycleEvent.school_id == leads.c.school_id,
            LifecycleEvent.person_id == leads.c.person_id,
            LifecycleEvent.kind == EventKind.INDUCTED,
        )
        .scalar_subquery()
    )
    made_up = sa.or_(
        sa.exists().where(
            LifecycleEvent.cluster_id == leads.c.cluster_id,
            LifecycleEvent.illustrative,
            sa.or_(
                LifecycleEvent.person_id == leads.c.person_id,
                LifecycleEvent.replaced_by_person_id == leads.c.person_id,
            ),
        ),
        sa.exists().where(
            WorkgroupLine.cluster_id == leads.c.cluster_id,
            WorkgroupLine.person_id == leads.c.person_id,
            WorkgroupLine.illustrative,
        ),
    )
    begins = sa.cast(years.c.year, sa.String).concat("-09-01")
    ends = sa.cast(years.c.year + 1, sa.String).concat("-08-31")
    statement = (
        sa.select(
            leads.c.cluster_id,
            School.id.label("school_id"),
            School.slug.label("school"),
            School.name.label("name"),
            leads.c.person_number,
            leads.c.role,
            leads.c.starts,
            leads.c.ends,
            shared.label("shared"),
            inducted_on.label("inducted_on"),
            leads.c.replaced_by_id.is_not(None).label("handover"),
            made_up.label("illustrative"),
        )
        .select_from(years)
        .join(leads, leads.c.cluster_id == years.c.cluster_id)
        .join(School, School.id == leads.c.school_id)
        .where(
            sa.or_(leads.c.starts.is_(None), sa.cast(leads.c.starts, sa.String) <= ends),
            sa.or_(leads.c.ends.is_(None), sa.cast(leads.c.ends, sa.String) >= begins),
            may_see(scope, leads.c.cluster_id, leads.c.school_id),
        )
        .order_by(alphabetical(School.name), School.id, leads.c.person_number, leads.c.id)
    )
    frame = read_frame(session, statement)
    for flag in ("shared", "handover", "illustrative"):
        frame[flag] = pd.Series([bool(each) for each in frame[flag]], dtype=object)
    return frame


def _numbered() -> sa.Select[*tuple[object, ...]]:
    """Every appointment of a lead, with the person's number: the order in which people first took on such a role."""
    first = sa.func.min(sa.func.coalesce(Appointment.starts, _ALWAYS)).over(
        partition_by=(Appointment.cluster_id, Appointment.school_id, Appointment.person_id)
    )
    dated = sa.select(*Appointment.__table__.columns, first.label("first")).where(
        Appointment.cluster_id.is_not(None), Appointment.school_id.is_not(None), Appointment.role.in_(LEAD_ROLES)
    )
    each = dated.subquery("dated")
    number = sa.func.dense_rank().over(
        partition_by=(each.c.cluster_id, each.c.school_id), order_by=(each.c.first, each.c.person_id)
    )
    return sa.select(*each.c, sa.cast(number, sa.Integer).label("person_number"))


def load_context(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """What happened outside the chosen clusters and belongs beside their figures (1.5): cluster_id, happened_on, words.

    Of all years in which the reader sees totals, not of the chosen one alone: charts from term to term show them all.
    """
    happened = ContextEvent.happened_on
    in_autumn = sa.case((sa.extract("month", happened) >= 9, 0), else_=1)
    year = sa.cast(sa.extract("year", happened), sa.Integer) - in_autumn
    return read_frame(
        session,
        sa.select(ContextEvent.cluster_id, happened, ContextEvent.words)
        .where(
            ContextEvent.cluster_id.in_(sa.select(years.c.cluster_id)),
            may_see_totals(scope, ContextEvent.cluster_id, year),
        )
        .order_by(ContextEvent.cluster_id, happened, ContextEvent.id),
    )
