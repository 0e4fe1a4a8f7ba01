"""Who is expected at a meeting: the schools that belong to the cluster that day and are not away, and their people."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from dashboard.models import Appointment, LifecycleEvent, Membership
from dashboard.vocabulary import AWAY_EVENTS, EventKind

Day = sa.SQLColumnExpression[date] | date
Number = sa.SQLColumnExpression[int] | int


def belongs(cluster_id: Number, day: Day) -> sa.ColumnElement[bool]:
    """The condition on memberships that cover a day, first and last day included."""
    return sa.and_(Membership.cluster_id == cluster_id, _lasts(Membership.joined, Membership.left, day))


def is_away(cluster_id: Number, day: Day) -> sa.ColumnElement[bool]:
    """The condition on events by which a school is on sabbatical or closed on a day (3.5, 3.6).

    An event that names a person is that person's leave, not the school's.
    """
    return sa.and_(
        LifecycleEvent.cluster_id == cluster_id,
        LifecycleEvent.kind.in_(AWAY_EVENTS),
        LifecycleEvent.of_a_person.is_(False),
        _lasts(LifecycleEvent.happened_on, LifecycleEvent.ends_on, day),
    )


def is_expected(cluster_id: Number, day: Day) -> sa.ColumnElement[bool]:
    """The condition on memberships of schools that are expected on a day."""
    away = sa.exists().where(is_away(cluster_id, day), LifecycleEvent.school_id == Membership.school_id)
    return sa.and_(belongs(cluster_id, day), sa.not_(away))


def stands_for_its_school(cluster_id: Number, day: Day) -> sa.ColumnElement[bool]:
    """The condition on appointments of the people who may come for their school on a day.

    During a handover both hold their role (0.12), in a job-share either may come (0.13); whoever is on leave is not
    asked for.
    """
    on_leave = sa.exists().where(
        LifecycleEvent.cluster_id == cluster_id,
        LifecycleEvent.kind == EventKind.SABBATICAL,
        LifecycleEvent.person_id == Appointment.person_id,
        _lasts(LifecycleEvent.happened_on, LifecycleEvent.ends_on, day),
    )
    return sa.and_(
        Appointment.cluster_id == cluster_id,
        Appointment.school_id.is_not(None),
        _lasts(Appointment.starts, Appointment.ends, day),
        sa.not_(on_leave),
    )


def _lasts(first: Any, last: Any, day: Day) -> sa.ColumnElement[bool]:
    """A missing date means "as far as we know, always"."""
    return sa.and_(sa.or_(first.is_(None), first <= day), sa.or_(last.is_(None), last >= day))
