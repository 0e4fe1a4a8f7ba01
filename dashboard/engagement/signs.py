"""What besides the marks tells how clusters get on: sabbaticals, who comes again, who took over, the steering group."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.access import Scope, may_see, may_see_totals
from dashboard.directory.calendar import load_calendars
from dashboard.directory.queries import members_in
from dashboard.engagement.flags import Signs
from dashboard.engagement.queries import expected_at, load_sizes
from dashboard.frames import Rows, alphabetical, read_frame
from dashboard.models import NAMELESS, Appointment, LifecycleEvent, Meeting, Membership, Person, PersonMark, School
from dashboard.vocabulary import ATTENDED_MARKS, LEAD_ROLES, EventKind, MeetingKind


def load_signs(
    session: Session, scope: Scope, years: sa.CTE, as_of: date, school_id: int | None = None
) -> dict[int, Signs]:
    """The signs of each of the chosen cluster-years by cluster, in a fixed number of statements.

    Of one school alone where `school_id` says so: then without what is of the whole cluster but its size.
    """
    sizes = load_sizes(session, scope, years, as_of)
    sabbaticals = _grouped(load_sabbaticals(session, scope, years, as_of, school_id))
    regulars = _grouped(load_regulars(session, scope, years, as_of, school_id))
    changes = _grouped(load_changes(session, scope, years, as_of, school_id))
    whole = school_id is None
    steering = _grouped(load_steering(session, scope, years)) if whole else {}
    calendars = load_calendars(session, scope, years) if whole else {}
    return {
        size.cluster_id: Signs(
            size.cluster_id,
            size,
            calendars.get((size.cluster_id, size.year), ()),
            [row.held_on for row in steering.get(size.cluster_id, ())],
            sabbaticals.get(size.cluster_id, ()),
            regulars.get(size.cluster_id, ()),
            changes.get(size.cluster_id, ()),
        )
        for size in sizes.itertuples()
    }


def _grouped(frame: pd.DataFrame) -> Mapping[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in frame.itertuples():
        groups[row.cluster_id].append(row)
    return groups


def load_steering(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """The meetings of the steering groups, past and to come: cluster_id, held_on."""
    return read_frame(
        session,
        sa.select(Meeting.cluster_id, Meeting.held_on)
        .select_from(years)
        .join(Meeting, (Meeting.cluster_id == years.c.cluster_id) & (Meeting.year == years.c.year))
        .where(Meeting.kind == MeetingKind.STEERING_GROUP, may_see_totals(scope, Meeting.cluster_id, Meeting.year))
        .order_by(Meeting.held_on, Meeting.id),
    )


def load_sabbaticals(
    session: Session, scope: Scope, years: sa.CTE, as_of: date, school_id: int | None = None
) -> pd.DataFrame:
    """The sabbaticals of member schools and their colleagues on any day of the year, begun by `as_of` (3.6).

    Columns: cluster_id, school_id, school (slug), name, happened_on, ends_on, review_on, reviewed_on, of_a_person.
    """
    begins, ends = _edges(years)
    members = members_in(years).subquery("members")
    statement = (
        sa.select(
            LifecycleEvent.cluster_id,
            School.id.label("school_id"),
            School.slug.label("school"),
            School.name.label("name"),
            LifecycleEvent.happened_on,
            LifecycleEvent.ends_on,
            LifecycleEvent.review_on,
            LifecycleEvent.reviewed_on,
            LifecycleEvent.of_a_person,
        )
        .select_from(years)
        .join(LifecycleEvent, LifecycleEvent.cluster_id == years.c.cluster_id)
        .join(School, School.id == LifecycleEvent.school_id)
        .join(members, (members.c.cluster_id == LifecycleEvent.cluster_id) & (members.c.school_id == School.id))
        .where(
            LifecycleEvent.kind == EventKind.SABBATICAL,
            LifecycleEvent.happened_on <= as_of,
            sa.cast(LifecycleEvent.happened_on, sa.String) <= ends,
            sa.or_(LifecycleEvent.ends_on.is_(None), sa.cast(LifecycleEvent.ends_on, sa.String) >= begins),
            may_see(scope, LifecycleEvent.cluster_id, LifecycleEvent.school_id),
        )
        .order_by(alphabetical(School.name), LifecycleEvent.happened_on, LifecycleEvent.id)
    )
    return read_frame(session, _of_school(statement, school_id))


def load_regulars(
    session: Session, scope: Scope, years: sa.CTE, as_of: date, school_id: int | None = None
) -> pd.DataFrame:
    """Whether the same colleagues come (0.10): one row for each school whose register names people.

    Columns: cluster_id, school_id, school (slug), name, meetings (expected cluster meetings to which somebody named
    came), people (different ones), again (meetings to which somebody came who had come before in the year).
    """
    visits = _named_visits(years, as_of).subquery("visits")
    first = sa.func.min(visits.c.turn).over(partition_by=(visits.c.cluster_id, visits.c.school_id, visits.c.person_id))
    came = sa.select(*visits.c, first.label("first")).subquery("came")
    statement = (
        sa.select(
            came.c.cluster_id,
            School.id.label("school_id"),
            School.slug.label("school"),
            School.name.label("name"),
            sa.func.max(came.c.turn).label("meetings"),
            sa.func.count(sa.distinct(came.c.person_id)).label("people"),
            sa.func.count(sa.distinct(sa.case((came.c.turn > came.c.first, came.c.turn)))).label("again"),
        )
        .select_from(came)
        .join(School, School.id == came.c.school_id)
        .where(may_see(scope, came.c.cluster_id, came.c.school_id))
        .group_by(came.c.cluster_id, School.id, School.slug, School.name)
        .order_by(alphabetical(School.name), School.id)
    )
    return read_frame(session, _of_school(statement, school_id))


def _named_visits(years: sa.CTE, as_of: date) -> Rows:
    """Who came to which expected cluster meeting; `turn` numbers the meetings of a school to which somebody came."""
    turn = sa.func.dense_rank().over(
        partition_by=(Meeting.cluster_id, PersonMark.school_id), order_by=(Meeting.held_on, Meeting.id)
    )
    return (
        sa.select(
            Meeting.cluster_id, PersonMark.school_id, PersonMark.person_id, sa.cast(turn, sa.Integer).label("turn")
        )
        .select_from(years)
        .join(Meeting, (Meeting.cluster_id == years.c.cluster_id) & (Meeting.year == years.c.year))
        .join(PersonMark, PersonMark.meeting_id == Meeting.id)
        .join(Person, Person.id == PersonMark.person_id)
        .join(Membership, (Membership.school_id == PersonMark.school_id) & expected_at(Membership))
        .where(
            Meeting.held_on <= as_of,
            Meeting.kind == MeetingKind.CLUSTER,
            PersonMark.mark.in_(ATTENDED_MARKS),
            Person.purpose.is_distinct_from(NAMELESS),  # of those nobody knows who is the same person
        )
    )


def load_changes(
    session: Session, scope: Scope, years: sa.CTE, as_of: date, school_id: int | None = None
) -> pd.DataFrame:
    """Leads who took over from somebody at their school, one of the cluster's in the year (3.8).

    One row for each who began in the year: cluster_id, school_id, school (slug), name, starts, inducted_on (or None),
    schools_with_leads (of the cluster, in the year). A second person who shares the role takes over from nobody (0.13).
    """
    new, old, any_lead = Appointment, aliased(Appointment), aliased(Appointment)
    members = members_in(years).subquery("members")
    begins, ends = _edges(years)
    took_over = sa.exists().where(
        old.cluster_id == new.cluster_id,
        old.school_id == new.school_id,
        old.person_id != new.person_id,
        old.role.in_(LEAD_ROLES),
        old.ends.is_not(None),
        sa.or_(old.starts.is_(None), old.starts < new.starts),
    )
    inducted = (
        sa.select(sa.func.min(LifecycleEvent.happened_on))
        .where(
            LifecycleEvent.cluster_id == new.cluster_id,
            LifecycleEvent.school_id == new.school_id,
            LifecycleEvent.person_id == new.person_id,
            LifecycleEvent.kind == EventKind.INDUCTED,
        )
        .scalar_subquery()
    )
    with_leads = (
        sa.select(sa.func.count(sa.distinct(any_lead.school_id)))
        .where(
            any_lead.cluster_id == years.c.cluster_id,
            any_lead.role.in_(LEAD_ROLES),
            sa.or_(any_lead.starts.is_(None), sa.cast(any_lead.starts, sa.String) <= ends),
            sa.or_(any_lead.ends.is_(None), sa.cast(any_lead.ends, sa.String) >= begins),
            may_see(scope, any_lead.cluster_id, any_lead.school_id),
        )
        .scalar_subquery()
    )
    statement = (
        sa.select(
            new.cluster_id,
            School.id.label("school_id"),
            School.slug.label("school"),
            School.name.label("name"),
            sa.func.min(new.starts).label("starts"),
            sa.func.min(inducted).label("inducted_on"),
            with_leads.label("schools_with_leads"),
        )
        .select_from(years)
        .join(new, new.cluster_id == years.c.cluster_id)
        .join(School, School.id == new.school_id)
        .join(members, (members.c.cluster_id == new.cluster_id) & (members.c.school_id == School.id))
        .where(
            new.role.in_(LEAD_ROLES),
            new.starts <= as_of,
            sa.cast(new.starts, sa.String) >= begins,
            sa.cast(new.starts, sa.String) <= ends,
            took_over,
            may_see(scope, new.cluster_id, new.school_id),
        )
        .group_by(years.c.cluster_id, years.c.year, new.cluster_id, new.person_id, School.id, School.slug, School.name)
        .order_by(alphabetical(School.name), School.id, sa.func.min(new.starts), new.person_id)
    )
    return read_frame(session, _of_school(statement, school_id))


def _of_school(statement: Rows, school_id: int | None) -> Rows:
    return statement if school_id is None else statement.where(School.id == school_id)


def _edges(years: sa.CTE) -> tuple[sa.ColumnElement[str], sa.ColumnElement[str]]:
    """The first and last day of the academic year as ISO text: the form in which both databases build a date."""
    year = years.c.year
    return sa.cast(year, sa.String).concat("-09-01"), sa.cast(year + 1, sa.String).concat("-08-31")
