"""A contact as its export tells of it: the person, roles, marks and events. Other people are left out."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.models import (
    Appointment,
    Cluster,
    ImportBatch,
    LifecycleEvent,
    LifecycleReason,
    Meeting,
    Person,
    PersonMark,
    School,
    WorkgroupLine,
    WorkgroupReturn,
)
from dashboard.privacy.due import load_terms
from dashboard.privacy.origins import BY_HAND, changes_by_imports, done_to, origin, origins, plain
from dashboard.privacy.rules import RULE_OF, Kept


def export_contact(session: Session, person_id: int) -> dict[str, Any]:
    """All that is held of one contact."""
    person = session.get_one(Person, person_id)
    term = next(each for each in load_terms(session) if each.person_id == person_id)
    return {
        "number": person.id,
        "name": person.name,
        "initials": person.initials,
        "work_email": person.work_email,
        "held_for": person.purpose,
        "kept_until": plain(term.until) or "not known",
        "has_own_date": term.own,
        "kept_until_because": "the contact's own date" if term.own else RULE_OF[Kept.CONTACTS].lasts,
        "came_from": origins(session, "person", [person_id]).get(person_id, BY_HAND),
        "roles": _roles(session, Appointment.person_id == person_id),
        "roles_taken_over": _roles(session, Appointment.replaced_by_id == person_id),
        "lines_of_workgroup_returns": _lines(session, WorkgroupLine.person_id == person_id),
        "lines_of_those_who_take_over": _lines(session, WorkgroupLine.replaces_id == person_id),
        "marks": _marks(session, person_id),
        "events": _events(session, LifecycleEvent.person_id == person_id, told=True),
        "events_in_which_the_person_took_over": _events(
            session, LifecycleEvent.replaced_by_person_id == person_id, told=False
        ),
        "changed_by_imports": changes_by_imports(session, "person", person_id),
        "what_was_done_to_it": done_to(session, "contact", person_id),
    }


def _roles(session: Session, condition: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    rows = session.execute(
        sa.select(Appointment, Cluster.name.label("cluster"), School.name.label("school"))
        .outerjoin(Cluster, Cluster.id == Appointment.cluster_id)
        .outerjoin(School, School.id == Appointment.school_id)
        .where(condition)
        .order_by(Appointment.id)
    ).all()
    came = origins(session, "appointment", [row.Appointment.id for row in rows])
    return [
        {
            "role": row.Appointment.role.value,
            "cluster": row.cluster,
            "school": row.school,
            "year_groups": row.Appointment.year_groups,
            "from": plain(row.Appointment.starts),
            "to": plain(row.Appointment.ends),
            "somebody_took_over": row.Appointment.replaced_by_id is not None,
            "came_from": came.get(row.Appointment.id, BY_HAND),
        }
        for row in rows
    ]


def _lines(session: Session, condition: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    """Lines of every version of a return, which stays when a later one replaces it."""
    rows = session.execute(
        sa.select(
            WorkgroupReturn.year, WorkgroupReturn.version, Cluster.name.label("cluster"), School.name.label("school"),
            WorkgroupLine.roles, WorkgroupLine.year_groups, WorkgroupLine.starts, WorkgroupLine.ends,
            WorkgroupLine.replaces_id, WorkgroupLine.batch_id, ImportBatch.file_name,
        )
        .join(WorkgroupReturn, WorkgroupReturn.id == WorkgroupLine.return_id)
        .join(Cluster, Cluster.id == WorkgroupLine.cluster_id)
        .join(School, School.id == WorkgroupLine.school_id)
        .outerjoin(ImportBatch, ImportBatch.id == WorkgroupLine.batch_id)
        .where(condition)
        .order_by(WorkgroupReturn.year, WorkgroupReturn.version, WorkgroupLine.id)
    )  # fmt: skip
    return [
        {
            "year": str(AcademicYear(row.year)),
            "version": row.version,
            "cluster": row.cluster,
            "school": row.school,
            "roles": row.roles,
            "year_groups": row.year_groups,
            "from": plain(row.starts),
            "to": plain(row.ends),
            "takes_over_from_somebody": row.replaces_id is not None,
            "came_from": origin(row.batch_id, row.file_name) if row.batch_id else BY_HAND,
        }
        for row in rows
    ]


def _marks(session: Session, person_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        sa.select(
            Meeting.held_on, Meeting.kind, Cluster.name.label("cluster"), School.name.label("school"),
            PersonMark.mark, PersonMark.note, PersonMark.batch_id, ImportBatch.file_name,
        )
        .join(Meeting, Meeting.id == PersonMark.meeting_id)
        .join(Cluster, Cluster.id == Meeting.cluster_id)
        .join(School, School.id == PersonMark.school_id)
        .outerjoin(ImportBatch, ImportBatch.id == PersonMark.batch_id)
        .where(PersonMark.person_id == person_id)
        .order_by(Meeting.held_on, PersonMark.id)
    )  # fmt: skip
    return [
        {
            "meeting": plain(row.held_on),
            "kind": row.kind.value,
            "cluster": row.cluster,
            "school": row.school,
            "mark": row.mark.value,
            "note": row.note,
            "came_from": origin(row.batch_id, row.file_name) if row.batch_id else BY_HAND,
        }
        for row in rows
    ]


def _events(session: Session, condition: sa.ColumnElement[bool], *, told: bool) -> list[dict[str, Any]]:
    """What happened to the person, with the reason; or how the person came in, without: that is another's."""
    rows = session.execute(
        sa.select(
            LifecycleEvent, LifecycleReason.reason, Cluster.name.label("cluster"), School.name.label("school"),
            ImportBatch.file_name,
        )
        .outerjoin(LifecycleReason, LifecycleReason.event_id == LifecycleEvent.id)
        .outerjoin(ImportBatch, ImportBatch.id == LifecycleEvent.batch_id)
        .join(Cluster, Cluster.id == LifecycleEvent.cluster_id)
        .outerjoin(School, School.id == LifecycleEvent.school_id)
        .where(condition)
        .order_by(LifecycleEvent.happened_on, LifecycleEvent.id)
    )  # fmt: skip
    return [
        {
            "what": row.LifecycleEvent.kind.value,
            "on": plain(row.LifecycleEvent.happened_on),
            "until": plain(row.LifecycleEvent.ends_on),
            "cluster": row.cluster,
            "school": row.school,
            "came_from": origin(row.LifecycleEvent.batch_id, row.file_name) if row.LifecycleEvent.batch_id else BY_HAND,
            **({"reason": row.reason} if told else {}),
        }
        for row in rows
    ]
