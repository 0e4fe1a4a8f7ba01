"""All clusters side by side, each in its own latest year unless one is chosen."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope
from dashboard.directory.queries import cluster_years, load_clusters, load_rule_sets
from dashboard.engagement.flags import Signs, flag_cluster, flag_school, flag_signs_of_schools
from dashboard.engagement.queries import load_attendance_by_school
from dashboard.engagement.rates import bin_of
from dashboard.engagement.signs import load_signs
from dashboard.flags import Flag, most_pressing_first
from dashboard.funding.flags import flag_pots
from dashboard.funding.queries import load_lines_to_check, load_pots
from dashboard.money import pounds
from dashboard.plans.flags import flag_target
from dashboard.plans.queries import load_targets
from dashboard.plans.sentences import is_overdue
from dashboard.reports.facts import ChosenBy, load_facts
from dashboard.rules import RuleSet
from dashboard.vocabulary import Pot


@dataclass(frozen=True)
class ClusterRow:
    """One cluster of the overview in one year; money in pence."""

    cluster: str
    name: str
    year: AcademicYear
    schools: int
    expected: int
    attended: int
    brought_forward: int
    allocated: int
    spent: int
    remaining: int
    criteria: int
    met: int
    targets: int
    overdue: int
    """Targets past their due date and not achieved."""
    evidence: int
    """Pieces of evidence, with a date or without."""
    evidence_age: int | None
    """Days since the last evidence that has a date; None where none has."""
    illustrative: bool
    recorded: bool
    """Whether there is a meeting, money or a target to say anything by."""
    flags: tuple[Flag, ...]
    chosen_by: ChosenBy
    programme_id: int | None = None
    programme: str | None = None

    @property
    def cluster_id(self) -> int:
        """The number of the cluster."""
        return self.chosen_by.cluster_id

    @property
    def cohort(self) -> str | None:
        """The clusters of its programme that began with it (3.16)."""
        return self.chosen_by.cohort

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages of its programme in which it is: more than one where they overlap (3.15)."""
        return self.chosen_by.stages

    @property
    def areas(self) -> tuple[str, ...]:
        """The local authorities of its schools in the year."""
        return self.chosen_by.areas

    @property
    def watched(self) -> bool:
        """Whether the account that reads watches it."""
        return self.chosen_by.watched

    @property
    def found(self) -> bool:
        """Whether the search finds it, by its name or that of one of its schools."""
        return self.chosen_by.found

    @property
    def flagged(self) -> Collection[str]:
        """The rules and the severities of its flags, each once."""
        return {word for flag in self.flags for word in (flag.rule, str(flag.severity))}

    @property
    def tenth(self) -> int | None:
        """The ten points in which its attendance lies; None where there are too few marks to compare."""
        return bin_of(self)

    @property
    def rate(self) -> float | None:
        """Attendance, None where nothing was expected."""
        return self.attended / self.expected if self.expected else None

    @property
    def spent_share(self) -> float | None:
        """Spent of brought forward and allocated, of the lead-held pot."""
        available = self.brought_forward + self.allocated
        return self.spent / available if available else None

    @property
    def progress(self) -> float | None:
        """Success criteria met."""
        return self.met / self.criteria if self.criteria else None


def load_overview(
    session: Session,
    scope: Scope,
    *,
    year: AcademicYear | None,
    as_of: date,
    account_id: int | None = None,
    search: str = "",
) -> list[ClusterRow]:
    """Every visible cluster by name, in a fixed number of queries however many there are.

    `account_id` is whose watched clusters are told, `search` what clusters and schools are looked for: a cluster that
    is not found is there, and says so.
    """
    years = cluster_years(scope, as_of, year=year)
    rules = load_rule_sets(session)
    clusters = load_clusters(session, scope)
    rules_of = {row.cluster_id: rules[row.programme_id] for row in clusters.itertuples()}
    signs = load_signs(session, scope, years, as_of)
    attendance = _grouped(load_attendance_by_school(session, scope, years, as_of))
    money = load_pots(session, scope, years, rules)
    lines = _grouped(load_lines_to_check(session, scope, years, rules, as_of, money))
    pots = _grouped(money)
    targets = _grouped(load_targets(session, scope, years, as_of))
    facts = load_facts(session, scope, years, as_of, account_id=account_id, search=search)
    return [
        _row(
            cluster,
            signs[cluster.cluster_id],
            attendance.get(cluster.cluster_id, ()),
            pots.get(cluster.cluster_id, ()),
            lines.get(cluster.cluster_id, ()),
            targets.get(cluster.cluster_id, ()),
            rules_of[cluster.cluster_id],
            as_of,
            facts[cluster.cluster_id],
        )
        for cluster in clusters.itertuples()
        if cluster.cluster_id in signs  # in a year in which the reader's school belonged to it
    ]


def report_overview(rows: Iterable[ClusterRow], *, year: AcademicYear | None, as_of: date) -> dict[str, Any]:
    """The contract's `report --overview --json`."""
    return {
        "year": str(year) if year else None,
        "as_of": as_of.isoformat(),
        "clusters": [
            {
                "cluster": row.cluster,
                "name": row.name,
                "year": str(row.year),
                "schools": row.schools,
                "rate": row.rate,
                "expected": row.expected,
                "spent_share": row.spent_share,
                "allocated": pounds(row.allocated),
                "spent": pounds(row.spent),
                "progress": row.progress,
                "criteria_met": row.met,
                "criteria_total": row.criteria,
                "flags": [flag.as_dict() for flag in row.flags],
            }
            for row in rows
        ],
    }


def _row(
    cluster: Any,
    signs: Signs,
    attendance: Any,
    pots: Any,
    lines: Any,
    targets: Any,
    rules: RuleSet,
    as_of: date,
    facts: ChosenBy,
) -> ClusterRow:
    year = AcademicYear(signs.size.year)
    held = [pot for pot in pots if pot.pot == Pot.LEAD_HELD]
    flags = [
        *(flag for school in attendance for flag in flag_school(school, rules)),
        *flag_signs_of_schools(signs, as_of, rules),
        *flag_cluster(cluster.cluster, cluster.name, year, as_of, rules, signs),
        *flag_pots(pots, cluster.cluster, year, as_of, rules, lines),
        *(flag for target in targets for flag in flag_target(target, as_of)),
    ]
    dated = [target.last_evidence for target in targets if target.last_evidence is not None]
    return ClusterRow(
        cluster=cluster.cluster,
        name=cluster.name,
        year=year,
        schools=signs.size.schools,
        expected=sum(school.expected for school in attendance),
        attended=sum(school.attended for school in attendance),
        brought_forward=sum(pot.brought_forward for pot in held),
        allocated=sum(pot.allocated for pot in held),
        spent=sum(pot.spent for pot in held),
        remaining=sum(pot.remaining for pot in held),
        criteria=sum(target.criteria for target in targets),
        met=sum(target.met for target in targets),
        targets=len(targets),
        overdue=sum(is_overdue(target, as_of) for target in targets),
        evidence=sum(target.evidence for target in targets),
        evidence_age=(as_of - max(dated)).days if dated else None,
        illustrative=any(row.illustrative for rows in (attendance, pots, targets) for row in rows),
        recorded=bool(pots or targets) or any(school.marks or school.not_recorded for school in attendance),
        flags=tuple(most_pressing_first(flags)),
        chosen_by=facts,
        programme_id=cluster.programme_id,
        programme=cluster.programme,
    )


def _grouped(frame: pd.DataFrame) -> Mapping[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for row in frame.itertuples():
        groups.setdefault(row.cluster_id, []).append(row)
    return groups
