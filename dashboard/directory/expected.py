"""Who belongs to a cluster on a day, who is expected at its meetings, and who stands for a school.

Conditions for queries, each about a day, first and last day included. A missing date means "as far as we know, always".
"""

from datetime import date
from typing import Any

import sqlalchemy as sa

from dashboard.models import Appointment, LifecycleEvent, Membership
from dashboard.vocabulary import AWAY_EVENTS, EventKind

Day = sa.SQLColumnExpression[date] | date
Number = sa.SQLColumnExpression[int] | int


def lasts(first: Any, last: Any, day: Day) -> sa.ColumnElement[bool]:
    """The condition that a day lies between two dates."""
    return sa.and_(sa.or_(first.is_(None), first <= day), sa.or_(last.is_(None), last >= day))


def covers(member: type[Membership], day: Day) -> sa.ColumnElement[bool]:
    """The condition on memberships that hold on a day."""
    return lasts(member.joined, member.left, day)


def belongs(member: type[Membership], cluster_id: Number, day: Day) -> sa.ColumnElement[bool]:
    """The condition on memberships of a cluster that hold on a day."""
    return sa.and_(member.cluster_id == cluster_id, covers(member, day))


def is_away(cluster_id: Number, day: Day) -> sa.ColumnElement[bool]:
    """The condition on events by which a school is on sabbatical or closed on a day (3.5, 3.6).

    A colleague's own sabbatical is none of them: the school may send somebody else (3.13).
    """
    return sa.and_(
        LifecycleEvent.cluster_id == cluster_id,
        LifecycleEvent.kind.in_(AWAY_EVENTS),
        LifecycleEvent.of_a_person.is_(False),
        lasts(LifecycleEvent.happened_on, LifecycleEvent.ends_on, day),
    )


def is_expected(member: type[Membership], cluster_id: Number, day: Day) -> sa.ColumnElement[bool]:
    """The condition on memberships of schools that are expected on a day: members then, and not away."""
    # Whatever else is named is the query's around it, however deep this stands: else it would be any meeting.
    away = sa.exists().where(is_away(cluster_id, day), LifecycleEvent.school_id == member.school_id)
    return sa.and_(belongs(member, cluster_id, day), sa.not_(away.correlate_except(LifecycleEvent)))


def stands_for_its_school(cluster_id: Number, day: Day) -> sa.ColumnElement[bool]:
    """The condition on appointments of the people who may come for their school on a day.

    During a handover both hold their role (0.12), in a job-share either may come (0.13); whoever is on leave is not
    asked for.
    """
    on_leave = sa.exists().where(
        LifecycleEvent.cluster_id == cluster_id,
        LifecycleEvent.kind == EventKind.SABBATICAL,
        LifecycleEvent.person_id == Appointment.person_id,
        lasts(LifecycleEvent.happened_on, LifecycleEvent.ends_on, day),
    )
    return sa.and_(
        Appointment.cluster_id == cluster_id,
        Appointment.school_id.is_not(None),
        lasts(Appointment.starts, Appointment.ends, day),
        sa.not_(on_leave),
    )
