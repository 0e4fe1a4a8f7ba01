"""Whole plans with every word in them: for what goes to Word, to a table, and for what a careful reader asks."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, may_see_totals, visible_clusters
from dashboard.frames import alphabetical
from dashboard.models import (
    Aim,
    AimWording,
    Cluster,
    Criterion,
    Evidence,
    EvidenceFile,
    Plan,
    PlanChange,
    Target,
    TargetAim,
)
from dashboard.plans.brackets import CriterionLine, EvidenceLine
from dashboard.plans.likeness import same_words
from dashboard.plans.record import PlanRecord, TargetRecord
from dashboard.vocabulary import PlanCell


def load_plans(session: Session, scope: Scope, years: sa.CTE) -> list[PlanRecord]:
    """The plans of the chosen cluster-years that hold a target which is no draft, by the cluster's name and year.

    The names of files of evidence are left out for who does not see the cluster whole.
    """
    chosen = sa.and_(
        Target.cluster_id == years.c.cluster_id,
        Target.year == years.c.year,
        Target.draft.is_(False),
        may_see_totals(scope, Target.cluster_id, Target.year),
    )
    rows = session.execute(
        sa.select(Target, Cluster.slug, Cluster.name, Plan.dated)
        .select_from(years)
        .join(Target, chosen)
        .join(Plan, Plan.id == Target.plan_id)
        .join(Cluster, Cluster.id == Target.cluster_id)
        .order_by(alphabetical(Cluster.slug), Target.year, Target.position, Target.id)
    ).all()
    if not rows:
        return []

    def of_them(what: Any) -> Any:
        return what.select_from(years).join(Target, chosen)

    criteria = _grouped(
        session,
        of_them(sa.select(Criterion)).join(Criterion, Criterion.target_id == Target.id).order_by(Criterion.position),
        lambda each: each.target_id,
    )
    files = session.execute(
        of_them(sa.select(EvidenceFile.evidence_id, EvidenceFile.file_name))
        .join(Evidence, Evidence.target_id == Target.id)
        .join(EvidenceFile, EvidenceFile.evidence_id == Evidence.id)
        .where(EvidenceFile.cluster_id.in_(visible_clusters(scope)))
    )
    names = {row.evidence_id: row.file_name for row in files}
    evidence = _grouped(
        session,
        of_them(sa.select(Evidence))
        .join(Evidence, Evidence.target_id == Target.id)
        .order_by(Evidence.position, Evidence.id),
        lambda each: each.target_id,
    )
    changed = {
        (row.cluster_id, row.year): row.changed
        for row in session.execute(
            of_them(sa.select(Target.cluster_id, Target.year, sa.func.max(PlanChange.happened_at).label("changed")))
            .join(PlanChange, PlanChange.target_id == Target.id)
            .where(PlanChange.cluster_id.in_(visible_clusters(scope)))
            .group_by(Target.cluster_id, Target.year)
        )
    }
    aims = defaultdict(list)
    for row in session.execute(
        of_them(sa.select(Target.cluster_id, Target.year, Aim.position, Aim.text).distinct())
        .join(TargetAim, TargetAim.target_id == Target.id)
        .join(Aim, Aim.id == TargetAim.aim_id)
        .order_by(Target.cluster_id, Target.year, Aim.position)
    ):
        aims[row.cluster_id, row.year].append(row.text)
    apart: defaultdict[int, set[frozenset[str]]] = defaultdict(set)
    for row in session.execute(
        of_them(sa.select(Target.cluster_id, Aim.text, AimWording.wording).distinct())
        .join(Aim, Aim.cluster_id == Target.cluster_id)
        .join(AimWording, sa.and_(AimWording.aim_id == Aim.id, AimWording.declined_by.is_not(None)))
    ):
        apart[row.cluster_id].add(frozenset((same_words(row.text), same_words(row.wording))))
    found: dict[tuple[int, int], list[Any]] = {}
    for each in rows:
        found.setdefault((each.Target.cluster_id, each.Target.year), []).append(each)
    return [
        PlanRecord(
            own[0].slug,
            own[0].name,
            AcademicYear(year),
            [_record(row.Target, criteria[row.Target.id], evidence[row.Target.id], names) for row in own],
            own[0].dated,
            changed[cluster_id, year].date() if (cluster_id, year) in changed else None,
            aims[cluster_id, year],
            apart[cluster_id],
        )
        for (cluster_id, year), own in found.items()
    ]


def _grouped(session: Session, statement: sa.Select[Any], by: Callable[[Any], int]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.scalars(statement):
        found[by(row)].append(row)
    return found


def _record(
    target: Target, criteria: Sequence[Criterion], evidence: Sequence[Evidence], files: dict[int, str]
) -> TargetRecord:
    numbers = {each.id: number for number, each in enumerate(criteria, start=1)}
    return TargetRecord(
        target_id=target.id,
        code=target.code,
        title=target.title,
        version=target.version,
        cells={cell: getattr(target, f"cell_{cell}") or () for cell in PlanCell},
        criteria=[
            CriterionLine(each.text, each.state, each.number_wanted, each.number_reached, each.per_school)
            for each in criteria
        ],
        evidence=[
            EvidenceLine(
                each.text, each.dated, numbers.get(each.criterion_id or 0), each.link, each.value, each.unit,
                files.get(each.id),
            )
            for each in evidence
        ],
        by_hand=frozenset(each.text for each in evidence if each.batch_id is None),
        due=target.due,
        review_on=target.review_on,
        owner=target.owner,
        own_status=target.own_status,
        own_status_reason=target.own_status_reason,
        activity=target.activity,
        horizon=target.horizon,
        focus_area=target.focus_area,
        illustrative=target.illustrative,
    )  # fmt: skip
