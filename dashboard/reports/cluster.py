"""The report of one cluster: the same queries as its page, in the stable form that scripts read."""

from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.directory.queries import ClusterFacts
from dashboard.directory.view import View
from dashboard.engagement import queries as engagement
from dashboard.engagement.flags import Behind, flag_cluster, flag_school, flag_schools, flag_signs_of_schools, rows_of
from dashboard.engagement.signs import load_signs
from dashboard.flags import Flag
from dashboard.funding import queries as funding
from dashboard.funding.flags import flag_pots
from dashboard.money import pounds
from dashboard.plans import queries as plans
from dashboard.plans.flags import flag_prompts, flag_targets
from dashboard.vocabulary import Pot


def report_cluster(session: Session, view: View) -> dict[str, Any]:
    """The contract's `report SLUG --json` for a view of one cluster. Money as decimal strings, shares 0–1 or None."""
    if view.cluster is None:
        raise ValueError("a cluster report needs a view of a cluster")
    return {
        "cluster": view.cluster.slug,
        "name": view.cluster.name,
        "year": str(view.year),
        "as_of": view.as_of.isoformat(),
        "engagement": _engagement(session, view, view.cluster),
        "funding": _funding(session, view, view.cluster.slug),
        "plan": _plan(session, view),
    }


def _engagement(session: Session, view: View, cluster: ClusterFacts) -> dict[str, Any]:
    years = view.cluster_years
    meetings = engagement.load_meetings(session, view.scope, years, view.as_of)
    schools = engagement.load_attendance_by_school(session, view.scope, years, view.as_of)
    frame = engagement.load_marks(session, view.scope, years, view.as_of)
    marks, behind = rows_of(frame), Behind.of(frame, schools)
    signs = load_signs(session, view.scope, years, view.as_of)[cluster.id]
    of_schools = list(flag_signs_of_schools(signs, view.as_of, view.rules))
    of_the_whole = flag_cluster(cluster.slug, cluster.name, view.year, view.as_of, view.rules, signs, behind)
    expected, attended = int(schools["expected"].sum()), int(schools["attended"].sum())
    return {
        "meetings_held": len(meetings),
        "expected": expected,
        "attended": attended,
        "not_recorded": int(schools["not_recorded"].sum()),
        "rate": attended / expected if expected else None,
        "flags": _listed([*flag_schools(schools, view.rules, marks=marks), *of_schools, *of_the_whole]),
        "schools": [
            {
                "school": row.school,
                "name": row.name,
                "expected": row.expected,
                "attended": row.attended,
                "substitute": row.substitute,
                "apologies": row.apologies,
                "absent": row.absent,
                "not_recorded": row.not_recorded,
                "rate": row.rate,
                "last_attended": row.last_attended.isoformat() if row.last_attended else None,
                "flags": _listed(
                    [
                        *flag_school(row, view.rules, marks=marks.get(row.school, ())),
                        *(flag for flag in of_schools if flag.subject == row.school),
                    ]
                ),
            }
            for row in schools.itertuples()
        ],
    }


def _funding(session: Session, view: View, cluster: str) -> dict[str, Any]:
    pots = funding.load_pots(session, view.scope, view.cluster_years, view.rule_sets)
    lines = funding.load_lines_to_check(session, view.scope, view.cluster_years, view.rule_sets, view.as_of, pots)
    held = pots[pots["pot"] == Pot.LEAD_HELD]
    available = int(held["brought_forward"].sum() + held["allocated"].sum())
    return {
        "pots": [
            {"pot": str(row.pot), "part": str(row.part)} | {name: pounds(getattr(row, name)) for name in _MONEY}
            for row in pots.itertuples()
        ],
        **{name: _sum(held, name) for name in ("allocated", "spent", "remaining")},
        "spent_share": int(held["spent"].sum()) / available if available else None,
        "flags": _listed(
            flag_pots(list(pots.itertuples()), cluster, view.year, view.as_of, view.rules, list(lines.itertuples()))
        ),
    }


_MONEY = ("brought_forward", "allocated", "committed", "spent", "remaining")


def _plan(session: Session, view: View) -> dict[str, Any]:
    targets = plans.load_targets(session, view.scope, view.cluster_years, view.as_of)
    met, total = int(targets["met"].sum()), int(targets["criteria"].sum())
    flags = flag_targets(targets, view.as_of)
    for plan in plans.load_plans(session, view.scope, view.cluster_years):
        flags += flag_prompts(plan.ask(view.as_of), plan.cluster, flags)
    return {
        "targets": [
            {
                "code": row.code,
                "title": row.title,
                "status": str(row.status),
                "criteria": {
                    "total": row.criteria,
                    "met": row.met,
                    "not_met": row.not_met,
                    "no_evidence": row.no_evidence,
                },
                "cells_filled": row.cells_filled,
                "cells_total": plans.CELLS_TOTAL,
            }
            for row in targets.itertuples()
        ],
        "criteria_met": met,
        "criteria_total": total,
        "progress": met / total if total else None,
        "flags": _listed(flags),
    }


def _sum(frame: pd.DataFrame, column: str) -> str:
    return pounds(int(frame[column].sum()))


def _listed(flags: list[Flag]) -> list[dict[str, Any]]:
    return [flag.in_full() for flag in flags]
