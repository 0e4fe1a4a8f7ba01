"""What the pages of workgroups show, made of the frames of the queries. Pure: no store, no page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import pandas as pd

from dashboard.academic_year import AcademicYear
from dashboard.roles import ROLE_WORDS
from dashboard.rules import RuleSet
from dashboard.vocabulary import PersonRole, Role
from dashboard.wording import all_of, counted, day, sentence
from dashboard.workgroups.composition import Check, Named, WorkgroupSchool, check_composition, missing
from dashboard.workgroups.deadline import is_late, lateness, returns_in, standing, told
from dashboard.workgroups.versions import ReturnLine, SchoolChange, compare
from dashboard.workgroups.words import ROLES, in_order, role_words, year_words

_SENDERS: Final = (Role.DIRECTOR, Role.ADVISOR, Role.COORDINATOR)
"""Who may send a return; of other roles of the same account nothing is told."""


@dataclass(frozen=True)
class State:
    """A word with its shape and colour."""

    words: str
    look: str


@dataclass(frozen=True)
class ClusterReturn:
    """One row of the director's list."""

    cluster_id: int
    cluster: str
    name: str
    programme: str | None
    state: State
    received: str
    version: int | None
    pressing: int
    """0 outstanding and overdue, 1 outstanding, 2 late, 3 in."""


def composition_day(year: AcademicYear, today: date) -> date:
    """The day for which a composition is looked at: today within the year, else the end of the year that is nearer."""
    return min(max(today, year.starts), year.ends)


def rules_of(row: Any, names: Iterable[str]) -> RuleSet:
    """The rules that a row of `load_returns` holds."""
    found = {name: getattr(row, name) for name in names}
    return RuleSet({name: value for name, value in found.items() if value is not None})


def state_of(row: Any, now: datetime) -> State:
    """How the return of a cluster stands: a row of `load_returns`."""
    if row.version is None:
        if row.due_at is None:
            return State("○ No return", "info")
        words = standing(row.due_at, now)
        return State(f"■ Outstanding, {words}", "act") if now > row.due_at else State(f"○ {words.capitalize()}", "info")
    if row.due_at is None:
        return State("● In", "ok")
    late = is_late(row.first_received_at, row.due_at)
    words = lateness(row.first_received_at, row.due_at)
    return State(f"▲ In, {words}" if late else f"● In, {words}", "look" if late else "ok")


def received_words(row: Any) -> str:
    """When a return came and which version stands: a row of `load_returns`."""
    if row.version is None:
        return "Nothing yet"
    if row.version == 1:
        return f"At {told(row.received_at)}, version 1"
    return f"At {told(row.first_received_at)}; version {row.version} at {told(row.received_at)}"


def in_order_of_need(returns: pd.DataFrame, year: AcademicYear, now: datetime) -> list[ClusterReturn]:
    """The clusters that were asked or have answered, outstanding ones first, then late ones, then by name."""
    rows = [
        ClusterReturn(
            row.cluster_id, row.cluster, row.name, row.programme, state_of(row, now), received_words(row),
            row.version, _pressing(row, now),
        )
        for row in returns.itertuples()
        if row.version is not None or (row.due_at is not None and _runs_in(row, year))
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row.pressing)  # within each, by name as they came


def _runs_in(row: Any, year: AcademicYear) -> bool:
    return (row.starts is None or row.starts <= year.ends) and (row.ends is None or row.ends >= year.starts)


def _pressing(row: Any, now: datetime) -> int:
    if row.version is None:
        return 0 if now > row.due_at else 1
    return 2 if row.due_at is not None and is_late(row.first_received_at, row.due_at) else 3


def headline(rows: Sequence[ClusterReturn], year: AcademicYear) -> str:
    """What the list says, in a sentence."""
    if not rows:
        return f"No return has been asked for or received in {year}."
    late = sum(row.pressing == 2 for row in rows)
    more = f", {counted(late, 'of them', 'of them')} late" if late else ""
    return f"{returns_in(sum(row.version is not None for row in rows), len(rows))} for {year}{more}."


def schools_by_cluster(workgroups: pd.DataFrame) -> dict[int, list[WorkgroupSchool]]:
    """The rows of `load_workgroups` as composition wants them."""
    found: dict[int, dict[int, WorkgroupSchool]] = {}
    for row in workgroups.itertuples():
        schools = found.setdefault(row.cluster_id, {})
        before = schools.get(row.school_id) or WorkgroupSchool(row.name, row.phase, (), bool(row.leads))
        if row.person_id is not None:
            person = Named(row.person, frozenset(row.roles), frozenset(row.year_groups), row.ends)
            before = WorkgroupSchool(before.name, before.phase, (*before.people, person), before.leads)
        schools[row.school_id] = before
    return {cluster_id: list(schools.values()) for cluster_id, schools in found.items()}


def checks_by_cluster(
    returns: pd.DataFrame, workgroups: pd.DataFrame, names: Sequence[str], on: date
) -> dict[int, list[Check]]:
    """The checks of each cluster that has a return."""
    schools = schools_by_cluster(workgroups)
    return {
        row.cluster_id: check_composition(
            rules_of(row, names), schools.get(row.cluster_id, []), focus=row.focus, on=on
        )
        for row in returns.itertuples()
        if row.version is not None
    }  # fmt: skip


def composition_words(checks: Sequence[Check] | None) -> State:
    """The checks of a cluster in two words."""
    if checks is None:
        return State("○ Not known yet", "info")
    asked = [check for check in checks if check.passed is not None]
    if not asked:
        return State("○ Nothing is asked", "info")
    lacking = len(missing(checks))
    return (
        State(f"▲ {sentence(counted(lacking, 'thing is', 'things are'))} missing", "look")
        if lacking
        else State("● Complete", "ok")
    )


# -------------------------------------------------------------------------------------------------- one cluster's page
@dataclass(frozen=True)
class PersonShown:
    """One person of a school as the page shows them."""

    name: str
    work_email: str | None
    roles: str
    years: str
    time: str
    handover: str
    """ "Hands over to B" or "takes over from A"; no penalty, a mark (0.12). """


@dataclass(frozen=True)
class SchoolShown:
    """One school with its people and its agreement."""

    school_id: int
    slug: str
    name: str
    phase: str | None
    leads: bool
    agreed: str
    """The agreement in words; empty where none was signed (0.11)."""
    people: tuple[PersonShown, ...]


@dataclass(frozen=True)
class Version:
    """One version of the return, and what it said otherwise than the one before."""

    number: int
    received: str
    sender: str
    people: int
    changes: tuple[SchoolChange, ...]
    illustrative: bool


@dataclass(frozen=True)
class Contacts:
    """The people of one role, to write to."""

    role: str
    people: tuple[ReturnLine, ...]

    @property
    def addresses(self) -> str:
        """As a mail program takes them."""
        return "; ".join(f"{line.name} <{line.work_email}>" for line in self.people if line.work_email)


def lines_by_version(lines: pd.DataFrame) -> dict[int, list[ReturnLine]]:
    """The rows of `load_lines` of one cluster, by version."""
    found: dict[int, list[ReturnLine]] = {}
    for row in lines.itertuples():
        found.setdefault(row.version, []).append(
            ReturnLine(
                row.school_id, row.slug, row.school, row.person_id, row.name, row.work_email,
                tuple(map(str, in_order(row.roles))), tuple(row.year_groups), row.starts, row.ends, row.replaces,
                bool(row.illustrative),
            )
        )  # fmt: skip
    return found


def versions_shown(versions: pd.DataFrame, lines: Mapping[int, Sequence[ReturnLine]]) -> list[Version]:
    """The rows of `load_versions`, newest first, each with what it changed."""
    roles: dict[int, set[str]] = {}
    for row in versions.itertuples():
        roles.setdefault(row.version, set()).add(row.role)
    once = versions.drop_duplicates("version")
    return [
        Version(
            row.version, told(row.received_at), _sender(row, roles[row.version]), len(lines.get(row.version, ())),
            tuple(compare(lines.get(row.version - 1, ()), lines.get(row.version, ()))) if row.version > 1 else (),
            bool(row.illustrative),
        )
        for row in once.itertuples()
    ]  # fmt: skip


def _sender(row: Any, roles: set[str]) -> str:
    if row.account_id is None:
        return "from a file" if row.batch_id is not None else "by somebody whose account is gone"
    known = [str(role) for role in _SENDERS if role in roles]
    way = ", from a file" if row.batch_id is not None else ""
    return f"by the {all_of(known)}{way}" if known else f"by somebody who has no role here any more{way}"


def schools_shown(workgroups: pd.DataFrame, lines: Sequence[ReturnLine]) -> list[SchoolShown]:
    """The rows of `load_workgroups` of one cluster, each school once, with the lines of the newest version."""
    successors = {(line.school_id, line.replaces): line.name for line in lines if line.replaces}
    return [
        SchoolShown(
            row.school_id, row.school, row.name, row.phase, bool(row.leads), _agreed(row),
            tuple(_person(line, successors) for line in lines if line.school_id == row.school_id),
        )
        for row in workgroups.drop_duplicates("school_id").itertuples()
    ]  # fmt: skip


def _agreed(row: Any) -> str:
    if row.agreed_on is None:
        return ""
    return f"signed on {day(row.agreed_on)} by the {ROLE_WORDS[PersonRole(row.agreed_by)]}"


def _person(line: ReturnLine, successors: Mapping[tuple[int, str], str]) -> PersonShown:
    handover = [f"takes over from {line.replaces}"] if line.replaces else []
    successor = successors.get((line.school_id, line.name))
    if successor:
        handover.append(f"hands over to {successor}")
    return PersonShown(
        line.name, line.work_email, role_words(line.roles), year_words(line.year_groups), line.time, "; ".join(handover)
    )  # fmt: skip


def contacts_of(lines: Sequence[ReturnLine], on: date) -> list[Contacts]:
    """Who is in the workgroup on a day or later, by role (0.17)."""
    there = [line for line in lines if line.ends is None or line.ends >= on]
    groups = [Contacts(label, tuple(line for line in there if role in line.roles)) for role, label in ROLES.items()]
    return [group for group in groups if group.people]


def everybody(lines: Sequence[ReturnLine], on: date) -> str:
    """The addresses of all of them, each once."""
    return "; ".join(
        dict.fromkeys(
            f"{line.name} <{line.work_email}>"
            for line in lines
            if line.work_email and (line.ends is None or line.ends >= on)
        )
    )


def page_headline(checks: Sequence[Check] | None, year: AcademicYear, *, has_return: bool) -> str:
    """What the page of a cluster says, in a sentence."""
    if not has_return:
        return f"No return for {year} yet."
    lacking = len(missing(checks or ()))
    if lacking:
        return f"{sentence(counted(lacking, 'thing is', 'things are'))} missing in the workgroup of {year}."
    return f"The workgroup of {year} is complete." if checks else f"The return for {year} is in."
