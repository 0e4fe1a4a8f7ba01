"""What stands in returns, for whoever sees a whole cluster: a workgroup is nothing that totals are made of.

`years` are the pairs (cluster_id, year) of `dashboard.directory.queries.cluster_years`.
"""

from collections.abc import Collection
from typing import Final

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard.access import Scope, visible_clusters, was_member
from dashboard.frames import alphabetical, read_frame
from dashboard.models import (
    AccountGrant,
    Cluster,
    LeadSchool,
    Membership,
    Person,
    Programme,
    ProgrammeRule,
    School,
    SchoolAgreement,
    WorkgroupCall,
    WorkgroupLine,
    WorkgroupReturn,
)

RULES: Final = (
    "workgroup_secondaries", "workgroup_feeder_primaries_min", "workgroup_ks3_lead", "workgroup_year_6_teacher",
    "workgroup_english_lead_invited", "lead_phase", "workgroup_secondary_welcome",
)  # fmt: skip
"""What a programme may say of the composition of a workgroup."""


def load_returns(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """Every cluster seen whole, by name: cluster_id, cluster, name, focus, starts, ends, programme_id, programme, year,
    due_at, version, first_received_at, received_at, and each of `RULES` where its programme sets it.

    Without a return `version` is None, without a call `due_at`.
    """
    versions = (
        sa.select(
            WorkgroupReturn.cluster_id,
            WorkgroupReturn.year,
            sa.func.max(WorkgroupReturn.version).label("version"),
            sa.func.min(WorkgroupReturn.received_at).label("first_received_at"),
            sa.func.max(WorkgroupReturn.received_at).label("received_at"),
        )
        .join(years, (years.c.cluster_id == WorkgroupReturn.cluster_id) & (years.c.year == WorkgroupReturn.year))
        .group_by(WorkgroupReturn.cluster_id, WorkgroupReturn.year)
        .subquery()
    )
    rules = (
        sa.select(
            ProgrammeRule.programme_id,
            *(sa.func.max(sa.case((ProgrammeRule.name == rule, ProgrammeRule.value))).label(rule) for rule in RULES),
        )
        .where(ProgrammeRule.name.in_(RULES))
        .group_by(ProgrammeRule.programme_id)
        .subquery()
    )
    return read_frame(
        session,
        sa.select(
            Cluster.id.label("cluster_id"), Cluster.slug.label("cluster"), Cluster.name.label("name"), Cluster.focus,
            Cluster.starts, Cluster.ends, Cluster.programme_id, Programme.name.label("programme"), years.c.year,
            WorkgroupCall.due_at, versions.c.version, versions.c.first_received_at, versions.c.received_at,
            *(rules.c[rule] for rule in RULES),
        )
        .join(years, years.c.cluster_id == Cluster.id)
        .outerjoin(Programme, Programme.id == Cluster.programme_id)
        .outerjoin(
            WorkgroupCall,
            (WorkgroupCall.programme_id == Cluster.programme_id) & (WorkgroupCall.year == years.c.year),
        )
        .outerjoin(versions, (versions.c.cluster_id == Cluster.id) & (versions.c.year == years.c.year))
        .outerjoin(rules, rules.c.programme_id == Cluster.programme_id)
        .where(Cluster.id.in_(visible_clusters(scope)))
        .order_by(alphabetical(Cluster.name), Cluster.id),
    )  # fmt: skip


def load_workgroups(
    session: Session, scope: Scope, years: sa.CTE, *, cluster_ids: Collection[int] | None = None
) -> pd.DataFrame:
    """The members of each cluster in its year with whom they name on the newest version, by school and name:
    cluster_id, school_id, school (slug), name, phase, leads, agreed_on, agreed_by, and of each person person,
    person_id, roles, year_groups, ends; a school that names nobody is one row without a person.

    `agreed_on` is when the school last signed an agreement, by the end of the year (0.11). `cluster_ids` narrows to
    some.
    """
    newest = _newest(years)
    lead = aliased(LeadSchool)
    last = sa.cast(years.c.year + 1, sa.String).concat("-08-31")  # a date that both databases can build from a number
    leads = sa.exists().where(
        lead.cluster_id == years.c.cluster_id, lead.school_id == School.id,
        sa.or_(lead.starts.is_(None), sa.cast(lead.starts, sa.String) <= last),
        sa.or_(lead.ends.is_(None), sa.cast(lead.ends, sa.String) >= last),
    )  # fmt: skip
    member = sa.exists().where(
        Membership.school_id == School.id, was_member(Membership, years.c.cluster_id, years.c.year)
    )
    of_cluster = aliased(Membership)
    members = sa.select(of_cluster.cluster_id, of_cluster.school_id).distinct().subquery()
    signed = sa.select(SchoolAgreement).where(
        SchoolAgreement.cluster_id == years.c.cluster_id, SchoolAgreement.school_id == School.id,
        sa.cast(SchoolAgreement.signed_on, sa.String) <= last,
    )  # fmt: skip
    latest = signed.order_by(SchoolAgreement.signed_on.desc(), SchoolAgreement.id.desc()).limit(1)
    wanted = [] if cluster_ids is None else [years.c.cluster_id.in_(cluster_ids)]
    return read_frame(
        session,
        sa.select(
            years.c.cluster_id, School.id.label("school_id"), School.slug.label("school"), School.name.label("name"),
            School.phase, leads.label("leads"),
            latest.with_only_columns(SchoolAgreement.signed_on).scalar_subquery().label("agreed_on"),
            latest.with_only_columns(SchoolAgreement.signed_by_role).scalar_subquery().label("agreed_by"),
            Person.name.label("person"), WorkgroupLine.person_id, WorkgroupLine.roles, WorkgroupLine.year_groups,
            WorkgroupLine.ends,
        )
        .select_from(years)
        .join(members, members.c.cluster_id == years.c.cluster_id)
        .join(School, School.id == members.c.school_id)
        .outerjoin(newest, newest.c.cluster_id == years.c.cluster_id)
        .outerjoin(
            WorkgroupLine, (WorkgroupLine.return_id == newest.c.return_id) & (WorkgroupLine.school_id == School.id)
        )
        .outerjoin(Person, Person.id == WorkgroupLine.person_id)
        .where(
            years.c.cluster_id.in_(visible_clusters(scope)),
            sa.or_(member, WorkgroupLine.id.is_not(None)),
            *wanted,
        )
        .order_by(years.c.cluster_id, alphabetical(School.name), School.id, alphabetical(Person.name), Person.id),
    )  # fmt: skip


def load_versions(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """Every version of a return, newest first: cluster_id, return_id, version, received_at, account_id, role (of the
    account that sent it, now), batch_id, illustrative. An account with several roles brings as many rows.
    """
    return read_frame(
        session,
        sa.select(
            WorkgroupReturn.cluster_id, WorkgroupReturn.id.label("return_id"), WorkgroupReturn.version,
            WorkgroupReturn.received_at, WorkgroupReturn.returned_by_id.label("account_id"), AccountGrant.role,
            WorkgroupReturn.batch_id, WorkgroupReturn.illustrative,
        )
        .join(years, (years.c.cluster_id == WorkgroupReturn.cluster_id) & (years.c.year == WorkgroupReturn.year))
        .outerjoin(AccountGrant, AccountGrant.account_id == WorkgroupReturn.returned_by_id)
        .where(WorkgroupReturn.cluster_id.in_(visible_clusters(scope)))
        .order_by(WorkgroupReturn.version.desc(), WorkgroupReturn.cluster_id, AccountGrant.role),
    )  # fmt: skip


def load_lines(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """Every line of every version, newest version first, by school and name: cluster_id, version, school_id, slug,
    school (name), person_id, name, work_email, roles, year_groups, starts, ends, replaces (name), illustrative.
    """
    replaced = aliased(Person)
    return read_frame(
        session,
        sa.select(
            WorkgroupLine.cluster_id, WorkgroupReturn.version, WorkgroupLine.school_id, School.slug,
            School.name.label("school"), WorkgroupLine.person_id, Person.name, Person.work_email, WorkgroupLine.roles,
            WorkgroupLine.year_groups, WorkgroupLine.starts, WorkgroupLine.ends, replaced.name.label("replaces"),
            WorkgroupLine.illustrative,
        )
        .join(WorkgroupReturn, WorkgroupReturn.id == WorkgroupLine.return_id)
        .join(years, (years.c.cluster_id == WorkgroupReturn.cluster_id) & (years.c.year == WorkgroupReturn.year))
        .join(School, School.id == WorkgroupLine.school_id)
        .join(Person, Person.id == WorkgroupLine.person_id)
        .outerjoin(replaced, replaced.id == WorkgroupLine.replaces_id)
        .where(WorkgroupLine.cluster_id.in_(visible_clusters(scope)))
        .order_by(
            WorkgroupReturn.version.desc(), alphabetical(School.name), School.id, alphabetical(Person.name), Person.id
        ),
    )  # fmt: skip


def load_return_years(session: Session, scope: Scope, cluster_id: int | None = None) -> pd.DataFrame:
    """The years of which a cluster (or any that is seen whole) has a return, newest first: cluster_id, year."""
    wanted = [] if cluster_id is None else [WorkgroupReturn.cluster_id == cluster_id]
    return read_frame(
        session,
        sa.select(WorkgroupReturn.cluster_id, WorkgroupReturn.year)
        .where(WorkgroupReturn.cluster_id.in_(visible_clusters(scope)), *wanted)
        .distinct()
        .order_by(WorkgroupReturn.year.desc(), WorkgroupReturn.cluster_id),
    )


def _newest(years: sa.CTE) -> sa.Subquery:
    """The newest version of each pair: cluster_id, return_id."""
    later = aliased(WorkgroupReturn)
    newest = (
        sa.select(sa.func.max(later.version))
        .where(later.cluster_id == WorkgroupReturn.cluster_id, later.year == WorkgroupReturn.year)
        .scalar_subquery()
    )
    return (
        sa.select(WorkgroupReturn.cluster_id, WorkgroupReturn.id.label("return_id"))
        .join(years, (years.c.cluster_id == WorkgroupReturn.cluster_id) & (years.c.year == WorkgroupReturn.year))
        .where(WorkgroupReturn.version == newest)
        .subquery()
    )
