"""Writes about who there is: programmes, clusters, schools, memberships, lead schools, aliases.

Every command takes the changes of a batch and gives back the row and what became of it. None means "nothing said":
it never overwrites what stands in the store.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from dashboard.changes import Changes, Outcome, Writes
from dashboard.db import Base, Session, now_utc
from dashboard.directory.lookup import Directory
from dashboard.models import (
    Cluster,
    Cohort,
    LeadSchool,
    Membership,
    Person,
    Programme,
    ProgrammeRule,
    School,
    SchoolAlias,
    Stage,
    Trust,
    TrustMembership,
)
from dashboard.naming import free_slug, slug
from dashboard.rules import check_rule


@dataclass(frozen=True)
class RuleValue:
    """What a programme sets: a rule's name, its value, and where the programme says so."""

    name: str
    value: str
    source: str | None = None
    statement: str | None = None


@dataclass(frozen=True)
class StageValue:
    """A stage of a programme: its name, what the programme says of it, and which programme years lie in it."""

    name: str
    words: str | None = None
    first_programme_year: int | None = None
    last_programme_year: int | None = None


def define_programme(
    changes: Changes,
    name: str,
    *,
    starts: date | None = None,
    ends: date | None = None,
    rules: Sequence[RuleValue] = (),
) -> tuple[Programme, Outcome]:
    """Make or complete a programme and set its rules. Raises ValueError for a rule nobody knows or a wrong value."""
    for rule in rules:
        check_rule(rule.name, rule.value)
    session = changes.session
    programme = session.scalar(sa.select(Programme).where(Programme.slug == slug(name)))
    if programme is None:
        programme = Programme(slug=slug(name), name=name, starts=starts, ends=ends)
        _add(changes, programme)
        outcome = Outcome.ADDED
    else:
        outcome = _complete(changes, programme, starts=starts, ends=ends)
    stored = {
        rule.name: rule
        for rule in session.scalars(sa.select(ProgrammeRule).where(ProgrammeRule.programme_id == programme.id))
    }
    for rule in rules:
        old = stored.get(rule.name)
        if old is None:
            new = ProgrammeRule(programme_id=programme.id, name=rule.name, value=rule.value)
            new.source, new.statement = rule.source, rule.statement
            changes.add(new)
            outcome = _worse(outcome, Outcome.CHANGED)
        else:
            edited = changes.edit(old, value=rule.value, source=rule.source, statement=rule.statement)
            outcome = _worse(outcome, edited)
    return programme, outcome


def define_stages(changes: Changes, programme: Programme, stages: Sequence[StageValue]) -> Outcome:
    """Make or complete the stages of a programme, in their order (3.15, 4.2). One that is not named any more stays.

    Stages may overlap. Raises ValueError where one would end before it begins.
    """
    stored = {
        row.position: row for row in changes.session.scalars(sa.select(Stage).where(Stage.programme_id == programme.id))
    }
    outcome = Outcome.UNCHANGED
    for position, said in enumerate(stages, start=1):
        first, last = said.first_programme_year, said.last_programme_year
        if first is not None and last is not None and last < first:
            raise ValueError(f"“{said.name}” would end with year {last} before it begins with year {first}")
        columns = {
            "name": said.name, "words": said.words, "first_programme_year": first, "last_programme_year": last,
        }  # fmt: skip
        if position in stored:
            outcome = _worse(outcome, changes.edit(stored[position], **columns))
        else:
            changes.add(Stage(programme_id=programme.id, position=position, **columns))
            outcome = Outcome.CHANGED
    return outcome


def bring_person(session: Session, name: str, *, purpose: str, work_email: str | None = None) -> Person:
    """A new colleague, with what the data is for (0.4). Give the person a role, or a mark, in the same transaction.

    Behind the wall of PostgreSQL a person is seen by a role or a mark alone: asked for the number of the row that it
    just wrote, the database would refuse. So the number is taken first.
    """
    number = (
        session.scalar(sa.select(sa.func.nextval("person_id_seq")))
        if session.get_bind().dialect.name == "postgresql"
        else None
    )
    person = Person(id=number, name=name, purpose=purpose, work_email=work_email)
    session.add(person)
    session.flush()
    return person


def define_cohort(
    changes: Changes, programme: Programme, name: str, *, starts: date | None = None
) -> tuple[Cohort, Outcome]:
    """Make or complete the cohort of a programme."""
    found = changes.session.scalar(sa.select(Cohort).where(Cohort.programme_id == programme.id, Cohort.name == name))
    if found is not None:
        return found, _complete(changes, found, starts=starts)
    cohort = Cohort(programme_id=programme.id, name=name, starts=starts)
    _add(changes, cohort)
    return cohort, Outcome.ADDED


def define_cluster(
    changes: Changes,
    directory: Directory,
    name: str,
    *,
    programme: Programme | None = None,
    cohort: Cohort | None = None,
    focus: str | None = None,
    starts: date | None = None,
    ends: date | None = None,
) -> tuple[Cluster, Outcome]:
    """Make a cluster, or complete the one of that name."""
    if starts and ends and ends < starts:
        raise ValueError(f"{name} would end ({ends}) before it starts ({starts})")
    said: dict[str, Any] = {
        "programme_id": programme.id if programme else None,
        "cohort_id": cohort.id if cohort else None,
        "focus": focus,
        "starts": starts,
        "ends": ends,
    }
    found = directory.find_cluster(name)
    if found is not None:
        return found, _complete(changes, found, **said)
    cluster = Cluster(slug=free_slug(name, directory.clusters), name=name, **said)
    _add(changes, cluster)
    directory.clusters[cluster.slug] = cluster
    return cluster, Outcome.ADDED


def define_school(
    changes: Changes, directory: Directory, name: str, *, school: School | None = None, **said: Any
) -> tuple[School, Outcome]:
    """Make a school, or complete `school`. `said` are columns of School; a second one of a name gets "-2"."""
    urn = said.get("urn")
    holder = directory.by_urn.get(urn) if urn is not None else None
    if holder is not None and holder is not school:
        raise ValueError(f"URN {urn} belongs to {holder.name}")
    if school is not None:
        outcome = _complete(changes, school, name=name, **said)
        directory.remember_names(school)
        return school, outcome
    school = School(slug=free_slug(name, directory.by_slug), name=name, **said)
    _add(changes, school)
    directory.remember_school(school)
    return school, Outcome.ADDED


def set_membership(
    changes: Changes,
    directory: Directory,
    cluster: Cluster,
    school: School,
    *,
    joined: date | None = None,
    left: date | None = None,
) -> tuple[Membership, Outcome]:
    """Say that a school is a member, from and until when. A missing date says nothing.

    Without dates any time that stands there will do. The same `joined`, or a time of which no start is known, is the
    same time and is completed. Another time must not overlap: ValueError.
    """
    if joined and left and left < joined:
        raise ValueError(f"{school.name} would leave ({left}) before it joined ({joined})")
    spells = directory.spells[cluster.id, school.id]
    same = next((each for each in spells if joined is not None and each.joined == joined), None)
    if same is None and joined is None and spells:
        same = next((each for each in spells if left is None or each.left in (None, left)), None)
    if same is None and joined is not None:
        same = next(
            (each for each in spells if each.joined is None and (each.left is None or each.left >= joined)), None
        )
    others = [each for each in spells if each is not same]
    start = joined or (same.joined if same else None)
    end = left or (same.left if same else None)
    for each in others:
        if (end is None or (each.joined or date.min) <= end) and (start is None or (each.left or date.max) >= start):
            raise ValueError(
                f"{school.name} is in {cluster.name} already, "
                f"{f'since {each.joined}' if each.joined else 'since an unknown date'}"
                f"{f' until {each.left}' if each.left else ''}; two times of membership may not overlap"
            )
    if same is not None:
        return same, _complete(changes, same, joined=joined, left=left)
    spell = Membership(cluster_id=cluster.id, school_id=school.id, joined=joined, left=left)
    changes.add(spell)
    directory.remember_spell(spell)
    return spell, Outcome.ADDED


def set_lead_school(
    changes: Changes, cluster: Cluster, school: School, *, starts: date | None = None
) -> tuple[LeadSchool, Outcome]:
    """Say which school holds the cluster's money, from when: one at any date (4.12).

    Without a date the school is the one that leads now: the lead that stands there is corrected. With a date, the lead
    before it ends on the day before.
    """
    leads = changes.session.scalars(
        sa.select(LeadSchool).where(LeadSchool.cluster_id == cluster.id, LeadSchool.ends.is_(None))
    ).all()
    present = leads[0] if leads else None
    if present is not None and (present.school_id == school.id or starts is None or present.starts == starts):
        return present, changes.edit(present, school_id=school.id)
    if present is not None and starts is not None:
        if present.starts is not None and present.starts > starts:
            raise ValueError(f"{cluster.name} has a lead school since {present.starts}; a new one must start later")
        changes.edit(present, ends=date.fromordinal(starts.toordinal() - 1))
    lead = LeadSchool(cluster_id=cluster.id, school_id=school.id, starts=starts)
    changes.add(lead)
    return lead, Outcome.ADDED


def set_trust(changes: Changes, directory: Directory, school: School, name: str) -> tuple[TrustMembership, Outcome]:
    """Say which trust or federation a school is in; the trust is made when nobody named it before (3.7)."""
    trust = directory.trusts.get(slug(name))
    if trust is None:
        trust = Trust(slug=slug(name), name=name)
        _add(changes, trust)
        directory.trusts[trust.slug] = trust
    present = directory.in_trust.get(school.id)
    if present is not None:
        return present, changes.edit(present, trust_id=trust.id)
    membership = TrustMembership(trust_id=trust.id, school_id=school.id)
    changes.add(membership)
    directory.in_trust[school.id] = membership
    return membership, Outcome.ADDED


def confirm_alias(
    changes: Writes,
    directory: Directory | None,
    cluster: Cluster,
    school: School | None,
    alias: str,
    confirmed_by: str | None = None,
) -> tuple[SchoolAlias, Outcome]:
    """Store another name of a school, or that it is no member's name, as a person has confirmed it (1.10).

    A name is the same whatever its capitals and points. `directory` takes it in, where one is at hand.
    """
    found = next(iter(find_aliases(changes.session, cluster.id, alias)), None)
    school_id = school.id if school else None
    if found is not None:
        outcome = changes.edit(found, school_id=school_id)
        if found.confirmed_at is None or outcome is Outcome.CHANGED:
            outcome = changes.edit(found, confirmed_at=now_utc(), confirmed_by=confirmed_by)
    else:
        found = SchoolAlias(cluster_id=cluster.id, school_id=school_id, alias=alias)
        found.confirmed_at, found.confirmed_by = now_utc(), confirmed_by
        changes.add(found)
        outcome = Outcome.ADDED
    if directory is not None:
        directory.remember_alias(found)
    return found, outcome


def find_aliases(session: Session, cluster_id: int, alias: str) -> list[SchoolAlias]:
    """What was said of a printed name of a cluster, however it is written there."""
    stored = session.scalars(
        sa.select(SchoolAlias).where(SchoolAlias.cluster_id == cluster_id).order_by(SchoolAlias.id)
    )
    return [row for row in stored if slug(row.alias) == slug(alias)]


def _add(changes: Changes, row: Base) -> None:
    # Flushed at once: the rows that follow need its id.
    changes.add(row)
    changes.session.flush()


def _complete(changes: Changes, row: Base, **said: Any) -> Outcome:
    return changes.edit(row, **{name: value for name, value in said.items() if value is not None})


def _worse(first: Outcome, second: Outcome) -> Outcome:
    return second if first is Outcome.UNCHANGED else first
